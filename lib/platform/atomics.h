/* SPDX-License-Identifier: MIT */
/* atomics.h: C11 atomics by name, so that a reader sees the ordering in the call.
 *
 * There are no standalone fences: ThreadSanitizer cannot see them. (platform/fence.h has a system call, which orders
 * accesses that are atomic by themselves.) Every use that is not relaxed names its
 * partner in the comment of the protocol that it belongs to (lib/claim). */
#ifndef PP_PLATFORM_ATOMICS_H
#define PP_PLATFORM_ATOMICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "platform/delay.h"

#define PP_ATOMIC_(operation) (pp_delay_seldom(PP_DELAY_EVERY), (operation))

typedef _Atomic uint32_t pp_atomic_u32;
typedef _Atomic uint64_t pp_atomic_u64;
typedef _Atomic int pp_atomic_int;

#define pp_load_relaxed(word) PP_ATOMIC_(atomic_load_explicit((word), memory_order_relaxed))
#define pp_load_acquire(word) PP_ATOMIC_(atomic_load_explicit((word), memory_order_acquire))
#define pp_load_seq_cst(word) PP_ATOMIC_(atomic_load_explicit((word), memory_order_seq_cst))
#define pp_store_relaxed(word, value) PP_ATOMIC_(atomic_store_explicit((word), (value), memory_order_relaxed))
#define pp_store_release(word, value) PP_ATOMIC_(atomic_store_explicit((word), (value), memory_order_release))
#define pp_store_seq_cst(word, value) PP_ATOMIC_(atomic_store_explicit((word), (value), memory_order_seq_cst))
#define pp_exchange_acquire(word, value) PP_ATOMIC_(atomic_exchange_explicit((word), (value), memory_order_acquire))
#define pp_exchange_acq_rel(word, value) PP_ATOMIC_(atomic_exchange_explicit((word), (value), memory_order_acq_rel))
#define pp_exchange_seq_cst(word, value) PP_ATOMIC_(atomic_exchange_explicit((word), (value), memory_order_seq_cst))
#define pp_add_relaxed(word, value) PP_ATOMIC_(atomic_fetch_add_explicit((word), (value), memory_order_relaxed))
#define pp_add_release(word, value) PP_ATOMIC_(atomic_fetch_add_explicit((word), (value), memory_order_release))
#define pp_add_acq_rel(word, value) PP_ATOMIC_(atomic_fetch_add_explicit((word), (value), memory_order_acq_rel))
#define pp_add_seq_cst(word, value) PP_ATOMIC_(atomic_fetch_add_explicit((word), (value), memory_order_seq_cst))
#define pp_or_acq_rel(word, value) PP_ATOMIC_(atomic_fetch_or_explicit((word), (value), memory_order_acq_rel))
#define pp_and_release(word, value) PP_ATOMIC_(atomic_fetch_and_explicit((word), (value), memory_order_release))

/* On failure *expected is the word's value, read relaxed (acquire for the acquiring forms). */
#define pp_cas_relaxed(word, expected, value)                                                           \
  PP_ATOMIC_(atomic_compare_exchange_strong_explicit((word), (expected), (value), memory_order_relaxed, \
                                                     memory_order_relaxed))
#define pp_cas_acquire(word, expected, value)                                                           \
  PP_ATOMIC_(atomic_compare_exchange_strong_explicit((word), (expected), (value), memory_order_acquire, \
                                                     memory_order_acquire))
#define pp_cas_acq_rel(word, expected, value)                                                           \
  PP_ATOMIC_(atomic_compare_exchange_strong_explicit((word), (expected), (value), memory_order_acq_rel, \
                                                     memory_order_acquire))
#define pp_cas_seq_cst(word, expected, value)                                                           \
  PP_ATOMIC_(atomic_compare_exchange_strong_explicit((word), (expected), (value), memory_order_seq_cst, \
                                                     memory_order_seq_cst))

/* Tells the processor that this is a spinning loop: 40 to 140 cycles on recent x86-64. */
static inline void pp_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ __volatile__("yield" ::: "memory");
#else
  __asm__ __volatile__("" ::: "memory");
#endif
}

#endif
