/* SPDX-License-Identifier: MIT */
/* guided_map.c: guided loops are cut into chunks of max(ceil(remaining / T), c), whoever runs them. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(guided_map, .timeout = SCALE_TIMEOUT);

enum { CHUNKS_MOST = 40000 };

struct piece {
  uint64_t first, count;
};

struct cuts {
  struct loop_case loop;
  bool uneven;
  _Atomic size_t pieces;
  struct piece piece[CHUNKS_MOST];
};

static void record_chunk(const ppar_chunk *chunk, void *arg) {
  struct cuts *cuts = arg;
  size_t mine = atomic_fetch_add(&cuts->pieces, 1);
  if (mine < CHUNKS_MOST) cuts->piece[mine] = (struct piece){case_number(&cuts->loop, chunk->begin), chunk->count};
  if (cuts->uneven && mine % 4 == 0) work_spin(3000);
}

static int by_first(const void *left, const void *right) {
  const struct piece *a = left, *b = right;
  return a->first < b->first ? -1 : a->first > b->first;
}

static int by_falling_count(const void *left, const void *right) {
  const struct piece *a = left, *b = right;
  return a->count > b->count ? -1 : a->count < b->count;
}

static void check(const struct loop_case *loop, bool uneven) {
  static struct cuts cuts;
  struct findings found = {0, NULL};
  uint64_t iterations = case_iterations(loop), threads = (uint64_t)loop->threads;
  uint64_t least = loop->schedule.chunk != 0 ? (uint64_t)loop->schedule.chunk : 1;
  cuts.loop = *loop;
  cuts.uneven = uneven;
  atomic_store(&cuts.pieces, 0);
  EXPECT(&found, case_run(loop, record_chunk, &cuts) == PPAR_OK);
  size_t pieces = atomic_load(&cuts.pieces);
  cr_assert(pieces <= CHUNKS_MOST, "%zu chunks in: %s", pieces, case_text(loop));

  qsort(cuts.piece, pieces, sizeof cuts.piece[0], by_first);
  uint64_t next = 0;
  for (size_t p = 0; p < pieces; p++) {
    EXPECT(&found, cuts.piece[p].first == next);
    EXPECT(&found, cuts.piece[p].count >= least || p + 1 == pieces);
    next += cuts.piece[p].count;
  }
  EXPECT(&found, next == iterations);

  qsort(cuts.piece, pieces, sizeof cuts.piece[0], by_falling_count);
  uint64_t remaining = iterations;
  for (size_t p = 0; p < pieces && remaining != 0; p++) {
    uint64_t share = (remaining - 1) / threads + 1;
    uint64_t expected = share > least ? share : least;
    if (expected > remaining) expected = remaining;
    EXPECT(&found, cuts.piece[p].count == expected);
    remaining -= expected;
  }
  EXPECT(&found, remaining == 0);
  ASSERT_CLEAN(&found, case_text(loop));
}

static void sweep(ppar_pool *pool, bool uneven) {
  static const int64_t chunks[] = {0, 1, 2, 3, 64, 1000, 30000};
  static const int threads[] = {1, 2, 3, 8, 33};
  static const ppar_bounds bounds[] = {{0, 1, 1},        {0, 2, 1},       {0, 7, 1},          {0, 100, 1},
                                       {0, 1000, 1},     {-999, 1000, 3}, {25000, 0, -1},     {0, 16384, 1},
                                       {100, -7000, -7}, {0, 33 * 64, 1}, {0, 33 * 64 + 1, 1}};
  uint64_t combination = 0;
  for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
      for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
        for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
          if (!scale_keeps(&combination)) continue;
          struct loop_case loop = {.bounds = bounds[b], .threads = threads[t], .pool = pool};
          loop.schedule = (ppar_schedule){PPAR_SCHEDULE_GUIDED, (ppar_schedule_order)order, chunks[c]};
          check(&loop, uneven);
        }
      }
    }
  }
}

Test(guided_map, chunks_are_the_serial_sequence) { sweep(NULL, false); }

Test(guided_map, chunks_are_the_serial_sequence_on_many_threads_with_uneven_bodies) {
  ppar_pool *pool = case_pool(6);
  cr_assert_not_null(pool);
  sweep(pool, true);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(guided_map, chunks_are_the_serial_sequence_in_loops_as_long_as_the_type) {
  static const ppar_bounds bounds[] = {
      {0, INT64_C(1) << 40, 1}, {INT64_MIN, INT64_MAX, 1}, {INT64_MAX, INT64_MIN, -1}, {INT64_MIN, INT64_MAX, 3}};
  static const int64_t chunks[] = {0, 1, 1000, INT64_C(1) << 33, INT64_C(1) << 60, INT64_MAX};
  for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
      for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
        for (int threads = 1; threads <= 100; threads = threads * 3 + 1) {
          struct loop_case loop = {.bounds = bounds[b], .threads = threads};
          loop.schedule = (ppar_schedule){PPAR_SCHEDULE_GUIDED, (ppar_schedule_order)order, chunks[c]};
          check(&loop, false);
        }
      }
    }
  }
}
