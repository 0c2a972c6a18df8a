/* SPDX-License-Identifier: MIT */
/* scan.h: prefix sums, over any reduction (OpenMP's scan directive).
 *
 *     ppar_inclusive_scan(x, y, n, &ppar_sum_f64, NULL, NULL);
 *
 * equals, up to the order of the additions,
 *
 *     double sum = 0;
 *     for (int64_t i = 0; i < n; i++) { sum += x[i]; y[i] = sum; }
 *
 * Two passes over the iteration space: the first folds each block into one value, the second runs through each block
 * again, starting from what the blocks before it add up to. The combination need not be commutative: values are
 * combined in iteration order. With one thread there is only the second pass, over a single block. */
#ifndef PPAR_SCAN_H
#define PPAR_SCAN_H

#include <ppar/base.h>
#include <ppar/options.h>
#include <ppar/reduce.h>

PPAR_BEGIN_DECLS

/* The second pass over a chunk: *prefix is what everything before the chunk folds to; the function goes on from there,
 * writes what it wants of each step, and leaves in *prefix what everything up to the chunk's end folds to. */
typedef void ppar_scan(const ppar_chunk *chunk, void *prefix, void *arg);

/* Scans begin, begin + step, ... before end. fold folds a chunk as in ppar_parallel_reduce; write runs through a
 * chunk with the prefix of all iterations before it. Writing before or after each folding step makes the scan
 * exclusive or inclusive:
 *
 *     static void write(const ppar_chunk *chunk, void *prefix, void *arg) {
 *       double sum = *(double *)prefix;
 *       ppar_for_each_index(i, chunk) { sum += x[i]; y[i] = sum; }     inclusive; y may be x
 *       *(double *)prefix = sum;
 *     }
 *
 * Write is called once on every chunk, fold at most once and always earlier: all calls of fold have returned before
 * the first call of write, so a scan may be in place. Some chunks are never folded: the last one, whose value nobody
 * needs, and, with one thread, the only one. The scan starts from the incoming *result and leaves the fold of
 * everything there. Write must reach the same value as fold over the same iterations.
 *
 * A chunk is a whole block. How the iterations are cut into blocks depends on their number, T and the size of the
 * values, so the bits are the same in every run with the same T; with options->reproducible T does not count, and the
 * bits are the same for every T. The schedule does not matter: any thread may take any block.
 *
 * Returns PPAR_OK; PPAR_EINVAL for a NULL fold, write, reduction, combine or result, a size of 0, or an option out of
 * range, nothing run; PPAR_ENOMEM, nothing run, when there is no memory for the blocks' values; or the status of the
 * lowest chunk that called ppar_cancel. If that was in the first pass, nothing is written; in the second, chunks
 * before it are, as in ppar_parallel_for. *result is then as it was. Thread guarantees, errno and floating-point
 * state as for ppar_parallel_for; combine is called on the calling thread.
 * OpenMP: #pragma omp scan inside a loop with reduction(inscan, op : result) */
PPAR_API int ppar_parallel_scan(int64_t begin, int64_t end, ppar_fold *fold, ppar_scan *write, void *arg,
                                const ppar_reduction *reduction, void *result, const ppar_options *options);

/* Scans of arrays of `count` values of reduction->size bytes. from and to may be the same array; otherwise they must
 * not overlap. total: NULL, or where the scan starts (its incoming value) and where its end is left; NULL starts from
 * the identity. Inclusive: to[i] = from[0] op ... op from[i]; exclusive: without from[i]. Short arrays are scanned by
 * the calling thread alone. The library's scalar operators run at memory speed; others cost a call of combine, on any
 * thread, for each element and pass.
 *
 * Returns as ppar_parallel_scan does; PPAR_EINVAL also for a NULL array, unless count is 0, a negative count, and a
 * step: options->step must be 0. */
PPAR_API int ppar_inclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction,
                                 void *total, const ppar_options *options);
PPAR_API int ppar_exclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction,
                                 void *total, const ppar_options *options);

PPAR_END_DECLS

#endif
