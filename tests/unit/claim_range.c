/* SPDX-License-Identifier: MIT */
/* claim_range.c: a slot's range: who gets which units, and threads that take, steal and hand back: each unit has one
 * runner. */
#include "claim/range.h"

#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "platform/cache_line.h"

TestSuite(claim_range, .timeout = SCALE_TIMEOUT);

#define UNITS_MOST ((uint32_t)1 << 31)

static bool is_span(pp_span span, uint32_t first, uint32_t past) { return span.first == first && span.past == past; }

Test(claim_range, a_word_holds_both_ends) {
  static const uint32_t ends[] = {0, 1, 2, 0x7fffffff, UNITS_MOST - 1, UNITS_MOST};
  enum { ENDS = sizeof ends / sizeof ends[0] };
  for (int i = 0; i < ENDS; i++) {
    for (int j = 0; j < ENDS; j++) {
      uint64_t word = pp_range_pack((pp_span){ends[i], ends[j]});
      if (i <= j) cr_expect(is_span(pp_range_unpack(word), ends[i], ends[j]));
      cr_expect_eq(pp_range_is_valid(word), ends[i] <= ends[j]);
      if (i <= j) cr_expect_eq(pp_span_length((pp_span){ends[i], ends[j]}), ends[j] - ends[i]);
    }
  }
}

Test(claim_range, an_empty_range_gives_nothing_and_stays) {
  static const uint32_t places[] = {0, 1, 77, UNITS_MOST};
  for (int i = 0; i < 4; i++) {
    pp_range range = {0};
    pp_range_put(&range, (pp_span){places[i], places[i]});
    cr_expect_eq(pp_span_length(pp_range_take(&range, 1, 0)), 0);
    cr_expect_eq(pp_span_length(pp_range_take(&range, UNITS_MOST, UNITS_MOST)), 0);
    cr_expect_eq(pp_span_length(pp_range_steal(&range, 0)), 0);
    cr_expect(is_span(pp_range_peek(&range), places[i], places[i]));
  }
}

/* What the owner gets of so many. */
static uint32_t taken_of(uint32_t length, uint32_t most, uint32_t all_below) {
  if (most <= length / 2) return most;
  return length <= all_below ? length : (length + 1) / 2;
}

Test(claim_range, the_owner_takes_from_the_front_and_leaves_half) {
  for (uint32_t length = 1; length <= 40; length++) {
    for (uint32_t most = 1; most <= 45; most++) {
      for (uint32_t all_below = 0; all_below <= most; all_below++) {
        uint32_t first = 1000, count = taken_of(length, most, all_below);
        pp_range range = {0};
        pp_range_put(&range, (pp_span){first, first + length});
        cr_assert(is_span(pp_range_take(&range, most, all_below), first, first + count));
        cr_assert(is_span(pp_range_peek(&range), first + count, first + length));
        cr_assert(count >= 1 && count <= most && count <= length);
        cr_assert(length <= all_below || length - count + 1 >= count, "thieves find half, but for an odd unit");
      }
    }
  }
}

Test(claim_range, thieves_take_the_back_half_rounded_up) {
  for (uint32_t length = 1; length <= 100; length++) {
    pp_range range = {0};
    pp_range_put(&range, (pp_span){7, 7 + length});
    cr_assert(is_span(pp_range_steal(&range, 0), 7 + length / 2, 7 + length));
    cr_assert(is_span(pp_range_peek(&range), 7, 7 + length / 2));
  }
}

Test(claim_range, thieves_take_all_of_what_is_not_worth_dividing) {
  for (uint32_t length = 1; length <= 40; length++) {
    for (uint32_t all_below = 0; all_below <= 45; all_below++) {
      uint32_t left = length <= all_below ? 0 : length / 2;
      pp_range range = {0};
      pp_range_put(&range, (pp_span){7, 7 + length});
      cr_assert(is_span(pp_range_steal(&range, all_below), 7 + left, 7 + length));
      cr_assert(is_span(pp_range_peek(&range), 7, 7 + left));
    }
  }
}

Test(claim_range, the_last_unit_can_be_stolen) {
  pp_range range = {0};
  pp_range_put(&range, (pp_span){UNITS_MOST - 1, UNITS_MOST});
  cr_expect(is_span(pp_range_steal(&range, 0), UNITS_MOST - 1, UNITS_MOST));
  cr_expect_eq(pp_span_length(pp_range_take(&range, 1, 1)), 0);
}

Test(claim_range, the_largest_range_is_divided_without_overflow) {
  pp_range range = {0};
  pp_range_put(&range, (pp_span){0, UNITS_MOST});
  cr_expect(is_span(pp_range_steal(&range, 0), UNITS_MOST / 2, UNITS_MOST));
  pp_range_put(&range, (pp_span){0, UNITS_MOST});
  cr_expect(is_span(pp_range_take(&range, UNITS_MOST, 0), 0, UNITS_MOST / 2));
  pp_range_put(&range, (pp_span){0, UNITS_MOST});
  cr_expect(is_span(pp_range_take(&range, UNITS_MOST, UNITS_MOST), 0, UNITS_MOST));
  cr_expect(is_span(pp_range_peek(&range), UNITS_MOST, UNITS_MOST));
}

Test(claim_range, takes_and_steals_in_any_order_tile_the_range) {
  uint64_t random = 3;
  for (uint64_t round = scaled(20000); round != 0; round--) {
    uint64_t r = work_random(&random);
    uint32_t front = (uint32_t)(r % UNITS_MOST), back = front + (uint32_t)(r >> 33) % 3000;
    pp_range range = {0};
    pp_range_put(&range, (pp_span){front, back});
    while (front != back) {
      r = work_random(&random);
      uint32_t most = 1 + (uint32_t)r % 100;
      bool steals = (r >> 40 & 1) != 0;
      pp_span span = steals ? pp_range_steal(&range, 0) : pp_range_take(&range, most, (uint32_t)(r >> 8) % (most + 1));
      cr_assert_gt(pp_span_length(span), 0);
      cr_assert_eq(steals ? span.past : span.first, steals ? back : front);
      if (steals) back = span.first;
      if (!steals) front = span.past;
      cr_assert(is_span(pp_range_peek(&range), front, back));
      cr_assert(pp_range_is_valid(pp_load_relaxed(&range.word)));
    }
  }
}

static pp_range range_of(uint32_t first, uint32_t past) {
  pp_range range = {0};
  pp_range_put(&range, (pp_span){first, past});
  return range;
}

Test(claim_range, what_is_given_back_is_at_the_front_again) {
  for (uint32_t length = 2; length <= 20; length++) {
    pp_range range = range_of(50, 50 + length);
    pp_span batch = pp_range_take(&range, length / 2, 0);
    for (uint32_t done = 0; done < pp_span_length(batch); done++) {
      pp_range copy = range_of(batch.past, 50 + length);
      pp_range_return(&copy, (pp_span){batch.first + done, batch.past});
      cr_assert(is_span(pp_range_peek(&copy), batch.first + done, 50 + length));
    }
  }
}

Test(claim_range, what_is_given_back_to_an_empty_range_is_all_of_it) {
  pp_range range = range_of(50, 60);
  pp_span batch = pp_range_take(&range, 4, 0);
  while (pp_span_length(pp_range_steal(&range, 0)) != 0) continue;
  pp_range_return(&range, (pp_span){batch.first + 1, batch.past});
  cr_expect(is_span(pp_range_peek(&range), 51, 54));
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { MEMBERS_MOST = 6, UNITS = 3000 };

/* runs and notes are not atomic: the ranges alone order the accesses to them. */
typedef struct game {
  struct {
    PP_LINE_ALIGNED pp_range range;
  } members[MEMBERS_MOST];
  uint32_t count;
  pp_atomic_u32 done, handed_back, stolen;
  struct findings found;
  unsigned char runs[UNITS];
  unsigned notes[UNITS]; /* how often a unit was handed back */
} game;

typedef struct player {
  game *g;
  uint32_t number;
  pthread_t thread;
} player;

/* Runs a batch, or its first half: the other half goes back to the range, which is empty, or to its front. */
static void run_units(game *g, pp_range *range, pp_span batch, bool hands_back, bool returns) {
  uint32_t length = pp_span_length(batch);
  if (returns && length >= 2) {
    pp_span left = {batch.first + length / 2, batch.past};
    for (uint32_t u = left.first; u < left.past; u++) g->notes[u]++;
    batch.past = left.first;
    pp_range_return(range, left);
    hands_back = false;
  }
  if (hands_back && length >= 2 && pp_span_length(pp_range_peek(range)) == 0) {
    pp_span given = {batch.first + length / 2, batch.past};
    for (uint32_t u = given.first; u < given.past; u++) g->notes[u]++;
    batch.past = given.first;
    pp_range_put(range, given);
    pp_add_relaxed(&g->handed_back, 1);
  }
  for (uint32_t u = batch.first; u < batch.past; u++) {
    g->runs[u]++;
    EXPECT(&g->found, g->runs[u] == 1);
    EXPECT(&g->found, g->notes[u] <= UNITS);
  }
  pp_add_release(&g->done, pp_span_length(batch));
}

static void *play(void *arg) {
  const player *self = arg;
  game *g = self->g;
  pp_range *own = &g->members[self->number].range;
  uint64_t random = self->number;
  while (pp_load_acquire(&g->done) != UNITS) {
    uint64_t r = work_random(&random);
    uint32_t most = 1 + (uint32_t)r % 16, victim = (uint32_t)(r >> 8) % g->count;
    pp_span span = pp_range_take(own, most, (uint32_t)(r >> 4) % (most + 1));
    if (pp_span_length(span) != 0) {
      run_units(g, own, span, (r >> 16 & 3) == 0, (r >> 18 & 3) == 0);
    } else if (victim != self->number && pp_span_length(span = pp_range_steal(&g->members[victim].range, most)) != 0) {
      pp_range_put(own, span);
      pp_add_relaxed(&g->stolen, 1);
    } else {
      sched_yield();
    }
    if ((r >> 20 & 0x3f) == 0) sched_yield(); /* so that thieves find something on one CPU too */
  }
  return NULL;
}

static void play_rounds(uint32_t count) {
  static game g;
  uint32_t stolen = 0, handed_back = 0;
  for (uint64_t round = 0; round < scaled(400) || stolen == 0 || handed_back == 0; round++) {
    player players[MEMBERS_MOST];
    g = (game){.count = count};
    /* All with one member, or the same for all. */
    for (uint32_t m = 0; m < count; m++) {
      pp_span part = {UNITS * m / count, UNITS * (m + 1) / count};
      if (round % 2 != 0) part = m == 0 ? (pp_span){0, UNITS} : (pp_span){0, 0};
      pp_range_put(&g.members[m].range, part);
    }
    for (uint32_t m = 0; m < count; m++) {
      players[m] = (player){.g = &g, .number = m};
      cr_assert_eq(pthread_create(&players[m].thread, NULL, play, &players[m]), 0);
    }
    for (uint32_t m = 0; m < count; m++) pthread_join(players[m].thread, NULL);
    for (uint32_t u = 0; u < UNITS; u++) EXPECT(&g.found, g.runs[u] == 1);
    for (uint32_t m = 0; m < count; m++) EXPECT(&g.found, pp_span_length(pp_range_peek(&g.members[m].range)) == 0);
    ASSERT_CLEAN(&g.found, "a round of takes and steals");
    stolen += pp_load_relaxed(&g.stolen);
    handed_back += pp_load_relaxed(&g.handed_back);
  }
}

Test(claim_range, an_owner_and_a_thief_run_each_unit_once) { play_rounds(2); }
Test(claim_range, many_owners_and_thieves_run_each_unit_once) { play_rounds(MEMBERS_MOST); }
