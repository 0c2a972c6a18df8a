/* SPDX-License-Identifier: MIT */
/* loop_pace.c: what a thread remembers of bodies: it is learned, told apart by function and place, and outlives neither
 * a body that has become slower nor one that has become faster. Who was misled believes later. */
#include <criterion/criterion.h>

#include "loop/pace.h"
#include "platform/clock.h"

static const char codes[4096], sites[4096];

static pp_known_table table;

static void begin(void) {
  pp_clock_init();
  table = (pp_known_table){.limit = 0};
  pp_known_init(&table);
}

static void learn(uint64_t count, uint64_t ticks) { pp_known_learn(&table, codes, sites, count, ticks, false); }
static void be_misled(void) { pp_known_learn(&table, codes, sites, 100, table.limit * 100, true); }

static bool is_short(uint64_t count) { return pp_known_is_short(pp_known_find(&table, codes, sites), count); }
static uint64_t most(void) { return pp_known_find(&table, codes, sites)->most; }

/* How many quick loops it takes until the body is believed to be quick. */
static int loops_until_believed(void) {
  int loops = 0;
  do {
    learn(100, table.limit / 10);
    loops++;
  } while (!is_short(100) && loops < 1000000);
  return loops;
}

Test(loop_pace, nothing_is_known_of_a_new_body) {
  begin();
  cr_expect_null(pp_known_find(&table, codes, sites));
  cr_expect_not(is_short(1));
}

Test(loop_pace, what_was_seen_is_known) {
  begin();
  learn(100, table.limit); /* a tick may be 20 ns and more: a tenth of that would be no whole number of them */
  cr_expect_eq(most(), 100);
  cr_expect(is_short(most()));
  cr_expect_not(is_short(most() + 1));
}

Test(loop_pace, bodies_and_places_are_told_apart) {
  begin();
  learn(100, table.limit / 10);
  for (int k = 1; k < 4096; k++) {
    cr_expect_null(pp_known_find(&table, codes + k, sites));
    cr_expect_null(pp_known_find(&table, codes, sites + k));
  }
}

Test(loop_pace, another_body_may_take_an_entry_over) {
  begin();
  for (int k = 0; k < 4096; k++) pp_known_learn(&table, codes + k, sites, 100, table.limit / 10, false);
  cr_expect_not_null(pp_known_find(&table, codes + 4095, sites), "the latest is known");
}

Test(loop_pace, a_single_slow_loop_does_not_undo_what_is_known) {
  begin();
  learn(100, table.limit);
  learn(100, table.limit * 2);
  cr_expect_eq(most(), 75);
}

Test(loop_pace, a_body_that_becomes_a_thousand_times_slower_is_known_as_slow_at_once) {
  begin();
  learn(100, table.limit / 10);
  learn(100, table.limit * 100);
  cr_expect(most() <= 1, "%llu", (unsigned long long)most());
}

Test(loop_pace, one_that_becomes_a_thousand_times_faster_is_known_as_fast_at_once) {
  begin();
  learn(100, table.limit * 100);
  cr_expect_not(is_short(100));
  cr_expect_eq(loops_until_believed(), 1);
}

Test(loop_pace, who_was_misled_doubts_for_longer_each_time) {
  int before = 1;
  begin();
  learn(100, table.limit / 10);
  for (int time = 0; time < 8; time++) {
    int loops;
    be_misled();
    loops = loops_until_believed();
    cr_expect(loops > before, "time %d: %d loops", time, loops);
    before = loops;
  }
}

Test(loop_pace, many_quick_loops_make_up_for_having_been_misled) {
  int after_two;
  begin();
  learn(100, table.limit / 10);
  be_misled();
  (void)loops_until_believed();
  be_misled();
  after_two = loops_until_believed();
  for (int k = 0; k < 100000; k++) learn(100, table.limit / 10);
  be_misled();
  cr_expect_lt(loops_until_believed(), after_two);
}

Test(loop_pace, no_count_and_no_time_overflow) {
  begin();
  learn(UINT64_MAX, 1);
  cr_expect(most() > UINT64_MAX / 10);
  learn(1, UINT64_MAX);
  cr_expect_eq(most(), 0);
  learn(1, 0);
  cr_expect(most() > 1);
}
