/* SPDX-License-Identifier: MIT */
/* team_values.c: values that the threads of a team give each other: copyprivate, reductions and scans over threads.
 *
 * Each thread shows its value (small ones in the line of its arrival at a barrier, copies of larger ones elsewhere) and
 * arrives. Up to eight threads each combine all values by themselves, in thread order: one barrier, and no line but the
 * arrivals'. In larger teams the threads that lead eight others combine theirs on the way up the tree, thread 0 has the
 * total, and it is shown on the way down. Another barrier, or half of one, follows where values are large, or the result is
 * shared; from the second shared result on the two halves are one: thread 0 arrives when the result is there. */
#include <ppar/team.h>

#include <string.h>

#include <ppar/status.h>

#include "platform/memory.h"
#include "pool/check.h"
#include "pool/record.h"
#include "pool/team.h"

/* Each construct shows values in one of two places, in turn. All threads arrive in between two that use the same, so
 * all have read what was there. In a cancelled region nothing is shown any more: threads that were let go would write
 * while others read. */
static uint32_t next_parity(ppar_team *team) { return team->shows++ % 2; }

/* Values that need no memory of their own; the others' second barrier sees to it that they may be replaced. */
static bool is_small(size_t size) { return size <= PP_WIDE_VALUE; }

/* Memory of the thread's own for `count` values; NULL: there is none, and the region is cancelled. */
static unsigned char *scratch(ppar_team *team, size_t size, size_t count) {
  if (size > SIZE_MAX / count) size = 0;
  if (size != 0 && team->scratch_size < size * count) {
    pp_memory_free(team->scratch);
    team->scratch = pp_memory_alloc(size * count);
    team->scratch_size = team->scratch != NULL ? size * count : 0;
  }
  if (size != 0 && team->scratch_size >= size * count) return team->scratch;
  pp_team_cancel(team, PPAR_ENOMEM);
  return NULL;
}

/* A construct's room: for a copy of the value, and for `count` more that others may see, too. */
typedef struct room {
  unsigned char *copy, *more;
  unsigned char local[2 * PP_WIDE_VALUE] __attribute__((aligned(PP_WIDE_VALUE)));
} room;

static unsigned char *small_place(ppar_team *team, uint32_t parity, size_t size) {
  return size <= PP_SMALL_VALUE ? team->small_value[parity] : team->wide[parity].value;
}

static bool make_room(ppar_team *team, room *r, uint32_t parity, size_t size, size_t count) {
  if (is_small(size)) {
    r->copy = small_place(team, parity, size);
    r->more = r->local;
    return true;
  }
  r->copy = scratch(team, size, 1 + count);
  if (r->copy == NULL) return false;
  r->more = r->copy + size;
  team->wide[parity].large = r->copy;
  return true;
}

/* Shows a value before an arrival. */
static void show(ppar_team *team, uint32_t parity, const room *r, const void *value, size_t size, void *result) {
  memcpy(r->copy, value, size);
  team->result[parity] = result;
}

static const void *value_of(const ppar_team *team, uint32_t thread, uint32_t parity, size_t size) {
  ppar_team *seat = &team->crew->seats[thread];
  return is_small(size) ? small_place(seat, parity, size) : seat->wide[parity].large;
}

static bool barrier(ppar_team *team) {
  if (!pp_team_barrier(team)) return false;
  pp_check_together(team);
  return true;
}

void ppar_copyprivate(ppar_team *team, void *value, size_t size) {
  room r;
  uint32_t parity;
  team = pp_team_or_current(team);
  if (team == NULL) return;
  pp_check_meets(team, "copyprivate", size, 0, 0);
  if (team->head.size == 1 || pp_team_is_canceled(team)) return;
  parity = next_parity(team);
  team->result[parity] = NULL;
  if (team->won_single) {
    if (!make_room(team, &r, parity, size, 0)) return;
    show(team, parity, &r, value, size, team); /* any address: it says who has the value */
  }
  if (!barrier(team)) return;
  for (uint32_t t = 0; t < team->head.size; t++) {
    if (team->crew->seats[t].result[parity] == NULL) continue;
    if (t != team->head.thread) memcpy(value, value_of(team, t, parity, size), size);
    break;
  }
  if (!is_small(size)) (void)barrier(team);
}

/* --- Reductions ------------------------------------------------------------------------------------------- */

static bool is_valid(const void *mine, const void *result, const ppar_reduction *reduction) {
  return mine != NULL && result != NULL && pp_reduction_is_valid(reduction);
}

/* total = the values of threads first ... past - 1, in their order. */
static void combine_values(const ppar_team *team, uint32_t parity, uint32_t first, uint32_t past,
                           const ppar_reduction *reduction, void *total) {
  memcpy(total, value_of(team, first, parity, reduction->size), reduction->size);
  for (uint32_t t = first + 1; t < past; t++) reduction->combine(total, value_of(team, t, parity, reduction->size));
}

typedef struct combining {
  const ppar_team *team;
  const ppar_reduction *reduction;
  uint32_t parity;
  void *total;
} combining;

static void combine_child(ppar_team *child, void *argument) {
  const combining *c = argument;
  c->reduction->combine(c->total, value_of(c->team, child->head.thread, c->parity, c->reduction->size));
}

/* Up the tree: each thread adds its children's totals to its own value, and shows the outcome as it arrives. */
static bool combine_up(ppar_team *team, uint32_t parity, const room *r, const void *mine,
                       const ppar_reduction *reduction, void *result) {
  combining c = {team, reduction, parity, r->copy};
  memcpy(r->copy, mine, reduction->size);
  if (!pp_team_gather_each(team, combine_child, &c)) return false;
  team->result[parity] = result;
  pp_team_arrive(team);
  return pp_team_release(team);
}

/* Whether the result is one variable for all threads, and not one each. */
static bool is_shared(const ppar_team *team, uint32_t parity) {
  return team->crew->seats[0].result[parity] == team->crew->seats[1].result[parity];
}

static void reduce_in_tree(ppar_team *team, uint32_t parity, const room *r, const void *mine, void *result,
                           const ppar_reduction *reduction) {
  if (!combine_up(team, parity, r, mine, reduction, result)) return;
  pp_check_together(team);
  if (!is_shared(team, parity) || team->head.thread == 0)
    reduction->combine(result, value_of(team, 0, parity, reduction->size));
  (void)barrier(team); /* the total, and results that are shared, have been read, and written */
}

/* Up to eight threads. */
static void reduce_of_few(ppar_team *team, uint32_t parity, const room *r, const void *mine, void *result,
                          const ppar_reduction *reduction) {
  bool shared;
  show(team, parity, r, mine, reduction->size, result);
  if (!barrier(team)) return;
  shared = is_shared(team, parity);
  team->shared_before = shared;
  if (!shared || team->head.thread == 0) {
    combine_values(team, parity, 0, team->head.size, reduction, r->more);
    reduction->combine(result, r->more);
  }
  if (!is_small(reduction->size)) {
    (void)barrier(team);
  } else if (shared && team->head.thread == 0) {
    pp_team_arrive(team);
  } else if (shared) {
    pp_team_count(team);
    (void)pp_team_await_first(team);
  }
}

/* The same where the values are small and the latest result was shared. Thread 0 comes after all others, so that who sees
 * its arrival (acquire) sees what they all wrote before theirs. Where the result is shared again it has then folded it, and
 * the others need to know nothing else; the line in which it tells them so is written just once. */
static void reduce_with_first(ppar_team *team, uint32_t parity, const room *r, const void *mine, void *result,
                              const ppar_reduction *reduction) {
  bool *shared = &team->crew->seats[team->head.size == 2 ? 1 : 0].shared; /* its arrival's line */
  if (team->head.thread == 0) {
    if (!pp_team_await_others(team, team->epoch + PP_SIGNAL_STEP)) return;
    show(team, parity, r, mine, reduction->size, result);
    *shared = is_shared(team, parity);
    combine_values(team, parity, 0, team->head.size, reduction, r->more);
    reduction->combine(result, r->more);
    if (*shared) pp_team_count(team);
    pp_team_arrive(team);
  } else {
    show(team, parity, r, mine, reduction->size, result);
    pp_team_arrive(team);
    if (!pp_team_await_first(team)) return;
    if (*shared) {
      pp_team_count(team);
    } else {
      combine_values(team, parity, 0, team->head.size, reduction, r->more);
      reduction->combine(result, r->more);
    }
  }
  team->shared_before = *shared;
  pp_check_together(team);
}

/* Combine need not cope with one value as both its arguments. */
static void reduce_alone(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  room r;
  unsigned char *copy = r.local;
  if (mine != result) {
    reduction->combine(result, mine);
    return;
  }
  if (reduction->size > sizeof r.local) copy = pp_memory_alloc(reduction->size);
  if (copy == NULL) {
    ppar_cancel_region(team, PPAR_ENOMEM);
    return;
  }
  memcpy(copy, mine, reduction->size);
  reduction->combine(result, copy);
  if (copy != r.local) pp_memory_free(copy);
}

void ppar_team_reduce(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  room r;
  uint32_t parity;
  team = pp_team_or_current(team);
  if (!is_valid(mine, result, reduction)) {
    ppar_cancel_region(team, PPAR_EINVAL);
    return;
  }
  if (team != NULL) pp_check_meets(team, "team reduce", reduction->size, 0, 0);
  if (team == NULL || team->head.size == 1) {
    reduce_alone(team, mine, result, reduction);
    return;
  }
  if (pp_team_is_canceled(team)) return;
  parity = next_parity(team);
  if (!make_room(team, &r, parity, reduction->size, 1)) return;
  if (team->head.size > PP_FORK_CHILDREN) {
    reduce_in_tree(team, parity, &r, mine, result, reduction);
  } else if (team->shared_before && is_small(reduction->size)) {
    reduce_with_first(team, parity, &r, mine, result, reduction);
  } else {
    reduce_of_few(team, parity, &r, mine, result, reduction);
  }
}

/* --- Scans ------------------------------------------------------------------------------------------------ */

/* prefix = the values of threads 0 ... past - 1; of none: the identity. */
static void prefix_of_few(const ppar_team *team, uint32_t parity, uint32_t past, const ppar_reduction *reduction,
                          void *prefix) {
  if (past == 0) {
    pp_reduction_start(reduction, prefix);
  } else {
    combine_values(team, parity, 0, past, reduction, prefix);
  }
}

/* The same where threads are many: those that lead eight others have shown their totals for the second barrier. */
static void prefix_of_many(const ppar_team *team, uint32_t values, uint32_t totals, uint32_t past,
                           const ppar_reduction *reduction, void *prefix) {
  uint32_t group = past - past % PP_FORK_CHILDREN;
  size_t size = reduction->size;
  pp_reduction_start(reduction, prefix);
  if (group != 0) memcpy(prefix, value_of(team, 0, totals, size), size);
  for (uint32_t t = PP_FORK_CHILDREN; t < group; t += PP_FORK_CHILDREN)
    reduction->combine(prefix, value_of(team, t, totals, size));
  for (uint32_t t = group; t < past; t++) {
    if (t == 0) {
      memcpy(prefix, value_of(team, 0, values, size), size);
    } else {
      reduction->combine(prefix, value_of(team, t, values, size));
    }
  }
}

static bool show_total(ppar_team *team, uint32_t values, uint32_t totals, const ppar_reduction *reduction,
                       void *total) {
  uint32_t past =
      team->head.thread + PP_FORK_CHILDREN < team->head.size ? team->head.thread + PP_FORK_CHILDREN : team->head.size;
  if (team->head.thread % PP_FORK_CHILDREN == 0) {
    combine_values(team, values, team->head.thread, past, reduction, total);
    if (!is_small(reduction->size)) team->wide[totals].large = total;
  }
  return barrier(team);
}

static void scan(ppar_team *team, const char *construct, const void *mine, void *result,
                 const ppar_reduction *reduction, bool inclusive) {
  room r;
  uint32_t values, past;
  size_t size;
  team = pp_team_or_current(team);
  if (!is_valid(mine, result, reduction)) {
    ppar_cancel_region(team, PPAR_EINVAL);
    return;
  }
  size = reduction->size;
  if (team != NULL) pp_check_meets(team, construct, size, 0, 0);
  if (team == NULL || team->head.size == 1) {
    if (!inclusive) pp_reduction_start(reduction, result);
    if (inclusive && result != mine) memcpy(result, mine, size);
    return;
  }
  if (pp_team_is_canceled(team)) return;
  values = next_parity(team);
  past = team->head.thread + (inclusive ? 1 : 0);
  if (!make_room(team, &r, values, size, 2)) return;
  show(team, values, &r, mine, size, NULL);
  if (!barrier(team)) return;
  if (team->head.size <= PP_FORK_CHILDREN) {
    prefix_of_few(team, values, past, reduction, r.more);
    memcpy(result, r.more, size);
    if (!is_small(size)) (void)barrier(team);
  } else {
    uint32_t totals = next_parity(team);
    unsigned char *total = is_small(size) ? small_place(team, totals, size) : r.more + size;
    if (!show_total(team, values, totals, reduction, total)) return;
    prefix_of_many(team, values, totals, past, reduction, r.more);
    memcpy(result, r.more, size);
    (void)barrier(team);
  }
}

void ppar_team_scan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(team, "team scan", mine, result, reduction, true);
}

void ppar_team_exscan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(team, "team exscan", mine, result, reduction, false);
}
