/* SPDX-License-Identifier: MIT */
/* measure.h: what the simulator asks this machine: the costs of the operations that it counts, and, for as many
 * threads as there are CPUs, the time of the real loop. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "simulate/shapes.h"
#include "simulate/simulator.h"

/* Takes some 100 ms. False where only one CPU may be used: then what takes two is a common machine's. */
bool bench_overheads_measure(bench_overheads *out);

/* LOCKED,TRANSFER,CLAIM,FORKJOIN,CALL: five numbers in ns, 0 or more. */
bool bench_overheads_parse(const char *text, bench_overheads *out);

/* The median time of the shape's loop under ppar with this plan and so many threads; ns. */
double bench_measure_loop(bench_shape shape, uint64_t count, const bench_plan *plan, uint32_t threads);

#endif
