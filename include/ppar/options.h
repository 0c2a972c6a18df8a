/* SPDX-License-Identifier: MIT */
/* options.h: what every loop takes as its last argument. */
#ifndef PPAR_OPTIONS_H
#define PPAR_OPTIONS_H

#include <ppar/base.h>
#include <ppar/pool.h>
#include <ppar/schedule.h>

PPAR_BEGIN_DECLS

/* Every zero field is that field's default; so is a NULL pointer to the whole. Loops, sorts, regions and pranges refuse a
 * field out of range with PPAR_EINVAL even where it does not count for them; out of range are also a tile but for loops of
 * two and three dimensions, and nowait and ordered but for pranges. */
typedef struct ppar_options {
  ppar_schedule schedule; /* OpenMP: schedule clause; default auto */
  int threads;            /* OpenMP: num_threads clause; slots, 1 ... PPAR_MAX_THREADS; default the pool's */
  ppar_pool *pool;        /* default ppar_pool_default() */
  int64_t step;           /* the loop's increment, negative too; default 1. One-dimensional loops only */
  bool reproducible;      /* reductions: the same bits for every T, schedule and run; default false */
  const char *name;       /* for people who look at the loop with a debugger or a profiler; default none */
  int64_t tile[3];        /* loops of two and three dimensions: iterations of each dimension in a tile;
                             default 0: not tiled, chunks follow the innermost dimension */
  bool nowait;            /* prange: no barrier at its end; default false. OpenMP: nowait clause */
  bool ordered;           /* prange: iterations may leave ppar_ordered_begin out; default false */
} ppar_options;

/* Options for one call: PPAR_OPTIONS(.schedule = ppar_dynamic(64), .threads = 4). C only: in C++,
 * fill a ppar_options variable and pass its address. */
#ifndef __cplusplus
#define PPAR_OPTIONS(...) (&(const ppar_options){__VA_ARGS__})
#endif

PPAR_END_DECLS

#endif
