/* SPDX-License-Identifier: MIT */
/* await.c: a team's thread waits for another: it spins, takes part in loops begun inside the region, and parks.
 *
 * With more threads than CPUs it gives its CPU away at each look instead: the thread that it waits for needs one. */
#include "platform/clock.h"
#include "pool/check.h"
#include "pool/help.h"
#include "pool/pool.h"
#include "pool/team.h"
#include "pool/wait.h"

enum {
  PP_QUICK_LOOKS = 30, /* a few microseconds, before the clock is asked */
  PP_HELP_NS = 2000    /* between two searches for loops to take part in */
};

static bool look(ppar_team *seat, pp_signal *signal, uint32_t target, bool stubborn, bool *let_go) {
  if (pp_signal_has(signal, target)) return true;
  *let_go = !stubborn && pp_crew_is_canceled(seat->crew);
  return *let_go;
}

/* Sleeps until the signal comes or everybody is made to look again. */
static bool park(ppar_team *seat, pp_signal *signal, uint32_t target, ppar_team *awaited, bool stubborn, bool *let_go) {
  uint32_t word;
  if (!pp_signal_sleep(signal, target, &word)) return true;
  if (!stubborn && pp_crew_is_canceled(seat->crew)) {
    *let_go = true;
    return true;
  }
  if (awaited != NULL && !stubborn) pp_check_awaited(seat, signal, target, awaited);
  pp_signal_park(signal, word);
  return look(seat, signal, target, stubborn, let_go);
}

bool pp_await_slowly(ppar_team *seat, pp_signal *signal, uint32_t target, ppar_team *awaited, bool stubborn) {
  pp_crew *crew = seat->crew;
  uint64_t help_ticks = pp_ticks_from_ns(PP_HELP_NS), helped;
  bool let_go = false, crowded = pp_load_relaxed(&crew->crowded) != 0;
  pp_wait wait;
  for (int k = 0; k < PP_QUICK_LOOKS && !crowded; k++) {
    for (int n = 0; n < PP_LOOKS_PER_PAUSE; n++) {
      if (pp_signal_has(signal, target)) return true;
    }
    pp_pause();
  }
  wait = pp_wait_start(crew->spin_ticks);
  helped = wait.start;
  while (!look(seat, signal, target, stubborn, &let_go)) {
    if (wait.last - helped >= help_ticks) {
      if (pp_help(crew->pool, crew)) wait = pp_wait_start(crew->spin_ticks);
      helped = wait.last;
      if (awaited != NULL && !stubborn) pp_check_awaited(seat, signal, target, awaited);
    }
    if (crowded ? pp_wait_yield(&wait) : pp_wait_spin(&wait)) continue;
    if (awaited != NULL) (void)pp_crew_substitute(awaited, seat->fork_epoch);
    if (park(seat, signal, target, awaited, stubborn, &let_go)) break;
    wait = pp_wait_start(crew->spin_ticks);
  }
  return !let_go;
}
