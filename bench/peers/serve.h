/* SPDX-License-Identifier: MIT */
/* serve.h: what a peer is made of. Each peer's main fills a bench_server and serves until its pipe ends. */
#ifndef BENCH_SERVE_H
#define BENCH_SERVE_H

#include "peers/protocol.h"
#include "peers/work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The compiler and the flags that matter, for the version line; the same in every peer of one build. */
#if defined(__clang__)
#define BENCH_COMPILER "clang " __clang_version__ " " BENCH_FLAGS
#else
#define BENCH_COMPILER "gcc " __VERSION__ " " BENCH_FLAGS
#endif

/* One request on its way through a kernel. */
typedef struct bench_job {
  int64_t n;
  int outer;            /* as in bench_request */
  int threads;          /* 0: the T of the environment */
  const char *schedule; /* as in bench_request */
  int64_t repeat;       /* of kernels that repeat: how many times */
  bench_data data;
  double check;     /* the kernel's result, for the driver to compare between peers; 0 where there is none */
  const char *note; /* as in bench_answer; NULL: none */
  const char *why;  /* the kernel has not run, since it lacks something: the same of that; NULL: it has */
  double ns, figures[BENCH_FIGURES_MAX]; /* of kernels that report: what the answer says */
  int figure_count;
} bench_job;

/* Before a runtime knows what it is about to know of a loop. */
enum { BENCH_FIRST_CALLS = 10 };

/* Runs the kernel once. */
typedef void bench_run(bench_job *job);

typedef struct bench_kernel {
  const char *name;
  const char *schedule; /* the only one this entry is for; NULL: any, read from the job */
  bench_run *run;
  bool repeats; /* it does its work job->repeat times by itself, within one region; else it is run that often */
  bool reports; /* it takes its times itself, into the job: run once a sample */
  bool first;   /* each sample's answer has as a figure what its first BENCH_FIRST_CALLS calls took, one of them */
} bench_kernel;

typedef struct bench_kernel_list {
  const bench_kernel *kernels;
  size_t count;
} bench_kernel_list;

/* The kernels of a peer's files, of those that it has. */
extern const bench_kernel_list bench_region_kernels, bench_nested_kernels, bench_task_kernels, bench_idle_kernels,
    bench_imbalance_kernels, bench_memory_kernels, bench_grain_kernels, bench_random_kernels, bench_construct_kernels,
    bench_task_construct_kernels, bench_task_program_kernels, bench_task_matrix_kernels, bench_solver_kernels,
    bench_number_kernels, bench_implicit_kernels, bench_fortran_kernels, bench_package_kernels, bench_process_kernels;

enum { BENCH_KERNEL_LISTS_MAX = 24 };

typedef struct bench_server {
  const char *version; /* one line: library, compiler */
  bool (*prepare)(
      bench_job *job); /* takes threads and schedule to heart before a sample; false: it cannot. NULL: nothing to do */
  bench_run *wake;     /* a loop as small as can be over all threads: ends their sleep before a sample */
  bench_run *fill;     /* bench_data_fill on all threads */
  const bench_kernel_list *lists[BENCH_KERNEL_LISTS_MAX]; /* up to the first NULL */
} bench_server;

/* Answers lines from standard input on standard output until the end of file. Returns main's status. */
int bench_serve(const bench_server *server);

#ifdef __cplusplus
}
#endif

#endif
