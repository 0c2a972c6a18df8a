/* SPDX-License-Identifier: MIT */
/* display.c: the display of the environment, in OpenMP's form. It has the values that the program began with, as its
 * variables would give them. It is composed in memory and written at once. */
#include "gomp/display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/version.h>

#include "gomp/affinity_format.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "gomp/settings.h"
#include "settings/environment.h"
#include "settings/environment_display.h"
#include "settings/environment_parse.h"

/* The version of OpenMP that GCC's compilers say they have: the year and month. */
#define OPENMP_VERSION "201511"

/* Those that ppar has, too. */
static const pp_variable shared_variables[] = {
    PP_VARIABLE_DYNAMIC,     PP_VARIABLE_NUM_THREADS,  PP_VARIABLE_SCHEDULE,
    PP_VARIABLE_PROC_BIND,   PP_VARIABLE_PLACES,       PP_VARIABLE_STACKSIZE,
    PP_VARIABLE_WAIT_POLICY, PP_VARIABLE_THREAD_LIMIT, PP_VARIABLE_MAX_ACTIVE_LEVELS,
};

static void print(FILE *out, const char *name, const char *value) { fprintf(out, "  [host] %s = '%s'\n", name, value); }

static void print_bool(FILE *out, const char *name, bool value) { print(out, name, value ? "true" : "false"); }

static void print_number(FILE *out, const char *name, int value) { fprintf(out, "  [host] %s = '%d'\n", name, value); }

/* What the user has written. What could drive a terminal is left out. */
static void print_given(FILE *out, const char *name, const char *otherwise) {
  const char *text = getenv(name);
  if (text == NULL) text = otherwise;
  fprintf(out, "  [host] %s = '", name);
  for (; *text != '\0'; text++) fputc((unsigned char)*text < ' ' || *text == 127 ? '?' : *text, out);
  fputs("'\n", out);
}

/* The numbers of teams may have been changed since; those that the environment gave are not kept. */
static void print_settings(FILE *out, const pp_omp_settings *settings) {
  print_bool(out, "OMP_NESTED", settings->icvs.max_active_levels > 1);
  print_given(out, "OMP_NUM_TEAMS", "0");
  print_given(out, "OMP_TEAMS_THREAD_LIMIT", "0");
  print_bool(out, "OMP_CANCELLATION", settings->cancellation);
  print_number(out, "OMP_DEFAULT_DEVICE", settings->icvs.default_device);
  print_number(out, "OMP_MAX_TASK_PRIORITY", settings->max_task_priority);
  print_bool(out, "OMP_DISPLAY_AFFINITY", pp_omp_displays_affinity);
  print_given(out, "OMP_AFFINITY_FORMAT", PP_OMP_AFFINITY_FORMAT);
  print_given(out, "OMP_ALLOCATOR", "omp_default_mem_alloc");
  print_given(out, "OMP_TARGET_OFFLOAD", "default");
  print(out, "OMP_TOOL", settings->tool ? "enabled" : "disabled");
  print_given(out, "OMP_TOOL_LIBRARIES", "");
  print_given(out, "OMP_TOOL_VERBOSE_INIT", "disabled");
}

static void compose(FILE *out, const pp_environment *environment, bool verbose) {
  const pp_omp_settings *settings = pp_omp_settings_get();
  fputs("\nOPENMP DISPLAY ENVIRONMENT BEGIN\n  _OPENMP = '" OPENMP_VERSION "'\n", out);
  for (size_t k = 0; k < sizeof shared_variables / sizeof shared_variables[0]; k++) {
    fprintf(out, "  [host] OMP_%s = '", pp_variable_name(shared_variables[k]));
    pp_variable_print(out, environment, shared_variables[k]);
    fputs("'\n", out);
  }
  print_settings(out, settings);
  if (verbose) {
    print_given(out, "GOMP_CPU_AFFINITY", "");
    print_given(out, "GOMP_STACKSIZE", "default");
    print_given(out, "GOMP_SPINCOUNT", "default");
    print_bool(out, "GOMP_DEBUG", settings->debug);
  }
  fputs("OPENMP DISPLAY ENVIRONMENT END\n", out);
}

void pp_omp_display(bool verbose) {
  const pp_environment *environment = pp_environment_get();
  char *text = NULL;
  size_t size;
  FILE *memory = open_memstream(&text, &size);
  compose(memory != NULL ? memory : stderr, environment, verbose);
  if (memory != NULL && fclose(memory) == 0) (void)fwrite(text, 1, size, stderr);
  free(text);
  if (verbose) pp_environment_display(stderr, environment, true);
}

/* Writes the settings to stderr. verbose: with those that are this library's own. */
void omp_display_env(int verbose) { pp_omp_display(verbose != 0); }
void omp_display_env_(const int32_t *verbose) { pp_omp_display(*verbose != 0); }
void omp_display_env_8_(const int64_t *verbose) { pp_omp_display(*verbose != 0); }
