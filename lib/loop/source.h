/* SPDX-License-Identifier: MIT */
/* source.h: loops as work that a pool's threads look for (pool/sources.h). */
#ifndef PP_LOOP_SOURCE_H
#define PP_LOOP_SOURCE_H

#include "pool/sources.h"

extern const pp_work_source pp_loop_source;

#endif
