/* SPDX-License-Identifier: MIT */
/* random_teams.c: regions of random programs from several threads at once: each program is a row of random steps, a
 * construct each, that all threads of the team walk; each step adds to a cell of its own what the serial program
 * would. Steps run loops and regions inside, and some programs are cancelled. PPAR_TEST_SECONDS says for how long;
 * the seed is printed, and PPAR_TEST_SEED repeats a run as far as the system's scheduling lets it.
 *
 * A further construct is a function and a line in the table of kinds. */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/seeds.h"
#include "../support/teams.h"
#include "../support/work.h"

enum { CALLERS = 3, POOLS = 3, STEPS_MOST = 24, SPAN_MOST = 200, DEPTH_MOST = 2, DEFAULT_SECONDS = 2 };

TestSuite(random_teams, .timeout = 3600);

struct stress {
  ppar_pool *pools[POOLS]; /* NULL: the default one */
  _Atomic bool stop;
  _Atomic uint64_t regions, steps;
  struct findings found;
};

/* One construct of a program: the same for all threads. */
struct step {
  const struct kind *kind;
  uint64_t seed;
  ppar_bounds bounds;
  ppar_schedule schedule;
  bool nowait, orphaned;
  int skips; /* ordered: one in so many iterations leaves it out; 0: none */
  int chosen;
};

struct cell {
  _Atomic uint64_t sum;
  uint64_t plain; /* guarded by the construct */
};

/* One region. */
struct program {
  struct stress *stress;
  uint64_t seed;
  int depth, steps, asked, size;
  int cancel_at, canceller; /* the step, and the thread; -1: none */
  struct cell cells[STEPS_MOST];
};

/* One thread in it. */
struct member {
  struct program *program;
  ppar_team *team;
  int thread, size;
};

static bool run_program(struct stress *stress, uint64_t seed, int depth);

struct kind {
  const char *name;
  void (*run)(const struct member *member, const struct step *step, struct cell *cell);
  uint64_t (*expected)(const struct step *step, int size); /* the cell's sum */
};

#define EXPECT_HERE(condition) EXPECT(&member->program->stress->found, condition)

static void add(struct cell *cell, uint64_t value) {
  atomic_fetch_add_explicit(&cell->sum, value, memory_order_relaxed);
}

static ppar_team *team_for(const struct member *member, const struct step *step) {
  return step->orphaned ? NULL : member->team;
}

static bool is_canceled(const struct member *member) { return ppar_region_is_canceled(member->team); }

static void expect_place(const struct member *member) {
  EXPECT_HERE(ppar_team_current() == member->team);
  EXPECT_HERE(ppar_thread_num() == member->thread && ppar_num_threads() == member->size);
}

/* Some work, now and then with a loop or a region inside. */
static void work_at(const struct member *member, const struct step *step, uint64_t number) {
  const uint64_t here = work_hash((int64_t)(step->seed ^ number));
  if (here % 16 == 0) work_spin(here >> 32 & 0x7ff);
  if (here % 512 == 1) teams_sleep((long)(here >> 32 & 0x3ff));
  if (here % 256 == 2 && member->program->depth < DEPTH_MOST) {
    EXPECT_HERE(run_program(member->program->stress, here, member->program->depth + 1));
  }
}

static uint64_t hashes(uint64_t iterations) {
  uint64_t sum = 0;
  for (uint64_t k = 0; k < iterations; k++) sum += work_hash((int64_t)k);
  return sum;
}

static uint64_t expected_one(const struct step *step, int size) {
  (void)size;
  return step->seed;
}
static uint64_t expected_size(const struct step *step, int size) {
  (void)step;
  return (uint64_t)size;
}
static uint64_t expected_space(const struct step *step, int size) {
  (void)size;
  return hashes(ppar_bounds_count(step->bounds));
}

static void run_prange(const struct member *member, const struct step *step, struct cell *cell) {
  const struct loop_case space = {.bounds = step->bounds};
  const ppar_options *options =
      PPAR_OPTIONS(.schedule = step->schedule, .step = step->bounds.step, .nowait = step->nowait);
  ppar_prange(team_for(member, step), i, step->bounds.begin, step->bounds.end, options) {
    const uint64_t number = case_number(&space, i);
    add(cell, work_hash((int64_t)number));
    work_at(member, step, number);
    expect_place(member);
  }
}

static void run_prange_2d(const struct member *member, const struct step *step, struct cell *cell) {
  const struct loop_case space = {.bounds = step->bounds};
  const int64_t columns = 1 + (int64_t)(step->seed % 5);
  const ppar_options *options = PPAR_OPTIONS(.schedule = step->schedule, .nowait = step->nowait);
  ppar_prange_2d(team_for(member, step), i, j, step->bounds, PPAR_BOUNDS(0, columns), options) {
    if (j != 0) continue;
    const uint64_t number = case_number(&space, i);
    add(cell, work_hash((int64_t)number));
    work_at(member, step, number);
  }
}

static bool comes(const struct step *step, uint64_t number) {
  return step->skips == 0 || work_hash((int64_t)(step->seed + number)) % (uint64_t)step->skips != 0;
}

static void run_ordered(const struct member *member, const struct step *step, struct cell *cell) {
  const struct loop_case space = {.bounds = step->bounds};
  const ppar_options *options = PPAR_OPTIONS(.schedule = step->schedule, .step = step->bounds.step,
                                             .nowait = step->nowait, .ordered = step->skips != 0);
  ppar_team *const team = team_for(member, step);
  ppar_prange(team, i, step->bounds.begin, step->bounds.end, options) {
    const uint64_t number = case_number(&space, i);
    add(cell, work_hash((int64_t)number));
    work_at(member, step, number);
    if (!comes(step, number)) continue;
    ppar_ordered_begin(team, i);
    if (!is_canceled(member)) { /* else others may be here too */
      EXPECT_HERE(cell->plain <= number);
      for (uint64_t k = cell->plain; k < number; k++) EXPECT_HERE(!comes(step, k));
      cell->plain = number + 1;
    }
    ppar_ordered_end(team, i);
  }
}

static void run_single(const struct member *member, const struct step *step, struct cell *cell) {
  if (!ppar_single(team_for(member, step))) return;
  add(cell, step->seed);
  work_at(member, step, 0);
}

static void run_copyprivate(const struct member *member, const struct step *step, struct cell *cell) {
  uint64_t value[8] = {0};
  if (ppar_single(team_for(member, step))) {
    add(cell, step->seed);
    for (int k = 0; k < 8; k++) value[k] = step->seed + (uint64_t)k;
  }
  ppar_copyprivate(member->team, value, sizeof value);
  if (is_canceled(member)) return;
  for (int k = 0; k < 8; k++) EXPECT_HERE(value[k] == step->seed + (uint64_t)k);
}

static void run_master(const struct member *member, const struct step *step, struct cell *cell) {
  if (ppar_masked(member->team, step->chosen % member->size)) add(cell, step->seed);
}

static void run_sections(const struct member *member, const struct step *step, struct cell *cell) {
  ppar_sections(team_for(member, step)) {
    ppar_section { add(cell, step->seed); }
    ppar_section { work_at(member, step, 1); }
    ppar_section { work_at(member, step, 2); }
  }
}

static void run_sections_nowait(const struct member *member, const struct step *step, struct cell *cell) {
  ppar_sections_nowait(team_for(member, step)) {
    ppar_section { work_at(member, step, 1); }
    ppar_section { add(cell, step->seed); }
  }
}

static void run_barrier(const struct member *member, const struct step *step, struct cell *cell) {
  add(cell, 1);
  ppar_barrier(team_for(member, step));
  if (is_canceled(member)) return;
  EXPECT_HERE(atomic_load(&cell->sum) == (uint64_t)member->size);
}

static void run_critical(const struct member *member, const struct step *step, struct cell *cell) {
  char name[32];
  snprintf(name, sizeof name, "step %d", (int)(step->seed % 7));
  ppar_critical_begin(team_for(member, step), name);
  const uint64_t before = cell->plain++;
  work_yield();
  EXPECT_HERE(cell->plain == before + 1);
  ppar_critical_end(member->team, name);
  add(cell, 1);
}

static void run_reduce(const struct member *member, const struct step *step, struct cell *cell) {
  const int64_t size = member->size;
  int64_t mine = member->thread, result = (int64_t)(step->seed >> 8);
  ppar_team_reduce(team_for(member, step), &mine, &result, &ppar_sum_i64);
  add(cell, 1);
  if (is_canceled(member)) return;
  EXPECT_HERE(result == (int64_t)(step->seed >> 8) + size * (size - 1) / 2);
}

static void run_scan(const struct member *member, const struct step *step, struct cell *cell) {
  const int64_t thread = member->thread;
  int64_t mine = thread + 1, result = -1;
  if (step->nowait) {
    ppar_team_scan(team_for(member, step), &mine, &result, &ppar_sum_i64);
    result -= mine;
  } else {
    ppar_team_exscan(team_for(member, step), &mine, &result, &ppar_sum_i64);
  }
  add(cell, 1);
  if (is_canceled(member)) return;
  EXPECT_HERE(result == thread * (thread + 1) / 2);
}

static void add_chunk(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) add(arg, work_hash(i));
}

static void run_loop(const struct member *member, const struct step *step, struct cell *cell) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = step->schedule, .threads = 1 + step->chosen % 4);
  const int64_t iterations = (int64_t)(step->seed % 60);
  struct cell inner = {0, 0};
  EXPECT_HERE(ppar_parallel_for(0, iterations, add_chunk, &inner, options) == PPAR_OK);
  EXPECT_HERE(atomic_load(&inner.sum) == hashes((uint64_t)iterations));
  expect_place(member);
  add(cell, 1);
}

static void run_region(const struct member *member, const struct step *step, struct cell *cell) {
  if (member->program->depth < DEPTH_MOST) {
    const uint64_t seed = step->seed + (uint64_t)member->thread;
    EXPECT_HERE(run_program(member->program->stress, seed, member->program->depth + 1));
    expect_place(member);
  }
  add(cell, 1);
}

static const struct kind kinds[] = {
    {"prange", run_prange, expected_space},
    {"prange", run_prange, expected_space}, /* the one that is used most */
    {"prange_2d", run_prange_2d, expected_space},
    {"ordered", run_ordered, expected_space},
    {"single", run_single, expected_one},
    {"copyprivate", run_copyprivate, expected_one},
    {"masked", run_master, expected_one},
    {"sections", run_sections, expected_one},
    {"sections_nowait", run_sections_nowait, expected_one},
    {"barrier", run_barrier, expected_size},
    {"critical", run_critical, expected_size},
    {"team_reduce", run_reduce, expected_size},
    {"team_scan", run_scan, expected_size},
    {"loop", run_loop, expected_size},
    {"region", run_region, expected_size},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static struct step next_step(uint64_t *random, int depth) {
  static const int64_t steps[] = {1, 1, -1, 3, -64, INT64_MAX / SPAN_MOST};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_schedules(schedules);
  struct step step = {.kind = &kinds[work_random(random) % KINDS], .seed = work_random(random)};
  const uint64_t most = depth == 0 ? SPAN_MOST : 30;
  const int64_t by = steps[work_random(random) % (sizeof steps / sizeof steps[0])];
  const int64_t begin = (int64_t)(work_random(random) % 2000) - (by > 1000 ? 3000 : 1000);
  const uint64_t iterations = work_random(random) % 8 == 0 ? work_random(random) % 3 : work_random(random) % most;
  step.bounds = (ppar_bounds){begin, begin + (int64_t)iterations * by, by};
  step.schedule = schedules[work_random(random) % schedule_count];
  step.nowait = work_random(random) % 2 == 0;
  step.orphaned = work_random(random) % 4 == 0;
  step.skips = (int)(work_random(random) % 4);
  step.chosen = (int)(work_random(random) % 100);
  if (step.skips == 1) step.skips = 0; /* would be all */
  return step;
}

static void walk(ppar_team *team, void *arg) {
  struct program *program = arg;
  struct member here = {program, team, ppar_team_thread(team), ppar_team_size(team)}, *member = &here;
  uint64_t random = program->seed;
  EXPECT_HERE(member->size >= 1 && member->size <= program->asked);
  EXPECT_HERE(program->depth != 0 || member->size == program->asked);
  if (member->thread == 0) program->size = member->size;
  for (int s = 0; s < program->steps; s++) {
    const struct step step = next_step(&random, program->depth);
    if (s == program->cancel_at && member->thread == program->canceller % member->size) {
      ppar_cancel_region(team, s + 1);
    }
    if (program->cancel_at >= 0 && is_canceled(member)) return;
    step.kind->run(member, &step, &program->cells[s]);
    expect_place(member);
  }
}

static bool is_right(struct program *program, int status) {
  uint64_t random = program->seed;
  if (status != (program->cancel_at >= 0 ? program->cancel_at + 1 : PPAR_OK)) {
    fprintf(stderr, "status %d at depth %d\n", status, program->depth);
    return false;
  }
  if (program->cancel_at >= 0) return true;
  for (int s = 0; s < program->steps; s++) {
    const struct step step = next_step(&random, program->depth);
    const uint64_t expected = step.kind->expected(&step, program->size);
    if (atomic_load(&program->cells[s].sum) == expected) continue;
    struct loop_case text = {.bounds = step.bounds, .schedule = step.schedule, .threads = program->size};
    fprintf(stderr, "wrong: step %d, %s%s%s, at depth %d: %s\n", s, step.kind->name, step.nowait ? ", nowait" : "",
            step.orphaned ? ", orphaned" : "", program->depth, case_text(&text));
    return false;
  }
  return true;
}

static bool run_program(struct stress *stress, uint64_t seed, int depth) {
  uint64_t random = seed;
  struct program *program = calloc(1, sizeof *program);
  if (program == NULL) return false;
  program->stress = stress;
  program->seed = work_random(&random);
  program->depth = depth;
  program->steps = (int)(work_random(&random) % (depth == 0 ? STEPS_MOST + 1 : 5));
  program->asked = 1 + (int)(work_random(&random) % (depth == 0 ? 6 : 3));
  if (depth == 0 && work_random(&random) % 16 == 0) program->asked = 20;
  program->cancel_at = -1;
  if (program->steps != 0 && work_random(&random) % 6 == 0) {
    program->cancel_at = (int)(work_random(&random) % (uint64_t)program->steps);
    program->canceller = (int)(work_random(&random) % 100);
  }
  const ppar_options *options =
      PPAR_OPTIONS(.threads = program->asked, .pool = stress->pools[work_random(&random) % POOLS]);
  const bool right = is_right(program, ppar_parallel(walk, program, options));
  atomic_fetch_add(&stress->regions, 1);
  atomic_fetch_add(&stress->steps, (uint64_t)program->steps);
  free(program);
  return right;
}

struct caller {
  pthread_t thread;
  struct stress *stress;
  uint64_t seed;
};

static void *run_programs(void *arg) {
  struct caller *caller = arg;
  struct stress *stress = caller->stress;
  uint64_t random = caller->seed;
  while (!atomic_load(&stress->stop) && atomic_load(&stress->found.count) == 0) {
    EXPECT(&stress->found, run_program(stress, work_random(&random), 0));
    if (work_random(&random) % 50 == 0) teams_sleep(1000); /* the team's threads fall asleep */
  }
  return NULL;
}

Test(random_teams, end_as_the_serial_programs) {
  static struct stress stress;
  static struct caller callers[CALLERS];
  char text[64];
  uint64_t random = seed_of_run("random_teams", text, sizeof text);
  uint64_t seconds = number_from("PPAR_TEST_SECONDS", DEFAULT_SECONDS);
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  for (int p = 1; p < POOLS; p++) cr_assert_not_null(stress.pools[p] = case_pool(2 * p - 1));
  for (int c = 0; c < CALLERS; c++) {
    callers[c].stress = &stress;
    callers[c].seed = work_random(&random);
    cr_assert_eq(pthread_create(&callers[c].thread, NULL, run_programs, &callers[c]), 0);
  }
  for (uint64_t tenth = 0; tenth < 10 * seconds && atomic_load(&stress.found.count) == 0; tenth++) {
    teams_sleep(100 * 1000);
  }
  atomic_store(&stress.stop, true);
  for (int c = 0; c < CALLERS; c++) pthread_join(callers[c].thread, NULL);
  for (int p = 1; p < POOLS; p++) cr_assert_eq(ppar_pool_destroy(stress.pools[p]), PPAR_OK);
  ASSERT_CLEAN(&stress.found, text);
  fprintf(stderr, "random_teams: %" PRIu64 " regions, %" PRIu64 " steps\n", atomic_load(&stress.regions),
          atomic_load(&stress.steps));
}
