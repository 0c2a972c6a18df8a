// SPDX-License-Identifier: MIT
// teams.c: leagues of teams, on the host and in target regions.
#include <stdlib.h>
#include <unistd.h>

#include "program.h"

enum { TEAMS = 5 };

static int seen[TEAMS], sizes;

static void enter(int teams) {
#pragma omp atomic
  seen[omp_get_team_num()]++;
  if (omp_get_num_teams() != teams) {
#pragma omp atomic
    sizes++;
  }
}

static void expect_each(int teams, int times) {
  for (int i = 0; i < TEAMS; i++) EXPECT_EQ(seen[i], i < teams ? times : 0);
  EXPECT_EQ(sizes, 0);
  for (int i = 0; i < TEAMS; i++) seen[i] = 0;
}

static int teams_told;

static __attribute__((noinline)) void tell_teams(void) { teams_told = omp_get_num_teams(); }

// Routines are not to be called right in a teams construct, but in functions that it calls they are.
static __attribute__((noinline)) int level(void) { return omp_get_level(); }
static __attribute__((noinline)) int limit(void) { return omp_get_thread_limit(); }

PROGRAM(teams_on_the_host) {
  int limit_around = omp_get_thread_limit();
  EXPECT_EQ(omp_get_num_teams(), 1);
  EXPECT_EQ(omp_get_team_num(), 0);
#pragma omp teams num_teams(4)
  {
    enter(4);
    EXPECT_EQ(level(), 0);
  }
  expect_each(4, 1);
#pragma omp teams num_teams(2) thread_limit(2)
  {
    EXPECT_EQ(limit(), 2);
#pragma omp parallel num_threads(2)
    enter(2);
  }
  expect_each(2, 2);
  EXPECT_EQ(omp_get_thread_limit(), limit_around);
  EXPECT_EQ(omp_get_num_teams(), 1);
#pragma omp teams
  if (omp_get_team_num() == 0) seen[0]++;
  expect_each(1, 1);
}

PROGRAM(teams_distribute) {
  int hits[100] = {0}, sum = 0;
#pragma omp teams distribute num_teams(3)
  for (int i = 0; i < 100; i++) {
#pragma omp atomic
    hits[i]++;
  }
#pragma omp teams distribute parallel for num_teams(3) dist_schedule(static, 7) schedule(dynamic) reduction(+ : sum)
  for (int i = 0; i < 100; i++) {
    sum += i;
#pragma omp atomic
    hits[i]++;
  }
  EXPECT_EQ(sum, 4950);
  for (int i = 0; i < 100; i++) EXPECT_EQ(hits[i], 2);
}

PROGRAM(teams_in_a_target_region) {
  int first = 0, teams = 0;
#pragma omp target teams num_teams(4)
  {
    enter(4);
    if (omp_get_team_num() == 0) first++;
  }
  expect_each(4, 1);
#pragma omp target teams num_teams(2 : 8)
  {
    tell_teams();
#pragma omp parallel num_threads(2)
    EXPECT_EQ(omp_get_level(), 1);
  }
  EXPECT(teams_told >= 2 && teams_told <= 8);
  EXPECT_EQ(first, 0);  // a number that is not mapped is a copy
#pragma omp target map(teams)
  {
#pragma omp teams num_teams(3) reduction(+ : teams)
    teams++;
  }
  EXPECT_EQ(teams, 3);
}

// Each team has regions of its own; a canceled one ends for that team alone. What is threadprivate is still there in
// the team's next region.
static int own;
#pragma omp threadprivate(own)

PROGRAM(teams_have_regions) {
  int begun[TEAMS] = {0}, kept[TEAMS] = {0}, summed[TEAMS] = {0};
#pragma omp teams num_teams(TEAMS)
  {
    int team = omp_get_team_num(), sum = 0;
#pragma omp parallel num_threads(3)
#pragma omp for schedule(dynamic)
    for (int i = 0; i < 40; i++) {
#pragma omp atomic
      begun[team]++;
      if (i == 5 && team % 2 == 0) {
#pragma omp cancel for
      }
#pragma omp cancellation point for
    }
#pragma omp parallel num_threads(3)
    own = 10 * team + omp_get_thread_num();
#pragma omp parallel num_threads(3)
    {
      if (own == 10 * omp_get_team_num() + omp_get_thread_num()) {
#pragma omp atomic
        kept[team]++;
      }
    }
#pragma omp parallel num_threads(2) reduction(task, + : sum)
#pragma omp single
    {
      for (int i = 0; i < 10; i++) {
#pragma omp task in_reduction(+ : sum)
        sum += i;
      }
#pragma omp taskloop in_reduction(+ : sum)
      for (int i = 0; i < 10; i++) sum += i;
    }
    summed[team] = sum;
  }
  for (int team = 0; team < TEAMS; team++) {
    if (team % 2 != 0 || !omp_get_cancellation()) EXPECT_EQ(begun[team], 40);
    EXPECT(begun[team] >= 1 && begun[team] <= 40);
    EXPECT_EQ(kept[team], 3);
    EXPECT_EQ(summed[team], 90);
  }
}

// Teams in regions that are tasks, of every thread of a team around, and tasks in these.
PROGRAM(teams_in_target_tasks) {
  int entered = 0, expected = 0;
#pragma omp parallel reduction(+ : expected)
  {
    int mine = 0;
    for (int k = 0; k < 4; k++) {
      expected += 3 * (1 + 5);
#pragma omp target nowait depend(inout : mine) map(entered) firstprivate(k)
      {
#pragma omp teams num_teams(3)
        {
          (void)__atomic_add_fetch(&entered, 1, __ATOMIC_RELAXED);
#pragma omp parallel num_threads(2)
#pragma omp single
          for (int i = 0; i < 5; i++) {
#pragma omp task shared(entered)
            (void)__atomic_add_fetch(&entered, 1, __ATOMIC_RELAXED);
          }
        }
      }
    }
#pragma omp taskwait depend(in : mine)
    EXPECT_EQ(mine, 0);
  }
  EXPECT_EQ(entered, expected);
}

// Started anew by this name, with variables that say how many teams there are where a construct does not.
PROGRAM(teams_of_the_environment) {
  if (getenv("OMP_NUM_TEAMS") == NULL) {
    setenv("OMP_NUM_TEAMS", "2", 1);
    setenv("OMP_TEAMS_THREAD_LIMIT", "3", 1);
    execl("/proc/self/exe", "teams", "teams_of_the_environment", (char *)NULL);
  }
  EXPECT_EQ(omp_get_max_teams(), 2);
  EXPECT_EQ(omp_get_teams_thread_limit(), 3);
#pragma omp teams
  {
    enter(2);
    EXPECT_EQ(limit(), 3);
  }
  expect_each(2, 1);
  omp_set_num_teams(4);
  omp_set_teams_thread_limit(2);
#pragma omp teams
  {
    enter(4);
    EXPECT_EQ(limit(), 2);
  }
  expect_each(4, 1);
}
