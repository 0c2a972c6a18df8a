/* SPDX-License-Identifier: MIT */
/* waits.h: a wait that is watched. A thread, the waiter, comes to wait for another one, which is busy. Meanwhile the
 * busy thread begins a loop or spawns tasks, inside of what the waiter waits for; or somebody else does, outside of it.
 *
 * No time is measured, since how soon a waiter comes to help depends on the machine's load. Instead, so many
 * iterations (or tasks) have to be the waiter's; until it has run them, every other thread that comes to the loop
 * stops in its first iteration, and so leaves the waiter what it needs however late it comes. A waiter that has not
 * come after some seconds is not going to. */
#ifndef TESTS_WAITS_H
#define TESTS_WAITS_H

#include <pthread.h>

#include "cases.h"
#include "findings.h"
#include "teams.h"

enum {
  WAITS_INSIDE = 200,      /* iterations, or tasks, that the busy thread begins */
  WAITS_ENOUGH = 20,       /* of these are the waiter's */
  WAITS_ELSEWHERE = 60,    /* iterations and tasks that somebody else begins */
  WAITS_ITERATION_US = 50, /* that each of them takes, about */
  WAITS_ASLEEP_US = 30000, /* a waiter sleeps by then: it spins for 100 us, or 20 ms if PPAR_WAIT_POLICY is active */
  WAITS_PATIENCE_US = 5000000
};

/* Who waits for whom, of so many threads. -1: whoever comes to it. */
struct wait_roles {
  int threads, waiter, busy;
};

struct wait {
  struct wait_roles roles;
  ppar_pool *pool;
  ppar_schedule schedule;                                      /* for ways to wait that need one */
  void (*meet)(ppar_team *team, struct wait *wait, bool busy); /* in regions: what each thread of the team does */
  void (*act)(struct wait *wait);                              /* what the busy thread does while the waiter waits */
  bool asleep;                                                 /* the waiter is to sleep by then */
  _Atomic uint64_t waiter;                                     /* its system thread; 0: not known yet */
  _Atomic uint64_t came, is_busy; /* the waiter is about to wait; the busy thread has begun to be it */
  _Atomic uint64_t helped, ran;   /* iterations or tasks: the waiter's; all */
  _Atomic uint64_t go, done;      /* a sibling shall begin its own; that is over */
  _Atomic bool was_busy, given_up;
  int64_t sum; /* a result of the team's */
  struct findings found;
};

static inline int64_t wait_now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline bool wait_is_mine(struct wait *wait) { return atomic_load(&wait->waiter) == teams_system_thread(); }

/* --- Who comes when --------------------------------------------------------------------------------------- */

/* The busy thread: keeps the waiter waiting, once. */
static inline void wait_be_busy(struct wait *wait) {
  if (atomic_exchange(&wait->was_busy, true)) return;
  atomic_store(&wait->is_busy, 1);
  EXPECT(&wait->found, teams_await(&wait->came, 1));
  if (wait->asleep) teams_sleep(WAITS_ASLEEP_US);
  wait->act(wait);
}

/* The others, where the busy thread has to be there first. */
static inline void wait_let_it_be_busy(struct wait *wait) { EXPECT(&wait->found, teams_await(&wait->is_busy, 1)); }

/* The waiter, before it waits. Of several threads that could be it the first one is. */
static inline void wait_come(struct wait *wait) {
  uint64_t none = 0;
  (void)atomic_compare_exchange_strong(&wait->waiter, &none, teams_system_thread());
  atomic_store(&wait->came, 1);
}

/* --- What is begun meanwhile ------------------------------------------------------------------------------ */

static inline void wait_for_help(struct wait *wait) {
  const int64_t start = wait_now_us();
  while (atomic_load(&wait->helped) < WAITS_ENOUGH && !atomic_load(&wait->given_up)) {
    if (wait_now_us() - start > WAITS_PATIENCE_US) atomic_store(&wait->given_up, true);
    teams_sleep(100);
  }
}

static inline void wait_count(struct wait *wait) {
  atomic_fetch_add(&wait->ran, 1);
  if (wait_is_mine(wait)) atomic_fetch_add(&wait->helped, 1);
}

static void wait_task_inside(void *arg) {
  if (!wait_is_mine(arg)) wait_for_help(arg);
  wait_count(arg);
  const int64_t start = wait_now_us();
  while (wait_now_us() - start < WAITS_ITERATION_US) continue;
}

static void wait_chunk_inside(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) wait_task_inside(arg);
}

/* Leaves the processor to whoever would wrongly come. */
static void wait_task_elsewhere(void *arg) {
  wait_count(arg);
  teams_sleep(WAITS_ITERATION_US);
}

static void wait_chunk_elsewhere(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) wait_task_elsewhere(arg);
}

static inline void wait_loop(struct wait *wait, int iterations, ppar_body *body) {
  /* Slots for all threads of a team that wait, and as many parts that are nobody's while these stop. */
  const int slots = wait->roles.threads == 2 ? 2 : 2 * wait->roles.threads;
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = slots, .schedule = ppar_dynamic(1));
  EXPECT(&wait->found, ppar_parallel_for(0, iterations, body, wait, options) == PPAR_OK);
}

static inline void wait_spawn(struct wait *wait, int tasks, ppar_task *task) {
  ppar_task_group group;
  EXPECT(&wait->found, ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = wait->pool)) == PPAR_OK);
  for (int t = 0; t < tasks; t++) EXPECT(&wait->found, ppar_task_spawn(&group, task, wait) == PPAR_OK);
  EXPECT(&wait->found, ppar_task_group_wait(&group) == PPAR_OK);
}

/* The busy thread begins a loop; spawns tasks. */
static void wait_begin_loop(struct wait *wait) { wait_loop(wait, WAITS_INSIDE, wait_chunk_inside); }
static void wait_spawn_tasks(struct wait *wait) { wait_spawn(wait, WAITS_INSIDE, wait_task_inside); }

/* Somebody else does both. */
static inline void wait_work_elsewhere(struct wait *wait) {
  wait_loop(wait, WAITS_ELSEWHERE / 2, wait_chunk_elsewhere);
  wait_spawn(wait, WAITS_ELSEWHERE / 2, wait_task_elsewhere);
}

/* A thread of the program that has nothing to do with the two, on the same pool. */
static void *wait_be_a_stranger(void *arg) {
  wait_work_elsewhere(arg);
  return NULL;
}

static void wait_let_a_stranger_work(struct wait *wait) {
  pthread_t stranger;
  const bool created = pthread_create(&stranger, NULL, wait_be_a_stranger, wait) == 0;
  EXPECT(&wait->found, created);
  if (created) pthread_join(stranger, NULL);
}

/* Another thread of the same team: what it begins is inside of the region, and of nothing else. */
static void wait_let_a_sibling_work(struct wait *wait) {
  atomic_store(&wait->go, 1);
  EXPECT(&wait->found, teams_await(&wait->done, 1));
}

static inline void wait_be_a_sibling(struct wait *wait) {
  EXPECT(&wait->found, teams_await(&wait->go, 1));
  wait_work_elsewhere(wait);
  atomic_store(&wait->done, 1);
}

#endif
