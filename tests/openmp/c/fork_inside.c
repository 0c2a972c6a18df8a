// SPDX-License-Identifier: MIT
// fork_inside.c: a forked child goes on with the construct, and after the task, that it is inside of. The threads that
// the region has beside the forking one wait meanwhile, so that no lock of a checker's is taken.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forking.h"
#include "program.h"

static int is_child, done;

// Forks; the parent waits until the child has ended, and has ended well.
static void fork_here(void) {
  pid_t process = fork_quietly();
  int status = -1;
  EXPECT(process >= 0);
  is_child = process == 0;
  if (is_child) {
    alarm(60);
    return;
  }
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
}

static void end_child(void) {
  if (is_child) _exit(program_is_right() ? 0 : 1);
}

static void let_go(void) {
#pragma omp atomic write
  done = 1;
}

static void wait_for(const int *count, int expected) {
  for (int now = 0; now < expected; usleep(100)) {
#pragma omp atomic read
    now = *count;
  }
}

static void wait_to_go(void) { wait_for(&done, 1); }

enum { THREADS = 9 };

// In a region of two threads the second one does the work; it is begun by the program's first thread, and by another.
static void (*work)(void);

static void *run_region(void *argument) {
  done = 0;
  omp_set_max_active_levels(4);
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) {
    work();
    end_child();
    let_go();
  } else {
    wait_to_go();
  }
  return argument;
}

static void run_regions(void (*function)(void)) {
  pthread_t user;
  work = function;
  run_region(NULL);
  EXPECT_EQ(pthread_create(&user, NULL, run_region, NULL), 0);
  EXPECT_EQ(pthread_join(user, NULL), 0);
}

static void begin_larger_region(void) {
  fork_here();
  if (is_child) run_over_stacks(THREADS);
  EXPECT_EQ(omp_get_num_threads(), 2);
  EXPECT_EQ(omp_get_thread_num(), 1);
  EXPECT_EQ(omp_get_max_active_levels(), 4);
}

PROGRAM(fork_and_begin_a_larger_region) { run_regions(begin_larger_region); }

// --- Worksharing, which has all iterations for the thread that has come to it

static void go_on_with_loop(const char *schedule) {
  enum { N = 64 };
  int iterations = 0;
  const omp_sched_t kind = schedule[0] == 'd' ? omp_sched_dynamic : omp_sched_guided;
  omp_set_schedule(kind, 1);
  done = 0;
#pragma omp parallel num_threads(2) firstprivate(iterations)
  {
    if (omp_get_thread_num() == 0) wait_to_go();
#pragma omp for schedule(runtime) nowait
    for (int i = 0; i < N; i++) {
      if (i == 0) {
        fork_here();
        if (is_child) run_over_stacks(THREADS);
        if (!is_child) let_go();
      }
      iterations++;
    }
    if (is_child) EXPECT_EQ(iterations, N);
    end_child();
  }
}

PROGRAM(fork_in_a_loop) {
  omp_set_max_active_levels(4);
  go_on_with_loop("dynamic");
  go_on_with_loop("guided");
}

PROGRAM(fork_in_a_section) {
  int sections = 0;
  omp_set_max_active_levels(4);
#pragma omp parallel num_threads(2) firstprivate(sections)
  {
    if (omp_get_thread_num() == 0) wait_to_go();
#pragma omp sections nowait
    {
#pragma omp section
      {
        fork_here();
        if (is_child) run_over_stacks(THREADS);
        if (!is_child) let_go();
        sections++;
      }
#pragma omp section
      sections++;
#pragma omp section
      sections++;
    }
    if (is_child) EXPECT_EQ(sections, 3);
    end_child();
  }
}

// --- Tasks

static void go_on_with_tasks(void) {
  int tasks = 0, turns = 0;
  run_over_stacks(THREADS);
#pragma omp taskgroup
  for (int t = 0; t < 20; t++) {
#pragma omp task shared(tasks)
#pragma omp atomic
    tasks++;
#pragma omp task depend(inout : turns) shared(turns)
    turns++;
  }
  EXPECT_EQ(tasks, 20);
  EXPECT_EQ(turns, 20);
  EXPECT_EQ(omp_get_max_active_levels(), 4);
  EXPECT_EQ(omp_get_team_size(omp_get_level()), 2);
}

static void return_to_taskwait(void) {
#pragma omp task
  fork_here();
#pragma omp taskwait
  if (is_child) go_on_with_tasks();
}

static void return_to_a_task_and_taskgroup(void) {
#pragma omp taskgroup
#pragma omp task
  {
#pragma omp task
    fork_here();
#pragma omp taskwait
    if (is_child) go_on_with_tasks();
  }
  if (is_child) go_on_with_tasks();
}

// The ones that have been made before; the latest runs first.
static void run_tasks_made_before(void) {
  int after = 0, chained = 0;
#pragma omp task shared(after)
  {
    if (is_child) go_on_with_tasks();
    after++;
  }
#pragma omp task depend(out : chained) shared(chained)
  {
    fork_here();
    chained++;
  }
#pragma omp task depend(inout : chained) shared(chained)
  {
    if (is_child) go_on_with_tasks();
    chained++;
  }
#pragma omp taskwait
  EXPECT_EQ(after, 1);
  EXPECT_EQ(chained, 2);
}

PROGRAM(fork_in_a_task) { run_regions(return_to_taskwait); }
PROGRAM(fork_in_a_task_of_a_task) { run_regions(return_to_a_task_and_taskgroup); }
PROGRAM(fork_before_tasks_begin) { run_regions(run_tasks_made_before); }

// The others make tasks meanwhile, which takes the region's lock; and memory, so not beside AddressSanitizer's locks.
#ifndef __SANITIZE_ADDRESS__
static int is_over(void) {
  int now;
#pragma omp atomic read
  now = done;
  return now;
}

static void make_tasks(void) {
  int chained = 0;
  for (int t = 0; t < 20; t++) {
#pragma omp task depend(inout : chained) shared(chained)
    chained++;
  }
#pragma omp taskwait
  EXPECT_EQ(chained, 20);
}

PROGRAM_OF_OURS(fork_beside_tasks) {
  for (int round = 0; round < 20; round++) {
    done = 0;
#pragma omp parallel num_threads(3)
    if (omp_get_thread_num() == 2) {
      usleep(300 + 7 * round);
      fork_here();
      if (is_child) make_tasks();
      end_child();
      let_go();
    } else {
      while (!is_over()) make_tasks();
    }
  }
}
#endif

// --- The end of the region, where only those are awaited that the process has

static void go_on_with_tasks_of_regions(void) {
  for (int round = 0; round < 3; round++) {
    int tasks = 0;
#pragma omp parallel num_threads(2)
#pragma omp master
    for (int t = 0; t < 20; t++) {
#pragma omp task shared(tasks)
#pragma omp atomic
      tasks++;
    }
    EXPECT_EQ(tasks, 20);
  }
}

// The other thread is in a task then. The child runs the ones that have not begun.
PROGRAM_OF_OURS(fork_and_leave_the_region) {
  for (int dynamic = 0; dynamic < 2; dynamic++) {
    int members = 0, begun = 0, tasks = 0;
    done = 0;
    omp_set_dynamic(dynamic);
#pragma omp parallel num_threads(2) shared(tasks, begun)
    {
      if (omp_get_thread_num() != 0) {
#pragma omp task shared(begun)
        {
#pragma omp atomic write
          begun = 1;
          wait_to_go();
        }
#pragma omp taskwait
      }
#pragma omp master
      {
        wait_for(&begun, omp_get_num_threads() - 1);
#pragma omp task shared(tasks)
#pragma omp atomic
        tasks++;
        fork_here();
        if (!is_child) let_go();
      }
    }
    EXPECT_EQ(tasks, 1);
    if (is_child) {
      omp_set_dynamic(0);
      run_over_stacks(THREADS);
      go_on_with_tasks_of_regions();
      omp_set_dynamic(dynamic);
#pragma omp parallel num_threads(2) reduction(+ : members)
      members++;
      EXPECT_EQ(members, dynamic && omp_get_num_procs() == 1 ? 1 : 2);
    }
    end_child();
  }
}

// The first thread has come to the region's end, and forks in a task that it runs there. The others are in tasks, which
// the child does not have.
PROGRAM_OF_OURS(fork_in_a_task_at_the_regions_end) {
  omp_set_max_active_levels(4);
  for (int threads = 2; threads <= THREADS; threads += 7) {
    int began = 0, others = 0, after = 0;
    done = 0;
#pragma omp parallel num_threads(threads) shared(began, others, after)
    if (omp_get_thread_num() != 0) {
#pragma omp task if (0) shared(began, others)
      {
#pragma omp atomic
        began++;
        wait_to_go();
#pragma omp atomic
        others++;
      }
    } else {
      wait_for(&began, omp_get_num_threads() - 1);
#pragma omp task shared(after)
#pragma omp atomic
      after++;
#pragma omp task shared(after)
      {
        fork_here();
        if (is_child) run_over_stacks(THREADS);
        if (!is_child) let_go();
#pragma omp atomic
        after++;
      }
    }
    EXPECT_EQ(after, 2);
    EXPECT_EQ(others, is_child ? 0 : threads - 1);
    if (is_child) {
      run_over_stacks(THREADS);
      go_on_with_tasks_of_regions();
    }
    end_child();
  }
}
