/* SPDX-License-Identifier: MIT */
/* answers_parts.h: what the files of answers share: rows by name, ratios over several rows, words. */
#ifndef BENCH_ANSWERS_PARTS_H
#define BENCH_ANSWERS_PARTS_H

#include "driver/answers.h"

enum { BENCH_ANSWER_ROWS_MAX = 8, BENCH_ANSWER_RIVALS_MAX = 3 };

/* The rows of a suite that a line is drawn from; the list ends with the first NULL. */
typedef struct bench_answer_rows {
  const char *suite;
  const char *names[BENCH_ANSWER_ROWS_MAX + 1];
} bench_answer_rows;

extern const bench_answer_rows bench_answer_balanced, bench_answer_uneven, bench_answer_loop, bench_answer_region,
    bench_answer_company;

/* Of the rows those that were asked for; returns how many. The noisy ones are left out as long as others remain:
 * *noisy, unless it is NULL, says how many. */
size_t bench_answer_find(const bench_report *report, const bench_answer_rows *rows, const bench_row **out,
                         size_t *noisy);

/* The peers, ppar and one thread apart, that have all the rows measured, in the order of the tables' columns. */
size_t bench_answer_rivals(const bench_report *report, const bench_row *const *rows, size_t count, size_t *out);

/* The ratios of so many pairs of cells as one: of each round their geometric mean. A round that one of them lacks has
 * none. */
bench_ratio bench_answer_combine(const bench_report *report, const bench_cell *const *above,
                                 const bench_cell *const *below, const double *scales, size_t count);

/* ppar's cells of the rows over those of peer p. */
bench_ratio bench_answer_to_peer(const bench_report *report, const bench_row *const *rows, size_t count, size_t p);

/* The index of ppar; results->peer_count: it was not measured in the row. */
size_t bench_answer_ppar(const bench_report *report, const bench_row *row);

void bench_answer_say(bench_answer_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "0.930 [0.902-0.951]", and keeps the ratio as a part of the line. */
void bench_answer_say_ratio(bench_answer_line *line, const char *what, const bench_ratio *ratio, const char *verdict);

/* The verdict as a sentence has it: slower is a miss, and said to be one. */
const char *bench_answer_word(const char *verdict);

/* "0.930 [0.902-0.951] of libgomp's: faster; ..."; with times, "of libgomp's 635 ns: faster", of the first row. */
void bench_answer_say_rivals(const bench_report *report, bench_answer_line *line, const bench_row *const *rows,
                             size_t count, const char *what, bool times);

/* The lines themselves; false when no row of theirs was asked for. */
bool bench_answer_of_balanced(const bench_report *report, bench_answer_line *line);
bool bench_answer_of_uneven(const bench_report *report, bench_answer_line *line);
bool bench_answer_of_start(const bench_report *report, bench_answer_line *line);
bool bench_answer_of_company(const bench_report *report, bench_answer_line *line);
bool bench_answer_of_pick(const bench_report *report, bench_answer_line *line);

#endif
