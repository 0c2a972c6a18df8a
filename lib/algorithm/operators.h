/* SPDX-License-Identifier: MIT */
/* operators.h: the scalar operators that the library brings along, as a list: operators.c makes reductions of them, and
 * scan_kernels.c loops. Their meaning is told in ppar/reduce.h. */
#ifndef PP_ALGORITHM_OPERATORS_H
#define PP_ALGORITHM_OPERATORS_H

#include <math.h>

#include <ppar/reduce.h>

/* OPERATOR(name, type, inner, identity, a_op_b): an operator on values of a type, computed in the type inner; b's
 * iterations come after a's. */
#define PP_SCALAR_OPERATORS(OPERATOR)                                                                                 \
  /* Unsigned integers wrap, where overflow of signed ones is undefined; the way back keeps the bits (gcc and clang \
   * say so). */ \
  OPERATOR(sum_f32, float, float, 0, (a + b))                                                                         \
  OPERATOR(sum_f64, double, double, 0, (a + b))                                                                       \
  OPERATOR(sum_i32, int32_t, uint32_t, 0, (a + b))                                                                    \
  OPERATOR(sum_i64, int64_t, uint64_t, 0, (a + b))                                                                    \
  OPERATOR(sum_u32, uint32_t, uint32_t, 0, (a + b))                                                                   \
  OPERATOR(sum_u64, uint64_t, uint64_t, 0, (a + b))                                                                   \
  OPERATOR(prod_f32, float, float, 1, (a * b))                                                                        \
  OPERATOR(prod_f64, double, double, 1, (a * b))                                                                      \
  OPERATOR(prod_i32, int32_t, uint32_t, 1, (a * b))                                                                   \
  OPERATOR(prod_i64, int64_t, uint64_t, 1, (a * b))                                                                   \
  OPERATOR(prod_u32, uint32_t, uint32_t, 1, (a * b))                                                                  \
  OPERATOR(prod_u64, uint64_t, uint64_t, 1, (a * b))                                                                  \
  /* A NaN in b makes the comparison false and so is taken; one in a is kept. Of equals, which zeros of \
   * different sign are, a stays: that is associative bit for bit. */             \
  OPERATOR(min_f32, float, float, INFINITY, a <= b || isnan(a) ? a : b)                                               \
  OPERATOR(min_f64, double, double, INFINITY, a <= b || isnan(a) ? a : b)                                             \
  OPERATOR(min_i32, int32_t, int32_t, INT32_MAX, a <= b ? a : b)                                                      \
  OPERATOR(min_i64, int64_t, int64_t, INT64_MAX, a <= b ? a : b)                                                      \
  OPERATOR(min_u32, uint32_t, uint32_t, UINT32_MAX, a <= b ? a : b)                                                   \
  OPERATOR(min_u64, uint64_t, uint64_t, UINT64_MAX, a <= b ? a : b)                                                   \
  OPERATOR(max_f32, float, float, -INFINITY, a >= b || isnan(a) ? a : b)                                              \
  OPERATOR(max_f64, double, double, -INFINITY, a >= b || isnan(a) ? a : b)                                            \
  OPERATOR(max_i32, int32_t, int32_t, INT32_MIN, a >= b ? a : b)                                                      \
  OPERATOR(max_i64, int64_t, int64_t, INT64_MIN, a >= b ? a : b)                                                      \
  OPERATOR(max_u32, uint32_t, uint32_t, 0, a >= b ? a : b)                                                            \
  OPERATOR(max_u64, uint64_t, uint64_t, 0, a >= b ? a : b)                                                            \
  OPERATOR(and_i32, int32_t, int32_t, -1, (a & b))                                                                    \
  OPERATOR(and_i64, int64_t, int64_t, -1, (a & b))                                                                    \
  OPERATOR(and_u32, uint32_t, uint32_t, UINT32_MAX, (a & b))                                                          \
  OPERATOR(and_u64, uint64_t, uint64_t, UINT64_MAX, (a & b))                                                          \
  OPERATOR(or_i32, int32_t, int32_t, 0, (a | b))                                                                      \
  OPERATOR(or_i64, int64_t, int64_t, 0, (a | b))                                                                      \
  OPERATOR(or_u32, uint32_t, uint32_t, 0, (a | b))                                                                    \
  OPERATOR(or_u64, uint64_t, uint64_t, 0, (a | b))                                                                    \
  OPERATOR(xor_i32, int32_t, int32_t, 0, (a ^ b))                                                                     \
  OPERATOR(xor_i64, int64_t, int64_t, 0, (a ^ b))                                                                     \
  OPERATOR(xor_u32, uint32_t, uint32_t, 0, (a ^ b))                                                                   \
  OPERATOR(xor_u64, uint64_t, uint64_t, 0, (a ^ b))                                                                   \
  OPERATOR(all_bool, bool, bool, true, (a && b))                                                                      \
  OPERATOR(any_bool, bool, bool, false, (a || b))                                                                     \
  OPERATOR(all_int, int, int, 1, (a && b))                                                                            \
  OPERATOR(any_int, int, int, 0, (a || b))

#endif
