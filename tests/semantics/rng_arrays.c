/* SPDX-License-Identifier: MIT */
/* rng_arrays.c: arrays of random numbers are what calls return, for any T; shuffles lose no element, give the same
 * order for any T and size, and every order as often as any other. All seeds are fixed. */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>
#include "../support/chi_square.h"
#include "../support/scale.h"

TestSuite(rng_arrays, .timeout = SCALE_TIMEOUT);

static const int all_threads[] = {1, 2, 3, 8, 33};
enum { THREADS = sizeof all_threads / sizeof *all_threads };

/* --- Fills ------------------------------------------------------------------------------------------------------- */

static const uint64_t some_n = ((uint64_t)1 << 63) + 1;

#define DEFINE_CALLS(name, type, call)                                                               \
  static void serial_##name(ppar_rng *rng, void *out, int64_t count) {                               \
    for (int64_t i = 0; i < count; i++) ((type *)out)[i] = (call);                                   \
  }                                                                                                  \
  static int parallel_##name(ppar_rng *rng, void *out, int64_t count, const ppar_options *options) { \
    return ppar_rng_fill_##name(rng, out, count, options);                                           \
  }

DEFINE_CALLS(u32, uint32_t, ppar_rng_u32(rng))
DEFINE_CALLS(u64, uint64_t, ppar_rng_u64(rng))
DEFINE_CALLS(f32, float, ppar_rng_f32(rng))
DEFINE_CALLS(f64, double, ppar_rng_f64(rng))
DEFINE_CALLS(normal_f32, float, ppar_rng_normal_f32(rng))
DEFINE_CALLS(normal_f64, double, ppar_rng_normal_f64(rng))
DEFINE_CALLS(exponential_f32, float, ppar_rng_exponential_f32(rng))
DEFINE_CALLS(exponential_f64, double, ppar_rng_exponential_f64(rng))

static void serial_below(ppar_rng *rng, void *out, int64_t count) {
  for (int64_t i = 0; i < count; i++) ((uint64_t *)out)[i] = ppar_rng_below(rng, some_n);
}
static int parallel_below(ppar_rng *rng, void *out, int64_t count, const ppar_options *options) {
  return ppar_rng_fill_below(rng, out, count, some_n, options);
}

#define KIND(name, size) \
  { #name, serial_##name, parallel_##name, (size) }
static const struct kind {
  const char *name;
  void (*serial)(ppar_rng *rng, void *out, int64_t count);
  int (*parallel)(ppar_rng *rng, void *out, int64_t count, const ppar_options *options);
  size_t size;
} kinds[] = {KIND(u32, 4),
             KIND(u64, 8),
             KIND(f32, 4),
             KIND(f64, 8),
             KIND(normal_f32, 4),
             KIND(normal_f64, 8),
             KIND(exponential_f32, 4),
             KIND(exponential_f64, 8),
             KIND(below, 8)};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void check_fill(const struct kind *kind, uint64_t skipped, int64_t count, int threads) {
  const ppar_options options = {.threads = threads};
  const size_t bytes = (size_t)count * kind->size;
  unsigned char *called = calloc(bytes + 1, 1), *filled = calloc(bytes + 1, 1);
  ppar_rng serial = ppar_rng_stream(1, 2), parallel;
  ppar_rng_skip(&serial, skipped);
  if (skipped % 2 != 0) (void)ppar_rng_u64(&serial); /* some numbers are kept */
  parallel = serial;
  kind->serial(&serial, called, count);
  errno = 4321;
  cr_assert_eq(kind->parallel(&parallel, filled, count, &options), PPAR_OK);
  cr_assert_eq(errno, 4321);
  cr_assert(memcmp(called, filled, bytes + 1) == 0, "%s, %d numbers after %d, T = %d", kind->name, (int)count,
            (int)skipped, threads);
  cr_assert_eq(ppar_rng_u64(&serial), ppar_rng_u64(&parallel));
  free(called);
  free(filled);
}

Test(rng_arrays, fills_are_what_calls_return) {
  static const int64_t counts[] = {0, 1, 7, 8, 9, 255, 256, 257, 1000, 16384, 16385, 100000};
  uint64_t combination = 0;
  for (size_t k = 0; k < KINDS; k++) {
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
      for (size_t t = 0; t < THREADS; t++) {
        if (scale_keeps(&combination)) check_fill(&kinds[k], (3 * c + t) % 11, counts[c], all_threads[t]);
      }
    }
  }
}

/* A stream's end within an array. */
Test(rng_arrays, fills_go_on_after_a_streams_end) {
  for (size_t k = 0; k < KINDS; k++) check_fill(&kinds[k], ((uint64_t)1 << 56) - 1003, 40000, 2);
}

Test(rng_arrays, below_0_fills_with_0) {
  uint64_t numbers[100];
  ppar_rng rng = ppar_rng_stream(1, 2);
  memset(numbers, 1, sizeof numbers);
  cr_assert_eq(ppar_rng_fill_below(&rng, numbers, 100, 0, NULL), PPAR_OK);
  for (int i = 0; i < 100; i++) cr_assert_eq(numbers[i], 0);
}

/* --- Shuffles ---------------------------------------------------------------------------------------------------- */

static int64_t *permutation_of(int64_t count, int threads) {
  const ppar_options options = {.threads = threads};
  int64_t *order = calloc((size_t)count + 1, sizeof *order);
  ppar_rng rng = ppar_rng_stream(5, 6), skipped = rng;
  ppar_rng_skip(&skipped, 2 * (uint64_t)count);
  errno = 4321;
  cr_assert_eq(ppar_rng_permutation(&rng, order, count, &options), PPAR_OK);
  cr_assert_eq(errno, 4321);
  cr_assert_eq(ppar_rng_u64(&rng), ppar_rng_u64(&skipped));
  return order;
}

static void check_has_all(const int64_t *order, int64_t count) {
  unsigned char *seen = calloc((size_t)count + 1, 1);
  for (int64_t i = 0; i < count; i++) {
    cr_assert(order[i] >= 0 && order[i] < count && seen[order[i]]++ == 0, "%d of %d", (int)i, (int)count);
  }
  free(seen);
}

static const int64_t lengths[] = {0, 1, 2, 3, 10, 1000, 16384, 16385, 100003, 300000};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

Test(rng_arrays, a_permutation_has_each_number_once_in_the_same_order_for_any_t) {
  for (size_t k = 0; k < LENGTHS; k++) {
    int64_t *first = permutation_of(lengths[k], 1);
    check_has_all(first, lengths[k]);
    for (size_t t = 1; t < THREADS; t++) {
      int64_t *other = permutation_of(lengths[k], all_threads[t]);
      cr_assert(memcmp(first, other, (size_t)lengths[k] * sizeof *first) == 0, "%d, T = %d", (int)lengths[k],
                all_threads[t]);
      free(other);
    }
    free(first);
  }
}

/* Elements of any size come into the order that the permutation says. */
static void check_shuffle(size_t count, size_t size, int threads) {
  const ppar_options options = {.threads = threads};
  int64_t *order = permutation_of((int64_t)count, 1);
  unsigned char *elements = malloc(count * size + 1);
  ppar_rng rng = ppar_rng_stream(5, 6);
  for (size_t i = 0; i < count * size; i++) elements[i] = (unsigned char)(i / size * 7 + (i / size >> 8) + i % size);
  cr_assert_eq(ppar_rng_shuffle(&rng, elements, count, size, &options), PPAR_OK);
  for (size_t i = 0; i < count; i++) {
    const size_t from = (size_t)order[i];
    for (size_t b = 0; b < size; b++) {
      cr_assert(elements[i * size + b] == (unsigned char)(from * 7 + (from >> 8) + b), "%zu of %zu, byte %zu of %zu", i,
                count, b, size);
    }
  }
  free(elements);
  free(order);
}

Test(rng_arrays, a_shuffle_moves_elements_as_the_permutation_says) {
  static const size_t sizes[] = {1, 2, 3, 4, 8, 12, 16, 33, 100};
  uint64_t combination = 0;
  for (size_t k = 0; k < LENGTHS; k++) {
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      if (lengths[k] * (int64_t)sizes[s] > 4000000 || !scale_keeps(&combination)) continue;
      check_shuffle((size_t)lengths[k], sizes[s], all_threads[(k + s) % THREADS]);
    }
  }
}

/* These values are a promise to programs, as those of rng.c are. */
Test(rng_arrays, orders_are_those_of_release_0_3) {
  static const uint64_t promised[2] = {UINT64_C(0x21534552cf765360), UINT64_C(0xd4e598dc7aebaff4)};
  static const int64_t counts[2] = {1000, 100000};
  for (int k = 0; k < 2; k++) {
    uint64_t hash = 0;
    int64_t *order = permutation_of(counts[k], 2);
    for (int64_t i = 0; i < counts[k]; i++) hash = (hash ^ (uint64_t)order[i]) * UINT64_C(0x100000001b3);
    cr_assert(hash == promised[k], "%d: %#llx", k, (unsigned long long)hash);
    free(order);
  }
}

Test(rng_arrays, every_order_of_five_is_as_likely) {
  enum { ORDERS = 3125 }; /* as numbers of five digits; 120 of them have each digit once */
  const uint64_t draws = scaled(240000);
  static uint64_t all[ORDERS], counts[120];
  size_t cells = 0;
  ppar_rng rng = ppar_rng_stream(8, 8);
  for (uint64_t d = 0; d < draws; d++) {
    int64_t order[5];
    size_t code = 0;
    cr_assert_eq(ppar_rng_permutation(&rng, order, 5, NULL), PPAR_OK);
    for (int i = 0; i < 5; i++) code = code * 5 + (size_t)order[i];
    all[code]++;
  }
  for (size_t k = 0; k < ORDERS; k++) {
    if (all[k] != 0) counts[cells++] = all[k];
  }
  cr_assert_eq(cells, 120);
  cr_assert(fabs(chi_square(counts, 120, (double)draws)) < 5);
}

/* With buckets: each 32nd of the numbers is as likely to go into any 32nd of the array, and neighbours come apart. */
Test(rng_arrays, large_orders_have_no_bias) {
  enum { COUNT = 32 * 1600, CELLS = 32 * 32 };
  const int draws = (int)scaled(40);
  static uint64_t counts[CELLS];
  double rises = 0;
  ppar_rng rng = ppar_rng_stream(9, 9);
  int64_t *order = malloc(COUNT * sizeof *order);
  for (int d = 0; d < draws; d++) {
    cr_assert_eq(ppar_rng_permutation(&rng, order, COUNT, PPAR_OPTIONS(.threads = 1 + d % 3)), PPAR_OK);
    for (size_t i = 0; i < COUNT; i++) {
      counts[i / 1600 * 32 + (size_t)order[i] / 1600]++;
      rises += i != 0 && order[i] > order[i - 1];
    }
  }
  /* Rows and columns have fixed sums, which takes 63 degrees of freedom: lower than the mean is fine. */
  cr_assert(chi_square(counts, CELLS, (double)draws * COUNT) < 5);
  cr_assert(fabs(rises - draws * (COUNT - 1) / 2.0) < 5 * sqrt(draws * (COUNT + 1) / 12.0), "%g rises", rises);
  free(order);
}

/* --- Bad input --------------------------------------------------------------------------------------------------- */

static void check_refused(int status, const ppar_rng *rng, const ppar_rng *before, const char *what) {
  cr_assert(status == PPAR_EINVAL, "%s", what);
  cr_assert(memcmp(rng, before, sizeof *rng) == 0, "%s", what);
}

Test(rng_arrays, bad_input_is_refused) {
  const ppar_options bad = {.threads = -1};
  uint64_t numbers[4] = {1, 2, 3, 4};
  int64_t order[4] = {1, 2, 3, 4};
  ppar_rng rng = ppar_rng_stream(1, 1), before = rng;
  for (size_t k = 0; k < KINDS; k++) {
    check_refused(kinds[k].parallel(NULL, numbers, 4, NULL), &rng, &before, kinds[k].name);
    check_refused(kinds[k].parallel(&rng, NULL, 4, NULL), &rng, &before, kinds[k].name);
    check_refused(kinds[k].parallel(&rng, numbers, -1, NULL), &rng, &before, kinds[k].name);
    check_refused(kinds[k].parallel(&rng, numbers, INT64_MIN, NULL), &rng, &before, kinds[k].name);
    check_refused(kinds[k].parallel(&rng, numbers, INT64_MAX, NULL), &rng, &before, kinds[k].name);
    check_refused(kinds[k].parallel(&rng, numbers, 4, &bad), &rng, &before, kinds[k].name);
    cr_assert_eq(kinds[k].parallel(&rng, NULL, 0, NULL), PPAR_OK);
  }
  check_refused(ppar_rng_shuffle(NULL, numbers, 4, 8, NULL), &rng, &before, "rng");
  check_refused(ppar_rng_shuffle(&rng, NULL, 4, 8, NULL), &rng, &before, "base");
  check_refused(ppar_rng_shuffle(&rng, numbers, 4, 0, NULL), &rng, &before, "size");
  check_refused(ppar_rng_shuffle(&rng, numbers, SIZE_MAX / 4, 8, NULL), &rng, &before, "count");
  check_refused(ppar_rng_shuffle(&rng, numbers, 4, 8, &bad), &rng, &before, "options");
  check_refused(ppar_rng_permutation(NULL, order, 4, NULL), &rng, &before, "rng");
  check_refused(ppar_rng_permutation(&rng, NULL, 4, NULL), &rng, &before, "out");
  check_refused(ppar_rng_permutation(&rng, order, -1, NULL), &rng, &before, "count");
  check_refused(ppar_rng_permutation(&rng, order, INT64_MAX, NULL), &rng, &before, "count");
  for (int i = 0; i < 4; i++) cr_assert(numbers[i] == (uint64_t)i + 1 && order[i] == i + 1);
  cr_assert_eq(ppar_rng_shuffle(&rng, NULL, 0, 8, NULL), PPAR_OK);
  cr_assert_eq(ppar_rng_permutation(&rng, NULL, 0, NULL), PPAR_OK);
}

/* From within a loop's body, on streams of the iterations' own. */
struct rows {
  double *values;
  int64_t length;
};

PPAR_BODY(fill_row, i, struct rows, rows) {
  ppar_rng rng = ppar_rng_stream(1, (uint64_t)i);
  ppar_rng_fill_normal_f64(&rng, rows->values + i * rows->length, rows->length, NULL);
}

Test(rng_arrays, fills_work_inside_of_loops) {
  enum { ROWS = 8, LENGTH = 40000 };
  static double values[ROWS * LENGTH];
  const struct rows rows = {values, LENGTH};
  cr_assert_eq(PPAR_FOR(0, ROWS, fill_row, &rows, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
  for (int row = 0; row < ROWS; row++) {
    ppar_rng rng = ppar_rng_stream(1, (uint64_t)row);
    for (int i = 0; i < LENGTH; i++) cr_assert(values[row * LENGTH + i] == ppar_rng_normal_f64(&rng));
  }
}
