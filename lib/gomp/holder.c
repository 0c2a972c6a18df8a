/* SPDX-License-Identifier: MIT */
/* holder.c: numbering threads, and the ways of locks that are not the usual ones. */
#include "gomp/holder.h"

#include "pool/mutex_wait.h"

_Thread_local pp_omp_holder pp_omp_own PP_TLS_MODEL;

/* Two threads have the same only if 2^31 - 1 were numbered between them. A forked child's thread keeps the number that
 * it had in the parent, and with it what it holds. */
uint32_t pp_omp_make_number(void) {
  static pp_atomic_u32 latest;
  uint32_t number;
  do number = (pp_add_relaxed(&latest, 1) + 1) % PP_MUTEX_HOLDER_MOST;
  while (number == 0);
  return pp_omp_own.number = number;
}

void pp_omp_wait_for(pp_atomic_u32 *mutex, uint32_t number, const char *what, const void *place) {
  if (pp_mutex_is_held_by(mutex, number)) pp_omp_tell(what, place, "the thread holds it already, and waits for itself");
  pp_mutex_wait(mutex, number);
}
