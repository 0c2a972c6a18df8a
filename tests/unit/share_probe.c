/* SPDX-License-Identifier: MIT */
/* share_probe.c: three calls tell what a call costs beside its units. Time is the test's to say. */
#include "share/probe.h"

#include <criterion/criterion.h>

#include "../support/scale.h"
#include "platform/clock.h"
#include "schedule/tuning.h"

TestSuite(share_probe, .timeout = SCALE_TIMEOUT);

static uint64_t microsecond(void) {
  pp_clock_init();
  return pp_ticks_from_ns(1000);
}

/* Ticks of a body's calls: so many beside its units, and so many for each unit at `place`. */
typedef struct body {
  double call, unit, growth; /* The unit's cost changes by this for each unit passed. */
} body;

static uint64_t ticks_of(const body *b, uint32_t from, uint32_t units) {
  double first = b->unit + b->growth * from, last = b->unit + b->growth * (from + units);
  return (uint64_t)(b->call + units * (first + last) / 2);
}

/* What a probe of a batch of `length` units tells; held_up: that call took ten times as long. */
static uint64_t probe(const body *b, uint32_t length, uint32_t piece, uint32_t held_up) {
  pp_probe p = {0};
  uint64_t now = 1000, cost = UINT64_MAX;
  uint32_t from = 0;
  cr_assert(pp_probe_plan(&p, length, piece, true));
  pp_probe_start(&p, 0, now);
  for (uint32_t call = 1; call <= PP_PROBE_CALLS; call++) {
    uint32_t units = pp_probe_units(&p);
    cr_assert_eq(p.running, call);
    now += ticks_of(b, from, units) * (call == held_up ? 10 : 1);
    from += units;
    cr_assert_eq(pp_probe_step(&p, from, now, &cost), call == PP_PROBE_CALLS);
  }
  cr_assert_eq(p.running, 0);
  cr_assert_leq(from, length);
  return cost;
}

Test(share_probe, a_plan_fits_its_batch_and_has_calls_of_two_sizes) {
  for (uint32_t length = 0; length <= 300; length++) {
    for (uint32_t piece = 1; piece <= length + 1; piece++) {
      for (int wanted = 0; wanted <= 1; wanted++) {
        pp_probe p = {0};
        if (!pp_probe_plan(&p, length, piece, wanted != 0)) {
          cr_expect(length < 4 || (wanted == 0 && length < 2 * piece + 2), "%u units in pieces of %u", length, piece);
          continue;
        }
        cr_assert(p.few >= 1 && p.many >= 2 * p.few && 2 * p.few + p.many <= length);
        if (wanted == 0) cr_assert(p.few == piece / 2 + (piece == 1));
      }
    }
  }
}

Test(share_probe, calls_that_cost_are_told_from_units_that_do) {
  const uint64_t us = microsecond();
  for (uint32_t length = 4; length <= 10000; length = length * 3 / 2) {
    for (uint32_t piece = 1; piece <= length; piece *= 8) {
      body dear = {10.0 * (double)us, 1, 0}, none = {0, (double)us, 0}, both = {5.0 * (double)us, (double)us, 0};
      uint64_t cost = probe(&dear, length, piece, 0);
      cr_expect(cost > 9 * us && cost <= 11 * us, "%u units: %llu", length, (unsigned long long)cost);
      cr_expect_eq(probe(&none, length, piece, 0), 0);
      cost = probe(&both, length, piece, 0);
      cr_expect(cost >= 5 * us - 5 && cost <= 5 * us + 5, "%u units: %llu", length, (unsigned long long)cost);
    }
  }
}

Test(share_probe, a_short_call_that_was_held_up_does_no_harm_and_neither_do_units_that_grow_or_shrink) {
  const uint64_t us = microsecond();
  body dear = {10.0 * (double)us, 1, 0}, none = {0, (double)us, 0};
  body growing = {0, (double)us, (double)us / 500}, shrinking = {0, 3.0 * (double)us, -(double)us / 500};
  for (uint32_t held_up = 1; held_up <= 3; held_up += 2) {
    cr_expect_gt(probe(&dear, 1000, 100, held_up), 9 * us);
    cr_expect_eq(probe(&none, 1000, 100, held_up), 0);
  }
  cr_expect_eq(probe(&none, 1000, 100, 2), 0, "nothing is learned");
  cr_expect_eq(probe(&growing, 1000, 100, 0), 0);
  cr_expect_eq(probe(&shrinking, 1000, 100, 0), 0);
}

Test(share_probe, a_call_that_was_cut_short_ends_it) {
  pp_probe p = {0};
  uint64_t cost = 7;
  cr_assert(pp_probe_plan(&p, 100, 10, false));
  pp_probe_start(&p, 0, 0);
  cr_expect_not(pp_probe_step(&p, p.few, 10, &cost));
  cr_expect_not(pp_probe_step(&p, p.few + p.many - 1, 20, &cost));
  cr_expect_eq(p.running, 0);
  cr_expect_eq(cost, 7);
}

Test(share_probe, the_first_probe_is_believed_and_later_ones_where_two_agree) {
  const uint64_t us = microsecond();
  pp_call_cost call = {0, UINT64_MAX};
  (void)pp_call_cost_learn(&call, 10 * us);
  cr_expect_eq(call.known, 10 * us);
  cr_expect_not(pp_call_cost_learn(&call, 100 * us), "another one should tell");
  cr_expect_eq(call.known, 10 * us);
  cr_expect(pp_call_cost_learn(&call, 90 * us));
  cr_expect_eq(call.known, 90 * us, "the lower one of both");
  cr_expect_not(pp_call_cost_learn(&call, 0));
  cr_expect_eq(call.known, 90 * us);
  cr_expect(pp_call_cost_learn(&call, 0));
  cr_expect_eq(call.known, 0);
  cr_expect_not(pp_call_cost_learn(&call, 50 * us));
  cr_expect(pp_call_cost_learn(&call, 0), "that was one by chance");
  cr_expect_eq(call.known, 0);
}

Test(share_probe, nothing_costs_more_than_a_whole_call) {
  pp_call_cost call = {5000, 7000};
  pp_call_cost_bound(&call, 6000);
  cr_expect(call.known == 5000 && call.latest == 7000);
  pp_call_cost_bound(&call, 3000);
  cr_expect(call.known == 3000 && call.latest == 3000);
}
