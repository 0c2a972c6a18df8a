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
 * A program may have the system refuse the call later on, by a filter of system calls. Then it is gone for good, and
 * hurried threads learn that before they next begin to be hurried. For those that are hurried already a sleep of 10 ms
 * stands in. That is no guarantee of the language's, but it is one of every processor there is: a store that was
 * executed before a load becomes visible some microseconds after that load at the latest. A thread whose load has not
 * seen what was written before the sleep has executed it before, and so has its earlier store.
 *
 * Cost: some 0.6 us with one other thread running. */
#ifndef PP_PLATFORM_FENCE_H
#define PP_PLATFORM_FENCE_H

#include "platform/atomics.h"

extern pp_atomic_u32 pp_fence_there;

/* Whether the system has such a barrier. It may begin to have one, as the library is loaded, and cease to later. */
static inline bool pp_fence_is_there(void) { return pp_load_relaxed(&pp_fence_there) != 0; }

/* All other threads pass a full barrier during the call, or it sleeps for long enough. For those who deal with a thread
 * that was hurried when it last said so, whether it would be now or not. errno stays as it was. */
void pp_fence_others(void);

/* What the hurried thread writes between its two accesses: the compiler keeps their order. */
static inline void pp_fence_keep_order(void) { __asm__ __volatile__("" ::: "memory"); }

#endif
