// SPDX-License-Identifier: MIT
// iterators.cpp: loops over random access iterators and ranges; lambdas and templates with constructs in them.
#include <array>
#include <deque>
#include <numeric>
#include <vector>

#include "program.h"

PROGRAM(iterators_vector) {
  std::vector<int> values(1000);
  std::iota(values.begin(), values.end(), 0);
#pragma omp parallel for schedule(dynamic, 7)
  for (auto at = values.begin(); at < values.end(); ++at) *at += 1;
#pragma omp parallel for schedule(guided)
  for (auto at = values.rbegin(); at != values.rend(); at += 1) *at *= 2;
#pragma omp parallel for schedule(static, 3)
  for (auto at = values.cbegin(); at < values.cend(); at += 10) EXPECT_EQ(*at, 2 * (at - values.cbegin() + 1));
  long sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int value : values) sum += value;
  EXPECT_EQ(sum, 1001000);
}

PROGRAM(iterators_collapse) {
  std::deque<int> rows(20, 1);
  std::array<long, 30> columns{};
#pragma omp parallel for collapse(2) schedule(dynamic, 5)
  for (auto row = rows.begin(); row < rows.end(); ++row) {
    for (auto column = columns.begin(); column != columns.end(); ++column) {
#pragma omp atomic
      *column += *row;
    }
  }
  for (long column : columns) EXPECT_EQ(column, 20);
}

PROGRAM(iterators_pointers) {
  static double values[500];
#pragma omp parallel for schedule(nonmonotonic : dynamic, 4)
  for (double *at = values; at < values + 500; at += 2) at[0] = 1;
#pragma omp parallel for schedule(monotonic : dynamic, 3)
  for (double *at = values + 499; at > values; at -= 2) at[0] = 1;
  for (double value : values) EXPECT(value == 1);
}

template <typename T>
static T sum_to(T n) {
  T sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 2)
  for (T i = 0; i < n; i++) sum += i;
  return sum;
}

PROGRAM(iterators_templates) {
  EXPECT_EQ(sum_to<int>(100), 4950);
  EXPECT_EQ(sum_to<long>(100), 4950);
  EXPECT_EQ(sum_to<unsigned long long>(100), 4950);
  EXPECT_EQ(sum_to<unsigned char>(20), 190);
}

PROGRAM(iterators_lambdas) {
  int total = 0;
  auto add = [&total](int by) {
#pragma omp atomic
    total += by;
  };
#pragma omp parallel for firstprivate(add)
  for (int i = 0; i < 100; i++) add(i);
  auto region = [&add] {
    int members = 0;
#pragma omp parallel reduction(+ : members)
    {
      members++;
#pragma omp task
      add(1);
    }
    return members;
  };
  EXPECT_EQ(region(), program_threads());
  EXPECT_EQ(total, 4950 + program_threads());
}
