/* SPDX-License-Identifier: MIT */
/* claim_fork.c: the word that starts a region's threads: who is started, who has to be woken, and threads that sleep
 * between regions: no start is lost. A lost one shows as a test that does not end. */
#include "claim/fork.h"

#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_fork, .timeout = SCALE_TIMEOUT);

static bool shows(pp_atomic_u64 *fork, uint32_t epoch, uint32_t threads, bool sleepers) {
  uint64_t word = pp_load_relaxed(fork);
  return pp_fork_epoch(word) == epoch && pp_fork_threads(word) == threads && (word & PP_FORK_SLEEPERS) == sleepers;
}

Test(claim_fork, a_start_shows_its_epoch_and_size) {
  static const uint32_t epochs[] = {1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0};
  static const uint32_t sizes[] = {2, 8, 9, 4096, 0xffff};
  pp_atomic_u64 fork = 0;
  for (int e = 0; e < 6; e++) {
    for (int s = 0; s < 5; s++) {
      cr_assert_not(pp_fork_start(&fork, pp_fork_word(epochs[e], sizes[s], false)));
      cr_assert(shows(&fork, epochs[e], sizes[s], false));
    }
  }
}

Test(claim_fork, a_start_finds_who_announced_a_sleep) {
  pp_atomic_u64 fork = 0;
  cr_assert(pp_fork_announce(&fork, 0));
  cr_expect(shows(&fork, 0, 0, true));
  cr_assert(pp_fork_announce(&fork, 0), "several may");
  cr_expect(pp_fork_start(&fork, pp_fork_word(1, 3, false)));
  cr_expect(shows(&fork, 1, 3, false));
  cr_expect_not(pp_fork_start(&fork, pp_fork_word(2, 3, false)));
}

Test(claim_fork, nobody_sleeps_through_a_start_that_came_since_the_last_region) {
  pp_atomic_u64 fork = 0;
  cr_assert_not(pp_fork_start(&fork, pp_fork_word(1, 3, false)));
  cr_expect_not(pp_fork_announce(&fork, 0));
  cr_expect(shows(&fork, 1, 3, false));
  cr_expect(pp_fork_announce(&fork, 1));
}

Test(claim_fork, those_whom_a_region_leaves_out_stay_known_as_sleepers) {
  pp_atomic_u64 fork = 0;
  cr_assert(pp_fork_announce(&fork, 0));
  cr_expect(pp_fork_start(&fork, pp_fork_word(1, 2, true)));
  cr_expect(shows(&fork, 1, 2, true));
  cr_expect(pp_fork_start(&fork, pp_fork_word(2, 8, false)));
  cr_expect_not(pp_fork_start(&fork, pp_fork_word(3, 8, false)));
}

Test(claim_fork, nothing_starts_where_it_is_closed) {
  pp_atomic_u64 fork = 0;
  bool wake = true;
  cr_assert(pp_fork_try(&fork, pp_fork_word(1, 3, false), &wake));
  cr_expect_not(wake);
  pp_fork_close(&fork);
  cr_expect_not(pp_fork_try(&fork, pp_fork_word(2, 3, false), &wake));
  cr_expect(shows(&fork, 1, 3, false));
  cr_expect(pp_fork_announce(&fork, 1), "those who go to sleep leave it closed");
  cr_expect_not(pp_fork_try(&fork, pp_fork_word(2, 3, false), &wake));
  cr_expect(pp_fork_start(&fork, pp_fork_word(1, 3, true)),
            "a region that has started elsewhere goes on, and leaves it closed");
  cr_expect(shows(&fork, 1, 3, true));
  cr_expect_not(pp_fork_try(&fork, pp_fork_word(2, 3, false), &wake));
  pp_fork_reopen(&fork);
  cr_expect(pp_fork_try(&fork, pp_fork_word(2, 3, false), &wake));
  cr_expect(wake);
  cr_expect(shows(&fork, 2, 3, false));
}

Test(claim_fork, only_who_is_asleep_is_woken_and_once) {
  pp_sleeper sleeper = {0};
  cr_expect_not(pp_fork_wakes(&sleeper));
  cr_expect_eq(pp_load_relaxed(&sleeper.asleep), PP_AWAKE);
  pp_store_relaxed(&sleeper.asleep, PP_ASLEEP);
  cr_expect(pp_fork_wakes(&sleeper));
  cr_expect_eq(pp_load_relaxed(&sleeper.asleep), PP_AWAY);
  cr_expect_not(pp_fork_wakes(&sleeper));
  cr_expect_eq(pp_load_relaxed(&sleeper.asleep), PP_AWAY);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { MEMBERS = 4 };

typedef struct game {
  pp_atomic_u64 fork;
  uint32_t described; /* the fork alone orders the accesses to it */
  pp_sleeper sleepers[MEMBERS];
  pp_atomic_u32 ended[MEMBERS];
  pp_atomic_u32 stop, sleeps;
  struct findings found;
} game;

typedef struct member {
  game *g;
  uint32_t number;
  pthread_t thread;
} member;

static void *serve(void *arg) {
  member *self = arg;
  game *g = self->g;
  pp_sleeper *sleeper = &g->sleepers[self->number];
  uint32_t served = 0;
  for (;;) {
    uint64_t word = pp_load_acquire(&g->fork);
    if (pp_fork_epoch(word) != served) {
      served = pp_fork_epoch(word);
      if (pp_fork_threads(word) == 0) return NULL;
      if (self->number + 1 >= pp_fork_threads(word)) continue;
      EXPECT(&g->found, g->described == served);
      pp_store_release(&g->ended[self->number], served);
      continue;
    }
    pp_store_seq_cst(&sleeper->asleep, PP_ASLEEP);
    if (!pp_fork_announce(&g->fork, served)) continue;
    pp_add_relaxed(&g->sleeps, 1);
    while (pp_load_acquire(&sleeper->asleep) == PP_ASLEEP) pp_park(&sleeper->asleep, PP_ASLEEP);
  }
}

static void start_region(game *g, uint32_t epoch, uint32_t threads, uint32_t woken) {
  g->described = epoch;
  if (!pp_fork_start(&g->fork, pp_fork_word(epoch, threads, woken < MEMBERS))) return;
  for (uint32_t m = 0; m < woken; m++) {
    if (pp_fork_wakes(&g->sleepers[m])) pp_unpark_one(&g->sleepers[m].asleep);
  }
}

Test(claim_fork, every_thread_of_a_region_comes_to_it) {
  static game g;
  member members[MEMBERS];
  uint32_t epoch = 1;
  for (uint32_t m = 0; m < MEMBERS; m++) {
    members[m] = (member){.g = &g, .number = m};
    cr_assert_eq(pthread_create(&members[m].thread, NULL, serve, &members[m]), 0);
  }
  for (; epoch <= scaled(20000) || pp_load_relaxed(&g.sleeps) == 0; epoch++) {
    uint32_t others = 1 + epoch * 7 % MEMBERS;
    start_region(&g, epoch, others + 1, others);
    for (uint32_t m = 0; m < others; m++) {
      while (pp_load_acquire(&g.ended[m]) != epoch) sched_yield();
    }
  }
  start_region(&g, epoch, 0, MEMBERS);
  for (uint32_t m = 0; m < MEMBERS; m++) pthread_join(members[m].thread, NULL);
  ASSERT_CLEAN(&g.found, "regions that start and end");
}
