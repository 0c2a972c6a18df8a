/* SPDX-License-Identifier: MIT */
/* work.h: the work that all peers do, so that they differ in nothing but who divides it.
 *
 * What is big enough to be called (a row, some units of work) is compiled once and called by all;
 * what must be inlined into the peer's own loop to be vectorised stands here. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A kernel's operands: as many of x, y, z as it needs, each of count elements. */
typedef struct bench_data {
  double *x, *y, *z;
  int64_t count;
  int vectors;
  void *blocks[3]; /* what the system gave; the vectors start a little inside */
} bench_data;

/* Makes *data fit the kernel at n: as it is when it fits already, else mapped afresh with *fresh set and
 * nothing written, so that the peer's own threads touch it first. False when there is no memory. */
bool bench_data_fit(bench_data *data, const char *kernel, int64_t n, bool *fresh);
void bench_data_free(bench_data *data);

/* Gives elements begin ... end-1 their values: the same in every peer. */
void bench_data_fill(const bench_data *data, int64_t begin, int64_t end);

/* The constants of triad and scale, and count's threshold; any others would do. */
#define BENCH_FACTOR 1.5
#define BENCH_THRESHOLD 0.5

/* An iteration that costs next to nothing, and that no compiler may remove or merge with the next. Of several
 * instructions, since gcc unrolls loops of fewer by chance: in one peer and not in another. */
static inline void bench_nothing(void) { __asm__ __volatile__("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop"); }

/* The length of a row of the empty loops in two dimensions. */
enum { BENCH_ROW = 1000 };

/* Keeps a result that nobody reads from being optimised away. */
static inline void bench_keep(uint64_t value) { __asm__ __volatile__("" ::"r"(value)); }

/* Computes for `units` equal units of time, without memory. */
uint64_t bench_work(int64_t units);

/* Some microsecond of it, on a processor of some 3 GHz. */
enum { BENCH_MICROSECOND = 200 };

/* Row i of the midpoint rule for sin(x + y) over [0, pi] squared with n bins a side, without the factor h * h. */
double bench_integration_row(int64_t i, int64_t n);
double bench_integration_scale(int64_t n);

/* Row i of c = a b, for square row-major matrices, as the plain loops in the order i, k, j. */
void bench_matmul_row(double *c, const double *a, const double *b, int64_t n, int64_t i);

/* Row i, not the first and not the last, of a step of Jacobi's method on an n x n grid: a stencil of five points. */
void bench_stencil_row(double *out, const double *in, int64_t n, int64_t i);

#ifdef __cplusplus
}
#endif

#endif
