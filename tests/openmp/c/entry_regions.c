// SPDX-License-Identifier: MIT
// entry_regions.c: regions begun by hand. Before GCC 4.9 the compiler called a function that starts the team, ran the
// body itself, and called another one that ends it; programs of that time still run.
#include "c/entry_points.h"

#include "program.h"

static int members, threads_seen;
static long sum;

static void count(void *data) {
  __atomic_add_fetch(&members, *(int *)data, __ATOMIC_RELAXED);
  __atomic_store_n(&threads_seen, omp_get_num_threads(), __ATOMIC_RELAXED);
  GOMP_barrier();
}

static void expect_members(int threads, int each) {
  EXPECT_EQ(members, threads * each);
  EXPECT_EQ(threads_seen, threads);
  members = threads_seen = 0;
}

PROGRAM(entry_regions_started) {
  int each = 3;
  for (unsigned threads = 0; threads < 6; threads++) {
    GOMP_parallel_start(count, &each, threads);
    count(&each);
    GOMP_parallel_end();
    EXPECT_EQ(omp_get_level(), 0);
    expect_members(threads ? (int)threads : program_threads(), 3);
  }
}

PROGRAM(entry_regions) {
  int each = 2;
  for (unsigned threads = 0; threads < 6; threads++) {
    GOMP_parallel(count, &each, threads, 0);
    expect_members(threads ? (int)threads : program_threads(), 2);
  }
}

static void nested(void *data) {
  GOMP_parallel_start(count, data, 2);
  count(data);
  GOMP_parallel_end();
  EXPECT_EQ(omp_get_level(), 1);
}

PROGRAM(entry_regions_nested) {
  int each = 1;
  omp_set_max_active_levels(2);
  GOMP_parallel_start(nested, &each, 3);
  nested(&each);
  GOMP_parallel_end();
  expect_members(2, 3);
}

// The bodies of combined regions: the loop or the sections have begun before the first thread comes.
#define BODY(name, next)                                                                   \
  static void name(void *data) {                                                           \
    long first, last;                                                                      \
    (void)data;                                                                            \
    if (next(&first, &last)) {                                                             \
      do {                                                                                 \
        for (long i = first; i < last; i++) __atomic_add_fetch(&sum, i, __ATOMIC_RELAXED); \
      } while (next(&first, &last));                                                       \
    }                                                                                      \
    GOMP_loop_end_nowait();                                                                \
  }
BODY(static_body, GOMP_loop_static_next)
BODY(dynamic_body, GOMP_loop_dynamic_next)
BODY(guided_body, GOMP_loop_guided_next)
BODY(runtime_body, GOMP_loop_runtime_next)
BODY(nonmonotonic_dynamic_body, GOMP_loop_nonmonotonic_dynamic_next)
BODY(nonmonotonic_guided_body, GOMP_loop_nonmonotonic_guided_next)
BODY(nonmonotonic_runtime_body, GOMP_loop_nonmonotonic_runtime_next)
BODY(maybe_runtime_body, GOMP_loop_maybe_nonmonotonic_runtime_next)

static void expect_sum(void) {
  EXPECT_EQ(sum, 4950);
  sum = 0;
}

PROGRAM(entry_regions_loops_started) {
  for (unsigned threads = 0; threads < 5; threads++) {
#define STARTED(name)                                                          \
  GOMP_parallel_loop_##name##_start(name##_body, NULL, threads, 0, 100, 1, 4); \
  name##_body(NULL);                                                           \
  GOMP_parallel_end();                                                         \
  expect_sum();
    REGIONS_WITH_A_CHUNK(STARTED)
    GOMP_parallel_loop_runtime_start(runtime_body, NULL, threads, 0, 100, 1);
    runtime_body(NULL);
    GOMP_parallel_end();
    expect_sum();
  }
}

PROGRAM(entry_regions_loops) {
  for (unsigned threads = 0; threads < 5; threads++) {
#define WHOLE(name)                                                       \
  GOMP_parallel_loop_##name(name##_body, NULL, threads, 0, 100, 1, 4, 0); \
  expect_sum();
    REGIONS_WITH_A_CHUNK(WHOLE)
    WHOLE(nonmonotonic_dynamic)
    WHOLE(nonmonotonic_guided)
    GOMP_parallel_loop_runtime(runtime_body, NULL, threads, 0, 100, 1, 0);
    expect_sum();
    GOMP_parallel_loop_nonmonotonic_runtime(nonmonotonic_runtime_body, NULL, threads, 0, 100, 1, 0);
    expect_sum();
    GOMP_parallel_loop_maybe_nonmonotonic_runtime(maybe_runtime_body, NULL, threads, 0, 100, 1, 0);
    expect_sum();
  }
}

static int ran[5];

static void sections(void *data) {
  (void)data;
  for (unsigned section = GOMP_sections_next(); section; section = GOMP_sections_next())
    __atomic_add_fetch(&ran[section], 1, __ATOMIC_RELAXED);
  GOMP_sections_end_nowait();
}

static void expect_sections(int times) {
  for (int i = 1; i < 5; i++) EXPECT_EQ(ran[i], times);
  EXPECT_EQ(ran[0], 0);
}

PROGRAM(entry_regions_sections) {
  for (unsigned threads = 0; threads < 6; threads++) {
    GOMP_parallel_sections_start(sections, NULL, threads, 4);
    sections(NULL);
    GOMP_parallel_end();
    expect_sections(2 * (int)threads + 1);
    GOMP_parallel_sections(sections, NULL, threads, 4, 0);
    expect_sections(2 * (int)threads + 2);
  }
}

static void sections_in_a_region(void *data) {
  (void)data;
  for (unsigned section = GOMP_sections_start(4); section; section = GOMP_sections_next())
    __atomic_add_fetch(&ran[section], 1, __ATOMIC_RELAXED);
  GOMP_sections_end();
  expect_sections(1);
  GOMP_barrier();
  void *memory = (void *)(uintptr_t)32;
  for (unsigned section = GOMP_sections2_start(4, NULL, &memory); section; section = GOMP_sections_next()) {
    __atomic_add_fetch(&ran[section], 1, __ATOMIC_RELAXED);
    __atomic_add_fetch((int *)memory, 1, __ATOMIC_RELAXED);
  }
  GOMP_barrier();
  EXPECT_EQ(*(int *)memory, 4);
  GOMP_sections_end();
}

static void singles(void *data) {
  int *count_of = data;
  for (int round = 0; round < 30; round++) {
    if (GOMP_single_start()) __atomic_add_fetch(count_of, 1, __ATOMIC_RELAXED);
    GOMP_barrier();
    EXPECT_EQ(*count_of, round + 1);
    GOMP_barrier();
    int mine = 100 + round, *got = GOMP_single_copy_start();
    if (!got) {
      GOMP_single_copy_end(&mine);
    } else {
      EXPECT_EQ(*got, 100 + round);
    }
    GOMP_barrier();  // mine is read until then
  }
}

PROGRAM(entry_regions_worksharing) {
  GOMP_parallel(sections_in_a_region, NULL, 0, 0);
  expect_sections(2);
  int count_of = 0;
  GOMP_parallel(singles, &count_of, 0, 0);
  EXPECT_EQ(count_of, 30);
}
