/* SPDX-License-Identifier: MIT */
/* recorded.h: what tracing has recorded of what a test has just run. */
#ifndef TESTS_SUPPORT_RECORDED_H
#define TESTS_SUPPORT_RECORDED_H

#include <stdlib.h>

#include <criterion/criterion.h>

#include "show/run.h"
#include "trace/spans.h"

typedef struct recorded {
  pp_arena arena;
  pp_run *run;
  uint32_t since; /* Constructs with lower numbers were there before. */
} recorded;

/* Begins to record, if that has not been begun before. */
static inline void record_all(void) {
  if (!pp_trace_is_on()) pp_trace_start(&(pp_trace_config){.bytes = 8 << 20});
}

static inline void read_recorded(recorded *r) {
  r->arena.latest = NULL;
  r->run = pp_run_read(&r->arena, 0);
  cr_assert_not_null(r->run);
}

static inline void forget_recorded(recorded *r) { pp_arena_free(&r->arena); }

/* The latest construct of a name; there must be one, and it must have ended. */
static inline const pp_run_construct *recorded_construct(const recorded *r, pp_construct_kind kind, const char *name) {
  for (uint64_t k = r->run->construct_count; k-- > 0;) {
    const pp_run_construct *construct = &r->run->constructs[k];
    if (construct->what.kind != kind || strcmp(construct->site->title, name) != 0) continue;
    cr_assert(construct->has_ended, "%s has not ended", name);
    return construct;
  }
  cr_assert_fail("no %s was recorded of name %s", pp_run_kind_text(kind), name);
  return NULL;
}

/* Marks what the construct's chunks ran: each of its iterations must be marked once. Returns how many chunks there
 * were. */
static inline uint64_t check_recorded_chunks(const recorded *r, const pp_run_construct *construct) {
  const pp_construct *what = &construct->what;
  pp_run_spans spans = pp_run_collect(r->run, what->number, false, what->begin, what->end);
  unsigned char *seen = calloc((size_t)what->count + 1, 1);
  uint64_t chunks = 0;
  for (uint64_t k = 0; k < spans.count; k++) {
    const pp_event *event = &spans.span[k].event;
    uint64_t hop = (event->flags & PP_EVENT_STRIDED) != 0 ? what->slots : 1;
    if (event->kind != PP_EVENT_CHUNK) continue;
    chunks++;
    cr_assert_leq(event->begin, event->end);
    cr_assert_geq(event->begin, what->begin);
    cr_assert_lt(event->slot, what->slots);
    for (uint64_t i = 0; i < event->count; i++) {
      uint64_t iteration = event->first + i * hop;
      cr_assert_lt(iteration, what->count);
      cr_assert_eq(seen[iteration], 0, "iteration %llu is in two chunks", (unsigned long long)iteration);
      seen[iteration] = 1;
    }
  }
  for (uint64_t i = 0; i < what->count; i++)
    cr_assert_eq(seen[i], 1, "iteration %llu is in no chunk", (unsigned long long)i);
  free(seen);
  return chunks;
}

/* Events of a kind in a construct, or in all (0). */
static inline uint64_t count_recorded(const recorded *r, uint32_t number, pp_event_kind kind) {
  uint64_t count = 0;
  for (uint32_t t = 0; t < r->run->thread_count; t++) {
    pp_run_cursor cursor = pp_run_events(r->run, t);
    pp_event event;
    while (pp_run_next(&cursor, &event))
      count += event.kind == kind && (number == 0 || event.construct == number) && (event.flags & PP_EVENT_OPEN) == 0;
  }
  return count;
}

#endif
