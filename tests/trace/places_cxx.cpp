/* SPDX-License-Identifier: MIT */
/* places_cxx.cpp: calls by ppar.hpp, and by the macros in C++; places.py looks where the report says that they are.
 * What it shall say of a call is on the call's line: the kind, the iterations of all calls there, the function. */
#include <array>
#include <cstdio>
#include <numeric>
#include <ppar/ppar.hpp>

namespace {

constexpr int n = 10000, rows = 8, columns = 5, layers = 3;

std::array<double, n> x;

struct data {
  double *x;
};

PPAR_BODY(fill, i, data, to) { to->x[i] = static_cast<double>(i); }
PPAR_FOLD(add, double, sum, i, data, of) { *sum += of->x[i]; }

double macros() {
  const data all = {x.data()};
  double sum = 0;
  static_cast<void>(PPAR_FOR(0, n, fill, &all, nullptr));                        /* loop 10000 macros */
  static_cast<void>(PPAR_REDUCE(0, n, add, &all, &ppar_sum_f64, &sum, nullptr)); /* reduce 10000 macros */
  return sum;
}

void loops() {
  ppar::for_each_index(0, n, [](int i) { x[static_cast<std::size_t>(i)] = 1; });          /* loop 10000 loops */
  ppar::for_each_index(0, n / 2, [](int i) { x[static_cast<std::size_t>(i)] = 2; });      /* loop 5000 loops */
  ppar::for_each(x, [](double &one) { one += 1; });                                       /* loop 10000 loops */
  ppar::for_each(x.begin(), x.begin() + 300, [](double &one) { one += 1; });              /* loop 300 loops */
  ppar::for_each_chunk(0, n, [](const ppar_chunk &) {});                                  /* loop 10000 loops */
  ppar::for_each_index_2d({0, rows}, {0, columns}, [](std::int64_t, std::int64_t) {});    /* loop 40 loops */
  ppar::for_each_index_3d({0, rows}, {0, columns}, {0, layers}, [](auto, auto, auto) {}); /* loop 120 loops */
}

double sums() {
  double sum = ppar::reduce(0, n, 0.0, std::plus<>(), [](int i) { return 1.0 * i; }); /* reduce 10000 sums */
  sum += ppar::reduce(x, 0.0, std::plus<>());                                         /* reduce 10000 sums */
  sum += ppar::reduce(x, 0.0, std::plus<>(), [](double one) { return one; });         /* reduce 10000 sums */
  return sum;
}

void in_region(ppar::team &team) {
  team.prange(0, n, [](int i) { x[static_cast<std::size_t>(i)] = 3; });     /* prange 10000 in_region */
  team.prange(0, n / 2, [](int i) { x[static_cast<std::size_t>(i)] = 4; }); /* prange 5000 in_region */
}

void tasks() {
  ppar::task_group group; /* task-group 2 tasks */
  group.run([] { x[0] = 1; });
  group.run([] { x[1] = 1; });
}

}  // namespace

int main() {
  loops();
  std::printf("%g\n", macros() + sums());
  ppar::region([](ppar::team &team) { in_region(team); }); /* region 0 main */
  tasks();
}
