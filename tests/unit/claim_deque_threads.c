/* SPDX-License-Identifier: MIT */
/* claim_deque_threads.c: an owner and thieves: every entry is taken once and whole, also across a growing ring. */
#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "claim/deque.h"

TestSuite(claim_deque_threads, .timeout = SCALE_TIMEOUT);

enum { THIEVES = 3, ENTRIES = 200000 };

typedef struct game {
  pp_deque deque;
  pp_atomic_u32 stop;
  struct findings found;
  uint32_t taken[ENTRIES]; /* plain: an entry's one taker writes it */
} game;

static void take(game *g, const pp_entry *entry) {
  uint64_t number = entry->word[0];
  for (uint32_t w = 1; w < PP_ENTRY_WORDS; w++) EXPECT(&g->found, entry->word[w] == number + w);
  EXPECT(&g->found, number < ENTRIES);
  if (number < ENTRIES) g->taken[number]++;
}

static void *thieve(void *arg) {
  game *g = arg;
  pp_entry entry;
  uint64_t top;
  for (;;) {
    bool stop = pp_load_acquire(&g->stop) != 0;
    if (pp_deque_look(&g->deque, &top)) {
      if (pp_deque_steal(&g->deque, top, &entry)) take(g, &entry);
    } else if (stop) {
      return NULL;
    } else {
      sched_yield();
    }
  }
}

static void play(uint64_t burst) {
  static game g;
  pthread_t thieves[THIEVES];
  uint64_t random = burst, pushed = 0, count = scaled(ENTRIES);
  pp_entry entry;
  g = (game){.stop = 0};
  cr_assert(pp_deque_init(&g.deque, PP_DEQUE_FIRST_SIZE));
  for (int t = 0; t < THIEVES; t++) cr_assert_eq(pthread_create(&thieves[t], NULL, thieve, &g), 0);
  while (pushed < count) {
    for (uint64_t k = work_random(&random) % burst + 1; k != 0 && pushed < count; k--, pushed++) {
      for (uint32_t w = 0; w < PP_ENTRY_WORDS; w++) entry.word[w] = pushed + w;
      cr_assert_neq(pp_deque_push(&g.deque, &entry, PP_ENTRY_WORDS), PP_PUSH_FULL);
    }
    for (uint64_t k = work_random(&random) % burst + 1; k != 0 && pp_deque_pop(&g.deque, &entry); k--) take(&g, &entry);
  }
  while (pp_deque_pop(&g.deque, &entry)) take(&g, &entry);
  pp_store_release(&g.stop, 1);
  for (int t = 0; t < THIEVES; t++) pthread_join(thieves[t], NULL);
  for (uint64_t n = 0; n < count; n++) cr_assert_eq(g.taken[n], 1);
  ASSERT_CLEAN(&g.found, "a game");
  pp_deque_free(&g.deque);
}

Test(claim_deque_threads, one_entry_at_a_time_has_one_taker) { play(1); }

Test(claim_deque_threads, few_entries_have_one_taker_each) { play(5); }

Test(claim_deque_threads, entries_of_a_growing_ring_have_one_taker_each) { play(20000); }
