/* SPDX-License-Identifier: MIT */
/* omp_abi.h: OpenMP's routines, as C and Fortran programs call them. */
#ifndef PP_GOMP_OMP_ABI_H
#define PP_GOMP_OMP_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

/* --- Tasks ------------------------------------------------------------------------------------------------ */

/* The event of a task with detach is fulfilled: the task ends when its function has, too. */
PP_OMP_API void omp_fulfill_event(uintptr_t handle);
PP_OMP_API void omp_fulfill_event_(const uintptr_t *handle);

#endif
