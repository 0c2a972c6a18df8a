/* SPDX-License-Identifier: MIT */
/* operators.c: each of the library's reductions, and some of a program's own, give what the serial loop gives,
 * for every schedule and number of slots. */
#include <complex.h>
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "../support/cases.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(operators, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 3001 };

/* What the operators are tried on, for each type: any values, factors whose products do not vanish, and few
 * different ones. Sums and products of the floating ones are exact. */
#define LISTS(type, name) type any_##name[ITERATIONS], factor_##name[ITERATIONS], few_##name[ITERATIONS]
struct data {
  LISTS(float, f32);
  LISTS(double, f64);
  LISTS(int32_t, i32);
  LISTS(int64_t, i64);
  LISTS(uint32_t, u32);
  LISTS(uint64_t, u64);
  bool seldom_true[ITERATIONS], never_true[ITERATIONS];
};
static struct data data;

/* A fold's arg: small, because each call of a fold copies it. */
struct view {
  const struct data *data;
};
static struct view view = {&data};

static void make_data(void) {
  const double factors[] = {2, 0.5, -1};
  uint64_t state = 7;
  for (int i = 0; i < ITERATIONS; i++) {
    const uint64_t bits = work_random(&state);
    const double factor = bits % 100 < 3 ? factors[bits % 100] : 1;
    data.any_f64[i] = (double)(bits % 2000001) - 1000000;
    data.any_f32[i] = (float)(bits % 201) - 100;
    data.any_u64[i] = bits;
    data.any_u32[i] = (uint32_t)bits;
    data.any_i64[i] = (int64_t)bits;
    data.any_i32[i] = (int32_t)(uint32_t)bits;
    data.factor_f64[i] = factor;
    data.factor_f32[i] = (float)factor;
    data.factor_u64[i] = bits | 1;
    data.factor_u32[i] = (uint32_t)bits | 1;
    data.factor_i64[i] = (int64_t)(bits | 1);
    data.factor_i32[i] = (int32_t)((uint32_t)bits | 1);
    data.few_f64[i] = (double)(bits % 5);
    data.few_f32[i] = (float)(bits % 5);
    data.few_i64[i] = (int64_t)(bits % 5) - 2;
    data.few_i32[i] = (int32_t)(bits % 5) - 2;
    data.seldom_true[i] = bits % 1000 == 0;
  }
}

/* Calls check for a choice of bounds, schedules and slots; some of the loops are reproducible. */
static void sweep(void (*check)(const struct loop_case *)) {
  const int threads[] = {1, 2, 3, 8};
  const ppar_bounds bounds[] = {PPAR_BOUNDS(0, ITERATIONS), PPAR_BOUNDS_STEP(ITERATIONS - 1, -1, -3)};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_few_schedules(schedules);
  ppar_pool *pool = case_pool(4);
  uint64_t counter = 0;
  make_data();
  for (size_t b = 0; b < 2; b++) {
    for (size_t s = 0; s < schedule_count; s++) {
      for (size_t t = 0; t < 4; t++) {
        const struct loop_case loop = {bounds[b], schedules[s], threads[t], pool, (s + t) % 3 == 0};
        if (scale_keeps(&counter)) check(&loop);
      }
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* The index of the loop's iteration k. */
static int64_t index_at(const struct loop_case *loop, uint64_t k) {
  return loop->bounds.begin + (int64_t)k * loop->bounds.step;
}

/* The reduction ppar_<name> over one list of the data gives what the serial loop gives; both start from the same
 * value. a is the accumulator and x the iteration's value. */
#define TEST_OPERATOR(name, type, list, start, a_op_x)                                               \
  static type name##_of(type a, type x) { return (type)(a_op_x); }                                   \
  PPAR_FOLD(name##_fold, type, acc, i, struct view, v) { *acc = name##_of(*acc, v->data->list[i]); } \
  static void name##_check(const struct loop_case *loop) {                                           \
    type expected = (start), result = (start);                                                       \
    const uint64_t n = case_iterations(loop);                                                        \
    for (uint64_t k = 0; k < n; k++) expected = name##_of(expected, data.list[index_at(loop, k)]);   \
    cr_assert_eq(case_reduce(loop, name##_fold, &view, &ppar_##name, &result), PPAR_OK);             \
    cr_assert(result == expected, #name ", %s", case_text(loop));                                    \
  }                                                                                                  \
  Test(operators, name) { sweep(name##_check); }                                                     \
  struct data

TEST_OPERATOR(sum_f32, float, any_f32, 5, (a + x));
TEST_OPERATOR(sum_f64, double, any_f64, 5, (a + x));
TEST_OPERATOR(sum_i32, int32_t, any_i32, 5, (uint32_t)(a) + (uint32_t)(x));
TEST_OPERATOR(sum_i64, int64_t, any_i64, 5, (uint64_t)(a) + (uint64_t)(x));
TEST_OPERATOR(sum_u32, uint32_t, any_u32, 5, (a + x));
TEST_OPERATOR(sum_u64, uint64_t, any_u64, 5, (a + x));

TEST_OPERATOR(prod_f32, float, factor_f32, 5, (a * x));
TEST_OPERATOR(prod_f64, double, factor_f64, 5, (a * x));
TEST_OPERATOR(prod_i32, int32_t, factor_i32, 5, (uint32_t)(a) * (uint32_t)(x));
TEST_OPERATOR(prod_i64, int64_t, factor_i64, 5, (uint64_t)(a) * (uint64_t)(x));
TEST_OPERATOR(prod_u32, uint32_t, factor_u32, 5, (a * x));
TEST_OPERATOR(prod_u64, uint64_t, factor_u64, 5, (a * x));

TEST_OPERATOR(min_f32, float, any_f32, 5, x < a ? x : a);
TEST_OPERATOR(min_f64, double, any_f64, 5, x < a ? x : a);
TEST_OPERATOR(min_i32, int32_t, any_i32, 5, x < a ? x : a);
TEST_OPERATOR(min_i64, int64_t, any_i64, 5, x < a ? x : a);
TEST_OPERATOR(min_u32, uint32_t, any_u32, UINT32_MAX - 1, x < a ? x : a);
TEST_OPERATOR(min_u64, uint64_t, any_u64, UINT64_MAX - 1, x < a ? x : a);

TEST_OPERATOR(max_f32, float, any_f32, -5, x > a ? x : a);
TEST_OPERATOR(max_f64, double, any_f64, -5, x > a ? x : a);
TEST_OPERATOR(max_i32, int32_t, any_i32, -5, x > a ? x : a);
TEST_OPERATOR(max_i64, int64_t, any_i64, -5, x > a ? x : a);
TEST_OPERATOR(max_u32, uint32_t, any_u32, 5, x > a ? x : a);
TEST_OPERATOR(max_u64, uint64_t, any_u64, 5, x > a ? x : a);

/* Many random values have no bit in common and leave none out: the masks keep the outcomes from being 0 and -1. */
TEST_OPERATOR(and_i32, int32_t, few_i32, -1, (a & (x | ~3)));
TEST_OPERATOR(and_i64, int64_t, few_i64, -2, (a & (x | ~3)));
TEST_OPERATOR(and_u32, uint32_t, any_u32, UINT32_MAX, (a & (x | 0xf0f0f0f0u)));
TEST_OPERATOR(and_u64, uint64_t, any_u64, UINT64_MAX, (a & (x | 0xf0f0f0f0f0f0f0f0u)));

TEST_OPERATOR(or_i32, int32_t, any_i32, 0, (a | (x & 0x0f0f0f0f)));
TEST_OPERATOR(or_i64, int64_t, any_i64, 0, (a | (x & 0x0f0f0f0f0f0f0f0f)));
TEST_OPERATOR(or_u32, uint32_t, any_u32, 0, (a | (x & 0x0f0f0f0fu)));
TEST_OPERATOR(or_u64, uint64_t, any_u64, 0, (a | (x & 0x0f0f0f0f0f0f0f0fu)));

TEST_OPERATOR(xor_i32, int32_t, any_i32, 5, (a ^ x));
TEST_OPERATOR(xor_i64, int64_t, any_i64, 5, (a ^ x));
TEST_OPERATOR(xor_u32, uint32_t, any_u32, 5, (a ^ x));
TEST_OPERATOR(xor_u64, uint64_t, any_u64, 5, (a ^ x));

/* One iteration of many decides, wherever it is; and none, and the incoming value alone. */
TEST_OPERATOR(all_bool, bool, seldom_true, true, (a && !x));
TEST_OPERATOR(any_bool, bool, seldom_true, false, (a || x));
TEST_OPERATOR(all_int, int, never_true, 1, (a && !x));
TEST_OPERATOR(any_int, int, never_true, 0, (a || x));

PPAR_FOLD(every_is_small, bool, acc, i, struct view, v) { *acc = *acc && v->data->any_f64[i] <= 1e6; }
PPAR_FOLD(one_is_large, bool, acc, i, struct view, v) { *acc = *acc || v->data->any_f64[i] > 1e6; }

Test(operators, logical_ones_fold_into_the_incoming_value) {
  const ppar_options options = {.threads = 3};
  bool all = false, any = true;
  make_data();
  cr_assert_eq(ppar_parallel_reduce(0, ITERATIONS, every_is_small, &view, &ppar_all_bool, &all, &options), PPAR_OK);
  cr_assert_not(all);
  cr_assert_eq(ppar_parallel_reduce(0, ITERATIONS, one_is_large, &view, &ppar_any_bool, &any, &options), PPAR_OK);
  cr_assert(any);
}

/* The place that ppar_<order>_<type> finds is that of the lowest index among the best values. */
#define TEST_PLACE(order, type, better)                                                                               \
  PPAR_FOLD(order##_##type##_fold, ppar_indexed_##type, best, i, struct view, v) {                                    \
    ppar_##order##_##type##_take(best, v->data->few_##type[i], i);                                                    \
  }                                                                                                                   \
  static void order##_##type##_check(const struct loop_case *loop) {                                                  \
    ppar_indexed_##type expected = {data.few_##type[loop->bounds.begin], loop->bounds.begin}, result = {0, -1};       \
    const uint64_t n = case_iterations(loop);                                                                         \
    for (uint64_t k = 1; k < n; k++) {                                                                                \
      const int64_t i = index_at(loop, k);                                                                            \
      if (data.few_##type[i] better expected.value || (data.few_##type[i] == expected.value && i < expected.index)) { \
        expected = (ppar_indexed_##type){data.few_##type[i], i};                                                      \
      }                                                                                                               \
    }                                                                                                                 \
    cr_assert_eq(case_reduce(loop, order##_##type##_fold, &view, &ppar_##order##_##type, &result), PPAR_OK);          \
    cr_assert(result.value == expected.value && result.index == expected.index, "%s", case_text(loop));               \
  }                                                                                                                   \
  Test(operators, order##_##type##_gives_the_first_of_equals) { sweep(order##_##type##_check); }                      \
  struct data

TEST_PLACE(argmin, f32, <);
TEST_PLACE(argmin, f64, <);
TEST_PLACE(argmin, i32, <);
TEST_PLACE(argmin, i64, <);
TEST_PLACE(argmax, f32, >);
TEST_PLACE(argmax, f64, >);
TEST_PLACE(argmax, i32, >);
TEST_PLACE(argmax, i64, >);

static void check_places_of_constants(const struct loop_case *loop) {
  ppar_indexed_f64 result = {INFINITY, -1};
  const int64_t ends[2] = {loop->bounds.begin, index_at(loop, case_iterations(loop) - 1)};
  for (int i = 0; i < ITERATIONS; i++) data.few_f64[i] = INFINITY;
  cr_assert_eq(case_reduce(loop, argmin_f64_fold, &view, &ppar_argmin_f64, &result), PPAR_OK);
  cr_assert_eq(result.index, ends[0] < ends[1] ? ends[0] : ends[1], "%s", case_text(loop));
}

Test(operators, of_values_that_are_all_alike_the_lowest_index_wins) { sweep(check_places_of_constants); }

PPAR_FOLD(least_or_nan, double, acc, i, struct view, v) {
  const double x = v->data->few_f64[i];
  *acc = x < *acc || isnan(x) ? x : *acc;
}

/* The last iteration's index is 0 or a multiple of 3 away from the others, so both bounds meet these. */
static void check_nan(const struct loop_case *loop) {
  const int64_t first_nan = index_at(loop, case_iterations(loop) / 2), other_nan = first_nan + 300;
  ppar_indexed_f64 place = {-INFINITY, 1};
  double least = -INFINITY;
  make_data();
  data.few_f64[first_nan] = data.few_f64[other_nan] = NAN;
  cr_assert_eq(case_reduce(loop, least_or_nan, &view, &ppar_min_f64, &least), PPAR_OK);
  cr_assert(isnan(least), "%s", case_text(loop));
  cr_assert_eq(case_reduce(loop, argmin_f64_fold, &view, &ppar_argmin_f64, &place), PPAR_OK);
  cr_assert(isnan(place.value) && place.index == first_nan, "%s", case_text(loop));
}

Test(operators, nan_is_the_least_value_and_the_first_nan_its_place) { sweep(check_nan); }

Test(operators, without_iterations_there_is_no_place) {
  ppar_indexed_f64 place = {INFINITY, -1};
  cr_assert_eq(ppar_parallel_reduce(3, 3, argmin_f64_fold, &view, &ppar_argmin_f64, &place, NULL), PPAR_OK);
  cr_assert_eq(place.index, -1);
}

PPAR_FOLD(sum_points_f64, ppar_complex_f64, acc, i, struct view, v) {
  acc->re += v->data->any_f64[i];
  acc->im -= v->data->few_f64[i];
}
PPAR_FOLD(sum_points_f32, ppar_complex_f32, acc, i, struct view, v) {
  acc->re += v->data->any_f32[i];
  acc->im -= v->data->few_f32[i];
}

/* The results are C's own complex numbers. */
static void check_complex(const struct loop_case *loop) {
  double complex wide = 1 + 2 * I, expected = wide;
  float complex narrow = 1 + 2 * I, expected_narrow = narrow;
  const uint64_t n = case_iterations(loop);
  for (uint64_t k = 0; k < n; k++) {
    const int64_t i = index_at(loop, k);
    expected += data.any_f64[i] - data.few_f64[i] * I;
    expected_narrow += data.any_f32[i] - data.few_f32[i] * I;
  }
  cr_assert_eq(case_reduce(loop, sum_points_f64, &view, &ppar_sum_complex_f64, &wide), PPAR_OK);
  cr_assert_eq(case_reduce(loop, sum_points_f32, &view, &ppar_sum_complex_f32, &narrow), PPAR_OK);
  cr_assert(wide == expected && narrow == expected_narrow, "%s", case_text(loop));
}

Test(operators, complex_sums_are_those_of_c) { sweep(check_complex); }

enum { BINS = 1000 };
struct histogram {
  uint32_t counts[BINS];
};

static void add_histogram(void *into, const void *from) {
  struct histogram *a = into;
  const struct histogram *b = from;
  for (int bin = 0; bin < BINS; bin++) a->counts[bin] += b->counts[bin];
}
static const ppar_reduction histogram_sum = {.size = sizeof(struct histogram), .combine = add_histogram};

static void count_values(const ppar_chunk *chunk, void *accumulator, void *arg) {
  struct histogram *histogram = accumulator;
  const struct view *v = arg;
  ppar_for_each_index(i, chunk) histogram->counts[v->data->any_u32[i] % BINS]++;
}

static void check_histogram(const struct loop_case *loop) {
  static struct histogram result, expected;
  const uint64_t n = case_iterations(loop);
  for (int bin = 0; bin < BINS; bin++) result.counts[bin] = expected.counts[bin] = (uint32_t)bin;
  for (uint64_t k = 0; k < n; k++) expected.counts[data.any_u32[index_at(loop, k)] % BINS]++;
  cr_assert_eq(case_reduce(loop, count_values, &view, &histogram_sum, &result), PPAR_OK);
  cr_assert_arr_eq(&result, &expected, sizeof result, "%s", case_text(loop));
}

Test(operators, a_histogram_of_a_thousand_bins_counts_every_value) { sweep(check_histogram); }

/* The function x -> scale * x + shift modulo 2^64; one after the other is again such a function, but which of
 * them comes first matters. */
struct affine {
  uint64_t scale, shift;
};
static const struct affine affine_identity = {1, 0};

static void then(void *into, const void *from) {
  struct affine *a = into;
  const struct affine *b = from;
  *a = (struct affine){b->scale * a->scale, b->scale * a->shift + b->shift};
}
static const ppar_reduction affine_then = {sizeof(struct affine), &affine_identity, then};

PPAR_FOLD(apply, struct affine, acc, i, struct view, v) {
  then(acc, &(struct affine){v->data->factor_u64[i], v->data->any_u64[i]});
}

/* Each slot's iterations are one block, or blocks combine in their order. */
static void check_order(const struct loop_case *loop) {
  const bool one_block = loop->schedule.kind == PPAR_SCHEDULE_STATIC && loop->schedule.chunk == 0;
  struct affine result = {3, 4}, expected = {3, 4};
  const uint64_t n = case_iterations(loop);
  if (!one_block && !loop->reproducible && loop->threads != 1) return;
  for (uint64_t k = 0; k < n; k++) {
    const int64_t i = index_at(loop, k);
    then(&expected, &(struct affine){data.factor_u64[i], data.any_u64[i]});
  }
  cr_assert_eq(case_reduce(loop, apply, &view, &affine_then, &result), PPAR_OK);
  cr_assert(result.scale == expected.scale && result.shift == expected.shift, "%s", case_text(loop));
}

Test(operators, one_that_does_not_commute_keeps_the_iterations_order) { sweep(check_order); }

enum { WIDE_BINS = 20000, FEW_ITERATIONS = 20 };
struct wide_histogram {
  uint64_t counts[WIDE_BINS];
};

static void add_wide(void *into, const void *from) {
  struct wide_histogram *a = into;
  const struct wide_histogram *b = from;
  for (int bin = 0; bin < WIDE_BINS; bin++) a->counts[bin] += b->counts[bin];
}
static const ppar_reduction wide_sum = {.size = sizeof(struct wide_histogram), .combine = add_wide};

static void count_indices(const ppar_chunk *chunk, void *accumulator, void *arg) {
  struct wide_histogram *histogram = accumulator;
  (void)arg;
  work_spin(1000);
  ppar_for_each_index(i, chunk) histogram->counts[i]++;
}

/* A thread that comes late finds nothing to do, and its large value must not outlive, or be counted in, the loop. */
Test(operators, large_values_and_little_work_leave_nothing_behind) {
  static struct wide_histogram result;
  const uint64_t loops = scaled(200);
  const ppar_schedule schedules[] = {ppar_dynamic(1), ppar_auto()};
  ppar_pool *pool = case_pool(8);
  for (uint64_t n = 0; n < loops; n++) {
    const ppar_options options = {.threads = 8, .pool = pool, .schedule = schedules[n % 2]};
    const int status = ppar_parallel_reduce(0, FEW_ITERATIONS, count_indices, NULL, &wide_sum, &result, &options);
    cr_assert_eq(status, PPAR_OK);
  }
  for (int bin = 0; bin < WIDE_BINS; bin++) cr_assert_eq(result.counts[bin], bin < FEW_ITERATIONS ? loops : 0);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}
