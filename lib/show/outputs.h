/* SPDX-License-Identifier: MIT */
/* outputs.h: what is shown of a run, and when: as the process exits, or as a signal ends it. */
#ifndef PP_SHOW_OUTPUTS_H
#define PP_SHOW_OUTPUTS_H

#include "settings/environment.h"

/* Begins to record, if the environment asks for anything to be shown. The first call counts; to be called before there
 * are workers. */
void pp_outputs_begin(const pp_environment *environment);

/* The process exits, or the library is about to be unloaded: recording ends, and all is written. */
void pp_outputs_end(void);

#endif
