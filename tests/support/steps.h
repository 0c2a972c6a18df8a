/* SPDX-License-Identifier: MIT */
/* steps.h: steps of all kinds, and the making of random ones. */
#ifndef TESTS_STEPS_H
#define TESTS_STEPS_H

#include "step_pranges.h"

/* --- What one thread does for all ------------------------------------------------------------------------- */

static inline uint64_t step_once(const struct step *step) {
  (void)step;
  return 1;
}

static inline bool step_wins(struct step_member *member, const struct step *step, struct step_cell *cell) {
  const bool knew = member->knows;
  if (!ppar_single(step_team(member, step))) return false;
  EXPECT(member->found, !knew);
  step_take(member, step, cell, 0);
  step_visit(member);
  return true;
}

static void step_single(struct step_member *member, const struct step *step, struct step_cell *cell) {
  (void)step_wins(member, step, cell);
}

static void step_copyprivate(struct step_member *member, const struct step *step, struct step_cell *cell) {
  uint64_t value[STEPS_WORDS] = {0};
  if (step_wins(member, step, cell)) {
    for (size_t w = 0; w < step->words; w++) value[w] = step->seed + w;
  }
  ppar_copyprivate(member->team, value, step->words * sizeof *value);
  if (!step_is_sure(member)) return;
  for (size_t w = 0; w < step->words; w++) EXPECT(member->found, value[w] == step->seed + w);
}

static inline uint64_t step_each_section(const struct step *step) {
  (void)step;
  return STEPS_SECTIONS;
}

static inline void step_section(struct step_member *member, const struct step *step, struct step_cell *cell,
                                uint64_t section) {
  EXPECT(member->found, !member->knows);
  step_take(member, step, cell, section);
  step_visit(member);
}

static void step_sections(struct step_member *member, const struct step *step, struct step_cell *cell) {
  ppar_sections(step_team(member, step)) {
    ppar_section { step_section(member, step, cell, 0); }
    ppar_section { step_section(member, step, cell, 1); }
    ppar_section { step_section(member, step, cell, 2); }
  }
  step_expect_all(member, step, cell);
}

static void step_sections_nowait(struct step_member *member, const struct step *step, struct step_cell *cell) {
  ppar_sections_nowait(step_team(member, step)) {
    ppar_section { step_section(member, step, cell, 0); }
    ppar_section { step_section(member, step, cell, 1); }
    ppar_section { step_section(member, step, cell, 2); }
  }
}

/* --- What each thread does -------------------------------------------------------------------------------- */

static inline uint64_t step_nothing(const struct step *step) {
  (void)step;
  return 0;
}

/* Excludes others also where the region is cancelled. */
static void step_critical(struct step_member *member, const struct step *step, struct step_cell *cell) {
  static const char *const names[STEPS_NAMES] = {NULL, "a", "b"};
  const size_t name = (size_t)(step->seed % STEPS_NAMES);
  (void)cell;
  ppar_critical_begin(member->team, names[name]);
  const uint64_t before = member->guarded[name]++;
  step_visit(member);
  EXPECT(member->found, member->guarded[name] == before + 1);
  ppar_critical_end(member->team, names[name]);
}

static void step_barrier(struct step_member *member, const struct step *step, struct step_cell *cell) {
  atomic_fetch_add(&cell->came, 1);
  ppar_barrier(step_team(member, step));
  if (step_is_sure(member)) EXPECT(member->found, atomic_load(&cell->came) == (uint64_t)member->threads);
}

static inline void step_add_words(uint64_t *into, const uint64_t *from, size_t words) {
  for (size_t w = 0; w < words; w++) into[w] += from[w];
}
static void step_add_one(void *into, const void *from) { step_add_words(into, from, 1); }
static void step_add_some(void *into, const void *from) { step_add_words(into, from, 3); }
static void step_add_many(void *into, const void *from) { step_add_words(into, from, STEPS_WORDS); }

/* Values go different ways by their sizes. */
static inline const ppar_reduction *step_sum(const struct step *step) {
  static const ppar_reduction one = {1 * sizeof(uint64_t), NULL, step_add_one};
  static const ppar_reduction some = {3 * sizeof(uint64_t), NULL, step_add_some};
  static const ppar_reduction many = {STEPS_WORDS * sizeof(uint64_t), NULL, step_add_many};
  return step->words == 1 ? &one : step->words == 3 ? &some : &many;
}

static inline void step_fill(uint64_t *values, uint64_t thread, const struct step *step) {
  for (size_t w = 0; w < step->words; w++) values[w] = (thread + 1) * (step->seed + w);
}

/* Whether the values are the sums of what the first so many threads have given. */
static inline bool step_are_sums(const uint64_t *values, uint64_t threads, const struct step *step) {
  for (size_t w = 0; w < step->words; w++) {
    if (values[w] != threads * (threads + 1) / 2 * (step->seed + w)) return false;
  }
  return true;
}

/* A variant with one result for all threads, where it has room in the cell. */
static void step_reduce(struct step_member *member, const struct step *step, struct step_cell *cell) {
  uint64_t mine[STEPS_WORDS], own[STEPS_WORDS] = {0};
  uint64_t *const result = step->variant && step->words <= 3 ? cell->shared : own;
  step_fill(mine, (uint64_t)member->thread, step);
  ppar_team_reduce(step_team(member, step), mine, result, step_sum(step));
  if (step_is_sure(member)) EXPECT(member->found, step_are_sums(result, (uint64_t)member->threads, step));
}

static void step_scan(struct step_member *member, const struct step *step, struct step_cell *cell) {
  const uint64_t thread = (uint64_t)member->thread;
  uint64_t mine[STEPS_WORDS], result[STEPS_WORDS] = {0};
  (void)cell;
  step_fill(mine, thread, step);
  if (step->variant) {
    ppar_team_scan(step_team(member, step), mine, result, step_sum(step));
  } else {
    ppar_team_exscan(step_team(member, step), mine, result, step_sum(step));
  }
  if (step_is_sure(member)) EXPECT(member->found, step_are_sums(result, thread + (step->variant ? 1 : 0), step));
}

static void step_loop(struct step_member *member, const struct step *step, struct step_cell *cell) {
  (void)cell;
  step_run_loop(member, 1 + (int64_t)(step->seed % 40), step->schedule);
}

struct step_leaf {
  _Atomic uint64_t *sum;
  int64_t number;
};

static void step_add_leaf(void *arg) {
  const struct step_leaf *leaf = arg;
  atomic_fetch_add(leaf->sum, work_hash(leaf->number));
}

static void step_tasks(struct step_member *member, const struct step *step, struct step_cell *cell) {
  struct step_leaf leaves[STEPS_LEAVES];
  _Atomic uint64_t sum = 0;
  ppar_task_group group;
  (void)step, (void)cell;
  EXPECT(member->found, ppar_task_group_begin(&group, NULL) == PPAR_OK);
  for (int64_t number = 0; number < STEPS_LEAVES; number++) {
    leaves[number] = (struct step_leaf){&sum, number};
    EXPECT(member->found, ppar_task_spawn(&group, step_add_leaf, &leaves[number]) == PPAR_OK);
  }
  EXPECT(member->found, ppar_task_group_wait(&group) == PPAR_OK);
  EXPECT(member->found, atomic_load(&sum) == step_hashes(STEPS_LEAVES));
}

static void step_meet(ppar_team *team, void *met) {
  ppar_barrier(team);
  if (ppar_single(team)) atomic_fetch_add((_Atomic uint64_t *)met, 1);
}

/* A region of its own, on one thread in the team or so: it has further threads. */
static void step_region(struct step_member *member, const struct step *step, struct step_cell *cell) {
  _Atomic uint64_t met = 0;
  (void)step, (void)cell;
  if (!step_one_in(member, (uint64_t)member->threads)) return;
  EXPECT(member->found, teams_run(2, step_meet, &met) == PPAR_OK);
  EXPECT(member->found, atomic_load(&met) == 1);
}

/* --- Making steps ----------------------------------------------------------------------------------------- */

static inline ppar_bounds step_bounds(uint64_t *random, int64_t from, uint64_t most) {
  static const int64_t steps[] = {1, 1, -1, 3, -64};
  const int64_t begin = from + (int64_t)(work_random(random) % 1000);
  const int64_t by = steps[work_random(random) % (sizeof steps / sizeof steps[0])];
  const uint64_t count = work_random(random) % 8 == 0 ? work_random(random) % 3 : work_random(random) % (most + 1);
  return (ppar_bounds){begin, begin + (int64_t)count * by, by};
}

/* Two steps of different places have no index in common. */
static inline struct step step_make(uint64_t *random, int64_t place) {
  static const struct step_kind kinds[] = {
      /* what shares most comes most often */
      {step_prange, step_iterations},  {step_prange, step_iterations},     {step_prange, step_iterations},
      {step_prange, step_iterations},  {step_prange_2d, step_iterations},  {step_prange_3d, step_iterations},
      {step_ordered, step_iterations}, {step_ordered, step_iterations},    {step_single, step_once},
      {step_copyprivate, step_once},   {step_sections, step_each_section}, {step_sections_nowait, step_each_section},
      {step_critical, step_nothing},   {step_barrier, step_nothing},       {step_reduce, step_nothing},
      {step_scan, step_nothing},       {step_loop, step_nothing},          {step_tasks, step_nothing},
      {step_region, step_nothing}};
  static const size_t words[] = {1, 3, STEPS_WORDS};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_schedules(schedules);
  struct step step = {.kind = &kinds[work_random(random) % (sizeof kinds / sizeof kinds[0])]};
  const bool is_2d = step.kind->run == step_prange_2d, is_3d = step.kind->run == step_prange_3d;
  step.seed = work_random(random);
  for (int d = 0; d < 3; d++) step.dim[d] = PPAR_BOUNDS(0, 1);
  step.dim[0] = step_bounds(random, place * STEPS_APART, is_3d ? 6 : is_2d ? 15 : STEPS_UNITS);
  if (is_2d || is_3d) step.dim[1] = step_bounds(random, place * STEPS_APART, is_3d ? 7 : 20);
  if (is_3d) step.dim[2] = step_bounds(random, place * STEPS_APART, 7);
  step.schedule = schedules[work_random(random) % schedule_count];
  step.nowait = work_random(random) % 2 == 0;
  step.orphaned = work_random(random) % 4 == 0;
  step.variant = work_random(random) % 2 == 0;
  step.words = words[work_random(random) % (sizeof words / sizeof words[0])];
  return step;
}

#endif
