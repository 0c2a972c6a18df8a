/* SPDX-License-Identifier: MIT */
/* large_values.c: values and arguments of any size need no room on any thread's stack; and bodies whose arg is NULL,
 * or which have none. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(large_values, .timeout = SCALE_TIMEOUT);

enum {
  LARGE = 1 << 24,          /* bytes: twice the stack that a main thread usually has */
  MEDIUM = 1 << 19,         /* twice the stacks below */
  SMALL_STACK = MEDIUM / 2, /* of the workers */
  CELLS = 1000,
  ITERATIONS = 3000
};

struct large {
  char bytes[LARGE];
};

struct medium {
  int32_t count[MEDIUM / sizeof(int32_t)];
};

static void add_large(void *into, const void *from) {
  char *left = into;
  const char *right = from;
  for (size_t k = 0; k < LARGE; k++) left[k] = (char)(left[k] + right[k]);
}

static void add_medium(void *into, const void *from) {
  struct medium *left = into;
  const struct medium *right = from;
  for (size_t k = 0; k < MEDIUM / sizeof(int32_t); k++) left->count[k] += right->count[k];
}

static const ppar_reduction sum_large = {.size = sizeof(struct large), .combine = add_large};
static const ppar_reduction sum_medium = {.size = sizeof(struct medium), .combine = add_medium};

PPAR_FOLD(count_large, struct large, sums, i, int, step) { sums->bytes[i * *step % LARGE]++; }
PPAR_FOLD_GLOBAL(count_large_too, struct large, sums, i) { sums->bytes[i * 4099 % LARGE]++; }
PPAR_FOLD(count_medium, struct medium, sums, i, int, step) { sums->count[i * *step % CELLS]++; }

static struct large *zeroed_large(void) {
  struct large *large = calloc(1, sizeof *large);
  cr_assert_not_null(large);
  return large;
}

Test(large_values, a_fold_into_a_value_larger_than_the_stack) {
  int step = 4099;
  for (int global = 0; global < 2; global++) {
    struct large *result = zeroed_large();
    cr_assert_eq(ppar_parallel_reduce(0, CELLS, global ? count_large_too : count_large, global ? NULL : &step,
                                      &sum_large, result, PPAR_OPTIONS(.threads = 2)),
                 PPAR_OK);
    for (int i = 0; i < CELLS; i++) cr_assert_eq(result->bytes[i * step], 1, "%d", i);
    free(result);
  }
}

Test(large_values, a_fold_into_a_value_larger_than_a_workers_stack) {
  static struct medium result;
  ppar_pool *pool = NULL;
  int step = 1;
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 4, .stack_size = SMALL_STACK)), PPAR_OK);
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int reproducible = 0; reproducible < 2; reproducible++) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, ITERATIONS),
                               .schedule = schedules[s],
                               .pool = pool,
                               .threads = 4,
                               .reproducible = reproducible != 0};
      memset(&result, 0, sizeof result);
      cr_assert_eq(case_reduce(&loop, count_medium, &step, &sum_medium, &result), PPAR_OK, "%s", case_text(&loop));
      for (int c = 0; c < CELLS; c++) {
        cr_assert_eq(result.count[c], ITERATIONS / CELLS, "%d, %s", c, case_text(&loop));
      }
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* A value up to PPAR_COPY_MOST bytes is folded in a local, a longer one in place: both start from what the chunk
 * before left, and leave the same. */
#define FOLD_OF(bytes)                                                                                            \
  struct of_##bytes {                                                                                             \
    unsigned char byte[bytes];                                                                                    \
  };                                                                                                              \
  static void add_##bytes(void *into, const void *from) {                                                         \
    struct of_##bytes *left = into;                                                                               \
    const struct of_##bytes *right = from;                                                                        \
    for (int k = 0; k < (bytes); k++) left->byte[k] = (unsigned char)(left->byte[k] + right->byte[k]);            \
  }                                                                                                               \
  static const ppar_reduction sum_##bytes = {.size = (bytes), .combine = add_##bytes};                            \
  PPAR_FOLD(fold_##bytes, struct of_##bytes, sums, i, struct of_##bytes, add) {                                   \
    for (int k = 0; k < (bytes); k++) sums->byte[k] = (unsigned char)(sums->byte[k] + add->byte[k] * i);          \
  }                                                                                                               \
  static void check_##bytes(void) {                                                                               \
    struct of_##bytes add, result;                                                                                \
    for (int k = 0; k < (bytes); k++) add.byte[k] = (unsigned char)(k + 3);                                       \
    memset(&result, 1, sizeof result);                                                                            \
    cr_assert_eq(ppar_parallel_reduce(0, 100, fold_##bytes, &add, &sum_##bytes, &result,                          \
                                      PPAR_OPTIONS(.schedule = ppar_dynamic(7), .threads = 3)),                   \
                 PPAR_OK);                                                                                        \
    for (int k = 0; k < (bytes); k++) cr_assert_eq(result.byte[k], (unsigned char)(1 + (k + 3) * 4950), "%d", k); \
  }

FOLD_OF(255)
FOLD_OF(256)
FOLD_OF(257)

Test(large_values, folds_in_a_local_and_in_place_give_the_same) {
  check_255();
  check_256();
  check_257();
}

/* An argument larger than the stack: what it holds, and where the iterations leave their count. */
struct argument {
  char bytes[LARGE];
  _Atomic int64_t *sum;
};

PPAR_BODY(run_1d, i, struct argument, a) { atomic_fetch_add(a->sum, a->bytes[i]); }
PPAR_BODY_2D(run_2d, i, j, struct argument, a) { atomic_fetch_add(a->sum, a->bytes[i * 10 + j]); }
PPAR_BODY_3D(run_3d, i, j, k, struct argument, a) { atomic_fetch_add(a->sum, a->bytes[i * 100 + j * 10 + k]); }
PPAR_BODY_4D(run_4d, i, j, k, l, struct argument, a) {
  atomic_fetch_add(a->sum, a->bytes[i * 100 + j * 10 + k * 5 + l]);
}
PPAR_BODY_5D(run_5d, i, j, k, l, m, struct argument, a) {
  atomic_fetch_add(a->sum, a->bytes[i * 100 + j * 10 + k * 5 + l + m]);
}
PPAR_BODY_6D(run_6d, i, j, k, l, m, o, struct argument, a) {
  atomic_fetch_add(a->sum, a->bytes[i * 100 + j * 10 + k * 5 + l + m + o]);
}
PPAR_FOLD(run_fold, int64_t, sum, i, struct argument, a) { *sum += a->bytes[i]; }

Test(large_values, an_argument_larger_than_the_stack) {
  struct argument *argument = calloc(1, sizeof *argument);
  _Atomic int64_t sum = 0;
  int64_t folded = 0;
  const ppar_options *options = PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(5));
  cr_assert_not_null(argument);
  argument->sum = &sum;
  for (int i = 0; i < CELLS; i++) argument->bytes[i] = 1;
  cr_assert_eq(ppar_parallel_for(0, CELLS, run_1d, argument, options), PPAR_OK);
  cr_assert_eq(atomic_exchange(&sum, 0), CELLS);
  cr_assert_eq(ppar_parallel_for_2d(PPAR_BOUNDS(0, CELLS / 10), PPAR_BOUNDS(0, 10), run_2d, argument, options),
               PPAR_OK);
  cr_assert_eq(atomic_exchange(&sum, 0), CELLS);
  cr_assert_eq(ppar_parallel_for_3d(PPAR_BOUNDS(0, CELLS / 100), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), run_3d,
                                    argument, options),
               PPAR_OK);
  cr_assert_eq(atomic_exchange(&sum, 0), CELLS);
  for (int dimensions = 4; dimensions <= 6; dimensions++) {
    const ppar_bounds bounds[] = {PPAR_BOUNDS(0, CELLS / 100), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 2),
                                  PPAR_BOUNDS(0, 5),           PPAR_BOUNDS(0, 1),  PPAR_BOUNDS(0, 1)};
    ppar_body_nd *const bodies[] = {run_4d, run_5d, run_6d};
    cr_assert_eq(ppar_parallel_for_nd(dimensions, bounds, bodies[dimensions - 4], argument, options), PPAR_OK);
    cr_assert_eq(atomic_exchange(&sum, 0), CELLS);
    cr_assert_eq(ppar_parallel_for_nd(dimensions, bounds, bodies[dimensions - 4], NULL, options), PPAR_EINVAL);
  }
  cr_assert_eq(ppar_parallel_reduce(0, CELLS, run_fold, argument, &ppar_sum_i64, &folded, options), PPAR_OK);
  cr_assert_eq(folded, CELLS);
  free(argument);
}

/* A short argument is a copy that the iterations' writes, through another pointer, do not change (firstprivate). */
struct counter {
  int64_t value;
  struct counter *itself;
  struct findings *found;
};

PPAR_BODY(change_the_original, i, struct counter, c) {
  c->itself->value = i;
  EXPECT(c->found, c->value == -1);
}

Test(large_values, a_short_argument_is_a_private_copy) {
  struct findings found = {0, NULL};
  struct counter counter = {-1, &counter, &found};
  cr_assert_eq(
      ppar_parallel_for(0, 10, change_the_original, &counter, PPAR_OPTIONS(.threads = 1, .schedule = ppar_static(0))),
      PPAR_OK);
  cr_assert_eq(counter.value, 9);
  ASSERT_CLEAN(&found, "one thread");
}

/* --- Without an argument ------------------------------------------------------------------------------------ */

static _Atomic int64_t runs[CELLS];

PPAR_BODY_GLOBAL(count_1d, i) { atomic_fetch_add(&runs[i], 1); }
PPAR_BODY_2D_GLOBAL(count_2d, i, j) { atomic_fetch_add(&runs[i * 10 + j], 1); }
PPAR_BODY_3D_GLOBAL(count_3d, i, j, k) { atomic_fetch_add(&runs[i * 100 + j * 10 + k], 1); }
PPAR_FOLD_GLOBAL(count_fold, int64_t, sum, i) { *sum += atomic_load(&runs[i]); }

Test(large_values, bodies_without_an_argument_run_every_iteration_once) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (int i = 0; i < CELLS; i++) atomic_store(&runs[i], 0);
  for (size_t s = 0; s < schedule_count; s++) {
    const ppar_options *options = PPAR_OPTIONS(.threads = 3, .schedule = schedules[s]);
    int64_t sum = 0, each = 3 * ((int64_t)s + 1);
    cr_assert_eq(ppar_parallel_for(0, CELLS, count_1d, NULL, options), PPAR_OK);
    cr_assert_eq(ppar_parallel_for_2d(PPAR_BOUNDS(0, CELLS / 10), PPAR_BOUNDS(0, 10), count_2d, NULL, options),
                 PPAR_OK);
    cr_assert_eq(ppar_parallel_for_3d(PPAR_BOUNDS(0, CELLS / 100), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), count_3d,
                                      NULL, options),
                 PPAR_OK);
    cr_assert_eq(ppar_parallel_reduce(0, CELLS, count_fold, NULL, &ppar_sum_i64, &sum, options), PPAR_OK);
    cr_assert_eq(sum, each * CELLS);
    for (int i = 0; i < CELLS; i++) cr_assert_eq(atomic_load(&runs[i]), each);
  }
}

Test(large_values, a_missing_argument_is_an_error_and_runs_no_iteration) {
  int64_t sum = 7;
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    const ppar_options *options = PPAR_OPTIONS(.threads = 3, .schedule = schedules[s]);
    cr_assert_eq(ppar_parallel_for(0, CELLS, run_1d, NULL, options), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_for_2d(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), run_2d, NULL, options), PPAR_EINVAL);
    cr_assert_eq(
        ppar_parallel_for_3d(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), run_3d, NULL, options),
        PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_reduce(0, CELLS, run_fold, NULL, &ppar_sum_i64, &sum, options), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_for(0, CELLS, change_the_original, NULL, options), PPAR_EINVAL);
    cr_assert_eq(sum, 7);
  }
}
