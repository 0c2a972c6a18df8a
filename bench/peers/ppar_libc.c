/* SPDX-License-Identifier: MIT */
/* ppar_libc.c: ppar in a program that is not linked to jemalloc, where that matters. */
#include "peers/ppar_options.h"

int main(void) {
  const bench_server server = {
      .version = "as ppar, with the C library's malloc in place of jemalloc",
      .prepare = bench_ppar_prepare,
      .wake = bench_ppar_wake,
      .fill = bench_ppar_fill,
      .lists = {&bench_memory_kernels},
  };
  return bench_serve(&server);
}
