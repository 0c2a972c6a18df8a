/* SPDX-License-Identifier: MIT */
/* settings.h: what the environment says to OpenMP programs: the internal control variables that they begin with, and
 * what only OpenMP has a variable for. */
#ifndef PP_GOMP_SETTINGS_H
#define PP_GOMP_SETTINGS_H

#include <stdbool.h>

#include "gomp/data.h"

typedef struct pp_omp_settings {
  pp_omp_icvs icvs;      /* of the first data environment of each thread that the program starts */
  bool cancellation;     /* OMP_CANCELLATION */
  int max_task_priority; /* OMP_MAX_TASK_PRIORITY */
} pp_omp_settings;

/* Read once, at the first call. */
const pp_omp_settings *pp_omp_settings_get(void);

static inline const pp_omp_icvs *pp_omp_first_icvs(void) { return &pp_omp_settings_get()->icvs; }

#endif
