/* SPDX-License-Identifier: MIT */
/* environment_display.c: what the environment says to people: the display block and the warnings. Both are
 * composed in memory and written at once, so that lines of several processes on one terminal stay whole;
 * without memory they are written piece by piece. */
#include "settings/environment_display.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/version.h>

#include "platform/budget.h"
#include "settings/environment_names.h"
#include "settings/environment_parse.h"
#include "settings/schedule_text.h"

/* How much of a value a warning shows: with the rest of the line about two lines of a terminal. */
#define SHOWN_BYTES 60

/* Longer than any schedule's text: two words and a number. */
#define SCHEDULE_TEXT_SIZE 64

typedef struct draft {
  FILE *memory; /* NULL: no memory */
  char *text;
  size_t size;
} draft;

static FILE *draft_open(draft *d, FILE *stream) {
  d->text = NULL;
  d->memory = open_memstream(&d->text, &d->size);
  return d->memory != NULL ? d->memory : stream;
}

static void draft_close(draft *d, FILE *stream) {
  if (d->memory == NULL) return;
  if (fclose(d->memory) == 0) fwrite(d->text, 1, d->size, stream);
  free(d->text);
}

/* At most limit bytes of the text's first `length`, then "..." where there are more. What could break the line, end the
 * quotes around the text or drive a terminal is escaped. */
static void print_bytes(FILE *stream, const char *text, size_t length, size_t limit) {
  for (size_t i = 0; i < length && i < limit; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '\n') {
      fputs("\\n", stream);
    } else if (c == '\t') {
      fputs("\\t", stream);
    } else if (c < ' ' || c > '~') {
      fprintf(stream, "\\x%02x", c);
    } else {
      if (c == '\\' || c == '"') fputc('\\', stream);
      fputc(c, stream);
    }
  }
  if (length > limit) fputs("...", stream);
}

static void print_escaped(FILE *stream, const char *text, size_t limit) {
  print_bytes(stream, text, strlen(text), limit);
}

static const char *wait_text(ppar_wait_policy wait) {
  switch (wait) {
    case PPAR_WAIT_ACTIVE: return "active";
    case PPAR_WAIT_PASSIVE: return "passive";
    case PPAR_WAIT_DEFAULT: break;
  }
  return "default";
}

static void print_wait(FILE *stream, const pp_environment *environment) {
  if (environment->spin_ns != 0 && environment->wait == PPAR_WAIT_DEFAULT) {
    fprintf(stream, "spin %" PRIu64 " ns, then sleep", environment->spin_ns);
  } else {
    fputs(wait_text(environment->wait), stream);
  }
}

static const char *bind_text(unsigned bind) {
  switch (bind) {
    case PPAR_BIND_TRUE: return "true";
    case PPAR_BIND_PRIMARY: return "primary";
    case PPAR_BIND_CLOSE: return "close";
    case PPAR_BIND_SPREAD: return "spread";
    default: return "false";
  }
}

static void print_binds(FILE *stream, const pp_environment *environment) {
  for (int level = 0; level < environment->bind_levels; level++) {
    fprintf(stream, "%s%s", level > 0 ? "," : "", bind_text(environment->binds[level]));
  }
}

static const char *display_text(pp_display display) {
  return display == PP_DISPLAY_VERBOSE ? "verbose" : display == PP_DISPLAY_ON ? "true" : "false";
}

static const char *check_text(pp_check check, bool results) {
  if (check == PP_CHECK_CALLS) return results ? "results" : "default";
  if (check == PP_CHECK_THREADS) return results ? "1,results" : "1";
  return results ? "0,results" : "0";
}

static void print_threads(FILE *stream, const pp_environment *environment) {
  for (int level = 0; level < environment->levels; level++) {
    fprintf(stream, "%s%d", level > 0 ? "," : "", environment->threads[level]);
  }
}

static void print_stack_size(FILE *stream, size_t size) {
  if (size == 0) {
    fputs("default", stream);
  } else if (size % 1024 == 0) {
    fprintf(stream, "%zuK", size / 1024);
  } else {
    fprintf(stream, "%zuB", size);
  }
}

static void print_text(FILE *stream, const char *text, const char *otherwise, size_t limit) {
  print_escaped(stream, text != NULL ? text : otherwise, limit);
}

/* The resolved value as the variable itself would give it, or "default" where the choice stays the
 * library's. PLACES is the user's own text, of any length: at most limit bytes of it. */
static void print_value(FILE *stream, const pp_environment *environment, pp_variable variable, size_t limit) {
  char schedule[SCHEDULE_TEXT_SIZE];
  switch (variable) {
    case PP_VARIABLE_THREAD_LIMIT: fprintf(stream, "%d", environment->thread_limit); break;
    case PP_VARIABLE_NUM_THREADS: print_threads(stream, environment); break;
    case PP_VARIABLE_SCHEDULE:
      pp_schedule_format_text(environment->schedule, schedule, sizeof schedule);
      fputs(schedule, stream);
      break;
    case PP_VARIABLE_PLACES: print_text(stream, environment->places, "default", limit); break;
    case PP_VARIABLE_PROC_BIND: print_binds(stream, environment); break;
    case PP_VARIABLE_MAX_ACTIVE_LEVELS: fprintf(stream, "%d", environment->max_active_levels); break;
    case PP_VARIABLE_WAIT_POLICY: print_wait(stream, environment); break;
    case PP_VARIABLE_STACKSIZE: print_stack_size(stream, environment->stack_size); break;
    case PP_VARIABLE_DYNAMIC: fputs(environment->dynamic ? "true" : "false", stream); break;
    case PP_VARIABLE_DISPLAY_ENV: fputs(display_text(environment->display), stream); break;
    case PP_VARIABLE_CHECK: fputs(check_text(environment->check, environment->check_results), stream); break;
    case PP_VARIABLE_TRACE: print_text(stream, environment->trace, "0", limit); break;
    case PP_VARIABLE_TRACE_SIZE: print_stack_size(stream, environment->trace_size); break;
    case PP_VARIABLE_TRACE_ONLY: print_text(stream, environment->trace_only, "default", limit); break;
    case PP_VARIABLE_TRACE_LIMIT: fprintf(stream, "%" PRIu64, environment->trace_limit); break;
    case PP_VARIABLE_REPORT: print_text(stream, environment->report, "0", limit); break;
    case PP_VARIABLE_SHAKE: fprintf(stream, "%" PRIu64, environment->shake); break;
    case PP_VARIABLES: break;
  }
}

static void print_source(FILE *stream, const pp_environment *environment, pp_variable variable) {
  switch (environment->source[variable]) {
    case PP_SOURCE_DEFAULT: fputs("default", stream); break;
    case PP_SOURCE_PPAR: fprintf(stream, "PPAR_%s", pp_variable_name(variable)); break;
    case PP_SOURCE_OMP: fprintf(stream, "OMP_%s", pp_variable_name(variable)); break;
    case PP_SOURCE_FRONT: fputs(environment->front_names[variable], stream); break;
  }
}

void pp_variable_print(FILE *stream, const pp_environment *environment, pp_variable variable) {
  print_value(stream, environment, variable, SIZE_MAX);
}

void pp_environment_display(FILE *stream, const pp_environment *environment, bool verbose) {
  int saved_errno = errno;
  draft block;
  FILE *out = draft_open(&block, stream);
  fputs("PPAR DISPLAY ENVIRONMENT BEGIN\n", out);
  if (verbose) fprintf(out, "  [version] = '%s'\n  [CPU budget] = '%d'\n", PPAR_VERSION_STRING, pp_cpu_budget());
  for (int v = 0; v < PP_VARIABLES; v++) {
    const char *name = pp_variable_name((pp_variable)v);
    fprintf(out, "  PPAR_%s = '", name);
    print_value(out, environment, (pp_variable)v, SIZE_MAX);
    fputc('\'', out);
    if (verbose) {
      fputs(" [", out);
      print_source(out, environment, (pp_variable)v);
      fputc(']', out);
    }
    fputc('\n', out);
  }
  fputs("PPAR DISPLAY ENVIRONMENT END\n", out);
  draft_close(&block, stream);
  errno = saved_errno;
}

void pp_environment_tell_shake(FILE *stream, const pp_environment *environment) {
  int saved_errno = errno;
  fprintf(stream, "ppar: PPAR_SHAKE=%" PRIu64 ": delays and unusual schedules, to make races show\n",
          environment->shake);
  errno = saved_errno;
}

/* What the value means that is used instead of a refused one, where it is a number from which nobody can tell. */
static const char *meaning_of(const pp_environment *environment, pp_variable variable) {
  if (variable == PP_VARIABLE_TRACE && environment->trace == NULL) return " (nothing is recorded)";
  if (variable == PP_VARIABLE_TRACE_LIMIT && environment->trace_limit == 0) return " (all calls are recorded)";
  if (variable == PP_VARIABLE_REPORT && environment->report == NULL) return " (no report is made)";
  if (variable == PP_VARIABLE_SHAKE && environment->shake == 0) return " (nothing is held up)";
  return "";
}

static void print_instead(FILE *stream, const pp_environment *environment, const pp_refused_value *refused) {
  if (refused->other != NULL && refused->other->print != NULL) {
    refused->other->print(stream, environment);
  } else {
    print_value(stream, environment, refused->variable, SHOWN_BYTES);
    fputs(meaning_of(environment, refused->variable), stream);
  }
}

void pp_variable_warn(FILE *stream, const pp_environment *environment, const pp_refused_value *refused) {
  draft line;
  FILE *out = draft_open(&line, stream);
  bool is_own = refused->complaint == pp_variable_too_large;
  fprintf(out, "ppar: %s=\"", refused->name);
  print_escaped(out, refused->text, SHOWN_BYTES);
  fprintf(out, "\" %s; using ", refused->complaint);
  print_instead(out, environment, refused);
  if (environment->source[refused->variable] != PP_SOURCE_DEFAULT && !is_own) {
    fputs(" from ", out);
    print_source(out, environment, refused->variable);
  }
  fputc('\n', out);
  draft_close(&line, stream);
}

static void tell_unknown(FILE *stream, const char *variable, pp_meant_name meant) {
  draft line;
  FILE *out = draft_open(&line, stream);
  fputs("ppar: ", out);
  print_bytes(out, variable, strcspn(variable, "="), SHOWN_BYTES);
  fprintf(out, " is no variable of ppar's; %s%s is meant?\n", meant.prefix, meant.name);
  draft_close(&line, stream);
}

int pp_environment_tell_unknown(FILE *stream, char *const *variables, const char *const *others) {
  static const char prefix[] = "PPAR_";
  const size_t length = sizeof prefix - 1;
  int saved_errno = errno, lines = 0;
  for (; variables != NULL && *variables != NULL; variables++) {
    pp_meant_name meant;
    if (strncmp(*variables, prefix, length) != 0 || pp_name_is_known(*variables + length)) continue;
    meant = pp_name_meant(*variables + length, others);
    if (meant.name == NULL) continue;
    tell_unknown(stream, *variables, meant);
    lines++;
  }
  errno = saved_errno;
  return lines;
}
