/* SPDX-License-Identifier: MIT */
/* reduce.h: loops that fold their iterations into one value (OpenMP's reduction clause).
 *
 *     struct data { const double *x; };
 *     PPAR_FOLD(sum_squares, double, acc, i, struct data, d) { *acc += d->x[i] * d->x[i]; }
 *
 *     double sum = 0;
 *     ppar_parallel_reduce(0, n, sum_squares, &(struct data){x}, &ppar_sum_f64, &sum, NULL);
 *
 * equals
 *
 *     for (int64_t i = 0; i < n; i++) sum += x[i] * x[i];
 *
 * up to the order of the additions. */
#ifndef PPAR_REDUCE_H
#define PPAR_REDUCE_H

#include <ppar/base.h>
#include <ppar/loop.h>
#include <ppar/options.h>

PPAR_BEGIN_DECLS

/* A reduction: how partial values combine. A program's own reductions are constants of this type:
 *
 *     static void add_counts(void *into, const void *from);
 *     static const ppar_reduction histogram = {.size = sizeof(struct counts), .combine = add_counts};
 *
 * combine must be associative (up to rounding). It must be commutative, too, unless each slot has one block of the
 * iterations: so it is under ppar_static(0) and ppar_monotonic(ppar_auto()), and in effect with options->reproducible.
 * Partials combine in slot order, which is then the iterations'. Under other schedules, auto among them, a slot folds
 * iterations from several places of the loop.
 * Any size works, up to megabytes. Whatever fold and combine are given, of all constructs that take a reduction, is
 * aligned to the largest power of two that divides the size, up to 4096, and so for any type of that size; *result is
 * where the program has it. OpenMP: #pragma omp declare reduction. */
typedef struct ppar_reduction {
  size_t size;          /* of the value, in bytes; not 0 */
  const void *identity; /* size bytes that change nothing when combined; NULL: all zero bytes */
  void (*combine)(void *into, const void *from); /* into = into op from */
} ppar_reduction;

/* Folds the chunk's iterations into *accumulator, which is private to the slot and starts as the identity. */
typedef void ppar_fold(const ppar_chunk *chunk, void *accumulator, void *arg);

/* Folds all iterations and combines the outcome into the incoming *result, as OpenMP does.
 *
 * Partials combine in slot order, so a static loop gives the same bits every run with the same T. With
 * options->reproducible the bits are the same for every T, schedule and run: the iterations are cut into
 * blocks that depend on their number alone, each block is folded by one call, and the blocks combine
 * in a fixed tree; a schedule's chunk is then rounded up to whole blocks.
 *
 * Returns as ppar_parallel_for does; PPAR_EINVAL also for a NULL fold, reduction, combine or result, or a size of 0;
 * PPAR_ENOMEM, nothing run, when there is no memory for a single partial value, or, reproducible, for the blocks'
 * values. After any status but PPAR_OK *result is as it was. Thread guarantees as for ppar_parallel_for.
 *
 * With PPAR_CHECK=results in the environment the fold is called for all iterations again, serially, and the program is
 * told where that gives another value (docs/races.md).
 *
 * OpenMP: #pragma omp parallel for reduction(op : result) */
PPAR_API int ppar_parallel_reduce(int64_t begin, int64_t end, ppar_fold *fold, void *arg,
                                  const ppar_reduction *reduction, void *result, const ppar_options *options);

/* Defines the fold `name` from one iteration:
 *
 *     PPAR_FOLD(name, acc_type, acc, index, type, arg) { statements with acc_type *acc, int64_t index,
 *                                                        type const *arg; }
 *
 * acc points to a local of the call and arg to a private copy, so the loop vectorises as the plain one. Of either,
 * what is longer than PPAR_COPY_MOST bytes is used where it is, and costs no copy and no stack: acc is then the slot's
 * own value, which nothing else points to, and arg the loop's. What PPAR_BODY says of arg holds here too. */
#define PPAR_FOLD(name, acc_type, acc, index, type, arg)                                                      \
  static PPAR_ALWAYS_INLINE void name##_iteration_(acc_type *, int64_t, type const *);                        \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_chunk *chunk_, acc_type *PPAR_RESTRICT_ accumulator_, \
                                             type const *PPAR_RESTRICT_ given_) {                             \
    PPAR_FOR_EACH_RUN_(chunk_, name##_iteration_(accumulator_, i_, given_));                                  \
  }                                                                                                           \
  PPAR_FOLD_IN_A_LOCAL_(name, acc_type, type const *given_, given_);                                          \
  static PPAR_ALWAYS_INLINE void name##_run_copy_(const ppar_chunk *chunk_, acc_type *accumulator_,           \
                                                  type const *given_) {                                       \
    type const copy_ = *given_;                                                                               \
    name##_fold_(chunk_, accumulator_, &copy_);                                                               \
  }                                                                                                           \
  static void name(const ppar_chunk *chunk_, void *accumulator_, void *arg_) {                                \
    acc_type *const value_ = PPAR_CAST_(acc_type *, accumulator_);                                            \
    type const *const given_ = PPAR_CAST_(type const *, arg_);                                                \
    if (PPAR_SELDOM_(given_ == PPAR_NULL_)) {                                                                 \
      PPAR_REFUSE_ARG_(chunk_);                                                                               \
    } else if (sizeof(type) <= PPAR_COPY_MOST) {                                                              \
      name##_run_copy_(chunk_, value_, given_);                                                               \
    } else {                                                                                                  \
      name##_fold_(chunk_, value_, given_);                                                                   \
    }                                                                                                         \
  }                                                                                                           \
  PPAR_CHECKED_REDUCE_(name, acc_type, type);                                                                 \
  static PPAR_ALWAYS_INLINE void name##_iteration_(acc_type *acc, int64_t index PPAR_UNUSED_,                 \
                                                   type const *arg PPAR_UNUSED_)

/* Defines a fold that has no arg, since what it works on is global (see PPAR_BODY_GLOBAL); else as PPAR_FOLD does:
 *
 *     PPAR_FOLD_GLOBAL(add, double, sum, i) { *sum += x[i]; }
 */
#define PPAR_FOLD_GLOBAL(name, acc_type, acc, index)                                                          \
  static PPAR_ALWAYS_INLINE void name##_iteration_(acc_type *, int64_t);                                      \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_chunk *chunk_, acc_type *PPAR_RESTRICT_ accumulator_, \
                                             void *arg_ PPAR_UNUSED_) {                                       \
    PPAR_FOR_EACH_RUN_(chunk_, name##_iteration_(accumulator_, i_));                                          \
  }                                                                                                           \
  PPAR_FOLD_IN_A_LOCAL_(name, acc_type, void *arg_, arg_);                                                    \
  static void name(const ppar_chunk *chunk_, void *accumulator_, void *arg_) {                                \
    name##_fold_(chunk_, PPAR_CAST_(acc_type *, accumulator_), arg_);                                         \
  }                                                                                                           \
  PPAR_CHECKED_REDUCE_(name, acc_type, ppar_nothing_);                                                        \
  static PPAR_ALWAYS_INLINE void name##_iteration_(acc_type *acc, int64_t index PPAR_UNUSED_)

/* PPAR_REDUCE(begin, end, fold, arg, reduction, result, options): calls ppar_parallel_reduce with a fold of
 * PPAR_FOLD's, and has the types of arg and result checked. The compiler warns if they do not point to the fold's
 * types. A reduction of another size than the fold's value is refused with PPAR_EINVAL. Returns as ppar_parallel_reduce
 * does. With PPAR_SUM and its likes (operators.h) the reduction is of the right type, too:
 *
 *     PPAR_REDUCE(0, n, sum_squares, &data, PPAR_SUM(&sum), &sum, NULL);
 */
#define PPAR_REDUCE(begin, end, fold, ...) fold##_ppar_reduce_((begin), (end), __VA_ARGS__)

/* Values that come with an index: the place of the least or greatest one. */
typedef struct ppar_indexed_f64 {
  double value;
  int64_t index;
} ppar_indexed_f64;
typedef struct ppar_indexed_f32 {
  float value;
  int64_t index;
} ppar_indexed_f32;
typedef struct ppar_indexed_i64 {
  int64_t value, index;
} ppar_indexed_i64;
typedef struct ppar_indexed_i32 {
  int32_t value;
  int64_t index;
} ppar_indexed_i32;

/* Complex numbers as pairs; the same layout as C's and C++'s own complex types. */
typedef struct ppar_complex_f64 {
  double re, im;
} ppar_complex_f64;
typedef struct ppar_complex_f32 {
  float re, im;
} ppar_complex_f32;

/* The reductions of OpenMP's operators. The identities are 0 for sum, or and xor, 1 for prod, all ones for and, and the
 * type's greatest (least) value, infinite for f32 and f64, for min (max). Integer sums and products wrap.
 *
 * NaN: min and max of f32 and f64 give a NaN when any partial is one, as NumPy's do; OpenMP leaves it open. */
PPAR_API extern const ppar_reduction ppar_sum_f32, ppar_sum_f64, ppar_sum_i32, ppar_sum_i64, ppar_sum_u32, ppar_sum_u64;
PPAR_API extern const ppar_reduction ppar_prod_f32, ppar_prod_f64, ppar_prod_i32, ppar_prod_i64, ppar_prod_u32,
    ppar_prod_u64;
PPAR_API extern const ppar_reduction ppar_min_f32, ppar_min_f64, ppar_min_i32, ppar_min_i64, ppar_min_u32, ppar_min_u64;
PPAR_API extern const ppar_reduction ppar_max_f32, ppar_max_f64, ppar_max_i32, ppar_max_i64, ppar_max_u32, ppar_max_u64;
PPAR_API extern const ppar_reduction ppar_and_i32, ppar_and_i64, ppar_and_u32, ppar_and_u64;
PPAR_API extern const ppar_reduction ppar_or_i32, ppar_or_i64, ppar_or_u32, ppar_or_u64;
PPAR_API extern const ppar_reduction ppar_xor_i32, ppar_xor_i64, ppar_xor_u32, ppar_xor_u64;

/* Logical and, or (C's && and ||) of a value of type bool, or of int as OpenMP's programs have it. */
PPAR_API extern const ppar_reduction ppar_all_bool, ppar_any_bool, ppar_all_int, ppar_any_int;

/* Sums of complex numbers: ppar_complex_f32 and ppar_complex_f64, or C's and C++'s own types. */
PPAR_API extern const ppar_reduction ppar_sum_complex_f32, ppar_sum_complex_f64;

/* The least (greatest) value and its index. Of equal values the first index wins, whatever the schedule
 * (NumPy's rule); a NaN beats every number, the first NaN every other. The identity has the index -1, which
 * stands for "no value yet": a result that still has it afterwards had no iterations. */
PPAR_API extern const ppar_reduction ppar_argmin_f32, ppar_argmin_f64, ppar_argmin_i32, ppar_argmin_i64;
PPAR_API extern const ppar_reduction ppar_argmax_f32, ppar_argmax_f64, ppar_argmax_i32, ppar_argmax_i64;

/* Take one value into the best one: *best becomes it where it wins by the rules of ppar_argmin_f64 and its like. For
 * folds. index must not be -1. A slot may see later indices first, so comparing values alone would keep the wrong one
 * of equals.
 *
 *     PPAR_FOLD(least, ppar_indexed_f64, best, i, struct data, d) { ppar_argmin_f64_take(best, d->x[i], i); }
 *
 * equals
 *
 *     if (best.index == -1 || x[i] < best.value) best = (ppar_indexed_f64){x[i], i};
 *
 * in ascending order of i and without NaN. They are ppar_argmin_f32_take, ppar_argmin_f64_take, ppar_argmin_i32_take
 * and ppar_argmin_i64_take, and ppar_argmax_f32_take, ppar_argmax_f64_take, ppar_argmax_i32_take and
 * ppar_argmax_i64_take. */
#define PPAR_DEFINE_TAKES_(type, value_type, is_nan)                                                                  \
  static inline void ppar_argmin_##type##_take(ppar_indexed_##type *best, value_type value, int64_t index) {          \
    if (ppar_takes_(value<best->value, value> best->value, is_nan(value), is_nan(best->value), index, best->index)) { \
      best->value = value;                                                                                            \
      best->index = index;                                                                                            \
    }                                                                                                                 \
  }                                                                                                                   \
  static inline void ppar_argmax_##type##_take(ppar_indexed_##type *best, value_type value, int64_t index) {          \
    if (ppar_takes_(value > best->value, value < best->value, is_nan(value), is_nan(best->value), index,              \
                    best->index)) {                                                                                   \
      best->value = value;                                                                                            \
      best->index = index;                                                                                            \
    }                                                                                                                 \
  }
#define PPAR_NEVER_NAN_(value) false

/* better and worse are both false for equals, and where either is a NaN. */
static inline bool ppar_takes_(bool better, bool worse, bool nan, bool best_nan, int64_t index, int64_t best_index) {
  if (best_index == -1 || better) return true;
  if (worse) return false;
  return nan == best_nan ? index < best_index : nan;
}

PPAR_DEFINE_TAKES_(f32, float, __builtin_isnan)
PPAR_DEFINE_TAKES_(f64, double, __builtin_isnan)
PPAR_DEFINE_TAKES_(i32, int32_t, PPAR_NEVER_NAN_)
PPAR_DEFINE_TAKES_(i64, int64_t, PPAR_NEVER_NAN_)

/* What follows serves the macros. */

/* Says that the reduction's size is not the fold's value's, and returns PPAR_EINVAL. */
PPAR_API int ppar_refuse_size_(const ppar_reduction *reduction);

/* What PPAR_REDUCE calls. */
#define PPAR_CHECKED_REDUCE_(name, acc_type, type)                                                               \
  PPAR_CHECKED_ARG_(name, type);                                                                                 \
  static PPAR_PASS_ON_ PPAR_UNUSED_ int name##_ppar_reduce_(int64_t begin_, int64_t end_, type const *arg_,      \
                                                            const ppar_reduction *reduction_, acc_type *result_, \
                                                            const ppar_options *options_) {                      \
    if (reduction_ != PPAR_NULL_ && reduction_->size != sizeof(acc_type)) return ppar_refuse_size_(reduction_);  \
    return ppar_parallel_reduce(begin_, end_, name, ppar_pointer_(arg_), reduction_, result_, options_);         \
  }                                                                                                              \
  PPAR_TAKES_SEMICOLON_

/* Folds a run in a local, which compilers keep in registers, if the value is short enough. The local has a function of
 * its own: without optimisation a function has room on its stack for all locals, of branches never taken too. */
#define PPAR_FOLD_IN_A_LOCAL_(name, acc_type, parameter, given)                                                   \
  static PPAR_ALWAYS_INLINE void name##_run_local_(const ppar_chunk *chunk_, acc_type *accumulator_, parameter) { \
    acc_type local_ = *accumulator_;                                                                              \
    name##_run_(chunk_, &local_, given);                                                                          \
    *accumulator_ = local_;                                                                                       \
  }                                                                                                               \
  static PPAR_ALWAYS_INLINE void name##_fold_(const ppar_chunk *chunk_, acc_type *accumulator_, parameter) {      \
    if (sizeof(acc_type) <= PPAR_COPY_MOST) {                                                                     \
      name##_run_local_(chunk_, accumulator_, given);                                                             \
    } else {                                                                                                      \
      name##_run_(chunk_, accumulator_, given);                                                                   \
    }                                                                                                             \
  }                                                                                                               \
  PPAR_TAKES_SEMICOLON_

/* What follows serves the library: whether a reduction can be used, a copy of a value, and a value's start as the
 * identity. */

static inline bool ppar_reduction_is_valid_(const ppar_reduction *reduction) {
  return reduction != NULL && reduction->combine != NULL && reduction->size != 0;
}

/* Most values are numbers of eight bytes, which an instruction moves; the others cost a call. */
static inline void ppar_value_copy_(void *to, const void *from, size_t size) {
  if (size == sizeof(uint64_t)) {
    __builtin_memcpy(to, from, sizeof(uint64_t));
  } else {
    __builtin_memcpy(to, from, size);
  }
}

static inline void ppar_reduction_start_(const ppar_reduction *reduction, void *value) {
  if (reduction->identity != NULL) {
    ppar_value_copy_(value, reduction->identity, reduction->size);
  } else {
    __builtin_memset(value, 0, reduction->size);
  }
}

PPAR_END_DECLS

#endif
