/* SPDX-License-Identifier: MIT */
/* per_thread.c: storage per thread number: what values start as, that each is its thread's alone, how they combine. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(per_thread, .timeout = SCALE_TIMEOUT);

enum { LINE = 128 }; /* what ppar/memory.h promises */

static const int thread_counts[] = {1, 2, 3, 8, 33};
enum { THREAD_COUNTS = sizeof thread_counts / sizeof thread_counts[0] };

static ppar_per_thread *make(int threads, size_t size, const void *initial) {
  ppar_per_thread *values = NULL;
  cr_assert_eq(ppar_per_thread_create(&values, threads, size, initial), PPAR_OK);
  cr_assert_not_null(values);
  return values;
}

static bool all_bytes_are(const unsigned char *value, size_t size, const unsigned char *expected) {
  for (size_t b = 0; b < size; b++) {
    if (value[b] != (expected != NULL ? expected[b] : 0)) return false;
  }
  return true;
}

Test(per_thread, values_start_as_the_initial_one_on_lines_of_their_own) {
  static const size_t sizes[] = {1, 7, 8, 127, 128, 129, 256, 5000};
  unsigned char initial[5000];
  for (size_t b = 0; b < sizeof initial; b++) initial[b] = (unsigned char)work_hash((int64_t)b);
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    for (int c = 0; c < THREAD_COUNTS; c++) {
      for (int given = 0; given < 2; given++) {
        const unsigned char *start = given ? initial : NULL;
        ppar_per_thread *values = make(thread_counts[c], sizes[s], start);
        const unsigned char *before = NULL;
        for (int t = 0; t < thread_counts[c]; t++) {
          unsigned char *value = ppar_per_thread_at(values, t);
          cr_assert_not_null(value);
          cr_assert_eq((uintptr_t)value % LINE, 0);
          cr_assert(before == NULL || value >= before + (sizes[s] + LINE - 1) / LINE * LINE, "size %zu", sizes[s]);
          cr_assert(all_bytes_are(value, sizes[s], start), "size %zu, thread %d", sizes[s], t);
          before = value;
        }
        ppar_per_thread_free(values);
      }
    }
  }
}

Test(per_thread, a_write_changes_no_other_value) {
  enum { THREADS = 5, SIZE = 200 };
  ppar_per_thread *values = make(THREADS, SIZE, NULL);
  for (int t = 0; t < THREADS; t++) memset(ppar_per_thread_at(values, t), t + 1, SIZE);
  for (int t = 0; t < THREADS; t++) {
    unsigned char expected[SIZE];
    memset(expected, t + 1, SIZE);
    cr_assert(all_bytes_are(ppar_per_thread_at(values, t), SIZE, expected), "thread %d", t);
  }
  ppar_per_thread_free(values);
}

Test(per_thread, there_are_as_many_values_as_asked_for_and_none_outside) {
  static const int outside[] = {-1, INT32_MIN, INT32_MAX};
  for (int c = 0; c < THREAD_COUNTS; c++) {
    ppar_per_thread *values = make(thread_counts[c], sizeof(int), NULL);
    cr_assert_eq(ppar_per_thread_count(values), thread_counts[c]);
    cr_assert_null(ppar_per_thread_at(values, thread_counts[c]));
    for (int o = 0; o < 3; o++) cr_assert_null(ppar_per_thread_at(values, outside[o]));
    ppar_per_thread_free(values);
  }
  ppar_per_thread *most = make(PPAR_MAX_THREADS, 1, NULL), *usual = make(0, 1, NULL);
  cr_assert_not_null(ppar_per_thread_at(most, PPAR_MAX_THREADS - 1));
  cr_assert_eq(ppar_per_thread_count(usual), ppar_max_threads(NULL));
  ppar_per_thread_free(most);
  ppar_per_thread_free(usual);
}

Test(per_thread, null_is_no_values) {
  cr_assert_eq(ppar_per_thread_count(NULL), 0);
  cr_assert_null(ppar_per_thread_at(NULL, 0));
  cr_assert_null(ppar_per_thread_mine(NULL));
  ppar_per_thread_free(NULL);
}

/* A thread's part of a loop: how many iterations, and the sum of their numbers. */
struct part {
  int64_t count, sum;
};

static void add_parts(void *into, const void *from) {
  struct part *a = into;
  const struct part *b = from;
  a->count += b->count;
  a->sum += b->sum;
}
static const ppar_reduction parts = {.size = sizeof(struct part), .combine = add_parts};

struct counting {
  ppar_per_thread *values;
  struct findings found;
};

static void count(const ppar_chunk *chunk, void *arg) {
  struct counting *counting = arg;
  struct part *mine = ppar_per_thread_at(counting->values, chunk->thread);
  EXPECT(&counting->found, mine != NULL && mine == ppar_per_thread_mine(counting->values));
  if (mine == NULL) return;
  ppar_for_each_index(i, chunk) {
    mine->count++;
    mine->sum += i;
    work_yield();
  }
}

Test(per_thread, nothing_is_lost_and_values_stay_from_loop_to_loop) {
  enum { ITERATIONS = 1000, LOOPS = 3 };
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  const size_t schedule_count = case_few_schedules(schedules);
  for (size_t s = 0; s < schedule_count; s++) {
    for (int c = 0; c < THREAD_COUNTS; c++) {
      const struct loop_case loop = {
          .bounds = PPAR_BOUNDS(0, ITERATIONS), .schedule = schedules[s], .threads = thread_counts[c]};
      struct counting counting = {.values = make(loop.threads, sizeof(struct part), NULL)};
      struct part total = {0, 0};
      for (int l = 0; l < LOOPS; l++) cr_assert_eq(case_run(&loop, count, &counting), PPAR_OK);
      cr_assert_eq(ppar_per_thread_combine(counting.values, &parts, &total), PPAR_OK);
      ASSERT_CLEAN(&counting.found, case_text(&loop));
      cr_assert_eq(total.count, LOOPS * ITERATIONS, "%s", case_text(&loop));
      cr_assert_eq(total.sum, LOOPS * (int64_t)ITERATIONS * (ITERATIONS - 1) / 2, "%s", case_text(&loop));
      ppar_per_thread_free(counting.values);
    }
  }
}

/* Each iteration of the outer loop runs an inner one, which has values and thread numbers of its own. */
static void nest(const ppar_chunk *chunk, void *arg) {
  enum { THREADS = 3, ITERATIONS = 50 };
  struct counting *outer = arg;
  ppar_for_each_index(i, chunk) {
    struct counting inner = {.values = NULL};
    struct part total = {0, 0};
    EXPECT(&outer->found, ppar_per_thread_create(&inner.values, THREADS, sizeof total, NULL) == PPAR_OK);
    EXPECT(&outer->found, ppar_parallel_for(0, ITERATIONS, count, &inner,
                                            PPAR_OPTIONS(.threads = THREADS, .schedule = ppar_dynamic(1))) == PPAR_OK);
    EXPECT(&outer->found, ppar_per_thread_combine(inner.values, &parts, &total) == PPAR_OK);
    EXPECT(&outer->found, total.count == ITERATIONS);
    EXPECT(&outer->found, atomic_load(&inner.found.count) == 0);
    ppar_per_thread_free(inner.values);
    ((struct part *)ppar_per_thread_mine(outer->values))->count++;
  }
}

Test(per_thread, nested_loops_with_values_of_their_own_do_not_mix) {
  const int64_t iterations = 40;
  struct counting outer = {.values = make(4, sizeof(struct part), NULL)};
  struct part total = {0, 0};
  cr_assert_eq(ppar_parallel_for(0, iterations, nest, &outer, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
  cr_assert_eq(ppar_per_thread_combine(outer.values, &parts, &total), PPAR_OK);
  ASSERT_CLEAN(&outer.found, "loops in a loop");
  cr_assert_eq(total.count, iterations);
  ppar_per_thread_free(outer.values);
}

/* A number in decimal: combining writes the digits one after the other, which tells the order. */
static void append(void *into, const void *from) { *(int64_t *)into = *(int64_t *)into * 10 + *(const int64_t *)from; }
static const ppar_reduction digits = {.size = sizeof(int64_t), .combine = append};

Test(per_thread, values_combine_in_thread_order_into_the_incoming_result) {
  ppar_per_thread *values = make(8, sizeof(int64_t), NULL);
  int64_t result = 9;
  for (int t = 0; t < 8; t++) *(int64_t *)ppar_per_thread_at(values, t) = t + 1;
  cr_assert_eq(ppar_per_thread_combine(values, &digits, &result), PPAR_OK);
  cr_assert_eq(result, 912345678);
  for (int t = 0; t < 8; t++) cr_assert_eq(*(int64_t *)ppar_per_thread_at(values, t), t + 1, "thread %d", t);
  ppar_per_thread_free(values);
}

Test(per_thread, an_initial_identity_changes_nothing) {
  ppar_per_thread *values = make(33, sizeof(double), ppar_min_f64.identity);
  double result = 3;
  cr_assert_eq(ppar_per_thread_combine(values, &ppar_min_f64, &result), PPAR_OK);
  cr_assert_eq(result, 3);
  *(double *)ppar_per_thread_at(values, 17) = -2;
  cr_assert_eq(ppar_per_thread_combine(values, &ppar_min_f64, &result), PPAR_OK);
  cr_assert_eq(result, -2);
  ppar_per_thread_free(values);
}

Test(per_thread, bad_input_is_refused_and_nothing_written) {
  static const int bad_threads[] = {-1, INT32_MIN, PPAR_MAX_THREADS + 1, INT32_MAX};
  int64_t spare;
  ppar_per_thread *const untouched = (ppar_per_thread *)(void *)&spare;
  ppar_per_thread *values = untouched;
  for (size_t b = 0; b < sizeof bad_threads / sizeof bad_threads[0]; b++) {
    cr_assert_eq(ppar_per_thread_create(&values, bad_threads[b], 8, NULL), PPAR_EINVAL, "%d", bad_threads[b]);
  }
  cr_assert_eq(ppar_per_thread_create(&values, 2, 0, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_per_thread_create(NULL, 2, 8, NULL), PPAR_EINVAL);
  cr_assert_eq(values, untouched);

  const ppar_reduction no_combine = {.size = sizeof(int64_t)};
  int64_t result = 5;
  values = make(2, sizeof(int64_t), &(int64_t){1});
  cr_assert_eq(ppar_per_thread_combine(NULL, &ppar_sum_i64, &result), PPAR_EINVAL);
  cr_assert_eq(ppar_per_thread_combine(values, NULL, &result), PPAR_EINVAL);
  cr_assert_eq(ppar_per_thread_combine(values, &ppar_sum_i64, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_per_thread_combine(values, &no_combine, &result), PPAR_EINVAL);
  cr_assert_eq(ppar_per_thread_combine(values, &ppar_sum_i32, &result), PPAR_EINVAL);
  cr_assert_eq(result, 5);
  ppar_per_thread_free(values);
}

/* Threads times size wraps round to few bytes in size_t, or is more than an object may have. */
Test(per_thread, sizes_beyond_any_memory_are_refused) {
  static const struct {
    int threads;
    size_t size;
  } cases[] = {{1, SIZE_MAX},
               {1, SIZE_MAX - LINE},
               {1, (size_t)PTRDIFF_MAX + 1},
               {1, PTRDIFF_MAX},
               {1, PTRDIFF_MAX - LINE},
               {2, SIZE_MAX / 2 + 1},
               {2, SIZE_MAX / 4 + 1},
               {4, SIZE_MAX / 4 + 1},
               {3, SIZE_MAX / 3 + LINE},
               {PPAR_MAX_THREADS, SIZE_MAX / PPAR_MAX_THREADS + 1}};
  ppar_per_thread *values = NULL;
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    cr_assert_eq(ppar_per_thread_create(&values, cases[c].threads, cases[c].size, NULL), PPAR_ENOMEM, "case %zu", c);
    cr_assert_eq(ppar_per_thread_create(&values, cases[c].threads, cases[c].size, &values), PPAR_ENOMEM);
    cr_assert_null(values);
  }
}
