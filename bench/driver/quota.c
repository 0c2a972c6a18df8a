/* SPDX-License-Identifier: MIT */
/* quota.c: makes a control group below the driver's own, or beside it, at the usual mount points.
 *
 * Nothing of the system's own groups is changed: where the cpu controller is not already handed down to a group that
 * this process may make, there is no quota. In version 2 a group with processes hands nothing down, so the place
 * beside the driver's own is tried too. */
#include "driver/quota.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "suites/suite.h"

/* Containers have 100 ms by default; with 20 a sample need not be seconds long to hold many periods. */
enum { PERIOD_US = 20000, REMOVALS_MAX = 20 };
#define QUOTA_US ((int)(BENCH_QUOTA_CPUS * PERIOD_US))
#define REMOVAL_WAIT_NS 5000000

static char group[PATH_MAX], home[PATH_MAX]; /* the group, and the driver's own */
static enum { UNTRIED, MADE, FORBIDDEN } state;

static bool write_to(const char *directory, const char *file, const char *text) {
  char path[PATH_MAX];
  FILE *out;
  bool written;
  if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, file) >= sizeof path) return false;
  out = fopen(path, "r+"); /* never creates one */
  if (out == NULL) return false;
  written = fputs(text, out) >= 0;
  return fclose(out) == 0 && written;
}

static bool put(const char *directory, pid_t process) {
  char text[32];
  snprintf(text, sizeof text, "%ld", (long)process);
  return write_to(directory, "cgroup.procs", text);
}

static bool limit(bool second) {
  char quota[64], period[32];
  snprintf(period, sizeof period, "%d", PERIOD_US);
  snprintf(quota, sizeof quota, second ? "%d %d" : "%d", QUOTA_US, PERIOD_US);
  if (second) return write_to(group, "cpu.max", quota);
  return write_to(group, "cpu.cfs_period_us", period) && write_to(group, "cpu.cfs_quota_us", quota);
}

static bool make_in(const char *parent, bool second) {
  if ((size_t)snprintf(group, sizeof group, "%s/ppar_bench.%ld", parent, (long)getpid()) >= sizeof group) return false;
  if (mkdir(group, 0755) != 0) return false;
  if (limit(second)) return true;
  rmdir(group);
  return false;
}

/* `path` is what /proc/self/cgroup says. */
static bool make_at(const char *mount, const char *path, bool second) {
  char parent[PATH_MAX];
  if ((size_t)snprintf(home, sizeof home, "%s%s", mount, strcmp(path, "/") == 0 ? "" : path) >= sizeof home)
    return false;
  if (make_in(home, second)) return true;
  if (!second || strcmp(path, "/") == 0) return false;
  memcpy(parent, home, sizeof parent);
  *strrchr(parent, '/') = '\0';
  return make_in(parent, second);
}

static bool is_cpu(const char *controllers) {
  return strcmp(controllers, "cpu") == 0 || strcmp(controllers, "cpu,cpuacct") == 0 ||
         strcmp(controllers, "cpuacct,cpu") == 0;
}

/* A line is NUMBER:CONTROLLERS:PATH; version 2 has number 0 and no controllers. */
static bool make(void) {
  FILE *file = fopen("/proc/self/cgroup", "r");
  char line[PATH_MAX];
  bool made = false;
  while (file != NULL && !made && fgets(line, sizeof line, file) != NULL) {
    char *controllers = strchr(line, ':'), *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    char mount[PATH_MAX];
    if (path == NULL) continue;
    *path++ = '\0';
    path[strcspn(path, "\n")] = '\0';
    controllers++;
    if (is_cpu(controllers)) {
      snprintf(mount, sizeof mount, "/sys/fs/cgroup/%s", controllers);
      made = make_at(mount, path, false);
    } else if (*controllers == '\0') {
      made = make_at("/sys/fs/cgroup", path, true) || make_at("/sys/fs/cgroup/unified", path, true);
    }
  }
  if (file != NULL) fclose(file);
  return made;
}

bool bench_quota_put_on(pid_t process) {
  if (state == UNTRIED) state = make() ? MADE : FORBIDDEN;
  return state == MADE && put(group, process);
}

void bench_quota_take_off(pid_t process) { put(home, process); }

/* A process that has ended leaves its group a moment later. */
void bench_quota_remove(void) {
  const struct timespec moment = {0, REMOVAL_WAIT_NS};
  if (state != MADE) return;
  for (int k = 0; k < REMOVALS_MAX && rmdir(group) != 0 && errno == EBUSY; k++) nanosleep(&moment, NULL);
  state = UNTRIED;
}
