/* SPDX-License-Identifier: MIT */
/* posts.h: a thread of a team tells how far it has come in a piece of a loop, and others wait until it is so far
 * (OpenMP's ordered(n), whose iterations wait for certain earlier ones).
 *
 * Who touches a word: the thread that runs the piece writes it, any thread of the team waits for it. What is posted
 * grows. Words are many, and do not outlive the loop; sleepers sleep on one of PP_POST_PULSES pulses of the team,
 * which a number that goes with the word chooses: so most posts wake nobody who waits for something else, and a
 * cancellation finds all sleepers (team/cancel.c).
 *
 *   N1  No lost wake: pulse.h's P1; the change is the word's.
 *
 * Orderings: the post's store (seq_cst) pairs with the waiters' loads (seq_cst): what comes before the post is seen.
 * Cost: a post is one exchange on the thread's own line, where nobody looks at it, and a load of a line that is only
 * written around sleeps; a post that is waited for moves one line. */
#ifndef PP_TEAM_POSTS_H
#define PP_TEAM_POSTS_H

#include "platform/race_checker.h"
#include "platform/shared.h"
#include "team/team.h"

/* The pulse that sleepers for words of this number sleep on. */
static inline pp_pulse *pp_post_pulse(pp_team *team, uint64_t number) { return &team->posts[number % PP_POST_PULSES]; }

void pp_post_wake(pp_pulse *pulse) PP_SHARED;

/* The thread is so far. */
static inline void pp_post(const pp_seat *seat, pp_atomic_u64 *word, uint64_t number, uint64_t place) {
  pp_pulse *pulse = pp_post_pulse(seat->team, number);
  pp_edge_release(word);
  pp_store_seq_cst(word, place);
  if (pp_pulse_has_sleepers(pulse)) pp_post_wake(pulse);
}

/* Waits until the word is at `place` or further. False: the region was cancelled. */
bool pp_post_await_slowly(pp_seat *seat, pp_atomic_u64 *word, uint64_t number, uint64_t place) PP_SHARED;
static inline bool pp_post_await(pp_seat *seat, pp_atomic_u64 *word, uint64_t number, uint64_t place) {
  if (pp_load_seq_cst(word) < place && !pp_post_await_slowly(seat, word, number, place)) return false;
  pp_edge_acquire(word);
  return true;
}

#endif
