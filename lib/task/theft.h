/* SPDX-License-Identifier: MIT */
/* theft.h: how a thread takes the oldest entry of a deque that others take from, too: the same for tasks of groups
 * (steal.c) and for OpenMP's (gomp/tasks_await.c).
 *
 *     look      pp_deque_look says that there is an entry, and which one
 *     may I?    a thread that waits takes only what has to be done before its wait can end. It asks that of what the
 *               queue is inside of (queue.h, A2), or of what it reads of the entry (pp_deque_peek). Whoever has nothing
 *               else to do asks nothing.
 *     take      the swap of top, if nobody else was faster
 *     tell      whoever leaves others behind tells sleepers of the next one, of which nobody has been told
 *
 *   T1  What was asked between look and take holds for the entry that the swap has got (deque.h, D3).
 *   T2  Each entry that becomes the oldest is told of: by whoever pushes it, or by whoever takes the one before
 *       (deque.h, D5). */
#ifndef PP_TASK_THEFT_H
#define PP_TASK_THEFT_H

#include "claim/deque.h"

/* What has become of it. */
typedef enum pp_theft {
  PP_THEFT_LOST, /* the entry is gone */
  PP_THEFT_LAST, /* it was the thief's, and the only one */
  PP_THEFT_TELL  /* it was the thief's; others are left, and T2 is the thief's to do */
} pp_theft;

/* Takes the entry with this index, that a look has found. */
static inline pp_theft pp_theft_take(pp_deque *victim, uint64_t top, pp_entry *entry) {
  if (!pp_deque_steal(victim, top, entry)) return PP_THEFT_LOST;
  return pp_deque_look(victim, &top) ? PP_THEFT_TELL : PP_THEFT_LAST;
}

#endif
