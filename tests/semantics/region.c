/* SPDX-License-Identifier: MIT */
/* region.c: a region runs on T real threads at once, numbered from 0, the caller first; and leaves its caller as it
 * was. */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(region, .timeout = SCALE_TIMEOUT);

enum { THREADS_MOST = 200 };

struct crew {
  int threads;
  ppar_pool *pool;
  _Atomic uint64_t came, left;
  uint64_t system[THREADS_MOST]; /* which system thread has the number; plain, for each is written once */
  struct findings *found;
};

static void come_together(ppar_team *team, void *arg) {
  struct crew *crew = arg;
  const int thread = ppar_team_thread(team);
  EXPECT(crew->found, ppar_team_size(team) == crew->threads);
  EXPECT(crew->found, thread >= 0 && thread < crew->threads);
  EXPECT(crew->found, ppar_thread_num() == thread);
  EXPECT(crew->found, ppar_num_threads() == crew->threads);
  EXPECT(crew->found, ppar_team_current() == team);
  EXPECT(crew->found, ppar_active_level() == (crew->threads > 1 ? 1 : 0));
  EXPECT(crew->found, crew->system[thread] == 0);
  crew->system[thread] = teams_system_thread();
  EXPECT(crew->found, teams_meet(&crew->came, (uint64_t)crew->threads));
  atomic_fetch_add(&crew->left, 1);
}

static void expect_outside(struct findings *found) {
  EXPECT(found, ppar_thread_num() == 0);
  EXPECT(found, ppar_num_threads() == 1);
  EXPECT(found, ppar_team_current() == NULL);
  EXPECT(found, ppar_active_level() == 0);
}

static void meet_in_a_region(struct crew *crew) {
  const uint64_t threads = (uint64_t)crew->threads;
  struct findings *found = crew->found;
  atomic_store(&crew->came, 0);
  atomic_store(&crew->left, 0);
  for (int t = 0; t < THREADS_MOST; t++) crew->system[t] = 0;
  EXPECT(found,
         ppar_parallel(come_together, crew, PPAR_OPTIONS(.threads = crew->threads, .pool = crew->pool)) == PPAR_OK);
  EXPECT(found, atomic_load(&crew->came) == threads);
  EXPECT(found, atomic_load(&crew->left) == threads);
  EXPECT(found, crew->system[0] == teams_system_thread());
  for (int t = 0; t < crew->threads; t++) {
    EXPECT(found, crew->system[t] != 0);
    for (int u = 0; u < t; u++) EXPECT(found, crew->system[t] != crew->system[u]);
  }
  expect_outside(found);
}

Test(region, has_all_its_threads_at_once) {
  static struct crew crew;
  struct findings found = {0, NULL};
  crew.found = &found;
  for (uint64_t round = 0; round < scaled(65); round++) {
    crew.threads = teams_sizes[round % TEAMS_SIZES];
    meet_in_a_region(&crew);
  }
  ASSERT_CLEAN(&found, "regions of several sizes, one after the other");
}

Test(region, has_far_more_threads_than_processors_when_asked) {
  static struct crew crew;
  struct findings found = {0, NULL};
  crew.found = &found;
  crew.threads = scale_is_small() ? 60 : THREADS_MOST;
  for (int round = 0; round < 3; round++) meet_in_a_region(&crew);
  ASSERT_CLEAN(&found, "regions of hundreds of threads");
}

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

Test(region, gives_a_number_to_the_same_system_thread_again) {
  static struct crew crew;
  static uint64_t before[TEAMS_SIZES][THREADS_MOST];
  struct findings found = {0, NULL};
  crew.found = &found;
  for (uint64_t round = 0; round < scaled(65); round++) {
    for (size_t size = 0; size < TEAMS_SIZES; size++) {
      crew.threads = teams_sizes[size];
      for (int twice = 0; twice < 2; twice++) {
        _Atomic uint64_t count = 0;
        meet_in_a_region(&crew);
        for (int t = 0; t < crew.threads; t++) {
          EXPECT(&found, before[size][t] == 0 || crew.system[t] == before[size][t]);
          before[size][t] = crew.system[t];
        }
        ppar_parallel_for(0, 100, count_chunk, &count, PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(1)));
      }
    }
  }
  ASSERT_CLEAN(&found, "regions of the same sizes, with loops between them");
}

Test(region, has_the_threads_it_asks_for_on_pools_of_any_size) {
  static struct crew crew;
  struct findings found = {0, NULL};
  crew.found = &found;
  for (int threads = 1; threads < 6; threads++) {
    crew.pool = case_pool(threads);
    cr_assert_not_null(crew.pool);
    for (crew.threads = 1; crew.threads < 9; crew.threads++) meet_in_a_region(&crew);
    cr_assert_eq(ppar_pool_destroy(crew.pool), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "regions on own pools");
}

static void note_size(ppar_team *team, void *arg) {
  if (ppar_team_thread(team) == 0) *(int *)arg = ppar_team_size(team);
}

Test(region, takes_null_options_and_zeros_for_the_pools_number) {
  int size = 0;
  cr_assert_eq(ppar_parallel(note_size, &size, NULL), PPAR_OK);
  cr_assert_eq(size, ppar_max_threads(NULL));
  for (int threads = 1; threads < 6; threads++) {
    ppar_pool *pool = case_pool(threads);
    cr_assert_not_null(pool);
    cr_assert_eq(ppar_parallel(note_size, &size, PPAR_OPTIONS(.pool = pool, .name = "sizes")), PPAR_OK);
    cr_assert_eq(size, threads);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

static void *meet_again_and_again(void *arg) {
  struct crew *crew = arg;
  for (uint64_t round = 0; round < scaled(130); round++) {
    crew->threads = teams_sizes[round % (TEAMS_SIZES - 1)];
    meet_in_a_region(crew);
  }
  return NULL;
}

Test(region, may_run_at_the_same_time_as_others_on_the_same_pools) {
  enum { CALLERS = 6 };
  static struct crew crews[CALLERS];
  pthread_t threads[CALLERS];
  struct findings found = {0, NULL};
  ppar_pool *pools[3] = {NULL, case_pool(3), case_pool(1)};
  cr_assert(pools[1] != NULL && pools[2] != NULL);
  for (int c = 0; c < CALLERS; c++) {
    crews[c].found = &found;
    crews[c].pool = pools[c % 3];
    cr_assert_eq(pthread_create(&threads[c], NULL, meet_again_and_again, &crews[c]), 0);
  }
  for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  ASSERT_CLEAN(&found, "six callers on three pools");
  cr_assert_eq(ppar_pool_destroy(pools[1]), PPAR_OK);
  cr_assert_eq(ppar_pool_destroy(pools[2]), PPAR_OK);
}

/* Plain memory: ThreadSanitizer sees what is not ordered. */
struct letters {
  uint64_t to_all, from[TEAMS_MOST];
  struct findings *found;
};

static void read_and_answer(ppar_team *team, void *arg) {
  struct letters *letters = arg;
  const int thread = ppar_team_thread(team);
  EXPECT(letters->found, letters->from[thread] == letters->to_all - 1);
  letters->from[thread] = letters->to_all;
}

Test(region, sees_what_was_written_before_and_shows_what_it_wrote) {
  struct findings found = {0, NULL};
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    struct letters letters = {0, {0}, &found};
    for (uint64_t round = 1; round <= scaled(260); round++) {
      letters.to_all = round;
      EXPECT(&found, teams_run(teams_sizes[size], read_and_answer, &letters) == PPAR_OK);
      for (int t = 0; t < teams_sizes[size]; t++) EXPECT(&found, letters.from[t] == round);
    }
  }
  ASSERT_CLEAN(&found, "letters to and from the threads");
}

struct rounding {
  int mode;
  struct findings *found;
};

static void expect_rounding(ppar_team *team, void *arg) {
  const struct rounding *rounding = arg;
  EXPECT(rounding->found, fegetround() == rounding->mode);
  ppar_barrier(team);
  EXPECT(rounding->found, fegetround() == rounding->mode);
  fesetround(FE_TOWARDZERO); /* a thread's own */
}

Test(region, rounds_as_its_caller_does) {
  static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  struct findings found = {0, NULL};
  for (uint64_t round = 0; round < scaled(260); round++) {
    struct rounding rounding = {modes[round % 4], &found};
    fesetround(rounding.mode);
    EXPECT(&found, teams_run(teams_sizes[round % TEAMS_SIZES], expect_rounding, &rounding) == PPAR_OK);
    fesetround(FE_TONEAREST);
  }
  ASSERT_CLEAN(&found, "regions in every rounding mode");
}

static void change_errno(ppar_team *team, void *arg) {
  (void)arg;
  errno = ERANGE;
  ppar_barrier(team);
  errno = ENOENT;
}

Test(region, leaves_errno_as_it_was) {
  for (int threads = 1; threads < 9; threads++) {
    errno = EDOM;
    cr_assert_eq(teams_run(threads, change_errno, NULL), PPAR_OK);
    cr_assert_eq(errno, EDOM);
    teams_sleep(2000); /* so that the threads of the next one sleep */
    cr_assert_eq(teams_run(threads, note_size, &(int){0}), PPAR_OK);
    cr_assert_eq(errno, EDOM);
  }
}

/* Threads that end have regions of their own, and leave nothing behind that those of others would miss. */
static void *meet_once(void *arg) {
  meet_in_a_region(arg);
  return NULL;
}

Test(region, may_be_called_by_threads_that_end) {
  static struct crew crew;
  struct findings found = {0, NULL};
  crew.found = &found;
  for (uint64_t round = 0; round < scaled(65); round++) {
    pthread_t thread;
    crew.threads = teams_sizes[round % TEAMS_SIZES];
    cr_assert_eq(pthread_create(&thread, NULL, meet_once, &crew), 0);
    pthread_join(thread, NULL);
    meet_in_a_region(&crew);
  }
  ASSERT_CLEAN(&found, "regions on threads that end, and on the test's own");
}
