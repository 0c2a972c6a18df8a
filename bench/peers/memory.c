/* SPDX-License-Identifier: MIT */
/* memory.c: blocks of mixed sizes, and fresh pages. */
#include "peers/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Sixteen bytes to 32 KiB, each size half as often as the one that is half as large. */
static size_t block_size(int64_t i, int k) {
  uint64_t mixed = ((uint64_t)i * BENCH_BLOCKS + (uint64_t)k + 1) * UINT64_C(0x9E3779B97F4A7C15);
  return (size_t)16 << __builtin_ctzll(mixed >> 40 | 1 << 11);
}

bool bench_allocate(bench_blocks *blocks, int64_t i) {
  bool all = true;
  for (int k = 0; k < BENCH_BLOCKS; k++) {
    size_t size = block_size(i, k);
    volatile char *block = malloc(size);
    blocks->block[k] = (void *)block;
    all = all && block != NULL;
    if (block == NULL) continue;
    block[0] = (char)k;
    block[size - 1] = (char)k;
  }
  return all;
}

void bench_release(bench_blocks *blocks) {
  for (int k = 0; k < BENCH_BLOCKS; k++) free(blocks->block[k]);
}

bench_blocks *bench_blocks_of(int64_t n) {
  static bench_blocks *kept;
  static int64_t kept_n;
  if (n > kept_n) {
    free(kept);
    kept = calloc((size_t)n, sizeof *kept);
    kept_n = kept != NULL ? n : 0;
  }
  return kept;
}

double *bench_fresh(int64_t n) {
  void *block = mmap(NULL, (size_t)n * sizeof(double), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? NULL : block;
}

void bench_fresh_end(double *x, int64_t n) { munmap(x, (size_t)n * sizeof(double)); }
