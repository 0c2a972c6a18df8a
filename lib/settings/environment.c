/* SPDX-License-Identifier: MIT */
/* environment.c: which variable counts, and the process's own settings. */
#include "settings/environment.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "platform/budget.h"
#include "platform/program.h"
#include "platform/race_checker.h"
#include "platform/thread.h"
#include "schedule/tuning.h"
#include "settings/environment_display.h"
#include "settings/environment_parse.h"

enum { NAMES = 8, NAME_SIZE = 32 };

/* NULL: there is none. Written before there are threads that read it. */
static const pp_environment_front *front;

/* What names a variable has, in the order in which they count, and what became of each. */
typedef struct candidate {
  char name[NAME_SIZE];
  pp_source source;
  const pp_front_variable *other; /* of PP_SOURCE_FRONT */
  const char *text, *complaint;
} candidate;

static void add_name(candidate *list, int *count, pp_source source, const char *prefix, const char *name) {
  if (*count == NAMES) return;
  list[*count] = (candidate){.source = source};
  (void)snprintf(list[*count].name, sizeof list[*count].name, "%s%s", prefix, name);
  ++*count;
}

static void add_front_names(candidate *list, int *count, pp_variable variable, bool before_omp) {
  for (int i = 0; front != NULL && i < front->count; i++) {
    const pp_front_variable *other = &front->variables[i];
    if (other->variable != variable || other->before_omp != before_omp || *count == NAMES) continue;
    add_name(list, count, PP_SOURCE_FRONT, "", other->name);
    list[*count - 1].other = other;
  }
}

static int list_names(candidate *list, pp_variable variable) {
  int count = 0;
  add_name(list, &count, PP_SOURCE_PPAR, "PPAR_", pp_variable_name(variable));
  add_front_names(list, &count, variable, true);
  if (variable < PP_VARIABLE_CHECK) add_name(list, &count, PP_SOURCE_OMP, "OMP_", pp_variable_name(variable));
  add_front_names(list, &count, variable, false);
  return count;
}

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
    environment->binds[0] = (unsigned char)environment->bind;
    environment->bind_levels = 1;
  } else if (variable == PP_VARIABLE_MAX_ACTIVE_LEVELS) {
    environment->max_active_levels = environment->levels > 1 || environment->bind_levels > 1 ? INT_MAX : 1;
  } else if (variable == PP_VARIABLE_CHECK) {
    environment->check = pp_check_default();
  } else if (variable == PP_VARIABLE_TRACE_SIZE) {
    environment->trace_size = PP_TRACE_BYTES;
  }
}

/* Returns the complaint. A value that is too large counts, and is told of. */
static const char *read_one(pp_environment *out, pp_variable variable, const candidate *c) {
  bool by_front = c->other != NULL && c->other->parse != NULL;
  const char *complaint = by_front ? c->other->parse(out, c->text) : pp_variable_parse(out, variable, c->text);
  if (complaint != NULL && complaint != pp_variable_too_large) return complaint;
  out->source[variable] = c->source;
  if (c->other != NULL) out->front_names[variable] = c->other->name;
  return complaint;
}

/* Warns last, when it is known what is used instead. The budget is not asked for unless it is needed:
 * finding it opens files. Returns the number of warnings. */
static int resolve(pp_environment *out, pp_variable variable, const char *(*lookup)(const char *name, void *context),
                   void *context, FILE *stream) {
  candidate names[NAMES];
  int warnings = 0, looked = 0, count = list_names(names, variable);
  while (looked < count && out->source[variable] == PP_SOURCE_DEFAULT) {
    candidate *c = &names[looked++];
    c->text = lookup(c->name, context);
    if (c->text == NULL) continue;
    c->complaint = read_one(out, variable, c);
  }
  if (out->source[variable] == PP_SOURCE_DEFAULT) set_default(out, variable);
  for (int i = 0; i < looked; i++) {
    if (names[i].complaint == NULL) continue;
    pp_variable_warn(stream, out,
                     &(pp_refused_value){.variable = variable,
                                         .name = names[i].name,
                                         .text = names[i].text,
                                         .complaint = names[i].complaint,
                                         .other = names[i].other});
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

void pp_environment_set_front(const pp_environment_front *library) { front = library; }

bool pp_environment_front_limits(void) { return front != NULL && front->limits; }

static pp_environment process_environment;
PP_CHECKS_LEAVE_OUT(process_environment)
pp_atomic_u32 pp_environment_modes;

static const char *look_up_process(const char *name, void *context) {
  (void)context;
  return getenv(name);
}

/* Whether the display is this library's to write. */
static bool is_to_display(const pp_environment *environment) {
  bool is_of_front = front != NULL && front->displays && environment->source[PP_VARIABLE_DISPLAY_ENV] == PP_SOURCE_OMP;
  return environment->display != PP_DISPLAY_OFF && !is_of_front;
}

static void read_process(void) {
  int held = pp_thread_hold_cancellation();
  pp_environment_parse(&process_environment, look_up_process, NULL, stderr);
  if (process_environment.check != PP_CHECK_NOTHING)
    (void)pp_environment_tell_unknown(stderr, pp_program_variables(), front != NULL ? front->others : NULL);
  if (is_to_display(&process_environment)) {
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
