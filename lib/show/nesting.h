/* SPDX-License-Identifier: MIT */
/* nesting.h: makes things that a thread did lie properly within each other, as formats want them that know no other
 * order.
 *
 * Nearly all of them do. Those that do not are two sections of which the one entered first is left first, and task
 * groups that end in another order than they were begun in. Of two things of which neither contains the other, the
 * earlier one is cut off where the later one begins.
 *
 *   N1  Things come in the order of their ends, the latest first; of those that end at once the outer ones first.
 *   N2  What is in the stack begins no earlier than what is below it.
 *   N3  Of two things that were placed one contains the other, or one ends before the other begins. */
#ifndef PP_SHOW_NESTING_H
#define PP_SHOW_NESTING_H

#include <stdbool.h>
#include <stdint.h>

/* A thread's own things (PP_TRACE_DEPTH), and as many groups. */
enum { PP_NESTING_DEPTH = 512 };

typedef struct pp_nested {
  uint64_t begin, end;
  bool is_work;
} pp_nested;

typedef struct pp_nesting {
  uint64_t latest; /* Ends so far are not before this. */
  uint32_t depth;
  pp_nested stack[PP_NESTING_DEPTH];
} pp_nesting;

static inline void pp_nesting_begin(pp_nesting *nesting) {
  nesting->latest = UINT64_MAX;
  nesting->depth = 0;
}

/* Whether the thread works in it: it does, it does not, or as in what is around it. */
typedef enum pp_is_work { PP_IS_NO_WORK, PP_IS_WORK, PP_IS_AS_AROUND } pp_is_work;

/* Places what lasts from *begin to *end, which are changed where it is cut off. *change: by how much the number of
 * threads at work rises within, -1 to 1. False: there is no room, since too much is begun at once. */
bool pp_nesting_place(pp_nesting *nesting, uint64_t *begin, uint64_t *end, pp_is_work work, int *change);

#endif
