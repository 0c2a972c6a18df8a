/* SPDX-License-Identifier: MIT */
/* pool_board.c: a pool's board: numbers are given out in order, entries stay where they are, and who looks at the count
 * finds all entries below it. The records are addresses alone. */
#include "pool/board.h"

#include <pthread.h>
#include <string.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(pool_board, .timeout = SCALE_TIMEOUT);

enum { MOST = PP_BOARD_SEGMENT * PP_BOARD_SEGMENTS };

static unsigned char addresses[MOST]; /* of records that are never looked into */

static struct pp_record *record(uint32_t number) { return (struct pp_record *)(void *)&addresses[number]; }

Test(pool_board, an_empty_board_has_no_entries_and_can_be_freed) {
  static pp_board board;
  cr_expect_eq(pp_board_count(&board), 0);
  pp_board_free(&board);
  pp_board_free(&board);
  cr_expect_eq(pp_board_count(&board), 0);
}

Test(pool_board, entries_are_numbered_in_order_and_stay) {
  static pp_board board;
  for (uint32_t n = 0; n < 5 * PP_BOARD_SEGMENT + 3; n++) {
    uint32_t number = UINT32_MAX;
    cr_assert(pp_board_append(&board, record(n), &number));
    cr_assert_eq(number, n);
    cr_assert_eq(pp_board_count(&board), n + 1);
    for (uint32_t k = n % PP_BOARD_SEGMENT; k <= n; k += 17) cr_assert_eq(pp_board_at(&board, k), record(k));
  }
  for (uint32_t k = 0; k < pp_board_count(&board); k++) cr_assert_eq(pp_board_at(&board, k), record(k));
  pp_board_free(&board);
}

Test(pool_board, a_freed_board_begins_anew) {
  static pp_board board;
  uint32_t number;
  for (uint32_t n = 0; n < 2 * PP_BOARD_SEGMENT; n++) cr_assert(pp_board_append(&board, record(n), &number));
  pp_board_free(&board);
  cr_expect_eq(pp_board_count(&board), 0);
  cr_assert(pp_board_append(&board, record(9), &number));
  cr_expect_eq(number, 0);
  cr_expect_eq(pp_board_at(&board, 0), record(9));
  pp_board_free(&board);
}

Test(pool_board, a_full_board_takes_no_more_and_keeps_what_it_has) {
  static pp_board board;
  uint32_t number = 0;
  for (uint32_t n = 0; n < MOST; n++) cr_assert(pp_board_append(&board, record(n), &number));
  cr_expect_eq(number, MOST - 1);
  number = 77;
  cr_expect_not(pp_board_append(&board, record(0), &number));
  cr_expect_not(pp_board_append(&board, record(0), &number));
  cr_expect_eq(pp_board_count(&board), MOST);
  cr_expect_eq(pp_board_at(&board, 0), record(0));
  cr_expect_eq(pp_board_at(&board, MOST - 1), record(MOST - 1));
  pp_board_free(&board);
}

/* --- Several threads -------------------------------------------------------------------------------------------- */

enum { LOOKERS = 3, ENTRIES = 40 * PP_BOARD_SEGMENT };

typedef struct game {
  pp_board board;
  uint32_t contents[ENTRIES]; /* written before the entry is appended: the count alone orders the accesses */
  struct findings found;
} game;

static void *look(void *arg) {
  game *g = arg;
  for (uint32_t count = 0; count < ENTRIES;) {
    count = pp_board_count(&g->board);
    for (uint32_t k = 0; k < 4 && k < count; k++) {
      uint32_t n = count - 1 - k * (count / 4);
      const uint32_t *entry = (const uint32_t *)(void *)pp_board_at(&g->board, n);
      EXPECT(&g->found, entry == &g->contents[n] && *entry == n + 1);
    }
  }
  return NULL;
}

Test(pool_board, who_sees_the_count_sees_the_entries) {
  static game g;
  pthread_t threads[LOOKERS];
  for (int t = 0; t < LOOKERS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, look, &g), 0);
  for (uint32_t n = 0; n < ENTRIES; n++) {
    uint32_t number;
    g.contents[n] = n + 1;
    cr_assert(pp_board_append(&g.board, (struct pp_record *)(void *)&g.contents[n], &number));
  }
  for (int t = 0; t < LOOKERS; t++) pthread_join(threads[t], NULL);
  ASSERT_CLEAN(&g.found, "threads that look at a board");
  pp_board_free(&g.board);
}
