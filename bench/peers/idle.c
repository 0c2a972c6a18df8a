/* SPDX-License-Identifier: MIT */
/* idle.c: sleeps between loops, and watches the process's clock meanwhile. */
#include "peers/idle.h"

#include <math.h>
#include <sys/prctl.h>

#include "peers/times.h"

enum { GAPS_MAX = 10000 };

/* Of all threads but the calling one. */
static double others_ns(void) {
  return bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - bench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void bench_idle_run(bench_job *job, bench_run *loop) {
  static double times[GAPS_MAX];
  int64_t gaps = job->n < 1 ? 1 : job->n < GAPS_MAX ? job->n : GAPS_MAX;
  struct timespec gap = {job->outer / 1000000, job->outer % 1000000 * 1000L};
  double slept = 0, burnt = 0;
  int slack = prctl(PR_GET_TIMERSLACK);
  loop(job);
  for (int64_t g = 0; g < gaps; g++) {
    double start = bench_now_ns(), before = others_ns(), end;
    prctl(PR_SET_TIMERSLACK, 1); /* the default lengthens a gap of 100 us by half; a loop's own waits keep it */
    nanosleep(&gap, NULL);
    prctl(PR_SET_TIMERSLACK, slack);
    burnt += others_ns() - before;
    end = bench_now_ns();
    slept += end - start;
    loop(job);
    times[g] = bench_now_ns() - end;
  }
  bench_sort(times, (size_t)gaps);
  job->ns = bench_quantile(times, (size_t)gaps, 0.5);
  job->figures[0] = bench_quantile(times, (size_t)gaps, 0.99);
  job->figures[1] = 100 * fmax(0, burnt) / slept; /* of two clocks that are read one after the other */
  job->figure_count = 2;
}
