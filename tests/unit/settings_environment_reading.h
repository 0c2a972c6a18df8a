/* SPDX-License-Identifier: MIT */
/* settings_environment_reading.h: settings read from a table and what came of them, for the environment's tests. */
#ifndef PP_TEST_SETTINGS_ENVIRONMENT_READING_H
#define PP_TEST_SETTINGS_ENVIRONMENT_READING_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/budget.h"
#include "settings/environment.h"

typedef struct setting {
  const char *name, *value; /* a NULL name ends a list */
} setting;

/* What came of some settings, and what was written meanwhile. */
typedef struct reading {
  pp_environment environment;
  int warnings;
  char *log;
} reading;

static inline const char *look_up(const char *name, void *context) {
  for (const setting *s = context; s->name != NULL; s++) {
    if (strcmp(s->name, name) == 0) return s->value;
  }
  return NULL;
}

static inline int count_lines(const char *text) {
  int lines = 0;
  for (; *text != '\0'; text++) lines += *text == '\n';
  return lines;
}

static inline reading read_settings(const setting *settings) {
  reading r = {.log = NULL};
  size_t size;
  FILE *stream = open_memstream(&r.log, &size);
  cr_assert(stream != NULL);
  r.warnings = pp_environment_parse(&r.environment, look_up, (void *)settings, stream);
  fclose(stream);
  cr_assert_eq(count_lines(r.log), r.warnings, "%d warnings in: %s", r.warnings, r.log);
  return r;
}

static inline reading read_one(const char *name, const char *value) {
  const setting settings[] = {{name, value}, {NULL, NULL}};
  return read_settings(settings);
}

static inline void release(reading *r) {
  pp_environment_release(&r->environment);
  free(r->log);
}

/* Asked for once: it opens files. */
static inline int budget(void) {
  static int cpus;
  if (cpus == 0) cpus = pp_cpu_budget() < PPAR_MAX_THREADS ? pp_cpu_budget() : PPAR_MAX_THREADS;
  return cpus;
}

static inline void assert_is_default(const pp_environment *e, const char *why) {
  cr_assert_eq(e->levels, 1, "%s", why);
  cr_assert_eq(e->threads[0], budget(), "%s", why);
  cr_assert_eq(e->thread_limit, PPAR_MAX_THREADS, "%s", why);
  cr_assert_eq(e->schedule.kind, PPAR_SCHEDULE_AUTO, "%s", why);
  cr_assert_eq(e->schedule.order, PPAR_ORDER_DEFAULT, "%s", why);
  cr_assert_eq(e->schedule.chunk, 0, "%s", why);
  cr_assert_eq(e->wait, PPAR_WAIT_DEFAULT, "%s", why);
  cr_assert_eq(e->bind, PPAR_BIND_FALSE, "%s", why);
  cr_assert_eq(e->max_active_levels, 1, "%s", why);
  cr_assert_null(e->places, "%s", why);
  cr_assert_eq(e->stack_size, 0, "%s", why);
  cr_assert_not(e->dynamic, "%s", why);
  cr_assert_eq(e->display, PP_DISPLAY_OFF, "%s", why);
  for (int v = 0; v < PP_VARIABLES; v++) cr_assert_eq(e->source[v], PP_SOURCE_DEFAULT, "%s", why);
}

#endif
