/* SPDX-License-Identifier: MIT */
/* option_sizes.c: programs that were compiled with another release's header: their options are shorter or longer
 * than the library's. Every function that takes options reads them as far as they go and no byte further, and
 * refuses what it cannot know (options.h). */
#include <criterion/criterion.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(option_sizes, .timeout = SCALE_TIMEOUT);

enum {
  FIRST = sizeof(ppar_options), /* release 0.2's */
  POOL_FIRST = sizeof(ppar_pool_options),
  MOST = 4096, /* that the library believes */
  ITERATIONS = 24
};

static _Atomic uint64_t ran; /* iterations, tasks, and the like */

/* Room that ends where no memory is: who reads a byte behind an object at its end is killed. */
static unsigned char *room_end(void) {
  static unsigned char *end;
  size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 2 * page > MOST ? 2 * page : MOST;
  if (end == NULL) {
    unsigned char *room = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert(room != MAP_FAILED);
    cr_assert_eq(mprotect(room + size, page, PROT_NONE), 0);
    end = room + size;
  }
  return end;
}

/* The same bytes at the room's end, followed by zeros up to `length` bytes; they say that their size is `size`. */
static void *placed(const void *object, size_t known, size_t length, size_t size) {
  unsigned char *place = room_end() - length;
  memset(place, 0, length);
  memcpy(place, object, known < length ? known : length);
  memcpy(place, &size, sizeof size);
  return place;
}

/* --- Each function that takes options --------------------------------------------------------------------------- */

static void body(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  atomic_fetch_add(&ran, chunk->count);
}

static void body_nd(const ppar_tile *tile, void *arg) {
  (void)tile, (void)arg;
  atomic_fetch_add(&ran, 1);
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  *(int64_t *)accumulator += (int64_t)chunk->count;
  body(chunk, arg);
}

static int compare(const void *a, const void *b) {
  atomic_fetch_add(&ran, 1);
  return *(const int *)a - *(const int *)b;
}

static int compare_with(const void *a, const void *b, void *arg) {
  (void)arg;
  return compare(a, b);
}

static void count_region(ppar_team *team, void *arg) {
  (void)team, (void)arg;
  atomic_fetch_add(&ran, 1);
}

static void count_task(void *arg) {
  (void)arg;
  atomic_fetch_add(&ran, 1);
}

static int call_for(const ppar_options *options) { return ppar_parallel_for(0, ITERATIONS, body, NULL, options); }

static int call_2d(const ppar_options *options) {
  return ppar_parallel_for_2d(PPAR_BOUNDS(0, 4), PPAR_BOUNDS(0, 6), body_nd, NULL, options);
}

static int call_3d(const ppar_options *options) {
  return ppar_parallel_for_3d(PPAR_BOUNDS(0, 4), PPAR_BOUNDS(0, 3), PPAR_BOUNDS(0, 2), body_nd, NULL, options);
}

static int call_reduce(const ppar_options *options) {
  int64_t result = 0;
  return ppar_parallel_reduce(0, ITERATIONS, fold, NULL, &ppar_sum_i64, &result, options);
}

static int call_scan(const ppar_options *options) {
  int64_t result = 0;
  return ppar_parallel_scan(0, ITERATIONS, fold, fold, NULL, &ppar_sum_i64, &result, options);
}

static int call_array_scan(const ppar_options *options, bool inclusive) {
  int64_t from[2] = {1, 2}, to[2] = {0, 0};
  int status = inclusive ? ppar_inclusive_scan(from, to, 2, &ppar_sum_i64, NULL, options)
                         : ppar_exclusive_scan(from, to, 2, &ppar_sum_i64, NULL, options);
  atomic_fetch_add(&ran, to[1] != 0);
  return status;
}

static int call_inclusive_scan(const ppar_options *options) { return call_array_scan(options, true); }
static int call_exclusive_scan(const ppar_options *options) { return call_array_scan(options, false); }

static int call_sort(const ppar_options *options) {
  int numbers[3] = {3, 1, 2};
  return ppar_sort(numbers, 3, sizeof numbers[0], compare, options);
}

static int call_sort_with(const ppar_options *options) {
  int numbers[3] = {3, 1, 2};
  return ppar_sort_with(numbers, 3, sizeof numbers[0], compare_with, NULL, options);
}

static int call_parallel(const ppar_options *options) { return ppar_parallel(count_region, NULL, options); }

static void run_prange(ppar_team *team, void *arg) {
  const ppar_options *options = arg;
  ppar_prange(team, i, 0, ITERATIONS, options) {
    atomic_fetch_add(&ran, 1);
  }
}

static void run_prange_2d(ppar_team *team, void *arg) {
  const ppar_options *options = arg;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 4), PPAR_BOUNDS(0, 6), options) {
    atomic_fetch_add(&ran, 1);
  }
}

static void run_prange_3d(ppar_team *team, void *arg) {
  const ppar_options *options = arg;
  ppar_prange_3d(team, i, j, k, PPAR_BOUNDS(0, 4), PPAR_BOUNDS(0, 3), PPAR_BOUNDS(0, 2), options) {
    atomic_fetch_add(&ran, 1);
  }
}

static int call_prange(const ppar_options *options) { return teams_run(3, run_prange, (void *)(uintptr_t)options); }
static int call_prange_2d(const ppar_options *options) {
  return teams_run(3, run_prange_2d, (void *)(uintptr_t)options);
}
static int call_prange_3d(const ppar_options *options) {
  return teams_run(1, run_prange_3d, (void *)(uintptr_t)options);
}

static int call_copy(const ppar_options *options) {
  ppar_options copy;
  int status = ppar_options_copy(&copy, options);
  return status == PPAR_OK ? call_for(&copy) : status;
}

static int call_task_group(const ppar_options *options) {
  ppar_task_group group;
  int status = ppar_task_group_begin(&group, options);
  if (status != PPAR_OK) return status;
  (void)ppar_task_spawn(&group, count_task, NULL);
  return ppar_task_group_wait(&group);
}

static int call_task_range(const ppar_options *options) {
  ppar_task_group group;
  int status;
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  status = ppar_task_spawn_range(&group, 0, ITERATIONS, body, NULL, options);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  return status;
}

static const struct {
  const char *name;
  int (*call)(const ppar_options *options);
} calls[] = {
    {"ppar_parallel_for", call_for},
    {"ppar_parallel_for_2d", call_2d},
    {"ppar_parallel_for_3d", call_3d},
    {"ppar_parallel_reduce", call_reduce},
    {"ppar_parallel_scan", call_scan},
    {"ppar_inclusive_scan", call_inclusive_scan},
    {"ppar_exclusive_scan", call_exclusive_scan},
    {"ppar_sort", call_sort},
    {"ppar_sort_with", call_sort_with},
    {"ppar_parallel", call_parallel},
    {"ppar_prange", call_prange},
    {"ppar_prange_2d", call_prange_2d},
    {"ppar_prange_3d", call_prange_3d},
    {"ppar_options_copy", call_copy},
    {"ppar_task_group_begin", call_task_group},
    {"ppar_task_spawn_range", call_task_range},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

/* Static pranges are opened by the macros, the others by the library. */
static const ppar_options kinds[] = {
    {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 0}, .threads = 2},
    {.schedule = {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 1}},
    {.schedule = {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, 2}, .threads = 3, .name = "of another release"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void expect_all(size_t length, size_t size, int at, int status) {
  for (size_t k = 0; k < KINDS; k++) {
    for (size_t c = 0; c < CALLS; c++) {
      unsigned char *options = placed(&kinds[k], FIRST, length, size);
      if (at >= 0) options[at] = 1;
      atomic_store(&ran, 0);
      cr_expect_eq(calls[c].call((const ppar_options *)(void *)options), status, "%s, %zu bytes, size %zu, kind %zu",
                   calls[c].name, length, size, k);
      cr_expect_eq(atomic_load(&ran) != 0, status == PPAR_OK, "%s, %zu bytes, size %zu, kind %zu", calls[c].name,
                   length, size, k);
    }
  }
}

Test(option_sizes, of_0_stand_for_the_first_release) { expect_all(FIRST, 0, -1, PPAR_OK); }

Test(option_sizes, of_the_first_release_are_read_as_far_as_they_go) { expect_all(FIRST, FIRST, -1, PPAR_OK); }

Test(option_sizes, of_later_releases_are_taken_as_long_as_new_fields_are_0) {
  static const size_t sizes[] = {FIRST + 8, FIRST + 24, 1000, MOST};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) expect_all(sizes[s], sizes[s], -1, PPAR_OK);
}

Test(option_sizes, with_fields_that_the_library_does_not_know_are_refused) {
  expect_all(FIRST + 8, FIRST + 8, FIRST, PPAR_EINVAL);
  expect_all(FIRST + 8, FIRST + 8, FIRST + 7, PPAR_EINVAL);
  expect_all(MOST, MOST, MOST - 1, PPAR_EINVAL);
}

Test(option_sizes, that_no_release_has_are_refused) {
  static const size_t sizes[] = {1, 8, FIRST - 8, FIRST - 1, MOST + 1, SIZE_MAX / 2, SIZE_MAX};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) expect_all(FIRST, sizes[s], -1, PPAR_EINVAL);
}

/* --- What the fields mean does not depend on the size ------------------------------------------------------------ */

static void mark(const ppar_chunk *chunk, void *arg) {
  _Atomic uint64_t *seen = arg;
  ppar_for_each_index(i, chunk) atomic_fetch_or(seen, UINT64_C(1) << i);
}

static void mark_prange(ppar_team *team, void *arg) {
  const ppar_options *options = arg;
  ppar_prange(team, i, 0, 64, options) {
    atomic_fetch_or(&ran, UINT64_C(1) << i);
  }
}

Test(option_sizes, change_no_fields_meaning) {
  static const size_t sizes[] = {0, FIRST, FIRST + 40};
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    for (size_t k = 0; k < KINDS; k++) {
      ppar_options third = kinds[k];
      size_t length = sizes[s] != 0 ? sizes[s] : FIRST;
      _Atomic uint64_t seen = 0;
      third.step = 3;
      cr_expect_eq(ppar_parallel_for(0, 64, mark, (void *)&seen, placed(&third, FIRST, length, sizes[s])), PPAR_OK);
      cr_expect_eq(seen, UINT64_C(0x9249249249249249));
      atomic_store(&ran, 0);
      cr_expect_eq(teams_run(3, mark_prange, placed(&third, FIRST, length, sizes[s])), PPAR_OK);
      cr_expect_eq(atomic_load(&ran), UINT64_C(0x9249249249249249));
    }
  }
}

/* A program of an older or newer release than the library copies what it knows, and no more. */
Test(option_sizes, are_the_copys_own) {
  struct {
    ppar_options options;
    uint64_t further, guard;
  } newer = {.further = 7, .guard = 9};
  const ppar_options *given = PPAR_OPTIONS(.threads = 5, .step = -3, .tile = {0, 0, 4});
  ppar_options same = *given;
  memset(&newer.options, 0xff, sizeof newer.options);
  cr_expect_eq(ppar_options_copy_(&newer.options, FIRST + 8, given), PPAR_OK);
  cr_expect(newer.options.size == FIRST + 8 && newer.options.threads == 5 && newer.options.step == -3);
  cr_expect(newer.options.tile[2] == 4 && newer.further == 0 && newer.guard == 9);
  newer.further = 7;
  cr_expect_eq(ppar_options_copy(&same, &newer.options), PPAR_EINVAL, "a field that does not fit");
  cr_expect(same.size == FIRST && same.threads == 5, "as it was");
  newer.further = 0;
  cr_expect_eq(ppar_options_copy(&same, &newer.options), PPAR_OK);
  cr_expect_eq(same.size, FIRST);
  cr_expect_eq(ppar_options_copy(&same, &same), PPAR_OK);
  cr_expect(same.size == FIRST && same.threads == 5 && same.tile[2] == 4);
  cr_expect_eq(ppar_options_copy(&same, NULL), PPAR_OK);
  cr_expect(same.size == FIRST && same.threads == 0 && same.step == 0 && same.tile[2] == 0);
  cr_expect_eq(ppar_options_copy(NULL, given), PPAR_EINVAL);
}

/* Options that the compiler sees the inside of take another way through the macros. */
static void mark_on_the_spot(ppar_team *team, void *arg) {
  const ppar_options by_zero = {.schedule = ppar_static(1), .step = 2};
  ppar_options by_size = PPAR_OPTIONS_INIT(.schedule = ppar_static(0), .step = 4);
  (void)arg;
  ppar_prange(team, i, 0, 64, &by_zero) {
    atomic_fetch_add(&ran, 1);
  }
  ppar_prange(team, i, 0, 64, &by_size) {
    atomic_fetch_add(&ran, 100);
  }
  ppar_prange(team, i, 0, 64, PPAR_OPTIONS()) {
    atomic_fetch_add(&ran, 10000);
  }
  ppar_prange(team, i, 0, 64, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    atomic_fetch_add(&ran, 1000000);
  }
}

static void refuse_on_the_spot(ppar_team *team, void *arg) {
  ppar_options wrong = PPAR_OPTIONS_INIT(.schedule = ppar_static(0));
  (void)arg;
  wrong.size = 8;
  ppar_prange(team, i, 0, 64, &wrong) {
    atomic_fetch_add(&ran, 1);
  }
}

Test(option_sizes, in_the_function_itself) {
  for (size_t t = 0; t < TEAMS_SIZES; t++) {
    atomic_store(&ran, 0);
    cr_expect_eq(teams_run(teams_sizes[t], mark_on_the_spot, NULL), PPAR_OK);
    cr_expect_eq(atomic_load(&ran), 64641632);
    atomic_store(&ran, 0);
    cr_expect_eq(teams_run(teams_sizes[t], refuse_on_the_spot, NULL), PPAR_EINVAL);
    cr_expect_eq(atomic_load(&ran), 0);
  }
}

/* --- Pools -------------------------------------------------------------------------------------------------------- */

static void expect_pool(size_t length, size_t size, int at, int status) {
  static const ppar_pool_options three = {.threads = 3, .wait = PPAR_WAIT_PASSIVE, .name = "three"};
  unsigned char *options = placed(&three, POOL_FIRST, length, size);
  ppar_pool *pool = NULL;
  if (at >= 0) options[at] = 1;
  cr_expect_eq(ppar_pool_create(&pool, (const ppar_pool_options *)(void *)options), status, "%zu bytes, size %zu",
               length, size);
  cr_expect_eq(pool != NULL, status == PPAR_OK);
  if (pool != NULL) cr_expect_eq(ppar_max_threads(pool), 3);
  ppar_pool_destroy(pool);
}

Test(option_sizes, of_pools) {
  ppar_pool *pool = NULL;
  expect_pool(POOL_FIRST, 0, -1, PPAR_OK);
  expect_pool(POOL_FIRST, POOL_FIRST, -1, PPAR_OK);
  expect_pool(POOL_FIRST + 8, POOL_FIRST + 8, -1, PPAR_OK);
  expect_pool(MOST, MOST, -1, PPAR_OK);
  expect_pool(POOL_FIRST + 8, POOL_FIRST + 8, POOL_FIRST, PPAR_EINVAL);
  expect_pool(POOL_FIRST + 8, POOL_FIRST + 8, POOL_FIRST + 7, PPAR_EINVAL);
  expect_pool(POOL_FIRST, 1, -1, PPAR_EINVAL);
  expect_pool(POOL_FIRST, POOL_FIRST - 1, -1, PPAR_EINVAL);
  expect_pool(POOL_FIRST, MOST + 1, -1, PPAR_EINVAL);
  expect_pool(POOL_FIRST, SIZE_MAX, -1, PPAR_EINVAL);
  cr_expect_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  cr_expect_eq(ppar_max_threads(pool), 2);
  ppar_pool_destroy(pool);
}
