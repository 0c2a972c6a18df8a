/* SPDX-License-Identifier: MIT */
/* ziggurat.c: the layers, what lies beyond their safe parts, and the tails. "In 2^-51" after a name says that it counts
 * multiples of that. */
#include "schedule/ziggurat.h"

#include "schedule/ziggurat_tables.h"

enum {
  FACTORIALS = sizeof per_factorial / sizeof *per_factorial,
  TAIL_GRAIN = 0xff /* numbers from the tail have these bits clear, so that a double holds them whatever they are */
};

/* y = k ln 2 + rest, and exp(-rest) is a polynomial: its Taylor series until terms are below 2^-63. */
uint64_t pp_exp_minus(uint64_t y) {
  const uint64_t halvings = pp_part(y, PER_LN2) >> 58, rest = (y - halvings * LN2) << 5; /* in 2^-64 */
  uint64_t sum = per_factorial[FACTORIALS - 1];
  for (int k = FACTORIALS - 2; k >= 0; k--) sum = per_factorial[k] - pp_part(sum, rest);
  return sum >> halvings;
}

/* Whether a random height of the layer lies below what the density has. */
static bool lies_below(const uint64_t *heights, uint64_t layer, uint64_t density, pp_further *further) {
  const uint64_t low = heights[layer], high = heights[layer + 1];
  return low + pp_part(high - low, pp_further_next(further)) < density;
}

int64_t pp_ziggurat_exponential(uint64_t number, pp_further *further) {
  uint64_t before = 0; /* in 2^-50: what comes after the outermost edge is distributed as the whole */
  for (;; number = pp_further_next(further)) {
    const uint64_t layer = number & PP_ZIGGURAT_LAYER, x = pp_exponential_place(number);
    if (x >= pp_exponential_x[layer + 1]) {
      if (layer == 0) {
        before += pp_exponential_x[1];
        continue;
      }
      if (!lies_below(exponential_y, layer, pp_exp_minus(x << 9), further)) continue;
    }
    return (int64_t)(before == 0 ? x : (before + x) & ~(uint64_t)TAIL_GRAIN);
  }
}

/* Beyond the outermost edge, by how much: an exponential number over the edge, which is taken with the probability that
 * the second one is more than half its square (Marsaglia, "Generating a variable from the tail of the normal
 * distribution", 1964). In 2^-51. */
static uint64_t beyond_normal(pp_further *further) {
  for (;;) {
    const uint64_t e = (uint64_t)pp_ziggurat_exponential(pp_further_next(further), further);
    const uint64_t other = (uint64_t)pp_ziggurat_exponential(pp_further_next(further), further);
    const uint64_t x = pp_part(e << 1, NORMAL_PER_EDGE);
    /* 16 and more: the other one would have to be above 128. */
    if (x >> (PP_NORMAL_BITS + 4) != 0) continue;
    if (other << 1 > pp_part(x << 9, x << 9) >> 6) return x & ~(uint64_t)TAIL_GRAIN;
  }
}

int64_t pp_ziggurat_normal(uint64_t number, pp_further *further) {
  for (;; number = pp_further_next(further)) {
    const uint64_t layer = number & PP_ZIGGURAT_LAYER;
    uint64_t x = pp_normal_place(number);
    if (x >= pp_normal_x[layer + 1]) {
      if (layer == 0) {
        x = (pp_normal_x[1] + beyond_normal(further)) & ~(uint64_t)TAIL_GRAIN;
      } else if (!lies_below(normal_y, layer, pp_exp_minus(pp_part(x << 10, x << 10)), further)) {
        continue;
      }
    }
    return pp_normal_signed(number, x);
  }
}
