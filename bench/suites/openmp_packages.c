/* SPDX-License-Identifier: MIT */
/* openmp_packages.c: packages that compute by OpenMP, on several runtimes. */
#include "suites/suite.h"

#define CALL(text, which, size)                                                                                \
  {                                                                                                            \
    .name = (text), .kernel = (which), .n = (size), .unit = BENCH_PER_RUN, .against = "libgomp", .rounds = 15, \
    .quick_rounds = 7                                                                                          \
  }
#define MODEL(text, which)                                                                                          \
  {                                                                                                                 \
    .name = (text), .group = "scikit-learn", .kernel = "sklearn", .n = 1, .figure = (which), .unit = BENCH_PER_RUN, \
    .against = "libgomp", .rounds = 7, .quick_rounds = 3                                                            \
  }

static const bench_case cases[] = {
    CALL("FFTW, 2^14 points", "fftw_line", 1 << 14),
    CALL("FFTW, 2^18 points", "fftw_line", 1 << 18),
    CALL("FFTW, 32 x 32 x 32 points", "fftw_cube", 32),
    CALL("FFTW, 64 x 64 x 64 points", "fftw_cube", 64),
    CALL("OpenBLAS, dgemm of 128", "openblas_dgemm", 128),
    CALL("OpenBLAS, dgemm of 384", "openblas_dgemm", 384),
    CALL("OpenBLAS, dpotrf of 192", "openblas_dpotrf", 192),
    CALL("OpenBLAS, dpotrf of 768", "openblas_dpotrf", 768),
    MODEL("scikit-learn, k-means", 0),
    MODEL("scikit-learn, boosting", 1),
};

const bench_suite bench_openmp_packages = {
    .name = "openmp-packages",
    .heading = "packages that compute by OpenMP, as they were installed, on three runtimes",
    .why =
        "Nobody compiles these again for another runtime. FFTW transforms a line or a cube of\n"
        "complex numbers; OpenBLAS multiplies and factors matrices; scikit-learn fits models within\n"
        "a process of Python's, its start not counted. Packages that are not there, or bring a\n"
        "runtime of their own, are left out. Ratios are to libgomp, for which they were built. On\n"
        "request, as openmp.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
};
