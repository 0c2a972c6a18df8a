/* SPDX-License-Identifier: MIT */
/* thread.c: starting threads: stack, name, binding and signal mask. */
#include "platform/thread.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif
#include <time.h>
#include <unistd.h>

#include "platform/atomics.h"
#include "platform/memory.h"
#include "platform/race_checker.h"
#include "platform/standing.h"

enum { NAME_SIZE = 16 };                                             /* Linux's, with the terminator */
enum { QUICK_LOOKS = 20, REMOVAL_NS = 20000, REMOVAL_LOOKS = 5000 }; /* Some tenths of a second in all. */

#if !defined(__GLIBC__)
/* Some C libraries give threads less than a body may take for granted: musl 128 KB, macOS's 512 KB. glibc gives what
 * `ulimit -s` says, which is the user's choice and stays. */
#define LEAST_DEFAULT_STACK ((size_t)1 << 20)
#endif

/* From the creator to the new thread, which frees it. */
typedef struct start {
  void *(*run)(void *);
  void *arg;
  pp_cpuset *cpuset;     /* or NULL */
  int place;             /* in `starting`; STARTING: in none */
  sigset_t added;        /* signals that it blocks and its creator does not */
  pp_atomic_int is_held; /* not 0: its creator has yet to move it */
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

void pp_thread_get_name(char *name, size_t size) {
  name[0] = '\0';
#if defined(__APPLE__) || defined(__linux__)
  if (pthread_getname_np(pthread_self(), name, size) != 0) name[0] = '\0';
#endif
}

uint64_t pp_thread_preemptions(void) {
#if defined(RUSAGE_THREAD)
  const int before = errno;
  struct rusage usage;
  const bool is_told = getrusage(RUSAGE_THREAD, &usage) == 0;
  errno = before;
  return is_told ? (uint64_t)usage.ru_nivcsw : 0;
#else
  return 0;
#endif
}

int64_t pp_thread_id(void) {
#if defined(__linux__)
  return syscall(SYS_gettid);
#else
  return 0;
#endif
}

/* Threads that have been made, and have not begun. In a forked child they are not there, and nobody else knows of what
 * they were given; so checkers of memory find it here. Relaxed: each entry is its starter's and its thread's alone, and
 * nobody reads what it points to. */
enum { STARTING = 64 };
static _Atomic(start *) starting[STARTING];
PP_CHECKS_LEAVE_OUT(starting)

static void start_note(start *s) {
  for (s->place = 0; s->place < STARTING; s->place++) {
    start *none = NULL;
    if (pp_load_relaxed(&starting[s->place]) == NULL && pp_cas_relaxed(&starting[s->place], &none, s)) return;
  }
}

static void start_free(start *s) {
  if (s->place < STARTING) pp_store_relaxed(&starting[s->place], NULL);
  pp_cpuset_free(s->cpuset);
  pp_memory_free(s);
}

/* How many of the library's threads are there: a number that each changes itself, in the lower half, and how often it
 * has changed, in the upper one. A thread counts from when it runs until it is about to end, never when it is gone. */
static pp_atomic_u64 own_threads;
PP_CHECKS_LEAVE_OUT(own_threads)

#define CHANGED (UINT64_C(1) << 32)

uint64_t pp_thread_own(void) { return pp_load_seq_cst(&own_threads); }

void pp_thread_forget_own(void) { pp_store_relaxed(&own_threads, 0); }

/* The signals that the thread blocks because it is the library's; NULL: it is not. */
static _Thread_local const sigset_t *added_signals;

void pp_thread_become_programs(void) {
  if (added_signals != NULL) (void)pthread_sigmask(SIG_UNBLOCK, added_signals, NULL);
  added_signals = NULL;
}

static void *begin(void *arg) {
  start *s = arg;
  void *(*run)(void *) = s->run;
  void *run_arg = s->arg, *result;
  bool is_bound;
  /* Acquire: with the release of create_on, which has no more to do with `s` then. */
  while (pp_load_acquire(&s->is_held) != 0) pp_thread_yield();
  is_bound = s->cpuset != NULL && pp_cpuset_bind_thread(s->cpuset) == 0;
  sigset_t added = s->added;
  added_signals = &added;
  (void)pp_add_seq_cst(&own_threads, CHANGED + 1);
  pp_standing_adopt(is_bound, 0);
  if (s->name[0] != '\0') pp_thread_set_name(s->name);
  start_free(s);
  result = run(run_arg);
  added_signals = NULL;
  (void)pp_add_seq_cst(&own_threads, CHANGED - 1);
  return result;
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

/* The system's default, which is raised where it is less than thread.h promises. */
static int set_default_stack_size(pthread_attr_t *attributes) {
#if defined(LEAST_DEFAULT_STACK)
  size_t size = 0;
  int status = pthread_attr_getstacksize(attributes, &size);
  return status == 0 && size < LEAST_DEFAULT_STACK ? set_stack_size(attributes, LEAST_DEFAULT_STACK) : status;
#else
  (void)attributes;
  return 0;
#endif
}

/* All signals but those of thread.h's list. */
static sigset_t worker_signals(void) {
  static const int kept[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT,   SIGSYS, SIGPIPE,
                             SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGVTALRM, SIGPROF};
  sigset_t signals;
  sigfillset(&signals);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) sigdelset(&signals, kept[i]);
  return signals;
}

/* Those of the signals that current does not block. */
static sigset_t without(const sigset_t *signals, const sigset_t *current) {
  sigset_t rest;
  sigemptyset(&rest);
  for (int s = 1; s < NSIG; s++) {
    if (sigismember(signals, s) == 1 && sigismember(current, s) == 0) sigaddset(&rest, s);
  }
  return rest;
}

/* A new thread has its creator's mask from its first instruction on, so the creator wears the worker's for the
 * moment: no signal can come to the new thread before it has blocked them itself. */
static int create_masked(pthread_t *out, const pthread_attr_t *attributes, start *s) {
  sigset_t creators, workers;
  int status = pthread_sigmask(SIG_SETMASK, NULL, &creators);
  if (status != 0) return status;
  workers = worker_signals();
  s->added = without(&workers, &creators);
  status = pthread_sigmask(SIG_BLOCK, &workers, NULL);
  if (status != 0) return status;
  status = pthread_create(out, attributes, begin, s);
  (void)pthread_sigmask(SIG_SETMASK, &creators, NULL);
  return status;
}

/* Where the new thread begins is decided before it first runs. Left to itself the system may queue it behind its
 * creator, and then it can go elsewhere only when that one's time slice is over. A set that the system refuses is left
 * to the thread itself. Where the C library has no such attribute (musl), the creator binds the thread as soon as it is
 * there. The thread waits for that before it does anything else: it is going to bind itself to the CPUs that it is to
 * keep, and a creator that came after that would undo it. */
static int create_on(pthread_t *out, pthread_attr_t *attributes, start *s, const pp_cpuset *first) {
  int status;
  if (first == NULL) return create_masked(out, attributes, s);
  status = pp_cpuset_bind_new(attributes, first);
  if (status == ENOSYS) {
    pp_store_relaxed(&s->is_held, 1);
    status = create_masked(out, attributes, s);
    if (status != 0) return status;
    (void)pp_cpuset_bind_other(*out, first);
    pp_store_release(&s->is_held, 0);
    return 0;
  }
  if (status == 0) {
    if (create_masked(out, attributes, s) == 0) return 0;
    (void)pp_cpuset_bind_new(attributes, NULL);
  }
  return create_masked(out, attributes, s);
}

int pp_thread_start(pthread_t *out, void *(*run)(void *), void *arg, const pp_thread_options *options) {
  static const pp_thread_options defaults = {0, NULL, NULL, NULL};
  pthread_attr_t attributes;
  const pp_cpuset *first;
  int status;
  start *s = pp_memory_zalloc(sizeof *s);
  if (s == NULL) return ENOMEM;
  if (options == NULL) options = &defaults;
  first = options->cpuset != NULL ? options->cpuset : options->first;
  s->run = run;
  s->arg = arg;
  if (options->name != NULL) copy_name(s->name, options->name);
  start_note(s);
  if (options->cpuset != NULL && (s->cpuset = pp_cpuset_copy(options->cpuset)) == NULL) {
    start_free(s);
    return ENOMEM;
  }
  status = pthread_attr_init(&attributes);
  if (status == 0) {
    status = options->stack_size != 0 ? set_stack_size(&attributes, options->stack_size)
                                      : set_default_stack_size(&attributes);
    if (status == 0) status = create_on(out, &attributes, s, first);
    (void)pthread_attr_destroy(&attributes);
  }
  if (status != 0) start_free(s);
  return status;
}

/* A debugger keeps a thread that has ended on the list for as long as it likes, so there is an end to the waiting. */
void pp_thread_await_removal(int64_t id) {
#if defined(__linux__)
  int saved_errno = errno;
  for (int look = 0; look < REMOVAL_LOOKS && syscall(SYS_tgkill, getpid(), id, 0) == 0; look++) {
    if (look < QUICK_LOOKS) {
      pp_thread_yield();
    } else {
      pp_thread_sleep(REMOVAL_NS);
    }
  }
  errno = saved_errno;
#else
  (void)id;
#endif
}

int pp_thread_hold_cancellation(void) {
  int held = 0;
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &held);
  return held;
}

void pp_thread_allow_cancellation(int held) { (void)pthread_setcancelstate(held, &held); }

typedef struct stack_place {
  void *lowest;
  size_t size; /* 0: the system does not tell */
} stack_place;

static stack_place find_stack(void) {
  static _Thread_local stack_place stack; /* size 0: not looked up */
#if defined(__linux__)
  pthread_attr_t attributes;
  int saved_errno = errno;
  if (stack.size == 0 && pthread_getattr_np(pthread_self(), &attributes) == 0) {
    (void)pthread_attr_getstack(&attributes, &stack.lowest, &stack.size);
    (void)pthread_attr_destroy(&attributes);
  }
  errno = saved_errno;
#endif
  return stack;
}

bool pp_thread_has_on_stack(const void *address) {
  stack_place stack = find_stack();
  return (uintptr_t)address - (uintptr_t)stack.lowest < stack.size;
}

size_t pp_thread_stack_left(void) {
  stack_place stack = find_stack();
  size_t left = (uintptr_t)__builtin_frame_address(0) - (uintptr_t)stack.lowest;
  return left < stack.size ? left : SIZE_MAX;
}

bool pp_thread_is_alone(void) {
  struct stat tasks = {.st_nlink = 0}; /* which MemorySanitizer (clang 14) does not see filled in */
  return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3; /* itself, its parent, and a folder a thread */
}

void pp_thread_yield(void) { (void)sched_yield(); }

void pp_thread_sleep(uint64_t ns) {
  const struct timespec pause = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
  int saved_errno = errno, held = pp_thread_hold_cancellation();
  (void)nanosleep(&pause, NULL);
  pp_thread_allow_cancellation(held);
  errno = saved_errno;
}
