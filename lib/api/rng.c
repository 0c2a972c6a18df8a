/* SPDX-License-Identifier: MIT */
/* rng.c: places in streams of random numbers, as functions. The arithmetic is in schedule/. */
#include <ppar/rng.h>

#include "schedule/philox.h"
#include "schedule/ziggurat.h"

_Static_assert((int)PPAR_RNG_NUMBERS_ == (int)PP_PHILOX_GROUP, "a ppar_rng keeps one group");

void ppar_rng_refill_(ppar_rng *rng) {
  pp_philox_groups(rng->seed_, rng->stream_, rng->next_ / PPAR_RNG_NUMBERS_, 1, rng->numbers_);
  rng->end_ = (rng->next_ | (PPAR_RNG_NUMBERS_ - 1)) + 1;
}

/* The product of a number and n has the value in its upper half; its lower half tells where in the value's share of all
 * numbers the number lies. 2^64 is seldom a multiple of n, so some values would get one number more than others do.
 * Products whose lower half is less than 2^64 mod n are drawn again: then each value keeps floor(2^64 / n) numbers. */
uint64_t ppar_rng_below_again_(const ppar_rng *rng, uint64_t n, uint64_t high, uint64_t low) {
  const uint64_t too_many = (0 - n) % n;
  pp_further further = pp_further_of(rng->seed_, rng->stream_, rng->next_ - 1);
  while (low < too_many) high = ppar_product_(pp_further_next(&further), n, &low);
  return high;
}

double ppar_rng_normal_f64(ppar_rng *rng) {
  const uint64_t number = ppar_rng_u64(rng);
  return pp_normal_of(number, rng->seed_, rng->stream_, rng->next_ - 1);
}

double ppar_rng_exponential_f64(ppar_rng *rng) {
  const uint64_t number = ppar_rng_u64(rng);
  return pp_exponential_of(number, rng->seed_, rng->stream_, rng->next_ - 1);
}

float ppar_rng_normal_f32(ppar_rng *rng) { return (float)ppar_rng_normal_f64(rng); }

float ppar_rng_exponential_f32(ppar_rng *rng) { return (float)ppar_rng_exponential_f64(rng); }

/* The parentheses keep the macros away. */
ppar_rng(ppar_rng_stream)(uint64_t seed, uint64_t stream) { return ppar_rng_stream(seed, stream); }
uint32_t(ppar_rng_u32)(ppar_rng *rng) { return ppar_rng_u32(rng); }
uint64_t(ppar_rng_u64)(ppar_rng *rng) { return ppar_rng_u64(rng); }
float(ppar_rng_f32)(ppar_rng *rng) { return ppar_rng_f32(rng); }
double(ppar_rng_f64)(ppar_rng *rng) { return ppar_rng_f64(rng); }
uint64_t(ppar_rng_below)(ppar_rng *rng, uint64_t n) { return ppar_rng_below(rng, n); }
void(ppar_rng_skip)(ppar_rng *rng, uint64_t numbers) { ppar_rng_skip(rng, numbers); }

void ppar_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  pp_philox_block(counter, key, out);
}
