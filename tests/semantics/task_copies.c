/* SPDX-License-Identifier: MIT */
/* task_copies.c: a task spawned with a copy has what its argument was at the spawn, at an address that suits its type,
 * and may write to it. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/groups.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(task_copies, .timeout = SCALE_TIMEOUT);

static const int pool_sizes[] = {1, 2, 4, 9};
enum { POOL_SIZES = sizeof pool_sizes / sizeof pool_sizes[0], TASKS = 500 };

/* An argument that the spawner uses again for the next task. */
struct number {
  int64_t value;
  _Atomic int *seen;
  struct findings *found;
};

static void see(void *arg) {
  struct number *number = arg;
  EXPECT(number->found, (uintptr_t)arg % _Alignof(struct number) == 0);
  EXPECT(number->found, number->value >= 0 && number->value < TASKS);
  atomic_fetch_add(&number->seen[number->value], 1);
  work_yield();
  number->value = -1; /* its own */
}

Test(task_copies, hold_what_the_argument_was_at_the_spawn) {
  struct findings found = {0, NULL};
  for (int p = 0; p < POOL_SIZES; p++) {
    static _Atomic int seen[TASKS];
    ppar_pool *pool = case_pool(pool_sizes[p]);
    struct number number = {0, seen, &found};
    ppar_task_group group;
    cr_assert_not_null(pool);
    for (int t = 0; t < TASKS; t++) atomic_store(&seen[t], 0);
    groups_begin(&group, pool);
    for (number.value = 0; number.value < TASKS; number.value++) {
      cr_assert_eq(ppar_task_spawn_copy(&group, see, &number, sizeof number), PPAR_OK);
    }
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(number.value, TASKS);
    for (int t = 0; t < TASKS; t++) cr_assert_eq(atomic_load(&seen[t]), 1);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "copies");
}

/* A tree whose nodes are nowhere but in the tasks that are spawned for them. */
struct node {
  int depth;
  _Atomic int *leaves;
  ppar_pool *pool;
};

static void grow(void *arg) {
  const struct node *node = arg;
  struct node child = {node->depth - 1, node->leaves, node->pool};
  ppar_task_group group;
  if (node->depth == 0) {
    atomic_fetch_add(node->leaves, 1);
    return;
  }
  groups_begin(&group, node->pool);
  for (int c = 0; c < 2; c++) ppar_task_spawn_copy(&group, grow, &child, sizeof child);
  ppar_task_group_wait(&group);
}

Test(task_copies, may_be_all_that_there_is_of_a_tree) {
  enum { DEPTH = 9 };
  for (int p = 0; p < POOL_SIZES; p++) {
    ppar_pool *pool = case_pool(pool_sizes[p]);
    _Atomic int leaves = 0;
    struct node root = {DEPTH, &leaves, pool};
    grow(&root);
    cr_assert_eq(atomic_load(&leaves), 1 << DEPTH);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

/* Bytes whose first ones say how many there are, where that has room, and what the others are. */
enum { LARGEST = 100000 };

static struct findings bytes_found;
static _Atomic int bytes_runs;

static void fill(unsigned char *bytes, uint32_t size) {
  for (uint32_t k = 0; k < size; k++) bytes[k] = (unsigned char)(size + k * 7);
  if (size >= sizeof size) memcpy(bytes, &size, sizeof size);
}

static void check_bytes(void *arg) {
  unsigned char *bytes = arg, expected[4];
  uint32_t size, alignment = 1;
  memcpy(&size, bytes, sizeof size);
  EXPECT(&bytes_found, size >= sizeof size && size <= LARGEST);
  memcpy(expected, &size, sizeof size);
  for (uint32_t k = sizeof size; k < size; k++) {
    EXPECT(&bytes_found, bytes[k] == (unsigned char)(size + k * 7));
    bytes[k] = 0;
  }
  while (alignment < 4096 && size % (2 * alignment) == 0) alignment *= 2;
  EXPECT(&bytes_found, (uintptr_t)arg % alignment == 0);
  atomic_fetch_add(&bytes_runs, 1);
}

static void check_byte(void *arg) {
  EXPECT(&bytes_found, *(unsigned char *)arg == 1);
  atomic_fetch_add(&bytes_runs, 1);
}

Test(task_copies, have_any_size_and_are_aligned_for_it) {
  static const uint32_t sizes[] = {4,   5,   7,   8,   12,   16,   24,   32,   48,   63,   64,    96,    100,
                                   128, 192, 256, 384, 1000, 1024, 2048, 3000, 4096, 8192, 12288, 65536, LARGEST};
  static unsigned char bytes[LARGEST];
  ppar_pool *pool = case_pool(3);
  ppar_task_group group;
  int spawned = 0;
  cr_assert_not_null(pool);
  groups_begin(&group, pool);
  for (int round = 0; round < 20; round++) {
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
      fill(bytes, sizes[s]);
      cr_assert_eq(ppar_task_spawn_copy(&group, check_bytes, bytes, sizes[s]), PPAR_OK);
      spawned++;
    }
    fill(bytes, 1);
    cr_assert_eq(ppar_task_spawn_copy(&group, check_byte, bytes, 1), PPAR_OK);
    spawned++;
  }
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(atomic_load(&bytes_runs), spawned);
  ASSERT_CLEAN(&bytes_found, "copies of many sizes");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* Copies of dropped tasks are freed: memory checkers see it. */
static void cancel_group(void *arg) { ppar_task_group_cancel(*(ppar_task_group **)arg, 7); }

Test(task_copies, are_dropped_with_their_tasks) {
  for (int p = 0; p < POOL_SIZES; p++) {
    static _Atomic int seen[TASKS];
    struct findings found = {0, NULL};
    ppar_pool *pool = case_pool(pool_sizes[p]);
    ppar_task_group group, *address = &group;
    struct number number = {0, seen, &found};
    int status = PPAR_OK;
    groups_begin(&group, pool);
    for (number.value = 0; number.value < TASKS && status == PPAR_OK; number.value++) {
      if (number.value == TASKS / 2) ppar_task_spawn_copy(&group, cancel_group, &address, sizeof address);
      status = ppar_task_spawn_copy(&group, see, &number, sizeof number);
    }
    cr_assert(status == PPAR_OK || status == PPAR_ECANCELED);
    cr_assert_eq(ppar_task_group_wait(&group), 7);
    ASSERT_CLEAN(&found, "a cancelled group");
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

Test(task_copies, refuse_what_is_no_argument) {
  ppar_task_group group = {{0}};
  int number = 1;
  cr_assert_eq(ppar_task_spawn_copy(&group, check_byte, &number, sizeof number), PPAR_EINVAL); /* not begun */
  cr_assert_eq(ppar_task_spawn_copy(NULL, check_byte, &number, sizeof number), PPAR_EINVAL);
  groups_begin(&group, NULL);
  cr_assert_eq(ppar_task_spawn_copy(&group, NULL, &number, sizeof number), PPAR_EINVAL);
  cr_assert_eq(ppar_task_spawn_copy(&group, check_byte, NULL, sizeof number), PPAR_EINVAL);
  cr_assert_eq(ppar_task_spawn_copy(&group, check_byte, &number, 0), PPAR_EINVAL);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(atomic_load(&bytes_runs), 0);
  ppar_task_group_begin(&group, NULL);
  ppar_task_group_cancel(&group, 3);
  cr_assert_eq(ppar_task_spawn_copy(&group, check_byte, &number, sizeof number), PPAR_ECANCELED);
  cr_assert_eq(ppar_task_group_wait(&group), 3);
}

/* Without memory tasks run at the spawn, with a copy of their own all the same. */
Test(task_copies, without_memory_run_at_the_spawn) {
  static _Atomic int seen[TASKS];
  struct findings found = {0, NULL};
  struct number number = {0, seen, &found};
  ppar_pool *pool = case_pool(1); /* nobody else takes tasks away */
  ppar_task_group group;
  int failed = 0;
  if (!limits_may_use_up()) cr_skip_test("needs a process whose memory can be limited");
  groups_begin(&group, pool);
  cr_assert(limits_memory(0));
  bool used_up = limits_use_up();
  for (int64_t t = 0; t < TASKS; t++) {
    number.value = t;
    if (ppar_task_spawn_copy(&group, see, &number, sizeof number) != PPAR_OK || number.value != t) failed++;
  }
  limits_lift();
  cr_assert(used_up);
  cr_assert_eq(failed, 0);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  for (int t = 0; t < TASKS; t++) cr_assert_eq(atomic_load(&seen[t]), 1);
  ASSERT_CLEAN(&found, "no memory");
  ppar_pool_destroy(pool);
}
