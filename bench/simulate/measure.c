/* SPDX-License-Identifier: MIT */
/* measure.c: operations and loops, timed. */
#include "simulate/measure.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <ppar/ppar.h>

#include "driver/machine.h"
#include "driver/statistics.h"
#include "peers/times.h"
#include "peers/work.h"

/* Batches short enough that many are not disturbed. The lower quartile is taken: what other programs do only adds, but
 * the least of all may be of two threads that hardly met. */
enum { BATCHES = 31, OPERATIONS = 20000, REGIONS = 100, LOOPS = 5 };
#define WARM_NS 8e6

/* Where there is one CPU alone; of common machines' size. */
static const bench_overheads assumed = {.transfer = 100, .claim = 100, .fork_join = 300};

/* The counter alone on its pair of lines. */
typedef struct contest {
  _Alignas(128) _Atomic uint64_t counter;
  _Alignas(128) _Atomic uint32_t ready;
} contest;

static double measure_locked(void) {
  static contest own;
  double batches[BATCHES];
  for (int b = 0; b < BATCHES; b++) {
    double start = bench_now_ns();
    for (int k = 0; k < OPERATIONS; k++) atomic_fetch_add_explicit(&own.counter, 1, memory_order_relaxed);
    batches[b] = (bench_now_ns() - start) / OPERATIONS;
  }
  return bench_summarize(batches, BATCHES).lower_quartile;
}

/* Claims until there are none left, all threads at the same time. */
static void claim_all(ppar_team *team, void *arg) {
  contest *shared = arg;
  uint32_t all = (uint32_t)ppar_team_size(team);
  atomic_fetch_add_explicit(&shared->ready, 1, memory_order_relaxed);
  while (atomic_load_explicit(&shared->ready, memory_order_relaxed) < all) {
  }
  while (atomic_fetch_add_explicit(&shared->counter, 1, memory_order_relaxed) < OPERATIONS) {
  }
}

static double measure_claim(void) {
  const ppar_options two = PPAR_OPTIONS_INIT(.threads = 2);
  double batches[BATCHES];
  for (int b = 0; b < BATCHES; b++) {
    contest shared = {.counter = 0};
    double start = bench_now_ns();
    if (ppar_parallel(claim_all, &shared, &two) != PPAR_OK) return assumed.claim;
    batches[b] = (bench_now_ns() - start) / OPERATIONS;
  }
  return bench_summarize(batches, BATCHES).lower_quartile;
}

static void nothing_in_team(ppar_team *team, void *arg) {
  (void)team;
  (void)arg;
}

/* Workers come from sleep in microseconds, and start when first needed. */
static void wake_team(void) {
  const ppar_options two = PPAR_OPTIONS_INIT(.threads = 2);
  for (double start = bench_now_ns(); bench_now_ns() - start < WARM_NS;)
    (void)ppar_parallel(nothing_in_team, NULL, &two);
}

static double measure_fork_join(void) {
  const ppar_options two = PPAR_OPTIONS_INIT(.threads = 2);
  double batches[BATCHES];
  for (int b = 0; b < BATCHES; b++) {
    double start = bench_now_ns();
    for (int k = 0; k < REGIONS; k++)
      if (ppar_parallel(nothing_in_team, NULL, &two) != PPAR_OK) return assumed.fork_join;
    batches[b] = (bench_now_ns() - start) / REGIONS;
  }
  return bench_summarize(batches, BATCHES).lower_quartile;
}

static void nothing_in_chunk(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  (void)arg;
  bench_nothing();
}

static double measure_call(void) {
  const ppar_options one = PPAR_OPTIONS_INIT(.threads = 1, .schedule = ppar_dynamic(1));
  double batches[BATCHES];
  for (int b = 0; b < BATCHES; b++) {
    double start = bench_now_ns();
    (void)ppar_parallel_for(0, OPERATIONS, nothing_in_chunk, NULL, &one);
    batches[b] = (bench_now_ns() - start) / OPERATIONS;
  }
  return bench_summarize(batches, BATCHES).lower_quartile;
}

bool bench_overheads_measure(bench_overheads *out) {
  bench_machine machine;
  bool several;
  *out = assumed;
  out->locked = measure_locked();
  out->call = measure_call();
  bench_machine_measure(&machine);
  several = machine.cpus > 1 && machine.roundtrip_ns > 0;
  if (!several) return false;
  out->transfer = machine.roundtrip_ns / 2;
  wake_team();
  /* One claim for each transfer is the worst a line can do; more was somebody else's time. */
  out->claim = fmin(measure_claim(), out->transfer + out->locked);
  out->fork_join = measure_fork_join();
  return true;
}

bool bench_overheads_parse(const char *text, bench_overheads *out) {
  double *const fields[] = {&out->locked, &out->transfer, &out->claim, &out->fork_join, &out->call};
  enum { FIELDS = sizeof fields / sizeof *fields };
  for (int f = 0; f < FIELDS; f++) {
    char *end;
    *fields[f] = strtod(text, &end);
    if (end == text || !isfinite(*fields[f]) || *fields[f] < 0 || *end != (f + 1 < FIELDS ? ',' : '\0')) return false;
    text = end + 1;
  }
  return true;
}

typedef struct shape_loop {
  bench_shape shape;
  uint64_t count;
} shape_loop;

static void run_shape(const ppar_chunk *chunk, void *arg) {
  const shape_loop *loop = arg;
  ppar_for_each_index(i, chunk) {
    bench_shape_iteration(loop->shape, (uint64_t)i, loop->count);
  }
}

static ppar_schedule schedule_of(const bench_plan *plan) {
  int64_t chunk = (int64_t)plan->chunk;
  switch (plan->sharing) {
    case BENCH_BY_BLOCK: return ppar_static(0);
    case BENCH_BY_TURN: return ppar_static(chunk);
    case BENCH_BY_COUNTER: return ppar_monotonic(ppar_dynamic(chunk));
    case BENCH_BY_GUIDED: return ppar_guided(chunk);
    case BENCH_BY_RANGE: return ppar_dynamic(chunk);
    case BENCH_BY_AUTO: break;
  }
  return ppar_auto();
}

double bench_measure_loop(bench_shape shape, uint64_t count, const bench_plan *plan, uint32_t threads) {
  const ppar_options options = PPAR_OPTIONS_INIT(.threads = (int)threads, .schedule = schedule_of(plan));
  shape_loop loop = {shape, count};
  double times[LOOPS];
  for (int k = 0; k < LOOPS; k++) {
    double start = bench_now_ns();
    if (ppar_parallel_for(0, (int64_t)count, run_shape, &loop, &options) != PPAR_OK) return NAN;
    times[k] = bench_now_ns() - start;
  }
  return bench_summarize(times, LOOPS).median;
}
