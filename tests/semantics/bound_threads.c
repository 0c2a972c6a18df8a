/* SPDX-License-Identifier: MIT */
/* bound_threads.c: where and how thread i of regions runs, as the program or the pool has said, is so in later regions
 * too: also where another thread of the system is thread i from then on. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/teams.h"

TestSuite(bound_threads, .timeout = SCALE_TIMEOUT);

enum { TWO = 2, FOUR = 4, NICER = 3 };

/* What a thread runs on, and how. */
struct standing {
  cpu_set_t cpus;
  int nice, policy;
};

static struct standing standing_of_thread(void) {
  struct standing standing;
  CPU_ZERO(&standing.cpus);
  (void)sched_getaffinity(0, sizeof standing.cpus, &standing.cpus);
  standing.nice = getpriority(PRIO_PROCESS, 0);
  standing.policy = (int)syscall(SYS_sched_getscheduler, 0);
  return standing;
}

static bool are_equal(const struct standing *a, const struct standing *b) {
  return CPU_EQUAL(&a->cpus, &b->cpus) && a->nice == b->nice && a->policy == b->policy;
}

/* The process's first and last CPU; false: there is one. */
static bool two_cpus(int *first, int *last) {
  cpu_set_t all;
  CPU_ZERO(&all);
  if (sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < TWO) return false;
  for (*first = 0; !CPU_ISSET((size_t)*first, &all);) ++*first;
  for (*last = CPU_SETSIZE - 1; !CPU_ISSET((size_t)*last, &all);) --*last;
  return true;
}

static void note_standing(ppar_team *team, void *arg) {
  ((struct standing *)arg)[ppar_team_thread(team)] = standing_of_thread();
}

static void note_region(ppar_pool *pool, int threads, struct standing *out) {
  cr_assert_eq(ppar_parallel(note_standing, out, PPAR_OPTIONS(.pool = pool, .threads = threads)), PPAR_OK);
}

/* All threads but the caller bind themselves to this CPU. */
static void bind_to_cpu(ppar_team *team, void *arg) {
  cpu_set_t one;
  if (ppar_master(team)) return;
  CPU_ZERO(&one);
  CPU_SET((size_t) * (const int *)arg, &one);
  (void)sched_setaffinity(0, sizeof one, &one);
}

static void bind_to_cpu_and_be_nicer(ppar_team *team, void *arg) {
  static const struct sched_param none = {.sched_priority = 0};
  bind_to_cpu(team, arg);
  if (ppar_master(team)) return;
  (void)syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &none);
  (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICER);
}

static void run_region(ppar_pool *pool, int threads, ppar_region *region, const int *cpu) {
  int copy = *cpu;
  cr_assert_eq(ppar_parallel(region, &copy, PPAR_OPTIONS(.pool = pool, .threads = threads)), PPAR_OK);
}

/* --- The worker is in a loop's body as the region starts ------------------------------------------------------- */

struct hold {
  ppar_pool *pool;
  _Atomic uint64_t inside, may_end;
  struct findings found;
};

static void hold_thread(const ppar_chunk *chunk, void *arg) {
  struct hold *hold = arg;
  (void)chunk;
  atomic_fetch_add(&hold->inside, 1);
  EXPECT(&hold->found, teams_await(&hold->may_end, 1));
}

static void *hold_worker(void *arg) {
  struct hold *hold = arg;
  EXPECT(&hold->found,
         ppar_parallel_for(0, TWO, hold_thread, hold,
                           PPAR_OPTIONS(.pool = hold->pool, .threads = TWO, .schedule = ppar_static(0))) == PPAR_OK);
  return NULL;
}

/* A region of two on a pool whose worker is held. */
static void note_region_of_substitute(ppar_pool *pool, struct standing *out) {
  struct hold hold = {.pool = pool};
  pthread_t holder;
  cr_assert_eq(pthread_create(&holder, NULL, hold_worker, &hold), 0);
  cr_expect(teams_await(&hold.inside, TWO));
  note_region(pool, TWO, out);
  atomic_store(&hold.may_end, 1);
  pthread_join(holder, NULL);
  ASSERT_CLEAN(&hold.found, "a loop that holds the worker");
}

static void *nothing(void *arg) { return arg; }

/* How many threads there are, with those that a checker starts with the first one of the program's. */
static int threads_now(void) {
  pthread_t thread;
  cr_assert_eq(pthread_create(&thread, NULL, nothing, NULL), 0);
  (void)pthread_join(thread, NULL);
  return tasks_named("");
}

static bool are_alone(ppar_pool *pool, int others) {
  for (int tries = 0; tries < 10000 && tasks_named("") > others; tries++) {
    cr_expect_eq(ppar_pool_trim(pool), PPAR_OK);
    teams_sleep(1000);
  }
  return tasks_named("") <= others; /* One that had just ended may have been among the others. */
}

/* The substitute ends later, and the worker is thread 1 again. */
Test(bound_threads, a_substitute_is_as_the_program_has_made_the_thread_before) {
  struct standing before[TWO], during[TWO], after[TWO];
  ppar_pool *pool;
  int first, last;
  if (!two_cpus(&first, &last) || !TASKS_VISIBLE) cr_skip_test("needs two CPUs, and /proc");
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = TWO, .bind = PPAR_BIND_FALSE)), PPAR_OK);
  const int own = threads_now();
  run_region(pool, TWO, bind_to_cpu_and_be_nicer, &last);
  note_region(pool, TWO, before);
  note_region_of_substitute(pool, during);
  note_region(pool, TWO, after);
  cr_expect_eq(CPU_COUNT(&before[1].cpus), 1);
  cr_expect(are_equal(&during[1], &before[1]));
  cr_expect(are_equal(&after[1], &before[1]));
  cr_expect(are_alone(pool, own));
  note_region(pool, TWO, after);
  cr_expect(are_equal(&after[1], &before[1]));
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(bound_threads, a_substitute_has_the_place_of_the_thread_before) {
  struct standing before[TWO], during[TWO];
  ppar_pool *pool;
  char places[64];
  int first, last;
  if (!two_cpus(&first, &last)) cr_skip_test("needs two CPUs");
  snprintf(places, sizeof places, "{%d},{%d}", first, last);
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = TWO, .bind = PPAR_BIND_CLOSE, .places = places)),
               PPAR_OK);
  note_region(pool, TWO, before);
  note_region_of_substitute(pool, during);
  cr_expect_eq(CPU_COUNT(&before[1].cpus), 1);
  cr_expect(are_equal(&during[1], &before[1]));
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* --- Extra threads end when they are idle ------------------------------------------------------------------------ */

/* Those that are bound stay. Where the program has bound them to all CPUs again they are as new ones would be. */
Test(bound_threads, extra_threads_that_the_program_has_bound_stay_bound) {
  struct standing before[FOUR], after[FOUR];
  ppar_pool *pool;
  int first, last;
  if (!two_cpus(&first, &last)) cr_skip_test("needs two CPUs");
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .bind = PPAR_BIND_FALSE)), PPAR_OK);
  run_region(pool, FOUR, bind_to_cpu, &last);
  note_region(pool, FOUR, before);
  for (int tries = 0; tries < 50; tries++) {
    cr_expect_eq(ppar_pool_trim(pool), PPAR_OK);
    teams_sleep(2000);
  }
  note_region(pool, FOUR, after);
  for (int t = 1; t < FOUR; t++) {
    cr_expect_eq(CPU_COUNT(&before[t].cpus), 1);
    cr_expect(are_equal(&after[t], &before[t]));
  }
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

static void bind_to_all(ppar_team *team, void *arg) {
  if (!ppar_master(team)) (void)sched_setaffinity(0, sizeof(cpu_set_t), arg);
}

Test(bound_threads, extra_threads_that_are_not_bound_any_more_end) {
  ppar_pool *pool;
  cpu_set_t all;
  int first, last;
  if (!two_cpus(&first, &last) || !TASKS_VISIBLE) cr_skip_test("needs two CPUs, and /proc");
  (void)sched_getaffinity(0, sizeof all, &all);
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .bind = PPAR_BIND_FALSE)), PPAR_OK);
  const int own = threads_now();
  run_region(pool, FOUR, bind_to_cpu, &last);
  cr_assert_eq(ppar_parallel(bind_to_all, &all, PPAR_OPTIONS(.pool = pool, .threads = FOUR)), PPAR_OK);
  cr_expect(are_alone(pool, own));
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}
