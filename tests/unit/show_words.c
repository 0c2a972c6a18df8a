/* SPDX-License-Identifier: MIT */
/* show_words.c: which sentence is told of which run: the rules W1 ... W15 of show/words.h. */
#include "show/words.h"

#include <criterion/criterion.h>

#include "../support/runs.h"

TestSuite(show_words);

enum { LENGTH = 100000 }; /* ns, of each construct here */

static char text[1024];

/* What is told of the run's first construct. Frees the run. */
static const char *tell(struct runs *made) {
  const pp_run *run = runs_finish(made);
  pp_output out = pp_output_to(-1, text, sizeof text);
  pp_rows rows;
  cr_assert(pp_rows_make(&rows, run, pp_run_find(run, 1), 60, NULL, 0));
  pp_put_words(&out, &rows);
  cr_assert(pp_output_end(&out));
  runs_free(made);
  return text;
}

/* A construct from 0 to LENGTH on two threads, so far without events. */
static struct runs *begin(pp_construct_kind kind, pp_construct what) {
  static const char *const names[] = {"main", "ppar-1", "ppar-2", "ppar-3"};
  struct runs *made = runs_new();
  for (int32_t t = 0; t < 4; t++) (void)runs_thread(made, names[t], t - 1);
  (void)runs_site(made, kind, "a.c:1 in main", NULL);
  if (what.slots == 0) what.slots = 2;
  what.end = LENGTH;
  what.schedule_kind = PPAR_SCHEDULE_STATIC;
  what.count = 100;
  (void)runs_construct(made, 0, 0, what);
  return made;
}

/* One chunk of 10 iterations in so many microseconds. */
static void work(struct runs *made, uint32_t thread, uint64_t begin, uint64_t end) {
  runs_chunk(made, thread, 1, thread, begin * 1000, end * 1000, 10 * thread, 10);
}

static void wait_in(struct runs *made, uint32_t thread, pp_event_kind kind, uint64_t begin, uint64_t end) {
  runs_span(made, thread, 1, thread, kind, begin * 1000, end * 1000);
}

static void member(struct runs *made, uint32_t thread, uint64_t begin, uint64_t end) {
  wait_in(made, thread, PP_EVENT_MEMBER, begin, end);
}

/* --- In place of a judgement ---------------------------------------------------------------------------------- */

Test(show_words, w1_what_threads_were_in_the_middle_of) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 4, .step = 1});
  made->run.constructs[0].has_ended = false;
  for (uint32_t t = 0; t < 4; t++) {
    runs_event(made, t,
               (pp_event){.begin = 10,
                          .first = 10 * t,
                          .count = t == 0 ? 1 : 5,
                          .construct = 1,
                          .slot = (uint16_t)t,
                          .kind = PP_EVENT_CHUNK,
                          .flags = t == 2 ? PP_EVENT_OPEN | PP_EVENT_STRIDED : PP_EVENT_OPEN});
  }
  cr_expect_str_eq(
      tell(made),
      "static: had not ended when the program did: thread 0 was in iteration 0, thread 1 was in iterations "
      "10 to 14, thread 2 was in iterations 20 to 36, and 1 more thread was in it.");
}

Test(show_words, w1_what_a_thread_that_sleeps_is_waiting_for) {
  struct runs *made = begin(PP_CONSTRUCT_REGION, (pp_construct){0});
  const pp_event_kind kinds[] = {PP_EVENT_MEMBER, PP_EVENT_BARRIER, PP_EVENT_PARK};
  made->run.constructs[0].has_ended = false;
  for (uint64_t k = 0; k < 3; k++)
    runs_event(made, 0, (pp_event){.begin = 10 * k, .construct = 1, .kind = (uint8_t)kinds[k], .flags = PP_EVENT_OPEN});
  cr_expect_str_eq(tell(made), "region: had not ended when the program did: thread 0 waited at a barrier.");
}

Test(show_words, w2_what_is_not_known_is_not_judged) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 2});
  made->run.constructs[0].is_complete = false;
  work(made, 0, 0, 10);
  work(made, 1, 0, 100);
  cr_expect_str_eq(tell(made),
                   "static: a part of what the threads did is no longer known, so gaps may have been work.");
}

Test(show_words, w3_short_loops_are_run_alone) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.how = PP_HOW_ALONE});
  work(made, 0, 0, 100);
  cr_expect_str_eq(tell(made), "static: ran on its caller alone, since it is too short to share.");
}

Test(show_words, w4_why_there_is_one_thread) {
  static const struct {
    uint32_t how;
    const char *text;
  } cases[] = {
      {0, "region: one thread did it all."},
      {PP_HOW_LEVEL_LIMIT,
       "region: one thread did it all, since it is inside of as many regions as PPAR_MAX_ACTIVE_LEVELS "
       "allows."},
      {PP_HOW_ONE_PART, "region: one thread did it all, since there was just one part."},
      {PP_HOW_FEWER, "region: one thread did it all, since there were no others, where 4 were asked for."},
  };
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    struct runs *made = begin(PP_CONSTRUCT_REGION, (pp_construct){.slots = 1, .asked = 4, .how = cases[c].how});
    member(made, 0, 0, 100);
    cr_expect_str_eq(tell(made), cases[c].text);
  }
}

/* --- Losses --------------------------------------------------------------------------------------------------- */

Test(show_words, w5_who_waited_at_the_end_and_for_whom) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 62);
  work(made, 1, 0, 100);
  cr_expect_str_eq(tell(made), "static: thread 0 waited 38 % of the loop for thread 1.");
}

Test(show_words, w5_several_that_waited) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 3});
  work(made, 0, 0, 70);
  work(made, 1, 0, 100);
  work(made, 2, 0, 80);
  cr_expect_str_eq(tell(made), "static: 2 threads waited for thread 1, thread 0 longest: 30 % of the loop.");
}

Test(show_words, w5_nobody_waits_for_itself) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 50);
  work(made, 1, 0, 80);
  cr_expect_str_eq(tell(made),
                   "static: thread 0 waited 30 % of the loop for thread 1, and the loop went on for another 20 %.");
  made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 75);
  work(made, 1, 0, 80);
  cr_expect_str_eq(tell(made), "static: the loop went on for another 20 % after the last of the work.");
}

Test(show_words, w5_a_long_last_chunk_is_named) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  for (uint64_t k = 0; k < 3; k++) work(made, 0, 20 * k, 20 * k + 20);
  for (uint64_t k = 0; k < 4; k++) work(made, 1, 25 * k, 25 * k + 25);
  cr_expect_str_eq(tell(made),
                   "static: thread 0 waited 40 % of the loop for thread 1, whose last chunk alone took 25 %.");
}

Test(show_words, w5_of_several_that_waited_the_long_chunk_has_its_threads_name) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 3});
  for (uint64_t k = 0; k < 3; k++) work(made, 0, 20 * k, 20 * k + 20);
  for (uint64_t k = 0; k < 4; k++) work(made, 1, 25 * k, 25 * k + 25);
  for (uint64_t k = 0; k < 3; k++) work(made, 2, 22 * k, 22 * k + 22);
  cr_expect_str_eq(tell(made),
                   "static: 2 threads waited for thread 1, thread 0 longest: 40 % of the loop; the last chunk of "
                   "thread 1 alone took 25 %.");
}

Test(show_words, w6_who_began_late) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 100);
  work(made, 1, 20, 100);
  cr_expect_str_eq(tell(made), "static: thread 1 began only after 20 % of the loop.");
  made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 3});
  work(made, 0, 0, 100);
  work(made, 1, 20, 100);
  work(made, 2, 10, 100);
  cr_expect_str_eq(tell(made), "static: 2 threads began late, thread 1 last: after 20 % of the loop.");
}

Test(show_words, w7_to_w10_each_wait_has_its_name) {
  static const struct {
    pp_event_kind kind;
    const char *text;
  } cases[] = {
      {PP_EVENT_CRITICAL_WAIT, "static: thread 1 waited 30 % of the loop for critical sections."},
      {PP_EVENT_BARRIER, "static: thread 1 waited 30 % of the loop at barriers."},
      {PP_EVENT_ORDERED_WAIT, "static: thread 1 waited 30 % of the loop for its turn."},
      {PP_EVENT_WAIT, "static: thread 1 waited 30 % of the loop for what was begun inside."},
      {PP_EVENT_PARK, "static: thread 1 waited 30 % of the loop for what was begun inside."},
  };
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
    work(made, 0, 0, 100);
    work(made, 1, 0, 100);
    wait_in(made, 0, cases[c].kind, 10, 15);
    wait_in(made, 1, cases[c].kind, 20, 50);
    cr_expect_str_eq(tell(made), cases[c].text);
  }
}

Test(show_words, w7_to_w13_of_several_threads) {
  static const struct {
    pp_event_kind kind;
    const char *text;
  } cases[] = {
      {PP_EVENT_CRITICAL_WAIT, "static: 2 threads waited for critical sections, thread 1 longest: 30 % of the loop."},
      {PP_EVENT_BARRIER, "static: 2 threads waited at barriers, thread 1 longest: 30 % of the loop."},
      {PP_EVENT_ORDERED_WAIT, "static: 2 threads waited for their turns, thread 1 longest: 30 % of the loop."},
      {PP_EVENT_WAIT, "static: 2 threads waited for what was begun inside, thread 1 longest: 30 % of the loop."},
      {PP_EVENT_CHUNK, "static: 2 threads worked elsewhere, thread 1 longest: 30 % of the loop."},
  };
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
    (void)runs_site(made, PP_CONSTRUCT_LOOP, "b.c:1 in main", NULL);
    for (uint32_t t = 0; t < 2; t++) {
      uint64_t end = t == 0 ? 40 : 50;
      if (cases[c].kind == PP_EVENT_CHUNK) { /* Between two chunks of its own. */
        work(made, t, 0, 20);
        runs_chunk(made, t, 2, t, 20000, 1000 * end, 0, 1);
        work(made, t, end, 100);
      } else {
        work(made, t, 0, 100);
        wait_in(made, t, cases[c].kind, 20, end);
      }
    }
    cr_expect_str_eq(tell(made), cases[c].text);
  }
}

Test(show_words, waits_count_as_themselves_though_the_thread_sleeps_in_them) {
  struct runs *made = begin(PP_CONSTRUCT_REGION, (pp_construct){0});
  member(made, 0, 0, 100);
  member(made, 1, 0, 100);
  wait_in(made, 0, PP_EVENT_BARRIER, 20, 60);
  wait_in(made, 0, PP_EVENT_PARK, 25, 59);
  cr_expect_str_eq(tell(made), "region: thread 0 waited 40 % of the region at barriers.");
}

Test(show_words, the_two_that_cost_most_are_told_the_costliest_first) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 100);
  work(made, 1, 15, 80);
  wait_in(made, 0, PP_EVENT_CRITICAL_WAIT, 40, 52);
  cr_expect_str_eq(
      tell(made), "static: thread 1 waited 20 % of the loop for thread 0; thread 1 began only after 15 % of the loop.");
}

Test(show_words, w11_short_chunks) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  for (uint64_t k = 0; k < 50; k++) {
    work(made, 0, 2 * k, 2 * k + 1);
    work(made, 1, 2 * k, 2 * k + 1);
  }
  member(made, 0, 0, 100);
  member(made, 1, 0, 100);
  cr_expect_str_eq(tell(made), "static: the threads spent 49 % of their time between chunks, which took 1.00 us each.");
}

Test(show_words, w11_chunks_so_short_that_recording_them_takes_time) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  for (uint64_t k = 0; k < 100; k++) {
    runs_chunk(made, 0, 1, 0, 1000 * k, 1000 * k + 300, k, 1);
    runs_chunk(made, 1, 1, 1, 1000 * k, 1000 * k + 300, k, 1);
  }
  cr_expect_str_eq(tell(made),
                   "static: the threads spent 69 % of their time between chunks, which took 300 ns each; "
                   "recording them is a part of that.");
}

Test(show_words, w12_costs_that_differ) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  runs_chunk(made, 0, 1, 0, 0, 60000, 0, 60);
  runs_chunk(made, 1, 1, 1, 0, LENGTH, 60, 2);
  cr_expect_str_eq(tell(made), "static: thread 0 waited 40 % of the loop for thread 1; iterations differ 17x.");
  made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  runs_chunk(made, 0, 1, 0, 0, LENGTH, 0, 80);
  runs_chunk(made, 1, 1, 1, 0, 99000, 80, 20);
  cr_expect_str_eq(
      tell(made),
      "static: balanced, although iterations differ 4.0x: each thread worked for at least 99 % of the loop.");
}

Test(show_words, w13_work_for_something_else) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  (void)runs_site(made, PP_CONSTRUCT_LOOP, "b.c:1 in main", NULL);
  work(made, 0, 0, 100);
  work(made, 1, 0, 40);
  work(made, 1, 70, 100);
  runs_chunk(made, 1, 2, 1, 40000, 70000, 0, 1);
  cr_expect_str_eq(tell(made), "static: thread 1 worked elsewhere for 30 % of the loop.");
  made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  for (uint32_t t = 0; t < 2; t++) {
    work(made, t, 0, 40);
    work(made, t, 60 + 10 * t, 100);
    runs_chunk(made, t, 2, t, 40000, 60000 + 10000 * t, 0, 1);
  }
  cr_expect_str_eq(tell(made), "static: 2 threads worked elsewhere, thread 1 longest: 30 % of the loop.");
}

Test(show_words, w14_threads_that_did_not_come) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){.slots = 4});
  work(made, 0, 0, 100);
  work(made, 1, 0, 100);
  cr_expect_str_eq(tell(made), "static: 2 of 4 threads came and did the work of all.");
  made = begin(PP_CONSTRUCT_TASKS, (pp_construct){.slots = 4});
  wait_in(made, 0, PP_EVENT_TASK, 0, 100);
  cr_expect_str_eq(tell(made), "task group: no other thread came to run tasks.");
}

Test(show_words, w15_balance) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 100);
  work(made, 1, 3, 97);
  cr_expect_str_eq(tell(made), "static: balanced: each thread worked for at least 94 % of the loop.");
  made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  work(made, 0, 0, 100);
  work(made, 1, 0, 100);
  cr_expect_str_eq(tell(made), "static: balanced: each thread worked for all of the loop.");
}

/* --- What is work, and what is waiting ------------------------------------------------------------------------- */

Test(show_words, a_loop_inside_of_a_chunk_is_its_work) {
  struct runs *made = begin(PP_CONSTRUCT_LOOP, (pp_construct){0});
  (void)runs_site(made, PP_CONSTRUCT_LOOP, "b.c:1 in main", NULL);
  work(made, 0, 0, 100);
  work(made, 1, 0, 100);
  runs_chunk(made, 0, 2, 0, 10000, 90000, 0, 1);
  cr_expect_str_eq(tell(made), "static: balanced: each thread worked for all of the loop.");
}

Test(show_words, who_begins_a_task_group_works_until_it_waits) {
  struct runs *made = begin(PP_CONSTRUCT_TASKS, (pp_construct){0});
  runs_event(made, 0, (pp_event){.begin = 60000, .end = LENGTH, .first = 1, .kind = PP_EVENT_WAIT});
  wait_in(made, 1, PP_EVENT_TASK, 0, 100);
  cr_expect_str_eq(tell(made), "task group: thread 0 waited 40 % of the time for thread 1.");
}
