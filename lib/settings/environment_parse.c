/* SPDX-License-Identifier: MIT */
/* environment_parse.c: the grammar of each environment variable. A text is read whole before anything is
 * stored. */
#include "settings/environment_parse.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/status.h>

#include "platform/standing.h"
#include "schedule/tuning.h"
#include "settings/places.h"
#include "settings/scanner.h"
#include "settings/schedule_text.h"
#include "settings/trace_text.h"

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)
#define NO_SCHEDULE                                                                                \
  "is not a schedule (auto, static, dynamic or guided; with or without a chunk of 0 to 2^63 - 1: " \
  "dynamic,16; with or without monotonic: or nonmonotonic: before it)"
#define NO_PLACES "names no usable place (threads, cores, ll_caches, numa_domains, sockets; lists: {0:4},{4:4})"
#define NO_BINDING "is not a binding policy (true or false; primary, close, spread, or a list of these)"
#define TOO_MANY_LEVELS "has more than " TEXT_OF(PP_ENVIRONMENT_LEVELS) " levels"
#define NO_CHECK "is not 1, 0, results, or 1,results"
#define NO_SIZE "is not a size of 1B or more (512K, 4M, 1G; 512 is 512K)"
#define NO_NUMBER "is not a whole number of 0 or more"
#define NO_THREADS \
  "is not a number from 1 to " TEXT_OF(PPAR_MAX_THREADS) ", or up to " TEXT_OF(PP_ENVIRONMENT_LEVELS) " of these " \
  "with commas between them"
/* In bytes: of an object, and of a thread's records. */
#if PTRDIFF_MAX > INT32_MAX
#define SIZE_MOST "2^63 - 1"
#define TRACE_SIZE_MOST "64G"
#else
#define SIZE_MOST "2^31 - 1"
#define TRACE_SIZE_MOST SIZE_MOST
#endif

const char pp_variable_too_large[] = "is out of range, 1 to " TEXT_OF(PPAR_MAX_THREADS);

static const pp_word display_words[] = {{"verbose", PP_DISPLAY_VERBOSE}, {NULL, 0}};
static const pp_word check_words[] = {{"results", 1}, {NULL, 0}};
static const pp_word wait_words[] = {{"active", PPAR_WAIT_ACTIVE}, {"passive", PPAR_WAIT_PASSIVE}, {NULL, 0}};
static const pp_word bind_words[] = {{"true", PPAR_BIND_TRUE}, {"false", PPAR_BIND_FALSE}, {NULL, 0}};
static const pp_word bind_list_words[] = {{"primary", PPAR_BIND_PRIMARY},
                                          {"master", PPAR_BIND_PRIMARY},
                                          {"close", PPAR_BIND_CLOSE},
                                          {"spread", PPAR_BIND_SPREAD},
                                          {NULL, 0}};
static const pp_word unit_words[] = {{"b", 0}, {"k", 10}, {"m", 20}, {"g", 30}, {NULL, 0}};

/* The whole text is one of the words. */
static bool parse_word(const char *text, const pp_word *words, int *value) {
  pp_scanner scanner = pp_scanner_make(text);
  int found;
  if (!pp_scanner_take_word(&scanner, words, &found) || !pp_scanner_is_at_end(&scanner)) return false;
  *value = found;
  return true;
}

/* The whole text is a truth value. */
static bool parse_boolean(const char *text, bool *value) {
  pp_scanner scanner = pp_scanner_make(text);
  bool found;
  if (!pp_scanner_take_boolean(&scanner, &found) || !pp_scanner_is_at_end(&scanner)) return false;
  *value = found;
  return true;
}

static const char *parse_thread_limit(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number;
  if (!pp_scanner_take_number(&scanner, &number) || !pp_scanner_is_at_end(&scanner) || number == 0)
    return "is not a number from 1 to " TEXT_OF(PPAR_MAX_THREADS);
  environment->thread_limit = number < PPAR_MAX_THREADS ? (int)number : PPAR_MAX_THREADS;
  return number <= PPAR_MAX_THREADS ? NULL : pp_variable_too_large;
}

static const char *parse_num_threads(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  int threads[PP_ENVIRONMENT_LEVELS], levels = 0;
  bool fits = true, in_range = true;
  do {
    uint64_t number;
    if (!pp_scanner_take_number(&scanner, &number) || number == 0) return NO_THREADS;
    fits = fits && levels < PP_ENVIRONMENT_LEVELS;
    in_range = in_range && number <= PPAR_MAX_THREADS;
    if (fits) {
      threads[levels++] = number < (uint64_t)environment->thread_limit ? (int)number : environment->thread_limit;
    }
  } while (pp_scanner_take(&scanner, ','));
  if (!pp_scanner_is_at_end(&scanner)) return NO_THREADS;
  if (!fits) return TOO_MANY_LEVELS;
  memcpy(environment->threads, threads, sizeof threads[0] * (size_t)levels);
  environment->levels = levels;
  return in_range ? NULL : pp_variable_too_large;
}

static const char *parse_schedule(pp_environment *environment, const char *text) {
  return pp_schedule_parse_setting(text, &environment->schedule) == PPAR_OK ? NULL : NO_SCHEDULE;
}

static const char *parse_places(pp_environment *environment, const char *text) {
  static const char no_memory[] = "cannot be read for want of memory";
  pp_places *places;
  int status = pp_places_make(&places, text, NULL);
  if (status != PPAR_OK) return status == PPAR_EINVAL ? NO_PLACES : no_memory;
  pp_places_free(places);
  char *copy = strdup(text);
  if (copy == NULL) return no_memory;
  environment->places = copy;
  return NULL;
}

/* One of the two words that stand alone, or the policies of the outermost level and those inside of it. */
static const char *parse_proc_bind(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  unsigned char binds[PP_ENVIRONMENT_LEVELS];
  int bind, levels = 0;
  bool fits = true;
  if (parse_word(text, bind_words, &bind)) {
    binds[levels++] = (unsigned char)bind;
  } else {
    do {
      if (!pp_scanner_take_word(&scanner, bind_list_words, &bind)) return NO_BINDING;
      fits = fits && levels < PP_ENVIRONMENT_LEVELS;
      if (fits) binds[levels++] = (unsigned char)bind;
    } while (pp_scanner_take(&scanner, ','));
    if (!pp_scanner_is_at_end(&scanner)) return NO_BINDING;
  }
  if (!fits) return TOO_MANY_LEVELS;
  memcpy(environment->binds, binds, (size_t)levels);
  environment->bind_levels = levels;
  environment->bind = (ppar_bind_policy)binds[0];
  return NULL;
}

/* No program nests INT_MAX levels, so a larger number means what INT_MAX does. */
static const char *parse_max_active_levels(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number;
  if (!pp_scanner_take_number(&scanner, &number) || !pp_scanner_is_at_end(&scanner)) return NO_NUMBER;
  environment->max_active_levels = number < INT_MAX ? (int)number : INT_MAX;
  return NULL;
}

static const char *parse_wait_policy(pp_environment *environment, const char *text) {
  int wait;
  if (!parse_word(text, wait_words, &wait)) return "is neither active nor passive";
  environment->wait = (ppar_wait_policy)wait;
  return NULL;
}

static const char size_too_large[] = "is out of range, 1 to " SIZE_MOST " bytes";

static const char *read_size(const char *text, size_t *size) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number;
  int shift = 10;
  if (!pp_scanner_take_number(&scanner, &number) || number == 0) return NO_SIZE;
  (void)pp_scanner_take_word(&scanner, unit_words, &shift);
  if (!pp_scanner_is_at_end(&scanner)) return NO_SIZE;
  if (number > (uint64_t)PTRDIFF_MAX >> shift) return size_too_large;
  *size = (size_t)number << shift;
  return NULL;
}

static const char *parse_stack_size(pp_environment *environment, const char *text) {
  return read_size(text, &environment->stack_size);
}

static const char *parse_dynamic(pp_environment *environment, const char *text) {
  return parse_boolean(text, &environment->dynamic) ? NULL : "is neither true nor false";
}

static const char *parse_display(pp_environment *environment, const char *text) {
  bool on = false;
  int value = PP_DISPLAY_OFF;
  if (!parse_boolean(text, &on) && !parse_word(text, display_words, &value))
    return "is none of true, false and verbose";
  environment->display = on ? PP_DISPLAY_ON : (pp_display)value;
  return NULL;
}

/* Where the text has results alone, the level is the default. */
static const char *parse_check(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  int word, level = -1;
  bool results = false, threads;
  do {
    if (level < 0 && pp_scanner_take_boolean(&scanner, &threads)) {
      level = threads ? PP_CHECK_THREADS : PP_CHECK_NOTHING;
    } else if (!results && pp_scanner_take_word(&scanner, check_words, &word)) {
      results = true;
    } else {
      return NO_CHECK;
    }
  } while (pp_scanner_take(&scanner, ','));
  if (!pp_scanner_is_at_end(&scanner)) return NO_CHECK;
  environment->check = level < 0 ? pp_check_default() : (pp_check)level;
  environment->check_results = results;
  return NULL;
}

static const char *parse_shake(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number;
  if (!pp_scanner_take_number(&scanner, &number) || !pp_scanner_is_at_end(&scanner) || number == UINT64_MAX)
    return "is not a whole number from 0 to 2^64 - 2";
  environment->shake = number;
  return NULL;
}

/* The text, kept; NULL: there is no memory. */
static const char *keep(const char **to, const char *text) {
  *to = strdup(text);
  return *to != NULL ? NULL : "cannot be read for want of memory";
}

/* A program that runs with more rights than whoever started it has may not be told which files to write. */
static const char *check_files(const pp_show_item *items, int count) {
  for (int k = 0; k < count && pp_standing_is_privileged(); k++) {
    if (items[k].file != NULL) return "names a file, which a program with its owner's rights does not write";
  }
  return NULL;
}

/* A text that `read` understands is kept, where it asks for anything. */
static const char *parse_shown(int (*read)(const char *text, pp_show_item *items, const char **complaint),
                               const char *text, const char **to) {
  pp_show_item items[PP_SHOW_ITEMS];
  const char *complaint;
  int count = read(text, items, &complaint);
  if (complaint == NULL) complaint = check_files(items, count);
  return complaint == NULL && count > 0 ? keep(to, text) : complaint;
}

static const char *parse_trace(pp_environment *environment, const char *text) {
  return parse_shown(pp_trace_text_read, text, &environment->trace);
}

static const char *parse_report(pp_environment *environment, const char *text) {
  return parse_shown(pp_report_text_read, text, &environment->report);
}

static const char *parse_trace_only(pp_environment *environment, const char *text) {
  return keep(&environment->trace_only, text);
}

static const char *parse_trace_size(pp_environment *environment, const char *text) {
  size_t read;
  const char *complaint = read_size(text, &read);
  uint64_t size = complaint == NULL ? read : 0; /* A size_t may not hold the limit. */
  if (complaint != NULL && complaint != size_too_large)
    return "is not a size from 64K to " TRACE_SIZE_MOST " (64K, 4M, 1G; 512 is 512K)";
  if (size < PP_TRACE_LEAST_BYTES || size > PP_TRACE_MOST_BYTES) return "is out of range, 64K to " TRACE_SIZE_MOST;
  environment->trace_size = read;
  return NULL;
}

static const char *parse_trace_limit(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t number;
  if (!pp_scanner_take_number(&scanner, &number) || !pp_scanner_is_at_end(&scanner)) return NO_NUMBER;
  environment->trace_limit = number;
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
    [PP_VARIABLE_CHECK] = {"CHECK", parse_check},
    [PP_VARIABLE_TRACE] = {"TRACE", parse_trace},
    [PP_VARIABLE_TRACE_SIZE] = {"TRACE_SIZE", parse_trace_size},
    [PP_VARIABLE_TRACE_ONLY] = {"TRACE_ONLY", parse_trace_only},
    [PP_VARIABLE_TRACE_LIMIT] = {"TRACE_LIMIT", parse_trace_limit},
    [PP_VARIABLE_REPORT] = {"REPORT", parse_report},
    [PP_VARIABLE_SHAKE] = {"SHAKE", parse_shake},
};

const char *pp_variable_name(pp_variable variable) { return grammars[variable].name; }

const char *pp_variable_parse(pp_environment *environment, pp_variable variable, const char *text) {
  return grammars[variable].parse(environment, text);
}
