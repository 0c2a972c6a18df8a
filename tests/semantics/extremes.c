/* SPDX-License-Identifier: MIT */
/* extremes.c: loops over the whole index type, with more iterations than 32 bits count, and with chunks
 * as great as the type allows. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(extremes, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 100 };

struct totals {
  _Atomic uint64_t chunks, iterations;
  _Atomic uint64_t firsts; /* sum of the chunks' first numbers, modulo 2^64 */
  _Atomic uint64_t greatest;
  struct loop_case loop;
};

static void add_chunk(const ppar_chunk *chunk, void *arg) {
  struct totals *totals = arg;
  uint64_t greatest = atomic_load(&totals->greatest);
  atomic_fetch_add(&totals->chunks, 1);
  atomic_fetch_add(&totals->iterations, chunk->count);
  atomic_fetch_add(&totals->firsts, case_number(&totals->loop, chunk->begin));
  while (chunk->count > greatest && !atomic_compare_exchange_weak(&totals->greatest, &greatest, chunk->count)) continue;
}

static void run(struct totals *totals, const struct loop_case *loop) {
  *totals = (struct totals){.loop = *loop};
  cr_assert_eq(case_run(loop, add_chunk, totals), PPAR_OK, "%s", case_text(loop));
}

static const ppar_bounds whole[] = {{INT64_MIN, INT64_MAX, 1}, {INT64_MAX, INT64_MIN, -1}};

Test(extremes, static_blocks_of_the_whole_type_differ_by_at_most_one) {
  for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
    for (int threads = 1; threads <= THREADS_MOST; threads++) {
      struct totals totals;
      struct loop_case loop = {.bounds = whole[w], .schedule = ppar_static(0), .threads = threads};
      run(&totals, &loop);
      cr_assert_eq(totals.iterations, UINT64_MAX, "%s", case_text(&loop));
      cr_assert(totals.greatest <= (UINT64_MAX - 1) / (uint64_t)threads + 1, "%s", case_text(&loop));
    }
  }
}

Test(extremes, huge_chunks_cut_the_whole_type_where_they_should) {
  static const int64_t chunks[] = {INT64_C(1) << 60, INT64_MAX / 3, INT64_MAX - 1, INT64_MAX};
  static const int threads[] = {1, 2, 3, 8, THREADS_MOST};
  for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
    for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
      const ppar_schedule schedules[] = {ppar_dynamic(chunks[c]), ppar_monotonic(ppar_dynamic(chunks[c])),
                                         ppar_static(chunks[c])};
      uint64_t size = (uint64_t)chunks[c], count = (UINT64_MAX - 1) / size + 1, firsts = 0;
      for (uint64_t k = 0; k < count; k++) firsts += k * size;
      for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
        for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
          struct totals totals;
          struct loop_case loop = {.bounds = whole[w], .schedule = schedules[s], .threads = threads[t]};
          run(&totals, &loop);
          cr_assert_eq(totals.chunks, count, "%s", case_text(&loop));
          cr_assert_eq(totals.iterations, UINT64_MAX, "%s", case_text(&loop));
          cr_assert_eq(totals.firsts, firsts, "%s", case_text(&loop));
          cr_assert(totals.greatest <= size, "%s", case_text(&loop));
        }
      }
    }
  }
}

Test(extremes, more_iterations_than_32_bits_count_are_all_run) {
  const int64_t iterations = INT64_C(5) << 32;
  const ppar_schedule schedules[] = {ppar_static(0), ppar_static(INT64_C(1) << 25), ppar_dynamic(INT64_C(3) << 24),
                                     ppar_guided(1), ppar_monotonic(ppar_guided(1 << 20))};
  for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
    for (int threads = 1; threads <= 33; threads = threads * 2 + 1) {
      struct totals totals;
      struct loop_case loop = {.bounds = {-iterations, iterations, 2}, .schedule = schedules[s], .threads = threads};
      run(&totals, &loop);
      cr_assert_eq(totals.iterations, (uint64_t)iterations, "%s", case_text(&loop));
    }
  }
}

/* Few iterations, far apart: sums of the index values show each one's place. */
static void add_indices(const ppar_chunk *chunk, void *arg) {
  _Atomic uint64_t *sum = arg;
  ppar_for_each_index(i, chunk) atomic_fetch_add(sum, (uint64_t)i ^ UINT64_C(0x5555));
}

struct place {
  _Atomic uint64_t *sum;
};

PPAR_BODY(add_index, i, struct place, place) { atomic_fetch_add(place->sum, (uint64_t)i ^ UINT64_C(0x5555)); }

Test(extremes, great_steps_meet_the_serial_loops_indices) {
  static const int64_t steps[] = {INT64_C(1) << 62, INT64_C(1) << 60,   INT64_MAX,     INT64_MAX - 1,
                                  INT64_MAX / 3,    INT64_MAX / 99 + 1, INT64_MAX / 7, INT64_C(6148914691236517205)};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
    for (int down = 0; down < 2; down++) {
      struct loop_case loop = {.bounds = {INT64_MIN, INT64_MAX, steps[k]}};
      if (down) loop.bounds = (ppar_bounds){INT64_MAX, INT64_MIN, -steps[k]};
      uint64_t expected = 0, iterations = case_iterations(&loop);
      for (uint64_t n = 0; n < iterations; n++) {
        expected += ((uint64_t)loop.bounds.begin + n * (uint64_t)loop.bounds.step) ^ UINT64_C(0x5555);
      }
      for (size_t s = 0; s < schedule_count; s++) {
        for (loop.threads = 1; loop.threads <= 40; loop.threads = loop.threads * 3 + 1) {
          _Atomic uint64_t sum = 0;
          struct place place = {&sum};
          loop.schedule = schedules[s];
          cr_assert_eq(case_run(&loop, add_indices, &sum), PPAR_OK, "%s", case_text(&loop));
          cr_assert_eq(sum, expected, "%s", case_text(&loop));
          cr_assert_eq(case_run(&loop, add_index, &place), PPAR_OK, "%s", case_text(&loop));
          cr_assert_eq(sum, 2 * expected, "%s", case_text(&loop));
        }
      }
    }
  }
}

static void fail_at_first(const ppar_chunk *chunk, void *arg) {
  const struct loop_case *loop = arg;
  if (chunk->begin == loop->bounds.begin) ppar_cancel(chunk, 42);
}

/* Serial, each of these ends after its first iteration; in parallel none may go on for centuries. */
Test(extremes, a_loop_over_the_whole_type_ends_when_its_first_iteration_fails) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
    for (size_t s = 0; s < schedule_count; s++) {
      struct loop_case loop = {.bounds = whole[w], .schedule = schedules[s], .threads = ppar_max_threads(NULL)};
      cr_assert_eq(case_run(&loop, fail_at_first, &loop), 42, "%s", case_text(&loop));
      loop.threads = 1;
      cr_assert_eq(case_run(&loop, fail_at_first, &loop), 42, "%s", case_text(&loop));
    }
  }
}

struct distant {
  struct loop_case loop;
  uint64_t failing;
};

static void fail_at_number(const ppar_chunk *chunk, void *arg) {
  const struct distant *distant = arg;
  uint64_t first = case_number(&distant->loop, chunk->begin);
  if (distant->failing - first < chunk->count) ppar_cancel(chunk, 43);
}

Test(extremes, a_shared_counter_over_the_whole_type_stops_soon_after_the_failure) {
  const ppar_schedule schedules[] = {ppar_monotonic(ppar_dynamic(1)), ppar_monotonic(ppar_dynamic(7))};
  for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
    for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
      for (int threads = 1; threads <= 33; threads = threads * 2 + 1) {
        struct distant distant = {{.bounds = whole[w], .schedule = schedules[s], .threads = threads}, 10007};
        cr_assert_eq(case_run(&distant.loop, fail_at_number, &distant), 43, "%s", case_text(&distant.loop));
      }
    }
  }
}

static void fold_count(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  *(uint64_t *)accumulator += chunk->count;
}

Test(extremes, reductions_over_the_whole_type_fold_every_iteration) {
  const ppar_schedule schedules[] = {ppar_static(0), ppar_static(INT64_MAX), ppar_dynamic(INT64_C(1) << 59),
                                     ppar_guided(1)};
  for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
    for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
      for (int threads = 1; threads <= 33; threads = threads * 2 + 1) {
        struct loop_case loop = {.bounds = whole[w], .schedule = schedules[s], .threads = threads};
        uint64_t result = 10;
        cr_assert_eq(case_reduce(&loop, fold_count, NULL, &ppar_sum_u64, &result), PPAR_OK, "%s", case_text(&loop));
        cr_assert_eq(result, UINT64_C(9), "%s", case_text(&loop));
      }
    }
  }
}
