/* SPDX-License-Identifier: MIT */
/* boundary.c: what happens when a function of the program's is left by unwinding.
 *
 * An exception is looked after in two passes. In the first, which looks for a handler, nothing has happened yet: the
 * routine says that there is none, so the C++ library calls std::terminate where the exception was thrown, with the
 * whole stack for a debugger to see. pthread_exit and a cancellation have no first pass; their second one ends here.
 *
 * It would not do to let a loop, say, wait for its other threads and then go on unwinding: the rest of a loop's bodies
 * would run although the program has given it up, and where the exception comes from a worker's stack there is nobody
 * to go on. An exception that is to come out of a loop is caught in the body, and its text carried across by hand. */
#include "platform/boundary.h"

#if PP_HAS_BOUNDARY

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/atomics.h"

/* From the C++ ABI for Itanium, which all of these systems follow. */
enum { SEARCH_PHASE = 1, FORCE_UNWIND = 8 };
enum { FATAL_SEARCH_ERROR = 3 };

int pp_boundary_personality(int version, int actions, uint64_t exception_class, void *exception, void *context)
    __attribute__((used, visibility("hidden")));

int pp_boundary_personality(int version, int actions, uint64_t exception_class, void *exception, void *context) {
  const char *what = (actions & FORCE_UNWIND) != 0 ? "pthread_exit or a cancellation of its thread" : "an exception";
  static pp_atomic_u32 told;
  (void)version, (void)exception_class, (void)exception, (void)context;
  /* Bodies often fail together. One of them ends the program and says why, undisturbed; the others come no further. */
  while (pp_exchange_acq_rel(&told, 1) != 0) (void)pause();
  (void)fprintf(stderr,
                "ppar: %s would leave a function that the program gave to the library (a body, fold, region, task, "
                "combine or comparison), which can only return; the program ends\n",
                what);
  if ((actions & SEARCH_PHASE) != 0) return FATAL_SEARCH_ERROR;
  abort();
}

#else

typedef int pp_boundary_is_none; /* a file is not to be empty */

#endif
