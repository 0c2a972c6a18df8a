/* SPDX-License-Identifier: MIT */
/* team_values.c: values that the threads of a team give each other: copyprivate, reductions and scans over threads.
 *
 * Each thread shows its value (small ones in the line of its arrival at a barrier, larger ones where they are) and arrives.
 * Up to eight threads each combine all values by themselves, in thread order: one barrier, and no line but the arrivals'.
 * In larger teams the threads that lead eight others combine theirs on the way up the tree, thread 0 has the total, and it is
 * shown on the way down. Another barrier follows where values were shown where they are, or the result is shared. */
#include <ppar/team.h>

#include <string.h>

#include <ppar/status.h>

#include "platform/memory.h"
#include "pool/check.h"
#include "pool/record.h"
#include "pool/team.h"

/* Each construct shows values in one of two places, in turn. All threads arrive in between two that use the same, so
 * all have read what was there. */
static uint32_t next_parity(ppar_team *team) { return team->shows++ % 2; }

static bool is_lasting(size_t size) { return size <= PP_WIDE_VALUE; }

/* Shows a value before an arrival. True: it is a copy, and the others may read it until the next construct's arrival. */
static bool show(ppar_team *team, uint32_t parity, const void *value, size_t size, void *result) {
  void *copy = size <= PP_SMALL_VALUE ? (void *)team->small_value[parity] : (void *)team->wide_value[parity];
  if (is_lasting(size)) memcpy(copy, value, size);
  team->shown.value[parity] = is_lasting(size) ? copy : value;
  team->shown.result[parity] = result;
  return is_lasting(size);
}

static const void *value_of(const ppar_team *team, uint32_t thread, uint32_t parity) {
  return team->crew->seats[thread].shown.value[parity];
}

static bool barrier(ppar_team *team) {
  if (!pp_team_barrier(team)) return false;
  pp_check_together(team);
  return true;
}

void ppar_copyprivate(ppar_team *team, void *value, size_t size) {
  team = pp_team_or_current(team);
  if (team == NULL) return;
  pp_check_meets(team, "copyprivate", size, 0, 0);
  if (team->size == 1) return;
  uint32_t parity = next_parity(team);
  bool lasting = is_lasting(size);
  team->shown.result[parity] = team->won_single ? team : NULL; /* any address: it says who has the value */
  if (team->won_single) {
    (void)show(team, parity, value, size, team);
  }
  if (!barrier(team)) return;
  for (uint32_t t = 0; t < team->size; t++) {
    if (team->crew->seats[t].shown.result[parity] == NULL) continue;
    if (t != team->thread) memcpy(value, value_of(team, t, parity), size);
    break;
  }
  if (!lasting) (void)barrier(team);
}

/* --- Reductions ------------------------------------------------------------------------------------------- */

static bool is_valid(const void *mine, const void *result, const ppar_reduction *reduction) {
  return mine != NULL && result != NULL && reduction != NULL && reduction->combine != NULL && reduction->size != 0;
}

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

/* total = the values of threads first ... past - 1, in their order. */
static void combine_values(const ppar_team *team, uint32_t parity, uint32_t first, uint32_t past,
                           const ppar_reduction *reduction, void *total) {
  memcpy(total, value_of(team, first, parity), reduction->size);
  for (uint32_t t = first + 1; t < past; t++) reduction->combine(total, value_of(team, t, parity));
}

typedef struct combining {
  const ppar_reduction *reduction;
  uint32_t parity;
  void *total;
} combining;

static void combine_child(ppar_team *child, void *argument) {
  const combining *c = argument;
  c->reduction->combine(c->total, child->shown.value[c->parity]);
}

/* Up the tree: each thread adds its children's totals to its own value, and shows the outcome as it arrives. */
static bool combine_up(ppar_team *team, uint32_t parity, const void *mine, const ppar_reduction *reduction,
                       void *result, void *total) {
  combining c = {reduction, parity, total};
  memcpy(total, mine, reduction->size);
  if (!pp_team_gather_each(team, combine_child, &c)) return false;
  (void)show(team, parity, total, reduction->size, result);
  pp_team_arrive(team);
  return pp_team_release(team);
}

/* Whether the result is one variable for all threads, and not one each. */
static bool is_shared(const ppar_team *team, uint32_t parity) {
  return team->crew->seats[0].shown.result[parity] == team->crew->seats[1].shown.result[parity];
}

static void reduce_in_tree(ppar_team *team, uint32_t parity, const void *mine, void *result,
                           const ppar_reduction *reduction, void *total) {
  if (!combine_up(team, parity, mine, reduction, result, total)) return;
  pp_check_together(team);
  if (!is_shared(team, parity)) {
    reduction->combine(result, value_of(team, 0, parity));
  } else if (team->thread == 0) {
    reduction->combine(result, total);
  }
  (void)barrier(team); /* the total, and results that are shared, have been read, and written */
}

/* What this thread has room for: on the stack, where the value is small. */
#define TOTAL_OF(team, reduction, local, count) \
  ((reduction)->size * (count) <= sizeof(local) ? (local) : scratch(team, (reduction)->size, (count)))

void ppar_team_reduce(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  _Alignas(PP_WIDE_VALUE) unsigned char local[PP_WIDE_VALUE];
  uint32_t parity;
  bool shared, lasting;
  void *total;
  team = pp_team_or_current(team);
  if (!is_valid(mine, result, reduction)) {
    ppar_cancel_region(team, PPAR_EINVAL);
    return;
  }
  if (team != NULL) pp_check_meets(team, "team reduce", reduction->size, 0, 0);
  if (team == NULL || team->size == 1) {
    reduction->combine(result, mine);
    return;
  }
  total = TOTAL_OF(team, reduction, local, 1);
  if (total == NULL) return;
  parity = next_parity(team);
  if (team->size > PP_FORK_CHILDREN) {
    reduce_in_tree(team, parity, mine, result, reduction, total);
    return;
  }
  lasting = show(team, parity, mine, reduction->size, result);
  if (!barrier(team)) return;
  shared = is_shared(team, parity);
  if (!shared || team->thread == 0) combine_values(team, parity, 0, team->size, reduction, total);
  if (!lasting && !barrier(team)) return;
  if (!shared || team->thread == 0) reduction->combine(result, total);
  if (shared) (void)pp_team_await_first(team);
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
  pp_reduction_start(reduction, prefix);
  if (group != 0) memcpy(prefix, value_of(team, 0, totals), reduction->size);
  for (uint32_t t = PP_FORK_CHILDREN; t < group; t += PP_FORK_CHILDREN)
    reduction->combine(prefix, value_of(team, t, totals));
  for (uint32_t t = group; t < past; t++) {
    if (t == 0) {
      memcpy(prefix, value_of(team, 0, values), reduction->size);
    } else {
      reduction->combine(prefix, value_of(team, t, values));
    }
  }
}

static bool show_total(ppar_team *team, uint32_t values, uint32_t totals, const ppar_reduction *reduction,
                       void *total) {
  uint32_t past = team->thread + PP_FORK_CHILDREN < team->size ? team->thread + PP_FORK_CHILDREN : team->size;
  if (team->thread % PP_FORK_CHILDREN == 0) {
    combine_values(team, values, team->thread, past, reduction, total);
    (void)show(team, totals, total, reduction->size, NULL);
  }
  return barrier(team);
}

static void scan(ppar_team *team, const char *construct, const void *mine, void *result,
                 const ppar_reduction *reduction, bool inclusive) {
  _Alignas(PP_WIDE_VALUE) unsigned char local[2 * PP_WIDE_VALUE];
  unsigned char *prefix;
  uint32_t values, past;
  bool lasting;
  team = pp_team_or_current(team);
  if (!is_valid(mine, result, reduction)) {
    ppar_cancel_region(team, PPAR_EINVAL);
    return;
  }
  if (team != NULL) pp_check_meets(team, construct, reduction->size, 0, 0);
  if (team == NULL || team->size == 1) {
    if (!inclusive) pp_reduction_start(reduction, result);
    if (inclusive && result != mine) memcpy(result, mine, reduction->size);
    return;
  }
  prefix = TOTAL_OF(team, reduction, local, 2);
  if (prefix == NULL) return;
  values = next_parity(team);
  past = team->thread + (inclusive ? 1 : 0);
  lasting = show(team, values, mine, reduction->size, NULL);
  if (!barrier(team)) return;
  if (team->size <= PP_FORK_CHILDREN) {
    prefix_of_few(team, values, past, reduction, prefix);
    if (!lasting && !barrier(team)) return;
  } else {
    uint32_t totals = next_parity(team);
    if (!show_total(team, values, totals, reduction, prefix + reduction->size)) return;
    prefix_of_many(team, values, totals, past, reduction, prefix);
    if (!barrier(team)) return;
  }
  memcpy(result, prefix, reduction->size);
}

void ppar_team_scan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(team, "team scan", mine, result, reduction, true);
}

void ppar_team_exscan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(team, "team exscan", mine, result, reduction, false);
}
