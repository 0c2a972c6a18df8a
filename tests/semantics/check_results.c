/* SPDX-License-Identifier: MIT */
/* check_results.c: under PPAR_CHECK=results each reduction is run again, serially, and the program is told why the
 * values differ; of one that only rounds differently it is told nothing. This program itself never uses the library:
 * its children do. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>
#include "../support/messages.h"
#include "../support/scale.h"

TestSuite(check_results, .timeout = SCALE_TIMEOUT);

enum { N = 1000, LONG = 1000000 };

/* A call that is made in a child, with T threads and this schedule. */
typedef struct call {
  void (*make)(const ppar_options *options);
  ppar_schedule schedule;
  int threads;
} call;

static void make(void *arg) {
  const call *c = arg;
  ppar_options options = PPAR_OPTIONS_INIT(.name = "tried");
  options.schedule = c->schedule;
  options.threads = c->threads;
  c->make(&options);
}

static const ppar_schedule_kind kinds[] = {PPAR_SCHEDULE_AUTO, PPAR_SCHEDULE_STATIC, PPAR_SCHEDULE_DYNAMIC,
                                           PPAR_SCHEDULE_GUIDED};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void assert_silent(void (*function)(const ppar_options *options), const char *what) {
  for (int threads = 1; threads <= 3; threads++) {
    for (int k = 0; k < KINDS; k++) {
      call c = {function, {kinds[k], PPAR_ORDER_DEFAULT, 0}, threads};
      messages m = messages_of(make, &c, "results");
      cr_assert(m.end == 0 && m.text[0] == '\0', "%s, T = %d, kind %d: %s", what, threads, (int)kinds[k], m.text);
    }
  }
}

/* One line, which says so. With one thread only where the cause shows there, too. */
static void assert_told(void (*function)(const ppar_options *options), ppar_schedule schedule, int threads,
                        const char *text) {
  call c = {function, schedule, threads};
  messages m = messages_of(make, &c, "results");
  cr_assert_eq(m.end, 0);
  cr_assert(strstr(m.text, "ppar_parallel_reduce \"tried\" (") == m.text, "%s", m.text);
  cr_assert(strstr(m.text, text) != NULL, "expected \"%s\" in: %s", text, m.text);
  cr_assert_eq(strchr(m.text, '\n'), m.text + strlen(m.text) - 1, "%s", m.text);
}

/* --- What is right ------------------------------------------------------------------------------------------------ */

/* Of mixed signs and sizes: the sums are near 0, and their parts are not. */
static double number(int64_t i) { return (i % 2 == 0 ? 1.0 : -1.0) * (1.0 + (double)(i * 7919 % 1000) / 7.0); }

static void fold_f64(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(double *)sum += number(i);
}
static void fold_f32(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(float *)sum += (float)number(i);
}
static void fold_product(const ppar_chunk *chunk, void *product, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(double *)product *= 1 + number(i) * 1e-6;
}
static void fold_least(const ppar_chunk *chunk, void *least, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) ppar_argmin_f64_take(least, number(i), i);
}
static void fold_complex(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    ((ppar_complex_f64 *)sum)->re += number(i);
    ((ppar_complex_f64 *)sum)->im -= number(i + 1);
  }
}

static void sum_f64(const ppar_options *o) {
  double sum = 0.5;
  (void)ppar_parallel_reduce(0, LONG, fold_f64, NULL, &ppar_sum_f64, &sum, o);
}
static void sum_f32(const ppar_options *o) {
  float sum = 0;
  (void)ppar_parallel_reduce(0, LONG, fold_f32, NULL, &ppar_sum_f32, &sum, o);
}
static void product(const ppar_options *o) {
  double p = 2;
  (void)ppar_parallel_reduce(0, N, fold_product, NULL, &ppar_prod_f64, &p, o);
}
static void least(const ppar_options *o) {
  ppar_indexed_f64 place = {0, -1};
  (void)ppar_parallel_reduce(0, N, fold_least, NULL, &ppar_argmin_f64, &place, o);
}
static void complex_sum(const ppar_options *o) {
  ppar_complex_f64 sum = {1, 2};
  (void)ppar_parallel_reduce(0, LONG, fold_complex, NULL, &ppar_sum_complex_f64, &sum, o);
}

Test(check_results, sums_that_round_differently_are_not_told_of) {
  assert_silent(sum_f64, "doubles");
  assert_silent(sum_f32, "floats");
  assert_silent(product, "a product");
  assert_silent(complex_sum, "complex numbers");
  assert_silent(least, "a place");
}

/* Mean and variance, combined as by Chan, Golub and LeVeque: a type of the program's own, which rounds. */
typedef struct moments {
  double count, mean, squares;
} moments;

static void add_moments(void *into, const void *from) {
  moments *a = into;
  const moments *b = from;
  double count = a->count + b->count, delta = b->mean - a->mean;
  if (count == 0) return;
  a->squares += b->squares + delta * delta * a->count * b->count / count;
  a->mean += delta * b->count / count;
  a->count = count;
}
static void fold_moments(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    moments one = {1, number(i), 0};
    add_moments(value, &one);
  }
}
static const ppar_reduction combined_moments = {.size = sizeof(moments), .combine = add_moments};

static void variance(const ppar_options *o) {
  moments m = {0, 0, 0};
  (void)ppar_parallel_reduce(0, 100000, fold_moments, NULL, &combined_moments, &m, o);
}

/* A sum that keeps what rounding has taken from it, by Knuth's two-sum. */
typedef struct long_sum {
  double sum, rest;
} long_sum;

static void add_long_sum(void *into, const void *from) {
  long_sum *a = into;
  const long_sum *b = from;
  double sum = a->sum + b->sum, seen = sum - a->sum;
  a->rest += (a->sum - (sum - seen)) + (b->sum - seen) + b->rest;
  a->sum = sum;
}
static void fold_long_sum(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    long_sum one = {number(i), 0};
    add_long_sum(value, &one);
  }
}
static const ppar_reduction compensated = {.size = sizeof(long_sum), .combine = add_long_sum};

static void compensated_sum(const ppar_options *o) {
  long_sum sum = {0, 0};
  (void)ppar_parallel_reduce(0, LONG, fold_long_sum, NULL, &compensated, &sum, o);
}

typedef struct bins {
  int64_t bin[100];
} bins;
static void add_bins(void *into, const void *from) {
  for (int b = 0; b < 100; b++) ((bins *)into)->bin[b] += ((const bins *)from)->bin[b];
}
static void fold_bins(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) ((bins *)value)->bin[i * 7919 % 100]++;
}
static const ppar_reduction histogram = {.size = sizeof(bins), .combine = add_bins};

static void count_bins(const ppar_options *o) {
  bins b = {{5}};
  (void)ppar_parallel_reduce(0, N, fold_bins, NULL, &histogram, &b, o);
}

static void fails(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)sum, (void)arg;
  ppar_cancel(chunk, 7);
}
static void canceled(const ppar_options *o) {
  double sum = 1;
  if (ppar_parallel_reduce(0, N, fails, NULL, &ppar_sum_f64, &sum, o) != 7 || sum != 1) abort();
}

static void reproducible(const ppar_options *o) {
  ppar_options options = *o;
  double sum = 0;
  options.reproducible = true;
  (void)ppar_parallel_reduce(0, LONG, fold_f64, NULL, &ppar_sum_f64, &sum, &options);
}

Test(check_results, reductions_of_the_programs_own_that_are_right_are_not_told_of) {
  assert_silent(variance, "moments");
  assert_silent(compensated_sum, "a compensated sum");
  assert_silent(count_bins, "bins");
  assert_silent(canceled, "a loop that fails");
  assert_silent(reproducible, "a reproducible sum");
}

/* --- What is wrong ------------------------------------------------------------------------------------------------ */

static const double zero = 0;
static const ppar_reduction max_from_zero = {.size = sizeof(double), .identity = &zero, .combine = NULL};

static void fold_max(const ppar_chunk *chunk, void *max, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk)
    if (-2.0 - (double)i > *(double *)max) *(double *)max = -2.0 - (double)i;
}
static void wrong_identity(const ppar_options *o) {
  ppar_reduction reduction = max_from_zero;
  double max = -1e9;
  reduction.combine = ppar_max_f64.combine;
  (void)ppar_parallel_reduce(0, N, fold_max, NULL, &reduction, &max, o);
}

Test(check_results, an_identity_that_is_not_neutral_is_told_of) {
  for (int threads = 1; threads <= 3; threads++) {
    assert_told(wrong_identity, ppar_auto(), threads, "in parallel 0, serially -2: the identity is not neutral");
    assert_told(wrong_identity, ppar_dynamic(0), threads, "the identity is not neutral");
  }
}

static void subtract(void *into, const void *from) { *(double *)into -= *(const double *)from; }
static void fold_difference(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(double *)value -= number(i * i);
}
static void difference(const ppar_options *o) {
  static const ppar_reduction minus = {.size = sizeof(double), .combine = subtract};
  double value = 0;
  (void)ppar_parallel_reduce(0, N, fold_difference, NULL, &minus, &value, o);
}

Test(check_results, a_combine_that_is_not_associative_is_told_of) {
  for (int threads = 1; threads <= 3; threads++)
    assert_told(difference, ppar_auto(), threads, "combine is not associative");
  assert_told(difference, ppar_static(0), 2, "combine is not associative");
}

static void fold_ones(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  *(double *)value -= (double)chunk->count;
}
/* Two iterations, and the index behind the second is no int64_t. */
static void few_at_the_end(const ppar_options *o) {
  static const ppar_reduction minus = {.size = sizeof(double), .combine = subtract};
  ppar_options options = *o;
  double value = 0;
  options.step = 9;
  (void)ppar_parallel_reduce(INT64_MAX - 10, INT64_MAX, fold_ones, NULL, &minus, &value, &options);
}

Test(check_results, fewer_iterations_than_parts_are_no_further_loop) {
  assert_told(few_at_the_end, ppar_static(0), 2, "the identity is not neutral");
}

static void fold_squares(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    int64_t *v = value;
    *v = *v * 3 + i;
  }
}
static void horner(const ppar_options *o) {
  int64_t value = 1;
  (void)ppar_parallel_reduce(0, 30, fold_squares, NULL, &ppar_sum_i64, &value, o);
}

Test(check_results, a_fold_that_does_something_else_than_combine_is_told_of) {
  for (int threads = 1; threads <= 3; threads++)
    assert_told(horner, ppar_auto(), threads, "fold and combine do not do the same");
}

static void fold_greatest(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(double *)value = fmax(*(double *)value, (double)i);
}
static void greatest_by_sum(const ppar_options *o) {
  double value = -INFINITY;
  (void)ppar_parallel_reduce(0, N, fold_greatest, NULL, &ppar_sum_f64, &value, o);
}

Test(check_results, infinity_beside_a_number_is_no_rounding) {
  assert_told(greatest_by_sum, ppar_static(0), 2,
              "in parallel -inf, serially 999: fold and combine do not do the same");
}

/* The first and the last iteration: what one that is not commutative might keep. */
typedef struct ends {
  int32_t first, last; /* -1: none */
} ends;
static void add_ends(void *into, const void *from) {
  ends *a = into;
  const ends *b = from;
  if (b->first < 0) return;
  if (a->first < 0) a->first = b->first;
  a->last = b->last;
}
static void fold_ends(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    ends one = {(int32_t)i, (int32_t)i};
    add_ends(value, &one);
  }
}
static void keep_ends(const ppar_options *o) {
  static const ends none = {-1, -1};
  static const ppar_reduction reduction = {.size = sizeof(ends), .identity = &none, .combine = add_ends};
  ends value = {-1, -1};
  (void)ppar_parallel_reduce(0, N, fold_ends, NULL, &reduction, &value, o);
}

Test(check_results, a_combine_that_is_not_commutative_is_told_of_where_it_has_to_be) {
  call blocks = {keep_ends, ppar_static(0), 3};
  messages m = messages_of(make, &blocks, "results");
  cr_assert(m.end == 0 && m.text[0] == '\0', "%s", m.text);
  assert_told(keep_ends, ppar_auto(), 3, "combine depends on the order");
}

static int64_t calls;
static void fold_calls(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(int64_t *)sum += __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
}
static void sum_calls(const ppar_options *o) {
  int64_t sum = 0;
  (void)ppar_parallel_reduce(0, N, fold_calls, NULL, &ppar_sum_i64, &sum, o);
  if (sum != (int64_t)N * (N + 1) / 2) abort(); /* The program gets the parallel value, of the first run. */
}

Test(check_results, a_body_that_changes_what_it_reads_is_told_of) {
  assert_told(sum_calls, ppar_auto(), 2, "a further serial run gives another value");
  assert_told(sum_calls, ppar_dynamic(1), 1, "a further serial run gives another value");
}

static void fold_threads(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(int32_t *)sum += ppar_num_threads();
}
static void sum_threads(const ppar_options *o) {
  int32_t sum = 0;
  (void)ppar_parallel_reduce(0, N, fold_threads, NULL, &ppar_sum_i32, &sum, o);
}

Test(check_results, a_body_that_depends_on_threads_is_told_of) {
  assert_told(sum_threads, ppar_auto(), 2, "in parallel 2000, serially 1000: only at the same time");
}

/* --- How often, and of what --------------------------------------------------------------------------------------- */

/* A pointer that may change keeps compilers from making five places of the one. */
static void (*volatile one_place)(const ppar_options *o) = wrong_identity;

static void often(const ppar_options *o) {
  for (int k = 0; k < 5; k++) one_place(o);
}

Test(check_results, a_place_is_told_once) { assert_told(often, ppar_auto(), 2, "not neutral"); }

Test(check_results, nothing_is_run_again_unless_asked_for) {
  static const char *const others[] = {NULL, "0", "1"};
  for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
    call c = {wrong_identity, ppar_auto(), 2};
    messages m = messages_of(make, &c, others[k]);
    cr_assert(m.end == 0 && m.text[0] == '\0', "%s", m.text);
  }
  call c = {wrong_identity, ppar_auto(), 2};
  messages m = messages_of(make, &c, "1,results");
  cr_assert(strstr(m.text, "not neutral") != NULL, "%s", m.text);
}

/* The same number and letter from every thread, and between them what the thread's memory held. */
typedef struct padded {
  double number;
  char letter;
} padded;
static void keep_greatest(void *into, const void *from) {
  if (((const padded *)from)->number > ((padded *)into)->number) memcpy(into, from, sizeof(padded));
}
static void fold_padded(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    unsigned char bytes[sizeof(padded)];
    double number = (double)(i % N);
    memset(bytes, ppar_num_threads() > 1 ? 0xff : 0x7f, sizeof bytes);
    memcpy(bytes + offsetof(padded, number), &number, sizeof number);
    bytes[offsetof(padded, letter)] = 'a';
    keep_greatest(value, bytes);
  }
}
static void greatest_padded(const ppar_options *o) {
  static const padded least = {-1, 'z'};
  static const ppar_reduction reduction = {.size = sizeof(padded), .identity = &least, .combine = keep_greatest};
  padded value = {-1, 'z'};
  (void)ppar_parallel_reduce(0, N, fold_padded, NULL, &reduction, &value, o);
}

Test(check_results, bytes_between_fields_may_be_all_that_differs) {
  assert_told(greatest_padded, ppar_auto(), 2, "or only bytes between the value's fields differ");
}
