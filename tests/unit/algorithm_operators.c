/* SPDX-License-Identifier: MIT */
/* algorithm_operators.c: the library's reductions one by one: identities, the law of association, known results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include <ppar/reduce.h>

/* Equal for a user of the type: numbers as ==, a NaN equal to any NaN, a truth value by its truth. */
#define EQUAL_NUMBER(x, y) ((x) == (y) || ((x) != (x) && (y) != (y)))
#define EQUAL_TRUTH(x, y) (!(x) == !(y))
#define EQUAL_COMPLEX(x, y) (EQUAL_NUMBER((x).re, (y).re) && EQUAL_NUMBER((x).im, (y).im))
#define EQUAL_INDEXED(x, y) (EQUAL_NUMBER((x).value, (y).value) && (x).index == (y).index)

/* Checks an operator on all triples of the values given: the identity changes nothing on either side, and
 * (a op b) op c equals a op (b op c). */
#define CHECK_LAWS(name, type, equal, ...)                                                \
  do {                                                                                    \
    const type values_[] = {__VA_ARGS__}, zero_ = {0};                                    \
    const int n_ = (int)(sizeof values_ / sizeof values_[0]);                             \
    const ppar_reduction *op_ = &ppar_##name;                                             \
    cr_assert_eq(op_->size, sizeof(type));                                                \
    const type *identity_ = op_->identity != NULL ? (const type *)op_->identity : &zero_; \
    for (int a_ = 0; a_ < n_; a_++) {                                                     \
      type before_ = *identity_, after_ = values_[a_];                                    \
      op_->combine(&before_, &values_[a_]);                                               \
      op_->combine(&after_, identity_);                                                   \
      cr_assert(equal(before_, values_[a_]), #name ": identity op value %d", a_);         \
      cr_assert(equal(after_, values_[a_]), #name ": value %d op identity", a_);          \
      for (int b_ = 0; b_ < n_; b_++) {                                                   \
        for (int c_ = 0; c_ < n_; c_++) {                                                 \
          type left_ = values_[a_], right_ = values_[a_], tail_ = values_[b_];            \
          op_->combine(&left_, &values_[b_]);                                             \
          op_->combine(&left_, &values_[c_]);                                             \
          op_->combine(&tail_, &values_[c_]);                                             \
          op_->combine(&right_, &tail_);                                                  \
          cr_assert(equal(left_, right_), #name ": values %d, %d, %d", a_, b_, c_);       \
        }                                                                                 \
      }                                                                                   \
    }                                                                                     \
  } while (0)

/* Sums and products of these are exact. */
#define FLOATS -0.0f, 0.0f, 1.0f, -3.0f, 1024.0f, 0.5f, INFINITY, -INFINITY, NAN
#define SIGNED(max) 0, 1, -1, 2, -7, 1000003, (max), -(max), -(max)-1, (max) / 3
#define UNSIGNED(max) 0, 1, 2, 7, 1000003, (max), (max) / 2, (max) / 2 + 1, (max) / 3

Test(operators, sums_and_products_obey_their_laws) {
  CHECK_LAWS(sum_f32, float, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(sum_f64, double, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(sum_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(sum_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(sum_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(sum_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(prod_f32, float, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(prod_f64, double, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(prod_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(prod_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(prod_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(prod_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(sum_complex_f32, ppar_complex_f32, EQUAL_COMPLEX, {1, -2}, {0.5f, 4}, {-1024, 0}, {INFINITY, NAN});
  CHECK_LAWS(sum_complex_f64, ppar_complex_f64, EQUAL_COMPLEX, {1, -2}, {0.5, 4}, {-1024, 0}, {INFINITY, NAN});
}

Test(operators, min_and_max_obey_their_laws) {
  CHECK_LAWS(min_f32, float, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(min_f64, double, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(min_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(min_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(min_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(min_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(max_f32, float, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(max_f64, double, EQUAL_NUMBER, FLOATS);
  CHECK_LAWS(max_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(max_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(max_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(max_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
}

Test(operators, bitwise_and_logical_operators_obey_their_laws) {
  CHECK_LAWS(and_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(and_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(and_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(and_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(or_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(or_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(or_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(or_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(xor_i32, int32_t, EQUAL_NUMBER, SIGNED(INT32_MAX));
  CHECK_LAWS(xor_i64, int64_t, EQUAL_NUMBER, SIGNED(INT64_MAX));
  CHECK_LAWS(xor_u32, uint32_t, EQUAL_NUMBER, UNSIGNED(UINT32_MAX));
  CHECK_LAWS(xor_u64, uint64_t, EQUAL_NUMBER, UNSIGNED(UINT64_MAX));
  CHECK_LAWS(all_bool, bool, EQUAL_NUMBER, false, true);
  CHECK_LAWS(any_bool, bool, EQUAL_NUMBER, false, true);
  CHECK_LAWS(all_int, int, EQUAL_TRUTH, 0, 1, 2, -1, 256, INT32_MIN);
  CHECK_LAWS(any_int, int, EQUAL_TRUTH, 0, 1, 2, -1, 256, INT32_MIN);
}

/* The same value at several indices, and no value yet, in any order of the operands. */
#define PLACES(low, mid, high) \
  {low, 4}, {low, 0}, {mid, 2}, {mid, 5}, {high, 1}, {high, 9}, {low, -1}, {mid, -1}, { mid, -6 }

/* Any two values that mean "no value yet" are equal. */
#define EQUAL_PLACE(x, y) (EQUAL_INDEXED(x, y) || ((x).index == -1 && (y).index == -1))

Test(operators, places_of_least_and_greatest_values_obey_their_laws) {
  CHECK_LAWS(argmin_f32, ppar_indexed_f32, EQUAL_PLACE, PLACES(-INFINITY, 1, INFINITY), {NAN, 3}, {NAN, 8}, {-0.0f, 7});
  CHECK_LAWS(argmin_f64, ppar_indexed_f64, EQUAL_PLACE, PLACES(-INFINITY, 1, INFINITY), {NAN, 3}, {NAN, 8}, {-0.0, 7});
  CHECK_LAWS(argmin_i32, ppar_indexed_i32, EQUAL_PLACE, PLACES(INT32_MIN, 1, INT32_MAX));
  CHECK_LAWS(argmin_i64, ppar_indexed_i64, EQUAL_PLACE, PLACES(INT64_MIN, 1, INT64_MAX));
  CHECK_LAWS(argmax_f32, ppar_indexed_f32, EQUAL_PLACE, PLACES(-INFINITY, 1, INFINITY), {NAN, 3}, {NAN, 8}, {-0.0f, 7});
  CHECK_LAWS(argmax_f64, ppar_indexed_f64, EQUAL_PLACE, PLACES(-INFINITY, 1, INFINITY), {NAN, 3}, {NAN, 8}, {-0.0, 7});
  CHECK_LAWS(argmax_i32, ppar_indexed_i32, EQUAL_PLACE, PLACES(INT32_MIN, 1, INT32_MAX));
  CHECK_LAWS(argmax_i64, ppar_indexed_i64, EQUAL_PLACE, PLACES(INT64_MIN, 1, INT64_MAX));
}

Test(operators, associate_on_random_bits) {
  srand(20);
  for (int round = 0; round < 200; round++) {
    uint64_t v[6];
    for (int i = 0; i < 6; i++) v[i] = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();
    double d[6];
    memcpy(d, v, sizeof d);
    CHECK_LAWS(sum_i64, int64_t, EQUAL_NUMBER, (int64_t)v[0], (int64_t)v[1], (int64_t)v[2]);
    CHECK_LAWS(prod_i64, int64_t, EQUAL_NUMBER, (int64_t)v[0], (int64_t)v[1], (int64_t)v[2]);
    CHECK_LAWS(prod_u32, uint32_t, EQUAL_NUMBER, (uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]);
    CHECK_LAWS(xor_u64, uint64_t, EQUAL_NUMBER, v[0], v[1], v[2], v[3]);
    CHECK_LAWS(min_f64, double, EQUAL_NUMBER, d[0], d[1], d[2], d[3], d[4], d[5]);
    CHECK_LAWS(max_f64, double, EQUAL_NUMBER, d[0], d[1], d[2], d[3], d[4], d[5]);
    CHECK_LAWS(argmax_f64, ppar_indexed_f64, EQUAL_PLACE, {d[0], 0}, {d[1], 1}, {d[2], 2}, {d[0], 3}, {NAN, 4});
  }
}

/* a op b, for the tests of known results. */
#define RESULT(name, type, a, b) \
  (ppar_##name.combine(memcpy(room, &(type){a}, sizeof(type)), &(const type){b}), *(type *)(void *)room)

Test(operators, identities_are_the_documented_ones) {
  cr_assert_eq(*(const double *)ppar_prod_f64.identity, 1);
  cr_assert_eq(*(const double *)ppar_min_f64.identity, INFINITY);
  cr_assert_eq(*(const float *)ppar_max_f32.identity, -INFINITY);
  cr_assert_eq(*(const int32_t *)ppar_min_i32.identity, INT32_MAX);
  cr_assert_eq(*(const int64_t *)ppar_max_i64.identity, INT64_MIN);
  cr_assert_eq(*(const uint64_t *)ppar_min_u64.identity, UINT64_MAX);
  cr_assert_eq(*(const uint32_t *)ppar_max_u32.identity, 0);
  cr_assert_eq(*(const int32_t *)ppar_and_i32.identity, -1);
  cr_assert_eq(*(const uint64_t *)ppar_and_u64.identity, UINT64_MAX);
  cr_assert_eq(((const ppar_indexed_f64 *)ppar_argmin_f64.identity)->index, -1);
  cr_assert_eq(((const ppar_indexed_i32 *)ppar_argmax_i32.identity)->index, -1);
}

Test(operators, integers_wrap) {
  _Alignas(8) unsigned char room[8];
  cr_assert_eq(RESULT(sum_i32, int32_t, INT32_MAX, 1), INT32_MIN);
  cr_assert_eq(RESULT(sum_i64, int64_t, INT64_MIN, -1), INT64_MAX);
  cr_assert_eq(RESULT(sum_u32, uint32_t, UINT32_MAX, 2), 1);
  cr_assert_eq(RESULT(sum_u64, uint64_t, UINT64_MAX, 2), 1);
  cr_assert_eq(RESULT(prod_i32, int32_t, INT32_MIN, -1), INT32_MIN);
  cr_assert_eq(RESULT(prod_i64, int64_t, INT64_MAX, 2), -2);
  cr_assert_eq(RESULT(prod_u32, uint32_t, 0x10001, 0x10001), 0x20001);
  cr_assert_eq(RESULT(prod_u64, uint64_t, UINT64_MAX, UINT64_MAX), 1);
}

Test(operators, min_and_max_give_nan_when_either_is_nan) {
  _Alignas(8) unsigned char room[8];
  cr_assert(isnan(RESULT(min_f64, double, NAN, 1)) && isnan(RESULT(min_f64, double, 1, NAN)));
  cr_assert(isnan(RESULT(max_f64, double, NAN, 1)) && isnan(RESULT(max_f64, double, 1, NAN)));
  cr_assert(isnan(RESULT(min_f32, float, NAN, -INFINITY)) && isnan(RESULT(min_f32, float, -INFINITY, NAN)));
  cr_assert(isnan(RESULT(max_f32, float, NAN, INFINITY)) && isnan(RESULT(max_f32, float, INFINITY, NAN)));
}

Test(operators, the_first_of_zeros_with_different_signs_stays) {
  _Alignas(8) unsigned char room[8];
  cr_assert(signbit(RESULT(min_f64, double, -0.0, 0.0)) && !signbit(RESULT(min_f64, double, 0.0, -0.0)));
  cr_assert(signbit(RESULT(max_f64, double, -0.0, 0.0)) && !signbit(RESULT(max_f64, double, 0.0, -0.0)));
}

Test(operators, signed_and_unsigned_compare_as_themselves) {
  _Alignas(8) unsigned char room[8];
  cr_assert_eq(RESULT(min_i32, int32_t, -1, 1), -1);
  cr_assert_eq(RESULT(min_u32, uint32_t, UINT32_MAX, 1), 1);
  cr_assert_eq(RESULT(max_i64, int64_t, -1, 1), 1);
  cr_assert_eq(RESULT(max_u64, uint64_t, UINT64_MAX, 1), UINT64_MAX);
}

Test(operators, logical_ones_of_int_give_0_or_1) {
  _Alignas(8) unsigned char room[8];
  cr_assert_eq(RESULT(all_int, int, 4, 2), 1);
  cr_assert_eq(RESULT(all_int, int, 4, 0), 0);
  cr_assert_eq(RESULT(any_int, int, 0, 256), 1);
  cr_assert_eq(RESULT(any_int, int, 0, 0), 0);
}

Test(operators, take_keeps_the_first_index_whatever_the_order_of_arrival) {
  ppar_indexed_f64 least = {INFINITY, -1};
  ppar_argmin_f64_take(&least, INFINITY, 9);
  cr_assert_eq(least.index, 9, "a value equal to the identity's is a value all the same");
  ppar_argmin_f64_take(&least, 2, 7);
  ppar_argmin_f64_take(&least, 2, 3);
  ppar_argmin_f64_take(&least, 2, 5);
  cr_assert(least.value == 2 && least.index == 3);
  ppar_argmin_f64_take(&least, NAN, 8);
  ppar_argmin_f64_take(&least, -INFINITY, 0);
  ppar_argmin_f64_take(&least, NAN, 6);
  cr_assert(isnan(least.value) && least.index == 6);

  ppar_indexed_i32 greatest = {-5, -1};
  ppar_argmax_i32_take(&greatest, -9, 4);
  cr_assert(greatest.value == -9 && greatest.index == 4, "the value beside an index of -1 is none");
  ppar_argmax_i32_take(&greatest, -9, -4);
  cr_assert_eq(greatest.index, -4, "negative indices are indices");
}
