/* SPDX-License-Identifier: MIT */
/* threads.c: the default number of threads follows the process's CPUs, unless the environment says a number or binds
 * threads: places are made once.
 *
 * A program that has asked for the number has perhaps made an array with a place for each thread. So loops never have
 * more threads than the program was told last: the number grows beyond that only where the program asks again. */
#include "api/threads.h"

#include <errno.h>

#include "api/pool.h"
#include "claim/following.h"
#include "platform/budget.h"
#include "platform/clock.h"
#include "platform/race_checker.h"
#include "platform/thread.h"
#include "pool/cpus.h"
#include "pool/pool.h"
#include "schedule/tuning.h"
#include "settings/environment.h"

static pp_following following; /* Changed under pp_pools_lock. */
PP_CHECKS_LEAVE_OUT(following)

static bool follows(const pp_environment *environment) {
  return environment->source[PP_VARIABLE_NUM_THREADS] == PP_SOURCE_DEFAULT && environment->bind == PPAR_BIND_FALSE;
}

static uint32_t first(const pp_environment *environment, int depth) {
  return (uint32_t)pp_environment_threads(environment, depth);
}

static int within_limit(const pp_environment *environment, int threads) {
  return threads < environment->thread_limit ? threads : environment->thread_limit;
}

static void look(const pp_environment *environment) {
  int saved_errno = errno, held = pp_thread_hold_cancellation();
  if (environment->bind == PPAR_BIND_FALSE && pp_pools_follow_cpus() && follows(environment)) {
    int budget = within_limit(environment, pp_cpu_budget());
    pthread_mutex_lock(&pp_pools_lock);
    pp_default_pool_resize(pp_following_change(&following, (uint32_t)budget));
    pthread_mutex_unlock(&pp_pools_lock);
  }
  pp_thread_allow_cancellation(held);
  errno = saved_errno;
}

/* One thread looks; the others go on with the number as it was. */
static void look_each_second(const pp_environment *environment) {
  if (pp_following_is_due(&following, pp_clock_coarse_ns(), PP_LOOK_NS)) look(environment);
}

void pp_threads_look(void) {
  pp_following_looks(&following, pp_clock_coarse_ns());
  look(pp_environment_get());
}

int pp_threads_default(int depth) {
  const pp_environment *environment = pp_environment_get();
  if (!follows(environment)) return pp_environment_threads(environment, depth);
  if (depth == 0) look_each_second(environment);
  return (int)pp_following_now(&following, first(environment, depth));
}

int pp_threads_told(int depth) {
  const pp_environment *environment = pp_environment_get();
  uint32_t threads;
  if (!follows(environment)) return pp_environment_threads(environment, depth);
  look_each_second(environment);
  threads = pp_following_now(&following, first(environment, depth));
  if (pp_following_is_told(&following, threads, first(environment, depth))) return (int)threads;
  pthread_mutex_lock(&pp_pools_lock);
  threads = pp_following_tell(&following, first(environment, depth));
  pp_default_pool_resize(threads);
  pthread_mutex_unlock(&pp_pools_lock);
  return (int)threads;
}

int pp_threads_cpus(void) {
  static pp_following cpus; /* Changed under pp_pools_lock. */
  bool bound = pp_environment_get()->bind != PPAR_BIND_FALSE;
  uint32_t known = pp_following_now(&cpus, 0);
  if (known != 0 && (bound || !pp_following_is_due(&cpus, pp_clock_coarse_ns(), PP_LOOK_NS))) return (int)known;
  int saved_errno = errno, held = pp_thread_hold_cancellation();
  if (!bound) (void)pp_pools_follow_cpus();
  known = (uint32_t)pp_cpu_budget();
  pthread_mutex_lock(&pp_pools_lock);
  (void)pp_following_change(&cpus, known);
  pthread_mutex_unlock(&pp_pools_lock);
  pp_following_looks(&cpus, pp_clock_coarse_ns());
  pp_thread_allow_cancellation(held);
  errno = saved_errno;
  return (int)known;
}

int pp_threads_most(void) {
  const pp_environment *environment = pp_environment_get();
  int threads = pp_threads_default(1), cpus;
  if (!follows(environment)) return threads;
  cpus = within_limit(environment, pp_cpus_of_machine());
  return cpus > threads ? cpus : threads;
}
