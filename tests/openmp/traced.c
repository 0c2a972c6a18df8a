/* SPDX-License-Identifier: MIT */
/* traced.c: an OpenMP program for traced.py to look at: loop k has the indices from 1000 k on, and each iteration, and
 * each task, takes a fifth of a millisecond at least. */
#include <omp.h>
#include <stdio.h>

enum { ITERATIONS = 23, TASKS = 30 };

static void work(void) {
  double end = omp_get_wtime() + 200e-6;
  while (omp_get_wtime() < end) continue;
}

static void tree(int depth) {
  work();
  if (depth == 0) return;
#pragma omp task
  tree(depth - 1);
#pragma omp task
  tree(depth - 1);
#pragma omp taskwait
}

int main(void) {
  int last = 0;
#pragma omp parallel for schedule(dynamic, 1) lastprivate(last)
  for (int i = 1000; i < 1000 + ITERATIONS; i++) {
    work();
    last = i;
  }
#pragma omp parallel
  {
#pragma omp for schedule(dynamic, 4)
    for (int i = 2000; i < 2000 + ITERATIONS; i++) work();
#pragma omp for schedule(guided) nowait
    for (int i = 3000; i < 3000 + ITERATIONS; i++) work();
#pragma omp for schedule(monotonic : dynamic, 2)
    for (int i = 4000; i < 4000 + ITERATIONS; i++) work();
#pragma omp for schedule(nonmonotonic : dynamic, 1)
    for (int i = 5000; i < 5000 + 10 * ITERATIONS; i++) work();
#pragma omp for schedule(runtime)
    for (int i = 6000; i < 6000 + ITERATIONS; i++) work();
#pragma omp barrier
  }
#pragma omp parallel
#pragma omp single
  {
    for (int t = 0; t < TASKS; t++) {
#pragma omp task
      work();
    }
#pragma omp taskwait
    tree(3);
#pragma omp taskloop grainsize(1)
    for (int i = 0; i < 5; i++) work();
#pragma omp task if (0)
    work();
  }
  printf("%d\n", last);
  return 0;
}
