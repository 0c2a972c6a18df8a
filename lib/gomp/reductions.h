/* SPDX-License-Identifier: MIT */
/* reductions.h: reductions over tasks: each thread of the team has copies of the variables, which compiled code fills
 * in and combines.
 *
 * Compiled code describes them by arrays of words: [0] how many variables, [1] the bytes of a thread's copies, [2]
 * their alignment, and then where all threads' copies are, [3] the allocator, [4] the next such array, or NULL,
 * [5] unused, [6] where the copies end, and from [7] on three words a variable: its address, where its copy is among a
 * thread's, and a word that is ours. */
#ifndef PP_GOMP_REDUCTIONS_H
#define PP_GOMP_REDUCTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Memory for the copies of a construct's arrays, for that many threads, zero at first; free() frees it. */
void *pp_omp_reductions_make(const uintptr_t *data, uint32_t threads);

/* Tells the arrays, which have not been told before, that their copies are in memory that was made for arrays like
 * these. old: those of the construct around it. */
void pp_omp_reductions_register(uintptr_t *data, uintptr_t *old, void *copies, uint32_t threads);

/* Frees the copies that a construct's arrays have. */
void pp_omp_reductions_forget(uintptr_t *data);

/* The thread's copy of a variable, given by its address or by that of any thread's copy; *original: the variable's.
 * NULL: it is none of those in data. */
void *pp_omp_reductions_find(uintptr_t *data, void *variable, uint32_t thread, void **original);

#endif
