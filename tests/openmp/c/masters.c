// SPDX-License-Identifier: MIT
// masters.c: threads that the program started by itself, each of which is the master of teams of its own.
#include <pthread.h>

#include "program.h"

enum { USERS = 6 };

static int numbers[USERS];

static void with_users(void *(*body)(void *)) {
  pthread_t users[USERS];
  for (int i = 0; i < USERS; i++) {
    numbers[i] = i;
    EXPECT_EQ(pthread_create(&users[i], NULL, body, &numbers[i]), 0);
  }
  for (int i = 0; i < USERS; i++) pthread_join(users[i], NULL);
}

static void *regions(void *argument) {
  int user = *(int *)argument;
  for (int round = 0; round < 30; round++) {
    int members = 0;
    long sum = 0;
#pragma omp parallel num_threads(1 + (user + round) % 4) reduction(+ : members)
    {
      members++;
      EXPECT_EQ(omp_get_num_threads(), 1 + (user + round) % 4);
#pragma omp for schedule(dynamic, 2) reduction(+ : sum)
      for (int i = 0; i < 50; i++) sum += user;
    }
    EXPECT_EQ(members, 1 + (user + round) % 4);
    EXPECT_EQ(sum, 50 * user);
  }
  return NULL;
}

PROGRAM(masters_regions) { with_users(regions); }

// The threads are initial ones, each with the variables that the environment gave.
static void *settings(void *argument) {
  int user = *(int *)argument;
  EXPECT_EQ(omp_get_max_threads(), program_threads());
  EXPECT_EQ(omp_get_level(), 0);
  EXPECT_EQ(omp_get_thread_num(), 0);
  omp_set_num_threads(user + 1);
#pragma omp parallel
  EXPECT_EQ(omp_get_num_threads(), user + 1);
  EXPECT_EQ(omp_get_max_threads(), user + 1);
  return NULL;
}

PROGRAM(masters_settings) {
  with_users(settings);
  EXPECT_EQ(omp_get_max_threads(), program_threads());
}

static long guarded;

static void *exclusive_sections(void *argument) {
  (void)argument;
#pragma omp parallel num_threads(3)
  for (int i = 0; i < 200; i++) {
#pragma omp critical(masters)
    guarded++;
  }
  return NULL;
}

PROGRAM(masters_critical) {
  with_users(exclusive_sections);
  EXPECT_EQ(guarded, USERS * 3 * 200);
}

// A thread that had a team ends, and others follow it: nothing of it may be missing or left.
PROGRAM(masters_come_and_go) {
  for (int round = 0; round < 10; round++) with_users(regions);
#pragma omp parallel num_threads(4)
  EXPECT_EQ(omp_get_num_threads(), 4);
}

// The main thread has a team while users have theirs.
static void *with_main(void *argument) { return regions(argument); }

PROGRAM(masters_beside_a_region) {
  pthread_t user;
  int number = 3;
#pragma omp parallel num_threads(3)
  {
#pragma omp master
    {
      pthread_create(&user, NULL, with_main, &number);
      pthread_join(user, NULL);
    }
#pragma omp barrier
    EXPECT_EQ(omp_get_num_threads(), 3);
  }
}

// A user thread that is started by a member of a team has no part in that team.
static void *outside(void *argument) {
  (void)argument;
  EXPECT_EQ(omp_in_parallel(), 0);
  EXPECT_EQ(omp_get_level(), 0);
  EXPECT_EQ(omp_get_num_threads(), 1);
  return NULL;
}

PROGRAM(masters_started_by_members) {
#pragma omp parallel num_threads(3)
  {
    pthread_t user;
    pthread_create(&user, NULL, outside, NULL);
    pthread_join(user, NULL);
  }
}
