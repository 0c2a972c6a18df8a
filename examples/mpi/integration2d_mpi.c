/* SPDX-License-Identifier: MIT */
/* integration2d_mpi.c: integration2d.c on many machines: MPI between them, ppar within each.
 *
 *   (by default)    each rank sums some rows by a ppar reduction, and MPI sums the ranks' values. Other ranks, other
 *                   threads or another schedule: other last digits.
 *   --reproducible  the same digits for any number of ranks and threads. The rows are cut into blocks that depend on n
 *                   alone. A block is summed by one thread, row after row, so its sum does not depend on who does it.
 *                   The blocks' sums are gathered, in order, and added up in a tree that depends on their number alone.
 */
#include <math.h>
#include <mpi.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "ranks.h"

/* Enough for hundreds of ranks with dozens of threads each, and few enough to be gathered in no time: 32 KiB. */
#define MOST_BLOCKS 4096

struct grid {
  int64_t n; /* bins a side */
  double h;  /* width of a bin */
  int64_t blocks, first;
  double *sums; /* of the rank's own blocks, from block `first` on */
};

static inline void add_row(double *sum, int64_t i, const struct grid *grid) {
  const double x = grid->h * ((double)i + 0.5);
  for (int64_t j = 0; j < grid->n; j++) {
    const double y = grid->h * ((double)j + 0.5);
    *sum += sin(x + y);
  }
}

PPAR_FOLD(fold_row, double, sum, i, struct grid, grid) { add_row(sum, i, grid); }

PPAR_BODY(sum_block, block, struct grid, grid) {
  const int64_t end = ranks_first(grid->n, grid->blocks, block + 1);
  double sum = 0;
  for (int64_t i = ranks_first(grid->n, grid->blocks, block); i < end; i++) add_row(&sum, i, grid);
  grid->sums[block - grid->first] = sum;
}

/* Neighbours first, then sums of two, of four, and so on. The values are lost. */
static double add_in_a_tree(double *values, int64_t count) {
  for (int64_t distance = 1; distance < count; distance *= 2) {
    for (int64_t i = 0; i + distance < count; i += 2 * distance) values[i] += values[i + distance];
  }
  return values[0];
}

/* The sum over all rows, on rank 0. */
static double sum_reproducibly(struct grid *grid, struct ranks ranks, const ppar_options *options) {
  double sums[MOST_BLOCKS], all[MOST_BLOCKS];
  int counts[MOST_BLOCKS], places[MOST_BLOCKS];
  grid->blocks = grid->n < MOST_BLOCKS ? grid->n : MOST_BLOCKS;
  grid->first = ranks_first(grid->blocks, ranks.count, ranks.rank);
  grid->sums = sums;
  const int64_t end = ranks_first(grid->blocks, ranks.count, ranks.rank + 1);
  ranks_need(ranks, ppar_parallel_for(grid->first, end, sum_block, grid, options), "the blocks of rows");

  for (int r = 0; r < ranks.count; r++) {
    places[r] = (int)ranks_first(grid->blocks, ranks.count, r);
    counts[r] = (int)ranks_first(grid->blocks, ranks.count, r + 1) - places[r];
  }
  MPI_Gatherv(sums, counts[ranks.rank], MPI_DOUBLE, all, counts, places, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return ranks.rank == 0 ? add_in_a_tree(all, grid->blocks) : 0;
}

static double sum_quickly(struct grid *grid, struct ranks ranks, const ppar_options *options) {
  double mine = 0, sum = 0;
  const int64_t begin = ranks_first(grid->n, ranks.count, ranks.rank);
  const int64_t end = ranks_first(grid->n, ranks.count, ranks.rank + 1);
  ranks_need(ranks, ppar_parallel_reduce(begin, end, fold_row, grid, &ppar_sum_f64, &mine, options), "the rows");
  MPI_Reduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  return sum;
}

int main(int argc, char **argv) {
  int64_t n = 10000, threads = 0;
  ppar_schedule schedule = ppar_auto();
  bool reproducible = false;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000, "bins a side"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
      ARGUMENT_FLAG("reproducible", &reproducible, "the same digits for all ranks, threads and schedules"),
  };
  const struct ranks ranks = ranks_begin(&argc, &argv);
  ranks_arguments(ranks, argc, argv, "the integral of sin(x + y) over [0, pi]^2, by ranks of threads", arguments,
                  ARGUMENT_COUNT(arguments));
  if (ranks.count > MOST_BLOCKS) {
    if (ranks.rank == 0) fprintf(stderr, "integration2d_mpi: allowed: up to %d ranks\n", MOST_BLOCKS);
    return 2;
  }

  struct grid grid = {.n = n, .h = M_PI / (double)n};
  const ppar_options options =
      PPAR_OPTIONS_INIT(.threads = (int)threads, .schedule = schedule, .name = "rows of the rank");
  MPI_Barrier(MPI_COMM_WORLD); /* ranks do not start at the same time */
  const double start = MPI_Wtime();
  const double sum = reproducible ? sum_reproducibly(&grid, ranks, &options) : sum_quickly(&grid, ranks, &options);
  const double time = MPI_Wtime() - start;

  const double value = grid.h * grid.h * sum;
  printf("Integral value is %e, Error is %e\n", value, fabs(value - 0.0));
  printf("Time spent: %e sec\n", time);
  ranks_print(ranks, threads != 0 ? (int)threads : ppar_max_threads(NULL));
  return 0;
}
