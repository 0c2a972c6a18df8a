/* SPDX-License-Identifier: MIT */
/* chi_square.h: whether counts of random outcomes are as even as they should be. */
#ifndef TESTS_CHI_SQUARE_H
#define TESTS_CHI_SQUARE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Chi-square of counts of `cells` outcomes that are equally likely, as a number of standard deviations from its mean.
 * With many cells it is nearly normal, so beyond 5 something is wrong. */
static inline double chi_square(const uint64_t *counts, size_t cells, double draws) {
  const double expected = draws / (double)cells;
  double sum = 0;
  for (size_t k = 0; k < cells; k++) sum += ((double)counts[k] - expected) * ((double)counts[k] - expected) / expected;
  return (sum - (double)(cells - 1)) / sqrt(2 * (double)(cells - 1));
}

#endif
