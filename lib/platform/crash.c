/* SPDX-License-Identifier: MIT */
/* crash.c: handlers where there are none. */
#include "platform/crash.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "platform/atomics.h"
#include "platform/forks.h"

static const struct {
  int number;
  bool is_fault; /* The thread cannot go on. */
  const char *name;
} signals[] = {{SIGSEGV, true, "SIGSEGV"},  {SIGBUS, true, "SIGBUS"},   {SIGFPE, true, "SIGFPE"},
               {SIGILL, true, "SIGILL"},    {SIGABRT, true, "SIGABRT"}, {SIGTERM, false, "SIGTERM"},
               {SIGINT, false, "SIGINT"},   {SIGHUP, false, "SIGHUP"},  {SIGQUIT, false, "SIGQUIT"},
               {SIGALRM, false, "SIGALRM"}, {SIGXCPU, false, "SIGXCPU"}};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void (*tell_of)(int signal);
static pp_atomic_u32 telling; /* A thread is: `teller`. */
static pthread_t teller;
static pid_t process; /* Which is watched. A child of vfork has its memory, too, and tells of nothing. */

const char *pp_crash_name(int signal) {
  for (int s = 0; s < SIGNALS; s++) {
    if (signals[s].number == signal) return signals[s].name;
  }
  return "a signal";
}

static bool is_fault(int signal) {
  for (int s = 0; s < SIGNALS; s++) {
    if (signals[s].number == signal) return signals[s].is_fault;
  }
  return false;
}

static void set_default(int signal) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  (void)sigaction(signal, &action, NULL);
}

/* As it returns, a fault happens again, and what was raised is delivered: both end the process then. */
static void handle(int signal) {
  int saved_errno = errno;
  if (getpid() != process) {
    /* It is not the program that ends. */
  } else if (pp_exchange_acq_rel(&telling, 1) == 0) {
    teller = pthread_self();
    tell_of(signal);
  } else if (is_fault(signal) && !pthread_equal(teller, pthread_self())) {
    for (;;) (void)pause();
  }
  set_default(signal);
  (void)kill(getpid(), signal); /* not raise, which in a child of vfork may mean a thread of its parent */
  errno = saved_errno;
}

static bool is_ours(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) == 0 && action->sa_handler == handle;
}

static void watch_child(void) {
  process = getpid();
  pp_store_relaxed(&telling, 0); /* The thread that did is not here. */
}

void pp_crash_watch(void (*tell)(int signal)) {
  tell_of = tell;
  process = getpid();
  pp_forks_watch(watch_child);
  for (int s = 0; s < SIGNALS; s++) {
    struct sigaction before, action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    (void)sigemptyset(&action.sa_mask);
    if (sigaction(signals[s].number, NULL, &before) != 0 || (before.sa_flags & SA_SIGINFO) != 0) continue;
    if (before.sa_handler == SIG_DFL) (void)sigaction(signals[s].number, &action, NULL);
  }
}

void pp_crash_forget(void) {
  for (int s = 0; s < SIGNALS; s++) {
    struct sigaction present;
    if (sigaction(signals[s].number, NULL, &present) == 0 && is_ours(&present)) set_default(signals[s].number);
  }
}

void pp_crash_stand_on(void *memory) {
  stack_t present, stack = {.ss_sp = memory, .ss_size = PP_CRASH_STACK};
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE) != 0) (void)sigaltstack(&stack, NULL);
}
