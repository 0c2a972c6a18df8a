/* SPDX-License-Identifier: MIT */
/* loop_nd.c: loops of two and three dimensions run each iteration once, in boxes of the promised shape, refuse
 * what is wrong, and end as the serial loop would. */
#include <inttypes.h>
#include <stdio.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(loop_nd, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 4096, THREADS_MOST = 8, NONE = -1 };

struct nd_case {
  int rank;
  ppar_bounds bounds[3];
  int64_t tile[3];
  ppar_schedule schedule;
  int threads;
  ppar_pool *pool;
};

static ppar_options options_of(const struct nd_case *loop) {
  ppar_options options = {.schedule = loop->schedule, .threads = loop->threads, .pool = loop->pool};
  for (int d = 0; d < 3; d++) options.tile[d] = loop->tile[d];
  return options;
}

static int run(const struct nd_case *loop, ppar_body_nd *body, void *arg) {
  const ppar_options options = options_of(loop);
  const ppar_bounds *b = loop->bounds;
  return loop->rank == 2 ? ppar_parallel_for_2d(b[0], b[1], body, arg, &options)
                         : ppar_parallel_for_3d(b[0], b[1], b[2], body, arg, &options);
}

static const char *text_of(const struct nd_case *loop) {
  static char text[400];
  char schedule[64] = "?";
  int length = 0;
  ppar_schedule_format(loop->schedule, schedule, sizeof schedule);
  length += snprintf(text, sizeof text, "%s, T = %d", schedule, loop->threads);
  for (int d = 0; d < loop->rank; d++) {
    const ppar_bounds b = loop->bounds[d];
    length += snprintf(text + length, sizeof text - (size_t)length,
                       ", %" PRId64 " to %" PRId64 " by %" PRId64 " in tiles of %" PRId64, b.begin, b.end, b.step,
                       loop->tile[d]);
  }
  return text;
}

static bool is_tiled(const struct nd_case *loop) {
  return loop->tile[0] != 0 || loop->tile[1] != 0 || loop->tile[2] != 0;
}

/* The place of an index among its dimension's; past all of them when it is not one. */
static uint64_t place_in(ppar_bounds bounds, int64_t index) {
  const bool rises = bounds.step > 0;
  const uint64_t step = rises ? (uint64_t)bounds.step : 0 - (uint64_t)bounds.step;
  const uint64_t distance = rises ? (uint64_t)index - (uint64_t)bounds.begin : (uint64_t)bounds.begin - (uint64_t)index;
  return distance % step == 0 ? distance / step : UINT64_MAX;
}

struct record {
  struct nd_case loop;
  uint64_t count[3];
  struct findings *found;
  int64_t fails_at[2]; /* iterations that cancel with their number plus 1 as the status; NONE */
};

static _Atomic unsigned char runs[ITERATIONS_MOST + 1]; /* the last one: iterations out of bounds */

static struct record record_of(const struct nd_case *loop, struct findings *found) {
  struct record record = {*loop, {1, 1, 1}, found, {NONE, NONE}};
  for (int d = 0; d < loop->rank; d++) record.count[d] = ppar_bounds_count(loop->bounds[d]);
  return record;
}

static uint64_t iterations_of(const struct record *record) {
  return record->count[0] * record->count[1] * record->count[2];
}

/* An iteration's number in the serial order of the nested loops. */
static uint64_t number_of(const struct record *record, int64_t i, int64_t j, int64_t k) {
  const int64_t index[3] = {i, j, k};
  uint64_t number = 0;
  for (int d = 0; d < record->loop.rank; d++) {
    const uint64_t place = place_in(record->loop.bounds[d], index[d]);
    if (place >= record->count[d]) return ITERATIONS_MOST;
    number = number * record->count[d] + place;
  }
  return number;
}

/* A box of an untiled loop: one innermost row or part of one; where chunks are known to be of c iterations,
 * as much as the row and the chunk have in common. */
static void check_row(const ppar_tile *tile, const struct record *record, uint64_t first, uint64_t count) {
  const struct nd_case *loop = &record->loop;
  const int inner = loop->rank - 1;
  const uint64_t row = record->count[inner], c = case_chunk(loop->schedule);
  for (int d = 0; d < inner; d++) EXPECT(record->found, ppar_bounds_count(tile->dim[d]) == 1);
  EXPECT(record->found, count == ppar_bounds_count(tile->dim[inner]));
  EXPECT(record->found, first % row + count <= row);
  EXPECT(record->found, tile->chunk->count >= count);
  if (c != 0) {
    EXPECT(record->found, tile->chunk->count <= c);
    EXPECT(record->found, first % row == 0 || first % c == 0);
    EXPECT(record->found, (first + count) % row == 0 || (first + count) % c == 0);
  }
}

/* A box of a tiled loop: a whole tile, or what the bounds leave of it. */
static void check_tile(const ppar_tile *tile, const struct record *record) {
  for (int d = 0; d < record->loop.rank; d++) {
    const int64_t asked = record->loop.tile[d];
    const uint64_t size = asked != 0 ? (uint64_t)asked : record->count[d];
    const uint64_t place = place_in(record->loop.bounds[d], tile->dim[d].begin), rest = record->count[d] - place;
    EXPECT(record->found, place % size == 0);
    EXPECT(record->found, ppar_bounds_count(tile->dim[d]) == (rest < size ? rest : size));
  }
}

static void note_box(const ppar_tile *tile, void *arg) {
  const struct record *record = arg;
  const struct nd_case *loop = &record->loop;
  const ppar_bounds *dim = tile->dim;
  uint64_t count = 1;
  EXPECT(record->found, tile->thread >= 0 && tile->thread < loop->threads);
  EXPECT(record->found, tile->thread == ppar_thread_num() && tile->thread == tile->chunk->thread);
  if (loop->rank == 2) EXPECT(record->found, dim[2].begin == 0 && dim[2].end == 1 && dim[2].step == 1);
  for (int d = 0; d < loop->rank; d++) {
    const ppar_bounds all = loop->bounds[d];
    EXPECT(record->found, dim[d].step == all.step);
    EXPECT(record->found, all.step > 0 ? dim[d].end <= all.end : dim[d].end >= all.end);
    count *= ppar_bounds_count(dim[d]);
  }
  if (is_tiled(loop)) {
    check_tile(tile, record);
  } else {
    check_row(tile, record, number_of(record, dim[0].begin, dim[1].begin, dim[2].begin), count);
  }

  for (int64_t i = dim[0].begin, ni = (int64_t)ppar_bounds_count(dim[0]); ni != 0; ni--) {
    for (int64_t j = dim[1].begin, nj = (int64_t)ppar_bounds_count(dim[1]); nj != 0; nj--) {
      for (int64_t k = dim[2].begin, nk = (int64_t)ppar_bounds_count(dim[2]); nk != 0; nk--) {
        const uint64_t number = number_of(record, i, j, k);
        atomic_fetch_add(&runs[number], 1);
        for (int f = 0; f < 2; f++) {
          if ((int64_t)number == record->fails_at[f]) {
            ppar_cancel(tile->chunk, (int)number + 1);
            return;
          }
        }
        k = ppar_index_add_(k, dim[2].step);
      }
      j = ppar_index_add_(j, dim[1].step);
    }
    i = ppar_index_add_(i, dim[0].step);
  }
}

static void clear_runs(uint64_t iterations) {
  for (uint64_t n = 0; n < iterations; n++) atomic_store(&runs[n], 0);
  atomic_store(&runs[ITERATIONS_MOST], 0);
}

static void check_complete(const struct nd_case *loop) {
  struct findings found = {0};
  struct record record = record_of(loop, &found);
  const uint64_t iterations = iterations_of(&record);
  cr_assert_leq(iterations, ITERATIONS_MOST);
  clear_runs(iterations);
  cr_assert_eq(run(loop, note_box, &record), PPAR_OK, "%s", text_of(loop));
  for (uint64_t n = 0; n < iterations; n++) EXPECT(&found, runs[n] == 1);
  EXPECT(&found, runs[ITERATIONS_MOST] == 0);
  ASSERT_CLEAN(&found, text_of(loop));
}

static const ppar_bounds some_bounds[] = {
    {0, 1, 1},
    {0, 13, 1},
    {-5, 6, 4},
    {9, -9, -2},
    {INT64_MIN, INT64_MAX, INT64_MAX},
    {INT64_MAX, INT64_MIN, INT64_MIN},
    {INT64_MIN + 7, INT64_MIN, -1},
    {4, 4, 1}, /* empty */
};
static const int64_t some_tiles[][3] = {{0}, {1, 1, 1}, {0, 4, 0}, {2, 3, 2}, {INT64_MAX, 1, 3}};
static const int some_threads[] = {1, 2, 3, THREADS_MOST};
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* Calls `check` with many bounds, tiles, schedules and T; a third dimension's bounds vary with all the others. */
static void sweep(int rank, void (*check)(const struct nd_case *)) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_few_schedules(schedules);
  ppar_pool *pool = case_pool(4);
  uint64_t counter = 0;
  for (size_t i = 0; i < LENGTH(some_bounds); i++) {
    for (size_t j = 0; j < LENGTH(some_bounds); j++) {
      for (size_t t = 0; t < LENGTH(some_tiles); t++) {
        for (size_t s = 0; s < schedule_count; s++) {
          for (size_t n = 0; n < LENGTH(some_threads); n++) {
            const ppar_bounds k = some_bounds[(i + 2 * j + t + s + n) % LENGTH(some_bounds)];
            struct nd_case loop = {.rank = rank, .bounds = {some_bounds[i], some_bounds[j], k}};
            for (int d = 0; d < rank; d++) loop.tile[d] = some_tiles[t][d];
            loop.schedule = schedules[s];
            loop.threads = some_threads[n];
            loop.pool = pool;
            if (scale_keeps(&counter)) check(&loop);
          }
        }
      }
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(loop_nd, every_iteration_of_two_dimensions_runs_once_in_boxes_of_the_promised_shape) { sweep(2, check_complete); }
Test(loop_nd, every_iteration_of_three_dimensions_runs_once_in_boxes_of_the_promised_shape) {
  sweep(3, check_complete);
}

/* The status is the serial loop's: of the first failing iteration in the order of rows, or of tiles. All that the
 * serial loop runs before it has run; with one thread, nothing else has. */
static void check_cancelled(const struct nd_case *loop) {
  struct findings found = {0};
  struct record record = record_of(loop, &found);
  const uint64_t iterations = iterations_of(&record);
  if (iterations == 0 || is_tiled(loop)) return;
  const uint64_t first = iterations * 2 / 5;
  record.fails_at[0] = (int64_t)(first + (iterations - first) / 2);
  record.fails_at[1] = (int64_t)first;
  clear_runs(iterations);
  cr_assert_eq(run(loop, note_box, &record), (int)first + 1, "%s", text_of(loop));
  for (uint64_t n = 0; n <= first; n++) EXPECT(&found, runs[n] == 1);
  for (uint64_t n = first + 1; n < iterations; n++) EXPECT(&found, runs[n] <= (loop->threads != 1));
  ASSERT_CLEAN(&found, text_of(loop));
}

Test(loop_nd, a_cancelled_loop_of_two_dimensions_ends_as_the_serial_one) { sweep(2, check_cancelled); }
Test(loop_nd, a_cancelled_loop_of_three_dimensions_ends_as_the_serial_one) { sweep(3, check_cancelled); }

/* Tiles in serial order have the numbers 0 to 11; two of them fail. */
struct tiles {
  int fails[2];
  atomic_uint ran;
};

static void fail_tiles(const ppar_tile *tile, void *arg) {
  struct tiles *tiles = arg;
  const int number = (int)(tile->dim[0].begin / 10 * 4 + tile->dim[1].begin / 10);
  atomic_fetch_or(&tiles->ran, 1u << number);
  if (number == tiles->fails[0] || number == tiles->fails[1]) ppar_cancel(tile->chunk, number + 1);
}

Test(loop_nd, a_cancelled_tiled_loop_gives_the_status_of_the_first_failing_tile) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 1; threads <= 3; threads++) {
      struct tiles tiles = {.fails = {9, 5}};
      const ppar_options options = {.schedule = schedules[s], .threads = threads, .tile = {10, 10}};
      cr_assert_eq(ppar_parallel_for_2d(PPAR_BOUNDS(0, 25), PPAR_BOUNDS(0, 40), fail_tiles, &tiles, &options), 6);
      cr_assert_eq(atomic_load(&tiles.ran) & 63u, 63u, "tiles before the failing one have run");
      if (threads == 1) cr_assert_eq(atomic_load(&tiles.ran), 63u, "tiles after it have not");
    }
  }
}

static void note_call(const ppar_tile *tile, void *arg) {
  atomic_fetch_add((atomic_int *)arg, 1);
  (void)tile;
}

Test(loop_nd, bad_arguments_are_refused_and_nothing_runs) {
  const ppar_bounds ok = PPAR_BOUNDS(0, 4), no_step = PPAR_BOUNDS_STEP(0, 4, 0), empty = PPAR_BOUNDS(4, 4);
  const ppar_bounds full = PPAR_BOUNDS(INT64_MIN, INT64_MAX), two = PPAR_BOUNDS(0, 2);
  const ppar_bounds big = PPAR_BOUNDS(0, (int64_t)1 << 22);
  const ppar_options bad[] = {
      {.step = 1},
      {.step = -1},
      {.tile = {-1}},
      {.tile = {2, -2}},
      {.tile = {0, 0, -1}},
      {.tile = {INT64_MIN, 1, 1}},
      {.threads = -1},
      {.threads = PPAR_MAX_THREADS + 1},
      {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, -1}},
      {.schedule = {(ppar_schedule_kind)77, PPAR_ORDER_DEFAULT, 0}},
  };
  const ppar_options tiled = {.tile = {1 << 20, 1 << 20}}, third = {.tile = {0, 0, 2}};
  atomic_int calls = 0;
  cr_assert_eq(ppar_parallel_for_2d(ok, ok, NULL, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(ok, ok, ok, NULL, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(empty, ok, NULL, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(no_step, ok, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(ok, no_step, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(ok, ok, no_step, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(empty, no_step, ok, note_call, &calls, NULL), PPAR_EINVAL);
  for (size_t n = 0; n < LENGTH(bad); n++) {
    cr_assert_eq(ppar_parallel_for_2d(ok, ok, note_call, &calls, &bad[n]), PPAR_EINVAL, "options %zu", n);
    cr_assert_eq(ppar_parallel_for_3d(ok, ok, ok, note_call, &calls, &bad[n]), PPAR_EINVAL, "options %zu", n);
    cr_assert_eq(ppar_parallel_for_2d(empty, ok, note_call, &calls, &bad[n]), PPAR_EINVAL, "options %zu", n);
  }
  cr_assert_eq(ppar_parallel_for_2d(full, two, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(two, PPAR_BOUNDS(0, 1), full, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_3d(big, big, big, note_call, &calls, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(full, full, note_call, &calls, &tiled), PPAR_EINVAL);
  cr_assert_eq(ppar_parallel_for_2d(ok, ok, note_call, &calls, &third), PPAR_EINVAL, "two dimensions have no third");
  cr_assert_eq(calls, 0);
}

Test(loop_nd, an_empty_dimension_calls_nothing_however_long_the_others) {
  const ppar_bounds full = PPAR_BOUNDS(INT64_MIN, INT64_MAX), empty = PPAR_BOUNDS(7, -7);
  atomic_int calls = 0;
  cr_assert_eq(ppar_parallel_for_2d(empty, full, note_call, &calls, NULL), PPAR_OK);
  cr_assert_eq(ppar_parallel_for_2d(full, empty, note_call, &calls, NULL), PPAR_OK);
  cr_assert_eq(ppar_parallel_for_3d(full, full, empty, note_call, &calls, NULL), PPAR_OK);
  cr_assert_eq(calls, 0);
}

static void add_length(const ppar_tile *tile, void *arg) {
  atomic_fetch_add((_Atomic uint64_t *)arg, ppar_bounds_count(tile->dim[0]) * ppar_bounds_count(tile->dim[1]));
}

Test(loop_nd, the_longest_row_is_covered) {
  const ppar_bounds full = PPAR_BOUNDS_STEP(INT64_MAX, INT64_MIN, -1), one = PPAR_BOUNDS(-1, 0);
  for (int threads = 1; threads <= 5; threads++) {
    _Atomic uint64_t length = 0;
    const ppar_options rows = {.schedule = ppar_static(0), .threads = threads};
    const ppar_options tiles = {.threads = threads, .tile = {INT64_MAX / 8, 1}};
    cr_assert_eq(ppar_parallel_for_2d(one, full, add_length, &length, &rows), PPAR_OK);
    cr_assert_eq(length, UINT64_MAX);
    atomic_store(&length, 0);
    cr_assert_eq(ppar_parallel_for_2d(full, one, add_length, &length, &tiles), PPAR_OK);
    cr_assert_eq(length, UINT64_MAX);
  }
}

struct grid {
  int64_t *cells;
  int64_t columns, depth, factor;
};
PPAR_BODY_2D(add_2d, i, j, struct grid, g) {
  if (j == 3) return;
  g->cells[i * g->columns + j] += g->factor * (i - j);
}
PPAR_BODY_3D(add_3d, i, j, k, struct grid, g) {
  g->cells[(i * g->columns + j) * g->depth + k] += g->factor * (i - j + 2 * k);
}

Test(loop_nd, bodies_made_from_one_iteration_equal_the_nested_loops) {
  const int64_t steps[] = {1, 2, -1, -3}, tiles[] = {0, 1, 4};
  for (size_t s = 0; s < LENGTH(steps); s++) {
    for (size_t t = 0; t < LENGTH(tiles); t++) {
      static int64_t cells[9 * 8 * 7], expected[9 * 8 * 7];
      const int64_t step = steps[s];
      const ppar_bounds i = step > 0 ? PPAR_BOUNDS_STEP(0, 9, step) : PPAR_BOUNDS_STEP(8, -1, step);
      const ppar_bounds j = step > 0 ? PPAR_BOUNDS_STEP(0, 8, step) : PPAR_BOUNDS_STEP(7, -1, step);
      const ppar_bounds k = step > 0 ? PPAR_BOUNDS_STEP(0, 7, step) : PPAR_BOUNDS_STEP(6, -1, step);
      struct grid grid = {cells, 8, 7, 5};
      ppar_options options = {.threads = 3, .schedule = ppar_dynamic(5), .tile = {tiles[t], tiles[t]}};
      for (int n = 0; n < 9 * 8 * 7; n++) cells[n] = expected[n] = n;

      cr_assert_eq(ppar_parallel_for_2d(i, j, add_2d, &grid, &options), PPAR_OK);
      options.tile[2] = tiles[t];
      cr_assert_eq(ppar_parallel_for_3d(i, j, k, add_3d, &grid, &options), PPAR_OK);

      for (int64_t a = i.begin; a >= 0 && a < 9; a += step) {
        for (int64_t b = j.begin; b >= 0 && b < 8; b += step) {
          if (b != 3) expected[a * 8 + b] += 5 * (a - b);
          for (int64_t c = k.begin; c >= 0 && c < 7; c += step) expected[(a * 8 + b) * 7 + c] += 5 * (a - b + 2 * c);
        }
      }
      cr_assert_arr_eq(cells, expected, sizeof cells);
    }
  }
}

struct corner {
  _Atomic unsigned char *runs; /* of the 8 x 8 x 8 iterations at a corner of all there are */
  struct findings *found;
};
PPAR_BODY_3D(run_in_corner, i, j, k, struct corner, corner) {
  const uint64_t high = (uint64_t)INT64_MAX - 7, low = (uint64_t)INT64_MIN;
  const uint64_t x = (uint64_t)i - high, y = (uint64_t)j - low, z = (uint64_t)k - high;
  EXPECT(corner->found, x < 8 && y < 8 && z < 8);
  if (x < 8 && y < 8 && z < 8) atomic_fetch_add(&corner->runs[x * 64 + y * 8 + z], 1);
}

Test(loop_nd, bodies_made_from_one_iteration_reach_the_ends_of_the_index_type) {
  for (int64_t tile = 0; tile <= 2; tile++) {
    struct findings found = {0};
    struct corner corner = {runs, &found};
    const ppar_options options = {.threads = 2, .tile = {tile, tile, tile}};
    const ppar_bounds i = PPAR_BOUNDS_STEP(INT64_MAX - 5, INT64_MAX, 2);  /* 2, 4, 6 of 0 ... 7 */
    const ppar_bounds j = PPAR_BOUNDS_STEP(INT64_MIN + 4, INT64_MIN, -3); /* 4, 1 */
    const ppar_bounds k = PPAR_BOUNDS_STEP(INT64_MAX, INT64_MAX - 3, -2); /* 7, 5 */
    clear_runs(8 * 8 * 8);
    cr_assert_eq(ppar_parallel_for_3d(i, j, k, run_in_corner, &corner, &options), PPAR_OK);
    for (int n = 0; n < 8 * 8 * 8; n++) {
      const int x = n / 64, y = n / 8 % 8, z = n % 8;
      const bool one = (x == 2 || x == 4 || x == 6) && (y == 4 || y == 1) && (z == 7 || z == 5);
      EXPECT(&found, runs[n] == one);
    }
    ASSERT_CLEAN(&found, "at the corner");
  }
}
