/* SPDX-License-Identifier: MIT */
/* critical.c: critical sections exclude each other by the text of their names, across the whole process. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(critical, .timeout = SCALE_TIMEOUT);

enum { NAMES = 6, ROUNDS = 260 };

static const char *const names[NAMES] = {NULL, "",   "a",
                                         "b",  "aa", "a name with spaces, much longer than the others are"};

/* Plain memory, one for each name: ThreadSanitizer sees two at once. */
struct sections {
  uint64_t count[NAMES];
  _Atomic int inside[NAMES];
  _Atomic uint64_t came;
  struct findings *found;
};

static void enter(ppar_team *team, struct sections *sections, size_t n, const char *name) {
  ppar_critical_begin(team, name);
  EXPECT(sections->found, atomic_fetch_add(&sections->inside[n], 1) == 0);
  sections->count[n]++;
  if (sections->count[n] % 16 == 0) work_spin(200);
  work_yield();
  EXPECT(sections->found, atomic_fetch_add(&sections->inside[n], -1) == 1);
  ppar_critical_end(team, name);
}

/* Thread 1 ends what thread 0 is in, and begins it then. */
struct foreign {
  _Atomic int steps, inside;
  struct findings *found;
};

static void end_anothers(ppar_team *team, void *arg) {
  struct foreign *foreign = arg;
  if (ppar_team_thread(team) == 0) {
    ppar_critical_begin(team, "foreign");
    atomic_fetch_add(&foreign->inside, 1);
    atomic_store(&foreign->steps, 1);
    while (atomic_load(&foreign->steps) == 1) work_yield();
    work_spin(1000000);
  } else {
    while (atomic_load(&foreign->steps) == 0) work_yield();
    ppar_critical_end(team, "foreign");
    atomic_store(&foreign->steps, 2);
    ppar_critical_begin(team, "foreign");
    atomic_fetch_add(&foreign->inside, 1);
  }
  EXPECT(foreign->found, atomic_fetch_add(&foreign->inside, -1) == 1);
  ppar_critical_end(team, "foreign");
}

Test(critical, who_is_not_inside_ends_nothing) {
  struct findings found = {0};
  struct foreign foreign = {.found = &found};
  ppar_pool *pool = case_pool(2);
  cr_assert_eq(ppar_parallel(end_anothers, &foreign, PPAR_OPTIONS(.pool = pool, .threads = 2)), PPAR_OK);
  ppar_pool_destroy(pool);
  ASSERT_CLEAN(&found, "a section that another thread ended");
}

static void enter_all(ppar_team *team, void *arg) {
  struct sections *sections = arg;
  char copy[64]; /* the same text at another address */
  for (uint64_t round = 0; round < scaled(ROUNDS); round++) {
    for (size_t n = 0; n < NAMES; n++) {
      const char *name = names[n];
      if (name != NULL && (round + (uint64_t)ppar_team_thread(team)) % 2 == 0) {
        snprintf(copy, sizeof copy, "%s", name);
        name = copy;
      }
      enter(round % 3 == 0 ? NULL : team, sections, n, name);
      copy[0] = '?'; /* a name is not kept */
    }
  }
}

static void expect_counts(const struct sections *sections, uint64_t threads) {
  for (size_t n = 0; n < NAMES; n++) EXPECT(sections->found, sections->count[n] == threads * scaled(ROUNDS));
}

Test(critical, excludes_by_the_text_of_the_name) {
  struct findings found = {0, NULL};
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    struct sections sections = {.found = &found};
    EXPECT(&found, teams_run(teams_sizes[size], enter_all, &sections) == PPAR_OK);
    expect_counts(&sections, (uint64_t)teams_sizes[size]);
    ASSERT_CLEAN(&found, "critical sections in a region");
  }
}

static void *run_region(void *arg) {
  struct sections *sections = arg;
  EXPECT(sections->found, teams_run(3, enter_all, sections) == PPAR_OK);
  enter_all(NULL, sections);
  return NULL;
}

Test(critical, excludes_across_regions_and_threads) {
  enum { CALLERS = 3 };
  static struct sections sections;
  pthread_t threads[CALLERS];
  struct findings found = {0, NULL};
  sections.found = &found;
  for (int c = 0; c < CALLERS; c++) cr_assert_eq(pthread_create(&threads[c], NULL, run_region, &sections), 0);
  for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  expect_counts(&sections, CALLERS * 4);
  ASSERT_CLEAN(&found, "critical sections in regions and outside");
}

static void enter_one(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) enter(NULL, arg, (size_t)i % NAMES, names[(size_t)i % NAMES]);
}

Test(critical, excludes_in_the_bodies_of_loops) {
  struct sections sections = {.found = &(struct findings){0, NULL}};
  const int64_t iterations = NAMES * (int64_t)scaled(1300);
  cr_assert_eq(ppar_parallel_for(0, iterations, enter_one, &sections, PPAR_OPTIONS(.threads = 8)), PPAR_OK);
  for (size_t n = 0; n < NAMES; n++) cr_assert_eq(sections.count[n], (uint64_t)iterations / NAMES);
  ASSERT_CLEAN(sections.found, "critical sections in a loop");
}

/* As many names as threads, more than any table of fixed size would tell apart: all are inside at the same time. */
static void meet_inside(ppar_team *team, void *arg) {
  struct sections *sections = arg;
  char name[32];
  for (uint64_t round = 1; round <= 5; round++) {
    snprintf(name, sizeof name, "thread %d round %d", ppar_team_thread(team), (int)round);
    ppar_critical_begin(team, name);
    EXPECT(sections->found, teams_meet(&sections->came, round * (uint64_t)ppar_team_size(team)));
    ppar_critical_end(team, name);
  }
}

Test(critical, lets_different_names_in_together) {
  for (int threads = 2; threads < 150; threads = threads * 2 + 1) {
    struct sections sections = {.found = &(struct findings){0, NULL}};
    if (scale_is_small() && threads > 50) break;
    cr_assert_eq(teams_run(threads, meet_inside, &sections), PPAR_OK);
    ASSERT_CLEAN(sections.found, "each thread in a section of its own name");
  }
}

/* A section in another one, always in the same order; the unnamed one is apart from all names. */
static void nest(ppar_team *team, void *arg) {
  struct sections *sections = arg;
  for (uint64_t round = 0; round < scaled(ROUNDS); round++) {
    ppar_critical_begin(team, "outer");
    ppar_critical_begin(team, NULL);
    sections->count[0]++;
    ppar_critical_begin(team, "");
    sections->count[1]++;
    ppar_critical_end(team, "");
    ppar_critical_end(team, NULL);
    ppar_critical_end(team, "outer");
  }
}

Test(critical, sections_of_different_names_nest) {
  struct sections sections = {.found = &(struct findings){0, NULL}};
  cr_assert_eq(teams_run(8, nest, &sections), PPAR_OK);
  cr_assert(sections.count[0] == 8 * scaled(ROUNDS) && sections.count[1] == sections.count[0]);
}

/* Some time after there is no more memory. */
static void *lift_limits(void *used_up) {
  while (!atomic_load((_Atomic bool *)used_up)) teams_sleep(1000);
  teams_sleep(30 * 1000);
  limits_lift();
  return NULL;
}

Test(critical, a_section_waits_for_memory_for_its_lock) {
  pthread_t other;
  _Atomic bool used_up = false;
  if (!limits_may_use_up()) cr_skip_test("needs a process whose memory can be limited");
  cr_assert_eq(pthread_create(&other, NULL, lift_limits, (void *)&used_up), 0);
  cr_assert(limits_memory(0));
  cr_assert(limits_use_up());
  atomic_store(&used_up, true);
  ppar_critical_begin(NULL, "late");
  ppar_critical_begin(NULL, NULL);
  ppar_critical_end(NULL, NULL);
  ppar_critical_end(NULL, "late");
  ppar_critical_begin(NULL, "late");
  ppar_critical_end(NULL, "late");
  pthread_join(other, NULL);
}
