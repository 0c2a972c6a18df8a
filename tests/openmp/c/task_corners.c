// SPDX-License-Identifier: MIT
// task_corners.c: where tasks' constructs meet: groups and dependences, cancellation and events, values of tasks that
// are gone, and regions whose tasks are made while the other threads have nothing to do.
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

// A task of a group may have to wait for one that is not in it.
PROGRAM(corner_group_and_depend) {
  for (int threads = 1; threads <= 2; threads++) {
    int x = 0, seen = 0;
#pragma omp parallel num_threads(threads)
#pragma omp master
    {
#pragma omp task depend(out : x) shared(x)
      x = 1;
#pragma omp taskgroup
      {
#pragma omp task depend(in : x) shared(x, seen)
        seen = x;
      }
      EXPECT_EQ(seen, 1);
    }
  }
}

// A task that is never run, since its group was cancelled, has an event that nobody fulfils.
PROGRAM(corner_canceled_detach) {
  int ran = 0;
#pragma omp parallel num_threads(1)
#pragma omp taskgroup
  {
    omp_event_handle_t event;
#pragma omp task detach(event) shared(ran)
    {
      ran++;
      omp_fulfill_event(event);
    }
#pragma omp task
    {
#pragma omp cancel taskgroup
    }
  }
  EXPECT(ran == 0 || ran == 1);
}

// What a task inherits of settings is still there when the tasks around it have ended.
PROGRAM(corner_settings_of_ended_tasks) {
  int wrong = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  {
    omp_set_num_threads(3);
    for (int i = 0; i < 20; i++) {
#pragma omp task shared(wrong)
      {
        omp_set_num_threads(5);
#pragma omp task if (0) shared(wrong)
        {
#pragma omp task shared(wrong)
          {
            usleep(300);
            if (omp_get_max_threads() != 5) {
#pragma omp atomic
              wrong++;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(wrong, 0);
}

enum { PATIENCE_MS = 20000 };

// The threads that have nothing to do in a region run the tasks of the one that has, the first time, too. That one
// stays in the first that it runs until another thread has come, however long the system makes it wait for its CPU.
PROGRAM(corner_tasks_of_a_master) {
  int by[64], waited = 0;
  memset(by, 0, sizeof by);
#pragma omp parallel num_threads(2)
#pragma omp master
  for (int i = 0; i < 40; i++) {
#pragma omp task shared(by, waited)
    {
      int others = omp_get_thread_num(), past = 0;
      while (others == 0 && past < PATIENCE_MS) {
        usleep(1000);
#pragma omp atomic capture
        past = ++waited;
#pragma omp atomic read
        others = by[1];
      }
#pragma omp atomic
      by[omp_get_thread_num()]++;
    }
  }
  EXPECT_EQ(by[0] + by[1], 40);
  EXPECT(by[1] > 0);
}

// A region that makes tasks now and then: one of them may wait for another one.
static void make_tasks(int count) {
  int flag = 0;
#pragma omp parallel num_threads(2)
#pragma omp master
  for (int i = 0; i < count; i++) {
#pragma omp task shared(flag) firstprivate(i)
    {
      int seen = 0;
      if (i == 1) {
#pragma omp atomic write
        flag = 1;
      }
      while (!seen) {
#pragma omp atomic read
        seen = flag;
      }
    }
  }
}

PROGRAM(corner_tasks_now_and_then) {
  for (int round = 0; round < 20; round++) make_tasks(round % 4 == 3 ? 2 : 0);
}

// A thread of the program's own makes a task that has an event, and ends before that is fulfilled.
static omp_event_handle_t left;

static void *make_and_end(void *arg) {
  omp_event_handle_t event;
#pragma omp task detach(event)
  ++*(int *)arg;
  left = event;
  return NULL;
}

PROGRAM_OF_OURS(corner_detached_of_an_ended_thread) {
  int ran = 0;
  for (int i = 0; i < 20; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, make_and_end, &ran);
    pthread_join(thread, NULL);
    omp_fulfill_event(left);
  }
  EXPECT_EQ(ran, 20);
}

// Priorities in any order cost little.
PROGRAM(corner_priorities) {
  int ran = 0;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 5000; i++) {
#pragma omp task priority(i % 7) shared(ran)
    {
#pragma omp atomic
      ran++;
    }
  }
  EXPECT_EQ(ran, 5000);
}

// Tasks take part in the reductions of all constructs around them.
PROGRAM(corner_nested_reductions) {
  long outer = 0, inner = 0;
#pragma omp parallel reduction(task, + : outer)
#pragma omp for reduction(task, + : inner)
  for (int i = 0; i < 32; i++) {
#pragma omp task in_reduction(+ : outer) in_reduction(+ : inner)
    {
      outer++;
      inner += 2;
    }
  }
  EXPECT_EQ(outer, 32);
  EXPECT_EQ(inner, 64);
}

// A chain of tasks, each of which makes the next one and ends.
PROGRAM(corner_chain) {
  extern void corner_link(int left, int *ends);
  int ends = 0;
#pragma omp parallel
#pragma omp single
  corner_link(20000, &ends);
  EXPECT_EQ(ends, 1);
}

void corner_link(int left, int *ends) {
  if (left == 0) {
#pragma omp atomic
    ++*ends;
    return;
  }
#pragma omp task firstprivate(left, ends)
  corner_link(left - 1, ends);
}
