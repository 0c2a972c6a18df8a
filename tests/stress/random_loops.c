/* SPDX-License-Identifier: MIT */
/* random_loops.c: loops of random kinds from several threads at once, nested, failing and not, each checked
 * against the serial loop. PPAR_TEST_SECONDS says for how long; the seed is printed, and PPAR_TEST_SEED
 * repeats a run as far as the system's scheduling lets it. */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/seeds.h"
#include "../support/work.h"

enum { CALLERS = 4, POOLS = 4, ITERATIONS_MOST = 1500, DEPTH_MOST = 3, DEFAULT_SECONDS = 5 };

TestSuite(random_loops, .timeout = 3600);

struct stress {
  ppar_pool *pools[POOLS]; /* NULL: the default one */
  _Atomic bool stop;
  _Atomic uint64_t loops;
  struct findings found;
};

struct caller {
  pthread_t thread;
  struct stress *stress;
  uint64_t seed;
  ppar_pool *own; /* made and destroyed on the way */
};

/* One random loop. */
struct trial {
  struct loop_case loop;
  struct stress *stress;
  uint64_t seed;
  int depth;
  uint64_t iterations;
  uint64_t failing;  /* the first one that fails; more follow; iterations: none does */
  uint64_t inner_in; /* one in so many chunks runs a loop inside; 0: none */
  uint64_t work_in;  /* one in so many chunks takes long */
  _Atomic unsigned char *counts;
};

static bool run_trial(struct stress *stress, ppar_pool *own, uint64_t seed, int depth);

static int status_of(uint64_t number) { return (int)number + 1; }

static bool fails(const struct trial *trial, uint64_t number) {
  return number >= trial->failing && (number == trial->failing || work_hash((int64_t)(number ^ trial->seed)) % 5 == 0);
}

static bool run_chunk(const ppar_chunk *chunk, const struct trial *trial, uint64_t *sum) {
  struct findings *found = &trial->stress->found;
  uint64_t first = case_number(&trial->loop, chunk->begin), here = work_hash((int64_t)(first ^ trial->seed));
  int thread = chunk->thread, threads = ppar_num_threads();
  EXPECT(found, thread == ppar_thread_num());
  EXPECT(found, thread >= 0 && thread < threads);
  EXPECT(found, first < trial->iterations && chunk->count >= 1 && chunk->count <= trial->iterations - first);
  if (trial->work_in != 0 && here % trial->work_in == 0) work_spin(1000 + here % 20000);
  if (trial->inner_in != 0 && (here >> 32) % trial->inner_in == 0) {
    EXPECT(found, run_trial(trial->stress, trial->loop.pool, here, trial->depth + 1));
    EXPECT(found, ppar_thread_num() == thread && ppar_num_threads() == threads);
  }
  ppar_for_each_index(i, chunk) {
    uint64_t number = case_number(&trial->loop, i);
    atomic_fetch_add_explicit(&trial->counts[number], 1, memory_order_relaxed);
    if (fails(trial, number)) {
      ppar_cancel(chunk, status_of(number));
      return false;
    }
    *sum += work_hash(i);
  }
  return true;
}

static void body(const ppar_chunk *chunk, void *arg) {
  uint64_t sum = 0;
  run_chunk(chunk, arg, &sum);
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) { run_chunk(chunk, arg, accumulator); }

PPAR_BODY(count_iteration, i, struct trial, trial) {
  atomic_fetch_add_explicit(&trial->counts[case_number(&trial->loop, i)], 1, memory_order_relaxed);
}

static ppar_bounds random_bounds(uint64_t *random, uint64_t iterations) {
  static const int64_t steps[] = {
      1, 1, 1, -1, 2, -3, 64, -1000, INT64_MAX / ITERATIONS_MOST, -(INT64_MAX / ITERATIONS_MOST)};
  int64_t step = steps[work_random(random) % (sizeof steps / sizeof steps[0])];
  int64_t length = (int64_t)iterations * step;
  int64_t begin = (int64_t)(work_random(random) % 2000) - 1000;
  if (work_random(random) % 4 == 0) begin = step > 0 ? INT64_MIN : INT64_MAX;
  if (begin > 0 && length > INT64_MAX - begin) begin = 0;
  if (begin < 0 && length < INT64_MIN - begin) begin = 0;
  return (ppar_bounds){begin, begin + length, step};
}

static bool run_trial(struct stress *stress, ppar_pool *own, uint64_t seed, int depth) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  uint64_t random = seed;
  struct trial trial = {.stress = stress, .seed = seed, .depth = depth};
  uint64_t most = depth == 0 ? ITERATIONS_MOST : 60;
  trial.iterations = work_random(&random) % 8 == 0 ? work_random(&random) % 4 : work_random(&random) % most;
  trial.loop.bounds = random_bounds(&random, trial.iterations);
  trial.loop.schedule = schedules[work_random(&random) % schedule_count];
  trial.loop.threads =
      work_random(&random) % 4 == 0 ? 1 + (int)(work_random(&random) % 100) : (int)(work_random(&random) % 6);
  trial.loop.pool = work_random(&random) % 3 == 0 ? own : stress->pools[work_random(&random) % POOLS];
  trial.failing = trial.iterations != 0 && work_random(&random) % 3 == 0 ? work_random(&random) % trial.iterations
                                                                         : trial.iterations;
  trial.inner_in = depth < DEPTH_MOST && work_random(&random) % 4 == 0 ? 1 + work_random(&random) % 200 : 0;
  trial.work_in = work_random(&random) % 2 == 0 ? 1 + work_random(&random) % 100 : 0;
  bool reduction = work_random(&random) % 2 == 0, plain = work_random(&random) % 4 == 0;
  trial.loop.reproducible = work_random(&random) % 2 == 0;

  trial.counts = calloc((size_t)trial.iterations + 1, sizeof *trial.counts);
  if (trial.counts == NULL) return false;
  bool ends = trial.failing == trial.iterations, right = true;
  int status, expected = ends ? PPAR_OK : status_of(trial.failing);
  uint64_t sum = seed, expected_sum = seed;
  if (reduction) {
    status = case_reduce(&trial.loop, fold, &trial, &ppar_sum_u64, &sum);
  } else if (plain) {
    status = case_run(&trial.loop, count_iteration, &trial);
    ends = true;
    expected = PPAR_OK;
  } else {
    status = case_run(&trial.loop, body, &trial);
  }
  right = status == expected;
  for (uint64_t k = 0; k < trial.iterations; k++) {
    unsigned count = atomic_load_explicit(&trial.counts[k], memory_order_relaxed);
    right = right && count <= 1 && (count == 1 || (!ends && k > trial.failing));
    expected_sum += work_hash((int64_t)((uint64_t)trial.loop.bounds.begin + k * (uint64_t)trial.loop.bounds.step));
  }
  right = right && sum == (reduction && ends ? expected_sum : seed);
  if (!right) {
    fprintf(stderr, "wrong, with status %d, not %d, at depth %d: %s\n", status, expected, depth,
            case_text(&trial.loop));
  }
  free(trial.counts);
  atomic_fetch_add(&stress->loops, 1);
  return right;
}

static void *run_trials(void *arg) {
  struct caller *caller = arg;
  struct stress *stress = caller->stress;
  uint64_t random = caller->seed;
  while (!atomic_load(&stress->stop)) {
    if (work_random(&random) % 50 == 0) {
      EXPECT(&stress->found, ppar_pool_destroy(caller->own) == PPAR_OK);
      caller->own = case_pool(1 + (int)(work_random(&random) % 6));
    }
    EXPECT(&stress->found, run_trial(stress, caller->own, work_random(&random), 0));
    if (work_random(&random) % 100 == 0) nanosleep(&(struct timespec){0, 1000 * 1000}, NULL); /* workers fall asleep */
    if (atomic_load(&stress->found.count) != 0) break;
  }
  EXPECT(&stress->found, ppar_pool_destroy(caller->own) == PPAR_OK);
  return NULL;
}

Test(random_loops, end_as_the_serial_loops) {
  static struct stress stress;
  static struct caller callers[CALLERS];
  char text[64];
  uint64_t random = seed_of_run("random_loops", text, sizeof text);
  uint64_t seconds = number_from("PPAR_TEST_SECONDS", DEFAULT_SECONDS);
  for (int p = 1; p < POOLS; p++) cr_assert_not_null(stress.pools[p] = case_pool(2 * p - 1));
  for (int c = 0; c < CALLERS; c++) {
    callers[c].stress = &stress;
    callers[c].seed = work_random(&random);
    cr_assert_eq(pthread_create(&callers[c].thread, NULL, run_trials, &callers[c]), 0);
  }
  for (uint64_t tenth = 0; tenth < 10 * seconds && atomic_load(&stress.found.count) == 0; tenth++) {
    nanosleep(&(struct timespec){0, 100 * 1000 * 1000}, NULL);
  }
  atomic_store(&stress.stop, true);
  for (int c = 0; c < CALLERS; c++) pthread_join(callers[c].thread, NULL);
  for (int p = 1; p < POOLS; p++) cr_assert_eq(ppar_pool_destroy(stress.pools[p]), PPAR_OK);
  ASSERT_CLEAN(&stress.found, text);
  fprintf(stderr, "random_loops: %" PRIu64 " loops\n", atomic_load(&stress.loops));
}
