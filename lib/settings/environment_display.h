/* SPDX-License-Identifier: MIT */
/* environment_display.h: what the environment says to people: the display that DISPLAY_ENV asks for, and warnings. */
#ifndef PP_SETTINGS_ENVIRONMENT_DISPLAY_H
#define PP_SETTINGS_ENVIRONMENT_DISPLAY_H

#include "settings/environment.h"

/* Writes the settings between the lines "PPAR DISPLAY ENVIRONMENT BEGIN" and "... END", all at once;
 * verbose adds the library's version, the CPU budget, and where each value came from. errno is as it was. */
void pp_environment_display(FILE *stream, const pp_environment *environment, bool verbose) PP_SHARED;

/* Writes the value as the variable itself would give it, or "default" where the choice stays the library's. */
void pp_variable_print(FILE *stream, const pp_environment *environment, pp_variable variable) PP_SHARED;

/* Writes the line that tells whoever wonders why a program is slow of PPAR_SHAKE. errno is as it was. */
void pp_environment_tell_shake(FILE *stream, const pp_environment *environment);

/* A value that was refused, or was too large. */
typedef struct pp_refused_value {
  pp_variable variable;
  const char *name;               /* as the user has written it */
  const char *text;               /* the value */
  const char *complaint;          /* pp_variable_parse's */
  const pp_front_variable *other; /* where the name is another library's; else NULL */
} pp_refused_value;

/* Writes the warning line about the value: the environment already holds what is used instead. */
void pp_variable_warn(FILE *stream, const pp_environment *environment, const pp_refused_value *refused);

/* Writes a line about each of these, "NAME=VALUE", that begins with PPAR_ and is unknown (environment_names.h), where
 * another name may be meant: systems have names of their own for where a library lies, as PPAR_HOME. NULL ends them;
 * there may be none at all. others: names of the library in front, or NULL. Returns the number of lines. errno is as it
 * was. */
int pp_environment_tell_unknown(FILE *stream, char *const *variables, const char *const *others);

#endif
