/* SPDX-License-Identifier: MIT */
/* reproducible.c: a reproducible reduction gives the same bits for every number of threads, every
 * schedule, every pool and every run, however badly its terms cancel. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(reproducible, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 16 };

/* Terms over 80 binary orders of magnitude and of both signs: any change of order shows. */
static double term(int64_t index) {
  uint64_t hash = work_hash(index);
  double value = (double)(int64_t)(hash << 11 >> 11) * ((hash >> 63) != 0 ? -1 : 1);
  return value * (double)(UINT64_C(1) << (hash >> 56 & 31)) / (double)(UINT64_C(1) << (hash >> 48 & 63));
}

struct terms {
  const double *f64; /* NULL: computed on the way */
};

PPAR_FOLD(add_f64, double, sum, i, struct terms, terms) { *sum += terms->f64 != NULL ? terms->f64[i] : term(i); }
PPAR_FOLD(add_f32, float, sum, i, struct terms, terms) { *sum += (float)terms->f64[i]; }

static void add_f64_raw(const ppar_chunk *chunk, void *accumulator, void *arg) {
  double sum = *(double *)accumulator;
  (void)arg;
  ppar_for_each_index(i, chunk) sum += term(i);
  *(double *)accumulator = sum;
}

static double sum_f64(const struct loop_case *loop, ppar_fold *fold, const struct terms *terms) {
  double result = 1e-3;
  struct terms given = *terms;
  cr_assert_eq(case_reduce(loop, fold, &given, &ppar_sum_f64, &result), PPAR_OK, "%s", case_text(loop));
  return result;
}

static void expect_same(double result, double first, const struct loop_case *loop) {
  cr_assert(memcmp(&result, &first, sizeof first) == 0, "%a, not %a, in: %s", result, first, case_text(loop));
}

static void sweep(ppar_pool *pool, ppar_bounds bounds, ppar_fold *fold, bool all) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = all ? case_schedules(schedules) : case_few_schedules(schedules);
  struct loop_case loop = {.bounds = bounds, .threads = 1, .reproducible = true, .pool = pool};
  const double first = sum_f64(&loop, fold, &(struct terms){NULL});
  uint64_t combination = 0;
  for (loop.threads = 1; loop.threads <= THREADS_MOST; loop.threads++) {
    for (size_t s = 0; s < schedule_count; s++) {
      if (!scale_keeps(&combination)) continue;
      loop.schedule = schedules[s];
      expect_same(sum_f64(&loop, fold, &(struct terms){NULL}), first, &loop);
    }
  }
}

static const ppar_bounds small_bounds[] = {{0, 1, 1},
                                           {0, 2, 1},
                                           {0, 3, 1},
                                           {-31, 32, 1},
                                           {0, 64, 1},
                                           {0, 65, 1},
                                           {0, 1023, 1},
                                           {0, 1024, 1},
                                           {0, 1025, 1},
                                           {0, 4096, 1},
                                           {4097, 0, -1},
                                           {-5000, 5000, 7},
                                           {0, 9999, 1},
                                           {0, 1, 7},
                                           {9000, -1, -90},
                                           {1, 12346, 1},
                                           {INT64_MIN, INT64_MAX, INT64_MAX / 500}};
enum { SMALL_BOUNDS = sizeof small_bounds / sizeof small_bounds[0] };

Test(reproducible, bits_do_not_depend_on_threads_or_schedule) {
  for (size_t b = 0; b < SMALL_BOUNDS; b++) sweep(NULL, small_bounds[b], add_f64, b % 3 == 0);
}

Test(reproducible, bits_do_not_depend_on_threads_or_schedule_with_more_threads_than_processors) {
  ppar_pool *pool = case_pool(7);
  cr_assert_not_null(pool);
  for (size_t b = 0; b < SMALL_BOUNDS; b++) sweep(pool, small_bounds[b], add_f64_raw, false);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(reproducible, long_sums_have_the_same_bits_too) {
  sweep(NULL, PPAR_BOUNDS(0, (int64_t)scaled(300007)), add_f64, false);
  sweep(NULL, PPAR_BOUNDS_STEP((int64_t)scaled(100001), 0, -1), add_f64_raw, false);
}

Test(reproducible, bits_are_the_same_in_every_run_and_on_every_pool) {
  struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 20000), .reproducible = true};
  const double first = sum_f64(&loop, add_f64, &(struct terms){NULL});
  for (int size = 1; size <= 6; size++) {
    loop.pool = case_pool(size);
    cr_assert_not_null(loop.pool);
    for (uint64_t round = 0; round < scaled(39); round++) {
      loop.threads = (int)(round % 9);
      expect_same(sum_f64(&loop, add_f64, &(struct terms){NULL}), first, &loop);
    }
    cr_assert_eq(ppar_pool_destroy(loop.pool), PPAR_OK);
  }
}

Test(reproducible, sums_in_single_precision_and_of_cancelling_terms_have_the_same_bits) {
  enum { TERMS = 30000 };
  static double terms[TERMS];
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (int64_t i = 0; i < TERMS / 2; i++) {
    terms[i] = (float)term(i);
    terms[TERMS - 1 - i] = -terms[i]; /* exactly zero in all, and never so in parts */
  }
  struct terms given = {terms};
  struct loop_case loop = {.bounds = PPAR_BOUNDS(0, TERMS), .threads = 1, .reproducible = true};
  float first = 0;
  const double first_f64 = sum_f64(&loop, add_f64, &given);
  case_reduce(&loop, add_f32, &given, &ppar_sum_f32, &first);
  for (loop.threads = 1; loop.threads <= THREADS_MOST; loop.threads++) {
    for (size_t s = 0; s < schedule_count; s++) {
      float result = 0;
      loop.schedule = schedules[s];
      cr_assert_eq(case_reduce(&loop, add_f32, &given, &ppar_sum_f32, &result), PPAR_OK);
      cr_assert(memcmp(&result, &first, sizeof first) == 0, "%a, not %a, in: %s", (double)result, (double)first,
                case_text(&loop));
      expect_same(sum_f64(&loop, add_f64, &given), first_f64, &loop);
    }
  }
}

/* What makes the bits the same: blocks that depend on the number of iterations alone, each folded by one
 * call into a value that starts as the identity. */
enum { BLOCKS_MOST = 1 << 16 };

struct blocks {
  struct loop_case loop;
  _Atomic uint64_t *count_at; /* by the block's first number */
  struct findings *found;
};

static void record_block(const ppar_chunk *chunk, void *accumulator, void *arg) {
  const struct blocks *blocks = arg;
  EXPECT(blocks->found, *(int64_t *)accumulator == 0);
  EXPECT(blocks->found, chunk->thread == ppar_thread_num());
  *(int64_t *)accumulator += (int64_t)chunk->count;
  atomic_fetch_add(&blocks->count_at[case_number(&blocks->loop, chunk->begin)], chunk->count);
}

Test(reproducible, blocks_depend_on_the_number_of_iterations_alone) {
  static _Atomic uint64_t first_map[BLOCKS_MOST], map[BLOCKS_MOST];
  static const uint64_t numbers[] = {1, 2, 63, 1000, 4096, 50000, BLOCKS_MOST};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t combination = 0;
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
    int64_t n = (int64_t)numbers[k];
    const ppar_bounds bounds[] = {{0, n, 1}, {n, -n, -2}, {INT64_MIN, INT64_MIN + n * 7, 7}};
    bool have_first = false;
    memset(first_map, 0, sizeof first_map);
    for (size_t s = 0; s < schedule_count; s++) {
      for (int threads = 1; threads <= THREADS_MOST; threads += 5) {
        if (!scale_keeps(&combination)) continue;
        struct findings found = {0, NULL};
        int64_t result = 0;
        struct blocks blocks = {.count_at = have_first ? map : first_map, .found = &found};
        blocks.loop =
            (struct loop_case){.bounds = bounds[combination % 3], .schedule = schedules[s], .threads = threads};
        blocks.loop.reproducible = true;
        memset(map, 0, sizeof map[0] * (size_t)n);
        EXPECT(&found, case_reduce(&blocks.loop, record_block, &blocks, &ppar_sum_i64, &result) == PPAR_OK);
        EXPECT(&found, result == n);
        for (int64_t i = 0; have_first && i < n; i++) EXPECT(&found, map[i] == first_map[i]);
        have_first = true;
        ASSERT_CLEAN(&found, case_text(&blocks.loop));
      }
    }
  }
}

struct failing {
  int64_t at;
};

static void fail_at(const ppar_chunk *chunk, void *accumulator, void *arg) {
  const struct failing *failing = arg;
  ppar_for_each_index(i, chunk) {
    if (i >= failing->at) {
      ppar_cancel(chunk, (int)(i - failing->at) + 1);
      return;
    }
    *(double *)accumulator += term(i);
  }
}

Test(reproducible, a_failure_is_the_serial_loops_and_later_runs_have_the_same_bits) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 20000), .threads = 1, .reproducible = true};
  const double first = sum_f64(&loop, add_f64, &(struct terms){NULL});
  uint64_t combination = 0;
  for (loop.threads = 1; loop.threads <= THREADS_MOST; loop.threads++) {
    for (size_t s = 0; s < schedule_count; s++) {
      static const int64_t places[] = {0, 1, 1023, 1024, 7777, 19999};
      if (!scale_keeps(&combination)) continue;
      loop.schedule = schedules[s];
      for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
        struct failing failing = {places[p]};
        double result = first;
        cr_assert_eq(case_reduce(&loop, fail_at, &failing, &ppar_sum_f64, &result), 1, "%s", case_text(&loop));
        expect_same(result, first, &loop);
      }
      expect_same(sum_f64(&loop, add_f64, &(struct terms){NULL}), first, &loop);
    }
  }
}
