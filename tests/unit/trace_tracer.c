/* SPDX-License-Identifier: MIT */
/* trace_tracer.c: a ring that is read while its thread writes it: what is copied is one event, and the right one. */
#include "trace/tracer.h"

#include <pthread.h>
#include <stdio.h>

#include <criterion/criterion.h>

#include "../support/scale.h"
#include "trace/construct.h"
#include "trace/sites.h"

TestSuite(trace_tracer, .timeout = SCALE_TIMEOUT);

enum { EVENTS = 200000, CONSTRUCTS = 1000 };

static pp_tracer *_Atomic written;
static pp_atomic_u32 is_done;

static pp_event event_of(uint64_t k) {
  return (pp_event){
      .begin = k, .end = k + 1, .first = k * 3, .count = ~k, .construct = (uint32_t)k, .kind = PP_EVENT_CHUNK};
}

static void *write_events(void *arg) {
  pp_tracer *tracer = pp_tracer_get();
  cr_assert_not_null(tracer);
  pp_store_release(&written, tracer);
  for (uint64_t k = 0; k < EVENTS; k++) {
    pp_event event = event_of(k);
    pp_tracer_put(tracer, &event);
  }
  pp_store_release(&is_done, 1);
  return arg;
}

static uint64_t check_all(const pp_tracer *tracer) {
  uint64_t copied = 0, told = pp_load_acquire(&tracer->told);
  for (uint64_t k = pp_tracer_oldest(tracer); k < told; k++) {
    pp_event expected = event_of(k), event;
    if (!pp_tracer_copy(tracer, k, &event)) continue;
    copied++;
    cr_assert_eq(event.begin, expected.begin);
    cr_assert_eq(event.end, expected.end);
    cr_assert_eq(event.first, expected.first);
    cr_assert_eq(event.count, expected.count);
    cr_assert_eq(event.construct, expected.construct);
  }
  return copied;
}

Test(trace_tracer, who_reads_a_ring_that_is_written_sees_whole_events) {
  pthread_t writer;
  const pp_tracer *tracer;
  pp_tracers_size(0); /* the shortest ring */
  cr_assert_eq(pthread_create(&writer, NULL, write_events, NULL), 0);
  while ((tracer = pp_load_acquire(&written)) == NULL) continue;
  while (pp_load_acquire(&is_done) == 0) (void)check_all(tracer);
  cr_assert_eq(pthread_join(writer, NULL), 0);
  cr_assert_eq(check_all(tracer), PP_TRACE_LEAST_EVENTS - 1);
  cr_assert_eq(pp_tracer_oldest(tracer), EVENTS - PP_TRACE_LEAST_EVENTS + 1);
}

Test(trace_tracer, a_construct_can_be_recalled_until_others_have_its_place) {
  pp_tracer *tracer = pp_tracer_get();
  uint64_t first, latest = 0;
  cr_assert_not_null(tracer);
  cr_assert_eq(pp_tracer_get(), tracer);
  cr_assert_eq(pp_tracer_at(tracer->index), tracer);
  first = pp_tracer_put_construct(tracer, &(pp_construct){.number = pp_tracer_number(tracer)});
  cr_assert_not_null(pp_tracer_recall(tracer, first));
  cr_assert_null(pp_tracer_recall(tracer, first + 1));
  for (int k = 0; k < CONSTRUCTS; k++) {
    uint32_t number = pp_tracer_number(tracer);
    cr_assert_neq(number, 0);
    latest = pp_tracer_put_construct(tracer, &(pp_construct){.number = number});
    cr_assert_eq(pp_tracer_recall(tracer, latest)->number, number);
  }
  if (CONSTRUCTS > tracer->construct_mask) cr_assert_null(pp_tracer_recall(tracer, first));
}

/* What the system has given to the process, in pages. */
static long pages_of_process(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  long pages = 0;
  if (file == NULL) return 0;
  cr_assert_eq(fscanf(file, "%ld", &pages), 1);
  fclose(file);
  return pages;
}

static void *come_and_go(void *arg) {
  *(pp_tracer **)arg = pp_tracer_get();
  return NULL;
}

/* A thread that comes and goes; whether it had a tracer. */
static bool has_tracer(void) {
  pp_tracer *tracer = NULL;
  pthread_t thread;
  cr_assert_eq(pthread_create(&thread, NULL, come_and_go, &tracer), 0);
  cr_assert_eq(pthread_join(thread, NULL), 0);
  return tracer != NULL;
}

/* Other threads run tasks of a group whose owner has no tracer: what was told of an earlier group in the same memory is
 * not told of this one. */
static void assert_nothing_is_told(void) {
  pp_traced group = {.number = 3, .site = PP_SITES, .is_detailed = true};
  pp_traced_begin(&group, &(pp_trace_what){.kind = PP_CONSTRUCT_TASKS});
  cr_assert_eq(group.number, 0);
  cr_assert_eq(group.site, PP_SITE_OTHERS);
  cr_assert(!group.is_detailed);
}

Test(trace_tracer, threads_beyond_the_most_take_no_memory) {
  enum { FURTHER = 50 };
  long before, all;
  if (scale_is_emulated()) cr_skip_test("an emulator's own memory counts, too");
  pp_tracers_size(0);
  for (int k = 0; k < PP_TRACERS; k++) (void)has_tracer();
  cr_assert(!has_tracer());
  before = pages_of_process();
  for (int k = 0; k < FURTHER; k++) cr_assert(!has_tracer());
  all = pages_of_process();
  cr_assert_lt(all - before, FURTHER, "%d further threads have left %ld pages", FURTHER, all - before);
  cr_assert_geq(pp_tracers_missing(), FURTHER + 1);
  cr_assert_null(pp_tracer_at(PP_TRACERS));
  cr_assert_not_null(pp_tracer_at(PP_TRACERS - 1));
  assert_nothing_is_told();
}
