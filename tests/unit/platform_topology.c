/* SPDX-License-Identifier: MIT */
/* platform_topology.c: the objects of machines that hwloc makes up, and of this one. */
#include <criterion/criterion.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../support/scale.h"
#include "platform/topology.h"

#if !defined(PP_NO_HWLOC)

enum { TEXT_SIZE = 1024 };

static void append(char *out, const char *separator, int value) {
  size_t length = strlen(out);
  snprintf(out + length, TEXT_SIZE - length, "%s%d", separator, value);
}

/* The objects as text, such as "0,1 2,3". */
static void list_text(const pp_cpuset_list *objects, char *out) {
  out[0] = '\0';
  for (int i = 0; i < objects->count; i++) {
    int cpu = pp_cpuset_next(objects->sets[i], -1);
    append(out, i == 0 ? "" : " ", cpu);
    while ((cpu = pp_cpuset_next(objects->sets[i], cpu)) >= 0) append(out, ",", cpu);
  }
}

static void expect_objects(const char *machine, pp_topology_kind kind, const char *wanted) {
  pp_cpuset_list objects = {NULL, 0, 0};
  char got[TEXT_SIZE];
  /* hwloc 2.9 copies overlapping bytes as it makes a machine up, which Valgrind reports. */
  if (scale_is_emulated()) cr_skip_test("hwloc's synthetic machines are not clean under Valgrind");
  cr_assert_eq(pp_topology_list(kind, machine, &objects), 0, "%s", machine);
  list_text(&objects, got);
  cr_expect_str_eq(got, wanted, "%s: got %s", machine, got);
  pp_cpuset_list_clear(&objects);
}

Test(platform_topology, each_kind_of_object_is_told) {
  const char *machine = "package:2 numa:1 l3:2 core:2 pu:2";
  expect_objects(machine, PP_TOPOLOGY_MACHINE, "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15");
  expect_objects(machine, PP_TOPOLOGY_SOCKETS, "0,1,2,3,4,5,6,7 8,9,10,11,12,13,14,15");
  expect_objects(machine, PP_TOPOLOGY_NUMA_DOMAINS, "0,1,2,3,4,5,6,7 8,9,10,11,12,13,14,15");
  expect_objects(machine, PP_TOPOLOGY_LAST_CACHES, "0,1,2,3 4,5,6,7 8,9,10,11 12,13,14,15");
  expect_objects(machine, PP_TOPOLOGY_CORES, "0,1 2,3 4,5 6,7 8,9 10,11 12,13 14,15");
  expect_objects(machine, PP_TOPOLOGY_THREADS, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
}

Test(platform_topology, what_the_machine_does_not_tell_is_stood_in_for) {
  expect_objects("pu:4", PP_TOPOLOGY_CORES, "0 1 2 3");
  expect_objects("pu:4", PP_TOPOLOGY_LAST_CACHES, "0,1,2,3");
  expect_objects("pu:4", PP_TOPOLOGY_NUMA_DOMAINS, "0,1,2,3");
  expect_objects("pu:4", PP_TOPOLOGY_SOCKETS, "0,1,2,3");
  expect_objects("package:2 pu:2", PP_TOPOLOGY_LAST_CACHES, "0,1 2,3");
}

Test(platform_topology, a_cache_is_told_once_and_is_the_outermost) {
  expect_objects("l3:2 l2:2 core:1 pu:1", PP_TOPOLOGY_LAST_CACHES, "0,1 2,3");
  expect_objects("l2:2 l1:2 core:1 pu:2", PP_TOPOLOGY_LAST_CACHES, "0,1,2,3 4,5,6,7");
}

Test(platform_topology, neighbours_are_next_to_each_other_whatever_their_numbers) {
  expect_objects("package:2 core:2 pu:2(indexes=0,4,2,6,1,5,3,7)", PP_TOPOLOGY_CORES, "0,4 2,6 1,5 3,7");
  expect_objects("package:2 core:2 pu:2(indexes=0,4,2,6,1,5,3,7)", PP_TOPOLOGY_THREADS, "0 4 2 6 1 5 3 7");
}

Test(platform_topology, objects_are_appended_to_what_the_list_has) {
  pp_cpuset_list objects = {NULL, 0, 0};
  if (scale_is_emulated()) cr_skip_test("hwloc's synthetic machines are not clean under Valgrind");
  cr_assert_eq(pp_topology_list(PP_TOPOLOGY_THREADS, "pu:3", &objects), 0);
  cr_assert_eq(pp_topology_list(PP_TOPOLOGY_MACHINE, "pu:3", &objects), 0);
  cr_expect_eq(objects.count, 4);
  cr_expect_eq(pp_cpuset_count(objects.sets[3]), 3);
  pp_cpuset_list_clear(&objects);
}

#endif

Test(platform_topology, bad_descriptions_are_refused) {
  pp_cpuset_list objects = {NULL, 0, 0};
  if (scale_is_emulated()) cr_skip_test("hwloc's synthetic machines are not clean under Valgrind");
  cr_expect_eq(pp_topology_list(PP_TOPOLOGY_CORES, "nonsense", &objects), EINVAL);
  cr_expect_eq(pp_topology_list(PP_TOPOLOGY_CORES, "", &objects), EINVAL);
  cr_expect_eq(objects.count, 0);
}

Test(platform_topology, this_machine_s_objects_of_each_kind_cover_the_affinity_mask) {
  pp_cpuset *affinity = pp_cpuset_affinity();
  for (int kind = PP_TOPOLOGY_MACHINE; kind <= PP_TOPOLOGY_THREADS; kind++) {
    pp_cpuset_list objects = {NULL, 0, 0};
    cr_assert_eq(pp_topology_list((pp_topology_kind)kind, NULL, &objects), 0);
    for (int cpu = -1; (cpu = pp_cpuset_next(affinity, cpu)) >= 0;) {
      bool found = false;
      for (int i = 0; i < objects.count; i++) found = found || pp_cpuset_has(objects.sets[i], cpu);
      cr_expect(found, "kind %d, CPU %d", kind, cpu);
    }
    pp_cpuset_list_clear(&objects);
  }
  pp_cpuset_free(affinity);
}
