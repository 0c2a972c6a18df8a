/* SPDX-License-Identifier: MIT */
/* model_cases.c: what the simulator of ppar_bench comes to for many loops, as JSON: tests/explorer/model.js compares
 * the page's model with it. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "schedule/tuning.h"
#include "simulate/simulator.h"

/* Loops whose iterations differ in ways that bring out each path: nobody steals, everybody steals, hand-backs. */
typedef struct loop {
  const char *name;
  uint64_t count;
  double scale; /* ns */
} loop;

static const loop loops[] = {
    {"equal", 1000, 2000}, {"equal", 3, 100000},  {"equal", 20000, 5},   {"rising", 1500, 4000}, {"falling", 700, 9000},
    {"heavy", 512, 1000},  {"ragged", 4000, 700}, {"ragged", 97, 50000}, {"nothing", 64, 0},     {"ragged", 1, 12345},
};
enum { LOOPS = sizeof loops / sizeof loops[0] };

static const uint32_t threads[] = {1, 2, 3, 8, 33, 256};
enum { THREADS = sizeof threads / sizeof threads[0] };

static const bench_plan plans[] = {
    {"block", BENCH_BY_BLOCK, 0},     {"turn", BENCH_BY_TURN, 1},        {"turn", BENCH_BY_TURN, 7},
    {"counter", BENCH_BY_COUNTER, 1}, {"counter", BENCH_BY_COUNTER, 16}, {"guided", BENCH_BY_GUIDED, 1},
    {"guided", BENCH_BY_GUIDED, 16},  {"range", BENCH_BY_RANGE, 1},      {"range", BENCH_BY_RANGE, 16},
    {"auto", BENCH_BY_AUTO, 1},
};
enum { PLANS = sizeof plans / sizeof plans[0] };

static const bench_overheads overheads[] = {{5, 140, 90, 300, 3}, {20.5, 61.25, 77, 1000, 0}};
enum { OVERHEADS = sizeof overheads / sizeof overheads[0] };

static double cost_of(const loop *l, uint64_t i) {
  switch (l->name[0]) {
    case 'r':
      return l->name[1] == 'i' ? l->scale * (double)(i + 1) / (double)l->count
                               : l->scale * (double)((i * 2654435761u) % 1000) / 500;
    case 'f': return l->scale * (double)(l->count - i) / (double)l->count;
    case 'h': return i == l->count * 9 / 10 ? l->scale * 100 : l->scale;
    default: return l->scale;
  }
}

/* What all chunks come to, in their order: one number that any other order or chunk changes. */
typedef struct sequence {
  uint64_t chunks, digest;
} sequence;

static void note(void *context, uint32_t thread, uint64_t first, uint64_t past) {
  sequence *s = context;
  const uint64_t words[] = {thread, first, past};
  for (int w = 0; w < 3; w++) s->digest = (s->digest * 31 + words[w]) % 1000000007;
  s->chunks++;
}

static bool play(const bench_costs *costs, uint32_t slots, const bench_plan *plan, const bench_overheads *o,
                 const char *before) {
  sequence s = {0, 0};
  bench_simulation simulation = {costs, *o, slots, note, &s};
  bench_prediction p;
  if (!bench_simulate(&simulation, plan, &p)) return false;
  printf(
      "%s{\"threads\":%u,\"sharing\":\"%s\",\"chunk\":%llu,\"overheads\":{\"locked\":%.17g,\"transfer\":%.17g,"
      "\"claim\":%.17g,\"forkJoin\":%.17g,\"call\":%.17g},\"time\":%.17g,\"imbalance\":%.17g,\"efficiency\":%.17g,"
      "\"chunks\":%llu,\"digest\":%llu}",
      before, slots, plan->name, (unsigned long long)plan->chunk, o->locked, o->transfer, o->claim, o->fork_join,
      o->call, p.time, p.imbalance, p.efficiency, (unsigned long long)s.chunks, (unsigned long long)s.digest);
  return true;
}

static bool print_loop(const loop *l) {
  bench_costs costs = {calloc((size_t)l->count + 1, sizeof *costs.sums), l->count};
  bool played = costs.sums != NULL;
  printf("{\"name\":\"%s\",\"costs\":[", l->name);
  for (uint64_t i = 0; played && i < l->count; i++) {
    costs.sums[i + 1] = costs.sums[i] + cost_of(l, i);
    printf("%s%.17g", i != 0 ? "," : "", cost_of(l, i));
  }
  printf("],\"cases\":[");
  for (int t = 0; t < THREADS; t++)
    for (int p = 0; p < PLANS; p++)
      for (int o = 0; played && o < OVERHEADS; o++)
        played = play(&costs, threads[t], &plans[p], &overheads[o], t + p + o != 0 ? ",\n" : "\n");
  printf("]}\n");
  free(costs.sums);
  return played;
}

int main(void) {
  printf(
      "{\"tuning\":{\"BATCH_NS\":%d,\"PART_TAKES\":%d,\"LEAST_PART\":%d,\"BURSTS\":%d,\"GROWTH\":%d,\"SHORT_NS\":%d,"
      "\"FIRST_PART\":%d,\"FIRST_UNITS\":%d,\"EVEN_UNITS\":%d,\"EVEN_BATCH\":%d,\"DIVIDE_NS\":%d,\"KEEP_NS\":%d},\n",
      PP_BATCH_NS, PP_PART_TAKES, PP_LEAST_PART, PP_BURSTS, PP_GROWTH, PP_SHORT_NS, PP_FIRST_PART, PP_FIRST_UNITS,
      PP_EVEN_UNITS, PP_EVEN_BATCH, PP_DIVIDE_NS, PP_KEEP_NS);
  /* Where doubles are calculated with more digits than they have, events that are close come in another order. */
  printf("\"exact\":%s,\"loops\":[\n", FLT_EVAL_METHOD == 0 ? "true" : "false");
  for (int l = 0; l < LOOPS; l++) {
    if (l != 0) printf(",");
    if (!print_loop(&loops[l])) return 1;
  }
  printf("]}\n");
  return 0;
}
