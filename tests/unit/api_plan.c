/* SPDX-License-Identifier: MIT */
/* api_plan.c: from a call's options to a loop: what is refused, how many slots there are, and which schedule is shared
 * in which way, in how many parts. */
#include "api/plan.h"

#include <inttypes.h>
#include <stdlib.h>

#include <criterion/criterion.h>
#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/scale.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "schedule/tuning.h"

TestSuite(api_plan, .timeout = SCALE_TIMEOUT);

/* The environment is read once per process, and each test has its own process. */
static void set_variable(const char *name, const char *value) { cr_assert_eq(setenv(name, value, 1), 0); }

/* --- Options ---------------------------------------------------------------------------------------------------- */

static int plan_options(pp_plan *plan, ppar_options options) {
  return pp_plan_options(plan, &options, PP_CALL("a test"));
}

static uint32_t slots_of(ppar_options options) {
  pp_plan plan;
  cr_assert_eq(plan_options(&plan, options), PPAR_OK);
  return plan.alone.slots;
}

Test(api_plan, no_options_are_all_defaults) {
  pp_plan plan = {.schedule = {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, -7}};
  set_variable("PPAR_NUM_THREADS", "5");
  cr_assert_eq(pp_plan_options(&plan, NULL, PP_CALL("a test")), PPAR_OK);
  cr_expect_eq(plan.pool, ppar_pool_default());
  cr_expect_eq(plan.alone.slots, 5);
  cr_expect(plan.schedule.kind == PPAR_SCHEDULE_AUTO && plan.schedule.order == PPAR_ORDER_DEFAULT &&
            plan.schedule.chunk == 0);
}

Test(api_plan, options_out_of_range_are_refused) {
  static const ppar_options bad[] = {
      {.threads = -1},
      {.threads = INT32_MIN},
      {.threads = PPAR_MAX_THREADS + 1},
      {.threads = INT32_MAX},
      {.schedule = {.kind = (ppar_schedule_kind)-1}},
      {.schedule = {.kind = (ppar_schedule_kind)(PPAR_SCHEDULE_RUNTIME + 1)}},
      {.schedule = {.kind = (ppar_schedule_kind)1000}},
      {.schedule = {.order = (ppar_schedule_order)-1}},
      {.schedule = {.order = (ppar_schedule_order)(PPAR_ORDER_NONMONOTONIC + 1)}},
      {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, -1}},
      {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, INT64_MIN}},
      {.tile = {1, 0, 0}},
      {.tile = {0, 8, 0}},
      {.tile = {0, 0, -1}},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    pp_plan plan;
    cr_expect_eq(plan_options(&plan, bad[i]), PPAR_EINVAL, "options %zu", i);
  }
}

Test(api_plan, what_is_no_pool_is_refused) {
  static ppar_pool none;
  pp_plan plan;
  cr_expect_eq(plan_options(&plan, (ppar_options){.pool = &none}), PPAR_EINVAL);
}

Test(api_plan, the_most_threads_are_accepted) {
  cr_expect_eq(slots_of((ppar_options){.threads = PPAR_MAX_THREADS}), PPAR_MAX_THREADS);
  cr_expect_eq(slots_of((ppar_options){.threads = 1}), 1);
}

Test(api_plan, no_loop_has_more_slots_than_the_thread_limit) {
  set_variable("PPAR_THREAD_LIMIT", "3");
  cr_expect_eq(slots_of((ppar_options){.threads = 2}), 2);
  cr_expect_eq(slots_of((ppar_options){.threads = 3}), 3);
  cr_expect_eq(slots_of((ppar_options){.threads = 4}), 3);
  cr_expect_eq(slots_of((ppar_options){.threads = PPAR_MAX_THREADS}), 3);
}

Test(api_plan, no_pool_has_more_threads_than_the_limit) {
  set_variable("PPAR_THREAD_LIMIT", "3");
  ppar_pool *pool = case_pool(7);
  cr_assert_not_null(pool);
  cr_expect_eq(ppar_max_threads(pool), 3);
  cr_expect_eq(slots_of((ppar_options){.pool = pool}), 3);
  cr_expect_eq(slots_of((ppar_options){.pool = pool, .threads = 7}), 3);
  ppar_pool_destroy(pool);
}

Test(api_plan, a_pools_own_number_is_its_loops_default) {
  ppar_pool *pool = case_pool(7);
  cr_assert_not_null(pool);
  set_variable("PPAR_NUM_THREADS", "2");
  cr_expect_eq(slots_of((ppar_options){.pool = pool}), 7);
  cr_expect_eq(slots_of((ppar_options){.pool = pool, .threads = 3}), 3);
  cr_expect_eq(slots_of((ppar_options){.pool = pool, .threads = 30}), 30, "slots may outnumber threads");
  ppar_pool_destroy(pool);
}

Test(api_plan, the_default_pools_number_depends_on_the_nesting_level) {
  static const uint32_t expected[] = {6, 3, 2, 2, 2};
  set_variable("PPAR_NUM_THREADS", "6,3,2");
  for (int depth = 0; depth < 5; depth++) {
    pp_self_get()->place.depth = depth;
    cr_expect_eq(slots_of((ppar_options){0}), expected[depth]);
    cr_expect_eq(slots_of((ppar_options){.threads = 9}), 9);
  }
}

static ppar_schedule chosen(ppar_schedule asked) {
  pp_plan plan;
  ppar_options options = {.schedule = asked};
  cr_assert_eq(pp_plan_options(&plan, &options, PP_CALL("a test")), PPAR_OK);
  return plan.schedule;
}

Test(api_plan, runtime_is_what_the_environment_says) {
  set_variable("PPAR_SCHEDULE", "monotonic:dynamic,9");
  ppar_schedule schedule = chosen(ppar_runtime());
  cr_expect(schedule.kind == PPAR_SCHEDULE_DYNAMIC && schedule.order == PPAR_ORDER_MONOTONIC && schedule.chunk == 9);
  schedule = chosen(ppar_nonmonotonic(ppar_runtime()));
  cr_expect(schedule.kind == PPAR_SCHEDULE_DYNAMIC && schedule.order == PPAR_ORDER_NONMONOTONIC);
  schedule = chosen(ppar_guided(4));
  cr_expect(schedule.kind == PPAR_SCHEDULE_GUIDED && schedule.chunk == 4, "other schedules do not ask it");
}

Test(api_plan, runtime_is_auto_where_the_environment_says_nothing) {
  cr_assert_eq(unsetenv("PPAR_SCHEDULE"), 0);
  cr_assert_eq(unsetenv("OMP_SCHEDULE"), 0);
  cr_expect_eq(chosen(ppar_runtime()).kind, PPAR_SCHEDULE_AUTO);
}

/* --- Schedules ---------------------------------------------------------------------------------------------------- */

static pp_division cut(ppar_schedule schedule, uint64_t iterations, uint32_t slots) {
  pp_division division = {.space = {.step = 1, .count = iterations}, .slots = slots};
  pp_plan_schedule(&division, schedule);
  return division;
}

Test(api_plan, static_loops_have_a_part_for_each_slot_that_has_work) {
  static const ppar_schedule_order orders[] = {PPAR_ORDER_DEFAULT, PPAR_ORDER_MONOTONIC, PPAR_ORDER_NONMONOTONIC};
  for (int o = 0; o < 3; o++) {
    pp_division d = cut((ppar_schedule){PPAR_SCHEDULE_STATIC, orders[o], 0}, 100, 8);
    cr_expect(d.sharing == PP_BY_SLOT && d.chunk == 0 && d.parts == 8 && d.units.count == 0);
    d = cut((ppar_schedule){PPAR_SCHEDULE_STATIC, orders[o], 30}, 100, 8);
    cr_expect(d.sharing == PP_BY_SLOT && d.chunk == 30 && d.parts == 4 && d.units.count == 0);
  }
  cr_expect_eq(cut(ppar_static(0), 5, 8).parts, 5);
  cr_expect_eq(cut(ppar_static(1), 8, 8).parts, 8);
  cr_expect_eq(cut(ppar_static(2), 8, 8).parts, 4);
  cr_expect_eq(cut(ppar_static(100), 8, 8).parts, 1);
}

Test(api_plan, dynamic_loops_share_chunks_by_range) {
  pp_division d = cut(ppar_dynamic(3), 100, 8);
  cr_expect(d.sharing == PP_BY_RANGE && !d.adaptive && !d.guided);
  cr_expect(d.chunk == 3 && d.units.size == 3 && d.units.count == 34 && d.parts == 8);
  d = cut(ppar_nonmonotonic(ppar_dynamic(0)), 100, 8);
  cr_expect(d.sharing == PP_BY_RANGE && d.chunk == 1 && d.units.count == 100);
}

Test(api_plan, as_many_chunks_as_slots_need_no_sharing) {
  for (uint32_t slots = 2; slots < 20; slots++) {
    pp_division d = cut(ppar_dynamic(5), 5 * slots, slots);
    cr_expect(d.sharing == PP_BY_SLOT && d.units.count == slots && d.parts == slots);
    d = cut(ppar_dynamic(5), 5 * slots + 1, slots);
    cr_expect(d.sharing == PP_BY_RANGE && d.units.count == slots + 1 && d.parts == slots);
    d = cut(ppar_auto(), slots, slots);
    cr_expect(d.sharing == PP_BY_SLOT && d.units.count == slots && d.parts == slots);
    d = cut(ppar_auto(), slots + 1, slots);
    cr_expect(d.sharing == PP_BY_RANGE && d.adaptive && d.parts == slots);
  }
}

Test(api_plan, what_must_rise_comes_from_the_counter) {
  pp_division d = cut(ppar_monotonic(ppar_dynamic(3)), 100, 8);
  cr_expect(d.sharing == PP_BY_COUNTER && !d.guided && d.chunk == 3 && d.parts == 8);
  cr_expect_eq(cut(ppar_monotonic(ppar_dynamic(30)), 100, 8).parts, 4);
  cr_expect_eq(cut(ppar_monotonic(ppar_dynamic(0)), 100, 8).chunk, 1);
  d = cut(ppar_monotonic(ppar_auto()), 100, 8);
  cr_expect(d.sharing == PP_BY_SLOT && d.chunk == 0 && d.parts == 8, "static's blocks rise too");
}

static pp_division cut_prange(ppar_schedule schedule, uint64_t count, uint32_t slots) {
  pp_division division = {.space = {.count = count, .step = 1}, .slots = slots};
  pp_plan_prange_schedule(&division, schedule, false);
  return division;
}

Test(api_plan, so_do_the_few_chunks_of_a_short_prange) {
  for (uint32_t slots = 2; slots < 20; slots++) {
    for (int chunk = 0; chunk <= 4; chunk++) {
      uint64_t size = chunk != 0 ? (uint64_t)chunk : 1, few = PP_FEW_CHUNKS * (uint64_t)slots;
      few = (few > PP_FEW_CHUNKS_IN_ALL ? few : PP_FEW_CHUNKS_IN_ALL) * size;
      pp_division d = cut_prange(ppar_dynamic(chunk), few, slots);
      cr_expect(d.sharing == PP_BY_COUNTER && d.chunk == size && d.parts == slots);
      cr_expect_eq(cut_prange(ppar_dynamic(chunk), 1, slots).sharing, PP_BY_COUNTER);
      cr_expect_eq(cut_prange(ppar_dynamic(chunk), few + 1, slots).sharing, PP_BY_RANGE);
    }
    cr_expect_eq(cut_prange(ppar_auto(), slots, slots).sharing, PP_BY_RANGE);
  }
}

Test(api_plan, guided_loops_share_by_counter_in_any_order) {
  static const ppar_schedule_order orders[] = {PPAR_ORDER_DEFAULT, PPAR_ORDER_MONOTONIC, PPAR_ORDER_NONMONOTONIC};
  for (int o = 0; o < 3; o++) {
    pp_division d = cut((ppar_schedule){PPAR_SCHEDULE_GUIDED, orders[o], 6}, 100, 8);
    cr_expect(d.sharing == PP_BY_COUNTER && d.guided && d.chunk == 6 && d.parts == 8);
    d = cut((ppar_schedule){PPAR_SCHEDULE_GUIDED, orders[o], 0}, 3, 8);
    cr_expect(d.sharing == PP_BY_COUNTER && d.guided && d.chunk == 1 && d.parts == 3);
  }
}

Test(api_plan, a_chunk_is_never_longer_than_the_loop) {
  static const uint64_t counts[] = {1, 2, 100, (uint64_t)1 << 40, UINT64_MAX};
  for (int c = 0; c < 5; c++) {
    uint64_t n = counts[c], most = n < INT64_MAX ? n : INT64_MAX;
    cr_expect_eq(cut(ppar_static(INT64_MAX), n, 8).chunk, most);
    cr_expect_eq(cut(ppar_dynamic(INT64_MAX), n, 8).chunk, most);
    cr_expect_eq(cut(ppar_guided(INT64_MAX), n, 8).chunk, most);
    cr_expect_eq(cut(ppar_monotonic(ppar_dynamic(INT64_MAX)), n, 8).chunk, most);
  }
}

Test(api_plan, the_longest_loops_have_units_that_can_be_numbered) {
  for (uint32_t slots = 1; slots <= PPAR_MAX_THREADS; slots *= 4) {
    pp_division d = cut(ppar_dynamic(7), UINT64_MAX, slots);
    cr_expect(d.sharing == PP_BY_RANGE && d.chunk == 7 && d.parts == slots);
    cr_expect(d.units.count <= PP_UNITS_MAX && d.units.size % 7 == 0, "a unit is whole chunks");
    d = cut(ppar_auto(), UINT64_MAX, slots);
    cr_expect(d.sharing == PP_BY_RANGE && d.adaptive && d.parts == slots);
    cr_expect_leq(d.units.count, PP_UNITS_MAX);
  }
}

/* What loops rely on. */
static void check_division(const pp_division *d, ppar_schedule schedule) {
  char text[64];
  bool good = d->parts >= 1 && d->parts <= d->slots && d->parts <= d->space.count;
  good = good && d->chunk <= d->space.count;
  switch (d->sharing) {
    case PP_BY_SLOT: /* by units, by chunks, or by blocks, in this order */
      good = good && (d->units.count == 0 || d->units.count == d->parts);
      if (d->units.count == 0 && d->chunk != 0) {
        uint64_t chunks = (d->space.count - 1) / d->chunk + 1;
        good = good && d->parts == (chunks < d->slots ? chunks : d->slots);
      }
      break;
    case PP_BY_RANGE: /* with one slot serially, without units */
      if (d->slots == 1) {
        good = good && (d->adaptive ? d->chunk == 0 : d->chunk >= 1);
        break;
      }
      good = good && d->units.count > d->parts - 1 && d->units.count_iterations == d->space.count;
      good = good && (d->adaptive ? d->chunk == 0 : d->chunk >= 1 && d->units.size % d->chunk == 0);
      break;
    case PP_BY_COUNTER: good = good && d->chunk >= 1 && d->units.count == 0; break;
  }
  if (good) return;
  (void)ppar_schedule_format(schedule, text, sizeof text);
  cr_assert_fail("%s, %" PRIu64 " iterations, %" PRIu32 " slots", text, d->space.count, d->slots);
}

Test(api_plan, every_plan_is_one_that_can_be_run) {
  static const uint64_t counts[] = {
      1, 2, 3, 7, 8, 9, 63, 64, 65, 1000, PP_UNITS_MAX, (uint64_t)PP_UNITS_MAX + 1, INT64_MAX, UINT64_MAX};
  static const uint32_t slots[] = {1, 2, 3, 7, 8, 9, 64, 1000, PPAR_MAX_THREADS};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t kinds = case_schedules(schedules);
  for (size_t k = 0; k < kinds; k++) {
    if (schedules[k].kind == PPAR_SCHEDULE_RUNTIME) continue; /* is resolved before */
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
      for (size_t s = 0; s < sizeof slots / sizeof slots[0]; s++) {
        pp_division d = cut(schedules[k], counts[c], slots[s]);
        check_division(&d, schedules[k]);
      }
    }
  }
}
