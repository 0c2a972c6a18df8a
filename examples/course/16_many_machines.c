/* SPDX-License-Identifier: MIT */
/* 16_many_machines.c: the integral of sin(x + y) by processes that share nothing, with threads in each of them. */
#include <math.h>
#include <mpi.h>
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 2999, BLOCKS = 64 };

static int shared; /* is it? */

/* [messages] */
static void compare(int rank, int ranks) {
  if (rank == 0) shared = 42;
  MPI_Barrier(MPI_COMM_WORLD); /* no rank goes on before all are here */
  if (rank != 0) {
    MPI_Send(&shared, 1, MPI_INT, 0, 0, MPI_COMM_WORLD); /* one int, to rank 0 */
    return;
  }
  printf("shared, as each rank sees it: %d", shared);
  for (int from = 1; from < ranks; from++) {
    int theirs;
    MPI_Recv(&theirs, 1, MPI_INT, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    printf(" %d", theirs);
  }
  puts("");
}
/* [/messages] */

/* [parts] */
static void add(double *sum, int64_t i) { /* row i */
  double h = M_PI / N, x = h * ((double)i + 0.5);
  for (int64_t j = 0; j < N; j++) *sum += sin(x + h * ((double)j + 0.5));
}

/* Of n things, rank r has those from first(n, r, ranks) up to the next rank's first. */
static int64_t first(int64_t n, int r, int ranks) { return n * r / ranks; }
/* [/parts] */

/* [plain] */
PPAR_FOLD_GLOBAL(add_row, double, sum, i) { add(sum, i); }

static double plain(int rank, int ranks, const ppar_options *options) {
  double mine = 0, sum = 0;
  ppar_parallel_reduce(first(N, rank, ranks), first(N, rank + 1, ranks), add_row, NULL, &ppar_sum_f64, &mine, options);
  MPI_Reduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD); /* all ranks' `mine` into rank 0's `sum` */
  return sum;
}
/* [/plain] */

/* [blocks] */
struct blocks {
  double *sums;
};

PPAR_BODY(add_block, b, struct blocks, blocks) {
  double sum = 0;
  for (int64_t i = first(N, (int)b, BLOCKS); i < first(N, (int)b + 1, BLOCKS); i++) add(&sum, i);
  blocks->sums[b] = sum;
}

static double in_blocks(int rank, int ranks, const ppar_options *options) {
  double mine[BLOCKS] = {0}, all[BLOCKS] = {0}, sum = 0;
  ppar_parallel_for(first(BLOCKS, rank, ranks), first(BLOCKS, rank + 1, ranks), add_block, &(struct blocks){mine},
                    options);
  MPI_Reduce(mine, all, BLOCKS, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD); /* a block's sum, and zeros of all others */
  for (int b = 0; b < BLOCKS; b++) sum += all[b];
  return sum;
}
/* [/blocks] */

static void measure(const char *name, double (*integral)(int, int, const ppar_options *), int rank, int ranks) {
  static char loop[32]; /* what the loop is called in pictures */
  snprintf(loop, sizeof loop, "%s, rank %d", name, rank);
  MPI_Barrier(MPI_COMM_WORLD);
  double start = MPI_Wtime();
  double value = integral(rank, ranks, PPAR_OPTIONS(.schedule = ppar_static(0), .name = loop)) * M_PI / N * M_PI / N;
  if (rank == 0) printf("%-10s %13e  all digits: %a  %.1f ms\n", name, value, value, 1e3 * (MPI_Wtime() - start));
}

/* [main] */
int main(int argc, char **argv) {
  int rank, ranks, provided;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided); /* threads there are; one of them calls MPI */
  if (provided < MPI_THREAD_FUNNELED) MPI_Abort(MPI_COMM_WORLD, 1);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) printf("%d ranks, %d threads in each\n", ranks, ppar_max_threads(NULL));
  compare(rank, ranks);
  measure("plain", plain, rank, ranks);
  measure("in blocks", in_blocks, rank, ranks);
  MPI_Finalize();
  return 0;
}
/* [/main] */
