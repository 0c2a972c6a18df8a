/* SPDX-License-Identifier: MIT */
/* hash.h: addresses as numbers whose upper bits are as good as random: Fibonacci hashing (Knuth, The Art of Computer
 * Programming, volume 3, 6.4). One multiplication by 2^64 over the golden ratio. */
#ifndef PP_PLATFORM_HASH_H
#define PP_PLATFORM_HASH_H

#include <stdint.h>

#define PP_HASH_FACTOR UINT64_C(0x9e3779b97f4a7c15)

/* Take the upper bits: the lowest ones depend on the address's lowest alone. */
static inline uint64_t pp_hash_address(const void *address) { return (uint64_t)(uintptr_t)address * PP_HASH_FACTOR; }

#endif
