/* SPDX-License-Identifier: MIT */
/* check.h: finding programs whose threads do not meet in the same constructs. In debug builds alone; a program that is
 * wrong ends with one line that names the construct and the thread. */
#ifndef PP_TEAM_CHECK_H
#define PP_TEAM_CHECK_H

#include "team/team.h"

#ifndef NDEBUG

enum { PP_CHECKS = 1 };

/* A region begins, ends on this thread. */
void pp_check_begin(pp_seat *seat);
void pp_check_end(pp_seat *seat);

/* The thread comes to a construct that all threads must meet; a, b and c tell two of a kind apart. */
void pp_check_meets(pp_seat *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c);

/* A prange begins; ends. */
void pp_check_opens(pp_seat *seat);
void pp_check_closes(pp_seat *seat);

/* All threads have come to a barrier: they must have met the same constructs up to it. */
void pp_check_together(pp_seat *seat);

/* One that is waited for must not have left the region. */
void pp_check_awaited(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited);

#else

enum { PP_CHECKS = 0 };

static inline void pp_check_begin(pp_seat *seat) { (void)seat; }
static inline void pp_check_end(pp_seat *seat) { (void)seat; }
static inline void pp_check_meets(pp_seat *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c) {
  (void)seat, (void)construct, (void)a, (void)b, (void)c;
}
static inline void pp_check_opens(pp_seat *seat) { (void)seat; }
static inline void pp_check_closes(pp_seat *seat) { (void)seat; }
static inline void pp_check_together(pp_seat *seat) { (void)seat; }
static inline void pp_check_awaited(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited) {
  (void)seat, (void)signal, (void)target, (void)awaited;
}

#endif

#endif
