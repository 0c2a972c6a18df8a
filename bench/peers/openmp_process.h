/* SPDX-License-Identifier: MIT */
/* openmp_process.h: a peer's program as a process of which one figure is taken. */
#ifndef BENCH_OPENMP_PROCESS_H
#define BENCH_OPENMP_PROCESS_H

#include "peers/serve.h"

/* The program's main where it has an argument: "first" prints what the first region takes in ns; "last" what the second
 * after the last region burns in ns, then the threads and the kB that are left. Returns main's status. */
int bench_process_main(const char *what);

/* Starts a program, which is looked for as a shell does, and reads up to `most` numbers of the only line that it prints
 * on its standard output; returns how many, once it has ended. */
int bench_process_run(const char *program, char *const *arguments, double *numbers, int most);

/* The file of the OpenMP library that this program runs on, to be freed. NULL: it is not to be found. */
char *bench_runtime_path(void);

#endif
