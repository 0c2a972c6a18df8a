/* SPDX-License-Identifier: MIT */
/* grain.h: uniform loops from a few nanoseconds to a tenth of a second, the same in all peers.
 *
 * Streaming: "grain_stream", a triad over vectors. Computing: "grain_compute", iterations of some ten nanoseconds. Each
 * peer has them as it is unasked, and "searched", as the fastest of the schedules that suit equal iterations. Both say
 * also what the first calls took. */
#ifndef BENCH_GRAIN_H
#define BENCH_GRAIN_H

#include "peers/imbalance.h"
#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An iteration that computes: some ten nanoseconds. */
enum { BENCH_GRAIN_UNITS = BENCH_MICROSECOND / 100 };
static inline void bench_grain_iteration(void) { bench_keep(bench_work(BENCH_GRAIN_UNITS)); }

/* An element of the triad. */
static inline void bench_grain_element(const bench_data *d, int64_t i) { d->z[i] = d->x[i] + BENCH_FACTOR * d->y[i]; }

/* A chunk that gives each of T threads some eight. */
static inline int64_t bench_grain_chunk(const bench_job *job) {
  int64_t chunk = job->n / (8 * (job->threads > 0 ? job->threads : 2));
  return chunk > 0 ? chunk : 1;
}

/* Only their addresses: they tell the search of bench_run_best which of the two loops it is. */
bench_iteration bench_grain_stream, bench_grain_compute;

#ifdef __cplusplus
}
#endif

/* The four kernels of a peer that has the functions stream, compute and the candidates stream_candidates,
 * compute_candidates; and their entries. */
#define BENCH_DEFINE_GRAIN_SEARCHED(body)                                                                             \
  static void body##_searched(bench_job *job) {                                                                       \
    bench_run_best(job, bench_grain_##body, body##_candidates, sizeof body##_candidates / sizeof *body##_candidates); \
  }

#endif
