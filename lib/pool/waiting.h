/* SPDX-License-Identifier: MIT */
/* waiting.h: the one way in which a thread of the library waits: it spins, helps, sees to it that whom it waits for
 * can come, and parks. Every wait is one pp_waiting with a pp_wait_kind, a table that says how this kind of wait does
 * each of these. An idle worker is such a wait, too: it waits for its pool's end.
 *
 * What a thread does in pp_wait, until is_over says that the wait has come to its end:
 *
 *   1. find looks for work of the thread's own that has come, as the part of a loop that another thread has handed
 *      back; run does it.
 *   2. Every so often ask tells others that this thread has nothing to do, and the thread helps: it takes part in
 *      loops, and where the kind says so in tasks, that were begun inside of `ancestor` (scope.h). Where the ancestor
 *      goes on after the wait, has_gone_on is asked between the look that has found such work and taking it: as long as
 *      it says no, what was found has to be done before the wait can end.
 *   3. It spins for a moment, or gives its CPU away where more threads wait than there are CPUs.
 *   4. When it has spun for spin_ticks, or has lost its CPU meanwhile, substitute finds another thread for whoever is
 *      awaited and cannot come. Then the thread parks, and begins again when it is woken. Inside of loops, regions and
 *      tasks one that has its CPU for itself looks thoroughly, as before a sleep, and first spins on up to the pool's
 *      longest time.
 *
 * To park: prepare makes it known that the thread is about to sleep, so that whoever brings the end, or work, wakes
 * it from here on. Then comes the last look for both. Then the thread registers (waiters.h), so that it is woken for
 * work that is begun inside of `ancestor`, and sleeps. rise takes back what prepare has made known.
 *
 * Why no wake is lost: prepare comes before the last look, so what came before that look is found by it, and what
 * comes after it finds the thread's announcement and wakes it; that a sleep after such a wake ends at once is each
 * parking protocol's to see to (claim/signal.h, claim/pulse.h, claim/parking.h, claim/bell.h). For nested work
 * waiters.h's V1 says the same. */
#ifndef PP_POOL_WAITING_H
#define PP_POOL_WAITING_H

#include "platform/shared.h"
#include "pool/spin.h"
#include "pool/waiters.h"

typedef struct pp_waiting pp_waiting;

/* The functions get the waiting, which is the first member of what they know more of. NULL, where it is allowed:
 * nothing is to be done. */
typedef struct pp_wait_kind {
  bool (*is_over)(pp_waiting *waiting);
  bool (*find)(pp_waiting *waiting);       /* May be NULL. */
  void (*run)(pp_waiting *waiting);        /* After find has said true. */
  void (*ask)(pp_waiting *waiting);        /* May be NULL. */
  void (*substitute)(pp_waiting *waiting); /* May be NULL. */
  bool (*prepare)(pp_waiting *waiting);    /* False: there is no need to sleep any more. */
  void (*sleep)(
      pp_waiting *waiting); /* Returns at once when the thread has been woken since prepare; may return early. */
  void (*rise)(pp_waiting *waiting); /* May be NULL. */
  void (*wake)(void *waiting);       /* Makes it look again, by any thread. NULL: it helps with nothing as it sleeps. */
  size_t size;                       /* Where there is a wake: of the waiting and what is known more of it. */
  /* Whether what is awaited has come, whether this thread knows of it yet or not: what is begun inside of the ancestor
   * from then on is none of the waiter's any more. NULL: the ancestor's end is awaited; nothing goes on after it. */
  bool (*has_gone_on)(pp_waiting *waiting);
  bool idles;       /* The thread has nothing to do, and what it does meanwhile is no delay. */
  bool own_time;    /* It spins for a time of its own, and no longer. */
  bool takes_tasks; /* That were begun inside of the ancestor; where the ancestor goes on, of groups that their owners
                       wait for (task/queue.h, A4). */
} pp_wait_kind;

struct pp_waiting {
  const pp_wait_kind *kind;
  struct ppar_pool *pool;
  const void *ancestor;         /* It helps with what was begun inside of this; NULL: with nothing. */
  const pp_atomic_u32 *crowded; /* Not 0: more threads wait than there are CPUs. NULL: never. */
  /* On which CPU whom it waits for was lately: that and 1; 0: it is not known. NULL: it waits for nobody in particular.
   * Where that is another CPU, offering its own would help a stranger alone, who then has it for a time slice. */
  const pp_atomic_u32 *awaited_cpu;
  uint64_t spin_ticks;
  uint64_t ask_ticks;
  uint64_t began;
  uint64_t asked;
  uint32_t heard; /* The bell's epoch at the latest look for loops to help with. */
  bool thorough;  /* The present look decides: a kind whose looks are expensive may leave others out. */
  pp_spin spin;
};

/* A wait that spins as the pool's threads do. */
pp_waiting pp_waiting_make(const pp_wait_kind *kind, struct ppar_pool *pool, const void *ancestor) PP_SHARED;

/* Waits. */
void pp_wait(pp_waiting *waiting) PP_SHARED;

static inline bool pp_waiting_has_gone_on(pp_waiting *waiting) {
  return waiting->kind->has_gone_on != NULL && waiting->kind->has_gone_on(waiting);
}

/* Whether the waiting thread may join a loop of this scope that it has found. */
static inline bool pp_waiting_allows(pp_waiting *waiting, const pp_scope *scope) {
  return pp_scope_is_within(scope, waiting->ancestor) && !pp_waiting_has_gone_on(waiting);
}

#endif
