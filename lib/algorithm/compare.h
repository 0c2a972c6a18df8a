/* SPDX-License-Identifier: MIT */
/* compare.h: whether two values of a reduction differ by more than rounding, for PPAR_CHECK=results (results.c).
 *
 * What is rounding? Adding up n values in some order has an error of at most (n - 1) e S, where e is half the distance
 * from 1 to the next number and S the sum of the values' sizes. Two orders differ by at most twice that. S is not known
 * from the sums, which may be near 0 where the values are not; so the library folds iterations one by one, and sums up
 * how large each came out. Two words of values agree where they differ by no more than
 *
 *     4 n e (S + |a| + |b|)
 *
 * which covers products and what bodies of programs make of their own numbers, too. Integers agree where they are
 * equal, and so do minima and maxima, in effect: they have no rounding to be within.
 *
 * Of a value whose type the library does not know each word of eight bytes is taken for a double where that makes
 * sense: where both are normal numbers, or one of them is 0. It may also keep what rounding has taken from the double
 * before it, as in a compensated sum. In another order that is another number, which is no larger than the bound above
 * of the double before: then the two agree. If none of this explains the difference, words of four bytes are taken for
 * floats, each by itself. What remains is a difference. */
#ifndef PP_ALGORITHM_COMPARE_H
#define PP_ALGORITHM_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ppar/reduce.h>

typedef enum pp_value_kind {
  PP_VALUE_UNKNOWN,
  PP_VALUE_F64,
  PP_VALUE_F32,
  PP_VALUE_I64,
  PP_VALUE_I32,
  PP_VALUE_U64,
  PP_VALUE_U32,
  PP_VALUE_BOOL,
  PP_VALUE_COMPLEX_F64,
  PP_VALUE_COMPLEX_F32,
  PP_VALUE_INDEXED_F64,
  PP_VALUE_INDEXED_F32,
  PP_VALUE_INDEXED_I64,
  PP_VALUE_INDEXED_I32
} pp_value_kind;

/* Of a reduction of the library's, or one with its combine. */
pp_value_kind pp_value_kind_of(const ppar_reduction *reduction);

/* What rounding may have done to values of `size` bytes. */
typedef struct pp_rounding {
  pp_value_kind kind;
  size_t size;
  uint64_t count; /* iterations */
  double *as_f64; /* S for each word of eight bytes, and for each of four; NULL: not known yet, and 0 */
  double *as_f32;
} pp_rounding;

bool pp_values_agree(const pp_rounding *rounding, const void *a, const void *b);

/* Adds the sizes of what some iterations came to, `times` times. */
void pp_rounding_add(pp_rounding *rounding, const void *value, double times);

/* The value as text; empty where its kind is not known. */
void pp_value_print(pp_value_kind kind, const void *value, char *text, size_t size);

#endif
