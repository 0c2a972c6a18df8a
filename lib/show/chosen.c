/* SPDX-License-Identifier: MIT */
/* chosen.c: the middle call of each place, and the places that matter most. */
#include "show/chosen.h"

#include "show/sort.h"

typedef struct call {
  const pp_run_construct *construct;
  uint32_t site;
  uint64_t length;
} call;

typedef struct candidate {
  const pp_run_construct *construct;
  uint64_t total; /* Nanoseconds of all calls at the place. */
} candidate;

static bool by_site_and_length(const void *left, const void *right) {
  const call *a = left, *b = right;
  return a->site != b->site ? a->site < b->site : a->length < b->length;
}

static bool by_total(const void *left, const void *right) {
  return ((const candidate *)left)->total > ((const candidate *)right)->total;
}

static bool by_begin(const void *left, const void *right) {
  const pp_construct *a = &(*(const pp_run_construct *const *)left)->what;
  const pp_construct *b = &(*(const pp_run_construct *const *)right)->what;
  return a->begin != b->begin ? a->begin < b->begin : a->number < b->number;
}

/* A region whose time is that of its pranges has nothing to show beside them. */
static bool has_pranges(const pp_run *run, const pp_run_construct *region) {
  for (uint64_t k = (uint64_t)(region - run->constructs) + 1; k < run->construct_count; k++) {
    const pp_construct *other = &run->constructs[k].what;
    if (other->begin > region->what.end) break;
    if (other->kind == PP_CONSTRUCT_PRANGE && other->inside == region->what.number) return true;
  }
  return false;
}

static bool is_shown(const pp_run *run, const pp_run_construct *construct) {
  if (construct->what.kind == PP_CONSTRUCT_REGION && has_pranges(run, construct)) return false;
  return construct->what.count != 0 || construct->what.kind == PP_CONSTRUCT_REGION;
}

/* A task group that was begun in a task of the same place is a part of the work of the one around it. */
static bool is_inner(const pp_run *run, const pp_run_construct *construct) {
  const pp_run_construct *around;
  if (construct->what.kind != PP_CONSTRUCT_TASKS || construct->what.inside == 0) return false;
  around = pp_run_find(run, construct->what.inside);
  return around != NULL && around->what.site == construct->what.site;
}

/* Complete ones if there are any at the place: `calls` are all of one place, the shortest first. Where groups of tasks
 * are inside of each other, it is the longest one. */
static candidate middle_of(const pp_run *run, const call *calls, uint64_t count) {
  uint64_t complete = 0, at = 0;
  candidate found = {NULL, 0};
  for (uint64_t k = 0; k < count; k++) {
    if (is_inner(run, calls[k].construct)) return (candidate){calls[count - 1].construct, calls[count - 1].length};
    complete += calls[k].construct->is_complete;
    found.total += calls[k].length;
  }
  for (uint64_t k = 0; k < count && found.construct == NULL; k++) {
    if (complete != 0 && !calls[k].construct->is_complete) continue;
    if (at++ == (complete != 0 ? complete : count) / 2) found.construct = calls[k].construct;
  }
  return found;
}

pp_chosen pp_run_choose(const pp_run *run, uint32_t most) {
  pp_chosen chosen = {NULL, 0, 0};
  call *calls = pp_arena_array(run->arena, run->construct_count, sizeof *calls);
  candidate *candidates = pp_arena_array(run->arena, run->site_count, sizeof *candidates);
  uint64_t count = 0;
  uint32_t found = 0;
  if (calls == NULL || candidates == NULL) return chosen;
  for (uint64_t k = 0; k < run->construct_count; k++) {
    const pp_run_construct *construct = &run->constructs[k];
    if (!is_shown(run, construct)) continue;
    calls[count++] = (call){construct, construct->what.site, construct->what.end - construct->what.begin};
  }
  pp_sort(calls, count, sizeof *calls, by_site_and_length);
  for (uint64_t from = 0, past; from < count && found < run->site_count; from = past) {
    for (past = from; past < count && calls[past].site == calls[from].site; past++) continue;
    candidates[found++] = middle_of(run, &calls[from], past - from);
  }
  pp_sort(candidates, found, sizeof *candidates, by_total);
  chosen.construct = pp_arena_array(run->arena, found, sizeof *chosen.construct);
  if (chosen.construct == NULL) return chosen;
  chosen.count = found < most ? found : most;
  chosen.left_out = found - chosen.count;
  for (uint32_t k = 0; k < chosen.count; k++) chosen.construct[k] = candidates[k].construct;
  pp_sort(chosen.construct, chosen.count, sizeof *chosen.construct, by_begin);
  return chosen;
}
