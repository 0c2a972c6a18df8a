/* SPDX-License-Identifier: MIT */
/* shake.c: what a program may rely on holds under every seed of PPAR_SHAKE, and the same seed makes the same decisions.
 * That races show is not tested here, since it takes two CPUs that are free; scripts/shake_rate measures it. This
 * program itself never uses the library: its children do. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>
#include "../support/messages.h"
#include "../support/scale.h"

TestSuite(shake, .timeout = SCALE_TIMEOUT);

enum { N = 3000, SEEDS = 5, THREADS = 3 };

/* What a child does, and under which seed. */
typedef struct shaken {
  uint64_t seed;
  void (*run)(void);
} shaken;

static void run_shaken(void *arg) {
  const shaken *s = arg;
  char seed[32];
  (void)snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
  setenv("PPAR_SHAKE", seed, 1);
  s->run();
}

static const char first_line[] = ": delays and unusual schedules, to make races show\n";

/* Behind the first line, which says that the process is shaken. */
static const char *rest_of(const messages *m) {
  const char *line = strstr(m->text, first_line);
  return line != NULL ? line + strlen(first_line) : m->text;
}

/* In the child: ends it, with a line. */
#define HOLDS(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      _exit(1);                                                                      \
    }                                                                                \
  } while (0)

static void assert_holds(void (*run)(void)) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    shaken s = {seed, run};
    messages m = messages_of(run_shaken, &s, NULL);
    cr_assert(m.end == 0 && rest_of(&m)[0] == '\0', "seed %" PRIu64 ", end %d: %s", seed, m.end, m.text);
  }
}

/* --- Loops -------------------------------------------------------------------------------------------------------- */

typedef struct visits {
  atomic_int times[N];
  int thread[N];
  int64_t last[THREADS]; /* of each slot's chunks: the first index of the latest one */
  int64_t least, most;   /* iterations in a chunk, but for the last one */
  bool rising;
} visits;

static void visit(const ppar_chunk *chunk, void *arg) {
  visits *v = arg;
  int64_t count = (int64_t)chunk->count;
  HOLDS(chunk->thread >= 0 && chunk->thread < THREADS && chunk->thread == ppar_thread_num());
  HOLDS(ppar_num_threads() == THREADS);
  HOLDS(count <= v->most && (count >= v->least || chunk->end == N));
  HOLDS(!v->rising || chunk->begin > v->last[chunk->thread]);
  v->last[chunk->thread] = chunk->begin;
  ppar_for_each_index(i, chunk) {
    atomic_fetch_add(&v->times[i], 1);
    v->thread[i] = chunk->thread;
  }
}

static visits visited(ppar_schedule schedule, int64_t least, int64_t most, bool rising) {
  static visits v;
  memset(&v, 0, sizeof v);
  v.least = least;
  v.most = most;
  v.rising = rising;
  for (int t = 0; t < THREADS; t++) v.last[t] = -1;
  HOLDS(ppar_parallel_for(0, N, visit, &v, PPAR_OPTIONS(.threads = THREADS, .schedule = schedule)) == PPAR_OK);
  for (int i = 0; i < N; i++) HOLDS(v.times[i] == 1);
  return v;
}

static void loops(void) {
  for (int round = 0; round < 5; round++) {
    (void)visited(ppar_auto(), 1, N, false);
    (void)visited(ppar_dynamic(7), 7, 7, false);
    (void)visited(ppar_monotonic(ppar_dynamic(7)), 7, 7, true);
    (void)visited(ppar_guided(5), 5, N, true);
    visits blocks = visited(ppar_static(0), N / THREADS, N / THREADS, true);
    visits again = visited(ppar_monotonic(ppar_auto()), N / THREADS, N / THREADS, true);
    visits dealt = visited(ppar_static(10), 10, 10, true);
    for (int i = 0; i < N; i++) {
      HOLDS(blocks.thread[i] == i / (N / THREADS));
      HOLDS(again.thread[i] == blocks.thread[i]);
      HOLDS(dealt.thread[i] == i / 10 % THREADS);
    }
  }
}

Test(shake, loops_are_what_their_schedules_say) { assert_holds(loops); }

static void fail(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) {
    if (i >= 1000 && i % 500 == 0) {
      ppar_cancel(chunk, (int)i);
      return;
    }
  }
}

static void add_and_fail(const ppar_chunk *chunk, void *sum, void *arg) {
  *(int64_t *)sum += 1;
  fail(chunk, arg);
}

static void failures(void) {
  const ppar_schedule schedules[] = {ppar_auto(), ppar_static(0), ppar_static(9), ppar_dynamic(4), ppar_guided(0)};
  for (size_t k = 0; k < sizeof schedules / sizeof schedules[0]; k++) {
    int64_t sum = 42;
    const ppar_options *options = PPAR_OPTIONS(.threads = THREADS, .schedule = schedules[k]);
    HOLDS(ppar_parallel_for(0, N, fail, NULL, options) == 1000);
    HOLDS(ppar_parallel_reduce(0, N, add_and_fail, NULL, &ppar_sum_i64, &sum, options) == 1000);
    HOLDS(sum == 42);
  }
  HOLDS(ppar_parallel_for(0, 500, fail, NULL, PPAR_OPTIONS(.threads = THREADS)) == PPAR_OK);
}

Test(shake, loops_fail_as_the_serial_loop_does) { assert_holds(failures); }

static double term(int64_t i) { return 1.0 / (double)(i + 1); }
static void add_terms(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(double *)sum += term(i);
}
static void count_all(const ppar_chunk *chunk, void *sum, void *arg) {
  (void)arg;
  *(int64_t *)sum += (int64_t)chunk->count;
}

static double sum_of(const ppar_options *options) {
  double sum = 0;
  HOLDS(ppar_parallel_reduce(0, N, add_terms, NULL, &ppar_sum_f64, &sum, options) == PPAR_OK);
  return sum;
}

/* Blocks of static, each summed up by one call, and the sums in slot order. */
static double blockwise(void) {
  double sum = 0;
  for (int t = 0; t < THREADS; t++) {
    double part = 0;
    for (int64_t i = t * (N / THREADS); i < (t + 1) * (N / THREADS); i++) part += term(i);
    sum += part;
  }
  return sum;
}

static void reductions(void) {
  double exact = sum_of(PPAR_OPTIONS(.threads = 1, .reproducible = true));
  for (int round = 0; round < 5; round++) {
    int64_t count = 5;
    HOLDS(ppar_parallel_reduce(0, N, count_all, NULL, &ppar_sum_i64, &count, PPAR_OPTIONS(.threads = THREADS)) == 0);
    HOLDS(count == N + 5);
    HOLDS(sum_of(PPAR_OPTIONS(.threads = THREADS, .reproducible = true)) == exact);
    HOLDS(sum_of(PPAR_OPTIONS(.threads = THREADS, .schedule = ppar_static(0))) == blockwise());
  }
}

Test(shake, reductions_keep_the_bits_that_they_promise) { assert_holds(reductions); }

/* --- Regions, tasks ----------------------------------------------------------------------------------------------- */

static struct team_work {
  atomic_int times[N];
  int64_t next; /* by critical sections, and by ordered parts */
  int64_t ordered;
  atomic_int singles;
} work;

static void once_each(ppar_team *team, const ppar_options *options) {
  ppar_prange(team, i, 0, N, options) {
    atomic_fetch_add(&work.times[i], 1);
  }
}

static void region(ppar_team *team, void *arg) {
  int thread = ppar_team_thread(team);
  int64_t latest = -1;
  (void)arg;
  HOLDS(ppar_team_size(team) == THREADS);
  once_each(team, NULL);
  once_each(team, PPAR_OPTIONS(.schedule = ppar_dynamic(3)));
  once_each(team, PPAR_OPTIONS(.schedule = ppar_guided(0), .nowait = true));
  once_each(team, PPAR_OPTIONS(.nowait = true));
  ppar_prange(team, i, 0, N, PPAR_OPTIONS(.schedule = ppar_static(0))) {
    HOLDS(i / (N / THREADS) == thread && i > latest);
    latest = i;
  }
  ppar_prange(team, i, 0, N, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    HOLDS(i % THREADS == thread);
  }
  ppar_prange(team, i, 0, N, PPAR_OPTIONS(.schedule = ppar_static(16))) {
    HOLDS(i / 16 % THREADS == thread);
  }
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, 30), PPAR_BOUNDS(0, 100), NULL) {
    atomic_fetch_add(&work.times[i * 100 + j], 1);
  }
  ppar_prange(team, i, 0, 200, NULL) {
    ppar_ordered_begin(team, i);
    HOLDS(work.ordered++ == i);
    ppar_ordered_end(team, i);
  }
  for (int k = 0; k < 20; k++) {
    ppar_critical_begin(team, "next");
    work.next++;
    ppar_critical_end(team, "next");
    ppar_barrier(team);
    if (ppar_single(team)) atomic_fetch_add(&work.singles, 1);
  }
  int64_t one = 1, all = 0;
  ppar_team_reduce(team, &one, &all, &ppar_sum_i64);
  HOLDS(all == THREADS);
}

static void regions(void) {
  for (int round = 1; round <= 3; round++) {
    work.ordered = 0;
    HOLDS(ppar_parallel(region, NULL, PPAR_OPTIONS(.threads = THREADS)) == PPAR_OK);
    for (int i = 0; i < N; i++) HOLDS(work.times[i] == 5 * round);
    HOLDS(work.next == 20 * THREADS * round && work.singles == 20 * round && work.ordered == 200);
  }
}

Test(shake, regions_keep_their_rules) { assert_holds(regions); }

typedef struct fib {
  int n;
  long value;
} fib;

static void run_fib(void *arg) {
  fib *f = arg;
  fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
  ppar_task_group group;
  if (f->n < 2) {
    f->value = f->n;
    return;
  }
  HOLDS(ppar_task_group_begin(&group, NULL) == PPAR_OK);
  HOLDS(ppar_task_spawn(&group, run_fib, &a) == PPAR_OK);
  run_fib(&b);
  HOLDS(ppar_task_group_wait(&group) == PPAR_OK);
  f->value = a.value + b.value;
}

static void count_task(void *arg) { atomic_fetch_add((atomic_int *)arg, 1); }

static void tasks(void) {
  fib f = {12, 0};
  atomic_int count = 0;
  ppar_task_group group;
  run_fib(&f);
  HOLDS(f.value == 144);
  HOLDS(ppar_task_group_begin(&group, NULL) == PPAR_OK);
  for (int k = 0; k < 100; k++) HOLDS(ppar_task_spawn(&group, count_task, &count) == PPAR_OK);
  HOLDS(ppar_task_group_wait(&group) == PPAR_OK);
  HOLDS(count == 100);
  HOLDS(ppar_task_group_begin(&group, NULL) == PPAR_OK);
  ppar_task_group_cancel(&group, 3);
  HOLDS(ppar_task_spawn(&group, count_task, &count) == PPAR_ECANCELED);
  HOLDS(ppar_task_group_wait(&group) == 3 && count == 100);
}

Test(shake, tasks_run_once_each) { assert_holds(tasks); }

/* --- Decisions ---------------------------------------------------------------------------------------------------- */

/* What follows from the seed alone: which chunks there are, and whose. */
static void tell_chunk(const ppar_chunk *chunk, void *sums) {
  uint64_t number = (uint64_t)chunk->begin * 1000003 + chunk->count * 31 + (uint64_t)chunk->thread;
  number = (number ^ number >> 13) * UINT64_C(0x9e3779b97f4a7c15);
  atomic_fetch_add((_Atomic uint64_t *)sums, number ^ number >> 29);
}

static void nested(const ppar_chunk *chunk, void *sums) {
  tell_chunk(chunk, sums);
  HOLDS(ppar_parallel_for(0, 50, tell_chunk, sums, PPAR_OPTIONS(.threads = 2)) == PPAR_OK);
}

static void tell_decisions(void) {
  for (int k = 0; k < 8; k++) {
    _Atomic uint64_t sums = 0;
    HOLDS(ppar_parallel_for(0, 10000, tell_chunk, &sums, PPAR_OPTIONS(.threads = THREADS)) == PPAR_OK);
    HOLDS(ppar_parallel_for(0, 6, nested, &sums, PPAR_OPTIONS(.threads = THREADS)) == PPAR_OK);
    fprintf(stderr, "%016" PRIx64 "\n", (uint64_t)sums);
  }
}

static messages decisions(uint64_t seed) {
  shaken s = {seed, tell_decisions};
  messages m = messages_of(run_shaken, &s, NULL);
  cr_assert_eq(m.end, 0, "%s", m.text);
  return m;
}

Test(shake, the_same_seed_makes_the_same_decisions_and_others_make_others) {
  messages before = decisions(SEEDS + 1);
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    messages one = decisions(seed), two = decisions(seed);
    cr_assert_str_eq(one.text, two.text);
    cr_assert_neq(strcmp(rest_of(&one), rest_of(&before)), 0, "seed %" PRIu64, seed);
    before = one;
  }
}

static void say_something(void) { HOLDS(ppar_parallel_for(0, 100, fail, NULL, PPAR_OPTIONS(.threads = 2)) == PPAR_OK); }

Test(shake, the_process_says_once_that_it_is_shaken) {
  shaken s = {7, say_something}, off = {0, say_something};
  messages m = messages_of(run_shaken, &s, NULL);
  cr_assert_str_eq(m.text, "ppar: PPAR_SHAKE=7: delays and unusual schedules, to make races show\n");
  m = messages_of(run_shaken, &off, NULL);
  cr_assert_str_eq(m.text, "");
}
