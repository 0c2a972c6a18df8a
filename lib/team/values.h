/* SPDX-License-Identifier: MIT */
/* values.h: what the threads of a team give each other: copyprivate, reductions and scans over threads. The reduction
 * is valid. In a cancelled region nothing is given. */
#ifndef PP_TEAM_VALUES_H
#define PP_TEAM_VALUES_H

#include <ppar/reduce.h>

#include "team/team.h"

/* Copies the value of the thread that won the latest single to all. */
void pp_values_copy(pp_seat *seat, void *value, size_t size);

/* Combines the threads' values and folds the outcome into *result; in a team of more than one thread. */
void pp_values_reduce(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction);

/* The same for a thread alone; seat may be NULL. */
void pp_values_reduce_alone(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction);

/* *result becomes the combined values of the threads before this one, and of this one where it is inclusive; in a
 * team of more than one thread. */
void pp_values_scan(pp_seat *seat, const void *mine, void *result, const ppar_reduction *reduction, bool inclusive);

#endif
