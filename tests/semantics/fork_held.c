/* SPDX-License-Identifier: MIT */
/* fork_held.c: what is under way at the moment of a fork: the program's own handlers, critical sections, and threads
 * that read the machine's topology. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/scale.h"
#include "../support/teams.h"

extern char **environ;

TestSuite(fork_held, .timeout = SCALE_TIMEOUT);

enum { RIGHT = 17, WRONG = 18, PATIENCE = 60 /* seconds */ };

static void skip_under_checkers(void) {
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
}

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

static void add_one(void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, 1); }

static void meet(ppar_team *team, void *arg) {
  ppar_critical_begin(team, "fork_held.c");
  atomic_fetch_add((_Atomic uint64_t *)arg, 1);
  ppar_critical_end(team, "fork_held.c");
  ppar_barrier(team);
}

/* A loop, a region and a task. */
static bool constructs_are_right(void) {
  _Atomic uint64_t iterations = 0, threads = 0, tasks = 0;
  ppar_task_group group;
  if (ppar_parallel_for(0, 1000, count_chunk, &iterations, PPAR_OPTIONS(.threads = 3)) != PPAR_OK) return false;
  if (ppar_parallel(meet, &threads, PPAR_OPTIONS(.threads = 3)) != PPAR_OK) return false;
  if (ppar_task_group_begin(&group, NULL) != PPAR_OK) return false;
  ppar_task_spawn(&group, add_one, &tasks);
  return ppar_task_group_wait(&group) == PPAR_OK && iterations == 1000 && threads == 3 && tasks == 1;
}

/* --- The program's handlers ------------------------------------------------------------------------------- */

static bool handlers_work, all_were_right = true;
static int calls;

static void use_library(void) {
  if (!handlers_work) return;
  (void)alarm(PATIENCE); /* A child's alarm is not its parent's. */
  calls++;
  all_were_right = constructs_are_right() && all_were_right;
}

/* Before the first call of the library, and of the program's main. */
__attribute__((constructor)) static void register_handlers(void) {
  (void)pthread_atfork(use_library, use_library, use_library);
}

/* In a process of its own, which may get stuck. `before`: the library has been used before the fork. */
static int fork_with_handlers(bool before) {
  pid_t child = fork(), grandchild;
  if (child != 0) return children_await(child);
  (void)alarm(PATIENCE);
  bool right = !before || constructs_are_right();
  handlers_work = true;
  grandchild = fork();
  (void)alarm(PATIENCE);
  right = all_were_right && calls == 2 && constructs_are_right() && right;
  if (grandchild == 0) _exit(right ? RIGHT : WRONG);
  _exit(children_await(grandchild) == RIGHT && right ? RIGHT : WRONG);
}

Test(fork_held, handlers_may_use_the_library) {
  skip_under_checkers();
  cr_expect_eq(fork_with_handlers(false), RIGHT);
  cr_expect_eq(fork_with_handlers(true), RIGHT);
}

/* --- Critical sections ------------------------------------------------------------------------------------ */

static const char *const names[] = {NULL, "held", "another"};
enum { NAMES = sizeof names / sizeof names[0] };

struct holder {
  pthread_t thread;
  _Atomic int inside;
  _Atomic bool leave;
};

static void *hold_all(void *arg) {
  struct holder *holder = arg;
  for (int n = 0; n < NAMES; n++) ppar_critical_begin(NULL, names[n]);
  atomic_store(&holder->inside, 1);
  while (!atomic_load(&holder->leave)) usleep(1000);
  for (int n = NAMES; n-- > 0;) ppar_critical_end(NULL, names[n]);
  return NULL;
}

static void *wait_for_all(void *arg) {
  (void)arg;
  for (int n = 0; n < NAMES; n++) {
    ppar_critical_begin(NULL, names[n]);
    ppar_critical_end(NULL, names[n]);
  }
  return NULL;
}

Test(fork_held, sections_that_other_threads_are_in_are_free_in_the_child) {
  struct holder holder = {.inside = 0};
  pthread_t waiter;
  skip_under_checkers();
  cr_assert_eq(pthread_create(&holder.thread, NULL, hold_all, &holder), 0);
  while (atomic_load(&holder.inside) == 0) usleep(1000);
  cr_assert_eq(pthread_create(&waiter, NULL, wait_for_all, NULL), 0);
  usleep(20000); /* it sleeps by now */
  pid_t child = fork();
  if (child == 0) {
    (void)alarm(PATIENCE);
    (void)wait_for_all(NULL);
    _exit(RIGHT);
  }
  int ended = children_await(child);
  atomic_store(&holder.leave, true);
  pthread_join(holder.thread, NULL);
  pthread_join(waiter, NULL);
  cr_assert_eq(ended, RIGHT);
}

static void *enter_one(void *arg) {
  ppar_critical_begin(NULL, "mine");
  atomic_store((_Atomic int *)arg, 1);
  ppar_critical_end(NULL, "mine");
  return NULL;
}

/* Many other sections around it, more than the library notes of a thread. */
Test(fork_held, sections_that_the_forking_thread_is_in_stay_held) {
  static const char *const around[] = {"1", "2", "3", "4", "5", "6"};
  enum { AROUND = sizeof around / sizeof around[0] };
  skip_under_checkers();
  for (int n = 0; n < AROUND; n++) ppar_critical_begin(NULL, around[n]);
  ppar_critical_begin(NULL, "mine");
  pid_t child = fork();
  if (child == 0) {
    _Atomic int entered = 0;
    pthread_t thread;
    (void)alarm(PATIENCE);
    bool right = pthread_create(&thread, NULL, enter_one, &entered) == 0;
    usleep(50000);
    right = atomic_load(&entered) == 0 && right;
    ppar_critical_end(NULL, "mine");
    for (int n = AROUND; n-- > 0;) ppar_critical_end(NULL, around[n]);
    right = pthread_join(thread, NULL) == 0 && atomic_load(&entered) == 1 && right;
    _exit(right ? RIGHT : WRONG);
  }
  ppar_critical_end(NULL, "mine");
  for (int n = AROUND; n-- > 0;) ppar_critical_end(NULL, around[n]);
  cr_assert_eq(children_await(child), RIGHT);
}

static void *enter_new_names(void *arg) {
  char name[32];
  for (int n = 0; !atomic_load((_Atomic bool *)arg); n++) {
    snprintf(name, sizeof name, "new name %d", n % 100000);
    ppar_critical_begin(NULL, name);
    ppar_critical_end(NULL, name);
  }
  return NULL;
}

Test(fork_held, sections_may_be_new_at_the_moment_of_a_fork) {
  _Atomic bool stop = false;
  pthread_t thread;
  skip_under_checkers();
  cr_assert_eq(pthread_create(&thread, NULL, enter_new_names, &stop), 0);
  int stuck = 0;
  for (int round = 0; round < 50 && stuck == 0; round++) {
    pid_t child = fork();
    if (child == 0) {
      _Atomic uint64_t threads = 0;
      (void)alarm(PATIENCE);
      (void)wait_for_all(NULL);
      _exit(ppar_parallel(meet, &threads, PPAR_OPTIONS(.threads = 3)) == PPAR_OK && threads == 3 ? RIGHT : WRONG);
    }
    stuck += children_await(child) != RIGHT;
  }
  atomic_store(&stop, true);
  pthread_join(thread, NULL);
  cr_assert_eq(stuck, 0);
}

/* --- Reading the topology --------------------------------------------------------------------------------- */

static bool bound_pool_works(void) {
  ppar_pool *pool = NULL;
  if (ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .bind = PPAR_BIND_TRUE, .places = "cores")) != PPAR_OK)
    return false;
  return ppar_pool_destroy(pool) == PPAR_OK;
}

static void *make_bound_pools(void *arg) {
  while (!atomic_load((_Atomic bool *)arg)) {
    if (!bound_pool_works()) return arg;
  }
  return NULL;
}

Test(fork_held, threads_may_be_reading_the_topology) {
  enum { AT_ONCE = 16, ROUNDS = 40 };
  _Atomic bool stop = false;
  pthread_t thread;
  void *failed = NULL;
  int stuck = 0;
  skip_under_checkers();
  cr_assert_eq(pthread_create(&thread, NULL, make_bound_pools, &stop), 0);
  for (int round = 0; round < ROUNDS && stuck == 0; round++) {
    pid_t children[AT_ONCE];
    for (int c = 0; c < AT_ONCE; c++) {
      children[c] = fork();
      if (children[c] != 0) continue;
      (void)alarm(PATIENCE);
      _exit(bound_pool_works() ? RIGHT : WRONG);
    }
    for (int c = 0; c < AT_ONCE; c++) stuck += children_await(children[c]) != RIGHT;
  }
  atomic_store(&stop, true);
  pthread_join(thread, &failed);
  cr_assert_eq(stuck, 0);
  cr_assert_null(failed);
}

/* How many files a program has open that another program has just started; -1: it did not start. */
static int inherited_files(void) {
  static const char *const command[] = {"ls", "/proc/self/fd", NULL};
  char text[4096];
  int ends[2], files = 0;
  ssize_t got;
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  int status = posix_spawnp(&child, command[0], &actions, NULL, (char *const *)(uintptr_t)command, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  while (status == 0 && (got = read(ends[0], text, sizeof text)) > 0) {
    for (ssize_t i = 0; i < got; i++) files += text[i] == '\n';
  }
  close(ends[0]);
  return status == 0 && children_await(child) == 0 ? files : -1;
}

Test(fork_held, programs_started_meanwhile_inherit_no_files) {
  _Atomic bool stop = false;
  pthread_t thread;
  skip_under_checkers();
  int usual = inherited_files(), most = usual;
  if (usual < 0) cr_skip_test("this system has no ls that could tell");
  cr_assert_eq(pthread_create(&thread, NULL, make_bound_pools, &stop), 0);
  for (int round = 0; round < 200; round++) {
    int files = inherited_files();
    if (files > most) most = files;
  }
  atomic_store(&stop, true);
  pthread_join(thread, NULL);
  cr_assert_eq(most, usual);
}
