/* SPDX-License-Identifier: MIT */
/* ordered.c: what is between ordered's begin and end happens in the order of the serial loop. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(ordered, .timeout = SCALE_TIMEOUT);

/* Plain memory: ThreadSanitizer sees two at once, or what the order does not carry over. */
struct order {
  ppar_bounds bounds;
  ppar_schedule schedule;
  bool nowait;
  int skips; /* one in so many iterations leaves it out; 0: none, -1: all */
  uint64_t next[4];
  struct findings *found;
};

static bool comes(const struct order *order, uint64_t number) {
  if (order->skips <= 0) return order->skips == 0;
  return work_hash((int64_t)number) % (uint64_t)order->skips != 0;
}

static void run_in_order(ppar_team *team, const struct order *order, uint64_t *next, bool orphaned) {
  const struct loop_case space = {.bounds = order->bounds};
  const ppar_options *options = PPAR_OPTIONS(.schedule = order->schedule, .step = order->bounds.step,
                                             .ordered = order->skips != 0, .nowait = order->nowait);
  ppar_team *const at = orphaned ? NULL : team;
  ppar_prange(team, i, order->bounds.begin, order->bounds.end, options) {
    const uint64_t number = case_number(&space, i);
    if (work_hash(i) % 16 == 0) work_spin(500);
    if (!comes(order, number)) continue;
    ppar_ordered_begin(at, i);
    EXPECT(order->found, *next <= number);
    for (; *next < number; (*next)++) EXPECT(order->found, !comes(order, *next));
    *next = number + 1;
    work_yield();
    ppar_ordered_end(at, i);
    if (work_hash(i) % 16 == 1) work_spin(500);
  }
}

/* Four pranges, the next begun where the schedule lets a thread run on. */
static void run_all(ppar_team *team, void *arg) {
  struct order *order = arg;
  for (int p = 0; p < 4; p++) {
    run_in_order(team, order, &order->next[p], p % 2 != 0);
    if (!order->nowait) EXPECT(order->found, order->skips != 0 || order->next[p] == ppar_bounds_count(order->bounds));
  }
}

static void check(struct order *order, int threads) {
  const struct loop_case text = {.bounds = order->bounds, .schedule = order->schedule, .threads = threads};
  const uint64_t iterations = ppar_bounds_count(order->bounds);
  uint64_t past = 0; /* of the last that comes */
  for (uint64_t k = 0; k < iterations; k++) past = comes(order, k) ? k + 1 : past;
  for (int p = 0; p < 4; p++) order->next[p] = 0;
  EXPECT(order->found, teams_run(threads, run_all, order) == PPAR_OK);
  for (int p = 0; p < 4; p++) EXPECT(order->found, order->next[p] == past);
  ASSERT_CLEAN(order->found, case_text(&text));
}

static void sweep(const int *skips, size_t skip_count) {
  static const ppar_bounds bounds[] = {
      {0, 0, 1}, {0, 1, 1}, {0, 100, 1}, {50, -50, -3}, {INT64_MIN, INT64_MAX, INT64_MAX / 30}};
  static struct order order;
  struct findings found = {0, NULL};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t combination = 0;
  order.found = &found;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
      for (size_t size = 0; size < TEAMS_SIZES; size++) {
        for (size_t k = 0; k < skip_count; k++) {
          /* A prime apart from all tables' lengths; hundreds of threads in turn are slow on few processors. */
          if (combination++ % (teams_sizes[size] > 8 ? 17 : 3) != 0 || !scale_keeps(&(uint64_t){combination / 3})) {
            continue;
          }
          order.bounds = bounds[b];
          order.schedule = schedules[s];
          order.skips = skips[k];
          order.nowait = combination % 2 == 0;
          check(&order, teams_sizes[size]);
        }
      }
    }
  }
}

Test(ordered, is_the_serial_order) { sweep((const int[]){0}, 1); }

Test(ordered, iterations_may_leave_it_out_where_the_options_say_so) { sweep((const int[]){-1, 2, 3, 40}, 4); }

Test(ordered, outside_of_regions_is_the_serial_loop) {
  uint64_t next = 0;
  ppar_prange(NULL, i, 0, 100, NULL) {
    ppar_ordered_begin(NULL, i);
    cr_assert_eq((uint64_t)i, next++);
    ppar_ordered_end(NULL, i);
  }
  cr_assert_eq(next, 100);
}

static void begin_without_a_prange(ppar_team *team, void *met) {
  ppar_ordered_begin(team, 5);
  ppar_ordered_end(team, 5);
  ppar_barrier(team);
  atomic_fetch_add((_Atomic uint64_t *)met, 1);
}

struct behind {
  const ppar_options *options;
  _Atomic uint64_t met;
};

/* The iterations of the prange have all had their turns. */
static void begin_behind_a_prange(ppar_team *team, void *arg) {
  struct behind *b = arg;
  ppar_prange(team, i, 0, 10, b->options) {
    ppar_ordered_begin(team, i);
    ppar_ordered_end(team, i);
  }
  for (int64_t i = 0; i < 10; i++) {
    ppar_ordered_begin(team, i);
    ppar_ordered_end(team, i);
  }
  ppar_barrier(team);
  atomic_fetch_add(&b->met, 1);
}

/* A mistake, which PPAR_CHECK=1 tells of. */
Test(ordered, without_a_prange_is_nothing) {
  const ppar_options *const behind[] = {NULL, PPAR_OPTIONS(.ordered = true), PPAR_OPTIONS(.schedule = ppar_static(1)),
                                        PPAR_OPTIONS(.schedule = ppar_static(2), .ordered = true),
                                        PPAR_OPTIONS(.schedule = ppar_dynamic(1), .ordered = true)};
  setenv("PPAR_CHECK", "0", 1);
  for (int threads = 2; threads < 4; threads++) {
    _Atomic uint64_t met = 0;
    cr_assert_eq(teams_run(threads, begin_without_a_prange, &met), PPAR_OK);
    cr_assert_eq(met, (uint64_t)threads);
    for (size_t o = 0; o < sizeof behind / sizeof behind[0]; o++) {
      struct behind b = {.options = behind[o]};
      cr_assert_eq(teams_run(threads, begin_behind_a_prange, &b), PPAR_OK);
      cr_assert_eq(b.met, (uint64_t)threads);
    }
  }
}

/* The rest of an iteration runs beside others: each waits in its own for the next one to have begun. */
struct side {
  _Atomic uint64_t begun;
  struct findings *found;
};

static void run_side_by_side(ppar_team *team, void *arg) {
  struct side *side = arg;
  ppar_prange(team, i, 0, 2, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    EXPECT(side->found, teams_meet(&side->begun, 2));
    ppar_ordered_begin(team, i);
    EXPECT(side->found, atomic_load(&side->begun) == (i == 0 ? 2 : 3));
    atomic_fetch_add(&side->begun, 1);
    ppar_ordered_end(team, i);
    if (i == 0) EXPECT(side->found, teams_await(&side->begun, 4)); /* 1 went on when 0 had left it */
  }
}

Test(ordered, waits_for_no_more_than_the_ordered_parts) {
  struct side side = {0, &(struct findings){0, NULL}};
  cr_assert_eq(teams_run(2, run_side_by_side, &side), PPAR_OK);
  ASSERT_CLEAN(side.found, "two iterations at once");
}

/* The first prange of a region has another shape than that of the region before. */
struct shape {
  int64_t begin, end, step, chunk;
  uint64_t next;
  struct findings *found;
};

static void run_first_prange(ppar_team *team, void *arg) {
  struct shape *shape = arg;
  const ppar_options options = {.schedule = ppar_static(shape->chunk), .step = shape->step};
  ppar_prange(team, i, shape->begin, shape->end, &options) {
    ppar_ordered_begin(team, i);
    EXPECT(shape->found, i == shape->begin + (int64_t)shape->next * shape->step);
    shape->next++;
    ppar_ordered_end(team, i);
  }
}

Test(ordered, begins_anew_in_each_region) {
  struct findings found = {0, NULL};
  struct shape shapes[] = {{0, 50, 1, 0, 0, &found}, {9, -80, -3, 0, 0, &found}, {5, 70, 2, 1, 0, &found},
                           {0, 40, 1, 0, 0, &found}, {-7, 90, 4, 3, 0, &found},  {3, 3, 1, 0, 0, &found}};
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
      const ppar_bounds bounds = {shapes[s].begin, shapes[s].end, shapes[s].step};
      shapes[s].next = 0;
      EXPECT(&found, teams_run(teams_sizes[size], run_first_prange, &shapes[s]) == PPAR_OK);
      EXPECT(&found, shapes[s].next == ppar_bounds_count(bounds));
      ASSERT_CLEAN(&found, "the first prange of a region");
    }
  }
}

enum { AHEAD_MOST = 20, AHEAD_ROUNDS = 4 };

/* Several pranges without barriers, in which only thread 0 has an iteration, and a last one in which all have one.
 * Thread 0 begins when the others have come to the last: each prange's order is its own, however many they have run
 * past. */
struct ahead {
  int pranges, threads;
  ppar_schedule schedule;
  bool ordered;
  _Atomic uint64_t came;     /* to the last prange of a round */
  uint64_t next[AHEAD_MOST]; /* plain memory, as above */
  struct findings *found;
};

static void run_ahead(ppar_team *team, void *arg) {
  struct ahead *ahead = arg;
  const uint64_t others = (uint64_t)ahead->threads - 1;
  for (uint64_t round = 0; round < AHEAD_ROUNDS; round++) {
    if (ppar_team_thread(team) == 0) EXPECT(ahead->found, teams_await(&ahead->came, (round + 1) * others));
    for (int p = 0; p < ahead->pranges; p++) {
      const bool last = p == ahead->pranges - 1;
      const int64_t iterations = last ? ahead->threads : 1;
      const ppar_options *options =
          PPAR_OPTIONS(.schedule = ahead->schedule, .ordered = ahead->ordered, .nowait = !last || round % 2 != 0);
      ppar_prange(team, i, 0, iterations, options) {
        if (i != 0) atomic_fetch_add(&ahead->came, 1);
        ppar_ordered_begin(team, i);
        EXPECT(ahead->found, ahead->next[p] == round * (uint64_t)iterations + (uint64_t)i);
        ahead->next[p]++;
        ppar_ordered_end(team, i);
      }
    }
    ppar_barrier(team);
  }
}

Test(ordered, is_each_pranges_own_however_far_threads_run_ahead) {
  static const int pranges[] = {1, 2, 4, 5, 9, AHEAD_MOST};
  static struct ahead ahead;
  struct findings found = {0, NULL};
  ahead.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    if (teams_sizes[size] == 1 || teams_sizes[size] == TEAMS_MOST) continue;
    for (size_t p = 0; p < sizeof pranges / sizeof pranges[0]; p++) {
      for (int variant = 0; variant < 4; variant++) {
        const struct loop_case text = {
            .bounds = {0, 1, 1}, .schedule = ppar_static(variant / 2), .threads = teams_sizes[size]};
        ahead.pranges = pranges[p];
        ahead.threads = text.threads;
        ahead.schedule = text.schedule;
        ahead.ordered = variant % 2 == 0;
        atomic_store(&ahead.came, 0);
        for (int k = 0; k < AHEAD_MOST; k++) ahead.next[k] = 0;
        EXPECT(&found, teams_run(text.threads, run_ahead, &ahead) == PPAR_OK);
        for (int k = 0; k < pranges[p]; k++)
          EXPECT(&found, ahead.next[k] == AHEAD_ROUNDS * (uint64_t)(k == pranges[p] - 1 ? text.threads : 1));
        ASSERT_CLEAN(&found, case_text(&text));
      }
    }
  }
}

/* A worker that has a seat is in a body of another thread's loop, and that body wants what the region's caller holds.
 */
struct held {
  ppar_pool *pool;
  pthread_mutex_t mutex;
  _Atomic uint64_t wanting;
  _Atomic uint64_t in_order;
  pthread_t looping;
};

static void want(const ppar_chunk *chunk, void *arg) {
  struct held *held = arg;
  (void)chunk;
  if (pthread_equal(pthread_self(), held->looping)) { /* the other part is the worker's */
    teams_await(&held->wanting, 1);
    return;
  }
  atomic_store(&held->wanting, 1);
  pthread_mutex_lock(&held->mutex);
  pthread_mutex_unlock(&held->mutex);
}

static void *run_a_loop(void *arg) {
  struct held *held = arg;
  held->looping = pthread_self();
  ppar_parallel_for(0, 2, want, held, PPAR_OPTIONS(.pool = held->pool, .schedule = ppar_static(1)));
  return NULL;
}

static void count_in_order(ppar_team *team, void *arg) {
  struct held *held = arg;
  ppar_prange(team, i, 0, 8, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    ppar_ordered_begin(team, i);
    atomic_fetch_add(&held->in_order, 1);
    ppar_ordered_end(team, i);
  }
}

Test(ordered, does_not_wait_for_a_worker_that_waits_for_the_caller) {
  static struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  pthread_t other;
  held.pool = case_pool(2);
  cr_assert_not_null(held.pool);
  cr_assert_eq(ppar_parallel(count_in_order, &held, PPAR_OPTIONS(.pool = held.pool, .threads = 2)), PPAR_OK);
  pthread_mutex_lock(&held.mutex);
  cr_assert_eq(pthread_create(&other, NULL, run_a_loop, &held), 0);
  cr_assert(teams_await(&held.wanting, 1));
  cr_assert_eq(ppar_parallel(count_in_order, &held, PPAR_OPTIONS(.pool = held.pool, .threads = 2)), PPAR_OK);
  pthread_mutex_unlock(&held.mutex);
  pthread_join(other, NULL);
  cr_assert_eq(atomic_load(&held.in_order), 16);
  cr_assert_eq(ppar_pool_destroy(held.pool), PPAR_OK);
}

/* --- An ordered part that is left by break or continue
 * ---------------------------------------------------------------- */

static void use_the_section(const ppar_chunk *chunk, void *arg) {
  (void)chunk, (void)arg;
  ppar_critical_begin(NULL, "left");
  ppar_critical_end(NULL, "left");
  teams_sleep(3000);
}

static void count_ran(const ppar_chunk *chunk, void *ran) {
  (void)chunk;
  atomic_fetch_add((_Atomic uint64_t *)ran, 1);
}

/* Thread 2 leaves its first ordered part by break or continue. It is in none when it begins its loop, so thread 1,
 * which waits for its turn in the section that the loop wants, may not take part in that. */
static void leave_and_go_on(ppar_team *team, void *arg) {
  const ppar_options *options = PPAR_OPTIONS(.schedule = ppar_static(1), .ordered = true);
  ppar_prange(team, i, 0, 3, options) {
    ppar_ordered_begin(team, i);
    if (i == 2 && atomic_load((_Atomic uint64_t *)arg) % 8 == 0) break;
    if (i == 2) continue;
    ppar_ordered_end(team, i);
  }
  ppar_prange(team, i, 0, 3, options) {
    if (i == 0) teams_sleep(30000);
    if (i == 1) ppar_critical_begin(team, "left");
    if (i == 2) {
      teams_sleep(6000);
      ppar_parallel_for(0, 8, use_the_section, NULL, PPAR_OPTIONS(.threads = 4, .schedule = ppar_dynamic(1)));
    }
    ppar_ordered_begin(team, i);
    ppar_ordered_end(team, i);
    if (i == 1) ppar_critical_end(team, "left");
  }
  if (ppar_master(team)) ppar_parallel_for(0, 4, count_ran, arg, PPAR_OPTIONS(.schedule = ppar_dynamic(1)));
}

Test(ordered, is_over_for_a_thread_that_has_left_it_by_break_or_continue) {
  _Atomic uint64_t ran = 0;
  for (uint64_t round = 1; round <= 5; round++) {
    cr_assert_eq(teams_run(3, leave_and_go_on, (void *)&ran), PPAR_OK);
    cr_assert_eq(atomic_load(&ran), 4 * round);
  }
}
