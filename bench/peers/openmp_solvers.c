/* SPDX-License-Identifier: MIT */
/* openmp_solvers.c: solvers in the manner of the NAS benchmarks, under OpenMP's pragmas: one region with many short
 * loops in it. */
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <string.h>

#include "peers/serve.h"

/* Conjugate gradients: a sparse matrix of a few elements a row, symmetric and heavy in its diagonal. */
enum { CG_ROWS = 1400, CG_BANDS = 5, CG_INNER = 25 };
static const int cg_distances[CG_BANDS] = {1, 7, 53, 211, 640};

static double cg_element(int row, int band) { return 1.0 / (1 + (row % 7) + band); }

static void cg(bench_job *job) {
  static double x[CG_ROWS], r[CG_ROWS], p[CG_ROWS], q[CG_ROWS], z[CG_ROWS];
  double rho = 0, next_rho = 0, d = 0, norm = 0, zeta = 0;
#pragma omp parallel
  {
#pragma omp for
    for (int i = 0; i < CG_ROWS; i++) x[i] = 1;
    for (int outer = 0; outer < job->n; outer++) {
#pragma omp single
      rho = next_rho = d = norm = zeta = 0;
#pragma omp for reduction(+ : rho)
      for (int i = 0; i < CG_ROWS; i++) {
        z[i] = 0;
        r[i] = p[i] = x[i];
        rho += r[i] * r[i];
      }
      for (int inner = 0; inner < CG_INNER; inner++) {
        double alpha, beta;
#pragma omp for reduction(+ : d)
        for (int i = 0; i < CG_ROWS; i++) {
          double sum = 8 * p[i];
          for (int b = 0; b < CG_BANDS; b++) {
            int above = i - cg_distances[b], below = i + cg_distances[b];
            if (above >= 0) sum += cg_element(above, b) * p[above];
            if (below < CG_ROWS) sum += cg_element(i, b) * p[below];
          }
          q[i] = sum;
          d += p[i] * sum;
        }
        alpha = rho / d;
#pragma omp for reduction(+ : next_rho)
        for (int i = 0; i < CG_ROWS; i++) {
          z[i] += alpha * p[i];
          r[i] -= alpha * q[i];
          next_rho += r[i] * r[i];
        }
        beta = next_rho / rho;
#pragma omp for
        for (int i = 0; i < CG_ROWS; i++) p[i] = r[i] + beta * p[i];
#pragma omp single
        {
          rho = next_rho;
          next_rho = d = 0;
        }
      }
#pragma omp for reduction(+ : norm, zeta)
      for (int i = 0; i < CG_ROWS; i++) {
        norm += z[i] * z[i];
        zeta += x[i] * z[i];
      }
#pragma omp for
      for (int i = 0; i < CG_ROWS; i++) x[i] = z[i] / sqrt(norm);
    }
  }
  job->check = zeta;
}

/* A multigrid method for a periodic grid in three dimensions: grids of 2, 4, ..., MG_SIDE points a side. */
enum { MG_LEVELS = 5, MG_SIDE = 1 << MG_LEVELS, MG_POINTS = MG_SIDE * MG_SIDE * MG_SIDE, MG_CYCLES = 4 };
typedef double mg_grid[MG_POINTS];
static mg_grid mg_u[MG_LEVELS + 1], mg_r[MG_LEVELS + 1], mg_v;

static int at(int n, int i, int j, int k) {
  int mask = n - 1;
  return ((i & mask) * n + (j & mask)) * n + (k & mask);
}

/* The middle, and what six neighbours of a point have. */
static double around(const double *g, int n, int i, int j, int k, double middle, double beside) {
  return middle * g[at(n, i, j, k)] + beside * (g[at(n, i - 1, j, k)] + g[at(n, i + 1, j, k)] + g[at(n, i, j - 1, k)] +
                                                g[at(n, i, j + 1, k)] + g[at(n, i, j, k - 1)] + g[at(n, i, j, k + 1)]);
}

static void mg_residual(double *r, const double *v, const double *u, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++) r[at(n, i, j, k)] = v[at(n, i, j, k)] - around(u, n, i, j, k, -6, 1);
}

/* u = u + c r, where r is smoothed: a point depends on r alone, so that the order does not matter. */
static void mg_smooth(double *u, const double *r, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++) u[at(n, i, j, k)] += around(r, n, i, j, k, -3.0 / 24, -1.0 / 48);
}

static void mg_coarsen(double *coarse, const double *fine, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++) coarse[at(n, i, j, k)] = around(fine, 2 * n, 2 * i, 2 * j, 2 * k, 1, 0.5);
}

static void mg_refine(double *fine, const double *coarse, int n) {
#pragma omp parallel for
  for (int i = 0; i < 2 * n; i++)
    for (int j = 0; j < 2 * n; j++)
      for (int k = 0; k < 2 * n; k++) {
        double sum = 0;
        for (int c = 0; c < 8; c++) sum += coarse[at(n, (i + (c & 1)) / 2, (j + (c >> 1 & 1)) / 2, (k + (c >> 2)) / 2)];
        fine[at(2 * n, i, j, k)] += sum / 8;
      }
}

static void mg(bench_job *job) {
  double norm = 0;
  memset(mg_u, 0, sizeof mg_u);
  memset(mg_v, 0, sizeof mg_v);
  for (int c = 0; c < 10; c++) {
    mg_v[(c * 3571 + 17) % MG_POINTS] = 1;
    mg_v[(c * 7919 + 4001) % MG_POINTS] = -1;
  }
  for (int cycle = 0; cycle < MG_CYCLES; cycle++) {
    mg_residual(mg_r[MG_LEVELS], mg_v, mg_u[MG_LEVELS], MG_SIDE);
    for (int level = MG_LEVELS - 1; level > 0; level--) {
      mg_coarsen(mg_r[level], mg_r[level + 1], 1 << level);
      memset(mg_u[level], 0, sizeof(double) << 3 * level);
    }
    mg_smooth(mg_u[1], mg_r[1], 2);
    for (int level = 2; level <= MG_LEVELS; level++) {
      mg_refine(mg_u[level], mg_u[level - 1], 1 << (level - 1));
      mg_residual(mg_r[level], level == MG_LEVELS ? mg_v : mg_r[level], mg_u[level], 1 << level);
      mg_smooth(mg_u[level], mg_r[level], 1 << level);
    }
  }
  mg_residual(mg_r[MG_LEVELS], mg_v, mg_u[MG_LEVELS], MG_SIDE);
#pragma omp parallel for reduction(+ : norm)
  for (int k = 0; k < MG_POINTS; k++) norm += mg_r[MG_LEVELS][k] * mg_r[MG_LEVELS][k];
  job->check = sqrt(norm);
}

/* Sweeps over a grid whose points need the ones above and to the left of them. Each thread has a band of columns, and
 * spins on the flag of the thread to its left: all of the team have to run at once. */
enum { LU_SIDE = 256, LU_SWEEPS = 20, LU_THREADS_MAX = 1024 };
typedef struct lu_flag {
  _Alignas(64) atomic_int row; /* rows that are done, of all sweeps */
} lu_flag;

static void lu(bench_job *job) {
  static double g[LU_SIDE + 1][LU_SIDE + 1];
  static lu_flag flags[LU_THREADS_MAX];
  for (int i = 0; i <= LU_SIDE; i++)
    for (int j = 0; j <= LU_SIDE; j++) g[i][j] = 1 + 0.1 * (i % 5) + 0.1 * (j % 7);
#pragma omp parallel
  {
    int t = omp_get_thread_num(), threads = omp_get_num_threads();
    int begin = 1 + LU_SIDE * t / threads, end = 1 + LU_SIDE * (t + 1) / threads;
    atomic_store(&flags[t].row, 0);
#pragma omp barrier
    for (int sweep = 0; sweep < LU_SWEEPS; sweep++) {
      for (int i = 1; i <= LU_SIDE; i++) {
        int row = sweep * LU_SIDE + i;
        while (t > 0 && atomic_load_explicit(&flags[t - 1].row, memory_order_acquire) < row) {
        }
        for (int j = begin; j < end; j++)
          g[i][j] = 0.3 * g[i - 1][j] + 0.3 * g[i][j - 1] + 0.3 * sqrt(g[i][j]) + 1e-3 * (i % j);
        atomic_store_explicit(&flags[t].row, row, memory_order_release);
      }
#pragma omp barrier
    }
  }
  job->check = g[LU_SIDE][LU_SIDE] + g[LU_SIDE / 2][LU_SIDE / 3];
}

static const bench_kernel kernels[] = {{.name = "cg", .run = cg}, {.name = "mg", .run = mg}, {.name = "lu", .run = lu}};

const bench_kernel_list bench_solver_kernels = {kernels, sizeof kernels / sizeof *kernels};
