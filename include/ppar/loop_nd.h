/* SPDX-License-Identifier: MIT */
/* loop_nd.h: loops of two to six dimensions, collapsed or in tiles.
 *
 *     PPAR_BODY_2D(scale, i, j, struct grid, g) { g->x[i * g->columns + j] *= g->factor; }
 *
 *     ppar_parallel_for_2d(PPAR_BOUNDS(0, rows), PPAR_BOUNDS(0, columns), scale, &grid, NULL);
 *
 * equals
 *
 *     for (i = 0; i < rows; i++)
 *       for (j = 0; j < columns; j++) x[i * columns + j] *= factor;
 */
#ifndef PPAR_LOOP_ND_H
#define PPAR_LOOP_ND_H

#include <ppar/base.h>
#include <ppar/loop.h>
#include <ppar/options.h>

PPAR_BEGIN_DECLS

/* One dimension's indices: begin, begin + step, ... before end. A step of 0 is refused. */
typedef struct ppar_bounds {
  int64_t begin, end, step;
} ppar_bounds;

static inline ppar_bounds ppar_bounds_make_(int64_t begin, int64_t end, int64_t step) {
  ppar_bounds bounds = {begin, end, step};
  return bounds;
}

/* Bounds of one dimension: begin, begin + 1, ... before end, or by the given step. The arguments are evaluated once. */
#define PPAR_BOUNDS(begin, end) ppar_bounds_make_((begin), (end), 1)
#define PPAR_BOUNDS_STEP(begin, end, step) ppar_bounds_make_((begin), (end), (step))

/* The most dimensions that ppar_parallel_for_nd takes. */
#define PPAR_MAX_DIMENSIONS 6

/* A box of iterations: the product of its dimensions' bounds. */
typedef struct ppar_tile {
  ppar_bounds dim[3];      /* outermost first; loops of two dimensions have {0, 1, 1} in dim[2] */
  int thread;              /* the slot, as in ppar_chunk */
  const ppar_chunk *chunk; /* for ppar_cancel(tile->chunk, status) */
  ppar_bounds more[3];     /* the fourth to the sixth dimension of loops that have so many (ppar_parallel_for_nd) */
} ppar_tile;

/* The bounds along dimension d of a loop of any number of dimensions: d is 0 (the outermost) to 5; a dimension that the
 * loop does not have gives no defined value. */
static inline ppar_bounds ppar_tile_dim(const ppar_tile *tile, int d) {
  return d < 3 ? tile->dim[d] : tile->more[d - 3];
}

/* Runs the iterations of one box: the body of a loop of several dimensions. Called on several threads at once, with
 * different boxes. What ppar_body says of how a body is left holds here, too. */
typedef void ppar_body_nd(const ppar_tile *tile, void *arg);

/* Runs body over the product of the bounds, the last one innermost. The schedule divides the collapsed
 * iteration space, in serial order; a chunk reaches the body as boxes that together are the chunk, one
 * innermost row or part of one each. With options->tile set (0 for a dimension: all of it) the iteration
 * space is the tiles, in serial order of their corners, the schedule's chunk counts tiles, and each box is a tile.
 *
 * Returns as ppar_parallel_for does; PPAR_EINVAL also for a step of 0 (each dimension has its own;
 * options->step must be 0), a negative tile, one in a dimension that the loop does not have, or more than
 * 2^64 - 1 iterations in all. Cancelling a box's chunk skips the boxes that follow in serial order.
 *
 * OpenMP: #pragma omp parallel for collapse(2) or collapse(3); tile sizes(...) */
PPAR_API int ppar_parallel_for_2d(ppar_bounds i, ppar_bounds j, ppar_body_nd *body, void *arg,
                                  const ppar_options *options);
PPAR_API int ppar_parallel_for_3d(ppar_bounds i, ppar_bounds j, ppar_bounds k, ppar_body_nd *body, void *arg,
                                  const ppar_options *options);

/* Runs body over the product of 2 to 6 dimensions, as ppar_parallel_for_2d does for two. bounds[0] is the outermost,
 * bounds[dimensions - 1] the innermost one. In loops of more than three dimensions options->tile has the sizes for the
 * three innermost ones; a tile then has one iteration of each outer one. PPAR_EINVAL also for a number of dimensions
 * out of that range, or NULL bounds; the bounds are read before any body runs.
 *
 *     PPAR_BODY_4D(copy, n, c, y, x, struct images, s) { s->to[...] = s->from[...]; }
 *
 *     ppar_bounds bounds[] = {PPAR_BOUNDS(0, images), PPAR_BOUNDS(0, colours), PPAR_BOUNDS(0, rows),
 *                             PPAR_BOUNDS(0, columns)};
 *     ppar_parallel_for_nd(4, bounds, copy, &images, NULL);
 *
 * OpenMP: #pragma omp parallel for collapse(dimensions) */
PPAR_API int ppar_parallel_for_nd(int dimensions, const ppar_bounds *bounds, ppar_body_nd *body, void *arg,
                                  const ppar_options *options);

/* The number of indices within bounds, 0 when they are empty; the step must not be 0. */
static inline uint64_t ppar_bounds_count(ppar_bounds bounds) {
  const uint64_t up = (uint64_t)bounds.end - (uint64_t)bounds.begin, step = (uint64_t)bounds.step;
  if (bounds.step > 0 ? bounds.begin >= bounds.end : bounds.begin <= bounds.end) return 0;
  return bounds.step > 0 ? (up - 1) / step + 1 : (0 - up - 1) / (0 - step) + 1;
}

/* Define the body `name` of a loop of two to six dimensions from one iteration, as PPAR_BODY and PPAR_BODY_GLOBAL do
 * for one dimension. The indices i, j, ... are int64_t, the first one outermost; the innermost loop vectorises. They
 * are PPAR_BODY_2D, PPAR_BODY_3D, PPAR_BODY_4D, PPAR_BODY_5D and PPAR_BODY_6D, and without an arg PPAR_BODY_2D_GLOBAL,
 * PPAR_BODY_3D_GLOBAL, PPAR_BODY_4D_GLOBAL, PPAR_BODY_5D_GLOBAL and PPAR_BODY_6D_GLOBAL.
 *
 *     PPAR_BODY_2D(transpose, i, j, struct matrices, m) { m->to[j * m->rows + i] = m->from[i * m->columns + j]; }
 */
#define PPAR_BODY_2D(name, i, j, type, arg)                                                               \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, type const *);                       \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_tile *tile_, type const *PPAR_RESTRICT_ given_) { \
    PPAR_FOR_EACH_IN_2D_(tile_, name##_iteration_(i_, j_, given_));                                       \
  }                                                                                                       \
  PPAR_BODY_ND_(name, type);                                                                              \
  PPAR_CHECKED_FOR_2D_(name, type);                                                                       \
  PPAR_CHECKED_FOR_ND_(name, type, 2);                                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_,        \
                                                   type const *arg PPAR_UNUSED_)
#define PPAR_BODY_2D_GLOBAL(name, i, j)                               \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t); \
  static void name(const ppar_tile *tile_, void *arg_ PPAR_UNUSED_) { \
    PPAR_FOR_EACH_IN_2D_(tile_, name##_iteration_(i_, j_));           \
  }                                                                   \
  PPAR_CHECKED_FOR_2D_(name, ppar_nothing_);                          \
  PPAR_CHECKED_FOR_ND_(name, ppar_nothing_, 2);                       \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_)

#define PPAR_BODY_3D(name, i, j, k, type, arg)                                                            \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, type const *);              \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_tile *tile_, type const *PPAR_RESTRICT_ given_) { \
    PPAR_FOR_EACH_IN_3D_(tile_, name##_iteration_(i_, j_, k_, given_));                                   \
  }                                                                                                       \
  PPAR_BODY_ND_(name, type);                                                                              \
  PPAR_CHECKED_FOR_3D_(name, type);                                                                       \
  PPAR_CHECKED_FOR_ND_(name, type, 3);                                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_,        \
                                                   int64_t k PPAR_UNUSED_, type const *arg PPAR_UNUSED_)
#define PPAR_BODY_3D_GLOBAL(name, i, j, k)                                                         \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t);                     \
  static void name(const ppar_tile *tile_, void *arg_ PPAR_UNUSED_) {                              \
    PPAR_FOR_EACH_IN_3D_(tile_, name##_iteration_(i_, j_, k_));                                    \
  }                                                                                                \
  PPAR_CHECKED_FOR_3D_(name, ppar_nothing_);                                                       \
  PPAR_CHECKED_FOR_ND_(name, ppar_nothing_, 3);                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_, \
                                                   int64_t k PPAR_UNUSED_)

#define PPAR_BODY_4D(name, i, j, k, l, type, arg)                                                         \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t, type const *);     \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_tile *tile_, type const *PPAR_RESTRICT_ given_) { \
    PPAR_FOR_EACH_IN_4D_(tile_, name##_iteration_(i_, j_, k_, l_, given_));                               \
  }                                                                                                       \
  PPAR_BODY_ND_(name, type);                                                                              \
  PPAR_CHECKED_FOR_ND_(name, type, 4);                                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_,        \
                                                   int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_,        \
                                                   type const *arg PPAR_UNUSED_)
#define PPAR_BODY_4D_GLOBAL(name, i, j, k, l)                                                      \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t);            \
  static void name(const ppar_tile *tile_, void *arg_ PPAR_UNUSED_) {                              \
    PPAR_FOR_EACH_IN_4D_(tile_, name##_iteration_(i_, j_, k_, l_));                                \
  }                                                                                                \
  PPAR_CHECKED_FOR_ND_(name, ppar_nothing_, 4);                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_, \
                                                   int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_)

#define PPAR_BODY_5D(name, i, j, k, l, m, type, arg)                                                           \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t, int64_t, type const *); \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_tile *tile_, type const *PPAR_RESTRICT_ given_) {      \
    PPAR_FOR_EACH_IN_5D_(tile_, name##_iteration_(i_, j_, k_, l_, m_, given_));                                \
  }                                                                                                            \
  PPAR_BODY_ND_(name, type);                                                                                   \
  PPAR_CHECKED_FOR_ND_(name, type, 5);                                                                         \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_,             \
                                                   int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_,             \
                                                   int64_t m PPAR_UNUSED_, type const *arg PPAR_UNUSED_)
#define PPAR_BODY_5D_GLOBAL(name, i, j, k, l, m)                                                   \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t, int64_t);   \
  static void name(const ppar_tile *tile_, void *arg_ PPAR_UNUSED_) {                              \
    PPAR_FOR_EACH_IN_5D_(tile_, name##_iteration_(i_, j_, k_, l_, m_));                            \
  }                                                                                                \
  PPAR_CHECKED_FOR_ND_(name, ppar_nothing_, 5);                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_, \
                                                   int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_, \
                                                   int64_t m PPAR_UNUSED_)

#define PPAR_BODY_6D(name, i, j, k, l, m, o, type, arg)                                                   \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,  \
                                                   type const *);                                         \
  static PPAR_ALWAYS_INLINE void name##_run_(const ppar_tile *tile_, type const *PPAR_RESTRICT_ given_) { \
    PPAR_FOR_EACH_IN_6D_(tile_, name##_iteration_(i_, j_, k_, l_, m_, o_, given_));                       \
  }                                                                                                       \
  PPAR_BODY_ND_(name, type);                                                                              \
  PPAR_CHECKED_FOR_ND_(name, type, 6);                                                                    \
  static PPAR_ALWAYS_INLINE void name##_iteration_(                                                       \
      int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_, int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_,     \
      int64_t m PPAR_UNUSED_, int64_t o PPAR_UNUSED_, type const *arg PPAR_UNUSED_)
#define PPAR_BODY_6D_GLOBAL(name, i, j, k, l, m, o)                                                       \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t); \
  static void name(const ppar_tile *tile_, void *arg_ PPAR_UNUSED_) {                                     \
    PPAR_FOR_EACH_IN_6D_(tile_, name##_iteration_(i_, j_, k_, l_, m_, o_));                               \
  }                                                                                                       \
  PPAR_CHECKED_FOR_ND_(name, ppar_nothing_, 6);                                                           \
  static PPAR_ALWAYS_INLINE void name##_iteration_(int64_t i PPAR_UNUSED_, int64_t j PPAR_UNUSED_,        \
                                                   int64_t k PPAR_UNUSED_, int64_t l PPAR_UNUSED_,        \
                                                   int64_t m PPAR_UNUSED_, int64_t o PPAR_UNUSED_)

/* PPAR_FOR_2D(i, j, body, arg, options), PPAR_FOR_3D(i, j, k, body, arg, options) and PPAR_FOR_ND(bounds, body, arg,
 * options): call ppar_parallel_for_2d, ppar_parallel_for_3d and ppar_parallel_for_nd, and have arg's type checked, as
 * PPAR_FOR has. The last one takes as many bounds as the body has indices. */
#define PPAR_FOR_2D(i, j, body, ...) body##_ppar_for_2d_((i), (j), __VA_ARGS__)
#define PPAR_FOR_3D(i, j, k, body, ...) body##_ppar_for_3d_((i), (j), (k), __VA_ARGS__)
#define PPAR_FOR_ND(bounds, body, ...) body##_ppar_for_nd_((bounds), __VA_ARGS__)

/* What follows serves the macros. */

#define PPAR_CHECKED_FOR_2D_(name, type)                                                                      \
  static PPAR_PASS_ON_ PPAR_UNUSED_ int name##_ppar_for_2d_(ppar_bounds i_, ppar_bounds j_, type const *arg_, \
                                                            const ppar_options *options_) {                   \
    return ppar_parallel_for_2d(i_, j_, name, ppar_pointer_(arg_), options_);                                 \
  }                                                                                                           \
  PPAR_TAKES_SEMICOLON_
#define PPAR_CHECKED_FOR_3D_(name, type)                                                                      \
  static PPAR_PASS_ON_ PPAR_UNUSED_ int name##_ppar_for_3d_(ppar_bounds i_, ppar_bounds j_, ppar_bounds k_,   \
                                                            type const *arg_, const ppar_options *options_) { \
    return ppar_parallel_for_3d(i_, j_, k_, name, ppar_pointer_(arg_), options_);                             \
  }                                                                                                           \
  PPAR_TAKES_SEMICOLON_
#define PPAR_CHECKED_FOR_ND_(name, type, dimensions)                                                      \
  PPAR_CHECKED_ARG_(name, type);                                                                          \
  static PPAR_PASS_ON_ PPAR_UNUSED_ int name##_ppar_for_nd_(const ppar_bounds *bounds_, type const *arg_, \
                                                            const ppar_options *options_) {               \
    return ppar_parallel_for_nd(dimensions, bounds_, name, ppar_pointer_(arg_), options_);                \
  }                                                                                                       \
  PPAR_TAKES_SEMICOLON_

/* The index after *index within bounds; false when that was the last. By distances, so that no sum can
 * overflow, and without counting, which would divide: boxes may be single rows. */
static inline bool ppar_bounds_next_(ppar_bounds bounds, int64_t *index) {
  const uint64_t up = (uint64_t)bounds.end - (uint64_t)*index, step = (uint64_t)bounds.step;
  if (bounds.step > 0 ? up <= step : 0 - up <= 0 - step) return false;
  *index = ppar_index_add_(*index, bounds.step);
  return true;
}

/* Over bounds that are not empty, as a box's never are. */
#define ppar_for_each_in_(bounds, i) \
  for (int64_t i = (bounds).begin, i##more_ = 1; i##more_ != 0; i##more_ = ppar_bounds_next_((bounds), &i))

#define PPAR_FOR_EACH_IN_2D_(tile, iteration) \
  ppar_for_each_in_((tile)->dim[0], i_) PPAR_FOR_INNERMOST_((tile)->dim[1], j_, iteration)
#define PPAR_FOR_EACH_IN_3D_(tile, iteration) \
  ppar_for_each_in_((tile)->dim[0], i_)       \
    ppar_for_each_in_((tile)->dim[1], j_) PPAR_FOR_INNERMOST_((tile)->dim[2], k_, iteration)
#define PPAR_FOR_EACH_IN_OUTER_3_(tile)   \
  ppar_for_each_in_((tile)->dim[0], i_)   \
    ppar_for_each_in_((tile)->dim[1], j_) \
      ppar_for_each_in_((tile)->dim[2], k_)
#define PPAR_FOR_EACH_IN_4D_(tile, iteration) \
  PPAR_FOR_EACH_IN_OUTER_3_(tile) PPAR_FOR_INNERMOST_((tile)->more[0], l_, iteration)
#define PPAR_FOR_EACH_IN_5D_(tile, iteration) \
  PPAR_FOR_EACH_IN_OUTER_3_(tile)             \
  ppar_for_each_in_((tile)->more[0], l_) PPAR_FOR_INNERMOST_((tile)->more[1], m_, iteration)
#define PPAR_FOR_EACH_IN_6D_(tile, iteration) \
  PPAR_FOR_EACH_IN_OUTER_3_(tile)             \
  ppar_for_each_in_((tile)->more[0], l_)      \
    ppar_for_each_in_((tile)->more[1], m_) PPAR_FOR_INNERMOST_((tile)->more[2], o_, iteration)

/* The body over what runs a tile's iterations. */
#define PPAR_BODY_ND_(name, type)                                                               \
  static PPAR_ALWAYS_INLINE void name##_run_copy_(const ppar_tile *tile_, type const *given_) { \
    type const copy_ = *given_;                                                                 \
    name##_run_(tile_, &copy_);                                                                 \
  }                                                                                             \
  static void name(const ppar_tile *tile_, void *arg_) {                                        \
    type const *const given_ = PPAR_CAST_(type const *, arg_);                                  \
    if (PPAR_SELDOM_(given_ == PPAR_NULL_)) {                                                   \
      PPAR_REFUSE_ARG_(tile_->chunk);                                                           \
    } else if (sizeof(type) <= PPAR_COPY_MOST) {                                                \
      name##_run_copy_(tile_, given_);                                                          \
    } else {                                                                                    \
      name##_run_(tile_, given_);                                                               \
    }                                                                                           \
  }                                                                                             \
  PPAR_TAKES_SEMICOLON_

#define PPAR_FOR_INNERMOST_(bounds, i, iteration)                                                                  \
  {                                                                                                                \
    const ppar_bounds bounds_ = (bounds);                                                                          \
    if (bounds_.step == 1) {                                                                                       \
      for (int64_t i = bounds_.begin, end_ = bounds_.end; i < end_; i++) iteration;                                \
    } else {                                                                                                       \
      int64_t i = bounds_.begin;                                                                                   \
      for (uint64_t left_ = ppar_bounds_count(bounds_); left_ != 0; left_--, i = ppar_index_add_(i, bounds_.step)) \
        iteration;                                                                                                 \
    }                                                                                                              \
  }

PPAR_END_DECLS

#endif
