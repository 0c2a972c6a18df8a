/* SPDX-License-Identifier: MIT */
/* rng.c: streams of random numbers: which number lies where, for ever; one call, one number; every kind of number is
 * distributed as it should be. All seeds are fixed, so each test has the same outcome in each run. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>
#include "../support/chi_square.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(rng, .timeout = SCALE_TIMEOUT);

/* --- Which number lies where ------------------------------------------------------------------------------------- */

/* As the header says it. */
static uint64_t number_at(uint64_t seed, uint64_t stream, uint64_t place) {
  const uint64_t block = place / 2;
  const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t out[4];
  ppar_philox4x32(counter, key, out);
  return place % 2 == 0 ? (uint64_t)out[1] << 32 | out[0] : (uint64_t)out[3] << 32 | out[2];
}

static const uint64_t words[] = {0, 1, 42, 0xffffffff, 0x100000000, 0xfedcba9876543210, UINT64_MAX};
enum { WORDS = sizeof words / sizeof *words };
static const uint64_t END = (uint64_t)1 << 56;

Test(rng, gives_the_known_answer) {
  const uint32_t counter[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, key[2] = {0xa4093822, 0x299f31d0};
  const uint32_t known[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  uint32_t out[4];
  ppar_philox4x32(counter, key, out);
  cr_assert(memcmp(out, known, sizeof out) == 0);
}

Test(rng, each_number_is_where_the_header_says) {
  for (size_t k = 0; k < WORDS * WORDS; k++) {
    const uint64_t seed = words[k % WORDS], stream = words[k / WORDS];
    ppar_rng rng = ppar_rng_stream(seed, stream);
    for (uint64_t i = 0; i < 50; i++) cr_assert_eq(ppar_rng_u64(&rng), number_at(seed, stream, i));
    ppar_rng_skip(&rng, END - 50 - 13);
    for (uint64_t i = END - 13; i < END; i++) cr_assert_eq(ppar_rng_u64(&rng), number_at(seed, stream, i));
    for (uint64_t i = 0; i < 50; i++) cr_assert_eq(ppar_rng_u64(&rng), number_at(seed, stream, i), "after the end");
  }
}

/* What the kinds are made of. */
Test(rng, kinds_are_parts_of_the_number) {
  ppar_rng rng = ppar_rng_stream(5, 6);
  for (uint64_t i = 0; i < 4000; i += 4) {
    cr_assert_eq(ppar_rng_u32(&rng), (uint32_t)(number_at(5, 6, i) >> 32));
    cr_assert(ppar_rng_f32(&rng) == (float)(number_at(5, 6, i + 1) >> 40) * 0x1p-24f);
    cr_assert(ppar_rng_f64(&rng) == (double)(number_at(5, 6, i + 2) >> 11) * 0x1p-53);
    cr_assert_eq(ppar_rng_below(&rng, 256), number_at(5, 6, i + 3) >> 56);
  }
}

/* --- One call, one number ---------------------------------------------------------------------------------------- */

enum { KINDS = 11 };

static void draw(ppar_rng *rng, uint64_t kind) {
  switch (kind % KINDS) {
    case 0: (void)ppar_rng_u32(rng); break;
    case 1: (void)ppar_rng_u64(rng); break;
    case 2: (void)ppar_rng_f32(rng); break;
    case 3: (void)ppar_rng_f64(rng); break;
    case 4: (void)ppar_rng_normal_f64(rng); break;
    case 5: (void)ppar_rng_exponential_f64(rng); break;
    case 6: (void)ppar_rng_normal_f32(rng); break;
    case 7: (void)ppar_rng_exponential_f32(rng); break;
    case 8: (void)ppar_rng_below(rng, 0); break;
    case 9: (void)ppar_rng_below(rng, ((uint64_t)1 << 63) + 1); break;
    default: (void)ppar_rng_below(rng, 6); break;
  }
}

Test(rng, skip_equals_calls_of_any_mixture) {
  uint64_t state = 1, place = 0;
  ppar_rng called = ppar_rng_stream(9, 10), skipped = called;
  for (int round = 0; round < 20000; round++) {
    const uint64_t so_many = work_random(&state) % 40;
    for (uint64_t k = 0; k < so_many; k++) draw(&called, work_random(&state));
    ppar_rng_skip(&skipped, so_many);
    place += so_many;
    if (work_random(&state) % 2 == 0) {
      place++;
      cr_assert_eq(ppar_rng_u64(&called), number_at(9, 10, place - 1));
      cr_assert_eq(ppar_rng_u64(&skipped), number_at(9, 10, place - 1));
    }
  }
}

Test(rng, skip_goes_back_too) {
  ppar_rng rng = ppar_rng_stream(1, 1);
  ppar_rng_skip(&rng, 0 - (uint64_t)1);
  cr_assert_eq(ppar_rng_u64(&rng), number_at(1, 1, END - 1));
  ppar_rng_skip(&rng, 1000);
  for (uint64_t k = 0; k < 1000; k++) {
    (void)ppar_rng_u64(&rng);
    ppar_rng_skip(&rng, 0 - (uint64_t)2);
  }
  cr_assert_eq(ppar_rng_u64(&rng), number_at(1, 1, 0));
}

/* A number of another kind does not depend on what kinds were drawn before it, nor on how often it had to try. */
Test(rng, a_number_depends_on_its_place_alone) {
  ppar_rng one_by_one = ppar_rng_stream(2, 3);
  for (uint64_t i = 0; i < 20000; i++) {
    ppar_rng normal = ppar_rng_stream(2, 3), exponential = normal, below = normal;
    const double n = ppar_rng_normal_f64(&one_by_one), e = ppar_rng_exponential_f64(&one_by_one);
    const uint64_t b = ppar_rng_below(&one_by_one, ((uint64_t)3 << 62) - 7);
    ppar_rng_skip(&normal, 3 * i);
    ppar_rng_skip(&exponential, 3 * i + 1);
    ppar_rng_skip(&below, 3 * i + 2);
    cr_assert(ppar_rng_normal_f64(&normal) == n && ppar_rng_exponential_f64(&exponential) == e);
    cr_assert_eq(ppar_rng_below(&below, ((uint64_t)3 << 62) - 7), b);
  }
}

Test(rng, macros_and_functions_are_the_same) {
  ppar_rng macro = ppar_rng_stream(3, 4), function = (ppar_rng_stream)(3, 4);
  for (uint64_t i = 0; i < 100; i++) {
    cr_assert_eq(ppar_rng_u32(&macro), (ppar_rng_u32)(&function));
    cr_assert_eq(ppar_rng_u64(&macro), (ppar_rng_u64)(&function));
    cr_assert(ppar_rng_f32(&macro) == (ppar_rng_f32)(&function));
    cr_assert(ppar_rng_f64(&macro) == (ppar_rng_f64)(&function));
    cr_assert_eq(ppar_rng_below(&macro, i), (ppar_rng_below)(&function, i));
    ppar_rng_skip(&macro, i);
    (ppar_rng_skip)(&function, i);
  }
}

/* --- The same bits everywhere, and in all releases --------------------------------------------------------------- */

static uint64_t mixed(uint64_t hash, uint64_t value) { return (hash ^ value) * UINT64_C(0x100000001b3); }

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint64_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* These values are a promise to programs: what is printed here must never be put into this test. */
Test(rng, bits_are_those_of_release_0_3) {
  uint64_t hash[8] = {0};
  ppar_rng rng = ppar_rng_stream(2026, 11);
  for (int i = 0; i < 200000; i++) {
    hash[0] = mixed(hash[0], ppar_rng_u64(&rng));
    hash[1] = mixed(hash[1], bits_of(ppar_rng_f64(&rng)));
    hash[2] = mixed(hash[2], bits_of_float(ppar_rng_f32(&rng)));
    hash[3] = mixed(hash[3], bits_of(ppar_rng_normal_f64(&rng)));
    hash[4] = mixed(hash[4], bits_of(ppar_rng_exponential_f64(&rng)));
    hash[5] = mixed(hash[5], ppar_rng_below(&rng, ((uint64_t)1 << 63) + 1));
    hash[6] = mixed(hash[6], bits_of_float(ppar_rng_normal_f32(&rng)));
    hash[7] = mixed(hash[7], bits_of_float(ppar_rng_exponential_f32(&rng)));
  }
  static const uint64_t promised[8] = {
      UINT64_C(0xd3161f658d6577f6), UINT64_C(0x588f58269b3f7d23), UINT64_C(0xa6ee7fd23f7f0e08),
      UINT64_C(0x28bc0d58a8b086ad), UINT64_C(0x8b30e46f4318750b), UINT64_C(0xc468f48b3bc94451),
      UINT64_C(0xe8219f1e1b7234ca), UINT64_C(0xf5bbf66891bfb4c7),
  };
  for (int k = 0; k < 8; k++) cr_assert(hash[k] == promised[k], "%d: %#llx", k, (unsigned long long)hash[k]);
}

/* --- Distributions ----------------------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Kolmogorov and Smirnov's distance times sqrt(count): above 2.3 once in 20000 samples. */
static double ks_distance(double *values, size_t count, double (*cdf)(double)) {
  double most = 0;
  qsort(values, count, sizeof *values, compare_doubles);
  for (size_t i = 0; i < count; i++) {
    const double p = cdf(values[i]);
    most = fmax(most, fmax(p - (double)i / (double)count, (double)(i + 1) / (double)count - p));
  }
  return most * sqrt((double)count);
}

static double uniform_cdf(double x) { return x; }
static double normal_cdf(double x) { return erfc(-x / sqrt(2)) / 2; }
static double exponential_cdf(double x) { return -expm1(-x); }

/* From one stream, or the first number of as many streams. */
static void check_ks(const char *what, double (*draw_one)(ppar_rng *rng), double (*cdf)(double)) {
  const size_t count = (size_t)scaled(200000);
  double *values = malloc(count * sizeof *values);
  for (int way = 0; way < 2; way++) {
    ppar_rng rng = ppar_rng_stream(77, 0);
    for (size_t i = 0; i < count; i++) {
      if (way == 1) rng = ppar_rng_stream(77, i);
      values[i] = draw_one(&rng);
    }
    const double distance = ks_distance(values, count, cdf);
    cr_assert(distance < 2.3, "%s, way %d: %g", what, way, distance);
  }
  free(values);
}

static double draw_f32(ppar_rng *rng) { return (double)ppar_rng_f32(rng); }
static double draw_f64(ppar_rng *rng) { return ppar_rng_f64(rng); }
static double draw_low_bits(ppar_rng *rng) { return (double)(uint32_t)ppar_rng_u64(rng) * 0x1p-32; }

Test(rng, distributions_are_theirs) {
  check_ks("f64", draw_f64, uniform_cdf);
  check_ks("f32", draw_f32, uniform_cdf);
  check_ks("lower halves of u64", draw_low_bits, uniform_cdf);
  check_ks("normal", ppar_rng_normal_f64, normal_cdf);
  check_ks("exponential", ppar_rng_exponential_f64, exponential_cdf);
}

/* Means of powers, each within 5 standard deviations. */
Test(rng, moments_are_theirs) {
  static const double normal[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105},
                      exponential[9] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320};
  const int count = (int)scaled(4000000);
  double n_sum[5] = {0}, e_sum[5] = {0}, product = 0, before = 0;
  ppar_rng rng = ppar_rng_stream(88, 0);
  for (int i = 0; i < count; i++) {
    const double n = ppar_rng_normal_f64(&rng), e = ppar_rng_exponential_f64(&rng);
    double n_power = 1, e_power = 1;
    for (int k = 0; k < 5; k++, n_power *= n, e_power *= e) {
      n_sum[k] += n_power;
      e_sum[k] += e_power;
    }
    product += n * before;
    before = n;
  }
  for (int k = 1; k < 5; k++) {
    cr_assert(fabs(n_sum[k] / count - normal[k]) < 5 * sqrt((normal[2 * k] - normal[k] * normal[k]) / count), "%d", k);
    cr_assert(fabs(e_sum[k] / count - exponential[k]) < 5 * sqrt((k < 4 ? exponential[2 * k] : 40320.0) / count), "%d",
              k);
  }
  cr_assert(fabs(product / count) < 5 / sqrt(count));
}

/* Beyond the layers, where another method draws. */
Test(rng, tails_are_theirs) {
  const int count = (int)scaled(20000000);
  static const double n_edges[] = {3.0, 3.7, 4.2}, e_edges[] = {7.0, 7.8, 9.5};
  double n_beyond[3] = {0}, e_beyond[3] = {0};
  ppar_rng rng = ppar_rng_stream(99, 0);
  for (int i = 0; i < count; i++) {
    const double n = fabs(ppar_rng_normal_f64(&rng)), e = ppar_rng_exponential_f64(&rng);
    for (int k = 0; k < 3; k++) {
      n_beyond[k] += n > n_edges[k];
      e_beyond[k] += e > e_edges[k];
    }
  }
  for (int k = 0; k < 3; k++) {
    const double n = count * erfc(n_edges[k] / sqrt(2)), e = count * exp(-e_edges[k]);
    cr_assert(fabs(n_beyond[k] - n) < 5 * sqrt(n) + 1, "normal beyond %g: %g for %g", n_edges[k], n_beyond[k], n);
    cr_assert(fabs(e_beyond[k] - e) < 5 * sqrt(e) + 1, "exponential beyond %g: %g for %g", e_edges[k], e_beyond[k], e);
  }
}

Test(rng, uniform_numbers_lie_below_1) {
  ppar_rng rng = ppar_rng_stream(4, 4);
  for (int i = 0; i < 1000000; i++) {
    const float f = ppar_rng_f32(&rng);
    const double d = ppar_rng_f64(&rng);
    cr_assert(f >= 0 && f < 1 && d >= 0 && d < 1);
  }
  /* A stream whose kept numbers are all ones: the largest there is. */
  memset(rng.numbers_, 0xff, sizeof rng.numbers_);
  rng.end_ = (rng.next_ = 0) + 8;
  cr_assert(ppar_rng_f32(&rng) == 1 - 0x1p-24f);
  cr_assert(ppar_rng_f64(&rng) == 1 - 0x1p-53);
}

/* Each value of a small range, and each 64th of a large one, is as likely as the others; without the correction the
 * values of the first half below 2^63 + 1 would come twice as often as the other ones. */
Test(rng, below_has_no_bias) {
  static const uint64_t ns[] = {2,
                                3,
                                6,
                                7,
                                1000,
                                65537,
                                0xffffffff,
                                0x100000001,
                                ((uint64_t)1 << 63) - 25,
                                (uint64_t)1 << 63,
                                ((uint64_t)1 << 63) + 1,
                                ((uint64_t)3 << 62) + 5,
                                UINT64_MAX};
  enum { PARTS = 64, CELLS = 1000 };
  const int count = (int)scaled(300000);
  for (size_t k = 0; k < sizeof ns / sizeof *ns; k++) {
    const size_t cells = ns[k] <= CELLS ? (size_t)ns[k] : (size_t)PARTS;
    uint64_t counts[CELLS + 1] = {0};
    ppar_rng rng = ppar_rng_stream(123, k);
    for (int i = 0; i < count; i++) {
      const uint64_t value = ppar_rng_below(&rng, ns[k]);
      cr_assert(value < ns[k]);
      counts[(size_t)((double)value * ((double)cells / (double)ns[k]))]++;
    }
    counts[cells - 1] += counts[cells]; /* what a double rounds up to the range's end */
    cr_assert(chi_square(counts, cells, count) < 5, "n = %llu: %g", (unsigned long long)ns[k],
              chi_square(counts, cells, count));
  }
}

Test(rng, below_1_is_0) {
  ppar_rng rng = ppar_rng_stream(123, 0);
  for (int i = 0; i < 1000; i++) cr_assert_eq(ppar_rng_below(&rng, 1), 0);
}

Test(rng, below_0_is_0) {
  ppar_rng rng = ppar_rng_stream(1, 2);
  for (int i = 0; i < 100; i++) cr_assert_eq(ppar_rng_below(&rng, 0), 0);
  cr_assert_eq(ppar_rng_u64(&rng), number_at(1, 2, 100));
}

/* Neighbouring streams and seeds, bit by bit: numbers at the same place differ in half of their bits. */
Test(rng, neighbours_differ_in_half_of_their_bits) {
  const uint64_t count = scaled(20000);
  for (int way = 0; way < 2; way++) {
    double differing[64] = {0};
    for (uint64_t i = 0; i < count; i++) {
      ppar_rng a = ppar_rng_stream(0, i), b = way == 0 ? ppar_rng_stream(0, i + 1) : ppar_rng_stream(1, i);
      const uint64_t difference = ppar_rng_u64(&a) ^ ppar_rng_u64(&b);
      for (int bit = 0; bit < 64; bit++) differing[bit] += (double)(difference >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++) {
      const double deviations = (differing[bit] - (double)count / 2) / sqrt((double)count / 4);
      cr_assert(fabs(deviations) < 5, "way %d, bit %d: %g", way, bit, deviations);
    }
  }
}

/* --- In loops ---------------------------------------------------------------------------------------------------- */

struct drawn {
  double *values;
};

PPAR_BODY(draw_of_iteration, i, struct drawn, d) {
  ppar_rng rng = ppar_rng_stream(31, (uint64_t)i);
  d->values[i] = ppar_rng_f64(&rng) + ppar_rng_normal_f64(&rng) * ppar_rng_exponential_f64(&rng);
}

Test(rng, streams_of_iterations_give_the_same_for_any_t_and_schedule) {
  enum { COUNT = 20000 };
  static double serial[COUNT], parallel[COUNT];
  static const ppar_schedule schedules[] = {{PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0},
                                            {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 3},
                                            {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, 1},
                                            {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_DEFAULT, 0}};
  const struct drawn one = {serial}, all = {parallel};
  cr_assert_eq(PPAR_FOR(0, COUNT, draw_of_iteration, &one, PPAR_OPTIONS(.threads = 1)), PPAR_OK);
  for (int threads = 2; threads <= 7; threads += 5) {
    for (size_t k = 0; k < sizeof schedules / sizeof *schedules; k++) {
      memset(parallel, 0, sizeof parallel);
      cr_assert_eq(
          PPAR_FOR(0, COUNT, draw_of_iteration, &all, PPAR_OPTIONS(.threads = threads, .schedule = schedules[k])),
          PPAR_OK);
      cr_assert(memcmp(serial, parallel, sizeof serial) == 0, "T = %d, schedule %zu", threads, k);
    }
  }
}
