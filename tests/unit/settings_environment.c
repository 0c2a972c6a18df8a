/* SPDX-License-Identifier: MIT */
/* settings_environment.c: the grammar of each environment variable. */
#include <criterion/criterion.h>

#include <limits.h>
#include <stdint.h>

#include "settings_environment_reading.h"

/* Each value, under both prefixes: one warning that names the variable and says the complaint, and the default. */
static void assert_all_refused(const char *name, const char *const *values, const char *complaint) {
  static const char *const prefixes[] = {"PPAR_", "OMP_"};
  for (; *values != NULL; values++) {
    for (int i = 0; i < 2; i++) {
      char full[64], start[80];
      snprintf(full, sizeof full, "%s%s", prefixes[i], name);
      snprintf(start, sizeof start, "ppar: %s=\"", full);
      reading r = read_one(full, *values);
      cr_assert_eq(r.warnings, 1, "%s=\"%s\": %d warnings", full, *values, r.warnings);
      cr_assert_eq(strncmp(r.log, start, strlen(start)), 0, "%s", r.log);
      cr_assert(strstr(r.log, complaint) != NULL, "%s", r.log);
      cr_assert(strstr(r.log, "; using ") != NULL, "%s", r.log);
      assert_is_default(&r.environment, r.log);
      release(&r);
    }
  }
}

/* Each value, under both prefixes: one warning that says what is used, and the thread limit and numbers of threads that
 * are expected. */
static void assert_all_clamped(const char *name, const char *const *values, int limit, const int *threads, int levels) {
  static const char *const prefixes[] = {"PPAR_", "OMP_"};
  for (; *values != NULL; values++) {
    for (int i = 0; i < 2; i++) {
      char full[64], line[160];
      snprintf(full, sizeof full, "%s%s", prefixes[i], name);
      reading r = read_one(full, *values);
      int written = snprintf(line, sizeof line, "ppar: %s=\"%s\" is out of range, 1 to 4096; using ", full, *values);
      for (int l = 0; threads != NULL && l < levels; l++) {
        written += snprintf(line + written, sizeof line - (size_t)written, "%s%d", l > 0 ? "," : "", threads[l]);
        cr_assert_eq(r.environment.threads[l], threads[l], "%s=\"%s\"", full, *values);
      }
      snprintf(line + written, sizeof line - (size_t)written, threads != NULL ? "\n" : "4096\n");
      cr_assert_eq(r.environment.levels, levels, "%s=\"%s\"", full, *values);
      cr_assert_eq(r.environment.thread_limit, limit, "%s=\"%s\"", full, *values);
      cr_assert_str_eq(r.log, line);
      release(&r);
    }
  }
}

/* Reads one good value. */
static reading read_good(const char *name, const char *value) {
  reading r = read_one(name, value);
  cr_assert_eq(r.warnings, 0, "%s", r.log);
  return r;
}

Test(environment, nothing_set_gives_the_defaults_and_no_warning) {
  const setting none[] = {{NULL, NULL}};
  reading r = read_settings(none);
  cr_assert_eq(r.warnings, 0);
  assert_is_default(&r.environment, "nothing set");
  release(&r);
}

Test(environment, num_threads_is_a_list_of_numbers) {
  static const struct {
    const char *text;
    int levels, threads[PP_ENVIRONMENT_LEVELS];
  } good[] = {
      {"4", 1, {4}},
      {" 4 ", 1, {4}},
      {"\t4\n", 1, {4}},
      {"004", 1, {4}},
      {"1", 1, {1}},
      {"4096", 1, {4096}},
      {"4,2", 2, {4, 2}},
      {" 4 , 2 , 1 ", 3, {4, 2, 1}},
      {"8,7,6,5,4,3,2,1", 8, {8, 7, 6, 5, 4, 3, 2, 1}},
  };
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("OMP_NUM_THREADS", good[i].text);
    cr_assert_eq(r.environment.levels, good[i].levels, "\"%s\"", good[i].text);
    for (int l = 0; l < good[i].levels; l++) {
      cr_assert_eq(r.environment.threads[l], good[i].threads[l], "\"%s\"", good[i].text);
    }
    release(&r);
  }
}

Test(environment, num_threads_refuses_everything_else) {
  static const char *const malformed[] = {
      "",    " ",   "abc",   "0",         "-1", "+1",   "1.0",   "1e3",   "0x10",  "4,",   ",4",  "4,,2",  "4 2",
      "4;2", "4,0", "4,abc", "99999,abc", "4a", "4,2,", "4\x01", "4\xa0", "1'000", "true", "4 ,", "5000,", NULL};
  static const char *const too_deep[] = {"1,1,1,1,1,1,1,1,1", "1,2,3,4,5,6,7,8,9,10", "9999,1,1,1,1,1,1,1,1", NULL};
  assert_all_refused("NUM_THREADS", malformed,
                     "is not a number from 1 to 4096, or up to 8 of these with commas between them");
  assert_all_refused("NUM_THREADS", too_deep, "has more than 8 levels");
}

Test(environment, a_number_of_threads_that_is_too_large_is_the_largest) {
  static const char *const one[] = {
      "4097", "5000", "99999999999", "18446744073709551616", "340282366920938463463374607431768211457", NULL};
  static const char *const second[] = {"4,4097", "4,99999999999999999999", NULL};
  static const char *const first[] = {"4097,4", NULL};
  assert_all_clamped("NUM_THREADS", one, PPAR_MAX_THREADS, (int[]){4096}, 1);
  assert_all_clamped("NUM_THREADS", second, PPAR_MAX_THREADS, (int[]){4, 4096}, 2);
  assert_all_clamped("NUM_THREADS", first, PPAR_MAX_THREADS, (int[]){4096, 4}, 2);
}

Test(environment, the_name_that_is_looked_at_first_counts_where_its_value_is_too_large) {
  const setting settings[] = {{"PPAR_NUM_THREADS", "5000"}, {"OMP_NUM_THREADS", "3"}, {NULL, NULL}};
  const setting behind[] = {{"PPAR_NUM_THREADS", "x"}, {"OMP_NUM_THREADS", "5000"}, {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_str_eq(r.log, "ppar: PPAR_NUM_THREADS=\"5000\" is out of range, 1 to 4096; using 4096\n");
  cr_assert_eq(r.environment.source[PP_VARIABLE_NUM_THREADS], PP_SOURCE_PPAR);
  release(&r);
  r = read_settings(behind);
  cr_assert_str_eq(
      r.log,
      "ppar: PPAR_NUM_THREADS=\"x\" is not a number from 1 to 4096, or up to 8 of these with commas between "
      "them; using 4096 from OMP_NUM_THREADS\n"
      "ppar: OMP_NUM_THREADS=\"5000\" is out of range, 1 to 4096; using 4096\n");
  release(&r);
}

Test(environment, thread_limit_clamps_every_level_and_the_default) {
  static const char *const malformed[] = {"", "abc", "0", "-1", "1.0", "4,2", "4x", NULL};
  static const char *const too_large[] = {"4097", "99999999999", "99999999999999999999999", NULL};
  const setting listed[] = {{"OMP_NUM_THREADS", "8,2,4"}, {"OMP_THREAD_LIMIT", " 3 "}, {NULL, NULL}};
  reading r = read_settings(listed);
  cr_assert_eq(r.warnings, 0);
  cr_assert_eq(r.environment.thread_limit, 3);
  cr_assert_eq(r.environment.levels, 3);
  cr_assert_eq(r.environment.threads[0], 3);
  cr_assert_eq(r.environment.threads[1], 2);
  cr_assert_eq(r.environment.threads[2], 3);
  release(&r);
  r = read_good("PPAR_THREAD_LIMIT", "1");
  cr_assert_eq(r.environment.threads[0], 1);
  release(&r);
  assert_all_refused("THREAD_LIMIT", malformed, "is not a number from 1 to 4096; using");
  assert_all_clamped("THREAD_LIMIT", too_large, PPAR_MAX_THREADS, NULL, 1);
}

Test(environment, schedule_follows_the_schedule_grammar) {
  static const struct {
    const char *text;
    ppar_schedule schedule;
  } good[] = {
      {"static", {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 0}},
      {"dynamic,64", {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_DEFAULT, 64}},
      {" Guided , 7 ", {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_DEFAULT, 7}},
      {"AUTO", {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0}},
      {"monotonic:dynamic", {PPAR_SCHEDULE_DYNAMIC, PPAR_ORDER_MONOTONIC, 0}},
      {"static,0", {PPAR_SCHEDULE_STATIC, PPAR_ORDER_DEFAULT, 0}},
      {"nonmonotonic:guided,00", {PPAR_SCHEDULE_GUIDED, PPAR_ORDER_NONMONOTONIC, 0}},
      {"auto,4", {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0}},
      {"monotonic:auto , 0", {PPAR_SCHEDULE_AUTO, PPAR_ORDER_MONOTONIC, 0}},
  };
  static const char *const bad[] = {"",          "dynamic,",   "dynamic,-1", "auto,",   "auto,x",
                                    "runtime",   "runtime,4",  "dynamic 4",  "fast",    "static,9223372036854775808",
                                    "static,1x", "monotonic:", "4",          "auto,-1", NULL};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("OMP_SCHEDULE", good[i].text);
    cr_assert_eq(r.environment.schedule.kind, good[i].schedule.kind, "\"%s\"", good[i].text);
    cr_assert_eq(r.environment.schedule.order, good[i].schedule.order, "\"%s\"", good[i].text);
    cr_assert_eq(r.environment.schedule.chunk, good[i].schedule.chunk, "\"%s\"", good[i].text);
    release(&r);
  }
  assert_all_refused("SCHEDULE", bad,
                     "is not a schedule (auto, static, dynamic or guided; with or without a chunk of 0 to 2^63 - 1: "
                     "dynamic,16; with or without monotonic: or nonmonotonic: before it); using auto");
}

Test(environment, proc_bind_is_a_word_or_a_list_whose_first_word_counts) {
  static const struct {
    const char *text;
    ppar_bind_policy bind;
  } good[] = {
      {"true", PPAR_BIND_TRUE},           {"FALSE", PPAR_BIND_FALSE},
      {"master", PPAR_BIND_PRIMARY},      {" Primary", PPAR_BIND_PRIMARY},
      {"close", PPAR_BIND_CLOSE},         {"Spread ", PPAR_BIND_SPREAD},
      {"spread,close", PPAR_BIND_SPREAD}, {" close , master,spread", PPAR_BIND_CLOSE},
  };
  static const char *const bad[] = {"",       "yes",        "1",          "closest",      "clos",        "close,",
                                    ",close", "close,true", "true,close", "close;spread", "closespread", "false,",
                                    NULL};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("OMP_PROC_BIND", good[i].text);
    cr_assert_eq(r.environment.bind, good[i].bind, "\"%s\"", good[i].text);
    release(&r);
  }
  assert_all_refused(
      "PROC_BIND", bad,
      "is not a binding policy (true or false; primary, close, spread, or a list of these); using false");
}

Test(environment, a_list_of_policies_has_one_for_each_level) {
  static const char *const deep[] = {"close,close,close,close,close,close,close,close,close", NULL};
  static const char *const malformed[] = {"spread,close,spread,close,spread,close,spread,close,primary,x", NULL};
  reading r = read_good("OMP_PROC_BIND", "spread, master ,close");
  cr_assert_eq(r.environment.bind_levels, 3);
  cr_assert_eq(r.environment.binds[0], PPAR_BIND_SPREAD);
  cr_assert_eq(r.environment.binds[1], PPAR_BIND_PRIMARY);
  cr_assert_eq(r.environment.binds[2], PPAR_BIND_CLOSE);
  release(&r);
  r = read_good("OMP_PROC_BIND", "close,close,close,close,close,close,close,spread");
  cr_assert_eq(r.environment.bind_levels, 8);
  cr_assert_eq(r.environment.binds[7], PPAR_BIND_SPREAD);
  release(&r);
  r = read_good("OMP_PROC_BIND", "true");
  cr_assert_eq(r.environment.bind_levels, 1);
  cr_assert_eq(r.environment.binds[0], PPAR_BIND_TRUE);
  release(&r);
  r = read_good("OMP_PLACES", "cores");
  cr_assert_eq(r.environment.bind_levels, 1);
  cr_assert_eq(r.environment.binds[0], PPAR_BIND_TRUE);
  release(&r);
  assert_all_refused("PROC_BIND", deep, "has more than 8 levels; using false");
  assert_all_refused("PROC_BIND", malformed, "is not a binding policy");
}

Test(environment, places_are_checked_copied_and_turn_binding_on) {
  static const char *const bad[] = {"", "planets", "{0", "{}", "{0},", "{0}:", "{-1}", "cores(", "0-", NULL};
  char text[] = "cores";
  const setting alone[] = {{"OMP_PLACES", text}, {NULL, NULL}};
  const setting unbound[] = {{"OMP_PLACES", "threads"}, {"PPAR_PROC_BIND", "false"}, {NULL, NULL}};
  const setting misbound[] = {{"OMP_PLACES", "cores"}, {"OMP_PROC_BIND", "x"}, {NULL, NULL}};
  reading r = read_settings(alone);
  memset(text, 'x', sizeof text - 1);
  cr_assert_str_eq(r.environment.places, "cores");
  cr_assert_eq(r.environment.bind, PPAR_BIND_TRUE);
  release(&r);
  cr_assert_null(r.environment.places);
  r = read_settings(unbound);
  cr_assert_str_eq(r.environment.places, "threads");
  cr_assert_eq(r.environment.bind, PPAR_BIND_FALSE);
  release(&r);
  r = read_settings(misbound);
  cr_assert_eq(r.environment.bind, PPAR_BIND_TRUE);
  cr_assert_str_eq(r.log,
                   "ppar: OMP_PROC_BIND=\"x\" is not a binding policy (true or false; primary, close, spread, or a "
                   "list of these); using true\n");
  release(&r);
  assert_all_refused(
      "PLACES", bad,
      "names no usable place (threads, cores, ll_caches, numa_domains, sockets; lists: {0:4},{4:4}); using default");
}

Test(environment, max_active_levels_is_a_number_and_more_than_fits_is_no_limit) {
  static const struct {
    const char *text;
    int levels;
  } good[] = {
      {"0", 0},
      {"1", 1},
      {" 7\t", 7},
      {"0012", 12},
      {"2147483646", INT_MAX - 1},
      {"2147483647", INT_MAX},
      {"2147483648", INT_MAX},
      {"4294967297", INT_MAX},
      {"18446744073709551617", INT_MAX},
  };
  static const char *const bad[] = {"",    " ",     "-1",  "+1",   "1.0",       "1,2",  "1 2", "4x",
                                    "0x1", "1e300", "max", "true", "unlimited", "\xb2", NULL};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("OMP_MAX_ACTIVE_LEVELS", good[i].text);
    cr_assert_eq(r.environment.max_active_levels, good[i].levels, "\"%s\"", good[i].text);
    release(&r);
  }
  assert_all_refused("MAX_ACTIVE_LEVELS", bad, "is not a whole number of 0 or more; using 1");
}

Test(environment, lists_for_nested_regions_lift_the_limit_on_active_levels) {
  static const struct {
    setting settings[4];
    int levels;
  } cases[] = {
      {{{"OMP_NUM_THREADS", "4"}}, 1},
      {{{"OMP_NUM_THREADS", "4,2"}}, INT_MAX},
      {{{"PPAR_NUM_THREADS", "1,1,1"}}, INT_MAX},
      {{{"PPAR_NUM_THREADS", "4"}, {"OMP_NUM_THREADS", "4,2"}}, 1},
      {{{"OMP_PROC_BIND", "spread"}}, 1},
      {{{"OMP_PROC_BIND", "true"}}, 1},
      {{{"OMP_PROC_BIND", "spread,close"}}, INT_MAX},
      {{{"PPAR_PROC_BIND", "close,close,close"}}, INT_MAX},
      {{{"OMP_NUM_THREADS", "4,2"}, {"OMP_MAX_ACTIVE_LEVELS", "1"}}, 1},
      {{{"OMP_NUM_THREADS", "4,2"}, {"PPAR_MAX_ACTIVE_LEVELS", "0"}}, 0},
      {{{"OMP_PROC_BIND", "spread,close"}, {"OMP_MAX_ACTIVE_LEVELS", "3"}}, 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reading r = read_settings(cases[i].settings);
    cr_assert_eq(r.warnings, 0, "%s", r.log);
    cr_assert_eq(r.environment.max_active_levels, cases[i].levels, "case %zu: %d", i, r.environment.max_active_levels);
    release(&r);
  }
  const setting refused[] = {{"OMP_NUM_THREADS", "4,2"}, {"OMP_MAX_ACTIVE_LEVELS", "many"}, {NULL, NULL}};
  const setting bad_lists[] = {{"OMP_NUM_THREADS", "4,0"}, {"OMP_PROC_BIND", "spread,near"}, {NULL, NULL}};
  reading r = read_settings(refused);
  cr_assert_str_eq(r.log,
                   "ppar: OMP_MAX_ACTIVE_LEVELS=\"many\" is not a whole number of 0 or more; using 2147483647\n");
  release(&r);
  r = read_settings(bad_lists);
  cr_assert_eq(r.warnings, 2);
  assert_is_default(&r.environment, r.log);
  release(&r);
}

Test(environment, wait_policy_is_active_or_passive) {
  static const char *const bad[] = {"", "lazy", "active,passive", "activ", "passive1", "true", NULL};
  reading r = read_good("OMP_WAIT_POLICY", " Active\t");
  cr_assert_eq(r.environment.wait, PPAR_WAIT_ACTIVE);
  release(&r);
  r = read_good("PPAR_WAIT_POLICY", "PASSIVE");
  cr_assert_eq(r.environment.wait, PPAR_WAIT_PASSIVE);
  release(&r);
  assert_all_refused("WAIT_POLICY", bad, "is neither active nor passive; using default");
}

Test(environment, stack_size_has_units_and_kibibytes_without) {
  char largest[32]; /* in KiB */
  snprintf(largest, sizeof largest, "%td", PTRDIFF_MAX / 1024);
  const struct {
    const char *text;
    size_t size;
  } good[] = {
      {"64", 64 * 1024},     {"64k", 64 * 1024},
      {"64K", 64 * 1024},    {"65537B", 65537},
      {" 10 M ", 10u << 20}, {"1g", 1u << 30},
      {"1 G", 1u << 30},     {"\t2000500 b", 2000500},
      {"20000 k", 20480000}, {largest, (size_t)PTRDIFF_MAX / 1024 * 1024},
  };
  static const char *const malformed[] = {"",      "abc", "0",   "0M", "-1",    "1.5M", "4KB",
                                          "4 K B", "M",   "4,4", "4T", "0x10K", NULL};
  static const char *const too_large[] = {"9007199254740992",
                                          "8589934592G",
                                          "9223372036854775808B",
                                          "18446744073709551616B",
                                          "36893488147419103233",
                                          "99999999999999999999999999G",
                                          NULL};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("OMP_STACKSIZE", good[i].text);
    cr_assert_eq(r.environment.stack_size, good[i].size, "\"%s\": %zu", good[i].text, r.environment.stack_size);
    release(&r);
  }
  assert_all_refused("STACKSIZE", malformed, "is not a size of 1B or more (512K, 4M, 1G; 512 is 512K); using default");
  assert_all_refused("STACKSIZE", too_large,
                     sizeof(size_t) > 4 ? "is out of range, 1 to 2^63 - 1 bytes; using default"
                                        : "is out of range, 1 to 2^31 - 1 bytes; using default");
}

Test(environment, dynamic_and_display_are_truth_values) {
  static const char *const not_boolean[] = {"", "y", "onn", "2", "10", "1.0", "truee", "true,false", "verbose", NULL};
  static const char *const not_display[] = {"", "yess", "2", "01", "verbosely", "true,", NULL};
  static const struct {
    const char *name, *text;
    bool dynamic;
    pp_display display;
  } good[] = {
      {"OMP_DYNAMIC", "TRUE", true, PP_DISPLAY_OFF},        {"OMP_DYNAMIC", " 1", true, PP_DISPLAY_OFF},
      {"OMP_DYNAMIC", "false", false, PP_DISPLAY_OFF},      {"PPAR_DYNAMIC", "0", false, PP_DISPLAY_OFF},
      {"OMP_DISPLAY_ENV", "true", false, PP_DISPLAY_ON},    {"PPAR_DISPLAY_ENV", "1", false, PP_DISPLAY_ON},
      {"OMP_DISPLAY_ENV", "False ", false, PP_DISPLAY_OFF}, {"OMP_DISPLAY_ENV", "Verbose", false, PP_DISPLAY_VERBOSE},
      {"OMP_DISPLAY_ENV", "0", false, PP_DISPLAY_OFF},      {"PPAR_DISPLAY_ENV", "yes", false, PP_DISPLAY_ON},
      {"PPAR_DISPLAY_ENV", "no", false, PP_DISPLAY_OFF},    {"OMP_DYNAMIC", "On", true, PP_DISPLAY_OFF},
      {"PPAR_DYNAMIC", "YES", true, PP_DISPLAY_OFF},        {"OMP_DYNAMIC", "off", false, PP_DISPLAY_OFF},
  };
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good(good[i].name, good[i].text);
    cr_assert_eq(r.environment.dynamic, good[i].dynamic, "\"%s\"", good[i].text);
    cr_assert_eq(r.environment.display, good[i].display, "\"%s\"", good[i].text);
    release(&r);
  }
  assert_all_refused("DYNAMIC", not_boolean, "is neither true nor false; using false");
  assert_all_refused("DISPLAY_ENV", not_display, "is none of true, false and verbose; using false");
}

Test(environment, check_has_no_openmp_name) {
  static const struct {
    const char *text;
    pp_check check;
  } good[] = {{"0", PP_CHECK_NOTHING},    {"false", PP_CHECK_NOTHING}, {"1", PP_CHECK_THREADS},
              {"True", PP_CHECK_THREADS}, {"off", PP_CHECK_NOTHING},   {"yes", PP_CHECK_THREADS}};
  reading unset = read_one("OMP_CHECK", "nonsense");
  cr_assert(unset.warnings == 0 && unset.environment.check != PP_CHECK_NOTHING);
  release(&unset);
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    reading r = read_good("PPAR_CHECK", good[i].text);
    cr_assert_eq(r.environment.check, good[i].check, "\"%s\"", good[i].text);
    release(&r);
  }
  const struct {
    const char *text;
    pp_check check;
  } lists[] = {{"1,results", PP_CHECK_THREADS}, {" Results , 0 ", PP_CHECK_NOTHING}, {"results", pp_check_default()}};
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    reading r = read_good("PPAR_CHECK", lists[i].text);
    cr_assert(r.environment.check_results && r.environment.check == lists[i].check, "\"%s\"", lists[i].text);
    release(&r);
  }
  static const char *const malformed[] = {"",         "results,results", "1,0",        "1,", "result",
                                          "resultss", "1 results",       "1,0results", NULL};
  for (size_t i = 0; malformed[i] != NULL; i++) {
    reading r = read_one("PPAR_CHECK", malformed[i]);
    cr_assert(r.warnings == 1 && !r.environment.check_results && r.environment.check == pp_check_default(), "\"%s\"",
              malformed[i]);
    release(&r);
  }
  unset = read_one("PPAR_CHECK", "2");
  cr_assert_eq(unset.warnings, 1);
  cr_assert(strstr(unset.log, "PPAR_CHECK=\"2\" is not 1, 0, results, or 1,results; using ") != NULL, "%s", unset.log);
  release(&unset);
}

Test(environment, shake_is_a_number_and_has_no_openmp_name) {
  static const struct {
    const char *text;
    uint64_t seed;
  } good[] = {{"0", 0}, {" 7 ", 7}, {"0012", 12}, {"18446744073709551614", UINT64_MAX - 1}};
  static const char *const malformed[] = {"", "-1", "1.5", "yes", "7x", "1,2", "18446744073709551615", "1e3", NULL};
  reading r = read_one("OMP_SHAKE", "7");
  cr_assert(r.warnings == 0 && r.environment.shake == 0);
  release(&r);
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    r = read_good("PPAR_SHAKE", good[i].text);
    cr_assert_eq(r.environment.shake, good[i].seed, "\"%s\"", good[i].text);
    release(&r);
  }
  for (size_t i = 0; malformed[i] != NULL; i++) {
    r = read_one("PPAR_SHAKE", malformed[i]);
    cr_assert(r.warnings == 1 && r.environment.shake == 0, "\"%s\"", malformed[i]);
    cr_assert(strstr(r.log, "is not a whole number from 0 to 2^64 - 2; using 0 (nothing is held up)\n") != NULL, "%s",
              r.log);
    release(&r);
  }
}

Test(environment, only_the_six_white_space_characters_may_surround_a_value) {
  static const struct {
    const char *name, *text;
    bool number; /* digits around it make another number */
  } values[] = {
      {"OMP_NUM_THREADS", "4", true},           {"OMP_NUM_THREADS", "4,2", true},
      {"OMP_THREAD_LIMIT", "4", true},          {"OMP_MAX_ACTIVE_LEVELS", "4", true},
      {"OMP_SCHEDULE", "dynamic", false},       {"OMP_PROC_BIND", "false", false},
      {"OMP_PROC_BIND", "close,spread", false}, {"OMP_WAIT_POLICY", "passive", false},
      {"OMP_STACKSIZE", "64k", false},          {"OMP_DYNAMIC", "true", false},
      {"OMP_DISPLAY_ENV", "verbose", false},
  };
  for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
    for (int byte = 1; byte < 256; byte++) {
      char text[32];
      bool good = byte == ' ' || (byte >= 9 && byte <= 13);
      if (values[v].number && byte >= '0' && byte <= '9') continue;
      snprintf(text, sizeof text, "%c%s%c", byte, values[v].text, byte);
      reading r = read_one(values[v].name, text);
      cr_assert_eq(r.warnings, good ? 0 : 1, "%s=\"%s\", byte %d", values[v].name, values[v].text, byte);
      release(&r);
    }
  }
}

Test(environment, white_space_may_stand_between_all_parts_of_a_value) {
  reading r = read_good("OMP_NUM_THREADS", "4\v,\f2\r,\n\t1");
  cr_assert_eq(r.environment.levels, 3);
  cr_assert_eq(r.environment.threads[2], 1);
  release(&r);
  r = read_good("OMP_PROC_BIND", "close\r,\v spread\f");
  cr_assert_eq(r.environment.bind, PPAR_BIND_CLOSE);
  cr_assert(r.environment.bind_levels > 1);
  release(&r);
  r = read_good("OMP_STACKSIZE", "\f64\v\r\nk\t");
  cr_assert_eq(r.environment.stack_size, 64 * 1024);
  release(&r);
}

/* A word is taken where it stands, so what is left over is refused, and a longer word is not a shorter one. */
Test(environment, nothing_may_be_left_over_behind_a_word) {
  static const char *const bind[] = {"true1",         "true,",         "false close", "close spread",
                                     "close,spread1", "primarymaster", "c lose",      NULL};
  static const char *const wait[] = {"active0", "passive,", "active passive", "pass ive", NULL};
  static const char *const boolean[] = {"true0", "11", "1,", "0 0", "false.", NULL};
  static const char *const size[] = {"64kk", "64k4", "64 kb", "64bk", "64,k", "k64", "64 64", NULL};
  assert_all_refused("PROC_BIND", bind, "is not a binding policy");
  assert_all_refused("WAIT_POLICY", wait, "is neither active nor passive");
  assert_all_refused("DYNAMIC", boolean, "is neither true nor false");
  assert_all_refused("STACKSIZE", size, "is not a size");
}

Test(environment, letters_that_are_not_asciis_have_no_case) {
  /* Letters that some locales fold to ASCII's, in Latin-5 and UTF-8: i without a dot, I with one, long s, Kelvin. */
  static const char *const wait[] = {"pass\xfdve", "pass\xddve", "PASS\xc4\xb0VE", "pas\xc5\xbfive", NULL};
  static const char *const size[] = {"64\xe2\x84\xaa", NULL};
  assert_all_refused("WAIT_POLICY", wait, "is neither active nor passive");
  assert_all_refused("STACKSIZE", size, "is not a size");
}
