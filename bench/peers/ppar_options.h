/* SPDX-License-Identifier: MIT */
/* ppar_options.h: what ppar's kernels and programs have in common. */
#ifndef BENCH_PPAR_OPTIONS_H
#define BENCH_PPAR_OPTIONS_H

#include <ppar/ppar.h>

#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the request asks for, made before its sample; every kernel's loops and regions have it. */
extern ppar_options bench_ppar_options;

/* Of ppar's bench_server. */
bool bench_ppar_prepare(bench_job *job);
void bench_ppar_wake(bench_job *job);
void bench_ppar_fill(bench_job *job);

#ifdef __cplusplus
}
#endif

#endif
