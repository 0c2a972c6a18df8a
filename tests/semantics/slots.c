/* SPDX-License-Identifier: MIT */
/* slots.c: a slot is never in use twice at once, so its number may index storage without any lock. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(slots, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 64 };

/* Plain fields on purpose: ThreadSanitizer sees two users of a slot even where the counts come out right. */
struct slot {
  int busy;
  uint64_t sum;
  uint64_t iterations;
  char apart[104];
};

struct storage {
  struct slot slot[THREADS_MOST];
  int threads;
  int depth; /* of the loops that each chunk runs inside */
  ppar_schedule schedule;
  ppar_pool *pool;
  _Atomic int active, most_active;
  struct findings *found;
};

static void run_storage(struct storage *storage, int64_t begin, int64_t end);

static void enter(struct storage *storage, struct slot *slot) {
  int active = atomic_fetch_add(&storage->active, 1) + 1, most = atomic_load(&storage->most_active);
  while (active > most && !atomic_compare_exchange_weak(&storage->most_active, &most, active)) continue;
  EXPECT(storage->found, slot->busy == 0);
  slot->busy = 1;
}

static void leave(struct storage *storage, struct slot *slot) {
  EXPECT(storage->found, slot->busy == 1);
  slot->busy = 0;
  atomic_fetch_sub(&storage->active, 1);
}

static void use_slot(const ppar_chunk *chunk, void *arg) {
  struct storage *storage = arg;
  struct slot *slot = &storage->slot[chunk->thread];
  EXPECT(storage->found, chunk->thread >= 0 && chunk->thread < storage->threads);
  enter(storage, slot);
  ppar_for_each_index(i, chunk) {
    slot->sum += work_hash(i);
    slot->iterations++;
  }
  if (chunk->begin % 16 == 0) work_spin(300);
  work_yield();
  if (storage->depth > 0 && chunk->begin % 8 == 0) {
    static const int threads[] = {1, 2, 5, THREADS_MOST};
    struct storage inner = {.threads = threads[(uint64_t)chunk->begin / 8 % 4],
                            .depth = storage->depth - 1,
                            .schedule = storage->schedule,
                            .pool = storage->pool,
                            .found = storage->found};
    int thread = ppar_thread_num();
    run_storage(&inner, chunk->begin, chunk->begin + 40);
    EXPECT(storage->found, ppar_thread_num() == thread);
  }
  leave(storage, slot);
}

static void run_storage(struct storage *storage, int64_t begin, int64_t end) {
  ppar_options options = {.schedule = storage->schedule, .threads = storage->threads, .pool = storage->pool};
  uint64_t sum = 0, iterations = 0, expected = 0;
  EXPECT(storage->found, ppar_parallel_for(begin, end, use_slot, storage, &options) == PPAR_OK);
  for (int t = 0; t < storage->threads; t++) {
    EXPECT(storage->found, storage->slot[t].busy == 0);
    sum += storage->slot[t].sum;
    iterations += storage->slot[t].iterations;
  }
  for (int64_t i = begin; i < end; i++) expected += work_hash(i);
  EXPECT(storage->found, iterations == (uint64_t)(end - begin));
  EXPECT(storage->found, sum == expected);
}

static void sweep(ppar_pool *pool, int depth, int64_t iterations) {
  static const int threads[] = {1, 2, 3, 8, 33, THREADS_MOST};
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  uint64_t combination = 0;
  for (size_t s = 0; s < schedule_count; s++) {
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
      if (scale_is_small() && combination++ % 3 != 0) continue;
      struct findings found = {0, NULL};
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, iterations), .schedule = schedules[s], .threads = threads[t]};
      struct storage storage = {
          .threads = threads[t], .depth = depth, .schedule = schedules[s], .pool = pool, .found = &found};
      run_storage(&storage, 0, iterations);
      /* One caller: never more threads at work than the pool has, nor than there are slots. */
      EXPECT(&found, storage.most_active <= ppar_max_threads(pool));
      EXPECT(&found, storage.most_active <= threads[t]);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
}

Test(slots, are_used_by_one_thread_at_a_time) {
  ppar_pool *pool = case_pool(8);
  cr_assert_not_null(pool);
  sweep(pool, 0, (int64_t)scaled(20000));
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(slots, are_used_by_one_thread_at_a_time_on_the_default_pool) { sweep(NULL, 0, (int64_t)scaled(20000)); }

Test(slots, stay_in_use_while_their_chunk_runs_a_loop) {
  ppar_pool *pool = case_pool(5);
  cr_assert_not_null(pool);
  sweep(pool, 1, (int64_t)scaled(650));
  sweep(pool, 2, (int64_t)scaled(130));
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

struct caller {
  ppar_pool *pool;
  struct findings *found;
};

static void *call_loops(void *arg) {
  struct caller *caller = arg;
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  for (size_t round = 0; round < scaled(65); round++) {
    struct storage storage = {.threads = 2 + (int)(round % 9),
                              .depth = (int)(round % 2),
                              .pool = caller->pool,
                              .schedule = schedules[round % schedule_count],
                              .found = caller->found};
    run_storage(&storage, 0, 300);
  }
  return NULL;
}

Test(slots, of_different_callers_loops_do_not_mix) {
  enum { CALLERS = 4 };
  pthread_t threads[CALLERS];
  struct findings found = {0, NULL};
  struct caller caller = {case_pool(4), &found};
  cr_assert_not_null(caller.pool);
  for (int c = 0; c < CALLERS; c++) cr_assert_eq(pthread_create(&threads[c], NULL, call_loops, &caller), 0);
  for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  cr_assert_eq(ppar_pool_destroy(caller.pool), PPAR_OK);
  ASSERT_CLEAN(&found, "four callers on one pool");
}

/* Every innermost body counts itself: however deep the nesting, the pool's threads bound their number. */
struct census {
  ppar_pool *pool;
  int depth;
  _Atomic int *active, *most_active;
  struct findings *found;
};

static void count_active(const ppar_chunk *chunk, void *arg) {
  const struct census *census = arg;
  if (census->depth > 0) {
    struct census inner = *census;
    inner.depth--;
    EXPECT(census->found,
           ppar_parallel_for(0, 6, count_active, &inner,
                             PPAR_OPTIONS(.schedule = ppar_dynamic(1), .threads = 6, .pool = census->pool)) == PPAR_OK);
    return;
  }
  int active = atomic_fetch_add(census->active, 1) + 1, most = atomic_load(census->most_active);
  while (active > most && !atomic_compare_exchange_weak(census->most_active, &most, active)) continue;
  work_spin(500 * chunk->count);
  atomic_fetch_sub(census->active, 1);
}

Test(slots, nested_loops_never_run_on_more_threads_than_the_pool_has) {
  ppar_pool *pool = case_pool(3);
  struct findings found = {0, NULL};
  _Atomic int active = 0, most_active = 0;
  cr_assert_not_null(pool);
  for (uint64_t round = 0; round < scaled(60); round++) {
    struct census census = {pool, 2, &active, &most_active, &found};
    cr_assert_eq(ppar_parallel_for(0, 6, count_active, &census, PPAR_OPTIONS(.threads = 6, .pool = pool)), PPAR_OK);
  }
  cr_assert(most_active <= 3, "%d bodies at once on a pool of 3 threads", most_active);
  ASSERT_CLEAN(&found, "three nested loops");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}
