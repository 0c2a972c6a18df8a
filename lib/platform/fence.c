/* SPDX-License-Identifier: MIT */
/* fence.c: membarrier. */
#include "platform/fence.h"

#include <errno.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

pp_atomic_u32 pp_fence_there;

#if defined(__linux__) && defined(SYS_membarrier)

/* Of linux/membarrier.h, which old kernels' headers do not have. */
enum { PRIVATE_EXPEDITED = 1 << 3, REGISTER_PRIVATE_EXPEDITED = 1 << 4 };

static bool call(int command) {
  int saved = errno;
  bool done = syscall(SYS_membarrier, command, 0, 0) == 0;
  errno = saved;
  return done;
}

/* As the library loads: the process mostly has one thread then, which takes a microsecond; with more it takes the
 * kernel some milliseconds. */
__attribute__((constructor)) static void register_process(void) {
  if (call(REGISTER_PRIVATE_EXPEDITED)) pp_store_relaxed(&pp_fence_there, 1);
}

bool pp_fence_others(void) {
  if (!pp_fence_is_there() || call(PRIVATE_EXPEDITED)) return true;
  return call(REGISTER_PRIVATE_EXPEDITED) && call(PRIVATE_EXPEDITED);
}

#else

bool pp_fence_others(void) { return true; }

#endif
