/* SPDX-License-Identifier: MIT */
/* platform_park.c: parking and waking, by what the library uses here and by the fallback for other systems. A lost
 * wake shows as a test that never ends. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/park.h"

/* The fallback, under names of its own. */
#if !defined(PP_PARK_CONDVAR)
#define PP_PARK_CONDVAR
#endif
#define pp_park condvar_park
#define pp_park_for condvar_park_for
#define pp_unpark_one condvar_unpark_one
#define pp_unpark_all condvar_unpark_all
#include "platform/park.c"
#undef pp_park
#undef pp_park_for
#undef pp_unpark_one
#undef pp_unpark_all

typedef struct parking {
  void (*park)(pp_atomic_u32 *, uint32_t);
  bool (*park_for)(pp_atomic_u32 *, uint32_t, uint64_t);
  void (*unpark_one)(pp_atomic_u32 *);
  void (*unpark_all)(pp_atomic_u32 *);
} parking;

static const parking parkings[] = {{pp_park, pp_park_for, pp_unpark_one, pp_unpark_all},
                                   {condvar_park, condvar_park_for, condvar_unpark_one, condvar_unpark_all}};

#define PARK_TEST(name)                                     \
  static void name(const parking *p);                       \
  Test(platform_park, name) { name(&parkings[0]); }         \
  Test(platform_park_condvar, name) { name(&parkings[1]); } \
  static void name(const parking *p)

PARK_TEST(returns_at_once_when_the_word_differs) {
  pp_atomic_u32 word = 7;
  p->park(&word, 6);
  cr_expect_eq(pp_load_relaxed(&word), 7);
}

PARK_TEST(gives_up_when_the_time_has_passed) {
  static const uint64_t times[] = {0, 1, 3000000, 1000000001};
  pp_atomic_u32 word = 7;
  for (int t = 0; t < 4; t++) {
    errno = 1234;
    while (p->park_for(&word, 7, times[t])) continue; /* it may also return early */
    cr_expect_eq(errno, 1234);
    cr_expect(p->park_for(&word, 6, times[t]));
  }
}

PARK_TEST(unparking_nobody_is_harmless) {
  pp_atomic_u32 word = 0;
  p->unpark_one(&word);
  p->unpark_all(&word);
  cr_expect_eq(pp_load_relaxed(&word), 0);
}

PARK_TEST(errno_stays) {
  pp_atomic_u32 word = 1;
  errno = 1234;
  p->park(&word, 0);
  p->unpark_one(&word);
  p->unpark_all(&word);
  cr_expect_eq(errno, 1234);
}

typedef struct gate {
  const parking *parking;
  pp_atomic_u32 word;
  pp_atomic_u32 passed;
  int payload; /* written before the word, so a data race unless the word orders it */
} gate;

static void *pass_gate(void *arg) {
  gate *g = arg;
  while (pp_load_acquire(&g->word) == 0) g->parking->park(&g->word, 0);
  pp_add_relaxed(&g->passed, (uint32_t)g->payload);
  return NULL;
}

static void *pass_gate_in_time(void *arg) {
  gate *g = arg;
  while (pp_load_acquire(&g->word) == 0) cr_assert(g->parking->park_for(&g->word, 0, UINT64_C(100000000000)));
  return NULL;
}

PARK_TEST(whoever_sleeps_for_a_time_is_woken) {
  for (int round = 0; round < 20; round++) {
    pthread_t thread;
    gate g = {p, 0, 0, 0};
    cr_assert_eq(pthread_create(&thread, NULL, pass_gate_in_time, &g), 0);
    if (round % 2 != 0) usleep(2000);
    pp_store_release(&g.word, 1);
    p->unpark_one(&g.word);
    pthread_join(thread, NULL);
  }
}

PARK_TEST(unpark_all_wakes_everybody) {
  enum { THREADS = 16, ROUNDS = 20 };
  for (int round = 0; round < ROUNDS; round++) {
    pthread_t threads[THREADS];
    gate g = {p, 0, 0, 0};
    for (int i = 0; i < THREADS; i++) cr_assert_eq(pthread_create(&threads[i], NULL, pass_gate, &g), 0);
    if (round % 2 != 0) usleep(2000); /* so that they are asleep in half of the rounds */
    g.payload = 1;
    pp_store_release(&g.word, 1);
    p->unpark_all(&g.word);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    cr_expect_eq(pp_load_relaxed(&g.passed), THREADS);
  }
}

enum { PING_PONG_ROUNDS = 5000 };

static void *pong(void *arg) {
  gate *g = arg;
  for (uint32_t round = 0; round < PING_PONG_ROUNDS; round++) {
    while (pp_load_acquire(&g->word) != 2 * round + 1) g->parking->park(&g->word, 2 * round);
    g->payload++;
    pp_store_release(&g->word, 2 * round + 2);
    g->parking->unpark_one(&g->word);
  }
  return NULL;
}

PARK_TEST(two_threads_hand_a_word_back_and_forth) {
  pthread_t thread;
  gate g = {p, 0, 0, 0};
  cr_assert_eq(pthread_create(&thread, NULL, pong, &g), 0);
  for (uint32_t round = 0; round < PING_PONG_ROUNDS; round++) {
    g.payload++;
    pp_store_release(&g.word, 2 * round + 1);
    p->unpark_one(&g.word);
    while (pp_load_acquire(&g.word) != 2 * round + 2) p->park(&g.word, 2 * round + 1);
  }
  pthread_join(thread, NULL);
  cr_expect_eq(g.payload, 2 * PING_PONG_ROUNDS);
}

enum { TAKERS = 4, TOKENS_EACH = 1000 };

/* word counts tokens: takes some, one by one. */
static void *take_tokens(void *arg) {
  gate *g = arg;
  for (int taken = 0; taken < TOKENS_EACH;) {
    uint32_t tokens = pp_load_relaxed(&g->word);
    if (tokens == 0) {
      g->parking->park(&g->word, 0);
    } else if (pp_cas_acquire(&g->word, &tokens, tokens - 1)) {
      taken++;
      pp_add_relaxed(&g->passed, 1);
    }
  }
  return NULL;
}

PARK_TEST(each_unpark_one_wakes_a_taker_for_its_token) {
  pthread_t threads[TAKERS];
  gate g = {p, 0, 0, 0};
  for (int i = 0; i < TAKERS; i++) cr_assert_eq(pthread_create(&threads[i], NULL, take_tokens, &g), 0);
  for (int i = 0; i < TAKERS * TOKENS_EACH; i++) {
    pp_add_release(&g.word, 1);
    p->unpark_one(&g.word);
    if (i % 64 == 0) sched_yield();
  }
  for (int i = 0; i < TAKERS; i++) pthread_join(threads[i], NULL);
  cr_expect_eq(pp_load_relaxed(&g.passed), TAKERS * TOKENS_EACH);
  cr_expect_eq(pp_load_relaxed(&g.word), 0);
}

/* More words than the fallback has buckets: some share one. */
PARK_TEST(a_wake_reaches_its_own_word) {
  enum { WORDS = 80 };
  static gate gates[WORDS];
  pthread_t threads[WORDS];
  for (int i = 0; i < WORDS; i++) {
    gates[i] = (gate){p, 0, 0, 1};
    cr_assert_eq(pthread_create(&threads[i], NULL, pass_gate, &gates[i]), 0);
  }
  usleep(5000);
  for (int i = WORDS - 1; i >= 0; i--) {
    pp_store_release(&gates[i].word, 1);
    p->unpark_one(&gates[i].word);
    pthread_join(threads[i], NULL); /* before any other word is unparked */
    cr_expect_eq(pp_load_relaxed(&gates[i].passed), 1);
  }
}

typedef struct noise {
  const parking *parking;
  pp_atomic_u32 words[256];
  pp_atomic_u32 stop;
} noise;

static void *make_noise(void *arg) {
  noise *n = arg;
  for (uint32_t i = 0; pp_load_relaxed(&n->stop) == 0; i++) {
    n->parking->unpark_all(&n->words[i % 256]);
    n->parking->park(&n->words[i % 256], 1);
  }
  return NULL;
}

PARK_TEST(a_forked_child_can_unpark) {
  enum { FORKS = 20 };
  noise *n = calloc(1, sizeof *n);
  pthread_t thread;
  n->parking = p;
  cr_assert_eq(pthread_create(&thread, NULL, make_noise, n), 0);
  for (int i = 0; i < FORKS; i++) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
      alarm(20);
      for (int w = 0; w < 256; w++) {
        p->unpark_all(&n->words[w]);
        p->park(&n->words[w], 1);
      }
      _exit(0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  pp_store_relaxed(&n->stop, 1);
  pthread_join(thread, NULL);
  free(n);
}
