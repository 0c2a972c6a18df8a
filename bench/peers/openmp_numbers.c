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

/* Ranks of integers, by a count of each value that every thread has for itself first. */
enum { IS_KEYS = 1 << 16, IS_VALUES = 1 << 11, IS_REPEATS = 10, IS_THREADS_MAX = 64 };
static int is_keys[IS_KEYS], is_ranks[IS_VALUES], is_own[IS_THREADS_MAX][IS_VALUES];

static void is(bench_job *job) {
  double sum = 0;
#pragma omp parallel for
  for (int k = 0; k < IS_KEYS; k++)
    is_keys[k] = (int)(IS_VALUES / 4 *
                       (uniform(4 * (uint64_t)k) + uniform(4 * (uint64_t)k + 1) + uniform(4 * (uint64_t)k + 2) +
                        uniform(4 * (uint64_t)k + 3)));
  for (int repeat = 0; repeat < IS_REPEATS; repeat++) {
    is_keys[repeat] = repeat;
    is_keys[repeat + IS_REPEATS] = IS_VALUES - repeat - 1;
#pragma omp parallel
    {
      int threads = omp_get_num_threads(), t = omp_get_thread_num();
      int *own = is_own[t % IS_THREADS_MAX];
      memset(own, 0, sizeof is_own[0]);
#pragma omp for schedule(static)
      for (int k = 0; k < IS_KEYS; k++) own[is_keys[k]]++;
#pragma omp for schedule(static)
      for (int value = 0; value < IS_VALUES; value++) {
        int count = 0;
        for (int other = 0; other < threads; other++) count += is_own[other][value];
        is_ranks[value] = count;
      }
#pragma omp single
      for (int value = 1; value < IS_VALUES; value++) is_ranks[value] += is_ranks[value - 1];
    }
    sum += is_ranks[IS_VALUES / 2] + is_ranks[IS_VALUES / 3];
  }
  job->check = sum;
}

/* Fourier transforms in three dimensions. A line of numbers is copied, transformed, and copied back. */
enum { FT_BITS = 6, FT_SIDE = 1 << FT_BITS, FT_POINTS = FT_SIDE * FT_SIDE * FT_SIDE, FT_STEPS = 6 };
static double complex ft_u[FT_POINTS], ft_w[FT_POINTS], ft_roots[FT_SIDE];

static void ft_line(double complex *x) {
  for (unsigned i = 0, reversed = 0; i < FT_SIDE; i++) {
    unsigned bit = FT_SIDE >> 1;
    if (i < reversed) {
      double complex swapped = x[i];
      x[i] = x[reversed];
      x[reversed] = swapped;
    }
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
  for (int length = 2; length <= FT_SIDE; length *= 2)
    for (int first = 0; first < FT_SIDE; first += length)
      for (int k = 0; k < length / 2; k++) {
        double complex odd = x[first + k + length / 2] * ft_roots[k * (FT_SIDE / length)];
        x[first + k + length / 2] = x[first + k] - odd;
        x[first + k] += odd;
      }
}

/* Along one of the dimensions, in which neighbours are `stride` apart. */
static void ft_along(double complex *x, int stride) {
#pragma omp parallel for collapse(2)
  for (int a = 0; a < FT_SIDE; a++)
    for (int b = 0; b < FT_SIDE; b++) {
      double complex line[FT_SIDE];
      int lines = a * FT_SIDE + b, first = lines / stride * stride * FT_SIDE + lines % stride;
      for (int k = 0; k < FT_SIDE; k++) line[k] = x[first + k * stride];
      ft_line(line);
      for (int k = 0; k < FT_SIDE; k++) x[first + k * stride] = line[k];
    }
}

static double ft_frequency(int k) { return k < FT_SIDE / 2 ? k : k - FT_SIDE; }

static void ft(bench_job *job) {
  double real = 0, imaginary = 0;
  for (int k = 0; k < FT_SIDE; k++) ft_roots[k] = cexp(-2 * acos(-1) * I * k / FT_SIDE);
#pragma omp parallel for
  for (int k = 0; k < FT_POINTS; k++) ft_u[k] = uniform(2 * (uint64_t)k) + I * uniform(2 * (uint64_t)k + 1);
  for (int stride = 1; stride < FT_POINTS; stride *= FT_SIDE) ft_along(ft_u, stride);
  for (int step = 1; step <= FT_STEPS; step++) {
#pragma omp parallel for
    for (int k = 0; k < FT_POINTS; k++) {
      double x = ft_frequency(k % FT_SIDE), y = ft_frequency(k / FT_SIDE % FT_SIDE),
             z = ft_frequency(k / FT_SIDE / FT_SIDE);
      ft_w[k] = ft_u[k] * exp(-4e-6 * step * (x * x + y * y + z * z));
    }
    for (int stride = 1; stride < FT_POINTS; stride *= FT_SIDE) ft_along(ft_w, stride);
#pragma omp parallel for reduction(+ : real, imaginary)
    for (int k = 0; k < 1024; k++) {
      double complex one = ft_w[(k * 5 + k * k) % FT_POINTS] / FT_POINTS;
      real += creal(one);
      imaginary += cimag(one);
    }
  }
  job->check = real + 2 * imaginary;
}

static const bench_kernel kernels[] = {{.name = "ep", .run = ep}, {.name = "is", .run = is}, {.name = "ft", .run = ft}};

const bench_kernel_list bench_number_kernels = {kernels, sizeof kernels / sizeof *kernels};
