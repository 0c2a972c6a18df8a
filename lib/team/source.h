/* SPDX-License-Identifier: MIT */
/* source.h: regions as work that a pool's threads look for (pool/sources.h). */
#ifndef PP_TEAM_SOURCE_H
#define PP_TEAM_SOURCE_H

#include "pool/sources.h"

extern const pp_work_source pp_region_source;

#endif
