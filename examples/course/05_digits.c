/* SPDX-License-Identifier: MIT */
/* 05_digits.c: the integral of sin(x + y) over [0, pi] x [0, pi], which is 0, by the midpoint rule: one sum of n * n
 * numbers, in several ways.
 *
 *   05_digits WAY [N] [THREADS] [SCHEDULE]      WAY: serial, half, parallel, reproducible, pairwise, exact */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

/* [serial] */
struct grid {
  int64_t n; /* points a side */
  double h;  /* from one to the next */
  double *row_sums;
};

static double value(const struct grid *g, int64_t i, int64_t j) {
  return sin(g->h * ((double)i + 0.5) + g->h * ((double)j + 0.5));
}

static double serial(const struct grid *g, int64_t rows) {
  double sum = 0;
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < g->n; j++) sum += value(g, i, j);
  }
  return sum;
}
/* [/serial] */

/* [parallel] */
PPAR_FOLD(add_row, double, sum, i, struct grid, g) {
  for (int64_t j = 0; j < g->n; j++) *sum += value(g, i, j);
}

static double parallel(struct grid *g, ppar_options options) {
  double sum = 0;
  ppar_parallel_reduce(0, g->n, add_row, g, &ppar_sum_f64, &sum, &options);
  return sum;
}
/* [/parallel] */

/* [reproducible] */
static double reproducible(struct grid *g, ppar_options options) {
  options.reproducible = true;
  return parallel(g, options);
}
/* [/reproducible] */

/* [pairwise] */
static double pairs_of_row(const struct grid *g, int64_t i, int64_t begin, int64_t end) {
  if (end - begin == 1) return value(g, i, begin);
  int64_t middle = begin + (end - begin) / 2;
  return pairs_of_row(g, i, begin, middle) + pairs_of_row(g, i, middle, end);
}

static double pairs(const double *x, int64_t n) {
  return n == 1 ? x[0] : pairs(x, n / 2) + pairs(x + n / 2, n - n / 2);
}

PPAR_BODY(sum_row, i, struct grid, g) { g->row_sums[i] = pairs_of_row(g, i, 0, g->n); }

static double pairwise(struct grid *g, ppar_options options) {
  ppar_parallel_for(0, g->n, sum_row, g, &options);
  return pairs(g->row_sums, g->n); /* serially: n additions only */
}
/* [/pairwise] */

/* [exact] */
/* A sum of doubles without any rounding: a number of 70 digits. Digit k counts units of 2^(32 k - 1152). It stands for
 * 32 bits, and has room for 64, so that 2^30 numbers can be added before anything must be carried to the next digit. */
enum { DIGITS = 70, LOWEST = -1152 };

struct exact {
  int64_t digit[DIGITS];
};

/* A double is whole * 2^(exponent - 1075), where whole has 53 bits: they go to three digits. x is finite. */
static void exact_add(struct exact *sum, double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (int)(bits >> 52 & 0x7ff);
  uint64_t whole = bits & ((UINT64_C(1) << 52) - 1);
  if (exponent > 0) {
    whole |= UINT64_C(1) << 52; /* this bit of a double is not stored, since it is always 1 ... */
  } else {
    exponent = 1; /* ... but near 0 */
  }
  int place = exponent - 1075 - LOWEST, shift = place % 32;
  int64_t *digit = &sum->digit[place / 32];
  int64_t sign = bits >> 63 != 0 ? -1 : 1;
  digit[0] += sign * (int64_t)(whole << shift & 0xffffffff);
  digit[1] += sign * (int64_t)(whole >> (32 - shift) & 0xffffffff);
  if (shift > 0) digit[2] += sign * (int64_t)(whole >> (64 - shift));
}

static void exact_combine(void *into, const void *from) {
  struct exact *a = into;
  const struct exact *b = from;
  for (int k = 0; k < DIGITS; k++) a->digit[k] += b->digit[k];
}

static const ppar_reduction exact_sum = {.size = sizeof(struct exact), .combine = exact_combine};

PPAR_FOLD(add_row_exactly, struct exact, sum, i, struct grid, g) {
  for (int64_t j = 0; j < g->n; j++) exact_add(sum, value(g, i, j));
}
/* [/exact] */

/* [round] */
/* All digits but the highest become 0 ... 2^32 - 1. */
static void exact_carry(struct exact *sum) {
  for (int k = 0; k < DIGITS - 1; k++) {
    int64_t carry = sum->digit[k] >> 32; /* rounds down, for numbers below 0, too */
    sum->digit[k] -= carry * (INT64_C(1) << 32);
    sum->digit[k + 1] += carry;
  }
}

/* The double that is nearest to the sum: the only rounding there is. */
static double exact_round(struct exact sum) {
  exact_carry(&sum);
  double sign = sum.digit[DIGITS - 1] < 0 ? -1 : 1;
  if (sign < 0) {
    for (int k = 0; k < DIGITS; k++) sum.digit[k] = -sum.digit[k];
    exact_carry(&sum);
  }
  int top = DIGITS - 1;
  while (top > 1 && sum.digit[top] == 0) top--;
  if (top == 1) return 0; /* no double has a bit as low as in digits 0 and 1 */
  /* 64 bits, from the first one that is 1 on. The last of them is also set if anything follows, so that a number just
   * above the middle between two doubles is not taken for the middle. */
  uint64_t bits = (uint64_t)sum.digit[top] << 32 | (uint64_t)sum.digit[top - 1];
  int shift = __builtin_clzll(bits);
  uint64_t next = (uint64_t)sum.digit[top - 2] << 32;
  if (shift > 0) bits = bits << shift | next >> (64 - shift);
  bool more = next << shift != 0;
  for (int k = 0; k < top - 2; k++) more = more || sum.digit[k] != 0;
  if (more) bits |= 1;
  return sign * ldexp((double)bits, 32 * (top - 1) + LOWEST - shift);
}

static double exact(struct grid *g, int64_t rows, ppar_options options) {
  struct exact sum = {{0}};
  ppar_parallel_reduce(0, rows, add_row_exactly, g, &exact_sum, &sum, &options);
  return exact_round(sum);
}
/* [/round] */

static int fail(const char *what) {
  fprintf(stderr,
          "05_digits: %s\nusage: 05_digits serial|half|parallel|reproducible|pairwise|exact [N] [THREADS] [SCHEDULE]\n",
          what);
  return 2;
}

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "serial";
  struct grid g = {.n = argc > 2 ? atoll(argv[2]) : 10000};
  ppar_options options = PPAR_OPTIONS_INIT(.threads = argc > 3 ? atoi(argv[3]) : 0, .name = way);
  if (g.n < 1 || g.n > 1000000) return fail("N is not 1 to 1000000");
  if (argc > 4 && ppar_schedule_parse(argv[4], &options.schedule) != PPAR_OK) return fail("no such schedule");
  g.h = M_PI / (double)g.n;
  g.row_sums = malloc((size_t)g.n * sizeof(double));
  if (g.row_sums == NULL) return fail("no memory");
  double begin = ppar_wtime(), sum = 0;
  if (strcmp(way, "serial") == 0) {
    sum = serial(&g, g.n);
  } else if (strcmp(way, "half") == 0) {
    sum = serial(&g, g.n / 2) - exact(&g, g.n / 2, options); /* how far off the serial sum is after half of the rows */
  } else if (strcmp(way, "parallel") == 0) {
    sum = parallel(&g, options);
  } else if (strcmp(way, "reproducible") == 0) {
    sum = reproducible(&g, options);
  } else if (strcmp(way, "pairwise") == 0) {
    sum = pairwise(&g, options);
  } else if (strcmp(way, "exact") == 0) {
    sum = exact(&g, g.n, options);
  } else {
    return fail("no such way");
  }
  double time = ppar_wtime() - begin;
  double integral = g.h * g.h * sum;
  printf("%-13s %13.6e  all digits: %a  %.2f s\n", way, integral, integral, time);
  free(g.row_sums);
  return 0;
}
