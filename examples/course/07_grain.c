/* SPDX-License-Identifier: MIT */
/* 07_grain.c: the time of a loop of 64 iterations, from a nanosecond to some microseconds each: serially, on all
 * threads (static), and as the library likes it (auto). */
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 64, ROUNDS = 50, SIZES = 14, WAYS = 3 };

/* [body] */
struct job {
  int steps; /* how much to do in an iteration: a step takes about a nanosecond */
  uint64_t *x;
};

/* Not inlined, so that the compiler makes the same of it in all three loops. */
__attribute__((noinline)) static uint64_t work(uint64_t x, int steps) {
  for (int k = 0; k < steps; k++) x = x * 6364136223846793005u + 1442695040888963407u;
  return x;
}

PPAR_BODY(iteration, i, struct job, job) { job->x[i] = work(job->x[i], job->steps); }

static void serial(struct job *job) {
  for (int64_t i = 0; i < N; i++) job->x[i] = work(job->x[i], job->steps);
}

static void shared(struct job *job) {
  ppar_parallel_for(0, N, iteration, job, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "static"));
}

static void automatic(struct job *job) { ppar_parallel_for(0, N, iteration, job, PPAR_OPTIONS(.name = "auto")); }
/* [/body] */

/* [time] */
/* Seconds for one call. A short loop is called many times in a row, since the clock takes some 30 ns itself. */
static double time_of(void (*way)(struct job *job), struct job *job) {
  int calls = 1 + 20000 / (N * job->steps);
  double begin = ppar_wtime();
  for (int c = 0; c < calls; c++) way(job);
  return (ppar_wtime() - begin) / calls;
}
/* [/time] */

int main(void) {
  static uint64_t x[N];
  static void (*const ways[WAYS])(struct job * job) = {serial, shared, automatic};
  double best[SIZES][WAYS];
  /* The shortest of many times, since whatever disturbs makes them longer; and one round after the other, so that what
   * disturbs for a moment does not hit one size or one way alone. */
  for (int round = 0; round < ROUNDS; round++) {
    for (int size = 0; size < SIZES; size++) {
      for (int way = 0; way < WAYS; way++) {
        double time = time_of(ways[way], &(struct job){1 << size, x});
        if (round == 0 || time < best[size][way]) best[size][way] = time;
      }
    }
  }
  int first = SIZES; /* from this size on two threads are faster */
  while (first > 0 && best[first - 1][1] < best[first - 1][0]) first--;
  printf("an iteration     serial     static       auto\n");
  for (int size = 0; size < SIZES; size++) {
    const double *t = best[size];
    printf("%9.1f ns %7.2f us %7.2f us %7.2f us\n", 1e9 * t[0] / N, 1e6 * t[0], 1e6 * t[1], 1e6 * t[2]);
  }
  if (first < SIZES) {
    printf("more threads pay from loops of %.2f us on\n", 1e6 * best[first][0]);
  } else {
    printf("more threads do not pay here\n");
  }
  return 0;
}
