/* SPDX-License-Identifier: MIT */
/* team_company.h: the seats of a team that has no threads of its own, for the tests of stages. */
#ifndef TESTS_TEAM_COMPANY_H
#define TESTS_TEAM_COMPANY_H

#include <criterion/criterion.h>

#include "../support/work.h"
#include "team/team.h"

enum { SEATS = 12 }; /* more than one group of slots has */

/* The seats of a team whose threads are one or few of the test's. */
typedef struct company {
  pp_team team;
  pp_seat seats[SEATS];
} company;

/* What a region begins with, for a seat. */
static inline void enter_region(pp_seat *seat, pp_team *team, uint32_t thread, uint32_t size, uint32_t epoch) {
  seat->team = team;
  seat->head.thread = thread;
  seat->head.size = size;
  seat->fork_epoch = epoch;
  seat->nowait = false;
  pp_pull_enter(seat);
}

static inline void begin_region(company *c, uint32_t size, uint32_t epoch) {
  pp_store_relaxed(&c->team.root.follow, NULL);
  for (uint32_t t = 0; t < size; t++) enter_region(&c->seats[t], &c->team, t, size, epoch);
}

static inline void end_company(company *c) {
  for (uint32_t t = 0; t < SEATS; t++) {
    pp_stages_free(c->seats[t].puller.oldest);
    c->seats[t].puller.oldest = c->seats[t].puller.youngest = NULL;
  }
}

/* The p-th prange, told by its iterations. */
static inline pp_division prange(uint32_t size, uint64_t p, pp_sharing sharing) {
  pp_division division = {.sharing = sharing, .chunk = 1, .slots = size, .parts = size};
  (void)pp_space_make(&division.space, 0, (int64_t)p, 1);
  division.units = pp_units_make(p, 1);
  return division;
}

static inline uint32_t stages_of(const pp_seat *seat) {
  uint32_t count = 0;
  const pp_stage *last = NULL;
  for (const pp_stage *stage = seat->puller.oldest; stage != NULL; stage = stage->younger, count++) last = stage;
  cr_assert_eq(last, seat->puller.youngest);
  return count;
}

enum { PRANGES = 60 };

/* Any prange may be without closing barrier; whoever is at one that has it waits for all. */
static inline bool is_nowait(uint64_t region, uint64_t p) {
  return work_hash((int64_t)(region * PRANGES + p)) % 4 != 0;
}

#endif
