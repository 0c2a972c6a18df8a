/* SPDX-License-Identifier: MIT */
/* scope.h: what a piece of work is inside of: the loops, regions and task groups around it, and the locks and turns
 * that were held where it was begun; the innermost first.
 *
 * A thread that waits for one of these takes only work that was begun inside it. Such work has to be done before the
 * wait can end, whoever does it. So the thread never runs anything that could want a lock or the storage that the
 * waiting code is using, unless the program is stuck without that as well.
 *
 * A scope is known by an address: of a loop's record, a region's team, a task group, a lock, or the turns of a
 * prange. Whoever waits for a scope keeps it alive, and all work inside it ends before it does. So as long as
 * somebody waits for an address, work that names it is inside of that very scope and not of one that lived there
 * earlier. Scopes further out than PP_SCOPE_DEPTH levels are forgotten: such work is then merely not helped with from
 * there. */
#ifndef PP_POOL_SCOPE_H
#define PP_POOL_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/hash.h"
#include "schedule/tuning.h"

typedef struct pp_scope {
  uint32_t depth;  /* How many of inside are set. */
  uint32_t groups; /* Bit d: inside[d] is a task group. */
  const void *inside[PP_SCOPE_DEPTH];
} pp_scope;

/* The scope of `innermost`, and then what it is inside of, from the inside out. */
static inline void pp_scope_begin(pp_scope *out, const void *innermost) {
  out->inside[0] = innermost;
  out->depth = 1;
  out->groups = 0;
}
static inline void pp_scope_add(pp_scope *out, const void *around) {
  if (out->depth < PP_SCOPE_DEPTH) out->inside[out->depth++] = around;
}
static inline void pp_scope_add_all(pp_scope *out, const pp_scope *outer) {
  if (outer == NULL) return;
  out->groups |= outer->groups << out->depth;
  for (uint32_t d = 0; d < outer->depth; d++) pp_scope_add(out, outer->inside[d]);
}

static inline void pp_scope_enter(pp_scope *out, const pp_scope *outer, const void *innermost) {
  pp_scope_begin(out, innermost);
  pp_scope_add_all(out, outer);
}

static inline bool pp_scope_is_within(const pp_scope *scope, const void *ancestor) {
  for (uint32_t d = 0; d < scope->depth; d++) {
    if (scope->inside[d] == ancestor) return true;
  }
  return false;
}

/* One of 64 bits for an address: a set of such marks tells cheaply that something is not inside. */
#define PP_SCOPE_MARKS 64u
static inline uint32_t pp_scope_mark_number(const void *ancestor) {
  return (uint32_t)(pp_hash_address(ancestor) >> 58);
}
static inline uint64_t pp_scope_mark(const void *ancestor) { return UINT64_C(1) << pp_scope_mark_number(ancestor); }

/* The marks of all that the scope is inside of, itself left out: 0 at the top. */
static inline uint64_t pp_scope_marks(const pp_scope *scope) {
  uint64_t marks = 0;
  for (uint32_t d = 1; d < scope->depth; d++) marks |= pp_scope_mark(scope->inside[d]);
  return marks;
}

#endif
