/* SPDX-License-Identifier: MIT */
/* static_map.c: static schedules give each iteration to the slot that OpenMP gives it to, every time,
 * whichever thread runs the slot. */

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(static_map, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 5000, NOBODY = -1 };

struct map {
  struct loop_case loop;
  int *owner; /* of each iteration; plain, for each is written once and read after the loop */
  bool uneven;
};

/* OpenMP's map, written from its text. */
static int expected_owner(uint64_t number, uint64_t iterations, uint64_t threads, uint64_t chunk) {
  if (chunk != 0) return (int)(number / chunk % threads);
  uint64_t least = iterations / threads, larger = iterations % threads;
  if (number < larger * (least + 1)) return (int)(number / (least + 1));
  return (int)(larger + (number - larger * (least + 1)) / least);
}

static void record_owner(const ppar_chunk *chunk, void *arg) {
  const struct map *map = arg;
  /* Some slots last long, so that fast threads come to run several slots. */
  if (map->uneven && chunk->thread % 3 == 0) {
    work_yield();
    work_spin(2000);
  }
  ppar_for_each_index(i, chunk) map->owner[case_number(&map->loop, i)] = chunk->thread;
}

PPAR_BODY(record_owner_of_one, i, struct map, map) { map->owner[case_number(&map->loop, i)] = ppar_thread_num(); }

static void check(const struct loop_case *loop, ppar_body *body, bool uneven) {
  static int owner[ITERATIONS_MOST];
  struct findings found = {0, NULL};
  struct map map = {*loop, owner, uneven};
  uint64_t iterations = case_iterations(loop);
  uint64_t threads = (uint64_t)(loop->threads != 0 ? loop->threads : ppar_max_threads(loop->pool));
  cr_assert(iterations <= ITERATIONS_MOST);
  for (uint64_t k = 0; k < iterations; k++) owner[k] = NOBODY;
  EXPECT(&found, case_run(loop, body, &map) == PPAR_OK);
  for (uint64_t k = 0; k < iterations; k++) {
    EXPECT(&found, owner[k] == expected_owner(k, iterations, threads, (uint64_t)loop->schedule.chunk));
  }
  ASSERT_CLEAN(&found, case_text(loop));
}

static void sweep(ppar_pool *pool, bool uneven) {
  static const int64_t chunks[] = {0, 1, 2, 3, 7, 64, 4999, INT64_MAX};
  static const int threads[] = {0, 1, 2, 3, 5, 8, 33, 100};
  static const ppar_bounds bounds[] = {
      {0, 1, 1},
      {0, 2, 1},
      {3, 10, 1},
      {0, 99, 1},
      {0, 100, 1},
      {0, 101, 1},
      {-2500, 2500, 1},
      {700, -700, -1},
      {-350, 351, 7},
      {INT64_MAX, INT64_MAX - 640, -3},
      {INT64_MIN, INT64_MAX, INT64_MAX / 100},
  };
  uint64_t combination = 0;
  for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        if (!scale_keeps(&combination)) continue;
        struct loop_case loop = {
            .bounds = bounds[b], .schedule = ppar_static(chunks[c]), .threads = threads[t], .pool = pool};
        check(&loop, record_owner, uneven);
        check(&loop, record_owner_of_one, false);
      }
    }
  }
}

Test(static_map, is_openmps_on_the_default_pool) { sweep(NULL, false); }

Test(static_map, does_not_depend_on_the_number_of_workers) {
  static const int sizes[] = {1, 2, 3, 16};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    ppar_pool *pool = case_pool(sizes[s]);
    cr_assert_not_null(pool);
    sweep(pool, false);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

Test(static_map, is_the_same_when_slots_are_slow_and_others_take_over) {
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  for (uint64_t round = 0; round < 3; round++) sweep(pool, true);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(static_map, is_the_same_under_every_order_modifier) {
  for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    for (int64_t chunk = 0; chunk < 5; chunk++) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 777), .threads = 6};
      loop.schedule = (ppar_schedule){PPAR_SCHEDULE_STATIC, (ppar_schedule_order)order, chunk};
      check(&loop, record_owner, true);
    }
  }
}

/* What programs do with the promise: the second loop reads, without any lock, what the same slot wrote. */
struct stages {
  uint64_t *written_by; /* of each iteration: slot + 1 */
  struct findings *found;
};

PPAR_BODY(first_stage, i, struct stages, stages) { stages->written_by[i] = (uint64_t)ppar_thread_num() + 1; }
PPAR_BODY(second_stage, i, struct stages, stages) {
  EXPECT(stages->found, stages->written_by[i] == (uint64_t)ppar_thread_num() + 1);
}

Test(static_map, is_kept_from_one_loop_to_the_next) {
  static uint64_t written_by[ITERATIONS_MOST];
  struct findings found = {0, NULL};
  struct stages stages = {written_by, &found};
  for (int64_t chunk = 0; chunk < 4; chunk++) {
    for (int threads = 1; threads < 12; threads++) {
      const ppar_options *options = PPAR_OPTIONS(.schedule = ppar_static(chunk), .threads = threads);
      cr_assert_eq(ppar_parallel_for(0, ITERATIONS_MOST, first_stage, &stages, options), PPAR_OK);
      cr_assert_eq(ppar_parallel_for(0, ITERATIONS_MOST, second_stage, &stages, options), PPAR_OK);
    }
  }
  ASSERT_CLEAN(&found, "two loops with the same static schedule");
}

/* Nested: the map is of the inner loop's own slots, on whatever thread the outer body runs. */
static void run_inner(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  ppar_for_each_index(i, chunk) {
    int owner[64];
    struct map map = {
        {.bounds = PPAR_BOUNDS(0, 64), .schedule = ppar_static(i % 5), .threads = 1 + (int)(i % 7)}, owner, false};
    EXPECT(found, case_run(&map.loop, record_owner, &map) == PPAR_OK);
    for (uint64_t k = 0; k < 64; k++) {
      EXPECT(found, owner[k] == expected_owner(k, 64, (uint64_t)map.loop.threads, (uint64_t)map.loop.schedule.chunk));
    }
  }
}

Test(static_map, holds_in_nested_loops) {
  struct findings found = {0, NULL};
  int64_t outer = (int64_t)scaled(2000);
  cr_assert_eq(ppar_parallel_for(0, outer, run_inner, &found, PPAR_OPTIONS(.schedule = ppar_dynamic(3), .threads = 5)),
               PPAR_OK);
  ASSERT_CLEAN(&found, "static loops inside a dynamic one");
}
