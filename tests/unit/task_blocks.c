/* SPDX-License-Identifier: MIT */
/* task_blocks.c: blocks of a stock: made several at once, taken and given back by one thread, brought home by others;
 * and children's records, from which a task's descent is told. */
#include "task/blocks.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "task/children.h"

TestSuite(task_blocks, .timeout = SCALE_TIMEOUT);

enum { SIZE = 200, COUNT = 7 };

static bool lie_apart(const pp_block *a, const pp_block *b) {
  uintptr_t first = (uintptr_t)a, second = (uintptr_t)b;
  return (first < second ? second - first : first - second) >= SIZE;
}

Test(task_blocks, a_stock_gives_each_of_its_blocks_once) {
  pp_stock stock = {.free = NULL};
  pp_block *taken[2 * COUNT];
  cr_expect_null(pp_block_take(&stock), "it has none");
  for (int grown = 1; grown <= 2; grown++) cr_expect(pp_stock_grow(&stock, SIZE, COUNT));
  cr_expect_eq(stock.made, (size_t)(2 * COUNT));
  for (int k = 0; k < 2 * COUNT; k++) {
    taken[k] = pp_block_take(&stock);
    cr_assert_not_null(taken[k]);
    for (int other = 0; other < k; other++) cr_expect(lie_apart(taken[k], taken[other]));
  }
  cr_expect_null(pp_block_take(&stock), "all are in use");
  pp_stock_free(&stock);
  cr_expect_null(pp_block_take(&stock), "they went with the stock, wherever they were");
  cr_expect_eq(stock.made, (size_t)0);
}

Test(task_blocks, what_was_given_back_last_is_taken_first) {
  pp_stock stock = {.free = NULL};
  pp_block *first, *second;
  cr_expect(pp_stock_grow(&stock, SIZE, COUNT));
  first = pp_block_take(&stock);
  second = pp_block_take(&stock);
  pp_block_give(&stock, first);
  pp_block_give(&stock, second);
  cr_expect_eq(pp_block_take(&stock), second);
  cr_expect_eq(pp_block_take(&stock), first);
  pp_stock_free(&stock);
}

Test(task_blocks, all_blocks_of_all_slabs_are_found) {
  pp_stock stock = {.free = NULL};
  size_t found = 0;
  cr_expect(pp_stock_grow(&stock, SIZE, 1));
  cr_expect(pp_stock_grow(&stock, SIZE, COUNT));
  for (const pp_block *block = pp_block_take(&stock); block != NULL; block = pp_block_take(&stock)) {
    for (pp_slab *slab = stock.slabs; slab != NULL; slab = slab->older) {
      for (size_t k = 0; k < slab->count; k++) found += pp_slab_block(slab, k) == block;
    }
  }
  cr_expect_eq(found, (size_t)(1 + COUNT));
  pp_stock_free(&stock);
}

/* --- Threads ---------------------------------------------------------------------------------------------- */

enum { THREADS = 3, ROUNDS = 5000 };

static pp_brought brought;
static pp_atomic_u32 handed[THREADS]; /* not 0: a block is there to be brought home */
static pp_block *hands[THREADS];

static void *bring(void *arg) {
  size_t me = (size_t)(uintptr_t)arg;
  for (int r = 0; r < (int)scaled(ROUNDS); r++) {
    while (pp_load_acquire(&handed[me]) == 0) (void)sched_yield();
    pp_block_bring(&brought, hands[me]);
    pp_store_release(&handed[me], 0);
  }
  return NULL;
}

Test(task_blocks, blocks_that_others_bring_home_come_back_once) {
  pp_stock stock = {.free = NULL};
  pthread_t threads[THREADS];
  size_t home = 0;
  cr_expect(pp_stock_grow(&stock, SIZE, THREADS));
  for (size_t t = 0; t < THREADS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, bring, (void *)(uintptr_t)t), 0);
  for (int r = 0; r < (int)scaled(ROUNDS); r++) {
    for (size_t t = 0; t < THREADS; t++) {
      while (pp_load_acquire(&handed[t]) != 0) (void)sched_yield();
      hands[t] = pp_block_take(&stock);
      while (hands[t] == NULL) {
        stock.free = pp_block_fetch(&brought);
        hands[t] = pp_block_take(&stock);
      }
      pp_store_release(&handed[t], 1);
    }
  }
  for (size_t t = 0; t < THREADS; t++) cr_expect_eq(pthread_join(threads[t], NULL), 0);
  while (pp_block_take(&stock) != NULL) home++;
  stock.free = pp_block_fetch(&brought);
  while (pp_block_take(&stock) != NULL) home++;
  cr_expect_eq(home, (size_t)THREADS);
  pp_stock_free(&stock);
}

/* --- Records of children ---------------------------------------------------------------------------------- */

Test(task_blocks, a_task_descends_from_all_parents_that_have_not_ended) {
  static pp_children record[3], other;
  pp_children_begin(&other, NULL);
  for (int k = 0; k < 3; k++) pp_children_begin(&record[k], k > 0 ? &record[k - 1] : NULL);
  for (int k = 0; k < 3; k++) cr_expect(pp_children_are_below(&record[2], &record[k]));
  cr_expect_not(pp_children_are_below(&record[0], &record[2]));
  cr_expect_not(pp_children_are_below(&record[2], &other));
  record[1].made = 1;
  cr_expect_not(pp_children_leave(&record[1]), "a child is left, which frees the record");
  cr_expect(pp_children_are_below(&record[2], &record[1]));
  cr_expect_not(pp_children_are_below(&record[2], &record[0]), "nobody knows any more");
  cr_expect(pp_children_end_one(&record[1], true), "it was the last");
}
