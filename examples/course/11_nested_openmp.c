/* SPDX-License-Identifier: MIT */
/* 11_nested_openmp.c: what OpenMP does with a parallel loop in a parallel loop: it prints how many threads ran the
 * outer and the inner one. Compile it with -fopenmp. */
#include <omp.h>
#include <stdio.h>

int main(void) {
  int outer = 0, inner = 0;
#pragma omp parallel for num_threads(2)
  for (int plane = 0; plane < 3; plane++) {
    if (plane == 0) outer = omp_get_num_threads();
#pragma omp parallel for num_threads(2)
    for (int row = 0; row < 400; row++)
      if (plane == 0 && row == 0) inner = omp_get_num_threads();
  }
  printf("outer loop: %d threads, inner loop: %d\n", outer, inner);
  return 0;
}
