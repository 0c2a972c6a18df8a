/* SPDX-License-Identifier: MIT */
/* step.h: a step is one construct with its arguments, of which random regions are made (steps.h). A member is a thread
 * that meets it, and notes in the step's cell what the construct gave it.
 *
 * A region that is cancelled meanwhile still keeps some promises, which every step checks: nothing is given twice,
 * and only what is the construct's own; a thread that knows of the cancellation gets nothing; and what was not
 * cancelled by the time that a construct ended is as whole as ever. */
#ifndef TESTS_STEP_H
#define TESTS_STEP_H

#include "cases.h"
#include "findings.h"
#include "teams.h"
#include "work.h"

enum {
  STEPS_UNITS = 300, /* the most iterations of a prange */
  STEPS_SECTIONS = 3,
  STEPS_NAMES = 3,      /* of critical sections */
  STEPS_WORDS = 300,    /* of the largest value that threads give each other */
  STEPS_APART = 100000, /* between the bounds of one step and the next */
  STEPS_LEAVES = 12     /* tasks of a group */
};

struct step {
  const struct step_kind *kind;
  uint64_t seed;
  ppar_bounds dim[3]; /* of pranges: of one dimension, or collapsed */
  ppar_schedule schedule;
  bool nowait, orphaned;
  bool variant; /* of the kind: what that means is said there */
  size_t words;
};

/* What the threads were given at a step. */
struct step_cell {
  _Atomic unsigned char given[STEPS_UNITS]; /* iterations, sections, or a single */
  _Atomic uint64_t done, came, inside;
  uint64_t next;      /* the ordered parts below it are through; plain memory */
  uint64_t shared[3]; /* a result that all threads share */
};

/* A thread of a region. */
struct step_member {
  ppar_team *team;
  int thread, threads;
  bool knows;                                 /* that the region is cancelled */
  uint64_t random;                            /* the thread's own numbers */
  uint64_t *guarded;                          /* by the critical sections */
  void (*inside)(struct step_member *member); /* called in the midst of constructs */
  struct findings *found;
};

struct step_kind {
  void (*run)(struct step_member *member, const struct step *step, struct step_cell *cell);
  uint64_t (*units)(const struct step *step); /* that the construct gives out */
};

static inline bool step_one_in(struct step_member *member, uint64_t n) { return work_random(&member->random) % n == 0; }

/* Asks. A cancellation is never taken back. */
static inline bool step_knows(struct step_member *member) {
  const bool canceled = ppar_region_is_canceled(member->team);
  EXPECT(member->found, canceled || !member->knows);
  member->knows = canceled;
  return canceled;
}

/* Whether what a construct has done can be checked: the region had not been cancelled when the construct ended. Does
 * not always ask, since a thread that asks does not go on in ignorance. */
static inline bool step_is_sure(struct step_member *member) { return step_one_in(member, 2) && !step_knows(member); }

static inline ppar_team *step_team(const struct step_member *member, const struct step *step) {
  return step->orphaned ? NULL : member->team;
}

static void step_add_chunk(const ppar_chunk *chunk, void *sum) {
  ppar_for_each_index(i, chunk) atomic_fetch_add((_Atomic uint64_t *)sum, work_hash(i));
}

static inline uint64_t step_hashes(int64_t iterations) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < iterations; i++) sum += work_hash(i);
  return sum;
}

/* A loop is none of the region's constructs: it runs as a whole. */
static inline void step_run_loop(struct step_member *member, int64_t iterations, ppar_schedule schedule) {
  _Atomic uint64_t sum = 0;
  const ppar_options *options = PPAR_OPTIONS(.schedule = schedule, .threads = 3);
  EXPECT(member->found, ppar_parallel_for(0, iterations, step_add_chunk, &sum, options) == PPAR_OK);
  EXPECT(member->found, atomic_load(&sum) == step_hashes(iterations));
}

/* In the midst of a construct. */
static inline void step_visit(struct step_member *member) {
  member->inside(member);
  if (step_one_in(member, 16)) (void)step_knows(member);
  if (step_one_in(member, 16)) work_spin(work_random(&member->random) % 1000);
  if (step_one_in(member, 128)) step_run_loop(member, 10, ppar_dynamic(1));
  work_yield();
}

/* The thread was given a unit. */
static inline void step_take(struct step_member *member, const struct step *step, struct step_cell *cell,
                             uint64_t unit) {
  const uint64_t units = step->kind->units(step);
  EXPECT(member->found, unit < units);
  if (unit >= units) return;
  EXPECT(member->found, atomic_fetch_add(&cell->given[unit], 1) == 0);
  atomic_fetch_add(&cell->done, 1);
}

/* After a construct that waits at its end. */
static inline void step_expect_all(struct step_member *member, const struct step *step, struct step_cell *cell) {
  if (step_is_sure(member)) EXPECT(member->found, atomic_load(&cell->done) == step->kind->units(step));
}

#endif
