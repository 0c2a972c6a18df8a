/* SPDX-License-Identifier: MIT */
/* settings.h: what the environment says to OpenMP programs: the internal control variables that they begin with, and
 * what only OpenMP has a variable for.
 *
 *   CANCELLATION        true, false                                         default: false
 *   MAX_TASK_PRIORITY   a number                                            default: 0
 *   DEFAULT_DEVICE      a number                                            default: 0
 *   NUM_TEAMS           a positive number                                   default: 0, none is given
 *   TEAMS_THREAD_LIMIT  a positive number                                   default: 0, none is given
 *   ALLOCATOR           an allocator, or a memory space (allocator.h)       default: omp_default_mem_alloc
 *   DISPLAY_AFFINITY    true, false                                         default: false
 *   AFFINITY_FORMAT     a text (affinity_format.h)                          default: PP_OMP_AFFINITY_FORMAT
 *   TOOL                enabled, disabled                                   default: enabled; there are no tools
 *   GOMP_DEBUG          a number; 0: off                                    default: 0
 *
 * All are OMP_..., but for the last one. Those that ppar has, too, are in settings/environment.h. front.c has the
 * variables that are GCC's alone. */
#ifndef PP_GOMP_SETTINGS_H
#define PP_GOMP_SETTINGS_H

#include <limits.h>
#include <stdbool.h>

#include "gomp/data.h"
#include "platform/atomics.h"

/* Regions may be inside of each other as deep as anybody can count. */
#define PP_OMP_SUPPORTED_LEVELS INT_MAX

typedef struct pp_omp_settings {
  pp_omp_icvs icvs;      /* of the first data environment of each thread that the program starts */
  bool cancellation;     /* OMP_CANCELLATION */
  int max_task_priority; /* OMP_MAX_TASK_PRIORITY */
  bool tool;             /* OMP_TOOL */
  bool debug;            /* GOMP_DEBUG */
} pp_omp_settings;

/* What pp_omp_settings_get does at the first call, which reads them. */
const pp_omp_settings *pp_omp_settings_read(void);
extern _Atomic(const pp_omp_settings *) pp_omp_settings_present; /* NULL: nobody has read them */

/* They are read once. A load, and a branch. */
static inline const pp_omp_settings *pp_omp_settings_get(void) {
  const pp_omp_settings *present = pp_load_acquire(&pp_omp_settings_present);
  return present != NULL ? present : pp_omp_settings_read();
}

static inline const pp_omp_icvs *pp_omp_first_icvs(void) { return &pp_omp_settings_get()->icvs; }

/* nteams and teams-thread-limit are the program's, not a data environment's. 0: nobody has said anything. Any thread
 * may change them; relaxed, since nothing else hangs on them. */
extern pp_atomic_u32 pp_omp_teams_most, pp_omp_teams_threads;
int pp_omp_max_teams(void);
int pp_omp_teams_thread_limit(void);
void pp_omp_set_teams(pp_atomic_u32 *which, int value);

/* Whether threads are to tell where they are bound as they come to a region (affinity.h). Written as the settings are
 * read. */
extern bool pp_omp_displays_affinity;

#endif
