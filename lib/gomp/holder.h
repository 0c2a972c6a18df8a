/* SPDX-License-Identifier: MIT */
/* holder.h: threads as holders of locks and sections: their numbers, and taking and giving up claim/mutex.h's word.
 *
 * The word knows the thread by a number that it gets at its first lock. So a thread can be told that it waits for
 * itself, a forked child knows which sections are held by threads that are not there, and nestable locks of OpenMP 2.5
 * know their owner. */
#ifndef PP_GOMP_HOLDER_H
#define PP_GOMP_HOLDER_H

#include "claim/mutex.h"
#include "gomp/check.h"
#include "platform/race_checker.h"
#include "platform/tls.h"

typedef struct pp_omp_holder {
  uint32_t number; /* 0: none so far */
  uint32_t held;   /* Locks and sections that it has taken and not given up, modulo 2^32. */
} pp_omp_holder;

extern _Thread_local pp_omp_holder pp_omp_own PP_TLS_MODEL;

uint32_t pp_omp_make_number(void);

static inline uint32_t pp_omp_number(void) { return pp_omp_own.number != 0 ? pp_omp_own.number : pp_omp_make_number(); }

/* So many locks and sections the thread holds. A thread that gives up what another one has taken, as OpenMP does not
 * allow, and that other one count wrongly from then on. */
static inline uint32_t pp_omp_held(void) { return pp_omp_own.held; }

/* Waits for what was found held. With PPAR_CHECK=1 the program is told if that is for ever. */
void pp_omp_wait_for(pp_atomic_u32 *mutex, uint32_t number, const char *what, const void *place) __attribute__((cold));

/* what, place: as check.h has them. */
static inline void pp_omp_take(pp_atomic_u32 *mutex, const char *what, const void *place) {
  uint32_t number = pp_omp_number();
  if (!pp_mutex_try(mutex, number, false)) pp_omp_wait_for(mutex, number, what, place);
  pp_omp_own.held++;
  pp_edge_acquire(mutex); /* From whoever has given it up before. */
}

static inline bool pp_omp_try_to_take(pp_atomic_u32 *mutex) {
  if (!pp_mutex_is_free(mutex) || !pp_mutex_try(mutex, pp_omp_number(), false)) return false;
  pp_omp_own.held++;
  pp_edge_acquire(mutex);
  return true;
}

static inline void pp_omp_give_up(pp_atomic_u32 *mutex, const char *what, const void *place) {
  pp_edge_release(mutex);
  if (__builtin_expect(pp_mutex_give_up(mutex), 1) != 0) {
    pp_omp_own.held--;
  } else {
    pp_omp_tell(what, place, "it is not held");
  }
}

#endif
