// SPDX-License-Identifier: MIT
// program.c: an OpenMP program that is wrong in the way that the command line names, and then runs a region that is
// right. Where a construct may not be inside of another one it is in a function of its own, since compilers see the
// others.
#include <omp.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORPHAN static __attribute__((noinline)) void

enum { LATE = 30 };  // seconds until a program that waits for itself is ended, where nobody has done so before

static omp_lock_t lock;
static omp_nest_lock_t nest;
static long sum;

// --- Locks -----------------------------------------------------------------------------------------------------

static void unset_free(void) {
  omp_init_lock(&lock);
  for (int k = 0; k < 1000; k++) omp_unset_lock(&lock);  // one place
  omp_destroy_lock(&lock);
}

static void unset_of_another_task(void) {
  omp_init_lock(&lock);
#pragma omp parallel num_threads(2)
  {
#pragma omp masked
    omp_set_lock(&lock);
#pragma omp barrier
    if (omp_get_thread_num() == 1) omp_unset_lock(&lock);
  }
  omp_destroy_lock(&lock);
}

static void unset_nest_free(void) {
  omp_init_nest_lock(&nest);
  omp_unset_nest_lock(&nest);
  omp_destroy_nest_lock(&nest);
}

static void unset_nest_of_another_task(void) {
  omp_init_nest_lock(&nest);
  omp_set_nest_lock(&nest);
#pragma omp task if (0)
  omp_unset_nest_lock(&nest);
  omp_destroy_nest_lock(&nest);
}

static void set_twice(void) {
  omp_init_lock(&lock);
  alarm(LATE);
  omp_set_lock(&lock);
  omp_set_lock(&lock);
}

static void destroy_set(void) {
  omp_init_lock(&lock);
  omp_set_lock(&lock);
  omp_destroy_lock(&lock);
}

static void not_initialised(void) {
  omp_set_lock(&lock);
  omp_unset_lock(&lock);
  if (!omp_test_nest_lock(&nest)) abort();
  omp_unset_nest_lock(&nest);
}

static void destroyed(void) {
  omp_init_lock(&lock);
  omp_destroy_lock(&lock);
  if (!omp_test_lock(&lock)) abort();
  omp_unset_lock(&lock);
}

// --- Constructs inside of each other ---------------------------------------------------------------------------

ORPHAN barrier(void){
#pragma omp barrier
}

ORPHAN loop(int n) {
#pragma omp for schedule(dynamic, 2)
  for (int k = 0; k < n; k++) {
#pragma omp atomic
    sum++;
  }
}

ORPHAN two_sections(void) {
#pragma omp sections
  {
#pragma omp section
    {
#pragma omp atomic
      sum++;
    }
#pragma omp section
    {
#pragma omp atomic
      sum++;
    }
  }
}

ORPHAN one(void) {
#pragma omp single
  {
#pragma omp atomic
    sum++;
  }
}

ORPHAN in_order(void) {
#pragma omp ordered
  {
#pragma omp atomic
    sum++;
  }
}

ORPHAN critical(void) {
#pragma omp critical
  {
#pragma omp atomic
    sum++;
  }
}

static void barrier_in_loop(void) {
#pragma omp parallel for schedule(dynamic) num_threads(1)
  for (int k = 0; k < 3; k++) barrier();
}

// The first barrier may be compiled code's own there, and the others are told of.
static void barriers_in_sharing_loop(void) {
  sum = 0;
#pragma omp parallel for schedule(dynamic) reduction(task, + : sum) num_threads(1)
  for (int k = 0; k < 3; k++) {
    sum += k;
    barrier();
  }
}

static void barrier_in_critical(void) {
#pragma omp parallel num_threads(1)
#pragma omp critical
  barrier();
}

static void barrier_in_ordered(void) {
#pragma omp parallel for ordered schedule(static, 1) num_threads(1)
  for (int k = 0; k < 1; k++) {
#pragma omp ordered
    barrier();
  }
}

static void barrier_in_sections(void) {
#pragma omp parallel sections num_threads(1)
  {
#pragma omp section
    barrier();
  }
}

static void barrier_in_single(void) {
#pragma omp parallel num_threads(1)
  {
    int value = 0;
#pragma omp single copyprivate(value)
    {
      barrier();
      value = 1;
    }
    if (!value) abort();
  }
}

// Such a task has the construct to itself, and those of the team go on as if it was not there.
static void constructs_in_tasks(void) {
  sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp single
    for (int k = 0; k < 10; k++) {
#pragma omp task
      {
        loop(100);
        two_sections();
        one();
        barrier();
      }
    }
    loop(1000);
  }
  if (sum != 10 * 103 + 1000) abort();
}

static void ordered_loop(int iterations) {
#pragma omp for ordered schedule(dynamic)
  for (int k = 0; k < iterations; k++) {
#pragma omp ordered
#pragma omp atomic
    sum++;
  }
}

static void ordered_loop_in_task(void) {
  sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp single nowait
    for (int k = 0; k < 10; k++) {
#pragma omp task
      ordered_loop(10);
    }
    ordered_loop(100);
  }
  if (sum != 200) abort();
}

// Right, with OMP_CANCELLATION=true.
static void cancel_sections(void) {
  sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp sections
    {
#pragma omp section
      {
#pragma omp cancel sections
        sum = 1000;
      }
#pragma omp section
      {
#pragma omp cancellation point sections
      }
    }
#pragma omp single
    if (omp_get_num_threads() != 4) abort();
    loop(100);
#pragma omp barrier
  }
  if (sum != 100) abort();
}

static void loop_in_loop(void) {
#pragma omp parallel for schedule(dynamic) num_threads(1)
  for (int k = 0; k < 3; k++) loop(10);
}

static void constructs_in_critical(void) {
#pragma omp parallel num_threads(1)
#pragma omp critical
  {
    loop(10);
    two_sections();
    one();
  }
}

static void ordered_in_critical(void) {
#pragma omp parallel for ordered num_threads(1)
  for (int k = 0; k < 1; k++) {
#pragma omp critical
    in_order();
  }
}

static void ordered_without_the_clause(void) {
#pragma omp parallel for schedule(dynamic) num_threads(1)
  for (int k = 0; k < 3; k++) in_order();
}

static void critical_in_critical(void) {
  alarm(LATE);
#pragma omp critical
  critical();
}

// --- Threads of a team that do not meet ------------------------------------------------------------------------

static void other_bounds(void) {
#pragma omp parallel num_threads(2)
  loop(omp_get_thread_num() == 0 ? 100 : 50);
}

static void single_and_loop(void) {
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 0) {
    one();
  } else {
    loop(100);
  }
}

static void barrier_of_one(void) {
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) barrier();
}

// --- Events, cancellation, numbers -----------------------------------------------------------------------------

static void fulfill_twice(void) {
#pragma omp parallel num_threads(2)
#pragma omp single
  {
    omp_event_handle_t event;
#pragma omp task detach(event)
    {
      omp_fulfill_event(event);
      omp_fulfill_event(event);
    }
  }
}

static void fulfill_none(void) {
  static uintptr_t zeros[64];
  omp_fulfill_event((omp_event_handle_t)(uintptr_t)zeros);
}

static void cancel(void) {
#pragma omp parallel num_threads(2)
  {
#pragma omp cancel parallel
  }
}

static void numbers(void) {
  omp_set_num_threads(0);
  omp_set_num_threads(-3);
  omp_set_num_threads(5000);
  omp_set_max_active_levels(-1);
  omp_set_schedule((omp_sched_t)9, 1);
  omp_set_num_teams(-2);
  omp_set_teams_thread_limit(-4);
}

static void numbers_in_clauses(void) {
  static volatile int threads = -3, teams = -2, limit = -4;
  int ran = 0;
#pragma omp parallel num_threads(threads) reduction(+ : ran)
  ran++;
  if (ran != 1) abort();
#pragma omp teams num_teams(teams)
  ran++;
  if (ran != 2) abort();
#pragma omp teams num_teams(1) thread_limit(limit)
  ran++;
}

// --- Nothing is wrong ------------------------------------------------------------------------------------------

static void region_of_two(void) {
#pragma omp parallel num_threads(2)
  {
    loop(10);
    barrier();
  }
}

static void barriers_of_two(void) {
  critical();
#pragma omp parallel num_threads(2)
  barrier();
}

static void locks_by_turns(void) {
  omp_set_lock(&lock);
  omp_unset_lock(&lock);
  omp_set_nest_lock(&nest);
  if (omp_test_nest_lock(&nest) != 2) abort();
  omp_unset_nest_lock(&nest);
  omp_unset_nest_lock(&nest);
}

static void task_with_region(void) {
#pragma omp task
  {
    critical();
    region_of_two();
  }
}

// Compiled code has barriers of its own here, behind the calls that begin the constructs: all threads have to have
// copied `last` before it changes.
ORPHAN shared_reductions(void) {
  static long last, all;
  unsigned long long up;
#pragma omp for schedule(dynamic) reduction(task, + : all) firstprivate(last) lastprivate(last)
  for (int k = 0; k < 10; k++) {
    all += last != 10;
    last = k;
  }
#pragma omp for schedule(dynamic) reduction(task, + : all) firstprivate(last) lastprivate(last)
  for (up = 0; up < 10; up++) {
    all += last != 10;
    last = (long)up;
  }
#pragma omp for ordered(1) schedule(dynamic) reduction(task, + : all) firstprivate(last) lastprivate(last)
  for (int k = 0; k < 10; k++) {
#pragma omp ordered depend(sink : k - 1)
    all += last != 10;
    last = k;
#pragma omp ordered depend(source)
  }
#pragma omp sections reduction(task, + : all) firstprivate(last) lastprivate(last)
  {
    all += last != 10;
#pragma omp section
    last = 1;
  }
}

static void right(void) {
  omp_init_lock(&lock);
  omp_init_nest_lock(&nest);
#pragma omp parallel num_threads(4)
  {
    locks_by_turns();
    loop(100);
    two_sections();
    one();
    critical();
#pragma omp for ordered schedule(dynamic)
    for (int k = 0; k < 10; k++) in_order();
#pragma omp for ordered schedule(static)
    for (int k = 0; k < 10; k++) in_order();
#pragma omp single
    task_with_region();
#pragma omp critical(around)
    barriers_of_two();
    shared_reductions();
  }
  omp_destroy_nest_lock(&nest);
  omp_destroy_lock(&lock);
}

static int later(void) {
  sum = 0;
#pragma omp parallel num_threads(4)
  {
    loop(1000);
#pragma omp task
    critical();
  }
  return sum == 1004;
}

static jmp_buf outside;

// The other threads stay where they are in the region's function, and so look at nothing that the jump has torn down.
static void jump_out(void) {
  int staying = 0, seen = 0;
  if (setjmp(outside) == 0) {
#pragma omp parallel num_threads(4)
    if (omp_get_thread_num() == 0) {
      while (seen < omp_get_num_threads() - 1) {
#pragma omp atomic read
        seen = staying;
      }
      longjmp(outside, 1);
    } else {
#pragma omp atomic
      staying++;
      for (;;) pause();
    }
  }
}

#define WRONG(name) \
  { #name, name }
static const struct {
  const char *name;
  void (*run)(void);
} all[] = {
    WRONG(unset_free),
    WRONG(unset_of_another_task),
    WRONG(unset_nest_free),
    WRONG(unset_nest_of_another_task),
    WRONG(set_twice),
    WRONG(destroy_set),
    WRONG(not_initialised),
    WRONG(destroyed),
    WRONG(barrier_in_loop),
    WRONG(barriers_in_sharing_loop),
    WRONG(barrier_in_critical),
    WRONG(barrier_in_ordered),
    WRONG(barrier_in_sections),
    WRONG(barrier_in_single),
    WRONG(constructs_in_tasks),
    WRONG(ordered_loop_in_task),
    WRONG(cancel_sections),
    WRONG(loop_in_loop),
    WRONG(constructs_in_critical),
    WRONG(ordered_in_critical),
    WRONG(ordered_without_the_clause),
    WRONG(critical_in_critical),
    WRONG(other_bounds),
    WRONG(single_and_loop),
    WRONG(barrier_of_one),
    WRONG(fulfill_twice),
    WRONG(fulfill_none),
    WRONG(cancel),
    WRONG(numbers),
    WRONG(numbers_in_clauses),
    WRONG(jump_out),
    WRONG(right),
};

int main(int argc, char **argv) {
  for (size_t k = 0; k < sizeof all / sizeof all[0] && argc == 2; k++) {
    if (strcmp(argv[1], all[k].name) != 0) continue;
    all[k].run();
    return later() ? 0 : 1;
  }
  fprintf(stderr, "usage: %s NAME\n", argv[0]);
  return 2;
}
