/* SPDX-License-Identifier: MIT */
/* environment_variables.h: one environment variable at a time: its name, its grammar, its value in words.
 * Shared by the files of environment.h and by nobody else. */
#ifndef PP_SETTINGS_ENVIRONMENT_VARIABLES_H
#define PP_SETTINGS_ENVIRONMENT_VARIABLES_H

#include "settings/environment.h"

/* The name without its prefix. */
const char *pp_variable_name(pp_variable variable);

/* Reads text into the variable's field. NULL when it was good; else what is wrong with it, to follow the
 * value in a sentence, and the environment is as it was. THREAD_LIMIT is read before NUM_THREADS. */
const char *pp_variable_parse(pp_environment *environment, pp_variable variable, const char *text);

/* Writes the warning line about a refused value: the environment already holds what is used instead. */
void pp_variable_warn(FILE *stream, const pp_environment *environment, pp_variable variable, const char *name,
                      const char *text, const char *complaint);

#endif
