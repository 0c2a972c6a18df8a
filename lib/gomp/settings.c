/* SPDX-License-Identifier: MIT */
/* settings.c: reading them, once. What ppar has a variable for, too, comes from the environment that it has read. */
#include "gomp/settings.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

#include "gomp/message.h"
#include "settings/environment.h"

static pp_omp_settings settings;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A variable that is true or false. */
static bool read_bool(const char *name, bool otherwise) {
  const char *text = getenv(name);
  if (text == NULL) return otherwise;
  if (strcasecmp(text, "true") == 0 || strcasecmp(text, "1") == 0) return true;
  if (strcasecmp(text, "false") == 0 || strcasecmp(text, "0") == 0) return false;
  pp_omp_warn("%s=%s is neither true nor false; %s is used", name, text, otherwise ? "true" : "false");
  return otherwise;
}

/* A number that is not negative. */
static int read_number(const char *name, int otherwise) {
  const char *text = getenv(name);
  char *past;
  long number;
  if (text == NULL) return otherwise;
  number = strtol(text, &past, 10);
  if (past != text && *past == '\0' && number >= 0 && number <= INT_MAX) return (int)number;
  pp_omp_warn("%s=%s is no number from 0 to %d; %d is used", name, text, INT_MAX, otherwise);
  return otherwise;
}

static void read_settings(void) {
  const pp_environment *environment = pp_environment_get();
  settings.icvs = (pp_omp_icvs){
      .threads = 0,
      .max_active_levels = environment->max_active_levels,
      .thread_limit = environment->thread_limit,
      .dynamic = environment->dynamic,
      .bind = environment->bind,
      .schedule = environment->schedule,
      .default_allocator = 1,
  };
  settings.max_task_priority = read_number("OMP_MAX_TASK_PRIORITY", 0);
  settings.cancellation = read_bool("OMP_CANCELLATION", false);
}

const pp_omp_settings *pp_omp_settings_get(void) {
  (void)pthread_once(&once, read_settings);
  return &settings;
}
