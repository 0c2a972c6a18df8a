// SPDX-License-Identifier: MIT
// scan.c: loops whose iterations get the sum of all before them, or of all to them.
#include "program.h"

enum { MOST = 300 };

static long in[MOST], out[MOST], twice[MOST];

static void inclusive(int n) {
  long sum = 3, most = -1;
#pragma omp parallel for reduction(inscan, + : sum) reduction(inscan, max : most)
  for (int i = 0; i < n; i++) {
    sum += in[i];
    most = in[i] > most ? in[i] : most;
#pragma omp scan inclusive(sum, most)
    out[i] = sum;
    twice[i] = most;
  }
  long expected = 3, highest = -1;
  for (int i = 0; i < n; i++) {
    expected += in[i];
    highest = in[i] > highest ? in[i] : highest;
    EXPECT_EQ(out[i], expected);
    EXPECT_EQ(twice[i], highest);
  }
  EXPECT_EQ(sum, expected);
}
static void exclusive(int n) {
  long sum = 5;
#pragma omp parallel for reduction(inscan, + : sum)
  for (int i = 0; i < n; i++) {
    out[i] = sum;
#pragma omp scan exclusive(sum)
    sum += in[i];
  }
  long expected = 5;
  for (int i = 0; i < n; i++) {
    EXPECT_EQ(out[i], expected);
    expected += in[i];
  }
  EXPECT_EQ(sum, expected);
}

PROGRAM(scan_loops) {
  static const int lengths[] = {0, 1, 2, 5, 64, MOST};
  for (int i = 0; i < MOST; i++) in[i] = i * 37 % 11 + i % 3;
  for (int l = 0; l < 6; l++) {
    inclusive(lengths[l]);
    exclusive(lengths[l]);
  }
}

// Within a region, several one after the other.
PROGRAM(scan_in_a_region) {
  static long sum;
  for (int i = 0; i < MOST; i++) in[i] = 1;
#pragma omp parallel
  for (int round = 0; round < 6; round++) {
#pragma omp single
    sum = 0;
#pragma omp for reduction(inscan, + : sum)
    for (int i = 0; i < MOST; i++) {
      sum += in[i];
#pragma omp scan inclusive(sum)
      out[i] = sum;
    }
#pragma omp for
    for (int i = 0; i < MOST; i++) EXPECT_EQ(out[i], i + 1);
    EXPECT_EQ(sum, MOST);
#pragma omp barrier
  }
}
