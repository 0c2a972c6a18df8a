/* SPDX-License-Identifier: MIT */
/* team_stage_threads.c: threads that walk along the chain of stages at once: all walk the same way. */
#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "team_company.h"

TestSuite(team_stage_threads, .timeout = SCALE_TIMEOUT);

enum { WALKERS = 3 };

typedef struct rush {
  company c;
  uint64_t regions;
  pthread_barrier_t all_are_there;
  struct findings found;
} rush;

typedef struct walker {
  rush *r;
  uint32_t number;
  pthread_t thread;
} walker;

/* The thread's own part and what nobody has taken, as units. */
static void finish_what_is_there(pp_stage *stage, uint32_t thread, bool part) {
  uint32_t first = 0;
  uint64_t done = part ? pp_span_length(pp_division_parts(&stage->division, thread, 1)) : 0;
  while (pp_group_adopt(&stage->share.groups[0], 1, &first) != 0)
    done += pp_span_length(pp_division_parts(&stage->division, first, 1));
  pp_store_seq_cst(&stage->share.slots[thread].done, done);
}

static void walk_region(walker *self, uint64_t region) {
  rush *r = self->r;
  pp_seat *seat = &r->c.seats[self->number];
  for (uint64_t p = 1; p <= PRANGES; p++) {
    bool nowait = is_nowait(region, p);
    pp_division division = prange(WALKERS, WALKERS + p, PP_BY_RANGE);
    seat->nowait = nowait;
    EXPECT(&r->found, pp_stage_walk_on(seat, &division, NULL));
    pp_stage *stage = seat->puller.stage;
    EXPECT(&r->found, stage->index == p && stage->division.space.count == WALKERS + p);
    EXPECT(&r->found, stage->region == (uint32_t)region && stage->nowait == nowait);
    finish_what_is_there(stage, self->number, pp_stage_join(stage, self->number));
    if (nowait) continue;
    (void)pthread_barrier_wait(&r->all_are_there);
    EXPECT(&r->found, pp_stage_is_complete(stage));
    seat->puller.settled = stage->index;
  }
}

static void *walk_regions(void *arg) {
  walker *self = arg;
  rush *r = self->r;
  for (uint64_t region = 1; region <= r->regions; region++) {
    if (self->number == 0) pp_store_relaxed(&r->c.team.root.follow, NULL);
    enter_region(&r->c.seats[self->number], &r->c.team, self->number, WALKERS, (uint32_t)region);
    (void)pthread_barrier_wait(&r->all_are_there);
    walk_region(self, region);
    (void)pthread_barrier_wait(&r->all_are_there);
  }
  return NULL;
}

Test(team_stage_threads, threads_that_append_at_once_walk_the_same_way) {
  static rush r;
  walker walkers[WALKERS];
  r.regions = scaled(150);
  (void)pthread_barrier_init(&r.all_are_there, NULL, WALKERS);
  for (uint32_t t = 0; t < WALKERS; t++) {
    walkers[t] = (walker){.r = &r, .number = t};
    cr_assert_eq(pthread_create(&walkers[t].thread, NULL, walk_regions, &walkers[t]), 0);
  }
  for (uint32_t t = 0; t < WALKERS; t++) pthread_join(walkers[t].thread, NULL);
  (void)pthread_barrier_destroy(&r.all_are_there);
  ASSERT_CLEAN(&r.found, "threads that append at once");
  for (uint32_t t = 0; t < WALKERS; t++) cr_expect_leq(stages_of(&r.c.seats[t]), PRANGES, "they are used again");
  end_company(&r.c);
}
