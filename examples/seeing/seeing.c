/* SPDX-License-Identifier: MIT */
/* seeing.c: small loops to look at, whose pictures are in docs/seeing.md.
 *
 *     PPAR_TRACE=svg:static.svg PPAR_TRACE_ONLY=triangle seeing static
 *
 * Four threads are shown, also where there are fewer CPUs: each iteration sleeps for as long as its work would take.
 * Only what is said of caches, in false-sharing, computes. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <ppar/ppar.h>

enum { WRONG_SUM = -100 /* a status of this program's */ };
enum { THREADS = 4, ITERATIONS = 40, EVEN_ITERATIONS = 64, ROWS = 3, COLUMNS = 24, TASKS = 12, INCREMENTS = 40000000 };

static void work(double milliseconds) {
  struct timespec time = {0, (long)(milliseconds * 1e6)};
  nanosleep(&time, NULL);
}

/* --- Schedules: iterations of a triangle, each of which takes longer than the one before ---------------------- */

PPAR_BODY_GLOBAL(triangle, i) { work(0.2 * (double)(i + 1)); }

static int run_triangle(ppar_pool *pool, ppar_schedule schedule) {
  return ppar_parallel_for(0, ITERATIONS, triangle, NULL,
                           PPAR_OPTIONS(.pool = pool, .schedule = schedule, .name = "triangle"));
}

static int run_static(ppar_pool *pool) { return run_triangle(pool, ppar_static(0)); }
static int run_static4(ppar_pool *pool) { return run_triangle(pool, ppar_static(4)); }
static int run_dynamic4(ppar_pool *pool) { return run_triangle(pool, ppar_dynamic(4)); }
static int run_guided(ppar_pool *pool) { return run_triangle(pool, ppar_guided(0)); }
static int run_auto(ppar_pool *pool) { return run_triangle(pool, ppar_auto()); }

/* --- A sum, twice: by a reduction, and in a critical section -------------------------------------------------- */

PPAR_FOLD_GLOBAL(add, double, sum, i) {
  work(1);
  *sum += (double)i;
}

static const double right_sum = 0.5 * EVEN_ITERATIONS * (EVEN_ITERATIONS - 1);

static int run_reduction(ppar_pool *pool) {
  double sum = 0;
  int status =
      PPAR_REDUCE(0, EVEN_ITERATIONS, add, NULL, PPAR_SUM(&sum), &sum, PPAR_OPTIONS(.pool = pool, .name = "sum"));
  return sum == right_sum ? status : WRONG_SUM;
}

static void add_in_turn(ppar_team *team, void *arg) {
  double *sum = arg;
  ppar_prange(team, i, 0, EVEN_ITERATIONS, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "sum")) {
    work(0.5);
    ppar_critical_begin(team, "sum");
    work(0.5); /* What others must wait for is as long as the rest. */
    *sum += (double)i;
    ppar_critical_end(team, "sum");
  }
}

static int run_critical(ppar_pool *pool) {
  double sum = 0;
  int status = ppar_parallel(add_in_turn, &sum, PPAR_OPTIONS(.pool = pool, .name = "summing"));
  return sum == right_sum ? status : WRONG_SUM;
}

/* --- A loop in a loop ----------------------------------------------------------------------------------------- */

struct columns {
  ppar_pool *pool;
};

PPAR_BODY_GLOBAL(column, j) { work(1); }

PPAR_BODY(row, i, struct columns, c) {
  work(2);
  (void)ppar_parallel_for(0, COLUMNS, column, NULL,
                          PPAR_OPTIONS(.pool = c->pool, .schedule = ppar_dynamic(1), .name = "columns"));
}

static int run_nested(ppar_pool *pool) {
  struct columns columns = {pool};
  return PPAR_FOR(0, ROWS, row, &columns, PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1), .name = "rows"));
}

/* --- Tasks, each of which takes longer than the one before ---------------------------------------------------- */

static void task(void *arg) {
  const double *milliseconds = arg;
  work(*milliseconds);
}

static int run_tasks(ppar_pool *pool) {
  double milliseconds[TASKS];
  ppar_task_group group;
  ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool, .name = "tasks"));
  for (int k = 0; k < TASKS; k++) {
    milliseconds[k] = 2.0 * (k + 1);
    ppar_task_spawn(&group, task, &milliseconds[k]);
  }
  return ppar_task_group_wait(&group);
}

/* --- A barrier between two phases ----------------------------------------------------------------------------- */

static void phases(ppar_team *team, void *arg) {
  int thread = ppar_team_thread(team);
  (void)arg;
  work(8.0 * (thread + 1));
  ppar_barrier(team);
  work(8.0 * (THREADS - thread));
}

static int run_barrier(ppar_pool *pool) {
  return ppar_parallel(phases, NULL, PPAR_OPTIONS(.pool = pool, .name = "two phases"));
}

/* --- False sharing: each thread has a counter of its own, beside the others' or on lines of its own ----------- */

static volatile int64_t adjacent[PPAR_MAX_THREADS];

/* Each iteration is one thread's counting. */
PPAR_BODY_GLOBAL(count_adjacent, i) {
  for (int64_t k = 0; k < INCREMENTS; k++) adjacent[i]++;
}

static void count_apart(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) {
    volatile int64_t *mine = ppar_per_thread_at(arg, (int)i);
    for (int64_t k = 0; k < INCREMENTS; k++) ++*mine;
  }
}

static int run_false_sharing(ppar_pool *pool) {
  ppar_per_thread *counters;
  int status = ppar_per_thread_create(&counters, 2, sizeof(int64_t), NULL);
  if (status != PPAR_OK) return status;
  status = ppar_parallel_for(
      0, 2, count_adjacent, NULL,
      PPAR_OPTIONS(.pool = pool, .threads = 2, .schedule = ppar_static(0), .name = "counters side by side"));
  if (status == PPAR_OK)
    status = ppar_parallel_for(
        0, 2, count_apart, counters,
        PPAR_OPTIONS(.pool = pool, .threads = 2, .schedule = ppar_static(0), .name = "counters in ppar_per_thread"));
  ppar_per_thread_free(counters);
  return status;
}

/* --- Before all ----------------------------------------------------------------------------------------------- */

PPAR_BODY_GLOBAL(wait_for_all, i) { work(5); }

/* A pool's threads start with the first loop. What is looked at is how the later ones run. */
static int start(ppar_pool *pool) {
  return ppar_parallel_for(0, 2 * THREADS, wait_for_all, NULL,
                           PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1), .name = "start"));
}

/* --- Which one ------------------------------------------------------------------------------------------------ */

static const struct {
  const char *name;
  int (*run)(ppar_pool *pool);
  int threads;
} cases[] = {
    {"static", run_static, THREADS},
    {"static4", run_static4, THREADS},
    {"dynamic4", run_dynamic4, THREADS},
    {"guided", run_guided, THREADS},
    {"auto", run_auto, THREADS},
    {"reduction", run_reduction, THREADS},
    {"critical", run_critical, THREADS},
    {"nested", run_nested, THREADS},
    {"tasks", run_tasks, THREADS},
    {"barrier", run_barrier, THREADS},
    {"false-sharing", run_false_sharing, 2},
};
enum { CASES = sizeof cases / sizeof *cases };

static int run(int which) {
  ppar_pool *pool;
  int status = ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = cases[which].threads));
  if (status == PPAR_OK) {
    status = start(pool);
    if (status == PPAR_OK) status = cases[which].run(pool);
    ppar_pool_destroy(pool);
  }
  if (status != PPAR_OK) fprintf(stderr, "seeing: %s: %s\n", cases[which].name, ppar_strerror(status));
  return status == PPAR_OK ? 0 : 1;
}

int main(int argc, char **argv) {
  for (int k = 0; argc == 2 && k < CASES; k++) {
    if (strcmp(argv[1], cases[k].name) == 0) return run(k);
  }
  fprintf(stderr, "usage: PPAR_TRACE=picture seeing CASE; allowed:");
  for (int k = 0; k < CASES; k++) fprintf(stderr, " %s", cases[k].name);
  fprintf(stderr, "\n");
  return 2;
}
