/* SPDX-License-Identifier: MIT */
/* loop_many_dims.c: loops of four to six dimensions run each iteration once, in the boxes that they promise. */
#include <stdio.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(loop_many_dims, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 2048 };

struct many {
  int dimensions;
  ppar_bounds bounds[PPAR_MAX_DIMENSIONS];
  int64_t tile[3];
  ppar_schedule schedule;
  int threads;
  struct findings *found;
};

static _Atomic unsigned char runs[ITERATIONS_MOST];

static uint64_t iterations_of(const struct many *loop) {
  uint64_t product = 1;
  for (int d = 0; d < loop->dimensions; d++) product *= ppar_bounds_count(loop->bounds[d]);
  return product;
}

/* The iteration's place in serial order. */
static uint64_t number_of(const struct many *loop, const int64_t index[PPAR_MAX_DIMENSIONS]) {
  uint64_t number = 0;
  for (int d = 0; d < loop->dimensions; d++) {
    const ppar_bounds b = loop->bounds[d];
    number = number * ppar_bounds_count(b) + (uint64_t)((index[d] - b.begin) / b.step);
  }
  return number;
}

static void note(const struct many *loop, const int64_t index[PPAR_MAX_DIMENSIONS]) {
  uint64_t number = number_of(loop, index);
  EXPECT(loop->found, number < iterations_of(loop));
  if (number < ITERATIONS_MOST) atomic_fetch_add(&runs[number], 1);
}

PPAR_BODY_4D(visit_4d, i, j, k, l, struct many, loop) { note(loop, (const int64_t[]){i, j, k, l, 0, 0}); }
PPAR_BODY_5D(visit_5d, i, j, k, l, m, struct many, loop) { note(loop, (const int64_t[]){i, j, k, l, m, 0}); }
PPAR_BODY_6D(visit_6d, i, j, k, l, m, o, struct many, loop) { note(loop, (const int64_t[]){i, j, k, l, m, o}); }

/* The shape of each box, and its iterations by ppar_tile_dim. */
static void visit_boxes(const ppar_tile *tile, void *arg) {
  const struct many *loop = arg;
  const int outer = loop->dimensions - 3;
  const bool tiled = loop->tile[0] != 0 || loop->tile[1] != 0 || loop->tile[2] != 0;
  int64_t index[PPAR_MAX_DIMENSIONS] = {0};
  for (int d = 0; d < loop->dimensions; d++) {
    const ppar_bounds box = ppar_tile_dim(tile, d), all = loop->bounds[d];
    const uint64_t count = ppar_bounds_count(box), place = (uint64_t)((box.begin - all.begin) / all.step);
    uint64_t most = ppar_bounds_count(all) - place;
    EXPECT(loop->found, box.step == all.step && count >= 1 && count <= most);
    if (tiled) {
      const uint64_t size = d < outer ? 1 : (uint64_t)loop->tile[d - outer];
      if (size != 0 && size < most) most = size;
      EXPECT(loop->found, count == most);
    } else if (d != loop->dimensions - 1) {
      EXPECT(loop->found, count == 1);
    }
    index[d] = box.begin;
  }
  for (;;) {
    int d = loop->dimensions - 1;
    note(loop, index);
    for (; d >= 0; d--) {
      ppar_bounds box = ppar_tile_dim(tile, d);
      if (ppar_bounds_next_(box, &index[d])) break;
      index[d] = box.begin;
    }
    if (d < 0) return;
  }
}

static void check(const struct many *loop, ppar_body_nd *body) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = loop->schedule, .threads = loop->threads,
                                             .tile = {loop->tile[0], loop->tile[1], loop->tile[2]});
  char text[100];
  uint64_t iterations = iterations_of(loop);
  cr_assert(iterations <= ITERATIONS_MOST);
  snprintf(text, sizeof text, "%d dimensions, %d threads, schedule %d, tile %d", loop->dimensions, loop->threads,
           (int)loop->schedule.kind, (int)loop->tile[0]);
  for (uint64_t k = 0; k < iterations; k++) atomic_store(&runs[k], 0);
  cr_assert_eq(ppar_parallel_for_nd(loop->dimensions, loop->bounds, body, (void *)(uintptr_t)loop, options), PPAR_OK);
  for (uint64_t k = 0; k < iterations; k++) EXPECT(loop->found, atomic_load(&runs[k]) == 1);
  ASSERT_CLEAN(loop->found, text);
}

Test(loop_many_dims, each_iteration_runs_once) {
  static const ppar_bounds bounds[PPAR_MAX_DIMENSIONS] = {{0, 3, 1},   {5, -3, -2}, {-1, 4, 2},
                                                          {10, 5, -1}, {0, 2, 1},   {7, 9, 1}};
  static const int64_t tiles[][3] = {{0, 0, 0}, {2, 0, 1}, {1, 1, 1}, {0, 3, 2}, {9, 9, 9}};
  static ppar_body_nd *const bodies[] = {visit_4d, visit_5d, visit_6d};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t count = case_schedules(schedules);
  struct findings found = {0, NULL};
  for (int dimensions = 2; dimensions <= PPAR_MAX_DIMENSIONS; dimensions++) {
    for (size_t s = 0; s < count; s++) {
      for (size_t t = 0; t < sizeof tiles / sizeof tiles[0]; t++) {
        struct many loop = {.dimensions = dimensions, .schedule = schedules[s], .threads = 1 + (int)(s + t) % 5};
        loop.found = &found;
        for (int d = 0; d < dimensions; d++) loop.bounds[d] = bounds[d];
        for (int d = 0; d < 3; d++) loop.tile[d] = tiles[t][d];
        if (dimensions == 2) loop.tile[2] = 0;
        if (dimensions > 3) {
          check(&loop, bodies[dimensions - 4]);
          check(&loop, visit_boxes);
        }
      }
    }
  }
}

Test(loop_many_dims, what_is_wrong_is_refused) {
  ppar_bounds bounds[7];
  struct findings found = {0, NULL};
  struct many loop = {.dimensions = 6, .found = &found};
  for (int d = 0; d < 7; d++) bounds[d] = PPAR_BOUNDS(0, 2);
  cr_expect_eq(ppar_parallel_for_nd(7, bounds, visit_6d, &loop, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_parallel_for_nd(1, bounds, visit_6d, &loop, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_parallel_for_nd(0, bounds, visit_6d, &loop, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_parallel_for_nd(6, NULL, visit_6d, &loop, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_parallel_for_nd(6, bounds, NULL, &loop, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_parallel_for_nd(6, bounds, visit_6d, &loop, PPAR_OPTIONS(.tile = {0, 0, -1})), PPAR_EINVAL);
  bounds[5].step = 0;
  cr_expect_eq(ppar_parallel_for_nd(6, bounds, visit_6d, &loop, NULL), PPAR_EINVAL);
  for (int d = 0; d < 6; d++) bounds[d] = PPAR_BOUNDS(0, INT64_C(1) << 12);
  cr_expect_eq(ppar_parallel_for_nd(6, bounds, visit_6d, &loop, NULL), PPAR_EINVAL);
  bounds[3] = PPAR_BOUNDS(0, 0);
  cr_expect_eq(ppar_parallel_for_nd(6, bounds, visit_6d, &loop, NULL), PPAR_OK);
}
