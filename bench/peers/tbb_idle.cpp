/* SPDX-License-Identifier: MIT */
/* tbb_idle.cpp: a small loop under oneTBB, with gaps between. */
#include <oneapi/tbb.h>

#include "peers/idle.h"

namespace {

void small_loop(bench_job *) {
  tbb::parallel_for(0, int(BENCH_IDLE_ITERATIONS), [](int) { bench_idle_iteration(); });
}

void idle(bench_job *job) { bench_idle_run(job, small_loop); }

const bench_kernel kernels[] = {{"idle", nullptr, idle, false, true, false}};

}  // namespace

const bench_kernel_list bench_idle_kernels = {kernels, sizeof kernels / sizeof *kernels};
