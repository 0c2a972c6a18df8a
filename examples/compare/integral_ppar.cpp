/* SPDX-License-Identifier: MIT */
/* integral_ppar.cpp: the integral as a reduction over a lambda. */
#include <functional>

#include <ppar/ppar.hpp>

#include "integral.h"

static double integral(int64_t n) {
  const double h = M_PI / static_cast<double>(n);
  const double sum = ppar::reduce(int64_t{0}, n, 0.0, std::plus<>(), [=](int64_t i) {
    const double x = h * (static_cast<double>(i) + 0.5);
    double row = 0;
    for (int64_t j = 0; j < n; j++) row += sin(x + h * (static_cast<double>(j) + 0.5));
    return row;
  });
  return h * h * sum;
}

int main(int argc, char **argv) { return integral_main(argc, argv, integral); }
