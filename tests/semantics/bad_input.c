/* SPDX-License-Identifier: MIT */
/* bad_input.c: arguments out of their range are refused with PPAR_EINVAL; nothing is run or written. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(bad_input, .timeout = SCALE_TIMEOUT);

static _Atomic int calls; /* of any body */

static void body(const ppar_chunk *chunk, void *arg) {
  (void)chunk, (void)arg;
  atomic_fetch_add(&calls, 1);
}

static void body_nd(const ppar_tile *tile, void *arg) {
  (void)tile, (void)arg;
  atomic_fetch_add(&calls, 1);
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  *(int64_t *)accumulator += (int64_t)chunk->count;
  atomic_fetch_add(&calls, 1);
}

static const ppar_options bad_options[] = {
    {.threads = -1},
    {.threads = INT32_MIN},
    {.threads = PPAR_MAX_THREADS + 1},
    {.threads = INT32_MAX},
    {.schedule = {(ppar_schedule_kind)5, PPAR_ORDER_DEFAULT, 0}},
    {.schedule = {(ppar_schedule_kind)99, PPAR_ORDER_DEFAULT, 1}},
    {.schedule = {(ppar_schedule_kind)-1, PPAR_ORDER_DEFAULT, 0}},
    {.schedule = {PPAR_SCHEDULE_DYNAMIC, (ppar_schedule_order)3, 1}},
    {.schedule = {PPAR_SCHEDULE_STATIC, (ppar_schedule_order)-1, 1}},
    {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, -1}},
    {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, -1}},
    {.schedule = {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_MONOTONIC, -64}},
    {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, INT64_MIN}},
    {.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, -1}},
    {.schedule = {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, -1}},
};

enum { BAD_OPTIONS = sizeof bad_options / sizeof bad_options[0] };

static const int64_t ends[] = {0, 1, 1000}; /* of loops from 0: empty, one iteration, many */

Test(bad_input, of_loops_is_refused) {
  for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
    cr_assert_eq(ppar_parallel_for(0, ends[e], NULL, NULL, NULL), PPAR_EINVAL);
    for (size_t o = 0; o < BAD_OPTIONS; o++) {
      cr_assert_eq(ppar_parallel_for(0, ends[e], body, NULL, &bad_options[o]), PPAR_EINVAL, "options %zu", o);
    }
  }
  cr_assert_eq(calls, 0);
}

Test(bad_input, of_loops_of_two_and_three_dimensions_is_refused) {
  const ppar_bounds fine = PPAR_BOUNDS(0, 10), no_step = PPAR_BOUNDS_STEP(0, 10, 0);
  const ppar_bounds long_one = PPAR_BOUNDS(0, INT64_C(1) << 33), whole = PPAR_BOUNDS(INT64_MIN, INT64_MAX);
  cr_assert_eq(ppar_parallel_for_2d(fine, fine, NULL, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(fine, fine, fine, NULL, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(no_step, fine, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(fine, no_step, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(no_step, fine, fine, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(fine, no_step, fine, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(fine, fine, no_step, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(fine, fine, body_nd, NULL, PPAR_OPTIONS(.step = 1)), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(fine, fine, fine, body_nd, NULL, PPAR_OPTIONS(.step = -1)), PPAR_EINVAL);
  for (int d = 0; d < 3; d++) {
    ppar_options options = {.threads = 2};
    options.tile[d] = -1;
    cr_assert_eq(ppar_parallel_for_3d(fine, fine, fine, body_nd, NULL, &options), PPAR_EINVAL);
    if (d < 2) cr_assert_eq(ppar_parallel_for_2d(fine, fine, body_nd, NULL, &options), PPAR_EINVAL);
  }
  cr_assert_eq(ppar_parallel_for_2d(long_one, long_one, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(whole, PPAR_BOUNDS(0, 2), body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(long_one, long_one, fine, body_nd, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(whole, whole, whole, body_nd, NULL, NULL), PPAR_EINVAL);
  for (size_t o = 0; o < BAD_OPTIONS; o++) {
    cr_assert_eq(ppar_parallel_for_2d(fine, fine, body_nd, NULL, &bad_options[o]), PPAR_EINVAL, "options %zu", o);
    cr_assert_eq(ppar_parallel_for_3d(fine, fine, fine, body_nd, NULL, &bad_options[o]), PPAR_EINVAL, "options %zu", o);
  }
  cr_assert_eq(calls, 0);
}

Test(bad_input, of_reductions_is_refused_and_the_result_left_alone) {
  const ppar_reduction no_size = {.combine = ppar_sum_i64.combine}, no_combine = {.size = sizeof(int64_t)};
  int64_t result = INT64_C(0x7bad7bad7bad7bad), before = result;
  for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
    for (int reproducible = 0; reproducible < 2; reproducible++) {
      const ppar_options *fine = PPAR_OPTIONS(.reproducible = reproducible != 0, .threads = 3);
      cr_assert_eq(ppar_parallel_reduce(0, ends[e], NULL, NULL, &ppar_sum_i64, &result, fine), PPAR_EINVAL);
      cr_assert_eq(ppar_parallel_reduce(0, ends[e], fold, NULL, NULL, &result, fine), PPAR_EINVAL);
      cr_assert_eq(ppar_parallel_reduce(0, ends[e], fold, NULL, &no_size, &result, fine), PPAR_EINVAL);
      cr_assert_eq(ppar_parallel_reduce(0, ends[e], fold, NULL, &no_combine, &result, fine), PPAR_EINVAL);
      cr_assert_eq(ppar_parallel_reduce(0, ends[e], fold, NULL, &ppar_sum_i64, NULL, fine), PPAR_EINVAL);
      for (size_t o = 0; o < BAD_OPTIONS; o++) {
        ppar_options options = bad_options[o];
        options.reproducible = reproducible != 0;
        cr_assert_eq(ppar_parallel_reduce(0, ends[e], fold, NULL, &ppar_sum_i64, &result, &options), PPAR_EINVAL);
      }
    }
  }
  cr_assert_eq(result, before);
  cr_assert_eq(calls, 0);
}

static void try_everything(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  (void)chunk;
  EXPECT(found, ppar_parallel_for(0, 10, NULL, NULL, NULL) == PPAR_EINVAL);
  for (size_t o = 0; o < BAD_OPTIONS; o++) {
    EXPECT(found, ppar_parallel_for(0, 10, body, NULL, &bad_options[o]) == PPAR_EINVAL);
  }
}

Test(bad_input, is_refused_inside_bodies_and_the_outer_loop_goes_on) {
  struct findings found = {0, NULL};
  cr_assert_eq(ppar_parallel_for(0, 200, try_everything, &found, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
  cr_assert_eq(calls, 0);
  ASSERT_CLEAN(&found, "bad loops inside a good one");
}

Test(bad_input, of_pools_is_refused_and_the_pointer_left_alone) {
  static const ppar_pool_options bad[] = {
      {.threads = -1},
      {.threads = INT32_MIN},
      {.threads = PPAR_MAX_THREADS + 1},
      {.threads = INT32_MAX},
      {.threads = 2, .wait = (ppar_wait_policy)3},
      {.threads = 2, .wait = (ppar_wait_policy)-1},
      {.threads = 2, .bind = (ppar_bind_policy)6},
      {.threads = 2, .bind = (ppar_bind_policy)-1},
      {.threads = 2, .bind = PPAR_BIND_TRUE, .places = "here"},
      {.threads = 2, .places = "here"},
      {.threads = 2, .bind = PPAR_BIND_FALSE, .places = "{0"},
  };
  ppar_pool *const untouched = (ppar_pool *)(void *)&calls;
  for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
    ppar_pool *pool = untouched;
    cr_assert_eq(ppar_pool_create(&pool, &bad[b]), PPAR_EINVAL, "options %zu", b);
    cr_assert_eq(pool, untouched);
    cr_assert_eq(ppar_pool_create(NULL, &bad[b]), PPAR_EINVAL);
  }
  cr_assert_eq(ppar_pool_create(NULL, NULL), PPAR_EINVAL);
}

Test(bad_input, leaves_the_library_in_working_order) {
  int64_t result = 0;
  for (int round = 0; round < 100; round++) {
    for (size_t o = 0; o < BAD_OPTIONS; o++) ppar_parallel_for(0, 10, body, NULL, &bad_options[o]);
    result = 1;
    cr_assert_eq(ppar_parallel_reduce(0, 1000, fold, NULL, &ppar_sum_i64, &result, NULL), PPAR_OK);
    cr_assert_eq(result, 1001);
  }
}
