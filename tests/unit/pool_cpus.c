/* SPDX-License-Identifier: MIT */
/* pool_cpus.c: on which CPU a worker goes on that was just woken or is sent away, and where one begins. The calling
 * thread is the worker, but for one that is sent. Whether the machine has a CPU that nobody uses is the test's to say,
 * and what counts is what the system is asked for: it moves threads by itself, too. */
#include "pool/cpus.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <criterion/criterion.h>

#include "../support/scale.h"
#include "../support/teams.h"
#include "platform/load.h"
#include "platform/standing.h"
#include "platform/thread.h"
#include "pool/pool.h"

TestSuite(pool_cpus, .timeout = SCALE_TIMEOUT);

enum { WORKERS = 3, ROUNDS = 50 };

typedef struct scene {
  ppar_pool pool;
  pp_worker workers[WORKERS];
  pp_cpuset *all;
} scene;

static scene stage;

/* Skips the test where a thread cannot learn cheaply where it is, or there is one CPU. */
static pp_worker *begin(void) {
  pp_clock_init();
  stage.all = pp_cpuset_affinity();
  cr_assert_not_null(stage.all);
  if (pp_cpuset_mark() == 0) cr_skip_test("the C library does not keep the CPU's number");
  if (pp_cpuset_count(stage.all) < 2) cr_skip_test("there is one CPU");
  stage.pool.workers = stage.workers;
  pp_store_relaxed(&stage.pool.cpus, (uint32_t)pp_cpuset_count(stage.all));
  pp_store_relaxed(&stage.pool.worker_limit, 1);
  pp_store_relaxed(&stage.pool.worker_count, WORKERS);
  for (int w = 0; w < WORKERS; w++) {
    stage.workers[w].pool = &stage.pool;
    pp_store_relaxed(&stage.workers[w].sleeper.asleep, PP_ASLEEP);
  }
  pp_store_relaxed(&stage.workers[0].sleeper.asleep, PP_AWAKE);
  return &stage.workers[0];
}

/* --- What the system is asked for ------------------------------------------------------------------------------- */

/* In the place of platform/load.c. */
static bool cpus_are_free = true;
bool pp_load_leaves_cpus(void) { return cpus_are_free; }

enum { NOTED_MOST = 4 };

static pp_cpuset *masks[NOTED_MOST]; /* that threads were bound to, in order */
static int noted;

static void forget(void) {
  for (int m = 0; m < NOTED_MOST; m++) {
    pp_cpuset_free(masks[m]);
    masks[m] = NULL;
  }
  noted = 0;
}

#if defined(__linux__)

static _Atomic uint64_t sent_id; /* the system's number of the thread that is sent */

static int bind(long thread, size_t size, const cpu_set_t *cpus) {
  if (noted < NOTED_MOST) {
    masks[noted] = pp_cpuset_make(PP_CPU_LIMIT);
    for (size_t cpu = 0; cpu < 8 * size && cpu < PP_CPU_LIMIT; cpu++) {
      if (CPU_ISSET_S(cpu, size, cpus)) pp_cpuset_add(masks[noted], (int)cpu);
    }
  }
  noted++;
  return (int)syscall(SYS_sched_setaffinity, thread, size, cpus);
}

/* In the C library's place. */
int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *cpus) {
  return bind(thread, size, cpus) < 0 ? -1 : 0;
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus) {
  (void)thread;
  return bind((long)sent_id, size, cpus) < 0 ? errno : 0;
}

#else
static _Atomic uint64_t sent_id;
#endif

/* A thread has been sent to all CPUs but this one, and may run on all of them again. */
static bool has_left(int cpu) {
  pp_cpuset *others = pp_cpuset_copy(stage.all);
  bool has;
  pp_cpuset_remove(others, cpu);
  has = noted == 2 && pp_cpuset_equal(masks[0], others) && pp_cpuset_equal(masks[1], stage.all);
  pp_cpuset_free(others);
  return has;
}

/* --- Leaving ---------------------------------------------------------------------------------------------------- */

/* The worker was woken here just now, again and again. Returns how often it has left; seldom the system moves it before
 * it looks where it is. */
static int count_leaves(pp_worker *worker) {
  int leaves = 0;
  for (int round = 0; round < ROUNDS; round++) {
    const uint32_t here = pp_cpuset_mark();
    forget();
    pp_store_relaxed(&worker->sleeper.waker_cpu, here);
    worker->moves = (pp_moves){0};
    pp_worker_leave_waker(worker);
    if (noted == 0) continue;
    cr_expect(has_left((int)here - 1));
    cr_expect_neq(worker->moves.latest, 0);
    leaves++;
  }
  forget();
  return leaves;
}

static void expect_all_cpus(void) {
  pp_cpuset *now = pp_cpuset_affinity();
  cr_expect(pp_cpuset_equal(now, stage.all));
  pp_cpuset_free(now);
}

Test(pool_cpus, a_worker_leaves_the_cpu_that_it_shares) {
  pp_worker *worker = begin();
  cr_expect_geq(count_leaves(worker), ROUNDS / 2);
  expect_all_cpus();
}

Test(pool_cpus, a_worker_stays_where_other_programs_have_all_cpus) {
  pp_worker *worker = begin();
  cpus_are_free = false;
  cr_expect_eq(count_leaves(worker), 0);
}

Test(pool_cpus, a_worker_does_not_move_again_at_once) {
  pp_worker *worker = begin();
  const pp_moves before = worker->moves = (pp_moves){pp_clock_ticks(), pp_ticks_from_ns(1000000000)};
  pp_store_relaxed(&worker->sleeper.waker_cpu, pp_cpuset_mark());
  pp_worker_leave_waker(worker);
  cr_expect(worker->moves.latest == before.latest || pp_clock_ticks() - before.latest >= before.gap);
}

Test(pool_cpus, moves_that_do_not_hold_are_put_off_for_longer_and_longer) {
  pp_moves moves = {0};
  uint64_t first, most, now = 1000000;
  pp_clock_init();
  first = pp_ticks_from_ns(PP_MOVE_GAP_NS);
  most = pp_ticks_from_ns(PP_MOVE_MOST_NS);
  cr_expect(pp_moves_may(&moves, now));
  for (uint64_t gap = first; gap < most; gap = gap * 2 < most ? gap * 2 : most) {
    cr_expect_eq(moves.gap, gap);
    cr_expect_not(pp_moves_may(&moves, now + gap - 1));
    cr_expect(pp_moves_may(&moves, now += gap));
  }
  cr_expect_eq(moves.gap, most);
  cr_expect(pp_moves_may(&moves, now += most * PP_MOVE_HOLDS));
  cr_expect_eq(moves.gap, first);
}

Test(pool_cpus, a_worker_stays_that_was_woken_from_another_cpu) {
  pp_worker *worker = begin();
  pp_store_relaxed(&worker->sleeper.waker_cpu, PP_CPU_LIMIT);
  pp_worker_leave_waker(worker);
  cr_expect_eq(worker->moves.latest, 0);
}

/* A thread that stands for a worker. */
static pp_atomic_u32 sent;
static void *be_sent(void *arg) {
  (void)arg;
  sent_id = (uint64_t)pp_thread_id();
  while (pp_load_acquire(&sent) == 0) pp_thread_yield();
  return NULL;
}

Test(pool_cpus, a_worker_is_sent_away_and_may_run_everywhere_again) {
  pp_worker *worker = begin();
  cr_assert_eq(pthread_create(&worker->thread, NULL, be_sent, NULL), 0);
  cr_assert(teams_await(&sent_id, 1));
  for (int cpu = pp_cpuset_next(stage.all, -1); cpu >= 0; cpu = pp_cpuset_next(stage.all, cpu)) {
    pp_cpuset *after;
    forget();
    pp_worker_send_away(worker, cpu);
    cr_expect(has_left(cpu), "CPU %d", cpu);
    after = pp_cpuset_affinity_of_other(worker->thread);
    cr_expect(after != NULL && pp_cpuset_equal(after, stage.all));
    pp_cpuset_free(after);
  }
  forget();
  cpus_are_free = false;
  pp_worker_send_away(worker, pp_cpuset_next(stage.all, -1));
  cr_expect_eq(noted, 0, "other programs have all CPUs");
  pp_store_release(&sent, 1);
  (void)pthread_join(worker->thread, NULL);
}

Test(pool_cpus, a_worker_stays_where_its_pool_binds_it_or_there_are_more_threads_than_cpus) {
  pp_worker *worker = begin();
  pp_store_relaxed(&stage.pool.extra_count, pp_load_relaxed(&stage.pool.cpus));
  cr_expect_eq(count_leaves(worker), 0);
  pp_store_relaxed(&stage.pool.extra_count, 0);
  pp_store_relaxed(&stage.pool.worker_limit, pp_load_relaxed(&stage.pool.cpus));
  cr_expect_eq(count_leaves(worker), 0);
  pp_store_relaxed(&stage.pool.worker_limit, 1);
  stage.pool.places = (pp_places *)&stage;
  cr_expect_eq(count_leaves(worker), 0);
}

static pp_cpuset *first_cpus(const pp_worker *worker, uint32_t *here) {
  pp_cpuset *first = NULL;
  for (int round = 0; round < ROUNDS; round++) {
    *here = pp_cpuset_mark();
    pp_cpuset_free(first);
    first = pp_worker_first_cpus(worker);
    if (pp_cpuset_mark() == *here) break;
  }
  return first;
}

Test(pool_cpus, a_worker_begins_where_neither_its_creator_nor_another_one_is) {
  pp_worker *worker = begin();
  uint32_t here = 0;
  pp_cpuset *first = first_cpus(worker, &here);
  cr_assert_not_null(first);
  cr_expect_not(pp_cpuset_has(first, (int)here - 1));
  cr_expect_eq(pp_cpuset_count(first), pp_cpuset_count(pp_standing_cpus()) - 1);
  pp_cpuset_free(first);

  /* The others are awake, one each on two CPUs; with two CPUs in all there is none without a worker. */
  for (int w = 1; w < WORKERS; w++) {
    pp_store_relaxed(&stage.workers[w].sleeper.asleep, PP_AWAY);
    pp_store_relaxed(&stage.workers[w].cpu, (uint32_t)w);
  }
  first = first_cpus(worker, &here);
  cr_assert_not_null(first);
  cr_expect_not(pp_cpuset_has(first, (int)here - 1));
  cr_expect_gt(pp_cpuset_count(first), 0);
  for (int w = 1; w < WORKERS && pp_cpuset_count(stage.all) > WORKERS; w++) cr_expect_not(pp_cpuset_has(first, w - 1));
  pp_cpuset_free(first);

  pp_store_relaxed(&stage.pool.worker_limit, pp_load_relaxed(&stage.pool.cpus));
  cr_expect_null(pp_worker_first_cpus(worker));
}

/* Only the thread that asks is bound, and the worker's is not there yet. */
Test(pool_cpus, nobody_has_bound_a_worker_that_has_not_begun) {
  const pp_worker *worker = begin();
  pp_cpuset *one = pp_cpuset_affinity();
  const int first = pp_cpuset_next(stage.all, -1);
  for (int cpu = first; (cpu = pp_cpuset_next(stage.all, cpu)) >= 0;) pp_cpuset_remove(one, cpu);
  cr_assert_eq(pp_cpuset_count(one), 1);
  cr_assert_not_null(pp_standing_cpus());
  cr_assert_eq(pp_cpuset_bind_thread(one), 0);
  cr_expect_not(pp_worker_is_bound_alone(worker, NULL));
  cr_assert_eq(pp_cpuset_bind_thread(stage.all), 0);
  pp_cpuset_free(one);
}
