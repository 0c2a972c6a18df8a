/* SPDX-License-Identifier: MIT */
/* target.h: constructs for devices, as the host runs them. */
#ifndef PP_GOMP_TARGET_H
#define PP_GOMP_TARGET_H

#include <stdbool.h>

#include "gomp/data.h"
#include "gomp/task.h"

/* Calls function(arg) in the data environment of an initial task, as a target region and each team of a league have it:
 * the caller has made `data` by pp_omp_begin. */
void pp_omp_run_initial(pp_omp_data *data, void (*function)(void *), void *arg);

/* Takes the place of work that does nothing, in the order that its depend clause demands; NULL: it has none. Work
 * without nowait is waited for. */
void pp_omp_target_order(void **depend, bool nowait);

/* Makes a task, which comes after what `depend` names; NULL: nothing. */
void pp_omp_target_task(const pp_omp_body *body, void **depend);

#endif
