/* SPDX-License-Identifier: MIT */
/* groups.h: task groups on pools of several sizes. */
#ifndef TESTS_GROUPS_H
#define TESTS_GROUPS_H

#include <ppar/ppar.h>

#include <criterion/criterion.h>

/* Runs the test on a pool of each of so many numbers of threads, and on another one whose threads sleep at once when
 * they find nothing to do. */
static inline void groups_on_pools(const int *threads, int numbers, void (*test)(ppar_pool *pool)) {
  for (int p = 0; p < 2 * numbers; p++) {
    ppar_pool_options options = {.threads = threads[p / 2], .wait = p % 2 != 0 ? PPAR_WAIT_PASSIVE : PPAR_WAIT_DEFAULT};
    ppar_pool *pool = NULL;
    cr_assert_eq(ppar_pool_create(&pool, &options), PPAR_OK);
    test(pool);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

static inline void groups_begin(ppar_task_group *group, ppar_pool *pool) {
  ppar_options options = {.pool = pool};
  cr_assert_eq(ppar_task_group_begin(group, &options), PPAR_OK);
}

#endif
