/* SPDX-License-Identifier: MIT */
/* platform_tasks.c: how many threads there are, and how many of them are the library's. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif
#include <time.h>
#include <unistd.h>

#include "platform/tasks.h"
#include "platform/thread.h"

#if defined(__linux__)

struct meeting {
  pthread_barrier_t come, go;
  bool is_main;
};

static void *meet(void *arg) {
  struct meeting *meeting = arg;
  meeting->is_main = pp_tasks_is_main();
  pthread_barrier_wait(&meeting->come);
  pthread_barrier_wait(&meeting->go);
  return NULL;
}

static void *come_and_go(void *arg) {
  *(int64_t *)arg = pp_thread_id();
  return NULL;
}

/* With the first thread ThreadSanitizer starts one of its own. The system counts a thread for a moment longer than
 * whoever joins it waits. */
static void begin(struct meeting *meeting) {
  const struct timespec moment = {0, 1000000};
  pthread_t first;
  int64_t id = 0;
  cr_assert_eq(pthread_create(&first, NULL, come_and_go, &id), 0);
  cr_assert_eq(pthread_join(first, NULL), 0);
  for (int tries = 0; tries < 30000 && syscall(SYS_tgkill, getpid(), (pid_t)id, 0) == 0; tries++)
    (void)nanosleep(&moment, NULL);
  pthread_barrier_init(&meeting->come, NULL, 2);
  pthread_barrier_init(&meeting->go, NULL, 2);
}

static void end(struct meeting *meeting, pthread_t thread) {
  pthread_barrier_wait(&meeting->go);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&meeting->come);
  pthread_barrier_destroy(&meeting->go);
}

/* Emulators of other processors may know no number of threads. */
static bool system_counts(void) {
  char stat[1024] = "";
  const char *field = NULL;
  FILE *file = fopen("/proc/self/stat", "r");
  if (file != NULL && fgets(stat, sizeof stat, file) != NULL) field = strrchr(stat, ')');
  if (file != NULL) (void)fclose(file);
  for (int k = 0; k < 18 && field != NULL; k++) field = strchr(field + 1, ' ');
  return field != NULL && strtol(field, NULL, 10) > 0;
}

Test(platform_tasks, all_threads_are_counted) {
  struct meeting meeting;
  pp_tasks before, with;
  pthread_t thread;
  if (!system_counts()) cr_skip_test("/proc/self/stat has no number of threads");
  begin(&meeting);
  cr_assert(pp_tasks_read(&before));
  cr_assert_eq(pthread_create(&thread, NULL, meet, &meeting), 0);
  pthread_barrier_wait(&meeting.come);
  cr_assert(pp_tasks_read(&with));
  end(&meeting, thread);
  cr_expect_geq(before.running, 1u);
  cr_expect_eq(with.running, before.running + 1);
  cr_expect_not(with.main_has_ended);
  cr_expect_not(meeting.is_main);
}

Test(platform_tasks, the_librarys_own_are_counted_while_they_run) {
  struct meeting meeting;
  uint64_t before = pp_thread_own(), with;
  pthread_t thread;
  begin(&meeting);
  cr_assert_eq(pp_thread_start(&thread, meet, &meeting, NULL), 0);
  pthread_barrier_wait(&meeting.come);
  with = pp_thread_own();
  end(&meeting, thread);
  cr_expect_eq(pp_thread_own_count(with), pp_thread_own_count(before) + 1);
  cr_expect_eq(pp_thread_own_count(pp_thread_own()), pp_thread_own_count(before));
  cr_expect_neq(pp_thread_own(), before);
}

#endif

Test(platform_tasks, the_main_thread_knows_itself) {
#if defined(__linux__)
  cr_expect(pp_tasks_is_main());
#else
  cr_expect_not(pp_tasks_is_main());
#endif
}
