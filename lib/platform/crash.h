/* SPDX-License-Identifier: MIT */
/* crash.h: a last word before a signal ends the process. */
#ifndef PP_PLATFORM_CRASH_H
#define PP_PLATFORM_CRASH_H

#include <stddef.h>

/* From here on a signal that would end the process (a fault, abort, or SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM,
 * SIGXCPU) calls tell(signal) before, on the thread that got it. Signals that the program handles or ignores are left
 * alone, and a handler that it sets later replaces this. Other threads that meet with a fault meanwhile wait for the
 * end; a fault in tell, and a second signal that asks for the end, end the process at once. tell may do what is allowed
 * in a signal's handler. */
void pp_crash_watch(void (*tell)(int signal));

/* No more. */
void pp_crash_forget(void);

/* The calling thread is to handle signals on this memory, so that its stack may be used up; unless it has such a stack
 * already. The memory has to stay until the thread ends. */
enum { PP_CRASH_STACK = 128 << 10 /* bytes */ };
void pp_crash_stand_on(void *memory);

/* "SIGSEGV", for those above; else "a signal". */
const char *pp_crash_name(int signal);

#endif
