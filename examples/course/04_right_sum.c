/* SPDX-License-Identifier: MIT */
/* 04_right_sum.c: a sum in parallel, four times, each of them right; and what each way costs. */
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { ROUNDS = 5 };

static int64_t n = 500000;

/* [serial] */
static int64_t value(int64_t i) { return i * i % 1000; }

static int64_t serial(void) {
  int64_t sum = 0;
  for (int64_t i = 0; i < n; i++) sum += value(i);
  return sum;
}
/* [/serial] */

/* [critical] */
static void add_in_critical(ppar_team *team, void *arg) {
  int64_t *sum = arg;
  ppar_prange(team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "critical")) {
    ppar_critical_begin(team, "sum"); /* one thread at a time goes on here */
    *sum += value(i);
    ppar_critical_end(team, "sum");
  }
}

static int64_t critical(void) {
  int64_t sum = 0;
  ppar_parallel(add_in_critical, &sum, NULL);
  return sum;
}
/* [/critical] */

/* [atomic] */
struct shared {
  int64_t *sum;
};

PPAR_BODY(add_atomically, i, struct shared, s) { ppar_atomic_add_i64(s->sum, value(i)); }

static int64_t atomic(void) {
  int64_t sum = 0;
  ppar_parallel_for(0, n, add_atomically, &(struct shared){&sum},
                    PPAR_OPTIONS(.schedule = ppar_static(0), .name = "atomic"));
  return sum;
}
/* [/atomic] */

/* [partials] */
static void add_to_mine(ppar_team *team, void *arg) {
  int64_t *sum = arg;
  int64_t mine = 0; /* a local variable, so each thread has one */
  ppar_prange(team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "partials")) {
    mine += value(i);
  }
  ppar_critical_begin(team, "sum"); /* once for each thread, and not for each number */
  *sum += mine;
  ppar_critical_end(team, "sum");
}

static int64_t partials(void) {
  int64_t sum = 0;
  ppar_parallel(add_to_mine, &sum, NULL);
  return sum;
}
/* [/partials] */

/* [reduction] */
PPAR_FOLD_GLOBAL(add, int64_t, sum, i) { *sum += value(i); }

static int64_t reduction(void) {
  int64_t sum = 0;
  ppar_parallel_reduce(0, n, add, NULL, &ppar_sum_i64, &sum,
                       PPAR_OPTIONS(.schedule = ppar_static(0), .name = "reduction"));
  return sum;
}
/* [/reduction] */

/* [times] */
static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc > 1) n = atoll(argv[1]);
  static const struct {
    const char *name;
    int64_t (*sum)(void);
  } ways[] = {
      {"serial", serial}, {"critical", critical}, {"atomic", atomic}, {"partials", partials}, {"reduction", reduction}};
  enum { WAYS = sizeof ways / sizeof *ways };
  double times[WAYS][ROUNDS];
  int64_t sums[WAYS];
  /* All ways in turn, a few times: so that what disturbs the machine for a moment does not hit one of them alone. */
  for (int round = 0; round < ROUNDS; round++) {
    for (int way = 0; way < WAYS; way++) {
      double begin = ppar_wtime();
      sums[way] = ways[way].sum();
      times[way][round] = ppar_wtime() - begin;
    }
  }
  for (int way = 0; way < WAYS; way++) {
    qsort(times[way], ROUNDS, sizeof(double), compare);
    printf("%-10s%lld  %8.2f ns for each number\n", ways[way].name, (long long)sums[way],
           1e9 * times[way][ROUNDS / 2] / (double)n);
  }
  return 0;
}
/* [/times] */
