/* SPDX-License-Identifier: MIT */
/* ppar_cxx.cpp: the loops of the suite cxx through ppar.hpp, as its manual teaches them. */
#include <cstdio>

#include <ppar/ppar.hpp>

#include "peers/ppar_options.h"
#include "peers/serve.h"

namespace {

void empty(bench_job *job) {
  ppar::for_each_index(
      std::int64_t(0), job->n, [](std::int64_t) { bench_nothing(); }, bench_ppar_options);
}

void scale(bench_job *job) {
  ppar::for_each_index(
      std::int64_t(0), job->n, [x = job->data.x, y = job->data.y](std::int64_t i) { y[i] = BENCH_FACTOR * x[i]; },
      bench_ppar_options);
  job->check = job->data.y[job->n / 2];
}

void dot(bench_job *job) {
  job->check = ppar::reduce(
      std::int64_t(0), job->n, 0.0, std::plus<>(),
      [x = job->data.x, y = job->data.y](std::int64_t i) { return x[i] * y[i]; }, bench_ppar_options);
}

void sum(bench_job *job) {
  job->check = ppar::reduce(
      std::int64_t(0), job->n, 0.0, std::plus<>(), [x = job->data.x](std::int64_t i) { return x[i]; },
      bench_ppar_options);
}

const bench_kernel kernels[] = {
    {"empty", nullptr, empty, false, false, false},
    {"scale", nullptr, scale, false, false, false},
    {"dot", nullptr, dot, false, false, false},
    {"sum", nullptr, sum, false, false, false},
};
const bench_kernel_list all = {kernels, sizeof kernels / sizeof *kernels};

}  // namespace

int main() {
  char version[BENCH_VERSION_MAX];
  bench_server server = {};
  server.version = version;
  server.prepare = bench_ppar_prepare;
  server.wake = bench_ppar_wake;
  server.fill = bench_ppar_fill;
  server.lists[0] = &all;
  std::snprintf(version, sizeof version, "ppar %s by ppar.hpp, compiled by %s", ppar_version(), BENCH_COMPILER);
  return bench_serve(&server);
}
