/* SPDX-License-Identifier: MIT */
/* The simulator against closed forms, and against what holds for every loop. */
#include <criterion/criterion.h>
#include <math.h>

#include "schedule/divide.h"
#include "schedule/guided.h"
#include "simulate/simulator.h"

enum { COUNT_MAX = 5000, THREADS_MAX = BENCH_SIMULATE_THREADS_MAX };

static const bench_overheads none;
static const bench_overheads usual = {.locked = 5, .transfer = 100, .claim = 30, .fork_join = 300, .call = 2};

static const bench_plan every_plan[] = {
    {"static", BENCH_BY_BLOCK, 0},           {"static,1", BENCH_BY_TURN, 1},     {"static,7", BENCH_BY_TURN, 7},
    {"counter,1", BENCH_BY_COUNTER, 1},      {"counter,7", BENCH_BY_COUNTER, 7}, {"guided,1", BENCH_BY_GUIDED, 1},
    {"guided,7", BENCH_BY_GUIDED, 7},        {"stealing,1", BENCH_BY_RANGE, 1},  {"stealing,7", BENCH_BY_RANGE, 7},
    {"stealing,9999", BENCH_BY_RANGE, 9999}, {"auto", BENCH_BY_AUTO, 1},
};
enum { PLANS = sizeof every_plan / sizeof *every_plan };

static const uint32_t some_threads[] = {1, 2, 3, 8, 61, 256};
enum { SOME_THREADS = sizeof some_threads / sizeof *some_threads };

static const uint64_t some_counts[] = {1, 2, 5, 63, 64, 1000, COUNT_MAX};
enum { SOME_COUNTS = sizeof some_counts / sizeof *some_counts };

/* What an iteration costs in the tests; whole numbers, so that sums are exact. */
typedef double cost_of(uint64_t i, uint64_t count);
static double nothing(uint64_t i, uint64_t count) { return 0 * (double)(i + count); }
static double uniform(uint64_t i, uint64_t count) { return 400 + 0 * (double)(i + count); }
static double rising(uint64_t i, uint64_t count) { return (double)i + 1 + 0 * (double)count; }
static double one_heavy(uint64_t i, uint64_t count) { return i == count / 3 ? 1e6 : 50; }
static double scattered(uint64_t i, uint64_t count) { return (double)((i * 7919 + count) % 1009); }

static cost_of *const some_costs[] = {nothing, uniform, rising, one_heavy, scattered};
enum { SOME_COSTS = sizeof some_costs / sizeof *some_costs };

/* Costs that live until the next call. */
static const bench_costs *costs_of(cost_of *cost, uint64_t count) {
  static double sums[COUNT_MAX + 1];
  static bench_costs costs;
  for (uint64_t i = 0; i < count; i++) sums[i + 1] = sums[i] + cost(i, count);
  costs = (bench_costs){sums, count};
  return &costs;
}

static double total_of(const bench_costs *costs) { return costs->sums[costs->count]; }

static double longest_of(const bench_costs *costs) {
  double longest = 0;
  for (uint64_t i = 0; i < costs->count; i++) longest = fmax(longest, costs->sums[i + 1] - costs->sums[i]);
  return longest;
}

static bench_prediction predict(const bench_costs *costs, bench_overheads overheads, uint32_t threads,
                                bench_plan plan) {
  bench_simulation simulation = {.costs = costs, .overheads = overheads, .threads = threads};
  bench_prediction prediction;
  cr_assert(bench_simulate(&simulation, &plan, &prediction));
  return prediction;
}

static double time_of(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  return predict(costs, overheads, threads, plan).time;
}

static bool equal(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b))); }

static int levels(uint32_t count) { return count <= 1 ? 0 : 1 + levels((count + 1) / 2); }

/* What a body was given. */
typedef struct record {
  unsigned times[COUNT_MAX];
  uint64_t chunks, longest;
  double busy[THREADS_MAX];
  const bench_costs *costs;
  bool outside;
} record;

static void note(void *context, uint32_t thread, uint64_t first, uint64_t past) {
  record *r = context;
  if (thread >= THREADS_MAX || first >= past || past > r->costs->count) {
    r->outside = true;
    return;
  }
  for (uint64_t i = first; i < past; i++) r->times[i]++;
  r->chunks++;
  r->longest = past - first > r->longest ? past - first : r->longest;
  r->busy[thread] += r->costs->sums[past] - r->costs->sums[first];
}

static const record *recorded(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  static record r;
  bench_simulation simulation = {costs, overheads, threads, note, &r};
  bench_prediction prediction;
  memset(&r, 0, sizeof r);
  r.costs = costs;
  cr_assert(bench_simulate(&simulation, &plan, &prediction));
  return &r;
}

/* Calls check for every kind of loop, number of threads and schedule. */
typedef bool check(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan);
static void check_all(check *holds) {
  for (int c = 0; c < SOME_COSTS; c++)
    for (int n = 0; n < SOME_COUNTS; n++)
      for (int t = 0; t < SOME_THREADS; t++)
        for (int p = 0; p < PLANS; p++)
          for (int o = 0; o < 2; o++)
            if (!holds(costs_of(some_costs[c], some_counts[n]), o == 0 ? none : usual, some_threads[t], every_plan[p]))
              cr_assert_fail("costs %d, %d iterations, %d threads, %s, %s overheads", c, (int)some_counts[n],
                             (int)some_threads[t], every_plan[p].name, o == 0 ? "no" : "usual");
}

static bool runs_each_once(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  const record *r = recorded(costs, overheads, threads, plan);
  bool capped = plan.chunk != 0 && plan.sharing != BENCH_BY_GUIDED && plan.sharing != BENCH_BY_AUTO;
  if (r->outside || (capped && r->longest > plan.chunk)) return false;
  for (uint64_t i = 0; i < costs->count; i++)
    if (r->times[i] != 1) return false;
  return true;
}
Test(simulate, every_iteration_runs_once_in_chunks_no_longer_than_asked) { check_all(runs_each_once); }

Test(simulate, as_many_threads_as_allowed_run_each_iteration_once) {
  for (int p = 0; p < PLANS; p++)
    cr_assert(runs_each_once(costs_of(scattered, COUNT_MAX), usual, THREADS_MAX, every_plan[p]));
}

static bool obeys_bounds(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  bench_prediction p = predict(costs, overheads, threads, plan);
  double total = total_of(costs), least = fmax(total / threads, longest_of(costs));
  return p.time >= least * (1 - 1e-9) && p.imbalance >= 1 - 1e-9 && p.imbalance <= threads * (1 + 1e-9) &&
         p.efficiency <= 1 + 1e-9 && (total == 0 || equal(p.efficiency, total / (threads * p.time)));
}
Test(simulate, nothing_beats_the_mean_and_the_longest_iteration) { check_all(obeys_bounds); }

static bool tells_the_imbalance(const bench_costs *costs, bench_overheads overheads, uint32_t threads,
                                bench_plan plan) {
  const record *r = recorded(costs, overheads, threads, plan);
  double most = 0, total = total_of(costs);
  for (uint32_t t = 0; t < threads; t++) most = fmax(most, r->busy[t]);
  return equal(predict(costs, overheads, threads, plan).imbalance, total > 0 ? most * threads / total : 1);
}
Test(simulate, imbalance_is_the_busiest_over_the_mean) { check_all(tells_the_imbalance); }

static bool is_the_sum_alone(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  (void)threads;
  (void)overheads;
  return equal(time_of(costs, none, 1, plan), total_of(costs));
}
Test(simulate, one_thread_without_overheads_takes_the_sum) { check_all(is_the_sum_alone); }

static bool repeats(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  bench_prediction a = predict(costs, overheads, threads, plan), b = predict(costs, overheads, threads, plan);
  return memcmp(&a.time, &b.time, sizeof a.time) == 0 && equal(a.imbalance, b.imbalance);
}
Test(simulate, the_same_loop_takes_the_same_time) { check_all(repeats); }

Test(simulate, one_thread_pays_for_each_call_and_each_claim) {
  const bench_costs *costs = costs_of(uniform, 1000);
  double sum = total_of(costs);
  cr_assert(equal(time_of(costs, usual, 1, (bench_plan){"", BENCH_BY_BLOCK, 0}), sum + usual.call));
  cr_assert(equal(time_of(costs, usual, 1, (bench_plan){"", BENCH_BY_TURN, 10}), sum + 100 * usual.call));
  cr_assert(equal(time_of(costs, usual, 1, (bench_plan){"", BENCH_BY_COUNTER, 10}),
                  sum + 100 * usual.call + 101 * usual.locked));
}

/* The caller's block is among the longest, and thread t starts later; so the last of the longest ends last. */
Test(simulate, static_blocks_of_equal_iterations_take_the_longest_block) {
  for (int n = 0; n < SOME_COUNTS; n++) {
    for (int t = 0; t < SOME_THREADS; t++) {
      uint64_t count = some_counts[n], block = pp_divide_up(count, some_threads[t]);
      const bench_costs *costs = costs_of(uniform, count);
      bench_plan plan = {"", BENCH_BY_BLOCK, 0};
      double expected = (double)block * 400;
      cr_assert(equal(time_of(costs, none, some_threads[t], plan), expected));
      if (count % some_threads[t] == 0) {
        expected += usual.call + usual.fork_join * levels(some_threads[t]);
        cr_assert(equal(time_of(costs, usual, some_threads[t], plan), expected));
      }
    }
  }
}

Test(simulate, static_blocks_of_a_triangle_take_the_last_block) {
  const uint64_t count = 4096;
  const bench_costs *costs = costs_of(rising, count);
  for (uint32_t threads = 1; threads <= THREADS_MAX; threads *= 2) {
    double block =
        (double)count / threads; /* iterations count - block ... count - 1 cost count - block + 1 ... count */
    double last = block * ((double)count - block + 1 + (double)count) / 2, mean = total_of(costs) / threads;
    bench_prediction p = predict(costs, none, threads, (bench_plan){"", BENCH_BY_BLOCK, 0});
    cr_assert(equal(p.time, last));
    cr_assert(equal(p.imbalance, last / mean));
  }
}

/* Turn by turn, the last thread has the costlier iteration in every turn. */
Test(simulate, static_turns_of_a_triangle_differ_by_one_step_a_turn) {
  const uint64_t count = 4096;
  const bench_costs *costs = costs_of(rising, count);
  for (uint32_t threads = 1; threads <= THREADS_MAX; threads *= 2) {
    double turns = (double)count / threads, mean = total_of(costs) / threads;
    cr_assert(
        equal(time_of(costs, none, threads, (bench_plan){"", BENCH_BY_TURN, 1}), mean + turns * (threads - 1.0) / 2));
  }
}

Test(simulate, guided_makes_as_many_chunks_as_its_rule) {
  for (int n = 0; n < SOME_COUNTS; n++) {
    for (int t = 0; t < SOME_THREADS; t++) {
      for (uint64_t chunk = 1; chunk <= 16; chunk *= 4) {
        uint64_t left = some_counts[n], chunks = 0;
        for (; left > 0; chunks++) left -= pp_guided_chunk(left, some_threads[t], chunk);
        cr_assert(recorded(costs_of(scattered, some_counts[n]), usual, some_threads[t],
                           (bench_plan){"", BENCH_BY_GUIDED, chunk})
                      ->chunks == chunks);
      }
    }
  }
}

/* A counter serves claims one by one: with many threads and short iterations the claims alone are the time. */
Test(simulate, a_crowded_counter_takes_a_claim_for_each_chunk) {
  const bench_overheads overheads = {.locked = 30, .transfer = 30, .claim = 30};
  const bench_costs *costs = costs_of(nothing, COUNT_MAX);
  for (int t = 1; t < SOME_THREADS; t++) {
    double claims = COUNT_MAX + some_threads[t]; /* each thread's last finds nothing */
    cr_assert(equal(time_of(costs, overheads, some_threads[t], (bench_plan){"", BENCH_BY_COUNTER, 1}), claims * 30));
  }
}

static bool obeys_the_counter(const bench_costs *costs, bench_overheads overheads, uint32_t threads, bench_plan plan) {
  double claim = fmin(overheads.claim, fmin(overheads.locked, overheads.transfer));
  double claims = (double)pp_divide_up(costs->count, plan.chunk == 0 ? 1 : plan.chunk);
  if (plan.sharing != BENCH_BY_COUNTER) return true;
  return time_of(costs, overheads, threads, plan) >= fmax(total_of(costs) / threads, claims * claim) * (1 - 1e-9);
}
Test(simulate, a_counter_is_no_faster_than_its_claims) { check_all(obeys_the_counter); }

/* Whoever is free takes the next: when the last chunk is claimed no other thread is idle, so nobody ends more than a
 * chunk after the mean. */
Test(simulate, a_free_counter_is_within_one_chunk_of_the_mean) {
  for (int c = 0; c < SOME_COSTS; c++) {
    const bench_costs *costs = costs_of(some_costs[c], COUNT_MAX);
    for (int t = 0; t < SOME_THREADS; t++)
      cr_assert(time_of(costs, none, some_threads[t], (bench_plan){"", BENCH_BY_COUNTER, 1}) <=
                total_of(costs) / some_threads[t] + longest_of(costs) + 1e-6);
  }
}

/* All of the uneven work lies in one thread's block; without overheads thieves take it at once, again and again. */
Test(simulate, stealing_spreads_work_that_lies_in_one_block) {
  const uint64_t count = 4096;
  const bench_costs *costs = costs_of(rising, count);
  for (uint32_t threads = 2; threads <= 64; threads *= 2) {
    double mean = total_of(costs) / threads;
    double stealing = time_of(costs, none, threads, (bench_plan){"", BENCH_BY_RANGE, 1});
    cr_assert(stealing <= mean * 1.05, "%g, mean %g on %u", stealing, mean, threads);
  }
}

/* What nobody steals stays put: with equal work and no more chunks than threads each has its own. */
Test(simulate, a_range_of_one_chunk_costs_one_take) {
  for (uint32_t threads = 1; threads <= THREADS_MAX; threads *= 4) {
    const bench_costs *costs = costs_of(uniform, threads);
    bench_overheads overheads = usual;
    overheads.fork_join = 0; /* all start at once: none finds another's chunk before its owner */
    cr_assert(equal(time_of(costs, overheads, threads, (bench_plan){"", BENCH_BY_RANGE, 1}), 400 + 2 + 5));
  }
}
