/* SPDX-License-Identifier: MIT */
/* results.h: PPAR_CHECK=results: each reduction is run a second time, serially: all iterations in order, by one call of
 * the fold, on a copy of what *result held. That is the loop that ppar_parallel_reduce stands for. Where the two values
 * differ by more than rounding (compare.h), further serial runs find out why, and the program is told, once for each
 * place. The value that the program gets is the parallel one. */
#ifndef PP_ALGORITHM_RESULTS_H
#define PP_ALGORITHM_RESULTS_H

#include <ppar/options.h>
#include <ppar/reduce.h>

#include "schedule/space.h"
#include "settings/refusal.h"

/* A call of ppar_parallel_reduce, whose arguments have been checked. */
typedef struct pp_results {
  pp_call call;
  pp_space space; /* not empty */
  ppar_fold *fold;
  void *arg;
  const ppar_reduction *reduction;
  const ppar_options *options;
  bool in_order;         /* each slot has one block of the iterations: combine need not be commutative */
  unsigned char *values; /* the first is what *result held */
} pp_results;

/* Before the loop: keeps *result. False: there is no memory, and nothing will be checked. */
bool pp_results_begin(pp_results *results, const void *result);

/* After it, where it has returned PPAR_OK; and where it has not. */
void pp_results_check(pp_results *results, const void *result);
void pp_results_end(pp_results *results);

#endif
