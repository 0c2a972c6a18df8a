/* SPDX-License-Identifier: MIT */
/* show_loss.c: sums made by hand, and what they say of the time. */
#include <criterion/criterion.h>

#include "../support/sites.h"
#include "show/loss.h"

static pp_loss loss_of(struct sums made) {
  pp_run_site site = site_of(1, made);
  pp_loss loss;
  cr_assert(pp_loss_of(&site, &loss));
  return loss;
}

#define NEAR(ns, ms) cr_assert_float_eq((ns) / 1e6, (ms), 0.001, #ns " is %f ms, not %f", (ns) / 1e6, (double)(ms))

Test(show_loss, the_parts_of_a_loop_add_up) {
  pp_loss loss = loss_of((struct sums){.calls = 10,
                                       .iterations = 1000,
                                       .threads = 4,
                                       .chunks = 80,
                                       .wall = 100,
                                       .work = 300,
                                       .start = 8,
                                       .ending = 40,
                                       .waited = 12});
  NEAR(loss.wall, 100);
  NEAR(loss.work, 300);
  NEAR(loss.start, 2); /* thread time, by 4 threads */
  NEAR(loss.imbalance, 10);
  NEAR(loss.waiting, 3);
  NEAR(loss.overhead, 10); /* what is left of 100 */
  NEAR(loss.gain, 25);
  cr_assert_float_eq(pp_loss_speedup(&loss), 3, 1e-6);
  cr_assert_float_eq(loss.work + loss.threads * loss.gain, loss.threads * loss.wall, 1, "L1");
}

Test(show_loss, slots_that_nobody_came_for_are_lost_to_the_start) {
  pp_loss loss =
      loss_of((struct sums){.calls = 1, .iterations = 10, .threads = 4, .had = 1, .chunks = 1, .wall = 10, .work = 10});
  NEAR(loss.start, 7.5);
  NEAR(loss.gain, 7.5);
  cr_assert_float_eq(loss.had, 1, 1e-9);
}

Test(show_loss, threads_that_left_before_the_end_are_imbalance) {
  pp_run_site site = site_of(1, (struct sums){.calls = 1, .iterations = 10, .threads = 2, .wall = 10, .work = 12});
  pp_loss loss;
  site.sum[PP_SUM_THERE] -= ns_of_ms(8);
  cr_assert(pp_loss_of(&site, &loss));
  NEAR(loss.imbalance, 4);
  NEAR(loss.overhead, 0);
}

Test(show_loss, sums_that_come_to_more_than_there_is_are_scaled) {
  pp_loss loss = loss_of((struct sums){.calls = 1, .threads = 2, .wall = 10, .work = 16, .start = 4, .ending = 4});
  NEAR(loss.gain, 2);
  NEAR(loss.start, 1);
  NEAR(loss.imbalance, 1);
  loss = loss_of((struct sums){.calls = 1, .threads = 2, .wall = 10, .work = 21, .start = 4});
  NEAR(loss.gain, 0);
}

Test(show_loss, of_task_groups_what_is_not_work_is_imbalance) {
  pp_loss loss = loss_of((struct sums){.kind = PP_CONSTRUCT_TASKS,
                                       .calls = 1000,
                                       .iterations = 1000,
                                       .threads = 2,
                                       .chunks = 1000,
                                       .wall = 100,
                                       .work = 120,
                                       .waited = 20});
  NEAR(loss.waiting, 10);
  NEAR(loss.imbalance, 30);
  NEAR(loss.gain, 40);
}

Test(show_loss, waiting_is_told_apart) {
  pp_loss loss = loss_of((struct sums){.calls = 1,
                                       .threads = 2,
                                       .wall = 100,
                                       .work = 100,
                                       .waited = 100,
                                       .at_barrier = 20,
                                       .at_critical = 50,
                                       .at_turn = 10});
  NEAR(loss.waiting, 50);
  NEAR(loss.at_barrier, 10);
  NEAR(loss.at_critical, 25);
  NEAR(loss.at_turn, 5);
}

Test(show_loss, places_without_calls_have_none) {
  pp_run_site site = site_of(1, (struct sums){.threads = 2, .wall = 10});
  pp_loss loss;
  cr_expect_not(pp_loss_of(&site, &loss));
}

Test(show_loss, the_sum_is_of_what_is_not_inside_of_others) {
  pp_run_site sites[4];
  pp_arena arena = {NULL};
  pp_run run = {.arena = &arena, .sites = sites, .site_count = 4};
  pp_losses losses;
  sites[0] = site_of(0, (struct sums){.threads = 2});
  sites[1] = site_of(1, (struct sums){.kind = PP_CONSTRUCT_REGION, .calls = 1, .threads = 2, .wall = 100, .work = 180});
  sites[2] = site_of(
      2, (struct sums){.kind = PP_CONSTRUCT_PRANGE, .calls = 1, .threads = 2, .wall = 50, .work = 60, .inside = 50});
  sites[3] = site_of(
      3, (struct sums){.kind = PP_CONSTRUCT_LOOP, .calls = 4, .threads = 2, .wall = 80, .work = 80, .inside = 60});
  losses = pp_losses_of(&run);
  cr_assert_eq(losses.count, 3);
  NEAR(losses.wall, 120);     /* 100, none of 50, 20 of 80 */
  NEAR(losses.gain, 10 + 10); /* 10, none of 20, a quarter of 40 */
  cr_expect_eq(losses.loss[0].site->number, 2, "a prange's own loss counts in the order");
  pp_arena_free(&arena);
}
