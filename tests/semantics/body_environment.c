/* SPDX-License-Identifier: MIT */
/* body_environment.c: on every thread that runs a loop's chunks its caller's floating-point control state
 * holds; the caller's errno stays; workers take no asynchronous signals. */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

TestSuite(body_environment, .timeout = SCALE_TIMEOUT);

static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
enum { MODES = sizeof modes / sizeof modes[0] };

struct rounding {
  ppar_pool *pool;
  int mode;
  int depth;
  struct findings *found;
};

static void expect_mode(const ppar_chunk *chunk, void *arg) {
  const struct rounding *rounding = arg;
  EXPECT(rounding->found, fegetround() == rounding->mode);
  work_yield();
  if (rounding->depth == 0) return;
  /* An inner loop has the mode that this body sets for it; this loop's own holds again afterwards. */
  struct rounding inner = *rounding;
  inner.depth--;
  inner.mode = modes[(uint64_t)chunk->begin % MODES];
  fesetround(inner.mode);
  EXPECT(rounding->found,
         ppar_parallel_for(0, 10, expect_mode, &inner,
                           PPAR_OPTIONS(.pool = rounding->pool, .threads = 3, .schedule = ppar_dynamic(1))) == PPAR_OK);
  EXPECT(rounding->found, fegetround() == inner.mode);
  fesetround(rounding->mode);
}

static void *loops_in_every_mode(void *arg) {
  struct rounding rounding = *(struct rounding *)arg;
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (uint64_t round = 0; round < scaled(rounding.depth == 0 ? 650 : 65); round++) {
    struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 64), .schedule = schedules[round % schedule_count], .threads = 8};
    loop.pool = rounding.pool;
    rounding.mode = modes[(round + (uint64_t)rounding.depth) % MODES];
    fesetround(rounding.mode);
    EXPECT(rounding.found, case_run(&loop, expect_mode, &rounding) == PPAR_OK);
    EXPECT(rounding.found, fegetround() == rounding.mode);
  }
  fesetround(FE_TONEAREST);
  return NULL;
}

Test(body_environment, rounds_as_the_caller_does) {
  struct findings found = {0, NULL};
  struct rounding rounding = {case_pool(4), FE_TONEAREST, 0, &found};
  cr_assert_not_null(rounding.pool);
  loops_in_every_mode(&rounding);
  rounding.depth = 1;
  loops_in_every_mode(&rounding);
  rounding.pool = NULL;
  loops_in_every_mode(&rounding);
  ASSERT_CLEAN(&found, "loops in every rounding mode");
}

Test(body_environment, rounds_as_its_own_caller_does_when_there_are_several) {
  enum { CALLERS = 4 };
  pthread_t threads[CALLERS];
  struct findings found = {0, NULL};
  ppar_pool *pool = case_pool(4);
  struct rounding rounding[CALLERS];
  cr_assert_not_null(pool);
  for (int c = 0; c < CALLERS; c++) {
    rounding[c] = (struct rounding){pool, FE_TONEAREST, c % 2, &found};
    cr_assert_eq(pthread_create(&threads[c], NULL, loops_in_every_mode, &rounding[c]), 0);
  }
  for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  ASSERT_CLEAN(&found, "four callers in different rounding modes");
}

#if defined(__SSE__)
enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x0040, CONTROL = 0xffc0 };

struct control {
  unsigned word;
  struct findings *found;
};

static void expect_control(const ppar_chunk *chunk, void *arg) {
  const struct control *control = arg;
  volatile double least = 0x1p-1022;
  (void)chunk;
  EXPECT(control->found, (_mm_getcsr() & CONTROL) == (control->word & CONTROL));
  EXPECT(control->found, (least / 2 == 0) == ((control->word & (FLUSH_TO_ZERO | DENORMALS_ARE_ZERO)) != 0));
  work_yield();
}

Test(body_environment, flushes_denormals_as_the_caller_does) {
  const unsigned before = _mm_getcsr();
  const unsigned words[] = {before, before | FLUSH_TO_ZERO, before | DENORMALS_ARE_ZERO,
                            before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO};
  struct findings found = {0, NULL};
  _mm_setcsr(words[3]);
  bool kept = _mm_getcsr() == words[3];
  _mm_setcsr(before);
  if (!kept) cr_skip_test("an emulator without these modes");
  for (uint64_t round = 0; round < scaled(2600); round++) {
    struct control control = {words[round % 4], &found};
    _mm_setcsr(control.word);
    ppar_parallel_for(0, 64, expect_control, &control, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(4)));
    EXPECT(&found, (_mm_getcsr() & CONTROL) == (control.word & CONTROL));
    _mm_setcsr(before);
  }
  ASSERT_CLEAN(&found, "loops with denormals flushed and not");
}
#endif

static void change_errno(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  errno = ERANGE;
  if (chunk->begin % 4 == 0) {
    errno = EDOM;
    ppar_parallel_for(0, 0, change_errno, found, NULL);
    EXPECT(found, errno == EDOM);
    ppar_parallel_for(1, 4, change_errno, found, PPAR_OPTIONS(.threads = 2, .schedule = ppar_static(1)));
    EXPECT(found, errno == EDOM);
  }
}

static void leave_errno(const ppar_chunk *chunk, void *arg) {
  (void)chunk, (void)arg;
  work_yield();
}

static void fold_nothing(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)accumulator;
  leave_errno(chunk, arg);
}

static void check_errno(ppar_body *body) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  struct findings found = {0, NULL};
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 1; threads <= 100; threads = threads * 3 + 1) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 200), .schedule = schedules[s], .threads = threads};
      int64_t result = 0;
      errno = EILSEQ;
      case_run(&loop, body, &found);
      EXPECT(&found, errno == EILSEQ);
      case_reduce(&loop, fold_nothing, NULL, &ppar_sum_i64, &result);
      EXPECT(&found, errno == EILSEQ);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
}

Test(body_environment, a_loop_leaves_errno_alone) {
  errno = EILSEQ; /* before the default pool is made, and its environment read */
  ppar_parallel_for(0, 1000, leave_errno, NULL, NULL);
  cr_assert_eq(errno, EILSEQ);
  check_errno(leave_errno);
}

/* Which bodies run on the caller's thread is chance; its errno must not depend on that. */
Test(body_environment, bodies_do_not_change_their_callers_errno) { check_errno(change_errno); }

static const int asynchronous[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGALRM,
                                   SIGUSR1, SIGUSR2, SIGCHLD, SIGIO,   SIGWINCH};
static const int others[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGPROF, SIGVTALRM};

struct masks {
  pthread_t caller;
  _Atomic int on_workers;
  struct findings *found;
};

static void look_at_mask(const ppar_chunk *chunk, void *arg) {
  struct masks *masks = arg;
  sigset_t blocked;
  (void)chunk;
  work_spin(10000);
  if (pthread_equal(pthread_self(), masks->caller)) return;
  atomic_fetch_add(&masks->on_workers, 1);
  EXPECT(masks->found, pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0);
  for (size_t s = 0; s < sizeof asynchronous / sizeof asynchronous[0]; s++) {
    EXPECT(masks->found, sigismember(&blocked, asynchronous[s]) == 1);
  }
  for (size_t s = 0; s < sizeof others / sizeof others[0]; s++) {
    EXPECT(masks->found, sigismember(&blocked, others[s]) == 0);
  }
}

Test(body_environment, workers_block_asynchronous_signals_and_no_others) {
  struct findings found = {0, NULL};
  ppar_pool *const pools[] = {case_pool(4), NULL};
  sigset_t before, after;
  pthread_sigmask(SIG_BLOCK, NULL, &before);
  for (size_t p = 0; p < sizeof pools / sizeof pools[0]; p++) {
    struct masks masks = {pthread_self(), 0, &found};
    for (int round = 0; round < 200 && masks.on_workers == 0; round++) {
      ppar_parallel_for(0, 100, look_at_mask, &masks,
                        PPAR_OPTIONS(.pool = pools[p], .threads = 4, .schedule = ppar_dynamic(1)));
    }
  }
  pthread_sigmask(SIG_BLOCK, NULL, &after);
  for (size_t s = 0; s < sizeof asynchronous / sizeof asynchronous[0]; s++) {
    EXPECT(&found, sigismember(&before, asynchronous[s]) == sigismember(&after, asynchronous[s]));
  }
  ASSERT_CLEAN(&found, "signal masks");
  cr_assert_eq(ppar_pool_destroy(pools[0]), PPAR_OK);
}

static _Atomic int handled_by_main, handled_elsewhere;
static pid_t main_thread;

static void handle(int signal) {
  (void)signal;
  if ((pid_t)syscall(SYS_gettid) == main_thread) {
    atomic_fetch_add(&handled_by_main, 1);
  } else {
    atomic_fetch_add(&handled_elsewhere, 1);
  }
}

static void install(int signal) {
  struct sigaction action = {.sa_handler = handle};
  sigaction(signal, &action, NULL); /* without SA_RESTART: interrupted calls fail with EINTR */
}

PPAR_FOLD(add_hash, uint64_t, sum, i, char, nothing) { *sum += work_hash(i); }

static void sum_right(ppar_pool *pool, int threads) {
  const int64_t iterations = 3000;
  uint64_t sum = 0, expected = 0;
  for (int64_t i = 0; i < iterations; i++) expected += work_hash(i);
  const ppar_options *options = PPAR_OPTIONS(.pool = pool, .threads = threads, .schedule = ppar_dynamic(10));
  cr_assert_eq(ppar_parallel_reduce(0, iterations, add_hash, "", &ppar_sum_u64, &sum, options), PPAR_OK);
  cr_assert_eq(sum, expected);
}

Test(body_environment, no_worker_handles_a_signal_that_the_caller_blocks) {
  sigset_t mask, pending;
  ppar_pool *pool = case_pool(4); /* made by a thread that blocks nothing */
  cr_assert_not_null(pool);
  sum_right(pool, 4);
  sum_right(NULL, 4);
  main_thread = (pid_t)syscall(SYS_gettid);
  install(SIGUSR1);
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &mask, NULL);
  for (uint64_t round = 0; round < scaled(650); round++) {
    kill(getpid(), SIGUSR1);
    sum_right(round % 2 == 0 ? pool : NULL, 1 + (int)(round % 6));
  }
  sigpending(&pending);
  cr_assert_eq(sigismember(&pending, SIGUSR1), 1);
  cr_assert_eq(handled_by_main + handled_elsewhere, 0);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(body_environment, loops_are_right_in_a_storm_of_signals_that_the_caller_handles) {
  const struct itimerval storm = {{0, 300}, {0, 300}}, calm = {{0, 0}, {0, 0}};
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  main_thread = (pid_t)syscall(SYS_gettid);
  install(SIGALRM);
  install(SIGUSR1);
  setitimer(ITIMER_REAL, &storm, NULL);
  for (uint64_t round = 0; round < scaled(1300); round++) {
    if (round % 3 == 0) kill(getpid(), SIGUSR1);
    sum_right(round % 2 == 0 ? pool : NULL, 1 + (int)(round % 6));
  }
  setitimer(ITIMER_REAL, &calm, NULL);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  cr_assert(handled_by_main > 0);
  cr_assert_eq(handled_elsewhere, 0);
}
