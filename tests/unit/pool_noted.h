/* SPDX-License-Identifier: MIT */
/* pool_noted.h: a kind of wait that notes each of its calls, and a pool that notes who helps, for the tests of
 * waiting. */
#ifndef TESTS_POOL_NOTED_H
#define TESTS_POOL_NOTED_H

#include <string.h>

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "pool/pool.h"
#include "pool/waiting.h"

/* --- A wait that notes its calls -------------------------------------------------------------------------------- */

/* A letter for each call: o is_over, f find, r run, a ask, l help with loops, t help with tasks, s substitute, p
 * prepare, m may_help with tasks, z sleep, u rise. is_over and find are O and F where the look has to be thorough. */
typedef struct noted {
  pp_waiting waiting;
  char calls[64];
  uint32_t count;
  const char *over;  /* The wait ends at the first look after the calls have come to this, or there is no more room. */
  const char *finds; /* Calls after which find, or help, says that there is some; one of them, or NULL. */
  bool endless;      /* It does not end for want of room. */
  bool shut;         /* prepare says that there is no need to sleep. */
  void (*on_prepare)(struct noted *w), (*on_sleep)(struct noted *w), (*on_find)(struct noted *w),
      (*on_run)(struct noted *w);
  uint32_t wakes;
} noted;

static inline noted *noted_of(pp_waiting *waiting) { return PP_OWNER_OF(noted, waiting, waiting); }

static inline void note(noted *w, char call) {
  if (w->count + 1 < sizeof w->calls)
    w->calls[w->count++] = call; /* otherwise it is known to be none that is expected */
}

static inline bool calls_are(const noted *w, const char *calls) {
  return calls != NULL && strcmp(w->calls, calls) == 0;
}

static inline bool ends(noted *w, char call) {
  bool over = strncmp(w->calls, w->over, strlen(w->over)) == 0;
  if (w->count + 1 == sizeof w->calls && !w->endless) over = true; /* The calls are not those that the test expects. */
  note(w, call);
  return over;
}

static inline bool is_over(pp_waiting *waiting) { return ends(noted_of(waiting), waiting->thorough ? 'O' : 'o'); }
static inline bool has_gone_on(pp_waiting *waiting) { return ends(noted_of(waiting), 'g'); }

static inline bool find(pp_waiting *waiting) {
  noted *w = noted_of(waiting);
  bool found = calls_are(w, w->finds);
  note(w, waiting->thorough ? 'F' : 'f');
  if (w->on_find != NULL) w->on_find(w);
  return found;
}

static inline void run(pp_waiting *waiting) {
  cr_expect_not(waiting->thorough);
  note(noted_of(waiting), 'r');
  if (noted_of(waiting)->on_run != NULL) noted_of(waiting)->on_run(noted_of(waiting));
}

static inline void ask(pp_waiting *waiting) { note(noted_of(waiting), 'a'); }
static inline void substitute(pp_waiting *waiting) { note(noted_of(waiting), 's'); }

static inline bool prepare(pp_waiting *waiting) {
  noted *w = noted_of(waiting);
  cr_expect_not(waiting->thorough);
  note(w, 'p');
  if (w->on_prepare != NULL) w->on_prepare(w);
  return !w->shut;
}

static inline void sleep_a_moment(pp_waiting *waiting) {
  note(noted_of(waiting), 'z');
  if (noted_of(waiting)->on_sleep != NULL) noted_of(waiting)->on_sleep(noted_of(waiting));
}

static inline void rise(pp_waiting *waiting) {
  cr_expect_not(waiting->thorough);
  note(noted_of(waiting), 'u');
}

static inline void wake(void *waiting) { noted_of(waiting)->wakes++; }

static const pp_wait_kind all_calls = {.is_over = is_over,
                                       .find = find,
                                       .run = run,
                                       .ask = ask,
                                       .substitute = substitute,
                                       .prepare = prepare,
                                       .sleep = sleep_a_moment,
                                       .rise = rise,
                                       .wake = wake,
                                       .takes_tasks = true};

static __attribute__((unused))
const pp_wait_kind few_calls = {.is_over = is_over, .prepare = prepare, .sleep = sleep_a_moment};

/* --- A pool whose work is noted --------------------------------------------------------------------------------- */

static inline bool help(pp_waiting *waiting, char kind) {
  noted *w = noted_of(waiting);
  bool found = calls_are(w, w->finds);
  note(w, kind);
  return found;
}

static inline bool help_with_loops(pp_waiting *waiting) { return help(waiting, 'l'); }
static inline bool help_with_tasks(pp_waiting *waiting) { return help(waiting, 't'); }

/* Between registering and sleeping. */
static inline bool may_help_with_tasks(pp_waiting *waiting) {
  noted *w = noted_of(waiting);
  cr_expect_eq(pp_load_relaxed(&waiting->pool->waiter_count), 1);
  cr_expect_eq(pp_load_relaxed(&waiting->pool->task_marks), pp_scope_mark(waiting->ancestor));
  return help(&w->waiting, 'm');
}

static const pp_work_source no_regions = {.help = NULL};
static const pp_work_source noted_loops = {.help = help_with_loops};
static const pp_work_source noted_tasks = {.help = help_with_tasks, .may_help = may_help_with_tasks};
static const pp_work_source *const noted_sources[PP_WORK_KINDS] = {
    [PP_WORK_REGIONS] = &no_regions, [PP_WORK_LOOPS] = &noted_loops, [PP_WORK_TASKS] = &noted_tasks};

static ppar_pool pool;
static const int ancestor[2]; /* addresses */

static inline void begin_pool(void) {
  pp_pool_config config = {.threads = 1, .name = "test", .wait = PPAR_WAIT_PASSIVE, .sources = noted_sources};
  cr_assert_eq(pp_pool_init(&pool, &config), PPAR_OK);
}

/* A wait that looks everywhere at each look, does not spin, and ends at the first look after these calls. */
static inline noted a_wait(const pp_wait_kind *kind, const void *inside, const char *over) {
  noted w = {.over = over};
  w.waiting = pp_waiting_make(kind, inside != NULL ? &pool : NULL, inside);
  w.waiting.ask_ticks = 0;
  w.waiting.spin_ticks = 0;
  return w;
}

static inline void expect_calls(noted *w, const char *calls) {
  pp_wait(&w->waiting);
  cr_expect(strcmp(w->calls, calls) == 0, "%s, and not %s", w->calls, calls);
  cr_expect_not(w->waiting.thorough);
  cr_expect_eq(pp_load_relaxed(&pool.waiter_count), 0);
  cr_expect_eq(pp_load_relaxed(&pool.task_marks), 0);
  cr_expect_null(pool.waiters);
}

static inline void ring(noted *w) {
  (void)w;
  pp_bell_ring_awake(&pool.bell, 0);
}

#endif
