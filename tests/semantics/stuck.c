/* SPDX-License-Identifier: MIT */
/* stuck.c: an iteration that waits for all others to have begun holds none of them up, wherever it is: a loop of chunks
 * ends as long as one thread is free to run them. */
#include <sched.h>

#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(stuck, .timeout = SCALE_TIMEOUT);

enum { ROWS = 10, ITERATIONS = 1000, ROUNDS = 3 };

/* How often the body was run before matters: a body that is known to be fast is run in longer pieces. */
struct wait {
  int64_t waiter, chunk; /* the iteration that waits; the others of its chunk come after it on its own thread */
  _Atomic int64_t begun;
};

static void iterate(struct wait *wait, int64_t i) {
  int64_t last = wait->waiter - wait->waiter % wait->chunk + wait->chunk - 1;
  int64_t behind = (last < ITERATIONS ? last : ITERATIONS - 1) - wait->waiter;
  (void)atomic_fetch_add(&wait->begun, 1);
  while (i == wait->waiter && atomic_load(&wait->begun) < ITERATIONS - behind) (void)sched_yield();
}

static void by_hand(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) {
    iterate(arg, i);
  }
}

struct macro {
  struct wait *wait;
};
PPAR_BODY(by_macro, i, struct macro, m) { iterate(m->wait, i); }
PPAR_FOLD(by_fold, int64_t, sum, i, struct macro, m) {
  iterate(m->wait, i);
  *sum += i;
}

static void by_tile(const ppar_tile *tile, void *arg) {
  for (int64_t i = tile->dim[0].begin; i < tile->dim[0].end; i++) {
    for (int64_t j = tile->dim[1].begin; j < tile->dim[1].end; j++) iterate(arg, i * (ITERATIONS / ROWS) + j);
  }
}

struct prange {
  struct wait *wait;
  ppar_schedule schedule;
  bool nowait;
};

static void by_prange(ppar_team *team, void *arg) {
  const struct prange *p = arg;
  ppar_prange(team, i, 0, ITERATIONS, PPAR_OPTIONS(.schedule = p->schedule, .nowait = p->nowait)) {
    iterate(p->wait, i);
  }
}

static void by_prange_2d(ppar_team *team, void *arg) {
  const struct prange *p = arg;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, ROWS), PPAR_BOUNDS(0, ITERATIONS / ROWS),
                 PPAR_OPTIONS(.schedule = p->schedule, .nowait = p->nowait)) {
    iterate(p->wait, i * (ITERATIONS / ROWS) + j);
  }
}

typedef int run_one(struct wait *wait, const ppar_options *options);

static int run_by_hand(struct wait *wait, const ppar_options *options) {
  return ppar_parallel_for(0, ITERATIONS, by_hand, wait, options);
}
static int run_by_macro(struct wait *wait, const ppar_options *options) {
  return ppar_parallel_for(0, ITERATIONS, by_macro, &(struct macro){wait}, options);
}
static int run_by_fold(struct wait *wait, const ppar_options *options) {
  int64_t sum = 0;
  int status = ppar_parallel_reduce(0, ITERATIONS, by_fold, &(struct macro){wait}, &ppar_sum_i64, &sum, options);
  cr_expect_eq(sum, (int64_t)ITERATIONS * (ITERATIONS - 1) / 2);
  return status;
}
static int run_by_tile(struct wait *wait, const ppar_options *options) {
  return ppar_parallel_for_2d(PPAR_BOUNDS(0, ROWS), PPAR_BOUNDS(0, ITERATIONS / ROWS), by_tile, wait, options);
}
static int run_in_region(ppar_region *region, struct wait *wait, const ppar_options *options, bool nowait) {
  ppar_options of_region = *options;
  of_region.schedule = ppar_auto();
  return ppar_parallel(region, &(struct prange){wait, options->schedule, nowait}, &of_region);
}
static int run_by_prange(struct wait *wait, const ppar_options *options) {
  return run_in_region(by_prange, wait, options, false);
}
static int run_by_prange_nowait(struct wait *wait, const ppar_options *options) {
  return run_in_region(by_prange, wait, options, true);
}
static int run_by_prange_2d(struct wait *wait, const ppar_options *options) {
  return run_in_region(by_prange_2d, wait, options, false);
}

static void check(run_one *run, ppar_schedule schedule) {
  static const int64_t waiters[] = {0, 7, 100, ITERATIONS / 2 - 1, ITERATIONS - 1};
  uint64_t kept = 0;
  for (int threads = 2; threads <= 8; threads += 6) {
    ppar_pool *pool = case_pool(threads);
    ppar_options options = {.schedule = schedule, .pool = pool};
    cr_assert_not_null(pool);
    for (int w = 0; w < 5; w++) {
      if (!scale_keeps(&kept)) continue;
      for (int round = 0; round < ROUNDS; round++) {
        struct wait wait = {waiters[w], schedule.chunk, 0};
        cr_assert_eq(run(&wait, &options), PPAR_OK);
        cr_assert_eq(atomic_load(&wait.begun), ITERATIONS);
      }
    }
    ppar_pool_destroy(pool);
  }
}

static void check_chunks(run_one *run) {
  check(run, ppar_dynamic(1));
  check(run, ppar_dynamic(3));
  check(run, ppar_monotonic(ppar_dynamic(1)));
}

Test(stuck, a_body_written_by_hand) { check_chunks(run_by_hand); }
Test(stuck, a_body_by_macro) { check_chunks(run_by_macro); }
Test(stuck, a_fold_by_macro) { check_chunks(run_by_fold); }
Test(stuck, a_loop_of_two_dimensions) { check(run_by_tile, ppar_dynamic(1)); }
Test(stuck, a_prange) { check_chunks(run_by_prange); }
Test(stuck, a_prange_without_closing_barrier) { check_chunks(run_by_prange_nowait); }
Test(stuck, a_collapsed_prange) { check(run_by_prange_2d, ppar_dynamic(1)); }

/* --- On the way from one place to another ----------------------------------------------------------------- */

/* Many short pranges, one after the other: threads that have found nothing leave each of them for good, while others
 * are in the middle of taking a batch, or of a theft. */
enum { PRANGES = 400, SHORT = 24 };

struct short_pranges {
  _Atomic int begun[PRANGES];
};

static int64_t waiter_of(int prange) { return (int64_t)prange * 7 % SHORT; }

static void leave_soon(ppar_team *team, void *arg) {
  struct short_pranges *s = arg;
  for (int p = 0; p < PRANGES; p++) {
    ppar_prange(team, i, 0, SHORT, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
      (void)atomic_fetch_add(&s->begun[p], 1);
      while (i == waiter_of(p) && atomic_load(&s->begun[p]) < SHORT) (void)sched_yield();
    }
  }
}

Test(stuck, who_leaves_for_good_has_left_nothing_behind) {
  static struct short_pranges s;
  for (int threads = 2; threads <= 4; threads++) {
    ppar_pool *pool = case_pool(threads);
    cr_assert_not_null(pool);
    for (uint64_t round = scaled(12); round != 0; round--) {
      for (int p = 0; p < PRANGES; p++) atomic_store(&s.begun[p], 0);
      cr_assert_eq(ppar_parallel(leave_soon, &s, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
      for (int p = 0; p < PRANGES; p++) cr_assert_eq(atomic_load(&s.begun[p]), SHORT);
    }
    ppar_pool_destroy(pool);
  }
}

/* So few that a thread often looks for more just as others take the last ones. */
struct few {
  int64_t iterations, waiter;
  _Atomic int64_t begun;
};

static void by_few(ppar_team *team, void *arg) {
  struct few *few = arg;
  ppar_prange(team, i, 0, few->iterations, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
    (void)atomic_fetch_add(&few->begun, 1);
    while (i == few->waiter && atomic_load(&few->begun) < few->iterations) (void)sched_yield();
  }
}

Test(stuck, a_short_prange_without_closing_barrier) {
  uint64_t random = 1;
  for (uint64_t round = 0; round < scaled(2000); round++) {
    struct few few = {.iterations = 2 + (int64_t)(work_random(&random) % (round % 2 != 0 ? 8 : 60))};
    few.waiter = (int64_t)(work_random(&random) % (uint64_t)few.iterations);
    cr_assert_eq(ppar_parallel(by_few, &few, PPAR_OPTIONS(.threads = 2 + (int)(round % 3))), PPAR_OK);
    cr_assert_eq(few.begun, few.iterations);
  }
}
