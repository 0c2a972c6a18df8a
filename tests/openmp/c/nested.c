// SPDX-License-Identifier: MIT
// nested.c: regions within regions: how many are active, and who the ancestors are.
#include "program.h"

PROGRAM(nested_two_levels) {
  omp_set_max_active_levels(2);
  int inner = 0, deepest = 0;
#pragma omp parallel num_threads(3) reduction(+ : inner, deepest)
  {
    int outer = omp_get_thread_num();
#pragma omp parallel num_threads(2) reduction(+ : inner, deepest)
    {
      inner++;
      EXPECT_EQ(omp_get_num_threads(), 2);
      EXPECT_EQ(omp_get_level(), 2);
      EXPECT_EQ(omp_get_active_level(), 2);
      EXPECT_EQ(omp_get_ancestor_thread_num(1), outer);
      EXPECT_EQ(omp_get_ancestor_thread_num(2), omp_get_thread_num());
      EXPECT_EQ(omp_get_team_size(1), 3);
#pragma omp parallel num_threads(4) reduction(+ : deepest)
      {
        deepest++;
        EXPECT_EQ(omp_get_num_threads(), 1);  // the third level is more than may be active
        EXPECT_EQ(omp_get_level(), 3);
        EXPECT_EQ(omp_get_active_level(), 2);
      }
    }
  }
  EXPECT_EQ(inner, 6);
  EXPECT_EQ(deepest, 6);
}

PROGRAM(nested_inactive) {
  omp_set_max_active_levels(1);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(3)
  {
    EXPECT_EQ(omp_get_num_threads(), 1);
    EXPECT_EQ(omp_get_thread_num(), 0);
    EXPECT_EQ(omp_get_level(), 2);
    EXPECT_EQ(omp_get_active_level(), 1);
    EXPECT(omp_in_parallel());
  }
  omp_set_max_active_levels(0);
#pragma omp parallel num_threads(3)
  EXPECT_EQ(omp_get_num_threads(), 1);
}

PROGRAM(nested_ancestors) {
  EXPECT_EQ(omp_get_level(), 0);
  EXPECT_EQ(omp_get_ancestor_thread_num(0), 0);
  EXPECT_EQ(omp_get_team_size(0), 1);
  EXPECT_EQ(omp_get_ancestor_thread_num(-1), -1);
  EXPECT_EQ(omp_get_team_size(1), -1);
  omp_set_max_active_levels(8);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(1)
#pragma omp parallel num_threads(2)
#pragma omp parallel if (0)
  {
    EXPECT_EQ(omp_get_level(), 4);
    EXPECT_EQ(omp_get_active_level(), 2);
    EXPECT_EQ(omp_get_ancestor_thread_num(0), 0);
    EXPECT(omp_get_ancestor_thread_num(1) >= 0 && omp_get_ancestor_thread_num(1) < 2);
    EXPECT_EQ(omp_get_ancestor_thread_num(2), 0);
    EXPECT(omp_get_ancestor_thread_num(3) >= 0 && omp_get_ancestor_thread_num(3) < 2);
    EXPECT_EQ(omp_get_ancestor_thread_num(4), 0);
    EXPECT_EQ(omp_get_ancestor_thread_num(5), -1);
    EXPECT_EQ(omp_get_team_size(0), 1);
    EXPECT_EQ(omp_get_team_size(1), 2);
    EXPECT_EQ(omp_get_team_size(2), 1);
    EXPECT_EQ(omp_get_team_size(3), 2);
    EXPECT_EQ(omp_get_team_size(4), 1);
    EXPECT_EQ(omp_get_team_size(5), -1);
    EXPECT_EQ(omp_get_team_size(-1), -1);
  }
}

static int descend(int level, int deepest) {
  int below = 0;
#pragma omp parallel num_threads(level % 3 == 0 ? 2 : 1) reduction(+ : below)
  {
    EXPECT_EQ(omp_get_level(), level + 1);
    below = level == deepest ? 1 : descend(level + 1, deepest);
  }
  return below;
}

PROGRAM(nested_deep) {
  omp_set_max_active_levels(16);
  EXPECT_EQ(descend(0, 9), 16);  // levels 0, 3, 6 and 9 have two threads each
  omp_set_max_active_levels(1);
  EXPECT_EQ(descend(0, 200), 2);
}

// Loops, barriers and single in inner regions bind to these.
PROGRAM(nested_worksharing) {
  omp_set_max_active_levels(2);
  long total = 0;
  int singles = 0;
#pragma omp parallel num_threads(3) reduction(+ : total)
  for (int round = 0; round < 20; round++) {
    long part = 0;
#pragma omp parallel num_threads(2) reduction(+ : part)
    {
#pragma omp for schedule(dynamic, 3)
      for (int i = 0; i < 100; i++) part += i;
#pragma omp single
      {
#pragma omp atomic
        singles++;
      }
#pragma omp for schedule(static) nowait
      for (int i = 0; i < 100; i++) part += i;
#pragma omp barrier
    }
    total += part;
  }
  EXPECT_EQ(total, 3 * 20 * 2 * 4950);
  EXPECT_EQ(singles, 3 * 20);
}

// A loop of the outer region in whose iterations inner regions run.
PROGRAM(nested_in_loops) {
  omp_set_max_active_levels(2);
  long total = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : total)
  for (int i = 0; i < 40; i++) {
    long part = 0;
#pragma omp parallel for num_threads(1 + i % 3) schedule(guided) reduction(+ : part)
    for (int j = 0; j <= i; j++) part += j;
    total += part;
  }
  long expected = 0;
  for (int i = 0; i < 40; i++) expected += i * (i + 1) / 2;
  EXPECT_EQ(total, expected);
}
