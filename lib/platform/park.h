/* SPDX-License-Identifier: MIT */
/* park.h: sleep in the kernel until a word changes.
 *
 * Contract. Whoever wakes first changes the word, then unparks it; whoever sleeps passes the value that it
 * saw. The kernel (or the fallback's mutex) compares the word and goes to sleep in one step, so either the
 * sleeper sees the new value and returns at once, or it is asleep when the unpark comes and is woken: no wake
 * is lost. pp_park may also return for no reason, so it stands in a loop:
 *
 *     while (pp_load_acquire(word) == old) pp_park(word, old);        sleeper
 *     pp_store_release(word, new); pp_unpark_all(word);               waker; pairs with the load
 *
 * These calls order nothing by themselves: the sleeper's acquire pairs with the waker's release.
 *
 * The waker's unpark may come after the word's memory has been freed or reused: it does not read the word,
 * and whoever sleeps there by then returns for no reason. All leave errno as it was and are no
 * cancellation points. Threads of one process only. */
#ifndef PP_PLATFORM_PARK_H
#define PP_PLATFORM_PARK_H

#include <stdint.h>

#include "platform/atomics.h"
#include "platform/shared.h"

/* Sleeps while *word == expected. May return early. */
void pp_park(pp_atomic_u32 *word, uint32_t expected) PP_SHARED;

/* The same for so many nanoseconds at most. False: they have passed. */
bool pp_park_for(pp_atomic_u32 *word, uint32_t expected, uint64_t ns);

/* Wakes at least one thread that sleeps on word, if there is one. */
void pp_unpark_one(pp_atomic_u32 *word) PP_SHARED;

/* Wakes all threads that sleep on word. */
void pp_unpark_all(pp_atomic_u32 *word) PP_SHARED;

#endif
