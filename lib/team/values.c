/* SPDX-License-Identifier: MIT */
/* values.c: values that the threads of a team give each other: copyprivate, reductions and scans over threads.
 *
 * Each thread shows its value (small ones in the line of its arrival at a barrier, copies of larger ones elsewhere)
 * and arrives. Up to eight threads each combine all values by themselves, in thread order: one barrier, and no line
 * but the arrivals'. In larger teams the threads that lead eight others combine theirs on the way up the tree, thread
 * 0 has the total, and it is shown on the way down. Another barrier, or half of one, follows where values are large,
 * or the result is shared; from the second shared result on the two halves are one: thread 0 arrives when the result
 * is there. */
#include "team/values.h"

#include <string.h>

#include <ppar/status.h>

#include <ppar/reduce.h>
#include "platform/memory.h"
#include "schedule/tuning.h"
#include "team/barrier.h"
#include "team/cancel.h"
#include "team/check.h"
#include "team/pair.h"

/* Each construct shows values in one of two places, in turn. All threads arrive in between two that use the same, so
 * all have read what was there. In a cancelled region nothing is shown any more: threads that were let go would write
 * while others read. */
static uint32_t next_parity(pp_seat *seat) { return seat->shows++ % 2; }

/* Values that need no memory of their own. Copies of larger ones are replaced only after a second barrier. */
static bool is_small(size_t size) { return size <= PP_WIDE_VALUE; }

/* Memory of the thread's own for `count` values; NULL: there is none, and the region is cancelled. */
static unsigned char *scratch(pp_seat *seat, size_t size, size_t count) {
  if (size > SIZE_MAX / count) size = 0;
  if (size != 0 && (seat->scratch_size < size * count || !pp_is_aligned_for(seat->scratch, size))) {
    pp_memory_free(seat->scratch);
    seat->scratch = pp_memory_alloc_values(size * count, size);
    seat->scratch_size = seat->scratch != NULL ? size * count : 0;
    if (seat->scratch_size > PP_KEPT_PARTIALS) pp_store_relaxed(&seat->team->swollen, 1);
  }
  if (size != 0 && seat->scratch_size >= size * count) return seat->scratch;
  pp_seat_cancel(seat, PPAR_ENOMEM);
  return NULL;
}

/* A construct's room: for a copy of the value, and for `count` more that others may see, too. */
typedef struct room {
  unsigned char *copy, *more;
  _Alignas(2 * PP_WIDE_VALUE) unsigned char local[2 * PP_WIDE_VALUE]; /* for any type of its size */
} room;

static unsigned char *small_place(pp_seat *seat, uint32_t parity, size_t size) {
  return size <= PP_SMALL_VALUE ? seat->small_value[parity] : seat->wide[parity].value;
}

static bool make_room(pp_seat *seat, room *r, uint32_t parity, size_t size, size_t count) {
  if (is_small(size)) {
    r->copy = small_place(seat, parity, size);
    r->more = r->local;
    return true;
  }
  r->copy = scratch(seat, size, 1 + count);
  if (r->copy == NULL) return false;
  r->more = r->copy + size;
  seat->wide[parity].large = r->copy;
  return true;
}

/* Shows a value before an arrival. */
static void show(pp_seat *seat, uint32_t parity, const room *r, const void *value, size_t size, void *result) {
  memcpy(r->copy, value, size);
  seat->result[parity] = result;
}

static const void *value_of(const pp_seat *seat, uint32_t thread, uint32_t parity, size_t size) {
  pp_seat *other = &seat->team->seats[thread];
  return is_small(size) ? small_place(other, parity, size) : other->wide[parity].large;
}

static bool barrier(pp_seat *seat) {
  if (!pp_seat_barrier(seat)) return false;
  pp_check_together(seat);
  return true;
}

void pp_values_copy(pp_seat *seat, void *value, size_t size) {
  room r;
  uint32_t parity;
  pp_check_meets(seat, "copyprivate", size, 0, 0);
  if (seat->head.size == 1 || pp_seat_is_canceled(seat)) return;
  parity = next_parity(seat);
  seat->result[parity] = NULL;
  if (seat->won_single) {
    if (!make_room(seat, &r, parity, size, 0)) return;
    show(seat, parity, &r, value, size, seat); /* any address: it says who has the value */
  }
  if (!barrier(seat)) return;
  for (uint32_t t = 0; t < seat->head.size; t++) {
    if (seat->team->seats[t].result[parity] == NULL) continue;
    if (t != seat->head.thread) memcpy(value, value_of(seat, t, parity, size), size);
    break;
  }
  if (!is_small(size)) (void)barrier(seat);
}

/* --- Reductions ------------------------------------------------------------------------------------------- */

/* total = the values of threads first ... past - 1, in their order. */
static void combine_values(const pp_seat *seat, uint32_t parity, uint32_t first, uint32_t past,
                           const ppar_reduction *reduction, void *total) {
  memcpy(total, value_of(seat, first, parity, reduction->size), reduction->size);
  for (uint32_t t = first + 1; t < past; t++) reduction->combine(total, value_of(seat, t, parity, reduction->size));
}

typedef struct combining {
  const pp_seat *seat;
  const ppar_reduction *reduction;
  uint32_t parity;
  void *total;
} combining;

static void combine_child(pp_seat *child, void *argument) {
  const combining *c = argument;
  c->reduction->combine(c->total, value_of(c->seat, child->head.thread, c->parity, c->reduction->size));
}

/* Up the tree: each thread adds its children's totals to its own value, and shows the outcome as it arrives. */
static bool combine_up(pp_seat *seat, uint32_t parity, const room *r, const void *mine, const ppar_reduction *reduction,
                       void *result) {
  combining c = {seat, reduction, parity, r->copy};
  memcpy(r->copy, mine, reduction->size);
  if (!pp_seat_gather_each(seat, combine_child, &c)) return false;
  seat->result[parity] = result;
  pp_seat_arrive(seat);
  return pp_seat_release(seat);
}

/* Whether the result is one variable for all threads, and not one each. */
static bool is_shared(const pp_seat *seat, uint32_t parity) {
  return seat->team->seats[0].result[parity] == seat->team->seats[1].result[parity];
}

static void reduce_in_tree(pp_seat *seat, uint32_t parity, const room *r, const void *mine, void *result,
                           const ppar_reduction *reduction) {
  if (!combine_up(seat, parity, r, mine, reduction, result)) return;
  pp_check_together(seat);
  if (!is_shared(seat, parity) || seat->head.thread == 0)
    reduction->combine(result, value_of(seat, 0, parity, reduction->size));
  (void)barrier(seat); /* the total, and results that are shared, have been read, and written */
}

/* Up to eight threads. */
static void reduce_of_few(pp_seat *seat, uint32_t parity, const room *r, const void *mine, void *result,
                          const ppar_reduction *reduction) {
  bool shared;
  show(seat, parity, r, mine, reduction->size, result);
  if (!barrier(seat)) return;
  shared = is_shared(seat, parity);
  seat->shared_before = shared;
  if (!shared || seat->head.thread == 0) {
    combine_values(seat, parity, 0, seat->head.size, reduction, r->more);
    reduction->combine(result, r->more);
  }
  if (!is_small(reduction->size)) {
    (void)barrier(seat);
  } else if (shared && seat->head.thread == 0) {
    pp_seat_arrive(seat);
  } else if (shared) {
    pp_seat_count(seat);
    (void)pp_seat_await_first(seat);
  }
}

/* The same where the values are small and the latest result was shared. Thread 0 comes after all others, so that who
 * sees its arrival (acquire) sees what they all wrote before theirs. Where the result is shared again it has then
 * folded it, and the others need to know nothing else; the line in which it tells them so is written just once. */
static void reduce_with_first(pp_seat *seat, uint32_t parity, const room *r, const void *mine, void *result,
                              const ppar_reduction *reduction) {
  bool *shared = pp_team_shared(seat->team, seat->head.size);
  if (seat->head.thread == 0) {
    if (!pp_seat_await_others(seat, seat->epoch + PP_SIGNAL_STEP)) return;
    show(seat, parity, r, mine, reduction->size, result);
    *shared = is_shared(seat, parity);
    combine_values(seat, parity, 0, seat->head.size, reduction, r->more);
    reduction->combine(result, r->more);
    if (*shared) {
      pp_seat_count(seat);
      pp_edge_release(
          pp_arrival_edge(seat, 0, seat->epoch)); /* The others look for this one's, and are told by the next. */
    }
    pp_seat_arrive(seat);
  } else {
    show(seat, parity, r, mine, reduction->size, result);
    pp_seat_arrive(seat);
    if (!pp_seat_await_first(seat)) return;
    if (*shared) {
      pp_seat_count(seat);
    } else {
      combine_values(seat, parity, 0, seat->head.size, reduction, r->more);
      reduction->combine(result, r->more);
    }
  }
  seat->shared_before = *shared;
  pp_check_together(seat);
}

/* Combine need not cope with one value as both its arguments. */
void pp_values_reduce_alone(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  room r;
  unsigned char *copy = r.local;
  if (mine != result) {
    reduction->combine(result, mine);
    return;
  }
  if (reduction->size > sizeof r.local) copy = pp_memory_alloc_values(reduction->size, reduction->size);
  if (copy == NULL) {
    if (seat != NULL) pp_seat_cancel(seat, PPAR_ENOMEM);
    return;
  }
  memcpy(copy, mine, reduction->size);
  reduction->combine(result, copy);
  if (copy != r.local) pp_memory_free(copy);
}

void pp_values_reduce(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  room r;
  uint32_t parity;
  if (pp_seat_is_canceled(seat)) return;
  parity = next_parity(seat);
  if (!make_room(seat, &r, parity, reduction->size, 1)) return;
  if (seat->head.size > PP_FORK_CHILDREN) {
    reduce_in_tree(seat, parity, &r, mine, result, reduction);
  } else if (seat->shared_before && is_small(reduction->size)) {
    reduce_with_first(seat, parity, &r, mine, result, reduction);
  } else {
    reduce_of_few(seat, parity, &r, mine, result, reduction);
  }
}

/* --- Scans ------------------------------------------------------------------------------------------------ */

/* prefix = the values of threads 0 ... past - 1; of none: the identity. */
static void prefix_of_few(const pp_seat *seat, uint32_t parity, uint32_t past, const ppar_reduction *reduction,
                          void *prefix) {
  if (past == 0) {
    ppar_reduction_start_(reduction, prefix);
  } else {
    combine_values(seat, parity, 0, past, reduction, prefix);
  }
}

/* The same where threads are many: those that lead eight others have shown their totals for the second barrier. */
static void prefix_of_many(const pp_seat *seat, uint32_t values, uint32_t totals, uint32_t past,
                           const ppar_reduction *reduction, void *prefix) {
  uint32_t group = past - past % PP_FORK_CHILDREN;
  size_t size = reduction->size;
  ppar_reduction_start_(reduction, prefix);
  if (group != 0) memcpy(prefix, value_of(seat, 0, totals, size), size);
  for (uint32_t t = PP_FORK_CHILDREN; t < group; t += PP_FORK_CHILDREN)
    reduction->combine(prefix, value_of(seat, t, totals, size));
  for (uint32_t t = group; t < past; t++) {
    if (t == 0) {
      memcpy(prefix, value_of(seat, 0, values, size), size);
    } else {
      reduction->combine(prefix, value_of(seat, t, values, size));
    }
  }
}

static bool show_total(pp_seat *seat, uint32_t values, uint32_t totals, const ppar_reduction *reduction, void *total) {
  uint32_t past =
      seat->head.thread + PP_FORK_CHILDREN < seat->head.size ? seat->head.thread + PP_FORK_CHILDREN : seat->head.size;
  if (seat->head.thread % PP_FORK_CHILDREN == 0) {
    combine_values(seat, values, seat->head.thread, past, reduction, total);
    if (!is_small(reduction->size)) seat->wide[totals].large = total;
  }
  return barrier(seat);
}

void pp_values_scan(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction, bool inclusive) {
  room r;
  size_t size = reduction->size;
  uint32_t values, past = seat->head.thread + (inclusive ? 1 : 0);
  if (pp_seat_is_canceled(seat)) return;
  values = next_parity(seat);
  if (!make_room(seat, &r, values, size, 2)) return;
  show(seat, values, &r, mine, size, NULL);
  if (!barrier(seat)) return;
  if (seat->head.size <= PP_FORK_CHILDREN) {
    prefix_of_few(seat, values, past, reduction, r.more);
    memcpy(result, r.more, size);
    if (!is_small(size)) (void)barrier(seat);
  } else {
    uint32_t totals = next_parity(seat);
    unsigned char *total = is_small(size) ? small_place(seat, totals, size) : r.more + size;
    if (!show_total(seat, values, totals, reduction, total)) return;
    prefix_of_many(seat, values, totals, past, reduction, r.more);
    memcpy(result, r.more, size);
    (void)barrier(seat);
  }
}
