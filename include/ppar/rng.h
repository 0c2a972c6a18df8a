/* SPDX-License-Identifier: MIT */
/* rng.h: random numbers for loops: streams that any thread can begin anywhere, so that a result does not depend on who
 * ran what.
 *
 *     PPAR_BODY(scatter, i, struct points, p) {
 *       ppar_rng rng = ppar_rng_stream(seed, (uint64_t)i);       iteration i has stream i, whoever runs it
 *       p->x[i] = ppar_rng_f64(&rng);
 *       p->y[i] = ppar_rng_normal_f64(&rng);
 *     }
 *
 * A stream is chosen by two numbers: the seed of the run, and the number of the stream. Give a stream to each
 * iteration, or to each block of iterations that depends on their number alone; never to each thread: which iterations
 * a thread runs differs from run to run (docs/random.md shows both).
 *
 * How it works. Number k of a stream is a function of seed, stream and k, and of nothing else: half of a block that
 * Philox4x32-10 makes of a counter and a key (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", 2011). So a stream is begun in no time, and can be entered anywhere.
 *
 *     key[0], key[1]           the seed: its lower and its upper 32 bits
 *     counter[2], counter[3]   the stream: its lower and its upper 32 bits
 *     counter[0], counter[1]   lower and upper 32 bits of B + A * 2^56, where B < 2^56 and A < 256
 *
 * With A = 0, block B holds the numbers 2 B (out[0] is its lower half, out[1] its upper half) and 2 B + 1 (out[2],
 * out[3]). With A >= 1 it holds further bits for number B of the stream: a few methods that turn a number into another
 * one, such as a normal one, need more than 64 bits now and then, and take them from there. No two streams, and no two
 * places of a stream, have the same counter and key, so no numbers are shared.
 *
 * One call, one number. A stream has 2^56 numbers of 64 bits; after the last it begins again. Every function below
 * that returns a number, of whatever kind, goes forward by exactly one. So ppar_rng_skip(rng, k) equals k calls of any
 * of them, in any mixture.
 *
 * The bits are the same on every processor, operating system and compiler, and in all releases: all is computed with
 * whole numbers, and what becomes a double or a float is exact or rounded once. (Functions that return a float other
 * than ppar_rng_f32 round by the rounding mode in force.) The numbers pass the batteries that docs/random.md names.
 * They are not meant for secrets: whoever knows a few can find the seed.
 *
 * A ppar_rng belongs to one thread at a time. It holds no memory and need not be closed; copying one gives two that go
 * on alike. Every rng below must point to one that ppar_rng_stream returned. No function fails, allocates, or touches
 * errno or anything shared; they may be called in signal handlers.
 *
 * Each name is a function of the library, for other languages and for pointers to it; the most frequent are macros,
 * too, for the same computation inline.
 *
 * OpenMP: nothing. C: drand48, whose one state all threads write to; rand_r, whose streams for 1, 2, 3 resemble each
 * other. */
#ifndef PPAR_RNG_H
#define PPAR_RNG_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* How many numbers are made at once, and kept until they are asked for. */
#define PPAR_RNG_NUMBERS_ 8

/* A place in a stream. Programs read none of the fields; to keep a place for later, copy the struct. */
typedef struct ppar_rng {
  uint64_t seed_, stream_;
  uint64_t next_, end_; /* the number that comes next; behind the last of those that are kept */
  uint64_t numbers_[PPAR_RNG_NUMBERS_];
} ppar_rng;

/* The beginning of a stream. Any seed and any stream will do, 0 too, and neighbouring ones are as independent as any.
 * It costs a few nanoseconds; the first number of a stream then costs some 25. Equals, for all purposes, an array of
 * 2^56 numbers that have been drawn beforehand:
 *
 *     rng = &numbers[seed][stream][0];
 */
PPAR_API ppar_rng ppar_rng_stream(uint64_t seed, uint64_t stream);

/* 32 random bits: the upper half of ppar_rng_u64's. Equals (uint32_t)(*rng++ >> 32) in the array above. */
PPAR_API uint32_t ppar_rng_u32(ppar_rng *rng);

/* 64 random bits. Equals *rng++. */
PPAR_API uint64_t ppar_rng_u64(ppar_rng *rng);

/* A float of at least 0 and less than 1: a multiple of 2^-24, each as likely as any other. Equals
 * (float)(*rng++ >> 40) * 0x1p-24f. */
PPAR_API float ppar_rng_f32(ppar_rng *rng);

/* A double of at least 0 and less than 1: a multiple of 2^-53, each as likely as any other. It is 0 once in 2^53
 * calls; 1 - ppar_rng_f64(rng) lies above 0. Equals (double)(*rng++ >> 11) * 0x1p-53. */
PPAR_API double ppar_rng_f64(ppar_rng *rng);

/* A whole number of 0 ... n-1, each exactly as likely as any other, for any n (Lemire, "Fast random integer generation
 * in an interval", 2019). For n = 0 there is none: it returns 0, and goes forward as always. A number from low up to,
 * but not including, high is low + (int64_t)ppar_rng_below(rng, (uint64_t)high - (uint64_t)low). */
PPAR_API uint64_t ppar_rng_below(ppar_rng *rng, uint64_t n);

/* A number from the normal distribution of mean 0 and standard deviation 1: a multiple of 2^-51; beyond 3.65 one of
 * 2^-43. For another mean and deviation: mean + deviation * ppar_rng_normal_f64(rng). (A ziggurat: Marsaglia and Tsang,
 * "The ziggurat method for generating random variables", 2000.) */
PPAR_API double ppar_rng_normal_f64(ppar_rng *rng);

/* The same, rounded to a float. */
PPAR_API float ppar_rng_normal_f32(ppar_rng *rng);

/* A number from the exponential distribution of mean 1, which is never negative: a multiple of 2^-50; beyond 7.69 one
 * of 2^-42. For another mean: mean * ppar_rng_exponential_f64(rng). */
PPAR_API double ppar_rng_exponential_f64(ppar_rng *rng);

/* The same, rounded to a float. */
PPAR_API float ppar_rng_exponential_f32(ppar_rng *rng);

/* Goes forward by so many numbers, in no time. Equals rng += numbers in the array above, as the calls would do:
 *
 *     for (uint64_t k = 0; k < numbers; k++) (void)ppar_rng_u64(rng);
 *
 * Since a stream begins again at its end, ppar_rng_skip(rng, 0 - (uint64_t)k) goes back by k. */
PPAR_API void ppar_rng_skip(ppar_rng *rng, uint64_t numbers);

/* The block function alone: Philox4x32 with 10 rounds, as published, which turns a counter of 128 bits and a key of
 * 64 into 128 random bits, for schemes of your own. out may be counter. Element 0 is the lowest. */
PPAR_API void ppar_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* What follows serves the macros. */

/* Makes the numbers of which next_ is one. */
PPAR_API void ppar_rng_refill_(ppar_rng *rng);

/* The number that was just drawn gave this product with n, whose lower half is less than n: goes on until no number
 * below n is more likely than another. */
PPAR_API uint64_t ppar_rng_below_again_(const ppar_rng *rng, uint64_t n, uint64_t high, uint64_t low);

/* The product of two numbers: its upper 64 bits; *low: its lower ones. */
static inline uint64_t ppar_product_(uint64_t a, uint64_t b, uint64_t *low) {
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 wide;
  const wide product = (wide)a * b;
  *low = (uint64_t)product;
  return (uint64_t)(product >> 64);
#else
  const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  const uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;
  *low = a * b;
  return a1 * b1 + (middle >> 32) + (other >> 32);
#endif
}

static inline ppar_rng ppar_rng_stream_(uint64_t seed, uint64_t stream) {
  ppar_rng rng = {seed, stream, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0}};
  return rng;
}

static inline uint64_t ppar_rng_u64_(ppar_rng *rng) {
  if (rng->next_ == rng->end_) ppar_rng_refill_(rng);
  return rng->numbers_[rng->next_++ % PPAR_RNG_NUMBERS_];
}

static inline uint32_t ppar_rng_u32_(ppar_rng *rng) { return (uint32_t)(ppar_rng_u64_(rng) >> 32); }

static inline float ppar_rng_f32_(ppar_rng *rng) {
  return (float)(int32_t)(ppar_rng_u64_(rng) >> 40) * (1.0f / 16777216.0f);
}

static inline double ppar_rng_f64_(ppar_rng *rng) {
  return (double)(int64_t)(ppar_rng_u64_(rng) >> 11) * (1.0 / 9007199254740992.0);
}

static inline uint64_t ppar_rng_below_(ppar_rng *rng, uint64_t n) {
  uint64_t low;
  const uint64_t high = ppar_product_(ppar_rng_u64_(rng), n, &low);
  if (PPAR_SELDOM_(low < n)) return ppar_rng_below_again_(rng, n, high, low);
  return high;
}

static inline void ppar_rng_skip_(ppar_rng *rng, uint64_t numbers) {
  const bool are_kept = numbers < rng->end_ - rng->next_;
  rng->next_ += numbers;
  if (!are_kept) rng->end_ = rng->next_;
}

#define ppar_rng_stream(seed, stream) ppar_rng_stream_((seed), (stream))
#define ppar_rng_u32(rng) ppar_rng_u32_(rng)
#define ppar_rng_u64(rng) ppar_rng_u64_(rng)
#define ppar_rng_f32(rng) ppar_rng_f32_(rng)
#define ppar_rng_f64(rng) ppar_rng_f64_(rng)
#define ppar_rng_below(rng, n) ppar_rng_below_((rng), (n))
#define ppar_rng_skip(rng, numbers) ppar_rng_skip_((rng), (numbers))

PPAR_END_DECLS

#endif
