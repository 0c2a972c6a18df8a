/* SPDX-License-Identifier: MIT */
/* rng_arrays.h: arrays of random numbers, and arrays in random order, in parallel.
 *
 *     ppar_rng rng = ppar_rng_stream(seed, 0);
 *     ppar_rng_fill_normal_f64(&rng, noise, n, NULL);
 *     ppar_rng_shuffle(&rng, rows, n, sizeof *rows, NULL);
 *
 * The outcome depends on the place in the stream and on the number of elements, and on nothing else: it is the same for
 * every T, schedule and pool. Of the options, threads and pool count. Arrays that are too short to be worth it are done
 * by the calling thread alone.
 *
 * All of them return PPAR_OK; or PPAR_EINVAL, nothing done, for a NULL rng, a NULL array (unless count is 0), a
 * negative count, more bytes than an array may have, or an option out of range. On an error rng stays where it was.
 * Any thread, any time, from inside bodies and tasks too; an rng is for one call at a time. errno stays as it was. */
#ifndef PPAR_RNG_ARRAYS_H
#define PPAR_RNG_ARRAYS_H

#include <ppar/base.h>
#include <ppar/options.h>
#include <ppar/rng.h>

PPAR_BEGIN_DECLS

/* Fills an array with the numbers that calls of ppar_rng_u32, ..._f64, ..._normal_f64 and so on return, in order, and
 * leaves rng after them:
 *
 *     for (int64_t i = 0; i < count; i++) out[i] = ppar_rng_f64(rng);
 *
 * It takes less time a number than the calls do, with one thread too. */
PPAR_API int ppar_rng_fill_u32(ppar_rng *rng, uint32_t *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_u64(ppar_rng *rng, uint64_t *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_f32(ppar_rng *rng, float *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_f64(ppar_rng *rng, double *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_normal_f32(ppar_rng *rng, float *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_normal_f64(ppar_rng *rng, double *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_exponential_f32(ppar_rng *rng, float *out, int64_t count, const ppar_options *options);
PPAR_API int ppar_rng_fill_exponential_f64(ppar_rng *rng, double *out, int64_t count, const ppar_options *options);

/* Fills an array with whole numbers of 0 ... n-1, each exactly as likely as any other: in the loop above,
 * out[i] = ppar_rng_below(rng, n). An n of 0 fills it with 0. */
PPAR_API int ppar_rng_fill_below(ppar_rng *rng, uint64_t *out, int64_t count, uint64_t n, const ppar_options *options);

/* Puts `count` elements of `size` bytes into a random order, each order exactly as likely as any other, and goes
 * forward by 2 * count numbers. The same place in a stream and the same count give the same order, whatever the size.
 *
 * Each element is dealt into one of some buckets at random; then each bucket's elements are put into a random order
 * (Rao, "Generation of random permutations of given number of elements using sampling numbers", 1961; Sandelius, "A
 * simple randomization procedure", 1962; Fisher and Yates, 1938). How many buckets there are follows from count alone.
 * With more than 16384 elements it needs as much memory again as the array.
 *
 * Returns also PPAR_EINVAL for a size of 0, and PPAR_ENOMEM, the array and rng as they were. */
PPAR_API int ppar_rng_shuffle(ppar_rng *rng, void *base, size_t count, size_t size, const ppar_options *options);

/* The numbers 0 ... count-1 in the order in which ppar_rng_shuffle would put them:
 *
 *     for (int64_t i = 0; i < count; i++) out[i] = i;
 *     ppar_rng_shuffle(rng, out, count, sizeof *out, options);
 *
 * A loop over i = 0 ... count-1 that uses out[i] in the place of i visits them in random order. Returns as
 * ppar_rng_shuffle does. */
PPAR_API int ppar_rng_permutation(ppar_rng *rng, int64_t *out, int64_t count, const ppar_options *options);

PPAR_END_DECLS

#endif
