/* SPDX-License-Identifier: MIT */
/* locks.c: OpenMP's locks, simple and nestable, for C and for Fortran, of OpenMP 2.5 and since 3.0.
 *
 * All are claim/mutex.h's word: one locked operation to set a free lock, and one to unset it. The holder in the word is
 * the thread, by its number (holder.h). A nestable lock has beside the word who owns it and how often it is set. Before
 * OpenMP 3.0 that was a thread, which the word knows; since then it is a task, known by the address of its data
 * environment. The owner alone writes its address there, after it has taken the word and before it gives it up; so a
 * task that reads its own address owns the lock, and a relaxed load will do (as mutex.h's X3).
 *
 * In a forked child the locks of threads that are not there stay held: they lie in the program's memory, where the
 * library does not find them again. Sections (critical.c) become free.
 *
 * OpenMP leaves undefined what becomes of a lock that is unset where it is free, or by a task that has not set it. The
 * former changes nothing. The latter unsets it, as GCC's library does, which programs have come to rely on. With
 * PPAR_CHECK=1 a line says so. Then a table (check_objects.h) knows which locks the program has initialised, and which
 * task has set one. */
#include "gomp/locks.h"

#include <stdlib.h>

#include "gomp/check_objects.h"
#include "gomp/data.h"
#include "gomp/exported.h"
#include "gomp/holder.h"
#include "gomp/message.h"

/* --- What the program is told where it is checked -------------------------------------------------------------- */

/* The program comes to a lock of its own. */
static __attribute__((cold)) void look_at(const void *lock, const char *what, const void *place) {
  const void *owner;
  switch (pp_omp_object_get(lock, &owner)) {
    case PP_OMP_NEVER_MADE: pp_omp_tell(what, place, "the lock has not been initialised"); break;
    case PP_OMP_GONE: pp_omp_tell(what, place, "the lock has been destroyed"); break;
    case PP_OMP_MADE:
    case PP_OMP_UNSURE: break;
  }
}

/* The task holds it. A lock that nobody has initialised has been told of. */
static __attribute__((cold)) void hold(const void *lock) { pp_omp_object_put(lock, PP_OMP_MADE, pp_omp_here()); }

/* The task gives up a simple lock, whose word knows its thread alone. */
static __attribute__((cold)) void look_at_owner(pp_omp_lock *lock, const char *what, const void *place) {
  const void *owner;
  look_at(lock, what, place);
  if (pp_omp_object_get(lock, &owner) != PP_OMP_MADE) return;
  if (!pp_mutex_is_free(&lock->mutex) && owner != NULL && owner != pp_omp_here())
    pp_omp_tell(what, place, "another task has set the lock");
  pp_omp_object_put(lock, PP_OMP_MADE, NULL);
}

static inline void come(const void *lock, const char *what, const void *place) {
  if (pp_omp_is_checked()) look_at(lock, what, place);
}

static inline void begin(const void *lock) {
  if (pp_omp_is_checked()) pp_omp_object_put(lock, PP_OMP_MADE, NULL);
}

static inline void destroy(pp_atomic_u32 *mutex, const char *what, const void *place) {
  if (!pp_omp_is_checked()) return;
  look_at(mutex, what, place);
  if (!pp_mutex_is_free(mutex)) pp_omp_tell(what, place, "the lock is set");
  pp_omp_object_put(mutex, PP_OMP_GONE, NULL);
}

/* --- Simple locks ---------------------------------------------------------------------------------------------- */

static void init_lock(pp_omp_lock *lock) {
  begin(lock);
  pp_store_relaxed(&lock->mutex, PP_MUTEX_FREE);
}

static void destroy_lock(pp_omp_lock *lock) { destroy(&lock->mutex, "omp_destroy_lock", PP_OMP_PLACE); }

static void set_lock(pp_omp_lock *lock) {
  bool checked = pp_omp_is_checked();
  if (checked) look_at(lock, "omp_set_lock", PP_OMP_PLACE);
  pp_omp_take(&lock->mutex, "omp_set_lock", PP_OMP_PLACE);
  if (checked) hold(lock);
}

static int test_lock(pp_omp_lock *lock) {
  bool checked = pp_omp_is_checked();
  if (checked) look_at(lock, "omp_test_lock", PP_OMP_PLACE);
  if (!pp_omp_try_to_take(&lock->mutex)) return false;
  if (checked) hold(lock);
  return true;
}

static void unset_lock(pp_omp_lock *lock) {
  if (pp_omp_is_checked()) look_at_owner(lock, "omp_unset_lock", PP_OMP_PLACE);
  pp_omp_give_up(&lock->mutex, "omp_unset_lock", PP_OMP_PLACE);
}

/* --- Nestable locks, owned by a task --------------------------------------------------------------------------- */

/* Always inlined: what they tell of is the place of the call to the function around, Fortran's below or theirs. */

static PPAR_ALWAYS_INLINE void init_nest_lock(pp_omp_nest_lock *lock) {
  begin(lock);
  pp_store_relaxed(&lock->mutex, PP_MUTEX_FREE);
  pp_store_relaxed(&lock->owner, NULL);
  lock->count = 0;
}

static PPAR_ALWAYS_INLINE void destroy_nest_lock(pp_omp_nest_lock *lock) {
  destroy(&lock->mutex, "omp_destroy_nest_lock", PP_OMP_PLACE);
}

static PPAR_ALWAYS_INLINE void set_nest_lock(pp_omp_nest_lock *lock) {
  const void *task = pp_omp_here();
  come(lock, "omp_set_nest_lock", PP_OMP_PLACE);
  if (pp_load_relaxed(&lock->owner) != task) {
    pp_omp_take(&lock->mutex, "omp_set_nest_lock", PP_OMP_PLACE);
    pp_store_relaxed(&lock->owner, task);
  }
  lock->count++;
}

static PPAR_ALWAYS_INLINE int test_nest_lock(pp_omp_nest_lock *lock) {
  const void *task = pp_omp_here();
  come(lock, "omp_test_nest_lock", PP_OMP_PLACE);
  if (pp_load_relaxed(&lock->owner) != task) {
    if (!pp_omp_try_to_take(&lock->mutex)) return 0;
    pp_store_relaxed(&lock->owner, task);
  }
  return ++lock->count;
}

static PPAR_ALWAYS_INLINE void unset_nest_lock(pp_omp_nest_lock *lock) {
  come(lock, "omp_unset_nest_lock", PP_OMP_PLACE);
  if (PPAR_SELDOM_(pp_load_relaxed(&lock->owner) != (const void *)pp_omp_here())) {
    bool is_set = pp_load_relaxed(&lock->owner) != NULL;
    pp_omp_tell("omp_unset_nest_lock", PP_OMP_PLACE, is_set ? "another task has set the lock" : "it is not held");
    if (!is_set) return;
  }
  if (--lock->count > 0) return;
  pp_store_relaxed(&lock->owner, NULL);
  pp_omp_give_up(&lock->mutex, "omp_unset_nest_lock", PP_OMP_PLACE);
}

/* --- Nestable locks, owned by a thread ------------------------------------------------------------------------- */

static void init_nest_lock_25(pp_omp_nest_lock_25 *lock) {
  begin(lock);
  pp_store_relaxed(&lock->mutex, PP_MUTEX_FREE);
  lock->count = 0;
}

static void destroy_nest_lock_25(pp_omp_nest_lock_25 *lock) {
  destroy(&lock->mutex, "omp_destroy_nest_lock", PP_OMP_PLACE);
}

static void set_nest_lock_25(pp_omp_nest_lock_25 *lock) {
  come(lock, "omp_set_nest_lock", PP_OMP_PLACE);
  if (!pp_mutex_is_held_by(&lock->mutex, pp_omp_number())) pp_omp_take(&lock->mutex, "omp_set_nest_lock", PP_OMP_PLACE);
  lock->count++;
}

static int test_nest_lock_25(pp_omp_nest_lock_25 *lock) {
  come(lock, "omp_test_nest_lock", PP_OMP_PLACE);
  if (!pp_mutex_is_held_by(&lock->mutex, pp_omp_number()) && !pp_omp_try_to_take(&lock->mutex)) return 0;
  return ++lock->count;
}

static void unset_nest_lock_25(pp_omp_nest_lock_25 *lock) {
  come(lock, "omp_unset_nest_lock", PP_OMP_PLACE);
  if (PPAR_SELDOM_(!pp_mutex_is_held_by(&lock->mutex, pp_omp_number()))) {
    bool is_set = !pp_mutex_is_free(&lock->mutex);
    pp_omp_tell("omp_unset_nest_lock", PP_OMP_PLACE, is_set ? "another thread has set the lock" : "it is not held");
    if (!is_set) return;
  }
  if (--lock->count == 0) pp_omp_give_up(&lock->mutex, "omp_unset_nest_lock", PP_OMP_PLACE);
}

/* --- Fortran --------------------------------------------------------------------------------------------------- */

static inline pp_omp_nest_lock *lock_of(const pp_omp_nest_lock_f *variable) {
  return (pp_omp_nest_lock *)(uintptr_t)variable->address;
}

static void init_nest_lock_f(pp_omp_nest_lock_f *variable) {
  pp_omp_nest_lock *lock = malloc(sizeof *lock);
  if (lock == NULL) pp_omp_no_memory("a nestable lock");
  init_nest_lock(lock);
  variable->address = (int64_t)(uintptr_t)lock;
}

static void destroy_nest_lock_f(pp_omp_nest_lock_f *variable) {
  destroy_nest_lock(lock_of(variable));
  free(lock_of(variable));
  variable->address = 0;
}

static void set_nest_lock_f(pp_omp_nest_lock_f *variable) { set_nest_lock(lock_of(variable)); }
static void unset_nest_lock_f(pp_omp_nest_lock_f *variable) { unset_nest_lock(lock_of(variable)); }
static int32_t test_nest_lock_f(pp_omp_nest_lock_f *variable) { return test_nest_lock(lock_of(variable)); }

/* --- The names of both versions -------------------------------------------------------------------------------- */

/* What `name` is in programs that were linked since OpenMP 3.0, and before. The assembler gives each version to a
 * symbol of its own: an alias of the function. */
#define NAME(name, present, past)                                                          \
  extern PP_OMP_API __typeof__(present) pp_omp_30_##name __attribute__((alias(#present))); \
  extern PP_OMP_API __typeof__(past) pp_omp_10_##name __attribute__((alias(#past)));       \
  __asm__(".symver pp_omp_30_" #name "," #name "@@OMP_3.0");                               \
  __asm__(".symver pp_omp_10_" #name "," #name "@OMP_1.0");

#define SIMPLE(name)           \
  NAME(omp_##name, name, name) \
  NAME(omp_##name##_, name, name)

#define NESTABLE(name)              \
  NAME(omp_##name, name, name##_25) \
  NAME(omp_##name##_, name##_f, name##_25)

SIMPLE(init_lock)
SIMPLE(destroy_lock)
SIMPLE(set_lock)
SIMPLE(unset_lock)
SIMPLE(test_lock)
NESTABLE(init_nest_lock)
NESTABLE(destroy_nest_lock)
NESTABLE(set_nest_lock)
NESTABLE(unset_nest_lock)
NESTABLE(test_nest_lock)
