/* SPDX-License-Identifier: MIT */
/* short_loops.c: auto loops that are too short to be shared, and bodies whose cost jumps. */
#include <criterion/criterion.h>
#include <stdatomic.h>

#include <ppar/ppar.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(short_loops, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 16 };

/* A body whose iterations take as long as it is told. */
struct job {
  uint64_t spins; /* An iteration takes so many additions. */
  int64_t fails;  /* This one fails; -1: none does. */
  atomic_uint counts[ITERATIONS];
  atomic_uint calls;
  atomic_uint others; /* Calls on other threads than the caller. */
  int slots;
  struct findings *found;
};

static void visit(const ppar_chunk *chunk, void *arg) {
  struct job *job = arg;
  atomic_fetch_add(&job->calls, 1);
  if (chunk->thread != 0) atomic_fetch_add(&job->others, 1);
  EXPECT(job->found, ppar_thread_num() == chunk->thread);
  EXPECT(job->found, ppar_num_threads() == job->slots);
  EXPECT(job->found, ppar_active_level() == 1);
  ppar_for_each_index(i, chunk) {
    atomic_fetch_add(&job->counts[i], 1);
    work_spin(job->spins);
    if (i == job->fails) {
      ppar_cancel(chunk, 7);
      return;
    }
  }
}

static void add(const ppar_chunk *chunk, void *accumulator, void *arg) {
  visit(chunk, arg);
  ppar_for_each_index(i, chunk) *(uint64_t *)accumulator += work_hash(i);
}

static void begin(struct job *job, struct findings *found, uint64_t spins) {
  for (int i = 0; i < ITERATIONS; i++) atomic_store(&job->counts[i], 0);
  atomic_store(&job->calls, 0);
  atomic_store(&job->others, 0);
  job->spins = spins;
  job->fails = -1;
  job->slots = 2;
  job->found = found;
}

/* One place in the program for all loops over visit, and one for all over add. */
static int loop(struct job *job, int64_t n, ppar_pool *pool) {
  return ppar_parallel_for(0, n, visit, job, PPAR_OPTIONS(.threads = 2, .pool = pool));
}
static int reduce(struct job *job, uint64_t *sum, ppar_pool *pool) {
  return ppar_parallel_reduce(0, ITERATIONS, add, job, &ppar_sum_u64, sum, PPAR_OPTIONS(.threads = 2, .pool = pool));
}

static void expect_whole(struct job *job, int64_t n) {
  for (int i = 0; i < n; i++) EXPECT(job->found, atomic_load(&job->counts[i]) == 1);
}

static uint64_t whole_sum(void) {
  uint64_t sum = 0;
  for (int i = 0; i < ITERATIONS; i++) sum += work_hash(i);
  return sum;
}

/* Runs loops of n short iterations until one is not shared; how many that took, at most `most`. Other programs may
 * take the CPU in the midst of any of them. */
static int loops_until_alone(struct job *job, struct findings *found, int64_t n, ppar_pool *pool, int most) {
  int loops = 0;
  do {
    begin(job, found, 0);
    EXPECT(found, loop(job, n, pool) == PPAR_OK);
    expect_whole(job, n);
  } while (++loops < most && atomic_load(&job->calls) > 2);
  EXPECT(found, atomic_load(&job->calls) <= 2 && atomic_load(&job->others) == 0);
  return loops;
}

Test(short_loops, a_body_known_to_be_short_is_run_by_its_caller_in_two_calls) {
  static struct job job;
  struct findings found = {0, NULL};
  if (scale_is_slow()) cr_skip_test("no loop of this body is short here");
  loops_until_alone(&job, &found, ITERATIONS, NULL, 300000);
  loops_until_alone(&job, &found, 2, NULL, 300000);
  ASSERT_CLEAN(&found, "the default pool");
}

Test(short_loops, a_pool_of_ones_own_learns_too_and_is_busy_meanwhile) {
  static struct job job;
  struct findings found = {0, NULL};
  ppar_pool *pool;
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  if (!scale_is_slow()) loops_until_alone(&job, &found, ITERATIONS, pool, 300000);
  ASSERT_CLEAN(&found, "a pool");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

struct in_use {
  ppar_pool *pool;
  struct findings found;
};

static void destroy_inside(const ppar_chunk *chunk, void *arg) {
  struct in_use *in_use = arg;
  (void)chunk;
  EXPECT(&in_use->found, ppar_pool_destroy(in_use->pool) == PPAR_EBUSY);
}

Test(short_loops, a_pool_is_in_use_while_its_caller_runs_a_short_loop) {
  struct in_use in_use = {NULL, {0, NULL}};
  cr_assert_eq(ppar_pool_create(&in_use.pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  for (int k = 0; k < 200; k++) {
    const ppar_options *options = PPAR_OPTIONS(.pool = in_use.pool, .threads = 1 + k % 2);
    cr_assert_eq(ppar_parallel_for(0, 2, destroy_inside, &in_use, options), PPAR_OK);
  }
  ASSERT_CLEAN(&in_use.found, "loops");
  cr_assert_eq(ppar_pool_destroy(in_use.pool), PPAR_OK);
}

/* 16 iterations of some 800 us each: a worker has 12 ms to come. */
Test(short_loops, a_body_that_becomes_slow_is_shared_again) {
  static struct job job;
  struct findings found = {0, NULL};
  if (scale_is_slow()) cr_skip_test("no loop of this body is short here");
  bool shared = false;
  loops_until_alone(&job, &found, ITERATIONS, NULL, 300000);
  for (int k = 0; k < 100 && !shared; k++) {
    begin(&job, &found, 400000);
    EXPECT(&found, loop(&job, ITERATIONS, NULL) == PPAR_OK);
    expect_whole(&job, ITERATIONS);
    shared = atomic_load(&job.others) != 0;
  }
  EXPECT(&found, shared);
  loops_until_alone(&job, &found, ITERATIONS, NULL, 300000);
  ASSERT_CLEAN(&found, "a body that jumps");
}

Test(short_loops, a_reduction_that_becomes_slow_counts_what_was_run_before) {
  static struct job job;
  struct findings found = {0, NULL};
  for (int round = 0; round < 20; round++) {
    for (int k = 0; k < 20; k++) {
      uint64_t sum = 5;
      begin(&job, &found, 0);
      EXPECT(&found, reduce(&job, &sum, NULL) == PPAR_OK);
      expect_whole(&job, ITERATIONS);
      EXPECT(&found, sum == whole_sum() + 5);
    }
    uint64_t sum = 5;
    begin(&job, &found, 3000);
    EXPECT(&found, reduce(&job, &sum, NULL) == PPAR_OK);
    expect_whole(&job, ITERATIONS);
    EXPECT(&found, sum == whole_sum() + 5);
  }
  ASSERT_CLEAN(&found, "a fold that jumps");
}

/* Wherever the failing iteration is, in the part that the caller runs alone or in what is shared. */
Test(short_loops, a_failure_ends_a_short_loop_as_it_ends_the_serial_one) {
  static struct job job;
  struct findings found = {0, NULL};
  for (int64_t fails = 0; fails < ITERATIONS; fails++) {
    for (uint64_t spins = 0; spins <= 3000; spins += 3000) {
      uint64_t sum = 5;
      for (int k = 0; k < 20; k++) {
        begin(&job, &found, 0);
        (void)reduce(&job, &sum, NULL);
      }
      sum = 5;
      begin(&job, &found, spins);
      job.fails = fails;
      EXPECT(&found, reduce(&job, &sum, NULL) == 7);
      EXPECT(&found, sum == 5);
      for (int i = 0; i < ITERATIONS; i++) {
        unsigned count = atomic_load(&job.counts[i]);
        EXPECT(&found, i <= fails ? count == 1 : count <= 1);
      }
    }
  }
  ASSERT_CLEAN(&found, "folds that fail");
}

static void add_index(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(uint64_t *)accumulator += (uint64_t)i;
}

static uint64_t inner_sum(void) {
  uint64_t sum = 0;
  (void)ppar_parallel_reduce(0, 8, add_index, NULL, &ppar_sum_u64, &sum, PPAR_OPTIONS(.threads = 2));
  return sum;
}

/* Each iteration runs a loop of its own, which is short, too. */
static void nest(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  int thread = ppar_thread_num();
  ppar_for_each_index(i, chunk) {
    EXPECT(found, inner_sum() == 28);
    EXPECT(found, ppar_thread_num() == thread && ppar_num_threads() == 2 && ppar_active_level() == 1);
  }
}

Test(short_loops, the_threads_place_is_as_before_after_a_short_loop) {
  struct findings found = {0, NULL};
  for (int k = 0; k < 200; k++) {
    EXPECT(&found, ppar_parallel_for(0, 4, nest, &found, PPAR_OPTIONS(.threads = 2)) == PPAR_OK);
    EXPECT(&found, ppar_active_level() == 0 && ppar_num_threads() == 1 && ppar_thread_num() == 0);
  }
  ASSERT_CLEAN(&found, "places");
}
