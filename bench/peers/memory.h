/* SPDX-License-Identifier: MIT */
/* memory.h: bodies that allocate, and vectors of fresh pages, the same in every peer. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include "peers/serve.h"

enum {
  BENCH_BLOCKS = 8, /* that an iteration allocates */
  BENCH_READS = 4   /* of a vector, after it was filled once */
};

typedef struct bench_blocks {
  void *block[BENCH_BLOCKS];
} bench_blocks;

/* Iteration i's blocks, each written to at both ends. False when there was no memory for one of them. */
bool bench_allocate(bench_blocks *blocks, int64_t i);
void bench_release(bench_blocks *blocks);

/* Room for the blocks of n iterations, kept from call to call; NULL when there is none. */
bench_blocks *bench_blocks_of(int64_t n);

/* A vector in pages that no thread has touched; NULL when there are none. */
double *bench_fresh(int64_t n);
void bench_fresh_end(double *x, int64_t n);

#endif
