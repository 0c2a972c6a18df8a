/* SPDX-License-Identifier: MIT */
/* show_picture.c: pictures of runs that were made by hand, line by line. */
#include "show/picture.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "../support/runs.h"

TestSuite(show_picture);

enum { TEXT_SIZE = 1 << 16 };

static char text[TEXT_SIZE];

/* Writes the picture into text, and frees the run. */
static const char *draw_in(struct runs *made, int columns, bool colors) {
  pp_output out = pp_output_to(-1, text, sizeof text);
  pp_picture_write(runs_finish(made), &out, &(pp_show_style){.columns = columns, .colors = colors});
  cr_assert(pp_output_end(&out));
  runs_free(made);
  return text;
}

static const char *draw(struct runs *made, int columns) { return draw_in(made, columns, false); }

/* Shows where the texts differ, and not just that they do. */
static void expect_text(const char *got, const char *wanted) {
  size_t same = 0, line = 1, from = 0;
  for (; got[same] == wanted[same] && got[same] != '\0'; same++) {
    if (got[same] != '\n') continue;
    line++;
    from = same + 1;
  }
  if (got[same] == wanted[same]) return;
  cr_expect(false, "line %zu is\n%.*s\nand should be\n%.*s\nall of it:\n%s", line, (int)strcspn(got + from, "\n"),
            got + from, (int)strcspn(wanted + from, "\n"), wanted + from, got);
}

/* --- Runs ----------------------------------------------------------------------------------------------------- */

static uint64_t rising(uint64_t i) { return 1000 + 400 * i; }
static uint64_t equal(uint64_t i) { return i < UINT64_MAX ? 10000 : 0; }
static uint64_t brief(uint64_t i) { return i < UINT64_MAX ? 300 : 0; }

static const char *name_of(uint32_t worker) {
  static char names[RUNS_THREADS][16];
  snprintf(names[worker], sizeof names[worker], "ppar-%u", worker);
  return names[worker];
}

static struct runs *run_of(uint32_t threads) {
  struct runs *made = runs_new();
  (void)runs_thread(made, "main", -1);
  for (uint32_t t = 1; t < threads; t++) (void)runs_thread(made, name_of(t), (int32_t)t - 1);
  return made;
}

static struct runs *loop_of(ppar_schedule schedule, uint32_t slots, uint64_t count, uint64_t (*cost)(uint64_t)) {
  struct runs *made = run_of(slots);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "triangle.c:42 in main", NULL);
  (void)runs_loop(made, &(runs_shared){.site = site,
                                       .slots = slots,
                                       .schedule = schedule,
                                       .count = count,
                                       .cost = cost,
                                       .begin = 50,
                                       .late = 3000,
                                       .take = 100});
  return made;
}

static bool says(const char *what) { return strstr(text, what) != NULL; }

/* Two threads that meet at barriers, of which the first has less to do, and one waits for a section. */
static struct runs *region_of(void) {
  struct runs *made = run_of(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_REGION, "heat.c:88 in step", NULL);
  uint32_t region = runs_construct(made, site, 0, (pp_construct){.slots = 2, .begin = 100, .end = 101000});
  runs_span(made, 0, region, 0, PP_EVENT_MEMBER, 200, 101000);
  runs_span(made, 1, region, 1, PP_EVENT_MEMBER, 5200, 100000);
  for (uint64_t end = 25000; end <= 100000; end += 25000) {
    runs_span(made, 0, region, 0, PP_EVENT_BARRIER, end - 9000, end);
    runs_span(made, 1, region, 1, PP_EVENT_BARRIER, end - 500, end);
  }
  runs_span(made, 1, region, 1, PP_EVENT_CRITICAL_WAIT, 60000, 65000);
  return made;
}

/* The owner spawns for a while, runs some tasks, and waits; another thread steals, and a third sleeps long. */
static struct runs *tasks_of(void) {
  struct runs *made = run_of(3);
  uint32_t site = runs_site(made, PP_CONSTRUCT_TASKS, "tree.c:30 in walk", "tree");
  uint32_t group = runs_construct(made, site, 0, (pp_construct){.slots = 3, .begin = 0, .end = 100000, .count = 16});
  for (uint64_t k = 0; k < 16; k++) {
    uint32_t thread = k % 2 == 0 ? 0 : k < 11 ? 1 : 2;
    uint64_t begin = 10000 + 5000 * k;
    runs_event(made, thread,
               (pp_event){.begin = begin,
                          .end = begin + 8000,
                          .construct = group,
                          .slot = (uint16_t)thread,
                          .kind = PP_EVENT_TASK,
                          .flags = thread != 0 ? PP_EVENT_STOLEN : 0});
    if (thread != 0) runs_span(made, thread, group, thread, PP_EVENT_STEAL, begin, begin);
  }
  runs_event(made, 0, (pp_event){.begin = 9000, .end = 100000, .first = group, .kind = PP_EVENT_WAIT});
  runs_span(made, 2, 0, 2, PP_EVENT_PARK, 500, 60000);
  return made;
}

/* --- Schedules ------------------------------------------------------------------------------------------------ */

Test(show_picture, static_shows_a_block_for_each_thread) {
  expect_text(draw(loop_of(ppar_static(0), 2, 16, rising), 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static: 16 iterations, 2 threads, 47.9 us\n"
              "thread      0 us         10          20           30           40           busy\n"
              "0 main     |#########################....................................|  40 %\n"
              "1 ppar-1   |    #########################################################|  94 %\n"
              "iterations |000000000000000000000000111111111111111111111111|\n"
              "            0     2     4     6     8     10    12    14 15\n"
              "  static: thread 0 waited 60 % of the loop for thread 1; iterations differ 2.3x.\n"
              "\n"
              "  #  works   .  waits for others   blank  has not come yet\n");
}

Test(show_picture, small_chunks_are_dealt_in_turn) {
  expect_text(draw(loop_of(ppar_static(4), 4, 64, rising), 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static,4: 64 iterations, 4 threads, 265 us\n"
              "thread      0 us       50          100        150         200        250    busy\n"
              "0 main     |#%=======#############===================....................|  68 %\n"
              "1 ppar-1   | ###=========##############=====================.............|  77 %\n"
              "2 ppar-2   | #####==========################======================.......|  87 %\n"
              "3 ppar-3   |  ######============#################========================|  96 %\n"
              "iterations |00001111222233330000111122223333|\n"
              "            0    5    10   15   20   25   31\n"
              "           |00001111222233330000111122223333|\n"
              "            32   37   42   47   52   57   63\n"
              "  static,4: 3 threads waited for thread 3, thread 0 longest: 32 % of the loop;\n"
              "  iterations differ 11x.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task\n"
              "  %  works, in short chunks or tasks   .  waits for others\n"
              "  blank  has not come yet\n");
}

Test(show_picture, the_first_of_many_iterations_are_shown_singly_where_cells_would_mix_threads) {
  expect_text(draw(loop_of(ppar_static(4), 4, 1000, rising), 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static,4: 1000 iterations, 4 threads, 50.8 ms\n"
              "thread      0 ms        10          20          30          40              busy\n"
              "0 main     |%%%%%%%%%%%%%%%%%%%%%%#%%%%#%%%=%%=%%=##=##=##==#==##==##==##|  99 %\n"
              "1 ppar-1   |%%%%%%%%%%%%%%%%%%%%#%%%%%=%%%#%%%=%%=##==#==#==##==##=##==##| 100 %\n"
              "2 ppar-2   |%%%%%%%%%%%%%%%%%=%%%%%%%#%%%=%%%#%%#==#==##=##==#==##==##==.|  98 %\n"
              "3 ppar-3   |%%%%%%%%%%%%%%%%%%%%%%%%=%%%#%%%=%%=##=##=##==#==##==#==##==.|  98 %\n"
              "iterations |*************************************************************|\n"
              "            0     100   200   300   400    500   600   700   800      999\n"
              "first 61   |0000111122223333000011112222333300001111222233330000111122223|\n"
              "            0    5    10   15   20   25   30   35   40   45   50   55  60\n"
              "  static,4: balanced, although iterations differ 18x: each thread worked for at\n"
              "  least 98 % of the loop.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task\n"
              "  %  works, in short chunks or tasks   .  waits for others\n"
              "  *  several threads by turns\n");
}

Test(show_picture, dynamic_gives_chunks_to_whoever_is_free) {
  expect_text(draw(loop_of(ppar_dynamic(2), 2, 24, rising), 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  dynamic,2: 24 iterations, 2 threads, 75.1 us\n"
              "thread      0 us    10      20      30      40       50      60      70     busy\n"
              "0 main     |##===######=========###########==============################|  99 %\n"
              "1 ppar-1   |   ####=======##########=============###############.........|  80 %\n"
              "iterations |000000001111000011110000111100001111000011110000|\n"
              "            0   2   4   6   8   10  12  14  16  18  20    23\n"
              "  dynamic,2: thread 1 waited 15 % of the loop for thread 0; iterations differ\n"
              "  7.3x.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task   .  waits for others\n"
              "  blank  has not come yet\n");
}

Test(show_picture, guided_gives_ever_smaller_chunks) {
  expect_text(draw(loop_of(ppar_guided(0), 3, 1000, equal), 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  guided: 1000 iterations, 3 threads, 3.34 ms\n"
              "thread      0 ms     0.5      1.0      1.5       2.0      2.5      3.0      busy\n"
              "0 main     |#############################################################| 100 %\n"
              "1 ppar-1   |#########################################============#####==%| 100 %\n"
              "2 ppar-2   |###########################==================########====##%%| 100 %\n"
              "iterations |000000000000000000001111111111111122222222222222211112221221*|\n"
              "            0     100   200   300   400    500   600   700   800      999\n"
              "  guided: balanced: each thread worked for all of the loop.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task\n"
              "  %  works, in short chunks or tasks   *  several threads by turns\n");
}

Test(show_picture, a_wide_terminal_has_more_slices) {
  expect_text(draw(loop_of(ppar_static(0), 2, 1000, rising), 160),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static: 1000 iterations, 2 threads, 150 ms\n"
              "thread      0 ms     10        20       30       40        50       60        70       80       90      "
              "  100      110      120       130      140          busy\n"
              "0 main     "
              "|###############################################........................................................"
              "......................................|  34 %\n"
              "1 ppar-1   "
              "|#######################################################################################################"
              "######################################| 100 %\n"
              "iterations "
              "|0000000000000000000000000000000000000000000000000000000000000000000000011111111111111111111111111111111"
              "11111111111111111111111111111111111111|\n"
              "            0      50     100    150    200    250    300    350    400    450     500    550    600    "
              "650    700    750    800    850    900    950 999\n"
              "  static: thread 0 waited 66 % of the loop for thread 1; iterations differ 3.0x.\n"
              "\n"
              "  #  works   .  waits for others\n");
}

Test(show_picture, a_narrow_one_leaves_numbers_out) {
  expect_text(draw(loop_of(ppar_static(0), 2, 1000, rising), 40),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static: 1000 iterations, 2 threads,\n"
              "  150 ms\n"
              "          0 ms      50       100\n"
              "0 main   |##########...................|\n"
              "1 ppar-1 |#############################|\n"
              "iterat.  |00000000000000011111111111111|\n"
              "          0     200   400  600      999\n"
              "  static: thread 0 waited 66 % of the\n"
              "  loop for thread 1; iterations differ\n"
              "  3.0x.\n"
              "\n"
              "  #  works   .  waits for others\n");
}

/* --- Regions and tasks ---------------------------------------------------------------------------------------- */

Test(show_picture, barriers_divide_a_region) {
  expect_text(draw(region_of(), 80),
              "ppar: what the threads did\n"
              "\n"
              "region at heat.c:88 in step\n"
              "  2 threads, 101 us\n"
              "thread      0 us        20          40          60          80              busy\n"
              "0 main     |##########bbbbb==========bbbbb##########bbbbb==========bbbbb#|  64 %\n"
              "1 ppar-1   |   ############===============######ccc######===============.|  87 %\n"
              "  region: thread 0 waited 36 % of the region at barriers.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task   .  waits for others\n"
              "  c  waits for a critical section   b  waits at a barrier\n"
              "  blank  has not come yet\n");
}

/* A thread comes to its region late, does its part of a prange, and waits at the region's next barrier while the other
 * one has lost its CPU in the prange's. */
static struct runs *late_to_the_region(void) {
  struct runs *made = run_of(2);
  uint32_t region = runs_construct(made, runs_site(made, PP_CONSTRUCT_REGION, "heat.c:88 in step", NULL), 0,
                                   (pp_construct){.slots = 2, .begin = 100, .end = 101000});
  uint32_t prange = runs_construct(
      made, runs_site(made, PP_CONSTRUCT_PRANGE, "heat.c:91 in step", NULL), 0,
      (pp_construct){.slots = 2, .begin = 1000, .end = 81000, .inside = region, .count = 100, .step = 1});
  runs_span(made, 0, region, 0, PP_EVENT_MEMBER, 200, 101000);
  runs_span(made, 1, region, 1, PP_EVENT_MEMBER, 20000, 100000);
  runs_span(made, 0, prange, 0, PP_EVENT_MEMBER, 1000, 81000);
  runs_span(made, 1, prange, 1, PP_EVENT_MEMBER, 21000, 41000);
  runs_chunk(made, 0, prange, 0, 1000, 21000, 0, 50);
  runs_chunk(made, 1, prange, 1, 21000, 41000, 50, 50);
  runs_span(made, 0, prange, 0, PP_EVENT_BARRIER, 21000, 81000);
  runs_span(made, 1, region, 1, PP_EVENT_BARRIER, 41000, 90000);
  return made;
}

Test(show_picture, what_a_region_does_around_its_prange_is_no_work_elsewhere) {
  draw(late_to_the_region(), 80);
  cr_assert_not(says("elsewhere"), "%s", text);
  cr_assert(says("1 ppar-1   |               ################................"), "%s", text);
}

Test(show_picture, tasks_are_counted_with_those_that_were_stolen) {
  expect_text(draw(tasks_of(), 80),
              "ppar: what the threads did\n"
              "\n"
              "task group \"tree\" at tree.c:30 in walk\n"
              "  16 tasks, 3 threads, 100 us\n"
              "thread      0 us     20       40       60       80          busy   tasks  stolen\n"
              "0 main     |####====.####====.####====.####====.####.....|  73 %       8       0\n"
              "1 ppar-1   |      s###-s===s###-s===s###.................|  40 %       5       5\n"
              "2 ppar-2   |zzzzzzzzzzzzzzzzzzzzzzzzzzz  s###s===-s###...|  24 %       3       3\n"
              "  task group: 2 threads began late, thread 2 last: after 65 % of the time; 2\n"
              "  threads waited for thread 2, thread 1 longest: 37 % of the time.\n"
              "\n"
              "  #  works   =  works, in its next chunk or task   s  has just stolen work\n"
              "  -  looks for work   .  waits for others   z  sleeps   blank  has not come yet\n");
}

Test(show_picture, groups_in_tasks_of_the_same_place_are_one_picture) {
  struct runs *made = run_of(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_TASKS, "fib.c:30 in fib", NULL);
  uint32_t outer = runs_construct(made, site, 0, (pp_construct){.slots = 2, .begin = 0, .end = 10000, .count = 1});
  uint32_t inner = runs_construct(made, site, 1,
                                  (pp_construct){.slots = 2, .inside = outer, .begin = 2000, .end = 9000, .count = 1});
  runs_event(made, 1, (pp_event){.begin = 1000, .end = 9500, .construct = outer, .slot = 1, .kind = PP_EVENT_TASK});
  runs_event(made, 0, (pp_event){.begin = 3000, .end = 8000, .construct = inner, .kind = PP_EVENT_TASK});
  runs_event(made, 0, (pp_event){.begin = 2500, .end = 10000, .first = outer, .kind = PP_EVENT_WAIT});
  (void)draw(made, 80);
  cr_expect(says("2 tasks of 2 groups inside of each other"), "%s", text);
  cr_expect(says("0 main     |###########..=======================.........|  75 %       1       0"), "%s", text);
  cr_expect(says("1 ppar-1   |     ######################################..|  85 %       1       0"), "%s", text);
}

/* --- What is not whole ---------------------------------------------------------------------------------------- */

Test(show_picture, a_loop_that_has_not_ended_says_what_threads_were_doing) {
  struct runs *made = run_of(3);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "stuck.c:9 in main", NULL);
  uint32_t loop = runs_construct(
      made, site, 0,
      (pp_construct){.slots = 3, .begin = 0, .count = 100, .index = 1000, .step = 10, .schedule_kind = 2, .chunk = 10});
  for (uint32_t t = 0; t < 3; t++) {
    runs_event(
        made, t,
        (pp_event){
            .begin = 100, .construct = loop, .slot = (uint16_t)t, .kind = PP_EVENT_MEMBER, .flags = PP_EVENT_OPEN});
    if (t == 2) continue;
    runs_event(made, t,
               (pp_event){.begin = 200,
                          .first = 10 * t,
                          .count = 10,
                          .construct = loop,
                          .slot = (uint16_t)t,
                          .kind = PP_EVENT_CHUNK,
                          .flags = PP_EVENT_OPEN});
  }
  runs_event(
      made, 1,
      (pp_event){.begin = 500, .construct = loop, .slot = 1, .kind = PP_EVENT_CRITICAL_WAIT, .flags = PP_EVENT_OPEN});
  made->run.signal = 15;
  runs_event(made, 2, (pp_event){.begin = 1000, .end = 1000, .kind = PP_EVENT_WAKE});
  expect_text(draw(made, 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at stuck.c:9 in main\n"
              "  dynamic,10: 100 iterations, 3 threads, 1.00 us\n"
              "thread      0 us        0.2         0.4          0.6         0.8            busy\n"
              "0 main     |      ------#################################################|  80 %\n"
              "1 ppar-1   |      ------###################cccccccccccccccccccccccccccccc|  30 %\n"
              "2 ppar-2   |      .......................................................|   0 %\n"
              "iterations |0000001111111????????????????????????????????????????????????|\n"
              "            1000  1100  1200  1300  1400   1500  1600  1700  1800    1990\n"
              "  dynamic,10: had not ended when the program did: thread 0 was in iterations\n"
              "  1000 to 1090, thread 1 waited for a critical section, thread 2 was between\n"
              "  chunks.\n"
              "\n"
              "  #  works   -  looks for work   .  waits for others\n"
              "  c  waits for a critical section   blank  has not come yet\n"
              "  ?  not run, or not known by whom\n"
              "The program was ended by signal 15.\n");
}

Test(show_picture, what_was_lost_is_said) {
  struct runs *made = loop_of(ppar_static(0), 2, 16, rising);
  made->run.constructs[0].is_complete = false;
  made->counts[0] = 0; /* of the first thread nothing is left */
  made->threads[0].lost = 1200;
  made->run.lost_constructs = 1;
  made->run.lost_threads = 2;
  expect_text(draw(made, 80),
              "ppar: what the threads did\n"
              "\n"
              "loop at triangle.c:42 in main\n"
              "  static: 16 iterations, 2 threads, 47.9 us\n"
              "thread      0 us         10          20           30           40           busy\n"
              "1 ppar-1   |    #########################################################|  94 %\n"
              "iterations |????????????????????????111111111111111111111111|\n"
              "            0     2     4     6     8     10    12    14 15\n"
              "  static: a part of what the threads did is no longer known, so gaps may have\n"
              "  been work.\n"
              "\n"
              "  #  works   blank  has not come yet   ?  not run, or not known by whom\n"
              "1200 events and 1 call were replaced by later ones, for want of room\n"
              "(PPAR_TRACE_SIZE). Nothing is known of 2 threads, which were too many or had no\n"
              "memory.\n");
}

Test(show_picture, nothing_recorded_is_nothing_to_show) {
  (void)draw(run_of(1), 80);
  cr_expect_str_eq(text, "ppar: there is nothing to show: no loop, region or task group was recorded\n");
}

/* --- Many ----------------------------------------------------------------------------------------------------- */

Test(show_picture, of_many_threads_the_busiest_and_the_idlest_are_shown) {
  uint64_t lines = 0;
  (void)draw(loop_of(ppar_dynamic(8), 70, 3000, equal), 80);
  for (const char *at = text; (at = strstr(at, " ppar-")) != NULL; at++) lines++;
  cr_expect_eq(lines, 23); /* and main */
  cr_expect(says("46 more threads, which worked less than the busiest"), "%s", text);
}

Test(show_picture, threads_from_ten_on_are_letters_in_the_map) {
  (void)draw(loop_of(ppar_static(0), 70, 280, rising), 400);
  cr_expect(says("|0000111122223333444455556666777788889999aaaabbbbcccc"), "%s", text);
  cr_expect(says("XXXXYYYYZZZZ++++"), "%s", text);
  cr_expect(says("a  thread 10, A  thread 36   +  a thread above 61"), "%s", text);
}

Test(show_picture, places_that_are_left_out_are_counted) {
  struct runs *made = run_of(2);
  for (int k = 0; k < 11; k++) {
    uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "many.c:1 in main", NULL);
    (void)runs_loop(
        made, &(runs_shared){.site = site, .slots = 2, .count = 10, .cost = equal, .begin = 100000u * (unsigned)k});
  }
  (void)draw(made, 80);
  cr_expect(says("3 places that took less time are left out."), "%s", text);
}

Test(show_picture, of_several_calls_it_says_which_one_it_shows) {
  struct runs *made = run_of(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "many.c:1 in main", "sum");
  for (uint32_t k = 0; k < 5; k++)
    (void)runs_loop(made,
                    &(runs_shared){.site = site, .slots = 2, .count = 10 + k, .cost = equal, .begin = 100000u * k});
  (void)draw(made, 80);
  cr_expect(says("loop \"sum\" at many.c:1 in main\n"), "%s", text);
  cr_expect(says("; call 3 of 5 here: the one of middle\n  length\n"), "%s", text);
}

/* --- The terminal --------------------------------------------------------------------------------------------- */

static size_t longest_line(const char *from) {
  size_t longest = 0;
  for (; *from != '\0'; from += strcspn(from, "\n") + (from[strcspn(from, "\n")] == '\n')) {
    if (strcspn(from, "\n") > longest) longest = strcspn(from, "\n");
  }
  return longest;
}

Test(show_picture, no_line_is_wider_than_the_terminal) {
  const int widths[] = {40, 41, 59, 60, 61, 69, 70, 80, 132, 160, 400};
  for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
    size_t width = (size_t)widths[w];
    cr_expect_leq(longest_line(draw(loop_of(ppar_static(4), 4, 1000, rising), widths[w])), width, "%s", text);
    cr_expect_leq(longest_line(draw(loop_of(ppar_dynamic(1), 70, 300, rising), widths[w])), width, "%s", text);
    cr_expect_leq(longest_line(draw(region_of(), widths[w])), width, "%s", text);
    cr_expect_leq(longest_line(draw(tasks_of(), widths[w])), width, "%s", text);
  }
}

/* Without its escape sequences the coloured picture is the plain one. */
Test(show_picture, colors_change_no_character) {
  static char plain[TEXT_SIZE], stripped[TEXT_SIZE];
  char *to = stripped;
  strcpy(plain, draw(loop_of(ppar_static(4), 4, 64, rising), 80));
  cr_expect_null(strchr(plain, '\033'));
  (void)draw_in(loop_of(ppar_static(4), 4, 64, rising), 80, true);
  cr_expect_not_null(strchr(text, '\033'));
  for (const char *from = text; *from != '\0'; from++) {
    if (*from == '\033') {
      from = strchr(from, 'm');
    } else {
      *to++ = *from;
    }
  }
  *to = '\0';
  expect_text(stripped, plain);
}

Test(show_picture, names_do_not_reach_the_terminal_as_commands) {
  struct runs *made = run_of(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", "\033[2Jgone\n");
  (void)runs_loop(made, &(runs_shared){.site = site, .slots = 1, .count = 10, .cost = brief});
  (void)draw(made, 80);
  cr_expect(says("loop \"?[2Jgone?\" at a.c:1 in main\n"), "%s", text);
}

/* --- Whatever may have been recorded -------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state >> 33;
}

/* Events that do not fit into each other, as words of two of them in a ring that is written while it is read. */
Test(show_picture, nonsense_is_shown_somehow) {
  for (uint64_t seed = 1; seed <= 300; seed++) {
    uint64_t state = seed;
    struct runs *made = run_of(3);
    for (uint32_t k = 1; k <= 5; k++) {
      uint32_t site = runs_site(made, (pp_construct_kind)k, "a.c:1 in main", NULL);
      uint64_t begin = next_random(&state) % 1000;
      (void)runs_construct(made, site, (uint32_t)next_random(&state) % 3,
                           (pp_construct){.slots = (uint16_t)(next_random(&state) % 5),
                                          .inside = (uint32_t)next_random(&state) % 6,
                                          .begin = begin,
                                          .end = begin + next_random(&state) % 1000,
                                          .count = next_random(&state) % 200,
                                          .step = 1});
    }
    for (int k = 0; k < 200; k++) {
      uint64_t begin = next_random(&state) % 2000;
      runs_event(made, (uint32_t)next_random(&state) % 3,
                 (pp_event){.begin = begin,
                            .end = begin + next_random(&state) % 500,
                            .first = next_random(&state) % 300,
                            .count = next_random(&state) % 300,
                            .construct = (uint32_t)next_random(&state) % 8,
                            .slot = (uint16_t)(next_random(&state) % 8),
                            .kind = (uint8_t)(next_random(&state) % (PP_EVENT_KINDS + 2)),
                            .flags = (uint8_t)(next_random(&state) % 8 == 0 ? next_random(&state) % 8 : 0)});
    }
    cr_expect_leq(longest_line(draw(made, 80)), 80, "seed %d:\n%s", (int)seed, text);
  }
}
