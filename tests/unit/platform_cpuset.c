/* SPDX-License-Identifier: MIT */
/* platform_cpuset.c: sets of CPUs, and the affinity mask. */
#include <criterion/criterion.h>
#include <errno.h>

#include "platform/cpuset.h"

Test(platform_cpuset, has_what_was_added_and_not_removed) {
  static const int cpus[] = {0, 1, 63, 64, 1023, 1024, 5000, PP_CPU_LIMIT - 1};
  enum { CPUS = sizeof cpus / sizeof cpus[0] };
  pp_cpuset *set = pp_cpuset_make(PP_CPU_LIMIT);
  int cpu = -1;
  cr_expect_eq(pp_cpuset_count(set), 0);
  cr_expect_eq(pp_cpuset_next(set, -1), -1);
  for (int i = CPUS - 1; i >= 0; i--) pp_cpuset_add(set, cpus[i]);
  pp_cpuset_add(set, 64);
  cr_expect_eq(pp_cpuset_count(set), CPUS);
  for (int i = 0; i < CPUS; i++) {
    cr_expect(pp_cpuset_has(set, cpus[i]));
    cpu = pp_cpuset_next(set, cpu);
    cr_expect_eq(cpu, cpus[i]);
  }
  cr_expect_eq(pp_cpuset_next(set, cpu), -1);
  cr_expect(!pp_cpuset_has(set, 2));
  pp_cpuset_remove(set, 1024);
  pp_cpuset_remove(set, 1025);
  cr_expect(!pp_cpuset_has(set, 1024));
  cr_expect_eq(pp_cpuset_count(set), CPUS - 1);
  pp_cpuset_free(set);
}

Test(platform_cpuset, cpus_out_of_the_limit_are_never_in) {
  pp_cpuset *set = pp_cpuset_make(64);
  static const int outside[] = {-1, -64, 4096, 1 << 30};
  for (int i = 0; i < 4; i++) {
    pp_cpuset_add(set, outside[i]);
    pp_cpuset_remove(set, outside[i]);
    cr_expect(!pp_cpuset_has(set, outside[i]));
  }
  cr_expect_eq(pp_cpuset_count(set), 0);
  pp_cpuset_free(set);
}

Test(platform_cpuset, equality_does_not_depend_on_the_limit) {
  pp_cpuset *small = pp_cpuset_make(1), *large = pp_cpuset_make(PP_CPU_LIMIT), *copy;
  pp_cpuset_add(small, 0);
  cr_expect(!pp_cpuset_equal(small, large));
  pp_cpuset_add(large, 0);
  cr_expect(pp_cpuset_equal(small, large));
  copy = pp_cpuset_copy(large);
  pp_cpuset_add(large, 9000);
  cr_expect(!pp_cpuset_equal(small, large));
  cr_expect(!pp_cpuset_equal(large, small));
  cr_expect(pp_cpuset_equal(small, copy));
  pp_cpuset_free(small);
  pp_cpuset_free(large);
  pp_cpuset_free(copy);
}

Test(platform_cpuset, this_thread_runs_somewhere) {
  pp_cpuset *set;
  errno = 1234;
  set = pp_cpuset_affinity();
  cr_assert_not_null(set);
  cr_expect_geq(pp_cpuset_count(set), 1);
  cr_expect_eq(errno, 1234);
  pp_cpuset_free(set);
}

#if defined(__linux__)

Test(platform_cpuset, binding_makes_the_set_the_affinity_mask) {
  pp_cpuset *before = pp_cpuset_affinity(), *one = pp_cpuset_make(PP_CPU_LIMIT), *now;
  pp_cpuset_add(one, pp_cpuset_next(before, -1));
  cr_expect_eq(pp_cpuset_bind_thread(one), 0);
  now = pp_cpuset_affinity();
  cr_expect(pp_cpuset_equal(now, one));
  pp_cpuset_free(now);
  cr_expect_eq(pp_cpuset_bind_thread(before), 0);
  pp_cpuset_free(before);
  pp_cpuset_free(one);
}

Test(platform_cpuset, binding_to_nothing_is_an_error) {
  pp_cpuset *none = pp_cpuset_make(64);
  errno = 1234;
  cr_expect_neq(pp_cpuset_bind_thread(none), 0);
  cr_expect_eq(errno, 1234);
  pp_cpuset_free(none);
}

#endif

Test(platform_cpuset, a_list_owns_its_sets_and_keeps_their_order) {
  enum { SETS = 100 }; /* more than a list has room for at first */
  pp_cpuset_list list = {NULL, 0, 0};
  pp_cpuset_list_clear(&list);
  for (int i = 0; i < SETS; i++) {
    pp_cpuset *set = pp_cpuset_make(SETS);
    pp_cpuset_add(set, i);
    cr_assert(pp_cpuset_list_add(&list, set));
  }
  cr_expect_eq(list.count, SETS);
  for (int i = 0; i < SETS; i++) cr_expect_eq(pp_cpuset_next(list.sets[i], -1), i);
  cr_expect_not(pp_cpuset_list_add(&list, NULL));
  cr_expect_eq(list.count, SETS);
  pp_cpuset_list_clear(&list);
  cr_expect_eq(list.count, 0);
  cr_expect_null(list.sets);
}
