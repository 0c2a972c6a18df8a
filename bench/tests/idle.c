/* SPDX-License-Identifier: MIT */
/* What is said to be burnt in gaps: never more than the other threads could have used in them. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "../../tests/support/children.h"
#include "../../tests/support/scale.h"
#include "peers/idle.h"

/* Loops many times as long as the gaps: where their time were charged to the gaps, it would show. */
enum { SAMPLES = 200, GAPS = 2, GAP_US = 200, LOOP_UNITS = 1000 * BENCH_MICROSECOND };

static void busy_loop(bench_job *job) {
  (void)job;
  bench_keep(bench_work(LOOP_UNITS));
}

static atomic_bool over;

static void *spin(void *unused) {
  while (!atomic_load_explicit(&over, memory_order_relaxed)) bench_keep(bench_work(BENCH_MICROSECOND));
  return unused;
}

Test(idle, one_thread_burns_one_processor_at_most) {
  pthread_t other;
  if (SCALE_THREAD_SANITIZER) cr_skip_test("ThreadSanitizer has a thread of its own");
  cr_assert(pthread_create(&other, NULL, spin, NULL) == 0);
  for (int s = 0; s < SAMPLES; s++) {
    bench_job job = {.n = GAPS, .outer = GAP_US};
    bench_idle_run(&job, busy_loop);
    cr_assert(job.figures[1] >= 0 && job.figures[1] <= 100.5, "%g %%", job.figures[1]);
  }
  atomic_store(&over, true);
  pthread_join(other, NULL);
}

/* In a child, where no thread of the tests' runner is. */
Test(idle, the_caller_alone_burns_nothing) {
  pid_t child;
  if (SCALE_THREAD_SANITIZER) cr_skip_test("ThreadSanitizer has a thread of its own");
  child = fork();
  cr_assert_neq(child, -1);
  if (child == 0) {
    bench_job job = {.n = GAPS, .outer = GAP_US};
    bench_idle_run(&job, busy_loop);
    _exit(job.figure_count == 2 && job.figures[1] <= 0 && job.figures[1] >= 0 ? 0 : 1);
  }
  cr_assert_eq(children_await(child), 0);
}
