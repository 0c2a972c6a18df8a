/* SPDX-License-Identifier: MIT */
/* openmp_task_matrices.c: matrices by OpenMP's tasks: a product by Strassen's method, and the LU factors of a matrix of
 * blocks, most of which are empty. */
#include <stdlib.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "peers/serve.h"

/* A square part of a row-major matrix: the elements of a row follow each other, rows are `stride` apart. */
typedef struct part {
  double *at;
  int64_t stride;
} part;

enum { LEAF = 64 };

static part quarter(part p, int64_t half, int down, int right) {
  return (part){p.at + down * half * p.stride + right * half, p.stride};
}

static void add(part out, part a, double sign, part b, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) out.at[i * out.stride + j] = a.at[i * a.stride + j] + sign * b.at[i * b.stride + j];
}

static void product_plain(part c, part a, part b, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double *row = c.at + i * c.stride;
    memset(row, 0, (size_t)n * sizeof *row);
    for (int64_t k = 0; k < n; k++) {
      double factor = a.at[i * a.stride + k];
      const double *other = b.at + k * b.stride;
      for (int64_t j = 0; j < n; j++) row[j] += factor * other[j];
    }
  }
}

static void product(part c, part a, part b, int64_t n);

/* out = (a1 + sign_a a2)(b1 + sign_b b2), where a sign of 0 leaves the second one out. */
static void product_of_sums(part out, part a1, double sign_a, part a2, part b1, double sign_b, part b2, int64_t n) {
  double *room = malloc(2 * (size_t)(n * n) * sizeof *room);
  part left = a1, right = b1;
  if (room == NULL) abort();
  if (sign_a != 0) add(left = (part){room, n}, a1, sign_a, a2, n);
  if (sign_b != 0) add(right = (part){room + n * n, n}, b1, sign_b, b2, n);
  product(out, left, right, n);
  free(room);
}

static void product(part c, part a, part b, int64_t n) {
  int64_t half = n / 2;
  part a11 = quarter(a, half, 0, 0), a12 = quarter(a, half, 0, 1), a21 = quarter(a, half, 1, 0);
  part a22 = quarter(a, half, 1, 1), b11 = quarter(b, half, 0, 0), b12 = quarter(b, half, 0, 1);
  part b21 = quarter(b, half, 1, 0), b22 = quarter(b, half, 1, 1), m[7];
  double *room;
  if (n <= LEAF) {
    product_plain(c, a, b, n);
    return;
  }
  room = malloc(7 * (size_t)(half * half) * sizeof *room);
  if (room == NULL) abort();
  for (int k = 0; k < 7; k++) m[k] = (part){room + k * half * half, half};
#pragma omp task
  product_of_sums(m[0], a11, 1, a22, b11, 1, b22, half);
#pragma omp task
  product_of_sums(m[1], a21, 1, a22, b11, 0, b11, half);
#pragma omp task
  product_of_sums(m[2], a11, 0, a11, b12, -1, b22, half);
#pragma omp task
  product_of_sums(m[3], a22, 0, a22, b21, -1, b11, half);
#pragma omp task
  product_of_sums(m[4], a11, 1, a12, b22, 0, b22, half);
#pragma omp task
  product_of_sums(m[5], a21, -1, a11, b11, 1, b12, half);
  product_of_sums(m[6], a12, -1, a22, b21, 1, b22, half);
#pragma omp taskwait
  for (int64_t i = 0; i < half; i++) {
    double *upper = c.at + i * c.stride, *lower = c.at + (i + half) * c.stride;
    for (int64_t j = 0; j < half; j++) {
      int64_t k = i * half + j;
      upper[j] = m[0].at[k] + m[3].at[k] - m[4].at[k] + m[6].at[k];
      upper[j + half] = m[2].at[k] + m[4].at[k];
      lower[j] = m[1].at[k] + m[3].at[k];
      lower[j + half] = m[0].at[k] - m[1].at[k] + m[2].at[k] + m[5].at[k];
    }
  }
  free(room);
}

/* Whether the C library gives freed memory back to the system depends on what lies behind it. Where it does, each run
 * waits for hundreds of pages: a third of its time, on whichever runtime has bad luck. So it keeps all. */
static void keep_memory(void) {
#if defined(__GLIBC__)
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 25);
  (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

static void strassen(bench_job *job) {
  int64_t n = job->n;
  keep_memory();
  part c = {job->data.z, n}, a = {job->data.x, n}, b = {job->data.y, n};
#pragma omp parallel
#pragma omp single
  product(c, a, b, n);
  job->check = job->data.z[n] + job->data.z[n * n / 2];
}

/* A matrix of BLOCKS x BLOCKS blocks, of which NULL ones are zero; each has SIDE x SIDE elements. */
enum { BLOCKS = 24, SIDE = 24, BLOCK = SIDE * SIDE };
static double *blocks[BLOCKS][BLOCKS];
static double elements[BLOCKS][BLOCKS][BLOCK];

static void make_matrix(void) {
  unsigned state = 7;
  for (int i = 0; i < BLOCKS; i++) {
    for (int j = 0; j < BLOCKS; j++) {
      int filled = i == j || abs(i - j) == 1 || (i % 3 == 0 && j % 2 == 0) || (i % 2 == 1 && j % 5 == 0);
      blocks[i][j] = filled ? elements[i][j] : NULL;
      for (int k = 0; filled && k < BLOCK; k++) {
        state = state * 1664525u + 1013904223u;
        elements[i][j][k] = (double)(state >> 8) / (1 << 24);
      }
      for (int k = 0; i == j && k < SIDE; k++) elements[i][j][k * SIDE + k] += BLOCKS * SIDE;
    }
  }
}

static void factor(double *d) {
  for (int k = 0; k < SIDE; k++)
    for (int i = k + 1; i < SIDE; i++) {
      d[i * SIDE + k] /= d[k * SIDE + k];
      for (int j = k + 1; j < SIDE; j++) d[i * SIDE + j] -= d[i * SIDE + k] * d[k * SIDE + j];
    }
}

static void solve_row(const double *d, double *row) {
  for (int k = 0; k < SIDE; k++)
    for (int i = k + 1; i < SIDE; i++)
      for (int j = 0; j < SIDE; j++) row[i * SIDE + j] -= d[i * SIDE + k] * row[k * SIDE + j];
}

static void solve_column(const double *d, double *column) {
  for (int i = 0; i < SIDE; i++)
    for (int k = 0; k < SIDE; k++) {
      column[i * SIDE + k] /= d[k * SIDE + k];
      for (int j = k + 1; j < SIDE; j++) column[i * SIDE + j] -= column[i * SIDE + k] * d[k * SIDE + j];
    }
}

static void update(const double *column, const double *row, double *inner) {
  for (int i = 0; i < SIDE; i++)
    for (int k = 0; k < SIDE; k++)
      for (int j = 0; j < SIDE; j++) inner[i * SIDE + j] -= column[i * SIDE + k] * row[k * SIDE + j];
}

static double sum_of_blocks(void) {
  double sum = 0;
  for (int i = 0; i < BLOCKS; i++)
    for (int j = 0; j < BLOCKS; j++)
      for (int k = 0; blocks[i][j] != NULL && k < BLOCK; k++) sum += blocks[i][j][k];
  return sum;
}

/* A block that was empty is one now. */
static double *filled(int i, int j) {
  if (blocks[i][j] == NULL) {
    memset(elements[i][j], 0, sizeof elements[i][j]);
    blocks[i][j] = elements[i][j];
  }
  return blocks[i][j];
}

/* One thread makes the tasks of a step, and waits for them before those that need them. */
static void sparse_lu(bench_job *job) {
  make_matrix();
#pragma omp parallel
#pragma omp single
  for (int k = 0; k < BLOCKS; k++) {
    factor(blocks[k][k]);
    for (int j = k + 1; j < BLOCKS; j++) {
      if (blocks[k][j] != NULL) {
#pragma omp task
        solve_row(blocks[k][k], blocks[k][j]);
      }
      if (blocks[j][k] != NULL) {
#pragma omp task
        solve_column(blocks[k][k], blocks[j][k]);
      }
    }
#pragma omp taskwait
    for (int i = k + 1; i < BLOCKS; i++)
      for (int j = k + 1; j < BLOCKS; j++)
        if (blocks[i][k] != NULL && blocks[k][j] != NULL) {
          double *inner = filled(i, j);
#pragma omp task firstprivate(inner)
          update(blocks[i][k], blocks[k][j], inner);
        }
#pragma omp taskwait
  }
  job->check = sum_of_blocks();
}

/* The same where each task names the blocks that it needs: nobody waits before the end. */
static void sparse_lu_depend(bench_job *job) {
  make_matrix();
#pragma omp parallel
#pragma omp single
  for (int k = 0; k < BLOCKS; k++) {
    double *d = blocks[k][k];
#pragma omp task depend(inout : d[0]) firstprivate(d)
    factor(d);
    for (int j = k + 1; j < BLOCKS; j++) {
      double *row = blocks[k][j], *column = blocks[j][k];
      if (row != NULL) {
#pragma omp task depend(in : d[0]) depend(inout : row[0]) firstprivate(d, row)
        solve_row(d, row);
      }
      if (column != NULL) {
#pragma omp task depend(in : d[0]) depend(inout : column[0]) firstprivate(d, column)
        solve_column(d, column);
      }
    }
    for (int i = k + 1; i < BLOCKS; i++)
      for (int j = k + 1; j < BLOCKS; j++)
        if (blocks[i][k] != NULL && blocks[k][j] != NULL) {
          double *column = blocks[i][k], *row = blocks[k][j], *inner = filled(i, j);
#pragma omp task depend(in : column[0], row[0]) depend(inout : inner[0]) firstprivate(column, row, inner)
          update(column, row, inner);
        }
  }
  job->check = sum_of_blocks();
}

static const bench_kernel kernels[] = {
    {.name = "strassen", .run = strassen},
    {.name = "sparse_lu", .run = sparse_lu},
    {.name = "sparse_lu_depend", .run = sparse_lu_depend},
};

const bench_kernel_list bench_task_matrix_kernels = {kernels, sizeof kernels / sizeof *kernels};
