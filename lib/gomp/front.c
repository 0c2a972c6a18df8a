/* SPDX-License-Identifier: MIT */
/* front.c: the grammar of GCC's environment variables. A program that is on ppar alone never comes here: these
 * variables are another library's, which this one stands in for. */
#include "gomp/front.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/settings.h"
#include "platform/cpuset.h"
#include "schedule/tuning.h"
#include "settings/environment.h"
#include "settings/environment_parse.h"
#include "settings/scanner.h"

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)
#define NO_CPUS "is not a list of CPUs below " TEXT_OF(PP_CPU_LIMIT) " (0 3 1-2 4-15:2)"
#define NO_COUNT "is neither a whole number of 0 or more nor infinity"

static const pp_word endless_words[] = {{"infinity", 0}, {"infinite", 0}, {NULL, 0}};
static const pp_word multiple_words[] = {{"k", 10}, {"m", 20}, {"g", 30}, {"t", 40}, {NULL, 0}};

static const char *parse_nested(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  bool value;
  if (!pp_scanner_take_boolean(&scanner, &value) || !pp_scanner_is_at_end(&scanner)) return "is neither true nor false";
  environment->max_active_levels = value ? PP_OMP_SUPPORTED_LEVELS : 1;
  return NULL;
}

static void print_nested(FILE *stream, const pp_environment *environment) {
  fputs(environment->max_active_levels > 1 ? "true" : "false", stream);
}

/* 0 is to sleep at once, infinity to spin for as long as we ever do. */
static const char *parse_spin_count(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  uint64_t count = UINT64_MAX;
  int shift = 0, endless;
  if (!pp_scanner_take_word(&scanner, endless_words, &endless)) {
    if (!pp_scanner_take_number(&scanner, &count)) return NO_COUNT;
    (void)pp_scanner_take_word(&scanner, multiple_words, &shift);
  }
  if (!pp_scanner_is_at_end(&scanner)) return NO_COUNT;
  if (count == 0) {
    environment->wait = PPAR_WAIT_PASSIVE;
  } else if (count >= (uint64_t)PP_SPIN_ACTIVE_NS / PP_SPIN_COUNT_NS >> shift) {
    environment->wait = PPAR_WAIT_ACTIVE;
  } else {
    environment->spin_ns = (count << shift) * PP_SPIN_COUNT_NS;
  }
  return NULL;
}

/* Takes CPUs of one item, and writes them in PLACES's grammar. Returns how much, 0: it is malformed. */
static int translate_item(pp_scanner *scanner, char *out, size_t size) {
  uint64_t first, last, stride = 1;
  if (!pp_scanner_take_number(scanner, &first) || first >= PP_CPU_LIMIT) return 0;
  if (!pp_scanner_take(scanner, '-')) return snprintf(out, size, "{%" PRIu64 "},", first);
  if (!pp_scanner_take_number(scanner, &last) || last < first || last >= PP_CPU_LIMIT) return 0;
  if (pp_scanner_take(scanner, ':') && (!pp_scanner_take_number(scanner, &stride) || stride == 0)) return 0;
  if (stride >= PP_CPU_LIMIT) stride = PP_CPU_LIMIT;
  return snprintf(out, size, "{%" PRIu64 "}:%" PRIu64 ":%" PRIu64 ",", first, (last - first) / stride + 1, stride);
}

/* The longest that one item's translation may be. */
enum { ITEM_SIZE = 32 };

/* "0 3 1-2": {0},{3},{1}:2:1 */
static const char *parse_cpu_affinity(pp_environment *environment, const char *text) {
  pp_scanner scanner = pp_scanner_make(text);
  size_t length = 0, size = (strlen(text) + 1) * ITEM_SIZE; /* An item has a character at least. */
  char *places = malloc(size);
  const char *complaint = NO_CPUS;
  int written = 0;
  if (places == NULL) return "cannot be read for want of memory";
  do {
    written = translate_item(&scanner, places + length, size - length);
    length += (size_t)written;
    (void)pp_scanner_take(&scanner, ',');
  } while (written != 0 && !pp_scanner_is_at_end(&scanner));
  if (written != 0) {
    places[length - 1] = '\0';
    complaint = pp_variable_parse(environment, PP_VARIABLE_PLACES, places);
    if (complaint != NULL) complaint = "names no CPU that the process may use";
  }
  free(places);
  return complaint;
}

static const pp_front_variable variables[] = {
    {.name = "GOMP_SPINCOUNT", .variable = PP_VARIABLE_WAIT_POLICY, .before_omp = true, .parse = parse_spin_count},
    {.name = "GOMP_STACKSIZE", .variable = PP_VARIABLE_STACKSIZE},
    {.name = "GOMP_CPU_AFFINITY", .variable = PP_VARIABLE_PLACES, .parse = parse_cpu_affinity},
    {.name = "OMP_NESTED", .variable = PP_VARIABLE_MAX_ACTIVE_LEVELS, .parse = parse_nested, .print = print_nested},
};

/* All that have no name with PPAR_: of settings.c, devices.c, acc_device.c and this file. */
static const char *const others[] = {"OMP_CANCELLATION",
                                     "OMP_MAX_TASK_PRIORITY",
                                     "OMP_DEFAULT_DEVICE",
                                     "OMP_NUM_TEAMS",
                                     "OMP_TEAMS_THREAD_LIMIT",
                                     "OMP_ALLOCATOR",
                                     "OMP_DISPLAY_AFFINITY",
                                     "OMP_AFFINITY_FORMAT",
                                     "OMP_TARGET_OFFLOAD",
                                     "OMP_TOOL",
                                     "OMP_NESTED",
                                     "GOMP_DEBUG",
                                     "GOMP_SPINCOUNT",
                                     "GOMP_CPU_AFFINITY",
                                     "ACC_DEVICE_TYPE",
                                     "ACC_DEVICE_NUM",
                                     NULL};

static const pp_environment_front front = {.variables = variables,
                                           .count = sizeof variables / sizeof variables[0],
                                           .others = others,
                                           .displays = true,
                                           .limits = true};

void pp_omp_front_begin(void) { pp_environment_set_front(&front); }
