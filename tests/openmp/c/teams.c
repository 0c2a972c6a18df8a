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
