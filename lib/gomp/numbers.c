/* SPDX-License-Identifier: MIT */
/* numbers.c: who the calling thread is, in which team and at which level, and what time it is.
 *
 * Compiled code calls omp_get_thread_num and omp_get_num_threads itself, to divide static loops: they are read from the
 * place and the seat, which costs no look at the data environment. In the body of a loop of ppar's own there is no
 * seat, and a thread is the only one of its team, as GCC's library has it for threads that it has not started. */
#include <ppar/clock.h>

#include "api/threads.h"
#include "gomp/data.h"
#include "gomp/fortran.h"
#include "gomp/omp_abi.h"
#include "gomp/region.h"

/* --- The thread and its team ------------------------------------------------------------------------------ */

/* Its number in the innermost region's team. One load of a thread-local variable. */
int omp_get_thread_num(void) { return pp_self_get()->place.seat_thread; }
PP_OMP_ALSO(omp_get_thread_num);

/* How many threads that team has. */
int omp_get_num_threads(void) {
  const ppar_team *seat = pp_self_get()->place.seat;
  return seat != NULL ? (int)seat->head.size : 1;
}
PP_OMP_ALSO(omp_get_num_threads);

/* How many threads a region would have that was begun here without a num_threads clause. */
int omp_get_max_threads(void) {
  const pp_omp_data *here = pp_omp_here();
  return here->icvs->threads != 0 ? here->icvs->threads : pp_threads_told(here->level);
}
PP_OMP_ALSO(omp_get_max_threads);

/* How many CPUs the process may use: of its affinity mask, as far as a cgroup's quota covers them. */
int omp_get_num_procs(void) { return pp_threads_cpus(); }
PP_OMP_ALSO(omp_get_num_procs);

/* Whether a region of more than one thread is around the call. */
int omp_in_parallel(void) { return pp_omp_here()->active_level > 0; }
PP_OMP_ALSO(omp_in_parallel);

/* --- Levels ----------------------------------------------------------------------------------------------- */

/* How many regions are around the call. */
int omp_get_level(void) { return pp_omp_here()->level; }
PP_OMP_ALSO(omp_get_level);

/* How many of these have more than one thread. */
int omp_get_active_level(void) { return pp_omp_here()->active_level; }
PP_OMP_ALSO(omp_get_active_level);

/* The data environment that the calling thread's way went through at this level, above 0; NULL: there is no such level.
 * The task that has begun a region is there as long as the region, while the one that has created an explicit task may
 * be gone. */
static const pp_omp_data *find_level(int level) {
  const pp_omp_data *data = pp_omp_here();
  if (level > data->level) return NULL;
  while (data != NULL && data->level > level) data = data->region != NULL ? data->region->parent : data->parent;
  return data;
}

/* The number that the calling thread, or its ancestor, has in the region of that level; -1: there is no such level. */
int omp_get_ancestor_thread_num(int level) {
  const pp_omp_data *data;
  if (level < 0) return -1;
  if (level == 0) return 0;
  data = find_level(level);
  if (data == NULL) return -1;
  return data->seat != NULL ? (int)data->seat->head.thread : data->thread_num;
}
int32_t omp_get_ancestor_thread_num_(const int32_t *level) { return omp_get_ancestor_thread_num(*level); }
int32_t omp_get_ancestor_thread_num_8_(const int64_t *level) { return omp_get_ancestor_thread_num(pp_omp_int(*level)); }

/* How many threads the region of that level has around the call; -1: there is no such level. */
int omp_get_team_size(int level) {
  const pp_omp_data *data;
  if (level < 0) return -1;
  if (level == 0) return 1;
  data = find_level(level);
  return data != NULL ? data->team_size : -1;
}
int32_t omp_get_team_size_(const int32_t *level) { return omp_get_team_size(*level); }
int32_t omp_get_team_size_8_(const int64_t *level) { return omp_get_team_size(pp_omp_int(*level)); }

/* --- The task --------------------------------------------------------------------------------------------- */

/* Whether the task is a final one. */
int omp_in_final(void) { return pp_omp_here()->final; }
PP_OMP_ALSO(omp_in_final);

/* Whether it was made by a task construct, and is not a thread's part of a region. */
int omp_in_explicit_task(void) { return pp_omp_here()->explicit_task; }
PP_OMP_ALSO(omp_in_explicit_task);

/* --- The league of teams ---------------------------------------------------------------------------------- */

/* The number of the team in its league; 0 outside of teams constructs. */
int omp_get_team_num(void) { return pp_omp_here()->team_num; }
PP_OMP_ALSO(omp_get_team_num);

/* How many teams the league has; 1 outside. */
int omp_get_num_teams(void) { return pp_omp_here()->num_teams; }
PP_OMP_ALSO(omp_get_num_teams);

/* --- Time ------------------------------------------------------------------------------------------------- */

/* Seconds since some moment, on a clock that never goes back. */
double omp_get_wtime(void) { return ppar_wtime(); }
PP_OMP_ALSO(omp_get_wtime);

/* The seconds between two ticks of that clock. */
double omp_get_wtick(void) { return ppar_wtick(); }
PP_OMP_ALSO(omp_get_wtick);
