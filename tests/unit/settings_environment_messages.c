/* SPDX-License-Identifier: MIT */
/* settings_environment_messages.c: which variable wins, what the warnings and the display say, and that no bytes
 * in a variable do worse than a warning. */
#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#include <ppar/version.h>

#include "../support/work.h"
#include "settings/environment_display.h"
#include "settings/environment_parse.h"
#include "settings_environment_reading.h"

Test(environment, ppar_wins_and_omp_is_then_not_looked_at) {
  const setting settings[] = {{"PPAR_NUM_THREADS", "3"},
                              {"OMP_NUM_THREADS", "5"},
                              {"PPAR_SCHEDULE", "guided"},
                              {"OMP_SCHEDULE", "nonsense"},
                              {"PPAR_PLACES", "cores"},
                              {"OMP_PLACES", "threads"},
                              {"PPAR_PROC_BIND", "close"},
                              {"OMP_PROC_BIND", "true"},
                              {"PPAR_MAX_ACTIVE_LEVELS", "3"},
                              {"OMP_MAX_ACTIVE_LEVELS", "2"},
                              {"PPAR_WAIT_POLICY", "active"},
                              {"OMP_WAIT_POLICY", "passive"},
                              {"PPAR_STACKSIZE", "1M"},
                              {"OMP_STACKSIZE", "2M"},
                              {"PPAR_THREAD_LIMIT", "9"},
                              {"OMP_THREAD_LIMIT", "2"},
                              {"PPAR_DYNAMIC", "true"},
                              {"OMP_DYNAMIC", "false"},
                              {"PPAR_DISPLAY_ENV", "verbose"},
                              {"OMP_DISPLAY_ENV", "0"},
                              {"PPAR_CHECK", "1"},
                              {"OMP_CHECK", "0"},
                              {"PPAR_TRACE", "picture,svg:a.svg"},
                              {"OMP_TRACE", "nonsense"},
                              {"PPAR_TRACE_SIZE", "1M"},
                              {"PPAR_TRACE_ONLY", "a,b"},
                              {"PPAR_TRACE_LIMIT", "12"},
                              {"PPAR_REPORT", "json:a.json"},
                              {"PPAR_SHAKE", "3"},
                              {"OMP_SHAKE", "4"},
                              {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_eq(r.warnings, 0, "%s", r.log);
  cr_assert_eq(r.environment.threads[0], 3);
  cr_assert_eq(r.environment.schedule.kind, PPAR_SCHEDULE_GUIDED);
  cr_assert_str_eq(r.environment.places, "cores");
  cr_assert_eq(r.environment.bind, PPAR_BIND_CLOSE);
  cr_assert_eq(r.environment.max_active_levels, 3);
  cr_assert_eq(r.environment.wait, PPAR_WAIT_ACTIVE);
  cr_assert_eq(r.environment.stack_size, 1u << 20);
  cr_assert_eq(r.environment.thread_limit, 9);
  cr_assert(r.environment.dynamic);
  cr_assert_eq(r.environment.display, PP_DISPLAY_VERBOSE);
  cr_assert_eq(r.environment.check, PP_CHECK_THREADS);
  cr_assert_str_eq(r.environment.trace, "picture,svg:a.svg");
  cr_assert_eq(r.environment.trace_size, 1u << 20);
  cr_assert_str_eq(r.environment.trace_only, "a,b");
  cr_assert_eq(r.environment.trace_limit, 12);
  cr_assert_str_eq(r.environment.report, "json:a.json");
  cr_assert_eq(r.environment.shake, 3);
  for (int v = 0; v < PP_VARIABLES; v++) cr_assert_eq(r.environment.source[v], PP_SOURCE_PPAR);
  release(&r);
}

Test(environment, a_malformed_ppar_variable_gives_way_to_omp) {
  const setting settings[] = {{"PPAR_NUM_THREADS", "abc"}, {"OMP_NUM_THREADS", "4,2"}, {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_eq(r.environment.levels, 2);
  cr_assert_eq(r.environment.threads[0], 4);
  cr_assert_eq(r.environment.threads[1], 2);
  cr_assert_eq(r.environment.source[PP_VARIABLE_NUM_THREADS], PP_SOURCE_OMP);
  cr_assert_str_eq(
      r.log,
      "ppar: PPAR_NUM_THREADS=\"abc\" is not a number from 1 to 4096, or up to 8 of these with commas between "
      "them; using 4,2 from OMP_NUM_THREADS\n");
  release(&r);
}

#define NO_SCHEDULE                                                                                \
  "is not a schedule (auto, static, dynamic or guided; with or without a chunk of 0 to 2^63 - 1: " \
  "dynamic,16; with or without monotonic: or nonmonotonic: before it)"

Test(environment, two_malformed_variables_give_two_warnings_and_the_default) {
  const setting settings[] = {{"PPAR_SCHEDULE", "dynamic,"}, {"OMP_SCHEDULE", "quick"}, {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_str_eq(r.log, "ppar: PPAR_SCHEDULE=\"dynamic,\" " NO_SCHEDULE
                          "; using auto\n"
                          "ppar: OMP_SCHEDULE=\"quick\" " NO_SCHEDULE "; using auto\n");
  assert_is_default(&r.environment, r.log);
  release(&r);
}

Test(environment, a_warning_names_what_is_used_after_clamping) {
  const setting settings[] = {{"OMP_NUM_THREADS", "99999"}, {"OMP_THREAD_LIMIT", "1"}, {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_str_eq(r.log, "ppar: OMP_NUM_THREADS=\"99999\" is out of range, 1 to 4096; using 1\n");
  release(&r);
}

Test(environment, a_warning_says_what_a_value_means_where_the_value_does_not) {
  static const struct {
    const char *name, *text, *end;
  } table[] = {
      {"PPAR_TRACE", "foo", "; using 0 (nothing is recorded)\n"},
      {"PPAR_TRACE", "svg:", "; using 0 (nothing is recorded)\n"},
      {"PPAR_TRACE_LIMIT", "-1", "is not a whole number of 0 or more; using 0 (all calls are recorded)\n"},
      {"PPAR_TRACE_LIMIT", "foo", "; using 0 (all calls are recorded)\n"},
      {"PPAR_REPORT", "xml:f",
       "PPAR_REPORT=\"xml:f\" is none of true, false, FILE, json and json:FILE (a FILE with a colon in it begins with "
       "./); using 0 (no report is made)\n"},
      {"PPAR_TRACE", "png:f",
       "PPAR_TRACE=\"png:f\" is none of picture, picture:FILE, svg:FILE, json:FILE and html:FILE, or several with "
       "commas between them, and neither true (picture) nor false; using 0 (nothing is recorded)\n"},
      {"PPAR_REPORT", "json:", "; using 0 (no report is made)\n"},
      {"PPAR_SHAKE", "foo", "; using 0 (nothing is held up)\n"},
      {"PPAR_TRACE_SIZE", "foo", "; using 16384K\n"},
      {"OMP_DYNAMIC", "foo", "; using false\n"},
      {"OMP_DISPLAY_ENV", "foo", "; using false\n"},
      {"OMP_PROC_BIND", "foo", "; using false\n"},
      {"OMP_MAX_ACTIVE_LEVELS", "foo", "; using 1\n"},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    reading r = read_one(table[i].name, table[i].text);
    cr_assert_eq(r.warnings, 1, "%s", table[i].name);
    cr_assert(strlen(r.log) > strlen(table[i].end), "%s", r.log);
    cr_assert_str_eq(r.log + strlen(r.log) - strlen(table[i].end), table[i].end);
    release(&r);
  }
}

Test(environment, a_trace_size_that_is_refused_gets_its_own_bounds) {
  static const char *const out_of_range[] = {"1K", "65G", "99999999999999999999G"}, *const malformed[] = {"-1", "0",
                                                                                                          "x"};
  const char *most = sizeof(size_t) > 4 ? "64G" : "2^31 - 1";
  char expected[2][128];
  snprintf(expected[0], sizeof expected[0], "\" is out of range, 64K to %s; using 16384K\n", most);
  snprintf(expected[1], sizeof expected[1],
           "\" is not a size from 64K to %s (64K, 4M, 1G; 512 is 512K); using 16384K\n", most);
  for (int k = 0; k < 6; k++) {
    reading r = read_one("PPAR_TRACE_SIZE", k < 3 ? out_of_range[k] : malformed[k - 3]);
    cr_assert(strstr(r.log, expected[k / 3]) != NULL, "%s", r.log);
    release(&r);
  }
}

Test(environment, a_warning_escapes_what_could_break_its_line) {
  reading r = read_one("OMP_WAIT_POLICY", "a\nb\t\x1b[2J\"c\\\xff");
  cr_assert_str_eq(r.log,
                   "ppar: OMP_WAIT_POLICY=\"a\\nb\\t\\x1b[2J\\\"c\\\\\\xff\" is neither active nor passive; "
                   "using default\n");
  release(&r);
}

Test(environment, a_warning_shortens_long_values) {
  char value[100001];
  memset(value, 'z', sizeof value - 1);
  value[sizeof value - 1] = '\0';
  reading r = read_one("PPAR_DYNAMIC", value);
  cr_assert_eq(r.warnings, 1);
  cr_assert(strstr(r.log, "zzz...\" is neither true nor false") != NULL, "%s", r.log);
  cr_assert_lt(strlen(r.log), 160);
  release(&r);
}

Test(environment, a_long_list_is_refused_whole) {
  char value[20001];
  for (size_t i = 0; i < sizeof value - 1; i += 2) memcpy(value + i, "1,", 2);
  value[sizeof value - 2] = '\0';
  reading r = read_one("OMP_NUM_THREADS", value);
  cr_assert_eq(r.warnings, 1);
  assert_is_default(&r.environment, r.log);
  release(&r);
}

/* What is told of these variables; NULL ends them. */
static char *told_of(char *const *variables, const char *const *others, int lines) {
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  errno = EDOM;
  cr_expect_eq(pp_environment_tell_unknown(stream, variables, others), lines);
  cr_expect_eq(errno, EDOM);
  fclose(stream);
  return text;
}

Test(environment, unknown_variables_are_told_of_with_what_is_near) {
  static char *const variables[] = {"PATH=/bin",
                                    "PPAR_THREADS=3",
                                    "PPAR_CANCELLATION=true",
                                    "PPAR_NUM_THREAD=3",
                                    "PPAR_STACK_SIZE=1M",
                                    "PPAR_SCHED=auto",
                                    "PPAR_SHEDULE",
                                    "PPAR_LIMIT=1",
                                    "PPAR_num_threads=3",
                                    "PPAR_BIND=true",
                                    "PPAR_DEBUG=1",
                                    "PPAR_",
                                    "PPAR_=1",
                                    "PPAR_A\nB\x1b[2J=PPAR_",
                                    "PPAR=1",
                                    "PPAR_NUM_THREADS",
                                    "XPPAR_THREADS=3",
                                    "ppar_threads=3",
                                    "PPAR_TRACE_ONLY_NAME=a",
                                    "PPAR_ON=1",
                                    "PPAR_HOME=/opt/ppar",
                                    "PPAR_DIR=/opt/ppar",
                                    "PPAR_PREFIX=/opt/ppar",
                                    "PPAR_LIB=/opt/ppar/lib",
                                    "PPAR_INCLUDE=/opt/ppar/include",
                                    "PPAR_VERSION=1",
                                    "PPAR_TRACE\n\x1b=1",
                                    NULL};
  static const char expected[] =
      "ppar: PPAR_THREADS is no variable of ppar's; PPAR_NUM_THREADS is meant?\n"
      "ppar: PPAR_NUM_THREAD is no variable of ppar's; PPAR_NUM_THREADS is meant?\n"
      "ppar: PPAR_STACK_SIZE is no variable of ppar's; PPAR_STACKSIZE is meant?\n"
      "ppar: PPAR_SCHED is no variable of ppar's; PPAR_SCHEDULE is meant?\n"
      "ppar: PPAR_SHEDULE is no variable of ppar's; PPAR_SCHEDULE is meant?\n"
      "ppar: PPAR_num_threads is no variable of ppar's; PPAR_NUM_THREADS is meant?\n"
      "ppar: PPAR_BIND is no variable of ppar's; PPAR_PROC_BIND is meant?\n"
      "ppar: PPAR_TRACE_ONLY_NAME is no variable of ppar's; PPAR_TRACE_ONLY is meant?\n"
      "ppar: PPAR_TRACE\\n\\x1b is no variable of ppar's; PPAR_TRACE is meant?\n";
  char *text = told_of(variables, NULL, count_lines(expected));
  cr_assert_str_eq(text, expected);
  free(text);
}

Test(environment, variables_of_a_library_in_front_may_be_meant) {
  static char *const variables[] = {"PPAR_CANCELLATION=true", "PPAR_ALLOCATER=x", "PPAR_NUM_TEAM=2", NULL};
  static const char *const others[] = {"OMP_CANCELLATION", "OMP_ALLOCATOR", "OMP_NUM_TEAMS", NULL};
  char *text = told_of(variables, others, 3);
  cr_assert_str_eq(text,
                   "ppar: PPAR_CANCELLATION is no variable of ppar's; OMP_CANCELLATION is meant?\n"
                   "ppar: PPAR_ALLOCATER is no variable of ppar's; OMP_ALLOCATOR is meant?\n"
                   "ppar: PPAR_NUM_TEAM is no variable of ppar's; OMP_NUM_TEAMS is meant?\n");
  free(text);
}

Test(environment, variables_that_somebody_of_the_project_reads_are_known) {
  static char *const others[] = {"PPAR_LIBRARY_PATH=/lib", "PPAR_ROOT=/opt",   "PPAR_BENCH_PEERS=/x",
                                 "PPAR_TEST_SCALE=small",  "PPAR_TEST_SEED=1", NULL};
  char *text = told_of(others, NULL, 0);
  free(text);
  for (int v = 0; v < PP_VARIABLES; v++) {
    char variable[64];
    snprintf(variable, sizeof variable, "PPAR_%s=1", pp_variable_name((pp_variable)v));
    text = told_of((char *const[]){variable, NULL}, NULL, 0);
    free(text);
  }
  text = told_of(NULL, NULL, 0);
  free(text);
}

Test(environment, names_may_have_any_length) {
  char variable[100001];
  memset(variable, 'S', sizeof variable - 1);
  memcpy(variable, "PPAR_", 5);
  variable[sizeof variable - 1] = '\0';
  free(told_of((char *const[]){variable, NULL}, NULL, 0));
}

static char *display(const pp_environment *environment, bool verbose) {
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  pp_environment_display(stream, environment, verbose);
  fclose(stream);
  return text;
}

Test(environment, display_shows_the_resolved_values) {
  const setting settings[] = {{"OMP_NUM_THREADS", " 64 , 2"},
                              {"PPAR_THREAD_LIMIT", "32"},
                              {"OMP_SCHEDULE", "Dynamic, 4"},
                              {"OMP_PLACES", "cores"},
                              {"OMP_STACKSIZE", "2M"},
                              {"OMP_DISPLAY_ENV", "1"},
                              {"PPAR_CHECK", "0"},
                              {NULL, NULL}};
  reading r = read_settings(settings);
  char *text = display(&r.environment, false);
  cr_assert_str_eq(text,
                   "PPAR DISPLAY ENVIRONMENT BEGIN\n"
                   "  PPAR_THREAD_LIMIT = '32'\n"
                   "  PPAR_NUM_THREADS = '32,2'\n"
                   "  PPAR_SCHEDULE = 'dynamic,4'\n"
                   "  PPAR_PLACES = 'cores'\n"
                   "  PPAR_PROC_BIND = 'true'\n"
                   "  PPAR_MAX_ACTIVE_LEVELS = '2147483647'\n"
                   "  PPAR_WAIT_POLICY = 'default'\n"
                   "  PPAR_STACKSIZE = '2048K'\n"
                   "  PPAR_DYNAMIC = 'false'\n"
                   "  PPAR_DISPLAY_ENV = 'true'\n"
                   "  PPAR_CHECK = '0'\n"
                   "  PPAR_TRACE = '0'\n"
                   "  PPAR_TRACE_SIZE = '16384K'\n"
                   "  PPAR_TRACE_ONLY = 'default'\n"
                   "  PPAR_TRACE_LIMIT = '0'\n"
                   "  PPAR_REPORT = '0'\n"
                   "  PPAR_SHAKE = '0'\n"
                   "PPAR DISPLAY ENVIRONMENT END\n");
  free(text);
  text = display(&r.environment, true);
  cr_assert(strstr(text, "  [version] = '" PPAR_VERSION_STRING "'\n") != NULL, "%s", text);
  cr_assert(strstr(text, "  [CPU budget] = '") != NULL, "%s", text);
  cr_assert(strstr(text, "  PPAR_NUM_THREADS = '32,2' [OMP_NUM_THREADS]\n") != NULL, "%s", text);
  cr_assert(strstr(text, "  PPAR_THREAD_LIMIT = '32' [PPAR_THREAD_LIMIT]\n") != NULL, "%s", text);
  cr_assert(strstr(text, "  PPAR_DYNAMIC = 'false' [default]\n") != NULL, "%s", text);
  free(text);
  release(&r);
}

static const char *no_variable(const char *name, void *context) {
  (void)name, (void)context;
  errno = ENOENT;
  return NULL;
}

Test(environment, errno_stays_as_it_was) {
  pp_environment environment;
  FILE *stream = tmpfile();
  cr_assert_not_null(stream);
  errno = EDOM;
  pp_environment_parse(&environment, no_variable, NULL, stderr);
  cr_assert_eq(errno, EDOM);
  errno = EDOM;
  pp_environment_display(stream, &environment, true);
  cr_assert_eq(errno, EDOM);
  fclose(stream);
  errno = EDOM;
  (void)pp_environment_get();
  cr_assert_eq(errno, EDOM);
}

static void *get_environment(void *arg) {
  (void)arg;
  return (void *)pp_environment_get();
}

Test(environment, all_threads_get_the_same_settings_however_the_variables_change) {
  pthread_t threads[8];
  setenv("PPAR_THREAD_LIMIT", "64", 1);
  setenv("PPAR_NUM_THREADS", "7", 1);
  for (int i = 0; i < 8; i++) cr_assert_eq(pthread_create(&threads[i], NULL, get_environment, NULL), 0);
  for (int i = 0; i < 8; i++) {
    void *got;
    pthread_join(threads[i], &got);
    cr_assert_eq(got, pp_environment_get());
  }
  setenv("PPAR_NUM_THREADS", "6", 1);
  cr_assert_eq(pp_environment_get()->threads[0], 7);
}

/* Pieces that bring random texts near the grammars. */
static const char *const pieces[] = {"1",      "0",    "4096",       "99999999999", ",",        " ",       "\t",
                                     "-",      "+",    ":",          "true",        "FALSE",    "close",   "master",
                                     "spread", "K",    "g",          "B",           "active",   "Passive", "dynamic",
                                     "static", "auto", "monotonic:", "verbose",     "cores",    "threads", "{",
                                     "}",      "(",    ")",          "!",           "\xc3\xa9", "\x01"};

static void make_text(uint64_t *state, char *text, size_t size) {
  size_t length = 0, parts = (size_t)(work_random(state) % 7);
  bool raw = work_random(state) % 4 == 0;
  text[0] = '\0';
  for (size_t i = 0; i < parts; i++) {
    const char byte[2] = {(char)(work_random(state) % 255 + 1), '\0'};
    const char *piece = raw ? byte : pieces[work_random(state) % (sizeof pieces / sizeof pieces[0])];
    length += (size_t)snprintf(text + length, size - length, "%s", piece);
  }
}

static void assert_is_sane(const pp_environment *e) {
  cr_assert(e->thread_limit >= 1 && e->thread_limit <= PPAR_MAX_THREADS);
  cr_assert(e->levels >= 1 && e->levels <= PP_ENVIRONMENT_LEVELS);
  for (int l = 0; l < e->levels; l++) cr_assert(e->threads[l] >= 1 && e->threads[l] <= e->thread_limit);
  cr_assert(e->schedule.kind >= PPAR_SCHEDULE_AUTO && e->schedule.kind < PPAR_SCHEDULE_RUNTIME);
  cr_assert(e->schedule.chunk >= 0);
  cr_assert_geq(e->max_active_levels, 0);
  cr_assert(e->wait >= PPAR_WAIT_DEFAULT && e->wait <= PPAR_WAIT_PASSIVE);
  cr_assert(e->bind >= PPAR_BIND_FALSE && e->bind <= PPAR_BIND_SPREAD);
  cr_assert(e->stack_size <= PTRDIFF_MAX);
}

/* Places look at the machine for each text, hence the fewer rounds. */
Test(environment, random_texts_are_good_or_cost_one_warning, .timeout = 120) {
  static const struct {
    const char *name;
    int rounds;
  } variables[] = {
      {"OMP_NUM_THREADS", 2000}, {"PPAR_THREAD_LIMIT", 2000},     {"OMP_SCHEDULE", 2000},  {"PPAR_PROC_BIND", 2000},
      {"OMP_PLACES", 200},       {"PPAR_WAIT_POLICY", 2000},      {"OMP_STACKSIZE", 2000}, {"PPAR_DYNAMIC", 2000},
      {"OMP_DISPLAY_ENV", 2000}, {"OMP_MAX_ACTIVE_LEVELS", 2000}, {"PPAR_CHECK", 2000},    {"PPAR_TRACE", 2000},
      {"PPAR_TRACE_SIZE", 2000}, {"PPAR_TRACE_LIMIT", 2000},      {"PPAR_REPORT", 2000},   {"PPAR_SHAKE", 2000}};
  uint64_t state = 0x9e3779b97f4a7c15u;
  for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
    for (int round = 0; round < variables[v].rounds; round++) {
      char text[128];
      make_text(&state, text, sizeof text);
      reading r = read_one(variables[v].name, text);
      cr_assert_leq(r.warnings, 1);
      if (r.warnings == 1 && strstr(r.log, "\" is out of range, 1 to 4096;") == NULL)
        assert_is_default(&r.environment, r.log);
      assert_is_sane(&r.environment);
      for (const char *c = r.log; *c != '\0'; c++) cr_assert(*c == '\n' || (*c >= ' ' && *c <= '~'));
      release(&r);
    }
  }
}
