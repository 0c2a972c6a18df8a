/* SPDX-License-Identifier: MIT */
/* platform_thread.c: what a thread of the library finds as it starts. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/scale.h"
#include "platform/atomics.h"
#include "platform/cpuset.h"
#include "platform/thread.h"

static void *add_one(void *arg) {
  ++*(int *)arg;
  return arg;
}

Test(platform_thread, runs_with_its_argument_and_returns_its_value) {
  pthread_t thread;
  int value = 41;
  void *result = NULL;
  cr_assert_eq(pp_thread_start(&thread, add_one, &value, NULL), 0);
  pthread_join(thread, &result);
  cr_expect_eq(value, 42);
  cr_expect_eq(result, &value);
}

enum { ROUNDS = 3000 };

static void *get_id(void *arg) {
  *(int64_t *)arg = pp_thread_id();
  return NULL;
}

static void *get_mask(void *arg) {
  pthread_sigmask(SIG_SETMASK, NULL, arg);
  return NULL;
}

static sigset_t mask_of_new_thread(void) {
  pthread_t thread;
  sigset_t mask;
  sigemptyset(&mask);
  cr_assert_eq(pp_thread_start(&thread, get_mask, &mask, NULL), 0);
  pthread_join(thread, NULL);
  return mask;
}

static const int kept[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT,   SIGSYS, SIGPIPE,
                           SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGVTALRM, SIGPROF};
enum { KEPT = sizeof kept / sizeof kept[0] };

static int is_kept(int signal_number) {
  for (int i = 0; i < KEPT; i++) {
    if (kept[i] == signal_number) return 1;
  }
  return 0;
}

Test(platform_thread, blocks_asynchronous_signals_alone) {
  sigset_t mask;
  sigemptyset(&mask);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  mask = mask_of_new_thread();
  for (int s = 1; s <= SIGRTMAX; s++) {
    /* The C library keeps those between for itself, and two cannot be blocked. */
    if ((s > 31 && s < SIGRTMIN) || s == SIGKILL || s == SIGSTOP) continue;
    if (scale_is_emulated() && s >= SIGRTMAX - 1) continue; /* qemu-user keeps the last two for itself */
    cr_expect_eq(sigismember(&mask, s), !is_kept(s), "signal %d", s);
  }
}

Test(platform_thread, signals_that_the_creator_blocks_stay_blocked) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGPROF);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  mask = mask_of_new_thread();
  cr_expect_eq(sigismember(&mask, SIGPROF), 1);
  cr_expect_eq(sigismember(&mask, SIGSEGV), 0);
}

Test(platform_thread, the_creators_mask_stays) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  (void)mask_of_new_thread();
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  cr_expect_eq(sigismember(&mask, SIGUSR1), 1);
  cr_expect_eq(sigismember(&mask, SIGUSR2), 0);
}

static void *become_programs(void *arg) {
  pp_thread_become_programs();
  return get_mask(arg);
}

Test(platform_thread, a_thread_that_becomes_the_programs_has_its_creators_mask) {
  pthread_t thread;
  sigset_t mask, got;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  cr_assert_eq(pp_thread_start(&thread, become_programs, &got, NULL), 0);
  pthread_join(thread, NULL);
  cr_expect_eq(sigismember(&got, SIGUSR1), 1);
  cr_expect_eq(sigismember(&got, SIGUSR2), 0);
  cr_expect_eq(sigismember(&got, SIGTERM), 0);
  pp_thread_become_programs(); /* it is already */
  pthread_sigmask(SIG_SETMASK, NULL, &got);
  cr_expect_eq(sigismember(&got, SIGUSR1), 1);
}

#if defined(__linux__)

/* Its folder's links: one for each thread, and two. */
static unsigned threads_listed(void) {
  struct stat tasks = {.st_nlink = 0};
  cr_assert_eq(stat("/proc/self/task", &tasks), 0);
  return (unsigned)tasks.st_nlink;
}

/* Whoever counts the process's threads right after it must not count the one that has ended. */
Test(platform_thread, a_thread_that_was_waited_for_is_counted_no_more) {
  unsigned before = 0;
  for (int round = 0; round < ROUNDS; round++) {
    pthread_t thread;
    int64_t id = 0;
    cr_assert_eq(pp_thread_start(&thread, get_id, &id, NULL), 0);
    pthread_join(thread, NULL);
    pp_thread_await_removal(id);
    if (round == 0) before = threads_listed(); /* A checker may have a thread of its own from the first one on. */
    cr_assert_eq(threads_listed(), before, "round %d", round);
  }
}

enum { MOST_CPUS = 8, TRIES = 40, BUSY_LOOKS = 200000 };

static void *get_cpu(void *arg) {
  pp_store_relaxed((pp_atomic_int *)arg, pp_cpuset_here());
  return pp_cpuset_affinity();
}

/* In most of the tries: between its beginning and its first look the system may move it. The creator is busy meanwhile,
 * as it is while a pool grows. */
Test(platform_thread, begins_where_it_is_to_begin_and_may_then_run_anywhere) {
  pp_cpuset *all = pp_cpuset_affinity(), *one = pp_cpuset_make(PP_CPU_LIMIT);
  int cpus = 0;
  cr_assert(all != NULL && one != NULL);
  for (int wanted = -1; (wanted = pp_cpuset_next(all, wanted)) >= 0 && cpus < MOST_CPUS; cpus++) {
    int begun_there = 0;
    pp_cpuset_add(one, wanted);
    for (int round = 0; round < TRIES; round++) {
      pthread_t thread;
      pp_atomic_int cpu = -1;
      void *own = NULL;
      cr_assert_eq(pp_thread_start(&thread, get_cpu, &cpu, &(pp_thread_options){.first = one}), 0);
      for (int look = 0; pp_load_relaxed(&cpu) < 0 && look < BUSY_LOOKS; look++) {
      }
      pthread_join(thread, &own);
      cr_expect(pp_cpuset_equal(own, all));
      begun_there += pp_load_relaxed(&cpu) == wanted;
      pp_cpuset_free(own);
    }
    cr_expect_geq(begun_there, TRIES / 2, "CPU %d: %d of %d", wanted, begun_there, TRIES);
    pp_cpuset_remove(one, wanted);
  }
  pp_cpuset_free(one);
  pp_cpuset_free(all);
}

Test(platform_thread, begins_somewhere_where_the_system_refuses_its_cpus) {
  pthread_t thread;
  int value = 1;
  pp_cpuset *none = pp_cpuset_make(8);
  cr_assert_eq(pp_thread_start(&thread, add_one, &value, &(pp_thread_options){.first = none}), 0);
  pthread_join(thread, NULL);
  cr_expect_eq(value, 2);
  pp_cpuset_free(none);
}

static void *get_name(void *arg) {
  pthread_getname_np(pthread_self(), arg, 16);
  return NULL;
}

static void expect_name(const char *name, const char *wanted) {
  pthread_t thread;
  char given[64], got[16] = "";
  pp_thread_options options = {.name = given};
  strcpy(given, name);
  cr_assert_eq(pp_thread_start(&thread, get_name, got, &options), 0);
  memset(given, 'x', sizeof given); /* the thread has its own copy */
  pthread_join(thread, NULL);
  cr_expect_str_eq(got, wanted);
}

Test(platform_thread, carries_its_name) {
  expect_name("ppar/1", "ppar/1");
  expect_name("123456789012345", "123456789012345");
  expect_name("12345678901234567890", "123456789012345");
}

Test(platform_thread, a_thread_can_name_itself) {
  char got[16] = "";
  pp_thread_set_name("a rather long name");
  get_name(got);
  cr_expect_str_eq(got, "a rather long n");
}

/* Writes and reads a frame that is larger than the stack that some C libraries would give. */
static void *use_stack(void *arg) {
  volatile unsigned char frame[512 * 1024];
  for (size_t i = 0; i < sizeof frame; i += 512) frame[i] = 1;
  for (size_t i = 0; i < sizeof frame; i += 512) *(int *)arg += frame[i];
  return NULL;
}

Test(platform_thread, has_room_for_a_frame_of_half_a_megabyte_where_no_limit_forbids) {
  struct rlimit limit;
  pthread_t thread;
  int touched = 0;
  cr_assert_eq(getrlimit(RLIMIT_STACK, &limit), 0);
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < 1u << 20) cr_skip_test("a limit on stacks");
  cr_assert_eq(pp_thread_start(&thread, use_stack, &touched, NULL), 0);
  pthread_join(thread, NULL);
  cr_expect_eq(touched, 1024);
}

static void *get_stack_size(void *arg) {
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstacksize(&attributes, arg);
  pthread_attr_destroy(&attributes);
  return NULL;
}

Test(platform_thread, has_at_least_the_stack_asked_for) {
  static const size_t sizes[] = {1000001, 4u << 20, 64u << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    pthread_t thread;
    size_t got = 0;
    pp_thread_options options = {.stack_size = sizes[i]};
    cr_assert_eq(pp_thread_start(&thread, get_stack_size, &got, &options), 0);
    pthread_join(thread, NULL);
    cr_expect_geq(got, sizes[i]);
  }
}

static void *get_affinity(void *arg) {
  *(pp_cpuset **)arg = pp_cpuset_affinity();
  return NULL;
}

Test(platform_thread, runs_on_its_cpus_from_the_start) {
  pp_cpuset *mine = pp_cpuset_affinity(), *wanted = pp_cpuset_make(PP_CPU_LIMIT), *got = NULL;
  pp_thread_options options = {.cpuset = wanted};
  pthread_t thread;
  pp_cpuset_add(wanted, pp_cpuset_next(mine, -1));
  cr_assert_eq(pp_thread_start(&thread, get_affinity, &got, &options), 0);
  pthread_join(thread, NULL);
  cr_assert_not_null(got);
  cr_expect(pp_cpuset_equal(got, wanted));
  pp_cpuset_free(got);
  got = pp_cpuset_affinity();
  cr_expect(pp_cpuset_equal(got, mine), "the creator is bound as before");
  pp_cpuset_free(got);
  pp_cpuset_free(wanted);
  pp_cpuset_free(mine);
}

#endif

Test(platform_thread, tiny_stacks_become_the_least_the_system_takes) {
  pthread_t thread;
  int value = 0;
  pp_thread_options options = {.stack_size = 1};
  cr_assert_eq(pp_thread_start(&thread, add_one, &value, &options), 0);
  pthread_join(thread, NULL);
  cr_expect_eq(value, 1);
}

Test(platform_thread, impossible_stacks_are_refused) {
  pthread_t thread;
  int value = 0;
  pp_thread_options options = {.stack_size = SIZE_MAX};
  cr_expect_neq(pp_thread_start(&thread, add_one, &value, &options), 0);
  options.stack_size = SIZE_MAX / 16 * 15; /* more than the kernel leaves a process of 32 bits */
  cr_expect_neq(pp_thread_start(&thread, add_one, &value, &options), 0);
  cr_expect_eq(value, 0);
}
