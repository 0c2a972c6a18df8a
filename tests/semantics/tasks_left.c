/* SPDX-License-Identifier: MIT */
/* tasks_left.c: groups that nobody waits for, and bytes that are no group: nothing is read or written where a group's
 * owner has had it on its stack, other groups go on, and PPAR_CHECK=1 tells of them. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "../support/cases.h"
#include "../support/messages.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(tasks_left, .timeout = SCALE_TIMEOUT);

enum { TASKS = 20 };

/* Before the library reads it. */
__attribute__((constructor)) static void turn_checks_on(void) { setenv("PPAR_CHECK", "1", 1); }

static const int pool_sizes[] = {1, 2, 8};
enum { POOL_SIZES = sizeof pool_sizes / sizeof pool_sizes[0] };

static _Atomic uint64_t ran, left_ran;

static void count(void *arg) {
  atomic_fetch_add((_Atomic uint64_t *)arg, 1);
  work_yield();
}

/* Whatever was on the stack below the caller is something else afterwards. */
__attribute__((noinline)) static void overwrite_stack(int byte) {
  unsigned char bytes[4096];
  memset(bytes, byte, sizeof bytes);
  __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

__attribute__((noinline)) static void leave_group(ppar_pool *pool) {
  ppar_task_group group;
  if (ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool, .name = "left")) != PPAR_OK) abort();
  for (int t = 0; t < TASKS; t++) (void)ppar_task_spawn(&group, count, (void *)&left_ran);
}

__attribute__((noinline)) static void leave_future(void) {
  ppar_future future;
  if (ppar_future_start(&future, count, (void *)&left_ran) != PPAR_OK) abort();
}

static void use_pool(ppar_pool *pool) {
  ppar_task_group group;
  atomic_store(&ran, 0);
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  for (int t = 0; t < TASKS; t++) cr_assert_eq(ppar_task_spawn(&group, count, (void *)&ran), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(ran, TASKS);
}

static void leave_inside(void *arg) {
  leave_group(arg);
  overwrite_stack(0xff);
  atomic_fetch_add(&ran, 1);
}

struct leaving {
  ppar_pool *pool;
  int rounds;
};

/* In a thread, since what is left keeps the pool busy until the thread's end. */
static void *leave_between(void *arg) {
  const struct leaving *leaving = arg;
  for (int round = 0; round < leaving->rounds; round++) {
    ppar_task_group outer;
    atomic_store(&ran, 0);
    cr_assert_eq(ppar_task_group_begin(&outer, PPAR_OPTIONS(.pool = leaving->pool)), PPAR_OK);
    for (int t = 0; t < TASKS; t++) cr_assert_eq(ppar_task_spawn(&outer, count, (void *)&ran), PPAR_OK);
    leave_group(leaving->pool);
    overwrite_stack(round % 2 != 0 ? 0xff : 0x5a);
    for (int t = 0; t < TASKS; t++) cr_assert_eq(ppar_task_spawn(&outer, count, (void *)&ran), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&outer), PPAR_OK);
    cr_assert_eq(ran, 2 * TASKS);
    use_pool(leaving->pool);
  }
  return NULL;
}

static void *leave_in_tasks(void *arg) {
  const struct leaving *leaving = arg;
  for (int round = 0; round < leaving->rounds; round++) {
    ppar_task_group outer;
    atomic_store(&ran, 0);
    cr_assert_eq(ppar_task_group_begin(&outer, PPAR_OPTIONS(.pool = leaving->pool)), PPAR_OK);
    for (int t = 0; t < TASKS; t++) cr_assert_eq(ppar_task_spawn(&outer, leave_inside, leaving->pool), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&outer), PPAR_OK);
    cr_assert_eq(ran, TASKS);
  }
  return NULL;
}

static void *leave_at_once(void *arg) {
  leave_group(((const struct leaving *)arg)->pool);
  overwrite_stack(0xff);
  return NULL;
}

static void leave_on_pools(void *(*leave)(void *arg), int rounds) {
  for (int p = 0; p < POOL_SIZES; p++) {
    struct leaving leaving = {case_pool(pool_sizes[p]), (int)scaled((uint64_t)rounds)};
    atomic_store(&left_ran, 0);
    for (int t = 0; t < 3; t++) {
      pthread_t thread;
      cr_assert_eq(pthread_create(&thread, NULL, leave, &leaving), 0);
      pthread_join(thread, NULL);
      use_pool(leaving.pool);
    }
    cr_assert_eq(ppar_pool_destroy(leaving.pool), PPAR_OK, "the threads that left something have ended");
  }
}

Test(tasks_left, a_group_that_is_left_harms_no_other) { leave_on_pools(leave_between, 200); }
Test(tasks_left, a_task_may_leave_groups) { leave_on_pools(leave_in_tasks, 50); }
Test(tasks_left, a_thread_may_end_before_its_group) { leave_on_pools(leave_at_once, 1); }

/* --- What is no group ------------------------------------------------------------------------------------------- */

static void body(const ppar_chunk *chunk, void *arg) { (void)chunk, (void)arg, abort(); }

static void expect_no_group(ppar_task_group *group) {
  cr_expect_eq(ppar_task_spawn(group, count, (void *)&ran), PPAR_EINVAL);
  cr_expect_eq(ppar_task_spawn_range(group, 0, 9, body, NULL, NULL), PPAR_EINVAL);
  ppar_task_group_cancel(group, 3);
  cr_expect_eq(ppar_task_group_wait(group), PPAR_EINVAL);
}

Test(tasks_left, bytes_that_are_no_group_are_refused) {
  static const int bytes[] = {0, 0xff, 0x5a, 1};
  for (int b = 0; b < 4; b++) {
    ppar_task_group group;
    memset(&group, bytes[b], sizeof group);
    expect_no_group(&group);
  }
}

Test(tasks_left, a_copy_of_a_group_that_has_been_waited_for_is_refused) {
  ppar_task_group group, copy, next;
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  copy = group;
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&copy), PPAR_EINVAL);
  cr_assert_eq(ppar_task_group_begin(&next, NULL), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&copy), PPAR_EINVAL, "whatever has its place now");
  cr_assert_eq(ppar_task_group_wait(&next), PPAR_OK);
}

Test(tasks_left, a_group_that_has_been_waited_for_says_that_it_was_cancelled) {
  ppar_task_group group;
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  ppar_task_group_cancel(&group, 7);
  cr_assert_eq(ppar_task_group_wait(&group), 7);
  cr_assert(ppar_task_group_is_canceled(&group));
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  cr_assert_not(ppar_task_group_is_canceled(&group));
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_not(ppar_task_group_is_canceled(&group));
}

/* --- What is told ------------------------------------------------------------------------------------------------- */

static void *leave_on_default_pool(void *arg) {
  leave_group(NULL);
  leave_future();
  return arg;
}

static void leave_in_thread(void *arg) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, leave_on_default_pool, arg) != 0) abort();
  pthread_join(thread, NULL);
}

static void leave_at_exit(void *arg) {
  (void)leave_on_default_pool(arg);
  exit(0);
}

static void leave_in_a_task(void *arg) {
  ppar_task_group group;
  if (ppar_task_group_begin(&group, NULL) != PPAR_OK) abort();
  (void)ppar_task_spawn(&group, leave_inside, arg);
  (void)ppar_task_group_wait(&group);
  exit(0);
}

static void end_program(void *arg) {
  (void)arg;
  exit(0);
}

static void wait_for_the_end(void *arg) {
  ppar_task_group group;
  if (ppar_task_group_begin(&group, NULL) != PPAR_OK) abort();
  (void)ppar_task_spawn(&group, end_program, arg);
  (void)ppar_task_group_wait(&group);
}

/* The place of the call is named as long as the program's file is there. */
static void assert_names_code(const char *text, const char *begin) {
  const char *found = strstr(text, begin), *name = found != NULL ? found + strlen(begin) : "";
  char *end = NULL;
#if defined(__linux__)
  size_t length = strlen(program_invocation_short_name);
  cr_assert(strncmp(name, program_invocation_short_name, length) == 0 && name[length] == '+', "%s", text);
  name += length + 1;
#endif
  cr_assert(strncmp(name, "0x", 2) == 0 && strtoull(name, &end, 16) > 0, "%s", text);
  cr_assert_eq(strncmp(end, "): nobody waits for it;", 23), 0, "%s", text);
}

static void expect_told(void (*function)(void *arg), bool future) {
  messages m = messages_of(function, NULL, "1");
  cr_assert_eq(m.end, 0, "ended with %d: %s", m.end, m.text);
  assert_names_code(m.text, "ppar: task group \"left\" (");
  if (future) assert_names_code(m.text, "ppar: task group (");
}

Test(tasks_left, groups_are_told_of_when_their_thread_ends) { expect_told(leave_in_thread, true); }
Test(tasks_left, groups_are_told_of_when_the_process_ends) { expect_told(leave_at_exit, true); }
Test(tasks_left, groups_are_not_told_of_when_the_process_ends_inside_of_a_task) {
  messages m = messages_of(wait_for_the_end, NULL, "1");
  cr_assert_eq(m.end, 0, "ended with %d: %s", m.end, m.text);
  cr_assert(strstr(m.text, "waits") == NULL, "%s", m.text);
}
Test(tasks_left, groups_of_tasks_are_told_of) { expect_told(leave_in_a_task, false); }
