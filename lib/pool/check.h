/* SPDX-License-Identifier: MIT */
/* check.h: finding programs whose threads do not meet in the same constructs. In debug builds alone; a program that is
 * wrong ends with one line that names the construct and the thread. */
#ifndef PP_POOL_CHECK_H
#define PP_POOL_CHECK_H

#include "pool/team.h"

#ifndef NDEBUG

enum { PP_CHECKS = 1 };

/* A region begins, ends on this thread. */
void pp_check_begin(ppar_team *seat);
void pp_check_end(ppar_team *seat);

/* The thread comes to a construct that all threads must meet; a, b and c tell two of a kind apart. */
void pp_check_meets(ppar_team *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c);

/* A prange begins; ends. */
void pp_check_opens(ppar_team *seat);
void pp_check_closes(ppar_team *seat);

/* All threads have come to a barrier: they must have met the same constructs up to it. */
void pp_check_together(ppar_team *seat);

/* One that is waited for must not have left the region. */
void pp_check_awaited(ppar_team *seat, pp_signal *signal, uint32_t target, ppar_team *awaited);

#else

enum { PP_CHECKS = 0 };

static inline void pp_check_begin(ppar_team *seat) { (void)seat; }
static inline void pp_check_end(ppar_team *seat) { (void)seat; }
static inline void pp_check_meets(ppar_team *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c) {
  (void)seat, (void)construct, (void)a, (void)b, (void)c;
}
static inline void pp_check_opens(ppar_team *seat) { (void)seat; }
static inline void pp_check_closes(ppar_team *seat) { (void)seat; }
static inline void pp_check_together(ppar_team *seat) { (void)seat; }
static inline void pp_check_awaited(ppar_team *seat, pp_signal *signal, uint32_t target, ppar_team *awaited) {
  (void)seat, (void)signal, (void)target, (void)awaited;
}

#endif

#endif
