/* SPDX-License-Identifier: MIT */
/* pool_scope.c: what is inside of what, and how much of that a scope remembers. */
#include "pool/scope.h"

#include <criterion/criterion.h>

TestSuite(pool_scope);

enum { NEST = 3 * PP_SCOPE_DEPTH };

static int places[NEST]; /* their addresses */

/* The scope of place `innermost`, inside of all places before it. */
static pp_scope nested(int innermost) {
  pp_scope scope = {0}, inner = {0};
  pp_scope_enter(&scope, NULL, NULL, &places[0]);
  for (int p = 1; p <= innermost; p++) {
    pp_scope_enter(&inner, &scope, NULL, &places[p]);
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
  pp_scope_enter(&inner, &outer, NULL, &places[5]);
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
