/* SPDX-License-Identifier: MIT */
/* worker.c: what a worker does between loops: look, spin, sleep.
 *
 * A worker that came to a loop too late, or found less to do than it costs to come (it, and the caller after it,
 * fetch about ten lines that the other has written: a microsecond in all), did the caller more harm than good. It then
 * polls less often, down to once per PP_POLL_GAP_NS, until a loop is worth it again. */
#include <stdio.h>

#include "platform/clock.h"
#include "platform/park.h"
#include "platform/thread.h"
#include "pool/execute.h"
#include "pool/pool.h"
#include "pool/wait.h"

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

/* Works in one posted loop, the latest first; false: none had work to do. */
static bool visit_records(pp_worker *worker, uint64_t bell, polling *poll) {
  ppar_pool *pool = worker->pool;
  uint32_t count = pp_load_acquire(&pool->record_count), latest = pp_bell_post(bell);
  for (uint32_t k = 0; k < count; k++) {
    uint64_t worked;
    uint32_t number = latest + k < count ? latest + k : (latest + k) % count;
    if (pp_execute_visit(worker, pp_pool_record(pool, number), &worked) != PP_VISIT_WORKED) continue;
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

/* Spins until the bell's epoch differs from the one seen; false: time to sleep. */
static bool spin_for_ring(ppar_pool *pool, uint64_t seen, polling *poll) {
  pp_wait wait = pp_wait_start(poll->spin < pool->spin_ticks ? poll->spin : pool->spin_ticks);
  uint64_t polled = wait.start;
  while (pp_wait_spin(&wait)) {
    if (wait.last - polled < poll->gap) continue;
    polled = wait.last;
    if (pp_bell_epoch(pp_load_relaxed(&pool->bell.word)) != pp_bell_epoch(seen)) return true;
  }
  if (pp_wait_was_descheduled(&wait)) poll->spin = poll->most;
  return false;
}

static void sleep_until_woken(pp_worker *worker, uint64_t seen) {
  if (!pp_bell_sleep(&worker->pool->bell, seen, &worker->sleeper, worker->number)) return;
  while (pp_load_acquire(&worker->sleeper.asleep) != 0) pp_park(&worker->sleeper.asleep, 1);
}

void *pp_worker_main(void *argument) {
  pp_worker *worker = argument;
  ppar_pool *pool = worker->pool;
  polling poll = {0, pp_ticks_from_ns(PP_FIRST_GAP_NS), pp_ticks_from_ns(PP_POLL_GAP_NS), pp_ticks_from_ns(PP_WORTH_NS),
                  pool->spin_ticks};
  char name[16];
  (void)snprintf(name, sizeof name, "%s/%u", pool->name, (unsigned)worker->number + 1u);
  pp_thread_set_name(name);
  if (pp_load_relaxed(&pool->worker_goal) > pp_load_relaxed(&pool->worker_count)) {
    pp_pool_want_workers(pool, pp_load_relaxed(&pool->worker_goal));
  }
  for (bool rung = false;;) {
    uint64_t seen = pp_bell_look(&pool->bell);
    if (pp_load_acquire(&pool->stopping) != 0) return NULL;
    if (visit_records(worker, seen, &poll)) {
      rung = false;
      continue;
    }
    if (rung) came_in_vain(&poll);
    rung = spin_for_ring(pool, seen, &poll);
    if (!rung) sleep_until_woken(worker, seen);
  }
}
