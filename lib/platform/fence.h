/* SPDX-License-Identifier: MIT */
/* fence.h: ordering between a thread that is in a hurry and another one that is not.
 *
 * The hurried thread writes one word and then reads another; that the write is seen before the read takes a locked
 * operation, some 5 ns. Where it does so a thousand times before anybody looks, the one that looks may as well pay for
 * all: it asks the system to make every thread of the process that runs on a CPU pass a full barrier (Linux's
 * membarrier). A thread that does not run has passed one as it lost its CPU. So between any two of another thread's
 * accesses, in the order in which its program has them, the barrier is either before the first one, after the second
 * one, or in the middle, and in each case what this thread has written before and reads afterwards fits in.
 *
 * Cost: some 0.6 us with one other thread running. */
#ifndef PP_PLATFORM_FENCE_H
#define PP_PLATFORM_FENCE_H

#include "platform/atomics.h"

extern pp_atomic_u32 pp_fence_there;

/* Whether the system has such a barrier. It may begin to have one, as the library is loaded; it never ceases to. */
static inline bool pp_fence_is_there(void) { return pp_load_relaxed(&pp_fence_there) != 0; }

/* All other threads pass a full barrier during the call. True, without one, where the system has none: hurried threads
 * know that, and order what they do by themselves. False: it failed, and nothing is ordered. errno stays as it was. */
bool pp_fence_others(void);

/* What the hurried thread writes between its two accesses: the compiler keeps their order. */
static inline void pp_fence_keep_order(void) { __asm__ __volatile__("" ::: "memory"); }

#endif
