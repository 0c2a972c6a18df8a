/* SPDX-License-Identifier: MIT */
/* places_text.c: the parser of OMP_PLACES, by recursive descent (OpenMP 5.2, 21.1.6):
 *
 *     list     := interval {"," interval}
 *     interval := place [":" length [":" stride]] | "!" place
 *     place    := "{" part {"," part} "}" | cpu
 *     part     := cpu [":" length [":" stride]] | "!" cpu
 *
 * length is positive; stride is not 0, and 1 if not given. OpenMP leaves the order of exclusions open: here they
 * hold for their whole list, wherever they stand. */
#include "settings/places_text.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <ppar/status.h>

#include "settings/scanner.h"

/* 0 ... INT_MAX. */
static bool read_number(pp_scanner *scanner, int *out) {
  uint64_t number;
  if (!pp_scanner_take_number(scanner, &number) || number > INT_MAX) return false;
  *out = (int)number;
  return true;
}

/* [":" length [":" stride]] */
static bool read_interval(pp_scanner *scanner, int *length, int *stride) {
  bool negative;
  *length = 1;
  *stride = 1;
  if (!pp_scanner_take(scanner, ':')) return true;
  if (!read_number(scanner, length) || *length == 0) return false;
  if (!pp_scanner_take(scanner, ':')) return true;
  negative = pp_scanner_take(scanner, '-');
  if (!negative) (void)pp_scanner_take(scanner, '+');
  if (!read_number(scanner, stride) || *stride == 0) return false;
  if (negative) *stride = -*stride;
  return true;
}

/* Adds first, first + stride, ...; false where one of them is negative. */
static bool add_interval(pp_cpuset *set, int first, int length, int stride) {
  int64_t last = first + (int64_t)(length - 1) * stride;
  int64_t lowest = last < first ? last : first, highest = last < first ? first : last;
  if (lowest < 0) return false;
  if (highest >= PP_CPU_LIMIT) highest = PP_CPU_LIMIT - 1;
  for (int64_t cpu = lowest; cpu <= highest; cpu += stride < 0 ? -(int64_t)stride : stride) {
    pp_cpuset_add(set, (int)cpu);
  }
  return true;
}

static int read_parts(pp_scanner *scanner, pp_cpuset *set, pp_cpuset *excluded) {
  do {
    int first, length, stride;
    if (pp_scanner_take(scanner, '!')) {
      if (!read_number(scanner, &first)) return PPAR_EINVAL;
      pp_cpuset_add(excluded, first);
    } else {
      if (!read_number(scanner, &first) || !read_interval(scanner, &length, &stride)) return PPAR_EINVAL;
      if (!add_interval(set, first, length, stride)) return PPAR_EINVAL;
    }
  } while (pp_scanner_take(scanner, ','));
  return pp_scanner_take(scanner, '}') ? PPAR_OK : PPAR_EINVAL;
}

/* Reads a place into *out, which the caller frees; on an error *out is as it was. */
static int read_place(pp_scanner *scanner, pp_cpuset **out) {
  pp_cpuset *set = pp_cpuset_make(PP_CPU_LIMIT), *excluded = pp_cpuset_make(PP_CPU_LIMIT);
  int status = PPAR_ENOMEM, cpu;
  if (set != NULL && excluded != NULL) {
    if (pp_scanner_take(scanner, '{')) {
      status = read_parts(scanner, set, excluded);
    } else {
      status = read_number(scanner, &cpu) ? PPAR_OK : PPAR_EINVAL;
      if (status == PPAR_OK) pp_cpuset_add(set, cpu);
    }
  }
  if (status == PPAR_OK) {
    for (cpu = -1; (cpu = pp_cpuset_next(excluded, cpu)) >= 0;) pp_cpuset_remove(set, cpu);
    *out = set;
    set = NULL;
  }
  pp_cpuset_free(set);
  pp_cpuset_free(excluded);
  return status;
}

/* Appends the available CPUs of the place shifted by distance, unless there are none. */
static int add_shifted(pp_cpuset_list *list, const pp_cpuset *place, int64_t distance, const pp_cpuset *available) {
  bool any = false;
  pp_cpuset *shifted = pp_cpuset_copy(available);
  if (shifted == NULL) return PPAR_ENOMEM;
  for (int cpu = -1; (cpu = pp_cpuset_next(shifted, cpu)) >= 0;) {
    int64_t from = cpu - distance;
    if (from < 0 || from >= PP_CPU_LIMIT || !pp_cpuset_has(place, (int)from)) {
      pp_cpuset_remove(shifted, cpu);
    } else {
      any = true;
    }
  }
  if (any) return pp_cpuset_list_add(list, shifted) ? PPAR_OK : PPAR_ENOMEM;
  pp_cpuset_free(shifted);
  return PPAR_OK;
}

/* The place, and its length - 1 followers at the stride. Those wholly past the last CPU need no look. */
static int add_places(pp_cpuset_list *list, const pp_cpuset *place, int length, int stride,
                      const pp_cpuset *available) {
  int lowest = pp_cpuset_next(place, -1);
  int status = PPAR_OK;
  if (lowest < 0) return PPAR_OK;
  if (lowest + (int64_t)(length - 1) * stride < 0) return PPAR_EINVAL;
  for (int i = 0; i < length && status == PPAR_OK; i++) {
    int64_t distance = (int64_t)i * stride;
    if (lowest + distance >= PP_CPU_LIMIT) break;
    status = add_shifted(list, place, distance, available);
  }
  return status;
}

static int read_list(const char *text, const pp_cpuset *available, pp_cpuset_list *list, pp_cpuset_list *excluded) {
  pp_scanner scanner = pp_scanner_make(text);
  do {
    bool exclude = pp_scanner_take(&scanner, '!');
    pp_cpuset *place;
    int length = 1, stride = 1;
    int status = read_place(&scanner, &place);
    if (status != PPAR_OK) return status;
    status = exclude || read_interval(&scanner, &length, &stride) ? PPAR_OK : PPAR_EINVAL;
    if (status == PPAR_OK) status = add_places(exclude ? excluded : list, place, length, stride, available);
    pp_cpuset_free(place);
    if (status != PPAR_OK) return status;
  } while (pp_scanner_take(&scanner, ','));
  return pp_scanner_is_at_end(&scanner) ? PPAR_OK : PPAR_EINVAL;
}

static bool has_place(const pp_cpuset_list *list, const pp_cpuset *place) {
  for (int i = 0; i < list->count; i++) {
    if (pp_cpuset_equal(list->sets[i], place)) return true;
  }
  return false;
}

int pp_places_text_list(const char *text, const pp_cpuset *available, pp_cpuset_list *list) {
  pp_cpuset_list excluded = {NULL, 0, 0};
  int status = read_list(text, available, list, &excluded);
  int kept = 0;
  for (int i = 0; i < list->count; i++) {
    if (has_place(&excluded, list->sets[i])) {
      pp_cpuset_free(list->sets[i]);
    } else {
      list->sets[kept++] = list->sets[i];
    }
  }
  list->count = kept;
  pp_cpuset_list_clear(&excluded);
  return status;
}

int pp_places_text_name(const char *text, pp_topology_kind *kind, int *count) {
  static const pp_word names[] = {{"threads", PP_TOPOLOGY_THREADS},       {"cores", PP_TOPOLOGY_CORES},
                                  {"ll_caches", PP_TOPOLOGY_LAST_CACHES}, {"numa_domains", PP_TOPOLOGY_NUMA_DOMAINS},
                                  {"sockets", PP_TOPOLOGY_SOCKETS},       {NULL, 0}};
  pp_scanner scanner = pp_scanner_make(text);
  int found, number = INT_MAX;
  if (!pp_scanner_take_word(&scanner, names, &found)) return PPAR_EINVAL;
  if (pp_scanner_take(&scanner, '(')) {
    if (!read_number(&scanner, &number) || number == 0 || !pp_scanner_take(&scanner, ')')) return PPAR_EINVAL;
  }
  if (!pp_scanner_is_at_end(&scanner)) return PPAR_EINVAL;
  *kind = (pp_topology_kind)found;
  *count = number;
  return PPAR_OK;
}
