/* SPDX-License-Identifier: MIT */
/* loop_names.h: the loop constructs that have entry points of their own, and what each name says of the schedule.
 *
 * A name without "nonmonotonic" is what compilers before OpenMP 5 emit, and later ones for the modifier monotonic: each
 * thread's chunks then come in rising order. */
#ifndef PP_GOMP_LOOP_NAMES_H
#define PP_GOMP_LOOP_NAMES_H

/* Calls entry(name, schedule of a chunk that is at hand as `chunk`, whether it has ordered parts). */
#define PP_OMP_CHUNKED_LOOPS(entry)                                                                       \
  entry(static, ppar_static(pp_omp_chunk(chunk)), false)                                                  \
      entry(dynamic, ppar_monotonic(ppar_dynamic(pp_omp_chunk(chunk))), false)                            \
          entry(guided, ppar_monotonic(ppar_guided(pp_omp_chunk(chunk))), false)                          \
              entry(nonmonotonic_dynamic, ppar_dynamic(pp_omp_chunk(chunk)), false)                       \
                  entry(nonmonotonic_guided, ppar_guided(pp_omp_chunk(chunk)), false)                     \
                      entry(ordered_static, ppar_static(pp_omp_chunk(chunk)), true)                       \
                          entry(ordered_dynamic, ppar_monotonic(ppar_dynamic(pp_omp_chunk(chunk))), true) \
                              entry(ordered_guided, ppar_monotonic(ppar_guided(pp_omp_chunk(chunk))), true)

/* The same without a chunk; the data environment is at hand as `here`. */
#define PP_OMP_RUNTIME_LOOPS(entry)                                                                                 \
  entry(runtime, pp_omp_runtime(here, true), false) entry(nonmonotonic_runtime, pp_omp_runtime(here, false), false) \
      entry(maybe_nonmonotonic_runtime, pp_omp_runtime(here, false), false)                                         \
          entry(ordered_runtime, pp_omp_runtime(here, true), true)

#endif
