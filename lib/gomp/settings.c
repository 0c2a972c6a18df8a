/* SPDX-License-Identifier: MIT */
/* settings.c: reading them, once. What ppar has a variable for, too, comes from the environment that it has read. */
#include "gomp/settings.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/affinity_format.h"
#include "gomp/allocator.h"
#include "gomp/devices.h"
#include "gomp/display.h"
#include "gomp/front.h"
#include "gomp/message.h"
#include "settings/environment.h"
#include "settings/scanner.h"

static pp_omp_settings settings;
static pthread_once_t once = PTHREAD_ONCE_INIT;
_Atomic(const pp_omp_settings *) pp_omp_settings_present;

pp_atomic_u32 pp_omp_teams_most, pp_omp_teams_threads;
bool pp_omp_displays_affinity;

static const pp_word tool_words[] = {{"enabled", 1}, {"disabled", 0}, {NULL, 0}};

static bool read_bool(const char *name) {
  const char *text = getenv(name);
  pp_scanner scanner = pp_scanner_make(text != NULL ? text : "");
  bool value;
  if (text == NULL) return false;
  if (pp_scanner_take_boolean(&scanner, &value) && pp_scanner_is_at_end(&scanner)) return value;
  pp_omp_warn("%s=\"%.60s\" is neither true nor false; using false", name, text);
  return false;
}

static bool read_tool(void) {
  const char *text = getenv("OMP_TOOL");
  pp_scanner scanner = pp_scanner_make(text != NULL ? text : "");
  int value;
  if (text == NULL) return true;
  if (pp_scanner_take_word(&scanner, tool_words, &value) && pp_scanner_is_at_end(&scanner)) return value != 0;
  pp_omp_warn("OMP_TOOL=\"%.60s\" is neither enabled nor disabled; using enabled", text);
  return true;
}

/* A number, `least` or more; what is too large for an int is the largest. Not given: 0. */
static int read_number(const char *name, int least) {
  const char *text = getenv(name);
  pp_scanner scanner = pp_scanner_make(text != NULL ? text : "");
  uint64_t number;
  if (text == NULL) return 0;
  if (!pp_scanner_take_number(&scanner, &number) || !pp_scanner_is_at_end(&scanner) || number < (uint64_t)least) {
    pp_omp_warn("%s=\"%.60s\" is not a whole number of %d or more; using %s", name, text, least,
                least > 0 ? "default" : "0");
    return 0;
  }
  if (number <= INT_MAX) return (int)number;
  pp_omp_warn("%s=\"%.60s\" is out of range, %d to %d; using %d", name, text, least, INT_MAX, INT_MAX);
  return INT_MAX;
}

static uintptr_t read_allocator(void) {
  const char *text = getenv("OMP_ALLOCATOR");
  uintptr_t handle = PP_OMP_DEFAULT_MEM_ALLOC;
  pp_omp_complaint complaint;
  if (text != NULL && !pp_omp_allocator_parse(text, &handle, &complaint))
    pp_omp_warn("OMP_ALLOCATOR=\"%.60s\" %s; using omp_default_mem_alloc", text, complaint.text);
  return handle;
}

static void read_settings(void) {
  const pp_environment *environment = pp_environment_get();
  const char *format = getenv("OMP_AFFINITY_FORMAT");
  settings.icvs = (pp_omp_icvs){
      .threads = 0,
      .max_active_levels = environment->max_active_levels,
      .thread_limit = environment->thread_limit,
      .default_device = read_number("OMP_DEFAULT_DEVICE", 0),
      .dynamic = environment->dynamic,
      .bind = environment->bind,
      .schedule = environment->schedule,
      .default_allocator = read_allocator(),
  };
  /* Who must not run on the host has no device that could be the default. */
  if (pp_omp_offload_is_mandatory() && getenv("OMP_DEFAULT_DEVICE") == NULL)
    settings.icvs.default_device = PP_OMP_INVALID_DEVICE;
  settings.cancellation = read_bool("OMP_CANCELLATION");
  settings.max_task_priority = read_number("OMP_MAX_TASK_PRIORITY", 0);
  settings.tool = read_tool();
  settings.debug = read_number("GOMP_DEBUG", 0) != 0;
  pp_store_relaxed(&pp_omp_teams_most, (uint32_t)read_number("OMP_NUM_TEAMS", 1));
  pp_store_relaxed(&pp_omp_teams_threads, (uint32_t)read_number("OMP_TEAMS_THREAD_LIMIT", 1));
  pp_omp_displays_affinity = read_bool("OMP_DISPLAY_AFFINITY");
  if (format != NULL) pp_omp_affinity_set_format(format, strlen(format));
}

const pp_omp_settings *pp_omp_settings_read(void) {
  (void)pthread_once(&once, read_settings);
  pp_store_release(&pp_omp_settings_present, &settings); /* pairs with the load in pp_omp_settings_get */
  return &settings;
}

int pp_omp_max_teams(void) {
  (void)pp_omp_settings_get();
  return (int)pp_load_relaxed(&pp_omp_teams_most);
}

int pp_omp_teams_thread_limit(void) {
  (void)pp_omp_settings_get();
  return (int)pp_load_relaxed(&pp_omp_teams_threads);
}

/* What the environment says is older. */
void pp_omp_set_teams(pp_atomic_u32 *which, int value) {
  (void)pp_omp_settings_get();
  pp_store_relaxed(which, (uint32_t)value);
}

/* Names GCC's variables to the environment before anybody reads that, and displays it where it is asked for. */
__attribute__((constructor)) static void begin(void) {
  const pp_environment *environment;
  pp_omp_front_begin();
  if (getenv("OMP_DISPLAY_ENV") == NULL) return;
  environment = pp_environment_get();
  if (environment->source[PP_VARIABLE_DISPLAY_ENV] == PP_SOURCE_OMP && environment->display != PP_DISPLAY_OFF)
    pp_omp_display(environment->display == PP_DISPLAY_VERBOSE);
}
