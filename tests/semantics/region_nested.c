/* SPDX-License-Identifier: MIT */
/* region_nested.c: regions in regions and in loops, and loops in regions: how many threads they have, and that each
 * finds its own place again. The environment is read once per process; each test is a process of its own. */
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(region_nested, .timeout = SCALE_TIMEOUT);

enum { DEPTH_MOST = 4 };

/* A nest of regions, of which `active` may have more than one thread. */
struct nest {
  const int *threads; /* asked for at each depth */
  int depth, depths, active, active_most;
  int size; /* expected */
  ppar_team *outer;
  _Atomic uint64_t came;
  _Atomic uint64_t *leaves;
  struct findings *found;
};

static int enter(struct nest *nest, int active, ppar_team *outer);

static void descend(ppar_team *team, void *arg) {
  struct nest *nest = arg;
  const int thread = ppar_team_thread(team);
  EXPECT(nest->found, ppar_team_size(team) == nest->size);
  EXPECT(nest->found, thread >= 0 && thread < nest->size);
  EXPECT(nest->found, ppar_active_level() == nest->active);
  EXPECT(nest->found, team != nest->outer);
  EXPECT(nest->found, teams_meet(&nest->came, (uint64_t)nest->size));
  ppar_barrier(team);
  if (nest->depth + 1 == nest->depths) {
    atomic_fetch_add(nest->leaves, 1);
    return;
  }
  struct nest inner = {.threads = nest->threads,
                       .depth = nest->depth + 1,
                       .depths = nest->depths,
                       .active_most = nest->active_most,
                       .leaves = nest->leaves,
                       .found = nest->found};
  for (int twice = 0; twice < 2; twice++) {
    EXPECT(nest->found, enter(&inner, nest->active, team) == PPAR_OK);
    EXPECT(nest->found, ppar_team_current() == team);
    EXPECT(nest->found, ppar_thread_num() == thread && ppar_num_threads() == nest->size);
    EXPECT(nest->found, ppar_active_level() == nest->active);
    EXPECT(nest->found, ppar_team_thread(team) == thread && ppar_team_size(team) == nest->size);
  }
  ppar_barrier(team);
}

static int enter(struct nest *nest, int active, ppar_team *outer) {
  const int asked = nest->threads[nest->depth];
  nest->size = active < nest->active_most ? asked : 1;
  nest->active = active + (nest->size > 1 ? 1 : 0);
  nest->outer = outer;
  atomic_store(&nest->came, 0);
  return teams_run(asked, descend, nest);
}

static void check(const int *threads, int depths, int active_most) {
  struct findings found = {0, NULL};
  _Atomic uint64_t leaves = 0;
  struct nest nest = {
      .threads = threads, .depths = depths, .active_most = active_most, .leaves = &leaves, .found = &found};
  uint64_t expected = 1;
  int active = 0;
  for (int d = 0; d < depths; d++) {
    if (active < active_most && threads[d] > 1) {
      active++;
      expected *= (uint64_t)threads[d];
    }
    if (d > 0) expected *= 2;
  }
  EXPECT(&found, enter(&nest, 0, NULL) == PPAR_OK);
  EXPECT(&found, atomic_load(&leaves) == expected);
  EXPECT(&found, ppar_team_current() == NULL && ppar_num_threads() == 1 && ppar_active_level() == 0);
  ASSERT_CLEAN(&found, "regions in regions");
}

static void check_all(int active_most) {
  static const int threads[][DEPTH_MOST] = {{2, 2, 2, 2}, {1, 3, 2, 2}, {3, 1, 1, 4}, {8, 2, 1, 3}, {1, 1, 1, 1}};
  for (uint64_t round = 0; round < scaled(39); round++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      for (int depths = 1; depths <= (active_most > 2 ? DEPTH_MOST : 3); depths++) {
        if (depths > 2 && round % 8 != 0) continue;
        check(threads[t], depths, active_most);
      }
    }
  }
}

static void unset_levels(void) {
  static const char *const names[] = {"PPAR_MAX_ACTIVE_LEVELS", "OMP_MAX_ACTIVE_LEVELS", "PPAR_NUM_THREADS",
                                      "OMP_NUM_THREADS",        "PPAR_PROC_BIND",        "OMP_PROC_BIND"};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) unsetenv(names[n]);
}

Test(region_nested, inner_teams_are_of_one_by_default) {
  unset_levels();
  check_all(1);
}

Test(region_nested, two_levels_are_active_when_allowed) {
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  check_all(2);
}

Test(region_nested, all_levels_are_active_where_the_number_of_threads_is_a_list) {
  unset_levels();
  setenv("PPAR_NUM_THREADS", "2,3,2", 1);
  check_all(DEPTH_MOST);
}

Test(region_nested, three_levels_are_active_when_allowed) {
  setenv("PPAR_MAX_ACTIVE_LEVELS", "3", 1);
  check_all(3);
}

/* Regions in the bodies of loops. */
struct loop_of_regions {
  int size;
  _Atomic uint64_t *total;
  struct findings *found;
};

struct member {
  const struct loop_of_regions *loop;
  _Atomic uint64_t came;
};

static void count_member(ppar_team *team, void *arg) {
  struct member *member = arg;
  EXPECT(member->loop->found, ppar_team_size(team) == member->loop->size);
  EXPECT(member->loop->found, teams_meet(&member->came, (uint64_t)member->loop->size));
  atomic_fetch_add(member->loop->total, 1);
}

static void run_regions(const ppar_chunk *chunk, void *arg) {
  const struct loop_of_regions *loop = arg;
  const int threads = ppar_num_threads();
  EXPECT(loop->found, ppar_team_current() == NULL);
  ppar_for_each_index(i, chunk) {
    struct member member = {loop, 0};
    EXPECT(loop->found, teams_run(3, count_member, &member) == PPAR_OK);
    EXPECT(loop->found, ppar_team_current() == NULL);
    EXPECT(loop->found, ppar_thread_num() == chunk->thread && ppar_num_threads() == threads);
  }
}

static void check_loops(int size_in_one, int size_in_many) {
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 1; threads < 6; threads += 2) {
      const int64_t iterations = (int64_t)scaled(52);
      _Atomic uint64_t total = 0;
      struct loop_of_regions regions = {threads > 1 ? size_in_many : size_in_one, &total, &found};
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, iterations), .schedule = schedules[s], .threads = threads};
      EXPECT(&found, case_run(&loop, run_regions, &regions) == PPAR_OK);
      EXPECT(&found, atomic_load(&total) == (uint64_t)iterations * (uint64_t)regions.size);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
}

Test(region_nested, a_region_in_a_loop_has_a_team_of_one_by_default) {
  unset_levels();
  check_loops(3, 1);
}

Test(region_nested, a_region_in_a_loop_has_its_threads_where_two_levels_are_allowed) {
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  check_loops(3, 3);
}

/* Loops in regions. */
struct loops {
  _Atomic uint64_t *total;
  struct findings *found;
};

static void expect_a_loops_place(const ppar_chunk *chunk, void *arg) {
  const struct loops *loops = arg;
  EXPECT(loops->found, ppar_team_current() == NULL);
  EXPECT(loops->found, ppar_thread_num() == chunk->thread && ppar_num_threads() == 3);
  EXPECT(loops->found, ppar_active_level() == 2);
  /* of a team of one: nobody else comes to it */
  ppar_barrier(NULL);
  EXPECT(loops->found, ppar_single(NULL));
  ppar_prange(NULL, i, 0, 3, NULL) {
    atomic_fetch_add(loops->total, chunk->count);
  }
}

static void run_loops(ppar_team *team, void *arg) {
  const struct loops *loops = arg;
  const int thread = ppar_team_thread(team);
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    const ppar_options *options = PPAR_OPTIONS(.threads = 3, .schedule = schedules[(s + (size_t)thread) % 8]);
    EXPECT(loops->found, ppar_parallel_for(0, 60, expect_a_loops_place, arg, options) == PPAR_OK);
    EXPECT(loops->found, ppar_team_current() == team && ppar_thread_num() == thread);
    EXPECT(loops->found, ppar_num_threads() == ppar_team_size(team) && ppar_active_level() == 1);
    if (s % 3 == 0) ppar_barrier(team);
  }
}

Test(region_nested, loops_in_regions_share_the_workers) {
  struct findings found = {0, NULL};
  for (uint64_t round = 0; round < scaled(65); round++) {
    for (size_t size = 1; size < TEAMS_SIZES; size++) {
      if (teams_sizes[size] > 8 && round % 10 != 0) continue;
      _Atomic uint64_t total = 0;
      struct loops loops = {&total, &found};
      EXPECT(&found, teams_run(teams_sizes[size], run_loops, &loops) == PPAR_OK);
      EXPECT(&found, atomic_load(&total) == (uint64_t)teams_sizes[size] * 8 * 60 * 3);
    }
  }
  ASSERT_CLEAN(&found, "loops in regions");
}

/* Sizes that the environment limits. */
static void note_size(ppar_team *team, void *arg) {
  ppar_barrier(team);
  if (ppar_team_thread(team) == 0) *(int *)arg = ppar_team_size(team);
}

static int size_of(int threads) {
  int size = 0;
  cr_assert_eq(teams_run(threads, note_size, &size), PPAR_OK);
  return size;
}

Test(region_nested, a_team_is_no_larger_than_the_thread_limit) {
  setenv("PPAR_THREAD_LIMIT", "3", 1);
  cr_assert_eq(size_of(1), 1);
  cr_assert_eq(size_of(2), 2);
  cr_assert_eq(size_of(3), 3);
  cr_assert_eq(size_of(8), 3);
  cr_assert_eq(size_of(100), 3);
  cr_assert_leq(size_of(0), 3);
}

/* So many threads that each begin a region of so many. */
struct two_levels {
  int inner;
  _Atomic int smaller; /* inner regions of fewer threads */
};

static void count_smaller(ppar_team *team, void *arg) {
  struct two_levels *levels = arg;
  if (ppar_master(team) && ppar_team_size(team) < levels->inner) atomic_fetch_add(&levels->smaller, 1);
  ppar_barrier(team);
}

/* All are in the outer region before the first begins an inner one. */
static void begin_inner(ppar_team *team, void *arg) {
  struct two_levels *levels = arg;
  ppar_barrier(team);
  (void)teams_run(levels->inner, count_smaller, levels);
  ppar_barrier(team);
}

/* Inner regions that begin at the same moment may each look for threads that the other is about to give up. */
static bool all_find_threads(int outer, int inner) {
  for (int tries = 0; tries < 200; tries++) {
    struct two_levels levels = {.inner = inner};
    if (teams_run(outer, begin_inner, &levels) == PPAR_OK && atomic_load(&levels.smaller) == 0) return true;
  }
  return false;
}

/* Threads that idle in the teams of other regions, or in this one's beyond its size, do not count against the limit. */
Test(region_nested, the_thread_limit_leaves_room_for_what_it_allows_at_once) {
  static const int sizes[][2] = {{6, 1}, {2, 3}, {3, 2}, {2, 3}, {6, 1}, {1, 6}, {3, 2}, {2, 2}, {1, 4}, {6, 1}};
  setenv("PPAR_THREAD_LIMIT", "6", 1);
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  for (uint64_t round = 0; round <= scaled(10); round++) {
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
      cr_assert_eq(size_of(sizes[k][0]), sizes[k][0], "%d threads", sizes[k][0]);
      cr_assert(all_find_threads(sizes[k][0], sizes[k][1]), "%d x %d threads", sizes[k][0], sizes[k][1]);
    }
  }
}

/* Regions begun in tasks on all workers at once, where no thread more is to be had: none waits for a worker that
 * waits for it. */
struct begun_in_tasks {
  ppar_pool *pool;
  int tasks, threads;
  _Atomic uint64_t taken, parts;
};

static void count_part(ppar_team *team, void *arg) {
  struct begun_in_tasks *begun = arg;
  ppar_barrier(team);
  atomic_fetch_add(&begun->parts, ppar_team_thread(team) == 0);
}

static void begin_region(void *arg) {
  struct begun_in_tasks *begun = arg;
  teams_meet(&begun->taken, (uint64_t)begun->tasks);
  for (int round = 0; round < 20; round++)
    ppar_parallel(count_part, begun, PPAR_OPTIONS(.pool = begun->pool, .threads = begun->threads));
}

static void *run_a_region_and_end(void *arg) {
  struct begun_in_tasks *begun = arg;
  ppar_parallel(count_part, begun, PPAR_OPTIONS(.pool = begun->pool, .threads = begun->threads));
  return NULL;
}

static void expect_no_circle(int workers, int threads, bool heirs) {
  struct begun_in_tasks begun = {.pool = case_pool(workers + 1), .tasks = workers, .threads = threads};
  ppar_task_group group;
  cr_assert_not_null(begun.pool);
  for (int t = 0; t < (heirs ? workers : 0); t++) { /* their crews go to whoever begins a region next */
    pthread_t user;
    cr_assert_eq(pthread_create(&user, NULL, run_a_region_and_end, &begun), 0);
    pthread_join(user, NULL);
  }
  atomic_store(&begun.parts, 0);
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = begun.pool)), PPAR_OK);
  for (int t = 0; t < workers; t++) cr_assert_eq(ppar_task_spawn(&group, begin_region, &begun), PPAR_OK);
  cr_assert(teams_await(&begun.taken, (uint64_t)workers)); /* they are on the workers, and so all at once */
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(atomic_load(&begun.parts), (uint64_t)workers * 20);
  cr_assert_eq(ppar_pool_destroy(begun.pool), PPAR_OK);
}

Test(region_nested, regions_in_tasks_do_not_wait_for_each_others_workers) {
  setenv("PPAR_THREAD_LIMIT", "5", 1);
  for (int workers = 1; workers < 5; workers++) {
    for (int threads = 2; threads < 7; threads++) {
      expect_no_circle(workers, threads, false);
      expect_no_circle(workers, threads, true);
    }
  }
}

/* The same with the thread that waits for all: it helps, and takes a task from a worker that is a member of its crew.
 */
struct helped {
  ppar_pool *pool;
  _Atomic uint64_t on_worker, parts;
};

static void meet(ppar_team *team, void *arg) {
  ppar_barrier(team);
  if (ppar_master(team)) atomic_fetch_add(&((struct helped *)arg)->parts, 1);
}

static void begin_small_region(void *arg) {
  struct helped *helped = arg;
  ppar_parallel(meet, helped, PPAR_OPTIONS(.pool = helped->pool, .threads = 2));
}

static void leave_a_task_to_others(void *arg) {
  struct helped *helped = arg;
  ppar_task_group group;
  if (ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = helped->pool)) != PPAR_OK) return;
  atomic_store(&helped->on_worker, 1);
  (void)ppar_task_spawn(&group, begin_small_region, helped);
  teams_sleep(5000);
  (void)ppar_task_group_wait(&group);
}

Test(region_nested, a_region_in_a_task_that_helps_does_not_wait_for_whom_it_helps) {
  setenv("PPAR_THREAD_LIMIT", "2", 1);
  struct helped helped = {.pool = case_pool(2)};
  cr_assert_not_null(helped.pool);
  begin_small_region(&helped); /* the worker has a seat in this thread's crew from here on */
  for (uint64_t round = 1; round <= scaled(20) + 1; round++) {
    ppar_task_group group;
    atomic_store(&helped.on_worker, 0);
    cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = helped.pool)), PPAR_OK);
    cr_assert_eq(ppar_task_spawn(&group, leave_a_task_to_others, &helped), PPAR_OK);
    cr_assert(teams_await(&helped.on_worker, 1));
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(atomic_load(&helped.parts), round + 1);
  }
  cr_assert_eq(ppar_pool_destroy(helped.pool), PPAR_OK);
}

Test(region_nested, a_team_has_the_environments_number_of_threads) {
  setenv("PPAR_NUM_THREADS", "5", 1);
  unsetenv("PPAR_THREAD_LIMIT");
  unsetenv("OMP_THREAD_LIMIT");
  cr_assert_eq(size_of(0), 5);
  cr_assert_eq(size_of(7), 7);
}

Test(region_nested, a_dynamic_team_is_no_larger_than_the_machine) {
  cpu_set_t cpus;
  setenv("PPAR_DYNAMIC", "true", 1);
  cr_assert_eq(sched_getaffinity(0, sizeof cpus, &cpus), 0);
  const int processors = CPU_COUNT(&cpus);
  for (int threads = 1; threads < 20; threads++) {
    const int size = size_of(threads);
    cr_assert(size >= 1 && size <= threads && size <= processors, "%d threads of %d on %d", size, threads, processors);
  }
}

/* Whoever looks for idle threads asks for others' CPUs, in the place of the C library's function. */
static _Atomic uint64_t asked;

int sched_getaffinity(pid_t thread, size_t size, cpu_set_t *cpus) {
  if (thread != 0) atomic_fetch_add(&asked, 1);
  memset(cpus, 0, size);
  return syscall(SYS_sched_getaffinity, thread, size, cpus) >= 0 ? 0 : -1;
}

static void count_nobody(ppar_team *team, void *arg) {
  (void)arg;
  (void)team;
}

static void begin_regions_that_find_nobody(ppar_team *team, void *arg) {
  ppar_barrier(team);
  if (ppar_master(team)) atomic_store(&asked, 0);
  ppar_barrier(team);
  for (int round = 0; round < 50; round++) ppar_parallel(count_nobody, NULL, PPAR_OPTIONS(.pool = arg, .threads = 3));
  ppar_barrier(team);
}

Test(region_nested, a_region_that_finds_no_idle_thread_does_not_ask_where_busy_ones_are_bound) {
  setenv("PPAR_THREAD_LIMIT", "4", 1);
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  for (int round = 0; round < 3; round++) {
    cr_assert_eq(ppar_parallel(begin_regions_that_find_nobody, pool, PPAR_OPTIONS(.pool = pool, .threads = 4)),
                 PPAR_OK);
    cr_expect_eq(atomic_load(&asked), 0, "asked %d times", (int)atomic_load(&asked));
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}
