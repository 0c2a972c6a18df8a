/* SPDX-License-Identifier: MIT */
/* doacross_names.c: the entry points of loops with ordered(n), by schedule and kind of index. Both kinds are counted
 * from 0, and what is no iteration's number is below 0 or at least the count: so both are told in unsigned numbers of
 * 64 bits, in which a number below 0 is beyond every count. */
#include <stdarg.h>

#include "gomp/doacross.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/shared.h"

typedef unsigned long long ull;

/* C++ promises that blocks nest 256 deep, C 127. Of the arrays with so many numbers only those of the loops at hand are
 * touched. */
enum { MOST_LOOPS = 256 };

/* The thread comes to the loop, and gets its first piece. */
static bool come(pp_omp_data *here, unsigned loops, const uint64_t *counts, ppar_schedule schedule, const void *site,
                 uint64_t *first, uint64_t *past) {
  pp_omp_doacross_plan plan = {.loops = loops, .counts = counts, .schedule = schedule};
  pp_omp_doacross_open(here, &plan, site);
  return pp_omp_loop_next(here, first, past);
}

static void check_loops(unsigned loops) {
  if (loops > MOST_LOOPS) pp_omp_fatal("a loop with ordered(%u): at most ordered(%d) is served", loops, MOST_LOOPS);
}

/* Defines start_KIND, post_KIND and wait_KIND for one type of index. */
#define KIND_OF_INDEX(kind, type)                                                                                      \
  static bool start_##kind(pp_omp_data *here, unsigned loops, const type *counts, ppar_schedule schedule, type *begin, \
                           type *end, const void *site) {                                                              \
    uint64_t numbers[MOST_LOOPS], first, past;                                                                         \
    check_loops(loops);                                                                                                \
    for (unsigned l = 0; l < loops; l++) numbers[l] = (uint64_t)counts[l];                                             \
    if (!come(here, loops, numbers, schedule, site, &first, &past)) return false;                                      \
    *begin = (type)first;                                                                                              \
    *end = (type)past;                                                                                                 \
    return true;                                                                                                       \
  }                                                                                                                    \
  static bool start_any_##kind(unsigned loops, const type *counts, long schedule, type chunk, type *begin, type *end,  \
                               uintptr_t *reductions, void **memory, const void *site) {                               \
    pp_omp_data *here = pp_omp_here();                                                                                 \
    if (reductions != NULL || memory != NULL) pp_omp_shared_come(here, reductions, memory);                            \
    return start_##kind(here, loops, counts, pp_omp_schedule_of(here, schedule, (uint64_t)chunk), begin, end, site);   \
  }                                                                                                                    \
  static void post_##kind(const type *iteration) {                                                                     \
    pp_omp_data *here = pp_omp_here();                                                                                 \
    uint64_t numbers[MOST_LOOPS];                                                                                      \
    uint32_t loops = pp_omp_doacross_loops(here);                                                                      \
    for (uint32_t l = 0; l < loops; l++) numbers[l] = (uint64_t)iteration[l];                                          \
    if (loops != 0) pp_omp_doacross_post(here, numbers);                                                               \
  }                                                                                                                    \
  static void wait_##kind(type outermost, va_list others) {                                                            \
    pp_omp_data *here = pp_omp_here();                                                                                 \
    uint64_t numbers[MOST_LOOPS];                                                                                      \
    uint32_t loops = pp_omp_doacross_loops(here);                                                                      \
    numbers[0] = (uint64_t)outermost;                                                                                  \
    for (uint32_t l = 1; l < loops; l++) numbers[l] = (uint64_t)va_arg(others, type);                                  \
    if (loops != 0) pp_omp_doacross_wait(here, numbers);                                                               \
  }
KIND_OF_INDEX(long, long)
KIND_OF_INDEX(ull, ull)

/* #pragma omp for ordered(n) schedule(...): with the schedule in the name, */
#define CHUNKED(name, schedule)                                                                              \
  bool GOMP_loop_doacross_##name##_start(unsigned loops, long *counts, long chunk, long *begin, long *end) { \
    return start_long(pp_omp_here(), loops, counts, schedule(pp_omp_chunk((uint64_t)chunk)), begin, end,     \
                      __builtin_return_address(0));                                                          \
  }                                                                                                          \
  bool GOMP_loop_ull_doacross_##name##_start(unsigned loops, ull *counts, ull chunk, ull *begin, ull *end) { \
    return start_ull(pp_omp_here(), loops, counts, schedule(pp_omp_chunk(chunk)), begin, end,                \
                     __builtin_return_address(0));                                                           \
  }
CHUNKED(static, ppar_static)
CHUNKED(dynamic, ppar_dynamic)
CHUNKED(guided, ppar_guided)

bool GOMP_loop_doacross_runtime_start(unsigned loops, long *counts, long *begin, long *end) {
  pp_omp_data *here = pp_omp_here();
  return start_long(here, loops, counts, pp_omp_runtime(here, true), begin, end, __builtin_return_address(0));
}

bool GOMP_loop_ull_doacross_runtime_start(unsigned loops, ull *counts, ull *begin, ull *end) {
  pp_omp_data *here = pp_omp_here();
  return start_ull(here, loops, counts, pp_omp_runtime(here, true), begin, end, __builtin_return_address(0));
}

/* and with a number, and memory that the team shares in the loop. */
bool GOMP_loop_doacross_start(unsigned loops, long *counts, long kind, long chunk, long *begin, long *end,
                              uintptr_t *reductions, void **memory) {
  return start_any_long(loops, counts, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

bool GOMP_loop_ull_doacross_start(unsigned loops, ull *counts, long kind, ull chunk, ull *begin, ull *end,
                                  uintptr_t *reductions, void **memory) {
  return start_any_ull(loops, counts, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

/* #pragma omp ordered depend(source) */
void GOMP_doacross_post(long *iteration) { post_long(iteration); }
void GOMP_doacross_ull_post(ull *iteration) { post_ull(iteration); }

/* #pragma omp ordered depend(sink: ...) */
void GOMP_doacross_wait(long outermost, ...) {
  va_list others;
  va_start(others, outermost);
  wait_long(outermost, others);
  va_end(others);
}

void GOMP_doacross_ull_wait(ull outermost, ...) {
  va_list others;
  va_start(others, outermost);
  wait_ull(outermost, others);
  va_end(others);
}
