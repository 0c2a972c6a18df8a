/* SPDX-License-Identifier: MIT */
/* scan_kernels.c: a fold and two scans for each scalar operator. */
#include "algorithm/scan_kernels.h"

#include "algorithm/operators.h"
#include "schedule/tuning.h"

/* A fold's steps wait for each other. So several stretches of the elements are folded side by side and then combined in
 * their order, which every associative operator allows. */

#define KERNELS(name, type, inner, initial, a_op_b)                                              \
  static inline type apply_##name(type left, type right) {                                       \
    const inner a = (inner)left, b = (inner)right;                                               \
    return (type)(a_op_b);                                                                       \
  }                                                                                              \
  static void fold_##name(const void *from, uint64_t count, void *value) {                       \
    const type *x = from;                                                                        \
    const uint64_t length = count / PP_SCAN_STRETCHES;                                           \
    type folded[PP_SCAN_STRETCHES], all = *(type *)value;                                        \
    for (int s = 0; s < PP_SCAN_STRETCHES; s++) folded[s] = (initial);                           \
    for (uint64_t i = 0; i < length; i++) {                                                      \
      for (uint64_t s = 0; s < PP_SCAN_STRETCHES; s++) {                                         \
        folded[s] = apply_##name(folded[s], x[s * length + i]);                                  \
      }                                                                                          \
    }                                                                                            \
    for (int s = 0; s < PP_SCAN_STRETCHES; s++) all = apply_##name(all, folded[s]);              \
    for (uint64_t i = PP_SCAN_STRETCHES * length; i < count; i++) all = apply_##name(all, x[i]); \
    *(type *)value = all;                                                                        \
  }                                                                                              \
  static void inclusive_##name(const void *from, void *to, uint64_t count, void *value) {        \
    const type *x = from;                                                                        \
    type *y = to, all = *(type *)value;                                                          \
    for (uint64_t i = 0; i < count; i++) y[i] = all = apply_##name(all, x[i]);                   \
    *(type *)value = all;                                                                        \
  }                                                                                              \
  static void exclusive_##name(const void *from, void *to, uint64_t count, void *value) {        \
    const type *x = from;                                                                        \
    type *y = to, all = *(type *)value;                                                          \
    for (uint64_t i = 0; i < count; i++) {                                                       \
      const type next = apply_##name(all, x[i]);                                                 \
      y[i] = all;                                                                                \
      all = next;                                                                                \
    }                                                                                            \
    *(type *)value = all;                                                                        \
  }

PP_SCALAR_OPERATORS(KERNELS)

#define ENTRY(name, type, inner, initial, a_op_b) {&ppar_##name, fold_##name, inclusive_##name, exclusive_##name},

static const pp_scan_kernels all_kernels[] = {PP_SCALAR_OPERATORS(ENTRY)};

const pp_scan_kernels *pp_scan_kernels_of(const ppar_reduction *reduction) {
  for (size_t k = 0; k < sizeof all_kernels / sizeof all_kernels[0]; k++) {
    const ppar_reduction *known = all_kernels[k].reduction;
    if (known->combine == reduction->combine && known->size == reduction->size) return &all_kernels[k];
  }
  return NULL;
}
