/* SPDX-License-Identifier: MIT */
/* runs.h: runs made by hand, for tests of what is made of them (lib/show).
 *
 *   struct runs *made = runs_new();
 *   uint32_t caller = runs_thread(made, "main", -1), worker = runs_thread(made, "ppar-1", 0);
 *   uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
 *   uint32_t loop = runs_construct(made, site, caller, (pp_construct){.slots = 2, .begin = 0, .end = 900, ...});
 *   runs_chunk(made, worker, loop, 1, 100, 700, 50, 50);
 *   pp_run *run = runs_finish(made);
 *   ...
 *   runs_free(made);
 *
 * Or a whole loop, as a schedule shares it: runs_loop. Times are nanoseconds. */
#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H

#include <ppar/schedule.h>

#include <stdlib.h>
#include <string.h>

#include "show/run.h"

enum { RUNS_THREADS = 512, RUNS_SITES = 64 };

struct runs {
  pp_arena arena;
  pp_run run;
  pp_run_site sites[RUNS_SITES];
  pp_run_thread threads[RUNS_THREADS];
  pp_event *events[RUNS_THREADS];
  uint64_t counts[RUNS_THREADS], rooms[RUNS_THREADS];
  uint64_t construct_room;
};

static inline struct runs *runs_new(void) {
  struct runs *made = calloc(1, sizeof *made);
  if (made == NULL) abort();
  return made;
}

static inline void runs_free(struct runs *made) {
  for (uint32_t t = 0; t < made->run.thread_count; t++) free(made->events[t]);
  free(made->run.constructs);
  pp_arena_free(&made->arena);
  free(made);
}

/* A thread; worker: its number in the pool, -1 for none. Returns its index. */
static inline uint32_t runs_thread(struct runs *made, const char *name, int32_t worker) {
  uint32_t index = made->run.thread_count++;
  if (index == RUNS_THREADS) abort();
  made->threads[index] = (pp_run_thread){.name = name, .id = 1000 + (int64_t)index, .worker = worker};
  return index;
}

/* A place; name: the options', NULL for none. Returns its index. Sums are for the test to set, in made->sites[...].sum;
 * runs_loop adds to them. */
static inline uint32_t runs_site(struct runs *made, pp_construct_kind kind, const char *where, const char *name) {
  uint32_t index = made->run.site_count++;
  if (index == RUNS_SITES) abort();
  made->sites[index] =
      (pp_run_site){.number = index, .kind = kind, .where = where, .title = name != NULL ? name : where};
  return index;
}

/* A construct at the place, begun by the thread. Of `what` number, site, kind and team are filled in, and `had` and
 * `asked` where they are 0. An end of 0: it has not ended. Returns its number. */
static inline uint32_t runs_construct(struct runs *made, uint32_t site, uint32_t thread, pp_construct what) {
  pp_run *run = &made->run;
  if (run->construct_count == made->construct_room) {
    made->construct_room = made->construct_room != 0 ? 2 * made->construct_room : 64;
    run->constructs = realloc(run->constructs, (size_t)made->construct_room * sizeof *run->constructs);
    if (run->constructs == NULL) abort();
  }
  what.number = (uint32_t)run->construct_count + 1;
  what.site = site;
  what.kind = (uint8_t)made->sites[site].kind;
  what.team = what.slots > 1;
  if (what.asked == 0) what.asked = what.slots;
  if (what.had == 0) what.had = what.slots;
  run->constructs[run->construct_count++] = (pp_run_construct){.what = what,
                                                               .thread = thread,
                                                               .site = &made->sites[site],
                                                               .has_ended = what.end != 0,
                                                               .is_complete = what.end != 0};
  return what.number;
}

/* In any order. One with PP_EVENT_OPEN gets its end from runs_finish. */
static inline void runs_event(struct runs *made, uint32_t thread, pp_event event) {
  if (made->counts[thread] == made->rooms[thread]) {
    made->rooms[thread] = made->rooms[thread] != 0 ? 2 * made->rooms[thread] : 64;
    made->events[thread] = realloc(made->events[thread], (size_t)made->rooms[thread] * sizeof(pp_event));
    if (made->events[thread] == NULL) abort();
  }
  made->events[thread][made->counts[thread]++] = event;
}

static inline void runs_span(struct runs *made, uint32_t thread, uint32_t construct, uint32_t slot, pp_event_kind kind,
                             uint64_t begin, uint64_t end) {
  runs_event(
      made, thread,
      (pp_event){.begin = begin, .end = end, .construct = construct, .slot = (uint16_t)slot, .kind = (uint8_t)kind});
}

static inline void runs_chunk(struct runs *made, uint32_t thread, uint32_t construct, uint32_t slot, uint64_t begin,
                              uint64_t end, uint64_t first, uint64_t count) {
  runs_event(made, thread,
             (pp_event){.begin = begin,
                        .end = end,
                        .first = first,
                        .count = count,
                        .construct = construct,
                        .slot = (uint16_t)slot,
                        .kind = PP_EVENT_CHUNK});
}

/* --- Loops as schedules share them -------------------------------------------------------------------------- */

typedef struct runs_shared {
  uint32_t site, caller; /* The place; the threads are caller, caller + 1, ... */
  uint32_t slots;
  ppar_schedule schedule; /* auto: as static */
  uint64_t count;
  int64_t index, step;          /* step 0 is 1 */
  uint64_t (*cost)(uint64_t i); /* Of iteration i, in ns. */
  uint64_t begin, late, take;   /* Threads come `late` one after the other; a chunk costs `take` to get. */
  uint32_t how;                 /* PP_HOW_... */
} runs_shared;

/* The next chunk of a slot that has had `had` of them, with `*taken` iterations gone of the whole loop. 0: none. */
static inline uint64_t runs_next_(const runs_shared *s, uint64_t slot, uint64_t had, uint64_t *taken, uint64_t *first) {
  uint64_t chunk = (uint64_t)s->schedule.chunk, size, left = s->count - *taken;
  switch (s->schedule.kind) {
    case PPAR_SCHEDULE_DYNAMIC:
    case PPAR_SCHEDULE_GUIDED:
      size = chunk != 0 ? chunk : 1;
      if (s->schedule.kind == PPAR_SCHEDULE_GUIDED && (left + s->slots - 1) / s->slots > size)
        size = (left + s->slots - 1) / s->slots;
      if (size > left) size = left;
      *first = *taken;
      *taken += size;
      return size;
    default:
      if (chunk == 0) {
        *first = slot * (s->count / s->slots) + (slot < s->count % s->slots ? slot : s->count % s->slots);
        return had == 0 ? s->count / s->slots + (slot < s->count % s->slots) : 0;
      }
      *first = (slot + had * s->slots) * chunk;
      return *first >= s->count ? 0 : s->count - *first < chunk ? s->count - *first : chunk;
  }
}

/* Members that have had their last chunk: the caller waits for the end, the others leave at once. */
static inline void runs_members_(struct runs *made, const runs_shared *s, uint32_t number, const uint64_t *from,
                                 const uint64_t *past, const uint64_t *chunks, const uint64_t *iterations,
                                 uint64_t end) {
  for (uint32_t t = 0; t < s->slots; t++) {
    if (chunks[t] == 0) continue;
    if (t == 0 && end > past[t]) runs_span(made, s->caller, number, 0, PP_EVENT_WAIT, past[t], end);
    runs_event(made, s->caller + t,
               (pp_event){.begin = from[t],
                          .end = t == 0 ? end : past[t],
                          .first = chunks[t],
                          .count = iterations[t],
                          .construct = number,
                          .slot = (uint16_t)t,
                          .kind = PP_EVENT_MEMBER});
  }
}

/* Who is free first takes the next chunk. Returns the loop's number. */
static inline uint32_t runs_loop(struct runs *made, const runs_shared *s) {
  uint64_t free_at[RUNS_THREADS], from[RUNS_THREADS], past[RUNS_THREADS],
      chunks[RUNS_THREADS] = {0}, iterations[RUNS_THREADS] = {0}, busy = 0, start = 0, ending = 0, taken = 0,
      end = s->begin, left = s->slots;
  bool done[RUNS_THREADS] = {false};
  uint64_t *sum = made->sites[s->site].sum;
  uint32_t number = runs_construct(made, s->site, s->caller,
                                   (pp_construct){.slots = (uint16_t)s->slots,
                                                  .schedule_kind = (uint8_t)s->schedule.kind,
                                                  .schedule_order = (uint8_t)s->schedule.order,
                                                  .chunk = (uint64_t)s->schedule.chunk,
                                                  .how = s->how,
                                                  .count = s->count,
                                                  .index = s->index,
                                                  .step = s->step != 0 ? s->step : 1,
                                                  .begin = s->begin,
                                                  .end = UINT64_MAX});
  for (uint32_t t = 0; t < s->slots; t++) from[t] = past[t] = free_at[t] = s->begin + s->take + t * s->late;
  while (left != 0) {
    uint32_t t = 0;
    uint64_t first, size, begin;
    for (uint32_t k = 0; k < s->slots; k++) {
      if (done[t] || (!done[k] && free_at[k] < free_at[t])) t = k;
    }
    size = runs_next_(s, t, chunks[t], &taken, &first);
    if (size == 0) {
      done[t] = true;
      left--;
      continue;
    }
    if (chunks[t]++ == 0) start += free_at[t] - s->begin;
    begin = free_at[t];
    for (uint64_t i = first; i < first + size; i++) free_at[t] += s->cost(i);
    runs_chunk(made, s->caller + t, number, t, begin, free_at[t], first, size);
    busy += free_at[t] - begin;
    iterations[t] += size;
    past[t] = free_at[t];
    if (past[t] > end) end = past[t];
    free_at[t] += s->take;
  }
  made->run.constructs[number - 1].what.end = end;
  runs_members_(made, s, number, from, past, chunks, iterations, end);
  ending = end - past[0];
  sum[PP_SUM_CALLS]++;
  sum[PP_SUM_ITERATIONS] += s->count;
  sum[PP_SUM_WALL] += end - s->begin;
  sum[PP_SUM_CAPACITY] += s->slots * (end - s->begin);
  sum[PP_SUM_SLOTS] += s->slots;
  sum[PP_SUM_ASKED] += s->slots;
  sum[PP_SUM_START] += start;
  sum[PP_SUM_BUSY] += busy;
  sum[PP_SUM_ENDING] += ending;
  for (uint32_t t = 0; t < s->slots; t++) {
    if (chunks[t] == 0) continue;
    sum[PP_SUM_HAD]++;
    sum[PP_SUM_MEMBERS]++;
    sum[PP_SUM_CHUNKS] += chunks[t];
    sum[PP_SUM_ALL_WALL] += end - s->begin;
    sum[PP_SUM_THERE] += (t == 0 ? end : past[t]) - s->begin;
  }
  return number;
}

/* --- The end ------------------------------------------------------------------------------------------------ */

/* In the order of their ends, inner ones first; what has not ended comes last. */
static inline int runs_compare_(const void *left, const void *right) {
  const pp_event *a = left, *b = right;
  int a_is_open = a->flags & PP_EVENT_OPEN, b_is_open = b->flags & PP_EVENT_OPEN;
  if (a_is_open != b_is_open) return a_is_open ? 1 : -1;
  if (a->end != b->end) return a->end < b->end ? -1 : 1;
  if (a->begin != b->begin) return a->begin > b->begin ? -1 : 1;
  return (a->kind == PP_EVENT_MEMBER) - (b->kind == PP_EVENT_MEMBER);
}

/* The run, read at its latest event's end or at `end`, whichever is later. */
static inline pp_run *runs_finish_at(struct runs *made, uint64_t end) {
  pp_run *run = &made->run;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    for (uint64_t k = 0; k < made->counts[t]; k++) {
      if (made->events[t][k].end > end) end = made->events[t][k].end;
    }
  }
  for (uint64_t k = 0; k < run->construct_count; k++) {
    if (run->constructs[k].what.end > end) end = run->constructs[k].what.end;
  }
  run->arena = &made->arena;
  run->end = end;
  run->sites = made->sites;
  run->threads = made->threads;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    for (uint64_t k = 0; k < made->counts[t]; k++) {
      if (made->events[t][k].flags & PP_EVENT_OPEN) made->events[t][k].end = end;
    }
    if (made->counts[t] != 0) qsort(made->events[t], (size_t)made->counts[t], sizeof(pp_event), runs_compare_);
    made->threads[t].given = made->events[t];
    made->threads[t].given_count = made->threads[t].events = made->counts[t];
    run->lost_events += made->threads[t].lost;
  }
  for (uint64_t k = 0; k < run->construct_count; k++) {
    if (!run->constructs[k].has_ended) run->constructs[k].what.end = end;
  }
  if (!pp_run_sort(run)) abort();
  return run;
}

static inline pp_run *runs_finish(struct runs *made) { return runs_finish_at(made, 0); }

#endif
