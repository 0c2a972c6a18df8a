/* SPDX-License-Identifier: MIT */
/* exit.c: a process that has used loops ends when and how its program says, without further ado. */
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/scenarios.h"
#include "../support/work.h"

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

static void run_loops(ppar_pool *pool) {
  for (int threads = 0; threads < 9; threads++) {
    _Atomic uint64_t count = 0;
    const ppar_options *options = PPAR_OPTIONS(.pool = pool, .threads = threads, .schedule = ppar_dynamic(1));
    if (ppar_parallel_for(0, 1000, count_chunk, &count, options) != PPAR_OK || count != 1000) _exit(WRONG);
  }
}

static int nothing_at_all(void) { return RIGHT; }

static int right_after_a_loop(void) {
  run_loops(NULL);
  return RIGHT;
}

static int with_workers_asleep(void) {
  run_loops(NULL);
  nanosleep(&(struct timespec){0, 50 * 1000 * 1000}, NULL);
  return RIGHT;
}

static int without_destroying_a_pool(void) {
  static ppar_pool *pool;
  pool = case_pool(5);
  run_loops(pool);
  return RIGHT;
}

static int with_a_pool_that_no_loop_used(void) {
  static ppar_pool *pool;
  pool = case_pool(5);
  return pool != NULL ? RIGHT : WRONG;
}

static int by_quick_exit(void) {
  run_loops(NULL);
  quick_exit(RIGHT);
}

static _Atomic int exiting;

static void exit_in_the_middle(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  work_spin(1000);
  /* A second exit at the same time would be undefined whatever the library does. */
  if (chunk->begin >= 300 && atomic_exchange(&exiting, 1) == 0) exit(RIGHT);
}

static int from_a_body(void) {
  ppar_parallel_for(0, 100000, exit_in_the_middle, NULL, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1)));
  return WRONG;
}

static int from_a_body_of_an_own_pool(void) {
  static ppar_pool *pool;
  pool = case_pool(4);
  ppar_parallel_for(0, 100000, exit_in_the_middle, NULL, PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1)));
  return WRONG;
}

static void exit_on_a_worker(const ppar_chunk *chunk, void *arg) {
  pid_t caller = *(const pid_t *)arg;
  bool late = chunk->begin >= 30000; /* no worker came: the caller will do */
  work_spin(1000);
  if (((pid_t)syscall(SYS_gettid) != caller || late) && atomic_exchange(&exiting, 1) == 0) exit(RIGHT);
}

static int from_a_worker(void) {
  pid_t caller = (pid_t)syscall(SYS_gettid);
  ppar_parallel_for(0, 100000, exit_on_a_worker, &caller, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1)));
  return WRONG;
}

static void *loop_for_ever(void *arg) {
  for (;;) {
    _Atomic uint64_t count = 0;
    ppar_parallel_for(0, 100000, count_chunk, &count, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1)));
    atomic_store((_Atomic int *)arg, 1);
  }
  return NULL;
}

static int while_other_threads_run_loops(void) {
  static _Atomic int under_way;
  pthread_t threads[2];
  for (int t = 0; t < 2; t++) {
    if (pthread_create(&threads[t], NULL, loop_for_ever, &under_way) != 0) return WRONG;
    pthread_detach(threads[t]);
  }
  while (!atomic_load(&under_way)) sched_yield();
  return RIGHT;
}

static void loop_at_exit(void) { run_loops(NULL); }

static int with_loops_in_an_exit_handler(void) {
  atexit(loop_at_exit);
  run_loops(NULL);
  return RIGHT;
}

static int with_the_first_loop_in_an_exit_handler(void) {
  atexit(loop_at_exit);
  return RIGHT;
}

static int as_a_forked_child(void) {
#if SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER /* whose own locks do not survive a fork among threads */
  return RIGHT;
#endif
  run_loops(NULL);
  pid_t child = fork();
  if (child == 0) {
    run_loops(NULL);
    exit(RIGHT);
  }
  return children_await(child);
}

/* A program's global object, which its static destructors take down, and a body that leaves something on each thread to
 * be cleaned up with its help as the thread ends: as a thread-local object of C++ does, or a key of POSIX. Whoever
 * cleans up later is wrong. */
static _Atomic bool registry_is_gone;
static pthread_key_t key;

static void clean_up(void *object) {
  (void)object;
  if (atomic_load(&registry_is_gone)) _exit(WRONG);
}

static void leave_something(const ppar_chunk *chunk, void *arg) {
  static _Thread_local bool there;
  (void)chunk, (void)arg;
  work_spin(1000);
  if (there) return;
  there = true;
  pthread_setspecific(key, &there);
#if defined(__GLIBC__)
  extern int __cxa_thread_atexit_impl(void (*run)(void *), void *object, void *image);
  extern void *__dso_handle;
  __cxa_thread_atexit_impl(clean_up, &there, &__dso_handle);
#endif
}

static void leave_something_everywhere(ppar_team *team, void *arg) {
  leave_something(NULL, arg);
  ppar_barrier(team);
}

static void take_registry_down(void) {
  atomic_store(&registry_is_gone, true);
  nanosleep(&(struct timespec){0, 5 * 1000 * 1000}, NULL); /* for whoever would end now */
}

static void begin_registry(void) {
  atexit(take_registry_down);
  if (pthread_key_create(&key, clean_up) != 0) _exit(WRONG);
}

static int with_thread_local_objects_of_a_loop(void) {
  begin_registry();
  ppar_parallel_for(0, 1000, leave_something, NULL, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1)));
  return RIGHT;
}

static int with_thread_local_objects_of_a_region(void) {
  begin_registry();
  ppar_parallel(leave_something_everywhere, NULL, PPAR_OPTIONS(.threads = 4));
  return RIGHT;
}

/* Where the workers sleep already, and where they are woken once more. */
static int with_thread_local_objects_and_a_loop_later(void) {
  int status = with_thread_local_objects_of_a_region();
  nanosleep(&(struct timespec){0, 50 * 1000 * 1000}, NULL);
  atexit(loop_at_exit);
  return status;
}

static void come_together(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
}

/* They end one after the other, and one of them may have just said so as the process exits. */
static int with_extra_threads_about_to_end(void) {
  if (ppar_parallel(come_together, NULL, PPAR_OPTIONS(.threads = 33)) != PPAR_OK) return WRONG;
  if (ppar_pool_trim(NULL) != PPAR_OK) return WRONG;
  work_spin((uint64_t)getpid() % 8 * 1000);
  return RIGHT;
}

static const struct scenario scenarios[] = {
    SCENARIO(nothing_at_all),
    SCENARIO(right_after_a_loop),
    SCENARIO(with_workers_asleep),
    SCENARIO(without_destroying_a_pool),
    SCENARIO(with_a_pool_that_no_loop_used),
    SCENARIO(by_quick_exit),
    SCENARIO(from_a_body),
    SCENARIO(from_a_body_of_an_own_pool),
    SCENARIO(from_a_worker),
    SCENARIO(while_other_threads_run_loops),
    SCENARIO(with_loops_in_an_exit_handler),
    SCENARIO(with_the_first_loop_in_an_exit_handler),
    SCENARIO(as_a_forked_child),
    SCENARIO(with_thread_local_objects_of_a_loop),
    SCENARIO(with_thread_local_objects_of_a_region),
    SCENARIO(with_thread_local_objects_and_a_loop_later),
    SCENARIO(with_extra_threads_about_to_end),
};

__attribute__((constructor)) static void take_over(void) {
  scenarios_take_over(scenarios, sizeof scenarios / sizeof scenarios[0]);
}

TestSuite(exit, .timeout = SCALE_TIMEOUT);

#define EXIT_TEST(name) \
  Test(exit, name) { scenarios_expect_prompt_end(#name, (int)scaled(26)); }

EXIT_TEST(nothing_at_all)
EXIT_TEST(right_after_a_loop)
EXIT_TEST(with_workers_asleep)
EXIT_TEST(without_destroying_a_pool)
EXIT_TEST(with_a_pool_that_no_loop_used)
EXIT_TEST(by_quick_exit)
EXIT_TEST(from_a_body)
EXIT_TEST(from_a_body_of_an_own_pool)
EXIT_TEST(from_a_worker)
EXIT_TEST(while_other_threads_run_loops)
EXIT_TEST(with_loops_in_an_exit_handler)
EXIT_TEST(with_the_first_loop_in_an_exit_handler)
EXIT_TEST(as_a_forked_child)
EXIT_TEST(with_thread_local_objects_of_a_loop)
EXIT_TEST(with_thread_local_objects_of_a_region)
EXIT_TEST(with_thread_local_objects_and_a_loop_later)

/* Each run has the chance of one in ten or so to meet the moment. */
Test(exit, with_extra_threads_about_to_end) {
  scenarios_expect_prompt_end("with_extra_threads_about_to_end", (int)scaled(78));
}
