/* SPDX-License-Identifier: MIT */
/* monotonic.c: under the monotonic modifier, and under static, each slot's iterations rise; one thread
 * is the serial loop. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(monotonic, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 100 };

struct rise {
  struct loop_case loop;
  uint64_t *next; /* of each slot: the least number that its next iteration may have */
  struct findings *found;
};

static void expect_rise(const struct rise *rise, int thread, uint64_t first, uint64_t count) {
  EXPECT(rise->found, first >= rise->next[thread]);
  rise->next[thread] = first + count;
}

static void rising_chunks(const ppar_chunk *chunk, void *arg) {
  const struct rise *rise = arg;
  uint64_t first = case_number(&rise->loop, chunk->begin);
  expect_rise(rise, chunk->thread, first, chunk->count);
  if (first % 5 == 0) work_spin(500);
  work_yield();
}

PPAR_BODY(rising_iterations, i, struct rise, rise) {
  expect_rise(rise, ppar_thread_num(), case_number(&rise->loop, i), 1);
}

static void check(const struct loop_case *loop, ppar_body *body) {
  uint64_t next[THREADS_MOST] = {0};
  struct findings found = {0, NULL};
  struct rise rise = {*loop, next, &found};
  EXPECT(&found, case_run(loop, body, &rise) == PPAR_OK);
  ASSERT_CLEAN(&found, case_text(loop));
}

static size_t monotonic_schedules(ppar_schedule list[CASES_SCHEDULES_MOST]) {
  ppar_schedule all[CASES_SCHEDULES_MOST];
  size_t every = case_schedules(all), count = 0;
  for (size_t s = 0; s < every; s++) {
    if (all[s].kind == PPAR_SCHEDULE_STATIC || all[s].order == PPAR_ORDER_MONOTONIC) list[count++] = all[s];
  }
  list[count++] = ppar_monotonic(ppar_runtime());
  return count;
}

static void sweep(ppar_pool *pool) {
  static const int threads[] = {1, 2, 3, 8, 33, THREADS_MOST};
  static const ppar_bounds bounds[] = {
      {0, 10, 1}, {0, 3000, 1}, {2000, -2000, -3}, {INT64_MIN, INT64_MAX, INT64_MAX / 700}};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = monotonic_schedules(schedules);
  uint64_t combination = 0;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        if (!scale_keeps(&combination)) continue;
        struct loop_case loop = {.bounds = bounds[b], .schedule = schedules[s], .threads = threads[t], .pool = pool};
        check(&loop, rising_chunks);
        check(&loop, rising_iterations);
      }
    }
  }
}

Test(monotonic, starts_rise_on_the_default_pool) { sweep(NULL); }

Test(monotonic, starts_rise_on_a_pool_of_more_threads_than_processors) {
  ppar_pool *pool = case_pool(6);
  cr_assert_not_null(pool);
  sweep(pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

static void rise_within(const ppar_chunk *chunk, void *arg) {
  const struct rise *outer = arg;
  rising_chunks(chunk, arg);
  uint64_t next[8] = {0};
  struct rise inner = {
      {.bounds = PPAR_BOUNDS(0, 50), .schedule = ppar_monotonic(ppar_dynamic(3)), .threads = 8}, next, outer->found};
  EXPECT(outer->found, case_run(&inner.loop, rising_chunks, &inner) == PPAR_OK);
}

Test(monotonic, starts_rise_in_loops_whose_bodies_run_loops) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = monotonic_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    struct loop_case loop = {.bounds = PPAR_BOUNDS(0, (int64_t)scaled(130)), .schedule = schedules[s], .threads = 4};
    check(&loop, rise_within);
  }
}

struct serial {
  struct loop_case loop;
  uint64_t *next;
  pthread_t caller;
  struct findings *found;
};

PPAR_BODY(serial_iteration, i, struct serial, serial) {
  EXPECT(serial->found, pthread_equal(pthread_self(), serial->caller));
  EXPECT(serial->found, case_number(&serial->loop, i) == (*serial->next)++);
}

static void serial_chunk(const ppar_chunk *chunk, void *arg) {
  const struct serial *serial = arg;
  EXPECT(serial->found, pthread_equal(pthread_self(), serial->caller));
  EXPECT(serial->found, case_number(&serial->loop, chunk->begin) == *serial->next);
  *serial->next += chunk->count;
}

Test(monotonic, one_thread_is_the_serial_loop_on_the_caller) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    ppar_body *const bodies[] = {serial_chunk, serial_iteration};
    for (size_t b = 0; b < sizeof bodies / sizeof bodies[0]; b++) {
      struct findings found = {0, NULL};
      uint64_t next = 0;
      struct serial serial = {.next = &next, .caller = pthread_self(), .found = &found};
      serial.loop =
          (struct loop_case){.bounds = PPAR_BOUNDS_STEP(5000, -1, -2), .schedule = schedules[s], .threads = 1};
      EXPECT(&found, case_run(&serial.loop, bodies[b], &serial) == PPAR_OK);
      EXPECT(&found, next == case_iterations(&serial.loop));
      ASSERT_CLEAN(&found, case_text(&serial.loop));
    }
  }
}
