/* SPDX-License-Identifier: MIT */
/* prange_flow.c: the ways through pranges: continue, break, running ahead without barriers, coming late, in called
 * functions and outside of regions. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(prange_flow, .timeout = SCALE_TIMEOUT);

enum { SPAN = 400 };

struct flow {
  ppar_schedule schedule;
  _Atomic unsigned char counts[SPAN];
  _Atomic uint64_t total, breaks;
  _Atomic uint64_t flag;
  int breaker; /* -1: all */
  struct findings *found;
};

static void clear(struct flow *flow) {
  for (int k = 0; k < SPAN; k++) atomic_store(&flow->counts[k], 0);
  atomic_store(&flow->total, 0);
  atomic_store(&flow->breaks, 0);
  atomic_store(&flow->flag, 0);
}

static void run_flow(ppar_region *region, struct flow *flow, int threads) {
  clear(flow);
  EXPECT(flow->found, teams_run(threads, region, flow) == PPAR_OK);
  ASSERT_CLEAN(flow->found, case_text(&(struct loop_case){.schedule = flow->schedule, .threads = threads}));
}

/* Each schedule with each size of team; the region finds both in the flow. */
static void sweep(ppar_region *region, void (*check)(struct flow *, int threads)) {
  static struct flow flow;
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t combination = 0;
  flow.found = &found;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t size = 0; size < TEAMS_SIZES; size++) {
      if (!scale_keeps(&combination)) continue;
      flow.schedule = schedules[s];
      flow.breaker = -1;
      run_flow(region, &flow, teams_sizes[size]);
      if (check == NULL) continue;
      check(&flow, teams_sizes[size]);
      ASSERT_CLEAN(&found, case_text(&(struct loop_case){.schedule = schedules[s], .threads = teams_sizes[size]}));
    }
  }
}

static void continue_in_the_middle(ppar_team *team, void *arg) {
  struct flow *flow = arg;
  ppar_prange(team, i, 0, SPAN, PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->counts[i], 1);
    if (i % 2 != 0) continue;
    atomic_fetch_add(&flow->total, (uint64_t)i);
  }
  EXPECT(flow->found, atomic_load(&flow->total) == (SPAN / 2 - 1) * (SPAN / 2)); /* after its barrier */
  for (int k = 0; k < SPAN; k++) EXPECT(flow->found, atomic_load(&flow->counts[k]) == 1);
}

Test(prange_flow, continue_ends_the_iteration) { sweep(continue_in_the_middle, NULL); }

/* All threads, or one, break at the first iteration they meet. A thread that left meets no iteration again. */
static void break_at_the_first(ppar_team *team, void *arg) {
  struct flow *flow = arg;
  const bool breaks = flow->breaker < 0 || flow->breaker == ppar_team_thread(team);
  int met = 0;
  ppar_prange(team, i, 0, SPAN, PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->counts[i], 1);
    met++;
    if (breaks) break;
  }
  EXPECT(flow->found, !breaks || met <= 1);
  if (breaks) atomic_fetch_add(&flow->breaks, (uint64_t)met);
  ppar_barrier(team);
  /* What follows is as if nobody had left early. */
  ppar_prange(team, i, 0, SPAN, PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->total, 1);
  }
  EXPECT(flow->found, atomic_load(&flow->total) == SPAN);
}

static uint64_t count_run(struct flow *flow) {
  uint64_t run = 0;
  for (int k = 0; k < SPAN; k++) {
    EXPECT(flow->found, atomic_load(&flow->counts[k]) <= 1);
    run += atomic_load(&flow->counts[k]);
  }
  return run;
}

static void expect_breaks_alone(struct flow *flow, int threads) {
  EXPECT(flow->found, count_run(flow) == atomic_load(&flow->breaks));
  if (threads == 1) EXPECT(flow->found, atomic_load(&flow->counts[0]) == 1 && atomic_load(&flow->breaks) == 1);
}

Test(prange_flow, break_ends_each_threads_part) { sweep(break_at_the_first, expect_breaks_alone); }

Test(prange_flow, break_of_one_thread_leaves_the_others_theirs) {
  static struct flow flow;
  struct findings found = {0, NULL};
  flow.found = &found;
  for (int64_t chunk = 0; chunk < 50; chunk = 2 * chunk + 1) {
    for (size_t size = 1; size < TEAMS_SIZES; size++) {
      const int threads = teams_sizes[size];
      flow.breaker = threads / 2;
      flow.schedule = ppar_static(chunk);
      run_flow(break_at_the_first, &flow, threads);
      const uint64_t run = count_run(&flow), own = atomic_load(&flow.breaks);
      uint64_t part = 0; /* what static gives the one that left */
      for (int64_t i = 0; i < SPAN && chunk != 0; i++) part += (int)(i / chunk % threads) == flow.breaker;
      if (chunk == 0) part = (uint64_t)(SPAN / threads + (flow.breaker < SPAN % threads ? 1 : 0));
      EXPECT(&found, own == (part != 0 ? 1 : 0));
      EXPECT(&found, run == SPAN - part + own);
      /* From a shared counter it takes no more than the chunk it left. */
      flow.schedule = ppar_monotonic(ppar_dynamic(chunk));
      run_flow(break_at_the_first, &flow, threads);
      EXPECT(&found, count_run(&flow) + (uint64_t)(chunk > 1 ? chunk - 1 : 0) >= SPAN);
      ASSERT_CLEAN(&found, case_text(&(struct loop_case){.schedule = flow.schedule, .threads = threads}));
    }
  }
}

/* Leaves collapsed loops in the middle of a row. */
static void break_in_a_row(ppar_team *team, void *arg) {
  struct flow *flow = arg;
  int met = 0;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 20), PPAR_BOUNDS(0, 20), PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->counts[i * 20 + j], 1);
    if (++met == 2) break;
  }
  EXPECT(flow->found, met <= 2);
  met = 0;
  ppar_prange_3d(team, i, j, k, PPAR_BOUNDS(0, 4), PPAR_BOUNDS(0, 5), PPAR_BOUNDS(0, 4),
                 PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->total, (uint64_t)(i + j + k));
    if (++met == 2) break;
  }
  EXPECT(flow->found, met <= 2);
}

Test(prange_flow, break_ends_the_part_of_collapsed_loops) { sweep(break_in_a_row, NULL); }

/* The value of the last iteration, with several pranges after each other. */
static void keep_the_last(ppar_team *team, void *arg) {
  struct flow *flow = arg;
  for (int64_t n = 1; n < 40; n += 6) {
    ppar_prange(team, i, n, -n, PPAR_OPTIONS(.schedule = flow->schedule, .step = -3)) {
      const uint64_t value = work_hash(i);
      if (ppar_is_last(i)) atomic_fetch_add(&flow->total, value);
    }
    const int64_t last = n - (2 * n - 1) / 3 * 3;
    EXPECT(flow->found, atomic_load(&flow->total) == work_hash(last));
    ppar_barrier(team);
    if (ppar_master(team)) atomic_store(&flow->total, 0);
    ppar_barrier(team);
  }
}

Test(prange_flow, one_thread_has_the_last_iteration) { sweep(keep_the_last, NULL); }

/* What a thread writes in one static prange it reads in the next, without a barrier between: plain memory. */
struct stages {
  uint64_t value[SPAN];
  ppar_schedule schedule;
  struct findings *found;
};

static void run_stages(ppar_team *team, void *arg) {
  struct stages *stages = arg;
  const ppar_options *options = PPAR_OPTIONS(.schedule = stages->schedule, .nowait = true);
  const int thread = ppar_team_thread(team);
  ppar_prange(team, i, 0, SPAN, options) {
    stages->value[i] = (uint64_t)thread;
  }
  for (uint64_t stage = 1; stage < 20; stage++) {
    if (work_hash((int64_t)stage + thread) % 8 == 0) work_spin(5000);
    ppar_prange(team, i, 0, SPAN, options) {
      EXPECT(stages->found, stages->value[i] == (uint64_t)thread + 1000 * (stage - 1));
      stages->value[i] += 1000;
    }
  }
}

Test(prange_flow, static_pranges_follow_each_other_without_a_barrier) {
  static struct stages stages;
  struct findings found = {0, NULL};
  stages.found = &found;
  for (uint64_t round = 0; round < scaled(65); round++) {
    stages.schedule = ppar_static((int64_t)(round % 9));
    const int threads = teams_sizes[round % TEAMS_SIZES];
    EXPECT(&found, teams_run(threads, run_stages, &stages) == PPAR_OK);
    ASSERT_CLEAN(&found, case_text(&(struct loop_case){.schedule = stages.schedule, .threads = threads}));
  }
}

/* One thread runs on through thousands of pranges that the others have not begun. */
enum { AHEAD = 2000, SHORT = 12 };

struct ahead {
  const ppar_schedule *schedules;
  size_t schedule_count;
  int pranges;
  _Atomic unsigned char counts[CASES_SCHEDULES_MOST * AHEAD];
  _Atomic uint64_t through;
  struct findings *found;
};

static void run_ahead(ppar_team *team, void *arg) {
  struct ahead *ahead = arg;
  const int thread = ppar_team_thread(team);
  if (thread != 0) EXPECT(ahead->found, teams_await(&ahead->through, 1));
  for (size_t s = 0; s < ahead->schedule_count; s++) {
    const ppar_options *options = PPAR_OPTIONS(.schedule = ahead->schedules[s], .nowait = true);
    for (int p = 0; p < ahead->pranges; p++) {
      _Atomic unsigned char *count = &ahead->counts[s * AHEAD + (size_t)p];
      ppar_prange(team, i, p, p + SHORT, options) {
        EXPECT(ahead->found, i >= p && i < p + SHORT);
        atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
      }
    }
  }
  if (thread == 0) atomic_store(&ahead->through, 1);
}

static void check_ahead(const ppar_schedule *schedules, size_t schedule_count, int threads) {
  static struct ahead ahead;
  struct findings found = {0, NULL};
  ahead.found = &found;
  ahead.schedules = schedules;
  ahead.schedule_count = schedule_count;
  ahead.pranges = scale_is_small() ? AHEAD / 5 : AHEAD;
  atomic_store(&ahead.through, 0);
  for (size_t k = 0; k < CASES_SCHEDULES_MOST * AHEAD; k++) {
    atomic_store_explicit(&ahead.counts[k], 0, memory_order_relaxed);
  }
  EXPECT(&found, teams_run(threads, run_ahead, &ahead) == PPAR_OK);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int p = 0; p < ahead.pranges; p++) EXPECT(&found, atomic_load(&ahead.counts[s * AHEAD + (size_t)p]) == SHORT);
  }
  ASSERT_CLEAN(&found, case_text(&(struct loop_case){.schedule = schedules[0], .threads = threads}));
}

Test(prange_flow, a_thread_may_be_thousands_of_pranges_ahead) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) check_ahead(&schedules[s], 1, 2);
  check_ahead(schedules, schedule_count, 2);
  check_ahead(schedules, schedule_count, 3);
  check_ahead(&(ppar_schedule){PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0}, 1, 8);
}

/* A thread that has not come yet holds up nobody where the schedule shares. */
static void come_late(ppar_team *team, void *arg) {
  struct flow *flow = arg;
  const bool late = ppar_team_thread(team) == ppar_team_size(team) - 1;
  if (late) EXPECT(flow->found, teams_await(&flow->flag, 1));
  ppar_prange(team, i, 0, SPAN, PPAR_OPTIONS(.schedule = flow->schedule)) {
    EXPECT(flow->found, !late);
    atomic_fetch_add(&flow->counts[i], 1);
    /* The late one is let in by whoever runs the last iteration of all. */
    if (atomic_fetch_add(&flow->total, 1) == SPAN - 1) atomic_store(&flow->flag, 1);
  }
  EXPECT(flow->found, atomic_load(&flow->total) == SPAN);
}

Test(prange_flow, a_late_threads_part_is_taken_by_the_others) {
  static struct flow flow;
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  flow.found = &found;
  for (size_t s = 0; s < schedule_count; s++) {
    flow.schedule = schedules[s];
    const ppar_schedule_kind kind = flow.schedule.kind;
    if (kind == PPAR_SCHEDULE_STATIC || kind == PPAR_SCHEDULE_RUNTIME) continue;
    if (kind == PPAR_SCHEDULE_AUTO) continue; /* may well be static, where the loop was short the last time */
    for (size_t size = 1; size < TEAMS_SIZES; size++) run_flow(come_late, &flow, teams_sizes[size]);
  }
}

/* In called functions, with and without the team at hand, and outside. */
static void add_up(ppar_team *team, struct flow *flow) {
  ppar_prange(team, i, 0, SPAN, PPAR_OPTIONS(.schedule = flow->schedule)) {
    atomic_fetch_add(&flow->counts[i], 1);
    atomic_fetch_add(&flow->total, 1);
  }
}

static void call_twice(ppar_team *team, void *arg) {
  add_up(NULL, arg);
  add_up(team, arg);
}

static void expect_each(struct flow *flow, int times) {
  EXPECT(flow->found, atomic_load(&flow->total) == (uint64_t)(SPAN * times));
  for (int k = 0; k < SPAN; k++) EXPECT(flow->found, atomic_load(&flow->counts[k]) == times);
}

static void expect_twice(struct flow *flow, int threads) {
  (void)threads;
  expect_each(flow, 2);
}

Test(prange_flow, null_stands_for_the_innermost_regions_team) { sweep(call_twice, expect_twice); }

Test(prange_flow, outside_of_regions_is_the_serial_loop) {
  static struct flow flow;
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  flow.found = &found;
  for (size_t s = 0; s < schedule_count; s++) {
    int64_t next = 5;
    flow.schedule = schedules[s];
    clear(&flow);
    add_up(NULL, &flow);
    expect_each(&flow, 1);
    ppar_prange(NULL, i, 5, -50, PPAR_OPTIONS(.schedule = schedules[s], .step = -4)) {
      if (i == 1) continue;
      EXPECT(&found, i == next || (next == 1 && i == -3));
      EXPECT(&found, ppar_is_last(i) == (i == -47));
      next = i - 4;
      if (i < -30) break;
    }
    EXPECT(&found, next == -35);
    ppar_prange_2d(NULL, i, j, PPAR_BOUNDS(0, 20), PPAR_BOUNDS(0, 20), NULL) {
      atomic_fetch_add(&flow.counts[i * 20 + j], 1);
      atomic_fetch_add(&flow.total, 1);
    }
    expect_each(&flow, 2);
    ASSERT_CLEAN(&found, case_text(&(struct loop_case){.schedule = schedules[s]}));
  }
}
