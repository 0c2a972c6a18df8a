/* SPDX-License-Identifier: MIT */
/* order.c: running sums, and sorting. */
#include "kernels.h"

typedef struct scanned {
  array from;
  char *to;
  int64_t to_stride;
} scanned;

static void add_f64(void *into, const void *from) { *(double *)into += *(const double *)from; }
static void add_u64(void *into, const void *from) { *(uint64_t *)into += *(const uint64_t *)from; }

/* Running sums of elements of `type` in `wide`, written as `out`. Both passes add in the same order, so that where a
 * block ends the next one goes on with the very value. */
#define DEFINE_CUMSUM(name, type, wide, out, add)                                                                      \
  static void cumsum_##name##_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {                            \
    const scanned *all = arg;                                                                                          \
    wide sum = *(wide *)accumulator;                                                                                   \
    for (int64_t i = chunk->begin; i < chunk->end; i++) {                                                              \
      sum += (wide) * (const type *)(all->from.data + i * all->from.stride);                                           \
    }                                                                                                                  \
    *(wide *)accumulator = sum;                                                                                        \
  }                                                                                                                    \
  static void cumsum_##name##_write(const ppar_chunk *chunk, void *prefix, void *arg) {                                \
    const scanned *all = arg;                                                                                          \
    wide sum = *(wide *)prefix;                                                                                        \
    for (int64_t i = chunk->begin; i < chunk->end; i++) {                                                              \
      sum += (wide) * (const type *)(all->from.data + i * all->from.stride);                                           \
      *(out *)(all->to + i * all->to_stride) = (out)sum;                                                               \
    }                                                                                                                  \
    *(wide *)prefix = sum;                                                                                             \
  }                                                                                                                    \
  KERNEL int ppk_cumsum_##name(const void *data, int64_t stride, int64_t count, void *to, int64_t to_stride,           \
                               const ppar_options *options) {                                                          \
    scanned all = {{data, stride}, to, to_stride};                                                                     \
    static const ppar_reduction reduction = {sizeof(wide), NULL, add};                                                 \
    wide sum = 0;                                                                                                      \
    return ppar_parallel_scan(0, count, cumsum_##name##_fold, cumsum_##name##_write, &all, &reduction, &sum, options); \
  }

#define DEFINE_CUMSUM_OF_FLOATS(name, type) DEFINE_CUMSUM(name, type, double, type, add_f64)
#define DEFINE_CUMSUM_OF_INTEGERS(name, type) DEFINE_CUMSUM(name, type, uint64_t, uint64_t, add_u64)

FOR_FLOATS(DEFINE_CUMSUM_OF_FLOATS)
FOR_INTEGERS(DEFINE_CUMSUM_OF_INTEGERS)

/* Ascending, NaNs last. */
#define DEFINE_SORT(name, type)                                                        \
  static int compare_##name(const void *a, const void *b) {                            \
    const type x = *(const type *)a, y = *(const type *)b;                             \
    if (x < y) return -1;                                                              \
    if (x > y) return 1;                                                               \
    return (x != x) - (y != y);                                                        \
  }                                                                                    \
  KERNEL int ppk_sort_##name(void *data, int64_t count, const ppar_options *options) { \
    return ppar_sort(data, (size_t)count, sizeof(type), compare_##name, options);      \
  }

FOR_ALL(DEFINE_SORT)

/* Copies elements, wherever they are, to others of the same size. */
typedef struct copied {
  array from;
  char *to;
  int64_t to_stride;
  int64_t size;
} copied;

#define COPY_CHUNK(type)                                                                              \
  for (int64_t i = chunk->begin; i < chunk->end; i++) {                                               \
    *(type *)(all->to + i * all->to_stride) = *(const type *)(all->from.data + i * all->from.stride); \
  }

static void copy_chunk(const ppar_chunk *chunk, void *arg) {
  const copied *all = arg;
  if (all->size == 8) {
    COPY_CHUNK(uint64_t)
  } else if (all->size == 4) {
    COPY_CHUNK(uint32_t)
  } else if (all->size == 2) {
    COPY_CHUNK(uint16_t)
  } else {
    COPY_CHUNK(uint8_t)
  }
}

/* size is 1, 2, 4 or 8 bytes. */
KERNEL int ppk_copy(const void *data, int64_t stride, int64_t count, int64_t size, void *to, int64_t to_stride,
                    const ppar_options *options) {
  copied all = {{data, stride}, to, to_stride, size};
  return ppar_parallel_for(0, count, copy_chunk, &all, options);
}
