/* SPDX-License-Identifier: MIT */
/* omp_abi.h: OpenMP's routines, as C and Fortran programs call them. */
#ifndef PP_GOMP_OMP_ABI_H
#define PP_GOMP_OMP_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

#endif
