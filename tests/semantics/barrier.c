/* SPDX-License-Identifier: MIT */
/* barrier.c: no thread passes a barrier before all have come, all pass it then, and each sees what the others wrote. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(barrier, .timeout = SCALE_TIMEOUT);

enum { MOST = 65 };

static const int sizes[] = {1, 2, 3, 8, 9, 16, 17, 33, MOST};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

struct rounds {
  uint64_t rounds;
  uint64_t round[MOST]; /* of each thread; plain, for the barrier orders it */
  _Atomic uint64_t came;
  uint64_t spin_in, sleep_in; /* one in so many comings is late: by a moment, by longer than anyone spins; 0: none */
  struct findings *found;
};

static void be_late(const struct rounds *rounds, uint64_t round, int thread) {
  const uint64_t here = work_hash((int64_t)(round * MOST + (uint64_t)thread));
  if (rounds->spin_in != 0 && here % rounds->spin_in == 0) work_spin(here >> 32 & 0x3fff);
  if (rounds->sleep_in != 0 && here % rounds->sleep_in == 0) teams_sleep((long)(here >> 32 & 0xfff));
}

static void run_rounds(ppar_team *team, void *arg) {
  struct rounds *rounds = arg;
  const int thread = ppar_team_thread(team), size = ppar_team_size(team);
  for (uint64_t round = 1; round <= rounds->rounds; round++) {
    be_late(rounds, round, thread);
    rounds->round[thread] = round;
    atomic_fetch_add(&rounds->came, 1);
    ppar_barrier(team);
    for (int t = 0; t < size; t++) EXPECT(rounds->found, rounds->round[t] == round);
    EXPECT(rounds->found, atomic_load(&rounds->came) == round * (uint64_t)size);
    ppar_barrier(round % 3 == 0 ? NULL : team);
  }
}

static void check(struct rounds *rounds, int threads) {
  atomic_store(&rounds->came, 0);
  EXPECT(rounds->found, teams_run(threads, run_rounds, rounds) == PPAR_OK);
  EXPECT(rounds->found, atomic_load(&rounds->came) == (uint64_t)threads * rounds->rounds);
}

/* Rounds such that large teams, which the few processors take in turn, do not last longer than small ones. */
static void sweep(uint64_t rounds, uint64_t spin_in, uint64_t sleep_in) {
  static struct rounds sweep;
  char text[64];
  struct findings found = {0, NULL};
  sweep.found = &found;
  sweep.spin_in = spin_in;
  sweep.sleep_in = sleep_in;
  for (size_t size = 0; size < SIZES; size++) {
    sweep.rounds = scaled(rounds / (uint64_t)sizes[size]) + 1;
    check(&sweep, sizes[size]);
    snprintf(text, sizeof text, "%d rounds, T = %d", (int)sweep.rounds, sizes[size]);
    ASSERT_CLEAN(&found, text);
  }
}

Test(barrier, nobody_passes_before_all_have_come) { sweep(20000, 0, 0); }

Test(barrier, holds_when_threads_are_late_by_moments) { sweep(8000, 4, 0); }

Test(barrier, wakes_all_that_sleep) { sweep(500, 8, 4); }

Test(barrier, wakes_the_others_when_one_thread_sleeps_each_time) { sweep(200, 0, 1); }

/* One thread alone is late, by so much that all others sleep in the kernel. */
static void wait_for_one(ppar_team *team, void *arg) {
  struct rounds *rounds = arg;
  const int thread = ppar_team_thread(team), size = ppar_team_size(team);
  for (uint64_t round = 0; round < rounds->rounds; round++) {
    const int late = (int)(round % (uint64_t)size);
    if (thread == late) {
      teams_sleep(20 * 1000);
      rounds->round[0] = round;
    }
    ppar_barrier(team);
    EXPECT(rounds->found, rounds->round[0] == round);
    ppar_barrier(team);
  }
}

Test(barrier, wakes_all_others_when_the_last_one_comes) {
  static struct rounds rounds;
  struct findings found = {0, NULL};
  rounds.found = &found;
  rounds.rounds = 4;
  for (size_t size = 0; size < SIZES; size++) {
    EXPECT(&found, teams_run(sizes[size], wait_for_one, &rounds) == PPAR_OK);
    ASSERT_CLEAN(&found, "one late thread");
  }
}

static void *run_regions(void *arg) {
  struct rounds *rounds = arg;
  for (uint64_t round = 0; round < scaled(39); round++) check(rounds, sizes[round % 5]);
  return NULL;
}

Test(barrier, of_one_region_has_nothing_to_do_with_anothers) {
  enum { CALLERS = 4 };
  static struct rounds rounds[CALLERS];
  pthread_t threads[CALLERS];
  struct findings found = {0, NULL};
  for (int c = 0; c < CALLERS; c++) {
    rounds[c].found = &found;
    rounds[c].rounds = 20;
    rounds[c].spin_in = 8;
    rounds[c].sleep_in = c == 0 ? 32 : 0;
    cr_assert_eq(pthread_create(&threads[c], NULL, run_regions, &rounds[c]), 0);
  }
  for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  ASSERT_CLEAN(&found, "four callers' regions");
}

/* The end of a region waits for all, too. */
static void come_to_the_end(ppar_team *team, void *arg) {
  struct rounds *rounds = arg;
  const int thread = ppar_team_thread(team);
  if (work_hash((int64_t)rounds->rounds + 100 * thread) % 8 == 0) teams_sleep(1000);
  rounds->round[thread] = rounds->rounds;
}

Test(barrier, the_end_of_a_region_is_one) {
  static struct rounds rounds;
  struct findings found = {0, NULL};
  for (size_t size = 0; size < SIZES; size++) {
    for (uint64_t round = 1; round <= scaled(130); round++) {
      rounds.rounds = round;
      EXPECT(&found, teams_run(sizes[size], come_to_the_end, &rounds) == PPAR_OK);
      for (int t = 0; t < sizes[size]; t++) EXPECT(&found, rounds.round[t] == round);
    }
  }
  ASSERT_CLEAN(&found, "regions that end at different times");
}
