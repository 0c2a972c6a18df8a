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

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/status.h>

int pp_place_list_add(pp_place_list *list, pp_cpuset *set) {
  if (set == NULL) return PPAR_ENOMEM;
  if (list->count == list->capacity) {
    int capacity = list->capacity == 0 ? 16 : list->capacity * 2;
    pp_cpuset **larger = realloc(list->sets, (size_t)capacity * sizeof *larger);
    if (larger == NULL) {
      pp_cpuset_free(set);
      return PPAR_ENOMEM;
    }
    list->sets = larger;
    list->capacity = capacity;
  }
  list->sets[list->count++] = set;
  return PPAR_OK;
}

void pp_place_list_clear(pp_place_list *list) {
  for (int i = 0; i < list->count; i++) pp_cpuset_free(list->sets[i]);
  free(list->sets);
  *list = (pp_place_list){NULL, 0, 0};
}

static const char *skip_space(const char *at) {
  while (isspace((unsigned char)*at)) at++;
  return at;
}

/* Takes the character, if it is next. */
static bool accept(const char **at, char wanted) {
  const char *next = skip_space(*at);
  if (*next != wanted) return false;
  *at = next + 1;
  return true;
}

static bool at_end(const char *at) { return *skip_space(at) == '\0'; }

/* A decimal number, 0 ... INT_MAX, without a sign. */
static bool read_number(const char **at, int *out) {
  const char *next = skip_space(*at);
  int value = 0;
  if (*next < '0' || *next > '9') return false;
  for (; *next >= '0' && *next <= '9'; next++) {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *next - '0', &value)) return false;
  }
  *at = next;
  *out = value;
  return true;
}

/* [":" length [":" stride]] */
static bool read_interval(const char **at, int *length, int *stride) {
  bool negative;
  *length = 1;
  *stride = 1;
  if (!accept(at, ':')) return true;
  if (!read_number(at, length) || *length == 0) return false;
  if (!accept(at, ':')) return true;
  negative = accept(at, '-');
  if (!negative) (void)accept(at, '+');
  if (!read_number(at, stride) || *stride == 0) return false;
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

static int read_parts(const char **at, pp_cpuset *set, pp_cpuset *excluded) {
  do {
    int first, length, stride;
    if (accept(at, '!')) {
      if (!read_number(at, &first)) return PPAR_EINVAL;
      pp_cpuset_add(excluded, first);
    } else {
      if (!read_number(at, &first) || !read_interval(at, &length, &stride)) return PPAR_EINVAL;
      if (!add_interval(set, first, length, stride)) return PPAR_EINVAL;
    }
  } while (accept(at, ','));
  return accept(at, '}') ? PPAR_OK : PPAR_EINVAL;
}

/* Reads a place into *out, which the caller frees; on an error *out is as it was. */
static int read_place(const char **at, pp_cpuset **out) {
  pp_cpuset *set = pp_cpuset_make(PP_CPU_LIMIT), *excluded = pp_cpuset_make(PP_CPU_LIMIT);
  int status = PPAR_ENOMEM, cpu;
  if (set != NULL && excluded != NULL) {
    if (accept(at, '{')) {
      status = read_parts(at, set, excluded);
    } else {
      status = read_number(at, &cpu) ? PPAR_OK : PPAR_EINVAL;
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
static int add_shifted(pp_place_list *list, const pp_cpuset *place, int64_t distance, const pp_cpuset *available) {
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
  if (any) return pp_place_list_add(list, shifted);
  pp_cpuset_free(shifted);
  return PPAR_OK;
}

/* The place, and its length - 1 followers at the stride. Those wholly past the last CPU need no look. */
static int add_places(pp_place_list *list, const pp_cpuset *place, int length, int stride, const pp_cpuset *available) {
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

static int read_list(const char *at, const pp_cpuset *available, pp_place_list *list, pp_place_list *excluded) {
  do {
    bool exclude = accept(&at, '!');
    pp_cpuset *place;
    int length = 1, stride = 1;
    int status = read_place(&at, &place);
    if (status != PPAR_OK) return status;
    status = exclude || read_interval(&at, &length, &stride) ? PPAR_OK : PPAR_EINVAL;
    if (status == PPAR_OK) status = add_places(exclude ? excluded : list, place, length, stride, available);
    pp_cpuset_free(place);
    if (status != PPAR_OK) return status;
  } while (accept(&at, ','));
  return at_end(at) ? PPAR_OK : PPAR_EINVAL;
}

static bool has_place(const pp_place_list *list, const pp_cpuset *place) {
  for (int i = 0; i < list->count; i++) {
    if (pp_cpuset_equal(list->sets[i], place)) return true;
  }
  return false;
}

int pp_places_text_list(const char *text, const pp_cpuset *available, pp_place_list *list) {
  pp_place_list excluded = {NULL, 0, 0};
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
  pp_place_list_clear(&excluded);
  return status;
}

/* Takes the word, if it is next, in any case: by ASCII's rules, not the locale's. */
static bool accept_word(const char **at, const char *word) {
  const char *next = skip_space(*at);
  for (; *word != '\0'; word++, next++) {
    char lower = *next >= 'A' && *next <= 'Z' ? (char)(*next - 'A' + 'a') : *next;
    if (lower != *word) return false;
  }
  *at = next;
  return true;
}

int pp_places_text_name(const char *text, pp_places_kind *kind, int *count) {
  static const struct {
    const char *word;
    pp_places_kind kind;
  } names[] = {{"threads", PP_PLACES_THREADS},
               {"cores", PP_PLACES_CORES},
               {"ll_caches", PP_PLACES_LL_CACHES},
               {"numa_domains", PP_PLACES_NUMA_DOMAINS},
               {"sockets", PP_PLACES_SOCKETS}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *at = text;
    int number = INT_MAX;
    if (!accept_word(&at, names[i].word)) continue;
    if (accept(&at, '(') && !(read_number(&at, &number) && number > 0 && accept(&at, ')'))) return PPAR_EINVAL;
    if (!at_end(at)) return PPAR_EINVAL;
    *kind = names[i].kind;
    *count = number;
    return PPAR_OK;
  }
  return PPAR_EINVAL;
}
