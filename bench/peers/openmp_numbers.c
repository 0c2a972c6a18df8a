/* SPDX-License-Identifier: MIT */
/* openmp_numbers.c: random numbers, sorting of integers and Fourier transforms in the manner of the NAS benchmarks,
 * under OpenMP's pragmas: few, long loops, and tables of each thread's own. */
#include <complex.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "peers/serve.h"

/* A generator whose k-th number can be had at once: each piece of numbers begins where it should. */
static uint64_t mixed(uint64_t k) {
  uint64_t z = (k + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}
static double uniform(uint64_t k) { return (double)(mixed(k) >> 11) * 0x1p-53; }

/* How many pairs of normally distributed numbers fall into which square ring, and the sums of them. */
enum { EP_RINGS = 10, EP_PIECE = 4096 };
static void ep(bench_job *job) {
  int64_t pieces = job->n / EP_PIECE;
  double sum_x = 0, sum_y = 0, rings[EP_RINGS] = {0};
#pragma omp parallel
  {
    double own[EP_RINGS] = {0};
#pragma omp for reduction(+ : sum_x, sum_y)
    for (int64_t piece = 0; piece < pieces; piece++) {
      for (int64_t k = piece * EP_PIECE; k < (piece + 1) * EP_PIECE; k++) {
        double x = 2 * uniform(2 * (uint64_t)k) - 1, y = 2 * uniform(2 * (uint64_t)k + 1) - 1, t = x * x + y * y;
        double factor;
        if (t > 1 || !(t > 0)) continue;
        factor = sqrt(-2 * log(t) / t);
        x *= factor;
        y *= factor;
        sum_x += x;
        sum_y += y;
        own[(int)fmax(fabs(x), fabs(y))]++;
      }
    }
    for (int r = 0; r < EP_RINGS; r++) {
#pragma omp atomic
      rings[r] += own[r];
    }
  }
  job->check = rings[0] + 2 * rings[1] + 3 * rings[2] + sum_x + sum_y;
}

/* Ranks of n integers, by a count of each value that every thread has for itself first. */
enum { IS_KEYS_MAX = 1 << 20, IS_VALUES_MAX = 1 << 16, IS_THREADS_MAX = 64 };
static int is_keys[IS_KEYS_MAX], is_ranks[IS_VALUES_MAX], is_own[IS_THREADS_MAX][IS_VALUES_MAX];

static void is(bench_job *job) {
  int keys = (int)job->n, values = keys > 1 << 16 ? 1 << 16 : 1 << 11; /* as the classes W and S have them */
  double sum = 0;
#pragma omp parallel for
  for (int k = 0; k < keys; k++)
    is_keys[k] = (int)(values / 4 *
                       (uniform(4 * (uint64_t)k) + uniform(4 * (uint64_t)k + 1) + uniform(4 * (uint64_t)k + 2) +
                        uniform(4 * (uint64_t)k + 3)));
  for (int repeat = 0; repeat < job->outer; repeat++) {
    is_keys[repeat] = repeat;
    is_keys[repeat + job->outer] = values - repeat - 1;
#pragma omp parallel
    {
      int threads = omp_get_num_threads(), t = omp_get_thread_num();
      int *own = is_own[t % IS_THREADS_MAX];
      memset(own, 0, (size_t)values * sizeof *own);
#pragma omp for schedule(static)
      for (int k = 0; k < keys; k++) own[is_keys[k]]++;
#pragma omp for schedule(static)
      for (int value = 0; value < values; value++) {
        int count = 0;
        for (int other = 0; other < threads; other++) count += is_own[other][value];
        is_ranks[value] = count;
      }
#pragma omp single
      for (int value = 1; value < values; value++) is_ranks[value] += is_ranks[value - 1];
    }
    sum += is_ranks[values / 2] + is_ranks[values / 3];
  }
  job->check = sum;
}

/* Fourier transforms in three dimensions, of n x n x n points or, from 128 on, of n x n x 32. A line of numbers is
 * copied, transformed, and copied back. */
enum { FT_SIDE_MAX = 128, FT_FLAT = 32, FT_POINTS_MAX = FT_SIDE_MAX * FT_SIDE_MAX * FT_FLAT, FT_DIMENSIONS = 3 };
static double complex ft_u[FT_POINTS_MAX], ft_w[FT_POINTS_MAX], ft_roots[FT_SIDE_MAX];

/* `step`: which of the roots are those of a line of this length. */
static void ft_line(double complex *x, int side, int step) {
  for (int i = 0, reversed = 0; i < side; i++) {
    int bit = side >> 1;
    if (i < reversed) {
      double complex swapped = x[i];
      x[i] = x[reversed];
      x[reversed] = swapped;
    }
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
  for (int length = 2; length <= side; length *= 2)
    for (int first = 0; first < side; first += length)
      for (int k = 0; k < length / 2; k++) {
        double complex odd = x[first + k + length / 2] * ft_roots[k * (side / length) * step];
        x[first + k + length / 2] = x[first + k] - odd;
        x[first + k] += odd;
      }
}

/* Along each of the dimensions, in which neighbours are 1, sides[0] and sides[0] * sides[1] apart. */
static void ft_all(double complex *x, const int *sides, int longest) {
  int points = sides[0] * sides[1] * sides[2];
  for (int d = 0, stride = 1; d < FT_DIMENSIONS; stride *= sides[d++]) {
    int side = sides[d];
#pragma omp parallel for
    for (int line = 0; line < points / side; line++) {
      double complex copy[FT_SIDE_MAX];
      int first = line / stride * stride * side + line % stride;
      for (int k = 0; k < side; k++) copy[k] = x[first + k * stride];
      ft_line(copy, side, longest / side);
      for (int k = 0; k < side; k++) x[first + k * stride] = copy[k];
    }
  }
}

static double ft_frequency(int k, int side) { return k < side / 2 ? k : k - side; }

static void ft(bench_job *job) {
  int n = (int)job->n, sides[FT_DIMENSIONS] = {n, n, n < FT_SIDE_MAX ? n : FT_FLAT}, points = n * n * sides[2];
  double real = 0, imaginary = 0;
  for (int k = 0; k < n; k++) ft_roots[k] = cexp(-2 * acos(-1) * I * k / n);
#pragma omp parallel for
  for (int k = 0; k < points; k++) ft_u[k] = uniform(2 * (uint64_t)k) + I * uniform(2 * (uint64_t)k + 1);
  ft_all(ft_u, sides, n);
  for (int step = 1; step <= job->outer; step++) {
#pragma omp parallel for
    for (int k = 0; k < points; k++) {
      double x = ft_frequency(k % n, n), y = ft_frequency(k / n % n, n), z = ft_frequency(k / n / n, sides[2]);
      ft_w[k] = ft_u[k] * exp(-4e-6 * step * (x * x + y * y + z * z));
    }
    ft_all(ft_w, sides, n);
#pragma omp parallel for reduction(+ : real, imaginary)
    for (int k = 0; k < 1024; k++) {
      double complex one = ft_w[(k * 5 + k * k) % points] / points;
      real += creal(one);
      imaginary += cimag(one);
    }
  }
  job->check = real + 2 * imaginary;
}

static const bench_kernel kernels[] = {{.name = "ep", .run = ep}, {.name = "is", .run = is}, {.name = "ft", .run = ft}};

const bench_kernel_list bench_number_kernels = {kernels, sizeof kernels / sizeof *kernels};
