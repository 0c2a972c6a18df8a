// SPDX-License-Identifier: MIT
// locks.c: simple and nestable locks: one thread at a time has one, whoever waits gets it, and a nestable one is its
// owner's as often as that sets it.
#include <sched.h>
#include <unistd.h>

#include "program.h"

enum { ROUNDS = 2000, MOST = 64, CROWD = 16 };

static omp_lock_t lock;
static omp_nest_lock_t nest;
static long guarded;  // by a lock alone

static void add_by_lock(int round) {
  if (round % 3 == 0) {
    while (!omp_test_lock(&lock)) sched_yield();
  } else {
    omp_set_lock(&lock);
  }
  guarded++;
  if (round % 100 == 0) sched_yield();
  omp_unset_lock(&lock);
}

PROGRAM(lock_excludes) {
  omp_init_lock(&lock);
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) add_by_lock(round);
  EXPECT_EQ(guarded, (long)ROUNDS * program_threads());
  omp_destroy_lock(&lock);
}

// More threads than there are CPUs.
PROGRAM(lock_excludes_a_crowd) {
  int threads = 0;
  omp_init_lock(&lock);
#pragma omp parallel num_threads(CROWD)
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int round = 0; round < ROUNDS; round++) add_by_lock(round);
  }
  EXPECT_EQ(guarded, (long)ROUNDS * threads);
  omp_destroy_lock(&lock);
}

// The others sleep meanwhile, and all of them are woken.
PROGRAM(lock_held_for_long) {
  omp_init_lock(&lock);
#pragma omp parallel num_threads(CROWD)
  {
#pragma omp master
    omp_set_lock(&lock);
#pragma omp barrier
#pragma omp master
    {
      usleep(100000);
      EXPECT_EQ(guarded, 0);
      guarded++;
      omp_unset_lock(&lock);
    }
    if (omp_get_thread_num() != 0) {
      omp_set_lock(&lock);
      guarded++;
      usleep(1000);
      omp_unset_lock(&lock);
    }
#pragma omp barrier
    EXPECT_EQ(guarded, omp_get_num_threads());
  }
  omp_destroy_lock(&lock);
}

PROGRAM(lock_is_tested) {
  omp_init_lock(&lock);
  EXPECT(omp_test_lock(&lock));
#pragma omp parallel
  EXPECT(!omp_test_lock(&lock));
  omp_unset_lock(&lock);
  int got = 0;
#pragma omp parallel reduction(+ : got)
  got += omp_test_lock(&lock) != 0;
  EXPECT_EQ(got, 1);
  omp_destroy_lock(&lock);
}

// Many locks next to each other, of which each thread holds two at a time.
PROGRAM(locks_in_pairs) {
  static omp_lock_t locks[MOST];
  static long values[MOST];
  for (int i = 0; i < MOST; i++) omp_init_lock(&locks[i]);
#pragma omp parallel
  {
    unsigned random = 12345u + (unsigned)omp_get_thread_num();
    for (int round = 0; round < ROUNDS; round++) {
      random = random * 1664525u + 1013904223u;
      int low = (int)(random >> 8) % (MOST - 1), high = low + 1 + (int)(random >> 20) % (MOST - 1 - low);
      omp_set_lock(&locks[low]);
      omp_set_lock(&locks[high]);
      values[low]++;
      values[high]--;
      omp_unset_lock(&locks[low]);
      values[high] += 2;
      omp_unset_lock(&locks[high]);
    }
  }
  long sum = 0;
  for (int i = 0; i < MOST; i++) {
    sum += values[i];
    EXPECT(omp_test_lock(&locks[i]));
    omp_unset_lock(&locks[i]);
    omp_destroy_lock(&locks[i]);
  }
  EXPECT_EQ(sum, 2L * ROUNDS * program_threads());
}

PROGRAM(nest_lock_excludes) {
  omp_init_nest_lock(&nest);
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
    int depth = 1 + round % 3;
    for (int level = 1; level <= depth; level++) omp_set_nest_lock(&nest);
    guarded++;
    EXPECT_EQ(omp_test_nest_lock(&nest), depth + 1);
    for (int level = 0; level <= depth; level++) omp_unset_nest_lock(&nest);
  }
  EXPECT_EQ(guarded, (long)ROUNDS * program_threads());
  omp_destroy_nest_lock(&nest);
}

PROGRAM(nest_lock_is_free_after_as_many_unsets) {
  omp_init_nest_lock(&nest);
#pragma omp parallel
  {
#pragma omp master
    {
      EXPECT_EQ(omp_test_nest_lock(&nest), 1);
      EXPECT_EQ(omp_test_nest_lock(&nest), 2);
      omp_set_nest_lock(&nest);
      omp_unset_nest_lock(&nest);
      omp_unset_nest_lock(&nest);
    }
#pragma omp barrier
    if (omp_get_thread_num() != 0) EXPECT_EQ(omp_test_nest_lock(&nest), 0);
#pragma omp barrier
#pragma omp master
    omp_unset_nest_lock(&nest);
#pragma omp barrier
    int own = omp_test_nest_lock(&nest);
    EXPECT(own == 0 || own == 1);
#pragma omp barrier
    if (own) omp_unset_nest_lock(&nest);
  }
  EXPECT_EQ(omp_test_nest_lock(&nest), 1);
  omp_unset_nest_lock(&nest);
  omp_destroy_nest_lock(&nest);
}

// A task owns it, and not the thread that runs the task.
PROGRAM(nest_lock_is_a_tasks) {
  omp_init_nest_lock(&nest);
  omp_set_nest_lock(&nest);
#pragma omp task if (0)
  EXPECT_EQ(omp_test_nest_lock(&nest), 0);
#pragma omp parallel num_threads(1)
  EXPECT_EQ(omp_test_nest_lock(&nest), 0);
  EXPECT_EQ(omp_test_nest_lock(&nest), 2);
  omp_unset_nest_lock(&nest);
  omp_unset_nest_lock(&nest);
#pragma omp task if (0)
  {
    EXPECT_EQ(omp_test_nest_lock(&nest), 1);
    omp_unset_nest_lock(&nest);
  }
  omp_destroy_nest_lock(&nest);
}

PROGRAM(locks_are_used_again) {
  for (int round = 0; round < 100; round++) {
    omp_init_lock(&lock);
    omp_init_nest_lock(&nest);
#pragma omp parallel
    {
      omp_set_lock(&lock);
      omp_set_nest_lock(&nest);
      guarded++;
      omp_unset_nest_lock(&nest);
      omp_unset_lock(&lock);
    }
    omp_destroy_nest_lock(&nest);
    omp_destroy_lock(&lock);
  }
  EXPECT_EQ(guarded, 100L * program_threads());
}
