/* SPDX-License-Identifier: MIT */
/* process_cpus.c: the number of threads, and where and how workers run, are the process's: not those of the thread that
 * happens to run the first loop, and not those of long ago. Every test has a process of its own, whose main thread
 * nobody else needs. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(process_cpus, .timeout = SCALE_TIMEOUT);

enum { RIGHT = 17, WRONG = 18, SKIPPED = 19, PATIENCE = 60 /* seconds */ };

static void skip_under_checkers(void) {
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
  if (getenv("PPAR_NUM_THREADS") != NULL || getenv("OMP_NUM_THREADS") != NULL || getenv("PPAR_PROC_BIND") != NULL ||
      getenv("OMP_PROC_BIND") != NULL) {
    cr_skip_test("the environment says how many threads there are, or where");
  }
}

/* What the thread runs on. */
struct standing {
  cpu_set_t cpus;
  int nice, policy;
};

static struct standing standing_of_thread(void) {
  struct standing standing;
  (void)sched_getaffinity(0, sizeof standing.cpus, &standing.cpus);
  standing.nice = getpriority(PRIO_PROCESS, 0);
  standing.policy = sched_getscheduler(0);
  return standing;
}

static bool are_equal(const struct standing *a, const struct standing *b) {
  return CPU_EQUAL(&a->cpus, &b->cpus) && a->nice == b->nice && a->policy == b->policy;
}

/* The last one of the process's CPUs; false: there are no two of them. */
static bool one_cpu(cpu_set_t *out) {
  cpu_set_t all;
  if (sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2) return false;
  CPU_ZERO(out);
  for (size_t cpu = CPU_SETSIZE - 1; CPU_COUNT(out) == 0; cpu--) {
    if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, out);
  }
  return true;
}

enum { TEAM = 3 };

struct team {
  struct standing members[TEAM];
  int size;
};

static void note_standing(ppar_team *team, void *arg) {
  struct team *noted = arg;
  noted->members[ppar_team_thread(team)] = standing_of_thread();
  if (ppar_master(team)) noted->size = ppar_team_size(team);
}

/* Of the workers: the caller's is its own affair. */
static struct team team_standing(void) {
  struct team noted = {.size = 0};
  (void)ppar_parallel(note_standing, &noted, PPAR_OPTIONS(.threads = TEAM));
  return noted;
}

static bool workers_are_as(const struct standing *expected) {
  struct team noted = team_standing();
  bool right = noted.size == TEAM;
  for (int t = 1; t < noted.size; t++) right = are_equal(&noted.members[t], expected) && right;
  return right;
}

static void note_threads(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  atomic_store((_Atomic int *)arg, ppar_num_threads());
}

static int loop_threads(void) {
  _Atomic int threads = 0;
  (void)ppar_parallel_for(0, 1000, note_threads, &threads, NULL);
  return threads;
}

/* How many threads loops have here: there may be a quota, too. */
static int usual_threads;

/* --- Whoever comes first ---------------------------------------------------------------------------------- */

static void *come_first(void *arg) {
  const cpu_set_t *cpus = arg;
  static const struct sched_param none = {.sched_priority = 0};
  if (sched_setaffinity(0, sizeof *cpus, cpus) != 0) return NULL;
  if (setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10) != 0) return NULL;
  if (sched_setscheduler(0, SCHED_BATCH, &none) != 0) return NULL;
  (void)loop_threads();
  (void)team_standing();
  return arg;
}

/* May a thread become less nice again? */
static void *try_to_be_less_nice(void *arg) {
  id_t self = (id_t)syscall(SYS_gettid);
  int nice = getpriority(PRIO_PROCESS, self);
  bool may = setpriority(PRIO_PROCESS, self, nice + 1) == 0 && setpriority(PRIO_PROCESS, self, nice) == 0;
  return may ? arg : NULL;
}

static void *in_thread(void *(*function)(void *), void *arg) {
  pthread_t thread;
  void *result = NULL;
  if (pthread_create(&thread, NULL, function, arg) == 0) pthread_join(thread, &result);
  return result;
}

static int run_first_comer(void) {
  cpu_set_t one;
  struct standing expected = standing_of_thread();
  if (!one_cpu(&one) || in_thread(try_to_be_less_nice, &one) == NULL) return SKIPPED;
  if (in_thread(come_first, &one) == NULL) return SKIPPED;
  if (ppar_max_threads(NULL) != usual_threads || loop_threads() != usual_threads) return WRONG;
  return workers_are_as(&expected) ? RIGHT : WRONG;
}

/* --- What changes later ----------------------------------------------------------------------------------- */

static void wait_a_second(void) { usleep(1050 * 1000); }

/* The second loop is the first one after the change. */
static int run_shrinking(void) {
  cpu_set_t one, all;
  (void)sched_getaffinity(0, sizeof all, &all);
  if (!one_cpu(&one)) return SKIPPED;
  int threads = loop_threads();
  (void)team_standing();
  struct standing expected = standing_of_thread();
  (void)sched_setaffinity(0, sizeof one, &one);
  wait_a_second();
  if (loop_threads() != 1 || ppar_max_threads(NULL) != 1) return WRONG;
  expected.cpus = one;
  if (!workers_are_as(&expected)) return WRONG;
  (void)sched_setaffinity(0, sizeof all, &all);
  wait_a_second();
  if (loop_threads() != 1) return WRONG; /* the program was told that there is one */
  if (ppar_max_threads(NULL) != threads || loop_threads() != threads) return WRONG;
  expected.cpus = all;
  return workers_are_as(&expected) ? RIGHT : WRONG;
}

/* From one CPU to all. */
static int run_growing(void) {
  cpu_set_t one, all;
  (void)sched_getaffinity(0, sizeof all, &all);
  if (!one_cpu(&one)) return SKIPPED;
  (void)sched_setaffinity(0, sizeof one, &one);
  if (loop_threads() != 1) return WRONG;
  (void)sched_setaffinity(0, sizeof all, &all);
  wait_a_second();
  return loop_threads() == usual_threads && ppar_max_threads(NULL) == usual_threads ? RIGHT : WRONG;
}

static void bind_member(ppar_team *team, void *arg) {
  const cpu_set_t *all = arg;
  cpu_set_t one;
  size_t cpu = 0;
  for (int left = ppar_team_thread(team) % CPU_COUNT(all);; cpu++) {
    if (CPU_ISSET(cpu, all) && left-- == 0) break;
  }
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  (void)sched_setaffinity(0, sizeof one, &one);
}

/* A program that binds each thread of a region, the main thread among them, is left alone. */
static int run_binding(void) {
  cpu_set_t all;
  (void)sched_getaffinity(0, sizeof all, &all);
  if (CPU_COUNT(&all) < 2) return SKIPPED;
  int threads = loop_threads();
  (void)ppar_parallel(bind_member, &all, PPAR_OPTIONS(.threads = TEAM));
  struct team before = team_standing();
  wait_a_second();
  if (loop_threads() != threads || ppar_max_threads(NULL) != threads) return WRONG;
  struct team after = team_standing();
  for (int t = 0; t < TEAM; t++) {
    if (!are_equal(&before.members[t], &after.members[t])) return WRONG;
  }
  return RIGHT;
}

static void add_one(void *arg) { atomic_fetch_add((_Atomic int *)arg, 1); }

/* Workers beyond the number of threads do nothing, lose no wake, come back, and end with the process. */
static int run_to_and_fro(void) {
  cpu_set_t one, all;
  (void)sched_getaffinity(0, sizeof all, &all);
  if (!one_cpu(&one)) return SKIPPED;
  for (int round = 0; round < 4; round++) {
    bool shrunk = round % 2 != 0;
    (void)sched_setaffinity(0, sizeof one, shrunk ? &one : &all);
    wait_a_second();
    for (int loop = 0; loop < 200; loop++) {
      ppar_task_group group;
      _Atomic int ran = 0;
      if (loop_threads() != (shrunk ? 1 : usual_threads)) return WRONG;
      if (ppar_task_group_begin(&group, NULL) != PPAR_OK) return WRONG;
      for (int task = 0; task < 20; task++) ppar_task_spawn(&group, add_one, &ran);
      if (ppar_task_group_wait(&group) != PPAR_OK || ran != 20) return WRONG;
      if (loop % 50 == 0) usleep(2000);
    }
  }
  return RIGHT;
}

/* --- Each in its own process ------------------------------------------------------------------------------- */

/* The child's exit handlers are run where they are not Criterion's: the library's end is a part of it. */
static int run_apart(int (*function)(void)) {
  pid_t child = fork();
  if (child != 0) return children_await(child);
  (void)alarm(PATIENCE);
#ifdef PLAIN_CRITERION_H
  exit(function());
#else
  _exit(function());
#endif
}

static void expect_right(int (*function)(void)) {
  skip_under_checkers();
  usual_threads = run_apart(loop_threads);
  if (usual_threads < 2 || usual_threads > 255) cr_skip_test("needs two CPUs, and not too many");
  int ended = run_apart(function);
  if (ended == SKIPPED) cr_skip_test("needs two CPUs, and the right to set what threads have");
  cr_expect_eq(ended, RIGHT);
}

Test(process_cpus, the_first_caller_decides_nothing) { expect_right(run_first_comer); }
Test(process_cpus, fewer_are_noticed) { expect_right(run_shrinking); }
Test(process_cpus, more_are_noticed) { expect_right(run_growing); }
Test(process_cpus, threads_that_the_program_binds_stay_bound) { expect_right(run_binding); }
Test(process_cpus, workers_stand_aside_and_come_back) { expect_right(run_to_and_fro); }
