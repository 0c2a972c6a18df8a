/* SPDX-License-Identifier: MIT */
/* acc_abi.h: OpenACC's routines, and what compilers call for its constructs. */
#ifndef PP_GOMP_ACC_ABI_H
#define PP_GOMP_ACC_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"

#endif
