/* SPDX-License-Identifier: MIT */
/* environment.c: which variable counts, and the process's own settings. */
#include "settings/environment.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "platform/budget.h"
#include "platform/race_checker.h"
#include "platform/thread.h"
#include "schedule/tuning.h"
#include "settings/environment_display.h"
#include "settings/environment_parse.h"

enum { PREFIXES = 2, NAME_SIZE = 32 };

static const struct {
  const char *text;
  pp_source source;
} prefixes[PREFIXES] = {{"PPAR_", PP_SOURCE_PPAR}, {"OMP_", PP_SOURCE_OMP}};

/* What zero does not say. */
static void set_default(pp_environment *environment, pp_variable variable) {
  if (variable == PP_VARIABLE_THREAD_LIMIT) {
    environment->thread_limit = PPAR_MAX_THREADS;
  } else if (variable == PP_VARIABLE_NUM_THREADS) {
    int budget = pp_cpu_budget();
    environment->threads[0] = budget < environment->thread_limit ? budget : environment->thread_limit;
    environment->levels = 1;
  } else if (variable == PP_VARIABLE_PROC_BIND) {
    environment->bind = environment->places != NULL ? PPAR_BIND_TRUE : PPAR_BIND_FALSE;
  } else if (variable == PP_VARIABLE_MAX_ACTIVE_LEVELS) {
    environment->max_active_levels = environment->levels > 1 || environment->bind_list ? INT_MAX : 1;
  } else if (variable == PP_VARIABLE_CHECK) {
    environment->check = pp_check_default();
  } else if (variable == PP_VARIABLE_TRACE_SIZE) {
    environment->trace_size = PP_TRACE_BYTES;
  }
}

/* Warns last, when it is known what is used instead. The budget is not asked for unless it is needed:
 * finding it opens files. Returns the number of warnings. */
static int resolve(pp_environment *out, pp_variable variable, const char *(*lookup)(const char *name, void *context),
                   void *context, FILE *stream) {
  char names[PREFIXES][NAME_SIZE];
  const char *texts[PREFIXES], *complaints[PREFIXES] = {NULL};
  int warnings = 0, count = variable >= PP_VARIABLE_CHECK ? 1 : PREFIXES;
  for (int i = 0; i < count && out->source[variable] == PP_SOURCE_DEFAULT; i++) {
    snprintf(names[i], sizeof names[i], "%s%s", prefixes[i].text, pp_variable_name(variable));
    texts[i] = lookup(names[i], context);
    if (texts[i] == NULL) continue;
    complaints[i] = pp_variable_parse(out, variable, texts[i]);
    if (complaints[i] == NULL) out->source[variable] = prefixes[i].source;
  }
  if (out->source[variable] == PP_SOURCE_DEFAULT) set_default(out, variable);
  for (int i = 0; i < PREFIXES; i++) {
    if (complaints[i] == NULL) continue;
    pp_variable_warn(stream, out, variable, names[i], texts[i], complaints[i]);
    warnings++;
  }
  return warnings;
}

int pp_environment_parse(pp_environment *out, const char *(*lookup)(const char *name, void *context), void *context,
                         FILE *warnings) {
  int saved_errno = errno, count = 0;
  memset(out, 0, sizeof *out);
  for (int v = 0; v < PP_VARIABLES; v++) count += resolve(out, (pp_variable)v, lookup, context, warnings);
  errno = saved_errno;
  return count;
}

void pp_environment_release(pp_environment *environment) {
  free((char *)environment->places);
  free((char *)environment->trace);
  free((char *)environment->trace_only);
  free((char *)environment->report);
  environment->places = environment->trace = environment->trace_only = environment->report = NULL;
}

static pp_environment process_environment;
PP_CHECKS_LEAVE_OUT(process_environment)
pp_atomic_u32 pp_environment_modes;

static const char *look_up_process(const char *name, void *context) {
  (void)context;
  return getenv(name);
}

static void read_process(void) {
  int held = pp_thread_hold_cancellation();
  pp_environment_parse(&process_environment, look_up_process, NULL, stderr);
  if (process_environment.display != PP_DISPLAY_OFF) {
    pp_environment_display(stderr, &process_environment, process_environment.display == PP_DISPLAY_VERBOSE);
  }
  if (process_environment.shake != 0) pp_environment_tell_shake(stderr, &process_environment);
  pp_store_relaxed(&pp_environment_modes, (process_environment.shake != 0 ? PP_MODE_SHAKE : 0) |
                                              (process_environment.check_results ? PP_MODE_RESULTS : 0));
  pp_thread_allow_cancellation(held);
}

const pp_environment *pp_environment_get(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_process);
  return &process_environment;
}
