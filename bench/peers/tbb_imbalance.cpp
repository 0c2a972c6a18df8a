/* SPDX-License-Identifier: MIT */
/* tbb_imbalance.cpp: the loops whose iterations differ, under oneTBB: with its default, the auto_partitioner, and with
 * the best of its partitioners. */
#include <oneapi/tbb.h>

#include "peers/imbalance.h"

namespace {

template <typename Partitioner>
void run(bench_job *job, bench_iteration *iteration, Partitioner &&partitioner) {
  int64_t n = job->n;
  tbb::parallel_for(
      int64_t(0), n, [iteration, n](int64_t i) { iteration(i, n); }, partitioner);
}

void run_auto(bench_job *job, bench_iteration *iteration) { run(job, iteration, tbb::auto_partitioner()); }
void run_simple(bench_job *job, bench_iteration *iteration) { run(job, iteration, tbb::simple_partitioner()); }
void run_static(bench_job *job, bench_iteration *iteration) { run(job, iteration, tbb::static_partitioner()); }

/* It learns from the loops before, so it lives as long as the loops of one kind repeat. */
void run_affinity(bench_job *job, bench_iteration *iteration) {
  static tbb::affinity_partitioner partitioner;
  run(job, iteration, partitioner);
}

const bench_candidate candidates[] = {
    {"auto", run_auto}, {"simple", run_simple}, {"static", run_static}, {"affinity", run_affinity}};

template <bench_iteration *iteration>
void unasked(bench_job *job) {
  run_auto(job, iteration);
}

template <bench_iteration *iteration>
void searched(bench_job *job) {
  bench_run_best(job, iteration, candidates, sizeof candidates / sizeof *candidates);
}

#define ENTRY(shape)                                                \
  {#shape, "default", unasked<bench_##shape>, false, false, false}, \
      {#shape, "searched", searched<bench_##shape>, false, false, false},
const bench_kernel kernels[] = {BENCH_SHAPES(ENTRY)};

}  // namespace

const bench_kernel_list bench_imbalance_kernels = {kernels, sizeof kernels / sizeof *kernels};
