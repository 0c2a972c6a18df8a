/* SPDX-License-Identifier: MIT */
/* 14_random_solution.c: how far a drunkard gets: random walks in parallel, a stream for each walk, and a table of how
 * often each distance came; the same digits for every number of threads and every schedule. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>
#include <ppar/rng.h>

enum { WALKS = 4000, LONGEST = 2000, BINS = 8, BIN = 20 /* steps */ };

/* [walk] */
struct distances {
  int64_t count[BINS], steps;
};

static void add(void *into, const void *from) {
  struct distances *left = into;
  const struct distances *right = from;
  for (int b = 0; b < BINS; b++) left->count[b] += right->count[b];
  left->steps += right->steps;
}
static const ppar_reduction distances = {.size = sizeof(struct distances), .combine = add};

struct city {
  uint64_t seed;
};

/* Walk i is as long as its own stream says: uneven work. Its numbers depend on i alone. */
PPAR_FOLD(walk, struct distances, all, i, struct city, city) {
  ppar_rng rng = ppar_rng_stream(city->seed, (uint64_t)i);
  int64_t at = 0, steps = 1 + (int64_t)ppar_rng_below(&rng, LONGEST);
  for (int64_t k = 0; k < steps; k++) at += ppar_rng_below(&rng, 2) == 0 ? -1 : 1;
  int64_t bin = llabs(at) / BIN;
  all->count[bin < BINS ? bin : BINS - 1]++;
  all->steps += steps;
}
/* [/walk] */

static struct distances simulate(int threads, ppar_schedule schedule) {
  struct distances result = {{0}, 0};
  ppar_parallel_reduce(0, WALKS, walk, &(struct city){1}, &distances, &result,
                       PPAR_OPTIONS(.threads = threads, .schedule = schedule, .name = "walks"));
  return result;
}

static void print(const char *name, struct distances d) {
  printf("%-22s", name);
  for (int b = 0; b < BINS; b++) printf(" %5" PRId64, d.count[b]);
  printf(" in %" PRId64 " steps\n", d.steps);
}

int main(void) {
  print("1 thread", simulate(1, ppar_static(0)));
  print("2 threads, static", simulate(2, ppar_static(0)));
  print("4 threads, dynamic,1", simulate(4, ppar_dynamic(1)));
  print("all threads, auto", simulate(0, ppar_auto()));
  return 0;
}
