/* SPDX-License-Identifier: MIT */
/* 07_grain_solution.c: the same loops, called in a row, and after pauses in which the threads fall asleep. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <ppar/ppar.h>

enum { N = 64, ROUNDS = 15, SIZES = 5 };

struct job {
  int steps;
  uint64_t *x;
};

__attribute__((noinline)) static uint64_t work(uint64_t x, int steps) {
  for (int k = 0; k < steps; k++) x = x * 6364136223846793005u + 1442695040888963407u;
  return x;
}

PPAR_BODY(iteration, i, struct job, job) { job->x[i] = work(job->x[i], job->steps); }

static void serial(struct job *job) {
  for (int64_t i = 0; i < N; i++) job->x[i] = work(job->x[i], job->steps);
}

static void shared(struct job *job) {
  ppar_parallel_for(0, N, iteration, job, PPAR_OPTIONS(.schedule = ppar_static(0)));
}

static double time_of(void (*way)(struct job *job), struct job *job) {
  double begin = ppar_wtime();
  way(job);
  return ppar_wtime() - begin;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double middle(double times[ROUNDS]) {
  qsort(times, ROUNDS, sizeof(double), compare);
  return 1e6 * times[ROUNDS / 2];
}

int main(void) {
  static uint64_t x[N];
  printf("    serial   in a row   after a pause\n");
  for (int size = 0, steps = 20; size < SIZES; size++, steps *= 6) {
    struct job job = {steps, x};
    double alone[ROUNDS], in_a_row[ROUNDS], paused[ROUNDS];
    /* [rounds] */
    for (int round = 0; round < ROUNDS; round++) {
      nanosleep(&(struct timespec){0, 5000000}, NULL);
      paused[round] = time_of(shared, &job);
      for (double end = ppar_wtime() + 0.003; ppar_wtime() < end;) in_a_row[round] = time_of(shared, &job);
      alone[round] = time_of(serial, &job);
    }
    /* [/rounds] */
    printf("%7.1f us %7.1f us      %7.1f us\n", middle(alone), middle(in_a_row), middle(paused));
  }
  return 0;
}
