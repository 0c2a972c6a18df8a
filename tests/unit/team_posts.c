/* SPDX-License-Identifier: MIT */
/* team_posts.c: threads that tell how far they are, and others that wait for it, awake and asleep; a cancellation lets
 * these go. Regions whose calling thread is in them from one call to another. */
#include <ppar/ppar.h>

#include "../support/scale.h"
#include "../support/teams.h"
#include "team/posts.h"
#include "team/region.h"
#include "team/team.h"

#include <criterion/criterion.h>

TestSuite(team_posts, .timeout = SCALE_TIMEOUT);

enum { MOST = 33, STEPS = 300 };

/* A relay: at each step a thread waits until the one before it has come further, the first one for the last. */
struct relay {
  pp_atomic_u64 words[MOST];
  uint64_t steps[MOST];
  bool broken;
};

static void run_relay(ppar_team *team, void *arg) {
  struct relay *relay = arg;
  const uint64_t size = (uint64_t)ppar_team_size(team), mine = (uint64_t)ppar_team_thread(team);
  const uint64_t before = (mine + size - 1) % size;
  for (uint64_t step = 1; step <= STEPS; step++) {
    const uint64_t wanted = mine == 0 ? step - 1 : step;
    if (!pp_post_await(team, &relay->words[before], before, wanted) || relay->steps[before] < wanted)
      relay->broken = true;
    relay->steps[mine] = step;
    pp_post(team, &relay->words[mine], mine, step);
  }
}

Test(team_posts, are_awaited_one_after_the_other) {
  static const int sizes[] = {2, 3, 9, MOST};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    struct relay relay = {.broken = false};
    cr_assert_eq(teams_run(sizes[s], run_relay, &relay), PPAR_OK);
    cr_expect_not(relay.broken, "%d threads", sizes[s]);
  }
}

/* All but one wait for what nobody posts, long enough to sleep. */
static void run_canceled(ppar_team *team, void *arg) {
  struct relay *relay = arg;
  if (ppar_team_thread(team) == 0) {
    const struct timespec while_they_fall_asleep = {.tv_nsec = 20000000};
    (void)nanosleep(&while_they_fall_asleep, NULL);
    ppar_cancel_region(team, 7);
  } else if (pp_post_await(team, &relay->words[0], (uint64_t)ppar_team_thread(team), 1)) {
    relay->broken = true;
  }
}

Test(team_posts, a_cancellation_lets_go_who_waits) {
  struct relay relay = {.broken = false};
  cr_expect_eq(teams_run(9, run_canceled, &relay), 7);
  cr_expect_not(relay.broken);
}

/* --- Regions in two calls --------------------------------------------------------------------------------- */

struct visit {
  _Atomic uint64_t came;
  _Atomic int wrong;
};

static void visit(ppar_team *team, void *arg) {
  struct visit *v = arg;
  if (team != ppar_team_current() || ppar_thread_num() != ppar_team_thread(team)) atomic_store(&v->wrong, 1);
  ppar_barrier(team);
  atomic_fetch_add(&v->came, UINT64_C(1) << 8 * ppar_team_thread(team));
}

static void begin_and_end(int threads, int inner) {
  struct visit v = {0, 0};
  pp_open_region *open = ppar_alloc(sizeof *open);
  ppar_team *around = ppar_team_current(), *seat;
  uint64_t all = 0;
  cr_assert_not_null(open);
  seat = pp_region_begin(open, ppar_pool_default(), visit, &v, (uint32_t)threads, 0);
  cr_expect_eq(ppar_team_size(NULL), threads);
  cr_expect_eq(ppar_team_thread(NULL), 0);
  if (inner > 0) begin_and_end(inner, 0);
  visit(seat, &v);
  cr_expect_eq(pp_region_end(open), PPAR_OK);
  for (int t = 0; t < threads; t++) all |= UINT64_C(1) << 8 * t;
  cr_expect_eq(v.came, all);
  cr_expect_eq(v.wrong, 0);
  cr_expect_eq(ppar_team_current(), around);
  ppar_free(open);
}

Test(team_posts, a_region_lasts_from_one_call_to_another) {
  for (int round = 0; round < 20; round++) {
    for (int threads = 1; threads <= 8; threads *= 2) begin_and_end(threads, round % 4);
  }
  cr_expect_eq(ppar_num_threads(), 1);
}
