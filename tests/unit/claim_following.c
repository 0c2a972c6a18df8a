/* SPDX-License-Identifier: MIT */
/* claim_following.c: the number follows the budget, and never beyond what was told. */
#include "claim/following.h"

#include <criterion/criterion.h>

enum { FIRST = 4, GAP = 100 };

static uint32_t now(pp_following *following) { return pp_following_now(following, FIRST); }

Test(claim_following, is_what_it_was_at_first_until_something_changes) {
  pp_following following = {0};
  cr_expect_eq(now(&following), FIRST);
  cr_expect_not(pp_following_is_told(&following, FIRST, FIRST));
  cr_expect_eq(pp_following_tell(&following, FIRST), FIRST);
  cr_expect(pp_following_is_told(&following, FIRST, FIRST));
  cr_expect_eq(now(&following), FIRST);
}

Test(claim_following, follows_freely_where_nobody_has_asked) {
  static const uint32_t budgets[] = {2, 8, 1, 64};
  pp_following following = {0};
  for (size_t b = 0; b < sizeof budgets / sizeof budgets[0]; b++) {
    cr_expect_eq(pp_following_change(&following, budgets[b]), budgets[b]);
    cr_expect_eq(now(&following), budgets[b]);
  }
}

Test(claim_following, grows_beyond_what_was_told_only_where_the_program_asks_again) {
  pp_following following = {0};
  cr_expect_eq(pp_following_tell(&following, FIRST), FIRST);
  cr_expect_eq(pp_following_change(&following, 8), FIRST);
  cr_expect_eq(now(&following), FIRST);
  cr_expect_not(pp_following_is_told(&following, FIRST, FIRST), "there is more to be had");
  cr_expect_eq(pp_following_tell(&following, FIRST), 8);
  cr_expect_eq(now(&following), 8);
  cr_expect_eq(pp_following_change(&following, 2), 2);
  cr_expect_eq(pp_following_change(&following, 6), 6, "it was told of 8");
  cr_expect_eq(pp_following_tell(&following, FIRST), 6);
  cr_expect_eq(pp_following_change(&following, 8), 6);
}

Test(claim_following, one_thread_looks_after_each_gap) {
  pp_following following = {0};
  cr_expect(pp_following_is_due(&following, 1000, GAP));
  cr_expect_not(pp_following_is_due(&following, 1000, GAP));
  cr_expect_not(pp_following_is_due(&following, 1099, GAP));
  cr_expect(pp_following_is_due(&following, 1100, GAP));
  pp_following_looks(&following, 1300);
  cr_expect_not(pp_following_is_due(&following, 1399, GAP));
}
