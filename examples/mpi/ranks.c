/* SPDX-License-Identifier: MIT */
/* ranks.c: see ranks.h. */
#include "ranks.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void end(void) { MPI_Finalize(); }

/* To where nobody reads it. */
static void drop(FILE *stream) {
  if (freopen("/dev/null", "w", stream) == NULL) MPI_Abort(MPI_COMM_WORLD, 1);
}

struct ranks ranks_begin(int *argc, char ***argv) {
  struct ranks ranks;
  int provided;
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
  atexit(end);
  MPI_Comm_rank(MPI_COMM_WORLD, &ranks.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks.count);
  if (provided < MPI_THREAD_FUNNELED) {
    fprintf(stderr, "this MPI does not allow a process to have threads (MPI_THREAD_FUNNELED)\n");
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  if (ranks.rank != 0) drop(stdout);
  return ranks;
}

void ranks_arguments(struct ranks ranks, int argc, char **argv, const char *purpose, const struct argument *arguments,
                     size_t count) {
  const int errors = ranks.rank != 0 ? dup(STDERR_FILENO) : -1;
  if (ranks.rank != 0) drop(stderr);
  arguments_read(argc, argv, purpose, arguments, count);
  if (errors >= 0) {
    dup2(errors, STDERR_FILENO);
    close(errors);
  }
}

void ranks_need(struct ranks ranks, int status, const char *what) {
  if (status == PPAR_OK) return;
  fprintf(stderr, "rank %d: %s: %s\n", ranks.rank, what, ppar_strerror(status));
  MPI_Abort(MPI_COMM_WORLD, 1);
}

bool ranks_agree(bool mine) {
  int all = mine;
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
  return all != 0;
}

void ranks_print(struct ranks ranks, int threads) {
  int least = threads, most = threads;
  MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  printf("Ranks: %d, threads of each: %d", ranks.count, least);
  if (most != least) printf(" to %d", most);
  printf("\n");
}
