/* SPDX-License-Identifier: MIT */
/* options.h: what every loop takes as its last argument. */
#ifndef PPAR_OPTIONS_H
#define PPAR_OPTIONS_H

#include <ppar/base.h>
#include <ppar/pool.h>
#include <ppar/schedule.h>

PPAR_BEGIN_DECLS

/* How a loop, a region or a group of tasks is to be run. A field that is zero has its default, and a NULL pointer in
 * place of options means that all have.
 *
 * All functions that take options check them in the same way. A field out of range is refused with PPAR_EINVAL,
 * even by a function that makes no use of the field. So is a field that the function does not take: `tile` by all
 * but loops of two to six dimensions, `nowait` and `ordered` by all but pranges. Other fields that a function makes
 * no use of may be set, so that calls of several functions can share options. A refused call also prints a line
 * on stderr, once for each place of the program, with the field, its value and what is allowed; PPAR_CHECK=0 in the
 * environment silences that.
 *
 * The struct may grow at its end in later releases. `size` tells the library how many of the fields the program knows,
 * so that programs and libraries of different releases understand each other (docs/abi.md). Programs leave it to the
 * macros below, or at zero: then the fields of release 0.2 count, and no later ones. The library refuses with
 * PPAR_EINVAL a size less than that of release 0.2. It also refuses options that are longer than its own, if the fields
 * that it does not know are not all zero: they ask for something that it cannot do.
 *
 * How many run at once. A region with .threads = T runs on T threads of the system. A loop's threads are slots: they
 * decide how the iterations are divided, and the pool's threads run them. On a pool of two, .threads = 8 gives eight
 * slots, of which two run at a time. Bodies that compute lose nothing by that. Bodies that sleep, or wait for files or
 * the network, do: eight such waits take four times as long as on eight threads. For these make a pool of as many
 * threads as are to wait at once, more than there are CPUs, and name it in the call:
 *
 *     ppar_pool *io;
 *     ppar_pool_create(&io, PPAR_POOL_OPTIONS(.threads = 8));
 *     ppar_parallel_for(0, files, read_file, &args, PPAR_OPTIONS(.pool = io, .schedule = ppar_dynamic(1)));
 */
typedef struct ppar_options {
  size_t size;            /* sizeof(ppar_options), set by the macros below; 0: the fields of release 0.2 */
  ppar_schedule schedule; /* OpenMP: schedule clause; default auto */
  int threads;            /* OpenMP: num_threads clause; slots, 1 ... PPAR_MAX_THREADS; default the pool's.
                             Loops run no more of them at once than the pool has threads (see above) */
  bool reproducible;      /* reductions: the same bits for every T, schedule and run; default false */
  bool nowait;            /* prange: no barrier at its end; default false. OpenMP: nowait clause */
  bool ordered;           /* prange: iterations may leave ppar_ordered_begin out; default false */
  ppar_pool *pool;        /* default ppar_pool_default() */
  int64_t step;           /* the loop's increment, negative too; default 1. One-dimensional loops only */
  const char *name;       /* for people who look at the loop with a debugger or a profiler; default none */
  int64_t tile[3];        /* loops of two to six dimensions: the size of a tile in each dimension, in iterations.
                             Loops of more than three use them for their three innermost dimensions; a tile then
                             has one iteration of each outer one. Default 0: not tiled */
} ppar_options;

/* Make options for one call, and the initialiser of a variable:
 *
 *     ppar_parallel_for(0, n, body, &arg, PPAR_OPTIONS(.schedule = ppar_dynamic(64), .threads = 4));
 *
 *     ppar_options options = PPAR_OPTIONS_INIT(.threads = 4);
 *
 * The fields that are not named are zero. C++ has the second alone, and without fields: set those afterwards. */
#ifndef __cplusplus
#define PPAR_OPTIONS(...) (&(const ppar_options)PPAR_OPTIONS_INIT(__VA_ARGS__))
#define PPAR_OPTIONS_INIT(...) \
  { .size = sizeof(ppar_options), __VA_ARGS__ }
#else
#define PPAR_OPTIONS_INIT() ppar_options_init_()
static inline ppar_options ppar_options_init_(void) {
  ppar_options options = ppar_options();
  options.size = sizeof options;
  return options;
}
#endif

/* Copies options, so that a function that takes some from its own caller can change them before it hands them on:
 *
 *     int scale(double *x, int64_t n, const ppar_options *options) {
 *       ppar_options mine;
 *       int status = ppar_options_copy(&mine, options);
 *       if (status != PPAR_OK) return status;
 *       mine.name = "scale";
 *       ...
 *
 * equals mine = *options, but for callers that were compiled with another release's header, whose options are shorter
 * or longer: what is missing becomes zero. NULL gives the defaults. Returns PPAR_OK; PPAR_EINVAL, and *to is as it was,
 * for a size out of range, and where a further field that does not fit into *to is not zero. Any thread, any time. */
PPAR_API int ppar_options_copy_(ppar_options *to, size_t size, const ppar_options *from);
static inline int ppar_options_copy(ppar_options *to, const ppar_options *from) {
  return ppar_options_copy_(to, sizeof *to, from);
}

/* What follows serves the macros and the library. */

/* The size of release 0.2's options, in which tile was the last field. */
#define PPAR_OPTIONS_FIRST_ (offsetof(ppar_options, tile) + 3 * sizeof(int64_t))

/* Whether the options have the fields of this header, neither fewer nor more. */
static inline bool ppar_options_are_whole_(const ppar_options *options) {
  return options->size == sizeof *options || (options->size == 0 && sizeof *options == PPAR_OPTIONS_FIRST_);
}

PPAR_END_DECLS

#endif
