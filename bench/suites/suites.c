/* SPDX-License-Identifier: MIT */
/* suites.c: the list of suites. */
#include "suites/suite.h"

const bench_suite *const bench_suites[] = {&bench_overhead,        &bench_schedules,     &bench_kernels,
                                           &bench_reduction,       &bench_region,        &bench_nested,
                                           &bench_tasks,           &bench_imbalance,     &bench_memory,
                                           &bench_scaling,         &bench_neighbour,     &bench_idle,
                                           &bench_grain,           &bench_setup,         &bench_asleep,
                                           &bench_choice_suite,    &bench_cxx,           &bench_random,
                                           &bench_openmp,          &bench_openmp_tasks,  &bench_openmp_programs,
                                           &bench_openmp_packages, &bench_openmp_process};
const size_t bench_suite_count = sizeof bench_suites / sizeof *bench_suites;

_Static_assert(sizeof bench_suites / sizeof *bench_suites <= BENCH_SUITES_MAX,
               "a selection has a place for each suite");
