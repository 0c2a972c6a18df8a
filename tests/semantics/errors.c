/* SPDX-License-Identifier: MIT */
/* errors.c: a loop whose bodies fail ends as the serial loop would have, whatever the schedule, and a
 * cancelled reduction has touched nothing. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(errors, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 5000 };

/* Iterations first, first + every, first + 2 every, ... fail, each with a status of its own. */
struct failing {
  struct loop_case loop;
  uint64_t first, every;
  _Atomic unsigned char *counts;
  uint64_t loop_number; /* tells loops apart in thread-local memory */
  bool uneven;
  struct findings *found;
};

static int status_of(uint64_t number) { return (int)number + 1; }

static bool fails(const struct failing *failing, uint64_t number) {
  return number >= failing->first && (number - failing->first) % failing->every == 0;
}

/* The lowest chunk that this thread itself has seen fail. */
static _Thread_local struct { uint64_t loop_number, chunk; } seen;

static void fail_chunk(const ppar_chunk *chunk, void *arg) {
  const struct failing *failing = arg;
  uint64_t first = case_number(&failing->loop, chunk->begin);
  if (seen.loop_number != failing->loop_number) {
    seen.loop_number = failing->loop_number;
    seen.chunk = UINT64_MAX;
  }
  EXPECT(failing->found, first < seen.chunk);
  if (first <= failing->first) EXPECT(failing->found, !ppar_is_canceled(chunk));
  if (failing->uneven && first % 4 == 0) work_spin(500);
  ppar_for_each_index(i, chunk) {
    uint64_t number = case_number(&failing->loop, i);
    atomic_fetch_add_explicit(&failing->counts[number], 1, memory_order_relaxed);
    if (fails(failing, number)) {
      ppar_cancel(chunk, status_of(number));
      EXPECT(failing->found, ppar_is_canceled(chunk));
      seen.chunk = first;
      return;
    }
  }
}

static void fail_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  *(double *)accumulator += 1;
  fail_chunk(chunk, arg);
}

static uint64_t next_loop_number = 1;

static void check(struct failing failing, bool reduction) {
  static _Atomic unsigned char counts[ITERATIONS_MOST];
  static const double untouched = -0x1.23456789abcdep-1000;
  struct findings found = {0, NULL};
  uint64_t iterations = case_iterations(&failing.loop);
  double result = untouched;
  int status;
  cr_assert(iterations <= ITERATIONS_MOST);
  failing.counts = counts;
  failing.found = &found;
  failing.loop_number = next_loop_number++;
  for (uint64_t k = 0; k < iterations; k++) atomic_store_explicit(&counts[k], 0, memory_order_relaxed);

  if (reduction) {
    status = case_reduce(&failing.loop, fail_fold, &failing, &ppar_sum_f64, &result);
    EXPECT(&found, memcmp(&result, &untouched, sizeof result) == 0);
  } else {
    status = case_run(&failing.loop, fail_chunk, &failing);
  }
  EXPECT(&found, status == status_of(failing.first));
  for (uint64_t k = 0; k < iterations; k++) {
    unsigned count = atomic_load_explicit(&counts[k], memory_order_relaxed);
    EXPECT(&found, count <= 1);
    EXPECT(&found, count == 1 || k > failing.first);
  }
  ASSERT_CLEAN(&found, case_text(&failing.loop));
}

static void sweep(ppar_pool *pool, bool reduction, bool uneven) {
  static const int threads[] = {1, 2, 3, 8, 33, 100};
  static const ppar_bounds bounds[] = {
      {0, 1, 1}, {0, 10, 1}, {100, -100, -1}, {0, 3000, 1}, {INT64_MIN, INT64_MAX, INT64_MAX / 400}};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t combination = 0, random = 1;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        if (!scale_keeps(&combination) || (uneven && combination % 7 > 1)) continue;
        struct failing failing = {.loop = {.bounds = bounds[b], .schedule = schedules[s], .threads = threads[t]}};
        uint64_t iterations = ppar_bounds_count(bounds[b]);
        uint64_t firsts[] = {0, iterations / 2, iterations - 1, work_random(&random) % iterations};
        failing.loop.pool = pool;
        failing.uneven = uneven;
        for (size_t f = 0; f < sizeof firsts / sizeof firsts[0]; f++) {
          failing.first = firsts[f];
          failing.every = f % 2 == 0 ? 1 + work_random(&random) % 20 : iterations; /* many, or one alone */
          if (reduction) failing.loop.reproducible = work_random(&random) % 2 == 0;
          check(failing, reduction);
        }
      }
    }
  }
}

Test(errors, a_failing_loop_ends_as_the_serial_loop_would) { sweep(NULL, false, false); }

Test(errors, a_failing_loop_ends_as_the_serial_loop_would_on_many_threads) {
  ppar_pool *pool = case_pool(5);
  cr_assert_not_null(pool);
  sweep(pool, false, true);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(errors, a_failing_reduction_leaves_the_result_as_it_came) {
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  sweep(NULL, true, false);
  sweep(pool, true, true);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

struct given {
  int status;
  int64_t at;
};

static void fail_with(const ppar_chunk *chunk, void *arg) {
  const struct given *given = arg;
  if (chunk->begin <= given->at && given->at < chunk->end) ppar_cancel(chunk, given->status);
}

Test(errors, zero_counts_as_cancelled_and_any_other_status_comes_back) {
  static const int statuses[] = {1, 2, 12345, INT32_MAX, PPAR_ECANCELED, PPAR_ENOMEM, INT32_MIN};
  for (int threads = 1; threads <= 8; threads++) {
    struct given given = {0, threads};
    cr_assert_eq(ppar_parallel_for(0, 100, fail_with, &given, PPAR_OPTIONS(.threads = threads)), PPAR_ECANCELED);
    for (size_t s = 0; s < sizeof statuses / sizeof statuses[0]; s++) {
      given.status = statuses[s];
      cr_assert_eq(ppar_parallel_for(0, 100, fail_with, &given, PPAR_OPTIONS(.threads = threads)), statuses[s]);
    }
  }
}

static void fail_all(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_cancel(chunk, (int)chunk->begin + 1);
}

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

Test(errors, a_pool_is_as_good_as_new_after_a_failure) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  ppar_pool *pool = case_pool(3);
  cr_assert_not_null(pool);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int round = 0; round < 10; round++) {
      _Atomic uint64_t count = 0;
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 1000), .schedule = schedules[s], .threads = 4, .pool = pool};
      cr_assert_eq(case_run(&loop, fail_all, NULL), 1, "%s", case_text(&loop));
      cr_assert_eq(case_run(&loop, count_chunk, &count), PPAR_OK, "%s", case_text(&loop));
      cr_assert_eq(count, UINT64_C(1000), "%s", case_text(&loop));
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

struct nested {
  const ppar_schedule *inner;
  ppar_pool *pool;
  _Atomic uint64_t *outer_count;
  int64_t pass_on_from; /* outer iterations from here on hand the inner status up */
  struct findings *found;
};

struct inner {
  int64_t at;
  int status;
};

static void fail_inner(const ppar_chunk *chunk, void *arg) {
  const struct inner *inner = arg;
  ppar_for_each_index(i, chunk) {
    if (i >= inner->at) {
      ppar_cancel(chunk, inner->status + (int)(i - inner->at));
      return;
    }
  }
}

static void run_failing_loop(const ppar_chunk *chunk, void *arg) {
  const struct nested *nested = arg;
  ppar_for_each_index(i, chunk) {
    struct inner inner = {i % 64, 1000 + (int)i};
    ppar_options options = {.schedule = *nested->inner, .threads = 1 + (int)(i % 5), .pool = nested->pool};
    int status = ppar_parallel_for(0, 64, fail_inner, &inner, &options);
    EXPECT(nested->found, status == inner.status);
    if (i < nested->pass_on_from) EXPECT(nested->found, !ppar_is_canceled(chunk));
    atomic_fetch_add(nested->outer_count, 1);
    if (i >= nested->pass_on_from) {
      ppar_cancel(chunk, status);
      return;
    }
  }
}

Test(errors, an_inner_loops_failure_is_its_own_until_it_is_handed_up) {
  ppar_schedule list[CASES_SCHEDULES_MOST];
  size_t count = case_few_schedules(list);
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  int64_t iterations = (int64_t)scaled(390);
  for (size_t outer = 0; outer < count; outer++) {
    for (size_t inner = 0; inner < count; inner++) {
      struct findings found = {0, NULL};
      _Atomic uint64_t outer_count = 0;
      struct loop_case loop = {
          .bounds = PPAR_BOUNDS(0, iterations), .schedule = list[outer], .threads = 4, .pool = pool};
      struct nested nested = {&list[inner], pool, &outer_count, INT64_MAX, &found};
      EXPECT(&found, case_run(&loop, run_failing_loop, &nested) == PPAR_OK);
      EXPECT(&found, outer_count == (uint64_t)iterations);
      nested.pass_on_from = iterations / 3;
      EXPECT(&found, case_run(&loop, run_failing_loop, &nested) == 1000 + (int)(iterations / 3));
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* The first chunk fails while later ones run, which go on until they see it. */
struct first_fails {
  _Atomic int started;
  _Atomic int told;
};

static void wait_for_the_first(const ppar_chunk *chunk, void *arg) {
  struct first_fails *shared = arg;
  if (chunk->begin == 0) {
    for (int looks = 0; looks < 1000 && atomic_load(&shared->started) == 0; looks++) work_spin(10000);
    ppar_cancel(chunk, 5);
    return;
  }
  atomic_fetch_add(&shared->started, 1);
  while (!ppar_is_canceled(chunk)) work_spin(100);
  atomic_fetch_add(&shared->told, 1);
}

Test(errors, a_body_that_runs_learns_of_a_failure_before_it) {
  ppar_pool *pool = case_pool(3);
  int concurrent = 0;
  cr_assert_not_null(pool);
  for (int round = 0; round < 20; round++) {
    struct first_fails shared = {0, 0};
    ppar_options options = {.schedule = ppar_static(1), .threads = 3, .pool = pool};
    cr_assert_eq(ppar_parallel_for(0, 3, wait_for_the_first, &shared, &options), 5);
    cr_assert_eq(shared.started, shared.told);
    concurrent += shared.told != 0;
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  if (concurrent == 0) cr_skip_test("no worker came while the first chunk ran");
}

static void look_at_rest(const ppar_tile *tile, void *arg) {
  struct findings *found = arg;
  EXPECT(found, !ppar_is_canceled(tile->chunk));
  if (tile->dim[0].begin != 7) return;
  ppar_cancel(tile->chunk, 1);
  EXPECT(found, ppar_is_canceled(tile->chunk));
}

static void fail_range(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  EXPECT(found, !ppar_is_canceled(chunk));
  ppar_cancel(chunk, 1);
  EXPECT(found, ppar_is_canceled(chunk));
}

Test(errors, whoever_has_a_chunk_may_ask_and_nobody_without) {
  struct findings found = {0, NULL};
  ppar_options one = {.threads = 1};
  ppar_task_group group;
  cr_assert_not(ppar_is_canceled(NULL));
  cr_assert_eq(ppar_parallel_for_2d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), look_at_rest, &found, &one), 1);
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  cr_assert_eq(ppar_task_spawn_range(&group, 0, 1, fail_range, &found, NULL), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), 1);
  ASSERT_CLEAN(&found, "a tile's chunk, and a range's");
}
