/* SPDX-License-Identifier: MIT */
/* openmp_solvers.c: solvers in the manner of the NAS benchmarks, under OpenMP's pragmas: many short loops, in one
 * region or in many. */
#include <math.h>
#include <string.h>

#include "peers/serve.h"

/* Conjugate gradients: a sparse matrix of n rows and a few elements a row, symmetric and heavy in its diagonal. */
enum { CG_ROWS_MAX = 7000, CG_BANDS = 5, CG_INNER = 25 };
static const int cg_distances[CG_BANDS] = {1, 7, 53, 211, 640};

static double cg_element(int row, int band) { return 1.0 / (1 + (row % 7) + band); }

static void cg(bench_job *job) {
  static double x[CG_ROWS_MAX], r[CG_ROWS_MAX], p[CG_ROWS_MAX], q[CG_ROWS_MAX], z[CG_ROWS_MAX];
  int rows = (int)job->n;
  double rho = 0, next_rho = 0, d = 0, norm = 0, zeta = 0;
#pragma omp parallel
  {
#pragma omp for
    for (int i = 0; i < rows; i++) x[i] = 1;
    for (int outer = 0; outer < job->outer; outer++) {
#pragma omp single
      rho = next_rho = d = norm = zeta = 0;
#pragma omp for reduction(+ : rho)
      for (int i = 0; i < rows; i++) {
        z[i] = 0;
        r[i] = p[i] = x[i];
        rho += r[i] * r[i];
      }
      for (int inner = 0; inner < CG_INNER; inner++) {
        double alpha, beta;
#pragma omp for reduction(+ : d)
        for (int i = 0; i < rows; i++) {
          double sum = 8 * p[i];
          for (int b = 0; b < CG_BANDS; b++) {
            int above = i - cg_distances[b], below = i + cg_distances[b];
            if (above >= 0) sum += cg_element(above, b) * p[above];
            if (below < rows) sum += cg_element(i, b) * p[below];
          }
          q[i] = sum;
          d += p[i] * sum;
        }
        alpha = rho / d;
#pragma omp for reduction(+ : next_rho)
        for (int i = 0; i < rows; i++) {
          z[i] += alpha * p[i];
          r[i] -= alpha * q[i];
          next_rho += r[i] * r[i];
        }
        beta = next_rho / rho;
#pragma omp for
        for (int i = 0; i < rows; i++) p[i] = r[i] + beta * p[i];
#pragma omp single
        {
          rho = next_rho;
          next_rho = d = 0;
        }
      }
#pragma omp for reduction(+ : norm, zeta)
      for (int i = 0; i < rows; i++) {
        norm += z[i] * z[i];
        zeta += x[i] * z[i];
      }
#pragma omp for
      for (int i = 0; i < rows; i++) x[i] = z[i] / sqrt(norm);
    }
  }
  job->check = zeta;
}

/* A multigrid method for a periodic grid in three dimensions: grids of 2, 4, ..., n points a side. */
enum { MG_LEVELS_MAX = 7, MG_POINTS_MAX = 1 << 3 * MG_LEVELS_MAX };
static double mg_u_all[MG_POINTS_MAX / 7 * 8], mg_r_all[MG_POINTS_MAX / 7 * 8], mg_v[MG_POINTS_MAX];

/* Where a level's grid stands: behind those of the levels below. */
static double *mg_u(int level) { return mg_u_all + ((1 << 3 * level) - 8) / 7; }
static double *mg_r(int level) { return mg_r_all + ((1 << 3 * level) - 8) / 7; }

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
  int side = (int)job->n, points = side * side * side, levels = 1;
  double norm = 0;
  const double *r;
  while (1 << levels < side) levels++;
  r = mg_r(levels);
  memset(mg_u(levels), 0, (size_t)points * sizeof(double));
  memset(mg_v, 0, (size_t)points * sizeof(double));
  for (int c = 0; c < 10; c++) {
    mg_v[(c * 3571 + 17) % points] = 1;
    mg_v[(c * 7919 + 4001) % points] = -1;
  }
  for (int cycle = 0; cycle < job->outer; cycle++) {
    mg_residual(mg_r(levels), mg_v, mg_u(levels), side);
    for (int level = levels - 1; level > 0; level--) {
      mg_coarsen(mg_r(level), mg_r(level + 1), 1 << level);
      memset(mg_u(level), 0, sizeof(double) << 3 * level);
    }
    mg_smooth(mg_u(1), mg_r(1), 2);
    for (int level = 2; level <= levels; level++) {
      mg_refine(mg_u(level), mg_u(level - 1), 1 << (level - 1));
      mg_residual(mg_r(level), level == levels ? mg_v : mg_r(level), mg_u(level), 1 << level);
      mg_smooth(mg_u(level), mg_r(level), 1 << level);
    }
  }
  mg_residual(mg_r(levels), mg_v, mg_u(levels), side);
#pragma omp parallel for reduction(+ : norm)
  for (int k = 0; k < points; k++) norm += r[k] * r[k];
  job->check = sqrt(norm);
}

static const bench_kernel kernels[] = {{.name = "cg", .run = cg}, {.name = "mg", .run = mg}};

const bench_kernel_list bench_solver_kernels = {kernels, sizeof kernels / sizeof *kernels};
