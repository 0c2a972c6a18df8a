/* SPDX-License-Identifier: MIT */
/* sources.h: all that a pool's threads have to do, in one table (pool/sources.h). */
#ifndef PP_API_SOURCES_H
#define PP_API_SOURCES_H

#include "pool/sources.h"

extern const pp_work_source *const pp_sources[PP_WORK_KINDS];

#endif
