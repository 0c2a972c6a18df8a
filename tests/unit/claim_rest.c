/* SPDX-License-Identifier: MIT */
/* claim_rest.c: the rest of a batch: what an owner begins and what thieves take of it, one after the other, and with
 * threads, where the system orders them and where it does not. */
#include "claim/rest.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "platform/cache_line.h"

TestSuite(claim_rest, .timeout = SCALE_TIMEOUT);

typedef struct place {
  PP_LINE_ALIGNED pp_rest rest;
  pp_atomic_u32 alert;
  PP_LINE_ALIGNED pp_atomic_u32 begun;
} place;

static pp_span steal(place *p) {
  return pp_rest_steal(&p->rest, pp_load_acquire(&p->rest.word), &p->begun, &p->alert, 3);
}
static bool is_span(pp_span span, uint32_t first, uint32_t past) { return span.first == first && span.past == past; }

Test(claim_rest, a_closed_one_gives_nothing) {
  place p = {0};
  cr_expect_not(pp_rest_is_open(&p.rest));
  cr_expect_eq(pp_span_length(steal(&p)), 0);
  cr_expect_eq(pp_load_relaxed(&p.alert), 0, "and nobody is stopped");
  cr_expect_eq(pp_rest_close(&p.rest, 77), 77);
}

Test(claim_rest, a_thief_takes_the_back_half_and_stops_the_owner) {
  for (uint32_t length = 1; length <= 40; length++) {
    place p = {0};
    uint32_t middle = 5 + length / 2;
    pp_rest_open(&p.rest, &p.begun, 5, 5 + length, false);
    cr_assert(is_span(steal(&p), middle, 5 + length));
    cr_assert_not(pp_rest_begin(&p.begun, 6, &p.alert, true));
    cr_assert_not(pp_rest_begin(&p.begun, 6, &p.alert, false));
    cr_assert_eq(pp_rest_close(&p.rest, 5 + length), middle);
    cr_assert_not(pp_rest_is_open(&p.rest));
  }
}

Test(claim_rest, what_is_begun_is_not_taken) {
  place p = {0};
  pp_rest_open(&p.rest, &p.begun, 1, 9, false);
  cr_expect(pp_rest_begin(&p.begun, 7, &p.alert, true));
  cr_expect(is_span(steal(&p), 8, 9));
  cr_expect(is_span(steal(&p), 7, 8));
  cr_expect_eq(pp_span_length(steal(&p)), 0);
  cr_expect_eq(pp_rest_close(&p.rest, 9), 7);
  pp_rest_open(&p.rest, &p.begun, 1, 9, false);
  pp_store_relaxed(&p.alert, 0);
  cr_expect(pp_rest_begin(&p.begun, 9, &p.alert, true));
  cr_expect_eq(pp_span_length(steal(&p)), 0);
  cr_expect_eq(pp_load_relaxed(&p.alert), 0);
  pp_rest_end(&p.rest);
  cr_expect_not(pp_rest_is_open(&p.rest));
}

Test(claim_rest, of_two_thieves_the_second_lets_be) {
  place p = {0};
  pp_rest_open(&p.rest, &p.begun, 1, 9, false);
  pp_store_relaxed(&p.rest.word, pp_rest_pack(false, 5, 9)); /* another one is about to take some */
  cr_expect_eq(pp_span_length(steal(&p)), 0);
  cr_expect_eq(pp_rest_close(&p.rest, 9), 9, "its owner need not wait for either");
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { THIEVES = 3, UNITS = 64 };

/* runs are not atomic: a unit has one runner, or two meet at it. */
typedef struct game {
  place place;
  bool hurried;
  pp_atomic_u32 round, quiet, taken;
  struct findings found;
  unsigned char runs[UNITS];
} game;

typedef struct thief {
  game *g;
  uint32_t number;
  pthread_t thread;
} thief;

static void run_units(game *g, uint32_t first, uint32_t past) {
  for (uint32_t u = first; u < past; u++) {
    g->runs[u]++;
    EXPECT(&g->found, g->runs[u] == 1);
  }
}

/* Steals until the round is over, and then says that it has stopped. */
static void *steal_on(void *arg) {
  thief *t = arg;
  game *g = t->g;
  for (uint32_t round = 1;; round++) {
    for (;;) {
      uint32_t now = pp_load_acquire(&g->round);
      pp_span span;
      if (now == 0) return NULL;
      if (now == 2 * round) break;
      span = pp_rest_steal(&g->place.rest, pp_load_acquire(&g->place.rest.word), &g->place.begun, &g->place.alert,
                           t->number);
      if (pp_span_length(span) == 0) continue;
      run_units(g, span.first, span.past);
      (void)pp_add_relaxed(&g->taken, pp_span_length(span));
    }
    (void)pp_add_acq_rel(&g->quiet, 1);
    while (pp_load_acquire(&g->round) == 2 * round) (void)sched_yield();
  }
}

/* One batch, in pieces of `stride` units. */
static uint32_t run_batch(game *g, uint32_t stride) {
  place *p = &g->place;
  uint32_t begun = stride, end = UNITS, mine = 0, first = 0;
  pp_rest_open(&p->rest, &p->begun, begun, end, g->hurried);
  for (;;) {
    run_units(g, first, begun);
    mine += begun - first;
    first = begun;
    if (first == end) break;
    begun = end - first < stride ? end : first + stride;
    if (pp_rest_begin(&p->begun, begun, &p->alert, g->hurried)) continue;
    (void)pp_exchange_acquire(&p->alert, 0);
    end = pp_rest_close(&p->rest, end);
    EXPECT(&g->found, first <= end);
    if (first == end) return mine;
    if (begun > end) begun = end;
    if (begun < end) pp_rest_open(&p->rest, &p->begun, begun, end, g->hurried);
  }
  pp_rest_end(&p->rest);
  return mine;
}

static void play(bool hurried) {
  static game g;
  thief thieves[THIEVES];
  uint64_t random = 7;
  uint32_t rounds = (uint32_t)scaled(4000);
  memset(&g, 0, sizeof g);
  g.hurried = hurried;
  pp_store_relaxed(&g.round, 1);
  for (uint32_t t = 0; t < THIEVES; t++) {
    thieves[t] = (thief){.g = &g, .number = t};
    cr_assert_eq(pthread_create(&thieves[t].thread, NULL, steal_on, &thieves[t]), 0);
  }
  for (uint32_t round = 1; round <= rounds; round++) {
    uint32_t mine;
    memset(g.runs, 0, sizeof g.runs);
    pp_store_relaxed(&g.taken, 0);
    pp_store_relaxed(&g.quiet, 0);
    pp_store_release(&g.round, 2 * round - 1);
    mine = run_batch(&g, 1 + (uint32_t)work_random(&random) % 7);
    pp_store_release(&g.round, 2 * round);
    while (pp_load_acquire(&g.quiet) != THIEVES) (void)sched_yield();
    EXPECT(&g.found, mine + pp_load_relaxed(&g.taken) == UNITS);
    for (uint32_t u = 0; u < UNITS; u++) EXPECT(&g.found, g.runs[u] == 1);
    pp_store_relaxed(&g.place.alert, 0);
  }
  pp_store_release(&g.round, 0);
  for (uint32_t t = 0; t < THIEVES; t++) pthread_join(thieves[t].thread, NULL);
  ASSERT_CLEAN(&g.found, hurried ? "ordered by the thieves" : "ordered by the owner");
}

Test(claim_rest, each_unit_is_run_once_where_thieves_see_to_the_order) {
  if (pp_fence_is_there()) play(true);
}
Test(claim_rest, each_unit_is_run_once_where_owners_do) { play(false); }
