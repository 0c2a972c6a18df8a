/* SPDX-License-Identifier: MIT */
/* loop_pace.c: what a thread remembers of bodies: it is learned, told apart by function and place, and outlives neither
 * a body that has become slower nor one that has become faster. */
#include <criterion/criterion.h>

#include "loop/pace.h"
#include "platform/clock.h"

static const char codes[4096], sites[4096];

static uint64_t alone_ticks(void) {
  pp_clock_init();
  return pp_ticks_from_ns(PP_ALONE_NS);
}

static void learn(pp_known_table *table, uint64_t count, uint64_t ticks) {
  pp_known_learn(table, codes, sites, count, ticks);
}

static uint64_t most(const pp_known_table *table) { return pp_known_most(table, codes, sites); }

Test(loop_pace, nothing_is_known_of_a_new_body) {
  static const pp_known_table empty;
  cr_expect_eq(pp_known_most(&empty, codes, sites), 0);
}

Test(loop_pace, what_was_seen_is_known) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  uint64_t ticks = alone_ticks();
  for (int i = 0; i < 10; i++) learn(&table, 100, ticks / 10);
  cr_expect(most(&table) >= 990 && most(&table) <= 1010, "%llu", (unsigned long long)most(&table));
}

Test(loop_pace, bodies_and_places_are_told_apart) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  for (int i = 0; i < 10; i++) learn(&table, 100, alone_ticks() / 10);
  for (int k = 1; k < 4096; k++) {
    cr_expect_eq(pp_known_most(&table, codes + k, sites), 0);
    cr_expect_eq(pp_known_most(&table, codes, sites + k), 0);
  }
}

Test(loop_pace, another_body_may_take_an_entry_over) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  for (int k = 0; k < 4096; k++) pp_known_learn(&table, codes + k, sites, 100, alone_ticks() / 10);
  cr_expect(pp_known_most(&table, codes + 4095, sites) != 0, "the latest is known");
}

Test(loop_pace, a_single_slow_loop_does_not_undo_what_is_known) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  for (int i = 0; i < 10; i++) learn(&table, 100, alone_ticks() / 10);
  learn(&table, 100, alone_ticks() * 2);
  cr_expect(most(&table) > 500 && most(&table) < 600, "%llu", (unsigned long long)most(&table));
}

Test(loop_pace, a_body_that_becomes_a_thousand_times_slower_is_known_as_slow_at_once) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  for (int i = 0; i < 10; i++) learn(&table, 100, alone_ticks() / 10);
  learn(&table, 100, alone_ticks() * 100);
  cr_expect(most(&table) <= 1, "%llu", (unsigned long long)most(&table));
}

Test(loop_pace, one_that_becomes_a_thousand_times_faster_is_known_as_fast_after_a_few_loops) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  for (int i = 0; i < 10; i++) learn(&table, 100, alone_ticks() * 100);
  cr_expect_eq(most(&table), 1);
  for (int i = 0; i < 4; i++) learn(&table, 100, alone_ticks() / 10);
  cr_expect(most(&table) > 900, "%llu", (unsigned long long)most(&table));
}

Test(loop_pace, no_count_and_no_time_overflow) {
  pp_known_table table = {.entry = {{NULL, NULL, 0}}};
  (void)alone_ticks();
  for (int i = 0; i < 30; i++) learn(&table, UINT64_MAX, 1);
  cr_expect(most(&table) > UINT64_MAX / 10);
  for (int i = 0; i < 80; i++) learn(&table, 1, UINT64_MAX);
  cr_expect(most(&table) <= 1);
  for (int i = 0; i < 3; i++) learn(&table, 1, 0);
  cr_expect(most(&table) > 1);
}
