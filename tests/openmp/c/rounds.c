// SPDX-License-Identifier: MIT
// rounds.c: while a thread has nothing to do, each iteration that nobody has begun is there for it. Iterations wait for
// each other in rounds: all threads of the team are in one at the same time, or none is left to begin. No clock tells
// more of it: with iterations of equal length a loop takes as many of these as it has rounds.
#include <sched.h>

#include "program.h"

static int begun;

// The iteration that is begun as number k waits until all of its round are, and that of the last one until all are.
static void take_part(int iterations, int threads) {
  int number = __atomic_add_fetch(&begun, 1, __ATOMIC_ACQ_REL), round = (number + threads - 1) / threads * threads;
  int last = round < iterations ? round : iterations;
  while (__atomic_load_n(&begun, __ATOMIC_ACQUIRE) < last) sched_yield();
}

#define PRAGMA(text) _Pragma(#text)
#define ROUNDS(name, chunk, ...)                                       \
  static void name(int chunks, int threads) {                          \
    int last = -1, wrong = 0;                                          \
    begun = 0;                                                         \
    PRAGMA(omp parallel num_threads(threads))                          \
    PRAGMA(omp for lastprivate(last) reduction(+ : wrong) __VA_ARGS__) \
    for (int i = 0; i < chunks * (chunk); i++) {                       \
      if (omp_get_num_threads() != threads) wrong++;                   \
      if (wrong == 0 && i % (chunk) == 0) take_part(chunks, threads);  \
      last = i;                                                        \
    }                                                                  \
    EXPECT_EQ(last, chunks *(chunk)-1);                                \
    EXPECT_EQ(wrong, 0);                                               \
  }
ROUNDS(by_runtime, 1, schedule(runtime))
ROUNDS(by_dynamic, 1, schedule(dynamic))
ROUNDS(by_nonmonotonic_chunks, 3, schedule(nonmonotonic : dynamic, 3))
ROUNDS(by_monotonic, 1, schedule(monotonic : dynamic))

enum { TIMES = 50, FEW_ITERATIONS = 8 };

// Chunks whose size the program has chosen: however many there are.
PROGRAM(rounds_of_chunks) {
  for (int time = 0; time < TIMES; time++) {
    for (int threads = 1; threads <= 3; threads++) {
      by_dynamic(10 + time % 90, threads);
      by_nonmonotonic_chunks(10 + time % 90, threads);
      by_monotonic(10 + time % 90, threads);
      omp_set_schedule(omp_sched_dynamic, 0);
      by_runtime(10 + time % 90, threads);
    }
  }
}

// Pieces of auto's choice are single iterations where a loop has few.
PROGRAM(rounds_of_auto) {
  omp_set_schedule(omp_sched_auto, 0);
  for (int time = 0; time < 10 * TIMES; time++) by_runtime(FEW_ITERATIONS, 2);
}
