/* SPDX-License-Identifier: MIT */
/* per_thread.h: a value for each thread number, on cache lines of its own.
 *
 *     static void count(const ppar_chunk *chunk, void *arg) {
 *       struct counts *mine = ppar_per_thread_at(arg, chunk->thread);
 *       ppar_for_each_index(i, chunk) { mine->of[bytes[i]]++; }
 *     }
 *
 *     ppar_per_thread *counts;
 *     ppar_per_thread_create(&counts, 0, sizeof(struct counts), NULL);
 *     ppar_parallel_for(0, n, count, counts, NULL);
 *     ppar_per_thread_combine(counts, &histogram, &total);
 *     ppar_per_thread_free(counts);
 *
 * equals
 *
 *     for (int64_t i = 0; i < n; i++) total.of[bytes[i]]++;
 *
 * The values stay from one loop or region to the next, until they are freed. For a value that only one loop folds into,
 * ppar_parallel_reduce is shorter.
 *
 * OpenMP: a threadprivate variable, or an array indexed by omp_get_thread_num(). The elements of such an array lie side
 * by side, so several threads' share a cache line, which each write takes away from the others (false sharing). */
#ifndef PPAR_PER_THREAD_H
#define PPAR_PER_THREAD_H

#include <ppar/base.h>
#include <ppar/reduce.h>

PPAR_BEGIN_DECLS

/* Values for the thread numbers 0 ... threads-1 of a loop or region. A number is never in use by two system threads at
 * once, so whoever has it may write its value without a lock, and the next who has it sees what was written. That holds
 * within one loop or region. Loops and regions that run at the same time, as those inside a loop's iterations do, each
 * have a thread 0, and need values of their own. */
typedef struct ppar_per_thread ppar_per_thread;

/* Makes one value of size bytes for each of the thread numbers 0 ... threads-1. Each starts as a copy of *initial, or
 * as zero bytes for NULL. Values are aligned to 128 bytes, and to more where a type of that size can want it (see
 * ppar_reduction); no two share a cache line (see ppar_alloc). threads is what the loops and regions have; 0:
 * ppar_max_threads(NULL), which is enough for those started here on the default pool without .threads. Equals, without
 * the spacing,
 *
 *     T values[threads];
 *     for (int t = 0; t < threads; t++) values[t] = *initial;
 *
 * Returns PPAR_OK; PPAR_EINVAL for a NULL out, a size of 0, or threads below 0 or above PPAR_MAX_THREADS; PPAR_ENOMEM.
 * On an error *out is as it was. Any thread, any time. */
PPAR_API int ppar_per_thread_create(ppar_per_thread **out, int threads, size_t size, const void *initial);

/* The value of this thread number; NULL where there is none, or values is NULL. Any thread may ask for any value at any
 * time; the value itself is for whoever has the number, and for all when the loop or region is over.
 * OpenMP: &values[thread] */
PPAR_API void *ppar_per_thread_at(ppar_per_thread *values, int thread);

/* The calling thread's own value: ppar_per_thread_at(values, ppar_thread_num()). In a body, chunk->thread says the same
 * for less. Inside a nested loop or region the number, and so the value, is that of the innermost one.
 * OpenMP: &values[omp_get_thread_num()] */
PPAR_API void *ppar_per_thread_mine(ppar_per_thread *values);

/* How many values there are; 0 for NULL. Any thread, any time. */
PPAR_API int ppar_per_thread_count(const ppar_per_thread *values);

/* Combines all values, in the order of their threads, into the incoming *result, which must not be one of them:
 *
 *     for (int t = 0; t < threads; t++) reduction->combine(result, &values[t]);
 *
 * The values of threads that had nothing to do count too, so the initial value should be the reduction's identity. The
 * values stay as they are; copy the identity into each to begin anew.
 *
 * Returns PPAR_OK; PPAR_EINVAL, nothing combined, for NULL values, reduction, combine or result, or a reduction->size
 * that is not the values'. Any thread, while none writes to the values: after the loop or region that did, or after a
 * barrier. */
PPAR_API int ppar_per_thread_combine(const ppar_per_thread *values, const ppar_reduction *reduction, void *result);

/* Frees the values; NULL is fine. Any thread, once none uses them. */
PPAR_API void ppar_per_thread_free(ppar_per_thread *values);

PPAR_END_DECLS

#endif
