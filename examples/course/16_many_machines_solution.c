/* SPDX-License-Identifier: MIT */
/* 16_many_machines_solution.c: mean and standard deviation of numbers of which each rank has a part only. */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { N = 3000000 };

/* [part] */
struct part {
  int64_t first; /* the number of x[0] among all */
  double *x, mean;
};

PPAR_BODY(fill, i, struct part, part) { part->x[i] = (double)((part->first + i) % 1000); }
PPAR_FOLD(add, double, sum, i, struct part, part) { *sum += part->x[i]; }
PPAR_FOLD(add_square, double, sum, i, struct part, part) {
  double distance = part->x[i] - part->mean;
  *sum += distance * distance;
}
/* [/part] */

int main(int argc, char **argv) {
  int rank, ranks, provided;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  if (provided < MPI_THREAD_FUNNELED) MPI_Abort(MPI_COMM_WORLD, 1);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);

  /* [sums] */
  int64_t begin = (int64_t)N * rank / ranks, n = (int64_t)N * (rank + 1) / ranks - begin;
  struct part part = {.first = begin, .x = malloc((size_t)(n > 0 ? n : 1) * sizeof(double))};
  if (part.x == NULL) MPI_Abort(MPI_COMM_WORLD, 1);
  ppar_parallel_for(0, n, fill, &part, NULL);

  double mine = 0, sum = 0, squares = 0;
  ppar_parallel_reduce(0, n, add, &part, &ppar_sum_f64, &mine, NULL);
  MPI_Allreduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD); /* every rank goes on with the mean */
  part.mean = sum / N;

  mine = 0;
  ppar_parallel_reduce(0, n, add_square, &part, &ppar_sum_f64, &mine, NULL);
  MPI_Reduce(&mine, &squares, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD); /* rank 0 alone prints */
  if (rank == 0) printf("%d ranks: mean %.6f, standard deviation %.6f\n", ranks, part.mean, sqrt(squares / N));
  /* [/sums] */
  free(part.x);
  MPI_Finalize();
  return 0;
}
