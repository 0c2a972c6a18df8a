/* SPDX-License-Identifier: MIT */
/* refusals.c: a refused call prints one line, once for each place of the program: which function and argument, the
 * value, what is allowed, and what comes of it. This program itself never uses the library: its children do. */
#include <pthread.h>
#include <string.h>

#include <ppar/ppar.h>
#include "../support/messages.h"
#include "../support/scale.h"

TestSuite(refusals, .timeout = SCALE_TIMEOUT);

static void body(const ppar_chunk *chunk, void *arg) { (void)chunk, (void)arg, abort(); }
static void body_nd(const ppar_tile *tile, void *arg) { (void)tile, (void)arg, abort(); }
static void fold(const ppar_chunk *chunk, void *value, void *arg) { (void)chunk, (void)value, (void)arg, abort(); }
static void task(void *arg) { (void)arg, abort(); }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int compare_with(const void *a, const void *b, void *arg) { return (void)arg, compare(a, b); }

static const ppar_reduction no_combine = {.size = 8};
static int numbers[2] = {2, 1};
static double result;

/* --- One call of each kind, and what is told of it ---------------------------------------------------------------- */

#define FOR(...) (ppar_parallel_for(0, 9, body, NULL, PPAR_OPTIONS(__VA_ARGS__)))
#define BEGIN(...) (ppar_task_group_begin(&(ppar_task_group){{0}}, PPAR_OPTIONS(__VA_ARGS__)))

static int with_old_size(void) {
  ppar_options options = PPAR_OPTIONS_INIT();
  options.size = 8;
  return ppar_parallel_for(0, 9, body, NULL, &options);
}

static int with_new_field(void) {
  struct {
    ppar_options options;
    uint64_t further;
  } newer = {PPAR_OPTIONS_INIT(), 1};
  newer.options.size = sizeof newer;
  return ppar_parallel_for(0, 9, body, NULL, &newer.options);
}

static int with_no_pool(void) {
  static _Alignas(128) uint64_t zeros[512];
  return FOR(.pool = (ppar_pool *)(void *)zeros);
}

static int in_a_group(int (*call)(ppar_task_group *group)) {
  ppar_task_group group;
  int status = ppar_task_group_begin(&group, NULL);
  if (status == PPAR_OK) status = call(&group);
  (void)ppar_task_group_wait(&group);
  return status;
}

static int spawn_nothing(ppar_task_group *group) { return ppar_task_spawn(group, NULL, NULL); }
static int range_of_nothing(ppar_task_group *group) { return ppar_task_spawn_range(group, 0, 9, NULL, NULL, NULL); }
static int range_of_chunks(ppar_task_group *group) {
  return ppar_task_spawn_range(group, 0, 9, body, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(-4)));
}
static int range_of_pieces(ppar_task_group *group) {
  return ppar_task_spawn_range(group, INT64_MIN, 0, body, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1)));
}
static int copy_of_nothing(ppar_task_group *group) { return ppar_task_spawn_copy(group, task, NULL, 8); }
static int copy_of_no_size(ppar_task_group *group) { return ppar_task_spawn_copy(group, task, numbers, 0); }
static int wait_twice(void) {
  ppar_task_group group;
  (void)ppar_task_group_begin(&group, NULL);
  (void)ppar_task_group_wait(&group);
  return ppar_task_group_wait(&group);
}

static int cancel_nothing(void) {
  ppar_cancel(NULL, 1);
  return PPAR_EINVAL;
}
static int cancel_no_group(void) {
  ppar_task_group_cancel(NULL, 1);
  return PPAR_EINVAL;
}

static int end_nothing(void) {
  ppar_critical_end(NULL, "not begun");
  return PPAR_EINVAL;
}

static int pool_of(const ppar_pool_options *options) {
  ppar_pool *pool = NULL;
  return ppar_pool_create(&pool, options);
}

static int per_thread(int threads, size_t size) {
  ppar_per_thread *values = NULL;
  return ppar_per_thread_create(&values, threads, size, NULL);
}

static int combine_other_size(void) {
  ppar_per_thread *values = NULL;
  double sum = 0;
  (void)ppar_per_thread_create(&values, 2, 4, NULL);
  int status = ppar_per_thread_combine(values, &ppar_sum_f64, &sum);
  ppar_per_thread_free(values);
  return status;
}

static void prange_threads(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 9, PPAR_OPTIONS(.threads = -1)) {
    abort();
  }
}
static void prange_chunk(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 9, PPAR_OPTIONS(.schedule = ppar_static(-1))) {
    abort();
  }
}
static void prange_tile(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange(team, i, 0, 9, PPAR_OPTIONS(.tile = {0, 5})) {
    abort();
  }
}
static void prange_no_step(ppar_team *team, void *arg) {
  (void)arg;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 9), PPAR_BOUNDS_STEP(0, 9, 0), NULL) {
    abort();
  }
}
static void reduce_nothing(ppar_team *team, void *arg) { ppar_team_reduce(team, arg, &result, &ppar_sum_f64); }
static void reduce_by_nothing(ppar_team *team, void *arg) {
  double mine = 1, own = 0;
  (void)arg;
  ppar_team_reduce(team, &mine, &own, &no_combine);
}
static void scan_to_nothing(ppar_team *team, void *arg) {
  double mine = 1;
  ppar_team_scan(team, &mine, arg, &ppar_sum_f64);
}
static void exscan_by_nothing(ppar_team *team, void *arg) {
  double mine = 1, own = 0;
  (void)arg;
  ppar_team_exscan(team, &mine, &own, NULL);
}
static void copy_nothing(ppar_team *team, void *arg) { ppar_copyprivate(team, arg, 8); }

static int region(ppar_region *function) { return ppar_parallel(function, NULL, PPAR_OPTIONS(.threads = 3)); }
static int outside(ppar_region *function) {
  function(NULL, NULL);
  return PPAR_EINVAL;
}

PPAR_BODY(typed_body, i, int, number) { numbers[0] = *number; }
PPAR_BODY_2D(typed_body_2d, i, j, int, number) { numbers[0] = *number; }
PPAR_FOLD(typed_fold, double, sum, i, int, number) { *sum += *number; }

#define THREADS " (0 to 4096 allowed); "
#define CASES(CASE)                                                                                                    \
  CASE(FOR(.threads = 100000), "ppar_parallel_for: options->threads: 100000" THREADS "nothing was run")                \
  CASE(FOR(.threads = -1), "ppar_parallel_for: options->threads: -1" THREADS "nothing was run")                        \
  CASE(FOR(.nowait = true), "ppar_parallel_for: options->nowait: true (allowed for pranges alone); nothing was run")   \
  CASE(FOR(.ordered = true), "ppar_parallel_for: options->ordered: true (allowed for pranges alone); nothing was run") \
  CASE(FOR(.schedule = ppar_static(-1)),                                                                               \
       "ppar_parallel_for: options->schedule: chunk -1 is negative (0 or more allowed); nothing was run")              \
  CASE(FOR(.schedule = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 7}),                                                   \
       "ppar_parallel_for: options->schedule: chunk 7 of a schedule that has none (0 allowed with auto and runtime); " \
       "nothing was run")                                                                                              \
  CASE(FOR(.schedule = {(ppar_schedule_kind)9, PPAR_ORDER_DEFAULT, 0}),                                                \
       "ppar_parallel_for: options->schedule: kind 9 is none (those of ppar_schedule_kind allowed); nothing was run")  \
  CASE(FOR(.schedule = {PPAR_SCHEDULE_STATIC, (ppar_schedule_order)-2, 0}),                                            \
       "ppar_parallel_for: options->schedule: order -2 is none (those of ppar_schedule_order allowed); "               \
       "nothing was run")                                                                                              \
  CASE(FOR(.tile = {0, 4}),                                                                                            \
       "ppar_parallel_for: options->tile[1]: 4 (0 allowed: tiles are for loops of several dimensions); "               \
       "nothing was run")                                                                                              \
  CASE(with_old_size(),                                                                                                \
       "ppar_parallel_for: options->size: 8 is no release's (0 or the struct's size allowed); "                        \
       "nothing was run")                                                                                              \
  CASE(with_new_field(),                                                                                               \
       "ppar_parallel_for: options: a field is set that this release of the library does not know "                    \
       "(0 allowed); nothing was run")                                                                                 \
  CASE(with_no_pool(),                                                                                                 \
       "ppar_parallel_for: options->pool: no pool, or one that has been destroyed (NULL or a pool in "                 \
       "use allowed); nothing was run")                                                                                \
  CASE(ppar_parallel_for(0, 9, NULL, NULL, NULL),                                                                      \
       "ppar_parallel_for: body: NULL (an address is needed); nothing was run")                                        \
  CASE(ppar_parallel_for_2d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS_STEP(0, 9, 0), body_nd, NULL, NULL),                        \
       "ppar_parallel_for_2d: bounds j: a step of 0 (any other allowed); nothing was run")                             \
  CASE(ppar_parallel_for_2d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), body_nd, NULL, PPAR_OPTIONS(.step = 2)),             \
       "ppar_parallel_for_2d: options->step: 2 (0 allowed: steps are for loops of one dimension); nothing was run")    \
  CASE(ppar_parallel_for_2d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), body_nd, NULL, PPAR_OPTIONS(.tile = {1, 1, 1})),     \
       "ppar_parallel_for_2d: options->tile[2]: 1 in a dimension that the loop does not have (0 allowed); "            \
       "nothing was run")                                                                                              \
  CASE(ppar_parallel_for_2d(PPAR_BOUNDS(INT64_MIN, INT64_MAX), PPAR_BOUNDS(0, 9), body_nd, NULL, NULL),                \
       "ppar_parallel_for_2d: bounds: too many iterations (2^64 - 1 in all allowed); nothing was run")                 \
  CASE(ppar_parallel_for_3d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), body_nd, NULL,                    \
                            PPAR_OPTIONS(.tile = {1, -3, 1})),                                                         \
       "ppar_parallel_for_3d: options->tile[1]: -3 is negative (0 or more allowed); nothing was run")                  \
  CASE(ppar_parallel_reduce(0, 9, NULL, NULL, &ppar_sum_f64, &result, NULL),                                           \
       "ppar_parallel_reduce: fold: NULL (an address is needed); nothing was run")                                     \
  CASE(ppar_parallel_reduce(0, 9, fold, NULL, &no_combine, &result, NULL),                                             \
       "ppar_parallel_reduce: reduction->combine: NULL (an address is needed); nothing was run")                       \
  CASE(ppar_parallel_reduce(0, 9, fold, NULL, &ppar_sum_f64, &result, PPAR_OPTIONS(.nowait = true)),                   \
       "ppar_parallel_reduce: options->nowait: true (allowed for pranges alone); nothing was run")                     \
  CASE(ppar_parallel_for(0, 9, typed_body, NULL, NULL),                                                                \
       "PPAR_BODY or PPAR_FOLD: arg: NULL (an address is needed); the loop fails")                                     \
  CASE(ppar_parallel_for_2d(PPAR_BOUNDS(0, 9), PPAR_BOUNDS(0, 9), typed_body_2d, NULL, NULL),                          \
       "PPAR_BODY or PPAR_FOLD: arg: NULL (an address is needed); the loop fails")                                     \
  CASE(ppar_parallel_reduce(0, 9, typed_fold, NULL, &ppar_sum_f64, &result, NULL),                                     \
       "PPAR_BODY or PPAR_FOLD: arg: NULL (an address is needed); the loop fails")                                     \
  CASE(PPAR_REDUCE(0, 9, typed_fold, numbers, &ppar_sum_f32, &result, NULL),                                           \
       "PPAR_REDUCE: reduction->size: 4 is not the size of the values; nothing was run")                               \
  CASE(in_a_group(copy_of_nothing), "ppar_task_spawn_copy: arg: NULL (an address is needed); nothing was run")         \
  CASE(in_a_group(copy_of_no_size), "ppar_task_spawn_copy: size: 0 (1 or more allowed); nothing was run")              \
  CASE(ppar_parallel_scan(0, 9, fold, fold, NULL, &ppar_sum_f64, NULL, NULL),                                          \
       "ppar_parallel_scan: result: NULL (an address is needed); nothing was run")                                     \
  CASE(ppar_parallel_scan(0, 9, fold, fold, NULL, &ppar_sum_f64, &result, PPAR_OPTIONS(.threads = -9)),                \
       "ppar_parallel_scan: options->threads: -9" THREADS "nothing was run")                                           \
  CASE(ppar_inclusive_scan(&result, &result, -1, &ppar_sum_f64, NULL, NULL),                                           \
       "ppar_inclusive_scan: count: -1 is negative (0 or more allowed); nothing was run")                              \
  CASE(ppar_exclusive_scan(&result, &result, 1, NULL, NULL, NULL),                                                     \
       "ppar_exclusive_scan: reduction: NULL (an address is needed); nothing was run")                                 \
  CASE(ppar_sort(numbers, 2, 0, compare, NULL), "ppar_sort: size: 0 (1 or more allowed); nothing was done")            \
  CASE(ppar_sort(numbers, SIZE_MAX / 2, 4, compare, NULL),                                                             \
       "ppar_sort: count: more bytes in all than an array may have; nothing was done")                                 \
  CASE(ppar_sort_with(NULL, 2, 4, compare_with, NULL, NULL),                                                           \
       "ppar_sort_with: base: NULL (an address is needed); nothing was done")                                          \
  CASE(ppar_rng_fill_f64(NULL, &result, 1, NULL),                                                                      \
       "ppar_rng_fill_f64: rng: NULL (an address is needed); nothing was done")                                        \
  CASE(ppar_rng_permutation(&(ppar_rng){0}, NULL, -4, NULL),                                                           \
       "ppar_rng_permutation: count: -4 is negative (0 or more allowed); nothing was done")                            \
  CASE(ppar_parallel(NULL, NULL, NULL), "ppar_parallel: region: NULL (an address is needed); nothing was run")         \
  CASE(ppar_parallel(prange_tile, NULL, PPAR_OPTIONS(.threads = 4097)),                                                \
       "ppar_parallel: options->threads: 4097" THREADS "nothing was run")                                              \
  CASE(region(prange_threads), "ppar_prange: options->threads: -1" THREADS "the region is cancelled")                  \
  CASE(region(prange_chunk),                                                                                           \
       "ppar_prange: options->schedule: chunk -1 is negative (0 or more allowed); the region is cancelled")            \
  CASE(region(prange_tile),                                                                                            \
       "ppar_prange: options->tile[1]: 5 (0 allowed: tiles are for loops of several "                                  \
       "dimensions); the region is cancelled")                                                                         \
  CASE(outside(prange_threads), "ppar_prange: options->threads: -1" THREADS "nothing was run")                         \
  CASE(region(prange_no_step),                                                                                         \
       "ppar_prange_2d or ppar_prange_3d: bounds: a step of 0, or too many iterations (2^63 "                          \
       "- 1 in all allowed); the region is cancelled")                                                                 \
  CASE(region(reduce_nothing), "ppar_team_reduce: mine: NULL (an address is needed); the region is cancelled")         \
  CASE(outside(reduce_nothing), "ppar_team_reduce: mine: NULL (an address is needed); nothing was done")               \
  CASE(region(reduce_by_nothing),                                                                                      \
       "ppar_team_reduce: reduction->combine: NULL (an address is needed); the region is cancelled")                   \
  CASE(region(scan_to_nothing), "ppar_team_scan: result: NULL (an address is needed); the region is cancelled")        \
  CASE(region(exscan_by_nothing), "ppar_team_exscan: reduction: NULL (an address is needed); the region is cancelled") \
  CASE(region(copy_nothing), "ppar_copyprivate: value: NULL (an address is needed); the region is cancelled")          \
  CASE(end_nothing(),                                                                                                  \
       "ppar_critical_end: name: this thread has not begun that section (one that it is in is allowed); "              \
       "nothing was done")                                                                                             \
  CASE(ppar_task_group_begin(NULL, NULL),                                                                              \
       "ppar_task_group_begin: group: NULL (an address is needed); "                                                   \
       "nothing was done")                                                                                             \
  CASE(BEGIN(.threads = -1), "ppar_task_group_begin: options->threads: -1" THREADS "nothing was run")                  \
  CASE(BEGIN(.nowait = true),                                                                                          \
       "ppar_task_group_begin: options->nowait: true (allowed for pranges alone); "                                    \
       "nothing was run")                                                                                              \
  CASE(BEGIN(.tile = {1}),                                                                                             \
       "ppar_task_group_begin: options->tile[0]: 1 (0 allowed: tiles are for loops of several "                        \
       "dimensions); nothing was run")                                                                                 \
  CASE(in_a_group(spawn_nothing), "ppar_task_spawn: task: NULL (an address is needed); nothing was run")               \
  CASE(in_a_group(range_of_nothing), "ppar_task_spawn_range: body: NULL (an address is needed); nothing was run")      \
  CASE(in_a_group(range_of_chunks),                                                                                    \
       "ppar_task_spawn_range: options->schedule: chunk -4 is negative (0 or more "                                    \
       "allowed); nothing was run")                                                                                    \
  CASE(in_a_group(range_of_pieces),                                                                                    \
       "ppar_task_spawn_range: options: too many pieces in the group (2^62 allowed); "                                 \
       "nothing was run")                                                                                              \
  CASE(wait_twice(),                                                                                                   \
       "ppar_task_group_wait: group: not begun, waited for already, or another thread's (the thread "                  \
       "that began it is allowed); nothing was done")                                                                  \
  CASE(ppar_future_start(NULL, task, NULL),                                                                            \
       "ppar_future_start: future: NULL (an address is needed); "                                                      \
       "nothing was run")                                                                                              \
  CASE(ppar_future_wait(NULL), "ppar_future_wait: group: NULL (an address is needed); nothing was done")               \
  CASE(cancel_nothing(), "ppar_cancel: chunk: NULL (an address is needed); nothing was done")                          \
  CASE(cancel_no_group(), "ppar_task_group_cancel: group: NULL (an address is needed); nothing was done")              \
  CASE(ppar_pool_create(NULL, NULL), "ppar_pool_create: out: NULL (an address is needed); nothing was done")           \
  CASE(pool_of(PPAR_POOL_OPTIONS(.threads = 4097)),                                                                    \
       "ppar_pool_create: options->threads: 4097" THREADS "nothing was done")                                          \
  CASE(pool_of(PPAR_POOL_OPTIONS(.wait = (ppar_wait_policy)7)),                                                        \
       "ppar_pool_create: options->wait: 7 is none (those of ppar_wait_policy allowed); nothing was done")             \
  CASE(pool_of(PPAR_POOL_OPTIONS(.bind = (ppar_bind_policy)-1)),                                                       \
       "ppar_pool_create: options->bind: -1 is none (those of ppar_bind_policy allowed); nothing was done")            \
  CASE(pool_of(PPAR_POOL_OPTIONS(.places = "here")),                                                                   \
       "ppar_pool_create: options->places: names no usable place (OMP_PLACES's grammar allowed); nothing was done")    \
  CASE(ppar_pool_destroy(ppar_pool_default()),                                                                         \
       "ppar_pool_destroy: pool: the default pool (those of ppar_pool_create allowed); nothing was done")              \
  CASE(per_thread(-1, 8), "ppar_per_thread_create: threads: -1" THREADS "nothing was done")                            \
  CASE(per_thread(2, 0), "ppar_per_thread_create: size: 0 (1 or more allowed); nothing was done")                      \
  CASE(combine_other_size(),                                                                                           \
       "ppar_per_thread_combine: reduction->size: 8 is not the size of the values; "                                   \
       "nothing was done")                                                                                             \
  CASE(ppar_schedule_parse(NULL, &(ppar_schedule){PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0}),                         \
       "ppar_schedule_parse: text: NULL (an address is needed); nothing was done")                                     \
  CASE(ppar_schedule_format(ppar_auto(), NULL, 9),                                                                     \
       "ppar_schedule_format: buffer: NULL (an address is needed); nothing was done")                                  \
  CASE(ppar_options_copy(NULL, NULL), "ppar_options_copy: to: NULL (an address is needed); nothing was done")

/* The call of this number. */
static int call(int number) {
  int n = 0;
#define CALL(call, text) \
  if (n++ == number) return (call);
  CASES(CALL)
  return n;
}

#define TEXT(call, text) text "\n",
static const char *const expected[] = {CASES(TEXT)};
enum { CALLS = sizeof expected / sizeof expected[0], OTHER_STATUS = 100 };

static void call_one(void *arg) {
  errno = EDOM;
  for (int round = 0; round < 3; round++) {
    if (call(*(const int *)arg) != PPAR_EINVAL || errno != EDOM) _exit(OTHER_STATUS);
  }
}

Test(refusals, print_one_line_that_says_what_is_allowed) {
  for (int c = 0; c < CALLS; c++) {
    messages m = messages_of(call_one, &c, NULL);
    cr_expect_eq(m.end, 0, "call %d ended with %d", c, m.end);
    cr_expect_str_eq(m.text, expected[c]);
  }
}

Test(refusals, are_silent_where_the_user_says_so) {
  for (int c = 0; c < CALLS; c += 5) {
    messages m = messages_of(call_one, &c, "0");
    cr_expect_eq(m.end, 0, "call %d ended with %d", c, m.end);
    cr_expect_str_eq(m.text, "");
  }
}

/* --- Places ------------------------------------------------------------------------------------------------------- */

static int lines_of(const char *text) {
  int lines = 0;
  for (; *text != '\0'; text++) lines += *text == '\n';
  return lines;
}

static void call_at_two_places(void *arg) {
  (void)arg;
  for (int round = 0; round < 100; round++) {
    (void)FOR(.threads = -1 - round);
    (void)FOR(.threads = -1 - round);
  }
}

Test(refusals, are_told_once_for_each_place) {
  messages m = messages_of(call_at_two_places, NULL, NULL);
  cr_assert_eq(lines_of(m.text), 2, "%s", m.text);
}

/* Compiled to as many calls, each of which returns to a place of its own. */
#define TWICE(statement) statement statement
#define MANY(statement) TWICE(TWICE(TWICE(TWICE(TWICE(TWICE(TWICE(statement)))))))

static volatile int wrong = -1;

static void call_at_many_places(void *arg) {
  (void)arg;
  MANY((void)FOR(.threads = wrong);)
  MANY((void)FOR(.threads = wrong);)
}

Test(refusals, are_told_of_a_bounded_number_of_places) {
  messages m = messages_of(call_at_many_places, NULL, NULL);
  cr_assert_eq(m.end, 0);
  cr_assert_eq(lines_of(m.text), 65, "%s", m.text);
  cr_assert(strstr(m.text, "refused at 64 places; further places are not told of\n") != NULL, "%s", m.text);
}

static void *call_now_and_then(void *arg) {
  for (int round = 0; round < 50; round++) {
    (void)FOR(.threads = wrong);
    sched_yield();
  }
  return arg;
}

static void call_by_many_threads(void *arg) {
  pthread_t threads[8];
  for (int t = 0; t < 8; t++) (void)pthread_create(&threads[t], NULL, call_now_and_then, arg);
  for (int t = 0; t < 8; t++) (void)pthread_join(threads[t], NULL);
  (void)region(prange_chunk);
}

Test(refusals, of_many_threads_at_one_place_are_one) {
  messages m = messages_of(call_by_many_threads, NULL, NULL);
  cr_assert_eq(m.end, 0);
  cr_assert_str_eq(m.text, "ppar_parallel_for: options->threads: -1" THREADS
                           "nothing was run\n"
                           "ppar_prange: options->schedule: chunk -1 is negative (0 or more allowed); the region is "
                           "cancelled\n");
}

static void call_with_malformed_check(void *arg) {
  (void)arg;
  (void)FOR(.threads = wrong);
}

Test(refusals, are_told_where_the_variable_is_malformed) {
  messages m = messages_of(call_with_malformed_check, NULL, "maybe");
  cr_assert_eq(lines_of(m.text), 2, "%s", m.text);
  cr_assert_eq(strncmp(m.text, "ppar: PPAR_CHECK=\"maybe\" is not 1, 0, results, or 1,results; using ", 66), 0, "%s",
               m.text);
}

static void ask(void *arg) {
  ppar_schedule schedule;
  (void)arg;
  if (ppar_schedule_parse("quick", &schedule) != PPAR_EINVAL) _exit(OTHER_STATUS);
  if (ppar_schedule_format(ppar_static(-1), NULL, 0) != PPAR_EINVAL) _exit(OTHER_STATUS);
  if (ppar_per_thread_at(NULL, 3) != NULL || ppar_alloc(0) != NULL) _exit(OTHER_STATUS);
  if (ppar_pool_destroy(NULL) != PPAR_OK) _exit(OTHER_STATUS);
}

Test(refusals, are_not_what_a_question_is_answered_by) {
  messages m = messages_of(ask, NULL, "1");
  cr_assert_eq(m.end, 0);
  cr_assert_str_eq(m.text, "");
}
