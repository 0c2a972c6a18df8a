/* SPDX-License-Identifier: MIT */
/* integral_serial.c: the integral of sin(x + y) over [0, pi]^2, on one thread. */
#include "integral.h"

static double integral(int64_t n) {
  const double h = M_PI / (double)n;
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    const double x = h * ((double)i + 0.5);
    for (int64_t j = 0; j < n; j++) sum += sin(x + h * ((double)j + 0.5));
  }
  return h * h * sum;
}

int main(int argc, char **argv) { return integral_main(argc, argv, integral); }
