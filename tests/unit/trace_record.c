/* SPDX-License-Identifier: MIT */
/* trace_record.c: what is recorded of each construct: every iteration in one chunk, whatever the schedule, the bounds
 * and T; what it is part of; and sums that agree with the events. */
#include <ppar/ppar.h>

#include <stdatomic.h>

#include "../support/recorded.h"
#include "../support/scale.h"
#include "platform/clock.h"
#include "settings/environment.h"
#include "trace/construct.h"

TestSuite(trace_record, .timeout = SCALE_TIMEOUT);

static const ppar_schedule schedules[] = {
    {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 0},    {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 1},
    {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 3},    {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, 1},
    {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_MONOTONIC, 5}, {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_DEFAULT, 2},
    {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0}};
enum { SCHEDULES = sizeof schedules / sizeof schedules[0] };

static const struct {
  int64_t begin, end, step;
} spaces[] = {{0, 1, 1}, {0, 100, 1}, {-7, 1000, 3}, {50, -61, -4}, {INT64_MIN, INT64_MAX, INT64_MAX / 40}};
enum { SPACES = sizeof spaces / sizeof spaces[0] };

static const int threads[] = {1, 2, 3, 9};
enum { THREADS = sizeof threads / sizeof threads[0] };

static void body(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) __asm__ volatile("" ::"r"(i));
}

static void fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  *(uint64_t *)accumulator += chunk->count;
}

typedef struct setting {
  ppar_options options;
  int64_t begin, end;
} setting;

static void for_each_setting(void (*check)(const setting *s)) {
  for (int s = 0; s < SCHEDULES; s++) {
    for (int p = 0; p < SPACES; p++) {
      for (int t = 0; t < THREADS; t++) {
        setting one = {PPAR_OPTIONS_INIT(.schedule = schedules[s], .threads = threads[t], .step = spaces[p].step,
                                         .name = "the loop"),
                       spaces[p].begin, spaces[p].end};
        check(&one);
      }
    }
  }
}

static void check_plan(const pp_run_construct *construct, const setting *s) {
  cr_assert_eq(construct->what.index, s->begin);
  cr_assert_eq(construct->what.step, s->options.step);
  cr_assert_eq(construct->what.slots, s->options.threads);
  cr_assert_eq(construct->what.schedule_kind, s->options.schedule.kind);
  cr_assert_eq(construct->what.chunk, (uint64_t)s->options.schedule.chunk);
  cr_assert_leq(construct->what.had, construct->what.slots);
  cr_assert_gt(construct->what.had, 0);
}

static void check_loop(const setting *s) {
  recorded r;
  const pp_run_construct *construct;
  cr_assert_eq(ppar_parallel_for(s->begin, s->end, body, NULL, &s->options), PPAR_OK);
  read_recorded(&r);
  construct = recorded_construct(&r, PP_CONSTRUCT_LOOP, "the loop");
  check_plan(construct, s);
  cr_assert_gt(check_recorded_chunks(&r, construct), 0);
  cr_assert_gt(count_recorded(&r, construct->what.number, PP_EVENT_MEMBER), 0);
  forget_recorded(&r);
}

Test(trace_record, every_iteration_of_a_loop_is_in_one_chunk) {
  record_all();
  for_each_setting(check_loop);
}

static void check_reduce(const setting *s) {
  recorded r;
  uint64_t sum = 0;
  const pp_run_construct *construct;
  cr_assert_eq(ppar_parallel_reduce(s->begin, s->end, fold, NULL, &ppar_sum_u64, &sum, &s->options), PPAR_OK);
  read_recorded(&r);
  construct = recorded_construct(&r, PP_CONSTRUCT_REDUCE, "the loop");
  cr_assert_eq(sum, construct->what.count);
  check_plan(construct, s);
  cr_assert_gt(check_recorded_chunks(&r, construct), 0);
  forget_recorded(&r);
}

Test(trace_record, every_iteration_of_a_reduce_is_in_one_chunk) {
  record_all();
  for_each_setting(check_reduce);
}

/* Its loop is one over blocks, of one iteration each where there are few iterations, and of more where there are many.
 */
static void check_reproducible(const setting *s) {
  setting blockwise = *s;
  blockwise.options.reproducible = true;
  check_reduce(&blockwise);
  if (s->begin == INT64_MIN) return;
  blockwise.end = s->begin + 30001 * s->options.step;
  check_reduce(&blockwise);
}

Test(trace_record, a_reproducible_reduce_is_a_reduce_of_its_iterations) {
  record_all();
  for_each_setting(check_reproducible);
}

static void region(ppar_team *team, void *arg) {
  const setting *s = arg;
  ppar_options options = s->options;
  options.threads = 0;
  ppar_prange(team, i, s->begin, s->end, &options) __asm__ volatile("" ::"r"(i));
}

static void check_prange(const setting *s) {
  recorded r;
  const pp_run_construct *construct, *around;
  cr_assert_eq(ppar_parallel(region, (void *)s, PPAR_OPTIONS(.threads = s->options.threads, .name = "the region")),
               PPAR_OK);
  read_recorded(&r);
  around = recorded_construct(&r, PP_CONSTRUCT_REGION, "the region");
  construct = recorded_construct(&r, PP_CONSTRUCT_PRANGE, "the loop");
  cr_assert_eq(construct->what.inside, around->what.number);
  cr_assert_eq(around->what.had, around->what.slots);
  check_plan(construct, s);
  (void)check_recorded_chunks(&r, construct);
  cr_assert_eq(count_recorded(&r, construct->what.number, PP_EVENT_MEMBER), construct->what.slots);
  cr_assert_eq(count_recorded(&r, around->what.number, PP_EVENT_MEMBER), around->what.slots);
  forget_recorded(&r);
}

Test(trace_record, every_iteration_of_a_prange_is_in_one_piece) {
  record_all();
  for_each_setting(check_prange);
}

/* Regions with a prange in the innermost: `levels` of them, more than are recorded or just as many. */
typedef struct nest {
  int levels;
  uint64_t iterations;
} nest;

static void nest_further(ppar_team *team, void *arg) {
  nest *n = arg;
  (void)team;
  if (--n->levels > 0) {
    (void)ppar_parallel(nest_further, n, PPAR_OPTIONS(.threads = 1, .name = "a level"));
  } else {
    ppar_prange(team, i, 0, 100, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .name = "the innermost")) n->iterations++;
  }
}

/* What lies deeper than is recorded disturbs nothing that is. */
Test(trace_record, levels_beyond_those_that_are_recorded_do_no_harm) {
  record_all();
  for (int levels = PP_TRACE_DEPTH / 2 - 3; levels < PP_TRACE_DEPTH + 3; levels++) {
    nest n = {.levels = levels};
    recorded r;
    const setting after = {PPAR_OPTIONS_INIT(.threads = 2, .step = 1, .name = "the loop"), 0, 100};
    cr_assert_eq(ppar_parallel(nest_further, &n, PPAR_OPTIONS(.threads = 1, .name = "the outermost")), PPAR_OK);
    cr_assert_eq(n.iterations, 100);
    read_recorded(&r);
    (void)recorded_construct(&r, PP_CONSTRUCT_REGION, "the outermost");
    forget_recorded(&r);
    check_loop(&after);
  }
}

static void constructs(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
  ppar_critical_begin(team, "a section");
  ppar_critical_end(team, "a section");
  ppar_barrier(team);
  if (ppar_single(team))
    ppar_barrier(NULL);
  else
    ppar_barrier(NULL);
  ppar_prange(team, i, 0, 10, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .ordered = true)) {
    ppar_ordered_begin(team, i);
    ppar_ordered_end(team, i);
  }
}

Test(trace_record, what_threads_do_in_a_region_is_recorded) {
  recorded r;
  const pp_run_construct *construct;
  uint32_t number;
  record_all();
  cr_assert_eq(ppar_parallel(constructs, NULL, PPAR_OPTIONS(.threads = 3, .name = "constructs")), PPAR_OK);
  read_recorded(&r);
  construct = recorded_construct(&r, PP_CONSTRUCT_REGION, "constructs");
  number = construct->what.number;
  cr_assert_eq(count_recorded(&r, number, PP_EVENT_BARRIER), 9);
  cr_assert_eq(count_recorded(&r, number, PP_EVENT_CRITICAL_WAIT), 3);
  cr_assert_eq(count_recorded(&r, number, PP_EVENT_CRITICAL), 3);
  cr_assert_eq(count_recorded(&r, number, PP_EVENT_SINGLE), 1);
  for (uint64_t k = 0; k < r.run->construct_count; k++) {
    const pp_construct *what = &r.run->constructs[k].what;
    if (what->inside != number) continue;
    cr_assert_eq(count_recorded(&r, what->number, PP_EVENT_ORDERED), 10);
    cr_assert_eq(count_recorded(&r, what->number, PP_EVENT_ORDERED_WAIT), 10);
  }
  forget_recorded(&r);
}

static void task(void *arg) {
  ppar_task_group group;
  int depth = *(int *)arg - 1;
  if (depth < 0) return;
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "inner")), PPAR_OK);
  cr_assert_eq(ppar_task_spawn_copy(&group, task, &depth, sizeof depth), PPAR_OK);
  cr_assert_eq(ppar_task_spawn(&group, task, &depth), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
}

static const pp_run_site *site_of(const recorded *r, pp_construct_kind kind, const char *name) {
  for (uint32_t s = 0; s < r->run->site_count; s++) {
    if (r->run->sites[s].kind == kind && strcmp(r->run->sites[s].title, name) == 0) return &r->run->sites[s];
  }
  cr_assert_fail("no site of name %s", name);
  return NULL;
}

Test(trace_record, tasks_are_recorded_and_their_time_is_counted_once) {
  recorded r;
  ppar_task_group group;
  int depth = 5;
  const pp_run_site *outer, *inner;
  record_all();
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "outer")), PPAR_OK);
  for (int k = 0; k < 8; k++) cr_assert_eq(ppar_task_spawn(&group, task, &depth), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  read_recorded(&r);
  cr_assert_eq(recorded_construct(&r, PP_CONSTRUCT_TASKS, "outer")->what.count, 8);
  outer = site_of(&r, PP_CONSTRUCT_TASKS, "outer");
  inner = site_of(&r, PP_CONSTRUCT_TASKS, "inner");
  cr_assert_eq(outer->sum[PP_SUM_CALLS], 1);
  cr_assert_eq(outer->sum[PP_SUM_CHUNKS], 8);
  cr_assert_eq(inner->sum[PP_SUM_CALLS], 8 * 31);
  cr_assert_eq(inner->sum[PP_SUM_CHUNKS], 8 * 62);
  cr_assert_eq(inner->sum[PP_SUM_ITERATIONS], 8 * 62);
  forget_recorded(&r);
}

static atomic_int further; /* tasks that the group's own have spawned */

static void spawn_one_more(void *arg) {
  static int none;
  if (ppar_task_spawn_copy(arg, task, &none, sizeof none) == PPAR_OK) further++;
}

Test(trace_record, tasks_that_tasks_of_the_group_have_spawned_count) {
  recorded r;
  ppar_task_group group;
  record_all();
  for (int k = 0; k < 20; k++) {
    further = 0;
    cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "growing")), PPAR_OK);
    for (int t = 0; t < 5; t++) cr_assert_eq(ppar_task_spawn(&group, spawn_one_more, &group), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    read_recorded(&r);
    cr_assert_eq(further, 5);
    cr_assert_eq(recorded_construct(&r, PP_CONSTRUCT_TASKS, "growing")->what.count, 10);
    forget_recorded(&r);
  }
}

static void busy(const ppar_chunk *chunk, void *arg) {
  uint64_t until = pp_clock_ns() + 20000;
  (void)chunk;
  (void)arg;
  while (pp_clock_ns() < until) continue;
}

/* In whole: what threads do is as much as there is time. */
Test(trace_record, sums_agree_with_the_time_that_passes) {
  recorded r;
  const pp_run_site *site;
  uint64_t parts, there;
  record_all();
  for (volatile int k = 0; k < 5; k++) /* so that compilers do not make five places of the one */
    cr_assert_eq(
        ppar_parallel_for(0, 10, busy, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .threads = 2, .name = "busy")),
        PPAR_OK);
  read_recorded(&r);
  site = site_of(&r, PP_CONSTRUCT_LOOP, "busy");
  cr_assert_eq(site->sum[PP_SUM_CALLS], 5);
  cr_assert_eq(site->sum[PP_SUM_ITERATIONS], 50);
  cr_assert_eq(site->sum[PP_SUM_CHUNKS], 50);
  cr_assert_eq(site->sum[PP_SUM_SLOTS], 10);
  cr_assert_geq(site->sum[PP_SUM_BUSY], 50 * 20000 - 100);
  cr_assert_leq(site->sum[PP_SUM_BUSY], site->sum[PP_SUM_CAPACITY]);
  parts = site->sum[PP_SUM_START] + site->sum[PP_SUM_BUSY] + site->sum[PP_SUM_WAITED] + site->sum[PP_SUM_ENDING];
  there = site->sum[PP_SUM_THERE];
  cr_assert_leq(parts, there + 100);
  cr_assert_leq(there, site->sum[PP_SUM_ALL_WALL] + 100);
  cr_assert_leq(site->sum[PP_SUM_ALL_WALL], site->sum[PP_SUM_CAPACITY] + 100);
  forget_recorded(&r);
}

static void inner_body(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  (void)arg;
  cr_assert_eq(
      ppar_parallel_for(0, 50, body, NULL, PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(5), .name = "inside")),
      PPAR_OK);
}

Test(trace_record, loops_in_loops_know_what_they_are_inside_of) {
  recorded r;
  const pp_run_construct *outer;
  uint64_t inside = 0;
  record_all();
  cr_assert_eq(ppar_parallel_for(0, 6, inner_body, NULL,
                                 PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(1), .name = "outside")),
               PPAR_OK);
  read_recorded(&r);
  outer = recorded_construct(&r, PP_CONSTRUCT_LOOP, "outside");
  (void)check_recorded_chunks(&r, outer);
  for (uint64_t k = 0; k < r.run->construct_count; k++) {
    const pp_run_construct *inner = &r.run->constructs[k];
    if (strcmp(inner->site->title, "inside") != 0) continue;
    cr_assert_eq(inner->what.inside, outer->what.number);
    (void)check_recorded_chunks(&r, inner);
    inside++;
  }
  cr_assert_eq(inside, 6);
  forget_recorded(&r);
}

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Its loops are the library's, and the place is the program's. */
Test(trace_record, a_sort_is_at_the_place_of_its_call) {
  enum { COUNT = 20000 };
  static int numbers[COUNT];
  recorded r;
  uint32_t places = 0;
  record_all();
  for (int k = 0; k < COUNT; k++) numbers[k] = (k * 7919) % COUNT;
  cr_assert_eq(ppar_sort(numbers, COUNT, sizeof numbers[0], by_value, PPAR_OPTIONS(.threads = 4, .name = "sorting")),
               PPAR_OK);
  read_recorded(&r);
  for (uint32_t s = 0; s < r.run->site_count; s++) places += strcmp(r.run->sites[s].title, "sorting") == 0;
  cr_assert_eq(places, 1);
  forget_recorded(&r);
}

/* A loop that is begun by hand, of one iteration and one slot. */
static void begin_by_hand(pp_traced_loop *loop, ppar_body *runs, const char *name) {
  *loop = (pp_traced_loop){.body = runs, .step = 1};
  pp_traced_begin(
      &loop->traced,
      &(pp_trace_what){.kind = PP_CONSTRUCT_LOOP, .name = name, .slots = 1, .asked = 1, .count = 1, .step = 1});
}

static void run_by_hand(pp_traced_loop *loop) {
  const ppar_chunk chunk = {.begin = 0, .end = 1, .step = 1, .count = 1};
  const pp_trace_mark mark = pp_trace_here();
  pp_traced_body(&chunk, loop);
  pp_trace_end(mark);
  pp_traced_end(&loop->traced, 0, 0, 1, PPAR_OK);
}

/* Two processors' counters may differ: a loop may then have begun later than its chunks. */
Test(trace_record, where_a_clock_is_behind_times_are_short_and_not_endless) {
  static const pp_sum times[] = {PP_SUM_WALL, PP_SUM_CAPACITY, PP_SUM_ALL_WALL, PP_SUM_START,
                                 PP_SUM_BUSY, PP_SUM_WAITED,   PP_SUM_ENDING,   PP_SUM_THERE};
  const uint64_t second = 1000000000;
  recorded r;
  const pp_run_site *site;
  pp_traced_loop loop;
  record_all();
  begin_by_hand(&loop, body, "ahead");
  loop.traced.begin += pp_ticks_from_ns(60 * second);
  run_by_hand(&loop);
  read_recorded(&r);
  site = site_of(&r, PP_CONSTRUCT_LOOP, "ahead");
  for (size_t k = 0; k < sizeof times / sizeof times[0]; k++)
    cr_assert_lt(site->sum[times[k]], 1000 * second, "sum %d is negative", (int)times[k]);
  cr_assert_lt(site->longest_call, 1000 * second);
  forget_recorded(&r);
}

static pp_traced_loop helped;

static void wait_and_help(const ppar_chunk *chunk, void *arg) {
  pp_trace_mark mark = pp_trace_begin_wait(PP_EVENT_WAIT, 0);
  body(chunk, arg);
  pp_trace_tell(PP_EVENT_STEAL, PP_TRACE_UNKNOWN, 1);
  pp_trace_tell(PP_EVENT_STEAL, 0, 1);
  run_by_hand(&helped);
  pp_trace_end(mark);
}

/* Whoever helps as it waits takes what it will run before it runs it; and a task is no part of a loop. */
Test(trace_record, a_steal_is_counted_for_the_loop_that_it_is_from) {
  recorded r;
  pp_traced_loop waiting;
  record_all();
  begin_by_hand(&waiting, wait_and_help, "waiting");
  begin_by_hand(&helped, body, "helped");
  run_by_hand(&waiting);
  read_recorded(&r);
  cr_assert_eq(site_of(&r, PP_CONSTRUCT_LOOP, "waiting")->sum[PP_SUM_STEALS], 0);
  cr_assert_eq(site_of(&r, PP_CONSTRUCT_LOOP, "helped")->sum[PP_SUM_STEALS], 1);
  cr_assert_eq(count_recorded(&r, helped.traced.number, PP_EVENT_STEAL), 1);
  forget_recorded(&r);
}

/* Threads go on while a run is read. */
Test(trace_record, what_begins_after_a_run_was_read_does_not_end_before) {
  recorded r;
  pp_trace_mark mark;
  bool is_there = false;
  record_all();
  cr_assert_not_null(pp_tracer_get());
  read_recorded(&r);
  mark = pp_trace_begin(PP_EVENT_BARRIER, 0, 0);
  for (uint32_t t = 0; t < r.run->thread_count; t++) {
    pp_run_cursor cursor = pp_run_events(r.run, t);
    pp_event event;
    while (pp_run_next(&cursor, &event)) {
      cr_assert_leq(event.begin, event.end);
      is_there = is_there || (event.flags & PP_EVENT_OPEN) != 0;
    }
  }
  cr_assert(is_there);
  pp_trace_end(mark);
  forget_recorded(&r);
}

static uint64_t count_open(const recorded *r, uint32_t number) {
  uint64_t count = 0;
  for (uint32_t t = 0; t < r->run->thread_count; t++) {
    pp_run_cursor cursor = pp_run_events(r->run, t);
    pp_event event;
    while (pp_run_next(&cursor, &event)) count += event.construct == number && (event.flags & PP_EVENT_OPEN) != 0;
  }
  return count;
}

/* A shaken loop's body is called by way of another one. */
Test(trace_record, a_thread_leaves_a_shaken_loop_as_it_ends) {
  recorded r;
  const pp_run_construct *construct;
  uint32_t modes;
  record_all();
  (void)pp_environment_get(); /* It would set the modes. */
  modes = pp_load_relaxed(&pp_environment_modes);
  for (int k = 0; k < 20; k++) {
    pp_store_relaxed(&pp_environment_modes, modes | PP_MODE_SHAKE);
    cr_assert_eq(ppar_parallel_for(0, 300, busy, NULL, PPAR_OPTIONS(.threads = 3, .name = "shaken")), PPAR_OK);
    pp_store_relaxed(&pp_environment_modes, modes);
    read_recorded(&r);
    construct = recorded_construct(&r, PP_CONSTRUCT_LOOP, "shaken");
    cr_assert_eq(count_open(&r, construct->what.number), 0);
    forget_recorded(&r);
  }
}

static void nested_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  cr_assert_eq(ppar_parallel_for(0, 3, body, arg, PPAR_OPTIONS(.threads = 2)), PPAR_OK);
  ppar_for_each_index(i, chunk) *(double *)accumulator += 0.1 * (double)i;
}

/* The serial runs of a check are none of the program's: only what the reduce itself has begun is recorded. */
Test(trace_record, what_a_check_of_results_runs_again_is_not_recorded) {
  recorded r;
  double sum = 0;
  uint32_t modes;
  record_all();
  (void)pp_environment_get(); /* It would set the modes. */
  modes = pp_load_relaxed(&pp_environment_modes);
  pp_store_relaxed(&pp_environment_modes, modes | PP_MODE_RESULTS);
  cr_assert_eq(ppar_parallel_reduce(0, 90, nested_fold, NULL, &ppar_sum_f64, &sum,
                                    PPAR_OPTIONS(.threads = 3, .schedule = ppar_dynamic(9), .name = "checked")),
               PPAR_OK);
  pp_store_relaxed(&pp_environment_modes, modes);
  read_recorded(&r);
  cr_assert_eq(check_recorded_chunks(&r, recorded_construct(&r, PP_CONSTRUCT_REDUCE, "checked")), 10);
  cr_assert_eq(r.run->construct_count, 11);
  forget_recorded(&r);
}
