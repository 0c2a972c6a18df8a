/* SPDX-License-Identifier: MIT */
/* ppar_idle.c: a small loop under ppar, with gaps between. */
#include "peers/idle.h"
#include "peers/ppar_options.h"

PPAR_BODY(iteration, i, bench_job, job) { bench_idle_iteration(); }
static void small_loop(bench_job *job) {
  ppar_parallel_for(0, BENCH_IDLE_ITERATIONS, iteration, job, &bench_ppar_options);
}
static void idle(bench_job *job) { bench_idle_run(job, small_loop); }

static const bench_kernel kernels[] = {{.name = "idle", .run = idle, .reports = true}};

const bench_kernel_list bench_idle_kernels = {kernels, sizeof kernels / sizeof *kernels};
