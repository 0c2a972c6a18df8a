/* SPDX-License-Identifier: MIT */
/* operators.c: the reductions that the library brings along: OpenMP's operators, and the places of the
 * least and greatest values. Their meaning is told in ppar/reduce.h. */
#include <math.h>

#include <ppar/reduce.h>

/* Defines the reduction ppar_<name> of a scalar type: its identity, and a op b where b's iterations come
 * after a's. */
#define OPERATOR(name, type, initial, a_op_b) OPERATOR_IN(name, type, type, initial, a_op_b)

/* The same, computed in another type. */
#define OPERATOR_IN(name, type, inner, initial, a_op_b)                 \
  static void combine_##name(void *into, const void *from) {            \
    type *result = into;                                                \
    const inner a = (inner)(*result), b = (inner)(*(const type *)from); \
    *result = (type)(a_op_b);                                           \
  }                                                                     \
  static const type identity_##name = (initial);                        \
  const ppar_reduction ppar_##name = {sizeof(type), &identity_##name, combine_##name}

/* Unsigned integers wrap, where overflow of signed ones is undefined; the way back keeps the bits (gcc and clang
 * say so). */
OPERATOR(sum_f32, float, 0, (a + b));
OPERATOR(sum_f64, double, 0, (a + b));
OPERATOR_IN(sum_i32, int32_t, uint32_t, 0, (a + b));
OPERATOR_IN(sum_i64, int64_t, uint64_t, 0, (a + b));
OPERATOR(sum_u32, uint32_t, 0, (a + b));
OPERATOR(sum_u64, uint64_t, 0, (a + b));

OPERATOR(prod_f32, float, 1, (a * b));
OPERATOR(prod_f64, double, 1, (a * b));
OPERATOR_IN(prod_i32, int32_t, uint32_t, 1, (a * b));
OPERATOR_IN(prod_i64, int64_t, uint64_t, 1, (a * b));
OPERATOR(prod_u32, uint32_t, 1, (a * b));
OPERATOR(prod_u64, uint64_t, 1, (a * b));

/* A NaN in b makes the comparison false and so is taken; one in a is kept. Of equals, which zeros of
 * different sign are, a stays: that is associative bit for bit. */
OPERATOR(min_f32, float, INFINITY, a <= b || isnan(a) ? a : b);
OPERATOR(min_f64, double, INFINITY, a <= b || isnan(a) ? a : b);
OPERATOR(min_i32, int32_t, INT32_MAX, a <= b ? a : b);
OPERATOR(min_i64, int64_t, INT64_MAX, a <= b ? a : b);
OPERATOR(min_u32, uint32_t, UINT32_MAX, a <= b ? a : b);
OPERATOR(min_u64, uint64_t, UINT64_MAX, a <= b ? a : b);

OPERATOR(max_f32, float, -INFINITY, a >= b || isnan(a) ? a : b);
OPERATOR(max_f64, double, -INFINITY, a >= b || isnan(a) ? a : b);
OPERATOR(max_i32, int32_t, INT32_MIN, a >= b ? a : b);
OPERATOR(max_i64, int64_t, INT64_MIN, a >= b ? a : b);
OPERATOR(max_u32, uint32_t, 0, a >= b ? a : b);
OPERATOR(max_u64, uint64_t, 0, a >= b ? a : b);

OPERATOR(and_i32, int32_t, -1, (a & b));
OPERATOR(and_i64, int64_t, -1, (a & b));
OPERATOR(and_u32, uint32_t, UINT32_MAX, (a & b));
OPERATOR(and_u64, uint64_t, UINT64_MAX, (a & b));

OPERATOR(or_i32, int32_t, 0, (a | b));
OPERATOR(or_i64, int64_t, 0, (a | b));
OPERATOR(or_u32, uint32_t, 0, (a | b));
OPERATOR(or_u64, uint64_t, 0, (a | b));

OPERATOR(xor_i32, int32_t, 0, (a ^ b));
OPERATOR(xor_i64, int64_t, 0, (a ^ b));
OPERATOR(xor_u32, uint32_t, 0, (a ^ b));
OPERATOR(xor_u64, uint64_t, 0, (a ^ b));

OPERATOR(all_bool, bool, true, (a && b));
OPERATOR(any_bool, bool, false, (a || b));
OPERATOR(all_int, int, 1, (a && b));
OPERATOR(any_int, int, 0, (a || b));

static void combine_sum_complex_f32(void *into, const void *from) {
  ppar_complex_f32 *a = into;
  const ppar_complex_f32 *b = from;
  a->re += b->re;
  a->im += b->im;
}
const ppar_reduction ppar_sum_complex_f32 = {sizeof(ppar_complex_f32), NULL, combine_sum_complex_f32};

static void combine_sum_complex_f64(void *into, const void *from) {
  ppar_complex_f64 *a = into;
  const ppar_complex_f64 *b = from;
  a->re += b->re;
  a->im += b->im;
}
const ppar_reduction ppar_sum_complex_f64 = {sizeof(ppar_complex_f64), NULL, combine_sum_complex_f64};

/* Defines ppar_argmin_<type> and ppar_argmax_<type> by what one iteration does. */
#define PLACE_OPERATOR(name, type, initial)                           \
  static void combine_##name(void *into, const void *from) {          \
    const ppar_indexed_##type *b = from;                              \
    if (b->index != -1) ppar_##name##_take(into, b->value, b->index); \
  }                                                                   \
  static const ppar_indexed_##type identity_##name = {(initial), -1}; \
  const ppar_reduction ppar_##name = {sizeof(ppar_indexed_##type), &identity_##name, combine_##name}

PLACE_OPERATOR(argmin_f32, f32, INFINITY);
PLACE_OPERATOR(argmin_f64, f64, INFINITY);
PLACE_OPERATOR(argmin_i32, i32, INT32_MAX);
PLACE_OPERATOR(argmin_i64, i64, INT64_MAX);

PLACE_OPERATOR(argmax_f32, f32, -INFINITY);
PLACE_OPERATOR(argmax_f64, f64, -INFINITY);
PLACE_OPERATOR(argmax_i32, i32, INT32_MIN);
PLACE_OPERATOR(argmax_i64, i64, INT64_MIN);
