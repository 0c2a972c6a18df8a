/* SPDX-License-Identifier: MIT */
/* fork.h: the word that starts a team's threads on a region.
 *
 * Who touches it: one thread writes it, once per region: the caller, or a thread of the team that starts others in
 * its turn (team.h). The threads that it is for, up to seven, poll it between regions.
 *
 *     [ epoch : 32 | threads : 16 | closed : 1 | sleepers : 1 ]
 *
 *     epoch     of the region; always another than before
 *     threads   the team's size: threads with higher numbers stay where they are
 *     closed    set by a thread that ends the pool's workers (pool.c), or by one of the team's that leaves it
 *               (team/recruit.c): no region begins here until it is cleared
 *     sleepers  some of the threads that poll the word sleep, or are about to
 *
 * A thread does not sleep on this word, since it may be woken for a loop as well, but on its own, `asleep` (bell.h):
 *
 *     PP_AWAKE  --puts itself on the bell's stack-->                          PP_ASLEEP
 *     PP_ASLEEP --is taken off the stack by a ring-->                         PP_AWAKE
 *     PP_ASLEEP --is woken by the start of a region, and stays on the stack-> PP_AWAY
 *     PP_AWAY   --sleeps again-->                                             PP_ASLEEP
 *     PP_AWAY   --is taken off the stack by a ring, which takes another one-> PP_AWAKE
 *
 * To fall asleep, a thread sets PP_ASLEEP. Then it announces that here: it sets `sleepers` by a swap that compares
 * with the epoch that it has served last. If a region has started since, the swap fails, and the thread serves it.
 * (An extra worker does the same, but is on no stack: no ring wakes it.)
 *
 * To start a region, the writer swaps in the new word. If the old one had `sleepers` set, it looks at each thread
 * that it starts, and wakes those that it finds PP_ASLEEP.
 *
 * Invariants
 *   F1  No lost start. If the start comes after a thread's announcement, the writer finds `sleepers` set, and then
 *       the thread's PP_ASLEEP, which was set before; or a ring has woken the thread meanwhile, and it looks here.
 *       If the start comes before the announcement, the announcement fails. A seat may be given to another thread,
 *       its heir, at any time: the writer reads who has the seat after it has written the word, and an heir
 *       announces only once the seat names it. So the writer looks at the `asleep` of the heir and not at that of
 *       the former thread.
 *   F2  `sleepers` stays set when the region does not take all the threads that poll the word: some may sleep on.
 *   F3  What describes the region is written before the word, and is not changed until all threads of the region have
 *       read it: they tell the end of their parts only afterwards.
 *   F4  A region that starts is seen by a thread that closes the word to end the workers. The region's caller first
 *       says that its lead is busy, and then tries the first word that it starts. If that comes before the closing,
 *       the closing thread reads the new word, and with it sees that the lead is busy. If it comes after, the caller
 *       finds `closed` set, and starts nothing. A caller that has started one word starts the others whether they are
 *       closed or not, and leaves `closed` set in them, since its region may be over before the closing thread looks.
 *   F5  A region's seats have threads. A thread that leaves its seat, or takes another one out of its seat, has closed
 *       the words before, and found the lead idle after that; they stay closed until the lead's thread has filled the
 *       seat, or does without. So a region that starts has found all its seats filled, and none of their threads leaves
 *       before its end.
 *
 * Orderings
 *   start     cas seq_cst        release half with look (acquire): the description is seen (F3); total order with
 *                                announce, and with the wake that follows it (F1)
 *   look      load acquire       with start
 *   announce  cas or load seq_cst   with start, after asleep was set (seq_cst)
 *   wake      load seq_cst of who has the seat, after start: with announce, which comes after the heir's look whether
 *             the seat names it (F1); cas seq_cst on asleep: its release half is for the thread that it wakes
 *   close     or acq_rel         with start: a busy lead is seen (F4)
 *   reopen    and release        with nothing: a caller that finds the word closed looks for threads anew under the
 *                                pool's lock, or has a region of one thread
 * Cost: one locked operation per region; one line, which the description shares, to each polling thread. */
#ifndef PP_CLAIM_FORK_H
#define PP_CLAIM_FORK_H

#include "claim/bell.h"

#define PP_FORK_SLEEPERS UINT64_C(1)
#define PP_FORK_CLOSED UINT64_C(2)
#define PP_FORK_CHILDREN 8u /* a word serves its writer and up to seven others */

static inline uint32_t pp_fork_epoch(uint64_t word) { return (uint32_t)(word >> 32); }
static inline uint32_t pp_fork_threads(uint64_t word) { return (uint32_t)(word >> 16) & 0xffffu; }

/* The word of a region. others: some of the threads that poll it are not in the region (F2). */
static inline uint64_t pp_fork_word(uint32_t epoch, uint32_t threads, bool others) {
  return (uint64_t)epoch << 32 | (uint64_t)threads << 16 | (others ? PP_FORK_SLEEPERS : 0);
}

/* The writer: starts the region, and leaves `closed` as it is (F4). True: some threads may have to be woken. */
static inline bool pp_fork_start(pp_atomic_u64 *fork, uint64_t word) {
  uint64_t before = pp_load_relaxed(fork);
  while (!pp_cas_seq_cst(fork, &before, word | (before & PP_FORK_CLOSED))) continue;
  return (before & PP_FORK_SLEEPERS) != 0;
}

/* The same for the first word that a region starts (F4). False: it is closed, and nothing has started. */
static inline bool pp_fork_try(pp_atomic_u64 *fork, uint64_t word, bool *wake) {
  uint64_t before = pp_load_relaxed(fork);
  do {
    if ((before & PP_FORK_CLOSED) != 0) return false;
  } while (!pp_cas_seq_cst(fork, &before, word));
  *wake = (before & PP_FORK_SLEEPERS) != 0;
  return true;
}

/* Another thread comes to poll the word, which may sleep without having announced that. None is about to start. */
static inline void pp_fork_expect_sleeper(pp_atomic_u64 *fork) { (void)pp_or_acq_rel(fork, PP_FORK_SLEEPERS); }

static inline void pp_fork_close(pp_atomic_u64 *fork) { (void)pp_or_acq_rel(fork, PP_FORK_CLOSED); }
static inline void pp_fork_reopen(pp_atomic_u64 *fork) { (void)pp_and_release(fork, ~PP_FORK_CLOSED); }

/* The writer, for each thread, after a start that returned true. True: the thread sleeps, and is to be unparked. */
static inline bool pp_fork_wakes(pp_sleeper *sleeper) {
  uint32_t asleep = PP_ASLEEP;
  return pp_load_seq_cst(&sleeper->asleep) == PP_ASLEEP && pp_cas_seq_cst(&sleeper->asleep, &asleep, PP_AWAY);
}

/* A thread that has set PP_ASLEEP announces that. False: a region has started since the epoch `seen`. */
static inline bool pp_fork_announce(pp_atomic_u64 *fork, uint32_t seen) {
  uint64_t word = pp_load_seq_cst(fork);
  while (pp_fork_epoch(word) == seen) {
    if ((word & PP_FORK_SLEEPERS) != 0 || pp_cas_seq_cst(fork, &word, word | PP_FORK_SLEEPERS)) return true;
  }
  return false;
}

#endif
