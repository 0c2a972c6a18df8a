// SPDX-License-Identifier: MIT
// task_threads.c: which threads run tasks, and which tasks a waiting thread runs: descendants of the one that waits;
// tasks that outlive their parents; many threads, and regions one after the other; a taskloop's parts.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

// A task that waits for its children holds what its siblings want. Whoever ran one of these in that wait would wait for
// itself.
static void hold_and_wait(omp_lock_t *lock, int depth, int *ran) {
  omp_set_lock(lock);
  for (int k = 0; k < 2; k++) {
#pragma omp task shared(ran) firstprivate(depth, lock)
    {
      if (depth > 0) hold_and_wait(lock + 1, depth - 1, ran);
#pragma omp atomic
      ++*ran;
    }
  }
#pragma omp taskwait
  omp_unset_lock(lock);
}

PROGRAM(threads_wait_for_descendants) {
  enum { DEPTH = 3, ROUNDS = 50 };
  omp_lock_t locks[DEPTH + 1];
  int ran = 0;
  for (int k = 0; k <= DEPTH; k++) omp_init_lock(&locks[k]);
  for (int round = 0; round < ROUNDS; round++) {
#pragma omp parallel
#pragma omp single
    for (int k = 0; k < 4; k++) {
#pragma omp task shared(locks, ran)
      hold_and_wait(locks, DEPTH, &ran);
    }
  }
  EXPECT_EQ(ran, ROUNDS * 4 * (2 + 4 + 8 + 16));
  for (int k = 0; k <= DEPTH; k++) omp_destroy_lock(&locks[k]);
}

// The same where the waiting thread ends a group.
PROGRAM(threads_end_their_group) {
  omp_lock_t lock;
  int ran = 0;
  omp_init_lock(&lock);
  for (int round = 0; round < 100; round++) {
#pragma omp parallel
#pragma omp single
    for (int k = 0; k < 6; k++) {
#pragma omp task shared(lock, ran)
      {
        omp_set_lock(&lock);
#pragma omp taskgroup
        {
#pragma omp task shared(ran)
          {
#pragma omp task shared(ran)
            {
#pragma omp atomic
              ran++;
            }
          }
        }
        omp_unset_lock(&lock);
      }
    }
  }
  EXPECT_EQ(ran, 600);
  omp_destroy_lock(&lock);
}

// Tasks whose parents are over, generation by generation, are waited for by groups and barriers alone.
static void leave_behind(int depth, int *ran) {
#pragma omp atomic
  ++*ran;
  for (int k = 0; k < 2 && depth > 0; k++) {
#pragma omp task firstprivate(depth, ran)
    leave_behind(depth - 1, ran);
  }
}

PROGRAM(threads_outlived_parents) {
  int ran = 0, then = 0;
  for (int round = 0; round < 20; round++) {
    ran = 0;
#pragma omp parallel shared(ran, then)
    {
#pragma omp master
      {
#pragma omp taskgroup
        {
#pragma omp task
          leave_behind(6, &ran);
        }
        then = ran;
#pragma omp task
        leave_behind(7, &ran);
      }
#pragma omp barrier
      EXPECT_EQ(then, 127);
      EXPECT_EQ(ran, 127 + 255);
    }
  }
}

// A parent that is over may have left children on its own thread, which ends them later, and on others.
PROGRAM(threads_ended_early_and_late) {
  int ran = 0;
  for (int round = 0; round < 200; round++) {
#pragma omp parallel shared(ran)
    {
#pragma omp task shared(ran)
      {
        for (int k = 0; k < 3; k++) {
#pragma omp task shared(ran)
          {
            if (k == round % 3) usleep(10);
#pragma omp atomic
            ran++;
          }
        }
        if (round % 2 == 0) {
#pragma omp taskwait
        }
      }
#pragma omp taskwait
    }
  }
  EXPECT_EQ(ran % 3, 0);
  EXPECT(ran >= 600);
}

// Regions of one size after those of another, some of which have tasks, and regions inside of tasks.
PROGRAM(threads_of_many_regions) {
  int ran = 0;
  for (int round = 0; round < 60; round++) {
    int threads = 1 + round % 5;
#pragma omp parallel num_threads(threads) shared(ran)
#pragma omp single
    for (int k = 0; k < round % 7; k++) {
#pragma omp task shared(ran)
      {
#pragma omp parallel num_threads(2) shared(ran)
        {
#pragma omp task shared(ran)
          {
#pragma omp atomic
            ran++;
          }
        }
      }
    }
  }
  EXPECT(ran > 0);
  ran = 0;
#pragma omp parallel num_threads(70) shared(ran)
  {
#pragma omp taskgroup
    for (int k = 0; k < 3; k++) {
#pragma omp task shared(ran)
      {
#pragma omp task shared(ran)
        {
#pragma omp atomic
          ran++;
        }
      }
    }
#pragma omp single
#pragma omp taskgroup
    for (int k = 0; k < 1000; k++) {
#pragma omp task shared(ran)
      {
#pragma omp atomic
        ran++;
      }
    }
  }
  EXPECT_EQ(ran, 210 + 1000);
}

// Each part of a taskloop is a task: it has settings of its own, and children of its own.
PROGRAM(threads_parts_of_a_taskloop) {
  enum { PARTS = 300 };
  int wrong = 0, runs[PARTS], threads = 0;
  memset(runs, 0, sizeof runs);
#pragma omp parallel shared(wrong, runs, threads)
#pragma omp single
  {
    threads = omp_get_max_threads();
#pragma omp taskloop grainsize(1) shared(wrong, runs, threads)
    for (int i = 0; i < PARTS; i++) {
      int done = 0;
      if (omp_get_max_threads() != threads) {
#pragma omp atomic
        wrong++;
      }
      omp_set_num_threads(threads + 1 + i % 3);
      if (i % 10 == 0) usleep(20);
#pragma omp task shared(done)
      done = 1;
#pragma omp taskwait
      if (!done) {
#pragma omp atomic
        wrong++;
      }
      if (i % 7 == 0) {
#pragma omp task shared(runs) firstprivate(i)
        {
#pragma omp atomic
          runs[i]++;
        }
      } else {
#pragma omp atomic
        runs[i]++;
      }
    }
    for (int i = 0; i < PARTS; i++) wrong += runs[i] != 1;
    if (omp_get_max_threads() != threads) wrong++;
  }
  EXPECT_EQ(wrong, 0);
}

// Arguments of a taskloop's tasks that are large.
typedef struct large {
  char bytes[100000];
} large;

PROGRAM(threads_large_arguments_of_a_taskloop) {
  static large values;
  long sum = 0;
  memset(&values, 1, sizeof values);
#pragma omp parallel shared(sum)
#pragma omp single
  {
    large own = values;
#pragma omp taskloop num_tasks(20) firstprivate(own) shared(sum)
    for (int i = 0; i < 100; i++) {
      long part = 0;
      for (size_t b = 0; b < sizeof own.bytes; b += 1000) part += own.bytes[b];
#pragma omp atomic
      sum += part;
    }
  }
  EXPECT_EQ(sum, 100L * 100);
}

// Many more tasks depend on each other than find room in a task, on many addresses each.
PROGRAM(threads_of_many_dependences) {
  enum { ADDRESSES = 12, READERS = 40 };
  int x[ADDRESSES], wrong = 0;
  memset(x, 0, sizeof x);
#pragma omp parallel shared(x, wrong)
#pragma omp single
  for (int round = 0; round < 20; round++) {
#pragma omp task depend(inout : x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11]) shared(x)
    for (int a = 0; a < ADDRESSES; a++) x[a]++;
    for (int k = 0; k < READERS; k++) {
#pragma omp task depend(in : x[k % ADDRESSES]) shared(x, wrong) firstprivate(k, round)
      if (x[k % ADDRESSES] != round + 1) {
#pragma omp atomic
        wrong++;
      }
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(x[ADDRESSES - 1], 20);
}

// Children that run elsewhere are waited for, and nothing that the thread has put on its own deque before is run
// meanwhile: the other parts of a taskloop, and what it has got at a barrier from threads that were further.
static void *fulfill_later(void *event) {
  usleep(2000);
  omp_fulfill_event((omp_event_handle_t)(uintptr_t)event);
  return NULL;
}

PROGRAM(threads_wait_in_parts_of_a_taskloop) {
  int ran = 0;
  omp_lock_t lock;
  omp_init_lock(&lock);
#pragma omp parallel
#pragma omp single
#pragma omp taskloop num_tasks(6) shared(ran, lock)
  for (int i = 0; i < 6; i++) {
    omp_event_handle_t event;
    omp_set_lock(&lock);
    ran++;
#pragma omp task detach(event)
    {
      pthread_t thread;
      pthread_create(&thread, NULL, fulfill_later, (void *)(uintptr_t)event);
      pthread_detach(thread);
    }
#pragma omp taskwait
    omp_unset_lock(&lock);
  }
  EXPECT_EQ(ran, 6);
  omp_destroy_lock(&lock);
}

static _Atomic uintptr_t awaited;
static atomic_int is_over;

static void *fulfill_all(void *arg) {
  while (!is_over) {
    uintptr_t event = atomic_exchange(&awaited, 0);
    usleep(50);
    if (event != 0) omp_fulfill_event((omp_event_handle_t)event);
  }
  return arg;
}

PROGRAM(threads_wait_after_barriers) {
  atomic_int waiting = 0, foreign = 0;
  pthread_t thread;
  is_over = 0;
  pthread_create(&thread, NULL, fulfill_all, NULL);
#pragma omp parallel num_threads(2) shared(waiting, foreign)
  for (int round = 0; round < 200; round++) {
#pragma omp barrier
    if (omp_get_thread_num() == 1) {
      for (int k = 0; k < 8; k++) {
#pragma omp task shared(waiting, foreign)
        {
#pragma omp task shared(waiting, foreign)
          if (omp_get_thread_num() == 0 && waiting) foreign++;
        }
      }
    } else {
      omp_event_handle_t event;
      waiting = 1;
#pragma omp task detach(event)
      awaited = (uintptr_t)event;
#pragma omp taskwait
      waiting = 0;
    }
  }
  is_over = 1;
  pthread_join(thread, NULL);
  EXPECT_EQ(foreign, 0);
}

// A variable that is firstprivate and lastprivate: each part begins with the value before the loop, though the last
// part may be over before others begin.
typedef struct values {
  int of[8];
} values;

PROGRAM(threads_first_and_last) {
  for (int round = 0; round < 5; round++) {
    values all = {{0}};
    int one = 0, wrong = 0;
#pragma omp parallel shared(all, one, wrong)
#pragma omp single
    {
#pragma omp taskloop num_tasks(12) firstprivate(all, one) lastprivate(all, one)
      for (int i = 0; i < 12; i++) {
        if (all.of[3] != 0 || one != 0) {
#pragma omp atomic
          wrong++;
        }
        usleep(i == 0 ? 2000 : 10);
        all.of[3] = i + 1;
        one = i + 1;
      }
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(all.of[3], 12);
    EXPECT_EQ(one, 12);
  }
}
