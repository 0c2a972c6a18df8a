/* SPDX-License-Identifier: MIT */
/* places.c: places by name, from hwloc's tree of the machine, and the arithmetic of binding. */
#include "settings/places.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <ppar/pool.h>
#include <ppar/status.h>

#include "platform/memory.h"
#include "settings/places_text.h"

struct pp_places {
  pp_place_list list;
  bool synthetic;
};

/* What is known without hwloc: the CPUs. */
static int add_plain_places(pp_place_list *list, pp_places_kind kind, int count, const pp_cpuset *available) {
  int status = PPAR_OK;
  if (kind != PP_PLACES_THREADS && kind != PP_PLACES_CORES) return pp_place_list_add(list, pp_cpuset_copy(available));
  for (int cpu = -1; status == PPAR_OK && list->count < count && (cpu = pp_cpuset_next(available, cpu)) >= 0;) {
    pp_cpuset *place = pp_cpuset_make(cpu + 1);
    if (place != NULL) pp_cpuset_add(place, cpu);
    status = pp_place_list_add(list, place);
  }
  return status;
}

#if defined(PP_NO_HWLOC)

static int make_synthetic(pp_place_list *list, const char *text, const char *description) {
  (void)list;
  (void)text;
  (void)description;
  return PPAR_EINVAL;
}

static int add_named_places(pp_place_list *list, pp_places_kind kind, int count, const pp_cpuset *available) {
  return add_plain_places(list, kind, count, available);
}

#else

#include <hwloc.h>

/* Loads the machine, or a synthetic one; false: hwloc cannot. Only what places are made of: I/O devices
 * take most of a load's time. */
static bool load(hwloc_topology_t *out, const char *synthetic) {
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
  if ((synthetic != NULL && hwloc_topology_set_synthetic(topology, synthetic) != 0) ||
      hwloc_topology_load(topology) != 0) {
    hwloc_topology_destroy(topology);
    return false;
  }
  *out = topology;
  return true;
}

/* The CPUs of a hwloc bitmap that are also available (NULL: all of them). NULL: no memory. */
static pp_cpuset *cpuset_from(hwloc_const_bitmap_t bitmap, const pp_cpuset *available) {
  int last = hwloc_bitmap_last(bitmap);
  pp_cpuset *set = pp_cpuset_make(last < PP_CPU_LIMIT ? last + 1 : PP_CPU_LIMIT);
  for (int cpu = -1; set != NULL && (cpu = hwloc_bitmap_next(bitmap, cpu)) >= 0 && cpu < PP_CPU_LIMIT;) {
    if (available == NULL || pp_cpuset_has(available, cpu)) pp_cpuset_add(set, cpu);
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

/* hwloc's object of a place. Where the machine tells no cores or packages, what is next to them. */
static hwloc_obj_type_t object_type(hwloc_topology_t topology, pp_places_kind kind) {
  hwloc_obj_type_t type = HWLOC_OBJ_PU;
  if (kind == PP_PLACES_CORES) type = HWLOC_OBJ_CORE;
  if (kind == PP_PLACES_NUMA_DOMAINS) type = HWLOC_OBJ_NUMANODE;
  if (kind == PP_PLACES_SOCKETS) type = HWLOC_OBJ_PACKAGE;
  if (hwloc_get_nbobjs_by_type(topology, type) > 0) return type;
  return kind == PP_PLACES_CORES ? HWLOC_OBJ_PU : HWLOC_OBJ_MACHINE;
}

/* The places in hwloc's logical order, neighbours next to each other. Objects without available CPUs are left
 * out (NUMA nodes of memory alone), and those that repeat the CPUs of the one before (two kinds of memory). */
static int add_topology_places(pp_place_list *list, hwloc_topology_t topology, pp_places_kind kind, int count,
                               const pp_cpuset *available) {
  hwloc_obj_type_t type = object_type(topology, kind);
  int objects = hwloc_get_nbobjs_by_type(topology, type);
  int status = PPAR_OK;
  for (int i = 0; i < objects && list->count < count && status == PPAR_OK; i++) {
    hwloc_obj_t object = hwloc_get_obj_by_type(topology, type, (unsigned)i);
    pp_cpuset *place;
    if (kind == PP_PLACES_LL_CACHES) object = last_level_cache(object);
    place = cpuset_from(object->cpuset, available);
    if (place != NULL &&
        (pp_cpuset_count(place) == 0 || (list->count > 0 && pp_cpuset_equal(place, list->sets[list->count - 1])))) {
      pp_cpuset_free(place);
    } else {
      status = pp_place_list_add(list, place);
    }
  }
  return status;
}

static int add_named_places(pp_place_list *list, pp_places_kind kind, int count, const pp_cpuset *available) {
  hwloc_topology_t topology;
  int status;
  if (!load(&topology, NULL)) return add_plain_places(list, kind, count, available);
  status = add_topology_places(list, topology, kind, count, available);
  hwloc_topology_destroy(topology);
  return status;
}

static int make_synthetic(pp_place_list *list, const char *text, const char *description) {
  hwloc_topology_t topology;
  pp_places_kind kind;
  int count, status;
  if (!load(&topology, description)) return PPAR_EINVAL;
  if (pp_places_text_name(text, &kind, &count) == PPAR_OK) {
    status = add_topology_places(list, topology, kind, count, NULL);
  } else {
    pp_cpuset *all = cpuset_from(hwloc_topology_get_topology_cpuset(topology), NULL);
    status = all != NULL ? pp_places_text_list(text, all, list) : PPAR_ENOMEM;
    pp_cpuset_free(all);
  }
  hwloc_topology_destroy(topology);
  return status;
}

#endif

/* An explicit list needs no topology. */
static int make_real(pp_place_list *list, const char *text) {
  pp_cpuset *available = pp_cpuset_affinity();
  pp_places_kind kind;
  int count, status;
  if (available == NULL) return PPAR_ENOMEM;
  if (pp_places_text_name(text, &kind, &count) == PPAR_OK) {
    status = add_named_places(list, kind, count, available);
  } else {
    status = pp_places_text_list(text, available, list);
  }
  pp_cpuset_free(available);
  return status;
}

int pp_places_make(pp_places **out, const char *places_text, const char *synthetic) {
  pp_places *places = pp_memory_zalloc(sizeof *places);
  int status;
  if (places == NULL) return PPAR_ENOMEM;
  if (places_text == NULL) places_text = "cores";
  places->synthetic = synthetic != NULL;
  status =
      places->synthetic ? make_synthetic(&places->list, places_text, synthetic) : make_real(&places->list, places_text);
  if (status == PPAR_OK && places->list.count == 0) status = PPAR_EINVAL;
  if (status == PPAR_OK) {
    *out = places;
  } else {
    pp_places_free(places);
  }
  return status;
}

void pp_places_free(pp_places *places) {
  if (places == NULL) return;
  pp_place_list_clear(&places->list);
  pp_memory_free(places);
}

int pp_places_count(const pp_places *places) { return places->list.count; }

int pp_places_cpus(const pp_places *places, int place, int *cpus, int capacity) {
  const pp_cpuset *set = places->list.sets[place];
  int count = 0;
  for (int cpu = -1; (cpu = pp_cpuset_next(set, cpu)) >= 0; count++) {
    if (count < capacity) cpus[count] = cpu;
  }
  return count;
}

const pp_cpuset *pp_places_cpuset(const pp_places *places, int place) { return places->list.sets[place]; }

int pp_places_bind_thread(const pp_places *places, int place) {
  if (places->synthetic || place < 0 || place >= places->list.count) return PPAR_EINVAL;
  return pp_cpuset_bind_thread(places->list.sets[place]) == 0 ? PPAR_OK : PPAR_EINVAL;
}

/* The index of the group that an item is in, when items are cut into groups, all groups as equal as can be. */
static int group_of(int item, int items, int groups) { return (int)((int64_t)item * groups / items); }

/* The first item of the group: the least one that group_of gives the group. */
static int first_of(int group, int items, int groups) { return (int)(((int64_t)group * items + groups - 1) / groups); }

int pp_places_assign(int policy, int place_count, int threads, int thread, int caller_place) {
  if (place_count <= 0 || threads <= 0 || thread < 0 || thread >= threads) return -1;
  if (caller_place < 0 || caller_place >= place_count) caller_place = 0;
  switch (policy) {
    case PPAR_BIND_PRIMARY: return caller_place;
    case PPAR_BIND_SPREAD:
      if (threads <= place_count) {
        int run = group_of(caller_place, place_count, threads);
        if (thread == 0) return caller_place;
        return first_of((run + thread) % threads, place_count, threads);
      }
      break;
    case PPAR_BIND_TRUE:
    case PPAR_BIND_CLOSE: break;
    default: return -1;
  }
  if (threads <= place_count) return (int)(((int64_t)caller_place + thread) % place_count);
  return (int)(((int64_t)caller_place + group_of(thread, threads, place_count)) % place_count);
}
