/* SPDX-License-Identifier: MIT */
/* fork.h: the word that starts a team's threads on a region.
 *
 * Who touches it: one thread writes it, once per region: the caller, or a thread that hands the start on to a part of the
 * team (team.h); the up to seven threads that it is for poll it between regions.
 *
 *     [ epoch : 32 | threads : 16 | closed : 1 | sleepers : 1 ]
 *
 *     epoch     of the region; always another than before
 *     threads   the team's size: threads with higher numbers stay where they are
 *     closed    by a thread that ends the pool's workers (pool.c): no region starts here, unless it is opened again
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
 *       woken the thread, which then looks here); or it comes before, and the announcement fails. A thread that is to have
 *       another's seat announces only once the seat names it, so that the start finds its asleep and not the other's.
 *   F2  The bit stays set when the region does not take all the threads that poll the word: some may sleep on.
 *   F3  What describes the region is written before the word and is not changed until all threads of the region have
 *       read it: they tell the end of their parts only afterwards.
 *   F4  A region that starts is seen: its caller says that its record is busy, and then tries the first word that it starts.
 *       Either that comes before the closing, which then reads the word and sees the record busy; or it finds the bit. Once
 *       it has started one word it starts the others whatever they say, and leaves the bit there: its end may come before
 *       the closing looks.
 *
 * Orderings
 *   start     cas seq_cst        release half with look (acquire): the description is seen (F3); total order with
 *                                announce, and with the wake that follows it (F1)
 *   look      load acquire       with start
 *   announce  cas or load seq_cst   with start, after asleep was set (seq_cst)
 *   wake      load seq_cst of who has the seat, after start: with announce, after the heir's look whether it has (F1);
 *             cas seq_cst on asleep; its release half is for the thread that it wakes
 *   close     or acq_rel         with start: a busy record is seen (F4)
 *   reopen    and release        with nothing: who finds it closed has a region of one thread
 * Cost: one locked operation per region; one line, which the description shares, to each polling thread. */
#ifndef PP_CLAIM_FORK_H
#define PP_CLAIM_FORK_H

#include "claim/bell.h"

#define PP_FORK_SLEEPERS UINT64_C(1)
#define PP_FORK_CLOSED UINT64_C(2)
#define PP_FORK_CHILDREN 8u /* a word serves its writer and up to seven others */

static inline uint32_t pp_fork_epoch(uint64_t word) { return (uint32_t)(word >> 32); }
static inline uint32_t pp_fork_threads(uint64_t word) { return (uint32_t)(word >> 16) & 0xffffu; }

/* The word of a region; `others` of those who poll it are not in it. */
static inline uint64_t pp_fork_word(uint32_t epoch, uint32_t threads, bool others) {
  return (uint64_t)epoch << 32 | (uint64_t)threads << 16 | (others ? PP_FORK_SLEEPERS : 0);
}

/* The writer: starts the region, and leaves closed what is. True: some may have to be woken. */
static inline bool pp_fork_start(pp_atomic_u64 *fork, uint64_t word) {
  uint64_t before = pp_load_relaxed(fork);
  while (!pp_cas_seq_cst(fork, &before, word | (before & PP_FORK_CLOSED))) continue;
  return (before & PP_FORK_SLEEPERS) != 0;
}

/* The same for the first word of a region (F4). False: it is closed. */
static inline bool pp_fork_try(pp_atomic_u64 *fork, uint64_t word, bool *wake) {
  uint64_t before = pp_load_relaxed(fork);
  do {
    if ((before & PP_FORK_CLOSED) != 0) return false;
  } while (!pp_cas_seq_cst(fork, &before, word));
  *wake = (before & PP_FORK_SLEEPERS) != 0;
  return true;
}

static inline void pp_fork_close(pp_atomic_u64 *fork) { (void)pp_or_acq_rel(fork, PP_FORK_CLOSED); }
static inline void pp_fork_reopen(pp_atomic_u64 *fork) { (void)pp_and_release(fork, ~PP_FORK_CLOSED); }

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
