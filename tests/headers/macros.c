/* SPDX-License-Identifier: MIT */
/* macros.c: each public macro, in the language that C11 and C++17 share. Compiled by headers.sh, never run. */
#include <ppar/ppar.h>

#include <string.h>

#ifdef __cplusplus
#define DOUBLES(pointer) static_cast<double *>(pointer)
#define NOTHING nullptr
#else
#define DOUBLES(pointer) pointer
#define NOTHING NULL
#endif

struct vectors {
  const double *x;
  double *y;
};

PPAR_BODY(copy, i, struct vectors, v) { v->y[i] = v->x[i]; }
PPAR_BODY(draw, i, struct vectors, v) {
  ppar_rng rng = ppar_rng_stream(1, i < 0 ? 0 : 1);
  ppar_rng_skip(&rng, 2);
  v->y[i] = ppar_rng_f64(&rng) + ppar_rng_normal_f64(&rng) + ppar_rng_exponential_f64(&rng);
  if (ppar_rng_f32(&rng) > 0 && ppar_rng_u32(&rng) > 1 && ppar_rng_u64(&rng) > 1) v->y[ppar_rng_below(&rng, 9)] = 0;
}
PPAR_BODY(nothing, i, struct vectors, v) {}
PPAR_BODY_2D(copy_2d, i, j, struct vectors, v) { v->y[i + j] = v->x[i]; }
PPAR_BODY_3D(copy_3d, i, j, k, struct vectors, v) { v->y[i + j + k] = v->x[i]; }
PPAR_FOLD(dot, double, sum, i, struct vectors, v) { *sum += v->x[i] * v->y[i]; }

static double all[1000];
PPAR_BODY_GLOBAL(clear, i) { all[i] = 0; }
PPAR_BODY_2D_GLOBAL(clear_2d, i, j) { all[i + j] = 0; }
PPAR_BODY_3D_GLOBAL(clear_3d, i, j, k) { all[i + j + k] = 0; }
PPAR_BODY_4D(copy_4d, i, j, k, l, struct vectors, v) { v->y[i + j + k + l] = v->x[i]; }
PPAR_BODY_5D(copy_5d, i, j, k, l, m, struct vectors, v) { v->y[i + j + k + l + m] = v->x[i]; }
PPAR_BODY_6D(copy_6d, i, j, k, l, m, o, struct vectors, v) { v->y[i + j + k + l + m + o] = v->x[i]; }
PPAR_BODY_4D_GLOBAL(clear_4d, i, j, k, l) { all[i + j + k + l] = 0; }
PPAR_BODY_5D_GLOBAL(clear_5d, i, j, k, l, m) { all[i + j + k + l + m] = 0; }
PPAR_BODY_6D_GLOBAL(clear_6d, i, j, k, l, m, o) { all[i + j + k + l + m + o] = 0; }
PPAR_FOLD_GLOBAL(add_all, double, sum, i) { *sum += all[i]; }

struct both {
  double sum, least;
  ppar_indexed_f64 greatest;
  int all;
  unsigned bits;
};
PPAR_REDUCTION(both, struct both, (PPAR_SUM, sum), (PPAR_MIN, least), (PPAR_ARGMAX, greatest), (PPAR_ALL, all),
               (PPAR_AND, bits));
PPAR_FOLD(fold_both, struct both, b, i, struct vectors, v) {
  b->sum += v->x[i];
  if (v->x[i] < b->least) b->least = v->x[i];
  ppar_argmax_f64_take(&b->greatest, v->x[i], i);
}

/* In a namespace, too, which has no names of the library's. */
#ifdef __cplusplus
namespace inner {
PPAR_BODY(inner_copy, i, struct vectors, v) { v->y[i] = v->x[i]; }
PPAR_BODY_GLOBAL(inner_clear, i) { all[i] = 0; }
PPAR_BODY_2D(inner_copy_2d, i, j, struct vectors, v) { v->y[i + j] = v->x[i]; }
PPAR_FOLD(inner_dot, double, sum, i, struct vectors, v) { *sum += v->x[i] * v->y[i]; }
PPAR_FOLD_GLOBAL(inner_add_all, double, sum, i) { *sum += all[i]; }
PPAR_REDUCTION(inner_both, struct both, (PPAR_SUM, sum), (PPAR_MIN, least), (PPAR_ARGMAX, greatest), (PPAR_ALL, all),
               (PPAR_AND, bits));
}  // namespace inner
#endif

static void by_hand(const ppar_chunk *chunk, void *arg) {
  double *y = DOUBLES(arg);
  ppar_for_each_index(i, chunk) {
    if (y[i] < 0) ppar_cancel(chunk, 1);
    y[i] = 0;
  }
}

static void use_team_macros(ppar_team *team, void *arg) {
  double *x = DOUBLES(arg);
  ppar_options options = PPAR_OPTIONS_INIT();
  const ppar_options *given = &options;
  options.schedule = ppar_static(1);
  ppar_prange(team, begin, 0, 100, NOTHING) {
    if (ppar_is_last(begin)) x[0] = 1;
    x[begin] = 0;
  }
  ppar_prange(team, options_, 0, 100, &options) {
    x[options_] = 0;
  }
  ppar_prange(team, extent, 0, 100, given) {
    x[extent] = 0;
  }
#ifndef __cplusplus
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = true)) {
    x[i] = 0;
  }
  ppar_prange(team, i, 0, 100, &(const ppar_options){.schedule = ppar_static(0), .nowait = true}) {
    x[i] = 0;
  }
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS()) {
    x[i] = 0;
  }
#endif
  ppar_prange_2d(team, y, i, PPAR_BOUNDS(0, 10), PPAR_BOUNDS_STEP(9, -1, -1), NOTHING) {
    x[y * 10 + i] = 1;
    if (ppar_is_last(i)) x[0] = 2;
  }
  ppar_prange_3d(team, step, at, left, PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 5), PPAR_BOUNDS(0, 10), NOTHING) {
    x[step * 50 + at * 10 + left] = 1;
    if (ppar_is_last(left)) x[0] = 2;
  }
  if (ppar_single(team)) x[1] = 2;
  ppar_sections(team) {
    ppar_section { x[2] = 3; }
    ppar_section { x[3] = 4; }
  }
  ppar_sections_nowait(team) {
    ppar_section { x[4] = 5; }
  }
}

int use_macros(const double *x, double *y, int64_t n);

int use_macros(const double *x, double *y, int64_t n) {
  struct vectors v = {x, y};
  double sum = 0;
  struct both outcome = {0, 1, {0, -1}, 1, 1};
  ppar_bounds bounds[] = {PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 2),
                          PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 2), PPAR_BOUNDS(0, 2)};
  ppar_options options = PPAR_OPTIONS_INIT(), zeroed;
  ppar_pool_options pool_options = PPAR_POOL_OPTIONS_INIT();
  ppar_pool *pool = NOTHING;
  int status = PPAR_OK;
  memset(&zeroed, 0, sizeof zeroed);
  pool_options.threads = 2;
  status |= ppar_pool_create(&pool, &pool_options);
  options.pool = pool;
  status |= ppar_options_copy(&zeroed, &options);
  status |= ppar_parallel_for(0, n, copy, &v, &zeroed);
  options.schedule = ppar_nonmonotonic(ppar_dynamic(4));
  status |= ppar_parallel_for(0, n, copy, &v, &options);
  status |= ppar_parallel_for(0, n, nothing, &v, NOTHING);
  status |= ppar_parallel_for(0, n, by_hand, y, NOTHING);
  status |= ppar_parallel_for_2d(PPAR_BOUNDS(0, n), PPAR_BOUNDS_STEP(n, 0, -1), copy_2d, &v, NOTHING);
  status |= ppar_parallel_for_3d(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), copy_3d, &v, NOTHING);
  status |= ppar_parallel_for(0, 1000, clear, NOTHING, NOTHING);
  status |= ppar_parallel_for_2d(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), clear_2d, NOTHING, NOTHING);
  status |=
      ppar_parallel_for_3d(PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), PPAR_BOUNDS(0, 10), clear_3d, NOTHING, NOTHING);
  status |= ppar_parallel_reduce(0, 1000, add_all, NOTHING, &ppar_sum_f64, &sum, NOTHING);
  status |= PPAR_FOR(0, n, copy, &v, NOTHING);
#ifdef __cplusplus
  status |= PPAR_FOR(0, n, inner::inner_copy, &v, NOTHING);
  status |= PPAR_FOR(0, 1000, inner::inner_clear, NOTHING, NOTHING);
  status |= PPAR_FOR_2D(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), inner::inner_copy_2d, &v, NOTHING);
  status |= PPAR_REDUCE(0, n, inner::inner_dot, &v, PPAR_SUM(&sum), &sum, NOTHING);
  status |= PPAR_REDUCE(0, 1000, inner::inner_add_all, NOTHING, PPAR_SUM(&sum), &sum, NOTHING);
  status |= PPAR_REDUCE(0, n, fold_both, &v, &inner::inner_both, &outcome, NOTHING);
#endif
  status |= PPAR_FOR(0, n, draw, &v, NOTHING);
  status |= PPAR_FOR(0, 1000, clear, NOTHING, NOTHING);
  status |= PPAR_FOR_2D(PPAR_BOUNDS(0, n), PPAR_BOUNDS_STEP(n, 0, -1), copy_2d, &v, NOTHING);
  status |= PPAR_FOR_3D(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), copy_3d, &v, NOTHING);
  status |= PPAR_FOR_ND(bounds, copy_4d, &v, NOTHING);
  status |= PPAR_FOR_ND(bounds, copy_5d, &v, NOTHING);
  status |= PPAR_FOR_ND(bounds, copy_6d, &v, NOTHING);
  status |= PPAR_FOR_ND(bounds, clear_4d, NOTHING, NOTHING);
  status |= PPAR_FOR_ND(bounds, clear_5d, NOTHING, NOTHING);
  status |= PPAR_FOR_ND(bounds, clear_6d, NOTHING, NOTHING);
  status |= PPAR_REDUCE(0, n, dot, &v, PPAR_SUM(&sum), &sum, NOTHING);
  status |= PPAR_REDUCE(0, n, fold_both, &v, &both, &outcome, NOTHING);
  ppar_atomic_add_f64(&sum, 1);
  status |= ppar_parallel_for(0, n, copy, PPAR_ARG(copy, &v), NOTHING);
  status |= ppar_parallel_for_2d(bounds[0], bounds[1], copy_2d, PPAR_ARG(copy_2d, &v), NOTHING);
  status |= ppar_parallel_reduce(0, n, dot, PPAR_ARG(dot, &v), &ppar_sum_f64, &sum, NOTHING);
  status |= ppar_parallel(use_team_macros, y, &options);
  status |= ppar_parallel_reduce(0, n, dot, &v, &ppar_sum_f64, &sum, &options);
#ifndef __cplusplus
  static const ppar_options constant = PPAR_OPTIONS_INIT(.threads = 3, .tile = {8, 8});
  ppar_options with_fields = PPAR_OPTIONS_INIT(.step = 2, .name = "with fields"), by_zero = {0};
  const ppar_pool_options of_pool = PPAR_POOL_OPTIONS_INIT(.threads = 3, .wait = PPAR_WAIT_PASSIVE);
  status |= ppar_parallel_for(0, n, copy, &v, PPAR_OPTIONS());
  status |= ppar_parallel_for(0, n, copy, &v, PPAR_OPTIONS(.schedule = ppar_guided(2), .threads = 3));
  status |= ppar_parallel_for(0, n, copy, &v, &with_fields);
  status |= ppar_parallel_for(0, n, copy, &v, &by_zero);
  status |= ppar_parallel_for_2d(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), copy_2d, &v, &constant);
  status |= ppar_pool_create(&pool, PPAR_POOL_OPTIONS());
  status |= ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 4, .name = "four"));
  status |= ppar_pool_create(&pool, &of_pool);
#endif
  return status;
}
