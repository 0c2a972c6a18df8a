/* SPDX-License-Identifier: MIT */
/* team_lead.c: which lead a thread gets for a region, and what closing a pool and forking make of its team. */
#include "team/lead.h"

#include <pthread.h>
#include <string.h>

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "../support/scale.h"
#include "pool/pool.h"
#include "team/team.h"

TestSuite(team_lead, .timeout = SCALE_TIMEOUT);

/* No thread is ever started: the teams are made by hand, or not at all. */
static void begin_pool(ppar_pool *pool) {
  pp_pool_config config = {.threads = 4, .name = "test", .destroyable = true};
  memset(pool, 0, sizeof *pool);
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
}

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline)) pp_self *this_thread(void) { return pp_self_get(); }

static pp_lead *acquire(ppar_pool *pool, uint32_t threads) {
  pp_lead *lead = pp_lead_acquire(pool, this_thread(), threads);
  cr_assert_not_null(lead);
  cr_assert_eq(pp_load_relaxed(&lead->owned.busy), 1);
  cr_assert_eq(lead->owned.owner, this_thread());
  return lead;
}

static void give_team(ppar_pool *pool, pp_lead *lead, uint32_t capacity) {
  lead->team = pp_team_make(pool, capacity);
  cr_assert_not_null(lead->team);
}

/* --- Which lead ------------------------------------------------------------------------------------------------ */

Test(team_lead, a_released_lead_leads_the_next_region) {
  static ppar_pool pool;
  begin_pool(&pool);
  pp_lead *lead = acquire(&pool, 3);
  cr_expect_null(lead->team);
  for (uint32_t threads = 1; threads < 20; threads++) {
    pp_lead_release(lead);
    cr_expect_not(pp_pool_is_busy(&pool));
    cr_expect_eq(acquire(&pool, threads), lead);
    cr_expect(pp_pool_is_busy(&pool));
  }
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

Test(team_lead, regions_inside_regions_have_leads_of_their_own) {
  enum { DEPTH = 10 };
  static ppar_pool pool;
  pp_lead *leads[DEPTH];
  begin_pool(&pool);
  for (int d = 0; d < DEPTH; d++) {
    leads[d] = acquire(&pool, 2);
    for (int outer = 0; outer < d; outer++) cr_assert_neq(leads[d], leads[outer]);
  }
  for (int d = 0; d < DEPTH; d++) pp_lead_release(leads[d]);
  pp_pool_finish(&pool);
}

/* Of three leads the one with a team that is large enough; else one with a team, which then grows; else any. */
Test(team_lead, of_several_the_one_with_the_team_that_fits_is_taken) {
  for (int order = 0; order < 6; order++) {
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static ppar_pool pool;
    pp_lead *leads[3], *got;
    begin_pool(&pool);
    for (int k = 0; k < 3; k++) leads[orders[order][k]] = acquire(&pool, 2);
    give_team(&pool, leads[1], 8);
    give_team(&pool, leads[2], 20);
    for (int k = 0; k < 3; k++) pp_lead_release(leads[k]);
    got = acquire(&pool, 12);
    cr_expect_eq(got, leads[2]);
    got = acquire(&pool, 12);
    cr_expect_eq(got, leads[1], "the large one is busy");
    got = acquire(&pool, 12);
    cr_expect_eq(got, leads[0], "without a team, yet");
    for (int k = 0; k < 3; k++) pp_lead_release(leads[k]);
    got = acquire(&pool, 8);
    cr_expect(got == leads[1] || got == leads[2]);
    pp_lead_release(got);
    got = acquire(&pool, 100);
    cr_expect(got == leads[1] || got == leads[2]);
    pp_lead_release(got);
    pp_pool_finish(&pool);
  }
}

Test(team_lead, pools_do_not_share_leads) {
  static ppar_pool pools[2];
  begin_pool(&pools[0]);
  begin_pool(&pools[1]);
  pp_lead *one = acquire(&pools[0], 2);
  pp_lead_release(one);
  pp_lead *other = acquire(&pools[1], 2);
  cr_expect_neq(other, one);
  cr_expect_eq(acquire(&pools[0], 2), one);
  pp_lead_release(one);
  pp_lead_release(other);
  pp_pool_finish(&pools[0]);
  pp_pool_finish(&pools[1]);
}

static void *lead_and_end(void *arg) {
  pp_lead *lead = acquire(arg, 2);
  give_team(arg, lead, 8);
  pp_lead_release(lead);
  return lead;
}

Test(team_lead, an_ended_threads_team_is_anothers) {
  static ppar_pool pool;
  pthread_t thread;
  void *its = NULL;
  begin_pool(&pool);
  cr_assert_eq(pthread_create(&thread, NULL, lead_and_end, &pool), 0);
  pthread_join(thread, &its);
  pp_lead *lead = acquire(&pool, 2);
  cr_expect_eq(lead, its);
  cr_expect_not_null(lead->team);
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}

/* --- Closing, forking -------------------------------------------------------------------------------------------- */

/* Whether a region could start on each of the words that a caller may start first. */
static bool is_open(const pp_team *team) {
  uint32_t open = 0;
  for (uint32_t level = 0; level < team->seats[0].levels; level++) {
    pp_atomic_u64 *fork = &pp_team_node(team, level, 0)->fork;
    open += (pp_load_relaxed(fork) & PP_FORK_CLOSED) == 0;
  }
  cr_assert(open == 0 || open == team->seats[0].levels);
  return open != 0;
}

Test(team_lead, no_region_starts_on_a_closed_pools_teams) {
  static ppar_pool pool;
  begin_pool(&pool);
  pp_lead *none = acquire(&pool, 2), *small = acquire(&pool, 2), *large = acquire(&pool, 2);
  give_team(&pool, small, 8);
  give_team(&pool, large, 100);
  pp_lead_release(none);
  pp_lead_release(small);
  cr_expect_not(pp_pool_close(&pool), "one is in a region");
  cr_expect(is_open(small->team) && is_open(large->team));
  pp_lead_release(large);
  cr_expect(pp_pool_close(&pool));
  cr_expect(!is_open(small->team) && !is_open(large->team));
  pp_pool_finish(&pool);
}

/* As in a child that was forked while the team had three threads. Stages and memory for values are no real ones. */
static void renew(ppar_pool *pool, pp_lead *lead, bool own, bool torn) {
  static pp_worker workers[2];
  static pp_stage stage;
  static int scratch;
  give_team(pool, lead, 8);
  lead->team->manned = 3;
  for (uint32_t t = 1; t < 3; t++) pp_store_relaxed(&lead->team->seats[t].worker, &workers[t - 1]);
  for (uint32_t t = 0; t < 3; t++) {
    lead->team->seats[t].puller.oldest = lead->team->seats[t].puller.youngest = &stage;
    lead->team->seats[t].scratch = &scratch;
    lead->team->seats[t].scratch_size = sizeof scratch;
  }
  pp_cancel_lower(&lead->team->cancel, 1, 5);
  pp_store_relaxed(&lead->team->cancel.lock, 1);
  pp_store_relaxed(&lead->team->turns_lock, 1);
  (void)pp_pulse_prepare(&lead->team->hungry);
  lead->owned.type->renew(&lead->owned, own, torn);
}

static void expect_no_threads(pp_team *team) {
  cr_expect_eq(team->manned, 1);
  cr_expect(team->torn, "its threads may have passed different numbers of barriers");
  for (uint32_t t = 0; t < team->capacity; t++) cr_expect_null(pp_load_relaxed(&team->seats[t].worker));
  cr_expect_eq(pp_load_relaxed(&team->cancel.lock), 0);
  cr_expect_eq(pp_load_relaxed(&team->turns_lock), 0);
  cr_expect_not(pp_pulse_has_sleepers(&team->hungry));
}

/* Returns whether the seats still have what the threads allocated; takes it away in any case. */
static bool has_kept_memory(pp_team *team) {
  uint32_t kept = 0;
  for (uint32_t t = 0; t < 3; t++) {
    pp_seat *seat = &team->seats[t];
    cr_assert_eq(seat->scratch != NULL, seat->puller.oldest != NULL);
    kept += seat->scratch != NULL;
    seat->scratch = NULL;
    seat->puller.oldest = seat->puller.youngest = NULL;
  }
  cr_assert(kept == 0 || kept == 3);
  return kept != 0;
}

Test(team_lead, in_a_forked_child_a_team_has_no_threads) {
  static ppar_pool pool;
  begin_pool(&pool);
  pp_lead *idle = acquire(&pool, 2), *busy = acquire(&pool, 2), *torn = acquire(&pool, 2), *none = acquire(&pool, 2);
  pp_lead_release(idle);
  renew(&pool, idle, true, false);
  expect_no_threads(idle->team);
  cr_expect(has_kept_memory(idle->team), "nobody was using it");
  renew(&pool, busy, true, false);
  expect_no_threads(busy->team);
  cr_expect_not(has_kept_memory(busy->team), "the others were in the region that forked");
  cr_expect_eq(busy->team->cancel.status, 5, "which goes on in the child");
  renew(&pool, torn, false, true);
  expect_no_threads(torn->team);
  cr_expect_not(has_kept_memory(torn->team));
  cr_expect_eq(pp_load_relaxed(&torn->team->cancel.lowest), PP_CANCEL_NONE);
  none->owned.type->renew(&none->owned, true, false); /* has no team */
  pp_lead_release(busy);
  pp_lead_release(torn);
  pp_lead_release(none);
  pp_pool_finish(&pool);
}

/* Pages are copied at different moments while other threads go on: some of the child's are of a later region than
 * others are, and what was appended may be there without what it points to. */
Test(team_lead, in_a_forked_child_nothing_of_a_region_that_has_not_begun_there_counts) {
  static ppar_pool pool;
  begin_pool(&pool);
  pp_lead *lead = acquire(&pool, 2);
  give_team(&pool, lead, 8);
  pp_team *team = lead->team;
  const uint32_t latest = team->epoch = 1000, next = latest + 1;
  team->threads = 2;
  team->turns_made = 1;
  pp_store_relaxed(&team->turns.follow, (pp_turns *)(uintptr_t)PP_CACHE_LINE); /* no memory is there */
  for (uint32_t t = 1; t < 8; t++) pp_store_relaxed(&team->seats[t].claimed, next);
  pp_signal_advance(&team->nodes[0][0].end, next * PP_SIGNAL_STEP);
  pp_signal_advance(&team->seats[1].end, next * PP_SIGNAL_STEP);
  lead->owned.type->renew(&lead->owned, false, true);
  cr_expect_null(pp_load_relaxed(&team->turns.follow));
  cr_expect_eq(team->turns_made, 0);
  for (uint32_t t = 1; t < 8; t++)
    cr_expect_neq(pp_load_relaxed(&team->seats[t].claimed), next, "somebody may claim it");
  pp_team_catch_up(team, 2);
  cr_expect_not(pp_signal_has(&team->nodes[0][0].end, next * PP_SIGNAL_STEP), "its end is yet to come");
  cr_expect_not(pp_signal_has(&team->seats[1].end, next * PP_SIGNAL_STEP));
  pp_lead_release(lead);
  pp_pool_finish(&pool);
}
