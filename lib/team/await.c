/* SPDX-License-Identifier: MIT */
/* await.c: waiting for a signal. With more threads than CPUs the waiting thread gives its CPU away at each look: the
 * thread that it waits for needs one. */
#include "team/await.h"

#include "platform/load.h"
#include "pool/cpus.h"
#include "pool/pool.h"
#include "schedule/tuning.h"
#include "team/check.h"
#include "team/recruit.h"

typedef struct awaiting {
  pp_waiting waiting;
  pp_seat *seat;
  pp_signal *signal;
  uint32_t target;
  uint32_t parked; /* The signal's word as it was when the thread prepared to sleep. */
  pp_seat *awaited;
  bool stubborn, let_go;
} awaiting;

static awaiting *of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting, waiting, waiting); }

static bool is_over(pp_waiting *waiting) {
  awaiting *a = of(waiting);
  if (pp_signal_has(a->signal, a->target)) return true;
  if (a->seat->is_parents && (a->stubborn || a->seat->ends)) { /* It has forked in what it ran meanwhile. */
    a->let_go = true;
    return true;
  }
  if (a->stubborn) return false;
  if (a->awaited != NULL) pp_check_awaited(a->seat, a->signal, a->target, a->awaited);
  a->let_go = pp_team_is_canceled(a->seat->team);
  return a->let_go;
}

static void substitute(pp_waiting *waiting) {
  awaiting *a = of(waiting);
  if (a->awaited != NULL) pp_seat_substitute(a->awaited, a->seat->fork_epoch);
}

/* Who waits for no seat waits for its release. That comes down the tree, from thread 0, which goes on first: others may
 * be let go before this thread is. */
static bool has_gone_on(pp_waiting *waiting) {
  const awaiting *a = of(waiting);
  if (is_over(waiting)) return true;
  return a->awaited == NULL && pp_signal_has(pp_team_first_release(a->seat->team), a->target);
}

static bool prepare(pp_waiting *waiting) {
  return pp_signal_sleep(of(waiting)->signal, of(waiting)->target, &of(waiting)->parked);
}

static bool find_work(pp_waiting *waiting) {
  pp_team_work *work = pp_load_relaxed(&of(waiting)->seat->team->work);
  return work != NULL && work(true, waiting->thorough);
}
static void do_work(pp_waiting *waiting) { (void)pp_load_relaxed (&of(waiting)->seat->team->work)(false, true); }

/* It is registered, so whoever makes work for it from here on wakes it. */
static void sleep_on_signal(pp_waiting *waiting) {
  if (!find_work(waiting)) pp_signal_park(of(waiting)->signal, of(waiting)->parked);
}
static void wake(void *waiting) { pp_signal_nudge(of(waiting)->signal); }

static const pp_wait_kind signal_wait = {
    .is_over = is_over,
    .find = find_work,
    .run = do_work,
    .substitute = substitute,
    .prepare = prepare,
    .sleep = sleep_on_signal,
    .wake = wake,
    .size = sizeof(awaiting),
    .has_gone_on = has_gone_on,
    .takes_tasks = true,
};

/* The thread, and the one that it has waited for, have been on one CPU for many waits: one of them is moved. */
static void part(pp_seat *seat, const pp_seat *awaited, const pp_worker *worker, int cpu) {
  const pp_worker *other = pp_load_acquire(&awaited->worker);
  seat->shared_waits = 0;
  if (!pp_moves_may(&seat->moves, pp_clock_ticks())) return;
  if (other != NULL) {
    pp_worker_send_away(other, cpu);
  } else if (worker != NULL && pp_load_leaves_cpus()) {
    pp_worker_leave_cpu(worker, cpu);
  }
}

/* The wait is over. The thread, and the one that it has waited for, may then be on one CPU, although there are enough.
 * Where both come to waits of the library's again and again they let each other run, but have one CPU for both. Where
 * the program has a loop of its own in which one spins until the other has done something, the system's scheduler lets
 * them take turns, a time slice each; then the thread comes here but seldom. In both cases one moves to another CPU. A
 * thread that the program has made stays where it is: a thread that has once asked for certain CPUs does not get those
 * that the system allows it later on. */
static void leave_shared_cpu(pp_seat *seat, const pp_seat *awaited) {
  const pp_team *team = seat->team;
  const pp_worker *worker = pp_self_get()->worker;
  uint64_t now = pp_clock_ticks(), since = now - seat->waited;
  uint32_t cpu = pp_load_relaxed(&awaited->cpu);
  seat->waited = now;
  if (pp_load_relaxed(&team->crowded) != 0 || team->pool->places != NULL) return;
  if (cpu == 0 || cpu != pp_cpuset_mark()) {
    seat->shared_waits = 0;
  } else if (since >= pp_ticks_from_ns(PP_SHARED_CPU_NS) && worker != NULL) {
    pp_worker_leave_cpu(worker, (int)cpu - 1);
  } else if (++seat->shared_waits >= PP_SHARED_WAITS) {
    part(seat, awaited, worker, (int)cpu - 1);
  }
}

bool pp_await_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn) {
  pp_team *team = seat->team;
  awaiting a;
  bool crowded = pp_load_relaxed(&team->crowded) != 0;
  for (int k = 0; k < PP_QUICK_LOOKS && !crowded; k++) {
    if (pp_signal_has(signal, target)) return true;
    pp_pause();
  }
  a.waiting = pp_waiting_make(&signal_wait, team->pool, team);
  a.waiting.crowded = &team->crowded;
  a.seat = seat;
  a.signal = signal;
  a.target = target;
  a.awaited = awaited;
  a.stubborn = stubborn;
  a.let_go = false;
  if (awaited != NULL) a.waiting.awaited_cpu = &awaited->cpu;
  pp_seat_tell_cpu(seat);
  pp_wait(&a.waiting);
  if (awaited != NULL) leave_shared_cpu(seat, awaited);
  pp_seat_tell_cpu(seat);
  return !a.let_go;
}
