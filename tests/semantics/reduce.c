/* SPDX-License-Identifier: MIT */
/* reduce.c: reductions of values of any size fold every iteration once into what *result held, each slot's
 * partial value in its place: an operator need not commute. */
#include <stdalign.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/matrices.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(reduce, .timeout = SCALE_TIMEOUT);

static const int all_threads[] = {1, 2, 3, 8, 33, 100};
enum { THREADS = sizeof all_threads / sizeof all_threads[0] };

static const ppar_bounds all_bounds[] = {{0, 0, 1},
                                         {5, -5, 1},
                                         {0, 1, 1},
                                         {0, 7, 1},
                                         {-1000, 1000, 1},
                                         {999, -1001, -3},
                                         {0, 2500, 1},
                                         {INT64_MIN, INT64_MAX, INT64_MAX / 300},
                                         {INT64_MAX, INT64_MAX - 2049, -1}};
enum { BOUNDS = sizeof all_bounds / sizeof all_bounds[0] };

typedef void check_case(const struct loop_case *loop);

static void sweep(check_case *check, ppar_pool *pool) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = pool == NULL ? case_schedules(schedules) : case_few_schedules(schedules);
  uint64_t combination = 0;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t t = 0; t < THREADS; t++) {
      for (size_t b = 0; b < BOUNDS; b++) {
        if (!scale_keeps(&combination)) continue;
        struct loop_case loop = {
            .bounds = all_bounds[b], .schedule = schedules[s], .threads = all_threads[t], .pool = pool};
        check(&loop);
        loop.reproducible = true;
        check(&loop);
      }
    }
  }
}

static void sweep_both_pools(check_case *check) {
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  sweep(check, NULL);
  sweep(check, pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

PPAR_FOLD(add_hash, uint64_t, sum, i, char, nothing) { *sum += work_hash(i); }

static void check_sum(const struct loop_case *loop) {
  uint64_t result = 1234567, expected = result;
  for (uint64_t k = 0; k < case_iterations(loop); k++) {
    expected += work_hash((int64_t)((uint64_t)loop->bounds.begin + k * (uint64_t)loop->bounds.step));
  }
  cr_assert_eq(case_reduce(loop, add_hash, "", &ppar_sum_u64, &result), PPAR_OK, "%s", case_text(loop));
  cr_assert_eq(result, expected, "%s", case_text(loop));
}

Test(reduce, sums_are_the_serial_ones) { sweep_both_pools(check_sum); }

/* The greatest number of iterations that one accumulator was given, and which slots gave theirs in order. */
struct slots_seen {
  uint64_t iterations;
  int first, last; /* slots; -1: none */
  int disorder;
};

static const struct slots_seen no_slots = {0, -1, -1, 0};

static void join_slots(void *into, const void *from) {
  struct slots_seen *left = into;
  const struct slots_seen *right = from;
  left->iterations += right->iterations;
  left->disorder += right->disorder;
  if (right->first < 0) return;
  if (left->first < 0) left->first = right->first;
  if (left->last >= right->first) left->disorder++;
  left->last = right->last;
}

static const ppar_reduction slot_order = {sizeof(struct slots_seen), &no_slots, join_slots};

static void see_slot(const ppar_chunk *chunk, void *accumulator, void *arg) {
  struct slots_seen *seen = accumulator;
  (void)arg;
  if (seen->first < 0) {
    if (seen->iterations != 0 || seen->disorder != 0) seen->disorder += 1000; /* did not start as the identity */
    seen->first = seen->last = chunk->thread;
  }
  if (seen->first != chunk->thread || chunk->thread != ppar_thread_num()) seen->disorder += 1000000;
  seen->iterations += chunk->count;
  if (chunk->count % 3 == 0) work_yield();
}

static void check_slot_order(const struct loop_case *loop) {
  struct slots_seen result = no_slots;
  if (loop->reproducible) return; /* blocks have no slot */
  cr_assert_eq(case_reduce(loop, see_slot, NULL, &slot_order, &result), PPAR_OK, "%s", case_text(loop));
  cr_assert_eq(result.iterations, case_iterations(loop), "%s", case_text(loop));
  cr_assert_eq(result.disorder, 0, "%d in: %s", result.disorder, case_text(loop));
}

Test(reduce, partials_are_private_to_slots_and_combine_in_slot_order) { sweep_both_pools(check_slot_order); }

PPAR_FOLD(multiply_on, struct matrix, m, i, char, nothing) { *m = product(*m, matrix_of(i)); }

/* Where each slot's iterations are one block in slot order, and where blocks do not depend on slots. */
static bool keeps_order(const struct loop_case *loop) {
  return loop->reproducible || (loop->schedule.kind == PPAR_SCHEDULE_STATIC && loop->schedule.chunk == 0);
}

static void check_product(const struct loop_case *loop) {
  struct matrix result = matrix_of(77), expected = result;
  if (!keeps_order(loop)) return;
  for (uint64_t k = 0; k < case_iterations(loop); k++) {
    expected = product(expected, matrix_of((int64_t)((uint64_t)loop->bounds.begin + k * (uint64_t)loop->bounds.step)));
  }
  cr_assert_eq(case_reduce(loop, multiply_on, "", &matrix_product, &result), PPAR_OK, "%s", case_text(loop));
  cr_assert(memcmp(&result, &expected, sizeof result) == 0, "%s", case_text(loop));
}

Test(reduce, operators_that_do_not_commute_give_the_serial_result) { sweep_both_pools(check_product); }

/* Intervals of iteration numbers: only neighbours combine. */
struct interval {
  uint64_t first, past, broken; /* empty: first == past */
};

static void append(void *into, const void *from) {
  struct interval *left = into;
  const struct interval *right = from;
  left->broken += right->broken;
  if (right->first == right->past) return;
  if (left->first == left->past) {
    left->first = right->first;
  } else if (left->past != right->first) {
    left->broken++;
  }
  left->past = right->past;
}

static const ppar_reduction concatenation = {sizeof(struct interval), NULL, append};

static void append_chunk(const ppar_chunk *chunk, void *accumulator, void *arg) {
  uint64_t first = case_number(arg, chunk->begin);
  append(accumulator, &(struct interval){first + 5, first + 5 + chunk->count, 0});
}

static void check_concatenation(const struct loop_case *loop) {
  struct interval result = {2, 5, 0}; /* what came before the loop is its left neighbour */
  struct loop_case given = *loop;
  if (!keeps_order(loop)) return;
  cr_assert_eq(case_reduce(loop, append_chunk, &given, &concatenation, &result), PPAR_OK, "%s", case_text(loop));
  cr_assert_eq(result.first, UINT64_C(2), "%s", case_text(loop));
  cr_assert_eq(result.past, 5 + case_iterations(loop), "%s", case_text(loop));
  cr_assert_eq(result.broken, UINT64_C(0), "%s", case_text(loop));
}

Test(reduce, only_neighbours_combine_and_the_incoming_result_comes_first) { sweep_both_pools(check_concatenation); }

/* Static loops round alike in every run. */
PPAR_FOLD(add_real, double, sum, i, char, nothing) { *sum += (double)(int64_t)work_hash(i) * 0x1p-40; }

Test(reduce, static_loops_give_the_same_bits_in_every_run) {
  static const int64_t chunks[] = {0, 1, 7, 64, 1000};
  ppar_pool *pool = case_pool(5);
  cr_assert_not_null(pool);
  for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
    for (int threads = 1; threads <= 16; threads++) {
      double first = 0;
      for (uint64_t round = 0; round < 2 + scaled(26); round++) {
        double result = 0.1;
        struct loop_case loop = {
            .bounds = PPAR_BOUNDS(0, 5000), .schedule = ppar_static(chunks[c]), .threads = threads};
        if (round % 2 == 1) loop.pool = pool;
        cr_assert_eq(case_reduce(&loop, add_real, "", &ppar_sum_f64, &result), PPAR_OK);
        if (round == 0) first = result;
        cr_assert(memcmp(&result, &first, sizeof first) == 0, "%a, then %a, in: %s", first, result, case_text(&loop));
      }
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* A value of any size: every byte counts. The combine function cannot know the size, so each has its own. */
#define BYTES_REDUCTION(name, bytes)                                                    \
  static void name##_combine(void *into, const void *from) {                            \
    unsigned char *left = into;                                                         \
    const unsigned char *right = from;                                                  \
    for (size_t k = 0; k < (bytes); k++) left[k] = (unsigned char)(left[k] + right[k]); \
  }                                                                                     \
  static const ppar_reduction name = {(bytes), NULL, name##_combine}

BYTES_REDUCTION(bytes_1, 1);
BYTES_REDUCTION(bytes_3, 3);
BYTES_REDUCTION(bytes_17, 17);
BYTES_REDUCTION(bytes_128, 128);
BYTES_REDUCTION(bytes_129, 129);
BYTES_REDUCTION(bytes_4096, 4096);
BYTES_REDUCTION(bytes_70001, 70001);
BYTES_REDUCTION(bytes_1m, 1 << 20);

static void add_bytes(const ppar_chunk *chunk, void *accumulator, void *arg) {
  const size_t size = *(const size_t *)arg;
  unsigned char *bytes = accumulator;
  ppar_for_each_index(i, chunk) {
    for (size_t k = (size_t)work_hash(i) % 64; k < size; k += 64) bytes[k] = (unsigned char)(bytes[k] + i);
    bytes[size - 1]++;
  }
}

Test(reduce, values_may_have_any_size) {
  static const ppar_reduction *const reductions[] = {&bytes_1,   &bytes_3,    &bytes_17,    &bytes_128,
                                                     &bytes_129, &bytes_4096, &bytes_70001, &bytes_1m};
  static unsigned char result[1 << 20], expected[1 << 20];
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  uint64_t combination = 0;
  for (size_t r = 0; r < sizeof reductions / sizeof reductions[0]; r++) {
    size_t size = reductions[r]->size;
    for (size_t s = 0; s < schedule_count; s++) {
      for (int threads = 1; threads <= 16; threads = threads * 3 + 1) {
        if (!scale_keeps(&combination)) continue;
        struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 100), .schedule = schedules[s], .threads = threads};
        loop.reproducible = threads == 4;
        ppar_chunk all = {.begin = 0, .end = 100, .step = 1, .count = 100};
        memset(result, 9, size);
        memset(expected, 9, size);
        add_bytes(&all, expected, &size);
        cr_assert_eq(case_reduce(&loop, add_bytes, &size, reductions[r], result), PPAR_OK, "%s", case_text(&loop));
        cr_assert(memcmp(result, expected, size) == 0, "%zu bytes in: %s", size, case_text(&loop));
      }
    }
  }
}

/* Types that want the strictest alignment the language knows by itself. */
static const long double zero = 0;

static void add_long_double(void *into, const void *from) { *(long double *)into += *(const long double *)from; }

static const ppar_reduction sum_long_double = {sizeof(long double), &zero, add_long_double};

static void fold_aligned(const ppar_chunk *chunk, void *accumulator, void *arg) {
  EXPECT((struct findings *)arg, (uintptr_t)accumulator % alignof(max_align_t) == 0);
  *(long double *)accumulator += (long double)chunk->count;
}

Test(reduce, accumulators_are_aligned_for_any_type) {
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int threads = 1; threads < 20; threads++) {
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 777), .schedule = schedules[s], .threads = threads};
      loop.reproducible = threads % 2 == 0;
      long double result = 1;
      cr_assert_eq(case_reduce(&loop, fold_aligned, &found, &sum_long_double, &result), PPAR_OK);
      cr_assert(result == 778);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
}

Test(reduce, an_empty_loop_leaves_the_result_bit_for_bit) {
  static const ppar_bounds empty[] = {
      {0, 0, 1}, {1, 0, 1}, {0, 1, -1}, {INT64_MAX, INT64_MIN, 1}, {INT64_MIN, INT64_MAX, -1}};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t b = 0; b < sizeof empty / sizeof empty[0]; b++) {
      struct loop_case loop = {.bounds = empty[b], .schedule = schedules[s], .threads = 3};
      double result, before;
      memset(&before, 0x7f, sizeof before);
      for (int reproducible = 0; reproducible < 2; reproducible++) {
        loop.reproducible = reproducible != 0;
        result = before;
        cr_assert_eq(case_reduce(&loop, add_real, "", &ppar_sum_f64, &result), PPAR_OK);
        cr_assert(memcmp(&result, &before, sizeof before) == 0, "%s", case_text(&loop));
        result = -0.0;
        cr_assert_eq(case_reduce(&loop, add_real, "", &ppar_sum_f64, &result), PPAR_OK);
        cr_assert(result == 0 && __builtin_signbit(result), "%s", case_text(&loop));
      }
    }
  }
}
