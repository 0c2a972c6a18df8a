/* SPDX-License-Identifier: MIT */
/* environment_parse.h: the name of each environment variable, and its grammar. */
#ifndef PP_SETTINGS_ENVIRONMENT_PARSE_H
#define PP_SETTINGS_ENVIRONMENT_PARSE_H

#include "platform/shared.h"
#include "settings/environment.h"

/* The name without its prefix. */
const char *pp_variable_name(pp_variable variable) PP_SHARED;

/* Reads text into the variable's field. NULL when it was good; else what is wrong with it, to follow the
 * value in a sentence, and the environment is as it was. THREAD_LIMIT is read before NUM_THREADS. */
const char *pp_variable_parse(pp_environment *environment, pp_variable variable, const char *text) PP_SHARED;

#endif
