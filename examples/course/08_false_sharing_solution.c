/* SPDX-License-Identifier: MIT */
/* 08_false_sharing_solution.c: how far apart two threads' counters must be: two threads count, each in a counter of its
 * own, at growing distances.
 *
 * Prints a line for each distance: bytes, and ns for each step of counting (the median of five rounds). */
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { STEPS = 5000000, ROUNDS = 5, DISTANCES = 8, MOST = 512 /* bytes */ };

/* Room for two counters. volatile: each step is to go to memory, where the compiler would add all of them at once. */
static _Alignas(MOST) volatile char room[2 * MOST];

/* [count] */
struct run {
  int64_t distance;
  double time; /* ns a step, of both threads together */
};

/* A region, so that two threads really run: a loop's caller runs the second part, too, where no worker has come yet. */
static void count(ppar_team *team, void *arg) {
  struct run *run = arg;
  volatile int32_t *mine = (volatile int32_t *)(volatile void *)(room + ppar_team_thread(team) * run->distance);
  ppar_barrier(team);
  double begin = ppar_wtime();
  for (int k = 0; k < STEPS; k++) (*mine)++;
  ppar_barrier(team);
  if (ppar_master(team)) run->time = (ppar_wtime() - begin) * 1e9 / STEPS;
}
/* [/count] */

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  double times[DISTANCES][ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    for (int d = 0; d < DISTANCES; d++) {
      struct run run = {4 << d, 0};
      ppar_parallel(count, &run, PPAR_OPTIONS(.threads = 2, .name = "two counters"));
      times[d][round] = run.time;
    }
  }
  for (int d = 0; d < DISTANCES; d++) {
    qsort(times[d], ROUNDS, sizeof times[d][0], by_value);
    printf("%4d bytes apart: %6.2f ns a step\n", 4 << d, times[d][ROUNDS / 2]);
  }
  return 0;
}
