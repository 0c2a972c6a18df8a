/* SPDX-License-Identifier: MIT */
/* schedule_boxes.c: a grid's cells, and runs of them as boxes, against the nested loops they stand for. */
#include <string.h>

#include <criterion/criterion.h>

#include "schedule/boxes.h"

enum { MOST = 512 };

struct index {
  int64_t at[3];
};

static pp_space space_of(int64_t begin, int64_t end, int64_t step) {
  pp_space space = {0};
  cr_assert(pp_space_make(&space, begin, end, step));
  return space;
}

static const pp_space one = {0, 1, 1, 1};

/* The indices of `box` in serial order, appended to list. */
static size_t append_box(struct index *list, size_t n, int rank, const pp_space *box) {
  const pp_space innermost = rank == 3 ? box[2] : one;
  for (uint64_t i = 0; i < box[0].count; i++) {
    for (uint64_t j = 0; j < box[1].count; j++) {
      for (uint64_t k = 0; k < innermost.count && n < MOST; k++, n++) {
        list[n] =
            (struct index){{pp_space_index(&box[0], i), pp_space_index(&box[1], j), pp_space_index(&innermost, k)}};
      }
    }
  }
  return n;
}

/* Walks cells first ... first + count - 1; checks each box's shape and returns its indices. */
static size_t walk_all(const pp_grid *grid, uint64_t first, uint64_t count, struct index *list) {
  const int inner = grid->rank - 1;
  pp_box_walk walk = pp_box_walk_from(grid, grid->rank, first, count);
  uint64_t left = count, at = first;
  size_t n = 0;
  while (pp_box_walk_next(&walk, grid)) {
    pp_space box[3];
    for (int d = 0; d < grid->rank; d++) {
      const pp_edge edge = pp_box_edge(&walk, grid, d);
      box[d] = space_of(edge.begin, edge.end, grid->axis[d].space.step);
    }
    cr_assert_lt(walk.left, left, "a box is never empty");
    const uint64_t cells = left - walk.left, row = grid->axis[inner].cells;
    if (grid->tiled) {
      cr_assert_eq(cells, 1, "tiles do not join");
    } else {
      cr_assert_eq(cells, box[inner].count);
      for (int d = 0; d < inner; d++) cr_assert_eq(box[d].count, 1, "a box is in one row");
      cr_assert(at == first || at % row == 0, "a box starts where its run or its row does");
      cr_assert(walk.left == 0 || (at + cells) % row == 0, "a box ends where its run or its row does");
    }
    n = append_box(list, n, grid->rank, box);
    at += cells;
    left = walk.left;
  }
  cr_assert_eq(left, 0);
  cr_assert_not(pp_box_walk_next(&walk, grid), "a walk that is over stays over");
  return n;
}

/* The a-th of some spaces whose bounds and steps are small, or at the ends of 64 bits. */
enum { SOME = 8 };
static pp_space some_space(int a) {
  static const struct {
    int64_t begin, end, step;
  } some[SOME] = {
      {0, 1, 1},
      {0, 5, 1},
      {-3, 4, 3},
      {7, -2, -2},
      {INT64_MIN, INT64_MAX, INT64_MAX},
      {INT64_MAX, INT64_MIN, INT64_MIN},
      {INT64_MAX - 3, INT64_MAX, 2},
      {INT64_MIN + 2, INT64_MIN, -1},
  };
  return space_of(some[a % SOME].begin, some[a % SOME].end, some[a % SOME].step);
}

Test(schedule_boxes, every_run_of_an_untiled_grid_is_that_part_of_the_nested_loops) {
  static struct index all[MOST], part[MOST];
  const int64_t untiled[3] = {0};
  for (int rank = 2; rank <= 3; rank++) {
    for (int a = 0; a < SOME; a++) {
      for (int b = 0; b < SOME; b++) {
        const pp_space spaces[3] = {some_space(a), some_space(b), some_space(a + b)};
        pp_grid grid;
        cr_assert(pp_grid_make(&grid, rank, spaces, untiled));
        cr_assert_eq(append_box(all, 0, rank, spaces), grid.cells);
        for (uint64_t first = 0; first < grid.cells; first++) {
          const uint64_t rest = grid.cells - first, counts[] = {1, 2, rest / 2, rest};
          for (int c = 0; c < 4; c++) {
            const uint64_t count = counts[c] < rest ? counts[c] : rest;
            cr_assert_eq(walk_all(&grid, first, count, part), count);
            cr_assert_eq(memcmp(part, all + first, (size_t)count * sizeof part[0]), 0);
          }
        }
      }
    }
  }
}

/* The nested loops over tiles, and over each tile's iterations, written with small indices alone. */
static size_t append_tiles(struct index *list, int rank, const pp_space *spaces, const int64_t *tile) {
  uint64_t count[3] = {1, 1, 1}, size[3] = {1, 1, 1};
  size_t n = 0;
  for (int d = 0; d < rank; d++) {
    count[d] = spaces[d].count;
    size[d] = tile[d] == 0 || (uint64_t)tile[d] > count[d] ? count[d] : (uint64_t)tile[d];
  }
  for (uint64_t i = 0; i < count[0]; i += size[0]) {
    for (uint64_t j = 0; j < count[1]; j += size[1]) {
      for (uint64_t k = 0; k < count[2]; k += size[2]) {
        const uint64_t corner[3] = {i, j, k};
        pp_space box[3];
        for (int d = 0; d < rank; d++) {
          box[d] = space_of(pp_space_index(&spaces[d], corner[d]), pp_space_end(&spaces[d], corner[d] + size[d]),
                            spaces[d].step);
        }
        n = append_box(list, n, rank, box);
      }
    }
  }
  return n;
}

Test(schedule_boxes, a_tiled_grid_is_its_tiles_in_serial_order_with_partial_ones_at_the_edges) {
  static struct index all[MOST], part[MOST];
  const int64_t tiles[][3] = {
      {1, 0, 0},        {0, 1, 0}, {2, 3, 2}, {3, 2, 1}, {1, 1, 1}, {4, 4, 0}, {INT64_MAX, INT64_MAX, INT64_MAX},
      {INT64_MAX, 2, 0}};
  for (int rank = 2; rank <= 3; rank++) {
    for (size_t t = 0; t < sizeof tiles / sizeof tiles[0]; t++) {
      for (int a = 0; a < SOME; a++) {
        for (int b = 0; b < SOME; b++) {
          const pp_space spaces[3] = {some_space(a), some_space(b), some_space(a + b + 1)};
          pp_grid grid;
          cr_assert(pp_grid_make(&grid, rank, spaces, tiles[t]));
          const size_t n = append_tiles(all, rank, spaces, tiles[t]);
          cr_assert_eq(walk_all(&grid, 0, grid.cells, part), n);
          cr_assert_eq(memcmp(part, all, n * sizeof part[0]), 0);

          size_t in_parts = 0;
          for (uint64_t first = 0; first < grid.cells; first += 3) {
            const uint64_t rest = grid.cells - first;
            in_parts += walk_all(&grid, first, rest < 3 ? rest : 3, part + in_parts);
          }
          cr_assert_eq(in_parts, n);
          cr_assert_eq(memcmp(part, all, n * sizeof part[0]), 0);
        }
      }
    }
  }
}

Test(schedule_boxes, an_empty_dimension_makes_an_empty_grid_however_long_the_others) {
  const pp_space full = space_of(INT64_MIN, INT64_MAX, 1), none = space_of(3, 3, 1), backwards = space_of(0, 5, -1);
  const int64_t untiled[3] = {0}, tiles[3] = {1, 1, 1};
  pp_grid grid;
  cr_assert(pp_grid_make(&grid, 2, (const pp_space[]){none, full}, untiled));
  cr_assert_eq(grid.cells, 0);
  cr_assert(pp_grid_make(&grid, 3, (const pp_space[]){full, full, none}, untiled));
  cr_assert_eq(grid.cells, 0);
  cr_assert(pp_grid_make(&grid, 3, (const pp_space[]){full, backwards, full}, tiles));
  cr_assert_eq(grid.cells, 0);
}

Test(schedule_boxes, the_largest_grid_has_2_to_the_64_minus_1_cells) {
  const pp_space full = space_of(INT64_MIN, INT64_MAX, 1), single = space_of(5, 6, 1), two = space_of(0, 2, 1);
  const pp_space half = space_of(0, (int64_t)1 << 32, 1);
  const int64_t untiled[3] = {0}, tiles[3] = {INT64_MAX, INT64_MAX, 2};
  pp_grid grid;
  cr_assert(pp_grid_make(&grid, 3, (const pp_space[]){single, full, single}, untiled));
  cr_assert_eq(grid.cells, UINT64_MAX);
  cr_assert(pp_grid_make(&grid, 2, (const pp_space[]){full, single}, tiles));
  cr_assert_eq(grid.cells, 3);
  cr_assert_not(pp_grid_make(&grid, 2, (const pp_space[]){full, two}, untiled));
  cr_assert_not(pp_grid_make(&grid, 2, (const pp_space[]){half, half}, untiled));
  cr_assert_not(pp_grid_make(&grid, 3, (const pp_space[]){half, half, half}, tiles));
}

Test(schedule_boxes, runs_at_the_far_end_of_the_largest_grid_are_right) {
  const pp_space spaces[2] = {space_of(INT64_MAX, INT64_MIN, -1), space_of(-7, -6, 1)};
  const int64_t untiled[3] = {0};
  pp_grid grid;
  cr_assert(pp_grid_make(&grid, 2, spaces, untiled));
  pp_box_walk walk = pp_box_walk_from(&grid, 2, UINT64_MAX - 1, 1);
  cr_assert(pp_box_walk_next(&walk, &grid));
  cr_assert_eq(pp_box_edge(&walk, &grid, 0).begin, INT64_MIN + 1);
  cr_assert_eq(pp_box_edge(&walk, &grid, 0).end, INT64_MIN);
  cr_assert_eq(pp_box_edge(&walk, &grid, 1).begin, -7);
  cr_assert_eq(pp_box_edge(&walk, &grid, 1).end, -6);
  cr_assert_not(pp_box_walk_next(&walk, &grid));
}
