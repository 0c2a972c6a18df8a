/* SPDX-License-Identifier: MIT */
/* scan.c: scans write what the serial loop would, for any bounds, T, size of values and operator, in place too; failing
 * chunks end them as they would end the serial passes. */
#include <errno.h>
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/matrices.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(scan, .timeout = SCALE_TIMEOUT);

static const int all_threads[] = {1, 2, 3, 8, 33};
enum { THREADS = sizeof all_threads / sizeof all_threads[0] };

static ppar_options options_of(int threads, bool reproducible) {
  return (ppar_options){.threads = threads, .reproducible = reproducible};
}

static bool equal(struct matrix x, struct matrix y) { return x.a == y.a && x.b == y.b && x.c == y.c && x.d == y.d; }

/* --- Loops -------------------------------------------------------------------------------------------------- */

enum { ITERATIONS_MOST = 5000 };

struct products {
  struct loop_case loop;
  struct matrix *out; /* in the iteration space's order: the prefix that each iteration was reached with */
  _Atomic unsigned char *folded, *written;
  struct findings *found;
};

static void fold_products(const ppar_chunk *chunk, void *value, void *arg) {
  const struct products *p = arg;
  struct matrix m = *(struct matrix *)value;
  EXPECT(p->found, equal(m, one) && chunk->count != 0);
  EXPECT(p->found, chunk->thread == ppar_thread_num() && ppar_num_threads() == p->loop.threads);
  ppar_for_each_index(i, chunk) {
    uint64_t k = case_number(&p->loop, i);
    EXPECT(p->found, p->written[k] == 0);
    p->folded[k]++;
    m = product(m, matrix_of(i));
  }
  *(struct matrix *)value = m;
  errno = EDOM;
}

static void write_products(const ppar_chunk *chunk, void *prefix, void *arg) {
  const struct products *p = arg;
  struct matrix m = *(struct matrix *)prefix;
  uint64_t count = 0;
  ppar_for_each_index(i, chunk) {
    uint64_t k = case_number(&p->loop, i);
    p->written[k]++;
    p->out[k] = m;
    m = product(m, matrix_of(i));
    count++;
  }
  EXPECT(p->found, count == chunk->count);
  *(struct matrix *)prefix = m;
  work_yield();
  errno = ERANGE;
}

static void check_loop(const struct loop_case *loop) {
  static struct matrix out[ITERATIONS_MOST];
  static _Atomic unsigned char folded[ITERATIONS_MOST], written[ITERATIONS_MOST];
  struct findings found = {0, NULL};
  struct products p = {*loop, out, folded, written, &found};
  struct matrix total = matrix_of(-77), expected = total;
  ppar_options options = case_options(loop);
  uint64_t n = case_iterations(loop);
  cr_assert(n <= ITERATIONS_MOST);
  for (uint64_t k = 0; k < n; k++) folded[k] = written[k] = 0;
  errno = 1234;
  cr_assert_eq(ppar_parallel_scan(loop->bounds.begin, loop->bounds.end, fold_products, write_products, &p,
                                  &matrix_product, &total, &options),
               PPAR_OK, "%s", case_text(loop));
  EXPECT(&found, errno == 1234);
  for (uint64_t k = 0; k < n; k++) {
    EXPECT(&found, written[k] == 1 && folded[k] <= 1);
    EXPECT(&found, equal(out[k], expected));
    expected = product(expected, matrix_of((int64_t)((uint64_t)loop->bounds.begin + k * (uint64_t)loop->bounds.step)));
  }
  EXPECT(&found, equal(total, expected));
  ASSERT_CLEAN(&found, case_text(loop));
}

Test(scan, loops_write_the_serial_prefixes) {
  static const ppar_bounds bounds[] = {{0, 0, 1},
                                       {5, -5, 1},
                                       {0, 1, 1},
                                       {0, 2, 1},
                                       {0, 7, 1},
                                       {0, 63, 1},
                                       {-1000, 1000, 1},
                                       {999, -1001, -3},
                                       {0, 4999, 1},
                                       {INT64_MIN, INT64_MAX, INT64_MAX / 300},
                                       {INT64_MAX, INT64_MAX - 2049, -1}};
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
    for (size_t t = 0; t < THREADS; t++) {
      for (int variant = 0; variant < 4; variant++) {
        struct loop_case loop = {.bounds = bounds[b],
                                 .threads = all_threads[t],
                                 .reproducible = variant % 2 != 0,
                                 .pool = variant < 2 ? NULL : pool};
        check_loop(&loop);
      }
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* --- Arrays ------------------------------------------------------------------------------------------------- */

static void check_array(const void *from, int64_t count, const ppar_reduction *reduction, int threads, int variant) {
  size_t size = reduction->size, bytes = (size_t)count * size;
  bool exclusive = variant % 2 != 0, in_place = variant / 2 % 2 != 0, with_total = variant / 4 % 2 != 0;
  unsigned char *to = malloc(bytes + 1), *value = malloc(size), *total = malloc(size);
  ppar_options options = options_of(threads, variant / 8 % 2 != 0);
  int status;
  if (in_place) memcpy(to, from, bytes);
  if (reduction->identity != NULL) {
    memcpy(value, reduction->identity, size);
  } else {
    memset(value, 0, size);
  }
  if (with_total && count > 0) reduction->combine(value, from);
  memcpy(total, value, size);
  status = (exclusive ? ppar_exclusive_scan : ppar_inclusive_scan)(in_place ? to : from, to, count, reduction,
                                                                   with_total ? total : NULL, &options);
  cr_assert_eq(status, PPAR_OK);
  for (int64_t i = 0; i < count; i++) {
    const unsigned char *element = (const unsigned char *)from + (size_t)i * size, *out = to + (size_t)i * size;
    if (exclusive) cr_assert(memcmp(out, value, size) == 0, "element %" PRId64 ", variant %d", i, variant);
    reduction->combine(value, element);
    if (!exclusive) cr_assert(memcmp(out, value, size) == 0, "element %" PRId64 ", variant %d", i, variant);
  }
  if (with_total) cr_assert(memcmp(total, value, size) == 0, "total, variant %d", variant);
  free(total);
  free(value);
  free(to);
}

enum { ARRAY_VARIANTS = 16 };

static void check_arrays(const void *from, int64_t count, const ppar_reduction *reduction) {
  for (size_t t = 0; t < THREADS; t++) {
    for (int variant = 0; variant < ARRAY_VARIANTS; variant++) {
      check_array(from, count, reduction, all_threads[t], variant);
    }
  }
}

static const int64_t array_counts[] = {0, 1, 2, 5, 1000, 30011};
enum { ARRAY_COUNTS = sizeof array_counts / sizeof array_counts[0], ARRAY_MOST = 30011 };

Test(scan, arrays_of_doubles_and_floats_are_scanned_bit_for_bit_where_the_operator_is_exact) {
  double *x = malloc(ARRAY_MOST * sizeof *x);
  float *y = malloc(ARRAY_MOST * sizeof *y);
  for (int64_t i = 0; i < ARRAY_MOST; i++) { /* small integers, zeros of both signs among them */
    x[i] = (double)(work_hash(i) % 9) - 4;
    if (x[i] == 0 && i % 2 != 0) x[i] = -x[i];
    y[i] = (float)x[i];
  }
  for (size_t c = 0; c < ARRAY_COUNTS; c++) {
    check_arrays(x, array_counts[c], &ppar_sum_f64);
    check_arrays(x, array_counts[c], &ppar_min_f64);
    check_arrays(y, array_counts[c], &ppar_max_f32);
    check_arrays(y, array_counts[c], &ppar_sum_f32);
  }
  free(y);
  free(x);
}

Test(scan, arrays_of_integers_are_scanned) {
  static const ppar_reduction *const of_64[] = {&ppar_sum_i64, &ppar_prod_u64, &ppar_min_i64,
                                                &ppar_max_u64, &ppar_and_u64,  &ppar_xor_i64};
  static const ppar_reduction *const of_32[] = {&ppar_sum_i32, &ppar_prod_i32, &ppar_min_u32, &ppar_or_u32,
                                                &ppar_any_int};
  int64_t *x = malloc(ARRAY_MOST * sizeof *x);
  for (int64_t i = 0; i < ARRAY_MOST; i++) x[i] = (int64_t)(work_hash(i) | 1);
  for (size_t c = 0; c < ARRAY_COUNTS; c++) {
    for (size_t r = 0; r < sizeof of_64 / sizeof of_64[0]; r++) check_arrays(x, array_counts[c], of_64[r]);
    for (size_t r = 0; r < sizeof of_32 / sizeof of_32[0]; r++) check_arrays(x, array_counts[c], of_32[r]);
  }
  free(x);
}

/* Affine maps modulo 256, coefficient by coefficient: 2 * WIDTH bytes, an operator that does not commute. */
enum { WIDTH = 1500 };

struct maps {
  unsigned char scale[WIDTH], shift[WIDTH];
};

static struct maps same; /* every scale 1, every shift 0 */

static void follow(void *into, const void *from) {
  struct maps *first = into;
  const struct maps *then = from;
  for (int i = 0; i < WIDTH; i++) {
    first->scale[i] = (unsigned char)(first->scale[i] * then->scale[i]);
    first->shift[i] = (unsigned char)(first->shift[i] * then->scale[i] + then->shift[i]);
  }
}

Test(scan, the_operator_need_not_commute_and_values_may_be_large) {
  static const ppar_reduction maps = {sizeof(struct maps), &same, follow};
  enum { MAPS = 150, MATRICES = 5000 };
  struct maps *x = malloc(MAPS * sizeof *x);
  struct matrix *y = malloc(MATRICES * sizeof *y);
  memset(same.scale, 1, sizeof same.scale);
  for (int64_t i = 0; i < MAPS; i++) {
    for (int64_t j = 0; j < WIDTH; j++) {
      x[i].scale[j] = (unsigned char)(work_hash(i * WIDTH + j) | 1);
      x[i].shift[j] = (unsigned char)work_hash(-i * WIDTH - j);
    }
  }
  for (int64_t i = 0; i < MATRICES; i++) y[i] = matrix_of(i);
  check_arrays(x, MAPS, &maps);
  check_arrays(x, 1, &maps);
  check_arrays(y, MATRICES, &matrix_product);
  free(y);
  free(x);
}

Test(scan, reproducible_scans_have_the_same_bits_for_every_t) {
  enum { COUNT = 100003 };
  double *x = malloc(COUNT * sizeof *x), *y = malloc(COUNT * sizeof *y), *z = malloc(COUNT * sizeof *z), total[THREADS];
  for (int64_t i = 0; i < COUNT; i++) x[i] = 1.0 / (double)(1 + work_hash(i) % 1000);
  for (size_t t = 0; t < THREADS; t++) {
    ppar_options options = options_of(all_threads[t], true);
    total[t] = 0.1;
    cr_assert_eq(ppar_inclusive_scan(x, t == 0 ? y : z, COUNT, &ppar_sum_f64, &total[t], &options), PPAR_OK);
    if (t != 0) cr_assert(memcmp(y, z, COUNT * sizeof *y) == 0 && memcmp(&total[t], &total[0], sizeof *total) == 0);
  }
  free(z);
  free(y);
  free(x);
}

/* --- Failure ------------------------------------------------------------------------------------------------ */

enum { FOLD_FAILED = 1000000 };

struct failing {
  int64_t fold_fails, write_fails; /* from this index on; INT64_MAX: never */
  _Atomic unsigned char *written;
  struct findings *found;
};

static void fold_or_fail(const ppar_chunk *chunk, void *value, void *arg) {
  const struct failing *f = arg;
  *(int64_t *)value += (int64_t)chunk->count;
  if (chunk->begin <= f->fold_fails) EXPECT(f->found, !ppar_is_canceled(chunk));
  if (chunk->end <= f->fold_fails) return;
  ppar_cancel(chunk, FOLD_FAILED + (int)chunk->begin);
  EXPECT(f->found, ppar_is_canceled(chunk));
}

static void write_or_fail(const ppar_chunk *chunk, void *prefix, void *arg) {
  const struct failing *f = arg;
  *(int64_t *)prefix += (int64_t)chunk->count;
  if (chunk->begin <= f->write_fails) EXPECT(f->found, !ppar_is_canceled(chunk));
  ppar_for_each_index(i, chunk) {
    if (i >= f->write_fails) {
      ppar_cancel(chunk, 1 + (int)i);
      EXPECT(f->found, ppar_is_canceled(chunk));
      return;
    }
    f->written[i]++;
  }
}

Test(scan, fails_as_the_serial_passes_would) {
  enum { COUNT = 3000 };
  static _Atomic unsigned char written[COUNT];
  static const int64_t places[] = {0, 1, 100, 1499, 2500, COUNT - 1, INT64_MAX};
  enum { PLACES = sizeof places / sizeof places[0] };
  for (size_t t = 0; t < THREADS; t++) {
    for (size_t place = 0; place < PLACES * PLACES * 2; place++) {
      struct findings found = {0, NULL};
      struct failing f = {places[place % PLACES], places[place / PLACES % PLACES], written, &found};
      ppar_options options = options_of(all_threads[t], place >= PLACES * PLACES);
      int64_t result = -5;
      int status;
      for (int i = 0; i < COUNT; i++) written[i] = 0;
      status = ppar_parallel_scan(0, COUNT, fold_or_fail, write_or_fail, &f, &ppar_sum_i64, &result, &options);
      ASSERT_CLEAN(&found, "a block's chunk");
      cr_assert_eq(result, status == PPAR_OK ? COUNT - 5 : -5);
      if (status >= FOLD_FAILED) { /* of the block that has the index */
        cr_assert(status - FOLD_FAILED <= f.fold_fails);
        for (int i = 0; i < COUNT; i++) cr_assert_eq(written[i], 0);
        continue;
      }
      /* The last block is never folded. */
      if (f.fold_fails < COUNT / 2 && (all_threads[t] > 1 || options.reproducible)) cr_assert_fail("fold's failure");
      cr_assert_eq(status, f.write_fails < COUNT ? 1 + (int)f.write_fails : PPAR_OK);
      for (int64_t i = 0; i < COUNT && i < f.write_fails; i++) cr_assert_eq(written[i], 1);
    }
  }
}

Test(scan, bad_input_is_refused) {
  static const ppar_reduction no_size = {0, NULL, multiply}, no_combine = {8, NULL, NULL};
  static const ppar_options bad[] = {{.threads = -1},
                                     {.threads = PPAR_MAX_THREADS + 1},
                                     {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, -1}},
                                     {.tile = {1}},
                                     {.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 1}},
                                     {.nowait = true},
                                     {.ordered = true}};
  static _Atomic unsigned char written[10];
  struct failing f = {INT64_MAX, INT64_MAX, written, NULL};
  int64_t x[4] = {1, 2, 3, 4}, result = 7;
  for (int64_t n = 0; n < 10; n += 9) {
    cr_assert_eq(ppar_parallel_scan(0, n, NULL, write_or_fail, &f, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, NULL, &f, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, write_or_fail, &f, NULL, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, write_or_fail, &f, &no_size, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, write_or_fail, &f, &no_combine, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, write_or_fail, &f, &ppar_sum_i64, NULL, NULL), PPAR_EINVAL);
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
      cr_assert_eq(ppar_parallel_scan(0, n, fold_or_fail, write_or_fail, &f, &ppar_sum_i64, &result, &bad[b]),
                   PPAR_EINVAL);
    }
  }
  for (int k = 0; k < 2; k++) {
    int (*scan)(const void *, void *, int64_t, const ppar_reduction *, void *, const ppar_options *) =
        k == 0 ? ppar_inclusive_scan : ppar_exclusive_scan;
    cr_assert_eq(scan(NULL, x, 4, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, NULL, 4, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, -1, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, INT64_MIN, &ppar_sum_i64, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, 4, NULL, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, 4, &no_size, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, 4, &no_combine, &result, NULL), PPAR_EINVAL);
    cr_assert_eq(scan(x, x, 4, &ppar_sum_i64, &result, PPAR_OPTIONS(.step = 1)), PPAR_EINVAL);
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
      cr_assert_eq(scan(x, x, 4, &ppar_sum_i64, &result, &bad[b]), PPAR_EINVAL);
      cr_assert_eq(scan(x, x, 0, &ppar_sum_i64, &result, &bad[b]), PPAR_EINVAL);
    }
    cr_assert_eq(scan(NULL, NULL, 0, &ppar_sum_i64, &result, NULL), PPAR_OK);
  }
  cr_assert(result == 7 && x[0] == 1 && x[3] == 4 && written[0] == 0);
}

/* --- Company ------------------------------------------------------------------------------------------------ */

static void scan_alone(struct findings *found, int64_t seed) {
  enum { COUNT = 20000 };
  uint64_t *x = malloc(COUNT * sizeof *x), sum = 0;
  for (int64_t i = 0; i < COUNT; i++) x[i] = work_hash(seed + i);
  EXPECT(found, ppar_inclusive_scan(x, x, COUNT, &ppar_sum_u64, NULL, PPAR_OPTIONS(.threads = 4)) == PPAR_OK);
  for (int64_t i = 0; i < COUNT; i++) EXPECT(found, x[i] == (sum += work_hash(seed + i)));
  free(x);
}

static void scan_in_body(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) scan_alone(arg, i);
}

static void *scan_in_thread(void *arg) {
  for (int64_t k = 0; k < (int64_t)scaled(40); k++) scan_alone(arg, k);
  return NULL;
}

Test(scan, works_in_bodies_and_on_many_threads_at_once) {
  struct findings found = {0, NULL};
  pthread_t threads[8];
  cr_assert_eq(ppar_parallel_for(0, 50, scan_in_body, &found, PPAR_OPTIONS(.threads = 8)), PPAR_OK);
  for (int t = 0; t < 8; t++) cr_assert_eq(pthread_create(&threads[t], NULL, scan_in_thread, &found), 0);
  for (int t = 0; t < 8; t++) pthread_join(threads[t], NULL);
  ASSERT_CLEAN(&found, "scans in bodies and threads");
}
