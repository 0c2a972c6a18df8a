/* SPDX-License-Identifier: MIT */
/* integration2d.cpp: the integral of sin(x + y) over [0, pi] x [0, pi], which is 0, by the midpoint rule:
 * ../integration2d.c in C++.
 *
 *     integration2d_cxx [--n=BINS] [--threads=T] [--reproducible] */
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <ppar/ppar.hpp>

namespace {

struct arguments {
  int n = 10000, threads = 0;
  bool reproducible = false;
};

bool read(int count, char **texts, arguments &out) {
  for (int i = 1; i < count; i++) {
    char *end = nullptr;
    if (std::strncmp(texts[i], "--n=", 4) == 0) {
      out.n = static_cast<int>(std::strtol(texts[i] + 4, &end, 10));
    } else if (std::strncmp(texts[i], "--threads=", 10) == 0) {
      out.threads = static_cast<int>(std::strtol(texts[i] + 10, &end, 10));
    } else if (std::strcmp(texts[i], "--reproducible") == 0) {
      out.reproducible = true;
    } else {
      return false;
    }
    if (end != nullptr && *end != '\0') return false;
  }
  return out.n >= 1 && out.n <= 1000000 && out.threads >= 0 && out.threads <= PPAR_MAX_THREADS;
}

}  // namespace

int main(int count, char **texts) {
  arguments given;
  if (!read(count, texts, given)) {
    std::fprintf(stderr,
                 "usage: %s [--n=BINS] [--threads=T] [--reproducible]\n"
                 "  --n           bins a side, 1 to 1000000 (10000)\n"
                 "  --threads     0 to %d; 0: as many as there are CPUs\n",
                 texts[0], PPAR_MAX_THREADS);
    return 2;
  }
  const double h = std::acos(-1.0) / given.n;
  const auto start = std::chrono::steady_clock::now();

  const double sum = ppar::reduce(
      0, given.n, 0.0, std::plus<>(),
      [n = given.n, h](int i) {
        const double x = h * (i + 0.5);
        double row = 0;
        for (int j = 0; j < n; j++) row += std::sin(x + h * (j + 0.5));
        return row;
      },
      ppar::options().threads(given.threads).reproducible(given.reproducible).name("rows"));

  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  const double value = h * h * sum;
  std::printf("Integral value is %e, Error is %e\n", value, std::fabs(value));
  std::printf("Time spent: %e sec\n", time.count());
  return 0;
}
