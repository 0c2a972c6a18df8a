/* SPDX-License-Identifier: MIT */
/* show_nesting.c: whatever a thread has done in whatever order, what is drawn lies within each other. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "show/nesting.h"

enum { SPANS = 60, ROUNDS = 3000 };

typedef struct span {
  uint64_t begin, end;
} span;

static uint64_t state = 1;

static uint64_t below(uint64_t n) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (state >> 33) % n;
}

/* As N1 has it. */
static int compare(const void *left, const void *right) {
  const span *a = left, *b = right;
  if (a->end != b->end) return a->end > b->end ? -1 : 1;
  return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static bool are_apart(span a, span b) { return a.end <= b.begin || b.end <= a.begin; }
static bool contains(span a, span b) { return a.begin <= b.begin && b.end <= a.end; }

static void place_all(span *spans, int count) {
  static pp_nesting nesting;
  pp_nesting_begin(&nesting);
  for (int k = 0; k < count; k++) {
    int change;
    cr_assert(pp_nesting_place(&nesting, &spans[k].begin, &spans[k].end, PP_IS_WORK, &change));
  }
}

Test(show_nesting, whatever_lasts_lies_within_each_other_or_apart) {
  span spans[SPANS];
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t width = 1 + below(200);
    for (int k = 0; k < SPANS; k++) {
      spans[k].begin = below(width);
      spans[k].end = spans[k].begin + below(width);
    }
    qsort(spans, SPANS, sizeof spans[0], compare);
    place_all(spans, SPANS);
    for (int a = 0; a < SPANS; a++) {
      cr_assert_leq(spans[a].begin, spans[a].end);
      for (int b = 0; b < a; b++)
        cr_assert(are_apart(spans[a], spans[b]) || contains(spans[a], spans[b]) || contains(spans[b], spans[a]));
    }
  }
}

Test(show_nesting, what_is_properly_nested_stays_as_it_is) {
  span spans[] = {{0, 100}, {50, 100}, {60, 99}, {60, 70}, {61, 61}, {10, 40}, {10, 20}, {0, 5}}, before[8];
  memcpy(before, spans, sizeof spans);
  place_all(spans, 8);
  cr_expect_eq(memcmp(before, spans, sizeof spans), 0);
}

Test(show_nesting, of_two_that_cross_the_earlier_one_is_cut) {
  span spans[] = {{50, 150}, {0, 100}, {60, 90}, {10, 40}};
  place_all(spans, 4);
  cr_expect_eq(spans[1].end, 50);
  cr_expect_eq(spans[2].begin, 60);
  cr_expect_eq(spans[2].end, 90);
}

Test(show_nesting, work_within_waits_within_work_is_counted) {
  pp_nesting nesting;
  const struct {
    uint64_t begin, end;
    pp_is_work work;
    int change;
  } steps[] = {{0, 100, PP_IS_WORK, 1},      {50, 90, PP_IS_NO_WORK, -1}, {60, 80, PP_IS_WORK, 1},
               {65, 70, PP_IS_AS_AROUND, 0}, {66, 67, PP_IS_WORK, 0},     {10, 20, PP_IS_AS_AROUND, 0},
               {10, 12, PP_IS_NO_WORK, -1}};
  pp_nesting_begin(&nesting);
  for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
    uint64_t begin = steps[k].begin, end = steps[k].end;
    int change;
    cr_assert(pp_nesting_place(&nesting, &begin, &end, steps[k].work, &change));
    cr_expect_eq(change, steps[k].change, "step %zu: %d", k, change);
  }
}

Test(show_nesting, beyond_its_depth_it_refuses) {
  static pp_nesting nesting;
  int change, placed = 0;
  pp_nesting_begin(&nesting);
  for (uint64_t k = 0; k < 2 * PP_NESTING_DEPTH; k++) {
    uint64_t begin = k, end = 10000 - k;
    placed += pp_nesting_place(&nesting, &begin, &end, PP_IS_WORK, &change);
  }
  cr_expect_eq(placed, PP_NESTING_DEPTH);
}
