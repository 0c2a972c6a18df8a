/* SPDX-License-Identifier: MIT */
/* message.h: what an OpenMP program is told: one line each, on stderr, "libgomp (ppar): ...". */
#ifndef PP_GOMP_MESSAGE_H
#define PP_GOMP_MESSAGE_H

/* Something is not as the program meant it, and it goes on. errno is as it was. */
void pp_omp_warn(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* The program cannot go on: it ends with status 1. */
_Noreturn void pp_omp_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* The same, where there is no memory for what OpenMP gives a program no way to be refused. */
_Noreturn void pp_omp_no_memory(const char *what) __attribute__((cold));

#endif
