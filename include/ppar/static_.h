/* SPDX-License-Identifier: MIT */
/* static_.h: which iterations a slot has under static schedules. Programs need none of this: it is the arithmetic that
 * the macros of prange.h do on the spot and the library does elsewhere, written once, so that both give the same map.
 *
 * Iterations are numbered 0 ... count - 1. Everywhere below slots >= 1 and slot < slots. Each function is there for
 * numbers of 32 and of 64 bits: a division of 32 bits costs less. */
#ifndef PPAR_STATIC_H_
#define PPAR_STATIC_H_

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* ppar_static_cut_: static cuts `count` iterations into a block for each slot: the first `larger` blocks have size + 1
 * of them, the others size. ppar_static_block_: the slot's block, `count` iterations from `first` on.
 *
 * ppar_static_dealt_: static,c deals chunks out in turn, chunk k to slot k mod slots. How many of them the slot has. */
#define PPAR_DEFINE_STATIC_(bits, number)                                                                           \
  typedef struct ppar_cut_##bits##_ {                                                                               \
    number size, larger;                                                                                            \
  } ppar_cut_##bits##_;                                                                                             \
  typedef struct ppar_block_##bits##_ {                                                                             \
    number first, count;                                                                                            \
  } ppar_block_##bits##_;                                                                                           \
  static PPAR_ALWAYS_INLINE ppar_cut_##bits##_ ppar_static_cut_##bits##_(number count, number slots) {              \
    ppar_cut_##bits##_ cut = {0, 0};                                                                                \
    cut.size = count / slots;                                                                                       \
    cut.larger = count % slots;                                                                                     \
    return cut;                                                                                                     \
  }                                                                                                                 \
  static PPAR_ALWAYS_INLINE ppar_block_##bits##_ ppar_static_block_##bits##_(ppar_cut_##bits##_ cut, number slot) { \
    ppar_block_##bits##_ block = {0, 0};                                                                            \
    block.first = slot * cut.size + (slot < cut.larger ? slot : cut.larger);                                        \
    block.count = cut.size + (slot < cut.larger);                                                                   \
    return block;                                                                                                   \
  }                                                                                                                 \
  static PPAR_ALWAYS_INLINE number ppar_static_dealt_##bits##_(number chunks, number slots, number slot) {          \
    return slot < chunks ? (chunks - 1 - slot) / slots + 1 : 0;                                                     \
  }

PPAR_DEFINE_STATIC_(32, uint32_t)
PPAR_DEFINE_STATIC_(64, uint64_t)

/* static,1 gives the slot every slots-th iteration: the distance between two of them, in index values. Where that is 0
 * modulo 2^64 the slot has one iteration at most, and the distance is the step: a loop by 0 would not end. */
static inline int64_t ppar_static_hop_(int64_t step, uint32_t slots) {
  const int64_t hop = (int64_t)((uint64_t)step * slots);
  return hop != 0 ? hop : step;
}

PPAR_END_DECLS

#endif
