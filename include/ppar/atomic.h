/* SPDX-License-Identifier: MIT */
/* atomic.h: adding to a variable that several threads add to (OpenMP's atomic).
 *
 *     PPAR_BODY(scatter, i, struct particles, p) { ppar_atomic_add_f64(&p->density[p->cell[i]], p->mass[i]); }
 *
 * equals, up to the order of the additions,
 *
 *     for (int64_t i = 0; i < n; i++) density[cell[i]] += mass[i];
 *
 * C has no atomic addition of floating-point numbers, and its <stdatomic.h> wants variables of atomic types. These work
 * on plain ones. For a sum into one variable or a few a reduction is much faster (reduce.h): an addition here takes the
 * cache line away from the other threads. */
#ifndef PPAR_ATOMIC_H
#define PPAR_ATOMIC_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* Adds value to *to as one step, which no other thread's step comes between. Equals `before = *to; *to += value;`
 * without other threads. While threads may add, nobody may read or write *to otherwise; when the loop or region is
 * over, or after a barrier, anybody may. Nothing else is ordered by it. Signed integers wrap. Any thread, any time.
 * Returns what *to was before.
 * OpenMP: #pragma omp atomic; atomic capture */
static inline double ppar_atomic_add_f64(double *to, double value);
static inline float ppar_atomic_add_f32(float *to, float value);
static inline int32_t ppar_atomic_add_i32(int32_t *to, int32_t value);
static inline int64_t ppar_atomic_add_i64(int64_t *to, int64_t value);

/* How they are made. Processors add integers by themselves. For the others the sum is swapped in unless another thread
 * was faster, as often as it takes. */

#define PPAR_DEFINE_ATOMIC_ADD_(name, type)                                                              \
  static inline type ppar_atomic_add_##name(type *to, type value) {                                      \
    type before, after;                                                                                  \
    __atomic_load(to, &before, __ATOMIC_RELAXED);                                                        \
    do {                                                                                                 \
      after = before + value;                                                                            \
    } while (!__atomic_compare_exchange(to, &before, &after, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)); \
    return before;                                                                                       \
  }

PPAR_DEFINE_ATOMIC_ADD_(f32, float)
PPAR_DEFINE_ATOMIC_ADD_(f64, double)

static inline int32_t ppar_atomic_add_i32(int32_t *to, int32_t value) {
  return __atomic_fetch_add(to, value, __ATOMIC_RELAXED);
}

static inline int64_t ppar_atomic_add_i64(int64_t *to, int64_t value) {
  return __atomic_fetch_add(to, value, __ATOMIC_RELAXED);
}

PPAR_END_DECLS

#endif
