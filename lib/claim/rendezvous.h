/* SPDX-License-Identifier: MIT */
/* rendezvous.h: two threads that want to begin something at the same time (PPAR_SHAKE). It orders nothing that anybody
 * relies on: who waits in vain goes on alone.
 *
 * Who touches it: all threads of a loop, a region or the process's tasks, two by two.
 *
 *     word   [ pairs so far : 30 | state : 2 ]
 *     start  the ticks at which the two that met latest begin
 *
 *     EMPTY --the first comes--> ONE --the second comes--> TWO --the first calls--> CALLED
 *     CALLED --the second answers--> EMPTY, of the next pair
 *     ONE --the first gives up--> EMPTY     TWO --the second gives up--> ONE     CALLED --nobody answers--> TWO
 *
 * Either may have lost its CPU while it waited, or sleep. So the first calls, and waits for the answer for some
 * microseconds without sleeping: whoever answers, or is answered, knows that the other one runs at this moment. A third
 * thread that comes while there are two comes again.
 *
 * Invariants
 *   N2  Every step is a swap from the very value that the thread has seen, so of two threads that want to take a
 *       different step one succeeds, and the other sees what it did.
 *
 * Orderings: the second writes start before it answers (release), and the first reads it after it has seen the answer
 * (acquire). A later pair may have written it again: then the first begins late or early. All else is relaxed.
 * Cost: four locked operations for two threads, and the line to and fro twice. */
#ifndef PP_CLAIM_RENDEZVOUS_H
#define PP_CLAIM_RENDEZVOUS_H

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "platform/race_checker.h"

#define PP_RENDEZVOUS_STATE UINT32_C(3)

typedef struct pp_rendezvous {
  PP_LINE_ALIGNED pp_atomic_u32 word;
  pp_atomic_u64 start;
  _Atomic int cpu[2];   /* Where the first and the second were lately; two on one CPU cannot begin at the same time. */
  pp_atomic_u32 comers; /* So many threads have wanted to meet another one. */
} pp_rendezvous;

typedef enum pp_rendezvous_role {
  PP_RENDEZVOUS_NONE, /* Two others are about to meet: come again. */
  PP_RENDEZVOUS_FIRST,
  PP_RENDEZVOUS_SECOND
} pp_rendezvous_role;

static inline void pp_rendezvous_reset(pp_rendezvous *rendezvous) {
  pp_store_relaxed(&rendezvous->word, 0);
  pp_store_relaxed(&rendezvous->start, 0);
  pp_store_relaxed(&rendezvous->cpu[0], -1);
  pp_store_relaxed(&rendezvous->cpu[1], -1);
  pp_store_relaxed(&rendezvous->comers, 0);
}

/* Comes. *word is what the thread has left there. */
static inline pp_rendezvous_role pp_rendezvous_come(pp_rendezvous *rendezvous, uint32_t *word) {
  uint32_t seen = pp_load_relaxed(&rendezvous->word);
  do {
    if ((seen & PP_RENDEZVOUS_STATE) >= 2) return PP_RENDEZVOUS_NONE;
  } while (!pp_cas_relaxed(&rendezvous->word, &seen, seen + 1));
  *word = seen + 1;
  return (seen & PP_RENDEZVOUS_STATE) == 0 ? PP_RENDEZVOUS_FIRST : PP_RENDEZVOUS_SECOND;
}

/* The first: calls the second one, if there is one: it may have given up, and another one come, any number of times. */
static inline bool pp_rendezvous_call(pp_rendezvous *rendezvous, uint32_t word) {
  uint32_t second = word + 1;
  if (pp_load_relaxed(&rendezvous->word) != second) return false;
  return pp_cas_relaxed(&rendezvous->word, &second, word + 2);
}

/* The first, which has called: whether it is answered; and that it waits for the answer no longer. False: it is
 * answered after all. */
static inline bool pp_rendezvous_is_answered(pp_rendezvous *rendezvous, uint32_t word) {
  return pp_load_acquire(&rendezvous->word) != word + 2;
}
static inline bool pp_rendezvous_call_off(pp_rendezvous *rendezvous, uint32_t word) {
  uint32_t called = word + 2;
  return pp_cas_acquire(&rendezvous->word, &called, word + 1);
}

/* The second: answers, if it is called. Both begin at start. */
static inline bool pp_rendezvous_answer(pp_rendezvous *rendezvous, uint32_t word, uint64_t start) {
  uint32_t called = word + 1;
  if (pp_load_relaxed(&rendezvous->word) != called) return false;
  pp_store_relaxed(&rendezvous->start, start);
  return pp_cas_acq_rel(&rendezvous->word, &called, word + 2);
}

/* The thread is on this CPU. True: the other one of the two was there, too. */
static inline bool pp_rendezvous_is_at(pp_rendezvous *rendezvous, pp_rendezvous_role role, int cpu) {
  bool second = role == PP_RENDEZVOUS_SECOND;
  pp_store_relaxed(&rendezvous->cpu[second], cpu);
  return cpu >= 0 && pp_load_relaxed(&rendezvous->cpu[!second]) == cpu;
}

/* The thread gives up. False: it is too late: a second one has come, or the first has called. */
static inline bool pp_rendezvous_give_up(pp_rendezvous *rendezvous, uint32_t word) {
  return pp_cas_relaxed(&rendezvous->word, &word, word - 1);
}

/* The first, which was answered. */
static inline uint64_t pp_rendezvous_start(pp_rendezvous *rendezvous) { return pp_load_relaxed(&rendezvous->start); }

static inline uint32_t pp_rendezvous_comers(pp_rendezvous *rendezvous) { return pp_load_relaxed(&rendezvous->comers); }

/* Counts a thread that wants to come. True: it is one of the first `most`. *before: how many there were. */
static inline bool pp_rendezvous_counts(pp_rendezvous *rendezvous, uint32_t most, uint32_t *before) {
  *before = pp_load_relaxed(&rendezvous->comers);
  if (*before >= most) return false;
  *before = pp_add_relaxed(&rendezvous->comers, 1);
  return true;
}

#endif
