/* SPDX-License-Identifier: MIT */
/* platform_budget.c: the CPU budget, read from mock roots: folders that hold /proc/self and the cgroup trees. */
#include <criterion/criterion.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/budget.h"

enum { CPUS = 64 };

#define V1_MOUNT "33 24 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
#define V1_MEMORY "34 24 0:30 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory\n"
#define V2_MOUNT "31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define OTHER_MOUNTS                                        \
  "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n" \
  "23 22 0:21 / /proc rw - proc proc rw\n"                  \
  "24 22 0:22 / /sys/fs/cgroup ro,nosuid shared:2 - tmpfs  ro,mode=755\n"

static char root[] = "/tmp/ppar_budget_XXXXXX";

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *ftw) {
  (void)s;
  (void)type;
  (void)ftw;
  return remove(path);
}

static void make_root(void) { cr_assert_not_null(mkdtemp(root)); }
static void remove_root(void) { nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS); }

/* Writes a file below the root, and the folders on the way. */
static void put_bytes(const char *path, const char *bytes, size_t size) {
  char full[PATH_MAX];
  FILE *file;
  snprintf(full, sizeof full, "%s%s", root, path);
  for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = '\0';
    (void)mkdir(full, 0777);
    *slash = '/';
  }
  file = fopen(full, "w");
  cr_assert_not_null(file, "%s", full);
  fwrite(bytes, 1, size, file);
  fclose(file);
}

static void put(const char *path, const char *text) { put_bytes(path, text, strlen(text)); }

static void put_self(const char *cgroup, const char *mountinfo) {
  put("/proc/self/cgroup", cgroup);
  put("/proc/self/mountinfo", mountinfo);
}

static void put_v1(const char *folder, const char *quota, const char *period) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
  put(path, quota);
  snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
  put(path, period);
}

static void put_v2(const char *folder, const char *max) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cpu.max", folder);
  put(path, max);
}

static int budget(void) { return pp_cpu_budget_under(root, CPUS); }

TestSuite(platform_budget, .init = make_root, .fini = remove_root);

Test(platform_budget, without_cgroups_it_is_the_affinity_mask) {
  cr_expect_eq(budget(), CPUS);
  cr_expect_eq(pp_cpu_budget_under(root, 1), 1);
  cr_expect_eq(pp_cpu_budget_under(root, 5000), 5000);
}

Test(platform_budget, is_at_least_one) {
  cr_expect_eq(pp_cpu_budget_under(root, 0), 1);
  cr_expect_eq(pp_cpu_budget_under(root, -3), 1);
}

Test(platform_budget, v2_quota_rounds_up) {
  static const struct {
    const char *max;
    int cpus;
  } cases[] = {{"150000 100000\n", 2}, {"100000 100000\n", 1},     {"1000 100000\n", 1},
               {"200001 100000\n", 3}, {"400000 50000\n", 8},      {"200000\n", 2},
               {"max 100000\n", CPUS}, {"6500000 100000\n", CPUS}, {"max\n", CPUS}};
  put_self("0::/user/job\n", OTHER_MOUNTS V2_MOUNT);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    put_v2("/sys/fs/cgroup/user/job", cases[i].max);
    cr_expect_eq(budget(), cases[i].cpus, "%s", cases[i].max);
  }
}

Test(platform_budget, a_quota_is_told_in_thousandths) {
  static const struct {
    const char *max;
    int thousandths;
  } cases[] = {{"150000 100000\n", 1500}, {"100000 100000\n", 1000}, {"100001 100000\n", 1001}, {"99999 100000\n", 999},
               {"1000 100000\n", 10},     {"1 1000000\n", 1},        {"max 100000\n", 0},       {"6500000 1\n", 0}};
  put_self("0::/user/job\n", OTHER_MOUNTS V2_MOUNT);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    put_v2("/sys/fs/cgroup/user/job", cases[i].max);
    cr_expect_eq(pp_cpu_quota_under(root), cases[i].thousandths, "%s", cases[i].max);
  }
  cr_expect_eq(pp_cpu_quota_under("/nowhere"), 0);
}

Test(platform_budget, v1_quota_rounds_up) {
  put_self("4:memory:/other\n3:cpu,cpuacct:/user/job\n0::/\n", OTHER_MOUNTS V1_MEMORY V1_MOUNT);
  put_v1("/sys/fs/cgroup/cpu,cpuacct/user/job", "150000\n", "100000\n");
  cr_expect_eq(budget(), 2);
  put_v1("/sys/fs/cgroup/cpu,cpuacct/user/job", "-1\n", "100000\n");
  cr_expect_eq(budget(), CPUS);
  put_v1("/sys/fs/cgroup/cpu,cpuacct/user/job", "700000\n", "100000\n");
  put_v1("/sys/fs/cgroup/memory/other", "100000\n", "100000\n");
  cr_expect_eq(budget(), 7, "another controller's hierarchy says nothing");
}

Test(platform_budget, the_smallest_quota_of_all_ancestors_holds) {
  put_self("0::/a/b/c\n", V2_MOUNT);
  put_v2("/sys/fs/cgroup/a/b/c", "max 100000\n");
  put_v2("/sys/fs/cgroup/a/b", "400000 100000\n");
  cr_expect_eq(budget(), 4);
  put_v2("/sys/fs/cgroup/a", "300000 100000\n");
  cr_expect_eq(budget(), 3);
  put_v2("/sys/fs/cgroup/a/b/c", "250000 100000\n");
  put_v2("/sys/fs/cgroup/a/b/c/d", "100000 100000\n");
  put_v2("/sys/fs/cgroup/a/x", "100000 100000\n");
  cr_expect_eq(budget(), 3, "children and siblings do not count");
  put_v2("/sys/fs/cgroup", "200000 100000\n");
  cr_expect_eq(budget(), 2, "the mount point's own cgroup counts");
}

Test(platform_budget, v1_ancestors_count_with_their_own_periods) {
  put_self("2:cpu:/a/b\n", "33 24 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu\n");
  put_v1("/cg/cpu/a/b", "600000\n", "100000\n");
  put_v1("/cg/cpu/a", "200000\n", "50000\n");
  cr_expect_eq(budget(), 4);
}

Test(platform_budget, folders_that_are_gone_do_not_hide_their_ancestors) {
  put_self("0::/a/gone (deleted)\n", V2_MOUNT);
  put_v2("/sys/fs/cgroup/a", "300000 100000\n");
  cr_expect_eq(budget(), 3);
}

Test(platform_budget, hybrid_takes_the_hierarchy_with_the_cpu_controller) {
  const char *mounts = OTHER_MOUNTS V1_MOUNT "41 24 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
  put_v1("/sys/fs/cgroup/cpu,cpuacct/job", "500000\n", "100000\n");
  put_v2("/sys/fs/cgroup/unified/job", "300000 100000\n");
  put_self("5:cpu,cpuacct:/job\n0::/job\n", mounts);
  cr_expect_eq(budget(), 5);
  put_self("0::/job\n5:cpu,cpuacct:/job\n", mounts);
  cr_expect_eq(budget(), 5);
  put_self("1:name=systemd:/job\n5:cpuacct,cpuset:/job\n0::/job\n", mounts);
  cr_expect_eq(budget(), 3);
}

Test(platform_budget, usual_mount_points_need_no_mount_table) {
  put("/proc/self/cgroup", "0::/a/b\n");
  put_v2("/sys/fs/cgroup/a/b", "400000 100000\n");
  put("/sys/fs/cgroup/a/b/cgroup.controllers", "cpu\n");
  cr_expect_eq(budget(), 4);
  put_v2("/sys/fs/cgroup/a", "300000 100000\n");
  cr_expect_eq(budget(), 3);
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/cgroup.controllers", "cpu\n");
  cr_expect_eq(budget(), CPUS);
  put_v2("/sys/fs/cgroup", "200000 100000\n");
  cr_expect_eq(budget(), 2);
  put("/proc/self/cgroup", "1:cpu:/x\n");
  put_v1("/sys/fs/cgroup/cpu/x", "600000\n", "100000\n");
  cr_expect_eq(budget(), 6);
}

Test(platform_budget, container_whose_mount_shows_its_own_cgroup_as_root) {
  put_self("3:cpu:/docker/abc/sub\n", "40 30 0:29 /docker/abc /sys/fs/cgroup/cpu ro master:9 - cgroup cgroup rw,cpu\n");
  put_v1("/sys/fs/cgroup/cpu", "250000\n", "100000\n");
  cr_expect_eq(budget(), 3);
  put_v1("/sys/fs/cgroup/cpu/sub", "150000\n", "100000\n");
  cr_expect_eq(budget(), 2);
}

Test(platform_budget, container_with_a_cgroup_namespace) {
  put_self("0::/\n", "40 30 0:29 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  put_v2("/sys/fs/cgroup", "150000 100000\n");
  cr_expect_eq(budget(), 2);
}

/* A cgroup with these processes and quota. */
static void put_cgroup(const char *folder, const char *processes, const char *max) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cgroup.procs", folder);
  put(path, processes);
  snprintf(path, sizeof path, "%s/cgroup.controllers", folder);
  put(path, "cpu\n");
  put_v2(folder, max);
}

static void put_namespace(const char *name) {
  char path[PATH_MAX];
  put("/proc/self/ns/.here", "");
  snprintf(path, sizeof path, "%s/proc/self/ns/cgroup", root);
  cr_assert_eq(symlink(name, path), 0);
}

/* The mount is the host's, from two folders above the namespace's root. */
static void put_host_tree(void) {
  char self[64];
  snprintf(self, sizeof self, "1\n0\n%ld\n", (long)getpid());
  put_cgroup("/sys/fs/cgroup", "1\n", "max\n");
  put_cgroup("/sys/fs/cgroup/a", "", "max 100000\n");
  put_cgroup("/sys/fs/cgroup/a/x", "1\n0\n", "100000 100000\n");
  put_cgroup("/sys/fs/cgroup/a/mine", "", "400000 100000\n");
  put_cgroup("/sys/fs/cgroup/a/mine/job", self, "300000 100000\n");
  put_cgroup("/sys/fs/cgroup/a/mine/other", "", "100000 100000\n");
  put_cgroup("/sys/fs/cgroup/b/mine/job", "12\n", "100000 100000\n");
}

#define HOST_MOUNT "31 24 0:27 /../.. /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

Test(platform_budget, namespace_that_still_sees_the_hosts_mount) {
  char self[64];
  put_host_tree();
  put_namespace("cgroup:[4026532573]");
  put_self("0::/job\n", OTHER_MOUNTS HOST_MOUNT);
  cr_expect_eq(budget(), 3);
  put_v2("/sys/fs/cgroup/a", "200000 100000\n");
  cr_expect_eq(budget(), 2, "those above the namespace's root count, too");
  put_v2("/sys/fs/cgroup/a", "max 100000\n");
  put_self("0::/\n", OTHER_MOUNTS HOST_MOUNT);
  cr_expect_eq(budget(), CPUS, "nobody lists the process there");
  snprintf(self, sizeof self, "%ld\n", (long)getpid());
  put("/sys/fs/cgroup/a/mine/cgroup.procs", self);
  cr_expect_eq(budget(), 4);
  put("/sys/fs/cgroup/cgroup.procs", self);
  cr_expect_eq(budget(), 4, "the usual mount point's root is not the namespace's");
}

Test(platform_budget, cgroup_beside_the_namespaces_root) {
  char self[64];
  snprintf(self, sizeof self, "%ld\n", (long)getpid());
  put_host_tree();
  put_cgroup("/sys/fs/cgroup/a/moved", self, "500000 100000\n");
  put_namespace("cgroup:[4026532573]");
  put_self("0::/../moved\n", HOST_MOUNT);
  cr_expect_eq(budget(), 5);
  put_self("0::/../../../moved\n", HOST_MOUNT);
  put_v2("/sys/fs/cgroup", "700000 100000\n");
  cr_expect_eq(budget(), 7, "out of the mount: its root counts");
  put_self("0::/moved\n", "31 24 0:27 /../../y /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  cr_expect_eq(budget(), 7, "nothing tells whether that is above the process");
}

Test(platform_budget, the_first_namespace_needs_no_mount_table) {
  put_host_tree();
  put_namespace("cgroup:[4026531835]");
  put("/proc/self/cgroup", "0::/a/x\n");
  cr_expect_eq(budget(), 1);
}

Test(platform_budget, where_no_mount_shows_the_cgroup_the_mounts_root_counts) {
  put_self("0::/../other\n", V2_MOUNT);
  put_v2("/sys/fs/cgroup", "300000 100000\n");
  put_v2("/sys/fs/other", "100000 100000\n");
  cr_expect_eq(budget(), 3);
  put_self("0::/docker/abcdef\n", "40 30 0:29 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  put_v2("/sys/fs/cgroup/def", "100000 100000\n");
  cr_expect_eq(budget(), 3, "a path is compared by whole names");
}

Test(platform_budget, of_several_mounts_one_that_shows_the_cgroup_is_taken) {
  put_self("0::/job\n", "40 30 0:29 /elsewhere /bind ro - cgroup2 cgroup rw\n" V2_MOUNT
                        "41 30 0:29 /else /bind2 ro - cgroup2 cgroup rw\n");
  put_v2("/bind", "100000 100000\n");
  put_v2("/bind2", "100000 100000\n");
  put_v2("/sys/fs/cgroup/job", "300000 100000\n");
  cr_expect_eq(budget(), 3);
}

Test(platform_budget, mount_points_with_white_space_are_decoded) {
  put_self("0::/my job\n", "31 24 0:27 / /cg\\040one\\134two rw - cgroup2 cgroup2 rw\n");
  put_v2("/cg one\\two/my job", "200000 100000\n");
  cr_expect_eq(budget(), 2);
}

Test(platform_budget, a_mount_on_the_root_folder_works) {
  put_self("0::/job/x\n", "31 24 0:27 / / rw - cgroup2 cgroup2 rw\n");
  put_v2("/job", "200000 100000\n");
  cr_expect_eq(budget(), 2);
}

Test(platform_budget, paths_with_colons_are_whole) {
  put_self("0::/a:b\n", V2_MOUNT);
  put_v2("/sys/fs/cgroup/a:b", "200000 100000\n");
  cr_expect_eq(budget(), 2);
}

Test(platform_budget, malformed_quotas_are_none) {
  static const char *const texts[] = {"",
                                      "\n",
                                      " ",
                                      "-5 100000\n",
                                      "abc\n",
                                      "100000 0\n",
                                      "0 100000\n",
                                      "100000 abc\n",
                                      "100000 100000 1\n",
                                      "100000x 100000\n",
                                      "100000,100000\n",
                                      "100000 -1\n",
                                      "99999999999999999999999 100000\n",
                                      "100000 99999999999999999999999\n",
                                      "18446744073709551615 1\n",
                                      "0x10 100000\n",
                                      "1e5 100000\n"};
  put_self("0::/job\n", V2_MOUNT);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    put_v2("/sys/fs/cgroup/job", texts[i]);
    cr_expect_eq(budget(), CPUS, "%s", texts[i]);
  }
  put_self("1:cpu:/job\n", V1_MOUNT);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    put_v1("/sys/fs/cgroup/cpu,cpuacct/job", texts[i], "100000\n");
    cr_expect_eq(budget(), CPUS, "quota %s", texts[i]);
    put_v1("/sys/fs/cgroup/cpu,cpuacct/job", "100000\n", texts[i]);
    cr_expect_eq(budget(), CPUS, "period %s", texts[i]);
  }
}

Test(platform_budget, malformed_tables_are_no_quota) {
  static const char *const cgroups[] = {
      "", "\n\n", ":", "::", "0", "0:", "0::", "0::job\n", "x:y:z\n", "0:cpu", "7:cpu", ":::::\n"};
  static const char *const mounts[] = {"",
                                       "\n",
                                       " ",
                                       "-",
                                       " - ",
                                       "31",
                                       "31 24 0:27 /",
                                       "31 24 0:27 / /sys/fs/cgroup",
                                       "31 24 0:27 / /sys/fs/cgroup rw",
                                       "31 24 0:27 / /sys/fs/cgroup rw -",
                                       "31 24 0:27 / /sys/fs/cgroup rw - cgroup2",
                                       "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2",
                                       "31 24 0:27 / /sys/fs/cgroup rw cgroup2 cgroup2 rw",
                                       "31 24 0:27 x y rw - cgroup2 cgroup2 rw",
                                       "      - cgroup2  ",
                                       "31 24 0:27 / \\0 rw - cgroup2 cgroup2 rw"};
  put_v2("/sys/fs/cgroup", "100000 100000\n");
  for (size_t i = 0; i < sizeof cgroups / sizeof cgroups[0]; i++) {
    put_self(cgroups[i], V2_MOUNT V1_MOUNT);
    cr_expect_eq(budget(), CPUS, "%s", cgroups[i]);
  }
  for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
    put_self("0::/\n", mounts[i]);
    cr_expect_eq(budget(), CPUS, "%s", mounts[i]);
  }
}

Test(platform_budget, bytes_of_any_value_crash_nothing) {
  unsigned seed = 1;
  put_v2("/sys/fs/cgroup", "max 100000\n");
  for (int round = 0; round < 300; round++) {
    char bytes[300];
    static const char alphabet[] = "0:/ -\n\\.,cpugro12";
    size_t size = (size_t)(rand_r(&seed) % (int)sizeof bytes);
    for (size_t i = 0; i < size; i++) {
      bytes[i] = round % 3 == 0 ? (char)rand_r(&seed) : alphabet[(size_t)rand_r(&seed) % (sizeof alphabet - 1)];
    }
    put_self("0::/\n1:cpu:/a/b/../c\n", V2_MOUNT V1_MOUNT);
    put_bytes(round % 2 == 0 ? "/proc/self/cgroup" : "/proc/self/mountinfo", bytes, size);
    cr_expect_geq(budget(), 1);
  }
}

Test(platform_budget, paths_too_long_to_open_are_no_quota) {
  char cgroup[6000] = "0::";
  for (size_t i = 3; i < sizeof cgroup - 1; i++) cgroup[i] = i % 2 != 0 ? '/' : 'a';
  cgroup[sizeof cgroup - 1] = '\0';
  put_self(cgroup, V2_MOUNT);
  cr_expect_eq(budget(), CPUS);
}

Test(platform_budget, long_mount_tables_are_read_whole) {
  enum { LINES = 5000 };
  const size_t line = strlen(OTHER_MOUNTS);
  char *table = malloc(LINES * line + strlen(V2_MOUNT) + 1);
  for (int i = 0; i < LINES; i++) memcpy(table + (size_t)i * line, OTHER_MOUNTS, line);
  strcpy(table + LINES * line, V2_MOUNT);
  put_self("0::/job\n", table);
  put_v2("/sys/fs/cgroup/job", "200000 100000\n");
  cr_expect_eq(budget(), 2);
  free(table);
}

Test(platform_budget, this_machine_has_one_and_errno_stays) {
  errno = 1234;
  cr_expect_geq(pp_cpu_budget(), 1);
  cr_expect_geq(budget(), 1);
  cr_expect_eq(errno, 1234);
}
