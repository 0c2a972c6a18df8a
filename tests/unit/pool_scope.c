/* SPDX-License-Identifier: MIT */
/* pool_scope.c: what is inside of what, what a thread holds, and how much of that a scope remembers. */
#include "pool/scope.h"

#include <string.h>

#include <criterion/criterion.h>

#include "pool/self.h"

TestSuite(pool_scope);

enum { NEST = 3 * PP_SCOPE_DEPTH };

static int places[NEST]; /* their addresses */

/* The scope of place `innermost`, inside of all places before it. */
static pp_scope nested(int innermost) {
  pp_scope scope = {0}, inner = {0};
  pp_scope_enter(&scope, NULL, &places[0]);
  for (int p = 1; p <= innermost; p++) {
    pp_scope_enter(&inner, &scope, &places[p]);
    scope = inner;
  }
  return scope;
}

Test(pool_scope, the_outermost_is_inside_itself_alone) {
  pp_scope scope = nested(0);
  cr_expect_eq(scope.depth, 1);
  cr_expect(pp_scope_is_within(&scope, &places[0]));
  cr_expect_not(pp_scope_is_within(&scope, &places[1]));
  cr_expect_eq(pp_scope_marks(&scope), 0);
}

Test(pool_scope, a_scope_is_within_the_innermost_that_fit_and_no_others) {
  for (int innermost = 0; innermost < NEST; innermost++) {
    pp_scope scope = nested(innermost);
    for (int p = 0; p < NEST; p++) {
      bool fits = p <= innermost && innermost - p < (int)PP_SCOPE_DEPTH;
      cr_assert_eq(pp_scope_is_within(&scope, &places[p]), fits);
    }
  }
}

Test(pool_scope, entering_leaves_the_outer_scope_as_it_was) {
  pp_scope outer = nested(2), inner;
  pp_scope_enter(&inner, &outer, &places[5]);
  cr_expect_eq(outer.depth, 3);
  cr_expect_not(pp_scope_is_within(&outer, &places[5]));
  cr_expect(pp_scope_is_within(&inner, &places[2]));
}

Test(pool_scope, marks_miss_nothing_that_a_scope_is_inside_of_and_leave_out_itself) {
  for (int innermost = 0; innermost < NEST; innermost++) {
    pp_scope scope = nested(innermost);
    uint64_t marks = 0;
    for (int p = 0; p < innermost; p++) {
      uint64_t mark = pp_scope_mark(&places[p]);
      cr_assert(mark != 0 && (mark & (mark - 1)) == 0);
      if (!pp_scope_is_within(&scope, &places[p])) continue;
      cr_assert_neq(pp_scope_marks(&scope) & mark, 0);
      marks |= mark;
    }
    cr_assert_eq(pp_scope_marks(&scope), marks);
  }
}

/* --- What is held ------------------------------------------------------------------------------------------- */

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline)) pp_self *this_thread(void) { return pp_self_get(); }

/* What a loop that the thread begins here is inside of, besides itself. */
static void expect_inside(const int *numbers, uint32_t count) {
  pp_scope scope;
  memset(&scope, 0xff, sizeof scope);
  pp_self_enter_scope(this_thread(), &scope, &places[NEST - 1]);
  cr_assert_eq(scope.depth, 1 + count);
  cr_assert_eq(scope.inside[0], &places[NEST - 1]);
  for (uint32_t k = 0; k < count; k++) cr_assert_eq(scope.inside[1 + k], &places[numbers[k]]);
  cr_assert_eq(pp_self_is_inside_something(this_thread()), count != 0);
}

Test(pool_scope, what_is_held_is_between_the_innermost_and_the_outer_scope_latest_first) {
  pp_self *self = this_thread();
  pp_scope outer = nested(1);
  self->place.scope = &outer;
  pp_self_hold(self, &places[5]);
  pp_self_hold(self, &places[6]);
  expect_inside((int[]){6, 5, 1, 0}, 4);
  self->place.scope = NULL;
  expect_inside((int[]){6, 5}, 2);
}

Test(pool_scope, a_thread_holds_and_lets_go_in_any_order) {
  pp_self *self = this_thread();
  expect_inside(NULL, 0);
  for (int k = 0; k < 3; k++) pp_self_hold(self, &places[k]);
  expect_inside((int[]){2, 1, 0}, 3);
  pp_self_let_go(self, &places[1]);
  expect_inside((int[]){2, 0}, 2);
  pp_self_let_go(self, &places[0]);
  expect_inside((int[]){2}, 1);
  pp_self_hold(self, &places[7]);
  pp_self_let_go(self, &places[7]);
  pp_self_let_go(self, &places[9]); /* which it does not hold: a program's mistake, and nothing changes */
  expect_inside((int[]){2}, 1);
  pp_self_let_go(self, &places[2]);
  expect_inside(NULL, 0);
}

Test(pool_scope, of_more_than_can_be_told_of_the_first_are_told) {
  pp_self *self = this_thread();
  for (int k = 0; k < PP_HELD_MOST + 2; k++) pp_self_hold(self, &places[k]);
  expect_inside((int[]){3, 2, 1, 0}, PP_HELD_MOST);
  pp_self_let_go(self, &places[PP_HELD_MOST + 1]);
  pp_self_let_go(self, &places[PP_HELD_MOST]);
  expect_inside((int[]){3, 2, 1, 0}, PP_HELD_MOST);
  for (int k = PP_HELD_MOST - 1; k >= 0; k--) pp_self_let_go(self, &places[k]);
  expect_inside(NULL, 0);
}

enum { HELD = PP_HELD_MOST + 2 };

/* What is still held, by its bits: all that the thread tells of is among that, the latest first. */
static void expect_among(uint32_t held) {
  pp_scope scope;
  uint32_t told = 0;
  int latest = HELD;
  pp_self_enter_scope(this_thread(), &scope, &places[NEST - 1]);
  for (uint32_t d = 1; d < scope.depth; d++) {
    int number = 0;
    if (scope.inside[d] == NULL) continue; /* one that is not told of */
    while (number < HELD && scope.inside[d] != &places[number]) number++;
    cr_assert(number < latest && (held >> number & 1) != 0);
    latest = number;
    told |= 1u << number;
  }
  cr_assert_eq(pp_self_is_inside_something(this_thread()), held != 0);
  if (held < 1u << PP_HELD_MOST) cr_assert_eq(told, held, "the first are told of as long as they are held");
}

static void let_go_in_all_orders(uint32_t held) {
  pp_self saved = *this_thread();
  expect_among(held);
  for (uint32_t number = 0; number < HELD; number++) {
    if ((held >> number & 1) == 0) continue;
    pp_self_let_go(this_thread(), &places[number]);
    let_go_in_all_orders(held & ~(1u << number));
    *this_thread() = saved;
  }
}

Test(pool_scope, whatever_the_order_a_thread_holds_nothing_when_it_has_let_go_of_all) {
  for (int k = 0; k < HELD; k++) pp_self_hold(this_thread(), &places[k]);
  let_go_in_all_orders((1u << HELD) - 1);
}

/* As where a loop's body begins: its record's scope has what was held before. */
Test(pool_scope, what_was_held_where_a_thread_entered_is_told_by_its_scope) {
  pp_self *self = this_thread();
  pp_self_hold(self, &places[4]);
  self->place.held_from = self->held_count;
  expect_inside(NULL, 0);
  pp_self_hold(self, &places[5]);
  expect_inside((int[]){5}, 1);
  pp_self_let_go(self, &places[5]);
  self->place.held_from = 0;
  expect_inside((int[]){4}, 1);
}
