/* SPDX-License-Identifier: MIT */
/* main_leaves.c: a process whose main thread calls pthread_exit ends when the last of its own threads does, by exit(0),
 * whatever idle workers there are. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/scale.h"
#include "../support/scenarios.h"
#include "../support/teams.h"

TestSuite(main_leaves, .timeout = SCALE_TIMEOUT);

enum { LATE_US = 200000 };

static void meet(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
}

static void run_region(ppar_pool *pool) {
  if (ppar_parallel(meet, NULL, PPAR_OPTIONS(.threads = 2, .pool = pool)) != PPAR_OK) _exit(WRONG);
}

static void start(void *(*run)(void *), void *arg) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, arg) != 0 || pthread_detach(thread) != 0) _exit(WRONG);
}

static void *end_late(void *arg) {
  teams_sleep(LATE_US);
  return arg;
}

static void *run_regions_late(void *arg) {
  run_region(NULL);
  teams_sleep(LATE_US);
  run_region(NULL);
  return arg;
}

static void *run_the_first_region_late(void *arg) {
  teams_sleep(LATE_US);
  run_region(NULL);
  return arg;
}

/* By then main has left for long, and nobody of those that use the library is there. */
static void *be_seen_to_the_end(void *arg) {
  (void)arg;
  teams_sleep(2 * LATE_US);
  _exit(RIGHT);
}

static void after_a_region(void) {
  run_region(NULL);
  start(end_late, NULL);
}

static void at_once_after_a_region(void) { run_region(NULL); }

static void after_a_region_on_an_own_pool(void) {
  ppar_pool *pool = case_pool(3);
  if (pool == NULL) _exit(WRONG);
  run_region(pool);
  start(end_late, NULL);
}

static void while_another_thread_runs_regions(void) { start(run_regions_late, NULL); }

static void before_the_first_region(void) { start(run_the_first_region_late, NULL); }

static void after_the_last_user_has_ended(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_the_first_region_late, NULL) != 0) _exit(WRONG);
  pthread_join(thread, NULL);
}

static void with_a_signal_that_all_block(void) {
  sigset_t mask;
  run_region(NULL);
  sigfillset(&mask);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  start(end_late, NULL);
}

static void end_in_exit(void) { _exit(RIGHT); }

static void end_wrongly_in_exit(void) { _exit(WRONG); }

/* How a child ends whose main thread does that and then leaves. */
static int fork_and_leave(void (*prepare)(void), void (*at_exit)(void)) {
#if defined(__linux__) && !defined(__GLIBC__)
  cr_skip_test("musl 1.2.3: threads of a forked child hang once its main thread has called pthread_exit");
#endif
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer has a thread of its own, and allows the child none");
  pid_t child = fork();
  if (child == 0) {
    if (atexit(at_exit) != 0) _exit(WRONG);
    prepare();
    pthread_exit(NULL);
  }
  return children_await(child);
}

#define LEAVES(name) \
  Test(main_leaves, name) { cr_assert_eq(fork_and_leave(name, end_in_exit), RIGHT); }

LEAVES(after_a_region)
LEAVES(at_once_after_a_region)
LEAVES(after_a_region_on_an_own_pool)
LEAVES(while_another_thread_runs_regions)
LEAVES(before_the_first_region)
LEAVES(after_the_last_user_has_ended)
LEAVES(with_a_signal_that_all_block)

static void while_a_stranger_works(void) {
  run_region(NULL);
  start(be_seen_to_the_end, NULL);
}

Test(main_leaves, not_before_the_last_of_the_programs_threads_ends) {
  cr_assert_eq(fork_and_leave(while_a_stranger_works, end_wrongly_in_exit), RIGHT);
}

static void in_a_grandchild(void) {
  run_region(NULL);
  pid_t child = fork();
  if (child != 0) _exit(children_await(child));
  run_region(NULL);
}

LEAVES(in_a_grandchild)

static void *fork_on_this_thread(void *arg) {
  (void)arg;
  run_region(NULL);
  pid_t child = fork();
  if (child != 0) _exit(children_await(child));
  run_region(NULL);
  pthread_exit(NULL);
}

/* There the main thread is the one that forked. */
static void in_a_child_that_another_thread_forks(void) {
  start(fork_on_this_thread, NULL);
  for (;;) teams_sleep(LATE_US);
}

LEAVES(in_a_child_that_another_thread_forks)
