/* SPDX-License-Identifier: MIT */
/* pace.h: what a thread remembers of the loops that it has run lately: up to how many iterations of a body take so
 * little time that nobody else can be of help.
 *
 * Bodies are told apart by their function and by the place of the call, since one function may serve many loops. The
 * table is its thread's own. An entry that another body needs is overwritten, and what was known is then learned anew.
 *
 * What is remembered is never believed blindly: it decides which way a loop begins, and the clock decides whether it
 * goes on in that way (alone.h). A function that hands its iterations on to others may be quick in one loop and slow in
 * the next one. Who is misled by it has doubts: it believes only after a number of quick loops, which grows each time
 * that it is misled. */
#ifndef PP_LOOP_PACE_H
#define PP_LOOP_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ppar/reduce.h>

#include "schedule/tuning.h"

typedef struct pp_known {
  const void *code; /* The body or the fold; NULL: the entry is empty. */
  const void *site; /* Where the program calls for the loop. */
  uint64_t most;    /* So many iterations take PP_ALONE_NS on one thread. */
  uint32_t doubts;  /* So many quick loops are to come before that is believed. */
  uint32_t caution; /* How many doubts there were after it was last misled; 0: it never was. */
  uint64_t quick;   /* Quick loops since then. */
} pp_known;

typedef struct pp_known_table {
  uint64_t limit; /* PP_ALONE_NS in ticks. */
  pp_known entry[PP_KNOWN_BODIES];
} pp_known_table;

/* What a loop is known by: the program's body or, where that is NULL, its fold. What runs may be another function,
 * which calls that one. */
static inline const void *pp_code_of(ppar_body *body, ppar_fold *fold) {
  return body != NULL ? (const void *)(uintptr_t)body : (const void *)(uintptr_t)fold;
}

static inline size_t pp_known_place(const void *code, const void *site) {
  uint64_t mixed = ((uint64_t)(uintptr_t)code >> 4) * 3 + ((uint64_t)(uintptr_t)site >> 2);
  return (size_t)((mixed ^ mixed >> 8) % PP_KNOWN_BODIES);
}

static inline pp_known *pp_known_find(pp_known_table *table, const void *code, const void *site) {
  pp_known *known = &table->entry[pp_known_place(code, site)];
  return known->code == code && known->site == site ? known : NULL;
}

/* Whether so many iterations of the body, which may be unknown (NULL), should be short. */
static inline bool pp_known_is_short(const pp_known *known, uint64_t count) {
  return known != NULL && count <= known->most && known->doubts == 0;
}

/* An all-zero table becomes an empty one. */
void pp_known_init(pp_known_table *table);

/* `count` iterations took `ticks` on one thread; misled: they were run alone, since they should have been short. */
void pp_known_learn(pp_known_table *table, const void *code, const void *site, uint64_t count, uint64_t ticks,
                    bool misled);

#endif
