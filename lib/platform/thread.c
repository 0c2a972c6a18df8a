/* SPDX-License-Identifier: MIT */
/* thread.c: starting threads: stack, name, binding and signal mask. */
#include "platform/thread.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/memory.h"

enum { NAME_SIZE = 16 }; /* Linux's, with the terminator */

/* From the creator to the new thread, which frees it. */
typedef struct start {
  void *(*run)(void *);
  void *arg;
  pp_cpuset *cpuset; /* or NULL */
  char name[NAME_SIZE];
} start;

static void copy_name(char out[NAME_SIZE], const char *name) {
  size_t length = strnlen(name, NAME_SIZE - 1);
  memcpy(out, name, length);
  out[length] = '\0';
}

void pp_thread_set_name(const char *name) {
  char cut[NAME_SIZE];
  copy_name(cut, name);
#if defined(__APPLE__)
  (void)pthread_setname_np(cut);
#elif defined(__linux__)
  (void)pthread_setname_np(pthread_self(), cut);
#endif
}

static void start_free(start *s) {
  pp_cpuset_free(s->cpuset);
  pp_memory_free(s);
}

static void *begin(void *arg) {
  start *s = arg;
  void *(*run)(void *) = s->run;
  void *run_arg = s->arg;
  if (s->cpuset != NULL) (void)pp_cpuset_bind_thread(s->cpuset);
  if (s->name[0] != '\0') pp_thread_set_name(s->name);
  start_free(s);
  return run(run_arg);
}

/* The least size that the system takes: newer C libraries tell it at run time alone. */
static size_t least_stack(void) {
#if defined(_SC_THREAD_STACK_MIN)
  long least = sysconf(_SC_THREAD_STACK_MIN);
  if (least > 0) return (size_t)least;
#endif
  return (size_t)PTHREAD_STACK_MIN;
}

static int set_stack_size(pthread_attr_t *attributes, size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (size < least_stack()) size = least_stack();
  if (size > SIZE_MAX - page) return EINVAL;
  return pthread_attr_setstacksize(attributes, (size + page - 1) / page * page);
}

/* All signals but those of thread.h's list, which stay as they are in current. */
static sigset_t worker_mask(const sigset_t *current) {
  static const int kept[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
  sigset_t mask;
  sigfillset(&mask);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    if (sigismember(current, kept[i]) == 0) sigdelset(&mask, kept[i]);
  }
  return mask;
}

/* A new thread has its creator's mask from its first instruction on, so the creator wears the worker's for the
 * moment: no signal can come to the new thread before it has blocked them itself. */
static int create_masked(pthread_t *out, const pthread_attr_t *attributes, start *s) {
  sigset_t creators, workers;
  int status = pthread_sigmask(SIG_SETMASK, NULL, &creators);
  if (status != 0) return status;
  workers = worker_mask(&creators);
  status = pthread_sigmask(SIG_SETMASK, &workers, NULL);
  if (status != 0) return status;
  status = pthread_create(out, attributes, begin, s);
  (void)pthread_sigmask(SIG_SETMASK, &creators, NULL);
  return status;
}

int pp_thread_start(pthread_t *out, void *(*run)(void *), void *arg, const pp_thread_options *options) {
  static const pp_thread_options defaults = {0, NULL, NULL};
  pthread_attr_t attributes;
  int status;
  start *s = pp_memory_zalloc(sizeof *s);
  if (s == NULL) return ENOMEM;
  if (options == NULL) options = &defaults;
  s->run = run;
  s->arg = arg;
  if (options->name != NULL) copy_name(s->name, options->name);
  if (options->cpuset != NULL && (s->cpuset = pp_cpuset_copy(options->cpuset)) == NULL) {
    start_free(s);
    return ENOMEM;
  }
  status = pthread_attr_init(&attributes);
  if (status == 0) {
    if (options->stack_size != 0) status = set_stack_size(&attributes, options->stack_size);
    if (status == 0) status = create_masked(out, &attributes, s);
    (void)pthread_attr_destroy(&attributes);
  }
  if (status != 0) start_free(s);
  return status;
}

bool pp_thread_is_alone(void) {
  struct stat tasks = {.st_nlink = 0}; /* which MemorySanitizer (clang 14) does not see filled in */
  return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3; /* itself, its parent, and a folder a thread */
}
