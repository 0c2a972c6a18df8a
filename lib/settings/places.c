/* SPDX-License-Identifier: MIT */
/* places.c: places made from the machine's objects or from a list, and the arithmetic of binding. */
#include "settings/places.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include <ppar/pool.h>
#include <ppar/status.h>

#include "platform/memory.h"
#include "platform/standing.h"
#include "platform/topology.h"
#include "settings/places_text.h"

struct pp_places {
  pp_cpuset_list list;
  bool synthetic;
};

/* Appends the available CPUs of the object, unless there are none, or they are the latest place's: domains with two
 * kinds of memory come twice. */
static int add_object(pp_cpuset_list *list, const pp_cpuset *object, const pp_cpuset *available) {
  pp_cpuset *place = pp_cpuset_copy(object);
  if (place == NULL) return PPAR_ENOMEM;
  for (int cpu = -1; (cpu = pp_cpuset_next(object, cpu)) >= 0;) {
    if (!pp_cpuset_has(available, cpu)) pp_cpuset_remove(place, cpu);
  }
  if (pp_cpuset_count(place) == 0 || (list->count > 0 && pp_cpuset_equal(place, list->sets[list->count - 1]))) {
    pp_cpuset_free(place);
    return PPAR_OK;
  }
  return pp_cpuset_list_add(list, place) ? PPAR_OK : PPAR_ENOMEM;
}

/* Appends the first `count` places of the kind. */
static int add_named_places(pp_cpuset_list *list, pp_topology_kind kind, int count, const pp_cpuset *available,
                            const char *synthetic) {
  pp_cpuset_list objects = {NULL, 0, 0};
  int status = pp_topology_list(kind, synthetic, &objects) == 0 ? PPAR_OK : PPAR_ENOMEM;
  for (int i = 0; i < objects.count && list->count < count && status == PPAR_OK; i++) {
    status = add_object(list, objects.sets[i], available);
  }
  pp_cpuset_list_clear(&objects);
  return status;
}

/* The CPUs that places may have: those of the process, or of the whole synthetic machine. */
static int find_available(pp_cpuset **available, const char *synthetic) {
  pp_cpuset_list machine = {NULL, 0, 0};
  int error;
  if (synthetic == NULL) {
    const pp_cpuset *cpus = pp_standing_cpus();
    *available = cpus != NULL ? pp_cpuset_copy(cpus) : NULL;
    return *available != NULL ? PPAR_OK : PPAR_ENOMEM;
  }
  error = pp_topology_list(PP_TOPOLOGY_MACHINE, synthetic, &machine);
  *available = error == 0 ? pp_cpuset_copy(machine.sets[0]) : NULL;
  pp_cpuset_list_clear(&machine);
  if (error == EINVAL) return PPAR_EINVAL;
  return *available != NULL ? PPAR_OK : PPAR_ENOMEM;
}

/* An explicit list needs no topology. */
static int add_places(pp_cpuset_list *list, const char *text, const char *synthetic) {
  pp_cpuset *available;
  pp_topology_kind kind;
  int count, status = find_available(&available, synthetic);
  if (status != PPAR_OK) return status;
  if (pp_places_text_name(text, &kind, &count) == PPAR_OK) {
    status = add_named_places(list, kind, count, available, synthetic);
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
  status = add_places(&places->list, places_text, synthetic);
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
  pp_cpuset_list_clear(&places->list);
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

/* Items are cut into groups that differ by one item at most, the larger ones first. Which group an item is in. */
static int group_of(int item, int items, int groups) {
  int least = items / groups, larger = items % groups, in_larger = larger * (least + 1);
  return item < in_larger ? item / (least + 1) : larger + (item - in_larger) / least;
}

/* The group's first item, and how many it has. */
static pp_partition items_of(int group, int items, int groups) {
  int least = items / groups, larger = items % groups;
  return (pp_partition){group * least + (group < larger ? group : larger), least + (group < larger)};
}

/* (a + b) modulo count; both are below it. */
static int add_cyclically(int a, int b, int count) { return a < count - b ? a + b : a - (count - b); }

int pp_places_divide(int policy, pp_partition whole, int threads, int thread, int caller_place, pp_partition *part) {
  bool is_inside = caller_place >= whole.first && caller_place < whole.first + whole.count;
  int caller = is_inside ? caller_place - whole.first : 0, places = whole.count, place;
  bool spreads = policy == PPAR_BIND_SPREAD, fits = threads <= places;
  if (places <= 0 || threads <= 0 || thread < 0 || thread >= threads) return -1;
  if (policy != PPAR_BIND_TRUE && policy != PPAR_BIND_PRIMARY && policy != PPAR_BIND_CLOSE && !spreads) return -1;
  *part = whole;
  if (policy == PPAR_BIND_PRIMARY) return whole.first + caller;
  if (spreads && fits) {
    int group = add_cyclically(group_of(caller, places, threads), thread, threads);
    *part = items_of(group, places, threads);
    part->first += whole.first;
    return thread == 0 ? whole.first + caller : part->first;
  }
  place = whole.first + add_cyclically(caller, fits ? thread : group_of(thread, threads, places), places);
  if (spreads) *part = (pp_partition){place, 1};
  return place;
}

int pp_places_assign(int policy, int place_count, int threads, int thread, int caller_place) {
  pp_partition part;
  return pp_places_divide(policy, (pp_partition){0, place_count}, threads, thread, caller_place, &part);
}
