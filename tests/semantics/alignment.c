/* SPDX-License-Identifier: MIT */
/* alignment.c: whatever the library gives to a program's functions as a value is aligned as a type of that size may
 * want: to the largest power of two that divides the size, up to 4096. */
#include <stdalign.h>
#include <string.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(alignment, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 1000, ROUNDS = 3 };

static struct findings found; /* values that lie where their type may not */

/* Types of so many bytes that want to be aligned to `alignment`; their reductions, folds and writes. */
#define DEFINE_TYPE(alignment, bytes)                                                                       \
  typedef struct type_##alignment##_##bytes {                                                               \
    alignas(alignment) int64_t sum;                                                                         \
    unsigned char rest[(bytes)-8];                                                                          \
  } type_##alignment##_##bytes;                                                                             \
  _Static_assert(sizeof(type_##alignment##_##bytes) == (bytes), "no more than that");                       \
  static bool fits_##alignment##_##bytes(const void *value) { return (uintptr_t)value % (alignment) == 0; } \
  static void add_##alignment##_##bytes(void *into, const void *from) {                                     \
    EXPECT(&found, fits_##alignment##_##bytes(into) && fits_##alignment##_##bytes(from));                   \
    *(int64_t *)into += *(const int64_t *)from;                                                             \
  }                                                                                                         \
  static void fold_##alignment##_##bytes(const ppar_chunk *chunk, void *value, void *arg) {                 \
    EXPECT(&found, fits_##alignment##_##bytes(value));                                                      \
    ppar_for_each_index(i, chunk) *(int64_t *)value += i;                                                   \
    (void)arg;                                                                                              \
  }                                                                                                         \
  static type_##alignment##_##bytes result_##alignment##_##bytes, more_##alignment##_##bytes[200];

#define TYPES(TYPE) \
  TYPE(16, 16)      \
  TYPE(32, 32)      \
  TYPE(32, 96)      \
  TYPE(64, 64)      \
  TYPE(64, 192)     \
  TYPE(128, 128)    \
  TYPE(128, 384)    \
  TYPE(256, 256)    \
  TYPE(256, 768)    \
  TYPE(1024, 1024)  \
  TYPE(4096, 4096)  \
  TYPE(4096, 12288)

TYPES(DEFINE_TYPE)

typedef struct type {
  size_t size, alignment;
  ppar_reduction reduction;
  ppar_fold *fold;
  void *result, *more; /* one, and 200 */
} type;

#define ENTRY(alignment, bytes)              \
  {bytes,                                    \
   alignment,                                \
   {bytes, NULL, add_##alignment##_##bytes}, \
   fold_##alignment##_##bytes,               \
   &result_##alignment##_##bytes,            \
   more_##alignment##_##bytes},
static const type types[] = {TYPES(ENTRY)};
enum { TYPES_COUNT = sizeof types / sizeof types[0] };

static const int threads[] = {1, 2, 8, 19};
enum { THREADS = sizeof threads / sizeof threads[0] };

static int64_t sum_of(const type *t) { return *(const int64_t *)t->result; }
static void *more_at(const type *t, int index) { return (unsigned char *)t->more + (size_t)index * t->size; }

static void for_each_type(void (*test)(const type *t, int threads)) {
  for (int round = 0; round < ROUNDS; round++) {
    for (size_t n = 0; n < THREADS; n++) {
      for (size_t t = 0; t < TYPES_COUNT; t++) {
        memset(types[t].result, 0, types[t].size);
        test(&types[t], threads[n]);
      }
      for (size_t t = TYPES_COUNT; t-- > 0;) { /* memory that is used again was for larger ones */
        memset(types[t].result, 0, types[t].size);
        test(&types[t], threads[n]);
      }
    }
  }
  ASSERT_CLEAN(&found, "values that are not aligned");
}

static void reduce(const type *t, int n) {
  static const ppar_schedule_kind kinds[] = {PPAR_SCHEDULE_AUTO, PPAR_SCHEDULE_STATIC, PPAR_SCHEDULE_DYNAMIC,
                                             PPAR_SCHEDULE_GUIDED};
  for (int k = 0; k < 4; k++) {
    for (int reproducible = 0; reproducible < 2; reproducible++) {
      ppar_options options = {
          .threads = n, .schedule = {kinds[k], PPAR_ORDER_DEFAULT, 0}, .reproducible = reproducible != 0};
      memset(t->result, 0, t->size);
      cr_assert_eq(ppar_parallel_reduce(0, ITERATIONS, t->fold, NULL, &t->reduction, t->result, &options), PPAR_OK);
      cr_assert_eq(sum_of(t), ITERATIONS * (ITERATIONS - 1) / 2);
    }
  }
}

Test(alignment, of_partial_values_of_loops) { for_each_type(reduce); }

static void scan(const type *t, int n) {
  for (int reproducible = 0; reproducible < 2; reproducible++) {
    ppar_options options = {.threads = n, .reproducible = reproducible != 0};
    memset(t->result, 0, t->size);
    cr_assert_eq(ppar_parallel_scan(0, ITERATIONS, t->fold, t->fold, NULL, &t->reduction, t->result, &options),
                 PPAR_OK);
    cr_assert_eq(sum_of(t), ITERATIONS * (ITERATIONS - 1) / 2);
  }
  for (int inclusive = 0; inclusive < 2; inclusive++) {
    ppar_options options = {.threads = n};
    for (int i = 0; i < 200; i++) *(int64_t *)more_at(t, i) = 1;
    cr_assert_eq((inclusive != 0 ? ppar_inclusive_scan : ppar_exclusive_scan)(t->more, t->more, 200, &t->reduction,
                                                                              NULL, &options),
                 PPAR_OK);
    cr_assert_eq(*(const int64_t *)more_at(t, 199), 199 + inclusive);
  }
}

Test(alignment, of_prefixes_of_scans) { for_each_type(scan); }

/* Each thread has its value, and the results are one for all, each thread's own, or the values themselves. */
static void give_values(ppar_team *team, void *arg) {
  const type *t = arg;
  int me = ppar_team_thread(team), size = ppar_team_size(team);
  int64_t *mine = more_at(t, me), *own = more_at(t, 100 + me);
  *mine = me + 1;
  ppar_team_reduce(team, mine, t->result, &t->reduction);
  EXPECT(&found, sum_of(t) == size * (size + 1) / 2);
  *own = 0;
  ppar_team_reduce(team, mine, own, &t->reduction);
  EXPECT(&found, *own == size * (size + 1) / 2);
  ppar_team_scan(team, mine, own, &t->reduction);
  EXPECT(&found, *own == (me + 1) * (me + 2) / 2);
  ppar_team_exscan(team, mine, own, &t->reduction);
  EXPECT(&found, *own == me * (me + 1) / 2);
  *own = 5;
  ppar_team_reduce(team, own, own, &t->reduction);
  EXPECT(&found, *own == 5 + 5 * size);
}

static void share_values(const type *t, int n) {
  cr_assert_eq(teams_run(n, give_values, (void *)(uintptr_t)t), PPAR_OK);
}

Test(alignment, of_values_of_teams) { for_each_type(share_values); }

static void keep_values(const type *t, int n) {
  for (int initial = 0; initial < 2; initial++) {
    ppar_per_thread *values = NULL;
    memset(t->result, 0, t->size);
    cr_assert_eq(ppar_per_thread_create(&values, n, t->size, initial != 0 ? t->result : NULL), PPAR_OK);
    for (int k = 0; k < n; k++) {
      unsigned char *value = ppar_per_thread_at(values, k);
      EXPECT(&found, (uintptr_t)value % t->alignment == 0);
      for (size_t b = 0; b < t->size; b++) EXPECT(&found, value[b] == 0);
      *(int64_t *)(void *)value = k;
    }
    cr_assert_eq(ppar_per_thread_combine(values, &t->reduction, t->result), PPAR_OK);
    cr_assert_eq(sum_of(t), n * (n - 1) / 2);
    ppar_per_thread_free(values);
  }
}

Test(alignment, of_values_of_threads) { for_each_type(keep_values); }

/* Compare may see copies. */
static size_t element_alignment;

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  EXPECT(&found, (uintptr_t)a % element_alignment == 0 && (uintptr_t)b % element_alignment == 0);
  return (x > y) - (x < y);
}

static void sort(const type *t, int n) {
  element_alignment = t->alignment;
  for (int i = 0; i < 200; i++) *(int64_t *)more_at(t, i) = i * 37 % 200;
  cr_assert_eq(ppar_sort(t->more, 200, t->size, compare, PPAR_OPTIONS(.threads = n)), PPAR_OK);
  for (int i = 0; i < 200; i++) cr_assert_eq(*(const int64_t *)more_at(t, i), i);
}

Test(alignment, of_elements_of_sorts) { for_each_type(sort); }
