/* SPDX-License-Identifier: MIT */
/* typed_calls.c: calls whose types the compiler checks run what the plain calls run; operators picked by type; several
 * reductions combined into one. What the compiler refuses is tested in headers/misuse.c. */
#include <complex.h>
#include <math.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(typed_calls, .timeout = SCALE_TIMEOUT);

enum { ROWS = 10, CELLS = 1000 };

struct counts {
  _Atomic int *of;
};

static _Atomic int counts[CELLS];

PPAR_BODY(count_1d, i, struct counts, c) { atomic_fetch_add(&c->of[i], 1); }
PPAR_BODY_2D(count_2d, i, j, struct counts, c) { atomic_fetch_add(&c->of[i * CELLS / ROWS + j], 1); }
PPAR_BODY_3D(count_3d, i, j, k, struct counts, c) { atomic_fetch_add(&c->of[i * 100 + j * 10 + k], 1); }
PPAR_BODY_4D(count_4d, i, j, k, l, struct counts, c) { atomic_fetch_add(&c->of[i * 100 + j * 10 + k * 5 + l], 1); }
PPAR_BODY_5D_GLOBAL(count_5d, i, j, k, l, m) { atomic_fetch_add(&counts[i * 100 + j * 10 + k * 5 + l + m], 1); }
PPAR_BODY_GLOBAL(count_global, i) { atomic_fetch_add(&counts[i], 1); }
PPAR_FOLD(add_counts, int64_t, sum, i, struct counts, c) { *sum += atomic_load(&c->of[i]); }
PPAR_FOLD_GLOBAL(add_global, double, sum, i) { *sum += atomic_load(&counts[i]); }

Test(typed_calls, run_every_iteration_once) {
  const ppar_options *options = PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(3));
  int64_t sum = 5;
  double real = 0.5;
  for (int i = 0; i < CELLS; i++) atomic_store(&counts[i], 0);
  cr_assert_eq(PPAR_FOR(0, CELLS, count_1d, &(struct counts){counts}, options), PPAR_OK);
  cr_assert_eq(PPAR_FOR(CELLS - 1, -1, count_1d, &(struct counts){counts}, PPAR_OPTIONS(.step = -1)), PPAR_OK);
  cr_assert_eq(PPAR_FOR(0, CELLS, count_global, NULL, options), PPAR_OK);
  cr_assert_eq(
      PPAR_FOR_2D(PPAR_BOUNDS(0, ROWS), PPAR_BOUNDS(0, CELLS / ROWS), count_2d, &(struct counts){counts}, options),
      PPAR_OK);
  cr_assert_eq(PPAR_FOR_3D(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), count_3d,
                           &(struct counts){counts}, options),
               PPAR_OK);
  const ppar_bounds bounds[] = {PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 5),
                                PPAR_BOUNDS(0, 1)};
  cr_assert_eq(PPAR_FOR_ND(bounds, count_4d, &(struct counts){counts}, options), PPAR_OK);
  cr_assert_eq(PPAR_FOR_ND(bounds, count_5d, NULL, options), PPAR_OK);
  for (int i = 0; i < CELLS; i++) cr_assert_eq(atomic_load(&counts[i]), 7);
  cr_assert_eq(PPAR_REDUCE(0, CELLS, add_counts, &(struct counts){counts}, PPAR_SUM(&sum), &sum, options), PPAR_OK);
  cr_assert_eq(sum, 5 + 7 * CELLS);
  cr_assert_eq(PPAR_REDUCE(0, CELLS, add_global, NULL, PPAR_SUM(&real), &real, options), PPAR_OK);
  cr_assert(real == 0.5 + 7 * CELLS);
}

Test(typed_calls, refuse_a_reduction_of_another_size) {
  int64_t sum = 5;
  cr_assert_eq(PPAR_REDUCE(0, CELLS, add_counts, &(struct counts){counts}, &ppar_sum_f32, &sum, NULL), PPAR_EINVAL);
  cr_assert_eq(PPAR_REDUCE(0, CELLS, add_counts, &(struct counts){counts}, NULL, &sum, NULL), PPAR_EINVAL);
  cr_assert_eq(sum, 5);
}

#define OF_BITS(type, op, letter) (sizeof(type) == 8 ? &ppar_##op##_##letter##64 : &ppar_##op##_##letter##32)

#define CHECK_INTEGER(type, letter)                               \
  do {                                                            \
    const type value = 0;                                         \
    cr_expect_eq(PPAR_SUM(&value), OF_BITS(type, sum, letter));   \
    cr_expect_eq(PPAR_PROD(&value), OF_BITS(type, prod, letter)); \
    cr_expect_eq(PPAR_MIN(&value), OF_BITS(type, min, letter));   \
    cr_expect_eq(PPAR_MAX(&value), OF_BITS(type, max, letter));   \
    cr_expect_eq(PPAR_AND(&value), OF_BITS(type, and, letter));   \
    cr_expect_eq(PPAR_OR(&value), OF_BITS(type, or, letter));     \
    cr_expect_eq(PPAR_XOR(&value), OF_BITS(type, xor, letter));   \
  } while (0)

Test(typed_calls, pick_the_operator_of_the_values_type) {
  float f32 = 0;
  double f64 = 0, *p = &f64;
  bool truth = false;
  int number = 0;
  ppar_complex_f32 c32 = {0, 0};
  ppar_complex_f64 c64 = {0, 0};
  float _Complex cf = 0;
  double _Complex cd = 0;
  ppar_indexed_f32 at_f32 = {0, -1};
  ppar_indexed_f64 at_f64 = {0, -1};
  ppar_indexed_i32 at_i32 = {0, -1};
  ppar_indexed_i64 at_i64 = {0, -1};
  CHECK_INTEGER(int, i);
  CHECK_INTEGER(unsigned, u);
  CHECK_INTEGER(long, i);
  CHECK_INTEGER(unsigned long, u);
  CHECK_INTEGER(long long, i);
  CHECK_INTEGER(unsigned long long, u);
  CHECK_INTEGER(int32_t, i);
  CHECK_INTEGER(uint64_t, u);
  cr_expect_eq(PPAR_SUM(&f32), &ppar_sum_f32);
  cr_expect_eq(PPAR_SUM(p++), &ppar_sum_f64);
  cr_expect_eq(p, &f64); /* not evaluated */
  cr_expect_eq(PPAR_PROD(&f32), &ppar_prod_f32);
  cr_expect_eq(PPAR_MIN(&f64), &ppar_min_f64);
  cr_expect_eq(PPAR_MAX(&f64), &ppar_max_f64);
  cr_expect_eq(PPAR_SUM(&c32), &ppar_sum_complex_f32);
  cr_expect_eq(PPAR_SUM(&c64), &ppar_sum_complex_f64);
  cr_expect_eq(PPAR_SUM(&cf), &ppar_sum_complex_f32);
  cr_expect_eq(PPAR_SUM(&cd), &ppar_sum_complex_f64);
  cr_expect_eq(PPAR_ALL(&truth), &ppar_all_bool);
  cr_expect_eq(PPAR_ANY(&truth), &ppar_any_bool);
  cr_expect_eq(PPAR_ALL(&number), &ppar_all_int);
  cr_expect_eq(PPAR_ANY(&number), &ppar_any_int);
  cr_expect_eq(PPAR_ARGMIN(&at_f32), &ppar_argmin_f32);
  cr_expect_eq(PPAR_ARGMAX(&at_f64), &ppar_argmax_f64);
  cr_expect_eq(PPAR_ARGMIN(&at_i32), &ppar_argmin_i32);
  cr_expect_eq(PPAR_ARGMAX(&at_i64), &ppar_argmax_i64);
}

/* --- Several reductions in one ------------------------------------------------------------------------------ */

struct spread {
  double sum;
  float least, most;
  int64_t count;
  uint32_t bits, some_bits, odd_bits;
  int product;
};
PPAR_REDUCTION(spread, struct spread, (PPAR_SUM, sum), (PPAR_MIN, least), (PPAR_MAX, most), (PPAR_SUM, count),
               (PPAR_AND, bits), (PPAR_OR, some_bits), (PPAR_XOR, odd_bits), (PPAR_PROD, product));

struct places {
  bool all, any;
  ppar_indexed_i64 least, most;
  int32_t lowest;
  int64_t highest;
  double _Complex sum;
};
PPAR_REDUCTION(places, struct places, (PPAR_ALL, all), (PPAR_ANY, any), (PPAR_ARGMIN, least), (PPAR_ARGMAX, most),
               (PPAR_MIN, lowest), (PPAR_MAX, highest), (PPAR_SUM, sum));

struct alone {
  int64_t least;
};
PPAR_REDUCTION(alone, struct alone, (PPAR_MIN, least));

static int64_t value_of(int64_t i) { return (int64_t)(work_hash(i) % 2001) - 1000; }

static void measure_one(struct spread *s, int64_t i) {
  const int64_t value = value_of(i);
  s->sum += (double)value;
  if ((float)value < s->least) s->least = (float)value;
  if ((float)value > s->most) s->most = (float)value;
  s->count++;
  s->bits &= (uint32_t)i | 0xff00u;
  s->some_bits |= (uint32_t)value;
  s->odd_bits ^= (uint32_t)value;
  if (i % 100 == 0) s->product = -s->product;
}

static void place_one(struct places *p, int64_t i) {
  const int64_t value = value_of(i);
  p->all = p->all && value > -1000;
  p->any = p->any || value == 1000;
  ppar_argmin_i64_take(&p->least, value, i);
  ppar_argmax_i64_take(&p->most, value, i);
  if (value < p->lowest) p->lowest = (int32_t)value;
  if (value > p->highest) p->highest = value;
  p->sum += (double)value + (double)i * I;
}

PPAR_FOLD_GLOBAL(measure, struct spread, s, i) { measure_one(s, i); }
PPAR_FOLD_GLOBAL(place, struct places, p, i) { place_one(p, i); }
PPAR_FOLD_GLOBAL(least_alone, struct alone, a, i) {
  if (value_of(i) < a->least) a->least = value_of(i);
}

static const struct spread first_spread = {0.5, 1e9f, -1e9f, 7, UINT32_MAX, 0, 0, 1};
static const struct places first_places = {true, false, {0, -1}, {0, -1}, INT32_MAX, INT64_MIN, 0};

static void expect_spread(const struct spread *s, const struct spread *expected, const char *text) {
  cr_assert(s->sum == expected->sum && s->least == expected->least && s->most == expected->most, "%s", text);
  cr_assert(s->count == expected->count && s->bits == expected->bits && s->some_bits == expected->some_bits, "%s",
            text);
  cr_assert(s->odd_bits == expected->odd_bits && s->product == expected->product, "%s", text);
}

static void expect_places(const struct places *p, const struct places *expected, const char *text) {
  cr_assert(p->all == expected->all && p->any == expected->any && p->sum == expected->sum, "%s", text);
  cr_assert(p->least.index == expected->least.index && p->least.value == expected->least.value, "%s", text);
  cr_assert(p->most.index == expected->most.index && p->most.value == expected->most.value, "%s", text);
  cr_assert(p->lowest == expected->lowest && p->highest == expected->highest, "%s", text);
}

Test(typed_calls, fields_reduce_as_the_serial_loop_does) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 1; threads <= 8; threads++) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, CELLS), .schedule = schedules[s], .threads = threads};
      struct spread spread_found = first_spread, spread_expected = first_spread;
      struct places places_found = first_places, places_expected = first_places;
      struct alone least = {INT64_MAX};
      loop.reproducible = threads % 2 == 0;
      for (int64_t i = 0; i < CELLS; i++) measure_one(&spread_expected, i);
      for (int64_t i = 0; i < CELLS; i++) place_one(&places_expected, i);
      cr_assert_eq(case_reduce(&loop, measure, NULL, &spread, &spread_found), PPAR_OK);
      cr_assert_eq(case_reduce(&loop, place, NULL, &places, &places_found), PPAR_OK);
      cr_assert_eq(case_reduce(&loop, least_alone, NULL, &alone, &least), PPAR_OK);
      expect_spread(&spread_found, &spread_expected, case_text(&loop));
      expect_places(&places_found, &places_expected, case_text(&loop));
      cr_assert_eq(least.least, places_expected.lowest);
    }
  }
}

/* Slots without iterations combine the identity, which changes nothing. */
Test(typed_calls, fields_start_as_their_identities) {
  struct spread s = {-3, -5, 5, 1, 12, 34, 56, -2};
  const struct spread spread_before = s;
  struct places p = {false, true, {4, 7}, {9, 8}, -100, 100, 1 + 2 * I};
  const struct places places_before = p;
  cr_assert_eq(spread.size, sizeof s);
  spread.combine(&s, spread.identity);
  places.combine(&p, places.identity);
  expect_spread(&s, &spread_before, "after the identity");
  expect_places(&p, &places_before, "after the identity");
  memcpy(&s, spread.identity, sizeof s);
  spread.combine(&s, &spread_before);
  expect_spread(&s, &spread_before, "on the identity");
  memcpy(&p, places.identity, sizeof p);
  places.combine(&p, &places_before);
  expect_places(&p, &places_before, "on the identity");
}
