/* SPDX-License-Identifier: MIT */
/* answers.c: the lines in their order, and how they are printed. */
#include "driver/answers.h"

#include <stdio.h>
#include <string.h>

#include "driver/answers_parts.h"
#include "driver/choice.h"
#include "driver/terminal.h"

enum { LABEL_WIDTH = 15 };

static bool lists(const bench_answer_rows *rows, const char *suite, const char *name) {
  if (strcmp(rows->suite, suite) != 0) return false;
  for (size_t k = 0; rows->names[k] != NULL; k++)
    if (strcmp(rows->names[k], name) == 0) return true;
  return false;
}

bool bench_answers_need(const char *suite, const char *row) {
  return strcmp(suite, BENCH_CHOICE_SUITE) == 0 || lists(&bench_answer_balanced, suite, row) ||
         lists(&bench_answer_uneven, suite, row) || lists(&bench_answer_loop, suite, row) ||
         lists(&bench_answer_region, suite, row) || lists(&bench_answer_company, suite, row);
}

static bool answer_of_trust(const bench_report *report, bench_answer_line *line) {
  bench_trust_line(&report->trust, report->machine, line->text, sizeof line->text);
  return true;
}

/* A line's name is printed before it; the first line speaks for itself. */
static const struct {
  const char *name;
  bool (*answer)(const bench_report *report, bench_answer_line *line);
} answers[BENCH_ANSWERS_MAX] = {
    {"to be believed", answer_of_trust},       {"balanced loops", bench_answer_of_balanced},
    {"uneven loops", bench_answer_of_uneven},  {"start cost", bench_answer_of_start},
    {"with company", bench_answer_of_company}, {"what to pick", bench_answer_of_pick},
};

size_t bench_answers_of(const bench_report *report, bench_answer_line *out) {
  size_t count = 0;
  for (size_t k = 0; k < BENCH_ANSWERS_MAX; k++) {
    out[count] = (bench_answer_line){.name = answers[k].name};
    count += answers[k].answer(report, &out[count]);
  }
  return count;
}

/* Who would be compared with, and is not there. */
static void print_absent(const bench_report *report) {
  static const char *const usual[] = {"libgomp", "libomp", "tbb"};
  char text[256] = "";
  for (size_t p = 0; p < report->results->peer_count; p++) {
    const bench_peer *peer = &report->peers[p];
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++) {
      size_t length = strlen(text);
      if (strcmp(peer->kind->name, usual[k]) != 0 || (peer->wanted && peer->found && peer->version[0] != '\0'))
        continue;
      snprintf(text + length, sizeof text - length, "%s%s (%s)", length > 0 ? ", " : "", peer->kind->title,
               !peer->wanted  ? "not asked for"
               : !peer->found ? "absent: not built here"
                              : "does not start");
    }
  }
  if (text[0] == '\0') return;
  bench_print_wrapped("not compared", LABEL_WIDTH, text);
}

void bench_answers_print(const bench_report *report) {
  static bench_answer_line lines[BENCH_ANSWERS_MAX];
  size_t count = bench_answers_of(report, lines);
  for (size_t k = 0; k < count; k++)
    bench_print_wrapped(k > 0 ? lines[k].name : NULL, k > 0 ? LABEL_WIDTH : 0, lines[k].text);
  if (count < 2) return;
  print_absent(report);
  bench_print_wrapped(
      NULL, 0, "Below 1 ppar takes less time. [ ] holds the truth with 95 %; same: it holds 1. More: docs/bench.md.");
}
