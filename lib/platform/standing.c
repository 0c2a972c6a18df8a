/* SPDX-License-Identifier: MIT */
/* standing.c: the main thread's number is the process's; calls that take a thread's number take it. */
#include "platform/standing.h"

#include <errno.h>
#include <stddef.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#endif
#include <unistd.h>

#include "platform/atomics.h"
#include "platform/memory.h"
#include "platform/race_checker.h"

/* Threads read a set without a lock, at any time, so those that were known before stay. They are few: one for each
 * change. */
typedef struct known {
  pp_cpuset *cpus;
  struct known *before;
} known;

/* Swapped with acq_rel and read with acquire: whoever sees a set sees it whole. */
static _Atomic(known *) latest;
PP_CHECKS_LEAVE_OUT(latest)

/* Of two threads that come first one makes the set known, and the other takes it. */
static bool make_known(pp_cpuset *cpus, bool only_first) {
  known *fresh = pp_memory_zalloc(sizeof *fresh), *before = pp_load_acquire(&latest);
  if (fresh == NULL) {
    pp_cpuset_free(cpus);
    return false;
  }
  fresh->cpus = cpus;
  do {
    if (only_first && before != NULL) {
      pp_cpuset_free(cpus);
      pp_memory_free(fresh);
      return true;
    }
    fresh->before = before;
  } while (!pp_cas_acq_rel(&latest, &before, fresh));
  return true;
}

const pp_cpuset *pp_standing_cpus(void) {
  known *now = pp_load_acquire(&latest);
  pp_cpuset *cpus;
  if (now != NULL) return now->cpus;
  cpus = pp_standing_read_cpus();
  if (cpus == NULL || !make_known(cpus, true)) return NULL;
  return pp_load_acquire(&latest)->cpus;
}

void pp_standing_forget(void) {
  known *now = pp_exchange_acq_rel(&latest, NULL);
  while (now != NULL) {
    known *before = now->before;
    pp_cpuset_free(now->cpus);
    pp_memory_free(now);
    now = before;
  }
}

bool pp_standing_set_cpus(pp_cpuset *cpus) { return make_known(cpus, false); }

#if defined(__linux__)

pp_cpuset *pp_standing_read_cpus(void) { return pp_cpuset_affinity_of((int)getpid()); }

/* By the system's calls, since musl refuses its own functions of these names. The flag is of the thread that has it,
 * and a deadline's parameters are not the process's to share: a thread with them could not start another one. */
static int policy_of(pid_t thread) {
  int policy = (int)syscall(SYS_sched_getscheduler, thread) & ~SCHED_RESET_ON_FORK;
  bool is_known = policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_BATCH || policy == SCHED_IDLE;
  return is_known ? policy : SCHED_OTHER;
}

/* 0 for policies without priorities. */
static int priority_of(pid_t thread) {
  int policy = policy_of(thread), priority = 0;
  if (policy != SCHED_FIFO && policy != SCHED_RR) return 0;
  return syscall(SYS_sched_getparam, thread, &priority) == 0 ? priority : 1;
}

static void adopt_policy(pid_t like) {
  int policy = policy_of(like), priority = priority_of(like);
  if (policy != policy_of(0) || priority != priority_of(0)) (void)syscall(SYS_sched_setscheduler, 0, policy, &priority);
}

static void adopt_nice(pid_t like) {
  int nice = getpriority(PRIO_PROCESS, (id_t)like);
  if (nice != getpriority(PRIO_PROCESS, 0)) (void)setpriority(PRIO_PROCESS, 0, nice);
}

/* Others may come to be known just then, which are given to the thread as well (pool/cpus.c): it must not be the one
 * that binds itself to the old ones last. The new ones are known before they are given to anybody, so a thread that
 * finds none known after it has bound itself is given them later. */
static void adopt_cpus(void) {
  const pp_cpuset *cpus = pp_standing_cpus(), *adopted = NULL;
  pp_cpuset *own = pp_cpuset_affinity();
  if (cpus != NULL && own != NULL && pp_cpuset_equal(cpus, own)) adopted = cpus;
  while (own != NULL && cpus != NULL && cpus != adopted) {
    (void)pp_cpuset_bind_thread(cpus);
    adopted = cpus;
    cpus = pp_standing_cpus();
  }
  pp_cpuset_free(own);
}

void pp_standing_adopt(bool is_bound, int like) {
  int saved_errno = errno;
  pid_t model = like != 0 && syscall(SYS_sched_getscheduler, like) >= 0 ? like : getpid();
  if (!is_bound) adopt_cpus();
  adopt_policy(model);
  adopt_nice(model);
  errno = saved_errno;
}

#else

pp_cpuset *pp_standing_read_cpus(void) { return pp_cpuset_affinity(); }

void pp_standing_adopt(bool is_bound, int like) {
  (void)is_bound;
  (void)like;
}

#endif

bool pp_standing_is_privileged(void) {
#if defined(__linux__)
  return getauxval(AT_SECURE) != 0;
#else
  return getuid() != geteuid() || getgid() != getegid();
#endif
}
