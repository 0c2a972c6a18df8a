/* SPDX-License-Identifier: MIT */
/* extremes.c: the least and the greatest element, and where the first of them is.
 *
 * A NaN is less than every number for the least element and greater for the greatest one, as NumPy has it: the result
 * is a NaN if any element is. */
#include "kernels.h"

/* Whether x takes the place of best: `better` is < or >. A NaN takes any place, and gives it to none. */
#define WINS(x, better, best) (((x)better(best)) | ((x) != (x)))

/* Defines the block's best element, the fold and the kernels of one type and one direction. */
#define DEFINE_EXTREME(which, name, type, better)                                                                     \
  static PPAR_ALWAYS_INLINE type which##_##name##_block(array from, int64_t count) {                                  \
    type lanes[LANES];                                                                                                \
    for (int k = 0; k < LANES; k++) lanes[k] = *(const type *)from.data;                                              \
    int64_t i = 0;                                                                                                    \
    for (; i + LANES <= count; i += LANES) {                                                                          \
      for (int k = 0; k < LANES; k++) {                                                                               \
        const type x = *(const type *)(from.data + (i + k) * from.stride);                                            \
        lanes[k] = WINS(x, better, lanes[k]) ? x : lanes[k];                                                          \
      }                                                                                                               \
    }                                                                                                                 \
    for (; i < count; i++) {                                                                                          \
      const type x = *(const type *)(from.data + i * from.stride);                                                    \
      lanes[0] = WINS(x, better, lanes[0]) ? x : lanes[0];                                                            \
    }                                                                                                                 \
    for (int k = 1; k < LANES; k++) lanes[0] = WINS(lanes[k], better, lanes[0]) ? lanes[k] : lanes[0];                \
    return lanes[0];                                                                                                  \
  }                                                                                                                   \
  static type which##_##name##_of(array all, int64_t begin, int64_t count) {                                          \
    const array part = array_from(all, begin);                                                                        \
    const array dense = {part.data, sizeof(type)};                                                                    \
    return part.stride == sizeof(type) ? which##_##name##_block(dense, count) : which##_##name##_block(part, count);  \
  }                                                                                                                   \
  static void which##_##name##_combine(void *into, const void *from) {                                                \
    const type x = *(const type *)from;                                                                               \
    if (WINS(x, better, *(type *)into)) *(type *)into = x;                                                            \
  }                                                                                                                   \
  static void which##_##name##_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {                          \
    const type x = which##_##name##_of(*(array *)arg, chunk->begin, chunk->end - chunk->begin);                       \
    which##_##name##_combine(accumulator, &x);                                                                        \
  }                                                                                                                   \
  /* count is at least 1: the first element starts every slot, which changes nothing. */                              \
  KERNEL int ppk_##which##_##name(const void *data, int64_t stride, int64_t count, type *result,                      \
                                  const ppar_options *options) {                                                      \
    array all = {data, stride};                                                                                       \
    *result = *(const type *)data;                                                                                    \
    const ppar_reduction reduction = {sizeof(type), data, which##_##name##_combine};                                  \
    return ppar_parallel_reduce(0, count, which##_##name##_fold, &all, &reduction, result, options);                  \
  }                                                                                                                   \
                                                                                                                      \
  typedef struct which##_##name##_place {                                                                             \
    union {                                                                                                           \
      type value;                                                                                                     \
      uint64_t whole; /* 8 bytes that are all written, for whoever compares places */                                 \
    };                                                                                                                \
    int64_t index; /* -1: no value yet */                                                                             \
  } which##_##name##_place;                                                                                           \
  static const which##_##name##_place which##_##name##_nowhere = {.whole = 0, .index = -1};                           \
  /* Whether x at index comes before the best one so far: equals go by their index, and so do two NaNs. */            \
  static bool which##_##name##_leads(const which##_##name##_place *best, type x, int64_t index) {                     \
    if (best->index == -1 || x better best->value) return true;                                                       \
    const bool nan = x != x, best_nan = best->value != best->value;                                                   \
    if (nan != best_nan) return nan;                                                                                  \
    return (nan || x == best->value) && index < best->index;                                                          \
  }                                                                                                                   \
  static void which##_##name##_place_combine(void *into, const void *from) {                                          \
    const which##_##name##_place *other = from;                                                                       \
    which##_##name##_place *best = into;                                                                              \
    if (other->index != -1 && which##_##name##_leads(best, other->value, other->index)) *best = *other;               \
  }                                                                                                                   \
  /* A block's best element is found first; only if it wins is the block looked through for its place. */             \
  static void which##_##name##_place_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {                    \
    which##_##name##_place *best = accumulator;                                                                       \
    const array all = *(array *)arg;                                                                                  \
    for (int64_t begin = chunk->begin; begin < chunk->end; begin += BLOCK) {                                          \
      const int64_t count = block_size(chunk->end - begin);                                                           \
      const type x = which##_##name##_of(all, begin, count);                                                          \
      if (!which##_##name##_leads(best, x, begin)) continue;                                                          \
      int64_t i = begin;                                                                                              \
      for (;; i++) {                                                                                                  \
        const type here = *(const type *)(all.data + i * all.stride);                                                 \
        if (here == x || (x != x && here != here)) break;                                                             \
      }                                                                                                               \
      if (which##_##name##_leads(best, x, i)) {                                                                       \
        best->whole = 0;                                                                                              \
        best->value = x;                                                                                              \
        best->index = i;                                                                                              \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  KERNEL int ppk_arg##which##_##name(const void *data, int64_t stride, int64_t count, int64_t *result,                \
                                     const ppar_options *options) {                                                   \
    array all = {data, stride};                                                                                       \
    which##_##name##_place best = which##_##name##_nowhere;                                                           \
    const ppar_reduction reduction = {sizeof best, &which##_##name##_nowhere, which##_##name##_place_combine};        \
    const int status = ppar_parallel_reduce(0, count, which##_##name##_place_fold, &all, &reduction, &best, options); \
    *result = best.index;                                                                                             \
    return status;                                                                                                    \
  }

#define DEFINE_MIN(name, type) DEFINE_EXTREME(min, name, type, <)
#define DEFINE_MAX(name, type) DEFINE_EXTREME(max, name, type, >)

FOR_ALL(DEFINE_MIN)
FOR_ALL(DEFINE_MAX)
