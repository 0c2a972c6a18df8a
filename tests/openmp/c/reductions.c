// SPDX-License-Identifier: MIT
// reductions.c: reductions by every operator, of the program's own, of arrays; on regions, loops, sections and scopes.
#include <complex.h>
#include <limits.h>

#include "program.h"

enum { N = 500 };

static long value(int i) { return (i * 7919L) % 1009 - 300; }

PROGRAM(reductions_operators) {
  long sum = 5, difference = 3, lowest = LONG_MAX, highest = LONG_MIN, all_bits = -1, any_bit = 0, parity = 9;
  int every = 1, some = 0;
  unsigned product = 1;
  double real = 0.5;
  long sum_1 = sum, lowest_1 = lowest, highest_1 = highest, all_1 = all_bits, any_1 = any_bit, parity_1 = parity;
  unsigned product_1 = product;
  for (int i = 0; i < N; i++) {
    long v = value(i);
    sum_1 += v;
    lowest_1 = v < lowest_1 ? v : lowest_1;
    highest_1 = v > highest_1 ? v : highest_1;
    all_1 &= v | 0x500;
    any_1 |= v & 0x3f;
    parity_1 ^= v;
    product_1 *= (unsigned)v | 1u;
  }
#pragma omp parallel for schedule(dynamic, 3) reduction(+ : sum, real) reduction(- : difference) \
    reduction(min : lowest) reduction(max : highest) reduction(& : all_bits) \
    reduction(| : any_bit) reduction(^ : parity) \
    reduction(&& : every) reduction(|| : some) reduction(* : product)
  for (int i = 0; i < N; i++) {
    long v = value(i);
    sum += v;
    difference -= v;
    real += i;
    if (v < lowest) lowest = v;
    if (v > highest) highest = v;
    all_bits &= v | 0x500;
    any_bit |= v & 0x3f;
    parity ^= v;
    every = every && v > -1000;
    some = some || i == 77;
    product *= (unsigned)v | 1u;
  }
  EXPECT_EQ(sum, sum_1);
  EXPECT_EQ(difference, 8 - sum_1);
  EXPECT_EQ(lowest, lowest_1);
  EXPECT_EQ(highest, highest_1);
  EXPECT_EQ(all_bits, all_1);
  EXPECT_EQ(any_bit, any_1);
  EXPECT_EQ(parity, parity_1);
  EXPECT_EQ(product, product_1);
  EXPECT(every && some);
  EXPECT(real == 0.5 + N * (N - 1) / 2);
}

PROGRAM(reductions_types) {
  char c = 1;
  short s = 1;
  unsigned long long u = 1;
  float f = 1;
  long double l = 1;
  double complex z = 1;
#pragma omp parallel reduction(+ : c, s, u, f, l, z)
  {
    c++;
    s++;
    u++;
    f++;
    l++;
    z += 1 + 2 * I;
  }
  int threads = program_threads();
  EXPECT_EQ(c, threads + 1);
  EXPECT_EQ(s, threads + 1);
  EXPECT_EQ(u, threads + 1);
  EXPECT(f == threads + 1);
  EXPECT(l == threads + 1);
  EXPECT(creal(z) == threads + 1 && cimag(z) == 2 * threads);
}

typedef struct {
  long sum, most;
  int count;
} digest;

static void combine(digest *into, const digest *from) {
  into->sum += from->sum;
  into->count += from->count;
  if (from->most > into->most) into->most = from->most;
}

#pragma omp declare reduction(digest:digest : combine(&omp_out, &omp_in)) initializer(omp_priv = {0, LONG_MIN, 0})
#pragma omp declare reduction(farthest:int                                                        \
                              : omp_out = omp_in * omp_in > omp_out * omp_out ? omp_in : omp_out) \
    initializer(omp_priv = 0)

PROGRAM(reductions_own) {
  digest whole = {1000, LONG_MIN, 1};
  int far = 0;
#pragma omp parallel for reduction(digest : whole) reduction(farthest : far) schedule(guided)
  for (int i = 0; i < N; i++) {
    digest one = {i, i, 1};
    combine(&whole, &one);
    int distance = i - 400;
    if (distance * distance > far * far) far = distance;
  }
  EXPECT_EQ(whole.sum, 1000 + N * (N - 1) / 2);
  EXPECT_EQ(whole.most, N - 1);
  EXPECT_EQ(whole.count, N + 1);
  EXPECT_EQ(far, -400);
}

static void of_a_pointer(long *bins, int count) {
#pragma omp parallel for reduction(+ : bins [1:count - 2]) schedule(dynamic, 5)
  for (int i = 0; i < N; i++) bins[1 + i % (count - 2)]++;
}

PROGRAM(reductions_arrays) {
  int array[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  static double matrix[5][3];
#pragma omp parallel for reduction(+ : array) reduction(+ : matrix [0:5])
  for (int i = 0; i < 160; i++) {
    array[i % 8] += i;
    matrix[i % 5][i % 3] += 1;
  }
  for (int i = 0; i < 8; i++) EXPECT_EQ(array[i], 1 + 20 * i + 8 * 190);
  double total = 0;
  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 3; j++) total += matrix[i][j];
  EXPECT(total == 160);
  long bins[12] = {0};
  bins[0] = bins[11] = -7;
  of_a_pointer(bins, 12);
  for (int i = 1; i < 11; i++) EXPECT_EQ(bins[i], N / 10);
  EXPECT_EQ(bins[0] + bins[11], -14);
}

PROGRAM(reductions_sections) {
  for (int round = 0; round < 10; round++) {
    int sum = 1;
#pragma omp parallel sections reduction(+ : sum)
    {
#pragma omp section
      sum += 10;
#pragma omp section
      sum += 100;
#pragma omp section
      sum += 1000;
    }
    EXPECT_EQ(sum, 1111);
  }
}

// Several constructs of one region, each with a result that all threads read after it.
PROGRAM(reductions_in_a_region) {
  static long sum;
  static int members;
#pragma omp parallel
  for (int round = 1; round <= 20; round++) {
#pragma omp single
    sum = members = 0;
#pragma omp for reduction(+ : sum) schedule(dynamic, 2)
    for (int i = 0; i < 100; i++) sum += round;
    EXPECT_EQ(sum, 100 * round);
#pragma omp scope reduction(+ : members)
    members++;
    EXPECT_EQ(members, omp_get_num_threads());
#pragma omp barrier
  }
}
