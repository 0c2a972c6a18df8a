/* SPDX-License-Identifier: MIT */
/* shared.c: the chain of records. A task in a team of one has no others to share with: its record is its own. */
#include "gomp/shared.h"

#include <stdlib.h>
#include <string.h>

#include "gomp/message.h"
#include "gomp/reductions.h"
#include "gomp/region.h"
#include "gomp/taskgroup.h"
#include "platform/memory.h"
#include "platform/race_checker.h"

/* The memory begins on a cache line of its own, behind the record. */
static pp_omp_shared *make_record(size_t size) {
  size_t head = (sizeof(pp_omp_shared) + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  pp_omp_shared *record = size <= SIZE_MAX - head ? pp_memory_zalloc(head + size) : NULL;
  if (record == NULL) pp_omp_no_memory("what a construct's threads share");
  record->memory = (unsigned char *)record + head;
  record->size = size;
  return record;
}

static pp_omp_copies *make_copies(const uintptr_t *reductions, const pp_omp_data *here) {
  pp_omp_copies *copies = pp_memory_zalloc(sizeof *copies);
  if (copies == NULL) pp_omp_no_memory("what a construct's threads share");
  pp_store_relaxed(&copies->users, 1);
  copies->memory = pp_omp_reductions_make(reductions, (uint32_t)here->team_size);
  return copies;
}

void pp_omp_copies_leave(pp_omp_copies *copies, bool all) {
  if (all) {
    free(copies->memory);
    copies->memory = NULL;
  }
  if (pp_add_acq_rel(&copies->users, UINT32_MAX) != 1) return;
  free(copies->memory);
  pp_memory_free(copies);
}

static void free_record(pp_omp_shared *record) {
  if (record->copies != NULL) pp_omp_copies_leave(record->copies, false);
  pp_memory_free(record);
}

static bool is_alone(const pp_omp_data *here) { return here->team_size == 1 || pp_omp_is_deferred(here); }

static void pass(pp_omp_data *here, pp_omp_shared *record) {
  pp_omp_region *region = here->region;
  if (pp_add_acq_rel(&record->passed, 1) + 1 != (uint32_t)here->team_size) return;
  pp_store_relaxed(&region->oldest_shared, pp_load_relaxed(&record->next)); /* C3 */
  free_record(record);
}

static void leave(pp_omp_data *here) {
  if (here->shared == NULL) return;
  if (is_alone(here)) free_record(here->shared);
  here->shared = NULL;
}

void pp_omp_shared_leave(pp_omp_data *here) { leave(here); }

/* Those of the constructs around; NULL: there are none. */
static uintptr_t *outer_reductions(const pp_omp_data *here) {
  return here->taskgroup != NULL ? here->taskgroup->reductions : NULL;
}

typedef struct making {
  size_t size;
  void (*make)(void *memory, const void *from);
  const void *from;
  uintptr_t *reductions;
} making;

static pp_omp_shared *make(const making *m, const pp_omp_data *here) {
  pp_omp_shared *record = make_record(m->size);
  if (m->make != NULL) m->make(record->memory, m->from);
  if (m->reductions != NULL) record->copies = make_copies(m->reductions, here);
  pp_edge_release(record); /* To the others that come to it. */
  return record;
}

/* The next record, which this thread appends if nobody has. */
static pp_omp_shared *append(pp_omp_data *here, _Atomic(pp_omp_shared *) *link, const making *m) {
  pp_omp_shared *next = pp_load_acquire(link), *mine;
  if (next != NULL) return next;
  mine = make(m, here);
  if (pp_cas_acq_rel(link, &next, mine)) return mine;
  free_record(mine);
  return next;
}

static pp_omp_shared *walk_on(pp_omp_data *here, const making *m) {
  pp_omp_shared *before = here->shared;
  if (is_alone(here)) {
    leave(here);
    here->had_loop = true; /* A task has something to leave. */
    here->shared = make(m, here);
    return here->shared;
  }
  if (here->region == NULL) pp_omp_fatal("a construct that shares memory is in a region that OpenMP has not begun");
  here->shared = append(here, before != NULL ? &before->next : &here->region->first_shared, m);
  if (here->shared->size < m->size)
    pp_omp_fatal("two threads of a team are at different constructs that share memory, of %zu and %zu bytes",
                 here->shared->size, m->size);
  pp_edge_acquire(here->shared);
  if (before != NULL) pass(here, before);
  return here->shared;
}

void pp_omp_shared_come(pp_omp_data *here, uintptr_t *reductions, void **memory) {
  making m = {.size = memory != NULL ? (size_t)(uintptr_t)*memory : 0, .reductions = reductions};
  pp_omp_shared *record = walk_on(here, &m);
  here->loop.own_barrier = here->barriers + 1;
  if (memory != NULL) *memory = record->memory;
  if (reductions == NULL) return;
  if (record->copies == NULL) pp_omp_fatal("two threads of a team are at different constructs that share memory");
  (void)pp_add_relaxed(&record->copies->users, 1);
  pp_omp_reductions_register(reductions, outer_reductions(here), record->copies->memory, (uint32_t)here->team_size);
  pp_omp_taskgroup_begin_construct(here, reductions);
  here->taskgroup->copies = record->copies;
}

void *pp_omp_shared_get(pp_omp_data *here, size_t size, void (*make_it)(void *memory, const void *from),
                        const void *from) {
  making m = {.size = size, .make = make_it, .from = from};
  return walk_on(here, &m)->memory;
}

void pp_omp_shared_free(pp_omp_region *region) {
  pp_omp_shared *record = pp_load_relaxed(&region->oldest_shared);
  if (record == NULL) record = pp_load_relaxed(&region->first_shared);
  while (record != NULL) {
    pp_omp_shared *next = pp_load_relaxed(&record->next);
    free_record(record);
    record = next;
  }
}
