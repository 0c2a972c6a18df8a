/* SPDX-License-Identifier: MIT */
/* team.h: what the threads of a team do together: barriers, singles, cancellation. */
#ifndef PP_GOMP_TEAM_H
#define PP_GOMP_TEAM_H

#include "gomp/data.h"

/* A barrier of the team. True: the region was cancelled. */
bool pp_omp_barrier(pp_omp_data *here);

#endif
