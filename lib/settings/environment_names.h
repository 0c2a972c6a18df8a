/* SPDX-License-Identifier: MIT */
/* environment_names.h: which names that begin with PPAR_ stand for something, and what whoever has written another one
 * may have meant. */
#ifndef PP_SETTINGS_ENVIRONMENT_NAMES_H
#define PP_SETTINGS_ENVIRONMENT_NAMES_H

#include <stdbool.h>

#include "settings/environment.h"

/* Whether something of the project reads a variable of this name: the library, the Python package, CMake, ppar_bench,
 * or a test. The name has neither its PPAR_ nor its value: "NUM_THREADS" or "NUM_THREADS=4". */
bool pp_name_is_known(const char *name);

/* What is meant by an unknown name, of which this is what follows PPAR_. */
typedef struct pp_meant_name {
  const char *prefix, *name; /* "PPAR_" and "NUM_THREADS"; "" and "OMP_CANCELLATION"; NULL both: nothing is near */
} pp_meant_name;

/* Another spelling of it, by a few letters; or the one name that has it as a part, as NUM_THREADS has THREADS; or a
 * variable of the library in front, which has another prefix. others: the front's, or NULL. */
pp_meant_name pp_name_meant(const char *name, const char *const *others);

#endif
