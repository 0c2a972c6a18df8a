/* SPDX-License-Identifier: MIT */
/* idle.c: sleeps between loops, and watches the process's clock meanwhile. */
#include "peers/idle.h"

#include <math.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { GAPS_MAX = 10000 };

static double clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Of all threads but the calling one. */
static double others_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID) - clock_ns(CLOCK_THREAD_CPUTIME_ID); }

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The value below which a given part of the sorted ones lies, interpolated. */
static double quantile(const double *values, int64_t count, double part) {
  double position = part * (double)(count - 1), rest;
  int64_t below = (int64_t)position;
  rest = position - (double)below;
  return below + 1 < count ? values[below] * (1 - rest) + values[below + 1] * rest : values[below];
}

void bench_idle_run(bench_job *job, bench_run *loop) {
  static double times[GAPS_MAX];
  int64_t gaps = job->n < 1 ? 1 : job->n < GAPS_MAX ? job->n : GAPS_MAX;
  struct timespec gap = {job->outer / 1000000, job->outer % 1000000 * 1000L};
  double slept = 0, burnt = 0;
  int slack = prctl(PR_GET_TIMERSLACK);
  loop(job);
  for (int64_t g = 0; g < gaps; g++) {
    double start = clock_ns(CLOCK_MONOTONIC), before = others_ns(), end;
    prctl(PR_SET_TIMERSLACK, 1); /* the default lengthens a gap of 100 us by half; a loop's own waits keep it */
    nanosleep(&gap, NULL);
    prctl(PR_SET_TIMERSLACK, slack);
    burnt += others_ns() - before;
    end = clock_ns(CLOCK_MONOTONIC);
    slept += end - start;
    loop(job);
    times[g] = clock_ns(CLOCK_MONOTONIC) - end;
  }
  qsort(times, (size_t)gaps, sizeof *times, by_value);
  job->ns = quantile(times, gaps, 0.5);
  job->figures[0] = quantile(times, gaps, 0.99);
  job->figures[1] = 100 * fmax(0, burnt) / slept; /* of two clocks that are read one after the other */
  job->figure_count = 2;
}
