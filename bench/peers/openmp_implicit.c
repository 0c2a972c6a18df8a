/* SPDX-License-Identifier: MIT */
/* openmp_implicit.c: implicit solvers in the manner of the NAS benchmarks, under OpenMP's pragmas: BT and SP solve the
 * lines of a grid in each direction in turn, LU sweeps over it. All of a solver's loops stand in one region.
 *
 * Five fields u on a cube of n points a side are carried along, mixed and smoothed:
 *
 *   du/dt = forcing - dF1(u)/dx - dF2(u)/dy - dF3(u)/dz + VISCOSITY * (second differences) - DAMPING * (fourth ones)
 *
 * The forcing is the one under which a known solution stays as it is, so a solver that begins beside that solution
 * comes to it: how far it still is from it after its steps is the answer that is checked. */
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <string.h>

#include "peers/serve.h"

enum { FIELDS = 5, SIDE_MAX = 36, POINTS_MAX = SIDE_MAX * SIDE_MAX * SIDE_MAX, AXES = 3 };
typedef double point[FIELDS];
typedef double matrix[FIELDS][FIELDS];

#define VISCOSITY 0.05
#define DAMPING 0.5
#define BENDING 0.2 /* of the part of a flux that is not linear */
#define STEP 0.2

static point u[POINTS_MAX], known[POINTS_MAX], forcing[POINTS_MAX], change[POINTS_MAX], flux[AXES][POINTS_MAX];
static matrix mixes[AXES]; /* of each axis, the linear part of its flux */

/* Along the axis's own directions, two pairs of fields turned by a fixed angle, the fields do not mix. */
static const point speeds = {0.6, 0.35, 0.1, -0.15, -0.4};
static void turn(double *x, int axis, double sine) {
  for (int pair = 0; pair < 2; pair++) {
    int a = (axis + 2 * pair) % FIELDS, b = (a + 1) % FIELDS;
    double first = 0.8 * x[a] - sine * x[b];
    x[b] = sine * x[a] + 0.8 * x[b];
    x[a] = first;
  }
}
static void turn_there(double *x, int axis) { turn(x, axis, 0.6); }
static void turn_back(double *x, int axis) { turn(x, axis, -0.6); }

static void make_mixes(void) {
  for (int axis = 0; axis < AXES; axis++)
    for (int column = 0; column < FIELDS; column++) {
      point x = {0};
      x[column] = 1;
      turn_there(x, axis);
      for (int m = 0; m < FIELDS; m++) x[m] *= speeds[m];
      turn_back(x, axis);
      for (int m = 0; m < FIELDS; m++) mixes[axis][m][column] = x[m];
    }
}

/* Neighbours along the axis are so far apart. */
static int stride_of(int n, int axis) { return axis == 0 ? n * n : axis == 1 ? n : 1; }

static int partner(int field, int axis) { return (field + axis + 1) % FIELDS; }

static void flux_of(double *out, const double *at, int axis) {
  for (int m = 0; m < FIELDS; m++) {
    double sum = BENDING / 2 * at[m] * at[partner(m, axis)];
    for (int k = 0; k < FIELDS; k++) sum += mixes[axis][m][k] * at[k];
    out[m] = sum;
  }
}

/* The flux's derivatives by the fields, times a factor, and something more on the diagonal. */
static void derivatives(matrix out, const double *at, int axis, double factor, double diagonal) {
  for (int m = 0; m < FIELDS; m++) {
    int other = partner(m, axis);
    for (int k = 0; k < FIELDS; k++) out[m][k] = factor * mixes[axis][m][k];
    out[m][m] += factor * BENDING / 2 * at[other] + diagonal;
    out[m][other] += factor * BENDING / 2 * at[m];
  }
}

/* Called by all threads of a team, like each of the functions below that have loops: the change in a time. */
static void compute_change(int n, double time) {
  int points = n * n * n;
  double h = 1.0 / (n - 1);
#pragma omp for
  for (int p = 0; p < points; p++)
    for (int axis = 0; axis < AXES; axis++) flux_of(flux[axis][p], u[p], axis);
#pragma omp for
  for (int i = 1; i < n - 1; i++)
    for (int j = 1; j < n - 1; j++)
      for (int k = 1; k < n - 1; k++) {
        int p = (i * n + j) * n + k, places[AXES] = {i, j, k};
        for (int m = 0; m < FIELDS; m++) change[p][m] = time * forcing[p][m];
        for (int axis = 0; axis < AXES; axis++) {
          int s = stride_of(n, axis), far_below = places[axis] > 1 ? 2 * s : s;
          int far_above = places[axis] < n - 2 ? 2 * s : s;
          for (int m = 0; m < FIELDS; m++)
            change[p][m] += time * (-(flux[axis][p + s][m] - flux[axis][p - s][m]) / (2 * h) +
                                    VISCOSITY / (h * h) * (u[p + s][m] - 2 * u[p][m] + u[p - s][m]) -
                                    DAMPING * (u[p - far_below][m] - 4 * u[p - s][m] + 6 * u[p][m] - 4 * u[p + s][m] +
                                               u[p + far_above][m]));
        }
      }
}

/* The known solution, its forcing, and fields that are beside it within the cube and right at its faces. */
static void begin(int n) {
  double h = 1.0 / (n - 1);
#pragma omp for
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < n; k++) {
        int p = (i * n + j) * n + k;
        double x = i * h, y = j * h, z = k * h;
        for (int m = 0; m < FIELDS; m++) {
          known[p][m] = 1 + 0.1 * (m + 1) * x * (1 - 2 * x * y) + 0.2 * y * (z - 0.3 * y * m) + 0.3 * z * z * z;
          u[p][m] = known[p][m];
          forcing[p][m] = change[p][m] = 0;
        }
      }
  compute_change(n, 1);
#pragma omp for
  for (int i = 1; i < n - 1; i++)
    for (int j = 1; j < n - 1; j++)
      for (int k = 1; k < n - 1; k++) {
        int p = (i * n + j) * n + k;
        double x = i * h, y = j * h, z = k * h;
        for (int m = 0; m < FIELDS; m++) {
          forcing[p][m] = -change[p][m];
          u[p][m] += 12.8 * x * (1 - x) * y * (1 - y) * z * (1 - z);
        }
      }
}

static void add_change(int n, double factor) {
#pragma omp for
  for (int i = 1; i < n - 1; i++)
    for (int p = (i * n + 1) * n; p < (i * n + n - 1) * n; p++)
      for (int m = 0; m < FIELDS; m++) u[p][m] += factor * change[p][m];
}

/* In thousandths of a field's unit. */
static double distance(int n) {
  double sum = 0;
  for (int p = 0; p < n * n * n; p++)
    for (int m = 0; m < FIELDS; m++) sum += (u[p][m] - known[p][m]) * (u[p][m] - known[p][m]);
  return 1000 * sqrt(sum / (FIELDS * (double)(n * n * n)));
}

/* x = x - a b, of columns. */
static void subtract_product(double *x, const matrix a, const double *b) {
  for (int m = 0; m < FIELDS; m++)
    for (int k = 0; k < FIELDS; k++) x[m] -= a[m][k] * b[k];
}

/* Divides what stands beside the matrix by it: a matrix and a column. The diagonal is heavy: no rows are exchanged. */
static void divide(matrix by, matrix block, double *column) {
  for (int pivot = 0; pivot < FIELDS; pivot++) {
    double factor = 1 / by[pivot][pivot];
    for (int k = pivot + 1; k < FIELDS; k++) by[pivot][k] *= factor;
    for (int k = 0; k < FIELDS; k++) block[pivot][k] *= factor;
    column[pivot] *= factor;
    for (int m = 0; m < FIELDS; m++) {
      double times = by[m][pivot];
      if (m == pivot) continue;
      for (int k = pivot + 1; k < FIELDS; k++) by[m][k] -= times * by[pivot][k];
      for (int k = 0; k < FIELDS; k++) block[m][k] -= times * block[pivot][k];
      column[m] -= times * column[pivot];
    }
  }
}

/* BT, one line: a block of 5 x 5 for each point and each of its two neighbours. Down the line a point's block is
 * brought to 1 and the one to its left to 0; up the line the changes come out. */
static void bt_line(int n, int first, int axis) {
  int s = stride_of(n, axis);
  double h = 1.0 / (n - 1), slope = STEP / (2 * h), smooth = STEP * VISCOSITY / (h * h);
  matrix above[SIDE_MAX];
  memset(above[0], 0, sizeof above[0]);
  for (int i = 1; i < n - 1; i++) {
    int p = first + i * s;
    matrix below, middle = {{0}};
    derivatives(below, u[p - s], axis, -slope, -smooth);
    derivatives(above[i], u[p + s], axis, slope, -smooth);
    for (int m = 0; m < FIELDS; m++) {
      middle[m][m] = 1 + 2 * smooth;
      for (int c = 0; c < FIELDS; c++)
        for (int k = 0; k < FIELDS; k++) middle[m][k] -= below[m][c] * above[i - 1][c][k];
    }
    subtract_product(change[p], below, change[p - s]);
    divide(middle, above[i], change[p]);
  }
  for (int i = n - 3; i > 0; i--) subtract_product(change[first + i * s], above[i], change[first + (i + 1) * s]);
}

/* SP, one line: in the axis's own directions each field has a system for itself, of five diagonals. */
static void sp_line(int n, int first, int axis) {
  int s = stride_of(n, axis);
  double h = 1.0 / (n - 1), slope = STEP / (2 * h), smooth = STEP * VISCOSITY / (h * h), damp = STEP * DAMPING;
  point next[SIDE_MAX] = {{0}}, second[SIDE_MAX] = {{0}}; /* what is right of a diagonal that is brought to 1 */
  for (int i = 1; i < n - 1; i++) {
    int p = first + i * s, one = i - 1, two = i > 1 ? i - 2 : 0;
    double *here = change[p];
    const double *before = change[p - s], *far = change[first + two * s];
    turn_there(here, axis);
    for (int m = 0; m < FIELDS; m++) {
      double bend = BENDING / 2, a = damp, b, c, d, e = i < n - 3 ? damp : 0;
      b = -slope * (speeds[m] + bend * u[p - s][partner(m, axis)]) - smooth - 4 * damp - a * next[two][m];
      c = 1 + 2 * smooth + 6 * damp - a * second[two][m] - b * next[one][m];
      d = (i < n - 2 ? slope * (speeds[m] + bend * u[p + s][partner(m, axis)]) - smooth - 4 * damp : 0) -
          b * second[one][m];
      here[m] = (here[m] - a * far[m] - b * before[m]) / c;
      next[i][m] = d / c;
      second[i][m] = e / c;
    }
  }
  for (int i = n - 2; i > 0; i--) {
    double *here = change[first + i * s];
    const double *after = change[first + (i + 1) * s], *far = change[first + (i < n - 2 ? i + 2 : i + 1) * s];
    for (int m = 0; m < FIELDS; m++) here[m] -= next[i][m] * after[m] + second[i][m] * far[m];
  }
  for (int i = 1; i < n - 1; i++) turn_back(change[first + i * s], axis);
}

/* All lines along an axis. */
static void lines(int n, int axis, void (*line)(int n, int first, int axis)) {
  int rows = stride_of(n, axis == 0), columns = stride_of(n, axis == 2 ? 1 : 2);
#pragma omp for
  for (int row = 1; row < n - 1; row++)
    for (int column = 1; column < n - 1; column++) line(n, row * rows + column * columns, axis);
}

static void solve_by_lines(bench_job *job, void (*line)(int n, int first, int axis)) {
  int n = (int)job->n;
  make_mixes();
#pragma omp parallel
  {
    begin(n);
    for (int step = 0; step < job->outer; step++) {
      compute_change(n, STEP);
      for (int axis = 0; axis < AXES; axis++) lines(n, axis, line);
      add_change(n, 1);
    }
  }
  job->check = distance(n);
}
static void bt(bench_job *job) { solve_by_lines(job, bt_line); }
static void sp(bench_job *job) { solve_by_lines(job, sp_line); }

/* LU: sweeps over the grid, in which a point needs the ones before it in all three directions, and back. Each thread
 * has a part of each plane, and spins on the flag of the thread beside it: all of a team have to run at once. */
enum { LU_THREADS_MAX = 1024 };
typedef struct lu_flag {
  _Alignas(64) atomic_int planes; /* that are done, of all sweeps */
} lu_flag;
static lu_flag lu_flags[LU_THREADS_MAX];

static void lu_wait(int thread, int planes) {
  while (atomic_load_explicit(&lu_flags[thread].planes, memory_order_acquire) < planes) {
  }
}

#define RELAXATION 1.2

/* A sweep towards rising places (direction 1) or falling ones (-1), after so many planes of sweeps before. Threads have
 * rows in the order of the sweep. */
static void lu_sweep(int n, int direction, int planes_before) {
  int t = omp_get_thread_num();
  double h = 1.0 / (n - 1), slope = STEP / (2 * h), smooth = STEP * VISCOSITY / (h * h);
  double middle = 1 + 2 * AXES * smooth;
  for (int plane = 1; plane < n - 1; plane++) {
    if (t > 0) lu_wait(t - 1, planes_before + plane);
#pragma omp for schedule(static) nowait
    for (int row = 1; row < n - 1; row++)
      for (int column = 1; column < n - 1; column++) {
        int place = (plane * n + row) * n + column, p = direction > 0 ? place : n * n * n - 1 - place;
        point sum = {0};
        for (int axis = 0; axis < AXES; axis++) {
          int before = p - direction * stride_of(n, axis);
          matrix block;
          derivatives(block, u[before], axis, -direction * slope, -smooth);
          subtract_product(sum, block, change[before]);
        }
        for (int m = 0; m < FIELDS; m++)
          change[p][m] = direction > 0 ? (change[p][m] + RELAXATION * sum[m]) / middle
                                       : change[p][m] + RELAXATION * sum[m] / middle;
      }
    atomic_store_explicit(&lu_flags[t].planes, planes_before + plane, memory_order_release);
  }
#pragma omp barrier
}

static void lu(bench_job *job) {
  int n = (int)job->n;
  make_mixes();
#pragma omp parallel
  {
    atomic_store(&lu_flags[omp_get_thread_num()].planes, 0);
    begin(n);
    for (int step = 0; step < job->outer; step++) {
      compute_change(n, STEP);
      lu_sweep(n, 1, 2 * step * (n - 2));
      lu_sweep(n, -1, (2 * step + 1) * (n - 2));
      add_change(n, 1 / (RELAXATION * (2 - RELAXATION)));
    }
  }
  job->check = distance(n);
}

static const bench_kernel kernels[] = {{.name = "bt", .run = bt}, {.name = "sp", .run = sp}, {.name = "lu", .run = lu}};

const bench_kernel_list bench_implicit_kernels = {kernels, sizeof kernels / sizeof *kernels};
