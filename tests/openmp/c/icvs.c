// SPDX-License-Identifier: MIT
// icvs.c: the variables that control a program: each task has its own, and what it sets is its own and its children's.
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "program.h"

PROGRAM(icvs_num_threads) {
  omp_set_num_threads(3);
  EXPECT_EQ(omp_get_max_threads(), 3);
#pragma omp parallel
  {
    EXPECT_EQ(omp_get_num_threads(), 3);
    EXPECT_EQ(omp_get_max_threads(), 3);
    omp_set_num_threads(5 + omp_get_thread_num());
    EXPECT_EQ(omp_get_max_threads(), 5 + omp_get_thread_num());
#pragma omp barrier
    EXPECT_EQ(omp_get_max_threads(), 5 + omp_get_thread_num());
  }
  EXPECT_EQ(omp_get_max_threads(), 3);
}

PROGRAM(icvs_inherited) {
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
  {
    omp_set_num_threads(2 + omp_get_thread_num());
    int outer = omp_get_thread_num();
#pragma omp parallel
    {
      EXPECT_EQ(omp_get_num_threads(), 2 + outer);
      EXPECT_EQ(omp_get_max_threads(), 2 + outer);
    }
  }
}

PROGRAM(icvs_of_tasks) {
  omp_set_num_threads(4);
#pragma omp parallel num_threads(2)
#pragma omp single
  {
    for (int i = 0; i < 10; i++) {
#pragma omp task
      {
        EXPECT_EQ(omp_get_max_threads(), 4);
        omp_set_num_threads(7);
        EXPECT_EQ(omp_get_max_threads(), 7);
      }
    }
#pragma omp task if (0)
    {
      EXPECT_EQ(omp_get_max_threads(), 4);
      omp_set_num_threads(9);
#pragma omp task if (0)
      {
        EXPECT_EQ(omp_get_max_threads(), 9);
        omp_set_num_threads(2);
      }
      EXPECT_EQ(omp_get_max_threads(), 9);
    }
    EXPECT_EQ(omp_get_max_threads(), 4);
#pragma omp taskwait
    EXPECT_EQ(omp_get_max_threads(), 4);
  }
  EXPECT_EQ(omp_get_max_threads(), 4);
#pragma omp task
  omp_set_num_threads(1);
#pragma omp taskwait
  EXPECT_EQ(omp_get_max_threads(), 4);
}

PROGRAM(icvs_schedule) {
  static const omp_sched_t kinds[] = {omp_sched_static, omp_sched_dynamic, omp_sched_guided};
  omp_sched_t kind;
  int chunk;
  for (int i = 0; i < 3; i++) {
    omp_set_schedule(kinds[i], 3 + i);
    omp_get_schedule(&kind, &chunk);
    EXPECT_EQ((unsigned)kind & 0x7fffffff, kinds[i]);
    EXPECT_EQ(chunk, 3 + i);
  }
#pragma omp parallel num_threads(3)
  {
    omp_sched_t own;
    int size;
    omp_get_schedule(&own, &size);
    EXPECT_EQ((unsigned)own & 0x7fffffff, omp_sched_guided);
    EXPECT_EQ(size, 5);
    omp_set_schedule(omp_sched_static, 10 + omp_get_thread_num());
    omp_get_schedule(&own, &size);
    EXPECT_EQ(size, 10 + omp_get_thread_num());
  }
  omp_get_schedule(&kind, &chunk);
  EXPECT_EQ((unsigned)kind & 0x7fffffff, omp_sched_guided);
  EXPECT_EQ(chunk, 5);
  omp_set_schedule(omp_sched_auto, 0);
  omp_get_schedule(&kind, &chunk);
  EXPECT_EQ((unsigned)kind & 0x7fffffff, omp_sched_auto);
  omp_set_schedule(omp_sched_dynamic, 0);
  omp_set_schedule(omp_sched_auto, 9);  // auto takes any chunk, and no notice of it
  omp_get_schedule(&kind, &chunk);
  EXPECT_EQ((unsigned)kind & 0x7fffffff, omp_sched_auto);
  EXPECT_EQ(chunk, 1);
}

// What omp_get_schedule has said is what omp_set_schedule takes: the chunk of a schedule that has none, too.
PROGRAM(icvs_schedule_is_given_back) {
  static const omp_sched_t kinds[] = {omp_sched_static, omp_sched_dynamic, omp_sched_guided};
  static const int expected[] = {0, 1, 1};
  for (int i = 0; i < 3; i++) {
    omp_sched_t kind, again;
    int chunk, same;
    omp_set_schedule(kinds[i], 0);
    omp_get_schedule(&kind, &chunk);
    EXPECT_EQ((unsigned)kind & 0x7fffffff, kinds[i]);
    EXPECT_EQ(chunk, expected[i]);
    omp_set_schedule(omp_sched_auto, 0);
    omp_set_schedule(kind, chunk);
    omp_get_schedule(&again, &same);
    EXPECT_EQ(again, kind);
    EXPECT_EQ(same, chunk);
  }
}

// A static schedule set by the call is one: iterations have the places that the standard gives them.
PROGRAM(icvs_schedule_is_used) {
  static int owner[100];
  omp_set_schedule(omp_sched_static, 4);
#pragma omp parallel num_threads(3)
  {
#pragma omp for schedule(runtime)
    for (int i = 0; i < 100; i++) owner[i] = omp_get_thread_num();
  }
  for (int i = 0; i < 100; i++) EXPECT_EQ(owner[i], i / 4 % 3);
}

PROGRAM(icvs_dynamic) {
  omp_set_dynamic(0);
  EXPECT(!omp_get_dynamic());
#pragma omp parallel num_threads(2)
  {
    omp_set_dynamic(omp_get_thread_num());
    EXPECT_EQ(omp_get_dynamic() != 0, omp_get_thread_num());
  }
  EXPECT(!omp_get_dynamic());
}

PROGRAM(icvs_levels) {
  omp_set_max_active_levels(5);
  EXPECT_EQ(omp_get_max_active_levels(), 5);
  EXPECT(omp_get_supported_active_levels() >= 5);
  omp_set_max_active_levels(1);
  EXPECT_EQ(omp_get_max_active_levels(), 1);
  EXPECT(omp_get_thread_limit() >= 16);
  EXPECT(omp_get_num_procs() >= 1);
}

PROGRAM(icvs_final_and_teams) {
  EXPECT(!omp_in_final());
  EXPECT_EQ(omp_get_num_teams(), 1);
  EXPECT_EQ(omp_get_team_num(), 0);
#pragma omp task final(1)
  EXPECT(omp_in_final());
  EXPECT(!omp_in_final());
}

PROGRAM(icvs_thread_limit) {
#pragma omp teams num_teams(2) thread_limit(3)
  {
    int teams = omp_get_num_teams(), team = omp_get_team_num();
    EXPECT(teams >= 1 && teams <= 2);
    EXPECT(team >= 0 && team < teams);
#pragma omp parallel num_threads(8)
    {
      EXPECT_EQ(omp_get_thread_limit(), 3);
      EXPECT(omp_get_num_threads() <= 3);
      EXPECT_EQ(omp_get_team_num(), team);
    }
  }
  EXPECT(omp_get_thread_limit() > 3);
}

static int arrived;

// One thread of each inner region is here until all inner regions are begun.
static void meet(int regions) {
  int count;
#pragma omp atomic
  arrived++;
  do {
    sched_yield();
#pragma omp atomic read
    count = arrived;
  } while (count < regions);
}

static int size_of(int threads) {
  int size = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
  size = omp_get_num_threads();
  return size;
}

// Regions within a region's threads, all at once. Returns how many threads there are in all.
static int count_nested(int outer, int inner) {
  int all = 0;
  arrived = 0;
#pragma omp parallel num_threads(outer)
  {
    const int around = omp_get_num_threads();
#pragma omp parallel num_threads(inner)
    {
#pragma omp atomic
      all++;
#pragma omp master
      meet(around);
    }
  }
  return all;
}

static void *expect_six(void *arg) {
  EXPECT_EQ(size_of(9), 6);
  return arg;
}

// Threads that wait for their next region are none that the limit counts.
PROGRAM(icvs_thread_limit_of_the_environment) {
  if (getenv("OMP_THREAD_LIMIT") == NULL) {
    setenv("OMP_THREAD_LIMIT", "6", 1);
    execl("/proc/self/exe", "icvs", "icvs_thread_limit_of_the_environment", (char *)NULL);
  }
  EXPECT_EQ(omp_get_thread_limit(), 6);
  omp_set_max_active_levels(3);
  for (int round = 0; round < 20; round++) {
    pthread_t thread;
    EXPECT_EQ(size_of(9), 6);
    EXPECT_EQ(count_nested(2, 3), 6);
    EXPECT_EQ(count_nested(3, 2), 6);
    EXPECT_EQ(count_nested(1, 9), 6);
    EXPECT_EQ(count_nested(4, 4), 6);
    EXPECT_EQ(count_nested(9, 9), 6);
    EXPECT_EQ(size_of(5), 5);
    // The regions of a thread of the program's own are another contention group.
    EXPECT_EQ(pthread_create(&thread, NULL, expect_six, NULL), 0);
    pthread_join(thread, NULL);
  }
}

static int count_threads(void) {
  DIR *tasks = opendir("/proc/self/task");
  int count = 0;
  if (tasks == NULL) return 0;
  while (readdir(tasks) != NULL) count++;
  closedir(tasks);
  return count - 2;
}

static void descend(unsigned chance, int depth) {
#pragma omp parallel num_threads(2 + chance % 5)
  {
    unsigned own = (chance + (unsigned)omp_get_thread_num()) * 1664525u + 1013904223u;
    if (depth < 4 && own >> 8 & 1) descend(own >> 9, depth + 1);
  }
}

// Regions of many shapes inside of each other use the threads that others have left, and do not each keep their own.
PROGRAM(icvs_thread_limit_bounds_idle_threads) {
  if (getenv("OMP_THREAD_LIMIT") == NULL) {
    setenv("OMP_THREAD_LIMIT", "6", 1);
    execl("/proc/self/exe", "icvs", "icvs_thread_limit_bounds_idle_threads", (char *)NULL);
  }
  omp_set_max_active_levels(5);
  for (unsigned round = 0; round < 300; round++) descend(round, 0);
  EXPECT(count_threads() <= 4 * 6);
}

// What a region has not got, although there was room, others may have.
PROGRAM(icvs_thread_limit_counts_what_regions_have) {
  if (getenv("OMP_THREAD_LIMIT") == NULL) {
    setenv("OMP_THREAD_LIMIT", "16", 1);
    execl("/proc/self/exe", "icvs", "icvs_thread_limit_counts_what_regions_have", (char *)NULL);
  }
  omp_set_max_active_levels(2);
  omp_set_dynamic(1);
  for (int round = 0; round < 5; round++) {
    int outer = 0, inner = 0;
#pragma omp parallel num_threads(16)
    {
#pragma omp barrier
#pragma omp master
        {outer = omp_get_num_threads();
    omp_set_dynamic(0);
    inner = size_of(16);
  }
#pragma omp barrier
}
EXPECT_EQ(inner, 16 - (outer - 1));
}
}

PROGRAM(icvs_teams_distribute) {
  long sum = 0;
#pragma omp teams distribute parallel for reduction(+ : sum) num_teams(3)
  for (int i = 0; i < 1000; i++) sum += i;
  EXPECT_EQ(sum, 499500);
  static int times[100];
#pragma omp teams num_teams(2)
#pragma omp distribute dist_schedule(static, 7)
  for (int i = 0; i < 100; i++) {
#pragma omp atomic
    times[i]++;
  }
  for (int i = 0; i < 100; i++) EXPECT_EQ(times[i], 1);
}
