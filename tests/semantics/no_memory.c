/* SPDX-License-Identifier: MIT */
/* no_memory.c: a process that has no memory left when it first comes to the library: what can be done without any is
 * done, and what cannot says so. */
#include <string.h>

#include <ppar/ppar.h>
#include "../support/limits.h"
#include "../support/messages.h"
#include "../support/scale.h"

TestSuite(no_memory, .timeout = SCALE_TIMEOUT);

enum { RIGHT = 17, WRONG = 18, MEMORY = 19 };

/* Runs the function in a child without memory, which then has some again. */
static void expect_right_where_bound(const char *binding, bool (*function)(void)) {
  if (!limits_work()) cr_skip_test("needs a process whose memory can be limited");
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    setenv("PPAR_PROC_BIND", binding, 1);
    bool limited = limits_memory(0) && limits_use_up();
    bool right = limited && function();
    limits_lift();
    _exit(!limited ? MEMORY : right ? RIGHT : WRONG);
  }
  cr_assert_eq(children_await(child), RIGHT);
}

static void expect_right(bool (*function)(void)) { expect_right_where_bound("false", function); }

/* --- Tasks ------------------------------------------------------------------------------------------------------ */

struct fib {
  int n;
  long value;
};

/* The header's own example: it does not look at any status. */
static void fib(void *arg) {
  struct fib *f = arg;
  if (f->n < 2) {
    f->value = f->n;
    return;
  }
  struct fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
  ppar_task_group group;
  ppar_task_group_begin(&group, NULL);
  ppar_task_spawn(&group, fib, &a);
  fib(&b);
  ppar_task_group_wait(&group);
  f->value = a.value + b.value;
}

static bool run_fib(void) {
  struct fib f = {15, 0};
  fib(&f);
  return f.value == 610;
}

Test(no_memory, groups_that_cannot_begin_run_their_tasks) { expect_right(run_fib); }

static void add_one(void *arg) { (*(int *)arg)++; }

static bool run_futures(void) {
  ppar_future first, second;
  int a = 0, b = 0;
  if (ppar_future_start(&first, add_one, &a) != PPAR_OK || ppar_future_start(&second, add_one, &b) != PPAR_OK)
    return false;
  return ppar_future_wait(&first) == PPAR_OK && ppar_future_wait(&second) == PPAR_OK && a == 1 && b == 1;
}

Test(no_memory, futures_are_run) { expect_right(run_futures); }

static void add_chunk(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) *(int64_t *)arg += i;
  if (chunk->count > 7) *(int64_t *)arg = -1;
}

static bool run_ranges(void) {
  ppar_task_group group;
  int64_t sum = 0;
  int more = 0;
  if (ppar_task_group_begin(&group, NULL) != PPAR_OK) return false;
  if (ppar_task_spawn_range(&group, 0, 100, add_chunk, &sum, PPAR_OPTIONS(.schedule = ppar_dynamic(7))) != PPAR_OK)
    return false;
  if (ppar_task_spawn(&group, add_one, &more) != PPAR_OK || more != 1) return false;
  return ppar_task_group_wait(&group) == PPAR_OK && sum == 4950 && ppar_task_group_wait(&group) == PPAR_EINVAL;
}

Test(no_memory, ranges_are_run_in_their_pieces) { expect_right(run_ranges); }

static ppar_task_group *canceled;

static void cancel_group(void *arg) {
  ppar_task_group inner;
  (void)ppar_task_group_begin(&inner, NULL);
  add_one(arg);
  ppar_task_group_cancel(canceled, 9);
  if (ppar_task_group_wait(&inner) != PPAR_OK) add_one(arg);
  (void)ppar_task_group_begin(&inner, NULL);
  if (ppar_task_spawn(&inner, add_one, arg) == PPAR_OK) add_one(arg);
  if (ppar_task_group_wait(&inner) != 9) add_one(arg);
}

static void cancel_chunk(const ppar_chunk *chunk, void *arg) {
  add_one(arg);
  ppar_cancel(chunk, 11);
}

static bool run_cancellations(void) {
  ppar_task_group group;
  int count = 0;
  canceled = &group;
  (void)ppar_task_group_begin(&group, NULL);
  if (ppar_task_spawn(&group, cancel_group, &count) != PPAR_OK) return false;
  if (ppar_task_spawn(&group, add_one, &count) != PPAR_ECANCELED || !ppar_task_group_is_canceled(&group)) return false;
  if (ppar_task_group_wait(&group) != 9 || count != 1) return false;
  (void)ppar_task_group_begin(&group, NULL);
  if (ppar_task_spawn_range(&group, 0, 100, cancel_chunk, &count, NULL) != PPAR_OK) return false;
  return ppar_task_group_wait(&group) == 11 && count == 2;
}

Test(no_memory, groups_can_be_cancelled) { expect_right(run_cancellations); }

/* --- The others --------------------------------------------------------------------------------------------------- */

static void add_fold(const ppar_chunk *chunk, void *value, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(int64_t *)value += i;
}

static void write_scan(const ppar_chunk *chunk, void *value, void *arg) { add_fold(chunk, value, arg); }

static bool run_loops(void) {
  int64_t sum = 0, total = 1;
  if (ppar_parallel_for(0, 7, add_chunk, &sum, PPAR_OPTIONS(.threads = 4)) != PPAR_OK || sum != 21) return false;
  if (ppar_parallel_reduce(0, 100, add_fold, NULL, &ppar_sum_i64, &total, PPAR_OPTIONS(.threads = 4)) != PPAR_OK)
    return false;
  if (total != 4951) return false;
  /* A short scan is one block, which needs no memory; a long one does. */
  int status =
      ppar_parallel_scan(0, 100000, add_fold, write_scan, NULL, &ppar_sum_i64, &total, PPAR_OPTIONS(.threads = 4));
  return status == PPAR_ENOMEM ? total == 4951 : status == PPAR_OK && total == 4951 + INT64_C(4999950000);
}

Test(no_memory, loops_run_on_their_caller) { expect_right(run_loops); }

static void add_in_region(ppar_team *team, void *arg) {
  double mine = 1, sum = 0;
  ppar_prange(team, i, 0, 10, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    add_one(arg);
  }
  ppar_team_reduce(team, &mine, &sum, &ppar_sum_f64);
  if (ppar_team_size(team) != 1 || sum != 1) *(int *)arg = -1000;
}

static bool run_region(void) {
  int count = 0;
  return ppar_parallel(add_in_region, &count, PPAR_OPTIONS(.threads = 4)) == PPAR_OK && count == 10;
}

Test(no_memory, regions_have_one_thread) { expect_right(run_region); }

static bool run_loops_and_regions(void) {
  bool right = run_loops() && run_region();
  limits_lift();
  return right && run_loops();
}

/* The default pool's threads are to be bound, and there is no memory to find out what to. */
Test(no_memory, pools_that_cannot_be_bound_are_not_bound) { expect_right_where_bound("close", run_loops_and_regions); }

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static bool run_refusals(void) {
  ppar_per_thread *values = NULL;
  ppar_pool *pool = NULL;
  int numbers[3] = {3, 1, 2};
  if (ppar_sort(numbers, 3, sizeof numbers[0], compare, NULL) == PPAR_OK) return numbers[0] == 1;
  if (numbers[0] != 3 || numbers[1] != 1 || numbers[2] != 2) return false;
  if (ppar_per_thread_create(&values, 4, 8, NULL) != PPAR_ENOMEM || values != NULL) return false;
  return ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 4)) == PPAR_ENOMEM && pool == NULL;
}

Test(no_memory, what_needs_memory_says_so) { expect_right(run_refusals); }
