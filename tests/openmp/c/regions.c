// SPDX-License-Identifier: MIT
// regions.c: how many threads a region has, which numbers they have, and what its clauses do.
#include "program.h"

static int members, sum;

static void enter(void) {
#pragma omp atomic
  members++;
#pragma omp atomic
  sum += omp_get_thread_num();
}

// Each number from 0 to threads - 1 was there once, as far as the sum tells.
static void expect_team(int threads) {
  EXPECT_EQ(members, threads);
  EXPECT_EQ(sum, threads * (threads - 1) / 2);
  members = sum = 0;
}

PROGRAM(regions_size) {
  int threads = program_threads();
  EXPECT_EQ(omp_get_max_threads(), threads);
  EXPECT_EQ(omp_get_num_threads(), 1);
  EXPECT_EQ(omp_in_parallel(), 0);
#pragma omp parallel
  {
    enter();
    EXPECT_EQ(omp_get_num_threads(), threads);
    EXPECT_EQ(omp_in_parallel(), threads > 1);
    EXPECT_EQ(omp_get_level(), 1);
    EXPECT_EQ(omp_get_active_level(), threads > 1);
  }
  expect_team(threads);
  EXPECT_EQ(omp_get_num_threads(), 1);
  EXPECT_EQ(omp_get_thread_num(), 0);
}

PROGRAM(regions_num_threads) {
  for (int round = 0; round < 3; round++) {
    for (int threads = 1; threads <= 12; threads++) {
#pragma omp parallel num_threads(threads)
      {
        enter();
        EXPECT_EQ(omp_get_num_threads(), threads);
      }
      expect_team(threads);
    }
  }
  EXPECT_EQ(omp_get_max_threads(), program_threads());  // the clause is for its region alone
}

PROGRAM(regions_if) {
  for (int is = 0; is < 2; is++) {
#pragma omp parallel if (parallel : is) num_threads(5)
    enter();
    expect_team(is ? 5 : 1);
  }
#pragma omp parallel if (0)
  {
    EXPECT_EQ(omp_get_level(), 1);
    EXPECT_EQ(omp_get_active_level(), 0);
    EXPECT_EQ(omp_in_parallel(), 0);
#pragma omp for schedule(dynamic)
    for (int i = 0; i < 100; i++) sum += i;
  }
  EXPECT_EQ(sum, 4950);
}

PROGRAM(regions_clauses) {
  int first = 7, shared = 0, master_private = -1, last_of_private = 11, total = 0;
  int array[4] = {1, 2, 3, 4};
#pragma omp parallel firstprivate(first, array) private(master_private) shared(shared) reduction(+ : total) \
    default(none) firstprivate(last_of_private)
  {
    EXPECT_EQ(first, 7);
    EXPECT_EQ(array[3], 4);
    first += omp_get_thread_num();
    array[0] = first;
    master_private = array[0];
    total += master_private;
    last_of_private = 0;
#pragma omp atomic
    shared += first;
  }
  int threads = program_threads();
  EXPECT_EQ(total, 7 * threads + threads * (threads - 1) / 2);
  EXPECT_EQ(shared, total);
  EXPECT_EQ(first, 7);
  EXPECT_EQ(array[0], 1);
  EXPECT_EQ(last_of_private, 11);
}

// Many regions one after the other, each with another size: what one writes the next one reads.
PROGRAM(regions_in_a_row) {
  long total = 0, expected = 0;
  for (int region = 0; region < 600; region++) {
    int threads = region % 3 ? program_threads() : 1 + region % 7;
    long part = 0;
#pragma omp parallel num_threads(threads) reduction(+ : part)
    part += region + omp_get_thread_num();
    total += part;
    expected += (long)region * threads + threads * (threads - 1L) / 2;
  }
  EXPECT_EQ(total, expected);
}

PROGRAM(regions_dynamic) {
  int threads = program_threads();
  omp_set_dynamic(1);
  EXPECT(omp_get_dynamic());
#pragma omp parallel num_threads(threads)
  {
    enter();
    EXPECT(omp_get_num_threads() >= 1 && omp_get_num_threads() <= threads);
#pragma omp barrier
    EXPECT_EQ(members, omp_get_num_threads());
  }
  EXPECT(members >= 1 && members <= threads);
  members = sum = 0;
  omp_set_dynamic(0);
#pragma omp parallel num_threads(threads)
  enter();
  expect_team(threads);
}

PROGRAM(regions_proc_bind) {
#pragma omp parallel proc_bind(close) num_threads(4)
  enter();
  expect_team(4);
#pragma omp parallel proc_bind(spread) num_threads(4)
  enter();
  expect_team(4);
#pragma omp parallel proc_bind(master) num_threads(4)
  enter();
  expect_team(4);
#pragma omp parallel proc_bind(primary) num_threads(3)
  enter();
  expect_team(3);
  EXPECT(omp_get_proc_bind() >= omp_proc_bind_false && omp_get_proc_bind() <= omp_proc_bind_spread);
}
