/* SPDX-License-Identifier: MIT */
/* at_load.h: functions that run as the library loads, before the constructors of the program and of the libraries that
 * use this one.
 *
 * Handlers around fork are registered there. The system runs those of before the fork in the reverse order of their
 * registration, and those of after it in the order. So the program's own handlers, which are registered later, may use
 * the library: before the fork they run before the library takes its locks, and afterwards when it has given them back
 * and renewed its pools. Only a program that registers handlers and then loads the library by dlopen has them the other
 * way round. */
#ifndef PP_PLATFORM_AT_LOAD_H
#define PP_PLATFORM_AT_LOAD_H

/* In which order, lower floors first. A number below 100 is the compiler's. Functions without one come after all that
 * have one, also where the library is linked statically. */
enum { PP_LOAD_FIRST = 101, PP_LOAD_PLATFORM = 102, PP_LOAD_POOL = 103, PP_LOAD_TEAM = 104 };

#define PP_AT_LOAD(turn) __attribute__((constructor(turn)))

#endif
