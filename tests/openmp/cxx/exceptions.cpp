// SPDX-License-Identifier: MIT
// exceptions.cpp: exceptions that are thrown and caught within a construct, on every thread.
#include <stdexcept>
#include <string>

#include "program.h"

namespace {

void throws(int i) {
  if (i % 3 == 0) throw std::runtime_error("number " + std::to_string(i));
}

int caught(int i) {
  try {
    throws(i);
  } catch (const std::runtime_error &error) {
    EXPECT(error.what() == "number " + std::to_string(i));
    return 1;
  }
  return 0;
}

struct guard {
  int &count;
  explicit guard(int &of) : count(of) {
#pragma omp atomic
    count++;
  }
  ~guard() {
#pragma omp atomic
    count--;
  }
};

}  // namespace

PROGRAM(exceptions_in_regions) {
  int count = 0, alive = 0;
#pragma omp parallel
  {
    try {
      guard here(alive);
      throws(0);
    } catch (const std::exception &) {
#pragma omp atomic
      count++;
    }
  }
  EXPECT_EQ(count, program_threads());
  EXPECT_EQ(alive, 0);
}

PROGRAM(exceptions_in_loops) {
  int count = 0;
#pragma omp parallel
  {
#pragma omp for schedule(dynamic, 4) reduction(+ : count)
    for (int i = 0; i < 300; i++) count += caught(i);
#pragma omp for schedule(static) reduction(+ : count)
    for (int i = 0; i < 300; i++) count += caught(i);
#pragma omp for ordered schedule(dynamic) reduction(+ : count)
    for (int i = 0; i < 60; i++) {
#pragma omp ordered
      count += caught(i);
    }
  }
  EXPECT_EQ(count, 220);
}

PROGRAM(exceptions_in_sections) {
  int count = 0;
#pragma omp parallel sections reduction(+ : count)
  {
#pragma omp section
    count += caught(0);
#pragma omp section
    count += caught(1);
#pragma omp section
    count += caught(3);
  }
  EXPECT_EQ(count, 2);
}

PROGRAM(exceptions_in_tasks) {
  int count = 0;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 200; i++) {
#pragma omp task shared(count)
    {
      int one = caught(i);
#pragma omp atomic
      count += one;
    }
  }
  EXPECT_EQ(count, 67);
}

PROGRAM(exceptions_in_critical) {
  int count = 0;
#pragma omp parallel
  for (int i = 0; i < 50; i++) {
#pragma omp critical
    count += caught(i);
#pragma omp single
    {
#pragma omp critical
      count += caught(0);
    }
  }
  EXPECT_EQ(count, 17 * program_threads() + 50);
}

// Out of a region that was begun within a try block there is none: what is thrown outside of it is caught there.
PROGRAM(exceptions_around_regions) {
  int count = 0;
  for (int round = 0; round < 20; round++) {
    try {
      int failures = 0;
#pragma omp parallel reduction(+ : failures)
      failures += caught(3);
      if (failures) throw failures;
    } catch (int failures) {
      count += failures;
    }
  }
  EXPECT_EQ(count, 20 * program_threads());
}

// Inner regions in handlers.
PROGRAM(exceptions_with_regions_in_handlers) {
  omp_set_max_active_levels(2);
  int count = 0;
#pragma omp parallel num_threads(2)
  {
    try {
      throws(3);
    } catch (const std::exception &) {
#pragma omp parallel num_threads(2)
      {
#pragma omp atomic
        count++;
      }
    }
  }
  EXPECT_EQ(count, 4);
}
