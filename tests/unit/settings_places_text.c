/* SPDX-License-Identifier: MIT */
/* settings_places_text.c: OMP_PLACES's grammar, without any machine. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <ppar/status.h>

#include "platform/cpuset.h"
#include "settings/places_text.h"

enum { TEXT_SIZE = 1024 };

static void append(char *out, const char *format, int value) {
  size_t length = strlen(out);
  snprintf(out + length, TEXT_SIZE - length, format, value);
}

/* The places as text, such as "0,1 2,3". */
static void list_text(const pp_cpuset_list *list, char *out) {
  out[0] = '\0';
  for (int place = 0; place < list->count; place++) {
    const pp_cpuset *set = list->sets[place];
    int first = pp_cpuset_next(set, -1);
    append(out, place == 0 ? "%d" : " %d", first);
    for (int cpu = first; (cpu = pp_cpuset_next(set, cpu)) >= 0;) append(out, ",%d", cpu);
  }
}

/* An explicit list on a machine of 8 CPUs. */
static int read_list(const char *text, char *out) {
  pp_cpuset *available = pp_cpuset_make(8);
  pp_cpuset_list list = {NULL, 0, 0};
  int status;
  for (int cpu = 0; cpu < 8; cpu++) pp_cpuset_add(available, cpu);
  status = pp_places_text_list(text, available, &list);
  list_text(&list, out);
  pp_cpuset_list_clear(&list);
  pp_cpuset_free(available);
  return status;
}

Test(settings_places_text, explicit_lists_are_read_as_openmp_has_them) {
  static const struct {
    const char *text, *places;
  } cases[] = {
      {"{0,1},{2,3}", "0,1 2,3"},
      {"{0}", "0"},
      {"5", "5"},
      {"5,0,{1}", "5 0 1"},
      {"{2:3}", "2,3,4"},
      {"{0:4:2}", "0,2,4,6"},
      {"{6:3:-2}", "2,4,6"},
      {"{0:2}:4:2", "0,1 2,3 4,5 6,7"},
      {"{0:2}:3", "0,1 1,2 2,3"},
      {"{6,7}:4:-2", "6,7 4,5 2,3 0,1"},
      {"0:4", "0 1 2 3"},
      {"0:4:+2", "0 2 4 6"},
      {"{0:8,!3}", "0,1,2,4,5,6,7"},
      {"{!3,0:8}", "0,1,2,4,5,6,7"},
      {"{0:2}:4:2,!{2,3}", "0,1 4,5 6,7"},
      {"!{4,5},{0:2}:4:2", "0,1 2,3 6,7"},
      {"0:4,!2", "0 1 3"},
      {" { 0 , 1 } : 2 : 2 ", "0,1 2,3"},
      {"\t{0}\n", "0"},
      {"{1,0,1}", "0,1"},
      {"{0},{0}", "0 0"},
      {"{007}", "7"},
      {"{4:2:- 2}", "2,4"},
      {"{0:2:+ 2}", "0,2"},
      {"\v{\f0\r:\n2\t: 2\v}\f:\r2\n:\t1 ,\v!\f{ 9 }\r", "0,2 1,3"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char got[TEXT_SIZE];
    cr_expect_eq(read_list(cases[i].text, got), PPAR_OK, "%s", cases[i].text);
    cr_expect_str_eq(got, cases[i].places, "%s: got %s", cases[i].text, got);
  }
}

Test(settings_places_text, cpus_that_are_not_there_are_left_out) {
  static const struct {
    const char *text, *places;
  } cases[] = {
      {"{6:4}", "6,7"},
      {"{7,8}:3:-1", "7 6,7 5,6"},
      {"{8},{1}", "1"},
      {"{0}:1000:3", "0 3 6"},
      {"{0}:2147483647", "0 1 2 3 4 5 6 7"},
      {"{0:2147483647}", "0,1,2,3,4,5,6,7"},
      {"{0:2147483647:2147483647}", "0"},
      {"{0}:2147483647:2147483647", "0"},
      {"{2147483647}", ""},
      {"{2147483647}:3:2147483647", ""},
      {"{65535:65536}:2", ""},
      {"{10,11}:2:-5", "5,6"},
      {"{0,!0}", ""},
      {"{0},!{0}", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char got[TEXT_SIZE];
    cr_expect_eq(read_list(cases[i].text, got), PPAR_OK, "%s", cases[i].text);
    cr_expect_str_eq(got, cases[i].places, "%s: got %s", cases[i].text, got);
  }
}

Test(settings_places_text, malformed_lists_are_refused) {
  static const char *const texts[] = {
      "",
      " ",
      ",",
      "{",
      "}",
      "{}",
      "{0",
      "{0}}",
      "{0},",
      ",{0}",
      "{0,}",
      "{,0}",
      "{0}{1}",
      "{0} {1}",
      "{-1}",
      "-1",
      "{0:0}",
      "{0:-1}",
      "{0:2:0}",
      "{0}:0",
      "{0}:2:0",
      "{0}:-2",
      "{0}:",
      "{0}:2:",
      "{0:}",
      "{0:2:}",
      "{0:2:1:1}",
      "{0}:2:1:1",
      "!",
      "{!}",
      "!{0}:2",
      "{!0:2}",
      "{0x1}",
      "{1.0}",
      "{a}",
      "cpus",
      "{0}:4:-1",
      "{1:3:-1}",
      "{99999999999}",
      "{0}:99999999999",
      "!!{0}",
      "{0};{1}",
      "{{0}}",
      "{0}:2:--1",
      "{+1}",
      "{0}:+2",
      "(0)",
      "{0:2:- }",
      "{0:2:-+2}",
      "{0:2:+-2}",
      "{2147483648}",
      "{0:2147483648}",
      "{0}:2:2147483648",
      "{0}:2:-2147483648",
      "{4294967296}",
      "{18446744073709551616}",
      "{36893488147419103232}",
      "{0 1}",
      "{1 0:2}",
      "{0}\x01",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    char got[TEXT_SIZE];
    cr_expect_eq(read_list(texts[i], got), PPAR_EINVAL, "%s", texts[i]);
  }
}

Test(settings_places_text, names_are_read_in_any_case_with_a_count) {
  static const struct {
    const char *text;
    pp_topology_kind kind;
    int count;
  } cases[] = {{"threads", PP_TOPOLOGY_THREADS, INT_MAX},
               {"cores", PP_TOPOLOGY_CORES, INT_MAX},
               {"LL_Caches", PP_TOPOLOGY_LAST_CACHES, INT_MAX},
               {"numa_domains(3)", PP_TOPOLOGY_NUMA_DOMAINS, 3},
               {" SOCKETS ( 2 ) ", PP_TOPOLOGY_SOCKETS, 2},
               {"\v\fcores\r(\n007\t)\v", PP_TOPOLOGY_CORES, 7},
               {"threads(2147483647)", PP_TOPOLOGY_THREADS, INT_MAX}};
  static const char *const malformed[] = {"",
                                          "core",
                                          "coresx",
                                          "cores()",
                                          "cores(0)",
                                          "cores(-1)",
                                          "cores(1",
                                          "cores 2",
                                          "cores(2)x",
                                          "(2)",
                                          "cores(1)(1)",
                                          "cores(a)",
                                          "cores:2",
                                          "cores,threads",
                                          "cores(99999999999)",
                                          "{0}",
                                          "cores(2147483648)",
                                          "cores(4294967297)",
                                          "co res",
                                          "threads()",
                                          "ll_caches(+1)",
                                          "numa-domains",
                                          "cores(18446744073709551617)"};
  pp_topology_kind kind;
  int count;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    cr_expect_eq(pp_places_text_name(cases[i].text, &kind, &count), PPAR_OK, "%s", cases[i].text);
    cr_expect_eq(kind, cases[i].kind);
    cr_expect_eq(count, cases[i].count);
  }
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    cr_expect_eq(pp_places_text_name(malformed[i], &kind, &count), PPAR_EINVAL, "%s", malformed[i]);
  }
}

Test(settings_places_text, only_the_six_white_space_characters_may_surround_a_text) {
  for (int byte = 1; byte < 256; byte++) {
    const char list[] = {(char)byte, '{', '0', '}', (char)byte, '\0'};
    const char name[] = {(char)byte, 'c', 'o', 'r', 'e', 's', (char)byte, '\0'};
    const int wanted = byte == ' ' || (byte >= 9 && byte <= 13) ? PPAR_OK : PPAR_EINVAL;
    char got[TEXT_SIZE];
    pp_topology_kind kind;
    int count;
    cr_expect_eq(read_list(list, got), wanted, "byte %d", byte);
    cr_expect_eq(pp_places_text_name(name, &kind, &count), wanted, "byte %d", byte);
  }
}
