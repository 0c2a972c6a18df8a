/* SPDX-License-Identifier: MIT */
/* request.h: what the command line asks of the simulator. */
#ifndef BENCH_SIMULATE_REQUEST_H
#define BENCH_SIMULATE_REQUEST_H

#include "simulate/shapes.h"
#include "simulate/simulator.h"

typedef struct bench_simulate_request {
  int threads;               /* P; 0: nothing is to be simulated */
  const char *costs;         /* a file of costs; NULL: shapes */
  bool shapes[BENCH_SHAPES]; /* none: all */
  int64_t iterations;        /* of shapes; 0: BENCH_SHAPE_ITERATIONS */
  bool overheads_given;      /* else they are measured */
  bench_overheads overheads;
} bench_simulate_request;

#endif
