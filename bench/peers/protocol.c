/* SPDX-License-Identifier: MIT */
/* protocol.c: the protocol's lines, written and read. */
#include "peers/protocol.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool bench_request_format(const bench_request *request, char *line, size_t size) {
  int length = snprintf(line, size, "run %s %s %" PRId64 " %d %d %" PRId64 "\n", request->kernel, request->schedule,
                        request->n, request->outer, request->threads, request->sample_ns);
  return length > 0 && (size_t)length < size;
}

bool bench_request_parse(const char *line, bench_request *out) {
  return sscanf(line, "run %31s %31s %" SCNd64 " %d %d %" SCNd64, out->kernel, out->schedule, &out->n, &out->outer,
                &out->threads, &out->sample_ns) == 6;
}

/* Hexadecimal floating point loses no bit. */
bool bench_answer_format(const bench_answer *answer, char *line, size_t size) {
  int length = snprintf(line, size, "time %a %" PRId64 " %a %s", answer->ns, answer->repetitions, answer->check,
                        answer->note[0] != '\0' ? answer->note : "-");
  for (int f = 0; f < answer->figure_count && length > 0 && (size_t)length < size; f++)
    length += snprintf(line + length, size - (size_t)length, " %a", answer->figures[f]);
  if (length > 0 && (size_t)length < size) length += snprintf(line + length, size - (size_t)length, "\n");
  return length > 0 && (size_t)length < size;
}

bool bench_answer_parse(const char *line, bench_answer *out) {
  int length = 0, more = 0;
  if (sscanf(line, "time %la %" SCNd64 " %la%n", &out->ns, &out->repetitions, &out->check, &length) != 3) return false;
  if (sscanf(line + length, " %31s%n", out->note, &more) == 1) length += more;
  if (more == 0 || strcmp(out->note, "-") == 0) out->note[0] = '\0';
  for (out->figure_count = 0; out->figure_count < BENCH_FIGURES_MAX; out->figure_count++, length += more)
    if (sscanf(line + length, " %la%n", &out->figures[out->figure_count], &more) != 1) break;
  return true;
}

bool bench_absence_parse(const char *line, bench_answer *out) {
  static const char word[] = "absent";
  const char *rest = line + sizeof word - 1;
  if (strncmp(line, word, sizeof word - 1) != 0 || (*rest != '\0' && *rest != ' ')) return false;
  snprintf(out->why, sizeof out->why, "%s", *rest == ' ' ? rest + 1 : "");
  return true;
}
