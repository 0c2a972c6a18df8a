/* SPDX-License-Identifier: MIT */
/* first_loop.cpp: a loop in C++, and what becomes of an exception in it. */
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include <ppar/ppar.hpp>

int main() {
  const int n = 1000000;
  std::vector<double> x(n), root(n);

  /* Equals for (int i = 0; i < n; i++) x[i] = i; on all CPUs. */
  ppar::for_each_index(0, n, [&](int i) { x[static_cast<std::size_t>(i)] = i; });

  /* A range, a schedule and a number of threads. */
  ppar::for_each(
      x, [](double &value) { value /= 2; }, ppar::options().schedule(ppar::dynamic(4096)).threads(2));

  /* A sum, and a maximum with an operator of the program's own. */
  const double sum = ppar::reduce(x, 0.0, std::plus<>());
  const double greatest = ppar::reduce(x, 0.0, [](double a, double b) { return a > b ? a : b; });
  std::printf("sum %.1f, greatest %.1f\n", sum, greatest);

  /* The exception of the first iteration that fails comes out of the loop, as it would out of a serial one. */
  x[700000] = x[300000] = -1;
  try {
    ppar::for_each_index(0, n, [&](int i) {
      const auto k = static_cast<std::size_t>(i);
      if (x[k] < 0) throw std::domain_error("no root of element " + std::to_string(i));
      root[k] = std::sqrt(x[k]);
    });
  } catch (const std::domain_error &error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}
