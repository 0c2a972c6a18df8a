/* SPDX-License-Identifier: MIT */
/* program.h: what the program is called, for who looks at what it has written. */
#ifndef PP_PLATFORM_PROGRAM_H
#define PP_PLATFORM_PROGRAM_H

/* The last part of the path that the program was called by; "program" where the system does not tell. Also in a
 * signal's handler. */
const char *pp_program_name(void);

#endif
