/* SPDX-License-Identifier: MIT */
/* coverage.c: every schedule runs each iteration of any loop exactly once, in chunks that are what the
 * headers say. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(coverage, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 100000, POOL_THREADS = 4 };

struct record {
  struct loop_case loop;
  uint64_t iterations;
  uint64_t chunk; /* the most that one call may get; 0: no limit */
  int threads;    /* T */
  _Atomic unsigned char *counts;
  struct findings *found;
};

static _Atomic unsigned char counts[ITERATIONS_MOST + 1]; /* the last one: indices out of bounds */

static void check_chunk(const ppar_chunk *chunk, const struct record *record) {
  const ppar_bounds bounds = record->loop.bounds;
  struct findings *found = record->found;
  uint64_t first = case_number(&record->loop, chunk->begin);
  ppar_bounds within = PPAR_BOUNDS_STEP(chunk->begin, chunk->end, chunk->step);

  EXPECT(found, chunk->step == bounds.step);
  EXPECT(found, chunk->count >= 1);
  EXPECT(found, chunk->thread >= 0);
  EXPECT(found, chunk->thread < record->threads);
  EXPECT(found, chunk->thread == ppar_thread_num());
  EXPECT(found, ppar_num_threads() == record->threads);
  EXPECT(found, first < record->iterations);
  EXPECT(found, chunk->count <= record->iterations - first);
  EXPECT(found, ppar_index_add_(bounds.begin, (int64_t)(first * (uint64_t)bounds.step)) == chunk->begin);
  EXPECT(found, ppar_bounds_count(within) == chunk->count);
  EXPECT(found, bounds.step > 0 ? chunk->end <= bounds.end : chunk->end >= bounds.end);
  if (record->chunk != 0) {
    EXPECT(found, chunk->count <= record->chunk);
    EXPECT(found, first % record->chunk == 0);
    EXPECT(found, chunk->count == record->chunk || chunk->count == record->iterations - first);
  }
}

/* The loop that a chunk stands for must not overflow where adding the step once more does not. */
static void walk_plainly(const ppar_chunk *chunk, const struct record *record) {
  uint64_t met = 0;
  if (chunk->step == 1) {
    for (int64_t i = chunk->begin; i < chunk->end && met <= chunk->count; i++) met++;
    EXPECT(record->found, met == chunk->count);
  } else if (chunk->step == -1) {
    for (int64_t i = chunk->begin; i > chunk->end && met <= chunk->count; i--) met++;
    EXPECT(record->found, met == chunk->count);
  }
}

static void count_one(const struct record *record, int64_t index) {
  uint64_t number = case_number(&record->loop, index);
  atomic_fetch_add_explicit(&record->counts[number < record->iterations ? number : ITERATIONS_MOST], 1,
                            memory_order_relaxed);
}

static void count_chunk(const ppar_chunk *chunk, void *arg) {
  const struct record *record = arg;
  uint64_t met = 0;
  check_chunk(chunk, record);
  walk_plainly(chunk, record);
  ppar_for_each_index(i, chunk) {
    count_one(record, i);
    met++;
  }
  EXPECT(record->found, met == chunk->count);
}

PPAR_BODY(count_iteration, i, struct record, record) {
  EXPECT(record->found, ppar_thread_num() >= 0 && ppar_thread_num() < record->threads);
  EXPECT(record->found, ppar_num_threads() == record->threads);
  count_one(record, i);
}

static void run_and_check(const struct loop_case *loop, ppar_body *body) {
  struct findings found = {0, NULL};
  struct record record = {.loop = *loop, .counts = counts, .found = &found};
  record.iterations = case_iterations(loop);
  record.chunk = case_chunk(loop->schedule);
  record.threads = loop->threads != 0 ? loop->threads : ppar_max_threads(loop->pool);
  cr_assert(record.iterations <= ITERATIONS_MOST);

  int status = case_run(loop, body, &record);
  EXPECT(&found, status == PPAR_OK);
  for (uint64_t k = 0; k < record.iterations; k++) {
    EXPECT(&found, atomic_load_explicit(&counts[k], memory_order_relaxed) == 1);
    atomic_store_explicit(&counts[k], 0, memory_order_relaxed);
  }
  EXPECT(&found, atomic_load(&counts[ITERATIONS_MOST]) == 0);
  EXPECT(&found, ppar_thread_num() == 0);
  EXPECT(&found, ppar_num_threads() == 1);
  ASSERT_CLEAN(&found, case_text(loop));
}

static const ppar_bounds all_bounds[] = {
    /* empty, reversed */
    {0, 0, 1},
    {5, 5, -1},
    {5, 0, 1},
    {0, 5, -1},
    {INT64_MAX, INT64_MIN, 1},
    {INT64_MIN, INT64_MAX, -3},
    {INT64_MIN, INT64_MIN, 7},
    {INT64_MAX, INT64_MAX, INT64_MIN},
    /* one, few, and numbers that no chunk size divides */
    {0, 1, 1},
    {-7, -8, -1},
    {-7, -5, 1},
    {0, 3, 1},
    {0, 100, 1},
    {-50, 51, 3},
    {50, -51, -3},
    {100, -101, -7},
    {0, 257, 7},
    {1, 1000, 1},
    {1000, 1, -1},
    {-3, 4, INT64_MAX},
    {0, 128, 2},
    {-64, 64, 1},
    /* next to the ends of the type */
    {INT64_MIN, INT64_MIN + 101, 1},
    {INT64_MAX - 101, INT64_MAX, 1},
    {INT64_MAX, INT64_MAX - 101, -1},
    {INT64_MIN + 101, INT64_MIN, -1},
    {INT64_MAX - 3, INT64_MAX, 7},
    {INT64_MAX - 100, INT64_MAX, 3},
    {INT64_MIN + 100, INT64_MIN, -3},
    {INT64_MIN, INT64_MIN + 1, INT64_MAX},
    {INT64_MAX, INT64_MAX - 1, INT64_MIN},
    /* across the whole type */
    {INT64_MIN, INT64_MAX, INT64_MAX},
    {INT64_MAX, INT64_MIN, INT64_MIN},
    {INT64_MAX, INT64_MIN, -INT64_MAX},
    {INT64_MIN, INT64_MAX, INT64_MAX / 50},
    {INT64_MAX, INT64_MIN, -(INT64_MAX / 50)},
    {INT64_MIN, INT64_MAX, INT64_C(6148914691236517205)},
    {INT64_MAX, INT64_MIN, INT64_C(-6148914691236517205)},
    {INT64_MIN, INT64_MAX, (INT64_C(1) << 57) + 1},
    {INT64_MIN, INT64_MAX, INT64_C(1) << 56},
    {0, INT64_MAX, INT64_MAX},
    {-1, INT64_MIN, INT64_MIN},
    {INT64_MIN, 0, INT64_MAX},
};

static void sweep(ppar_pool *pool) {
  static const int threads[] = {1, 2, 3, 8, 33, 100};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t combination = 0;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      for (size_t b = 0; b < sizeof all_bounds / sizeof all_bounds[0]; b++) {
        if (!scale_keeps(&combination)) continue;
        struct loop_case loop = {
            .bounds = all_bounds[b], .schedule = schedules[s], .threads = threads[t], .pool = pool};
        run_and_check(&loop, count_chunk);
        run_and_check(&loop, count_iteration);
      }
    }
  }
}

Test(coverage, each_iteration_runs_once_on_the_default_pool) { sweep(NULL); }

Test(coverage, each_iteration_runs_once_on_a_pool_of_more_threads_than_processors) {
  ppar_pool *pool = case_pool(POOL_THREADS);
  cr_assert_not_null(pool);
  sweep(pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(coverage, a_loop_that_asks_for_no_number_of_threads_has_the_pools) {
  ppar_pool *pool = case_pool(3);
  struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 1000), .pool = pool};
  cr_assert_not_null(pool);
  cr_assert_eq(ppar_max_threads(pool), 3);
  run_and_check(&loop, count_chunk);
  loop.pool = NULL;
  run_and_check(&loop, count_chunk);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(coverage, chunks_greater_than_the_loop_or_than_any_loop_are_one_chunk) {
  static const int64_t chunks[] = {1001, INT64_C(1) << 32, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};
  for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
    const ppar_schedule schedules[] = {ppar_static(chunks[c]), ppar_dynamic(chunks[c]), ppar_guided(chunks[c]),
                                       ppar_monotonic(ppar_dynamic(chunks[c])), ppar_monotonic(ppar_guided(chunks[c]))};
    for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
      for (int threads = 1; threads <= 100; threads = threads * 3 + 1) {
        struct loop_case loop = {
            .bounds = PPAR_BOUNDS_STEP(10, -1990, -2), .schedule = schedules[s], .threads = threads};
        run_and_check(&loop, count_chunk);
        run_and_check(&loop, count_iteration);
      }
    }
  }
}

/* A tenth of the iterations hold nearly all the work, so the other slots run dry and must steal. */
static void count_unevenly(const ppar_chunk *chunk, void *arg) {
  const struct record *record = arg;
  check_chunk(chunk, record);
  ppar_for_each_index(i, chunk) {
    uint64_t number = case_number(&record->loop, i);
    count_one(record, i);
    if (number < record->iterations / 10) work_spin(200);
  }
}

Test(coverage, uneven_loops_lose_and_repeat_nothing_when_slots_steal) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  ppar_pool *pool = case_pool(8);
  cr_assert_not_null(pool);
  uint64_t iterations = scaled(20000);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 2; threads <= 32; threads *= 4) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS_STEP(0, -3 * (int64_t)iterations, -3),
                               .schedule = schedules[s],
                               .threads = threads,
                               .pool = pool};
      run_and_check(&loop, count_unevenly);
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(coverage, many_empty_iterations_are_each_run_once) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int round = 0; round < (int)scaled(26); round++) {
      struct loop_case loop = {
          .bounds = PPAR_BOUNDS(0, ITERATIONS_MOST), .schedule = schedules[s], .threads = 2 + round % 3};
      run_and_check(&loop, round % 2 == 0 ? count_chunk : count_iteration);
    }
  }
}

Test(coverage, as_many_slots_as_may_be_asked_for_cover_the_loop) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 10000), .schedule = schedules[s], .threads = PPAR_MAX_THREADS};
    run_and_check(&loop, count_chunk);
    loop.bounds = PPAR_BOUNDS(0, 3);
    run_and_check(&loop, count_iteration);
  }
}
