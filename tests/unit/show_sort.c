/* SPDX-License-Identifier: MIT */
/* show_sort.c: all orders of few things, many things, and the arena that they come from. */
#include "show/sort.h"

#include <stdint.h>
#include <string.h>

#include <criterion/criterion.h>

#include "../support/scale.h"
#include "show/arena.h"

TestSuite(show_sort, .timeout = SCALE_TIMEOUT);

typedef struct thing {
  uint64_t key;
  unsigned char rest[13];
} thing;

static bool is_less(const void *left, const void *right) {
  return ((const thing *)left)->key < ((const thing *)right)->key;
}

static void check(thing *things, uint64_t count) {
  uint64_t before = 0, after = 0;
  for (uint64_t k = 0; k < count; k++) before += things[k].key * 31 + things[k].rest[5];
  pp_sort(things, count, sizeof *things, is_less);
  for (uint64_t k = 0; k < count; k++) {
    after += things[k].key * 31 + things[k].rest[5];
    cr_assert_eq(things[k].rest[5], (unsigned char)things[k].key);
    if (k != 0) cr_assert_leq(things[k - 1].key, things[k].key);
  }
  cr_assert_eq(before, after);
}

static thing thing_of(uint64_t key) {
  thing made = {.key = key};
  memset(made.rest, (int)(key & 0xff), sizeof made.rest);
  return made;
}

Test(show_sort, all_orders_of_five_things) {
  for (int number = 0; number < 3125; number++) {
    thing things[5];
    for (int k = 0, rest = number; k < 5; k++, rest /= 5) things[k] = thing_of((uint64_t)rest % 5);
    check(things, 5);
  }
}

Test(show_sort, many_things_from_an_arena) {
  pp_arena arena = {NULL};
  uint64_t state = 1;
  for (uint64_t count = 0; count < 100000; count = count * 7 + 1) {
    thing *things = pp_arena_array(&arena, count, sizeof *things);
    cr_assert_not_null(things);
    for (uint64_t k = 0; k < count; k++) {
      cr_assert_eq(things[k].key, 0);
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
      things[k] = thing_of(state >> 50);
    }
    check(things, count);
    check(things, count);
  }
  cr_assert_null(pp_arena_array(&arena, UINT64_MAX, 16));
  cr_assert_str_eq(pp_arena_text(&arena, "kept"), "kept");
  pp_arena_free(&arena);
  cr_assert_null(arena.latest);
}
