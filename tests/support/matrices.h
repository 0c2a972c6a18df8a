/* SPDX-License-Identifier: MIT */
/* matrices.h: a reduction whose values do not commute. */
#ifndef SUPPORT_MATRICES_H
#define SUPPORT_MATRICES_H

#include <ppar/ppar.h>

#include "work.h"

/* Products of 2 x 2 matrices modulo a prime: associative, exact, and as far from commutative as can be. */
enum { PRIME = 65521 };

struct matrix {
  uint64_t a, b, c, d;
};

static const struct matrix one = {1, 0, 0, 1};

static inline struct matrix product(struct matrix x, struct matrix y) {
  return (struct matrix){(x.a * y.a + x.b * y.c) % PRIME, (x.a * y.b + x.b * y.d) % PRIME,
                         (x.c * y.a + x.d * y.c) % PRIME, (x.c * y.b + x.d * y.d) % PRIME};
}

static inline void multiply(void *into, const void *from) {
  *(struct matrix *)into = product(*(struct matrix *)into, *(const struct matrix *)from);
}

static const ppar_reduction matrix_product = {sizeof(struct matrix), &one, multiply};

static inline struct matrix matrix_of(int64_t index) {
  uint64_t hash = work_hash(index);
  return (struct matrix){hash % PRIME, (hash >> 16) % PRIME, (hash >> 32) % PRIME, (hash >> 48) % PRIME};
}

#endif
