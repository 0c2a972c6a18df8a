/* SPDX-License-Identifier: MIT */
/* run_sites.h: a run's places, what they are called, and what threads have added up for each of them. */
#ifndef PP_SHOW_RUN_SITES_H
#define PP_SHOW_RUN_SITES_H

#include "show/run.h"

/* Once the run has its threads. careful: in a signal's handler (show/symbols.h). False: no memory. */
bool pp_run_read_sites(pp_run *run, bool careful);

#endif
