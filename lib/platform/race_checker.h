/* SPDX-License-Identifier: MIT */
/* race_checker.h: what is told to a race checker that looks on: ThreadSanitizer, Helgrind or DRD.
 *
 * A checker orders what threads do by the synchronization that it sees. ThreadSanitizer sees none of the library's,
 * which is not compiled for it, and Helgrind and DRD do not understand atomic operations. So each place where the
 * library promises its users an order tells of it as an edge: all that the thread has done before it releases an
 * address comes before all that another thread does after it has acquired that address.
 *
 * Edges are what ppar.h promises, and nothing else. Where one was missing, a checker would report a race that is none.
 * Where there was one too many, it would overlook a race of the program: so threads that only happen to meet (in a
 * counter that they take chunks from, in a deque, by a theft) tell of no edge. Any address of the library's memory will
 * do for an edge that nothing else uses: checkers know it by its number, and nothing is read or written there. An
 * address gathers what its releases bring, and an acquire gets all of it. So what is released there later must not be
 * there when a slow thread acquires; each place says why it is not, where that is not plain.
 *
 * Who looks on is found out once, as the library loads. Cost where nobody does: a load and a branch. A library that is
 * itself compiled for ThreadSanitizer has its atomic operations looked at, and tells of nothing. */
#ifndef PP_PLATFORM_RACE_CHECKER_H
#define PP_PLATFORM_RACE_CHECKER_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/at_load.h"
#include "platform/shared.h"

#if defined(__SANITIZE_THREAD__)
#define PP_RACE_CHECKER_SEES_ALL 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PP_RACE_CHECKER_SEES_ALL 1
#endif
#endif

typedef enum pp_race_checker {
  PP_NO_CHECKER,
  PP_THREAD_SANITIZER,
  PP_HELGRIND, /* or a tool of Valgrind's that has no use for any of this */
  PP_DRD
} pp_race_checker;

#if !defined(PP_RACE_CHECKER_SEES_ALL)

/* Written as the library loads. */
extern pp_race_checker pp_race_checker_there PP_SHARED;

/* Whether a checker is told of edges. */
static inline bool pp_race_checker_listens(void) {
  return __builtin_expect(pp_race_checker_there != PP_NO_CHECKER, 0) != 0;
}

void pp_edge_release_slowly(const void *edge) PP_SHARED;
void pp_edge_acquire_slowly(const void *edge) PP_SHARED;
void pp_checks_pause_slowly(void);
void pp_checks_go_on_slowly(void);
void pp_checks_leave_out_slowly(const void *bytes, size_t size) PP_SHARED;

#else

static inline bool pp_race_checker_listens(void) { return false; }
static inline void pp_edge_release_slowly(const void *edge) { (void)edge; }
static inline void pp_edge_acquire_slowly(const void *edge) { (void)edge; }
static inline void pp_checks_pause_slowly(void) {}
static inline void pp_checks_go_on_slowly(void) {}
static inline void pp_checks_leave_out_slowly(const void *bytes, size_t size) { (void)bytes, (void)size; }

#endif

/* The two ends of an edge. */
static inline void pp_edge_release(const void *edge) {
  if (pp_race_checker_listens()) pp_edge_release_slowly(edge);
}
static inline void pp_edge_acquire(const void *edge) {
  if (pp_race_checker_listens()) pp_edge_acquire_slowly(edge);
}

/* Between the two, the thread's accesses are its own affair, and mutexes order nothing, for checkers that can be told
 * so: ThreadSanitizer, which sees what the library asks the C library to do. They nest. */
static inline void pp_checks_pause(void) {
  if (pp_race_checker_listens()) pp_checks_pause_slowly();
}
static inline void pp_checks_go_on(void) {
  if (pp_race_checker_listens()) pp_checks_go_on_slowly();
}

/* The library's threads share these bytes in ways that Helgrind and DRD do not understand: they are to leave them out,
 * until the memory is freed. */
static inline void pp_checks_leave_out(const void *bytes, size_t size) {
  if (pp_race_checker_listens()) pp_checks_leave_out_slowly(bytes, size);
}

/* The same for a static variable, which is left out from the time when the library is loaded. */
#define PP_CHECKS_LEAVE_OUT(variable)                                   \
  PP_AT_LOAD(PP_LOAD_PLATFORM) static void leave_out_##variable(void) { \
    pp_checks_leave_out(&(variable), sizeof(variable));                 \
  }

#endif
