/* SPDX-License-Identifier: MIT */
/* team.h: regions: one function run by a team of threads (OpenMP's parallel), and what a team does together in it.
 *
 *     struct smooth { double *x, *y; int64_t n; };
 *
 *     static void smooth(ppar_team *team, void *arg) {
 *       struct smooth *s = arg;
 *       ppar_prange (team, i, 1, s->n - 1, NULL) { s->y[i] = (s->x[i - 1] + s->x[i] + s->x[i + 1]) / 3; }
 *       ppar_prange (team, i, 1, s->n - 1, NULL) { s->x[i] = s->y[i]; }
 *     }
 *
 *     ppar_parallel(smooth, &s, NULL);
 *
 * equals the two loops one after the other. The prange, single, sections, barrier, reductions and scans below are
 * worksharing constructs: all threads of the team must come to them, in the same order and with the same arguments.
 * They take the team that the region was given; NULL stands for the team of the calling thread's innermost region.
 * Outside of regions, and with NULL in the body of a loop or a task, a construct acts on a team of one (OpenMP's
 * orphaned constructs). With PPAR_CHECK=1 in the environment, and by default in debug builds of the library,
 * worksharing that some threads do not meet, a prange whose bounds differ among the threads, a barrier or a prange
 * inside a prange, an ordered part outside of one, and leaving a prange by return end the program (abort) with a line
 * that names the construct and the thread. */
#ifndef PPAR_TEAM_H
#define PPAR_TEAM_H

#include <ppar/base.h>
#include <ppar/options.h>
#include <ppar/prange.h>
#include <ppar/reduce.h>

PPAR_BEGIN_DECLS

/* What every thread of a team runs. It is left by returning alone, as bodies are (ppar_body): an exception,
 * pthread_exit or a cancellation that would leave it ends the program. */
typedef void ppar_region(ppar_team *team, void *arg);

/* Runs region(team, arg) on T threads at the same time, the caller being thread 0; returns when all have returned.
 * Equals the serial call for T = 1. The threads are real: they may wait for each other, also where T exceeds the
 * CPUs. Thread i is the same system thread from one region to the caller's next of the same size, as long as less
 * than 2 seconds lie between them. Threads beyond the pool's own are started when first needed. They end when they
 * have been idle for 2 seconds, or by ppar_pool_trim.
 *
 * Of the options, threads, pool and name count. T is options->threads, else as for loops; at most the thread limit
 * (PPAR_THREAD_LIMIT). With PPAR_DYNAMIC=true T is at most the CPUs that other regions leave free. A region inside
 * PPAR_MAX_ACTIVE_LEVELS regions or loops of more than one thread (default 1, or no limit where PPAR_NUM_THREADS or
 * PPAR_PROC_BIND is a list) has a team of one, as OpenMP's have. Where the system refuses threads the team is
 * smaller, and so it is for threads that still begin regions while the process exits. ppar_team_size says what it
 * came to.
 *
 * Returns PPAR_OK; PPAR_EINVAL for a NULL region or an option out of range, nothing run; or the status that the
 * region was cancelled with (ppar_cancel_region). Writes before the call are seen by all threads, and theirs by the
 * caller afterwards. The threads run with the caller's floating-point control state; errno stays as it was. Any
 * thread may call it at any time, from bodies, tasks and other regions too.
 *
 * OpenMP: #pragma omp parallel num_threads(options->threads) */
PPAR_API int ppar_parallel(ppar_region *region, void *arg, const ppar_options *options);

/* The calling thread's number in the team, 0 ... T-1, and the team's size T. NULL stands for the innermost region's
 * team.
 * OpenMP: omp_get_thread_num, omp_get_num_threads. */
PPAR_API int ppar_team_thread(const ppar_team *team);
PPAR_API int ppar_team_size(const ppar_team *team);

/* The team of the innermost region that the calling thread runs; NULL outside, and in bodies of loops and tasks. */
PPAR_API ppar_team *ppar_team_current(void);

/* How many regions and loops of more than one thread the caller is inside of. OpenMP: omp_get_active_level. */
PPAR_API int ppar_active_level(void);

/* Waits until all threads of the team have come. What they wrote before is seen by all afterwards.
 * A thread that waits, at this and at the other constructs that wait, takes part in loops of the others, and in tasks
 * of groups that these wait for (ppar_task_group_wait): in what has to be done before all can come, and in nothing
 * else.
 * OpenMP: #pragma omp barrier */
PPAR_API void ppar_barrier(ppar_team *team);

/* Cancels the region: barriers and the other constructs that wait let go at once, and wait no more. A thread that
 * knows of the cancellation, since it cancelled the region, was let go, or asked, takes part in no construct any
 * more: pranges and sections hand out nothing to it, ppar_single is false, and ordered parts wait for no turn. So it
 * may go on in other constructs than the threads that do not know yet. Threads go on until they return, and should
 * look at ppar_region_is_canceled after what may have been let go. ppar_parallel returns the status of the
 * lowest-numbered thread that cancelled (0 counts as PPAR_ECANCELED). OpenMP: #pragma omp cancel parallel;
 * cancellation point parallel */
PPAR_API void ppar_cancel_region(ppar_team *team, int status);
PPAR_API bool ppar_region_is_canceled(const ppar_team *team);

/* Choose a thread by its number: true on thread 0 (on thread `thread`) alone. No barrier. OpenMP: #pragma omp master,
 * masked filter(thread) */
PPAR_API bool ppar_master(ppar_team *team);
PPAR_API bool ppar_masked(ppar_team *team, int thread);

/* Chooses one thread of the team: true on the first thread that comes, false on the others, which do not wait, and on
 * threads that know that the region is cancelled:
 *
 *     if (ppar_single(team)) read_input(&input);
 *     ppar_barrier(team);
 *
 * OpenMP: #pragma omp single nowait */
PPAR_API bool ppar_single(ppar_team *team);

/* Gives, after a single, the value of the thread that had it to all, and waits as a barrier does:
 *
 *     double tolerance;
 *     if (ppar_single(team)) tolerance = read_tolerance();
 *     ppar_copyprivate(team, &tolerance, sizeof tolerance);
 *
 * OpenMP: #pragma omp single copyprivate(tolerance) */
PPAR_API void ppar_copyprivate(ppar_team *team, void *value, size_t size);

/* Begin and end a critical section: one thread at a time, of the whole process, is between begin and end of the same
 * name. NULL is a name of its own, for sections that need none. Names are compared as texts; different names never wait
 * for each other.
 *
 * Not recursive: a thread that begins a section that it is in waits for ever, and the program is told. One that ends a
 * section that it is not in is told, and nothing is done. PPAR_CHECK=1 finds sections that are not ended.
 *
 * A thread that waits may meanwhile run chunks of loops that the thread in the section has begun there, and of no
 * others. OpenMP: #pragma omp critical(name) */
PPAR_API void ppar_critical_begin(ppar_team *team, const char *name);
PPAR_API void ppar_critical_end(ppar_team *team, const char *name);

/* Divide sections among the threads: each section is run by one thread, whichever comes first to it.
 *
 *     ppar_sections (team) {
 *       ppar_section { read_left(); }
 *       ppar_section { read_right(); }
 *     }
 *
 * Waits at the end as a barrier does, ppar_sections_nowait does not. break, inside a section too, leaves the
 * construct: the thread runs no further section.
 * OpenMP: #pragma omp sections, section */
#define ppar_sections(team) PPAR_SECTIONS_(team, false)
#define ppar_sections_nowait(team) PPAR_SECTIONS_(team, true)
#define ppar_section if (ppar_sections_here_(&ppar_sections_))

/* Combines the threads' values *mine in thread order and folds the outcome into *result, on every thread; waits as
 * a barrier does. result may be the same variable for all threads or one each: a shared one is folded into once,
 * and its value seen by all afterwards. *mine is as it was; mine may be result where each thread has its own,
 * which then holds what it had, combined with all. NULL or an invalid reduction cancels the region with
 * PPAR_EINVAL, lack of memory with PPAR_ENOMEM. The bits are the same in every run with the same T.
 * OpenMP: the reduction clause of a worksharing construct; MPI_Allreduce. */
PPAR_API void ppar_team_reduce(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);

/* Combines the threads' values as ppar_team_reduce does, with a variable in the place of its address, of any type but
 * an array:
 *
 *     double mine = 0;
 *     ppar_prange (team, i, 0, n, PPAR_OPTIONS(.nowait = true)) { mine += x[i] * y[i]; }
 *     PPAR_TEAM_REDUCE(team, mine, &v->dot, &ppar_sum_f64);
 *
 * equals ppar_team_reduce(team, &mine, ...). But a variable whose address a program gives away has to be in memory
 * whenever anything is called: gcc then stores it in each iteration. This takes the address of a copy. */
#ifndef __cplusplus
#define PPAR_TEAM_REDUCE(team, mine, result, reduction) \
  ppar_team_reduce((team), (__typeof__(mine)[1]){mine}, (result), (reduction))
#else
#define PPAR_TEAM_REDUCE(team, mine, result, reduction) ppar_team_reduce_value_((team), (mine), (result), (reduction))
extern "C++" {
template <typename value>
static PPAR_PASS_ON_ void ppar_team_reduce_value_(ppar_team *team, value mine, void *result,
                                                  const ppar_reduction *reduction) {
  ppar_team_reduce(team, &mine, result, reduction);
}
}
#endif

/* Prefixes over the threads: *result on thread t becomes what *mine of threads 0 ... t (exscan: 0 ... t-1; the
 * identity on thread 0) combine to, in thread order. result is each thread's own and may be mine. Waits as a barrier
 * does. Errors as above.
 * MPI_Scan, MPI_Exscan. */
PPAR_API void ppar_team_scan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);
PPAR_API void ppar_team_exscan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);

/* What follows serves the macros. */

typedef struct ppar_sections_state_ {
  ppar_team *team;
  uint64_t claimed; /* the section to run; those before it are others' */
  uint64_t here;    /* the sections come by so far */
  bool claims;      /* one is to be claimed */
  bool open, nowait;
} ppar_sections_state_;

PPAR_API ppar_sections_state_ ppar_sections_begin_(ppar_team *team, bool nowait);
PPAR_API uint64_t ppar_sections_claim_(const ppar_sections_state_ *sections);
PPAR_API void ppar_sections_end_(ppar_sections_state_ *sections);

/* Claims only when it comes to a section, since others may run the one behind a long one. A claim is never less than
 * here: all sections come by so far were claimed, by this thread or others. */
static inline bool ppar_sections_here_(ppar_sections_state_ *sections) {
  if (sections->claims) sections->claimed = ppar_sections_claim_(sections);
  sections->claims = sections->here++ == sections->claimed;
  return sections->claims;
}

#define PPAR_SECTIONS_(team, nowait)                                                          \
  for (ppar_sections_state_ ppar_sections_ =                                                  \
           (PPAR_ASSERT_NOT_INSIDE_, ppar_sections_begin_((team), (nowait)))PPAR_AND_INSIDE_; \
       ppar_sections_.open; ppar_sections_end_(&ppar_sections_))                              \
    for (bool ppar_once_ = true; ppar_once_; ppar_once_ = false)

PPAR_END_DECLS

#endif
