/* SPDX-License-Identifier: MIT */
/* philox.c: blocks one after the other, and on x86-64 processors with AVX2 four at a time. */
#include "schedule/philox.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define STREAM_MASK ((UINT64_C(1) << PP_STREAM_BITS) - 1)
#define GROUP_BLOCKS (PP_PHILOX_GROUP / 2)

static inline uint64_t join(uint32_t low, uint32_t high) { return (uint64_t)high << 32 | low; }

void pp_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < PP_PHILOX_ROUNDS; round++) {
    const uint64_t p = (uint64_t)x0 * PP_PHILOX_M0, q = (uint64_t)x2 * PP_PHILOX_M1;
    x0 = (uint32_t)(q >> 32) ^ x1 ^ k0;
    x1 = (uint32_t)q;
    x2 = (uint32_t)(p >> 32) ^ x3 ^ k1;
    x3 = (uint32_t)p;
    k0 += PP_PHILOX_W0;
    k1 += PP_PHILOX_W1;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/* The two numbers of a block, whose counter[0] and counter[1] are `place`. */
static void block_numbers(uint64_t seed, uint64_t stream, uint64_t place, uint64_t numbers[2]) {
  const uint32_t counter[4] = {(uint32_t)place, (uint32_t)(place >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t out[4];
  pp_philox_block(counter, key, out);
  numbers[0] = join(out[0], out[1]);
  numbers[1] = join(out[2], out[3]);
}

/* A stream's numbers are two a block, so its blocks end at half of that; a group never lies across the end. */
static inline uint64_t first_block(uint64_t group) { return (group * GROUP_BLOCKS) & (STREAM_MASK >> 1); }

void pp_philox_groups_plain(uint64_t seed, uint64_t stream, uint64_t group, size_t groups, uint64_t *out) {
  for (size_t g = 0; g < groups; g++, group++, out += PP_PHILOX_GROUP) {
    for (uint64_t b = 0; b < GROUP_BLOCKS; b++) block_numbers(seed, stream, first_block(group) + b, out + 2 * b);
  }
}

#if defined(__x86_64__)

#define WITH_AVX2 __attribute__((target("avx2")))

static WITH_AVX2 inline __m256i everywhere(uint64_t value) { return _mm256_set1_epi64x((long long)value); }

/* Four blocks in the four lanes of 64 bits. Each lane holds a word of 32 bits in its lower half; its upper half may
 * hold anything, since multiplications read the lower halves alone. */
static WITH_AVX2 inline void make_group(const uint64_t seed, const uint64_t stream, uint64_t block, uint64_t *out) {
  const __m256i m0 = everywhere(PP_PHILOX_M0), m1 = everywhere(PP_PHILOX_M1);
  const __m256i w0 = everywhere(PP_PHILOX_W0), w1 = everywhere(PP_PHILOX_W1);
  __m256i k0 = everywhere(seed), k1 = everywhere(seed >> 32);
  __m256i x0 = _mm256_add_epi64(everywhere(block), _mm256_set_epi64x(3, 2, 1, 0)), x1 = _mm256_srli_epi64(x0, 32);
  __m256i x2 = everywhere(stream), x3 = everywhere(stream >> 32);
  __m256i even, odd, low, high;
  for (int round = 0; round < PP_PHILOX_ROUNDS; round++) {
    const __m256i p = _mm256_mul_epu32(x0, m0), q = _mm256_mul_epu32(x2, m1);
    x0 = _mm256_xor_si256(_mm256_srli_epi64(q, 32), _mm256_xor_si256(x1, k0));
    x1 = q;
    x2 = _mm256_xor_si256(_mm256_srli_epi64(p, 32), _mm256_xor_si256(x3, k1));
    x3 = p;
    k0 = _mm256_add_epi64(k0, w0);
    k1 = _mm256_add_epi64(k1, w1);
  }
  /* The blocks' first numbers and their second ones, then in turn. */
  even = _mm256_blend_epi32(x0, _mm256_slli_epi64(x1, 32), 0xaa);
  odd = _mm256_blend_epi32(x2, _mm256_slli_epi64(x3, 32), 0xaa);
  low = _mm256_unpacklo_epi64(even, odd);
  high = _mm256_unpackhi_epi64(even, odd);
  _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permute2x128_si256(low, high, 0x20));
  _mm256_storeu_si256((__m256i *)(void *)(out + 4), _mm256_permute2x128_si256(low, high, 0x31));
}

/* Groups do not depend on each other, so the processor works at several of them at the same time. */
static WITH_AVX2 void make_groups(uint64_t seed, uint64_t stream, uint64_t group, size_t groups, uint64_t *out) {
  for (size_t g = 0; g < groups; g++, group++, out += PP_PHILOX_GROUP) {
    make_group(seed, stream, first_block(group), out);
  }
}

#endif

void pp_philox_groups(uint64_t seed, uint64_t stream, uint64_t group, size_t groups, uint64_t *out) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    make_groups(seed, stream, group, groups, out);
    return;
  }
#endif
  pp_philox_groups_plain(seed, stream, group, groups, out);
}

uint64_t pp_further_next(pp_further *further) {
  uint64_t numbers[2];
  if (further->halves != 0) {
    further->halves = 0;
    return further->kept;
  }
  if (further->block == PP_FURTHER_BLOCKS_MOST) {
    further->block = 0;
    further->number++;
  }
  further->block++;
  block_numbers(further->seed, further->stream,
                (uint64_t)further->block << PP_STREAM_BITS | (further->number & STREAM_MASK), numbers);
  further->kept = numbers[1];
  further->halves = 1;
  return numbers[0];
}
