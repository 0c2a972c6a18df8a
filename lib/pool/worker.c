/* SPDX-License-Identifier: MIT */
/* worker.c: what a worker does between loops: look, spin, sleep.
 *
 * A worker that came to a loop too late, or found less to do than it costs to come (it, and the caller after it,
 * fetch about ten lines that the other has written: a microsecond in all), did the caller more harm than good. It then
 * polls less often, down to once per PP_POLL_GAP_NS, until a loop is worth it again. */
#include <stdio.h>

#include "loop/execute.h"
#include "platform/clock.h"
#include "platform/park.h"
#include "platform/thread.h"
#include "pool/pool.h"
#include "pool/spin.h"
#include "team/region.h"

enum {
  PP_WORTH_NS = 1000, /* less work than this: not worth coming, by the cost above */
  PP_FIRST_GAP_NS = 60,
  PP_POLL_GAP_NS = 10000 /* the longest pause between two polls: the first large loop after many small ones may lose
                            it, and the small ones lose a tenth of their time at most */
};

typedef struct polling {
  uint64_t gap, first, most, worth; /* ticks */
  uint64_t spin;                    /* how long: little after the CPU was taken away, more with each loop of worth */
} polling;

static void came_in_vain(polling *poll) {
  poll->gap = poll->gap == 0 ? poll->first : poll->gap * 2;
  if (poll->gap > poll->most) poll->gap = poll->most;
}

/* Works in one posted loop: the latest, or the next after it on the board; each worker starts at another one there, so
 * that they spread over many callers. False: none had work to do. */
static bool visit_records(pp_worker *worker, uint64_t bell, bool rung, polling *poll) {
  ppar_pool *pool = worker->pool;
  uint32_t count = pp_load_acquire(&pool->record_count), latest = pp_bell_post(bell);
  for (uint32_t k = 0; k <= count && count != 0; k++) {
    uint64_t worked;
    uint32_t number = k == 0 ? latest % count : (latest + worker->number + k) % count;
    pp_record *record = pp_pool_record(pool, number);
    if (k == 0 && rung && poll->gap == 0) pp_execute_expect(record, worker->number + 1);
    if (pp_execute_visit(pool, worker->number + 1, NULL, record, &worked) != PP_VISIT_WORKED) continue;
    if (worked < poll->worth) {
      came_in_vain(poll);
    } else {
      poll->gap = 0;
      if (poll->spin < pool->spin_ticks) poll->spin *= 2;
    }
    return true;
  }
  return false;
}

typedef enum awaited { NOTHING, A_RING, A_TASK, A_CALL } awaited;

/* Spins until the bell's epoch differs from the one seen, or a region calls; NOTHING: time to sleep. */
static awaited spin(pp_worker *worker, uint64_t seen, polling *poll) {
  ppar_pool *pool = worker->pool;
  pp_wait wait = pp_wait_start(poll->spin < pool->spin_ticks ? poll->spin : pool->spin_ticks);
  uint64_t polled = wait.start;
  for (;;) {
    bool crowded;
    if (pp_region_is_called(worker)) return A_CALL;
    crowded = worker->known_seat != NULL && pp_load_relaxed(&worker->known_seat->team->crowded) != 0;
    if (!pp_wait_on(&wait, crowded)) break;
    if (worker->extra) {
      if (pp_load_relaxed(&pool->stopping) != 0) return A_RING;
      continue;
    }
    if (wait.last - polled < poll->gap) continue;
    polled = wait.last;
    if (pp_bell_epoch(pp_load_relaxed(&pool->bell.word)) != pp_bell_epoch(seen)) return A_RING;
    if (pp_tasks_are_visible(pool)) return A_TASK;
  }
  if (pp_wait_was_descheduled(&wait)) poll->spin = poll->most;
  return NOTHING;
}

/* The last look of a worker that is registered as a sleeper; where regions begin it announces its sleep. False: there is
 * something to do. */
static bool announce(pp_worker *worker) {
  ppar_team *seat = pp_load_seq_cst(&worker->seat);
  if (!worker->extra && pp_tasks_are_visible(worker->pool)) return false;
  if (worker->extra && pp_load_seq_cst(&worker->pool->stopping) != 0) return false;
  if (seat == NULL) return true;
  if (worker->extra && pp_load_seq_cst(&seat->worker) != worker)
    return false; /* a start wakes whom the seat names (F1) */
  return seat == worker->known_seat && pp_fork_announce(&seat->home->fork, worker->served);
}

static void sleep_until_woken(pp_worker *worker, uint64_t seen) {
  pp_sleeper *sleeper = &worker->sleeper;
  if (worker->extra) {
    pp_store_seq_cst(&sleeper->asleep, PP_ASLEEP);
  } else if (!pp_bell_sleep(&worker->pool->bell, seen, sleeper, worker->number)) {
    return;
  }
  if (!announce(worker)) {
    pp_bell_stay_awake(sleeper);
  } else {
    while (pp_load_acquire(&sleeper->asleep) == PP_ASLEEP) pp_park(&sleeper->asleep, PP_ASLEEP);
  }
  if (worker->extra) pp_store_relaxed(&sleeper->asleep, PP_AWAKE); /* it is on no stack */
}

/* Looks for a loop, unless `tasks_alone`, and for a task. The worker is occupied from before its last look whether a region
 * calls (region.c). False: there was neither. */
static bool find_work(pp_worker *worker, uint64_t seen, bool rung, bool tasks_alone, polling *poll) {
  bool worked;
  pp_store_seq_cst(&worker->occupied, 1);
  worked = pp_region_is_called(worker) || (!tasks_alone && visit_records(worker, seen, rung, poll)) ||
           pp_tasks_visit(worker);
  pp_store_release(&worker->occupied, 0);
  return worked;
}

void *pp_worker_main(void *argument) {
  pp_worker *worker = argument;
  ppar_pool *pool = worker->pool;
  polling poll = {0, pp_ticks_from_ns(PP_FIRST_GAP_NS), pp_ticks_from_ns(PP_POLL_GAP_NS), pp_ticks_from_ns(PP_WORTH_NS),
                  pool->spin_ticks};
  awaited came = NOTHING;
  bool looked = false;
  uint64_t last = 0; /* the bell at the last look for loops */
  char name[16];
  (void)snprintf(name, sizeof name, "%s/%u", pool->name, (unsigned)worker->number + 1u);
  pp_thread_set_name(name);
  pp_self_get()->worker = worker;
  if (pp_load_relaxed(&pool->worker_goal) > pp_load_relaxed(&pool->worker_count)) {
    pp_pool_want_workers(pool, pp_load_relaxed(&pool->worker_goal));
  }
  for (;;) {
    uint64_t seen = pp_bell_look(&pool->bell);
    if (pp_load_acquire(&pool->stopping) != 0) return NULL;
    if (pp_region_is_called(worker)) pp_region_serve(worker);
    pp_region_stand_up(worker);
    /* After a region, and where nobody has rung since the last look, there are no new loops. */
    bool old = looked && pp_bell_epoch(seen) == pp_bell_epoch(last);
    if (!worker->extra && (!old || pp_tasks_are_visible(pool))) {
      looked = !find_work(worker, seen, came == A_RING, old, &poll);
      last = seen;
      if (!looked) {
        came = NOTHING;
        continue;
      }
      if (came == A_RING) came_in_vain(&poll);
    }
    came = spin(worker, seen, &poll);
    if (came == NOTHING) sleep_until_woken(worker, seen);
  }
}
