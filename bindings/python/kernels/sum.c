/* SPDX-License-Identifier: MIT */
/* sum.c: sums of elements, of squared differences, and of products.
 *
 * A block of elements is added up in lanes, and the lanes in a tree. The sums of blocks are added with what rounding
 * takes from them kept beside, up to the loop's end, so that a long array loses no more digits than NumPy's pairwise
 * sum does, into however many chunks the schedule cuts it.
 *
 * How a chunk is added up depends on its elements alone, not on their distance: an array and a copy of it have the same
 * sum. */
#include "kernels.h"

#include <math.h>

typedef struct long_sum {
  double sum, rest; /* rest: what rounding has taken from sum */
} long_sum;

/* Knuth's two-sum. */
static void long_sum_add(long_sum *into, double value) {
  double sum = into->sum + value;
  double value_seen = sum - into->sum;
  into->rest += (into->sum - (sum - value_seen)) + (value - value_seen);
  into->sum = sum;
}

static void long_sum_combine(void *into, const void *from) {
  const long_sum *other = from;
  long_sum_add(into, other->sum);
  ((long_sum *)into)->rest += other->rest;
}

/* Infinite sums have no rest: an infinity less itself is no number. */
static double long_sum_value(const long_sum *sum) { return isfinite(sum->rest) ? sum->sum + sum->rest : sum->sum; }

static double lanes_sum(double lanes[LANES]) {
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int k = 0; k < width; k++) lanes[k] += lanes[k + width];
  }
  return lanes[0];
}

typedef struct operands {
  array x, y;
  double mean;
} operands;

/* Defines the function `name`: the sum of `term` over elements x (and y) of type, as a double. The loop over a block
 * is written once, and compiled twice: elements side by side have a distance that the compiler knows. */
#define DEFINE_SUM(name, type, term)                                                                             \
  static PPAR_ALWAYS_INLINE double name##_block(const operands *all, array first, array second, int64_t count) { \
    const double mean PPAR_UNUSED_ = all->mean;                                                                  \
    double lanes[LANES] = {0};                                                                                   \
    int64_t i = 0;                                                                                               \
    for (; i + LANES <= count; i += LANES) {                                                                     \
      for (int k = 0; k < LANES; k++) {                                                                          \
        const double x = (double)*(const type *)(first.data + (i + k) * first.stride);                           \
        const double y PPAR_UNUSED_ = (double)*(const type *)(second.data + (i + k) * second.stride);            \
        lanes[k] += term;                                                                                        \
      }                                                                                                          \
    }                                                                                                            \
    for (int k = 0; i + k < count; k++) {                                                                        \
      const double x = (double)*(const type *)(first.data + (i + k) * first.stride);                             \
      const double y PPAR_UNUSED_ = (double)*(const type *)(second.data + (i + k) * second.stride);              \
      lanes[k] += term;                                                                                          \
    }                                                                                                            \
    return lanes_sum(lanes);                                                                                     \
  }                                                                                                              \
  static void name##_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {                               \
    const operands *all = arg;                                                                                   \
    const int64_t size = sizeof(type);                                                                           \
    const bool dense = all->x.stride == size && all->y.stride == size;                                           \
    long_sum sum = *(long_sum *)accumulator;                                                                     \
    for (int64_t i = chunk->begin; i < chunk->end; i += BLOCK) {                                                 \
      const int64_t count = block_size(chunk->end - i);                                                          \
      const array x = array_from(all->x, i), y = array_from(all->y, i);                                          \
      const array dense_x = {x.data, size}, dense_y = {y.data, size};                                            \
      long_sum_add(&sum, dense ? name##_block(all, dense_x, dense_y, count) : name##_block(all, x, y, count));   \
    }                                                                                                            \
    *(long_sum *)accumulator = sum;                                                                              \
  }                                                                                                              \
  static int name(operands *all, int64_t count, double *result, const ppar_options *options) {                   \
    static const ppar_reduction reduction = {sizeof(long_sum), NULL, long_sum_combine};                          \
    long_sum sum = {0, 0};                                                                                       \
    const int status = ppar_parallel_reduce(0, count, name##_fold, all, &reduction, &sum, options);              \
    *result = long_sum_value(&sum);                                                                              \
    return status;                                                                                               \
  }

/* The sum as a double, of integers too: for means. */
#define DEFINE_SUM_OF(name, type)                                                                             \
  DEFINE_SUM(sum_##name, type, x)                                                                             \
  DEFINE_SUM(squares_##name, type, (x - mean) * (x - mean))                                                   \
  KERNEL int ppk_total_##name(const void *data, int64_t stride, int64_t count, double *result,                \
                              const ppar_options *options) {                                                  \
    operands all = {{data, stride}, {data, stride}, 0};                                                       \
    return sum_##name(&all, count, result, options);                                                          \
  }                                                                                                           \
  KERNEL int ppk_squares_##name(const void *data, int64_t stride, int64_t count, double mean, double *result, \
                                const ppar_options *options) {                                                \
    operands all = {{data, stride}, {data, stride}, mean};                                                    \
    return squares_##name(&all, count, result, options);                                                      \
  }

/* With another array, whose elements are of the same type. */
#define DEFINE_DOT_OF_FLOATS(name, type)                                                                              \
  DEFINE_SUM(dot_##name, type, x *y)                                                                                  \
  KERNEL int ppk_dot_##name(const void *data, int64_t stride, const void *other, int64_t other_stride, int64_t count, \
                            double *result, const ppar_options *options) {                                            \
    operands all = {{data, stride}, {other, other_stride}, 0};                                                        \
    return dot_##name(&all, count, result, options);                                                                  \
  }

#define DEFINE_INTEGER_FOLD(name, type, term)                                                       \
  static void name(const ppar_chunk *chunk, void *accumulator, void *arg) {                         \
    const operands *all = arg;                                                                      \
    const bool dense = all->x.stride == sizeof(type) && all->y.stride == sizeof(type);              \
    uint64_t sum = *(uint64_t *)accumulator;                                                        \
    const type *restrict xs = (const type *)(const void *)all->x.data;                              \
    const type *restrict ys = (const type *)(const void *)all->y.data;                              \
    for (int64_t i = chunk->begin; dense && i < chunk->end; i++) {                                  \
      const uint64_t x = (uint64_t)xs[i];                                                           \
      const uint64_t y PPAR_UNUSED_ = (uint64_t)ys[i];                                              \
      sum += term;                                                                                  \
    }                                                                                               \
    for (int64_t i = chunk->begin; !dense && i < chunk->end; i++) {                                 \
      const uint64_t x = (uint64_t) * (const type *)(all->x.data + i * all->x.stride);              \
      const uint64_t y PPAR_UNUSED_ = (uint64_t) * (const type *)(all->y.data + i * all->y.stride); \
      sum += term;                                                                                  \
    }                                                                                               \
    *(uint64_t *)accumulator = sum;                                                                 \
  }

/* Integers add up to 64 bits, and wrap, as NumPy's do. What is signed is so again when Python reads it. */
#define DEFINE_EXACT_SUM_OF(name, type)                                                                               \
  DEFINE_INTEGER_FOLD(exact_##name##_fold, type, x)                                                                   \
  DEFINE_INTEGER_FOLD(exact_dot_##name##_fold, type, x *y)                                                            \
  KERNEL int ppk_sum_##name(const void *data, int64_t stride, int64_t count, uint64_t *result,                        \
                            const ppar_options *options) {                                                            \
    operands all = {{data, stride}, {data, stride}, 0};                                                               \
    *result = 0;                                                                                                      \
    return ppar_parallel_reduce(0, count, exact_##name##_fold, &all, &ppar_sum_u64, result, options);                 \
  }                                                                                                                   \
  KERNEL int ppk_dot_##name(const void *data, int64_t stride, const void *other, int64_t other_stride, int64_t count, \
                            uint64_t *result, const ppar_options *options) {                                          \
    operands all = {{data, stride}, {other, other_stride}, 0};                                                        \
    *result = 0;                                                                                                      \
    return ppar_parallel_reduce(0, count, exact_dot_##name##_fold, &all, &ppar_sum_u64, result, options);             \
  }

FOR_ALL(DEFINE_SUM_OF)
FOR_FLOATS(DEFINE_DOT_OF_FLOATS)
FOR_INTEGERS(DEFINE_EXACT_SUM_OF)
