/* SPDX-License-Identifier: MIT */
/* idle_cpu.c: while all that is left of a loop or a task is one long piece that somebody is in, nobody else burns a
 * CPU: neither those who wait for its end, or for something around it, nor workers that have nothing to do.
 *
 * The long piece sleeps, so the CPU time of the process in the meantime is what all the others burn. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/idle.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(idle_cpu, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 4 };

struct scene {
  ppar_pool *pool;
  int threads;
  ppar_schedule schedule;
  struct findings found;
};

/* Sleeps, and looks meanwhile at what the process burns, when workers have come and have spun to their end. */
static void be_long(struct scene *scene) {
  teams_sleep(IDLE_WINDOW_US / 10);
  EXPECT(&scene->found, idle_are_others());
}

static void first_is_long(const ppar_chunk *chunk, void *arg) {
  if (chunk->begin == 0) be_long(arg);
}

static void run_loop(struct scene *scene) {
  const ppar_options *options =
      PPAR_OPTIONS(.pool = scene->pool, .threads = scene->threads, .schedule = scene->schedule);
  EXPECT(&scene->found, ppar_parallel_for(0, 2 * scene->threads, first_is_long, scene, options) == PPAR_OK);
}

/* --- What is around it ------------------------------------------------------------------------------------ */

static void run_region(struct scene *scene, ppar_region *region) {
  const ppar_options *options = PPAR_OPTIONS(.pool = scene->pool, .threads = scene->threads);
  EXPECT(&scene->found, ppar_parallel(region, scene, options) == PPAR_OK);
}

static void loop_before_barrier(ppar_team *team, void *arg) {
  if (ppar_master(team)) run_loop(arg);
  ppar_barrier(team);
}
static void run_in_barrier(struct scene *scene) { run_region(scene, loop_before_barrier); }

static void loop_before_end(ppar_team *team, void *arg) {
  if (ppar_team_thread(team) == ppar_team_size(team) - 1) run_loop(arg);
}
static void run_in_region(struct scene *scene) { run_region(scene, loop_before_end); }

static void loop_in_critical(ppar_team *team, void *arg) {
  ppar_critical_begin(team, "idle_cpu");
  if (ppar_single(team)) run_loop(arg);
  ppar_critical_end(team, "idle_cpu");
}
static void run_in_critical(struct scene *scene) { run_region(scene, loop_in_critical); }

static void long_prange(ppar_team *team, void *arg) {
  struct scene *scene = arg;
  ppar_prange(team, i, 0, 2 * scene->threads, PPAR_OPTIONS(.schedule = scene->schedule)) {
    if (i == 0) be_long(scene);
  }
}
static void run_prange(struct scene *scene) { run_region(scene, long_prange); }

static void nested_in_prange(ppar_team *team, void *arg) {
  struct scene *scene = arg;
  ppar_prange(team, i, 0, 2 * scene->threads, PPAR_OPTIONS(.schedule = scene->schedule)) {
    if (i == 0) run_loop(scene);
  }
}
static void run_in_prange(struct scene *scene) { run_region(scene, nested_in_prange); }

static void loop_as_task(void *arg) { run_loop(arg); }
static void long_task(void *arg) { be_long(arg); }
static void nothing(void *arg) { (void)arg; }

/* The long one is the oldest, and so a worker's who comes; else its owner's. */
static void run_group(struct scene *scene, ppar_task *task) {
  ppar_task_group group;
  EXPECT(&scene->found, ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = scene->pool)) == PPAR_OK);
  EXPECT(&scene->found, ppar_task_spawn(&group, task, scene) == PPAR_OK);
  for (int t = 0; t < 8; t++) EXPECT(&scene->found, ppar_task_spawn(&group, nothing, scene) == PPAR_OK);
  teams_sleep(IDLE_WINDOW_US / 100);
  EXPECT(&scene->found, ppar_task_group_wait(&group) == PPAR_OK);
}
static void run_in_group(struct scene *scene) { run_group(scene, loop_as_task); }
static void run_task(struct scene *scene) { run_group(scene, long_task); }

static void nested_chunk(const ppar_chunk *chunk, void *arg) {
  if (chunk->begin == 0) run_loop(arg);
}
static void run_nested(struct scene *scene) {
  const ppar_options *options =
      PPAR_OPTIONS(.pool = scene->pool, .threads = scene->threads, .schedule = scene->schedule);
  EXPECT(&scene->found, ppar_parallel_for(0, 2 * scene->threads, nested_chunk, scene, options) == PPAR_OK);
}

static const struct row {
  const char *name;
  void (*run)(struct scene *scene);
} rows[] = {{"the loop's end", run_loop},
            {"the end of a loop around it", run_nested},
            {"a barrier", run_in_barrier},
            {"a region's end", run_in_region},
            {"a critical section", run_in_critical},
            {"a prange's end", run_prange},
            {"the end of a prange around it", run_in_prange},
            {"a task group around it", run_in_group},
            {"a task group", run_task}};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const ppar_schedule schedules[] = {
    {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0},    {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 0},
    {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, 1}, {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_MONOTONIC, 1},
    {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_DEFAULT, 0},  {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_MONOTONIC, 2}};
enum { SCHEDULES = sizeof schedules / sizeof schedules[0] };

static void check(ppar_wait_policy wait, int threads) {
  uint64_t combination = 0;
  ppar_pool *pool;
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = threads, .wait = wait)), PPAR_OK);
  for (int s = 0; s < SCHEDULES; s++) {
    for (int r = 0; r < ROWS; r++) {
      char text[64], case_text[160];
      if (!scale_keeps(&combination)) continue;
      struct scene scene = {.pool = pool, .threads = threads, .schedule = schedules[s]};
      rows[r].run(&scene);
      (void)ppar_schedule_format(schedules[s], text, sizeof text);
      (void)snprintf(case_text, sizeof case_text, "%s, %s, %d threads", rows[r].name, text, threads);
      ASSERT_CLEAN(&scene.found, case_text);
    }
  }
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(idle_cpu, nobody_burns_a_cpu_for_a_long_piece) { check(PPAR_WAIT_DEFAULT, 2); }
Test(idle_cpu, nobody_burns_one_among_four) { check(PPAR_WAIT_DEFAULT, THREADS_MOST); }
Test(idle_cpu, nobody_burns_a_cpu_under_passive) { check(PPAR_WAIT_PASSIVE, 2); }
