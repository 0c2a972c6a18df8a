/* SPDX-License-Identifier: MIT */
/* region_cancel.c: a cancelled region waits nowhere, hands out nothing more and says why; the next one is as any. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(region_cancel, .timeout = SCALE_TIMEOUT);

struct cancelled {
  int threads;
  uint64_t round;
  _Atomic uint64_t came, flag, iterations;
  const void *invalid; /* what the construct is given */
  struct findings *found;
};

/* A region in which everything works. */
static void work_together(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const int64_t size = ppar_team_size(team);
  int64_t value = -1, sum = 0;
  EXPECT(cancelled->found, !ppar_region_is_canceled(team) && !ppar_region_is_canceled(NULL));
  EXPECT(cancelled->found, teams_meet(&cancelled->came, (uint64_t)size));
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = ppar_dynamic(7))) {
    atomic_fetch_add(&cancelled->iterations, 1);
  }
  EXPECT(cancelled->found, atomic_load(&cancelled->iterations) == 100);
  if (ppar_single(team)) value = 5;
  ppar_copyprivate(team, &value, sizeof value);
  ppar_team_reduce(team, &value, &sum, &ppar_sum_i64);
  EXPECT(cancelled->found, value == 5 && sum == 5 * size);
}

static void prepare(struct cancelled *cancelled, int threads) {
  cancelled->threads = threads;
  atomic_store(&cancelled->came, 0);
  atomic_store(&cancelled->flag, 0);
  atomic_store(&cancelled->iterations, 0);
}

static void expect_status(ppar_region *region, struct cancelled *cancelled, int threads, int status) {
  char text[32];
  prepare(cancelled, threads);
  EXPECT(cancelled->found, teams_run(threads, region, cancelled) == status);
  prepare(cancelled, threads);
  EXPECT(cancelled->found, teams_run(threads, work_together, cancelled) == PPAR_OK);
  snprintf(text, sizeof text, "T = %d", threads);
  ASSERT_CLEAN(cancelled->found, text);
}

/* Which threads cancel is the round's bits. */
static void cancel_some(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const int thread = ppar_team_thread(team);
  if (work_hash((int64_t)cancelled->round + thread) % 2 == 0) work_spin(1000);
  if ((cancelled->round >> thread & 1) == 0) return;
  ppar_cancel_region(thread % 2 == 0 ? team : NULL, thread + 1);
  EXPECT(cancelled->found, ppar_region_is_canceled(team) && ppar_region_is_canceled(NULL));
}

/* Whoever has cancelled gets nothing of any prange from then on. */
static void prange_afterwards(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const ppar_schedule schedules[] = {ppar_auto(),    ppar_static(0),  ppar_static(1),
                                     ppar_static(3), ppar_dynamic(1), ppar_guided(1)};
  ppar_cancel_region(team, 9);
  for (size_t s = 0; s < sizeof schedules / sizeof *schedules; s++) {
    ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = schedules[s])) {
      EXPECT(cancelled->found, i < 0);
    }
    ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = schedules[s], .nowait = true)) {
      EXPECT(cancelled->found, i < 0);
    }
  }
}

Test(region_cancel, hands_out_nothing_afterwards) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) expect_status(prange_afterwards, &cancelled, teams_sizes[size], 9);
}

Test(region_cancel, ends_with_the_status_of_the_lowest_thread) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (int threads = 1; threads < 9; threads++) {
    for (cancelled.round = 0; cancelled.round < UINT64_C(1) << threads; cancelled.round++) {
      int lowest = 0;
      while (lowest < threads && (cancelled.round >> lowest & 1) == 0) lowest++;
      expect_status(cancel_some, &cancelled, threads, lowest == threads ? PPAR_OK : lowest + 1);
      if (scale_is_small()) cancelled.round += 6;
    }
  }
}

static void cancel_with_zero(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_masked(team, ppar_team_size(team) - 1)) ppar_cancel_region(team, 0);
  ppar_barrier(team);
}

static void cancel_with_the_librarys_own(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_master(team)) ppar_cancel_region(team, PPAR_ENOMEM);
}

static void cancel_around(const ppar_chunk *chunk, void *team) {
  teams_sleep(20);
  ppar_for_each_index(i, chunk) ppar_cancel_region(team, (int)i);
}

static void cancel_in_a_loop(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const ppar_options *options = PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1));
  EXPECT(cancelled->found, ppar_parallel_for(1, 100, cancel_around, team, options) == PPAR_OK);
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
}

/* ThreadSanitizer looks on. */
Test(region_cancel, from_bodies_of_loops_inside_on_any_thread) {
  struct findings found = {0, NULL};
  for (int round = 0; round < 20; round++) {
    for (int threads = 1; threads < 4; threads++) {
      struct cancelled cancelled = {.found = &found};
      const int status = teams_run(threads, cancel_in_a_loop, &cancelled);
      EXPECT(&found, status >= 1 && status < 100);
    }
  }
  ASSERT_CLEAN(&found, "cancellations on other threads");
}

Test(region_cancel, takes_zero_for_canceled) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    expect_status(cancel_with_zero, &cancelled, teams_sizes[size], PPAR_ECANCELED);
    expect_status(cancel_with_the_librarys_own, &cancelled, teams_sizes[size], PPAR_ENOMEM);
  }
}

/* Ways to wait for a thread that does not come. */
static void in_barrier(ppar_team *team) { ppar_barrier(team); }

static void in_reduce(ppar_team *team) {
  int64_t mine = 1, result = 0;
  ppar_team_reduce(team, &mine, &result, &ppar_sum_i64);
}

static void in_scan(ppar_team *team) {
  int64_t mine = 1, result = 0;
  ppar_team_scan(team, &mine, &result, &ppar_sum_i64);
}

static void in_exscan(ppar_team *team) {
  int64_t mine = 1, result = 0;
  ppar_team_exscan(team, &mine, &result, &ppar_sum_i64);
}

/* The winner may be the one that does not come to the copy. */
static void in_copyprivate(ppar_team *team) {
  int64_t value = 1;
  ppar_copyprivate(team, &value, sizeof value);
}

static void in_prange(ppar_team *team) {
  ppar_prange(team, i, 0, 1000, NULL) {
    work_yield();
  }
}

static void in_prange_2d(ppar_team *team) {
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 30), PPAR_BOUNDS(0, 30), NULL) {
    work_spin((uint64_t)(i + j));
  }
}

static void in_sections(ppar_team *team) {
  ppar_sections(team) {
    ppar_section { work_yield(); }
    ppar_section { work_yield(); }
  }
}

/* Static gives the first iteration to thread 0, which is the one that does not come. */
static void in_ordered(ppar_team *team) {
  ppar_prange(team, i, 0, 1000, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    ppar_ordered_begin(team, i);
    ppar_ordered_end(team, i);
  }
}

static void (*const waits[])(ppar_team *) = {in_barrier, in_reduce,    in_scan,     in_exscan, in_copyprivate,
                                             in_prange,  in_prange_2d, in_sections, in_ordered};
enum { WAITS = sizeof waits / sizeof waits[0] };

static void wait_for_a_canceller(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const int thread = ppar_team_thread(team);
  EXPECT(cancelled->found, !ppar_region_is_canceled(team));
  ppar_single(team);
  EXPECT(cancelled->found, teams_meet(&cancelled->came, (uint64_t)cancelled->threads));
  if (thread == 0) {
    /* meanwhile some spin, some sleep */
    if (cancelled->round / WAITS % 3 == 1) work_spin(50000);
    if (cancelled->round / WAITS % 3 == 2) teams_sleep(3000);
    ppar_cancel_region(team, 7);
    return;
  }
  waits[cancelled->round % WAITS](team);
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
  /* From now on nothing waits and pranges are empty. */
  for (int k = 0; k < 3 * WAITS; k++) waits[k % WAITS](team);
  ppar_prange(team, i, 0, 1000, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    atomic_fetch_add(&cancelled->iterations, 1);
  }
  ppar_prange(NULL, i, 0, 1000, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = true)) {
    atomic_fetch_add(&cancelled->iterations, 1);
  }
  EXPECT(cancelled->found, atomic_load(&cancelled->iterations) == 0);
}

Test(region_cancel, lets_go_of_all_that_wait) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (size_t size = 1; size < TEAMS_SIZES; size++) {
    for (cancelled.round = 0; cancelled.round < 6 * WAITS; cancelled.round++) {
      expect_status(wait_for_a_canceller, &cancelled, teams_sizes[size], 7);
    }
  }
}

/* All are in an iteration as one of them cancels. Chunks are of four. */
static void cancel_in_a_prange(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  int met = 0;
  ppar_prange(team, i, 0, 100000, PPAR_OPTIONS(.schedule = ppar_monotonic(ppar_dynamic(4)))) {
    if (met++ == 0) {
      EXPECT(cancelled->found, teams_meet(&cancelled->came, (uint64_t)cancelled->threads));
      if (ppar_team_thread(team) == 0) {
        ppar_cancel_region(team, 9);
        atomic_store(&cancelled->flag, 1);
      }
      EXPECT(cancelled->found, teams_await(&cancelled->flag, 1));
      EXPECT(cancelled->found, ppar_region_is_canceled(team));
    }
  }
  EXPECT(cancelled->found, met <= 4);
}

Test(region_cancel, pranges_hand_out_nothing_further) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (uint64_t round = 0; round < scaled(65); round++) {
    expect_status(cancel_in_a_prange, &cancelled, teams_sizes[1 + round % (TEAMS_SIZES - 1)], 9);
  }
}

/* An inner region's end is none of the outer one's business. */
static void cancel_inside(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  EXPECT(cancelled->found, teams_run(3, cancel_with_zero, NULL) == PPAR_ECANCELED);
  EXPECT(cancelled->found, !ppar_region_is_canceled(team));
  ppar_barrier(team);
  atomic_fetch_add(&cancelled->came, 1);
  ppar_barrier(team);
  EXPECT(cancelled->found, atomic_load(&cancelled->came) == (uint64_t)cancelled->threads);
}

Test(region_cancel, of_an_inner_region_leaves_the_outer_one) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  cancelled.found = &found;
  for (size_t size = 0; size + 1 < TEAMS_SIZES; size++) {
    expect_status(cancel_inside, &cancelled, teams_sizes[size], PPAR_OK);
  }
}

Test(region_cancel, outside_of_regions_cancels_nothing) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  ppar_cancel_region(NULL, 5);
  cr_assert_not(ppar_region_is_canceled(NULL));
  prepare(&cancelled, 3);
  cr_assert_eq(teams_run(3, work_together, &cancelled), PPAR_OK);
  ASSERT_CLEAN(&found, "a region after a cancellation outside");
}

/* Constructs that refuse what they are given. */
static void run_invalid_prange(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  ppar_prange(team, i, 0, 100, (const ppar_options *)cancelled->invalid) {
    atomic_fetch_add(&cancelled->iterations, 1);
  }
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
  EXPECT(cancelled->found, atomic_load(&cancelled->iterations) == 0);
}

static void run_invalid_prange_2d(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 5), PPAR_BOUNDS(0, 5), (const ppar_options *)cancelled->invalid) {
    atomic_fetch_add(&cancelled->iterations, 1 + (uint64_t)(i + j));
  }
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
  EXPECT(cancelled->found, atomic_load(&cancelled->iterations) == 0);
}

static void run_invalid_grid(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  const ppar_bounds *dim = cancelled->invalid;
  ppar_prange_3d(team, i, j, k, dim[0], dim[1], dim[2], NULL) {
    atomic_fetch_add(&cancelled->iterations, 1 + (uint64_t)(i + j));
  }
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
  EXPECT(cancelled->found, atomic_load(&cancelled->iterations) == 0);
}

Test(region_cancel, pranges_refuse_invalid_options) {
  static const ppar_options invalid[] = {
      {.schedule = {(ppar_schedule_kind)99, PPAR_ORDER_DEFAULT, 0}},
      {.schedule = {(ppar_schedule_kind)-1, PPAR_ORDER_DEFAULT, 0}},
      {.schedule = {PPAR_SCHEDULE_DYNAMIC, (ppar_schedule_order)7, 0}},
      {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, -1}},
      {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, INT64_MIN}},
      {.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 1}, .nowait = true},
      {.schedule = {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, 5}, .ordered = true},
  };
  static const ppar_options stepping = {.step = 1};
  static const ppar_bounds grids[][3] = {{{0, 5, 0}, {0, 5, 1}, {0, 5, 1}},
                                         {{0, 5, 1}, {0, 5, 0}, {0, 5, 1}},
                                         {{0, 5, 1}, {0, 5, 1}, {5, 0, 0}},
                                         {{0, INT64_MAX, 1}, {0, 2, 1}, {0, 1, 1}},
                                         {{INT64_MIN, INT64_MAX, 1}, {0, 1, 1}, {0, 1, 1}},
                                         {{0, 1 << 21, 1}, {0, 1 << 21, 1}, {0, 1 << 21, 1}}};
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    for (size_t k = 0; k < sizeof invalid / sizeof invalid[0]; k++) {
      cancelled.invalid = &invalid[k];
      expect_status(run_invalid_prange, &cancelled, teams_sizes[size], PPAR_EINVAL);
      expect_status(run_invalid_prange_2d, &cancelled, teams_sizes[size], PPAR_EINVAL);
    }
    cancelled.invalid = &stepping;
    expect_status(run_invalid_prange_2d, &cancelled, teams_sizes[size], PPAR_EINVAL);
    for (size_t k = 0; k < sizeof grids / sizeof grids[0]; k++) {
      cancelled.invalid = grids[k];
      expect_status(run_invalid_grid, &cancelled, teams_sizes[size], PPAR_EINVAL);
    }
  }
}

static void run_invalid_reduction(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  int64_t mine = 1, result = 3;
  switch (cancelled->round % 6) {
    case 0: ppar_team_reduce(team, &mine, &result, cancelled->invalid); break;
    case 1: ppar_team_scan(team, &mine, &result, cancelled->invalid); break;
    case 2: ppar_team_exscan(team, &mine, &result, cancelled->invalid); break;
    case 3: ppar_team_reduce(team, NULL, &result, &ppar_sum_i64); break;
    case 4: ppar_team_reduce(team, &mine, NULL, &ppar_sum_i64); break;
    default: ppar_team_exscan(team, &mine, NULL, &ppar_sum_i64); break;
  }
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
  EXPECT(cancelled->found, mine == 1 && result == 3);
}

static void do_nothing(void *into, const void *from) { (void)into, (void)from; }

Test(region_cancel, reductions_refuse_invalid_arguments) {
  static const ppar_reduction invalid[] = {{0, NULL, do_nothing}, {sizeof(int64_t), NULL, NULL}};
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  cancelled.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    for (cancelled.round = 0; cancelled.round < 18; cancelled.round++) {
      cancelled.invalid = cancelled.round < 6 ? NULL : &invalid[cancelled.round / 6 - 1];
      expect_status(run_invalid_reduction, &cancelled, teams_sizes[size], PPAR_EINVAL);
    }
  }
}

/* Pranges that share have their first need of memory here. */
static void share_without_memory(ppar_team *team, void *arg) {
  struct cancelled *cancelled = arg;
  ppar_barrier(team);
  if (ppar_master(team)) EXPECT(cancelled->found, limits_memory(0));
  ppar_barrier(team);
  EXPECT(cancelled->found, limits_use_up());
  ppar_barrier(team);
  ppar_prange(team, i, 0, 1000, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    atomic_fetch_add(&cancelled->iterations, 1);
  }
  EXPECT(cancelled->found, ppar_region_is_canceled(team));
}

Test(region_cancel, pranges_without_memory_cancel) {
  static struct cancelled cancelled;
  struct findings found = {0, NULL};
  if (!limits_may_use_up()) cr_skip_test("needs a process whose memory can be limited");
  cancelled.found = &found;
  int status = teams_run(2, share_without_memory, &cancelled);
  limits_lift();
  cr_assert_eq(status, PPAR_ENOMEM, "status %d", status);
  cr_assert_eq(atomic_load(&cancelled.iterations), 0);
  prepare(&cancelled, 2);
  cr_assert_eq(teams_run(2, work_together, &cancelled), PPAR_OK);
  ASSERT_CLEAN(&found, "pranges without memory");
}
