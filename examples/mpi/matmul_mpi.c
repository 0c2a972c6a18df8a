/* SPDX-License-Identifier: MIT */
/* matmul_mpi.c: the product of two square matrices on many machines: SUMMA (van de Geijn and Watts, 1997) between
 * them, ppar within each.
 *
 * The ranks form a grid. Each has a block of A, of B and of C: the rows of its row of the grid, and the columns of its
 * column. C is the sum of products of panels: some columns of A times the same rows of B. For each panel the ranks that
 * have a piece of it send it along: of A's columns to all ranks in their row of the grid, of B's rows to all in their
 * column. Then each rank multiplies what it has got, by dgemm.c, and adds that to its block of C.
 *
 * The digits are the same for any number of ranks, of threads and any schedule, on machines with the same vector
 * instructions: the panels' widths depend on n alone, and their products are added in their order. Any number of ranks
 * will do: a prime number of them is a grid of one column. Any n will do, too: blocks differ by a row or column, and
 * may be empty. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <string.h>

#include <ppar/ppar.h>

#include "../dgemm.h"
#include "ranks.h"

#define CHECK_UP_TO 256
#define PANEL 512 /* most columns of A in a panel: as many as dgemm.c has in its caches at a time */

struct grid {
  int rows, columns; /* of ranks */
  int row, column;   /* where this rank is */
  MPI_Comm row_ranks, column_ranks;
};

struct matrices {
  int64_t n;
  struct grid grid;
  int64_t row, rows, column, columns; /* where this rank's blocks of A, B and C begin, and their size */
  double *a, *b, *c;
  double *panel_a, *panel_b; /* the rank's rows of a panel's columns; the rank's columns of its rows */
  ppar_options options;
};

/* A number from -0.5 to 0.5 that looks random and depends on its place alone. */
static inline double element(int64_t index) {
  uint64_t mix = ((uint64_t)index + 1) * 0x9e3779b97f4a7c15u;
  mix = (mix ^ (mix >> 32)) * 0xd6e8feb86659fd93u;
  return (double)(mix >> 11) * 0x1p-53 - 0.5;
}
static inline double element_of_a(const struct matrices *m, int64_t i, int64_t j) { return element(i * m->n + j); }
static inline double element_of_b(const struct matrices *m, int64_t i, int64_t j) { return element(-(i * m->n + j)); }

/* In parallel, so that the memory is near the threads that will use it. */
PPAR_BODY(fill_row_of_a, i, struct matrices, m) {
  for (int64_t j = 0; j < m->columns; j++) m->a[i * m->columns + j] = element_of_a(m, m->row + i, m->column + j);
}
PPAR_BODY(fill_row_of_b, i, struct matrices, m) {
  for (int64_t j = 0; j < m->columns; j++) m->b[i * m->columns + j] = element_of_b(m, m->row + i, m->column + j);
}
PPAR_BODY(clear_row_of_c, i, struct matrices, m) {
  for (int64_t j = 0; j < m->columns; j++) m->c[i * m->columns + j] = 0;
}

static int64_t larger(int64_t x, int64_t y) { return x > y ? x : y; }
static int64_t smaller(int64_t x, int64_t y) { return x < y ? x : y; }

/* The columns p ... p + width - 1 of A go along the rows of the grid. Those that have some of them send one after the
 * other: each its piece, whose rows lie `width` apart in the panel. */
static void share_columns_of_a(const struct matrices *m, int64_t p, int64_t width) {
  for (int sender = 0; sender < m->grid.columns; sender++) {
    const int64_t has = ranks_first(m->n, m->grid.columns, sender);
    const int64_t begin = larger(p, has), end = smaller(p + width, ranks_first(m->n, m->grid.columns, sender + 1));
    if (begin >= end || m->rows == 0) continue;
    double *to = m->panel_a + (begin - p);
    if (sender == m->grid.column) {
      for (int64_t i = 0; i < m->rows; i++)
        memcpy(to + i * width, m->a + i * m->columns + (begin - has), (size_t)(end - begin) * sizeof *to);
    }
    MPI_Datatype piece;
    MPI_Type_vector((int)m->rows, (int)(end - begin), (int)width, MPI_DOUBLE, &piece);
    MPI_Type_commit(&piece);
    MPI_Bcast(to, 1, piece, sender, m->grid.row_ranks);
    MPI_Type_free(&piece);
  }
}

/* The rows p ... p + width - 1 of B go along the columns of the grid. */
static void share_rows_of_b(const struct matrices *m, int64_t p, int64_t width) {
  for (int sender = 0; sender < m->grid.rows; sender++) {
    const int64_t has = ranks_first(m->n, m->grid.rows, sender);
    const int64_t begin = larger(p, has), end = smaller(p + width, ranks_first(m->n, m->grid.rows, sender + 1));
    const int64_t count = (end - begin) * m->columns;
    if (begin >= end || count == 0) continue;
    double *to = m->panel_b + (begin - p) * m->columns;
    if (sender == m->grid.row) memcpy(to, m->b + (begin - has) * m->columns, (size_t)count * sizeof *to);
    MPI_Bcast(to, (int)count, MPI_DOUBLE, sender, m->grid.column_ranks);
  }
}

/* C = A * B; adds the seconds that the sending takes to *sending. */
static int multiply(struct matrices *m, double *sending) {
  const int64_t panels = (m->n + PANEL - 1) / PANEL, width = (m->n + panels - 1) / panels;
  int status = ppar_parallel_for(0, m->rows, clear_row_of_c, m, &m->options);
  for (int64_t p = 0; p < m->n && status == PPAR_OK; p += width) {
    const int64_t depth = smaller(width, m->n - p);
    const double start = MPI_Wtime();
    share_columns_of_a(m, p, depth);
    share_rows_of_b(m, p, depth);
    *sending += MPI_Wtime() - start;
    status = dgemm_ppar_add(m->rows, m->columns, depth, m->panel_a, depth, m->panel_b, m->columns, m->c, m->columns,
                            &m->options);
  }
  return status;
}

/* Whether the rank's block of C is what a plain loop makes of the whole matrices' elements. */
static bool is_right(const struct matrices *m) {
  const double n = (double)m->n, allowed = 2 * n * DBL_EPSILON * n / 4;
  bool good = true;
  for (int64_t i = 0; i < m->rows; i++) {
    for (int64_t j = 0; j < m->columns; j++) {
      double sum = 0;
      for (int64_t p = 0; p < m->n; p++) sum += element_of_a(m, m->row + i, p) * element_of_b(m, p, m->column + j);
      good = good && fabs(sum - m->c[i * m->columns + j]) <= allowed;
    }
  }
  return good;
}

/* One number for all bits of C, which does not depend on how C is divided: on rank 0. */
static uint64_t digest(const struct matrices *m) {
  uint64_t mine = 0, all = 0;
  for (int64_t i = 0; i < m->rows; i++) {
    for (int64_t j = 0; j < m->columns; j++) {
      uint64_t bits, mix;
      memcpy(&bits, &m->c[i * m->columns + j], sizeof bits);
      mix = (bits ^ (uint64_t)((m->row + i) * m->n + m->column + j)) * 0x9e3779b97f4a7c15u;
      mine += (mix ^ (mix >> 29)) * 0xd6e8feb86659fd93u;
    }
  }
  MPI_Reduce(&mine, &all, 1, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
  return all;
}

/* As square as the number of ranks allows. */
static struct grid make_grid(struct ranks ranks) {
  struct grid grid;
  int sizes[2] = {0, 0};
  MPI_Dims_create(ranks.count, 2, sizes);
  grid.rows = sizes[0];
  grid.columns = sizes[1];
  grid.row = ranks.rank / grid.columns;
  grid.column = ranks.rank % grid.columns;
  MPI_Comm_split(MPI_COMM_WORLD, grid.row, grid.column, &grid.row_ranks);
  MPI_Comm_split(MPI_COMM_WORLD, grid.column, grid.row, &grid.column_ranks);
  return grid;
}

static void divide(struct matrices *m, struct grid grid) {
  m->grid = grid;
  m->row = ranks_first(m->n, grid.rows, grid.row);
  m->rows = ranks_first(m->n, grid.rows, grid.row + 1) - m->row;
  m->column = ranks_first(m->n, grid.columns, grid.column);
  m->columns = ranks_first(m->n, grid.columns, grid.column + 1) - m->column;
}

static double *matrix(int64_t rows, int64_t columns) {
  return ppar_alloc((size_t)larger(rows * columns, 1) * sizeof(double));
}

static int fill(struct matrices *m) {
  int status = ppar_parallel_for(0, m->rows, fill_row_of_a, m, &m->options);
  return status == PPAR_OK ? ppar_parallel_for(0, m->rows, fill_row_of_b, m, &m->options) : status;
}

/* Measures, checks and prints; whether all is right. */
static bool run(struct matrices *m, struct ranks ranks, int64_t repeat, bool check) {
  double best = INFINITY, best_sending = 0;
  ranks_need(ranks, fill(m), "filling the matrices");
  for (int64_t r = 0; r < repeat; r++) {
    double sending = 0;
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    ranks_need(ranks, multiply(m, &sending), "the product");
    MPI_Barrier(MPI_COMM_WORLD);
    const double time = MPI_Wtime() - start;
    if (time < best) {
      best = time;
      best_sending = sending;
    }
  }
  const double n = (double)m->n;
  printf("n = %" PRId64 ", %d x %d ranks, best of %" PRId64 "\n", m->n, m->grid.rows, m->grid.columns, repeat);
  printf("%.3g s, %.1f GFLOP/s; rank 0 sends and waits for %.0f %% of the time\n", best, 2e-9 * n * n * n / best,
         100 * best_sending / best);
  printf("digest of all digits: %016" PRIx64 "\n", digest(m));
  if (!check) return true;
  const bool good = ranks_agree(is_right(m));
  printf("beside the plain loop: %s\n", good ? "passed" : "FAILED");
  return good;
}

int main(int argc, char **argv) {
  int64_t n = 2048, threads = 0, repeat = 5;
  ppar_schedule schedule = ppar_auto();
  bool check = false;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 100000, "rows and columns"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
      ARGUMENT_INTEGER("repeat", &repeat, 1, 1000000, "how often to measure"),
      ARGUMENT_FLAG("check", &check, "against a plain loop, which takes long for a large n"),
  };
  const struct ranks ranks = ranks_begin(&argc, &argv);
  ranks_arguments(ranks, argc, argv, "the product of two square matrices, by ranks of threads", arguments,
                  ARGUMENT_COUNT(arguments));

  struct matrices m = {.n = n, .options = PPAR_OPTIONS_INIT(.threads = (int)threads, .schedule = schedule)};
  divide(&m, make_grid(ranks));
  m.a = matrix(m.rows, m.columns);
  m.b = matrix(m.rows, m.columns);
  m.c = matrix(m.rows, m.columns);
  m.panel_a = matrix(m.rows, smaller(n, PANEL));
  m.panel_b = matrix(smaller(n, PANEL), m.columns);
  const bool has_memory = m.a != NULL && m.b != NULL && m.c != NULL && m.panel_a != NULL && m.panel_b != NULL;
  ranks_need(ranks, has_memory ? PPAR_OK : PPAR_ENOMEM, "the matrices");
  const bool good = run(&m, ranks, repeat, check || n <= CHECK_UP_TO);
  ranks_print(ranks, threads != 0 ? (int)threads : ppar_max_threads(NULL));
  ppar_free(m.panel_b);
  ppar_free(m.panel_a);
  ppar_free(m.c);
  ppar_free(m.b);
  ppar_free(m.a);
  return good ? 0 : 1;
}
