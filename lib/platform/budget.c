/* SPDX-License-Identifier: MIT */
/* budget.c: the CPU quota of this process's cgroup, of version 1 or version 2.
 *
 * /proc/self/cgroup tells the process's cgroup as a path in its hierarchy. Of both versions side by side
 * (hybrid systems), the one that has the cpu controller counts: a controller is in one hierarchy only.
 *
 * /proc/self/mountinfo tells where the hierarchy is mounted, and which of its cgroups is at the mount's root:
 * in a container often the container's own. So the files are in mount point + (path - root), and an ancestor's
 * are a folder up, as far as the mount shows. The smallest quota on the way holds.
 *
 * The first loop of a process waits for all this, so the usual mount point is tried first: where it has a
 * cgroup of that path, the mount table (40 us and more) need not be read.
 *
 * In a cgroup namespace both are told as seen from the namespace's root. A mount from outside of it then begins at
 * "/../..": two folders above that root, and nothing tells their names. The process's cgroup is then looked for, by
 * its processes (cgroup_search.h). That it is such a mount only the mount table says, so there it is always read.
 *
 * Callers may have small stacks: paths are written into one block. */
#include "platform/budget.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/cgroup_search.h"
#include "platform/cpuset.h"
#include "platform/mounts.h"
#include "platform/standing.h"

enum {
  PATH_SIZE = PP_CGROUP_PATH_SIZE,
  SHORT_SIZE = 64,              /* a file of two numbers */
  FIRST_READ = 4096,            /* files below /proc tell no size */
  MOST_READ = 16 * 1024 * 1024, /* a mount table of a hundred thousand lines */
  THOUSAND = 1000,
  NO_QUOTA = INT_MAX,
  DEFAULT_PERIOD = 100000 /* microseconds, the kernel's */
};

/* What the two versions do differently. */
typedef struct hierarchy {
  const char *filesystem;
  const char *option; /* that the mount must have; NULL: none */
  const char *usual_point;
  const char *sign; /* a file that each cgroup of this hierarchy has, and none of another */
  int (*quota)(char *folder);
} hierarchy;

/* Where files are looked for, and what paths are written to: whose text is in it differs by function. */
typedef struct search {
  const char *root; /* of all paths; "" but for tests */
  char path[PATH_SIZE];
} search;

/* Writes the three strings in a row; false: too long. */
static bool join(char out[PATH_SIZE], const char *a, const char *b, const char *c) {
  size_t length_a = strlen(a), length_b = strlen(b), length_c = strlen(c);
  if (length_a + length_b + length_c >= PATH_SIZE) return false;
  memcpy(out, a, length_a);
  memcpy(out + length_a, b, length_b);
  memcpy(out + length_a + length_b, c, length_c + 1);
  return true;
}

/* Opens a file of the folder, whose path is there for PATH_SIZE bytes, and is as it was afterwards. */
static int open_file(char *folder, const char *name) {
  size_t length = strlen(folder), more = strlen(name);
  int file;
  if (length + more >= PATH_SIZE) return -1;
  memcpy(folder + length, name, more + 1);
  file = open(folder, O_RDONLY | O_CLOEXEC);
  folder[length] = '\0';
  return file;
}

/* A file below /sys, which one read gives whole. */
static bool read_short(char *folder, const char *name, char out[SHORT_SIZE]) {
  int file = open_file(folder, name);
  ssize_t length;
  if (file < 0) return false;
  length = read(file, out, SHORT_SIZE - 1);
  (void)close(file);
  if (length < 0) return false;
  out[length] = '\0';
  return true;
}

/* The whole file, or NULL. The caller frees it. */
static char *read_file(search *where, const char *name) {
  char *text = NULL;
  size_t length = 0;
  ssize_t got = -1;
  int file = join(where->path, where->root, "", "") ? open_file(where->path, name) : -1;
  if (file < 0) return NULL;
  for (size_t size = FIRST_READ; size <= MOST_READ; size *= 2) {
    char *larger = realloc(text, size);
    got = -1;
    if (larger == NULL) break;
    text = larger;
    while (length < size - 1 && (got = read(file, text + length, size - 1 - length)) > 0) length += (size_t)got;
    if (length < size - 1) break;
  }
  (void)close(file);
  if (got != 0) {
    free(text);
    return NULL;
  }
  text[length] = '\0';
  return text;
}

/* A positive number at *text, which then points past it. */
static bool read_number(const char **text, uint64_t *out) {
  const char *at = *text;
  uint64_t value = 0;
  for (; *at >= '0' && *at <= '9'; at++) {
    if (__builtin_mul_overflow(value, (uint64_t)10, &value)) return false;
    if (__builtin_add_overflow(value, (uint64_t)(*at - '0'), &value)) return false;
  }
  *text = at;
  *out = value;
  return value != 0;
}

static bool at_end(const char *text) { return text[strspn(text, " \n")] == '\0'; }

/* As thousandths of a CPU. What there is of a further CPU is at least one of them, so that it rounds up to that. */
static int in_thousandths(uint64_t quota, uint64_t period) {
  uint64_t rest = quota % period, part = (uint64_t)((double)rest * THOUSAND / (double)period);
  if (quota / period >= NO_QUOTA / THOUSAND) return NO_QUOTA;
  return (int)(quota / period) * THOUSAND + (part != 0 || rest == 0 ? (int)part : 1);
}

/* A file with one positive number. */
static bool read_number_file(char *folder, const char *name, uint64_t *out) {
  char text[SHORT_SIZE];
  const char *at = text;
  return read_short(folder, name, text) && read_number(&at, out) && at_end(at);
}

/* Without a quota cpu.cfs_quota_us is -1. */
static int quota_v1(char *folder) {
  uint64_t quota, period;
  if (!read_number_file(folder, "/cpu.cfs_quota_us", &quota)) return NO_QUOTA;
  if (!read_number_file(folder, "/cpu.cfs_period_us", &period)) return NO_QUOTA;
  return in_thousandths(quota, period);
}

/* cpu.max is "QUOTA PERIOD"; without a quota "max PERIOD". The root cgroup has none. */
static int quota_v2(char *folder) {
  char text[SHORT_SIZE];
  const char *at = text;
  uint64_t quota, period = DEFAULT_PERIOD;
  if (!read_short(folder, "/cpu.max", text) || !read_number(&at, &quota)) return NO_QUOTA;
  if (!at_end(at) && !(*at++ == ' ' && read_number(&at, &period) && at_end(at))) return NO_QUOTA;
  return in_thousandths(quota, period);
}

static const hierarchy v1 = {"cgroup", "cpu", "/sys/fs/cgroup/cpu", "/cpu.cfs_quota_us", quota_v1};
static const hierarchy v2 = {"cgroup2", NULL, "/sys/fs/cgroup", "/cgroup.controllers", quota_v2};

/* The hierarchy that has the cpu controller, and in *path the process's cgroup there, from /proc/self/cgroup's
 * lines "ID:CONTROLLERS:PATH" (version 2 names no controllers). NULL: neither. Cuts the text up. */
static const hierarchy *find_cgroup(char *text, const char **path) {
  const hierarchy *found = NULL;
  char *line;
  while ((line = strsep(&text, "\n")) != NULL) {
    char *id = strsep(&line, ":");
    char *controllers = strsep(&line, ":");
    if (line == NULL || line[0] != '/') continue;
    if (pp_list_has_word(controllers, v1.option)) {
      *path = line;
      return &v1;
    }
    if (strcmp(id, "0") == 0 && controllers[0] == '\0') {
      *path = line;
      found = &v2;
    }
  }
  return found;
}

/* where->path is the folder of a cgroup: the smallest quota of it and of those above it, up to the one at `top`
 * characters. Cuts the path. */
static int smallest_quota(search *where, size_t top, const hierarchy *h) {
  int smallest = NO_QUOTA;
  for (;;) {
    int quota = h->quota(where->path);
    if (quota < smallest) smallest = quota;
    if (strlen(where->path) <= top) return smallest;
    *strrchr(where->path, '/') = '\0';
  }
}

/* The same of the cgroup that is `below` the mount point. */
static int quota_below(search *where, const char *point, const char *below, const hierarchy *h) {
  size_t top = strlen(where->root) + strlen(point);
  return join(where->path, where->root, point, below) ? smallest_quota(where, top, h) : NO_QUOTA;
}

/* The same where the mount begins above the namespace's root. *found: the cgroup is there. */
static int quota_by_search(search *where, const pp_mount *m, const char *path, const hierarchy *h, bool *found) {
  size_t above = pp_mount_folders_above(path), depth = pp_mount_folders_above(m->root) - above;
  size_t top = strlen(where->root) + strlen(m->point);
  path += 3 * above;
  if (strcmp(path, "/") == 0) path++;
  if (!join(where->path, where->root, m->point, "") || !pp_cgroup_find(where->path, depth, path)) return NO_QUOTA;
  *found = true;
  return smallest_quota(where, top, h);
}

static bool is_at_usual_point(search *where, const char *below, const hierarchy *h) {
  size_t length;
  if (!join(where->path, where->root, h->usual_point, below)) return false;
  length = strlen(where->path);
  if (length + strlen(h->sign) >= PATH_SIZE) return false;
  memcpy(where->path + length, h->sign, strlen(h->sign) + 1);
  return access(where->path, R_OK) == 0;
}

/* Whether the process is in another cgroup namespace than the system's first one, whose number is always the same. */
static bool is_in_namespace(search *where) {
  static const char first[] = "cgroup:[4026531835]";
  char text[SHORT_SIZE];
  ssize_t length =
      join(where->path, where->root, "/proc/self/ns/cgroup", "") ? readlink(where->path, text, sizeof text) : -1;
  return length >= 0 && ((size_t)length != sizeof first - 1 || memcmp(text, first, sizeof first - 1) != 0);
}

/* The hierarchy may be mounted more than once; each mount that shows the process's cgroup counts. If none
 * does (the process was moved, or the namespace does not fit the mount), the last one's root is the nearest
 * that can be known. Cuts the mount table up. */
static int quota_by_mounts(search *where, const char *path, char *mounts, const hierarchy *h) {
  int shown = NO_QUOTA, other = NO_QUOTA;
  bool any_shown = false;
  char *line;
  while ((line = strsep(&mounts, "\n")) != NULL) {
    pp_mount m = {NULL, NULL};
    const char *below;
    bool is_shown = false;
    int quota = NO_QUOTA;
    if (!pp_mount_parse(line, h->filesystem, h->option, &m)) continue;
    below = pp_mount_path_below(m.root, path);
    if (below != NULL) {
      quota = quota_below(where, m.point, below, h);
      is_shown = true;
    } else if (pp_mount_is_above(m.root, path)) {
      quota = quota_by_search(where, &m, path, h, &is_shown);
    }
    if (!is_shown) {
      other = quota_below(where, m.point, "", h);
      continue;
    }
    if (quota < shown) shown = quota;
    any_shown = true;
  }
  return any_shown ? shown : other;
}

static int cgroup_quota(search *where, const char *path, const hierarchy *h) {
  const char *below = pp_mount_path_below("/", path);
  char *mounts;
  int quota = NO_QUOTA;
  if (below != NULL && !is_in_namespace(where) && is_at_usual_point(where, below, h))
    return quota_below(where, h->usual_point, below, h);
  mounts = read_file(where, "/proc/self/mountinfo");
  if (mounts != NULL) quota = quota_by_mounts(where, path, mounts, h);
  free(mounts);
  return quota;
}

/* Thousandths of a CPU. */
static int quota_under(const char *root) {
  int quota = NO_QUOTA, saved = errno;
  search *where = malloc(sizeof *where);
  char *cgroups;
  if (where == NULL) return NO_QUOTA;
  where->root = root;
  cgroups = read_file(where, "/proc/self/cgroup");
  if (cgroups != NULL) {
    const char *path = NULL;
    const hierarchy *h = find_cgroup(cgroups, &path);
    if (h != NULL) quota = cgroup_quota(where, path, h);
  }
  free(cgroups);
  free(where);
  errno = saved;
  return quota;
}

int pp_cpu_budget_under(const char *root, int affinity_cpus) {
  int quota;
  if (affinity_cpus <= 1) return 1;
  quota = quota_under(root);
  if (quota / THOUSAND >= affinity_cpus) return affinity_cpus;
  return quota / THOUSAND + (quota % THOUSAND != 0);
}

int pp_cpu_affinity(void) {
  int saved = errno;
  const pp_cpuset *cpus = pp_standing_cpus();
  int count = cpus != NULL ? pp_cpuset_count(cpus) : 1;
  errno = saved;
  return count;
}

int pp_cpu_budget(void) { return pp_cpu_budget_under("", pp_cpu_affinity()); }

int pp_cpu_quota_under(const char *root) {
  int quota = quota_under(root);
  return quota != NO_QUOTA ? quota : 0;
}

int pp_cpu_quota(void) { return pp_cpu_quota_under(""); }

int pp_cpus_of_machine(void) {
  long cpus = sysconf(_SC_NPROCESSORS_CONF);
  return cpus < 1 ? 1 : cpus > PP_CPU_LIMIT ? PP_CPU_LIMIT : (int)cpus;
}
