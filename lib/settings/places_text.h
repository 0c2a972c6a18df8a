/* SPDX-License-Identifier: MIT */
/* places_text.h: OMP_PLACES's grammar: text in, a name or a list of places out. Knows no machine. */
#ifndef PP_SETTINGS_PLACES_TEXT_H
#define PP_SETTINGS_PLACES_TEXT_H

#include "platform/cpuset.h"

typedef enum pp_places_kind {
  PP_PLACES_THREADS,
  PP_PLACES_CORES,
  PP_PLACES_LL_CACHES,
  PP_PLACES_NUMA_DOMAINS,
  PP_PLACES_SOCKETS
} pp_places_kind;

/* An array of places that grows. All-zero is empty. */
typedef struct pp_place_list {
  pp_cpuset **sets;
  int count, capacity;
} pp_place_list;

/* Appends the set, which is the list's from then on, also on an error. PPAR_OK or PPAR_ENOMEM; a NULL set is
 * taken for the latter, so that a set may be made in the call. */
int pp_place_list_add(pp_place_list *list, pp_cpuset *set);
void pp_place_list_clear(pp_place_list *list);

/* Reads "word" or "word(count)"; count is INT_MAX without one. PPAR_OK, or PPAR_EINVAL for any other text. */
int pp_places_text_name(const char *text, pp_places_kind *kind, int *count);

/* Reads an explicit list and appends its places to list, each restricted to the available CPUs; places that
 * have none are left out. PPAR_OK; PPAR_EINVAL for a malformed text; PPAR_ENOMEM. After an error list holds
 * some of the places. */
int pp_places_text_list(const char *text, const pp_cpuset *available, pp_place_list *list);

#endif
