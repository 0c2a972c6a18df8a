/* SPDX-License-Identifier: MIT */
/* worksharing.c: single, copyprivate, master, masked, sections: who runs what, how often, and who waits for whom. */
#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(worksharing, .timeout = SCALE_TIMEOUT);

enum { ENCOUNTERS = 2000 };

struct shared {
  _Atomic unsigned char counts[ENCOUNTERS];
  _Atomic uint64_t flag, came;
  int plain; /* ordered by the construct's own barrier, or not at all */
  struct findings *found;
};

static void run_shared(ppar_region *region, struct shared *shared, int threads) {
  char text[32];
  for (int e = 0; e < ENCOUNTERS; e++) atomic_store_explicit(&shared->counts[e], 0, memory_order_relaxed);
  atomic_store(&shared->flag, 0);
  atomic_store(&shared->came, 0);
  shared->plain = 0;
  EXPECT(shared->found, teams_run(threads, region, shared) == PPAR_OK);
  snprintf(text, sizeof text, "T = %d", threads);
  ASSERT_CLEAN(shared->found, text);
}

static void sweep(ppar_region *region, uint64_t rounds) {
  static struct shared shared;
  struct findings found = {0, NULL};
  shared.found = &found;
  for (size_t size = 0; size < TEAMS_SIZES; size++) {
    for (uint64_t round = 0; round < rounds; round++) run_shared(region, &shared, teams_sizes[size]);
  }
}

static void meet_singles(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  const int64_t thread = ppar_team_thread(team);
  for (int e = 0; e < (int)scaled(ENCOUNTERS); e++) {
    if (ppar_single(team)) atomic_fetch_add(&shared->counts[e], 1);
    if (work_hash(e + 5000 * thread) % 128 == 0) work_spin(2000);
    work_yield();
  }
  ppar_barrier(team);
  for (int e = 0; e < (int)scaled(ENCOUNTERS); e++) EXPECT(shared->found, atomic_load(&shared->counts[e]) == 1);
}

Test(worksharing, a_single_is_one_threads_each_time) { sweep(meet_singles, 1); }

/* The last thread comes when another has run through all of them. */
static void be_first(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  const int thread = ppar_team_thread(team), first = ppar_team_size(team) - 1;
  if (thread != first) EXPECT(shared->found, teams_await(&shared->flag, 1));
  for (int e = 0; e < ENCOUNTERS; e++) EXPECT(shared->found, ppar_single(team) == (thread == first));
  if (thread == first) atomic_store(&shared->flag, 1);
}

Test(worksharing, a_single_is_the_first_comers_and_waits_for_nobody) { sweep(be_first, 1); }

struct values {
  int64_t number;
  char text[5000];
};

/* Plain memory in and out: ThreadSanitizer sees what is not ordered. */
static void hand_round(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  struct values own, *value = &own;
  const int thread = ppar_team_thread(team);
  for (int e = 0; e < 40; e++) {
    memset(value, thread, sizeof *value);
    const size_t size = e % 3 == 0 ? 1 : e % 3 == 1 ? sizeof value->number : sizeof *value;
    if (ppar_single(team)) {
      shared->plain++;
      memset(value, 100 + e, sizeof *value);
    }
    ppar_copyprivate(team, value, size);
    for (size_t b = 0; b < size; b += 7) EXPECT(shared->found, ((const unsigned char *)value)[b] == 100 + e);
    EXPECT(shared->found, shared->plain == e + 1);
    ppar_barrier(team);
  }
}

Test(worksharing, copyprivate_gives_all_the_singles_value) { sweep(hand_round, scaled(39)); }

/* Copies that follow each other without further barriers: a value handed on must not change under a slow reader. */
static void hand_round_at_once(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  for (int e = 0; e < 200; e++) {
    int64_t value = -1;
    if (ppar_single(team)) value = e;
    ppar_copyprivate(team, &value, sizeof value);
    EXPECT(shared->found, value == e);
    /* several singles since the last copy: the last one's counts */
    if (e % 5 != 0) continue;
    ppar_single(team);
    value = ppar_single(team) ? 1000 + e : -1;
    ppar_copyprivate(NULL, &value, sizeof value);
    EXPECT(shared->found, value == 1000 + e);
  }
}

Test(worksharing, copies_follow_each_other) { sweep(hand_round_at_once, scaled(13)); }

static void ask_for_numbers(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  const int thread = ppar_team_thread(team), size = ppar_team_size(team);
  EXPECT(shared->found, ppar_master(team) == (thread == 0));
  EXPECT(shared->found, ppar_master(NULL) == (thread == 0));
  for (int t = -1; t <= size; t++) EXPECT(shared->found, ppar_masked(team, t) == (thread == t));
  /* No barrier: thread 0 alone gets through before the others have come. */
  if (thread != 0) EXPECT(shared->found, teams_await(&shared->flag, 1));
  if (ppar_master(team)) atomic_store(&shared->flag, 1);
}

Test(worksharing, master_and_masked_tell_threads_apart) { sweep(ask_for_numbers, scaled(39)); }

/* Three sections, whichever threads come. */
static void three_sections(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  for (int e = 0; e < 300; e += 3) {
    if (work_hash(e + ppar_team_thread(team)) % 16 == 0) work_spin(3000);
    ppar_sections(team) {
      ppar_section { atomic_fetch_add(&shared->counts[e], 1); }
      ppar_section {
        atomic_fetch_add(&shared->counts[e + 1], 1);
        work_yield();
      }
      ppar_section { atomic_fetch_add(&shared->counts[e + 2], 1); }
    }
    for (int s = 0; s < 3; s++) EXPECT(shared->found, atomic_load(&shared->counts[e + s]) == 1);
  }
}

Test(worksharing, each_section_runs_once_and_all_wait_for_it) { sweep(three_sections, scaled(13)); }

#define SECTION(k) \
  ppar_section { atomic_fetch_add(&shared->counts[e + (k)], 1); }

static void ten_sections(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  for (int e = 0; e < 1000; e += 10) {
    if (work_hash(e + ppar_team_thread(team)) % 32 == 0) work_spin(3000);
    ppar_sections_nowait(team) {
      SECTION(0)
      SECTION(1)
      SECTION(2)
      SECTION(3)
      SECTION(4)
      SECTION(5)
      SECTION(6)
      SECTION(7)
      SECTION(8)
      SECTION(9)
    }
  }
  ppar_barrier(team);
  for (int e = 0; e < 1000; e++) EXPECT(shared->found, atomic_load(&shared->counts[e]) == 1);
}

Test(worksharing, sections_without_a_barrier_run_once_each) { sweep(ten_sections, scaled(13)); }

/* The thread in the first section goes on when others have run all later ones. */
static void stay_in_the_first(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  ppar_sections(team) {
    ppar_section {
      if (ppar_team_size(team) > 1) EXPECT(shared->found, teams_await(&shared->came, 3));
      shared->plain = 1;
    }
    ppar_section { atomic_fetch_add(&shared->came, 1); }
    ppar_section { atomic_fetch_add(&shared->came, 1); }
    ppar_section { atomic_fetch_add(&shared->came, 1); }
  }
  EXPECT(shared->found, shared->plain == 1 && atomic_load(&shared->came) == 3);
}

Test(worksharing, sections_behind_a_long_one_are_run_by_others) { sweep(stay_in_the_first, scaled(26)); }

/* One thread runs all sections of many constructs before the others come; and lets them in afterwards. */
static void run_ahead_in_sections(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  const bool first = ppar_team_thread(team) == 0;
  if (!first) EXPECT(shared->found, teams_await(&shared->flag, 1));
  for (int e = 0; e < ENCOUNTERS; e += 2) {
    ppar_sections_nowait(team) {
      ppar_section {
        atomic_fetch_add(&shared->counts[e], 1);
        EXPECT(shared->found, first);
      }
      ppar_section {
        atomic_fetch_add(&shared->counts[e + 1], 1);
        EXPECT(shared->found, first);
      }
    }
  }
  if (first) atomic_store(&shared->flag, 1);
  ppar_barrier(team);
  for (int e = 0; e < ENCOUNTERS; e++) EXPECT(shared->found, atomic_load(&shared->counts[e]) == 1);
}

Test(worksharing, a_thread_may_be_a_thousand_sections_ahead) { sweep(run_ahead_in_sections, 1); }

static void break_in_sections(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  for (int e = 0; e < 200; e += 4) {
    int ran = 0;
    bool left = false;
    ppar_sections(team) {
      ppar_section {
        ran++;
        atomic_fetch_add(&shared->counts[e], 1);
      }
      ppar_section {
        left = true;
        atomic_fetch_add(&shared->counts[e + 1], 1);
        break;
      }
      EXPECT(shared->found, !left);
      ppar_section {
        atomic_fetch_add(&shared->counts[e + 2], 1);
        EXPECT(shared->found, !left);
      }
    }
    EXPECT(shared->found, ran <= 1);
    EXPECT(shared->found, atomic_load(&shared->counts[e]) == 1 && atomic_load(&shared->counts[e + 1]) == 1);
    EXPECT(shared->found, atomic_load(&shared->counts[e + 2]) <= (ppar_team_size(team) > 1 ? 1 : 0));
  }
}

Test(worksharing, break_leaves_the_sections) { sweep(break_in_sections, scaled(13)); }

/* All of them after each other, in an order that is the same on all threads. */
static void mix(ppar_team *team, void *arg) {
  struct shared *shared = arg;
  uint64_t random = 7;
  for (int e = 0; e < 400; e++) {
    const uint64_t kind = work_random(&random) % 5;
    int64_t value = -1;
    _Atomic unsigned char *count = &shared->counts[e];
    if (kind == 0 && ppar_single(team)) atomic_fetch_add(count, 1);
    if (kind == 1) {
      ppar_sections_nowait(team) {
        ppar_section { atomic_fetch_add(count, 1); }
      }
    }
    if (kind == 2) {
      ppar_prange(team, i, 0, 1, PPAR_OPTIONS(.nowait = e % 2 == 0)) {
        atomic_fetch_add(count, 1);
      }
    }
    if (kind == 3) {
      if (ppar_single(team)) value = atomic_fetch_add(count, 1);
      ppar_copyprivate(team, &value, sizeof value);
      EXPECT(shared->found, value == 0);
    }
    if (kind == 4) {
      if (ppar_master(team)) atomic_fetch_add(count, 1);
      ppar_barrier(team);
    }
  }
  ppar_barrier(team);
  for (int e = 0; e < 400; e++) EXPECT(shared->found, atomic_load(&shared->counts[e]) == 1);
}

Test(worksharing, constructs_of_all_kinds_follow_each_other) { sweep(mix, scaled(13)); }

Test(worksharing, outside_of_regions_is_of_a_team_of_one) {
  int ran[3] = {0, 0, 0};
  int64_t value = 5;
  cr_assert(ppar_single(NULL));
  cr_assert(ppar_single(NULL));
  ppar_copyprivate(NULL, &value, sizeof value);
  cr_assert_eq(value, 5);
  cr_assert(ppar_master(NULL));
  cr_assert(ppar_masked(NULL, 0));
  cr_assert_not(ppar_masked(NULL, 1));
  ppar_barrier(NULL);
  ppar_sections(NULL) {
    ppar_section { ran[0]++; }
    ppar_section { ran[1]++; }
  }
  ppar_sections_nowait(NULL) {
    ppar_section {
      ran[2]++;
      break;
    }
    ppar_section { ran[2] = 100; }
  }
  cr_assert(ran[0] == 1 && ran[1] == 1 && ran[2] == 1);
}
