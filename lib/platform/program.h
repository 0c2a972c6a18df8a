/* SPDX-License-Identifier: MIT */
/* program.h: what the program is called, for who looks at what it has written; and its environment. */
#ifndef PP_PLATFORM_PROGRAM_H
#define PP_PLATFORM_PROGRAM_H

/* The last part of the path that the program was called by; "program" where the system does not tell. Also in a
 * signal's handler. */
const char *pp_program_name(void);

/* All environment variables, "NAME=VALUE"; NULL ends them, and stands for none at all. As getenv, it is not for threads
 * while others change them. */
char *const *pp_program_variables(void);

#endif
