/* SPDX-License-Identifier: MIT */
/* step_pranges.h: steps that are pranges: of one dimension, collapsed, and with ordered parts. */
#ifndef TESTS_STEP_PRANGES_H
#define TESTS_STEP_PRANGES_H

#include "step.h"

static inline uint64_t step_iterations(const struct step *step) {
  uint64_t iterations = 1;
  for (int d = 0; d < 3; d++) iterations *= ppar_bounds_count(step->dim[d]);
  return iterations;
}

/* An iteration's number; UINT64_MAX for indices that are none of the step's. */
static inline uint64_t step_number(const struct step *step, int64_t i, int64_t j, int64_t k) {
  const int64_t index[3] = {i, j, k};
  uint64_t number = 0;
  for (int d = 0; d < 3; d++) {
    const ppar_bounds bounds = step->dim[d];
    const int64_t distance = index[d] - bounds.begin, place = distance / bounds.step;
    const uint64_t count = ppar_bounds_count(bounds);
    if (distance % bounds.step != 0 || place < 0 || (uint64_t)place >= count) return UINT64_MAX;
    number = number * count + (uint64_t)place;
  }
  return number;
}

/* One prange on one thread. */
struct step_part {
  bool knew;     /* when it began */
  uint64_t rest; /* iterations that the thread may still get once it knows: the rest of its chunk */
};

static inline struct step_part step_begin_part(const struct step_member *member, const struct step *step) {
  const ppar_schedule schedule = step->schedule;
  const bool chunk_is_known = schedule.kind == PPAR_SCHEDULE_DYNAMIC && schedule.order == PPAR_ORDER_MONOTONIC;
  return (struct step_part){member->knows, chunk_is_known ? case_chunk(schedule) - 1 : UINT64_MAX};
}

/* One iteration; false: the thread leaves the prange, which only one that knows may do. */
static inline bool step_iterate(struct step_member *member, const struct step *step, struct step_cell *cell,
                                struct step_part *part, uint64_t number) {
  EXPECT(member->found, !part->knew);
  if (member->knows) {
    EXPECT(member->found, part->rest != 0);
    part->rest--;
  }
  step_take(member, step, cell, number);
  step_visit(member);
  return !member->knows || !step_one_in(member, 4);
}

static inline ppar_options step_options(const struct step *step, int64_t by) {
  return (ppar_options){.schedule = step->schedule, .nowait = step->nowait, .step = by};
}

static void step_prange(struct step_member *member, const struct step *step, struct step_cell *cell) {
  const ppar_options options = step_options(step, step->dim[0].step);
  struct step_part part = step_begin_part(member, step);
  ppar_prange(step_team(member, step), i, step->dim[0].begin, step->dim[0].end, &options) {
    if (!step_iterate(member, step, cell, &part, step_number(step, i, 0, 0))) break;
  }
  if (!step->nowait) step_expect_all(member, step, cell);
}

static void step_prange_2d(struct step_member *member, const struct step *step, struct step_cell *cell) {
  const ppar_options options = step_options(step, 0);
  struct step_part part = step_begin_part(member, step);
  ppar_prange_2d(step_team(member, step), i, j, step->dim[0], step->dim[1], &options) {
    if (!step_iterate(member, step, cell, &part, step_number(step, i, j, 0))) break;
  }
  if (!step->nowait) step_expect_all(member, step, cell);
}

static void step_prange_3d(struct step_member *member, const struct step *step, struct step_cell *cell) {
  const ppar_options options = step_options(step, 0);
  struct step_part part = step_begin_part(member, step);
  ppar_prange_3d(step_team(member, step), i, j, k, step->dim[0], step->dim[1], step->dim[2], &options) {
    if (!step_iterate(member, step, cell, &part, step_number(step, i, j, k))) break;
  }
  if (!step->nowait) step_expect_all(member, step, cell);
}

/* A variant in which iterations may leave their ordered part out. */
static inline bool step_comes(const struct step *step, uint64_t number) {
  return !step->variant || work_hash((int64_t)(step->seed + number)) % 3 != 0;
}

/* A thread that a cancellation has let go is here beside the one whose turn it is, but then it finds the region
 * cancelled. */
static inline void step_in_order(struct step_member *member, const struct step *step, struct step_cell *cell,
                                 uint64_t number) {
  if (step_knows(member)) return;
  EXPECT(member->found, atomic_fetch_add(&cell->inside, 1) == 0);
  EXPECT(member->found, cell->next <= number);
  for (; cell->next < number; cell->next++) EXPECT(member->found, !step_comes(step, cell->next));
  cell->next = number + 1;
  step_visit(member);
  EXPECT(member->found, atomic_fetch_sub(&cell->inside, 1) == 1);
}

static void step_ordered(struct step_member *member, const struct step *step, struct step_cell *cell) {
  ppar_options options = step_options(step, step->dim[0].step);
  struct step_part part = step_begin_part(member, step);
  options.ordered = step->variant;
  ppar_prange(step_team(member, step), i, step->dim[0].begin, step->dim[0].end, &options) {
    const uint64_t number = step_number(step, i, 0, 0);
    if (!step_iterate(member, step, cell, &part, number)) break;
    if (!step_comes(step, number)) continue;
    ppar_ordered_begin(step_team(member, step), i);
    step_in_order(member, step, cell, number);
    ppar_ordered_end(member->team, i);
  }
  if (!step->nowait) step_expect_all(member, step, cell);
}

#endif
