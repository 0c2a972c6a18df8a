/* SPDX-License-Identifier: MIT */
/* ends.c: notes when each thread's iterations of a loop began and ended. */
#include "peers/ends.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "peers/times.h"

enum { ENDS_THREADS = 4096, ENDS_LOOPS = 1000 };

/* One thread's, in the latest loop that it had a part in. */
typedef struct part {
  _Alignas(128) int64_t loop;
  double began, ended;
} part;

static part parts[ENDS_THREADS];
static atomic_int part_count;
static _Thread_local part *own;
static int64_t present; /* loop */

static part *own_part(void) {
  if (own == NULL) {
    int number = atomic_fetch_add(&part_count, 1);
    if (number >= ENDS_THREADS) abort();
    own = &parts[number];
  }
  return own;
}

double bench_ends_iteration(void) {
  part *mine = own_part();
  if (mine->loop != present) {
    mine->began = bench_now_ns();
    mine->loop = present;
  }
  bench_keep(bench_work(BENCH_MICROSECOND));
  mine->ended = bench_now_ns();
  return 1;
}

static double last_end(void) {
  double last = 0;
  for (int k = 0; k < atomic_load(&part_count); k++) {
    if (parts[k].loop == present) last = fmax(last, parts[k].ended);
  }
  return last;
}

static double median(double *values, size_t count) {
  if (count == 0) return NAN;
  bench_sort(values, count);
  return bench_quantile(values, count, 0.5);
}

void bench_ends_run(bench_job *job, bench_run *loop) {
  static double before[ENDS_LOOPS], after[ENDS_LOOPS];
  int64_t loops = job->n < 1 ? 1 : job->n < ENDS_LOOPS ? job->n : ENDS_LOOPS;
  size_t begun = 0;
  const part *mine = own_part();
  for (int64_t k = 0; k < loops; k++) {
    double called = bench_now_ns(), returned;
    present++;
    loop(job);
    returned = bench_now_ns();
    if (mine->loop == present) before[begun++] = mine->began - called; /* the others may have had it all */
    after[k] = returned - last_end();
  }
  job->ns = median(before, begun);
  job->figures[0] = median(after, (size_t)loops);
  job->figure_count = 1;
}
