/* SPDX-License-Identifier: MIT */
/* acc_data.h: what all of OpenACC's routines for data do, whatever language they are called from. */
#ifndef PP_GOMP_ACC_DATA_H
#define PP_GOMP_ACC_DATA_H

#include "gomp/acc_abi.h"

/* The bytes of an array of Fortran's, which lie there one after the other. */
size_t pp_omp_acc_array_size(const pp_omp_array *array);

#endif
