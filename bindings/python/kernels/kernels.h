/* SPDX-License-Identifier: MIT */
/* kernels.h: what the kernels share: how they are given arrays, and for which types of elements they exist.
 *
 * The kernels are the part of the Python package that has to be compiled. Python calls them through ctypes, which lets
 * go of the interpreter's lock (GIL) meanwhile. They know nothing of Python, and call ppar as any program does.
 *
 * An array is the address of its first element, the distance from each element to the next in bytes (negative and 0,
 * too), and the number of elements. Addresses are aligned as the elements are; Python has seen to that. All functions
 * return a status of ppar's. */
#ifndef PPAR_PYTHON_KERNELS_H
#define PPAR_PYTHON_KERNELS_H

#include <ppar/ppar.h>

#define KERNEL __attribute__((visibility("default")))

/* as(name, type) for each type of elements. A bool is a u8. */
#define FOR_FLOATS(as) as(f64, double) as(f32, float)
#define FOR_SIGNED(as) as(i64, int64_t) as(i32, int32_t) as(i16, int16_t) as(i8, int8_t)
#define FOR_UNSIGNED(as) as(u64, uint64_t) as(u32, uint32_t) as(u16, uint16_t) as(u8, uint8_t)
#define FOR_INTEGERS(as) FOR_SIGNED(as) FOR_UNSIGNED(as)
#define FOR_ALL(as) FOR_FLOATS(as) FOR_INTEGERS(as)

typedef struct array {
  const char *data;
  int64_t stride;
} array;

/* The array's part from element i on. */
static inline array array_from(array all, int64_t i) {
  array part = {all.data + i * all.stride, all.stride};
  return part;
}

/* Elements are added up, or compared, in so many rows beside each other, which compilers make vectors of; and in blocks
 * of so many, which the processor's first cache holds while a block is looked through twice. */
enum { LANES = 16, BLOCK = 1024 };

static inline int64_t block_size(int64_t left) { return left < BLOCK ? left : BLOCK; }

#endif
