/* SPDX-License-Identifier: MIT */
/* mutex_wait.h: waiting for a lock of the program's own (claim/mutex.h). */
#ifndef PP_POOL_MUTEX_WAIT_H
#define PP_POOL_MUTEX_WAIT_H

#include "claim/mutex.h"
#include "platform/shared.h"

/* Takes a lock that was found held. The thread spins as its pool's threads do, or outside of all pools for
 * PP_CRITICAL_SPIN_NS, and then sleeps. It helps with nothing meanwhile: the program may hold and give up such locks in
 * any order and by any thread, so what is begun while one is held need not end before it is given up. errno stays as it
 * was. */
void pp_mutex_wait(pp_atomic_u32 *mutex, uint32_t holder) PP_SHARED __attribute__((cold));

#endif
