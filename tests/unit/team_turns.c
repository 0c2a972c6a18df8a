/* SPDX-License-Identifier: MIT */
/* team_turns.c: which order of a team's chain a prange gets: one for all threads, its own until it is settled, and no
 * more of them than pranges that are not. */
#include "team/turns.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "platform/memory.h"

TestSuite(team_turns, .timeout = SCALE_TIMEOUT);

static pp_turns *turns_of(pp_seat *seat, uint64_t prange) {
  seat->head.pranges = prange;
  return pp_team_turns(seat);
}

static uint32_t length(const pp_team *team) {
  uint32_t count = 1;
  for (pp_turns *turns = pp_load_relaxed(&team->turns.follow); turns != NULL; turns = pp_load_relaxed(&turns->follow)) {
    count++;
  }
  return count;
}

static void free_turns(pp_team *team) {
  for (pp_turns *turns = pp_load_relaxed(&team->turns.follow), *follow; turns != NULL; turns = follow) {
    follow = pp_load_relaxed(&turns->follow);
    pp_memory_free(turns);
  }
}

Test(team_turns, is_the_same_for_all_threads_and_another_for_each_prange) {
  static pp_team team;
  pp_seat first = {.team = &team, .fork_epoch = 1}, second = {.team = &team, .fork_epoch = 1};
  pp_turns *ahead = turns_of(&first, 9), *behind = turns_of(&second, 2);
  cr_assert(ahead != NULL && behind != NULL);
  cr_expect_neq(ahead, behind, "nobody has come to the earlier one's before");
  cr_expect_eq(turns_of(&first, 2), behind);
  cr_expect_eq(turns_of(&second, 9), ahead);
  cr_expect_eq(length(&team), 2);
  free_turns(&team);
}

Test(team_turns, is_taken_again_when_its_prange_is_settled) {
  static pp_team team;
  pp_seat seat = {.team = &team, .fork_epoch = 1};
  for (uint32_t round = 0; round < 10; round++) {
    for (uint32_t p = 1; p <= 3; p++) {
      pp_turns *turns = turns_of(&seat, round * 3 + p);
      cr_assert_not_null(turns);
      cr_expect(pp_turns_are_at(turns, 0));
      pp_turns_pass(turns, 5);
    }
    cr_expect_eq(length(&team), 3);
    seat.settled = round * 3 + 3;
  }
  (void)turns_of(&seat, 31);
  (void)turns_of(&seat, 32);
  seat.settled = 31;
  cr_expect_eq(turns_of(&seat, 33), &team.turns, "the earliest one's: the later is not settled");
  free_turns(&team);
}

Test(team_turns, is_taken_again_in_another_region) {
  static pp_team team;
  pp_seat seat = {.team = &team};
  for (uint32_t epoch = 1; epoch <= 10; epoch++) {
    seat.fork_epoch = epoch;
    for (uint32_t p = 1; p <= 2; p++) {
      pp_turns *turns = turns_of(&seat, p);
      cr_assert_not_null(turns);
      cr_expect(pp_turns_are_at(turns, 0));
      pp_turns_pass(turns, 1);
    }
  }
  cr_expect_eq(length(&team), 2);
  free_turns(&team);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { SEATS = 3, PRANGES = 5 };

/* All look for the same orders at once, from different ends; a barrier settles a round of them. */
typedef struct rush {
  pp_team team;
  uint32_t rounds;
  pp_turns *got[SEATS][PRANGES];
  pthread_barrier_t round_ends;
  struct findings found;
} rush;

typedef struct runner {
  rush *r;
  uint32_t number;
  pthread_t thread;
} runner;

static void *run_rounds(void *arg) {
  runner *self = arg;
  rush *r = self->r;
  pp_seat seat = {.team = &r->team, .fork_epoch = 1};
  for (uint32_t round = 0; round < r->rounds; round++) {
    for (uint32_t k = 0; k < PRANGES; k++) {
      uint32_t p = (k * (1 + self->number) + round) % PRANGES;
      pp_turns *turns = r->got[self->number][p] = turns_of(&seat, 1 + round * PRANGES + p);
      EXPECT(&r->found, turns != NULL && pp_load_relaxed(&turns->tag) == pp_turns_tag(1, 1 + round * PRANGES + p));
      if (turns != NULL) EXPECT(&r->found, pp_turns_are_at(turns, 0));
    }
    pthread_barrier_wait(&r->round_ends);
    for (uint32_t p = 0; p < PRANGES; p++) {
      EXPECT(&r->found, r->got[self->number][p] == r->got[0][p]);
      for (uint32_t other = 0; other < p; other++) EXPECT(&r->found, r->got[0][p] != r->got[0][other]);
    }
    if (self->number == 0) {
      for (uint32_t p = 0; p < PRANGES; p++) pp_turns_pass(r->got[0][p], 1 + p);
    }
    seat.settled = (round + 1) * PRANGES;
    pthread_barrier_wait(&r->round_ends);
  }
  return NULL;
}

Test(team_turns, is_one_for_threads_that_look_for_it_at_once) {
  static rush r;
  runner runners[SEATS];
  r.rounds = (uint32_t)scaled(3000);
  cr_assert_eq(pthread_barrier_init(&r.round_ends, NULL, SEATS), 0);
  for (uint32_t t = 0; t < SEATS; t++) {
    runners[t] = (runner){.r = &r, .number = t};
    cr_assert_eq(pthread_create(&runners[t].thread, NULL, run_rounds, &runners[t]), 0);
  }
  for (uint32_t t = 0; t < SEATS; t++) pthread_join(runners[t].thread, NULL);
  pthread_barrier_destroy(&r.round_ends);
  EXPECT(&r.found, length(&r.team) == PRANGES);
  ASSERT_CLEAN(&r.found, "threads that look at once");
  free_turns(&r.team);
}
