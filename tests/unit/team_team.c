/* SPDX-License-Identifier: MIT */
/* team_team.c: a team's tree and its seats: who starts whom, which thread has which seat, and regions from the
 * inside. */
#include "team/team.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "api/sources.h"
#include "pool/pool.h"
#include "team/pair.h"
#include "team/recruit.h"
#include "team/region.h"

TestSuite(team_team, .timeout = SCALE_TIMEOUT);

static void begin_pool(ppar_pool *pool, int threads, int limit) {
  pp_pool_config config = {
      .threads = threads, .name = "unit", .thread_limit = limit, .destroyable = true, .sources = pp_sources};
  memset(pool, 0, sizeof *pool);
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
}

static pp_lead *lead_for(ppar_pool *pool, uint32_t threads) {
  pp_lead *lead = pp_lead_acquire(pool, pp_self_get(), threads);
  cr_assert_not_null(lead);
  return lead;
}

/* Of the lead that the calling thread got last. */
static pp_team *latest_team(void) {
  pp_owned *owned = pp_self_get()->owned[PP_OWNED_LEAD];
  return PP_OWNER_OF(pp_lead, owned, owned)->team;
}

/* --- The tree --------------------------------------------------------------------------------------------- */

/* Whose child a thread is: its number with the lowest octal digit that is not 0 made 0. */
static uint32_t parent_of(uint32_t thread) {
  uint32_t unit = 1;
  while (thread / unit % 8 == 0) unit *= 8;
  return thread - thread / unit % 8 * unit;
}

static uint32_t levels_below(uint32_t thread, uint32_t capacity) {
  uint32_t levels = 0;
  for (uint32_t unit = 8; levels < PP_TREE_LEVELS && unit / 8 < capacity && thread % unit == 0; unit *= 8) levels++;
  return levels;
}

/* In a region of so many threads, by a team of this capacity. */
static void check_tree(uint32_t threads, uint32_t capacity) {
  static uint32_t parents[PPAR_MAX_THREADS];
  memset(parents, 0xff, sizeof parents);
  for (uint32_t t = 0; t < threads; t++) {
    pp_seat seat = {.head.thread = t, .levels = levels_below(t, capacity)};
    uint32_t before = t;
    PP_FOR_EACH_CHILD(child, level, &seat, threads) {
      cr_assert(child > before && child < threads, "in rising order");
      cr_assert_eq(parents[child], UINT32_MAX, "a child of one");
      parents[child] = t;
      before = child;
    }
  }
  cr_assert_eq(parents[0], UINT32_MAX);
  for (uint32_t t = 1; t < threads; t++) cr_assert_eq(parents[t], parent_of(t));
}

Test(team_team, every_thread_but_the_caller_is_started_by_one_other) {
  uint64_t sample = 0;
  for (uint32_t threads = 1; threads <= 600; threads++) {
    if (!scale_keeps(&sample)) continue;
    check_tree(threads, threads);
    check_tree(threads, threads < 8 ? 8 : 2 * threads);
    check_tree(threads, PPAR_MAX_THREADS);
  }
  for (uint32_t threads = 601; threads <= PPAR_MAX_THREADS; threads += threads % 64 < 2 ? 1 : 61)
    check_tree(threads, threads);
  check_tree(PPAR_MAX_THREADS, PPAR_MAX_THREADS);
}

/* --- Teams ------------------------------------------------------------------------------------------------ */

/* The seats know their places, and each thread polls a node that its parent writes, which no other pair shares. */
static void check_seats(pp_team *team) {
  for (uint32_t t = 0; t < team->capacity; t++) {
    const pp_seat *seat = &team->seats[t];
    uint32_t level = 0;
    cr_assert(seat->team == team && seat->head.thread == t);
    cr_assert_eq(seat->levels, levels_below(t, team->capacity));
    if (t == 0) continue;
    while ((t - parent_of(t)) % pp_tree_distance(level + 1) == 0) level++;
    cr_assert_eq(seat->home, pp_team_node(team, level, parent_of(t)));
    cr_assert_lt(level, team->seats[parent_of(t)].levels);
  }
}

Test(team_team, a_team_grows_and_keeps_its_threads_where_they_are) {
  static const uint32_t sizes[] = {2, 3, 8, 9, 20, 12, 40};
  static ppar_pool pool;
  pp_worker *workers[64] = {0};
  begin_pool(&pool, 4, 64);
  pp_lead *lead = lead_for(&pool, 40);
  uint32_t known = 1;
  for (int s = 0; s < 7; s++) {
    cr_assert_eq(pp_team_fit(lead, sizes[s]), sizes[s]);
    pp_team *team = lead->team;
    cr_assert(team->capacity >= sizes[s] && team->manned >= sizes[s]);
    cr_assert_eq(team->threads, sizes[s]);
    check_seats(team);
    cr_assert_null(pp_load_relaxed(&team->seats[0].worker));
    for (uint32_t t = 1; t < team->manned; t++) {
      pp_worker *worker = pp_load_relaxed(&team->seats[t].worker);
      cr_assert_not_null(worker);
      cr_assert_eq(pp_load_relaxed(&worker->seat), &team->seats[t]);
      cr_assert_eq(worker->extra, t > 3, "regular workers come first");
      if (!worker->extra) cr_assert_eq(worker->number, t - 1);
      if (t < known) cr_assert_eq(worker, workers[t]);
      workers[t] = worker;
    }
    if (team->manned > known) known = team->manned;
  }
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

Test(team_team, a_team_is_crowded_where_the_pool_has_fewer_cpus_now) {
  static ppar_pool pool;
  begin_pool(&pool, 2, 8);
  pp_lead *lead = lead_for(&pool, 3);
  for (uint32_t cpus = 1; cpus <= 4; cpus++) {
    for (uint32_t threads = 1; threads <= 3; threads++) {
      pp_store_relaxed(&pool.cpus, cpus);
      cr_assert_eq(pp_team_fit(lead, threads), threads);
      cr_expect_eq(pp_load_relaxed(&lead->team->crowded), threads > cpus);
    }
  }
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

/* A seat's thread has left, and regions are smaller from then on: the first one looks at the seat, under the lock. */
Test(team_team, regions_that_need_no_vacant_seat_take_no_lock) {
  static ppar_pool pool;
  begin_pool(&pool, 1, 8);
  pp_lead *lead = lead_for(&pool, 6);
  cr_assert_eq(pp_team_fit(lead, 6), 6);
  pp_worker *worker = pp_load_relaxed(&lead->team->seats[3].worker);
  pp_lead_release(lead);
  while (pp_load_acquire(&lead->team->vacant) == 0) {
    pp_store_seq_cst(&worker->asked, 1);
    (void)pp_bell_wake(&worker->sleeper);
    sched_yield();
  }
  cr_assert_eq(lead_for(&pool, 3), lead);
  cr_expect_eq(pp_team_fit(lead, 3), 3);
  pthread_mutex_lock(&pool.lock);
  cr_expect_eq(pp_team_fit(lead, 3), 3);
  cr_expect_eq(pp_team_fit(lead, 2), 2);
  pthread_mutex_unlock(&pool.lock);
  cr_expect_eq(pp_team_fit(lead, 6), 6, "and those that need it have a thread there");
  cr_expect_neq(pp_load_relaxed(&lead->team->seats[3].worker), worker);
  cr_expect_eq(pp_load_relaxed(&lead->team->vacant), 0);
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

/* Each has twice as many seats as the one before, but the tree has no room for more than there may be threads. */
Test(team_team, a_team_has_no_more_seats_than_the_most_threads) {
  static ppar_pool pool;
  begin_pool(&pool, 1, 1);
  pp_lead *lead = lead_for(&pool, PPAR_MAX_THREADS);
  cr_assert_eq(pp_team_fit(lead, PPAR_MAX_THREADS / 2 + 2), 1);
  check_seats(lead->team);
  cr_assert_eq(pp_team_fit(lead, PPAR_MAX_THREADS / 2 + 3), 1);
  cr_expect_eq(lead->team->capacity, PPAR_MAX_THREADS);
  check_seats(lead->team);
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

Test(team_team, no_worker_has_seats_in_two_teams) {
  static ppar_pool pool;
  begin_pool(&pool, 4, 64);
  pp_lead *first = lead_for(&pool, 3), *second = lead_for(&pool, 6);
  cr_assert_neq(first, second);
  cr_assert_eq(pp_team_fit(first, 3), 3);
  cr_assert_eq(pp_team_fit(second, 6), 6);
  for (uint32_t t = 1; t < 6; t++) {
    pp_worker *worker = pp_load_relaxed(&second->team->seats[t].worker);
    for (uint32_t u = 1; u < 3; u++) cr_assert_neq(worker, pp_load_relaxed(&first->team->seats[u].worker));
    cr_assert_eq(worker->extra, t > 1, "one regular worker is left for it");
  }
  pp_lead_release(first);
  pp_lead_release(second);
  pp_pool_finish(&pool);
}

Test(team_team, a_team_is_as_large_as_the_limit_of_threads_lets_it_be) {
  static ppar_pool pool;
  begin_pool(&pool, 3, 5);
  pp_lead *lead = lead_for(&pool, 20);
  cr_assert_eq(pp_team_fit(lead, 20), 5);
  cr_assert_eq(pp_team_fit(lead, 4), 4);
  cr_assert_eq(pp_team_fit(lead, 20), 5);
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

Test(team_team, a_team_that_cannot_grow_has_a_thread_for_each_seat) {
  static ppar_pool pool;
  if (!limits_may_use_up()) cr_skip_test("needs a process whose memory can be limited");
  begin_pool(&pool, 3, PPAR_MAX_THREADS);
  pp_lead *lead = lead_for(&pool, 2);
  cr_assert_eq(pp_team_fit(lead, 2), 2);
  cr_assert(limits_memory(1u << 20));
  cr_assert(limits_use_up());
  const uint32_t threads = pp_team_fit(lead, PPAR_MAX_THREADS);
  limits_lift();
  cr_assert(threads >= 2 && threads <= lead->team->capacity, "%u threads", (unsigned)threads);
  cr_assert_eq(lead->team->threads, threads);
  for (uint32_t t = 1; t < threads; t++) cr_assert_not_null(pp_load_relaxed(&lead->team->seats[t].worker));
  cr_assert_eq(pp_team_fit(lead, 100), 100);
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

/* --- Regions ---------------------------------------------------------------------------------------------- */

struct seen {
  pp_atomic_u32 threads; /* that have come to the region's end */
  uint32_t size;
  bool closes; /* tries to close the pool */
  ppar_pool *pool;
  pp_scope scope;
  struct findings found;
};

static void see(pp_seat *team, void *arg) {
  struct seen *seen = arg;
  if (ppar_team_thread(team) == 0) {
    seen->size = (uint32_t)ppar_team_size(team);
    seen->scope = *pp_self_get()->place.scope;
    if (seen->closes) EXPECT(&seen->found, !pp_pool_close(seen->pool));
  }
  if (ppar_team_thread(team) == 1) nanosleep(&(struct timespec){0, 2000 * 1000}, NULL);
  pp_add_relaxed(&seen->threads, 1);
}

static void see_alone(pp_seat *team, void *arg) { *(uint32_t *)arg += (uint32_t)ppar_team_size(team); }

static void expect_region(struct seen *seen, uint32_t threads) {
  pp_store_relaxed(&seen->threads, 0);
  cr_assert_eq(pp_region_run(seen->pool, see, seen, threads, 0, NULL), PPAR_OK);
  cr_assert_eq(pp_load_relaxed(&seen->threads), threads, "all have ended");
  cr_assert_eq(seen->size, threads);
  ASSERT_CLEAN(&seen->found, "a region");
}

/* As if so many more had run after the latest. */
static void pass_regions_of_two(pp_team *team, uint32_t count) {
  team->epoch += count;
  pp_signal_reset(pp_team_end(team, 1, 2), team->epoch * PP_SIGNAL_STEP);
}

/* Two threads end at a word of their own, and the others' words grow old meanwhile. */
Test(team_team, a_region_ends_after_its_threads_however_many_smaller_ones_came_before) {
  static ppar_pool pool;
  static struct seen seen = {.pool = &pool};
  begin_pool(&pool, 3, 64);
  for (uint32_t back = 0; back < 2; back++) {
    expect_region(&seen, 3);
    expect_region(&seen, 2);
    pass_regions_of_two(latest_team(), (UINT32_C(1) << 25) + 10);
    expect_region(&seen, 2);
    expect_region(&seen, 3);
    expect_region(&seen, 9);
  }
  pp_pool_finish(&pool);
}

/* A task of a group that was begun outside of everything has depth 0, and a scope. */
Test(team_team, a_region_is_inside_of_what_it_is_begun_in) {
  static ppar_pool pool;
  static struct seen seen = {.pool = &pool};
  static const int group[2];
  pp_self *self = pp_self_get();
  begin_pool(&pool, 3, 64);
  for (int round = 0; round < 6; round++) {
    pp_scope outer;
    const void *now = &group[round % 3 % 2];
    pp_scope_enter(&outer, NULL, now);
    self->place.scope = round % 3 == 2 ? NULL : &outer;
    expect_region(&seen, 2);
    self->place.scope = NULL;
    cr_assert_eq(seen.scope.depth, round % 3 == 2 ? 1 : 2);
    cr_assert_eq(seen.scope.inside[0], latest_team());
    if (seen.scope.depth == 2) cr_assert_eq(seen.scope.inside[1], now);
  }
  pp_pool_finish(&pool);
}

Test(team_team, a_closed_pool_has_regions_of_one_thread) {
  static ppar_pool pool;
  static struct seen seen = {.pool = &pool};
  uint32_t sizes = 0;
  begin_pool(&pool, 3, 64);
  expect_region(&seen, 3);
  seen.closes = true;
  for (uint32_t threads = 2; threads < 20; threads++) expect_region(&seen, threads); /* a busy pool stays open */
  cr_assert(pp_pool_close(&pool));
  for (uint32_t threads = 2; threads < 100; threads++)
    cr_assert_eq(pp_region_run(&pool, see_alone, &sizes, threads, 0, NULL), PPAR_OK);
  pp_pool_stop(&pool);
  for (uint32_t threads = 2; threads < 100; threads++)
    cr_assert_eq(pp_region_run(&pool, see_alone, &sizes, threads, 0, NULL), PPAR_OK);
  cr_assert_eq(sizes, 2 * 98);
  pp_pool_finish(&pool);
}
