/* SPDX-License-Identifier: MIT */
/* tbb_grain.cpp: uniform loops under oneTBB: with its default, the auto_partitioner, and with the best of its
 * partitioners. */
#include <oneapi/tbb.h>

#include "peers/grain.h"

namespace {

using range = tbb::blocked_range<int64_t>;

template <typename Partitioner>
void stream_with(bench_job *job, Partitioner &&partitioner, int64_t grain = 1) {
  const bench_data d = job->data;
  tbb::parallel_for(
      range(0, job->n, std::size_t(grain)),
      [&d](const range &part) {
        const double *x = d.x, *y = d.y;
        double *z = d.z;
        for (int64_t i = part.begin(); i < part.end(); i++) z[i] = x[i] + BENCH_FACTOR * y[i];
      },
      partitioner);
  job->check = d.z[job->n / 2];
}

template <typename Partitioner>
void compute_with(bench_job *job, Partitioner &&partitioner, int64_t grain = 1) {
  tbb::parallel_for(
      range(0, job->n, std::size_t(grain)),
      [](const range &part) {
        for (int64_t i = part.begin(); i < part.end(); i++) bench_grain_iteration();
      },
      partitioner);
}

void stream(bench_job *job) { stream_with(job, tbb::auto_partitioner()); }
void compute(bench_job *job) { compute_with(job, tbb::auto_partitioner()); }

void stream_auto(bench_job *job, bench_iteration *) { stream(job); }
void stream_static(bench_job *job, bench_iteration *) { stream_with(job, tbb::static_partitioner()); }
void stream_simple(bench_job *job, bench_iteration *) {
  stream_with(job, tbb::simple_partitioner(), bench_grain_chunk(job));
}
void stream_affinity(bench_job *job, bench_iteration *) {
  static tbb::affinity_partitioner partitioner;
  stream_with(job, partitioner);
}

void compute_auto(bench_job *job, bench_iteration *) { compute(job); }
void compute_static(bench_job *job, bench_iteration *) { compute_with(job, tbb::static_partitioner()); }
void compute_simple(bench_job *job, bench_iteration *) {
  compute_with(job, tbb::simple_partitioner(), bench_grain_chunk(job));
}
void compute_affinity(bench_job *job, bench_iteration *) {
  static tbb::affinity_partitioner partitioner;
  compute_with(job, partitioner);
}

const bench_candidate stream_candidates[] = {
    {"auto", stream_auto}, {"static", stream_static}, {"simple", stream_simple}, {"affinity", stream_affinity}};
const bench_candidate compute_candidates[] = {
    {"auto", compute_auto}, {"static", compute_static}, {"simple", compute_simple}, {"affinity", compute_affinity}};
BENCH_DEFINE_GRAIN_SEARCHED(stream)
BENCH_DEFINE_GRAIN_SEARCHED(compute)

const bench_kernel kernels[] = {
    {"grain_stream", "default", stream, false, false, true},
    {"grain_stream", "searched", stream_searched, false, false, false},
    {"grain_compute", "default", compute, false, false, true},
    {"grain_compute", "searched", compute_searched, false, false, false},
};

}  // namespace

const bench_kernel_list bench_grain_kernels = {kernels, sizeof kernels / sizeof *kernels};
