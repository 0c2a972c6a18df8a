/* SPDX-License-Identifier: MIT */
/* show_report.c: the report's lines, for people and for programs. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../support/sites.h"
#include "show/report_json.h"

enum { SITES = 64 };

static char text[1 << 16];
static pp_run_site sites[SITES];
static pp_arena arena;
static pp_run run = {.arena = &arena, .sites = sites, .end = 4000000000};
static pp_report_facts facts = {.cpus = 2, .affinity = 4, .machine = 8, .quota = 1.5};

static void add(struct sums made) {
  if (run.site_count == 0) sites[run.site_count++] = site_of(0, (struct sums){.threads = 1, .where = "others"});
  sites[run.site_count] = site_of(run.site_count, made);
  run.site_count++;
}

static void report(int columns) {
  pp_output out = pp_output_to(-1, text, sizeof text);
  pp_report_write_of(&run, &facts, &out, columns);
  cr_assert(pp_output_end(&out) && out.used < sizeof text);
}

static void add_some(void) {
  add((struct sums){.kind = PP_CONSTRUCT_LOOP,
                    .where = "heat.c:31 in step",
                    .calls = 100,
                    .iterations = 100000,
                    .threads = 2,
                    .chunks = 200,
                    .wall = 2000,
                    .work = 2600,
                    .ending = 1300,
                    .schedule = 1});
  add((struct sums){.kind = PP_CONSTRUCT_REDUCE,
                    .where = "a_file_of_a_long_name.c:1234 in a_function_of_a_long_name",
                    .name = "norm",
                    .calls = 12345678,
                    .iterations = 1234567800,
                    .threads = 2,
                    .chunks = 200,
                    .wall = 1200,
                    .work = 2300,
                    .schedule = 2,
                    .chunk = 1000,
                    .asked = 8,
                    .fewer = 3,
                    .alone = 7});
  add((struct sums){.kind = PP_CONSTRUCT_LOOP,
                    .where = "init.c:1 in init",
                    .calls = 1,
                    .iterations = 10,
                    .threads = 2,
                    .chunks = 2,
                    .wall = 1,
                    .work = 1});
}

static void no_line_is_longer_than(int columns) {
  for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
    if ((int)strcspn(line, "\n") > columns) cr_assert_fail("%.*s", (int)strcspn(line, "\n"), line);
  }
}

static void says(const char *part) { cr_expect_not_null(strstr(text, part), "\"%s\" is not in\n%s", part, text); }

Test(show_report, begins_with_the_sum) {
  add_some();
  report(80);
  says("ppar: 3 places, 3.20 s in loops, regions and tasks, of which 751 ms could be");
  says("the run took 4.00 s");
  says("2 CPUs: quota of 1.5 CPUs, of the machine's 8");
}

Test(show_report, fits_any_width_from_80_on) {
  add_some();
  for (int columns = 80; columns <= 200; columns++) {
    report(columns);
    no_line_is_longer_than(columns);
  }
  report(20);
  no_line_is_longer_than(80);
}

Test(show_report, a_place_has_its_numbers_below_the_head_and_a_sentence) {
  add_some();
  report(80);
  says("   calls     wall     work speedup |   start  imbal. waiting overhead |    lost\n");
  says(
      "loop heat.c:31 in step\n"
      "     100   2000.0   2600.0    1.30 |     0.0   650.0     0.0     50.0 |   700.0\n"
      "    1000 iterations a call; schedule static; 2 threads\n"
      " -> Imbalance: threads that are done wait 33 % of the time for the last one.\n");
  says("reduce \"norm\" at a_file_of_a_long_name.c:1234 in a_function_of_a_long_name\n");
  says(
      "    100 iterations a call; schedule dynamic,1000; 2 of 8 threads asked for: no\n"
      "    more could be had; 7 of 12345678 calls ran alone: too short\n");
  says("     12M");
}

Test(show_report, in_wide_ones_the_place_is_in_front) {
  add_some();
  report(160);
  says("loop heat.c:31 in step                        100   2000.0   2600.0    1.30 |");
}

Test(show_report, places_that_matter_little_are_summed_up) {
  add_some();
  report(80);
  cr_expect_null(strstr(text, "init.c"), "%s", text);
  says("1 other place matters little: 1.00 ms, of which 500 us could be gained\n");
}

Test(show_report, many_places_end_in_a_line) {
  for (int k = 0; k < 60; k++)
    add((struct sums){.kind = PP_CONSTRUCT_LOOP,
                      .where = "many.c",
                      .calls = 1,
                      .iterations = 1000,
                      .threads = 2,
                      .chunks = 100,
                      .wall = 10,
                      .work = 10,
                      .ending = 10,
                      .schedule = 0});
  report(80);
  says("20 other places matter little: 200 ms in all, of which 100 ms could be gained");
}

Test(show_report, says_what_it_does_not_know) {
  add_some();
  run.signal = 15;
  run.lost_threads = 3;
  facts = (pp_report_facts){0};
  report(80);
  says("signal 15 ended it; what was going on then is not counted");
  says("3 threads are not counted");
  cr_expect_null(strstr(text, "CPU"), "%s", text);
  facts = pp_report_look(&run);
  cr_expect_eq(facts.cpus, 0, "a signal's handler reads no files");
}

Test(show_report, of_no_calls_says_that) {
  report(80);
  says("ppar: 0 places");
}

Test(show_report, the_processes_own_facts_can_be_looked_up) {
  facts = pp_report_look(&run);
  cr_expect_geq(facts.cpus, 1);
  cr_expect_leq(facts.cpus, facts.affinity);
}

Test(show_report, json_has_all_of_a_place) {
  pp_output out = pp_output_to(-1, text, sizeof text);
  add_some();
  sites[1].where = "a \"file\".c:1";
  pp_report_write_json_of(&run, &facts, &out);
  cr_assert(pp_output_end(&out));
  says("\"cpus\": {\"usable\": 2, \"affinity\": 4, \"machine\": 8, \"quota\": 1.500}");
  says("\"where\": \"a \\\"file\\\".c:1\"");
  says("\"imbalance_ms\": 650.000000");
  says("\"schedule\": \"dynamic,1000\"");
  says("\"advice_rule\": \"static\"");
}
