/* SPDX-License-Identifier: MIT */
/* fork.h: the word that starts a team's threads on a region.
 *
 * Who touches it: one thread writes it, once per region: the caller, or a thread that hands the start on to a part of the
 * team (crew.h); the up to seven threads that it is for poll it between regions.
 *
 *     [ epoch : 32 | threads : 16 | sleepers : 1 ]
 *
 *     epoch     of the region; always another than before
 *     threads   the team's size: threads with higher numbers stay where they are
 *     sleepers  threads that poll the word sleep, or are about to
 *
 * A thread sleeps on a word of its own (bell.h, asleep), since it may be woken for a loop as well:
 *
 *     awake --bell sleep--> asleep --taken off the stack by a ring--> awake
 *     asleep --woken by a fork--> away --sleeps again--> asleep
 *     away --taken off the stack by a ring, which then looks for another--> awake
 *
 * Invariants
 *   F1  No lost start: a thread sleeps only after it announced that here, in a word whose epoch it has served, with asleep
 *       set before. The start comes after the announcement, and finds the bit, and then asleep (or a ring has
 *       woken the thread, which then looks here); or it comes before, and the announcement fails.
 *   F2  The bit stays set when the region does not take all the threads that poll the word: some may sleep on.
 *   F3  What describes the region is written before the word and is not changed until all threads of the region have
 *       read it: they tell the end of their parts only afterwards.
 *
 * Orderings
 *   start     exchange seq_cst   release half with look (acquire): the description is seen (F3); total order with
 *                                announce, and with the wake that follows it (F1)
 *   look      load acquire       with start
 *   announce  cas or load seq_cst   with start, after asleep was set (seq_cst)
 *   wake      cas seq_cst on asleep, after start; its release half is for the thread that it wakes
 * Cost: one locked operation per region; one line, which the description shares, to each polling thread. */
#ifndef PP_CLAIM_FORK_H
#define PP_CLAIM_FORK_H

#include "claim/bell.h"

#define PP_FORK_SLEEPERS UINT64_C(1)
#define PP_FORK_CHILDREN 8u /* a word serves its writer and up to seven others */

static inline uint32_t pp_fork_epoch(uint64_t word) { return (uint32_t)(word >> 32); }
static inline uint32_t pp_fork_threads(uint64_t word) { return (uint32_t)(word >> 16) & 0xffffu; }

/* The writer: starts the region; `others` of the word's threads are not in it. True: some may have to be woken. */
static inline bool pp_fork_start(pp_atomic_u64 *fork, uint32_t epoch, uint32_t threads, bool others) {
  uint64_t word = (uint64_t)epoch << 32 | (uint64_t)threads << 16 | (others ? PP_FORK_SLEEPERS : 0);
  return (pp_exchange_seq_cst(fork, word) & PP_FORK_SLEEPERS) != 0;
}

/* The writer, after a start that said so: true: unpark the thread. */
static inline bool pp_fork_wakes(pp_sleeper *sleeper) {
  uint32_t asleep = PP_ASLEEP;
  return pp_load_seq_cst(&sleeper->asleep) == PP_ASLEEP && pp_cas_seq_cst(&sleeper->asleep, &asleep, PP_AWAY);
}

/* A thread about to sleep, asleep being 1: false: a region has started since `seen`. */
static inline bool pp_fork_announce(pp_atomic_u64 *fork, uint32_t seen) {
  uint64_t word = pp_load_seq_cst(fork);
  while (pp_fork_epoch(word) == seen) {
    if ((word & PP_FORK_SLEEPERS) != 0 || pp_cas_seq_cst(fork, &word, word | PP_FORK_SLEEPERS)) return true;
  }
  return false;
}

#endif
