// SPDX-License-Identifier: MIT
// fork.c: after fork, parent and child go on with regions. GCC's library does so only where no team was before.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forking.h"
#include "program.h"

static void work(void) {
  for (int round = 0; round < 5; round++) {
    int members = 0, inside = 0;
    long sum = 0, tasks = 0;
#pragma omp parallel reduction(+ : members)
    {
      members++;
#pragma omp for schedule(dynamic, 3) reduction(+ : sum)
      for (int i = 0; i < 100; i++) sum += i;
#pragma omp critical
      inside++;
#pragma omp atomic
      tasks++;
#pragma omp single
      {
#pragma omp task shared(tasks)
        {
#pragma omp atomic
          tasks++;
        }
      }
    }
    EXPECT_EQ(members, omp_get_max_threads());
    EXPECT_EQ(sum, 4950);
    EXPECT_EQ(inside, members);
    EXPECT_EQ(tasks, members + 1);
  }
}

// Forks; the child does its work, and has ended well.
static void fork_and_work(void (*child)(void)) {
  pid_t process = fork_quietly();
  EXPECT(process >= 0);
  if (process == 0) {
    child();
    _exit(program_is_right() ? 0 : 1);
  }
  work();
  int status = -1;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
}

static void work_and_fork(void) {
  work();
  fork_and_work(work);
}

PROGRAM(regions_after_an_early_fork) { fork_and_work(work); }

PROGRAM_OF_OURS(fork_after_regions) {
  work();
  fork_and_work(work);
  work();
}

PROGRAM_OF_OURS(fork_in_children) {
  work();
  fork_and_work(work_and_fork);
}

PROGRAM_OF_OURS(fork_many) {
  for (int i = 0; i < 8; i++) {
    work();
    fork_and_work(work);
  }
}

static void *of_a_user(void *argument) {
  work_and_fork();
  return argument;
}

PROGRAM_OF_OURS(fork_by_a_user) {
  work();
  pthread_t user;
  pthread_create(&user, NULL, of_a_user, NULL);
  pthread_join(user, NULL);
  work();
}

// The child begins more threads than all that were there before.
enum { THREADS = 24 };

// The child is inside of regions that threads have begun which it has not.
static void be_a_child_of_inner_regions(void) {
  alarm(60);
  EXPECT_EQ(omp_get_level(), 2);
  run_over_stacks(THREADS);
#pragma omp task if (0)
  run_over_stacks(THREADS);
  EXPECT_EQ(omp_get_ancestor_thread_num(1), 1);
  EXPECT_EQ(omp_get_team_size(1), 2);
  _exit(program_is_right() ? 0 : 1);
}

static void fork_in_inner_regions(void) {
  pid_t process = fork();
  int status = -1;
  EXPECT(process >= 0);
  if (process == 0) be_a_child_of_inner_regions();
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
}

enum { USERS = 3, OUTER = 2, INNER = 3 };

static void have_users(void *(*user)(void *)) {
  static int number[USERS];
  pthread_t users[USERS];
  for (int u = 0; u < USERS; u++) {
    number[u] = u;
    pthread_create(&users[u], NULL, user, &number[u]);
  }
  for (int u = 0; u < USERS; u++) pthread_join(users[u], NULL);
}

// One user after the other forks, while all threads of all regions are there and do nothing.
static int inside, turn;

static void wait_until(const int *value, int least) {
  for (int now = 0; now < least; usleep(100)) {
#pragma omp atomic read
    now = *value;
  }
}

static void *fork_in_turn(void *argument) {
  omp_set_max_active_levels(4);
#pragma omp parallel num_threads(OUTER)
#pragma omp parallel num_threads(INNER)
  {
#pragma omp atomic
    inside++;
    wait_until(&inside, USERS * OUTER * INNER);
    if (omp_get_ancestor_thread_num(1) == 1 && omp_get_thread_num() == 2) {
      wait_until(&turn, *(const int *)argument);
      fork_in_inner_regions();
#pragma omp atomic
      turn++;
    }
    wait_until(&turn, USERS);
  }
  return NULL;
}

PROGRAM(fork_in_regions_of_users) {
  for (int round = 0; round < 4; round++) {
    inside = turn = 0;
    have_users(fork_in_turn);
  }
}

// The others begin and leave their regions meanwhile. The C library's locks are free in the child, those of
// AddressSanitizer's allocator are not.
#ifndef __SANITIZE_ADDRESS__
static void *fork_at_any_time(void *argument) {
  omp_set_max_active_levels(4);
#pragma omp parallel num_threads(OUTER)
#pragma omp parallel num_threads(INNER)
  if (omp_get_ancestor_thread_num(1) == 1 && omp_get_thread_num() == 2) fork_in_inner_regions();
  return argument;
}

PROGRAM(fork_beside_regions_of_users) {
  for (int round = 0; round < 4; round++) have_users(fork_at_any_time);
}
#endif
