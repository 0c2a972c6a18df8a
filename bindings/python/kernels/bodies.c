/* SPDX-License-Identifier: MIT */
/* bodies.c: loops whose bodies are functions that the program has compiled: by Numba, or by a C compiler. */
#include "kernels.h"

/* The two plain forms of a body: one index, or the indices begin, begin + step, ... before end. */
typedef void index_function(int64_t index, void *arg);
typedef void chunk_function(int64_t begin, int64_t end, int64_t step, void *arg);

typedef struct index_body {
  index_function *function;
  void *arg;
} index_body;
typedef struct chunk_body {
  chunk_function *function;
  void *arg;
} chunk_body;

static void run_indices(const ppar_chunk *chunk, void *arg) {
  const index_body *body = arg;
  ppar_for_each_index(i, chunk) body->function(i, body->arg);
}

static void run_chunk(const ppar_chunk *chunk, void *arg) {
  const chunk_body *body = arg;
  body->function(chunk->begin, chunk->end, chunk->step, body->arg);
}

KERNEL int ppk_for_indices(int64_t begin, int64_t end, index_function *function, void *arg,
                           const ppar_options *options) {
  index_body body = {function, arg};
  return ppar_parallel_for(begin, end, run_indices, &body, options);
}

KERNEL int ppk_for_chunks(int64_t begin, int64_t end, chunk_function *function, void *arg,
                          const ppar_options *options) {
  chunk_body body = {function, arg};
  return ppar_parallel_for(begin, end, run_chunk, &body, options);
}

/* Reductions of what a function returns for each index. */
enum { SUM, PROD, MIN, MAX };

#define DEFINE_REDUCE(name, type, least, most)                                                                 \
  typedef type name##_function(int64_t index, void *arg);                                                      \
  typedef struct name##_folded {                                                                               \
    name##_function *function;                                                                                 \
    void *arg;                                                                                                 \
    int operator;                                                                                              \
  } name##_folded;                                                                                             \
  static void name##_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {                             \
    const name##_folded *all = arg;                                                                            \
    type value = *(type *)accumulator;                                                                         \
    ppar_for_each_index(i, chunk) {                                                                            \
      const type x = all->function(i, all->arg);                                                               \
      if (all->operator== SUM) {                                                                               \
        value = ADD_##name(value, x);                                                                          \
      } else if (all->operator== PROD) {                                                                       \
        value = MULTIPLY_##name(value, x);                                                                     \
      } else if (x != x || (all->operator== MIN ? x < value : x> value)) {                                     \
        value = x;                                                                                             \
      }                                                                                                        \
    }                                                                                                          \
    *(type *)accumulator = value;                                                                              \
  }                                                                                                            \
  KERNEL int ppk_reduce_##name(int64_t begin, int64_t end, name##_function *function, void *arg, int operator, \
                               type * result, const ppar_options *options) {                                   \
    static const ppar_reduction *const reductions[] = {&ppar_sum_##name, &ppar_prod_##name, &ppar_min_##name,  \
                                                       &ppar_max_##name};                                      \
    static const type starts[] = {0, 1, most, least};                                                          \
    name##_folded all = {function, arg, operator};                                                             \
    *result = starts[operator];                                                                                \
    return ppar_parallel_reduce(begin, end, name##_fold, &all, reductions[operator], result, options);         \
  }
#define ADD_f64(a, b) ((a) + (b))
#define MULTIPLY_f64(a, b) ((a) * (b))
#define ADD_i64(a, b) ((int64_t)((uint64_t)(a) + (uint64_t)(b))) /* wraps */
#define MULTIPLY_i64(a, b) ((int64_t)((uint64_t)(a) * (uint64_t)(b)))

DEFINE_REDUCE(f64, double, -__builtin_inf(), __builtin_inf())
DEFINE_REDUCE(i64, int64_t, INT64_MIN, INT64_MAX)

/* Elementwise: to[i] = function(x[i]), or function(x[i], y[i]). */
#define DEFINE_MAP(name, type)                                                                                   \
  typedef type name##_unary(type);                                                                               \
  typedef type name##_binary(type, type);                                                                        \
  typedef struct name##_mapped {                                                                                 \
    name##_unary *unary;                                                                                         \
    name##_binary *binary;                                                                                       \
    array x, y;                                                                                                  \
    char *to;                                                                                                    \
    int64_t to_stride;                                                                                           \
  } name##_mapped;                                                                                               \
  static void name##_map(const ppar_chunk *chunk, void *arg) {                                                   \
    const name##_mapped *all = arg;                                                                              \
    for (int64_t i = chunk->begin; i < chunk->end; i++) {                                                        \
      const type x = *(const type *)(all->x.data + i * all->x.stride);                                           \
      *(type *)(all->to + i * all->to_stride) =                                                                  \
          all->unary != NULL ? all->unary(x) : all->binary(x, *(const type *)(all->y.data + i * all->y.stride)); \
    }                                                                                                            \
  }                                                                                                              \
  KERNEL int ppk_map_##name(name##_unary *function, const void *data, int64_t stride, int64_t count, void *to,   \
                            int64_t to_stride, const ppar_options *options) {                                    \
    name##_mapped all = {function, NULL, {data, stride}, {NULL, 0}, to, to_stride};                              \
    return ppar_parallel_for(0, count, name##_map, &all, options);                                               \
  }                                                                                                              \
  KERNEL int ppk_map2_##name(name##_binary *function, const void *data, int64_t stride, const void *other,       \
                             int64_t other_stride, int64_t count, void *to, int64_t to_stride,                   \
                             const ppar_options *options) {                                                      \
    name##_mapped all = {NULL, function, {data, stride}, {other, other_stride}, to, to_stride};                  \
    return ppar_parallel_for(0, count, name##_map, &all, options);                                               \
  }

FOR_ALL(DEFINE_MAP)
