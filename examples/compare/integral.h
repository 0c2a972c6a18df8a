/* SPDX-License-Identifier: MIT */
/* integral.h: what the C programs here have in common: they compute the integral ROUNDS times, and print the value and
 * the seconds of each. The first time also starts the threads. */
#ifndef INTEGRAL_H
#define INTEGRAL_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline int integral_main(int argc, char **argv, double (*integral)(int64_t n)) {
  const long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0, rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
  if (n <= 0 || rounds <= 0) {
    fprintf(stderr, "usage: %s N ROUNDS: bins a side, and how often, both at least 1\n", argv[0]);
    return 2;
  }
  for (long round = 0; round < rounds; round++) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const double value = integral(n);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6e %.6f\n", value, (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec));
  }
  return 0;
}

#endif
