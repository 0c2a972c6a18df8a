/* SPDX-License-Identifier: MIT */
/* environment_parse.c: the grammar of each environment variable. A text is read whole before anything is
 * stored, and without the C library's number and character functions, which follow the locale. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/status.h>

#include "settings/environment_variables.h"
#include "settings/places.h"
#include "settings/schedule_text.h"

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)
#define OUT_OF_RANGE "is out of range, 1 to " TEXT_OF(PPAR_MAX_THREADS)

typedef struct word {
  const char *text; /* in lower case; NULL ends a list of words */
  int value;
} word;

static const word boolean_words[] = {{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {NULL, 0}};
static const word display_words[] = {{"true", PP_DISPLAY_ON},         {"false", PP_DISPLAY_OFF}, {"1", PP_DISPLAY_ON},
                                     {"verbose", PP_DISPLAY_VERBOSE}, {"0", PP_DISPLAY_OFF},     {NULL, 0}};
static const word wait_words[] = {{"active", PPAR_WAIT_ACTIVE}, {"passive", PPAR_WAIT_PASSIVE}, {NULL, 0}};
static const word bind_words[] = {{"true", PPAR_BIND_TRUE}, {"false", PPAR_BIND_FALSE}, {NULL, 0}};
static const word bind_list_words[] = {{"primary", PPAR_BIND_PRIMARY},
                                       {"master", PPAR_BIND_PRIMARY},
                                       {"close", PPAR_BIND_CLOSE},
                                       {"spread", PPAR_BIND_SPREAD},
                                       {NULL, 0}};
static const word unit_words[] = {{"b", 0}, {"k", 10}, {"m", 20}, {"g", 30}, {NULL, 0}};

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static char to_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

static const char *skip_space(const char *at) {
  while (is_space(*at)) at++;
  return at;
}

/* The functions that take something skip the white space around it, and leave *at alone on failure. */

static bool take_number(const char **at, uint64_t *number) {
  const char *p = skip_space(*at);
  if (*p < '0' || *p > '9') return false;
  uint64_t sum = 0;
  for (; *p >= '0' && *p <= '9'; p++) {
    uint64_t digit = (uint64_t)(*p - '0');
    sum = sum > (UINT64_MAX - digit) / 10 ? UINT64_MAX : sum * 10 + digit;
  }
  *number = sum;
  *at = skip_space(p);
  return true;
}

/* Nothing needs to separate a word from what follows: whatever is left over fails the next step. */
static bool take_word(const char **at, const word *words, int *value) {
  const char *start = skip_space(*at);
  for (; words->text != NULL; words++) {
    const char *p = start, *q = words->text;
    while (*q != '\0' && to_lower(*p) == *q) p++, q++;
    if (*q != '\0') continue;
    *value = words->value;
    *at = skip_space(p);
    return true;
  }
  return false;
}

static bool take_comma(const char **at) {
  if (**at != ',') return false;
  ++*at;
  return true;
}

static bool parse_word(const char *text, const word *words, int *value) {
  int found;
  if (!take_word(&text, words, &found) || *text != '\0') return false;
  *value = found;
  return true;
}

static const char *parse_thread_limit(pp_environment *environment, const char *text) {
  uint64_t number;
  if (!take_number(&text, &number) || *text != '\0' || number == 0) return "is not a positive number";
  if (number > PPAR_MAX_THREADS) return OUT_OF_RANGE;
  environment->thread_limit = (int)number;
  return NULL;
}

static const char *parse_num_threads(pp_environment *environment, const char *text) {
  int threads[PP_ENVIRONMENT_LEVELS], levels = 0;
  bool fits = true, in_range = true;
  do {
    uint64_t number;
    if (!take_number(&text, &number) || number == 0) return "is not a list of positive numbers";
    fits = fits && levels < PP_ENVIRONMENT_LEVELS;
    in_range = in_range && number <= PPAR_MAX_THREADS;
    if (fits && in_range) {
      threads[levels++] = number < (uint64_t)environment->thread_limit ? (int)number : environment->thread_limit;
    }
  } while (take_comma(&text));
  if (*text != '\0') return "is not a list of positive numbers";
  if (!in_range) return OUT_OF_RANGE;
  if (!fits) return "has more than " TEXT_OF(PP_ENVIRONMENT_LEVELS) " levels";
  memcpy(environment->threads, threads, sizeof threads[0] * (size_t)levels);
  environment->levels = levels;
  return NULL;
}

static const char *parse_schedule(pp_environment *environment, const char *text) {
  return pp_schedule_parse_text(text, &environment->schedule) == PPAR_OK ? NULL : "is not a schedule";
}

static const char *parse_places(pp_environment *environment, const char *text) {
  static const char no_memory[] = "cannot be read for want of memory";
  pp_places *places;
  int status = pp_places_make(&places, text, NULL);
  if (status != PPAR_OK) return status == PPAR_EINVAL ? "names no usable place" : no_memory;
  pp_places_free(places);
  char *copy = strdup(text);
  if (copy == NULL) return no_memory;
  environment->places = copy;
  return NULL;
}

/* Threads are bound by the list's first word. The later ones, of deeper levels, must be good all the same. */
static const char *parse_proc_bind(pp_environment *environment, const char *text) {
  int first, later;
  bool list = false;
  if (!parse_word(text, bind_words, &first)) {
    if (!take_word(&text, bind_list_words, &first)) return "is not a binding policy";
    while (take_comma(&text)) {
      if (!take_word(&text, bind_list_words, &later)) return "is not a binding policy";
      list = true;
    }
    if (*text != '\0') return "is not a binding policy";
  }
  environment->bind = (ppar_bind_policy)first;
  environment->bind_list = list;
  return NULL;
}

/* No program nests INT_MAX levels, so a larger number means what INT_MAX does. */
static const char *parse_max_active_levels(pp_environment *environment, const char *text) {
  uint64_t number;
  if (!take_number(&text, &number) || *text != '\0') return "is not a whole number";
  environment->max_active_levels = number < INT_MAX ? (int)number : INT_MAX;
  return NULL;
}

static const char *parse_wait_policy(pp_environment *environment, const char *text) {
  int wait;
  if (!parse_word(text, wait_words, &wait)) return "is neither active nor passive";
  environment->wait = (ppar_wait_policy)wait;
  return NULL;
}

static const char *parse_stack_size(pp_environment *environment, const char *text) {
  uint64_t number;
  int shift = 10;
  if (!take_number(&text, &number) || number == 0) return "is not a size";
  if (*text != '\0' && (!take_word(&text, unit_words, &shift) || *text != '\0')) return "is not a size";
  if (number > (uint64_t)PTRDIFF_MAX >> shift) return "is out of range";
  environment->stack_size = (size_t)number << shift;
  return NULL;
}

static const char *parse_dynamic(pp_environment *environment, const char *text) {
  int value;
  if (!parse_word(text, boolean_words, &value)) return "is neither true nor false";
  environment->dynamic = value != 0;
  return NULL;
}

static const char *parse_display(pp_environment *environment, const char *text) {
  int value;
  if (!parse_word(text, display_words, &value)) return "is none of true, false and verbose";
  environment->display = (pp_display)value;
  return NULL;
}

typedef struct grammar {
  const char *name;
  const char *(*parse)(pp_environment *environment, const char *text);
} grammar;

static const grammar grammars[PP_VARIABLES] = {
    [PP_VARIABLE_THREAD_LIMIT] = {"THREAD_LIMIT", parse_thread_limit},
    [PP_VARIABLE_NUM_THREADS] = {"NUM_THREADS", parse_num_threads},
    [PP_VARIABLE_SCHEDULE] = {"SCHEDULE", parse_schedule},
    [PP_VARIABLE_PLACES] = {"PLACES", parse_places},
    [PP_VARIABLE_PROC_BIND] = {"PROC_BIND", parse_proc_bind},
    [PP_VARIABLE_MAX_ACTIVE_LEVELS] = {"MAX_ACTIVE_LEVELS", parse_max_active_levels},
    [PP_VARIABLE_WAIT_POLICY] = {"WAIT_POLICY", parse_wait_policy},
    [PP_VARIABLE_STACKSIZE] = {"STACKSIZE", parse_stack_size},
    [PP_VARIABLE_DYNAMIC] = {"DYNAMIC", parse_dynamic},
    [PP_VARIABLE_DISPLAY_ENV] = {"DISPLAY_ENV", parse_display},
};

const char *pp_variable_name(pp_variable variable) { return grammars[variable].name; }

const char *pp_variable_parse(pp_environment *environment, pp_variable variable, const char *text) {
  return grammars[variable].parse(environment, text);
}
