/* SPDX-License-Identifier: MIT */
/* waiting.c: the loop that spins, helps, substitutes and parks. */
#include "pool/waiting.h"

#include "platform/cpuset.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "schedule/tuning.h"
#include "trace/spans.h"

pp_waiting pp_waiting_make(const pp_wait_kind *kind, ppar_pool *pool, const void *ancestor) {
  return (pp_waiting){.kind = kind,
                      .pool = pool,
                      .ancestor = ancestor,
                      .spin_ticks = pool != NULL ? pool->spin_ticks : 0,
                      .ask_ticks = pp_ticks_from_ns(PP_ASK_NS)};
}

static bool is_crowded(const pp_waiting *waiting) {
  return waiting->crowded != NULL && pp_load_relaxed(waiting->crowded) != 0;
}

/* The board is looked through for loops only when somebody has rung since the last look, or the last look has found
 * one. */
static bool help(pp_waiting *waiting) {
  uint32_t epoch = pp_waiters_listen(waiting->pool);
  if (epoch != waiting->heard) {
    waiting->heard = epoch;
    if (pp_pool_help(waiting->pool, waiting, PP_WORK_LOOPS)) {
      waiting->heard--; /* There may be more loops: the next look is to be one, whether somebody rings or not. */
      return true;
    }
  }
  return waiting->kind->takes_tasks && pp_pool_help(waiting->pool, waiting, PP_WORK_TASKS);
}

/* The thread is registered as it looks for tasks a last time: so whoever makes one visible either is seen by that look,
 * or sees that somebody sleeps who may take it, and wakes the thread (task/queue.h, W1). */
static bool may_sleep(pp_waiting *waiting) {
  const pp_work_source *tasks = waiting->pool->sources[PP_WORK_TASKS];
  return !waiting->kind->takes_tasks || tasks->may_help == NULL || !tasks->may_help(waiting);
}

static void sleep_registered(pp_waiting *waiting) {
  const pp_wait_kind *kind = waiting->kind;
  pp_waiter waiter = {.ancestor = waiting->ancestor,
                      .wake = kind->wake,
                      .arg = waiting,
                      .takes_tasks = kind->takes_tasks,
                      .ancestor_goes_on = kind->has_gone_on != NULL};
  if (waiting->ancestor == NULL || kind->wake == NULL) {
    kind->sleep(waiting);
    return;
  }
  pp_checks_leave_out(waiting, kind->size); /* Whoever wakes the thread reads it. */
  if (pp_waiters_add(waiting->pool, &waiter, waiting->heard)) {
    if (may_sleep(waiting)) kind->sleep(waiting);
    pp_waiters_remove(waiting->pool, &waiter);
  }
}

static void sleep_recorded(pp_waiting *waiting) {
  if (pp_trace_is_on()) {
    pp_trace_mark mark = pp_trace_begin(PP_EVENT_PARK, 0, 0);
    sleep_registered(waiting);
    pp_trace_end(mark);
  } else {
    sleep_registered(waiting);
  }
}

/* Whether something has been posted since the latest look for loops. */
static bool is_rung(const pp_waiting *waiting) {
  return waiting->ancestor != NULL && pp_waiters_listen(waiting->pool) != waiting->heard;
}

static void park(pp_waiting *waiting) {
  const pp_wait_kind *kind = waiting->kind;
  bool found;
  if (is_rung(waiting) && help(waiting))
    return; /* Else the registration would fail, that late after the latest look. */
  if (kind->substitute != NULL) kind->substitute(waiting);
  if (!kind->prepare(waiting)) return;
  waiting->thorough = true;
  found = kind->find != NULL && kind->find(waiting);
  if (!found && !kind->is_over(waiting)) sleep_recorded(waiting);
  waiting->thorough = false;
  if (kind->rise != NULL) kind->rise(waiting);
  if (found) kind->run(waiting);
}

/* Spins for a moment. False: it is time to park. */
static bool spin_on(pp_waiting *waiting) {
  if (waiting->awaited_cpu != NULL && pp_spin_is_to_offer(&waiting->spin)) {
    uint32_t cpu = pp_load_relaxed(waiting->awaited_cpu);
    if (cpu != 0 && cpu != pp_cpuset_mark()) pp_spin_put_off_offer(&waiting->spin);
  }
  return pp_spin_on(&waiting->spin, is_crowded(waiting));
}

/* Looks once as before a sleep, for what other looks leave out. True: it has found something, and done it. */
static bool looks_thoroughly(pp_waiting *waiting) {
  const pp_wait_kind *kind = waiting->kind;
  bool found;
  if (kind->substitute != NULL) kind->substitute(waiting);
  waiting->thorough = true;
  found = kind->find != NULL && kind->find(waiting);
  waiting->thorough = false;
  if (found) kind->run(waiting);
  return found;
}

/* It has spun for as long as the pool's threads usually do. Inside of a loop, a region or a task it goes on, up to the
 * longest time, where it has its CPU for itself: its part of the work is done, the program's other threads have CPUs of
 * their own, and whoever wakes a sleeper pays for it; on virtual machines the system then often puts the two on one
 * CPU. */
static bool goes_on_spinning(pp_waiting *waiting) {
  pp_spin *spin = &waiting->spin;
  pp_company *company = &pp_self_get()->company;
  const ppar_pool *pool = waiting->pool;
  if (spin->descheduled) {
    pp_company_lost_cpu(company, spin->last);
    return false;
  }
  if (waiting->kind->idles || waiting->kind->own_time || pool == NULL || is_crowded(waiting)) return false;
  if (spin->most >= pool->longest_spin_ticks || pp_company_ask(company, spin->last)) return false;
  if (looks_thoroughly(waiting)) {
    waiting->spin = pp_spin_start(waiting->spin_ticks);
  } else {
    spin->most = pool->longest_spin_ticks;
  }
  return true;
}

/* True: the thread has done something, and spins from the beginning. */
static bool is_busy(pp_waiting *waiting) {
  const pp_wait_kind *kind = waiting->kind;
  if (kind->find != NULL && kind->find(waiting)) {
    kind->run(waiting);
    return true;
  }
  if (waiting->spin.last - waiting->asked < waiting->ask_ticks) return false;
  waiting->asked = waiting->spin.last;
  if (kind->ask != NULL) kind->ask(waiting);
  return waiting->ancestor != NULL && waiting->spin.last - waiting->began >= waiting->ask_ticks && help(waiting);
}

static void wait_on(pp_waiting *waiting) {
  const pp_wait_kind *kind = waiting->kind;
  waiting->spin = pp_spin_start(waiting->spin_ticks);
  waiting->began = waiting->spin.start;
  waiting->asked = waiting->began - waiting->ask_ticks;
  if (waiting->ancestor != NULL) waiting->heard = pp_waiters_listen(waiting->pool) - 1;
  while (!kind->is_over(waiting)) {
    if (is_busy(waiting)) {
      waiting->spin = pp_spin_start(waiting->spin_ticks);
    } else if (!spin_on(waiting) && !goes_on_spinning(waiting)) {
      park(waiting);
      waiting->spin = pp_spin_start(waiting->spin_ticks);
    }
  }
}

void pp_wait(pp_waiting *waiting) {
  if (pp_trace_is_on() && !waiting->kind->idles) {
    pp_trace_mark mark = pp_trace_begin_wait(PP_EVENT_WAIT, 0);
    wait_on(waiting);
    pp_trace_end(mark);
  } else {
    wait_on(waiting);
  }
}
