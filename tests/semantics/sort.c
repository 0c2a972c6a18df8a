/* SPDX-License-Identifier: MIT */
/* sort.c: ppar_sort is a stable sort for every size of elements, number of them, and T; whatever compare says, the
 * elements stay the same. */
#include <errno.h>
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(sort, .timeout = SCALE_TIMEOUT);

static const int all_threads[] = {1, 2, 3, 8, 33};
enum { THREADS = sizeof all_threads / sizeof all_threads[0] };

/* The order of elements is that of a key in their first bytes; the other bytes tell equal ones apart. */
static size_t key_size_of(size_t size) { return size < 4 ? 1 : 2; }

static unsigned key_at(const unsigned char *element, size_t key_size) {
  return key_size == 1 ? element[0] : element[0] * 256u + element[1];
}

static int compare_by_key_1(const void *a, const void *b) {
  unsigned x = key_at(a, 1), y = key_at(b, 1);
  return x < y ? -1 : x > y;
}

static int compare_by_key_2(const void *a, const void *b) {
  unsigned x = key_at(a, 2), y = key_at(b, 2);
  return x < y ? INT32_MIN : x > y ? INT32_MAX : 0;
}

static int compare_backwards(const void *a, const void *b, void *arg) {
  const size_t *key_size = arg;
  unsigned x = key_at(a, *key_size), y = key_at(b, *key_size);
  return x < y ? 1 : -(x > y);
}

enum pattern { RANDOM, SORTED, REVERSED, FALLING, FEW, SAWTOOTH, ALMOST, CONSTANT, PATTERNS };

static unsigned key_of(enum pattern pattern, uint64_t i, uint64_t count, unsigned keys) {
  switch (pattern) {
    case RANDOM: return (unsigned)(work_hash((int64_t)i) % keys);
    case SORTED: return (unsigned)(i * keys / count);
    case REVERSED: return (unsigned)((count - 1 - i) * keys / count);
    case FALLING: return (unsigned)((count - i) % keys); /* strictly, where there are enough keys */
    case FEW: return (unsigned)(work_hash((int64_t)i) % 3);
    case SAWTOOTH: return (unsigned)(i % 97 % keys);
    case ALMOST: return i % 89 == 0 ? (unsigned)(work_hash((int64_t)i) % keys) : (unsigned)(i * keys / count);
    default: return 7;
  }
}

static unsigned char *make_elements(enum pattern pattern, size_t count, size_t size) {
  unsigned char *elements = calloc(count + 1, size);
  size_t key_size = key_size_of(size);
  for (size_t i = 0; i < count; i++) {
    unsigned char *element = elements + i * size;
    unsigned key = key_of(pattern, i, count, key_size == 1 ? 256 : 65536);
    uint64_t mark = i;
    if (key_size == 2) *element++ = (unsigned char)(key / 256);
    *element++ = (unsigned char)key;
    for (size_t b = key_size; b < size; b++, mark /= 256) *element++ = (unsigned char)mark;
  }
  return elements;
}

/* The oracle: elements of each key in their old order, key by key. */
static unsigned char *sorted(const unsigned char *elements, size_t count, size_t size, bool backwards) {
  static size_t first[65537];
  size_t key_size = key_size_of(size), keys = key_size == 1 ? 256 : 65536;
  unsigned char *out = malloc(count * size + 1);
  memset(first, 0, sizeof first);
  for (size_t i = 0; i < count; i++) first[key_at(elements + i * size, key_size)]++;
  for (size_t k = 0, at = 0; k < keys; k++) {
    size_t *place = &first[backwards ? keys - 1 - k : k], so_many = *place;
    *place = at;
    at += so_many;
  }
  for (size_t i = 0; i < count; i++) {
    memcpy(out + first[key_at(elements + i * size, key_size)]++ * size, elements + i * size, size);
  }
  return out;
}

static void check(enum pattern pattern, size_t count, size_t size, int threads, bool with_argument) {
  ppar_options options = {.threads = threads};
  size_t key_size = key_size_of(size);
  unsigned char *elements = make_elements(pattern, count, size);
  unsigned char *expected = sorted(elements, count, size, with_argument);
  int status;
  errno = 4321;
  if (with_argument) {
    status = ppar_sort_with(elements, count, size, compare_backwards, &key_size, &options);
  } else {
    status = ppar_sort(elements, count, size, key_size == 1 ? compare_by_key_1 : compare_by_key_2, &options);
  }
  cr_assert_eq(errno, 4321);
  cr_assert_eq(status, PPAR_OK);
  cr_assert(memcmp(elements, expected, count * size) == 0, "pattern %d, %zu elements of %zu bytes, T = %d%s",
            (int)pattern, count, size, threads, with_argument ? ", backwards" : "");
  free(expected);
  free(elements);
}

static const size_t sizes[] = {1, 2, 3, 4, 8, 12, 16, 32, 33, 100};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

Test(sort, of_few_elements_is_stable) {
  uint64_t combination = 0;
  for (size_t count = 0; count <= 100; count++) {
    for (size_t s = 0; s < SIZES; s++) {
      for (int pattern = 0; pattern < PATTERNS; pattern++) {
        if (!scale_keeps(&combination)) continue;
        check((enum pattern)pattern, count, sizes[s], all_threads[(count + s) % THREADS], (pattern + (int)s) % 2 != 0);
      }
    }
  }
}

Test(sort, of_many_elements_is_stable) {
  uint64_t state = 20;
  for (size_t s = 0; s < SIZES; s++) {
    for (size_t t = 0; t < THREADS; t++) {
      for (int pattern = 0; pattern < PATTERNS; pattern++) {
        size_t count = 1 + (size_t)(work_random(&state) % scaled(40000));
        check((enum pattern)pattern, count, sizes[s], all_threads[t], (s + t) % 2 != 0);
      }
    }
  }
}

Test(sort, of_a_million_elements_is_stable) {
  for (size_t t = 0; t < THREADS; t++) {
    check(RANDOM, (size_t)scaled(1000000), 8, all_threads[t], false);
    check(FEW, (size_t)scaled(999983), 4, all_threads[t], true);
  }
}

Test(sort, takes_huge_elements) {
  for (size_t t = 0; t < THREADS; t++) check(RANDOM, 100, 100000, all_threads[t], false);
}

/* --- Compares that are no order ----------------------------------------------------------------------------- */

/* As the vectors of many machines are. */
struct aligned {
  _Alignas(32) double x[4];
};

static int compare_aligned(const void *a, const void *b, void *arg) {
  const struct aligned *x = a, *y = b;
  if (((uintptr_t)a | (uintptr_t)b) % _Alignof(struct aligned) != 0)
    atomic_store_explicit((_Atomic bool *)arg, true, memory_order_relaxed);
  return x->x[0] < y->x[0] ? -1 : x->x[0] > y->x[0];
}

Test(sort, compares_elements_where_their_type_may_be) {
  enum { COUNT = 5000 };
  static struct aligned elements[COUNT];
  for (size_t t = 0; t < THREADS; t++) {
    _Atomic bool misaligned = false;
    for (int64_t e = 0; e < COUNT; e++) elements[e].x[0] = (double)(work_hash(e) % 1000);
    cr_assert_eq(ppar_sort_with(elements, COUNT, sizeof elements[0], compare_aligned, (void *)&misaligned,
                                PPAR_OPTIONS(.threads = all_threads[t])),
                 PPAR_OK);
    for (int e = 1; e < COUNT; e++) cr_assert(elements[e - 1].x[0] <= elements[e].x[0]);
    cr_assert_not(misaligned);
  }
}

static int compare_at_random(const void *a, const void *b) {
  static _Thread_local uint64_t state = 1;
  (void)a, (void)b;
  return (int)(work_random(&state) % 3) - 1;
}

static int compare_in_circles(const void *a, const void *b) { /* rock, paper, scissors */
  return (int)((*(const unsigned char *)a + 3u - *(const unsigned char *)b % 3u) % 3u) - 1;
}

static int always_less(const void *a, const void *b) {
  (void)a, (void)b;
  return -1;
}

static int always_greater(const void *a, const void *b) {
  (void)a, (void)b;
  return 1;
}

Test(sort, keeps_the_elements_whatever_compare_says) {
  static int (*const compares[])(const void *, const void *) = {compare_at_random, compare_in_circles, always_less,
                                                                always_greater};
  static const size_t counts[] = {2, 3, 17, 100, 1500, 20011};
  static const size_t with_numbers[] = {4, 8, 12, 16, 40}; /* bytes of elements that hold their number */
  for (size_t c = 0; c < sizeof compares / sizeof compares[0]; c++) {
    for (size_t n = 0; n < sizeof counts / sizeof counts[0]; n++) {
      for (size_t s = 0; s < sizeof with_numbers / sizeof with_numbers[0]; s++) {
        for (size_t t = 0; t < THREADS; t++) {
          size_t count = counts[n], size = with_numbers[s];
          unsigned char *elements = calloc(count, size), *seen = calloc(count, 1);
          ppar_options options = {.threads = all_threads[t]};
          for (uint32_t i = 0; i < count; i++) memcpy(elements + i * size, &i, sizeof i);
          cr_assert_eq(ppar_sort(elements, count, size, compares[c], &options), PPAR_OK);
          for (size_t i = 0; i < count; i++) {
            uint32_t number;
            memcpy(&number, elements + i * size, sizeof number);
            cr_assert(number < count && seen[number] == 0, "compare %zu, %zu elements of %zu bytes, T = %d", c, count,
                      size, all_threads[t]);
            seen[number] = 1;
          }
          free(seen);
          free(elements);
        }
      }
    }
  }
}

Test(sort, bad_input_is_refused) {
  static const ppar_options bad[] = {
      {.threads = -1}, {.threads = PPAR_MAX_THREADS + 1}, {.schedule = {(ppar_schedule_kind)99, 0, 0}}};
  unsigned char x[4] = {4, 3, 2, 1};
  size_t key_size = 1;
  cr_assert_eq(ppar_sort(NULL, 4, 1, compare_by_key_1, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort(x, 4, 0, compare_by_key_1, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort(x, 4, 1, NULL, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort(x, SIZE_MAX, 1, compare_by_key_1, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort(x, SIZE_MAX / 2, 3, compare_by_key_1, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort(x, (size_t)PTRDIFF_MAX / 8 + 1, 8, compare_by_key_2, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort_with(NULL, 4, 1, compare_backwards, &key_size, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort_with(x, 4, 0, compare_backwards, &key_size, NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_sort_with(x, 4, 1, NULL, &key_size, NULL), PPAR_EINVAL);
  for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
    for (size_t count = 0; count <= 4; count += 4) {
      cr_assert_eq(ppar_sort(x, count, 1, compare_by_key_1, &bad[b]), PPAR_EINVAL);
      cr_assert_eq(ppar_sort_with(x, count, 1, compare_backwards, &key_size, &bad[b]), PPAR_EINVAL);
    }
  }
  cr_assert(x[0] == 4 && x[1] == 3 && x[2] == 2 && x[3] == 1);
  cr_assert_eq(ppar_sort(NULL, 0, 1, compare_by_key_1, NULL), PPAR_OK);
}

Test(sort, fields_of_the_options_that_do_not_count_may_hold_anything_in_range) {
  const ppar_options some[] = {{.step = INT64_MIN},
                               {.step = -1, .threads = 3},
                               {.reproducible = true, .name = "sort"},
                               {.schedule = ppar_static(7)},
                               {.schedule = ppar_monotonic(ppar_guided(INT64_MAX))},
                               {.schedule = ppar_runtime()}};
  for (size_t s = 0; s < sizeof some / sizeof some[0]; s++) {
    unsigned char x[4] = {4, 3, 2, 1};
    cr_assert_eq(ppar_sort(x, 4, 1, compare_by_key_1, &some[s]), PPAR_OK);
    cr_assert(x[0] == 1 && x[1] == 2 && x[2] == 3 && x[3] == 4);
  }
}

/* --- Company ------------------------------------------------------------------------------------------------ */

static int compare_numbers(const void *a, const void *b, void *arg) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  (void)arg;
  return x < y ? -1 : x > y;
}

static void sort_alone(struct findings *found, int64_t seed) {
  enum { COUNT = 5000 };
  uint64_t *x = malloc(COUNT * sizeof *x), sum = 0;
  for (int64_t i = 0; i < COUNT; i++) sum += x[i] = work_hash(seed + i);
  EXPECT(found, ppar_sort_with(x, COUNT, sizeof *x, compare_numbers, NULL, PPAR_OPTIONS(.threads = 4)) == PPAR_OK);
  for (int64_t i = 0; i < COUNT; i++) {
    EXPECT(found, i == 0 || x[i - 1] <= x[i]);
    sum -= x[i];
  }
  EXPECT(found, sum == 0);
  free(x);
}

static void sort_in_body(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) sort_alone(arg, i);
}

static void *sort_in_thread(void *arg) {
  for (int64_t k = 0; k < (int64_t)scaled(40); k++) sort_alone(arg, k);
  return NULL;
}

Test(sort, works_in_bodies_and_on_many_threads_at_once) {
  struct findings found = {0, NULL};
  pthread_t threads[8];
  cr_assert_eq(ppar_parallel_for(0, 50, sort_in_body, &found, PPAR_OPTIONS(.threads = 8)), PPAR_OK);
  for (int t = 0; t < 8; t++) cr_assert_eq(pthread_create(&threads[t], NULL, sort_in_thread, &found), 0);
  for (int t = 0; t < 8; t++) pthread_join(threads[t], NULL);
  ASSERT_CLEAN(&found, "sorts in bodies and threads");
}

Test(sort, uses_the_pool_that_it_is_given) {
  enum { COUNT = 50000 };
  uint64_t *x = malloc(COUNT * sizeof *x);
  ppar_pool *pool = case_pool(3);
  cr_assert_not_null(pool);
  for (int64_t i = 0; i < COUNT; i++) x[i] = work_hash(i);
  cr_assert_eq(ppar_sort_with(x, COUNT, sizeof *x, compare_numbers, NULL, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  for (int64_t i = 1; i < COUNT; i++) cr_assert(x[i - 1] <= x[i]);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  free(x);
}
