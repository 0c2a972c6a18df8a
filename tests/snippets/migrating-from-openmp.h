/* SPDX-License-Identifier: MIT */
/* migrating-from-openmp.h: what docs/migrating-from-openmp.md takes for granted. */
#ifndef MIGRATING_FROM_OPENMP_H
#define MIGRATING_FROM_OPENMP_H

#include "prelude.h"

enum { BUCKETS = 16 };

static double weight_values[BUCKETS];
MAY_BE_USED double *weight = weight_values;
MAY_BE_USED unsigned char bytes[1000];

MAY_BE_USED void other_work(void) { rows += 0; }

MAY_BE_USED double read_tolerance(void) { return 0.5; }
MAY_BE_USED void read_left(double tolerance) { y[0] = tolerance; }
MAY_BE_USED void read_right(double tolerance) { y[100] = tolerance; }

MAY_BE_USED int bucket_of(int64_t i) { return (int)(i % BUCKETS); }
MAY_BE_USED void append(int bucket, int64_t i) { weight[bucket] += (double)i; }

MAY_BE_USED bool prepare(int thread) { return thread >= 0; }
MAY_BE_USED void compute(int thread) { y[thread % 1000] = thread; }

#endif
