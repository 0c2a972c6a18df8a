/* SPDX-License-Identifier: MIT */
/* places_text.h: OMP_PLACES's grammar: text in, a kind of objects or a list of places out. No machine is asked. */
#ifndef PP_SETTINGS_PLACES_TEXT_H
#define PP_SETTINGS_PLACES_TEXT_H

#include "platform/cpuset.h"
#include "platform/topology.h"

/* Reads "word" or "word(count)"; count is INT_MAX without one. PPAR_OK, or PPAR_EINVAL for any other text. */
int pp_places_text_name(const char *text, pp_topology_kind *kind, int *count);

/* Reads an explicit list and appends its places to list, each restricted to the available CPUs; places that
 * have none are left out. PPAR_OK; PPAR_EINVAL for a malformed text; PPAR_ENOMEM. After an error list holds
 * some of the places. */
int pp_places_text_list(const char *text, const pp_cpuset *available, pp_cpuset_list *list);

#endif
