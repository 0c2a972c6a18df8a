/* SPDX-License-Identifier: MIT */
/* tbb.cpp: the loops and tasks that oneTBB has, as its own manual teaches them. */
#include <oneapi/tbb.h>
#include <oneapi/tbb/version.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "peers/ends.h"
#include "peers/nested.h"
#include "peers/serve.h"
#include "peers/sorting.h"

namespace {

void empty(bench_job *job) {
  tbb::parallel_for(int64_t(0), job->n, [](int64_t) { bench_nothing(); });
}

/* By schedule: static is the static partitioner, auto the auto partitioner, dynamic,c the simple partitioner with grain
 * c, whose chunks have c/2 to c iterations. The affinity partitioner remembers from loop to loop who had what. */
using range = tbb::blocked_range<int64_t>;

template <typename Partitioner>
void empty_with(bench_job *job, Partitioner &&partitioner, int64_t grain = 1) {
  tbb::parallel_for(
      range(0, job->n, std::size_t(grain)),
      [](const range &part) {
        for (int64_t i = part.begin(); i < part.end(); i++) bench_nothing();
      },
      partitioner);
}

int64_t grain_of(const bench_job *job) { return std::strtoll(std::strchr(job->schedule, ',') + 1, nullptr, 10); }

void empty_static(bench_job *job) { empty_with(job, tbb::static_partitioner()); }
void empty_auto(bench_job *job) { empty_with(job, tbb::auto_partitioner()); }
void empty_simple(bench_job *job) { empty_with(job, tbb::simple_partitioner(), grain_of(job)); }
void empty_affinity(bench_job *job) {
  static tbb::affinity_partitioner partitioner;
  empty_with(job, partitioner);
}

void wake(bench_job *job) {
  int64_t threads = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  (void)job;
  tbb::parallel_for(int64_t(0), threads, [](int64_t) { bench_nothing(); });
}

void fill(bench_job *job) {
  const bench_data *data = &job->data;
  tbb::parallel_for(
      tbb::blocked_range<int64_t>(0, data->count),
      [data](const tbb::blocked_range<int64_t> &part) { bench_data_fill(data, part.begin(), part.end()); },
      tbb::static_partitioner());
}

void flat(bench_job *job) {
  tbb::parallel_for(int64_t(0), job->n, [](int64_t) { bench_microsecond(); });
}

void ends_loop(bench_job *job) {
  tbb::parallel_for(int64_t(0), bench_ends_iterations(job), [](int64_t) { bench_ends_iteration(); });
}

void ends(bench_job *job) { bench_ends_run(job, ends_loop); }

void ends_sum_loop(bench_job *job) {
  using range = tbb::blocked_range<int64_t>;
  job->check = tbb::parallel_reduce(
      range(0, bench_ends_iterations(job)), 0.0,
      [](const range &part, double sum) {
        for (int64_t i = part.begin(); i < part.end(); i++) sum += bench_ends_iteration();
        return sum;
      },
      [](double a, double b) { return a + b; });
}

void ends_sum(bench_job *job) { bench_ends_run(job, ends_sum_loop); }

void nested(bench_job *job) {
  int64_t inner = job->n / job->outer;
  tbb::parallel_for(int64_t(0), int64_t(job->outer),
                    [inner](int64_t) { tbb::parallel_for(int64_t(0), inner, [](int64_t) { bench_microsecond(); }); });
}

void nested_empty(bench_job *job) {
  int64_t inner = job->n / job->outer;
  tbb::parallel_for(int64_t(0), int64_t(job->outer),
                    [inner](int64_t) { tbb::parallel_for(int64_t(0), inner, [](int64_t) { bench_nothing(); }); });
}

void one_loop(bench_job *) {
  tbb::parallel_for(0, int(BENCH_CALLER_ITERATIONS), [](int) { bench_microsecond(); });
}

void callers(bench_job *job) { bench_callers_run(job, one_loop); }

/* A call is a call in every peer: compilers would inline some into themselves, in each in another way. */
__attribute__((noinline)) int64_t fib_of(int64_t n) {
  int64_t a, b;
  if (n < 2) return n;
  tbb::task_group group;
  group.run([&a, n] { a = fib_of(n - 1); });
  b = fib_of(n - 2);
  group.wait();
  return a + b;
}

void fib(bench_job *job) { job->check = double(fib_of(job->n)); }

void sort_part(double *x, int64_t n) {
  if (n <= BENCH_SORT_CUTOFF) {
    bench_quicksort(x, n);
    return;
  }
  int64_t first = bench_partition(x, n);
  tbb::task_group group;
  group.run([x, first] { sort_part(x, first); });
  sort_part(x + first, n - first);
  group.wait();
}

void quicksort(bench_job *job) {
  std::copy_n(job->data.x, job->n, job->data.y);
  sort_part(job->data.y, job->n);
  job->check = bench_sorted_check(job->data.y, job->n);
}

void sort(bench_job *job) {
  std::copy_n(job->data.x, job->n, job->data.y);
  tbb::parallel_sort(job->data.y, job->data.y + job->n);
  job->check = bench_sorted_check(job->data.y, job->n);
}

/* oneTBB's scan calls a body for each part, once or twice. */
void scan(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y;
  tbb::parallel_scan(
      tbb::blocked_range<int64_t>(0, job->n), 0.0,
      [x, y](const tbb::blocked_range<int64_t> &part, double sum, bool last) {
        if (last) {
          for (int64_t i = part.begin(); i < part.end(); i++) y[i] = sum += x[i];
        } else {
          for (int64_t i = part.begin(); i < part.end(); i++) sum += x[i];
        }
        return sum;
      },
      [](double left, double right) { return left + right; });
  job->check = y[job->n / 2] + y[job->n - 1];
}

void two_passes(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y;
  double sum = tbb::parallel_reduce(
      tbb::blocked_range<int64_t>(0, job->n), 0.0,
      [x](const tbb::blocked_range<int64_t> &part, double own) {
        for (int64_t i = part.begin(); i < part.end(); i++) own += x[i];
        return own;
      },
      [](double left, double right) { return left + right; });
  tbb::parallel_for(tbb::blocked_range<int64_t>(0, job->n), [x, y](const tbb::blocked_range<int64_t> &part) {
    for (int64_t i = part.begin(); i < part.end(); i++) y[i] = BENCH_FACTOR * x[i];
  });
  job->check = sum + y[job->n / 2];
}

const bench_kernel kernels[] = {
    {"empty", "default", empty, false, false, false},
    {"empty", "static", empty_static, false, false, false},
    {"empty", "auto", empty_auto, false, false, false},
    {"empty", "affinity", empty_affinity, false, false, false},
    {"empty", "dynamic,1", empty_simple, false, false, false},
    {"empty", "dynamic,4", empty_simple, false, false, false},
    {"empty", "dynamic,16", empty_simple, false, false, false},
    {"empty", "dynamic,64", empty_simple, false, false, false},
    {"empty", "dynamic,256", empty_simple, false, false, false},
    {"empty", "dynamic,1024", empty_simple, false, false, false},
    {"flat", nullptr, flat, false, false, false},
    {"ends", nullptr, ends, false, true, false},
    {"ends_sum", nullptr, ends_sum, false, true, false},
    {"nested", nullptr, nested, false, false, false},
    {"nested_empty", nullptr, nested_empty, false, false, false},
    {"callers", nullptr, callers, false, false, false},
    {"fib", nullptr, fib, false, false, false},
    {"quicksort", nullptr, quicksort, false, false, false},
    {"sort", nullptr, sort, false, false, false},
    {"scan", nullptr, scan, false, false, false},
    {"two_passes", nullptr, two_passes, false, false, false},
};
const bench_kernel_list all = {kernels, sizeof kernels / sizeof *kernels};

/* oneTBB has no variable of its own for the number of threads: the driver's for OpenMP. */
int threads_of_environment() {
  const char *text = std::getenv("OMP_NUM_THREADS");
  int threads = text != nullptr ? std::atoi(text) : 0;
  return threads > 0 ? threads : tbb::info::default_concurrency();
}

/* The limit lasts as long as the object. A change costs oneTBB its threads' sleep, which the wake-up before a sample
 * ends. */
bool prepare(bench_job *job) {
  static std::unique_ptr<tbb::global_control> limit;
  static int limited;
  int threads = job->threads > 0 ? job->threads : threads_of_environment();
  if (threads == limited) return true;
  limit.reset();
  limit = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, std::size_t(threads));
  limited = threads;
  return true;
}

}  // namespace

int main() {
  char version[BENCH_VERSION_MAX];
  bench_server server = {};
  server.version = version;
  server.prepare = prepare;
  server.wake = wake;
  server.fill = fill;
  server.lists[0] = &all;
  server.lists[1] = &bench_idle_kernels;
  server.lists[2] = &bench_imbalance_kernels;
  server.lists[3] = &bench_grain_kernels;
  std::snprintf(version, sizeof version, "oneTBB %s, compiled by %s", TBB_runtime_version(), BENCH_COMPILER);
  return bench_serve(&server);
}
