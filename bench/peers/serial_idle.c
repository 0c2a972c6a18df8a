/* SPDX-License-Identifier: MIT */
/* serial_idle.c: a small loop on one thread, with gaps between. */
#include "peers/idle.h"

static void small_loop(bench_job *job) {
  (void)job;
  for (int i = 0; i < BENCH_IDLE_ITERATIONS; i++) bench_idle_iteration();
}
static void idle(bench_job *job) { bench_idle_run(job, small_loop); }

static const bench_kernel kernels[] = {{.name = "idle", .run = idle, .reports = true}};

const bench_kernel_list bench_idle_kernels = {kernels, sizeof kernels / sizeof *kernels};
