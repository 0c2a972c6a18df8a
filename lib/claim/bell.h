/* SPDX-License-Identifier: MIT */
/* bell.h: the word that tells workers of new work, and whom to wake. One locked operation publishes a loop and
 * finds out whether anyone sleeps.
 *
 * Who touches it: callers ring it, once per loop; awake workers poll it; workers about to sleep put themselves
 * on its stack, and whoever rings takes one off and wakes that one.
 *
 *     [ epoch : 32 | post : 16 | sleeper : 16 ]
 *
 *     epoch    grows with every ring
 *     post     the number of the loop record that was posted last: where to look first
 *     sleeper  the top of the stack of sleeping workers, its number plus one; 0: nobody sleeps
 *
 * Each worker also has a word of its own to sleep on, `asleep`, and a link to the worker below it on the stack:
 *
 *     asleep      the worker ...                           is it on the stack?
 *     PP_AWAKE    works, looks or spins                    no
 *     PP_ASLEEP   sleeps, or is about to                   yes, unless a ring has just taken it off
 *     PP_AWAY     works, looks or spins                    yes: it was woken by another than a ring
 *
 * To look, a worker reads the word and then visits the posted loops. If it finds nothing it spins for a while, until
 * it sees a new epoch.
 *
 * To fall asleep, a worker that is PP_AWAKE sets PP_ASLEEP, links itself to the top of the stack, and swaps itself in
 * as the new top. The swap compares with a word of the epoch that it saw before it looked: if somebody has rung
 * since, it fails, and the worker looks again. A worker that is PP_AWAY is on the stack already. It sets PP_ASLEEP,
 * and then reads the word: if the epoch has changed it becomes PP_AWAY again, and looks. Then it sleeps as long as
 * `asleep` is PP_ASLEEP.
 *
 * To ring, a thread swaps in the next epoch, its post, and the second worker of the stack as the new top. The worker
 * that was the top is taken off the stack by that, and is this thread's to wake, nobody else's. It exchanges
 * PP_AWAKE into that worker's `asleep`. If it finds PP_AWAY there, the worker is busy elsewhere, and the thread rings
 * again, for another one.
 *
 * A fork (fork.h) wakes a worker for a region without taking it off the stack, which only the top can leave: it turns
 * PP_ASLEEP into PP_AWAY. A worker that finds work in its last look before it sleeps does the same by itself.
 *
 * Invariants
 *   B1  A worker is on the stack at most once, put there by itself, and leaves it only by a ring that takes it off.
 *       Each taking off wakes it exactly once, or finds it away, and then another one is rung for.
 *   B2  No lost wake: a loop is opened before its ring. A worker that saw the ring's epoch (or a later one)
 *       before it looked sees the loop. One that looked earlier holds an older epoch, and its sleep fails.
 *   B3  No ABA on the stack: every removal changes the epoch, so a swap that succeeds saw no removal since it
 *       read the top's successor. (The epoch returns after 2^32 rings within one such window.)
 *
 *   B4  A worker that its pool has no use for stands aside: it sets PP_ASLEEP, and does not go on the stack. Whoever
 *       has use for it again says so and then turns PP_ASLEEP into PP_AWAY; the worker looks whether it is of use after
 *       it has set PP_ASLEEP. One that is on the stack goes to sleep there as before, until a ring takes it off: then
 *       it passes the ring on, and stands aside (pool/worker.c, tests/models/aside.pml).
 *
 * The stack is last-in first-out: the worker that slept shortest has the warmest cache.
 *
 * Orderings
 *   ring    cas seq_cst        release half with look (acquire): the loop is seen; total order with sleep
 *   look    load acquire       with ring
 *   sleep   cas seq_cst        with ring; its release half publishes the link to the next ring's acquire
 *   asleep  seq_cst            a worker that was away sets asleep and then reads the epoch; a ring changes the epoch
 *                              and then sets asleep: one of them sees the other's, so B2 holds; with fork.h's wake
 * Cost: a ring is one locked operation; about 5 ns while the line stays with the caller, a line transfer when a
 * worker has polled it since. */
#ifndef PP_CLAIM_BELL_H
#define PP_CLAIM_BELL_H

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "platform/cpuset.h"
#include "platform/park.h"

typedef struct pp_bell {
  PP_LINE_ALIGNED pp_atomic_u64 word;
} pp_bell;

/* What the bell knows of a worker. */
typedef struct pp_sleeper {
  pp_atomic_u32 below;     /* the worker below it on the stack: its number plus one; 0: none */
  pp_atomic_u32 asleep;    /* PP_AWAKE, PP_ASLEEP or PP_AWAY; it sleeps on this word */
  pp_atomic_u32 waker_cpu; /* where whoever woke it last was (pp_cpuset_mark) */
} pp_sleeper;

enum { PP_AWAKE = 0, PP_ASLEEP = 1, PP_AWAY = 2 };

static inline uint32_t pp_bell_epoch(uint64_t word) { return (uint32_t)(word >> 32); }
static inline uint32_t pp_bell_post(uint64_t word) { return (uint32_t)(word >> 16) & 0xffffu; }
static inline uint32_t pp_bell_sleeper(uint64_t word) { return (uint32_t)word & 0xffffu; }

static inline uint64_t pp_bell_look(pp_bell *bell) { return pp_load_acquire(&bell->word); }

/* Rings for workers that are awake, and wakes nobody: the stack stays as it is. */
static inline void pp_bell_ring_awake(pp_bell *bell, uint32_t post) {
  uint64_t word = pp_load_acquire(&bell->word), rung;
  do {
    rung = (uint64_t)(pp_bell_epoch(word) + 1u) << 32 | (uint64_t)(post & 0xffffu) << 16 | pp_bell_sleeper(word);
  } while (!pp_cas_seq_cst(&bell->word, &word, rung));
}

/* Rings; sleeper_of(context, number) finds a sleeper. Returns the number of the worker to wake, or -1. */
static inline int pp_bell_ring(pp_bell *bell, uint32_t post, pp_sleeper *(*sleeper_of)(void *context, uint32_t number),
                               void *context) {
  uint64_t word = pp_load_acquire(&bell->word);
  for (;;) {
    uint32_t top = pp_bell_sleeper(word);
    uint32_t below = top != 0 ? pp_load_relaxed(&sleeper_of(context, top - 1)->below) : 0;
    uint64_t rung = (uint64_t)(pp_bell_epoch(word) + 1u) << 32 | (uint64_t)(post & 0xffffu) << 16 | below;
    if (pp_cas_seq_cst(&bell->word, &word, rung)) return (int)top - 1;
  }
}

/* A worker that has set PP_ASLEEP, and is on the stack, does not sleep after all. */
static inline void pp_bell_stay_awake(pp_sleeper *self) {
  uint32_t asleep = PP_ASLEEP;
  (void)pp_cas_seq_cst(&self->asleep, &asleep, PP_AWAY);
}

/* To fall asleep, as told above, for a worker that saw the word `seen` before it looked. True: it is on the stack,
 * and sleeps as long as self->asleep is PP_ASLEEP. False: somebody has rung since; it looks again. */
static inline bool pp_bell_sleep(pp_bell *bell, uint64_t seen, pp_sleeper *self, uint32_t number) {
  uint64_t word;
  uint32_t away = PP_AWAY;
  if (pp_load_relaxed(&self->asleep) == PP_AWAY && pp_cas_seq_cst(&self->asleep, &away, PP_ASLEEP)) {
    if (pp_bell_epoch(pp_load_seq_cst(&bell->word)) == pp_bell_epoch(seen)) return true;
    pp_bell_stay_awake(self);
    return false;
  }
  word = pp_load_acquire(&bell->word);
  pp_store_seq_cst(&self->asleep, PP_ASLEEP);
  while (pp_bell_epoch(word) == pp_bell_epoch(seen)) {
    pp_store_relaxed(&self->below, pp_bell_sleeper(word));
    if (pp_cas_seq_cst(&bell->word, &word, (word & ~UINT64_C(0xffff)) | (number + 1u))) return true;
  }
  pp_store_relaxed(&self->asleep, PP_AWAKE);
  return false;
}

/* Wakes a worker that sleeps, by another than a ring: on the stack it stays where it is. True: it is to be unparked. */
static inline bool pp_bell_disturb(pp_sleeper *sleeper) {
  uint32_t asleep = PP_ASLEEP;
  return pp_load_seq_cst(&sleeper->asleep) == PP_ASLEEP && pp_cas_seq_cst(&sleeper->asleep, &asleep, PP_AWAY);
}

/* For the thread that has turned PP_ASLEEP into something else. The system's call that wakes the worker orders the two:
 * a worker that it wakes sees where its waker was. */
static inline void pp_bell_rouse(pp_sleeper *sleeper) {
  pp_store_relaxed(&sleeper->waker_cpu, pp_cpuset_mark());
  pp_unpark_one(&sleeper->asleep);
}

/* For the thread that has taken the worker off the stack. False: it was away, and another one is to be rung for. */
static inline bool pp_bell_wake(pp_sleeper *sleeper) {
  if (pp_exchange_seq_cst(&sleeper->asleep, PP_AWAKE) == PP_AWAY) return false;
  pp_bell_rouse(sleeper);
  return true;
}

#endif
