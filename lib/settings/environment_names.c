/* SPDX-License-Identifier: MIT */
/* environment_names.c: names are compared by their edit distance: how many letters have to be put in, left out or
 * replaced to make one of the other, in either case. */
#include "settings/environment_names.h"

#include <stddef.h>
#include <string.h>

#include "settings/environment_parse.h"

enum {
  NAME_MOST = 32,      /* letters; a longer name is not compared */
  LETTERS_A_FAULT = 3, /* One letter of so many may be wrong. */
  PART_LEAST = 4       /* letters that a part of a name has */
};

/* Read by others than the library: the Python package and, from CMake 3.27 on, find_package. */
static const char *const names_of_others[] = {"LIBRARY_PATH", "ROOT"};

/* Of ppar_bench's and the tests' own variables. */
static const char *const prefixes_of_others[] = {"BENCH_", "TEST_"};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Without what follows '='. */
static size_t length_of(const char *name) { return strcspn(name, "="); }

static bool is_name(const char *name, const char *known) {
  return strlen(known) == length_of(name) && strncmp(name, known, length_of(name)) == 0;
}

bool pp_name_is_known(const char *name) {
  for (int v = 0; v < PP_VARIABLES; v++) {
    if (is_name(name, pp_variable_name((pp_variable)v))) return true;
  }
  for (size_t k = 0; k < LENGTH(names_of_others); k++) {
    if (is_name(name, names_of_others[k])) return true;
  }
  for (size_t k = 0; k < LENGTH(prefixes_of_others); k++) {
    if (strncmp(name, prefixes_of_others[k], strlen(prefixes_of_others[k])) == 0) return true;
  }
  return false;
}

static char to_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Row by row of the table whose cell (i, j) is the distance between the first i letters of a and the first j of b. */
static size_t distance(const char *a, size_t a_length, const char *b) {
  size_t row[NAME_MOST + 1], b_length = strlen(b);
  if (a_length > NAME_MOST || b_length > NAME_MOST) return NAME_MOST;
  for (size_t j = 0; j <= b_length; j++) row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t before = row[0]; /* of the row above, one to the left */
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      size_t above = row[j];
      row[j] = least(before + (to_upper(a[i - 1]) != b[j - 1]), least(above, row[j - 1]) + 1);
      before = above;
    }
  }
  return row[b_length];
}

static bool is_near(size_t faults, size_t length) { return faults * LETTERS_A_FAULT <= length; }

/* The name behind its first underscore: OMP_X's X. */
static const char *without_prefix(const char *name) {
  const char *end = strchr(name, '_');
  return end != NULL ? end + 1 : name;
}

/* The known name that is nearest, of those that are near. */
static pp_meant_name find_near(const char *name, size_t length, const char *const *others) {
  pp_meant_name meant = {NULL, NULL};
  size_t fewest = NAME_MOST;
  for (int v = 0; v < PP_VARIABLES; v++) {
    size_t faults = distance(name, length, pp_variable_name((pp_variable)v));
    if (faults >= fewest || !is_near(faults, length)) continue;
    fewest = faults;
    meant = (pp_meant_name){"PPAR_", pp_variable_name((pp_variable)v)};
  }
  for (; others != NULL && *others != NULL; others++) {
    size_t faults = distance(name, length, without_prefix(*others));
    if (faults >= fewest || !is_near(faults, length)) continue;
    fewest = faults;
    meant = (pp_meant_name){"", *others};
  }
  return meant;
}

static bool has_part(const char *whole, const char *part, size_t length) {
  for (size_t k = 0; k + length <= strlen(whole); k++) {
    if (strncmp(whole + k, part, length) == 0) return true;
  }
  return false;
}

/* The known name that has this one as a part; none where several have it. */
static pp_meant_name find_whole(const char *name, size_t length) {
  const char *found = NULL;
  for (int v = 0; v < PP_VARIABLES; v++) {
    const char *known = pp_variable_name((pp_variable)v);
    if (!has_part(known, name, length)) continue;
    if (found != NULL) return (pp_meant_name){NULL, NULL};
    found = known;
  }
  return (pp_meant_name){found != NULL ? "PPAR_" : NULL, found};
}

pp_meant_name pp_name_meant(const char *name, const char *const *others) {
  size_t length = length_of(name);
  pp_meant_name meant = find_near(name, length, others);
  return meant.name == NULL && length >= PART_LEAST ? find_whole(name, length) : meant;
}
