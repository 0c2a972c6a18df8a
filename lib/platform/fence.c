/* SPDX-License-Identifier: MIT */
/* fence.c: membarrier, and what stands in for it where the program has had it forbidden. */
#include "platform/fence.h"

#include <errno.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

pp_atomic_u32 pp_fence_there;

#if defined(__linux__) && defined(SYS_membarrier)

#include "platform/clock.h"
#include "platform/park.h"

/* Of linux/membarrier.h, which old kernels' headers do not have. */
enum { PRIVATE_EXPEDITED = 1 << 3, REGISTER_PRIVATE_EXPEDITED = 1 << 4 };

/* Stores leave a processor's buffer within microseconds. Most processors take a timer interrupt, which is a barrier, in
 * that time, too. */
enum { WAIT_NS = 10000000 };

/* 0, or the error. */
static int call(int command) {
  int saved = errno, error = syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno;
  errno = saved;
  return error;
}

/* As the library loads: the process mostly has one thread then, which takes a microsecond; with more it takes the
 * kernel some milliseconds. */
__attribute__((constructor)) static void register_process(void) {
  if (call(REGISTER_PRIVATE_EXPEDITED) == 0) pp_store_relaxed(&pp_fence_there, 1);
}

static void wait_instead(void) {
  pp_atomic_u32 nobody_writes = 0;
  uint64_t start = pp_clock_ns(), past = 0;
  while (past < WAIT_NS) {
    (void)pp_park_for(&nobody_writes, 0, WAIT_NS - past);
    past = pp_clock_ns() - start;
  }
}

void pp_fence_others(void) {
  int error = call(PRIVATE_EXPEDITED);
  if (error == 0) return;
  error = call(REGISTER_PRIVATE_EXPEDITED);
  if (error == 0) error = call(PRIVATE_EXPEDITED);
  if (error == 0) return;
  if (error != ENOMEM) pp_store_relaxed(&pp_fence_there, 0); /* Memory may come back. */
  wait_instead();
}

#else

void pp_fence_others(void) {} /* Nobody is hurried. */

#endif
