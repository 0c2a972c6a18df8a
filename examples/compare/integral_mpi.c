/* SPDX-License-Identifier: MIT */
/* integral_mpi.c: the integral with MPI alone, a process for each CPU. Only process 0 prints. */
#include <mpi.h>

#include "integral.h"

static double integral(int64_t n) {
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const double h = M_PI / (double)n;
  double mine = 0, sum = 0;
  MPI_Barrier(MPI_COMM_WORLD); /* processes do not start at the same time */
  for (int64_t i = rank; i < n; i += ranks) {
    const double x = h * ((double)i + 0.5);
    for (int64_t j = 0; j < n; j++) mine += sin(x + h * ((double)j + 0.5));
  }
  MPI_Allreduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return h * h * sum;
}

int main(int argc, char **argv) {
  int rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank != 0 && freopen("/dev/null", "w", stdout) == NULL) MPI_Abort(MPI_COMM_WORLD, 1);
  const int status = integral_main(argc, argv, integral);
  MPI_Finalize();
  return status;
}
