/* SPDX-License-Identifier: MIT */
/* choice.h: the suite choice, in which ppar has the same loops under several schedules. */
#ifndef BENCH_CHOICE_H
#define BENCH_CHOICE_H

#include "driver/report.h"

#define BENCH_CHOICE_SUITE "choice"

/* A kind of loop: its row under auto, and of its rows under other schedules the fastest and the slowest by medians. */
typedef struct bench_choice {
  const char *name; /* the kind's */
  const bench_row *chosen, *best, *worst;
  bench_ratio to_best;  /* of auto's time to the best one's */
  bench_ratio to_worst; /* of the worst one's time to auto's */
} bench_choice;

enum { BENCH_CHOICES_MAX = 16 };

/* The kinds of loops with auto and another schedule measured; returns how many. */
size_t bench_choices_of(const bench_report *report, bench_choice *out);

/* By how much another schedule has to be faster to be worth writing down. */
#define BENCH_WORTH_WHILE 1.05

/* Fewer rounds have no interval of 95 %. */
enum { BENCH_ROUNDS_SURE = 6 };

/* True when the other schedule is faster than auto by that, with the whole interval. */
bool bench_choice_is_other(const bench_choice *choice);

/* A line for each kind, under the table. */
void bench_choices_print(const bench_report *report);

#endif
