/* SPDX-License-Identifier: MIT */
/* check.c: which places have been told of what, and the stack of constructs that each thread is in. */
#include "gomp/check.h"

#include <pthread.h>
#include <stdio.h>

#include "gomp/message.h"
#include "platform/hash.h"
#include "platform/image.h"
#include "platform/memory.h"
#include "settings/environment.h"

pp_atomic_u32 pp_omp_checks = PP_OMP_CHECKS_UNKNOWN;

/* Several threads may come here at once, and find the same. */
bool pp_omp_checks_find(void) {
  bool on = pp_environment_get()->check == PP_CHECK_THREADS;
  pp_store_relaxed(&pp_omp_checks, on ? PP_OMP_CHECKS_ON : PP_OMP_CHECKS_OFF);
  return on;
}

/* --- Telling -------------------------------------------------------------------------------------------------- */

enum { TOLD_MOST = 64, LINE_MOST = 320 }; /* A program with more wrong places has enough to mend. */

/* The place and what is wrong there as one number, which is not 0. Two of them that are the same are so unlikely that
 * one of the two may stay untold. */
static uint64_t number_of(const void *place, const char *wrong) {
  return (pp_hash_address(place) ^ (uint64_t)(uintptr_t)wrong) | 1;
}

/* Each entry is written once, by a swap from 0. Relaxed: nothing else hangs on them. */
static bool is_news(const void *place, const char *wrong) {
  static pp_atomic_u64 all[TOLD_MOST];
  static pp_atomic_u32 full;
  uint64_t number = number_of(place, wrong);
  for (int k = 0; k < TOLD_MOST; k++) {
    uint64_t entry = pp_load_relaxed(&all[k]);
    if (entry == 0 && pp_cas_relaxed(&all[k], &entry, number)) return true;
    if (entry == number) return false;
  }
  if (pp_add_relaxed(&full, 1) == 0) pp_omp_warn("%d places have been told of; others are not", TOLD_MOST);
  return false;
}

static void tell(const char *what, const void *place, const char *wrong) {
  pp_omp_warn("%s (%s): %s", what, pp_image_name_call(place).text, wrong);
}

void pp_omp_tell(const char *what, const void *place, const char *wrong) {
  if (pp_omp_is_checked() && is_news(place, wrong)) tell(what, place, wrong);
}

void pp_omp_tell_value(const char *what, const void *place, long long value, const char *wrong) {
  char line[LINE_MOST];
  if (!pp_omp_is_checked() || !is_news(place, wrong)) return;
  (void)snprintf(line, sizeof line, "%lld %s", value, wrong);
  tell(what, place, line);
}

/* --- Constructs ----------------------------------------------------------------------------------------------- */

enum { DEPTH_MOST = 64 }; /* Constructs that are further inside are not looked at. */

typedef struct entry {
  const pp_omp_data *task;
  pp_omp_construct construct;
} entry;

/* What a thread is in, from the outside in. In memory of its own: few processes are checked, and what they would have
 * of thread-local storage all others would have, too. */
typedef struct stack {
  int depth;
  entry entries[DEPTH_MOST];
} stack;

static pthread_key_t stacks;
static pthread_once_t stacks_once = PTHREAD_ONCE_INIT;
static bool has_stacks;

static void make_stacks(void) { has_stacks = pthread_key_create(&stacks, pp_memory_free) == 0; }

/* The calling thread's; NULL: it has none so far. */
static stack *own_stack(void) {
  (void)pthread_once(&stacks_once, make_stacks);
  return has_stacks ? pthread_getspecific(stacks) : NULL;
}

/* NULL: there is no memory. */
static stack *make_stack(void) {
  stack *fresh = has_stacks ? pp_memory_zalloc(sizeof *fresh) : NULL;
  if (fresh == NULL || pthread_setspecific(stacks, fresh) == 0) return fresh;
  pp_memory_free(fresh);
  return NULL;
}

static pp_omp_construct innermost(const pp_omp_data *here) {
  const stack *s = own_stack();
  const entry *last = s != NULL && s->depth > 0 ? &s->entries[s->depth - 1] : NULL;
  return last != NULL && last->task == here ? last->construct : PP_OMP_NO_CONSTRUCT;
}

void pp_omp_check_enter(const pp_omp_data *here, pp_omp_construct construct) {
  stack *s = own_stack();
  if (s == NULL) s = make_stack();
  if (s != NULL && s->depth < DEPTH_MOST) s->entries[s->depth++] = (entry){here, construct};
}

void pp_omp_check_leave(const pp_omp_data *here, pp_omp_construct construct) {
  stack *s = own_stack();
  for (int d = s != NULL ? s->depth : 0; d-- > 0;) {
    if (s->entries[d].task == here && s->entries[d].construct == construct) {
      s->depth = d;
      return;
    }
  }
}

void pp_omp_check_begin(const pp_omp_data *here) {
  stack *s = own_stack();
  int kept = 0;
  if (s == NULL) return;
  for (int d = 0; d < s->depth; d++) {
    if (s->entries[d].task != here) s->entries[kept++] = s->entries[d];
  }
  s->depth = kept;
}

/* NULL: nothing is wrong. */
static const char *wrong_inside(const pp_omp_data *here) {
  switch (innermost(here)) {
    case PP_OMP_LOOP: return "inside of a loop, where OpenMP allows none";
    case PP_OMP_SECTIONS: return "inside of sections, where OpenMP allows none";
    case PP_OMP_SINGLE: return "inside of single, where OpenMP allows none";
    case PP_OMP_CRITICAL: return "inside of critical, where OpenMP allows none";
    case PP_OMP_ORDERED: return "inside of ordered, where OpenMP allows none";
    case PP_OMP_NO_CONSTRUCT: break;
  }
  return here->explicit_task ? "inside of an explicit task, where OpenMP allows none" : NULL;
}

void pp_omp_check_shared(const pp_omp_data *here, const char *what, const void *place) {
  const char *wrong = wrong_inside(here);
  if (wrong != NULL) pp_omp_tell(what, place, wrong);
}

void pp_omp_check_barrier(const pp_omp_data *here, const void *place) {
  if (!pp_omp_barrier_is_own(here)) pp_omp_check_shared(here, "barrier, or the end of a construct that has one", place);
}

void pp_omp_check_ordered(const pp_omp_data *here, const void *place) {
  const char *wrong = innermost(here) != PP_OMP_LOOP ? wrong_inside(here) : NULL;
  if (wrong == NULL && !here->loop.ordered) wrong = "not in a loop with the clause ordered: it orders nothing";
  if (wrong != NULL) pp_omp_tell("ordered", place, wrong);
}
