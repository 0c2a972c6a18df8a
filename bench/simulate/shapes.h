/* SPDX-License-Identifier: MIT */
/* shapes.h: loops whose iterations differ in named ways, to take costs from. */
#ifndef BENCH_SHAPES_H
#define BENCH_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum bench_shape {
  BENCH_TRIANGULAR,
  BENCH_RANDOM,
  BENCH_POWER_LAW,
  BENCH_MANDELBROT,
  BENCH_SHAPES
} bench_shape;

enum { BENCH_SHAPE_ITERATIONS = 10000, BENCH_SHAPE_ITERATIONS_MAX = 1000000 };

/* NULL past the last. */
const char *bench_shape_name(size_t shape);
const char *bench_shape_about(bench_shape shape);

/* Does iteration i of n; the same work every time. Some two microseconds in the mean. */
void bench_shape_iteration(bench_shape shape, uint64_t i, uint64_t n);

#endif
