/* SPDX-License-Identifier: MIT */
/* ziggurat.h: normal and exponential numbers from random bits, by whole numbers alone, so that every machine has the
 * same ones.
 *
 * A density is covered by 256 layers of the same area, one above the other. The lower 8 bits choose a layer, and the
 * upper ones a place in it, from the left edge on. Where the place lies left of the next layer's right edge it lies
 * below the density for certain, and is the result: that is so for 98 of 100. Else further bits decide: a second
 * coordinate is compared with the density, or, in the lowest layer, the tail is drawn from. If that fails, all begins
 * again with further bits. (Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000.)
 *
 * The further bits belong to the number (pp_further), so the next number of the stream does not depend on how many it
 * took. */
#ifndef PP_SCHEDULE_ZIGGURAT_H
#define PP_SCHEDULE_ZIGGURAT_H

#include <stdbool.h>
#include <stdint.h>

#include <ppar/rng.h>

#include "schedule/philox.h"

enum {
  PP_NORMAL_BITS = 51,     /* results are multiples of 2^-51: 4, which is beyond all layers, is 2^53 of these */
  PP_EXPONENTIAL_BITS = 50 /* the same for 8 */
};

#define PP_ZIGGURAT_LAYER 0xffu /* the bits that choose a layer */
#define PP_ZIGGURAT_SIGN 0x100u /* the bit that chooses a normal number's sign */

/* The layers' right edges, from the lowest layer on, in units of the results; the last is 0. The lowest layer's holds
 * the tail as well: it is the width of a rectangle of that area. */
extern const uint64_t pp_normal_x[PP_ZIGGURAT_LAYER + 2], pp_exponential_x[PP_ZIGGURAT_LAYER + 2];

/* What number becomes, which is number further->number of its stream: a multiple of 2^-PP_NORMAL_BITS, or of
 * 2^-PP_EXPONENTIAL_BITS. Converted to double they are exact. */
int64_t pp_ziggurat_normal(uint64_t number, pp_further *further);
int64_t pp_ziggurat_exponential(uint64_t number, pp_further *further);

/* a times what b is of 2^64. */
static inline uint64_t pp_part(uint64_t a, uint64_t b) {
  uint64_t low;
  return ppar_product_(a, b, &low);
}

/* The distance from the left edge, before it is known whether it is the result. */
static inline uint64_t pp_normal_place(uint64_t number) {
  return pp_part(pp_normal_x[number & PP_ZIGGURAT_LAYER], number & ~(uint64_t)(PP_ZIGGURAT_LAYER | PP_ZIGGURAT_SIGN));
}
static inline uint64_t pp_exponential_place(uint64_t number) {
  return pp_part(pp_exponential_x[number & PP_ZIGGURAT_LAYER], number & ~(uint64_t)PP_ZIGGURAT_LAYER);
}

static inline int64_t pp_normal_signed(uint64_t number, uint64_t x) {
  const int64_t sign = -(int64_t)((number & PP_ZIGGURAT_SIGN) != 0);
  return ((int64_t)x ^ sign) - sign;
}

/* The same as doubles, of number `place` of the stream. */
static inline double pp_normal_of(uint64_t number, uint64_t seed, uint64_t stream, uint64_t place) {
  const uint64_t x = pp_normal_place(number);
  int64_t result = pp_normal_signed(number, x);
  if (PPAR_SELDOM_(x >= pp_normal_x[(number & PP_ZIGGURAT_LAYER) + 1])) {
    pp_further further = pp_further_of(seed, stream, place);
    result = pp_ziggurat_normal(number, &further);
  }
  return (double)result * (1.0 / (UINT64_C(1) << PP_NORMAL_BITS));
}
static inline double pp_exponential_of(uint64_t number, uint64_t seed, uint64_t stream, uint64_t place) {
  int64_t result = (int64_t)pp_exponential_place(number);
  if (PPAR_SELDOM_((uint64_t)result >= pp_exponential_x[(number & PP_ZIGGURAT_LAYER) + 1])) {
    pp_further further = pp_further_of(seed, stream, place);
    result = pp_ziggurat_exponential(number, &further);
  }
  return (double)result * (1.0 / (UINT64_C(1) << PP_EXPONENTIAL_BITS));
}

/* exp(-y) in units of 2^-63, to 2^-60; y in units of 2^-59, less than 16. */
uint64_t pp_exp_minus(uint64_t y);

#endif
