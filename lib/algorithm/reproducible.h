/* SPDX-License-Identifier: MIT */
/* reproducible.h: reductions that give the same bits for every number of threads, every schedule and every run. */
#ifndef PP_ALGORITHM_REPRODUCIBLE_H
#define PP_ALGORITHM_REPRODUCIBLE_H

#include <ppar/options.h>
#include <ppar/reduce.h>

#include "schedule/space.h"

/* ppar_parallel_reduce over the space, which is not empty, in blocks that depend on the number of iterations and the
 * value's size alone, combined in a fixed tree. The arguments have been checked.
 *
 * options are those of the loop over the blocks: threads, pool, name, and a schedule that is not runtime. Its chunk
 * counts iterations, and is rounded up to whole blocks. Returns as ppar_parallel_reduce does. */
int pp_reproducible_reduce(const pp_space *space, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                           void *result, const ppar_options *options);

#endif
