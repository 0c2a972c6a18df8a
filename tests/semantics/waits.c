/* SPDX-License-Identifier: MIT */
/* waits.c: what a waiting thread does meanwhile: it takes part in what is begun inside of what it waits for, and in
 * nothing else.
 *
 * Each row of the tables is a way to wait. A thread waits for another one, which is busy, and begins a loop or
 * spawns tasks: at once, while the waiter is still awake, or later, when it sleeps (support/waits.h). The pools have
 * no further thread that could come instead. Then the same with what somebody else begins on the same pool
 * meanwhile: none of that may be the waiter's. */
#include "../support/waits.h"
#include "../support/scale.h"

TestSuite(waits, .timeout = SCALE_TIMEOUT);

/* A way to wait. */
struct row {
  const char *name;
  const struct wait_roles *roles; /* up to one of no threads */
  void (*run)(struct wait *wait);
  void (*meet)(ppar_team *team, struct wait *wait, bool busy); /* in regions */
  ppar_schedule schedule;
  void (*act)(struct wait *wait); /* what the busy thread begins */
};

static const struct wait_roles couple[] = {{2, 0, 1}, {0}}; /* a caller waits for a worker */
static const struct wait_roles teams[] = {{2, 0, 1}, {2, 1, 0}, {9, 0, 8}, {9, 5, 0}, {0}}; /* nine wait along a tree */
static const struct wait_roles leaders[] = {{2, 0, 1}, {9, 0, 8}, {10, 8, 9}, {0}}; /* they wait for others' ends */
static const struct wait_roles whoever_comes[] = {{2, -1, -1}, {9, -1, -1}, {0}};
static const struct wait_roles trio[] = {{3, 1, 0}, {0}}; /* with a sibling */

#define SCHEDULE(kind, chunk) \
  { PPAR_SCHEDULE_##kind, PPAR_ORDER_DEFAULT, (chunk) }
#define MONOTONIC(kind, chunk) \
  { PPAR_SCHEDULE_##kind, PPAR_ORDER_MONOTONIC, (chunk) }

/* --- Loops: the caller waits for a worker ----------------------------------------------------------------- */

/* The caller stays in its first iteration until the worker is there. Bodies that wait for each other are not for
 * programs: a worker need not come. It does to the first loop of a pool, of whose length nothing is known yet. */
static void share(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  if (wait_is_mine(arg)) {
    wait_let_it_be_busy(arg);
  } else {
    wait_be_busy(arg);
  }
}

static void run_loop(struct wait *wait) {
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = 2, .schedule = wait->schedule);
  wait_come(wait);
  EXPECT(&wait->found, ppar_parallel_for(0, 16, share, wait, options) == PPAR_OK);
}

static void run_two_parts(struct wait *wait) {
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = 2, .schedule = wait->schedule);
  wait_come(wait);
  EXPECT(&wait->found, ppar_parallel_for(0, 2, share, wait, options) == PPAR_OK);
}

static const struct row loops[] = {
    {"a loop of two parts", couple, run_two_parts, NULL, SCHEDULE(STATIC, 0), wait_begin_loop},
    {"a loop of two parts, dynamic,1", couple, run_two_parts, NULL, SCHEDULE(DYNAMIC, 1), wait_begin_loop},
    {"a loop, static", couple, run_loop, NULL, SCHEDULE(STATIC, 0), wait_begin_loop},
    {"a loop, static,1", couple, run_loop, NULL, SCHEDULE(STATIC, 1), wait_begin_loop},
    {"a loop, dynamic,1", couple, run_loop, NULL, SCHEDULE(DYNAMIC, 1), wait_begin_loop},
    {"a loop, monotonic:dynamic,1", couple, run_loop, NULL, MONOTONIC(DYNAMIC, 1), wait_begin_loop},
    {"a loop, guided,1", couple, run_loop, NULL, SCHEDULE(GUIDED, 1), wait_begin_loop},
    {"a loop, auto", couple, run_loop, NULL, SCHEDULE(AUTO, 0), wait_begin_loop}};

/* --- Regions ---------------------------------------------------------------------------------------------- */

static void take_role(ppar_team *team, void *arg) {
  struct wait *wait = arg;
  const int thread = ppar_team_thread(team);
  EXPECT(&wait->found, ppar_team_size(team) == wait->roles.threads);
  if (thread == wait->roles.waiter) wait_come(wait);
  wait->meet(team, wait, thread == wait->roles.busy);
}

static void run_region(struct wait *wait) {
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = wait->roles.threads);
  EXPECT(&wait->found, ppar_parallel(take_role, wait, options) == PPAR_OK);
}

static void in_barrier(ppar_team *team, struct wait *wait, bool busy) {
  if (busy) wait_be_busy(wait);
  ppar_barrier(team);
}

/* At its end. Of several iterations, since every thread needs one. */
static void in_prange(ppar_team *team, struct wait *wait, bool busy) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = wait->schedule);
  ppar_prange(team, i, 0, 8 * ppar_team_size(team), options) {
    if (busy) {
      wait_be_busy(wait);
    } else {
      wait_let_it_be_busy(wait);
    }
  }
}

static void in_copyprivate(ppar_team *team, struct wait *wait, bool busy) {
  int64_t value = 0;
  if (!busy) wait_let_it_be_busy(wait);
  if (ppar_single(team)) {
    EXPECT(&wait->found, busy);
    wait_be_busy(wait);
    value = 5;
  }
  ppar_copyprivate(team, &value, sizeof value);
  EXPECT(&wait->found, value == 5);
}

static void in_sections(ppar_team *team, struct wait *wait, bool busy) {
  if (!busy) wait_let_it_be_busy(wait);
  ppar_sections(team) {
    ppar_section { wait_be_busy(wait); }
    ppar_section {}
  }
}

static void in_reduce(ppar_team *team, struct wait *wait, bool busy) {
  int64_t one = 1, sum = 0;
  if (busy) wait_be_busy(wait);
  ppar_team_reduce(team, &one, &sum, &ppar_sum_i64);
  EXPECT(&wait->found, sum == ppar_team_size(team));
}

/* From the second shared result on threads wait for each other in another way. */
static void in_shared_reduce(ppar_team *team, struct wait *wait, bool busy) {
  int64_t one = 1;
  ppar_team_reduce(team, &one, &wait->sum, &ppar_sum_i64);
  ppar_barrier(team);
  if (busy) wait_be_busy(wait);
  ppar_team_reduce(team, &one, &wait->sum, &ppar_sum_i64);
  EXPECT(&wait->found, wait->sum == 2 * ppar_team_size(team));
}

static void in_scan(ppar_team *team, struct wait *wait, bool busy) {
  int64_t one = 1, sum = 0;
  if (busy) wait_be_busy(wait);
  ppar_team_scan(team, &one, &sum, &ppar_sum_i64);
  EXPECT(&wait->found, sum == 1 + ppar_team_thread(team));
}

/* A value that takes other ways than a small one. */
struct large {
  int64_t sum, rest[200];
};

static void add_large(void *into, const void *from) {
  ((struct large *)into)->sum += ((const struct large *)from)->sum;
}

static const ppar_reduction sum_large = {sizeof(struct large), NULL, add_large};

static void in_large_reduce(ppar_team *team, struct wait *wait, bool busy) {
  struct large one = {.sum = 1}, sum = {.sum = 0};
  if (busy) wait_be_busy(wait);
  ppar_team_reduce(team, &one, &sum, &sum_large);
  EXPECT(&wait->found, sum.sum == ppar_team_size(team));
}

static void in_large_exscan(ppar_team *team, struct wait *wait, bool busy) {
  struct large one = {.sum = 1}, sum = {.sum = 0};
  if (busy) wait_be_busy(wait);
  ppar_team_exscan(team, &one, &sum, &sum_large);
  EXPECT(&wait->found, sum.sum == ppar_team_thread(team));
}

static const struct row regions[] = {
    {"a barrier", teams, run_region, in_barrier, {0}, wait_begin_loop},
    {"the end of a prange, static", teams, run_region, in_prange, SCHEDULE(STATIC, 0), wait_begin_loop},
    {"the end of a prange, static,3", teams, run_region, in_prange, SCHEDULE(STATIC, 3), wait_begin_loop},
    {"the end of a prange, dynamic,1", teams, run_region, in_prange, SCHEDULE(DYNAMIC, 1), wait_begin_loop},
    {"the end of a prange, monotonic:dynamic,1", teams, run_region, in_prange, MONOTONIC(DYNAMIC, 1), wait_begin_loop},
    {"the end of a prange, guided,1", teams, run_region, in_prange, SCHEDULE(GUIDED, 1), wait_begin_loop},
    {"the end of a prange, auto", teams, run_region, in_prange, SCHEDULE(AUTO, 0), wait_begin_loop},
    {"copyprivate", teams, run_region, in_copyprivate, {0}, wait_begin_loop},
    {"the end of sections", teams, run_region, in_sections, {0}, wait_begin_loop},
    {"a reduction", teams, run_region, in_reduce, {0}, wait_begin_loop},
    {"a reduction with one result", teams, run_region, in_shared_reduce, {0}, wait_begin_loop},
    {"a reduction of large values", teams, run_region, in_large_reduce, {0}, wait_begin_loop},
    {"a scan", teams, run_region, in_scan, {0}, wait_begin_loop},
    {"a scan of large values", teams, run_region, in_large_exscan, {0}, wait_begin_loop}};

static void at_the_end(ppar_team *team, struct wait *wait, bool busy) {
  (void)team;
  if (busy) wait_be_busy(wait);
}

static const struct row ends[] = {{"the end of a region", leaders, run_region, at_the_end, {0}, wait_begin_loop}};

static void in_critical(ppar_team *team, struct wait *wait, bool busy) {
  if (!busy) wait_let_it_be_busy(wait);
  ppar_critical_begin(team, "waits");
  if (busy) wait_be_busy(wait);
  ppar_critical_end(team, "waits");
}

static void share_a_section(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  in_critical(NULL, arg, !wait_is_mine(arg));
}

static void run_loop_with_a_section(struct wait *wait) {
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = 2, .schedule = wait->schedule);
  wait_come(wait);
  EXPECT(&wait->found, ppar_parallel_for(0, 2, share_a_section, wait, options) == PPAR_OK);
}

static const struct row criticals[] = {
    {"a critical section", teams, run_region, in_critical, {0}, wait_begin_loop},
    {"a critical section in a loop", couple, run_loop_with_a_section, NULL, SCHEDULE(STATIC, 0), wait_begin_loop}};

/* Whoever runs the first iteration is busy in its ordered part. */
static void take_turns(ppar_team *team, void *arg) {
  struct wait *wait = arg;
  const ppar_options *options = PPAR_OPTIONS(.schedule = wait->schedule);
  ppar_prange(team, i, 0, 8 * ppar_team_size(team), options) {
    if (i != 0) {
      wait_let_it_be_busy(wait);
      if (!atomic_load(&wait->came)) wait_come(wait);
    }
    ppar_ordered_begin(team, i);
    if (i == 0) wait_be_busy(wait);
    ppar_ordered_end(team, i);
  }
}

static void run_ordered(struct wait *wait) {
  const ppar_options *options = PPAR_OPTIONS(.pool = wait->pool, .threads = wait->roles.threads);
  EXPECT(&wait->found, ppar_parallel(take_turns, wait, options) == PPAR_OK);
}

static const struct row turns[] = {
    {"a turn, static", whoever_comes, run_ordered, NULL, SCHEDULE(STATIC, 0), wait_begin_loop},
    {"a turn, static,1", whoever_comes, run_ordered, NULL, SCHEDULE(STATIC, 1), wait_begin_loop},
    {"a turn, dynamic,1", whoever_comes, run_ordered, NULL, SCHEDULE(DYNAMIC, 1), wait_begin_loop},
    {"a turn, guided,1", whoever_comes, run_ordered, NULL, SCHEDULE(GUIDED, 1), wait_begin_loop},
    {"a turn, auto", whoever_comes, run_ordered, NULL, SCHEDULE(AUTO, 0), wait_begin_loop}};

/* --- A sibling: thread 2 of a team is neither the waiter nor the busy one ---------------------------------- */

static void beside_a_section(ppar_team *team, struct wait *wait, bool busy) {
  if (ppar_team_thread(team) == 2) {
    wait_be_a_sibling(wait);
  } else {
    in_critical(team, wait, busy);
  }
}

static void in_another_section(ppar_team *team, struct wait *wait, bool busy) {
  if (ppar_team_thread(team) == 2) ppar_critical_begin(team, "another");
  beside_a_section(team, wait, busy);
  if (ppar_team_thread(team) == 2) ppar_critical_end(team, "another");
}

static void beside_a_turn(ppar_team *team, struct wait *wait, bool busy) {
  ppar_prange(team, i, 0, 3, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    if (i == 2) wait_be_a_sibling(wait);
    ppar_ordered_begin(team, i);
    if (busy) wait_be_busy(wait);
    ppar_ordered_end(team, i);
  }
}

static const struct row siblings[] = {
    {"a critical section", trio, run_region, beside_a_section, {0}, wait_let_a_sibling_work},
    {"a section beside another one", trio, run_region, in_another_section, {0}, wait_let_a_sibling_work},
    {"a turn", trio, run_region, beside_a_turn, {0}, wait_let_a_sibling_work}};

/* --- Tasks: the owner waits for a thief ------------------------------------------------------------------- */

static void be_busy_as_task(void *arg) { wait_be_busy(arg); }

static void run_group(struct wait *wait) {
  ppar_task_group group;
  EXPECT(&wait->found, ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = wait->pool)) == PPAR_OK);
  EXPECT(&wait->found, ppar_task_spawn(&group, be_busy_as_task, wait) == PPAR_OK);
  wait_let_it_be_busy(wait);
  wait_come(wait);
  EXPECT(&wait->found, ppar_task_group_wait(&group) == PPAR_OK);
}

static void run_future(struct wait *wait) {
  ppar_future future;
  EXPECT(&wait->found, ppar_future_start(&future, be_busy_as_task, wait) == PPAR_OK);
  wait_let_it_be_busy(wait);
  wait_come(wait);
  EXPECT(&wait->found, ppar_future_wait(&future) == PPAR_OK);
}

static const struct row groups[] = {
    {"a task group, whose task begins a loop", couple, run_group, NULL, {0}, wait_begin_loop},
    {"a task group, whose task spawns more", couple, run_group, NULL, {0}, wait_spawn_tasks}};

static const struct row futures[] = {
    {"a future, whose task begins a loop", couple, run_future, NULL, {0}, wait_begin_loop},
    {"a future, whose task spawns more", couple, run_future, NULL, {0}, wait_spawn_tasks}};

/* --- Checks ----------------------------------------------------------------------------------------------- */

/* Returns whether the waiter has done its share: enough of what is begun inside, and nothing of the rest. */
static bool check(const struct row *row, struct wait_roles roles, bool asleep, void (*act)(struct wait *),
                  int threads) {
  static struct wait wait;
  memset(&wait, 0, sizeof wait);
  wait.roles = roles;
  wait.pool = threads != 0 ? case_pool(threads) : NULL;
  wait.schedule = row->schedule;
  wait.meet = row->meet;
  wait.act = act;
  wait.asleep = asleep;
  cr_assert(threads == 0 || wait.pool != NULL);
  row->run(&wait);
  ASSERT_CLEAN(&wait.found, row->name);
  if (wait.pool != NULL) cr_assert_eq(ppar_pool_destroy(wait.pool), PPAR_OK);
  const bool inside = act == wait_begin_loop || act == wait_spawn_tasks;
  const int ran = (int)atomic_load(&wait.ran), helped = (int)atomic_load(&wait.helped);
  const bool good = ran == (inside ? WAITS_INSIDE : WAITS_ELSEWHERE) && (inside ? helped >= WAITS_ENOUGH : helped == 0);
  cr_expect(good, "%s, T = %d, %s: the waiter, thread %d (-1: any), ran %d of %d iterations", row->name, roles.threads,
            asleep ? "asleep" : "awake", roles.waiter, helped, ran);
  return good;
}

/* On a pool of so many threads; 0: the default one. act: instead of the rows' own. Where a row fails the rest of it
 * is left out: each failure takes all the patience there is. */
static void check_rows(const struct row *rows, size_t count, void (*act)(struct wait *), int threads) {
  for (size_t r = 0; r < count; r++) {
    bool good = true;
    for (const struct wait_roles *roles = rows[r].roles; roles->threads != 0; roles++) {
      for (int asleep = 0; asleep < 2 && good; asleep++)
        good = check(&rows[r], *roles, asleep != 0, act != NULL ? act : rows[r].act, threads);
    }
  }
}

#define CHECK(rows, act, threads) check_rows((rows), sizeof(rows) / sizeof(rows)[0], (act), (threads))

static void use_a_default_pool_of_two(void) {
  setenv("PPAR_NUM_THREADS", "2", 1);
  cr_assert_eq(ppar_max_threads(NULL), 2);
}

Test(waits, of_loops_help) { CHECK(loops, NULL, 2); }

Test(waits, of_loops_help_with_tasks) { CHECK(loops, wait_spawn_tasks, 2); }

Test(waits, in_regions_help) { CHECK(regions, NULL, 2); }

Test(waits, in_regions_help_with_tasks) { CHECK(regions, wait_spawn_tasks, 2); }

Test(waits, at_ends_of_regions_help) { CHECK(ends, NULL, 2); }

Test(waits, at_ends_of_regions_help_with_tasks) { CHECK(ends, wait_spawn_tasks, 2); }

Test(waits, for_critical_sections_help) { CHECK(criticals, NULL, 2); }

Test(waits, for_ordered_turns_help) { CHECK(turns, NULL, 2); }

Test(waits, of_task_groups_help) { CHECK(groups, NULL, 2); }

Test(waits, of_futures_help) { /* they run on the default pool */
  use_a_default_pool_of_two();
  CHECK(futures, NULL, 0);
}

Test(waits, run_nothing_of_strangers) {
  CHECK(loops, wait_let_a_stranger_work, 2);
  CHECK(regions, wait_let_a_stranger_work, 2);
  CHECK(ends, wait_let_a_stranger_work, 2);
  CHECK(criticals, wait_let_a_stranger_work, 2);
  CHECK(turns, wait_let_a_stranger_work, 2);
  CHECK(groups, wait_let_a_stranger_work, 2);
}

Test(waits, of_futures_run_nothing_of_strangers) {
  use_a_default_pool_of_two();
  CHECK(futures, wait_let_a_stranger_work, 0);
}

/* What siblings begin is inside of the region, but not inside of the section or the turn. */
Test(waits, for_sections_and_turns_run_nothing_of_siblings) { CHECK(siblings, NULL, 3); }
