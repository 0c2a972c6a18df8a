/* SPDX-License-Identifier: MIT */
/* operators.c: the reductions that the library brings along: OpenMP's operators, and the places of the
 * least and greatest values. Their meaning is told in ppar/reduce.h. */
#include "algorithm/operators.h"

/* Defines the reduction ppar_<name> of a scalar type. */
#define SCALAR_REDUCTION(name, type, inner, initial, a_op_b)            \
  static void combine_##name(void *into, const void *from) {            \
    type *result = into;                                                \
    const inner a = (inner)(*result), b = (inner)(*(const type *)from); \
    *result = (type)(a_op_b);                                           \
  }                                                                     \
  static const type identity_##name = (initial);                        \
  const ppar_reduction ppar_##name = {sizeof(type), &identity_##name, combine_##name};

PP_SCALAR_OPERATORS(SCALAR_REDUCTION)

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
