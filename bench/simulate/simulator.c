/* SPDX-License-Identifier: MIT */
/* simulator.c: fork, join and the sums; static and counted loops. */
#include "simulate/simulator.h"

#include <stdlib.h>

#include "schedule/guided.h"
#include "schedule/static_schedule.h"
#include "simulate/run.h"

/* Levels of a binary tree with so many nodes below the root: ceil(log2(count)). */
static int levels(uint32_t count) {
  int n = 0;
  while (((uint32_t)1 << n) < count) n++;
  return n;
}

double bench_run_start(const bench_run *run, uint32_t thread) {
  return run->simulation->overheads.fork_join / 2 * levels(thread + 1);
}

double bench_run_chunk(bench_run *run, uint32_t thread, uint64_t first, uint64_t past, double time) {
  const bench_simulation *simulation = run->simulation;
  double cost = simulation->costs->sums[past] - simulation->costs->sums[first];
  if (simulation->ran != NULL) simulation->ran(simulation->context, thread, first, past);
  run->busy[thread] += cost;
  time += simulation->overheads.call + cost;
  if (time > run->end) run->end = time;
  return time;
}

void bench_run_static(bench_run *run) {
  uint64_t count = run->simulation->costs->count, chunk = run->plan->chunk, threads = run->simulation->threads;
  for (uint32_t t = 0; t < threads; t++) {
    double time = bench_run_start(run, t);
    if (run->plan->sharing == BENCH_BY_BLOCK) {
      uint64_t first, past;
      pp_static_block(count, threads, t, &first, &past);
      if (first < past) bench_run_chunk(run, t, first, past, time);
      continue;
    }
    for (uint64_t j = 0; j < pp_static_chunks(count, chunk, threads, t); j++) {
      uint64_t first = pp_static_chunk_first(chunk, threads, t, j);
      time = bench_run_chunk(run, t, first, pp_static_chunk_past(count, chunk, first), time);
    }
  }
}

/* A thread's last claim finds nothing, and the loop ends no sooner: all threads come to the end of such loops. */
void bench_run_counter(bench_run *run) {
  const bench_overheads *overheads = &run->simulation->overheads;
  uint64_t count = run->simulation->costs->count, next = 0;
  uint32_t threads = run->simulation->threads, holder = 0; /* the caller set the counter up */
  double free_from = 0;                                    /* when the last claim so far is served */
  for (uint32_t t = 0; t < threads; t++) bench_events_add(&run->events, bench_run_start(run, t), t);
  while (run->events.count > 0) {
    bench_event event = bench_events_next(&run->events);
    bool waits = event.time < free_from;
    uint64_t left = count - next, taken = run->plan->chunk < left ? run->plan->chunk : left;
    free_from = waits                    ? free_from + overheads->claim
                : holder == event.thread ? event.time + overheads->locked
                                         : event.time + overheads->transfer;
    holder = event.thread;
    if (run->plan->sharing == BENCH_BY_GUIDED) taken = pp_guided_chunk(left, threads, run->plan->chunk);
    if (taken == 0) {
      if (free_from > run->end) run->end = free_from;
      continue;
    }
    bench_events_add(&run->events, bench_run_chunk(run, event.thread, next, next + taken, free_from), event.thread);
    next += taken;
  }
}

static bool play(bench_run *run) {
  switch (run->plan->sharing) {
    case BENCH_BY_BLOCK:
    case BENCH_BY_TURN: bench_run_static(run); return true;
    case BENCH_BY_COUNTER:
    case BENCH_BY_GUIDED: bench_run_counter(run); return true;
    case BENCH_BY_RANGE:
    case BENCH_BY_AUTO: break;
  }
  return bench_run_ranges(run);
}

static bench_prediction predict(const bench_run *run) {
  const bench_simulation *simulation = run->simulation;
  double total = simulation->costs->sums[simulation->costs->count], most = 0;
  bench_prediction p = {.imbalance = 1, .efficiency = 1};
  for (uint32_t t = 0; t < simulation->threads; t++) most = run->busy[t] > most ? run->busy[t] : most;
  p.time = run->end + simulation->overheads.fork_join / 2 * levels(simulation->threads);
  if (total > 0) {
    p.imbalance = most * simulation->threads / total;
    p.efficiency = total / (simulation->threads * p.time);
  }
  return p;
}

bool bench_simulate(const bench_simulation *simulation, const bench_plan *plan, bench_prediction *out) {
  bench_run run = {.simulation = simulation, .plan = plan};
  bool played = false;
  run.busy = calloc(simulation->threads, sizeof *run.busy);
  run.events.heap = calloc(simulation->threads, sizeof *run.events.heap);
  if (run.busy != NULL && run.events.heap != NULL) played = play(&run);
  if (played) *out = predict(&run);
  free(run.busy);
  free(run.events.heap);
  return played;
}
