/* SPDX-License-Identifier: MIT */
/* shaker.c: decisions, delays and meetings of a thread. */
#include "api/shaker.h"

#include <errno.h>

#include "platform/budget.h"
#include "platform/clock.h"
#include "platform/cpuset.h"
#include "platform/thread.h"
#include "pool/cpus.h"
#include "pool/self.h"
#include "schedule/tuning_checks.h"
#include "settings/environment.h"

static _Thread_local pp_shaker shaker_of_thread;

static pp_rendezvous threads; /* All that have come by are counted here. */
PP_CHECKS_LEAVE_OUT(threads)

/* A thread that is inside of nothing yet. Threads of the program are told apart by the order in which they come. */
static __attribute__((noinline)) void begin(pp_shaker *shaker) {
  uint32_t number = 0;
  int held = pp_thread_hold_cancellation(), saved_errno = errno;
  (void)pp_rendezvous_counts(&threads, UINT32_MAX, &number);
  pp_clock_init();
  shaker->place.identity = pp_dice_mix(pp_environment_get()->shake, number) | 1;
  shaker->begun = pp_clock_ticks();
  shaker->patience = pp_ticks_from_ns(PP_SHAKE_FIRST_PATIENCE_NS);
  shaker->spin = pp_ticks_from_ns(pp_cpu_budget() > 1 ? PP_SHAKE_SPIN_NS : 0);
  pp_thread_allow_cancellation(held);
  errno = saved_errno;
}

pp_shaker *pp_shaker_get(void) {
  if (shaker_of_thread.begun == 0) begin(&shaker_of_thread);
  return &shaker_of_thread;
}

pp_dice pp_shaker_decide(pp_shaker *shaker) {
  return (pp_dice){pp_dice_mix(shaker->place.identity, ++shaker->place.draws)};
}

pp_shaken_place pp_shaker_enter(pp_shaker *shaker, uint64_t identity, pp_rendezvous *rendezvous) {
  pp_shaken_place before = shaker->place;
  shaker->place = (pp_shaken_place){identity | 1, 0, rendezvous};
  return before;
}

/* All threads together are held up for no longer than a part of the time, since most programs come on only while nobody
 * is: at a barrier all wait for one. */
static bool has_time(const pp_shaker *shaker, uint64_t now) {
  uint64_t all = pp_ticks_from_ns(PP_SHAKE_FREE_NS) + (now - shaker->begun) / 2;
  return shaker->spent < all / pp_rendezvous_comers(&threads);
}

static void spin_until(uint64_t end) {
  while ((int64_t)(end - pp_clock_ticks()) > 0) pp_pause();
}

/* A wait was in vain, or was not. */
static void lose_patience(pp_shaker *shaker) {
  uint64_t least = pp_ticks_from_ns(PP_SHAKE_LEAST_PATIENCE_NS), less = shaker->patience - shaker->patience / 4;
  shaker->patience = less > least ? less : least;
}

static void gain_patience(pp_shaker *shaker) {
  uint64_t most = pp_ticks_from_ns(PP_SHAKE_FIRST_PATIENCE_NS);
  shaker->patience = shaker->patience < most / 2 ? shaker->patience * 2 : most;
}

/* Between two looks. Where a process has one CPU whoever is waited for needs it. Where it has several the two must run
 * at once, so a thread keeps its own for a part of the time. Two that are on the same one could go on like that for
 * long: there the worker goes elsewhere. */
static void pass_time(const pp_shaker *shaker, pp_rendezvous *rendezvous, pp_rendezvous_role role, uint64_t *rested) {
  if (shaker->spin == 0) {
    pp_thread_yield();
  } else if (pp_clock_ticks() - *rested < shaker->spin) {
    pp_pause();
  } else {
    int cpu = pp_cpuset_here();
    const pp_worker *worker = pp_self_get()->worker;
    if (pp_rendezvous_is_at(rendezvous, role, cpu) && worker != NULL) {
      pp_worker_leave_cpu(worker, cpu);
    } else {
      pp_thread_sleep(PP_SHAKE_REST_NS);
    }
    *rested = pp_clock_ticks();
  }
}

/* The first of two has seen the second, and calls it. True: it is there, and runs. */
static bool is_answered(pp_rendezvous *rendezvous, uint32_t word, uint64_t *start) {
  const uint64_t most = pp_ticks_from_ns(PP_SHAKE_ANSWER_NS), called = pp_clock_ticks();
  if (!pp_rendezvous_call(rendezvous, word)) return false;
  while (!pp_rendezvous_is_answered(rendezvous, word)) {
    if (pp_clock_ticks() - called > most && pp_rendezvous_call_off(rendezvous, word)) return false;
    pp_pause();
  }
  *start = pp_rendezvous_start(rendezvous);
  return true;
}

/* False: nobody has come in time. Else *start is when the two begin. */
static bool meet(const pp_shaker *shaker, pp_rendezvous *rendezvous, uint64_t came, uint64_t *start) {
  pp_rendezvous_role role = PP_RENDEZVOUS_NONE;
  uint64_t rested = came;
  uint32_t word = 0;
  for (;;) {
    uint64_t now = pp_clock_ticks();
    bool is_late = now - came > shaker->patience;
    *start = now + pp_ticks_from_ns(PP_SHAKE_START_NS);
    if (role == PP_RENDEZVOUS_NONE) {
      if (is_late) return false;
      role = pp_rendezvous_come(rendezvous, &word);
    } else if (role == PP_RENDEZVOUS_FIRST ? is_answered(rendezvous, word, start)
                                           : pp_rendezvous_answer(rendezvous, word, *start)) {
      return true;
    } else if (is_late && pp_rendezvous_give_up(rendezvous, word)) {
      return false;
    }
    pass_time(shaker, rendezvous, role, &rested);
  }
}

void pp_shaker_meet(pp_shaker *shaker, pp_rendezvous *rendezvous, pp_dice *dice) {
  uint64_t came = pp_clock_ticks(), start;
  uint64_t skew = pp_dice_roll(dice, 4) == 0 ? pp_dice_roll(dice, PP_SHAKE_SKEW_NS) : 0;
  if (!has_time(shaker, came)) return;
  if (meet(shaker, rendezvous, came, &start)) {
    gain_patience(shaker);
    if (start - pp_clock_ticks() <= pp_ticks_from_ns(PP_SHAKE_START_NS)) spin_until(start + pp_ticks_from_ns(skew));
  } else {
    lose_patience(shaker);
  }
  shaker->spent += pp_clock_ticks() - came;
}

void pp_shaker_hold_up(pp_shaker *shaker, uint64_t ns) {
  uint64_t now = pp_clock_ticks();
  if (!has_time(shaker, now)) return;
  if (ns < PP_SHAKE_SHORT_NS) {
    spin_until(now + pp_ticks_from_ns(ns));
  } else {
    pp_thread_sleep(ns);
  }
  shaker->spent += pp_clock_ticks() - now;
}

/* Of eight times: once it spins, once it sleeps, and twice it offers its CPU. */
void pp_shaker_perhaps(pp_shaker *shaker, pp_dice *dice) {
  switch (pp_dice_roll(dice, 8)) {
    case 0: pp_shaker_hold_up(shaker, pp_dice_roll(dice, PP_SHAKE_SHORT_NS)); break;
    case 1: pp_shaker_hold_up(shaker, PP_SHAKE_LONG_NS / 4 + pp_dice_roll(dice, PP_SHAKE_LONG_NS * 3 / 4)); break;
    case 2:
    case 3: pp_thread_yield(); break;
    default: break;
  }
}

void pp_shake(void) {
  pp_shaker *shaker = pp_shaker_get();
  pp_dice dice = pp_shaker_decide(shaker);
  pp_shaker_perhaps(shaker, &dice);
}
