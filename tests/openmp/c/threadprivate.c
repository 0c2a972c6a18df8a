// SPDX-License-Identifier: MIT
// threadprivate.c: what a thread keeps from one region to the next, and what the master gives to all.
#include <pthread.h>

#include <unistd.h>

#include "program.h"

static int kept = 5, other = 6;
static double array[10] = {1.5};
#pragma omp threadprivate(kept, other, array)
static pthread_t threads_then[64];

// Regions of the same size, one after the other, have the same threads in the same places.
PROGRAM(threadprivate_persists) {
#pragma omp parallel
  {
    EXPECT_EQ(other, 6);
    kept = 100 + omp_get_thread_num();
    array[9] = kept;
    threads_then[omp_get_thread_num()] = pthread_self();
  }
  for (int round = 0; round < 20; round++) {
#pragma omp parallel
    {
      EXPECT_EQ(kept, 100 + round + omp_get_thread_num());
      EXPECT_EQ((long)array[9], kept);
      EXPECT(pthread_equal(threads_then[omp_get_thread_num()], pthread_self()));
      kept++;
      array[9]++;
    }
  }
  EXPECT_EQ(kept, 120);  // the master's copy is the one that serial code has
}

PROGRAM(threadprivate_copyin) {
  for (int round = 0; round < 20; round++) {
    kept = round;
    array[3] = round / 4.0;
#pragma omp parallel copyin(kept, array)
    {
      EXPECT_EQ(kept, round);
      EXPECT(array[3] == round / 4.0);
#pragma omp barrier
      kept = -omp_get_thread_num();
      array[3] = -1;
    }
    EXPECT_EQ(kept, 0);
  }
}

PROGRAM(threadprivate_copyin_of_loops) {
  kept = 21;
  long sum = 0;
#pragma omp parallel for copyin(kept) schedule(dynamic) reduction(+ : sum)
  for (int i = 0; i < 100; i++) sum += kept;
  EXPECT_EQ(sum, 2100);
  int own = 0;
#pragma omp parallel sections copyin(kept) reduction(+ : own)
  {
#pragma omp section
    own += kept;
#pragma omp section
    own += kept;
  }
  EXPECT_EQ(own, 42);
}

// What single has read, all threads' own variables get.
PROGRAM(threadprivate_copyprivate) {
#pragma omp parallel
  for (int round = 0; round < 20; round++) {
    int mine = -1;
#pragma omp single copyprivate(kept, array, mine)
    {
      kept = round * 3;
      array[0] = round;
      mine = round + 1;
    }
    EXPECT_EQ(kept, round * 3);
    EXPECT_EQ((long)array[0], round);
    EXPECT_EQ(mine, round + 1);
  }
}

static void *of_a_user(void *argument) {
  EXPECT_EQ(kept, 5);  // a thread of its own begins with the first value
  kept = *(int *)argument;
#pragma omp parallel num_threads(3) copyin(kept)
  EXPECT_EQ(kept, *(int *)argument);
  return NULL;
}

PROGRAM(threadprivate_users) {
  kept = 9;
  pthread_t users[4];
  int numbers[4];
  for (int i = 0; i < 4; i++) {
    numbers[i] = 1000 + i;
    pthread_create(&users[i], NULL, of_a_user, &numbers[i]);
  }
  for (int i = 0; i < 4; i++) pthread_join(users[i], NULL);
  EXPECT_EQ(kept, 9);
}

// Threads that have had nothing to do for a while are still there, with what is theirs.
PROGRAM(threadprivate_of_idle_threads) {
  int wrong = 0;
  if (program_threads() != 2) return;
#pragma omp parallel num_threads(6)
  kept = 1 + omp_get_thread_num();
  usleep(2500 * 1000);
#pragma omp parallel num_threads(6) reduction(+ : wrong)
  wrong += kept != 1 + omp_get_thread_num();
  EXPECT_EQ(wrong, 0);
}

// Threads that are given back take their variables with them, whichever kind of pause it is.
PROGRAM(threadprivate_of_paused_threads) {
  for (int round = 0; round < 8; round++) {
#pragma omp parallel
    kept = 300 + omp_get_thread_num();
    EXPECT_EQ(omp_pause_resource(round % 2 ? omp_pause_hard : omp_pause_soft, omp_get_initial_device()), 0);
#pragma omp parallel
    {
      EXPECT_EQ(kept, omp_get_thread_num() == 0 ? 300 : 5);
      kept = 400 + omp_get_thread_num();
    }
    EXPECT_EQ(omp_pause_resource_all(round % 2 ? omp_pause_soft : omp_pause_hard), 0);
#pragma omp parallel
    EXPECT_EQ(kept, omp_get_thread_num() == 0 ? 400 : 5);
  }
}

// A soft pause does no harm to the region that another thread has.
static int paused;

static void *use_a_region(void *arg) {
  int *members = arg;
#pragma omp parallel
  {
    int may_end = 0;
#pragma omp atomic
    ++*members;
    while (!may_end) {
#pragma omp atomic read
      may_end = paused;
      usleep(100);
    }
#pragma omp barrier
#pragma omp atomic
    ++*members;
  }
  return NULL;
}

PROGRAM(threadprivate_of_a_thread_that_pauses) {
  for (int round = 0; round < 5; round++) {
    int members = 0, begun = 0;
    pthread_t user;
    paused = 0;
#pragma omp parallel
    kept = 500;
    pthread_create(&user, NULL, use_a_region, &members);
    while (begun < program_threads()) {
#pragma omp atomic read
      begun = members;
    }
    EXPECT_EQ(omp_pause_resource_all(omp_pause_soft), 0);
#pragma omp atomic write
    paused = 1;
    pthread_join(user, NULL);
    EXPECT_EQ(members, 2 * program_threads());
    EXPECT_EQ(kept, 500);
#pragma omp parallel
    EXPECT(kept == 500 || kept == 5);
  }
}

// While one thread pauses, again and again, the regions of another one have as many threads as ever: these wait for
// each other.
static int has_regions;

static void *pause_often(void *arg) {
  int goes_on = 1;
  while (goes_on) {
    (void)omp_pause_resource_all(omp_pause_soft);
    usleep(100);
#pragma omp atomic read
    goes_on = has_regions;
  }
  return arg;
}

PROGRAM(threadprivate_of_regions_beside_pauses) {
  pthread_t pauser;
  has_regions = 1;
  pthread_create(&pauser, NULL, pause_often, NULL);
  for (int round = 0; round < 500; round++) {
    int came = 0, wrong = 0;
#pragma omp parallel num_threads(3) reduction(+ : wrong)
    {
      int all = 0;
      kept = round + omp_get_thread_num();
#pragma omp atomic
      came++;
      for (int k = 0; k < 30000 && all < 3; k++) {
#pragma omp atomic read
        all = came;
        if (k > 1000 && all < 3) usleep(1000);
      }
      wrong += all != 3 || kept != round + omp_get_thread_num();
    }
    EXPECT_EQ(wrong, 0);
    if (wrong) break;
    if (round % 20 == 0) usleep(300);
  }
#pragma omp atomic write
  has_regions = 0;
  pthread_join(pauser, NULL);
}
