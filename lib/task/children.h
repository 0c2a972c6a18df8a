/* SPDX-License-Identifier: MIT */
/* children.h: how many of a task's children have not ended, as a record of its own, which the task gets with its first
 * child that others may run, and which outlives the task where such children do.
 *
 * Who touches it: the thread that runs the parent, from first to last the same one, counts what it has made and what it
 * has ended itself without locked operations; other threads count down `elsewhere`.
 *
 *     unfinished = made - ended + elsewhere     modulo 2^32
 *
 *   F1  A child counts in `made` before anybody else can run it, and is counted once as it ends.
 *   F2  While the parent runs, `elsewhere` only falls, from 0. As the parent ends with children left it adds what is
 *       left of made - ended, and from then on all threads count `elsewhere` down: whoever brings it to 0 frees the
 *       record. A parent that ends without children left frees it.
 *   F3  `up` is the record that the parent itself counts in, and NULL when it has ended. So while it is not NULL that
 *       record is in use; and a task whose chain of these leads to a waiting task's record is that one's descendant.
 *
 * Orderings: counting down (release) pairs with the parent's load (acquire): what the children have written is seen by
 * whoever has waited for them. It is seq_cst for sleepers' sake (tasks.h, X5). */
#ifndef PP_TASK_CHILDREN_H
#define PP_TASK_CHILDREN_H

#include <stdbool.h>

#include "task/lane.h"

typedef struct pp_children {
  pp_lane_block block; /* home: the thread that runs the parent */
  _Atomic(struct pp_children *) up;
  uint32_t made, ended;
  bool left; /* the parent has ended; its thread's */
  pp_atomic_u32 elsewhere;
} pp_children;

static inline void pp_children_begin(pp_children *children, pp_children *up) {
  children->made = children->ended = 0;
  children->left = false;
  pp_store_relaxed(&children->elsewhere, 0);
  pp_store_release(&children->up, up);
}

/* The parent's thread. */
static inline uint32_t pp_children_unfinished(pp_children *children) {
  return children->made - children->ended + pp_load_seq_cst(&children->elsewhere);
}

/* A child has ended: here, on the thread that runs the parent, or elsewhere. True: the record is to be freed. */
static inline bool pp_children_end_one(pp_children *children, bool here) {
  if (here && !children->left) {
    children->ended++;
    return false;
  }
  return pp_add_seq_cst(&children->elsewhere, UINT32_MAX) == 1;
}

/* The parent ends. True: the record is to be freed. */
static inline bool pp_children_leave(pp_children *children) {
  uint32_t rest = children->made - children->ended;
  if (rest + pp_load_acquire(&children->elsewhere) == 0) return true;
  children->left = true;
  pp_store_release(&children->up, NULL);
  return pp_add_acq_rel(&children->elsewhere, rest) + rest == 0;
}

/* So many records there may be between a task and one that waits for it; a task that is further away is not taken. */
enum { PP_CHILDREN_GENERATIONS = 32 };

/* Whether a task that counts in `children`, and has not ended as this returns, is a descendant of the waiting task that
 * `ancestor` is the record of. A record on the way may come to another use as it is read. So the way is walked up, and
 * then down again: that the last load finds the first parent running shows that its record's next one was in use all
 * the time, so the load of that one's `up` before says that the second parent was running then, and so on. Where a
 * record came to another use before its second load, that load has acquired the end of the parent below, whose record
 * then says NULL. */
static inline bool pp_children_are_below(pp_children *children, const pp_children *ancestor) {
  pp_children *way[PP_CHILDREN_GENERATIONS];
  int length = 0;
  for (; children != ancestor; children = pp_load_acquire(&children->up)) {
    if (children == NULL || length == PP_CHILDREN_GENERATIONS) return false;
    way[length++] = children;
  }
  for (int k = length; k-- > 0;) {
    if (pp_load_acquire(&way[k]->up) != (k + 1 < length ? way[k + 1] : ancestor)) return false;
  }
  return true;
}

#endif
