/* SPDX-License-Identifier: MIT */
/* show_map.c: whose the cells of a map are, and what differs in cost. */
#include "show/map.h"

#include <criterion/criterion.h>

#include "show/costs.h"

TestSuite(show_map);

static pp_arena arena;
static pp_map map;

static void begin(uint32_t cells, uint64_t count, uint32_t slots) {
  pp_arena_free(&arena);
  cr_assert(pp_map_make(&map, &arena, cells, count, slots));
}

static void add(uint64_t first, uint64_t count, uint8_t flags) {
  pp_map_add(&map, &(pp_event){.first = first, .count = count, .kind = PP_EVENT_CHUNK, .flags = flags});
}

/* The cells as digits; '*' for mixed ones, '?' for none. */
static const char *cells(void) {
  static char text[128];
  for (uint32_t c = 0; c < map.cells; c++) {
    int32_t of = pp_map_at(&map, c);
    text[c] = of == PP_MAP_MIXED ? '*' : of == PP_MAP_NONE ? '?' : (char)('0' + of);
  }
  text[map.cells] = '\0';
  return text;
}

Test(show_map, few_iterations_have_a_cell_each) {
  begin(60, 7, 2);
  add(0, 3, 0);
  pp_map_end_thread(&map, 0);
  add(3, 2, 0);
  pp_map_end_thread(&map, 1);
  cr_expect_str_eq(cells(), "00011??");
}

Test(show_map, a_cell_of_two_blocks_is_whose_has_more) {
  begin(3, 30, 2);
  add(0, 14, 0);
  pp_map_end_thread(&map, 0);
  add(14, 16, 0);
  pp_map_end_thread(&map, 1);
  cr_expect_str_eq(cells(), "011");
}

Test(show_map, cells_that_threads_have_by_turns_are_mixed) {
  begin(4, 1000, 2);
  for (uint64_t i = 0; i < 500; i += 2) add(i, 1, 0);
  pp_map_end_thread(&map, 0);
  for (uint64_t i = 1; i < 500; i += 2) add(i, 1, 0);
  add(500, 500, 0);
  pp_map_end_thread(&map, 1);
  cr_expect_str_eq(cells(), "**11");
  cr_expect_not(pp_map_is_mixed(&map));
}

Test(show_map, strided_pieces_have_every_tth_iteration) {
  begin(60, 9, 3);
  for (uint32_t t = 0; t < 3; t++) {
    add(t, 3, PP_EVENT_STRIDED);
    pp_map_end_thread(&map, t);
  }
  cr_expect_str_eq(cells(), "012012012");
  begin(10, 1000000, 3);
  for (uint32_t t = 0; t < 3; t++) {
    add(t, 333333, PP_EVENT_STRIDED);
    pp_map_end_thread(&map, t);
  }
  cr_expect_str_eq(cells(), "**********");
}

Test(show_map, only_the_first_iterations_are_asked_for) {
  begin(5, 5, 2);
  add(0, 2, 0);
  add(1000, UINT64_MAX - 1000, 0);
  pp_map_end_thread(&map, 0);
  add(3, 400, 0);
  pp_map_end_thread(&map, 1);
  cr_expect_str_eq(cells(), "00?11");
}

Test(show_map, loops_of_all_iterations_that_there_can_be) {
  begin(4, UINT64_MAX, 2);
  add(0, UINT64_MAX / 2, 0);
  pp_map_end_thread(&map, 0);
  add(UINT64_MAX / 2, UINT64_MAX / 2 + 1, 0);
  pp_map_end_thread(&map, 1);
  cr_expect_str_eq(cells(), "0011");
}

Test(show_map, indices_are_the_programs) {
  const pp_construct loop = {.index = 10, .step = -3};
  cr_expect_eq(pp_construct_index(&loop, 0), 10);
  cr_expect_eq(pp_construct_index(&loop, 5), -5);
}

/* --- Costs ---------------------------------------------------------------------------------------------------- */

Test(show_map, the_slowest_tenth_is_compared_with_the_quickest) {
  pp_costs costs = {0};
  pp_costs_add(&costs, 10000, 10); /* 1 us each */
  pp_costs_add(&costs, 3200000, 80);
  pp_costs_add(&costs, 700000, 10); /* 70 us each */
  cr_assert_float_eq(pp_costs_ratio(&costs), 70, 0.001);
}

Test(show_map, equal_costs_do_not_differ) {
  pp_costs costs = {0};
  for (int k = 0; k < 100; k++) pp_costs_add(&costs, 5000, 7);
  cr_assert_float_eq(pp_costs_ratio(&costs), 1, 0.001);
}

Test(show_map, chunks_too_short_to_time_tell_nothing) {
  pp_costs costs = {0};
  cr_expect_eq(pp_costs_ratio(&costs), 0);
  for (uint64_t k = 1; k < 100; k++) pp_costs_add(&costs, k, 1);
  pp_costs_add(&costs, 2000, 1);
  pp_costs_add(&costs, 0, 0);
  cr_expect_eq(pp_costs_ratio(&costs), 0);
}
