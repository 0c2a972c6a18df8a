/* SPDX-License-Identifier: MIT */
/* turns.c: the team's chain of turns. Threads that come to a prange's turns after the first one mostly find them
 * without a lock: at the chain's beginning, where they are if the pranges have barriers, or behind those of the ordered
 * prange before, where they are if there are none. So pranges that follow each other without a barrier cost no more the
 * more of them there are. */
#include "team/turns.h"

#include "claim/lock.h"
#include "platform/memory.h"
#include "schedule/tuning.h"

static bool is_of_this_region(const pp_seat *seat, uint64_t tag) { return (uint32_t)(tag >> 32) == seat->fork_epoch; }

/* New ones behind the chain's last. The lock is held. */
static pp_turns *append(pp_team *team, pp_turns *last) {
  pp_turns *turns = pp_memory_zalloc(sizeof *turns);
  if (turns == NULL) return NULL;
  pp_store_release(&last->follow, turns);
  if (++team->turns_made > PP_KEPT_TURNS) pp_store_relaxed(&team->swollen, 1);
  return turns;
}

/* Turns that are free, or new ones at the chain's end. The lock is held. */
static pp_turns *take_free(const pp_seat *seat) {
  pp_team *team = seat->team;
  pp_turns *turns = &team->turns, *follow;
  if (!pp_turns_is_free(turns, seat->fork_epoch, seat->settled) && is_of_this_region(seat, team->turns_newest) &&
      team->turns_taken != NULL)
    turns = team->turns_taken;
  if (turns != &team->turns && (follow = pp_load_relaxed(&turns->follow)) != NULL &&
      !pp_turns_is_free(follow, seat->fork_epoch, seat->settled))
    turns = &team->turns; /* Any may be free. */
  while (!pp_turns_is_free(turns, seat->fork_epoch, seat->settled)) {
    follow = pp_load_relaxed(&turns->follow);
    if (follow == NULL) return append(team, turns);
    turns = follow;
  }
  return turns;
}

/* Where they are if they are there; NULL: somewhere else, or nowhere. */
static pp_turns *find_soon(pp_seat *seat, uint64_t tag) {
  pp_turns *turns = &seat->team->turns;
  if (pp_load_acquire(&turns->tag) == tag) return turns;
  if (seat->turns_before == NULL || seat->turns_before_epoch != seat->fork_epoch) return NULL;
  turns = pp_load_acquire(&seat->turns_before->follow);
  return turns != NULL && pp_load_acquire(&turns->tag) == tag ? turns : NULL;
}

/* Whether no thread can have opened turns of this tag: those of the latest prange so far are of an earlier one. A
 * thread that has none of a prange's iterations comes to the next one's turns first. The lock is held. */
static bool is_newest(const pp_seat *seat, uint64_t tag) {
  uint64_t newest = seat->team->turns_newest;
  return !is_of_this_region(seat, newest) || (uint32_t)newest < (uint32_t)tag;
}

/* The lock is held. */
static pp_turns *find_or_open(pp_seat *seat, uint64_t tag) {
  pp_team *team = seat->team;
  bool newest = is_newest(seat, tag);
  pp_turns *turns = newest ? NULL : pp_turns_find(&team->turns, tag);
  if (turns != NULL) return turns;
  turns = take_free(seat);
  if (turns == NULL) return NULL;
  pp_turns_open(turns, tag);
  team->turns_taken = turns;
  if (newest) team->turns_newest = tag;
  return turns;
}

pp_turns *pp_team_turns(pp_seat *seat) {
  pp_team *team = seat->team;
  uint64_t tag = pp_turns_tag(seat->fork_epoch, (uint32_t)seat->head.pranges);
  pp_turns *turns = find_soon(seat, tag);
  if (turns == NULL) {
    pp_lock(&team->turns_lock);
    turns = find_or_open(seat, tag);
    pp_unlock(&team->turns_lock);
  }
  seat->turns_before = turns;
  seat->turns_before_epoch = seat->fork_epoch;
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
