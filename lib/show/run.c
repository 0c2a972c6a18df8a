/* SPDX-License-Identifier: MIT */
/* run.c: reading the tracers. */
#include "show/run.h"

#include <ppar/schedule.h>

#include "platform/clock.h"
#include "platform/forks.h"
#include "schedule/tuning.h"
#include "show/output.h"
#include "show/run_sites.h"
#include "show/sort.h"
#include "trace/spans.h"

/* Ticks since tracing began as nanoseconds; what came before counts as its begin. */
static uint64_t ns_of(uint64_t ticks) {
  uint64_t began = pp_trace_began();
  return ticks > began ? pp_ns_from_ticks(ticks - began) : 0;
}

/* --- Threads ------------------------------------------------------------------------------------------------ */

static bool is_main(const pp_run_thread *thread) { return thread->id == pp_process_id(); }

static bool comes_first(const void *left, const void *right) {
  const pp_run_thread *a = left, *b = right;
  if (is_main(a) != is_main(b)) return is_main(a);
  if ((a->worker < 0) != (b->worker < 0)) return a->worker >= 0;
  if (a->worker != b->worker) return a->worker < b->worker;
  return a->tracer->index < b->tracer->index;
}

static const char *name_of(pp_arena *arena, const pp_run_thread *thread) {
  char text[32];
  pp_output out = pp_output_to(-1, text, sizeof text);
  if (thread->worker >= 0) {
    pp_putf(&out, "ppar-%d", (int)thread->worker + 1);
  } else if (is_main(thread)) {
    pp_put(&out, "main");
  } else {
    pp_putf(&out, "%s %lld", thread->tracer->name, (long long)thread->id);
  }
  (void)pp_output_end(&out);
  return pp_arena_text(arena, text);
}

static bool read_threads(pp_run *run) {
  uint32_t count = 0;
  while (pp_tracer_at(count) != NULL) count++;
  run->threads = pp_arena_array(run->arena, count + 1, sizeof *run->threads);
  if (run->threads == NULL) return false;
  for (uint32_t t = 0; t < count; t++) {
    const pp_tracer *tracer = pp_tracer_at(t);
    pp_run_thread *thread = &run->threads[t];
    uint64_t told = pp_load_acquire(&tracer->told), oldest = pp_tracer_oldest(tracer);
    uint64_t oldest_construct = pp_tracer_oldest_construct(tracer);
    thread->tracer = tracer;
    thread->id = tracer->thread;
    thread->worker = pp_load_relaxed(&tracer->worker);
    thread->events = told - oldest;
    thread->lost = oldest;
    run->lost_events += oldest;
    run->lost_constructs += oldest_construct;
  }
  run->thread_count = count;
  run->lost_threads = pp_tracers_missing();
  pp_sort(run->threads, count, sizeof *run->threads, comes_first);
  for (uint32_t t = 0; t < count; t++) run->threads[t].name = name_of(run->arena, &run->threads[t]);
  return true;
}

/* --- Constructs --------------------------------------------------------------------------------------------- */

/* Of equal ones the outer one was begun with the lower number, if one thread has begun both. */
static bool begins_first(const void *left, const void *right) {
  const pp_construct *a = &((const pp_run_construct *)left)->what, *b = &((const pp_run_construct *)right)->what;
  return a->begin != b->begin ? a->begin < b->begin : a->number < b->number;
}

/* Events that were replaced ended before the oldest that is left. */
static bool may_have_lost(const pp_run *run, uint64_t begin) {
  for (uint32_t t = 0; t < run->thread_count; t++) {
    const pp_run_thread *thread = &run->threads[t];
    pp_event oldest;
    if (thread->lost == 0 || thread->tracer == NULL) continue;
    if (!pp_tracer_copy(thread->tracer, pp_tracer_oldest(thread->tracer), &oldest)) return true;
    if (ns_of(oldest.end) >= begin) return true;
  }
  return false;
}

static bool is_lower(const void *left, const void *right) {
  return (*(const pp_run_construct *const *)left)->what.number < (*(const pp_run_construct *const *)right)->what.number;
}

bool pp_run_sort(pp_run *run) {
  pp_sort(run->constructs, run->construct_count, sizeof *run->constructs, begins_first);
  run->by_number = pp_arena_array(run->arena, run->construct_count, sizeof *run->by_number);
  if (run->by_number == NULL) return false;
  for (uint64_t k = 0; k < run->construct_count; k++) run->by_number[k] = &run->constructs[k];
  pp_sort(run->by_number, run->construct_count, sizeof *run->by_number, is_lower);
  return true;
}

static void add_construct(pp_run *run, uint32_t thread, const pp_construct *construct) {
  pp_run_construct *to = &run->constructs[run->construct_count++];
  to->what = *construct;
  to->what.begin = ns_of(construct->begin);
  to->what.end = construct->end != 0 ? ns_of(construct->end) : run->end;
  if (to->what.end < to->what.begin) to->what.end = to->what.begin; /* It was begun since, or is a mixture. */
  to->has_ended = construct->end != 0;
  to->thread = thread;
  to->site = construct->site < run->site_count ? &run->sites[construct->site] : &run->sites[0];
}

static bool read_constructs(pp_run *run) {
  uint64_t most = 0;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    const pp_tracer *tracer = run->threads[t].tracer;
    most += pp_load_acquire(&tracer->constructs_told) - pp_tracer_oldest_construct(tracer) + 1;
  }
  run->constructs = pp_arena_array(run->arena, most, sizeof *run->constructs);
  if (run->constructs == NULL) return false;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    const pp_tracer *tracer = run->threads[t].tracer;
    uint64_t told = pp_load_acquire(&tracer->constructs_told);
    pp_construct construct;
    for (uint64_t k = pp_tracer_oldest_construct(tracer); k < told && run->construct_count < most; k++) {
      if (pp_tracer_copy_construct(tracer, k, &construct)) add_construct(run, t, &construct);
    }
  }
  return pp_run_sort(run);
}

static bool has_pranges(const pp_run *run) {
  for (uint64_t k = 0; k < run->construct_count; k++) {
    if (run->constructs[k].what.kind == PP_CONSTRUCT_PRANGE) return true;
  }
  return false;
}

/* The thread that comes first tells of a prange, and of when it was there itself. The prange's time is that of all. */
static void widen(pp_run *run, const pp_event *member) {
  pp_run_construct *prange = (pp_run_construct *)(uintptr_t)pp_run_find(run, member->construct);
  if (prange == NULL || prange->what.kind != PP_CONSTRUCT_PRANGE) return;
  if (member->begin < prange->what.begin) prange->what.begin = member->begin;
  if (member->end > prange->what.end) prange->what.end = member->end;
  if ((member->flags & PP_EVENT_OPEN) != 0) prange->has_ended = false;
}

static bool finish_constructs(pp_run *run) {
  for (uint32_t t = 0; t < run->thread_count && has_pranges(run); t++) {
    pp_run_cursor cursor = pp_run_events(run, t);
    pp_event event;
    while (pp_run_next(&cursor, &event)) {
      if (event.kind == PP_EVENT_MEMBER) widen(run, &event);
    }
  }
  for (uint64_t k = 0; k < run->construct_count; k++)
    run->constructs[k].is_complete = run->constructs[k].has_ended && !may_have_lost(run, run->constructs[k].what.begin);
  return pp_run_sort(run);
}

pp_run *pp_run_read(pp_arena *arena, int signal) {
  pp_run *run = pp_arena_take(arena, sizeof *run);
  if (run == NULL) return NULL;
  run->arena = arena;
  run->signal = signal;
  run->end = ns_of(pp_clock_ticks());
  if (!read_threads(run) || !pp_run_read_sites(run, signal != 0) || !read_constructs(run) || !finish_constructs(run))
    return NULL;
  return run;
}

const pp_run_construct *pp_run_find(const pp_run *run, uint32_t number) {
  uint64_t first = 0, past = run->construct_count;
  while (first < past) {
    uint64_t middle = first + (past - first) / 2;
    if (run->by_number[middle]->what.number < number) {
      first = middle + 1;
    } else {
      past = middle;
    }
  }
  return first < run->construct_count && run->by_number[first]->what.number == number ? run->by_number[first] : NULL;
}

/* --- Events ------------------------------------------------------------------------------------------------- */

pp_run_cursor pp_run_events(const pp_run *run, uint32_t thread) {
  const pp_run_thread *of = &run->threads[thread];
  pp_run_cursor cursor = {.run = run, .thread = of, .past = of->given_count};
  if (of->tracer == NULL) return cursor;
  cursor.next = pp_tracer_oldest(of->tracer);
  cursor.past = pp_load_acquire(&of->tracer->told);
  cursor.open = pp_load_acquire(&of->tracer->depth);
  if (cursor.open > PP_TRACE_DEPTH) cursor.open = PP_TRACE_DEPTH;
  return cursor;
}

/* What the thread was in the middle of, at this depth; false: it is not recorded. */
static bool open_event(const pp_run_cursor *cursor, uint32_t depth, pp_event *event) {
  pp_open open;
  pp_tracer_copy_open(cursor->thread->tracer, depth, &open);
  if (!open.is_detailed) return false;
  *event = (pp_event){.begin = ns_of(open.begin),
                      .end = cursor->run->end,
                      .first = open.first,
                      .count = open.count,
                      .construct = open.construct,
                      .slot = open.slot,
                      .kind = open.kind,
                      .flags = open.flags | PP_EVENT_OPEN};
  if (event->end < event->begin) event->end = event->begin; /* It was begun since. */
  return true;
}

/* False: it has been replaced. */
static bool told_event(const pp_run_thread *thread, uint64_t which, pp_event *event) {
  if (thread->tracer == NULL) {
    *event = thread->given[which];
    return true;
  }
  if (!pp_tracer_copy(thread->tracer, which, event)) return false;
  event->begin = ns_of(event->begin);
  event->end = ns_of(event->end);
  return true;
}

bool pp_run_next(pp_run_cursor *cursor, pp_event *event) {
  while (cursor->next < cursor->past) {
    if (told_event(cursor->thread, cursor->next++, event)) return true;
  }
  while (cursor->open != 0) {
    if (open_event(cursor, --cursor->open, event)) return true;
  }
  return false;
}

bool pp_run_previous(pp_run_cursor *cursor, pp_event *event) {
  while (cursor->seen < cursor->open) {
    if (open_event(cursor, cursor->seen++, event)) return true;
  }
  while (cursor->past > cursor->next) {
    if (told_event(cursor->thread, --cursor->past, event)) return true;
  }
  return false;
}

static bool contains_all(const pp_event *event, uint64_t begin, uint64_t end) {
  return event->begin < begin && event->end > end;
}

static bool is_asked_for(const pp_event *event, uint32_t number, bool others, uint64_t begin, uint64_t end) {
  if (event->end < begin || event->begin > end) return false;
  if (event->construct == number) return true;
  return others && !contains_all(event, begin, end);
}

static bool spans_before(const void *left, const void *right) {
  const pp_run_span *a = left, *b = right;
  if (a->thread != b->thread) return a->thread < b->thread;
  if (a->event.begin != b->event.begin) return a->event.begin < b->event.begin;
  if (a->event.end != b->event.end) return a->event.end > b->event.end;
  return a->event.kind == PP_EVENT_MEMBER && b->event.kind != PP_EVENT_MEMBER;
}

/* Twice: to count them, and to take them. */
pp_run_spans pp_run_collect(const pp_run *run, uint32_t number, bool others, uint64_t begin, uint64_t end) {
  pp_run_spans spans = {NULL, 0};
  for (int pass = 0; pass < 2; pass++) {
    uint64_t count = 0;
    for (uint32_t t = 0; t < run->thread_count; t++) {
      pp_run_cursor cursor = pp_run_events(run, t);
      pp_event event;
      while (pp_run_next(&cursor, &event)) {
        if (!is_asked_for(&event, number, others, begin, end)) continue;
        if (pass != 0 && count < spans.count) spans.span[count] = (pp_run_span){event, t};
        count++;
      }
    }
    if (pass != 0) {
      if (count < spans.count) spans.count = count;
      break;
    }
    spans.span = pp_arena_array(run->arena, count, sizeof *spans.span);
    if (spans.span == NULL) return spans;
    spans.count = count;
  }
  pp_sort(spans.span, spans.count, sizeof *spans.span, spans_before);
  return spans;
}

/* --- Words -------------------------------------------------------------------------------------------------- */

const char *pp_run_kind_text(pp_construct_kind kind) {
  switch (kind) {
    case PP_CONSTRUCT_LOOP: return "loop";
    case PP_CONSTRUCT_REDUCE: return "reduce";
    case PP_CONSTRUCT_REGION: return "region";
    case PP_CONSTRUCT_PRANGE: return "prange";
    case PP_CONSTRUCT_TASKS: return "task group";
    case PP_CONSTRUCT_TASK: return "task";
  }
  return "loop";
}

const char *pp_run_schedule_text(const pp_construct *construct, char text[PP_RUN_SCHEDULE]) {
  static const char *const names[] = {[PPAR_SCHEDULE_AUTO] = "auto",
                                      [PPAR_SCHEDULE_STATIC] = "static",
                                      [PPAR_SCHEDULE_DYNAMIC] = "dynamic",
                                      [PPAR_SCHEDULE_GUIDED] = "guided",
                                      [PPAR_SCHEDULE_RUNTIME] = "runtime"};
  pp_output out = pp_output_to(-1, text, PP_RUN_SCHEDULE);
  if (construct->schedule_order == PPAR_ORDER_MONOTONIC) pp_put(&out, "monotonic:");
  pp_put(&out, construct->schedule_kind < sizeof names / sizeof names[0] ? names[construct->schedule_kind] : "auto");
  if (construct->chunk != 0) pp_putf(&out, ",%llu", (unsigned long long)construct->chunk);
  (void)pp_output_end(&out);
  return text;
}
