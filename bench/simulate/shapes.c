/* SPDX-License-Identifier: MIT */
/* shapes.c: how much work each iteration has. All without memory, so that its cost is the same on any thread. */
#include "simulate/shapes.h"

#include <math.h>

#include "peers/work.h"

#define MEAN_UNITS (2.0 * BENCH_MICROSECOND)

/* A power law of exponent 1.5 has a mean of three times its least value, but no variance: cut off where one in a
 * million would lie. */
#define POWER (-1 / 1.5)
#define POWER_LEAST 1e-6

/* Rows of a picture of the whole set, with so few columns that a row takes some microseconds. */
enum { COLUMNS = 32, ESCAPE_MAX = 256 };

static const struct {
  const char *name, *about;
} shapes[BENCH_SHAPES] = {
    {"triangular", "iteration i costs in proportion to i + 1"},
    {"random", "between nothing and twice the mean, at random"},
    {"power-law", "a few iterations cost hundreds of times the others, at random places"},
    {"mandelbrot", "rows of a Mandelbrot picture: neighbours cost alike, the middle most"},
};

const char *bench_shape_name(size_t shape) { return shape < BENCH_SHAPES ? shapes[shape].name : NULL; }
const char *bench_shape_about(bench_shape shape) { return shapes[shape].about; }

/* Above 0 and up to 1; looks random, is the same every time. */
static double part_of(uint64_t i) {
  uint64_t mixed = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
  mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
  return ((double)((mixed ^ (mixed >> 31)) >> 11) + 1) * 0x1p-53;
}

static void mandelbrot_row(uint64_t i, uint64_t n) {
  double y0 = 2.5 * (((double)i + 0.5) / (double)n) - 1.25;
  uint64_t steps = 0;
  for (int column = 0; column < COLUMNS; column++) {
    double x0 = 3.0 * (column + 0.5) / COLUMNS - 2.25, x = 0, y = 0;
    for (int k = 0; k < ESCAPE_MAX && x * x + y * y <= 4; k++) {
      double next = x * x - y * y + x0;
      y = 2 * x * y + y0;
      x = next;
      steps++;
    }
  }
  bench_keep(steps);
}

void bench_shape_iteration(bench_shape shape, uint64_t i, uint64_t n) {
  double units = 0;
  switch (shape) {
    case BENCH_MANDELBROT: mandelbrot_row(i, n); return;
    case BENCH_TRIANGULAR: units = 2 * MEAN_UNITS * ((double)i + 1) / ((double)n + 1); break;
    case BENCH_RANDOM: units = 2 * MEAN_UNITS * part_of(i); break;
    case BENCH_POWER_LAW: units = MEAN_UNITS / 3 * pow(fmax(part_of(i), POWER_LEAST), POWER); break;
    case BENCH_SHAPES: break;
  }
  bench_keep(bench_work((int64_t)units));
}
