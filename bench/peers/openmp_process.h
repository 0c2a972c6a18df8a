/* SPDX-License-Identifier: MIT */
/* openmp_process.h: a peer's program as a process of which one figure is taken. */
#ifndef BENCH_OPENMP_PROCESS_H
#define BENCH_OPENMP_PROCESS_H

#include "peers/serve.h"

/* The program's main where it has an argument: "first" prints what the first region takes in ns; "last" what the second
 * after the last region burns in ns, then the threads and the kB that are left. Returns main's status. */
int bench_process_main(const char *what);

#endif
