/* SPDX-License-Identifier: MIT */
/* worker.c: what a worker does: it waits for its pool's end (waiting.h), and meanwhile serves regions, loops and
 * tasks.
 *
 * A worker that came to a loop too late, or found less to do than it costs to come (it, and the caller after it,
 * fetch about ten lines that the other has written: a microsecond in all), did the caller more harm than good. It
 * then looks less often, down to once per PP_POLL_GAP_NS, until a loop is worth it again.
 *
 * A pool's number of threads may shrink (pp_pool_resize). Workers beyond it stand aside: they serve regions, as extra
 * ones do, until the number grows again. One that is on the bell's stack stays there until a ring takes it off, and
 * passes that ring on to another worker. */
#include "pool/worker.h"

#include <stdio.h>

#include "platform/park.h"
#include "platform/thread.h"
#include "pool/cpus.h"
#include "pool/home.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "schedule/tuning.h"
#include "trace/spans.h"

void pp_worker_came_in_vain(pp_worker *worker) {
  pp_polling *polling = &worker->polling;
  polling->gap = polling->gap == 0 ? polling->first : polling->gap * 2;
  if (polling->gap > polling->most) polling->gap = polling->most;
}

static void set_spin(pp_worker *worker) { worker->waiting.spin_ticks = worker->idle_spin.now; }

/* It has done what was worth coming for. */
static void has_worked(pp_worker *worker) {
  pp_idle_spin_worked(&worker->idle_spin);
  set_spin(worker);
}

static void has_lost_cpu(pp_worker *worker) {
  pp_idle_spin_lost_cpu(&worker->idle_spin);
  set_spin(worker);
}

/* Where it shares its CPU it does not spin for longer than usual, however soon it was called. */
static void has_slept(pp_worker *worker) {
  pp_idle_spin *spin = &worker->idle_spin;
  const uint64_t now = pp_clock_ticks(), waited = now - worker->waiting.spin.start;
  bool shares;
  if (spin->usual == spin->longest) return;
  shares = waited < spin->longest && pp_company_ask(&pp_self_get()->company, now);
  pp_idle_spin_slept(spin, shares ? UINT64_MAX : waited);
  set_spin(worker);
}

void pp_worker_came_for(pp_worker *worker, uint64_t worked) {
  pp_polling *polling = &worker->polling;
  if (worked < polling->worth) {
    pp_worker_came_in_vain(worker);
  } else {
    polling->gap = 0;
    has_worked(worker);
  }
}

static pp_worker *worker_of(pp_waiting *waiting) { return PP_OWNER_OF(pp_worker, waiting, waiting); }

static const pp_work_source *source(const pp_worker *worker, pp_work_kind kind) { return worker->pool->sources[kind]; }

/* At a process's end (PP_RESTS). */
static void rest(void) {
  pp_atomic_u32 word = 0;
  for (;;) pp_park(&word, 0);
}

/* Seq_cst: an extra worker, which no bell wakes, looks at both a last time after it has said that it sleeps. */
static bool has_ended(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  if (worker->left || pp_load_seq_cst(&waiting->pool->stopping) != PP_GOES_ON) return true;
  if (!worker->extra || pp_load_seq_cst(&worker->asked) == 0) return false;
  pp_store_relaxed(&worker->asked, 0);
  worker->left = pp_pool_leave(worker);
  return worker->left;
}

static bool is_there(pp_worker *worker, pp_work_kind kind) {
  worker->found = kind;
  return source(worker, kind)->is_there(worker);
}

/* Seq_cst: a worker that falls asleep looks a last time after it has said so; pairs with pp_pool_resize. */
static bool is_regular(const pp_worker *worker) {
  return !worker->extra && worker->number < pp_load_seq_cst(&worker->pool->worker_limit);
}

/* A ring has taken the worker off the stack. */
static bool is_taken_off(const pp_worker *worker) {
  return worker->stacked && pp_load_acquire(&worker->sleeper.asleep) == PP_AWAKE;
}

/* A worker beyond the limit has heard of all that was rung for, so that it may fall asleep. A ring that took it off was
 * for another one. */
static void leave_bell(pp_worker *worker) {
  ppar_pool *pool = worker->pool;
  worker->heard = pp_bell_epoch(pp_bell_look(&pool->bell));
  worker->look_again = false;
  if (!is_taken_off(worker)) return;
  worker->stacked = false;
  (void)pp_pool_wake(pool);
}

static bool find_work(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  pp_polling *polling = &worker->polling;
  if (is_there(worker, PP_WORK_REGIONS)) return true;
  if (!is_regular(worker)) {
    if (!worker->extra) leave_bell(worker);
    return false;
  }
  if (!worker->keen && waiting->spin.last - polling->polled < polling->gap) return false;
  polling->polled = waiting->spin.last;
  return is_there(worker, PP_WORK_LOOPS) || is_there(worker, PP_WORK_TASKS);
}

/* A ring may be for a loop or for a task (pp_tasks_tell): the worker came in vain when there was neither. */
static void do_other_work(pp_worker *worker) {
  const pp_work_source *tasks = source(worker, PP_WORK_TASKS);
  bool rung = worker->found == PP_WORK_LOOPS && !worker->look_again;
  pp_worker_go_home(worker);
  if (worker->found == PP_WORK_LOOPS) worker->keen = source(worker, PP_WORK_LOOPS)->work(worker);
  if (!worker->keen && tasks->is_there(worker)) {
    worker->keen = tasks->work(worker);
    if (worker->keen) has_worked(worker);
  }
  if (!worker->keen && rung && !worker->look_again) pp_worker_came_in_vain(worker);
}

/* A worker says that it is occupied before it looks a last time whether a region calls it, and only then goes into a
 * loop or a task. So either it sees the call, or whoever waits for it sees that it is occupied (team/region.c,
 * substitution). */
static void do_work(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  const pp_work_source *regions = source(worker, PP_WORK_REGIONS);
  worker->keen = false;
  if (worker->found == PP_WORK_REGIONS) {
    (void)regions->work(worker);
    has_worked(worker);
  } else {
    pp_store_seq_cst(&worker->occupied, 1);
    if (!regions->is_there(worker)) do_other_work(worker);
    pp_store_release(&worker->occupied, 0);
    regions->is_back(worker);
  }
}

/* The worker puts itself on the bell's stack, unless a loop has been posted since it last looked. Then the last look
 * is whether there is work; a ring would have been noticed. */
static bool is_about_to_sleep(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  pp_sleeper *sleeper = &worker->sleeper;
  if (waiting->spin.descheduled) has_lost_cpu(worker);
  worker->aside = !is_regular(worker) && !worker->stacked;
  if (worker->aside) {
    pp_store_seq_cst(&sleeper->asleep, PP_ASLEEP);
  } else if (worker->look_again || (!is_regular(worker) && is_taken_off(worker)) ||
             !pp_bell_sleep(&waiting->pool->bell, (uint64_t)worker->heard << 32, sleeper, worker->number)) {
    return false;
  } else {
    worker->stacked = true;
  }
  worker->polling.polled = waiting->spin.last - worker->polling.gap; /* the last look is due at once */
  return true;
}

static void sleep_until_woken(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  pp_sleeper *sleeper = &worker->sleeper;
  if (!source(worker, PP_WORK_REGIONS)->may_sleep(worker)) return;
  if (worker->aside && is_regular(worker)) return; /* The number of threads has just grown. */
  if (pp_load_acquire(&sleeper->asleep) != PP_ASLEEP) return;
  while (pp_load_acquire(&sleeper->asleep) == PP_ASLEEP) {
    if (!worker->extra) {
      pp_park(&sleeper->asleep, PP_ASLEEP);
    } else if (!pp_park_for(&sleeper->asleep, PP_ASLEEP, PP_EXTRA_IDLE_NS)) {
      pp_store_relaxed(&worker->asked, 1);
      return;
    }
  }
  has_slept(worker);
  pp_worker_leave_waker(worker);
}

/* A worker that did not sleep after all stays on the bell's stack, and is away (bell.h). One that is aside is on no
 * stack. */
static void is_up(pp_waiting *waiting) {
  pp_worker *worker = worker_of(waiting);
  if (worker->aside) {
    pp_store_relaxed(&worker->sleeper.asleep, PP_AWAKE);
  } else {
    pp_bell_stay_awake(&worker->sleeper);
  }
}

static const pp_wait_kind worker_wait = {
    .is_over = has_ended,
    .find = find_work,
    .run = do_work,
    .prepare = is_about_to_sleep,
    .sleep = sleep_until_woken,
    .rise = is_up,
    .idles = true,
};

void *pp_worker_main(void *argument) {
  pp_worker *worker = argument;
  ppar_pool *pool = worker->pool;
  char name[16];
  (void)snprintf(name, sizeof name, "%s/%u", pool->name, (unsigned)worker->number + 1u);
  pp_thread_set_name(name);
  pp_self_get()->worker = worker;
  pp_store_relaxed(&worker->system_number, (uint32_t)pp_thread_id());
  if (pp_trace_is_on()) pp_tracer_set_worker((int32_t)worker->number);
  if (pp_load_relaxed(&pool->worker_goal) > pp_load_relaxed(&pool->worker_count)) {
    pp_pool_want_workers(pool, pp_load_relaxed(&pool->worker_goal));
  }
  worker->polling = (pp_polling){.first = pp_ticks_from_ns(PP_FIRST_GAP_NS),
                                 .most = pp_ticks_from_ns(PP_POLL_GAP_NS),
                                 .worth = pp_ticks_from_ns(PP_WORTH_NS)};
  worker->idle_spin =
      pp_idle_spin_make(pp_ticks_from_ns(PP_SHORTEST_SPIN_NS), pool->spin_ticks, pool->longest_spin_ticks);
  worker->look_again = worker->keen = true;
  worker->stacked = false; /* A forked child's worker has its parent's. */
  worker->waiting = pp_waiting_make(&worker_wait, pool, NULL);
  pp_store_relaxed(&worker->cpu, pp_cpuset_mark());
  pp_wait(&worker->waiting);
  if (worker->left) {
    pp_pool_bury(worker); /* Also as the process exits: whoever comes after it, or ends the pool, waits for its end. */
  } else if (pp_load_relaxed(&pool->stopping) == PP_RESTS) {
    rest();
  }
  return NULL;
}
