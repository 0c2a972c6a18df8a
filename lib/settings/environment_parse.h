/* SPDX-License-Identifier: MIT */
/* environment_parse.h: the name of each environment variable, and its grammar. */
#ifndef PP_SETTINGS_ENVIRONMENT_PARSE_H
#define PP_SETTINGS_ENVIRONMENT_PARSE_H

#include "platform/shared.h"
#include "settings/environment.h"

/* The name without its prefix. */
const char *pp_variable_name(pp_variable variable) PP_SHARED;

/* The one complaint about a value that counts all the same: of a number of threads that is too large, in whose place
 * the greatest number that is allowed was stored. */
extern const char pp_variable_too_large[];

/* Reads text into the variable's field. NULL when it was good; else what is wrong with it, to follow the value in a
 * sentence. The environment then is as it was, unless that is pp_variable_too_large. THREAD_LIMIT is read before
 * NUM_THREADS. */
const char *pp_variable_parse(pp_environment *environment, pp_variable variable, const char *text) PP_SHARED;

#endif
