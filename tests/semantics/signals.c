/* SPDX-License-Identifier: MIT */
/* signals.c: what a body does that has to do with signals is the same on a worker as on the caller: children that it
 * makes, writes that fail, timers of profilers. */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/time.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/scenarios.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(signals, .timeout = SCALE_TIMEOUT);

enum { THREADS = 3 };

struct done {
  void (*run)(void *arg);
  void *arg;
};

static void do_on_the_last_thread(ppar_team *team, void *arg) {
  struct done *done = arg;
  if (ppar_team_size(team) != THREADS) return;
  if (ppar_team_thread(team) == THREADS - 1) done->run(done->arg);
}

/* Has it done by a worker. */
static void on_a_worker(void (*run)(void *arg), void *arg) {
  struct done done = {run, arg};
  ppar_parallel(do_on_the_last_thread, &done, PPAR_OPTIONS(.threads = THREADS));
}

static void expect_same_mask(const sigset_t *wanted) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  for (int s = 1; s < NSIG; s++) {
    if (sigismember(&mask, s) != sigismember(wanted, s)) _exit(WRONG);
  }
}

struct fork_in_body {
  sigset_t wanted;
  int status;
};

static void fork_in_body(void *arg) {
  struct fork_in_body *f = arg;
  pid_t child = fork();
  if (child == 0) {
    expect_same_mask(&f->wanted);
    _exit(RIGHT);
  }
  f->status = children_await(child);
}

static void block(sigset_t *out, int signal_number) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, signal_number);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  *out = mask;
}

Test(signals, a_child_that_a_worker_forks_has_the_callers_mask) {
  struct fork_in_body f = {.status = WRONG};
  block(&f.wanted, SIGUSR1);
  on_a_worker(fork_in_body, &f);
  cr_assert_eq(f.status, RIGHT);
}

static void fork_again(void *arg) {
  struct fork_in_body *f = arg;
  pid_t child = fork();
  if (child == 0) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &f->wanted);
    pthread_sigmask(SIG_SETMASK, NULL, &f->wanted);
    fork_in_body(f); /* this thread is the program's now, and its mask its own */
    _exit(f->status);
  }
  f->status = children_await(child);
}

Test(signals, a_grandchild_has_the_mask_that_its_parent_has_set) {
  struct fork_in_body f = {.status = WRONG};
  block(&f.wanted, SIGUSR1);
  on_a_worker(fork_again, &f);
  cr_assert_eq(f.status, RIGHT);
}

static void write_to_nobody(void *arg) {
  int ends[2];
  (void)arg;
  if (pipe(ends) != 0) _exit(WRONG);
  close(ends[0]);
  (void)!write(ends[1], "x", 1);
  _exit(WRONG);
}

Test(signals, a_write_to_a_closed_pipe_is_SIGPIPE_on_a_worker_too) {
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
  pid_t child = fork();
  if (child == 0) {
    signal(SIGPIPE, SIG_DFL);
    on_a_worker(write_to_nobody, NULL);
    _exit(WRONG);
  }
  cr_assert_eq(children_await(child), CHILDREN_SIGNAL + SIGPIPE);
}

/* What a program that a worker spawns takes: what job control and its own pipes need. */
static int look_at_mask(void) {
  static const int unblocked[] = {SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV, SIGPROF};
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  for (size_t s = 0; s < sizeof unblocked / sizeof unblocked[0]; s++) {
    if (sigismember(&mask, unblocked[s]) != 0) return WRONG;
  }
  return RIGHT;
}

static void spawn_in_body(void *arg) {
  char program[] = "/proc/self/exe";
  char *arguments[] = {program, NULL};
  pid_t child = 0;
  if (posix_spawn(&child, program, NULL, NULL, arguments, environ) == 0) *(int *)arg = children_await(child);
}

Test(signals, a_program_that_a_worker_spawns_has_job_control) {
  int status = WRONG;
  if (scale_is_emulated()) cr_skip_test("Valgrind cannot run a program by this name");
  setenv(SCENARIO_VARIABLE, "look_at_mask", 1);
  on_a_worker(spawn_in_body, &status);
  unsetenv(SCENARIO_VARIABLE);
  cr_assert_eq(status, RIGHT);
}

static const struct scenario scenarios[] = {SCENARIO(look_at_mask)};

__attribute__((constructor)) static void take_over(void) {
  scenarios_take_over(scenarios, sizeof scenarios / sizeof scenarios[0]);
}

static _Atomic int samples;
static _Thread_local _Atomic int own_samples;

static void sample(int signal_number) {
  (void)signal_number;
  atomic_fetch_add(&samples, 1);
  atomic_fetch_add(&own_samples, 1);
}

static void raise_on_oneself(void *arg) {
  pthread_kill(pthread_self(), *(int *)arg);
  *(int *)arg = atomic_load(&own_samples);
}

Test(signals, a_worker_takes_profilers_timers) {
  static const int timers[] = {SIGPROF, SIGVTALRM};
  for (size_t t = 0; t < 2; t++) {
    int signal_then_samples = timers[t];
    struct sigaction action = {.sa_handler = sample, .sa_flags = SA_RESTART};
    sigaction(timers[t], &action, NULL);
    on_a_worker(raise_on_oneself, &signal_then_samples);
    cr_assert_eq(atomic_load(&samples), (int)t + 1);
    cr_assert(signal_then_samples >= 1 && signal_then_samples <= (int)t + 1);
  }
}

PPAR_FOLD(add_hash, uint64_t, sum, i, char, nothing) { *sum += work_hash(i); }

Test(signals, loops_and_regions_are_right_while_a_profiler_samples) {
  const struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
  struct sigaction action = {.sa_handler = sample}; /* without SA_RESTART: calls fail with EINTR */
  uint64_t expected = 0;
  for (int64_t i = 0; i < 3000; i++) expected += work_hash(i);
  sigaction(SIGPROF, &action, NULL);
  setitimer(ITIMER_PROF, &often, NULL);
  for (uint64_t round = 0; round < scaled(2600); round++) {
    uint64_t sum = 0;
    const ppar_options *options = PPAR_OPTIONS(.threads = 1 + (int)(round % 6), .schedule = ppar_dynamic(10));
    cr_assert_eq(ppar_parallel_reduce(0, 3000, add_hash, "", &ppar_sum_u64, &sum, options), PPAR_OK);
    cr_assert_eq(sum, expected);
  }
  setitimer(ITIMER_PROF, &never, NULL);
}
