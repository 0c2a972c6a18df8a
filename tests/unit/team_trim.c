/* SPDX-License-Identifier: MIT */
/* team_trim.c: what a team keeps when its threads have run far ahead of each other. */
#include <ppar/ppar.h>

#include "../support/scale.h"
#include "../support/teams.h"
#include "pool/self.h"
#include "schedule/tuning.h"
#include "team/lead.h"
#include "team/team.h"

#include <criterion/criterion.h>

TestSuite(team_trim, .timeout = SCALE_TIMEOUT);

enum { AHEAD = 10 * PP_KEPT_STAGES };

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline)) pp_self *this_thread(void) { return pp_self_get(); }

static pp_team *team_of_thread(void) { return PP_OWNER_OF(pp_lead, owned, this_thread()->owned[PP_OWNED_LEAD])->team; }

static void run_ahead(ppar_team *team, void *arg) {
  _Atomic uint64_t *ahead = arg;
  if (ppar_team_thread(team) == 0) {
    (void)teams_await(ahead, 1);
  }
  for (int k = 0; k < AHEAD; k++) {
    ppar_prange(team, i, 0, 8, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
      (void)i;
    }
    ppar_prange(team, i, 0, 8, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true, .ordered = true)) {
      if (ppar_team_thread(team) == 0 || k < 2 * PP_KEPT_TURNS) {
        ppar_ordered_begin(team, i);
        ppar_ordered_end(team, i);
      }
    }
  }
  atomic_store(ahead, 1);
}

static uint32_t count_stages(const pp_seat *seat) {
  uint32_t count = 0;
  for (const pp_stage *stage = seat->puller.oldest; stage != NULL; stage = stage->younger) count++;
  return count;
}

static uint32_t count_turns(pp_team *team) {
  uint32_t count = 0;
  for (pp_turns *turns = pp_load_relaxed(&team->turns.follow); turns != NULL; turns = pp_load_relaxed(&turns->follow))
    count++;
  return count;
}

Test(team_trim, what_a_region_needed_beyond_the_usual_is_given_back) {
  for (int region = 0; region < 3; region++) {
    _Atomic uint64_t ahead = 0;
    cr_assert_eq(teams_run(2, run_ahead, &ahead), PPAR_OK);
    pp_team *team = team_of_thread();
    for (uint32_t t = 0; t < 2; t++) {
      cr_expect_leq(count_stages(&team->seats[t]), PP_KEPT_STAGES);
      cr_expect_eq(count_stages(&team->seats[t]), team->seats[t].puller.made);
    }
    cr_expect_leq(count_turns(team), PP_KEPT_TURNS);
    cr_expect_eq(pp_load_relaxed(&team->swollen), 0);
  }
}
