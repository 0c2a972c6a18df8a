/* SPDX-License-Identifier: MIT */
/* turns.c: the team's chain of turns. Threads that come to a prange's turns after the first one find them without a
 * lock. */
#include "team/turns.h"

#include "claim/lock.h"
#include "platform/memory.h"
#include "schedule/tuning.h"

/* Turns that are free, or new ones at the chain's end. The lock is held. */
static pp_turns *take_free(pp_seat *seat) {
  pp_turns *turns = &seat->team->turns, *follow;
  while (!pp_turns_is_free(turns, seat->fork_epoch, seat->settled)) {
    follow = pp_load_relaxed(&turns->follow);
    if (follow == NULL) {
      follow = pp_memory_zalloc(sizeof *follow);
      if (follow == NULL) return NULL;
      pp_store_release(&turns->follow, follow);
      if (++seat->team->turns_made > PP_KEPT_TURNS) pp_store_relaxed(&seat->team->swollen, 1);
      return follow;
    }
    turns = follow;
  }
  return turns;
}

pp_turns *pp_team_turns(pp_seat *seat) {
  pp_team *team = seat->team;
  uint64_t tag = pp_turns_tag(seat->fork_epoch, (uint32_t)seat->head.pranges);
  pp_turns *turns = pp_turns_find(&team->turns, tag);
  if (turns != NULL) return turns;
  pp_lock(&team->turns_lock);
  turns = pp_turns_find(&team->turns, tag);
  if (turns == NULL) {
    turns = take_free(seat);
    if (turns != NULL) pp_turns_open(turns, tag);
  }
  pp_unlock(&team->turns_lock);
  return turns;
}

/* Wakes under the lock, so that each thread either has opened its turns before, and they are woken here, or takes
 * the lock later. Then it has acquired the cancellation, which was made visible before; and so has whoever finds
 * the turns that it opens. They look for it before they sleep. */
void pp_team_wake_turns(pp_team *team) {
  pp_lock(&team->turns_lock);
  for (pp_turns *turns = &team->turns; turns != NULL; turns = pp_load_relaxed(&turns->follow))
    pp_pulse_wake(&turns->pulse);
  pp_unlock(&team->turns_lock);
}
