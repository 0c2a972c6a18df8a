/* SPDX-License-Identifier: MIT */
/* openmp_fortran.c: calls the kernels of openmp_fortran.f90, where they were compiled. */
#include "peers/serve.h"

typedef void fortran_kernel(int size, int steps, double *answer);

#ifdef BENCH_FORTRAN

fortran_kernel bench_fortran_cg, bench_fortran_mg, bench_fortran_sp;

static void run(bench_job *job, fortran_kernel *kernel) { kernel((int)job->n, job->outer, &job->check); }

#else

#define bench_fortran_cg NULL
#define bench_fortran_mg NULL
#define bench_fortran_sp NULL

static void run(bench_job *job, fortran_kernel *kernel) {
  (void)kernel;
  job->why = "the benchmarks were built without Fortran: no gfortran, or -Dfortran=disabled";
}

#endif

static void cg(bench_job *job) { run(job, bench_fortran_cg); }
static void mg(bench_job *job) { run(job, bench_fortran_mg); }
static void sp(bench_job *job) { run(job, bench_fortran_sp); }

static const bench_kernel kernels[] = {
    {.name = "fortran_cg", .run = cg},
    {.name = "fortran_mg", .run = mg},
    {.name = "fortran_sp", .run = sp},
};

const bench_kernel_list bench_fortran_kernels = {kernels, sizeof kernels / sizeof *kernels};
