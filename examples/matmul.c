/* SPDX-License-Identifier: MIT */
/* matmul.c: the product of two square matrices with dgemm.c, beside the system's CBLAS where there is one.
 *
 * Prints GFLOP/s (2 n^3 operations a product), best of --repeat runs; the runs of both alternate, so that neither
 * gets the quieter machine. The result is checked against a plain triple loop up to n = 256, with --check at any n.
 *
 * OpenBLAS chooses its code by the processor, and its choice, printed beside its name, is not always its fastest:
 * OPENBLAS_CORETYPE in the environment (SkylakeX, Haswell, ...) changes it. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "dgemm.h"
#include "seconds.h"

#ifdef HAVE_CBLAS
#include <cblas.h>
#endif

#define CHECK_UP_TO 256

struct matrices {
  int64_t n;
  double *a, *b;
  double *product;   /* A * B by dgemm.c */
  double *reference; /* A * B by somebody else */
  int threads;
  ppar_schedule schedule;
};

/* A number from -0.5 to 0.5 that looks random and depends on its place alone. */
static inline double element(int64_t index) {
  uint64_t mix = ((uint64_t)index + 1) * 0x9e3779b97f4a7c15u;
  mix = (mix ^ (mix >> 32)) * 0xd6e8feb86659fd93u;
  return (double)(mix >> 11) * 0x1p-53 - 0.5;
}

/* In parallel so that the memory is near the threads that will use it. */
PPAR_BODY(fill_row, i, struct matrices, m) {
  for (int64_t j = i * m->n; j < (i + 1) * m->n; j++) {
    m->a[j] = element(j);
    m->b[j] = element(-j);
    m->product[j] = m->reference[j] = NAN;
  }
}

static void multiply_plainly(const struct matrices *m) {
  for (int64_t i = 0; i < m->n; i++) {
    double *row = m->reference + i * m->n;
    for (int64_t j = 0; j < m->n; j++) row[j] = 0;
    for (int64_t p = 0; p < m->n; p++) {
      for (int64_t j = 0; j < m->n; j++) row[j] += m->a[i * m->n + p] * m->b[p * m->n + j];
    }
  }
}

static int multiply_ppar(const struct matrices *m) {
  return dgemm_ppar(m->n, m->n, m->n, m->a, m->n, m->b, m->n, m->product, m->n,
                    PPAR_OPTIONS(.threads = m->threads, .schedule = m->schedule));
}

/* CBLAS on the same number of threads, where it can be told; and its name. */
#ifdef HAVE_CBLAS
static int multiply_cblas(const struct matrices *m) {
  const int n = (int)m->n;
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, m->a, n, m->b, n, 0.0, m->reference, n);
  return PPAR_OK;
}
static void prepare_cblas(int threads, char *name, size_t size) {
#ifdef HAVE_OPENBLAS
  openblas_set_num_threads(threads);
  snprintf(name, size, "OpenBLAS (%s)", openblas_get_corename()); /* the processor that its code is for */
#else
  (void)threads;
  snprintf(name, size, "CBLAS");
#endif
}
#endif

/* Threads of the other library may spin for a tenth of a second after their last work, and take a CPU from this one's:
 * waits until the process uses next to no CPU time, or for a second. */
static void wait_for_idle_threads(void) {
  const struct timespec nap = {.tv_nsec = 10000000};
  for (int naps = 0; naps < 100; naps++) {
    const clock_t before = clock();
    nanosleep(&nap, NULL);
    if ((double)(clock() - before) / CLOCKS_PER_SEC < 0.001) break;
  }
}

/* Runs a product, and keeps its time if it is the best so far. */
static int measure(int (*multiply)(const struct matrices *), const struct matrices *m, double *best) {
  wait_for_idle_threads();
  const double start = seconds();
  const int status = multiply(m);
  *best = fmin(*best, seconds() - start);
  return status;
}

static void print_speed(const char *name, int64_t n, double time) {
  printf("%-24s %.3g s, %.1f GFLOP/s\n", name, time, 2e-9 * (double)n * (double)n * (double)n / time);
}

/* Two sums of n products of numbers up to 0.5, rounded in different ways, differ by no more than this. */
static bool agrees(const struct matrices *m, const char *with) {
  const double n = (double)m->n, allowed = 2 * n * DBL_EPSILON * n / 4;
  double largest = 0;
  bool good = true;
  for (int64_t i = 0; i < m->n * m->n; i++) {
    const double difference = fabs(m->product[i] - m->reference[i]);
    good = good && difference <= allowed; /* which a NaN is not */
    largest = fmax(largest, difference);
  }
  printf("largest difference to %s: %.1e, allowed %.1e: %s\n", with, largest, allowed, good ? "passed" : "FAILED");
  return good;
}

/* Measures and checks; whether all went well. */
static bool run(const struct matrices *m, int64_t repeat, bool check) {
  bool good = true;
  double best = INFINITY;
#ifdef HAVE_CBLAS
  double best_cblas = INFINITY;
  char cblas_name[80];
  prepare_cblas(m->threads, cblas_name, sizeof cblas_name);
#endif
  for (int64_t r = 0; r < repeat; r++) {
    const int status = measure(multiply_ppar, m, &best);
    if (status != PPAR_OK) {
      fprintf(stderr, "matmul: %s\n", ppar_strerror(status));
      return false;
    }
#ifdef HAVE_CBLAS
    measure(multiply_cblas, m, &best_cblas);
#endif
  }

  char name[80];
  snprintf(name, sizeof name, "ppar (%s)", dgemm_kernel_name());
  printf("n = %" PRId64 ", threads = %d, best of %" PRId64 "\n", m->n, m->threads, repeat);
  print_speed(name, m->n, best);
#ifdef HAVE_CBLAS
  print_speed(cblas_name, m->n, best_cblas);
  printf("ratio to CBLAS's speed: %.3f\n", best_cblas / best);
  good = agrees(m, "CBLAS");
#endif
  if (check) {
    multiply_plainly(m);
    good = agrees(m, "the plain loop") && good;
  }
  return good;
}

int main(int argc, char **argv) {
  int64_t n = 2048, threads = 0, repeat = 5;
  ppar_schedule schedule = ppar_auto();
  bool check = false;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 30000, "rows and columns"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
      ARGUMENT_INTEGER("repeat", &repeat, 1, 1000000, "how often to measure"),
      ARGUMENT_FLAG("check", &check, "against a plain loop, which takes long for a large n"),
  };
  arguments_read(argc, argv, "the product of two square matrices", arguments, ARGUMENT_COUNT(arguments));

  const size_t size = (size_t)(n * n) * sizeof(double);
  struct matrices m = {.n = n, .schedule = schedule};
  m.threads = threads != 0 ? (int)threads : ppar_max_threads(NULL);
  m.a = ppar_alloc(size);
  m.b = ppar_alloc(size);
  m.product = ppar_alloc(size);
  m.reference = ppar_alloc(size);
  bool good = false;
  if (m.a == NULL || m.b == NULL || m.product == NULL || m.reference == NULL) {
    fprintf(stderr, "matmul: no memory for 4 matrices of %" PRId64 " x %" PRId64 "\n", n, n);
  } else {
    ppar_parallel_for(0, n, fill_row, &m, PPAR_OPTIONS(.threads = m.threads, .schedule = ppar_static(0)));
    good = run(&m, repeat, check || n <= CHECK_UP_TO);
  }
  ppar_free(m.reference);
  ppar_free(m.product);
  ppar_free(m.b);
  ppar_free(m.a);
  return good ? 0 : 1;
}
