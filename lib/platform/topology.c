/* SPDX-License-Identifier: MIT */
/* topology.c: the machine as hwloc sees it, and what is left of that without hwloc.
 *
 * hwloc is asked on a thread of its own. It opens files without close-on-exec, so that a child which another thread
 * spawns at that moment would inherit them: this thread has a table of open files to itself, which no child gets. It
 * also has a large stack, whatever the caller's size.
 *
 * hwloc has a mutex of its own, too. A child that was forked while it is held would wait for it for ever, so there is a
 * lock around all that is asked, which a fork takes. */
#include "platform/topology.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "platform/standing.h"

static pthread_mutex_t reading_lock = PTHREAD_MUTEX_INITIALIZER;

void pp_topology_lock(void) { (void)pthread_mutex_lock(&reading_lock); }
void pp_topology_unlock(void) { (void)pthread_mutex_unlock(&reading_lock); }

/* What is known without hwloc: the CPUs, as far as the process may run on them. */
static int list_cpus(pp_topology_kind kind, pp_cpuset_list *objects) {
  const pp_cpuset *cpus = pp_standing_cpus();
  pp_cpuset *all = cpus != NULL ? pp_cpuset_copy(cpus) : NULL;
  bool fits = true;
  if (all == NULL) return ENOMEM;
  if (kind != PP_TOPOLOGY_THREADS && kind != PP_TOPOLOGY_CORES) return pp_cpuset_list_add(objects, all) ? 0 : ENOMEM;
  for (int cpu = -1; fits && (cpu = pp_cpuset_next(all, cpu)) >= 0;) {
    pp_cpuset *one = pp_cpuset_make(cpu + 1);
    if (one != NULL) pp_cpuset_add(one, cpu);
    fits = pp_cpuset_list_add(objects, one);
  }
  pp_cpuset_free(all);
  return fits ? 0 : ENOMEM;
}

#if defined(PP_NO_HWLOC)

int pp_topology_list(pp_topology_kind kind, const char *description, pp_cpuset_list *objects) {
  return description == NULL ? list_cpus(kind, objects) : EINVAL;
}

#else

#include <hwloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#endif

#include "platform/thread.h"

/* hwloc 2.9 writes through NULL where it gets no memory, so it is asked only where it should get some, in bytes: it
 * takes a few kilobytes for each CPU. It may still be refused what the system had a moment ago. */
enum { ENOUGH_MEMORY = 1024 * 1024, ENOUGH_FOR_CPU = 16 * 1024 };

/* Loads the machine, or the one described; false: hwloc cannot. Of its objects only those of topology.h: I/O devices
 * take most of a load's time. */
static bool load(hwloc_topology_t *out, const char *description) {
  static const hwloc_obj_type_t kept[] = {HWLOC_OBJ_PACKAGE, HWLOC_OBJ_CORE,    HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE,
                                          HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE, HWLOC_OBJ_L5CACHE};
  hwloc_topology_t topology;
  if (hwloc_topology_init(&topology) != 0) return false;
  (void)hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    (void)hwloc_topology_set_type_filter(topology, kept[i], HWLOC_TYPE_FILTER_KEEP_ALL);
  }
  /* NUMA nodes that are neither a package nor a cache hang below groups, and have no CPUs of their own without. */
  (void)hwloc_topology_set_type_filter(topology, HWLOC_OBJ_GROUP, HWLOC_TYPE_FILTER_KEEP_STRUCTURE);
#if HWLOC_API_VERSION >= 0x00020500
  /* hwloc would else move the calling thread from CPU to CPU on some systems. */
  (void)hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
#endif
  if ((description != NULL && hwloc_topology_set_synthetic(topology, description) != 0) ||
      hwloc_topology_load(topology) != 0) {
    hwloc_topology_destroy(topology);
    return false;
  }
  *out = topology;
  return true;
}

/* NULL: no memory. */
static pp_cpuset *cpuset_from(hwloc_const_bitmap_t bitmap) {
  int last = hwloc_bitmap_last(bitmap);
  pp_cpuset *set = pp_cpuset_make(last < PP_CPU_LIMIT ? last + 1 : PP_CPU_LIMIT);
  for (int cpu = -1; set != NULL && (cpu = hwloc_bitmap_next(bitmap, cpu)) >= 0 && cpu < PP_CPU_LIMIT;) {
    pp_cpuset_add(set, cpu);
  }
  return set;
}

/* The outermost cache that serves the PU; without caches its package, or the machine. */
static hwloc_obj_t last_level_cache(hwloc_obj_t pu) {
  hwloc_obj_t cache = NULL, package = NULL, above = pu;
  for (hwloc_obj_t at = pu->parent; at != NULL; at = at->parent) {
    if (hwloc_obj_type_is_dcache(at->type)) cache = at;
    if (at->type == HWLOC_OBJ_PACKAGE) package = at;
    above = at;
  }
  return cache != NULL ? cache : package != NULL ? package : above;
}

/* hwloc's objects of the kind, or what stands in for them. Caches are found from their PUs. */
static hwloc_obj_type_t object_type(hwloc_topology_t topology, pp_topology_kind kind) {
  hwloc_obj_type_t type = HWLOC_OBJ_MACHINE;
  switch (kind) {
    case PP_TOPOLOGY_MACHINE: return HWLOC_OBJ_MACHINE;
    case PP_TOPOLOGY_SOCKETS: type = HWLOC_OBJ_PACKAGE; break;
    case PP_TOPOLOGY_NUMA_DOMAINS: type = HWLOC_OBJ_NUMANODE; break;
    case PP_TOPOLOGY_CORES: type = HWLOC_OBJ_CORE; break;
    case PP_TOPOLOGY_LAST_CACHES:
    case PP_TOPOLOGY_THREADS: return HWLOC_OBJ_PU;
  }
  if (hwloc_get_nbobjs_by_type(topology, type) > 0) return type;
  return kind == PP_TOPOLOGY_CORES ? HWLOC_OBJ_PU : HWLOC_OBJ_MACHINE;
}

/* In hwloc's logical order. The PUs behind one cache follow each other in it. */
static int list_objects(hwloc_topology_t topology, pp_topology_kind kind, pp_cpuset_list *objects) {
  hwloc_obj_type_t type = object_type(topology, kind);
  int count = hwloc_get_nbobjs_by_type(topology, type);
  hwloc_obj_t before = NULL;
  for (int i = 0; i < count; i++) {
    hwloc_obj_t object = hwloc_get_obj_by_type(topology, type, (unsigned)i);
    if (kind == PP_TOPOLOGY_LAST_CACHES) object = last_level_cache(object);
    if (object == before) continue;
    before = object;
    if (!pp_cpuset_list_add(objects, cpuset_from(object->cpuset))) return ENOMEM;
  }
  return 0;
}

static bool has_memory(void) {
  long cpus = sysconf(_SC_NPROCESSORS_CONF);
  size_t size = ENOUGH_MEMORY + (cpus > 0 ? (size_t)cpus : 0) * ENOUGH_FOR_CPU;
  void *volatile block = malloc(size); /* volatile: compilers may leave out a block that nobody uses */
  bool given = block != NULL;
  free(block);
  return given;
}

static int list_loaded(pp_topology_kind kind, const char *description, pp_cpuset_list *objects) {
  hwloc_topology_t topology;
  int status;
  if (!has_memory()) return ENOMEM;
  if (!load(&topology, description)) return description == NULL ? list_cpus(kind, objects) : EINVAL;
  status = list_objects(topology, kind, objects);
  hwloc_topology_destroy(topology);
  return status;
}

/* The calling thread gets a table of open files of its own, if the system lets it. The first way, of Linux 5.9, also
 * closes what the process has open in this thread's table, so that a pipe's other end need not wait for this thread.
 * The second is older, and forbidden in some containers. */
static void leave_open_files(void) {
#if defined(__linux__)
#if defined(SYS_close_range)
  enum { UNSHARE_FIRST = 1 << 1 };
  if (syscall(SYS_close_range, STDERR_FILENO + 1u, UINT32_MAX, UNSHARE_FIRST) == 0) return;
#endif
  (void)unshare(CLONE_FILES);
#endif
}

typedef struct reading {
  pp_topology_kind kind;
  const char *description;
  pp_cpuset_list *objects;
  int status;
} reading;

static void *read_apart(void *arg) {
  reading *r = arg;
  leave_open_files();
  r->status = list_loaded(r->kind, r->description, r->objects);
  return NULL;
}

/* Where the system gives no thread the calling one asks. It must not be cancelled under the lock. */
int pp_topology_list(pp_topology_kind kind, const char *description, pp_cpuset_list *objects) {
  reading r = {kind, description, objects, 0};
  pthread_t thread;
  int cancel_state;
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
  pp_topology_lock();
  if (pp_thread_start(&thread, read_apart, &r, NULL) == 0) {
    (void)pthread_join(thread, NULL);
  } else {
    r.status = list_loaded(kind, description, objects);
  }
  pp_topology_unlock();
  (void)pthread_setcancelstate(cancel_state, &cancel_state);
  return r.status;
}

#endif
