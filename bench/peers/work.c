/* SPDX-License-Identifier: MIT */
/* work.c: operands, and the work that is called rather than inlined. */
#include "peers/work.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

/* Vectors start at different offsets within a page: equal ones make loads wait for unrelated stores
 * that have the same low 12 bits. A multiple of 128 bytes near a third of a page. */
enum { STAGGER = 1280 };

typedef struct need {
  const char *kernel;
  int vectors;
  bool square; /* n * n elements each */
} need;

static const need needs[] = {
    {"dot", 2, false},
    {"triad", 3, false},
    {"scale", 2, false},
    {"sum", 1, false},
    {"count", 1, false},
    {"max", 1, false},
    {"min", 1, false},
    {"sum_reproducible", 1, false},
    {"scan", 2, false},
    {"two_passes", 2, false},
    {"quicksort", 2, false},
    {"sort", 2, false},
    {"merge_sort", 3, false},
    {"grain_stream", 3, false},
    {"setup", 1, false},
    {"stencil", 2, true},
    {"matmul", 3, true},
    {"dgemm", 3, true},
    {"strassen", 3, true},
    {"random_fill", 2, false},
    {"random_fill_normal", 2, false},
    {"random_order", 2, false},
};

static need need_of(const char *kernel) {
  need none = {kernel, 0, false};
  for (size_t k = 0; k < sizeof needs / sizeof *needs; k++)
    if (strcmp(needs[k].kernel, kernel) == 0) return needs[k];
  return none;
}

static size_t block_size(int64_t count) { return (size_t)count * sizeof(double) + 3 * STAGGER; }

void bench_data_free(bench_data *data) {
  for (int v = 0; v < data->vectors; v++) munmap(data->blocks[v], block_size(data->count));
  memset(data, 0, sizeof *data);
}

bool bench_data_fit(bench_data *data, const char *kernel, int64_t n, bool *fresh) {
  need wanted = need_of(kernel);
  int64_t count = wanted.square ? n * n : n;
  *fresh = false;
  if (wanted.vectors == 0 || (data->vectors >= wanted.vectors && data->count == count)) return true;
  bench_data_free(data);
  data->count = count;
  for (int v = 0; v < wanted.vectors; v++) {
    void *block = mmap(NULL, block_size(count), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
      bench_data_free(data);
      return false;
    }
    data->blocks[v] = block;
    data->vectors = v + 1;
    *(v == 0 ? &data->x : v == 1 ? &data->y : &data->z) = (double *)((char *)block + v * STAGGER);
  }
  *fresh = true;
  return true;
}

/* Values in 0 ... 1 without a pattern that a short period could show. */
static double value_at(int64_t i, uint64_t salt) {
  uint64_t mixed = ((uint64_t)i + salt) * UINT64_C(0x9E3779B97F4A7C15);
  mixed ^= mixed >> 29;
  return (double)(mixed >> 11) * 0x1p-53;
}

void bench_data_fill(const bench_data *data, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i++) {
    data->x[i] = value_at(i, 1);
    if (data->vectors > 1) data->y[i] = value_at(i, 2);
    if (data->vectors > 2) data->z[i] = 0;
  }
}

/* A unit is four dependent multiplications and additions: no memory, no vector unit, nothing to overlap. */
uint64_t bench_work(int64_t units) {
  uint64_t state = (uint64_t)units;
  for (int64_t u = 0; u < units; u++) {
    state = state * UINT64_C(6364136223846793005) + 1;
    state = state * UINT64_C(6364136223846793005) + 1;
    state = state * UINT64_C(6364136223846793005) + 1;
    state = state * UINT64_C(6364136223846793005) + 1;
    bench_keep(state);
  }
  return state;
}

static double bin_width(int64_t n) { return 3.14159265358979323846 / (double)n; }

double bench_integration_row(int64_t i, int64_t n) {
  double h = bin_width(n), x = h * ((double)i + 0.5), sum = 0;
  for (int64_t j = 0; j < n; j++) sum += sin(x + h * ((double)j + 0.5));
  return sum;
}

double bench_integration_scale(int64_t n) { return bin_width(n) * bin_width(n); }

void bench_matmul_row(double *restrict c, const double *restrict a, const double *restrict b, int64_t n, int64_t i) {
  double *row = c + i * n;
  for (int64_t j = 0; j < n; j++) row[j] = 0;
  for (int64_t k = 0; k < n; k++) {
    double factor = a[i * n + k];
    for (int64_t j = 0; j < n; j++) row[j] += factor * b[k * n + j];
  }
}

void bench_stencil_row(double *restrict out, const double *restrict in, int64_t n, int64_t i) {
  const double *row = in + i * n;
  for (int64_t j = 1; j < n - 1; j++) out[i * n + j] = 0.25 * (row[j - n] + row[j - 1] + row[j + 1] + row[j + n]);
}
