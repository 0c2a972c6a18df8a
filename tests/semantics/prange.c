/* SPDX-License-Identifier: MIT */
/* prange.c: a prange is the serial loop, divided among the team: every iteration once, for any bounds, under any
 * schedule, on the thread that the schedule says, one prange after the other with other options. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(prange, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 1200 };

struct sweep {
  ppar_bounds bounds;
  const ppar_schedule *schedules;
  size_t schedule_count;
  _Atomic unsigned char counts[ITERATIONS_MOST];
  int owner[ITERATIONS_MOST];
  uint64_t next[TEAMS_MOST]; /* of each thread: the least number that its next iteration may have; its own */
  _Atomic uint64_t lasts;
  bool uneven;
  struct findings *found;
};

static uint64_t less(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* OpenMP's map, written from its text. */
static int expected_owner(uint64_t number, uint64_t iterations, uint64_t threads, uint64_t chunk) {
  if (chunk != 0) return (int)(number / chunk % threads);
  uint64_t least = iterations / threads, larger = iterations % threads;
  if (number < larger * (least + 1)) return (int)(number / (least + 1));
  return (int)(larger + (number - larger * (least + 1)) / least);
}

/* Whole chunks go to one thread each; this cannot show where one of them was cut between two of the same thread's. */
static void expect_chunks(struct sweep *sweep, ppar_schedule schedule, uint64_t iterations, uint64_t threads) {
  uint64_t chunk = schedule.chunk != 0 ? (uint64_t)schedule.chunk : 1, run = 0;
  for (uint64_t k = 0; k < iterations; k++) {
    const bool changes = k != 0 && sweep->owner[k] != sweep->owner[k - 1];
    if (schedule.kind == PPAR_SCHEDULE_STATIC) {
      EXPECT(sweep->found, sweep->owner[k] == expected_owner(k, iterations, threads, (uint64_t)schedule.chunk));
    }
    if (schedule.kind == PPAR_SCHEDULE_DYNAMIC) EXPECT(sweep->found, !changes || k % chunk == 0);
    if (schedule.kind == PPAR_SCHEDULE_GUIDED) EXPECT(sweep->found, !changes || run >= chunk);
    run = changes ? 1 : run + 1;
  }
  if (schedule.kind != PPAR_SCHEDULE_GUIDED || schedule.order != PPAR_ORDER_MONOTONIC) return;
  for (uint64_t first = 0, size; first < iterations; first += size) {
    const uint64_t left = iterations - first, share = left / threads + (left % threads != 0);
    size = less(left, share > chunk ? share : chunk);
    for (uint64_t k = first; k < first + size; k++) EXPECT(sweep->found, sweep->owner[k] == sweep->owner[first]);
  }
}

static void run_one(ppar_team *team, struct sweep *sweep, ppar_schedule schedule, const struct loop_case *space) {
  const int thread = ppar_team_thread(team), threads = ppar_team_size(team);
  const uint64_t iterations = case_iterations(space);
  const bool rises = threads == 1 || schedule.kind == PPAR_SCHEDULE_STATIC || schedule.order == PPAR_ORDER_MONOTONIC;
  const ppar_options *options = PPAR_OPTIONS(.schedule = schedule, .step = sweep->bounds.step);
  sweep->next[thread] = 0;
  ppar_prange(team, i, sweep->bounds.begin, sweep->bounds.end, options) {
    const uint64_t number = case_number(space, i);
    EXPECT(sweep->found, number < iterations);
    EXPECT(sweep->found, atomic_fetch_add_explicit(&sweep->counts[number], 1, memory_order_relaxed) == 0);
    EXPECT(sweep->found, ppar_thread_num() == thread && ppar_num_threads() == threads);
    EXPECT(sweep->found, !rises || number >= sweep->next[thread]);
    EXPECT(sweep->found, ppar_is_last(i) == (number == iterations - 1));
    if (ppar_is_last(i)) atomic_fetch_add(&sweep->lasts, 1);
    sweep->next[thread] = number + 1;
    sweep->owner[number] = thread;
    if (sweep->uneven && number % 7 == 0) work_spin(200);
    if (sweep->uneven) work_yield();
  }
  if (thread == 0) {
    for (uint64_t k = 0; k < iterations; k++) {
      EXPECT(sweep->found, atomic_load_explicit(&sweep->counts[k], memory_order_relaxed) == 1);
      atomic_store_explicit(&sweep->counts[k], 0, memory_order_relaxed);
    }
    EXPECT(sweep->found, atomic_exchange(&sweep->lasts, 0) == (iterations != 0 ? 1 : 0));
    expect_chunks(sweep, schedule, iterations, (uint64_t)threads);
  }
  ppar_barrier(team);
}

static void run_all(ppar_team *team, void *arg) {
  struct sweep *sweep = arg;
  const struct loop_case space = {.bounds = sweep->bounds};
  for (size_t s = 0; s < sweep->schedule_count; s++) run_one(team, sweep, sweep->schedules[s], &space);
}

static void run_sweep(const ppar_schedule *schedules, size_t count, bool uneven) {
  static const ppar_bounds bounds[] = {
      {0, 0, 1},
      {5, -5, 1},
      {-5, 5, -1},
      {INT64_MAX, INT64_MIN, 1},
      {0, 1, 1},
      {3, 10, 1},
      {0, 33, 1},
      {-500, 500, 1},
      {700, -400, -1},
      {-350, 351, 7},
      {1000, -1000, -3},
      {INT64_MAX, INT64_MAX - 640, -3},
      {INT64_MIN, INT64_MIN + 100, 1},
      {INT64_MAX - 100, INT64_MAX, 1},
      {INT64_MIN, INT64_MAX, INT64_MAX / 100},
      {INT64_MAX, INT64_MIN, -(INT64_MAX / 100)},
      {INT64_MIN, INT64_MAX, INT64_MAX},
      {INT64_MAX, INT64_MIN, INT64_MIN},
  };
  static struct sweep sweep;
  struct findings found = {0, NULL};
  uint64_t combination = 0;
  sweep.schedules = schedules;
  sweep.schedule_count = count;
  sweep.uneven = uneven;
  sweep.found = &found;
  for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
    for (size_t size = 0; size < TEAMS_SIZES; size++) {
      if (scale_is_small() && combination++ % 4 != 0) continue; /* each is dozens of pranges */
      sweep.bounds = bounds[b];
      EXPECT(&found, teams_run(teams_sizes[size], run_all, &sweep) == PPAR_OK);
      ASSERT_CLEAN(&found, case_text(&(struct loop_case){.bounds = bounds[b], .threads = teams_sizes[size]}));
    }
  }
}

Test(prange, is_the_serial_loop_under_every_schedule) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  run_sweep(schedules, case_schedules(schedules), false);
}

Test(prange, is_the_serial_loop_when_iterations_differ) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  run_sweep(schedules, case_few_schedules(schedules), true);
}

Test(prange, takes_chunks_larger_than_any_loop) {
  ppar_schedule schedules[12];
  size_t count = 0;
  for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    for (int kind = PPAR_SCHEDULE_STATIC; kind <= PPAR_SCHEDULE_GUIDED; kind++) {
      schedules[count++] = (ppar_schedule){(ppar_schedule_kind)kind, (ppar_schedule_order)order, INT64_MAX};
    }
  }
  run_sweep(schedules, count, false);
}

/* Loops too long to be run, left at once by all threads but for a few iterations. */
static void leave_early(ppar_team *team, void *arg) {
  struct findings *found = arg;
  static const int64_t steps[] = {1, -1, 2, INT64_MAX, INT64_MIN};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
      const int64_t begin = steps[k] > 0 ? INT64_MIN : INT64_MAX, end = steps[k] > 0 ? INT64_MAX : INT64_MIN;
      int ran = 0;
      ppar_prange(team, i, begin, end, PPAR_OPTIONS(.schedule = schedules[s], .step = steps[k])) {
        EXPECT(found, steps[k] > 0 ? i < end : i > end);
        if (++ran == 3) break;
      }
      EXPECT(found, ran <= 3);
    }
  }
}

Test(prange, takes_the_longest_bounds) {
  struct findings found = {0, NULL};
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    EXPECT(&found, teams_run(teams_sizes[size], leave_early, &found) == PPAR_OK);
  }
  ASSERT_CLEAN(&found, "pranges over all numbers");
}

/* Collapsed loops. */
enum { CELLS_MOST = 600 };

struct grid {
  ppar_bounds dim[3];
  int rank;
  ppar_schedule schedule;
  bool nowait;
  _Atomic unsigned char counts[CELLS_MOST];
  int owner[CELLS_MOST];
  uint64_t next[TEAMS_MOST];
  atomic_int lasts;
  struct findings *found;
};

static uint64_t cells_of(const struct grid *grid) {
  uint64_t cells = 1;
  for (int d = 0; d < grid->rank; d++) cells *= ppar_bounds_count(grid->dim[d]);
  return cells;
}

static void take_cell(struct grid *grid, int thread, bool rises, const int64_t *index, bool is_last) {
  uint64_t cell = 0;
  for (int d = 0; d < grid->rank; d++) {
    const struct loop_case space = {.bounds = grid->dim[d]};
    const uint64_t number = case_number(&space, index[d]);
    EXPECT(grid->found, number < case_iterations(&space));
    cell = cell * case_iterations(&space) + number;
  }
  EXPECT(grid->found, cell < CELLS_MOST);
  EXPECT(grid->found, is_last == (cell == cells_of(grid) - 1));
  if (is_last) atomic_fetch_add(&grid->lasts, 1);
  EXPECT(grid->found, atomic_fetch_add_explicit(&grid->counts[cell % CELLS_MOST], 1, memory_order_relaxed) == 0);
  EXPECT(grid->found, !rises || cell >= grid->next[thread]);
  grid->next[thread] = cell + 1;
  grid->owner[cell % CELLS_MOST] = thread;
}

static void run_grid(ppar_team *team, void *arg) {
  struct grid *grid = arg;
  const int thread = ppar_team_thread(team), threads = ppar_team_size(team);
  const bool rises =
      threads == 1 || grid->schedule.kind == PPAR_SCHEDULE_STATIC || grid->schedule.order == PPAR_ORDER_MONOTONIC;
  const ppar_options *options = PPAR_OPTIONS(.schedule = grid->schedule, .nowait = grid->nowait);
  grid->next[thread] = 0;
  if (grid->rank == 2) {
    ppar_prange_2d(team, i, j, grid->dim[0], grid->dim[1], options) {
      const int64_t index[] = {i, j};
      take_cell(grid, thread, rises, index, ppar_is_last(j));
      if (((uint64_t)i + (uint64_t)j) % 3 == 0) continue;
      work_yield();
    }
  } else {
    ppar_prange_3d(team, i, j, k, grid->dim[0], grid->dim[1], grid->dim[2], options) {
      const int64_t index[] = {i, j, k};
      take_cell(grid, thread, rises, index, ppar_is_last(k));
    }
  }
}

/* Indices may have any names; these are words that the macros use themselves. */
static void run_grid_by_other_names(ppar_team *team, void *arg) {
  struct grid *grid = arg;
  const int thread = ppar_team_thread(team);
  const ppar_options *options = PPAR_OPTIONS(.schedule = grid->schedule);
  grid->next[thread] = 0;
  if (grid->rank == 2) {
    ppar_prange_2d(team, j, i, grid->dim[0], grid->dim[1], options)
      take_cell(grid, thread, false, (int64_t[]){j, i}, ppar_is_last(i));
  } else {
    ppar_prange_3d(team, k, count, at, grid->dim[0], grid->dim[1], grid->dim[2], options)
      take_cell(grid, thread, false, (int64_t[]){k, count, at}, ppar_is_last(at));
  }
}

static void check_grid(struct grid *grid, ppar_region *region, int threads) {
  const uint64_t cells = cells_of(grid);
  cr_assert(cells <= CELLS_MOST);
  for (uint64_t c = 0; c < CELLS_MOST; c++) atomic_store_explicit(&grid->counts[c], 0, memory_order_relaxed);
  atomic_store(&grid->lasts, 0);
  EXPECT(grid->found, teams_run(threads, region, grid) == PPAR_OK);
  EXPECT(grid->found, atomic_load(&grid->lasts) == (cells != 0 ? 1 : 0));
  for (uint64_t c = 0; c < cells; c++) {
    EXPECT(grid->found, atomic_load_explicit(&grid->counts[c], memory_order_relaxed) == 1);
    if (grid->schedule.kind == PPAR_SCHEDULE_STATIC) {
      EXPECT(grid->found,
             grid->owner[c] == expected_owner(c, cells, (uint64_t)threads, (uint64_t)grid->schedule.chunk));
    }
  }
  ASSERT_CLEAN(grid->found, case_text(&(struct loop_case){
                                .bounds = {0, (int64_t)cells, 1}, .schedule = grid->schedule, .threads = threads}));
}

Test(prange, of_two_and_three_dimensions_is_the_serial_loops) {
  static const ppar_bounds shapes[][3] = {
      {{0, 10, 1}, {0, 10, 1}, {0, 5, 1}},
      {{0, 1, 1}, {0, 100, 1}, {0, 3, 1}},
      {{0, 100, 1}, {0, 1, 1}, {0, 1, 1}},
      {{0, 0, 1}, {0, 100, 1}, {0, 4, 1}},
      {{0, 7, 1}, {3, 3, 1}, {0, 4, 1}},
      {{0, 7, 1}, {0, 3, 1}, {4, 0, 1}},
      {{10, -11, -3}, {-20, 21, 7}, {1, 0, -1}},
      {{INT64_MIN, INT64_MAX, INT64_MAX / 5}, {INT64_MAX, INT64_MIN, -(INT64_MAX / 3)}, {INT64_MAX - 4, INT64_MAX, 1}},
  };
  static struct grid grid;
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  schedules[schedule_count++] = ppar_static(1);
  uint64_t combination = 0;
  grid.found = &found;
  for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
    for (size_t s = 0; s < schedule_count; s++) {
      for (size_t size = 0; size < TEAMS_SIZES; size++) {
        for (grid.rank = 2; grid.rank <= 3; grid.rank++) {
          if (!scale_keeps(&combination)) continue;
          for (int d = 0; d < 3; d++) grid.dim[d] = shapes[shape][d];
          grid.schedule = schedules[s];
          grid.nowait = combination % 2 == 0;
          check_grid(&grid, run_grid, teams_sizes[size]);
          check_grid(&grid, run_grid_by_other_names, teams_sizes[size]);
        }
      }
    }
  }
}
