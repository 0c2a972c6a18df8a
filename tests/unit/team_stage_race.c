/* SPDX-License-Identifier: MIT */
/* team_stage_race.c: two threads that append a stage at once, on one thread: as the first one asks for memory
 * the second one comes, and is done before the first goes on. The first one keeps what it has prepared, and uses
 * it next. */
#include "../support/scale.h"
#include "platform/memory.h"
#include "team_company.h"

static void *zalloc_as_another_comes(size_t size);

#define pp_memory_zalloc zalloc_as_another_comes
#define pp_stage_walk_on raced_walk_on
#define pp_stage_join raced_join
#define pp_stage_is_complete raced_is_complete
#define pp_stages_free raced_free
#define pp_stages_trim raced_trim
void raced_free(pp_stage *oldest);
#include "team/stage.c"
#undef pp_memory_zalloc
#undef pp_stage_walk_on
#undef pp_stage_join
#undef pp_stage_is_complete
#undef pp_stages_free
#undef pp_stages_trim

TestSuite(team_stage_race, .timeout = SCALE_TIMEOUT);

static company c;
static pp_seat *other; /* It comes to the same prange when somebody asks for memory; NULL: nobody does. */
static uint64_t its_prange;
static uint32_t made;

static void walk(pp_seat *seat, uint64_t p) {
  pp_division division = prange(seat->head.size, p, PP_BY_RANGE);
  seat->nowait = true;
  cr_assert(raced_walk_on(seat, &division, NULL));
  cr_assert_eq(seat->puller.stage->index, p);
}

static void *zalloc_as_another_comes(size_t size) {
  pp_seat *seat = other;
  other = NULL;
  if (seat != NULL) walk(seat, its_prange);
  made++;
  return pp_memory_zalloc(size);
}

/* Both come to the prange; the second one appends its stage. Returns what the first one has prepared. */
static pp_stage *race(pp_seat *first, pp_seat *second, uint64_t p) {
  other = second;
  its_prange = p;
  walk(first, p);
  cr_assert_null(other);
  cr_assert_eq(first->puller.stage, second->puller.stage);
  cr_assert_neq(first->puller.stage, first->puller.oldest);
  return first->puller.oldest;
}

Test(team_stage_race, who_loses_uses_its_own_next) {
  begin_region(&c, 2, 1);
  pp_stage *spare = race(&c.seats[0], &c.seats[1], 1);
  cr_assert_not_null(spare);
  cr_expect_eq(stages_of(&c.seats[0]), 1, "and no other");
  cr_expect_eq(stages_of(&c.seats[1]), 1);
  cr_expect_eq(made, 2);
  walk(&c.seats[0], 2);
  cr_expect_eq(c.seats[0].puller.stage, spare);
  cr_expect_eq(made, 2, "without new memory");
  walk(&c.seats[1], 2);
  cr_expect_eq(c.seats[1].puller.stage, spare);
  end_company(&c);
}

/* It comes before those that others may still look at. */
Test(team_stage_race, who_loses_with_others_in_use_uses_its_own_next) {
  begin_region(&c, 3, 1);
  for (uint64_t p = 1; p <= 3; p++) walk(&c.seats[0], p); /* the third one comes to none of them */
  for (uint64_t p = 1; p <= 3; p++) walk(&c.seats[1], p);
  pp_stage *spare = race(&c.seats[0], &c.seats[1], 4);
  cr_expect_eq(stages_of(&c.seats[0]), 4);
  cr_expect_eq(stages_of(&c.seats[1]), 1);
  walk(&c.seats[0], 5);
  cr_expect_eq(c.seats[0].puller.stage, spare);
  cr_expect_eq(stages_of(&c.seats[0]), 4);
  walk(&c.seats[0], 6);
  cr_expect_eq(stages_of(&c.seats[0]), 5, "the others are in use");
  end_company(&c);
}

Test(team_stage_race, who_loses_again_and_again_needs_no_more_memory) {
  begin_region(&c, 2, 1);
  pp_stage *spare = race(&c.seats[0], &c.seats[1], 1);
  for (uint64_t p = 2; p <= 20; p++) {
    walk(&c.seats[1], p); /* who is late asks for none, and loses nothing */
    walk(&c.seats[0], p);
    cr_assert_eq(c.seats[0].puller.stage, c.seats[1].puller.stage);
  }
  cr_expect_eq(c.seats[0].puller.oldest, spare);
  cr_expect_eq(stages_of(&c.seats[0]), 1);
  cr_expect_eq(stages_of(&c.seats[1]), 2);
  end_company(&c);
}

/* In another region what is left of it is as good as any. */
Test(team_stage_race, what_was_prepared_in_vain_serves_in_another_region) {
  begin_region(&c, 2, 7);
  pp_stage *spare = race(&c.seats[0], &c.seats[1], 1);
  begin_region(&c, 2, 8);
  walk(&c.seats[0], 1);
  cr_expect_eq(c.seats[0].puller.stage, spare);
  end_company(&c);
}
