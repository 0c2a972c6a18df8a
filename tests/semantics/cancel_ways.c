/* SPDX-License-Identifier: MIT */
/* cancel_ways.c: after a cancellation the threads of a region go different ways. A thread that knows of the
 * cancellation goes on with other constructs than threads that have not noticed it yet, and the library must not take a
 * construct of the one for a construct of the other.
 *
 * Each region runs a random program. All threads derive the same row of steps (support/steps.h) from the program's
 * seed. Some threads cancel the region at one of these steps. Each thread asks at random moments whether the region
 * is cancelled. Once it knows, it leaves the row before one of the next steps, and meets constructs of its own,
 * which differ from thread to thread. After each such region comes one that is not cancelled: it has to run all of
 * its row. */
#include "../support/scale.h"
#include "../support/steps.h"

TestSuite(cancel_ways, .timeout = SCALE_TIMEOUT);

enum {
  ROW_MOST = 12, /* steps that all threads meet */
  OWN_MOST = 8,  /* steps that a thread meets on its own way */
  THREADS_MOST = 70
};

enum way { NOBODY_CANCELS, BEFORE_A_STEP, INSIDE_A_STEP, REFUSED_PRANGE, REFUSED_REDUCTION, WAYS };

struct program {
  uint64_t seed;
  int threads, steps;
  enum way way;                       /* in which the region is cancelled */
  int cancel_at;                      /* the step */
  bool cancels[THREADS_MOST];         /* the threads that cancel there, where they come to it */
  _Atomic int statuses[THREADS_MOST]; /* that the threads have cancelled with; 0: they have not */
  struct step_cell cells[ROW_MOST];
  struct step_cell nowhere; /* what threads are given on their own ways: nothing */
  uint64_t guarded[STEPS_NAMES];
  struct findings found;
};

/* A thread in a program. */
struct walker {
  struct step_member member;
  struct program *program;
  int step;
};

/* A thread's status is that of its first cancellation, so it tries no second one. */
static void cancel(struct walker *walker) {
  const int status = 1 + walker->member.thread;
  _Atomic int *const own = &walker->program->statuses[walker->member.thread];
  if (atomic_load(own) != 0) return;
  atomic_store(own, status);
  ppar_cancel_region(walker->member.team, status);
  EXPECT(&walker->program->found, step_knows(&walker->member));
}

static void cancel_where(struct walker *walker, enum way way) {
  const struct program *program = walker->program;
  if (program->way == way && program->cancel_at == walker->step && program->cancels[walker->member.thread])
    cancel(walker);
}

static void inside(struct step_member *member) {
  if (step_one_in(member, 8)) cancel_where((struct walker *)member, INSIDE_A_STEP);
}

/* Constructs that refuse what they are given cancel the region, on every thread that comes to them in ignorance. */
static void be_refused(struct walker *walker) {
  static const ppar_options refused = {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, -1}};
  uint64_t value = 0;
  if (walker->program->way == REFUSED_PRANGE) {
    ppar_prange(walker->member.team, i, 0, 100, &refused) {
      EXPECT(&walker->program->found, i < 0);
    }
  } else {
    ppar_team_reduce(walker->member.team, &value, &value, NULL);
  }
  EXPECT(&walker->program->found, step_knows(&walker->member));
}

static bool is_refused(const struct program *program) {
  return program->way == REFUSED_PRANGE || program->way == REFUSED_REDUCTION;
}

/* Constructs that no other thread meets, until the thread returns. */
static void go_own_way(struct walker *walker) {
  struct step_member *member = &walker->member;
  const uint64_t count = work_random(&member->random) % (OWN_MOST + 1);
  walker->step = -1;
  for (uint64_t k = 0; k < count; k++) {
    const struct step step = step_make(&member->random, -1 - member->thread);
    if (!is_refused(walker->program) && step_one_in(member, 8)) cancel(walker);
    step.kind->run(member, &step, &walker->program->nowhere);
  }
}

static void walk(ppar_team *team, void *arg) {
  struct program *program = arg;
  const int thread = ppar_team_thread(team);
  struct walker walker = {.program = program,
                          .member = {.team = team,
                                     .thread = thread,
                                     .threads = program->threads,
                                     .random = work_hash((int64_t)program->seed + thread),
                                     .guarded = program->guarded,
                                     .inside = inside,
                                     .found = &program->found}};
  struct step_member *member = &walker.member;
  uint64_t random = program->seed;
  EXPECT(&program->found, ppar_team_size(team) == program->threads);
  for (; walker.step < program->steps; walker.step++) {
    const struct step step = step_make(&random, 1 + walker.step);
    if (step_one_in(member, 4)) (void)step_knows(member);
    if (member->knows && step_one_in(member, 2)) break;
    if (is_refused(program) && walker.step == program->cancel_at) {
      be_refused(&walker);
    } else {
      cancel_where(&walker, BEFORE_A_STEP);
      step.kind->run(member, &step, &program->cells[walker.step]);
      cancel_where(&walker, INSIDE_A_STEP);
    }
  }
  if (member->knows) go_own_way(&walker);
}

static int expected_status(struct program *program) {
  if (is_refused(program)) return PPAR_EINVAL;
  for (int t = 0; t < program->threads; t++) {
    if (atomic_load(&program->statuses[t]) != 0) return atomic_load(&program->statuses[t]);
  }
  return PPAR_OK;
}

static void expect_whole_row(struct program *program) {
  uint64_t random = program->seed;
  for (int s = 0; s < program->steps; s++) {
    const struct step step = step_make(&random, 1 + s);
    const uint64_t units = step.kind->units(&step);
    EXPECT(&program->found, atomic_load(&program->cells[s].done) == units);
    for (uint64_t u = 0; u < units; u++) EXPECT(&program->found, atomic_load(&program->cells[s].given[u]) == 1);
  }
}

static void run_program(struct program *program) {
  char text[64];
  const int status = teams_run(program->threads, walk, program);
  EXPECT(&program->found, status == expected_status(program));
  EXPECT(&program->found, (status == PPAR_OK) == (program->way == NOBODY_CANCELS));
  if (status == PPAR_OK) expect_whole_row(program);
  snprintf(text, sizeof text, "T = %d, seed %" PRIu64, program->threads, program->seed);
  ASSERT_CLEAN(&program->found, text);
}

static void make_program(struct program *program, int threads, uint64_t *random) {
  memset(program, 0, sizeof *program);
  program->seed = work_random(random);
  program->threads = threads;
  program->steps = 1 + (int)(work_random(random) % ROW_MOST);
}

static void run_programs(int threads, uint64_t count) {
  static struct program program;
  uint64_t random = (uint64_t)threads;
  setenv("PPAR_MAX_ACTIVE_LEVELS", "2", 1);
  for (uint64_t round = 0; round < count; round++) {
    make_program(&program, threads, &random);
    program.way = (enum way)(1 + work_random(&random) % (WAYS - 1));
    program.cancel_at = (int)(work_random(&random) % (uint64_t)program.steps);
    for (uint64_t k = 0; k <= round % 3; k++) program.cancels[work_random(&random) % (uint64_t)threads] = true;
    run_program(&program);
    make_program(&program, threads, &random);
    run_program(&program);
  }
}

Test(cancel_ways, of_two_threads) { run_programs(2, scaled(6000)); }
Test(cancel_ways, of_three_threads) { run_programs(3, scaled(3000)); }
Test(cancel_ways, of_eight_threads) { run_programs(8, scaled(600)); }
Test(cancel_ways, of_nine_threads) { run_programs(9, scaled(600)); }
Test(cancel_ways, of_many_threads) {
  run_programs(33, scaled(78));
  if (!scale_is_small()) run_programs(THREADS_MOST, 20);
}

/* Every thread cancels first of all, and so knows in all that it meets. */
Test(cancel_ways, who_knows_is_given_nothing) {
  static const int sizes[] = {1, 2, 3, 8, 9, 33};
  static struct program program;
  for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
    uint64_t random = size;
    for (uint64_t round = 0; round < scaled(78); round++) {
      make_program(&program, sizes[size], &random);
      program.way = BEFORE_A_STEP;
      for (int t = 0; t < program.threads; t++) program.cancels[t] = true;
      run_program(&program);
    }
  }
}

/* One thread cancels and goes ahead. The others come when it has gone: their pranges are not those that it has met. */
struct ahead {
  ppar_schedule ahead, late; /* of pranges */
  int thread;
  _Atomic uint64_t gone;
  struct findings found;
};

static void meet_pranges(ppar_team *team, ppar_schedule schedule, struct findings *found) {
  for (int k = 0; k < 4; k++) {
    ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = schedule, .nowait = k % 2 != 0)) {
      EXPECT(found, i < 0);
    }
  }
}

static void go_ahead(ppar_team *team, void *arg) {
  struct ahead *ahead = arg;
  if (ppar_team_thread(team) == ahead->thread) {
    ppar_cancel_region(team, 5);
    meet_pranges(team, ahead->ahead, &ahead->found);
    atomic_store(&ahead->gone, 1);
  } else {
    EXPECT(&ahead->found, teams_await(&ahead->gone, 1));
    meet_pranges(team, ahead->late, &ahead->found);
  }
}

Test(cancel_ways, who_comes_late_is_given_nothing_of_who_went_ahead) {
  static struct ahead ahead;
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t count = case_few_schedules(schedules);
  for (size_t pair = 0; pair < count * count; pair++) {
    ahead.ahead = schedules[pair / count];
    ahead.late = schedules[pair % count];
    for (int threads = 2; threads <= 9; threads += 7) {
      ahead.thread = (int)(pair % 2);
      atomic_store(&ahead.gone, 0);
      cr_assert_eq(teams_run(threads, go_ahead, &ahead), 5);
      const struct loop_case text = {.schedule = ahead.late, .threads = threads};
      ASSERT_CLEAN(&ahead.found, case_text(&text));
    }
  }
}

/* Thread 0 is in the row of pranges when thread 1 has left it for the pranges behind it, which share in other ways. */
static _Atomic int64_t iterations;

static void leave_a_row_of_pranges(ppar_team *team, void *last) {
  for (int k = 0; k < 50 && !ppar_region_is_canceled(team); k++) {
    ppar_prange(team, i, 0, 3000, PPAR_OPTIONS(.schedule = ppar_dynamic(3))) {
      if (atomic_fetch_add(&iterations, 1) == *(const int64_t *)last) ppar_cancel_region(team, 5);
    }
  }
  ppar_prange(team, i, 0, 500, PPAR_OPTIONS(.schedule = ppar_guided(3))) {
  }
  ppar_prange(team, i, 0, 500, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
  }
}

Test(cancel_ways, from_pranges_to_pranges_that_share_otherwise) {
  for (int64_t round = 0; round < (int64_t)scaled(13000); round++) {
    int64_t last = round * 7919 % 20000; /* a prime: somewhere else each time */
    atomic_store(&iterations, 0);
    cr_assert_eq(teams_run(2, leave_a_row_of_pranges, &last), 5);
  }
}
