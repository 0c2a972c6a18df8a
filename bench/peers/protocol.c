/* SPDX-License-Identifier: MIT */
/* protocol.c: the protocol's lines, written and read. */
#include "peers/protocol.h"

#include <inttypes.h>
#include <stdio.h>

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
  int length = snprintf(line, size, "time %a %" PRId64 " %a\n", answer->ns, answer->repetitions, answer->check);
  return length > 0 && (size_t)length < size;
}

bool bench_answer_parse(const char *line, bench_answer *out) {
  return sscanf(line, "time %la %" SCNd64 " %la", &out->ns, &out->repetitions, &out->check) == 3;
}
