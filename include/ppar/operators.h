/* SPDX-License-Identifier: MIT */
/* operators.h: the library's reductions by the type of the value, and several of them as one.
 *
 *     double sum = 0;
 *     ppar_parallel_reduce(0, n, add, &data, PPAR_SUM(&sum), &sum, NULL);
 *
 * equals the call with &ppar_sum_f64; and where sum becomes a float, the operator becomes &ppar_sum_f32. */
#ifndef PPAR_OPERATORS_H
#define PPAR_OPERATORS_H

#include <limits.h>

#include <ppar/base.h>
#include <ppar/reduce.h>

/* The address of the library's reduction of a name, for values of the type that pointer points to (reduce.h): for a
 * double *sum, PPAR_SUM(sum) is &ppar_sum_f64. The pointer is not evaluated. The operators, and the types that they
 * have:
 *
 *     PPAR_SUM                         float, double, integers of 32 and 64 bits (int, unsigned, long, uint64_t ...),
 *                                      complex numbers (ppar_complex_f64, C's double _Complex ...)
 *     PPAR_PROD, PPAR_MIN, PPAR_MAX    the same without the complex ones
 *     PPAR_AND, PPAR_OR, PPAR_XOR      the integers
 *     PPAR_ALL, PPAR_ANY               bool, int
 *     PPAR_ARGMIN, PPAR_ARGMAX         ppar_indexed_f64 and its like
 *
 * A pointer to any other type does not compile, and the message says which types do. */
#define PPAR_SUM(pointer) PPAR_OPERATOR_(SUMMANDS, ppar_sum, pointer)
#define PPAR_PROD(pointer) PPAR_OPERATOR_(NUMBERS, ppar_prod, pointer)
#define PPAR_MIN(pointer) PPAR_OPERATOR_(NUMBERS, ppar_min, pointer)
#define PPAR_MAX(pointer) PPAR_OPERATOR_(NUMBERS, ppar_max, pointer)
#define PPAR_AND(pointer) PPAR_OPERATOR_(INTEGERS, ppar_and, pointer)
#define PPAR_OR(pointer) PPAR_OPERATOR_(INTEGERS, ppar_or, pointer)
#define PPAR_XOR(pointer) PPAR_OPERATOR_(INTEGERS, ppar_xor, pointer)
#define PPAR_ALL(pointer) PPAR_OPERATOR_(TRUTHS, ppar_all, pointer)
#define PPAR_ANY(pointer) PPAR_OPERATOR_(TRUTHS, ppar_any, pointer)
#define PPAR_ARGMIN(pointer) PPAR_OPERATOR_(PLACES, ppar_argmin, pointer)
#define PPAR_ARGMAX(pointer) PPAR_OPERATOR_(PLACES, ppar_argmax, pointer)

/* Defines `name`, a reduction of a struct, from the operators of its fields, eight at most: several reductions in one
 * loop.
 *
 *     struct spread { double sum, least, most; int64_t count; };
 *     PPAR_REDUCTION(spread, struct spread, (PPAR_SUM, sum), (PPAR_MIN, least), (PPAR_MAX, most), (PPAR_SUM, count));
 *     PPAR_FOLD(measure, struct spread, s, i, struct data, d) {
 *       s->sum += d->x[i];
 *       if (d->x[i] < s->least) s->least = d->x[i];
 *       if (d->x[i] > s->most) s->most = d->x[i];
 *       s->count++;
 *     }
 *
 *     struct spread all = {0, INFINITY, -INFINITY, 0};
 *     ppar_parallel_reduce(0, n, measure, &data, &spread, &all, NULL);
 *
 * equals one loop with four reductions. The field's type decides which operator it is, as above. Each field should be
 * named: one that is not starts as zero in each slot, and is lost when slots combine. In C, complex fields are double
 * _Complex or float _Complex. C++ makes the reduction as the program starts, before main.
 * OpenMP: reduction(+ : sum, count) reduction(min : least) reduction(max : most) */
#define PPAR_REDUCTION(name, type, ...)                                                         \
  static void name##_combine_(void *into_, const void *from_) {                                 \
    type *const left_ = PPAR_CAST_(type *, into_);                                              \
    const type *const right_ = PPAR_CAST_(const type *, from_);                                 \
    PPAR_EACH_FIELD_(PPAR_COMBINE_FIELD_, type, __VA_ARGS__)                                    \
  }                                                                                             \
  PPAR_IDENTITY_OF_FIELDS_(name, type, PPAR_EACH_FIELD_(PPAR_START_FIELD_, type, __VA_ARGS__)); \
  static const ppar_reduction name PPAR_UNUSED_ = {sizeof(type), &name##_identity_, name##_combine_}

/* What follows serves the macros. */

#define PPAR_COMBINE_FIELD_(type, op, field) op(&left_->field)->combine(&left_->field, &right_->field);

/* Calls what(type, op, field) for each (op, field), one to eight of them. */
#define PPAR_EACH_FIELD_(what, type, ...)                                                                  \
  PPAR_NINTH_(__VA_ARGS__, PPAR_FIELDS_8_, PPAR_FIELDS_7_, PPAR_FIELDS_6_, PPAR_FIELDS_5_, PPAR_FIELDS_4_, \
              PPAR_FIELDS_3_, PPAR_FIELDS_2_, PPAR_FIELDS_1_, 0)                                           \
  (what, type, __VA_ARGS__, 0)
#define PPAR_NINTH_(a, b, c, d, e, f, g, h, ninth, ...) ninth
#define PPAR_FIELDS_1_(what, type, field, ...) PPAR_FIELD_(what, type, PPAR_UNPACK_ field)
#define PPAR_FIELDS_2_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_1_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_3_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_2_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_4_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_3_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_5_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_4_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_6_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_5_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_7_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_6_(what, type, __VA_ARGS__)
#define PPAR_FIELDS_8_(what, type, field, ...) \
  PPAR_FIELD_(what, type, PPAR_UNPACK_ field) PPAR_FIELDS_7_(what, type, __VA_ARGS__)
#define PPAR_UNPACK_(op, field) op, field
#define PPAR_FIELD_(what, ...) what(__VA_ARGS__)

/* The types of each kind of operator as a list of as(op, type, reduction), and in words. */
#if LONG_MAX > INT32_MAX
#define PPAR_LONG_(op, letter) op##_##letter##64
#else
#define PPAR_LONG_(op, letter) op##_##letter##32
#endif
#define PPAR_INTEGERS_(as, op)                                                     \
  as(op, int, op##_i32) as(op, unsigned, op##_u32) as(op, long, PPAR_LONG_(op, i)) \
      as(op, unsigned long, PPAR_LONG_(op, u)) as(op, long long, op##_i64) as(op, unsigned long long, op##_u64)
#define PPAR_NUMBERS_(as, op) \
  PPAR_INTEGERS_(as, op)      \
  as(op, float, op##_f32) as(op, double, op##_f64)
#define PPAR_SUMMANDS_(as, op) \
  PPAR_NUMBERS_(as, op)        \
  as(op, ppar_complex_f32, op##_complex_f32) as(op, ppar_complex_f64, op##_complex_f64) PPAR_COMPLEX_(as, op)
#define PPAR_TRUTHS_(as, op) as(op, bool, op##_bool) as(op, int, op##_int)
#define PPAR_PLACES_(as, op)                                                                               \
  as(op, ppar_indexed_f32, op##_f32) as(op, ppar_indexed_f64, op##_f64) as(op, ppar_indexed_i32, op##_i32) \
      as(op, ppar_indexed_i64, op##_i64)

#define PPAR_SUMMANDS_WORDS_ "PPAR_SUM: a pointer to float, double, an integer of 32 or 64 bits, or a complex number"
#define PPAR_NUMBERS_WORDS_ "PPAR_PROD, MIN, MAX: a pointer to float, double, or an integer of 32 or 64 bits"
#define PPAR_INTEGERS_WORDS_ "PPAR_AND, OR, XOR: a pointer to an integer of 32 or 64 bits"
#define PPAR_TRUTHS_WORDS_ "PPAR_ALL, ANY: a pointer to bool or int"
#define PPAR_PLACES_WORDS_ "PPAR_ARGMIN, ARGMAX: a pointer to ppar_indexed_f32, _f64, _i32 or _i64"

#ifndef __cplusplus

/* The first part is the check. The other one has a default only for what the check has refused. */
#define PPAR_OPERATOR_(types, op, pointer)                                                                \
  (PPAR_ASSERT_(PPAR_GENERIC_(*(pointer), PPAR_##types##_(PPAR_AS_TRUE_, op), 0), PPAR_##types##_WORDS_), \
   PPAR_GENERIC_(*(pointer), PPAR_##types##_(PPAR_AS_REDUCTION_, op), (const ppar_reduction *)NULL))
#define PPAR_GENERIC_(value, list, otherwise) (__extension__ _Generic((value), list default : otherwise))
#define PPAR_AS_TRUE_(op, type, reduction) PPAR_CASE_(type, 1)
#define PPAR_AS_REDUCTION_(op, type, reduction) PPAR_CASE_(type, &reduction)
#define PPAR_CASE_(type, value) \
  type:                         \
  value,
#define PPAR_COMPLEX_(as, op) as(op, float _Complex, op##_complex_f32) as(op, double _Complex, op##_complex_f64)

/* The identities as initialisers, which must be constants. */
#define PPAR_IDENTITY_OF_FIELDS_(name, type, fields) static const type name##_identity_ PPAR_UNUSED_ = {fields}
#define PPAR_START_FIELD_(type, op, field) .field = op##_START_(((type *)NULL)->field),
#define PPAR_SUM_START_(value) 0
#define PPAR_PROD_START_(value) 1
#define PPAR_OR_START_(value) 0
#define PPAR_XOR_START_(value) 0
#define PPAR_ALL_START_(value) 1
#define PPAR_ANY_START_(value) 0
#define PPAR_ARGMIN_START_(value) \
  { 0, -1 }
#define PPAR_ARGMAX_START_(value) \
  { 0, -1 }
#define PPAR_AND_START_(value) PPAR_LIMIT_(value, -1, UINT_MAX, -1, ULONG_MAX, -1, ULLONG_MAX, 0, 0)
#define PPAR_MIN_START_(value) \
  PPAR_LIMIT_(value, INT_MAX, UINT_MAX, LONG_MAX, ULONG_MAX, LLONG_MAX, ULLONG_MAX, __builtin_inff(), __builtin_inf())
#define PPAR_MAX_START_(value) \
  PPAR_LIMIT_(value, INT_MIN, 0, LONG_MIN, 0, LLONG_MIN, 0, -__builtin_inff(), -__builtin_inf())
#define PPAR_LIMIT_(value, i, u, l, ul, ll, ull, f, d)                                                       \
  PPAR_GENERIC_(value,                                                                                       \
                PPAR_CASE_(int, i) PPAR_CASE_(unsigned, u) PPAR_CASE_(long, l) PPAR_CASE_(unsigned long, ul) \
                    PPAR_CASE_(long long, ll) PPAR_CASE_(unsigned long long, ull) PPAR_CASE_(float, f)       \
                        PPAR_CASE_(double, d),                                                               \
                0)

#else

/* Overloads, since C++ has no _Generic; and the words for all other types. */
#define PPAR_OPERATOR_(types, op, pointer) op##_of_(pointer)
#define PPAR_OVERLOAD_(op, type, reduction) \
  inline const ppar_reduction *op##_of_(const type *) { return &reduction; }
#define PPAR_COMPLEX_(as, op)
#define PPAR_DEFINE_OPERATOR_(types, op)                        \
  PPAR_##types##_(PPAR_OVERLOAD_, op) template <typename other> \
  const ppar_reduction *op##_of_(const other *) {               \
    static_assert(sizeof(other) == 0, PPAR_##types##_WORDS_);   \
    return nullptr;                                             \
  }                                                             \
  struct ppar_reduction

PPAR_DEFINE_OPERATOR_(SUMMANDS, ppar_sum);
PPAR_DEFINE_OPERATOR_(NUMBERS, ppar_prod);
PPAR_DEFINE_OPERATOR_(NUMBERS, ppar_min);
PPAR_DEFINE_OPERATOR_(NUMBERS, ppar_max);
PPAR_DEFINE_OPERATOR_(INTEGERS, ppar_and);
PPAR_DEFINE_OPERATOR_(INTEGERS, ppar_or);
PPAR_DEFINE_OPERATOR_(INTEGERS, ppar_xor);
PPAR_DEFINE_OPERATOR_(TRUTHS, ppar_all);
PPAR_DEFINE_OPERATOR_(TRUTHS, ppar_any);
PPAR_DEFINE_OPERATOR_(PLACES, ppar_argmin);
PPAR_DEFINE_OPERATOR_(PLACES, ppar_argmax);

#define PPAR_IDENTITY_OF_FIELDS_(name, type, fields) \
  static type name##_start_() {                      \
    type identity_ = {};                             \
    fields return identity_;                         \
  }                                                  \
  static const type name##_identity_ = name##_start_()
#define PPAR_START_FIELD_(type, op, field) ppar_reduction_start_(op(&identity_.field), &identity_.field);

#endif

#endif
