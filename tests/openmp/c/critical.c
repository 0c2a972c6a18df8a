// SPDX-License-Identifier: MIT
// critical.c: critical sections, unnamed and by name, and atomic updates that need a lock.
#include <complex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

enum { ROUNDS = 2000, CROWD = 16 };

static long unnamed, first, second;
static int flag;

static int load(int *from) { return __atomic_load_n(from, __ATOMIC_ACQUIRE); }
static void store(int *to, int value) { __atomic_store_n(to, value, __ATOMIC_RELEASE); }
static void wait_for(int *from, int value) {
  while (load(from) != value) sched_yield();
}

static void enter_all(int round) {
#pragma omp critical
  {
    unnamed++;
    if (round % 100 == 0) sched_yield();
  }
#pragma omp critical(first)
  first++;
#pragma omp critical(second)
  {
    second++;
#pragma omp critical(first)
    first++;
  }
}

static void expect_all(long entries) {
  EXPECT_EQ(unnamed, entries);
  EXPECT_EQ(first, 2 * entries);
  EXPECT_EQ(second, entries);
}

PROGRAM(critical_excludes) {
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) enter_all(round);
  expect_all((long)ROUNDS * program_threads());
}

// More threads than there are CPUs.
PROGRAM(critical_excludes_a_crowd) {
  int threads = 0;
#pragma omp parallel num_threads(CROWD)
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int round = 0; round < ROUNDS; round++) enter_all(round);
  }
  expect_all((long)ROUNDS * threads);
}

PROGRAM(critical_in_serial_code) {
  for (int round = 0; round < ROUNDS; round++) enter_all(round);
  expect_all(ROUNDS);
}

PROGRAM(critical_in_loops_and_tasks) {
#pragma omp parallel
  {
#pragma omp for schedule(dynamic)
    for (int i = 0; i < 100; i++) enter_all(i);
#pragma omp single
    for (int i = 0; i < 50; i++) {
#pragma omp task
      enter_all(i);
    }
  }
  expect_all(150);
}

// A thread that is in one section waits for another thread in another.
PROGRAM(critical_names_are_apart) {
#pragma omp parallel num_threads(3)
  if (omp_get_num_threads() == 3) {
    if (omp_get_thread_num() == 0) {
#pragma omp critical
      wait_for(&flag, 2);
    } else if (omp_get_thread_num() == 1) {
#pragma omp critical(first)
      {
        wait_for(&flag, 1);
        store(&flag, 2);
      }
    } else {
#pragma omp critical(second)
      store(&flag, 1);
    }
  }
}

PROGRAM(critical_with_hints) {
  long plain = 0;
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
#pragma omp critical(first) hint(omp_sync_hint_contended)
    plain++;
#pragma omp critical(first) hint(omp_sync_hint_contended)
    plain++;
  }
  EXPECT_EQ(plain, 2L * ROUNDS * program_threads());
}

// Those who wait sleep, and all are woken.
PROGRAM(critical_held_for_long) {
#pragma omp parallel num_threads(CROWD)
#pragma omp critical(first)
  {
    if (first == 0) usleep(100000);
    first++;
    usleep(1000);
  }
  EXPECT_EQ(first, CROWD);
}

// What processors have no instruction for.
PROGRAM(atomic_of_many_bytes) {
  long double sum = 0;
  double complex turns = 0;
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
#pragma omp atomic
    sum += 1;
#pragma omp critical(first)
    turns += I;
  }
  EXPECT_EQ(sum, (long)ROUNDS * program_threads());
  EXPECT_EQ(cimag(turns), (long)ROUNDS * program_threads());
}

// --- After fork

static void *stay_inside(void *argument) {
#pragma omp critical
  {
#pragma omp critical(first)
    {
      store(&flag, 1);
      wait_for(&flag, 2);
    }
  }
  return argument;
}

// A section that another thread was in is free in the child, where nobody would leave it.
PROGRAM_OF_OURS(critical_in_a_forked_child) {
  pthread_t thread;
  int status = -1;
  EXPECT_EQ(pthread_create(&thread, NULL, stay_inside, NULL), 0);
  wait_for(&flag, 1);
#pragma omp critical(second)
  {
    pid_t child = fork();
    if (child == 0) {
#pragma omp critical
      unnamed++;
#pragma omp critical(first)
      first++;
    } else {
      EXPECT_EQ(waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0);
      store(&flag, 2);
      EXPECT_EQ(pthread_join(thread, NULL), 0);
    }
    flag = child == 0 ? 3 : 2;
  }
  if (flag == 3) {
    // The child has left the section that it was in itself.
#pragma omp parallel num_threads(2)
#pragma omp critical(second)
    second++;
    EXPECT_EQ(second, 2);
    _exit(program_is_right() ? 0 : 1);
  }
}
