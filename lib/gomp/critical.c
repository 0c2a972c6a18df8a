/* SPDX-License-Identifier: MIT */
/* critical.c: what compilers call for `critical`, and for `atomic` where the processor has no instruction for it.
 *
 * A section is claim/mutex.h's word, held by the thread that is in it: one locked operation to enter it, and one to
 * leave it. Who waits for a section helps with nothing. (ppar's own sections, in team/critical.c, tell whoever waits of
 * loops that the holder begins inside. OpenMP programs begin none there, and would pay a third of the time for it.)
 *
 * For each name compilers make a variable of the size of a pointer, which is NULL at first; there is one of each in the
 * whole process. It comes to point to its section, which has cache lines of its own and is in a list, so that it is
 * found by a forked child: there a section is free if another thread was in it, since that is not there to leave it. A
 * section that the thread was in that has called fork stays held until it is left. Sections are never freed. One whose
 * variable was in a library that the program has closed becomes that of the next variable at the address. */
#include <pthread.h>
#include <stddef.h>

#include "claim/lock.h"
#include "gomp/gomp_abi.h"
#include "gomp/holder.h"
#include "gomp/message.h"
#include "platform/at_load.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "trace/spans.h"

typedef struct section {
  PP_LINE_ALIGNED pp_atomic_u32 mutex; /* Its holder is a thread, by number. */
  struct section *next;                /* Constant, as the variable is. */
  const void *variable;
} section;

typedef _Atomic(section *) keeper;
_Static_assert(sizeof(keeper) == sizeof(void *), "compilers make plain pointers");

static section unnamed, atomics;
PP_CHECKS_LEAVE_OUT(unnamed)
PP_CHECKS_LEAVE_OUT(atomics)

static section *all;           /* of those with a name */
static pp_atomic_u32 all_lock; /* For looking into the list, and making it longer. */

/* --- By name --------------------------------------------------------------------------------------------------- */

static section *search(const void *variable) {
  section *found = all;
  while (found != NULL && found->variable != variable) found = found->next;
  return found;
}

static section *make(const void *variable) {
  section *fresh = pp_memory_zalloc(sizeof *fresh);
  if (fresh == NULL) pp_omp_no_memory("a critical section");
  fresh->variable = variable;
  fresh->next = all;
  return all = fresh;
}

/* The release pairs with the acquire in section_of: the section is seen whole. */
static __attribute__((cold, noinline)) section *find(keeper *variable) {
  section *found;
  pp_lock(&all_lock);
  found = search(variable);
  if (found == NULL) found = make(variable);
  pp_store_release(variable, found);
  pp_unlock(&all_lock);
  return found;
}

static inline section *section_of(void **variable) {
  keeper *kept = (keeper *)(void *)variable;
  section *found = pp_load_acquire(kept);
  return found != NULL ? found : find(kept);
}

/* --- Entering and leaving -------------------------------------------------------------------------------------- */

/* Where somebody looks on: records the section, checks the program. */
static inline bool is_watched(void) { return pp_trace_is_on() || pp_omp_is_checked(); }

static __attribute__((cold, noinline)) void enter_watched(section *s, const char *what, const void *place) {
  bool is_traced = pp_trace_is_on();
  pp_trace_mark mark = is_traced ? pp_trace_begin(PP_EVENT_CRITICAL_WAIT, 0, 0) : 0;
  pp_omp_take(&s->mutex, what, place);
  if (is_traced) {
    pp_trace_end(mark);
    (void)pp_trace_begin(PP_EVENT_CRITICAL, 0, 0);
  }
  if (pp_omp_is_checked()) pp_omp_check_enter(pp_omp_here(), PP_OMP_CRITICAL);
}

static __attribute__((cold, noinline)) void leave_watched(section *s, const char *what, const void *place) {
  if (pp_omp_is_checked()) pp_omp_check_leave(pp_omp_here(), PP_OMP_CRITICAL);
  pp_omp_give_up(&s->mutex, what, place);
  if (pp_trace_is_on()) pp_trace_end_latest(PP_EVENT_CRITICAL);
}

static inline void enter(section *s, const char *what, const void *place) {
  if (PPAR_SELDOM_(is_watched())) {
    enter_watched(s, what, place);
  } else {
    pp_omp_take(&s->mutex, what, place);
  }
}

static inline void leave(section *s, const char *what, const void *place) {
  if (PPAR_SELDOM_(is_watched())) {
    leave_watched(s, what, place);
  } else {
    pp_omp_give_up(&s->mutex, what, place);
  }
}

void GOMP_critical_start(void) { enter(&unnamed, "critical", PP_OMP_PLACE); }
void GOMP_critical_end(void) { leave(&unnamed, "the end of critical", PP_OMP_PLACE); }

void GOMP_critical_name_start(void **variable) { enter(section_of(variable), "critical", PP_OMP_PLACE); }
void GOMP_critical_name_end(void **variable) { leave(section_of(variable), "the end of critical", PP_OMP_PLACE); }

void GOMP_atomic_start(void) { enter(&atomics, "atomic", PP_OMP_PLACE); }
void GOMP_atomic_end(void) { leave(&atomics, "the end of atomic", PP_OMP_PLACE); }

/* --- Forked children ------------------------------------------------------------------------------------------- */

/* Nobody else is there, to hold it or to sleep for it. */
static void renew(section *s) {
  uint32_t number = pp_omp_number();
  bool is_own = pp_mutex_is_held_by(&s->mutex, number);
  pp_store_relaxed(&s->mutex, PP_MUTEX_FREE);
  if (is_own) (void)pp_mutex_try(&s->mutex, number, false);
}

static void hold_list(void) { pp_lock(&all_lock); }
static void release_list(void) { pp_unlock(&all_lock); }

static void renew_all(void) {
  pp_store_relaxed(&all_lock, PP_LOCK_FREE);
  renew(&unnamed);
  renew(&atomics);
  for (section *s = all; s != NULL; s = s->next) renew(s);
}

PP_AT_LOAD(PP_LOAD_TEAM) static void watch_forks(void) { (void)pthread_atfork(hold_list, release_list, renew_all); }
