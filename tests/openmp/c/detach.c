// SPDX-License-Identifier: MIT
// detach.c: tasks that end when an event is fulfilled: by themselves, by their maker, by another task, or by a thread
// that OpenMP knows nothing of.
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include "program.h"

PROGRAM(detach_by_itself) {
  int ran = 0;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < 20; i++) {
      omp_event_handle_t event;
#pragma omp task detach(event) shared(ran)
      {
#pragma omp atomic
        ran++;
        omp_fulfill_event(event);
      }
    }
#pragma omp taskwait
    EXPECT_EQ(ran, 20);
  }
}

// The maker goes on before the event is fulfilled: it fulfils it itself.
PROGRAM(detach_by_the_maker) {
  int ran = 0;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < 20; i++) {
      omp_event_handle_t event;
#pragma omp task detach(event) shared(ran)
      {
#pragma omp atomic
        ran++;
      }
      omp_fulfill_event(event);
    }
#pragma omp taskwait
    EXPECT_EQ(ran, 20);
  }
}

static void *fulfil_later(void *event) {
  usleep(2000);
  omp_fulfill_event((omp_event_handle_t)(uintptr_t)event);
  return NULL;
}

static pthread_t start(omp_event_handle_t event) {
  pthread_t thread;
  pthread_create(&thread, NULL, fulfil_later, (void *)(uintptr_t)event);
  return thread;
}

static int fulfilled, detached;  // GCC leaves tasks out that have no code

static void *mark_and_fulfil(void *event) {
  usleep(2000);
  __atomic_store_n(&fulfilled, 1, __ATOMIC_RELEASE);
  omp_fulfill_event((omp_event_handle_t)(uintptr_t)event);
  return NULL;
}

static pthread_t start_marked(omp_event_handle_t event) {
  pthread_t thread;
  pthread_create(&thread, NULL, mark_and_fulfil, (void *)(uintptr_t)event);
  return thread;
}

// taskwait, the group's end and the barrier wait for the event, not only for the code.
PROGRAM(detach_taskwait) {
  pthread_t thread = pthread_self();
#pragma omp parallel
#pragma omp single
  {
    omp_event_handle_t event;
#pragma omp task detach(event)
    detached++;
    thread = start_marked(event);
#pragma omp taskwait
    EXPECT(__atomic_load_n(&fulfilled, __ATOMIC_ACQUIRE));
  }
  pthread_join(thread, NULL);
}

PROGRAM(detach_taskgroup) {
  pthread_t thread = pthread_self();
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup
    {
      omp_event_handle_t event;
#pragma omp task detach(event)
      detached++;
      thread = start_marked(event);
    }
    EXPECT(__atomic_load_n(&fulfilled, __ATOMIC_ACQUIRE));
  }
  pthread_join(thread, NULL);
}

// GCC's library hangs here when the team has one thread.
PROGRAM_OF_OURS(detach_barrier) {
  pthread_t thread = pthread_self();
#pragma omp parallel
  {
#pragma omp single
    {
      omp_event_handle_t event;
#pragma omp task detach(event)
      detached++;
      thread = start_marked(event);
    }
    EXPECT(__atomic_load_n(&fulfilled, __ATOMIC_ACQUIRE));
  }
  pthread_join(thread, NULL);
}

// What depends on a detached task starts after its event.
PROGRAM(detach_with_depend) {
  static int value;
  pthread_t thread = pthread_self();
#pragma omp parallel
#pragma omp single
  {
    omp_event_handle_t event;
#pragma omp task detach(event) depend(out : value)
    value = 1;
    thread = start_marked(event);
#pragma omp task depend(inout : value)
    {
      EXPECT_EQ(value, 1);
      EXPECT(__atomic_load_n(&fulfilled, __ATOMIC_ACQUIRE));
      value = 2;
    }
  }
  EXPECT_EQ(value, 2);
  pthread_join(thread, NULL);
}

PROGRAM(detach_by_another_task) {
  int order = 0;
#pragma omp parallel
#pragma omp single
  {
    omp_event_handle_t event;
#pragma omp task detach(event) depend(out : order)
    order = 1;
#pragma omp task firstprivate(event)
    omp_fulfill_event(event);
#pragma omp task depend(in : order)
    EXPECT_EQ(order, 1);
  }
}

// Many at once, each with a thread of its own.
PROGRAM(detach_many) {
  enum { MANY = 8 };
  pthread_t threads[MANY];
  int ran = 0;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < MANY; i++) {
      omp_event_handle_t event;
#pragma omp task detach(event) shared(ran)
      {
#pragma omp atomic
        ran++;
      }
      threads[i] = start(event);
    }
#pragma omp taskwait
    EXPECT_EQ(ran, MANY);
  }
  for (int i = 0; i < MANY; i++) pthread_join(threads[i], NULL);
}

// Outside any region. There its maker may not go on before the event is fulfilled.
PROGRAM(detach_alone) {
  omp_event_handle_t event;
#pragma omp task detach(event)
  omp_fulfill_event(event);
#pragma omp taskwait
}

// A great many tasks wait for one whose event is fulfilled only when all of them have been made.
PROGRAM_OF_OURS(detach_before_many) {
  enum { MANY = 2000 };
  int ran = 0;
#pragma omp parallel
#pragma omp single
  {
    omp_event_handle_t event;
#pragma omp task detach(event) depend(out : ran) shared(ran)
    ran++;
    for (int i = 0; i < MANY; i++) {
#pragma omp task depend(inout : ran) shared(ran)
      ran++;
    }
    omp_fulfill_event(event);
#pragma omp taskwait
    EXPECT_EQ(ran, MANY + 1);
  }
}

// Tasks that were cancelled before they began, or before they were made. Their maker fulfils their events all the same,
// and what it has made since waits for its own event.
PROGRAM_OF_OURS(detach_discarded) {
  enum { ROUNDS = 100, ROOM = 4000 };
  struct {
    char bytes[ROOM];
  } large = {{1}};
  int early = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  for (int round = 0; round < ROUNDS; round++) {
    omp_event_handle_t small = 0, big = 0, never = 0, own;
    int ran_small = 0, ran_big = 0, ran_never = 0, done = 0;
#pragma omp taskgroup
#pragma omp task shared(small, big, ran_small, ran_big)
    {
#pragma omp task detach(small) shared(ran_small)
        {ran_small = 1;
    omp_fulfill_event(small);
  }
#pragma omp task detach(big) shared(ran_big) firstprivate(large)
  {
    ran_big = large.bytes[0];
    omp_fulfill_event(big);
  }
#pragma omp cancel taskgroup
}
#pragma omp taskgroup
{
#pragma omp task if (0)
  {
#pragma omp cancel taskgroup
  }
#pragma omp task detach(never) shared(ran_never)
  {
    ran_never = 1;
    omp_fulfill_event(never);
  }
}
EXPECT_EQ(ran_never, !omp_get_cancellation());
#pragma omp task detach(own) depend(out : done)
;
if (!ran_small) omp_fulfill_event(small);
if (!ran_big) omp_fulfill_event(big);
if (!ran_never) omp_fulfill_event(never);
#pragma omp task depend(in : done) shared(done, early)
{
  int is_done;
#pragma omp atomic read
  is_done = done;
  early += !is_done;
}
for (int k = 0; k < 3; k++) {
#pragma omp taskyield
}
#pragma omp atomic write
done = 1;
omp_fulfill_event(own);
#pragma omp taskwait
}
EXPECT_EQ(early, 0);
}
