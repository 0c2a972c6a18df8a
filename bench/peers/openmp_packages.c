/* SPDX-License-Identifier: MIT */
/* openmp_packages.c: packages that people have, which use OpenMP within: FFTW's transforms, OpenBLAS' products and
 * factors, scikit-learn's models. They are looked for when they are wanted, and none of them when this is built. Their
 * calls of OpenMP end in the library that this program runs on, since it was there first. */
#include <dlfcn.h>
#include <glob.h>
#include <limits.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peers/openmp_process.h"
#include "peers/serve.h"

/* A function of a library, at a pointer to function: ISO C has no cast from an object's address. */
static bool find_function(void *library, const char *name, void *function, size_t size) {
  void *address = library != NULL ? dlsym(library, name) : NULL;
  memcpy(function, &address, size);
  return address != NULL;
}
#define FIND(library, function, name) find_function(library, name, &(function), sizeof(function))

/* Memory for so many numbers with values that do not repeat soon. */
static double *numbers(size_t count) {
  double *x = aligned_alloc(64, (count * sizeof *x + 63) / 64 * 64);
  if (x == NULL) abort();
  for (size_t k = 0; k < count; k++) x[k] = fmod((double)k * 0.6180339887498949, 1) - 0.5;
  return x;
}

/* FFTW: its header's names and values, as far as they are needed. */
enum { FFTW_FORWARD = -1, FFTW_ESTIMATE = 64 };
static void *(*fftw_plan_of)(int, const int *, double *, double *, int, unsigned);
static void (*fftw_execute)(void *), (*fftw_destroy_plan)(void *), (*fftw_plan_with_nthreads)(int);

static const char *fftw_missing(void) {
  static bool found;
  int (*init)(void);
  void *library;
  if (found) return NULL;
  library = dlopen("libfftw3_omp.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return "libfftw3_omp.so.3, FFTW with OpenMP, is not installed";
  found = FIND(library, init, "fftw_init_threads") && FIND(library, fftw_plan_of, "fftw_plan_dft") &&
          FIND(library, fftw_execute, "fftw_execute") && FIND(library, fftw_destroy_plan, "fftw_destroy_plan") &&
          FIND(library, fftw_plan_with_nthreads, "fftw_plan_with_nthreads") && init() != 0;
  return found ? NULL : "libfftw3_omp.so.3 has not the functions of FFTW 3";
}

/* One plan is kept: it is made again where the size or the threads are others. */
static void fftw(bench_job *job, int dimensions) {
  static void *plan;
  static double *in, *out;
  static int known[3];
  int wanted[] = {(int)job->n, dimensions, omp_get_max_threads()}, sides[] = {wanted[0], wanted[0], wanted[0]};
  if ((job->why = fftw_missing()) != NULL) return;
  if (plan == NULL || memcmp(known, wanted, sizeof known) != 0) {
    size_t points = 1;
    for (int d = 0; d < dimensions; d++) points *= (size_t)job->n;
    if (plan != NULL) fftw_destroy_plan(plan);
    free(in);
    free(out);
    in = numbers(2 * points);
    out = numbers(2 * points);
    fftw_plan_with_nthreads(wanted[2]);
    plan = fftw_plan_of(dimensions, sides, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
    memcpy(known, wanted, sizeof known);
  }
  fftw_execute(plan);
  job->check = out[0] + out[7] + out[2 * job->n - 1];
}
static void fftw_line(bench_job *job) { fftw(job, 1); }
static void fftw_cube(bench_job *job) { fftw(job, 3); }

/* OpenBLAS, by the names that Fortran programs call. */
enum { OPENBLAS_OF_OPENMP = 2 };
static void (*blas_dgemm)(const char *, const char *, const int *, const int *, const int *, const double *,
                          const double *, const int *, const double *, const int *, const double *, double *,
                          const int *);
static void (*lapack_dpotrf)(const char *, const int *, double *, const int *, int *);
static void (*openblas_set_num_threads)(int);

/* Where Debian keeps the one with OpenMP beside those with other threads, then as Fedora calls it. */
static void *openblas_open(void) {
  void *library = NULL;
  glob_t found;
  if (glob("/usr/lib/*/openblas-openmp/libopenblas.so.0", 0, NULL, &found) == 0) {
    library = dlopen(found.gl_pathv[0], RTLD_NOW | RTLD_LOCAL);
    globfree(&found);
  }
  return library != NULL ? library : dlopen("libopenblaso.so.0", RTLD_NOW | RTLD_LOCAL);
}

static const char *openblas_missing(void) {
  static bool found;
  int (*parallel)(void);
  void *library;
  if (found) return NULL;
  library = openblas_open();
  if (library == NULL) return "OpenBLAS with OpenMP is not installed";
  found = FIND(library, blas_dgemm, "dgemm_") && FIND(library, lapack_dpotrf, "dpotrf_") &&
          FIND(library, openblas_set_num_threads, "openblas_set_num_threads") &&
          FIND(library, parallel, "openblas_get_parallel") && parallel() == OPENBLAS_OF_OPENMP;
  return found ? NULL : "the OpenBLAS that is installed has not OpenMP within";
}

/* Three square matrices, made again where the size is another. */
static double *matrices(int n) {
  static double *all;
  static int side;
  size_t count = (size_t)n * (size_t)n;
  if (side == n) return all;
  free(all);
  side = n;
  all = numbers(3 * count);
  return all;
}

static void openblas_dgemm(bench_job *job) {
  int n = (int)job->n;
  double *a = matrices(n), *b = a + n * n, *c = b + n * n, one = 1, zero = 0;
  if ((job->why = openblas_missing()) != NULL) return;
  openblas_set_num_threads(omp_get_max_threads());
  blas_dgemm("N", "N", &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n);
  job->check = c[1] + c[n * n / 2] + c[n * n - 1];
}

static void openblas_dpotrf(bench_job *job) {
  int n = (int)job->n, status;
  double *a = matrices(n), *factor = a + n * n;
  if ((job->why = openblas_missing()) != NULL) return;
  openblas_set_num_threads(omp_get_max_threads());
  memcpy(factor, a, (size_t)n * (size_t)n * sizeof *a);
  for (int k = 0; k < n; k++) factor[k * n + k] = n;
  lapack_dpotrf("L", &n, factor, &n, &status);
  job->check = status == 0 ? factor[1] + factor[n * n / 2] + factor[n * n - 1] : NAN;
}

/* scikit-learn, in a process of Python's with this one's OpenMP library. */
#define SCRIPT "ppar_bench_packages.py"
static const char *python;

/* The script stands beside this program. Its process has the variables of this one; where this one's library has
 * another name than the one that the package asks for, it is loaded before that. */
static int run_script(const char *interpreter, const char *what, double *out, int most) {
  char script[PATH_MAX], name[64], mode[16], *runtime = bench_runtime_path();
  char *arguments[] = {name, script, mode, runtime, NULL};
  ssize_t length = readlink("/proc/self/exe", script, sizeof script - sizeof SCRIPT);
  int count = 0;
  bool preload = runtime != NULL && strstr(runtime, "/libgomp.so") == NULL;
  if (length > 0 && runtime != NULL) {
    strcpy(memrchr(script, '/', (size_t)length) + 1, SCRIPT);
    snprintf(name, sizeof name, "%s", interpreter);
    snprintf(mode, sizeof mode, "%s", what);
    if (preload) setenv("LD_PRELOAD", runtime, 1);
    count = bench_process_run(name, arguments, out, most);
    if (preload) unsetenv("LD_PRELOAD");
  }
  free(runtime);
  return count;
}

/* The script says 1 where it has the package, 2 where that comes with an OpenMP library of its own. */
static const char *sklearn_missing(void) {
  static const char *const interpreters[] = {"python3", "/usr/bin/python3"};
  static const char *why = "no python3 here has scikit-learn";
  for (size_t k = 0; python == NULL && k < sizeof interpreters / sizeof *interpreters; k++) {
    double answer = 0;
    if (run_script(interpreters[k], "look", &answer, 1) == 1 && answer == 1) python = interpreters[k];
    if (answer == 2) why = "this scikit-learn comes with an OpenMP library of its own, and takes no other";
  }
  return python != NULL ? NULL : why;
}

/* One process for each sample: the times of two models, and what came of them. */
static void sklearn(bench_job *job) {
  double answer[4] = {0};
  bool all;
  if ((job->why = sklearn_missing()) != NULL) return;
  all = run_script(python, "fit", answer, 4) == 4;
  job->ns = answer[0];
  job->figures[0] = answer[1];
  job->figure_count = 1;
  job->check = all ? answer[2] + answer[3] : NAN;
}

static const bench_kernel kernels[] = {
    {.name = "fftw_line", .run = fftw_line},
    {.name = "fftw_cube", .run = fftw_cube},
    {.name = "openblas_dgemm", .run = openblas_dgemm},
    {.name = "openblas_dpotrf", .run = openblas_dpotrf},
    {.name = "sklearn", .run = sklearn, .reports = true},
};

const bench_kernel_list bench_package_kernels = {kernels, sizeof kernels / sizeof *kernels};
