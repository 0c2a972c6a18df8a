/* SPDX-License-Identifier: MIT */
/* check.h: what PPAR_CHECK=1 tells an OpenMP program of constructs and routines that it uses in a wrong way: one line
 * each on stderr, with the place in the program, once for each place. The program goes on as it would without.
 *
 * The checks know of the constructs that the calling thread is in what compiled code tells the library of: loops that
 * the library divides, sections, single with copyprivate, critical and ordered. Each thread has a stack of these, whose
 * entries say which task has come to them: a task that a thread runs while it waits is in none of those beneath.
 * What the threads of a team meet is compared by ppar's own checks (team/check.h).
 *
 * Off: a load of a word of the library's own that nobody writes any more, and a branch. */
#ifndef PP_GOMP_CHECK_H
#define PP_GOMP_CHECK_H

#include <ppar/base.h>

#include "gomp/data.h"
#include "platform/atomics.h"

/* Where the program has called: an entry point's own, which it hands to whatever it calls. */
#define PP_OMP_PLACE __builtin_return_address(0)

/* Whether programs are checked: found at the first call, which reads the environment. */
enum { PP_OMP_CHECKS_OFF, PP_OMP_CHECKS_ON, PP_OMP_CHECKS_UNKNOWN };
extern pp_atomic_u32 pp_omp_checks;

bool pp_omp_checks_find(void) __attribute__((cold));

static inline bool pp_omp_is_checked(void) {
  uint32_t found = pp_load_relaxed(&pp_omp_checks);
  return PPAR_SELDOM_(found != PP_OMP_CHECKS_OFF) && (found == PP_OMP_CHECKS_ON || pp_omp_checks_find());
}

/* Where the program is checked it is told, if that has not been told of the place: `what` is the construct or routine,
 * both are texts that stay. */
void pp_omp_tell(const char *what, const void *place, const char *wrong) __attribute__((cold));

/* The same of an argument. */
void pp_omp_tell_value(const char *what, const void *place, long long value, const char *wrong) __attribute__((cold));

/* Of a number of threads that is below 1, or above the most. */
#define PP_OMP_TOO_FEW "counts as 1: regions need threads (1 to 4096 allowed)"
#define PP_OMP_TOO_MANY "counts as 4096: no team has more threads"
_Static_assert(PPAR_MAX_THREADS == 4096, "as the texts say");

/* --- Constructs inside of each other, where the program is checked -------------------------------------------- */

typedef enum pp_omp_construct {
  PP_OMP_LOOP,
  PP_OMP_SECTIONS,
  PP_OMP_SINGLE, /* the thread that runs one with copyprivate */
  PP_OMP_CRITICAL,
  PP_OMP_ORDERED,
  PP_OMP_NO_CONSTRUCT
} pp_omp_construct;

/* The task comes to a construct, or leaves the latest one of its kind and whatever it has not left inside. */
void pp_omp_check_enter(const pp_omp_data *here, pp_omp_construct construct) __attribute__((cold));
void pp_omp_check_leave(const pp_omp_data *here, pp_omp_construct construct) __attribute__((cold));

/* A thread's part of a region begins, and so is in none. What another one has not left whose data were at the same
 * address is forgotten. */
void pp_omp_check_begin(const pp_omp_data *here) __attribute__((cold));

/* The task comes to what may be neither in an explicit task nor in another construct: a loop, sections or a single; a
 * barrier; to an ordered part. */
void pp_omp_check_shared(const pp_omp_data *here, const char *what, const void *place) __attribute__((cold));
void pp_omp_check_barrier(const pp_omp_data *here, const void *place) __attribute__((cold));
void pp_omp_check_ordered(const pp_omp_data *here, const void *place) __attribute__((cold));

#endif
