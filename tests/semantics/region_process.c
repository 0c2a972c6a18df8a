/* SPDX-License-Identifier: MIT */
/* region_process.c: regions before and after fork, in parent and child, and as a process ends. */
#include <pthread.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/scenarios.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(region_process, .timeout = SCALE_TIMEOUT);

struct work {
  _Atomic uint64_t came, iterations, singles;
};

static void work_together(ppar_team *team, void *arg) {
  struct work *work = arg;
  const uint64_t size = (uint64_t)ppar_team_size(team);
  if (!teams_meet(&work->came, size)) return;
  ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = ppar_dynamic(3))) {
    atomic_fetch_add(&work->iterations, 1);
  }
  if (ppar_single(team)) atomic_fetch_add(&work->singles, 1);
  ppar_barrier(team);
}

/* Of teams of every size, or, unless `whole`, smaller. */
static bool teams_are_right(ppar_pool *pool, bool whole) {
  for (size_t size = 0; size + 1 < TEAMS_SIZES; size++) {
    struct work work = {0, 0, 0};
    const uint64_t threads = (uint64_t)teams_sizes[size];
    const ppar_options *options = PPAR_OPTIONS(.threads = teams_sizes[size], .pool = pool);
    if (ppar_parallel(work_together, &work, options) != PPAR_OK) return false;
    if (work.came > threads || work.came < (whole ? threads : 1)) return false;
    if (work.iterations != 100 || work.singles != 1) return false;
  }
  return true;
}

static bool regions_are_right(ppar_pool *pool) { return teams_are_right(pool, true); }

/* See fork.c for what checkers allow a child. */
static void skip_under_thread_sanitizer(void) {
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
}

static pid_t fork_to_run_regions(ppar_pool *pool) {
  if (SCALE_ADDRESS_SANITIZER) teams_sleep(20000);
  pid_t child = fork();
  if (child == 0) _exit(regions_are_right(NULL) && (pool == NULL || regions_are_right(pool)) ? RIGHT : WRONG);
  return child;
}

Test(region_process, children_forked_before_the_first_region_have_regions) {
  pid_t child = fork_to_run_regions(NULL);
  cr_assert(regions_are_right(NULL));
  cr_assert_eq(children_await(child), RIGHT);
}

Test(region_process, children_forked_between_regions_have_regions) {
  skip_under_thread_sanitizer();
  ppar_pool *pool = case_pool(3);
  cr_assert_not_null(pool);
  for (uint64_t round = 0; round < scaled(26); round++) {
    cr_assert(regions_are_right(NULL));
    cr_assert(regions_are_right(pool));
    pid_t child = fork_to_run_regions(pool);
    cr_assert(regions_are_right(NULL));
    cr_assert_eq(children_await(child), RIGHT);
  }
  cr_assert(regions_are_right(pool));
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

static void fork_inside(ppar_team *team, void *arg) {
  struct findings *found = arg;
  ppar_barrier(team);
  if (ppar_single(team)) {
    pid_t child = fork();
    if (child == 0) _exit(RIGHT); /* as posix_spawn and system do */
    EXPECT(found, children_await(child) == RIGHT);
  }
  ppar_barrier(team);
}

/* In a child the thread that forked is nobody's worker. */
struct numbers {
  _Atomic uint64_t running;
  _Atomic int number[2];
};

static void note_number(void *arg) {
  struct numbers *numbers = arg;
  const uint64_t mine = atomic_fetch_add(&numbers->running, 1);
  atomic_store(&numbers->number[mine], ppar_thread_num());
  teams_await(&numbers->running, 2);
}

static int run_two_tasks_at_once(ppar_pool *pool) {
  struct numbers numbers = {0};
  ppar_task_group group;
  bool right = ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool)) == PPAR_OK;
  for (int k = 0; k < 2; k++) right = ppar_task_spawn(&group, note_number, &numbers) == PPAR_OK && right;
  right = ppar_task_group_wait(&group) == PPAR_OK && right;
  return right && numbers.number[0] != numbers.number[1] ? RIGHT : WRONG;
}

struct forking {
  ppar_pool *pool;
  int thread;
  struct findings found;
};

static void fork_on_a_member(ppar_team *team, void *arg) {
  struct forking *forking = arg;
  ppar_barrier(team);
  if (ppar_masked(team, forking->thread)) {
    pid_t child = fork();
    if (child == 0) _exit(run_two_tasks_at_once(forking->pool));
    EXPECT(&forking->found, children_await(child) == RIGHT);
  }
  ppar_barrier(team);
}

Test(region_process, a_child_of_a_worker_has_tasks_on_workers_of_its_own) {
  struct forking forking = {.pool = case_pool(2)};
  if (SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER || scale_is_small())
    cr_skip_test("locks of the checker's would stay taken in the child");
  cr_assert_not_null(forking.pool);
  for (forking.thread = 0; forking.thread < 3; forking.thread++)
    cr_assert_eq(ppar_parallel(fork_on_a_member, &forking, PPAR_OPTIONS(.pool = forking.pool, .threads = 3)), PPAR_OK);
  ASSERT_CLEAN(&forking.found, "children of members");
}

/* The child of a member begins regions that are larger than the one it is inside of, and then finds that one as it was:
 * all iterations of the prange are its to do. */
struct inside {
  _Atomic uint64_t ended; /* 1: the child has */
  bool is_child;
  struct findings found;
};

static void fork_in_prange(ppar_team *team, void *arg) {
  struct inside *inside = arg;
  int iterations = 0;
  if (ppar_team_thread(team) == 0) teams_await(&inside->ended, 1);
  ppar_prange(team, i, 0, 50, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .nowait = true)) {
    if (ppar_team_thread(team) == 0 || iterations++ != 0) continue;
    pid_t child = fork();
    inside->is_child = child == 0;
    if (inside->is_child) {
      if (!regions_are_right(NULL) || ppar_team_size(team) != 2 || ppar_team_thread(team) != 1) _exit(WRONG);
    } else {
      EXPECT(&inside->found, children_await(child) == RIGHT);
      atomic_store(&inside->ended, 1);
    }
  }
  if (inside->is_child) _exit(iterations == 50 ? RIGHT : WRONG);
}

Test(region_process, children_of_members_find_their_region_as_it_was) {
  struct inside inside = {0};
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  for (int k = 0; k < 5; k++) {
    atomic_store(&inside.ended, 0);
    cr_assert_eq(ppar_parallel(fork_in_prange, &inside, PPAR_OPTIONS(.threads = 2)), PPAR_OK);
  }
  ASSERT_CLEAN(&inside.found, "children of members");
}

static void fork_on_the_first(ppar_team *team, void *arg) {
  if (ppar_master(team)) *(pid_t *)arg = fork();
}

Test(region_process, a_child_of_the_first_thread_leaves_the_region) {
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
  ppar_pool *pool = case_pool(3);
  cr_assert_not_null(pool);
  cr_assert(regions_are_right(pool));
  for (int threads = 1; threads < 13; threads += 3) {
    pid_t child = -1;
    cr_assert_eq(ppar_parallel(fork_on_the_first, &child, PPAR_OPTIONS(.pool = pool, .threads = threads)), PPAR_OK);
    if (child == 0)
      _exit(regions_are_right(NULL) && regions_are_right(pool) && ppar_pool_destroy(pool) == PPAR_OK ? RIGHT : WRONG);
    cr_assert_eq(children_await(child), RIGHT, "%d threads", threads);
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* The first thread has come to the region's end, takes part in a loop of another thread there, and forks in that. */
struct helped {
  pid_t child;
  _Atomic uint64_t forked; /* 1: the parent goes on */
  pthread_t first;
};

static void fork_on_the_helper(const ppar_chunk *chunk, void *arg) {
  struct helped *helped = arg;
  (void)chunk;
  if (!pthread_equal(pthread_self(), helped->first)) {
    teams_await(&helped->forked, 1);
  } else if (helped->child < 0) {
    helped->child = fork();
    atomic_store(&helped->forked, 1);
  }
}

static void help_at_the_end(ppar_team *team, void *arg) {
  struct helped *helped = arg;
  if (ppar_team_thread(team) == 0) return;
  ppar_parallel_for(0, 2, fork_on_the_helper, helped, PPAR_OPTIONS(.threads = 2, .schedule = ppar_static(1)));
}

Test(region_process, a_child_of_the_first_thread_leaves_the_region_after_a_loop_that_it_helped_with) {
  struct helped helped = {.child = -1, .first = pthread_self()};
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  cr_assert_eq(ppar_parallel(help_at_the_end, &helped, PPAR_OPTIONS(.threads = 2)), PPAR_OK);
  if (helped.child == 0) _exit(regions_are_right(NULL) ? RIGHT : WRONG);
  cr_assert_eq(children_await(helped.child), RIGHT);
}

Test(region_process, threads_of_a_region_may_fork) {
  struct findings found = {0, NULL};
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    cr_assert_eq(teams_run(teams_sizes[size], fork_inside, &found), PPAR_OK);
    cr_assert(regions_are_right(NULL));
  }
  ASSERT_CLEAN(&found, "children forked inside regions");
}

static void run_regions(void) {
  if (!regions_are_right(NULL)) _exit(WRONG);
}

static int right_after_a_region(void) {
  run_regions();
  return RIGHT;
}

static int with_the_threads_asleep(void) {
  run_regions();
  teams_sleep(50 * 1000);
  return RIGHT;
}

static int with_regions_in_an_exit_handler(void) {
  atexit(run_regions);
  run_regions();
  return RIGHT;
}

static int with_the_first_region_in_an_exit_handler(void) {
  atexit(run_regions);
  return RIGHT;
}

static void exit_inside(ppar_team *team, void *arg) {
  ppar_barrier(team);
  if (ppar_team_thread(team) == *(const int *)arg) exit(RIGHT);
  ppar_barrier(team);
}

static int from_the_callers_region(void) {
  teams_run(4, exit_inside, &(int){0});
  return WRONG;
}

static int from_another_thread_of_the_region(void) {
  teams_run(4, exit_inside, &(int){2});
  return WRONG;
}

/* Once the process ends the teams may be smaller than asked for. */
static void *regions_for_ever(void *arg) {
  for (;;) {
    if (!teams_are_right(NULL, false)) _exit(WRONG);
    atomic_store((_Atomic bool *)arg, true);
  }
  return NULL;
}

static int while_another_thread_runs_regions(void) {
  static _Atomic bool under_way;
  pthread_t thread;
  if (pthread_create(&thread, NULL, regions_for_ever, &under_way) != 0) return WRONG;
  pthread_detach(thread);
  while (!atomic_load(&under_way)) sched_yield();
  return RIGHT;
}

static const struct scenario scenarios[] = {
    SCENARIO(right_after_a_region),
    SCENARIO(with_the_threads_asleep),
    SCENARIO(with_regions_in_an_exit_handler),
    SCENARIO(with_the_first_region_in_an_exit_handler),
    SCENARIO(from_the_callers_region),
    SCENARIO(from_another_thread_of_the_region),
    SCENARIO(while_another_thread_runs_regions),
};

__attribute__((constructor)) static void take_over(void) {
  scenarios_take_over(scenarios, sizeof scenarios / sizeof scenarios[0]);
}

#define END_TEST(name) \
  Test(region_process, ends_##name) { scenarios_expect_prompt_end(#name, (int)scaled(13)); }

END_TEST(right_after_a_region)
END_TEST(with_the_threads_asleep)
END_TEST(with_regions_in_an_exit_handler)
END_TEST(with_the_first_region_in_an_exit_handler)
END_TEST(from_the_callers_region)
END_TEST(from_another_thread_of_the_region)
END_TEST(while_another_thread_runs_regions)
