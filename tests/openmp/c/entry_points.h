// SPDX-License-Identifier: MIT
// entry_points.h: the library's entry points that GCC's compilers call, or once called: loops, sections and regions.
#ifndef ENTRY_POINTS_H
#define ENTRY_POINTS_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned long long ull;
typedef void (*region_body)(void *);

void GOMP_parallel(region_body body, void *data, unsigned threads, unsigned flags);
void GOMP_parallel_start(region_body body, void *data, unsigned threads);
void GOMP_parallel_end(void);
void GOMP_barrier(void);
bool GOMP_single_start(void);
void *GOMP_single_copy_start(void);
void GOMP_single_copy_end(void *data);
void GOMP_ordered_start(void);
void GOMP_ordered_end(void);

unsigned GOMP_sections_start(unsigned count);
unsigned GOMP_sections_next(void);
void GOMP_sections_end(void);
void GOMP_sections_end_nowait(void);
void GOMP_parallel_sections_start(region_body body, void *data, unsigned threads, unsigned count);
void GOMP_parallel_sections(region_body body, void *data, unsigned threads, unsigned count, unsigned flags);

void GOMP_loop_end(void);
void GOMP_loop_end_nowait(void);

#define LOOPS_WITH_A_CHUNK(DO) \
  DO(static)                   \
  DO(dynamic)                  \
  DO(guided) DO(ordered_static) DO(ordered_dynamic) DO(ordered_guided) DO(nonmonotonic_dynamic) DO(nonmonotonic_guided)
#define LOOPS_BY_RUNTIME(DO) DO(runtime) DO(ordered_runtime) DO(nonmonotonic_runtime) DO(maybe_nonmonotonic_runtime)

#define DECLARE_WITH_A_CHUNK(name)                                                                            \
  bool GOMP_loop_##name##_start(long start, long end, long step, long chunk, long *first, long *last);        \
  bool GOMP_loop_##name##_next(long *first, long *last);                                                      \
  bool GOMP_loop_ull_##name##_start(bool up, ull start, ull end, ull step, ull chunk, ull *first, ull *last); \
  bool GOMP_loop_ull_##name##_next(ull *first, ull *last);
#define DECLARE_BY_RUNTIME(name)                                                                   \
  bool GOMP_loop_##name##_start(long start, long end, long step, long *first, long *last);         \
  bool GOMP_loop_##name##_next(long *first, long *last);                                           \
  bool GOMP_loop_ull_##name##_start(bool up, ull start, ull end, ull step, ull *first, ull *last); \
  bool GOMP_loop_ull_##name##_next(ull *first, ull *last);
LOOPS_WITH_A_CHUNK(DECLARE_WITH_A_CHUNK)
LOOPS_BY_RUNTIME(DECLARE_BY_RUNTIME)

// Regions that are one loop: with _start the caller runs the body itself, and then ends the region.
#define REGIONS_WITH_A_CHUNK(DO) DO(static) DO(dynamic) DO(guided)
#define DECLARE_REGION_WITH_A_CHUNK(name)                                                                         \
  void GOMP_parallel_loop_##name##_start(region_body body, void *data, unsigned threads, long start, long end,    \
                                         long step, long chunk);                                                  \
  void GOMP_parallel_loop_##name(region_body body, void *data, unsigned threads, long start, long end, long step, \
                                 long chunk, unsigned flags);
REGIONS_WITH_A_CHUNK(DECLARE_REGION_WITH_A_CHUNK)
void GOMP_parallel_loop_nonmonotonic_dynamic(region_body body, void *data, unsigned threads, long start, long end,
                                             long step, long chunk, unsigned flags);
void GOMP_parallel_loop_nonmonotonic_guided(region_body body, void *data, unsigned threads, long start, long end,
                                            long step, long chunk, unsigned flags);
void GOMP_parallel_loop_runtime_start(region_body body, void *data, unsigned threads, long start, long end, long step);
void GOMP_parallel_loop_runtime(region_body body, void *data, unsigned threads, long start, long end, long step,
                                unsigned flags);
void GOMP_parallel_loop_nonmonotonic_runtime(region_body body, void *data, unsigned threads, long start, long end,
                                             long step, unsigned flags);
void GOMP_parallel_loop_maybe_nonmonotonic_runtime(region_body body, void *data, unsigned threads, long start, long end,
                                                   long step, unsigned flags);

// Since GCC 9: one entry for all schedules, which also gives memory that the team shares for the loop.
enum { BY_RUNTIME, BY_STATIC, BY_DYNAMIC, BY_GUIDED, BY_AUTO };
#define MONOTONIC 0x80000000L
bool GOMP_loop_start(long start, long end, long step, long schedule, long chunk, long *first, long *last,
                     uintptr_t *reductions, void **memory);
bool GOMP_loop_ordered_start(long start, long end, long step, long schedule, long chunk, long *first, long *last,
                             uintptr_t *reductions, void **memory);
bool GOMP_loop_ull_start(bool up, ull start, ull end, ull step, long schedule, ull chunk, ull *first, ull *last,
                         uintptr_t *reductions, void **memory);
bool GOMP_loop_ull_ordered_start(bool up, ull start, ull end, ull step, long schedule, ull chunk, ull *first, ull *last,
                                 uintptr_t *reductions, void **memory);
unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions, void **memory);

#endif
