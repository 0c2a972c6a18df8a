/* SPDX-License-Identifier: MIT */
/* show_advice.c: each rule by sums that it holds for; on the borders of rules, sums that it does not. */
#include <criterion/criterion.h>
#include <string.h>

#include "../support/sites.h"
#include "show/advice.h"

static char text[512];

static const char *advice(struct sums made, int cpus) {
  pp_run_site site = site_of(1, made);
  pp_output out = pp_output_to(-1, text, sizeof text);
  pp_loss loss;
  const char *rule;
  cr_assert(pp_loss_of(&site, &loss));
  loss.cpus = cpus;
  rule = pp_advice_put(&out, &loss);
  (void)pp_output_end(&out);
  return rule;
}

#define EXPECT(rule, part, ...)                                                         \
  do {                                                                                  \
    cr_expect_str_eq(advice((struct sums){__VA_ARGS__}, 4), rule, "%s", text);          \
    cr_expect_not_null(strstr(text, part), "\"%s\" does not say \"%s\"", text, (part)); \
  } while (0)

/* A loop of 2 threads and 100 ms, in one call of 1000 iterations; what follows may change it. */
#define LOOP                                                                                                        \
  .kind = PP_CONSTRUCT_LOOP, .calls = 1, .iterations = 1000, .threads = 2, .chunks = 100, .wall = 100, .work = 100, \
  .schedule = PPAR_SCHEDULE_AUTO

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

Test(show_advice, loops_inside_of_others_are_left_serial) {
  EXPECT("inside", "a serial loop does as well", LOOP, .had = 1, .inside = 60);
  EXPECT("start", "", LOOP, .had = 1, .inside = 40, .calls = 1000);
  EXPECT("imbalance", "", LOOP, .had = 2, .inside = 60, .ending = 100);
  EXPECT("fine", "", LOOP, .kind = PP_CONSTRUCT_PRANGE, .work = 190, .inside = 100);
}

Test(show_advice, one_thread_is_said_to_be_one) {
  EXPECT("level-limit", "PPAR_MAX_ACTIVE_LEVELS", LOOP, .threads = 1, .asked = 2, .level = 1);
  EXPECT("one-thread", "PPAR_NUM_THREADS", LOOP, .threads = 1);
  EXPECT("no-more-threads", "no more could be had", LOOP, .threads = 1, .asked = 2, .fewer = 1);
  EXPECT("one-thread", "", LOOP, .calls = 10, .threads = 1, .asked = 2, .fewer = 4);
  cr_expect_str_eq(advice((struct sums){LOOP, .threads = 1}, 1), "one-thread");
  cr_expect_not_null(strstr(text, "one CPU"));
}

Test(show_advice, short_calls_are_too_little_to_share) {
  EXPECT("too-short", "Each call takes 3.00 us: too little to share. Merge the loops", LOOP, .calls = 1000, .wall = 3,
         .work = 4);
  EXPECT("too-short", "", LOOP, .calls = 10, .alone = 5, .work = 195);
  EXPECT("fine", "", LOOP, .calls = 10, .alone = 4, .work = 195);
  EXPECT("fine", "", LOOP, .calls = 1000, .wall = 3, .work = 5.9);
}

Test(show_advice, what_loses_little_is_fine) {
  EXPECT("fine", "Fine: 1.9 of 2 threads' worth.", LOOP, .work = 190);
  EXPECT("fine", "", LOOP, .work = 171);
  EXPECT("imbalance", "", LOOP, .work = 169, .ending = 31);
}

Test(show_advice, threads_beyond_the_cpus_are_named) {
  EXPECT("too-many-threads", "8 threads share 4 CPUs", LOOP, .threads = 8);
  EXPECT("imbalance", "", LOOP, .threads = 4, .ending = 300);
  cr_expect_str_eq(advice((struct sums){LOOP, .threads = 8, .ending = 700}, 0), "imbalance",
                   "nothing is known of CPUs");
}

Test(show_advice, waits_are_told_apart) {
  EXPECT("critical", "Threads wait 40 % of their time for critical sections: use a reduction", LOOP, .waited = 90,
         .at_critical = 80);
  EXPECT("ordered", "45 %", LOOP, .waited = 90, .at_turn = 90);
  EXPECT("barrier", "nowait", LOOP, .kind = PP_CONSTRUCT_REGION, .waited = 100, .at_barrier = 60);
  EXPECT("waiting", "50 %", LOOP, .waited = 100, .at_barrier = 40);
}

Test(show_advice, imbalance_is_told_apart) {
  EXPECT("few-iterations", "3 iterations are few for 2 threads", LOOP, .iterations = 3, .ending = 90);
  EXPECT("static", "wait 45 % of the time for the last one. Iterations differ", LOOP, .ending = 90,
         .schedule = PPAR_SCHEDULE_STATIC);
  EXPECT("large-chunks", "a thread has 2 chunks a call", LOOP, .ending = 90, .chunks = 4,
         .schedule = PPAR_SCHEDULE_DYNAMIC, .chunk = 250);
  EXPECT("few-tasks", "For 50 % of the time threads had no task", LOOP, .kind = PP_CONSTRUCT_TASKS);
  EXPECT("uneven-region", "more evenly", LOOP, .kind = PP_CONSTRUCT_REGION, .ending = 90);
  EXPECT("imbalance", "the last iterations are long", LOOP, .ending = 90);
}

Test(show_advice, tasks_below_a_size_are_too_small) {
  EXPECT("small-tasks", "A task takes 1.00 us", LOOP, .kind = PP_CONSTRUCT_TASKS, .chunks = 100000);
  EXPECT("small-tasks", "", LOOP, .kind = PP_CONSTRUCT_TASKS, .chunks = 100000, .waited = 90);
  EXPECT("fine", "", LOOP, .kind = PP_CONSTRUCT_TASKS, .chunks = 100000, .work = 190);
}

/* Of OpenMP's, each of which is a call on one thread. */
#define TASK LOOP, .kind = PP_CONSTRUCT_TASK, .threads = 1, .schedule = -1

Test(show_advice, tasks_that_are_run_at_once_are_a_part_of_those_that_are_not) {
  EXPECT("small-tasks", "A task takes 1.00 us, about", TASK, .calls = 100000, .chunks = 100000);
  EXPECT("tasks", "most of them are run at once by their makers, and of the others each takes 100 us with", TASK,
         .calls = 100000, .chunks = 100000, .at_once = 99000);
  EXPECT("small-tasks", "A task takes 1.67 us with those in it that are run at once, about", TASK, .calls = 100000,
         .chunks = 100000, .at_once = 40000);
  EXPECT("tasks", "all of them are run at once", TASK, .calls = 100000, .chunks = 100000, .at_once = 100000);
  EXPECT("tasks", "each takes 100 us", TASK, .calls = 1000, .chunks = 1000, .at_once = 10);
}

Test(show_advice, late_threads_are_told_apart) {
  EXPECT("held-up", "of 100 ms 45.0 ms are gone", LOOP, .start = 90);
  EXPECT("start", "of 100 us a call 45.0 us are gone before they work. Pranges", LOOP, .calls = 1000, .start = 90);
  EXPECT("start", "longer regions", LOOP, .kind = PP_CONSTRUCT_REGION, .calls = 1000, .start = 90);
}

Test(show_advice, overhead_is_that_of_small_chunks_or_not) {
  EXPECT("small-chunks", "A chunk takes 1.00 us, and taking it 1.00 us", LOOP, .chunks = 100000,
         .schedule = PPAR_SCHEDULE_DYNAMIC, .chunk = 1);
  EXPECT("overhead", "50 % of the time are between chunks", LOOP);
}

#pragma GCC diagnostic pop
