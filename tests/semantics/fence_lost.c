/* SPDX-License-Identifier: MIT */
/* fence_lost.c: a program that has the system refuse membarrier after the library has come to rely on it, by a filter
 * of system calls as sandboxes install it: iterations that wait for others hold none of them up, no iteration is lost
 * or run twice, and nobody burns a CPU for what cannot be had. */
#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/idle.h"
#include "../support/scale.h"
#include "../support/teams.h"

#if defined(__linux__)
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

TestSuite(fence_lost, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 1000, LOOPS = 20, THREADS = 4 };

/* From here on membarrier fails for the calling thread, or for all of the process. False: that is not permitted, or the
 * system has no such call in the first place. */
static bool forbid(unsigned error, bool all_threads) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof code[0], code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (all_threads) return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* --- Iterations that wait --------------------------------------------------------------------------------- */

struct wait {
  int64_t waiter;
  _Atomic int64_t begun;
};

static void iterate(struct wait *wait, int64_t i) {
  (void)atomic_fetch_add(&wait->begun, 1);
  while (i == wait->waiter && atomic_load(&wait->begun) < ITERATIONS) (void)sched_yield();
}

static void by_hand(const ppar_chunk *chunk, void *arg) { iterate(arg, chunk->begin); }

struct macro {
  struct wait *wait;
};
PPAR_BODY(by_macro, i, struct macro, m) { iterate(m->wait, i); }

static void by_prange(ppar_team *team, void *arg) {
  ppar_prange(team, i, 0, ITERATIONS, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    iterate(arg, i);
  }
}
static void by_prange_nowait(ppar_team *team, void *arg) {
  ppar_prange(team, i, 0, ITERATIONS, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
    iterate(arg, i);
  }
}

/* The way of waiting; waiter -1: nobody waits. */
static void run(ppar_pool *pool, int way, int64_t waiter) {
  const ppar_options *options = PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1));
  struct wait wait = {waiter, 0};
  int status = PPAR_OK;
  switch (way) {
    case 0: status = ppar_parallel_for(0, ITERATIONS, by_hand, &wait, options); break;
    case 1: status = ppar_parallel_for(0, ITERATIONS, by_macro, &(struct macro){&wait}, options); break;
    case 2: status = ppar_parallel(by_prange, &wait, PPAR_OPTIONS(.pool = pool)); break;
    default: status = ppar_parallel(by_prange_nowait, &wait, PPAR_OPTIONS(.pool = pool)); break;
  }
  cr_assert_eq(status, PPAR_OK);
  cr_assert_eq(atomic_load(&wait.begun), ITERATIONS);
}

/* --- Iterations that are long ----------------------------------------------------------------------------- */

static void first_is_long(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  if (chunk->begin == 0) EXPECT(found, idle_are_others());
}

static void long_in_region(ppar_team *team, void *arg) {
  ppar_prange(team, i, 0, ITERATIONS, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    ppar_chunk chunk = {.begin = i, .end = i + 1};
    first_is_long(&chunk, arg);
  }
}

static void check_idle(ppar_pool *pool) {
  struct findings found = {0};
  cr_assert_eq(
      ppar_parallel_for(0, ITERATIONS, first_is_long, &found, PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1))),
      PPAR_OK);
  ASSERT_CLEAN(&found, "a loop");
  cr_assert_eq(ppar_parallel(long_in_region, &found, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  ASSERT_CLEAN(&found, "a prange");
}

/* --- Before and after ------------------------------------------------------------------------------------- */

/* first: the way of the first loop after the loss, which others are hurried in yet. */
static void check(unsigned error, bool all_threads, int first) {
  ppar_pool *pool = case_pool(THREADS);
  cr_assert_not_null(pool);
  for (int l = 0; l < LOOPS; l++) run(pool, l % 4, -1);
  for (int l = 0; l < LOOPS; l++) run(pool, l % 4, l);
  if (forbid(error, all_threads)) {
    for (int l = 0; l < LOOPS; l++) run(pool, (first + l) % 4, l % 2 == 0 ? 0 : ITERATIONS / 2 - 1);
    for (int l = 0; l < LOOPS; l++) run(pool, l % 4, -1);
    check_idle(pool);
  }
  ppar_pool_destroy(pool);
}

Test(fence_lost, a_loop_that_waits_comes_first) { check(EPERM, true, 0); }
Test(fence_lost, a_body_by_macro_that_waits_comes_first) { check(ENOSYS, true, 1); }
Test(fence_lost, a_prange_that_waits_comes_first) { check(EPERM, true, 2); }
Test(fence_lost, a_prange_without_closing_barrier_comes_first) { check(EINVAL, true, 3); }
Test(fence_lost, one_thread_alone_is_filtered) { check(EPERM, false, 0); }
Test(fence_lost, memory_may_come_back) { check(ENOMEM, true, 1); }

/* The long piece comes first: whoever finds that the barrier is gone does so with a rest before it that was opened
 * when it was there. */
Test(fence_lost, nobody_burns_a_cpu_for_what_was_left_before) {
  ppar_pool *pool = case_pool(THREADS);
  cr_assert_not_null(pool);
  for (int l = 0; l < LOOPS; l++) run(pool, l % 4, -1);
  if (forbid(EPERM, true)) check_idle(pool);
  ppar_pool_destroy(pool);
}

#else

Test(fence_lost, there_are_no_such_filters) {}

#endif
