/* SPDX-License-Identifier: MIT */
/* ppar_options.h: what ppar's kernels have in common. */
#ifndef BENCH_PPAR_OPTIONS_H
#define BENCH_PPAR_OPTIONS_H

#include <ppar/ppar.h>

/* What the request asks for, made before its sample; every kernel's loops and regions have it. */
extern ppar_options bench_ppar_options;

#endif
