/* SPDX-License-Identifier: MIT */
/* tracer.c: making tracers, and their rings. Their memory is the system's own: it may be asked for where a body runs,
 * and a page that is not written costs nothing. */
#include "trace/tracer.h"

#include <string.h>

#include "platform/crash.h"
#include "platform/pages.h"
#include "platform/race_checker.h"
#include "platform/thread.h"
#include "platform/tls.h"

static pp_tracer *_Atomic tracers[PP_TRACERS];
static pp_atomic_u32 made;    /* So many entries of `tracers` are taken; */
static pp_atomic_u32 missing; /* so many threads have got none. */
static pp_atomic_u32 numbers; /* Constructs are numbered from here on. */
static size_t ring_bytes;
PP_CHECKS_LEAVE_OUT(tracers)
PP_CHECKS_LEAVE_OUT(made)
PP_CHECKS_LEAVE_OUT(missing)
PP_CHECKS_LEAVE_OUT(numbers)
PP_CHECKS_LEAVE_OUT(ring_bytes)

static _Thread_local pp_tracer *mine PP_TLS_MODEL;
static _Thread_local bool has_failed PP_TLS_MODEL;

/* The largest power of two that so many bytes have room for; at least `least`. */
static uint64_t entries_in(size_t bytes, size_t size, uint64_t least) {
  uint64_t entries = least;
  while (entries * 2 <= bytes / size) entries *= 2;
  return entries;
}

static void name_it(pp_tracer *tracer) {
  tracer->thread = pp_thread_id();
  pp_thread_get_name(tracer->name, sizeof tracer->name);
}

/* *size: how much memory it has, which begins with the stack for signals. */
static pp_tracer *make(size_t *size) {
  /* An eighth is for constructs. */
  uint64_t events = entries_in(ring_bytes - ring_bytes / 8, sizeof(pp_event), PP_TRACE_LEAST_EVENTS);
  uint64_t constructs = entries_in(ring_bytes / 8, sizeof(pp_construct), PP_TRACE_LEAST_CONSTRUCTS);
  size_t head = (sizeof(pp_tracer) + 63) / 64 * 64, sums = sizeof(pp_sums) * PP_SITES;
  size_t all = PP_CRASH_STACK + head + sums + (size_t)(events * sizeof(pp_event) + constructs * sizeof(pp_construct));
  unsigned char *memory = pp_pages_take(all);
  pp_tracer *tracer;
  if (memory == NULL) return NULL;
  *size = all;
  memory += PP_CRASH_STACK;
  tracer = (pp_tracer *)(void *)memory;
  tracer->sums = (pp_sums *)(void *)(memory + head);
  tracer->constructs = (pp_construct *)(void *)(memory + head + sums);
  tracer->events = (pp_atomic_u64 *)(void *)(memory + head + sums + constructs * sizeof(pp_construct));
  tracer->event_mask = events - 1;
  tracer->construct_mask = constructs - 1;
  pp_store_relaxed(&tracer->worker, -1);
  return tracer;
}

/* Takes an index. False: all are taken. */
static bool take_index(uint32_t *index) {
  *index = pp_load_relaxed(&made);
  do {
    if (*index >= PP_TRACERS) return false;
  } while (!pp_cas_relaxed(&made, index, *index + 1));
  return true;
}

/* A program may start any number of threads, so one that comes when all indices are taken keeps no memory. */
static pp_tracer *make_mine(void) {
  size_t size = 0;
  uint32_t index;
  pp_tracer *tracer;
  if (has_failed) return NULL;
  tracer = pp_load_relaxed(&made) < PP_TRACERS ? make(&size) : NULL;
  if (tracer != NULL) name_it(tracer);
  if (tracer != NULL && take_index(&index)) { /* Who reads the tracers stops at one that is not there yet. */
    tracer->index = index;
    pp_store_release(&tracers[index], tracer); /* pairs with the load in pp_tracer_at */
    pp_crash_stand_on((unsigned char *)tracer - PP_CRASH_STACK);
    mine = tracer;
  } else {
    if (tracer != NULL) pp_pages_give_back((unsigned char *)tracer - PP_CRASH_STACK, size);
    has_failed = true;
    (void)pp_add_relaxed(&missing, 1);
  }
  return mine;
}

pp_tracer *pp_tracer_get(void) { return mine != NULL ? mine : make_mine(); }

void pp_tracer_set_worker(int32_t number) {
  pp_tracer *tracer = pp_tracer_get();
  if (tracer != NULL) pp_store_relaxed(&tracer->worker, number);
}

pp_tracer *pp_tracer_at(uint32_t index) { return index < PP_TRACERS ? pp_load_acquire(&tracers[index]) : NULL; }
uint32_t pp_tracers_missing(void) { return pp_load_relaxed(&missing); }
void pp_tracers_size(size_t bytes) { ring_bytes = bytes; }

static void empty(pp_tracer *tracer) {
  pp_store_relaxed(&tracer->told, 0);
  pp_store_relaxed(&tracer->constructs_told, 0);
  pp_store_relaxed(&tracer->depth, 0);
  tracer->beyond = 0;
  tracer->steals = 0;
  memset(tracer->sums, 0, sizeof(pp_sums) * PP_SITES);
}

/* The child has one thread, which keeps its tracer as the only one. What it was in the middle of is the parent's. */
void pp_tracers_forget(void) {
  for (uint32_t t = 0; t < PP_TRACERS; t++) pp_store_relaxed(&tracers[t], NULL);
  pp_store_relaxed(&made, 0);
  pp_store_relaxed(&missing, 0);
  has_failed = false; /* There is room now. */
  if (mine == NULL) return;
  empty(mine);
  mine->index = 0;
  name_it(mine);
  pp_store_relaxed(&made, 1);
  pp_store_relaxed(&tracers[0], mine);
}

void pp_tracer_put(pp_tracer *tracer, const pp_event *event) {
  uint64_t told = pp_load_relaxed(&tracer->told), words[PP_EVENT_WORDS];
  pp_atomic_u64 *entry = tracer->events + (told & tracer->event_mask) * PP_EVENT_WORDS;
  memcpy(words, event, sizeof words);
  for (int w = 0; w < PP_EVENT_WORDS; w++) pp_store_release(&entry[w], words[w]);
  pp_store_release(&tracer->told, told + 1);
}

/* Taken in blocks, so that threads seldom meet at the one counter. */
uint32_t pp_tracer_number(pp_tracer *tracer) {
  if (tracer->next_number % PP_TRACE_NUMBERS == 0) {
    tracer->next_number = pp_add_relaxed(&numbers, PP_TRACE_NUMBERS);
    if (tracer->next_number == 0) tracer->next_number = 1; /* 0 means none. */
  }
  return tracer->next_number++;
}

uint64_t pp_tracer_put_construct(pp_tracer *tracer, const pp_construct *construct) {
  uint64_t told = pp_load_relaxed(&tracer->constructs_told);
  tracer->constructs[told & tracer->construct_mask] = *construct;
  pp_store_release(&tracer->constructs_told, told + 1);
  return told;
}

pp_construct *pp_tracer_recall(pp_tracer *tracer, uint64_t which) {
  bool is_there = which < pp_load_relaxed(&tracer->constructs_told) && which >= pp_tracer_oldest_construct(tracer);
  return is_there ? &tracer->constructs[which & tracer->construct_mask] : NULL;
}

bool pp_tracer_copy(const pp_tracer *tracer, uint64_t which, pp_event *event) {
  const pp_atomic_u64 *entry = tracer->events + (which & tracer->event_mask) * PP_EVENT_WORDS;
  uint64_t words[PP_EVENT_WORDS];
  for (int w = 0; w < PP_EVENT_WORDS; w++) words[w] = pp_load_acquire(&entry[w]);
  memcpy(event, words, sizeof words);
  return which < pp_load_acquire(&tracer->told) && which >= pp_tracer_oldest(tracer);
}

/* The thread may be writing them: whoever copies knows that, and ThreadSanitizer is not to tell of it. */
__attribute__((no_sanitize("thread"))) static void copy_words(void *to, const void *from, size_t bytes) {
  const volatile uint64_t *words = from;
  uint64_t *copies = to;
  for (size_t w = 0; w < bytes / sizeof *words; w++) copies[w] = words[w];
}
_Static_assert(sizeof(pp_construct) % sizeof(uint64_t) == 0 && sizeof(pp_open) % sizeof(uint64_t) == 0, "copy_words");

void pp_tracer_copy_open(const pp_tracer *tracer, uint32_t depth, pp_open *open) {
  copy_words(open, &tracer->open[depth], sizeof *open);
}

bool pp_tracer_copy_construct(const pp_tracer *tracer, uint64_t which, pp_construct *construct) {
  copy_words(construct, &tracer->constructs[which & tracer->construct_mask], sizeof *construct);
  return which < pp_load_acquire(&tracer->constructs_told) && which >= pp_tracer_oldest_construct(tracer);
}
