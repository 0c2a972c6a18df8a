/* SPDX-License-Identifier: MIT */
/* await.c: a team's thread waits for another: it spins, takes part in loops begun inside the region, and parks.
 *
 * With more threads than CPUs it gives its CPU away at each look instead: the thread that it waits for needs one. */
#include "platform/clock.h"
#include "pool/help.h"
#include "pool/pool.h"
#include "pool/spin.h"
#include "team/check.h"
#include "team/team.h"

enum {
  PP_QUICK_LOOKS = 20, /* about a microsecond, before the clock is asked */
  PP_HELP_NS = 2000    /* between two searches for loops to take part in */
};

/* One wait, and what it has come to. */
typedef struct awaiting {
  pp_seat *seat;
  pp_signal *signal;
  uint32_t target;
  pp_seat *awaited;
  bool stubborn, let_go;
} awaiting;

static bool is_over(void *arg) {
  awaiting *a = arg;
  if (pp_signal_has(a->signal, a->target)) return true;
  a->let_go = !a->stubborn && pp_team_is_canceled(a->seat->team);
  return a->let_go;
}

static void check(const awaiting *a) {
  if (a->awaited != NULL && !a->stubborn) pp_check_awaited(a->seat, a->signal, a->target, a->awaited);
}

static void nudge(void *signal) { pp_signal_nudge(signal); }

/* Sleeps until the signal comes or there is something else to do. heard: before the last look for loops. */
static void park(awaiting *a, uint32_t heard) {
  struct ppar_pool *pool = a->seat->team->pool;
  pp_waiter waiter = {.ancestor = a->seat->team, .wake = nudge, .arg = a->signal};
  uint32_t word;
  if (!pp_signal_sleep(a->signal, a->target, &word)) return;
  if (!pp_waiters_add(pool, &waiter, heard)) return;
  if (!is_over(a)) {
    check(a);
    pp_signal_park(a->signal, word);
  }
  pp_waiters_remove(pool, &waiter);
}

bool pp_await_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn) {
  pp_team *team = seat->team;
  awaiting a = {seat, signal, target, awaited, stubborn, false};
  pp_awaited inside = {team, is_over, &a};
  bool crowded = pp_load_relaxed(&team->crowded) != 0;
  uint64_t help_ticks, helped;
  uint32_t heard;
  pp_wait wait;
  for (int k = 0; k < PP_QUICK_LOOKS && !crowded; k++) {
    if (pp_signal_has(signal, target)) return true;
    pp_pause();
  }
  help_ticks = pp_ticks_from_ns(PP_HELP_NS);
  heard = pp_waiters_listen(team->pool) - 1;
  wait = pp_wait_start(team->spin_ticks);
  helped = wait.start;
  while (!is_over(&a)) {
    bool goes_on = pp_wait_on(&wait, crowded);
    if (goes_on && wait.last - helped < help_ticks) continue;
    if (heard != pp_waiters_listen(team->pool)) {
      heard = pp_waiters_listen(team->pool);
      if (pp_help(team->pool, &inside)) {
        heard--; /* there may be more */
        wait = pp_wait_start(team->spin_ticks);
        goes_on = true;
      }
    }
    helped = wait.last;
    check(&a);
    if (goes_on) continue;
    if (awaited != NULL) pp_team_substitute(awaited, seat->fork_epoch);
    park(&a, heard);
    wait = pp_wait_start(team->spin_ticks);
  }
  return !a.let_go;
}
