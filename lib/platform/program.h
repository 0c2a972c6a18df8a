/* SPDX-License-Identifier: MIT */
/* program.h: which process this is, for who looks at what it has written. */
#ifndef PP_PLATFORM_PROGRAM_H
#define PP_PLATFORM_PROGRAM_H

#include <stdint.h>

/* The system's number of the process. Also in a signal's handler. */
int64_t pp_program_id(void);

/* The last part of the path that the program was called by; "program" where the system does not tell. Also in a
 * signal's handler. */
const char *pp_program_name(void);

#endif
