/* SPDX-License-Identifier: MIT */
/* check.h: finding programs whose threads do not meet in the same constructs, under PPAR_CHECK=1, and in debug builds
 * unless that is 0. A program that is wrong ends with one line that names the construct and the thread.
 *
 * Where threads are not checked their seats have no meeting. What is left of the checks is then a load of the
 * thread's own line, and a branch, for each construct that the library is called for; none for pranges that macros
 * open. */
#ifndef PP_TEAM_CHECK_H
#define PP_TEAM_CHECK_H

#include <ppar/base.h>

#include "platform/shared.h"
#include "team/team.h"

/* What a program calls a loop that its team's threads divide: ppar's programs, and those of OpenMP. */
#define PP_CHECKED_PRANGE "prange"
#define PP_CHECKED_LOOP "loop"

/* What OpenMP's threads come to before the barrier at the end of a region, which is then shown as this. */
#define PP_CHECKED_END "the end of the region"

/* What these do where threads are checked. */
void pp_check_begin_slowly(pp_seat *seat);
void pp_check_end_slowly(pp_seat *seat, bool holds);
void pp_check_meets_slowly(pp_seat *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c) PP_SHARED;
void pp_check_together_slowly(pp_seat *seat);
void pp_check_inside_slowly(pp_seat *seat, const char *construct);
void pp_check_awaited_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited);

static inline bool pp_check_is_on(const pp_seat *seat) { return PPAR_SELDOM_(seat->meeting != NULL); }

/* A region begins; it ends on this thread, which still holds what it has come to hold there, or does not. */
static inline void pp_check_begin(pp_seat *seat) {
  if (pp_check_is_on(seat)) pp_check_begin_slowly(seat);
}
static inline void pp_check_end(pp_seat *seat, bool holds) {
  if (pp_check_is_on(seat)) pp_check_end_slowly(seat, holds);
}

/* The thread comes to a construct that all threads must meet; a, b and c tell two of a kind apart. */
static inline void pp_check_meets(pp_seat *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c) {
  if (pp_check_is_on(seat)) pp_check_meets_slowly(seat, construct, a, b, c);
}

/* A prange begins; ends. */
static inline void pp_check_opens(pp_seat *seat) {
  if (pp_check_is_on(seat)) seat->meeting->in_prange = true;
}
static inline void pp_check_closes(pp_seat *seat) {
  if (pp_check_is_on(seat)) seat->meeting->in_prange = false;
}

/* The thread comes to what has its place in a prange alone. */
static inline void pp_check_inside(pp_seat *seat, const char *construct) {
  if (pp_check_is_on(seat)) pp_check_inside_slowly(seat, construct);
}

/* All threads have come to a barrier: they must have met the same constructs up to it. */
static inline void pp_check_together(pp_seat *seat) {
  if (pp_check_is_on(seat)) pp_check_together_slowly(seat);
}

/* One that is waited for must not have left the region. */
static inline void pp_check_awaited(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited) {
  if (pp_check_is_on(seat)) pp_check_awaited_slowly(seat, signal, target, awaited);
}

#endif
