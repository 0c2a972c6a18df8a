/* SPDX-License-Identifier: MIT */
/* pace.h: what a thread remembers of the loops that it has run lately: up to how many iterations of a body take so
 * little time that nobody else can be of help.
 *
 * Bodies are told apart by their function and by the place of the call, since one function may serve many loops. The
 * table is its thread's own. An entry that another body needs is overwritten, and what was known is then learned anew.
 *
 * What is remembered is never believed blindly: it decides which way a loop begins, and the clock decides whether it
 * goes on in that way (alone.h). */
#ifndef PP_LOOP_PACE_H
#define PP_LOOP_PACE_H

#include <stddef.h>
#include <stdint.h>

#include "schedule/tuning.h"

typedef struct pp_known {
  const void *code; /* The body or the fold; NULL: the entry is empty. */
  const void *site; /* Where the program calls for the loop. */
  uint64_t most;    /* So many iterations take PP_ALONE_NS on one thread. */
} pp_known;

typedef struct pp_known_table {
  pp_known entry[PP_KNOWN_BODIES];
} pp_known_table;

static inline size_t pp_known_place(const void *code, const void *site) {
  uint64_t mixed = ((uint64_t)(uintptr_t)code >> 4) * 3 + ((uint64_t)(uintptr_t)site >> 2);
  return (size_t)((mixed ^ mixed >> 8) % PP_KNOWN_BODIES);
}

/* Up to how many iterations are short; 0: nothing is known of the body, or it is slow. */
static inline uint64_t pp_known_most(const pp_known_table *table, const void *code, const void *site) {
  const pp_known *known = &table->entry[pp_known_place(code, site)];
  return known->code == code && known->site == site ? known->most : 0;
}

/* `count` iterations took `ticks` on one thread. */
void pp_known_learn(pp_known_table *table, const void *code, const void *site, uint64_t count, uint64_t ticks);

#endif
