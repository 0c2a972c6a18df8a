/* SPDX-License-Identifier: MIT */
/* bootstrap_mpi.c: how sure is a mean? A bootstrap on many machines: MPI between them, ppar within each.
 *
 * From a sample of n numbers new samples of n are drawn, with replacement, thousands of them. The means of these
 * resamples lie about as far apart as the means of samples would. So the interval that holds 95 % of them tells how far
 * off the sample's mean may be (Efron's percentile interval).
 *
 * The digits are the same for any number of ranks and threads: resample r has stream r of the random numbers, whoever
 * draws it, and is added up by one thread. Streams for each rank or each thread would give other resamples whenever
 * their number changes. */
#include <inttypes.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>
#include <ppar/rng.h>

#include "ranks.h"

struct bootstrap {
  int64_t n;
  uint64_t seed;
  double *sample;
  int64_t first; /* the rank's own resamples begin here */
  double *means; /* of these */
};

/* The sample: lifetimes, whose true mean is 1. It is stream 0; the resamples have streams 1, 2, ... */
static void make_sample(struct bootstrap *b) {
  ppar_rng rng = ppar_rng_stream(b->seed, 0);
  for (int64_t i = 0; i < b->n; i++) b->sample[i] = -log1p(-ppar_rng_f64(&rng));
}

PPAR_BODY(resample, r, struct bootstrap, b) {
  ppar_rng rng = ppar_rng_stream(b->seed, 1 + (uint64_t)r);
  double sum = 0;
  for (int64_t i = 0; i < b->n; i++) sum += b->sample[ppar_rng_below(&rng, (uint64_t)b->n)];
  b->means[r - b->first] = sum / (double)b->n;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* All ranks' means on rank 0, in order. */
static void gather(double *all, const double *mine, int64_t resamples, struct ranks ranks, int *counts, int *places) {
  for (int r = 0; r < ranks.count; r++) {
    places[r] = (int)ranks_first(resamples, ranks.count, r);
    counts[r] = (int)ranks_first(resamples, ranks.count, r + 1) - places[r];
  }
  MPI_Gatherv(mine, counts[ranks.rank], MPI_DOUBLE, all, counts, places, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/* So many percent of the sorted means lie between the two. */
static void print_interval(const struct bootstrap *b, double *means, int64_t resamples, int64_t confidence) {
  double sum = 0;
  for (int64_t i = 0; i < b->n; i++) sum += b->sample[i];
  qsort(means, (size_t)resamples, sizeof *means, compare);
  const int64_t below = resamples * (100 - confidence) / 200;
  printf("The mean of %" PRId64 " numbers is %.15g\n", b->n, sum / (double)b->n);
  printf("%" PRId64 " %% confidence interval: %.15g to %.15g, from %" PRId64 " resamples\n", confidence, means[below],
         means[resamples - 1 - below], resamples);
}

int main(int argc, char **argv) {
  int64_t n = 10000, resamples = 10000, confidence = 95, seed = 1, threads = 0;
  ppar_schedule schedule = ppar_auto();
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "numbers in the sample"),
      ARGUMENT_INTEGER("resamples", &resamples, 1, 100000000, "how often to draw so many from it"),
      ARGUMENT_INTEGER("confidence", &confidence, 1, 99, "percent of the means between the interval's ends"),
      ARGUMENT_INTEGER("seed", &seed, 0, INT64_MAX, "another one gives other random numbers"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
  };
  const struct ranks ranks = ranks_begin(&argc, &argv);
  ranks_arguments(ranks, argc, argv, "a confidence interval by a bootstrap, by ranks of threads", arguments,
                  ARGUMENT_COUNT(arguments));

  struct bootstrap b = {.n = n, .seed = (uint64_t)seed, .first = ranks_first(resamples, ranks.count, ranks.rank)};
  const int64_t end = ranks_first(resamples, ranks.count, ranks.rank + 1);
  double *all = ppar_alloc((size_t)(ranks.rank == 0 ? resamples : 1) * sizeof *all);
  int *counts = ppar_alloc(2 * (size_t)ranks.count * sizeof *counts);
  b.sample = ppar_alloc((size_t)n * sizeof *b.sample);
  b.means = ppar_alloc((size_t)(end - b.first + 1) * sizeof *b.means);
  const bool has_memory = all != NULL && counts != NULL && b.sample != NULL && b.means != NULL;
  ranks_need(ranks, has_memory ? PPAR_OK : PPAR_ENOMEM, "the sample");

  MPI_Barrier(MPI_COMM_WORLD);
  const double start = MPI_Wtime();
  make_sample(&b); /* on every rank: that is faster than to send it */
  ranks_need(ranks,
             ppar_parallel_for(b.first, end, resample, &b,
                               PPAR_OPTIONS(.threads = (int)threads, .schedule = schedule, .name = "resamples")),
             "the resamples");
  gather(all, b.means, resamples, ranks, counts, counts + ranks.count);
  if (ranks.rank == 0) print_interval(&b, all, resamples, confidence);
  printf("Time spent: %e sec\n", MPI_Wtime() - start);
  ranks_print(ranks, threads != 0 ? (int)threads : ppar_max_threads(NULL));
  ppar_free(b.means);
  ppar_free(b.sample);
  ppar_free(counts);
  ppar_free(all);
  return 0;
}
