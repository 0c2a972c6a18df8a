/* SPDX-License-Identifier: MIT */
/* call_cost.c: where each call of a body costs much beside its iterations, auto makes few calls. */
#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(call_cost, .timeout = SCALE_TIMEOUT);

/* By hand it is one call a slot. The first loop over a body has to find out; and who loses its CPU in the midst of
 * that, or comes late, may be misled for some calls. With one iteration a call there would be ITERATIONS. */
enum { ITERATIONS = 100000, CALLS_MOST = 150, LOOPS = 12 };

struct costly {
  uint64_t cost_ns;
  _Atomic uint64_t calls, iterations;
};

static void body(const ppar_chunk *chunk, void *arg) {
  struct costly *c = arg;
  if (c->cost_ns != 0) work_spin(c->cost_ns);
  (void)atomic_fetch_add(&c->calls, 1);
  (void)atomic_fetch_add(&c->iterations, chunk->count);
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  body(chunk, arg);
  *(uint64_t *)accumulator += chunk->count;
}

/* Calls a slot in one loop. */
static uint64_t calls(struct costly *c, int threads, bool folds, const ppar_options *options) {
  uint64_t sum = 0;
  atomic_store(&c->calls, 0);
  atomic_store(&c->iterations, 0);
  if (folds) {
    cr_assert_eq(ppar_parallel_reduce(0, ITERATIONS, fold, c, &ppar_sum_u64, &sum, options), PPAR_OK);
    cr_assert_eq(sum, ITERATIONS);
  } else {
    cr_assert_eq(ppar_parallel_for(0, ITERATIONS, body, c, options), PPAR_OK);
  }
  cr_assert_eq(atomic_load(&c->iterations), ITERATIONS);
  return atomic_load(&c->calls) / (uint64_t)threads;
}

static void check(int threads, bool folds, const uint64_t *costs, int count, uint64_t most) {
  ppar_pool *pool = case_pool(threads);
  ppar_options options = {.pool = pool};
  struct costly c = {0};
  cr_assert_not_null(pool);
  for (int k = 0; k < count; k++) {
    uint64_t all = 0;
    c.cost_ns = costs[k];
    for (int loop = 0; loop < LOOPS; loop++) all += calls(&c, threads, folds, &options);
    if (c.cost_ns != 0)
      cr_expect_leq(all, LOOPS * most, "%d threads, %llu ns a call: %llu calls a slot in %d loops", threads,
                    (unsigned long long)c.cost_ns, (unsigned long long)all, LOOPS);
  }
  ppar_pool_destroy(pool);
}

/* Under Valgrind and emulators one thread runs at a time, and a call without any work costs as much as these do. */
#define SKIP_WHERE_ALL_IS_SLOW() \
  if (scale_is_emulated()) cr_skip_test("calls cost much by themselves here")

static const uint64_t short_cost[] = {10000}, long_cost[] = {100000};
static const uint64_t changing[] = {10000, 0, 100000, 0, 10000, 100000};

Test(call_cost, a_body_is_called_some_times_and_not_once_an_iteration) {
  SKIP_WHERE_ALL_IS_SLOW();
  for (int threads = 1; threads <= 8; threads += threads == 1 ? 1 : 6) {
    check(threads, false, short_cost, 1, CALLS_MOST);
    check(threads, false, long_cost, 1, CALLS_MOST);
  }
}

Test(call_cost, so_is_a_fold) {
  SKIP_WHERE_ALL_IS_SLOW();
  check(2, true, short_cost, 1, CALLS_MOST);
  check(8, true, long_cost, 1, CALLS_MOST);
}

Test(call_cost, what_was_learned_of_a_body_does_not_stand_in_the_way_when_it_changes) {
  SKIP_WHERE_ALL_IS_SLOW();
  check(2, false, changing, 6, CALLS_MOST);
  check(8, false, changing, 6, CALLS_MOST);
}
