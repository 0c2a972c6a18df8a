/* SPDX-License-Identifier: MIT */
/* costs.h: what each iteration of a loop takes, from a file or from this machine. */
#ifndef BENCH_COSTS_H
#define BENCH_COSTS_H

#include "simulate/shapes.h"
#include "simulate/simulator.h"

enum { BENCH_COSTS_MAX = 10000000 };

/* One number a line, in nanoseconds. False after one line on standard error; *out is then empty. */
bool bench_costs_read(const char *path, bench_costs *out);

/* Takes the time of every iteration on this thread. False when there is no memory. */
bool bench_costs_measure(bench_shape shape, uint64_t count, bench_costs *out);

/* The costliest iteration's time: no schedule is faster. */
double bench_costs_longest(const bench_costs *costs);

void bench_costs_free(bench_costs *costs);

#endif
