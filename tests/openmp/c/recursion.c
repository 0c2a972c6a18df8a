// SPDX-License-Identifier: MIT
// recursion.c: programs that are trees of tasks.
#include "program.h"

static long fibonacci(int n) {
  if (n < 2) return n;
  long left, right;
#pragma omp task shared(left)
  left = fibonacci(n - 1);
#pragma omp task shared(right)
  right = fibonacci(n - 2);
#pragma omp taskwait
  return left + right;
}

PROGRAM(recursion_fibonacci) {
  long result = 0;
#pragma omp parallel
#pragma omp single
  result = fibonacci(17);
  EXPECT_EQ(result, 1597);
  EXPECT_EQ(fibonacci(12), 144);  // outside any region, too
}

static long cut_off(int n) {
  if (n < 2) return n;
  long left, right;
#pragma omp task shared(left) if (n > 10) untied
  left = cut_off(n - 1);
#pragma omp task shared(right) final(n < 8)
  right = cut_off(n - 2);
#pragma omp taskwait
  return left + right;
}

PROGRAM(recursion_cut_off) {
  long result = 0;
#pragma omp parallel
#pragma omp master
  result = cut_off(17);
  EXPECT_EQ(result, 1597);
}

enum { N = 20000, SMALL = 64 };

static int numbers[N];

static void swap(int *a, int *b) {
  int kept = *a;
  *a = *b;
  *b = kept;
}

static void sort(int *from, int count) {
  if (count < 2) return;
  int pivot = from[count / 2], i = 0, j = count - 1;
  while (i <= j) {
    while (from[i] < pivot) i++;
    while (from[j] > pivot) j--;
    if (i <= j) swap(&from[i++], &from[j--]);
  }
#pragma omp task if (count > SMALL)
  sort(from, j + 1);
#pragma omp task if (count > SMALL)
  sort(from + i, count - i);
}

PROGRAM(recursion_sort) {
  unsigned state = 1;
  for (int i = 0; i < N; i++) numbers[i] = (int)((state = state * 1664525 + 1013904223) >> 8);
#pragma omp parallel
#pragma omp single nowait
  sort(numbers, N);  // the region's end waits for all
  for (int i = 1; i < N; i++) EXPECT(numbers[i - 1] <= numbers[i]);
}

static int is_free(const int *columns, int row, int column) {
  for (int i = 0; i < row; i++) {
    int distance = row - i;
    if (columns[i] == column || columns[i] == column - distance || columns[i] == column + distance) return 0;
  }
  return 1;
}

static void place(int n, int row, const int *before, int *found) {
  if (row == n) {
#pragma omp atomic
    ++*found;
    return;
  }
  for (int column = 0; column < n; column++) {
    if (!is_free(before, row, column)) continue;
    int columns[10];
    for (int i = 0; i < row; i++) columns[i] = before[i];
    columns[row] = column;
#pragma omp task firstprivate(columns)
    place(n, row + 1, columns, found);
  }
#pragma omp taskwait
}

PROGRAM(recursion_queens) {
  int found = 0, none[10] = {0};
#pragma omp parallel
#pragma omp single
  place(7, 0, none, &found);
  EXPECT_EQ(found, 40);
}

// A chain of tasks, each of which waits for the next one: as deep as it is long.
static void chain(int depth, int *reached) {
  if (depth == 0) return;
#pragma omp task shared(reached)
  {
    chain(depth - 1, reached);
#pragma omp atomic
    ++*reached;
  }
#pragma omp taskwait
}

PROGRAM(recursion_chain) {
  int reached = 0;
#pragma omp parallel
#pragma omp single
  chain(500, &reached);
  EXPECT_EQ(reached, 500);
}

// Very many tasks of one parent, more than any queue should hold.
PROGRAM(recursion_wide) {
  int count = 0;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 30000; i++) {
#pragma omp task shared(count)
    {
#pragma omp atomic
      count++;
    }
  }
  EXPECT_EQ(count, 30000);
}
