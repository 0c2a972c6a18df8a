/* SPDX-License-Identifier: MIT */
/* gomp_abi.h: the entry points that compilers call for OpenMP's constructs. */
#ifndef PP_GOMP_GOMP_ABI_H
#define PP_GOMP_GOMP_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gomp/exported.h"
#include "gomp/loop_names.h"

/* --- Regions ---------------------------------------------------------------------------------------------- */

/* Runs function(arg) on a team. num_threads: what the clause says; 0: nothing. flags: the policy of proc_bind. */
PP_OMP_API void GOMP_parallel(void (*function)(void *), void *arg, unsigned num_threads, unsigned flags);
PP_OMP_API void GOMP_parallel_sections(void (*function)(void *), void *arg, unsigned num_threads, unsigned count,
                                       unsigned flags);

/* The same with reductions over tasks; returns how many threads it had. */
PP_OMP_API unsigned GOMP_parallel_reductions(void (*function)(void *), void *arg, unsigned num_threads, unsigned flags);

/* Regions whose function the calling thread calls by itself, between _start and GOMP_parallel_end. */
PP_OMP_API void GOMP_parallel_start(void (*function)(void *), void *arg, unsigned num_threads);
PP_OMP_API void GOMP_parallel_end(void);
PP_OMP_API void GOMP_parallel_sections_start(void (*function)(void *), void *arg, unsigned num_threads, unsigned count);
PP_OMP_API void GOMP_parallel_loop_static_start(void (*function)(void *), void *arg, unsigned num_threads, long from,
                                                long to, long step, long chunk);
PP_OMP_API void GOMP_parallel_loop_dynamic_start(void (*function)(void *), void *arg, unsigned num_threads, long from,
                                                 long to, long step, long chunk);
PP_OMP_API void GOMP_parallel_loop_guided_start(void (*function)(void *), void *arg, unsigned num_threads, long from,
                                                long to, long step, long chunk);
PP_OMP_API void GOMP_parallel_loop_runtime_start(void (*function)(void *), void *arg, unsigned num_threads, long from,
                                                 long to, long step);

/* --- Worksharing loops ------------------------------------------------------------------------------------ */

/* `_start`: the thread comes to the loop and gets its first piece, [*begin, *end) by the loop's step. `_next`: it gets
 * another piece. False: there is none. */
#define PP_OMP_DECLARE_CHUNKED(name, schedule, ordered)                                                        \
  PP_OMP_API bool GOMP_loop_##name##_start(long from, long to, long step, long chunk, long *begin, long *end); \
  PP_OMP_API bool GOMP_loop_##name##_next(long *begin, long *end);                                             \
  PP_OMP_API bool GOMP_loop_ull_##name##_start(bool up, unsigned long long from, unsigned long long to,        \
                                               unsigned long long step, unsigned long long chunk,              \
                                               unsigned long long *begin, unsigned long long *end);            \
  PP_OMP_API bool GOMP_loop_ull_##name##_next(unsigned long long *begin, unsigned long long *end);
#define PP_OMP_DECLARE_RUNTIME(name, schedule, ordered)                                                 \
  PP_OMP_API bool GOMP_loop_##name##_start(long from, long to, long step, long *begin, long *end);      \
  PP_OMP_API bool GOMP_loop_##name##_next(long *begin, long *end);                                      \
  PP_OMP_API bool GOMP_loop_ull_##name##_start(bool up, unsigned long long from, unsigned long long to, \
                                               unsigned long long step, unsigned long long *begin,      \
                                               unsigned long long *end);                                \
  PP_OMP_API bool GOMP_loop_ull_##name##_next(unsigned long long *begin, unsigned long long *end);
PP_OMP_CHUNKED_LOOPS(PP_OMP_DECLARE_CHUNKED)
PP_OMP_RUNTIME_LOOPS(PP_OMP_DECLARE_RUNTIME)

/* Any schedule (pp_omp_schedule_of). reductions: of tasks in the loop; *memory: bytes of the team's, then where they
 * are. begin NULL: the compiler divides the loop itself. */
PP_OMP_API bool GOMP_loop_start(long from, long to, long step, long kind, long chunk, long *begin, long *end,
                                uintptr_t *reductions, void **memory);
PP_OMP_API bool GOMP_loop_ordered_start(long from, long to, long step, long kind, long chunk, long *begin, long *end,
                                        uintptr_t *reductions, void **memory);
PP_OMP_API bool GOMP_loop_ull_start(bool up, unsigned long long from, unsigned long long to, unsigned long long step,
                                    long kind, unsigned long long chunk, unsigned long long *begin,
                                    unsigned long long *end, uintptr_t *reductions, void **memory);
PP_OMP_API bool GOMP_loop_ull_ordered_start(bool up, unsigned long long from, unsigned long long to,
                                            unsigned long long step, long kind, unsigned long long chunk,
                                            unsigned long long *begin, unsigned long long *end, uintptr_t *reductions,
                                            void **memory);

/* A region whose threads are in the loop from its beginning. */
#define PP_OMP_DECLARE_PARALLEL_CHUNKED(name)                                                                     \
  PP_OMP_API void GOMP_parallel_loop_##name(void (*function)(void *), void *arg, unsigned num_threads, long from, \
                                            long to, long step, long chunk, unsigned flags);
#define PP_OMP_DECLARE_PARALLEL_RUNTIME(name)                                                                     \
  PP_OMP_API void GOMP_parallel_loop_##name(void (*function)(void *), void *arg, unsigned num_threads, long from, \
                                            long to, long step, unsigned flags);
PP_OMP_DECLARE_PARALLEL_CHUNKED(static)
PP_OMP_DECLARE_PARALLEL_CHUNKED(dynamic)
PP_OMP_DECLARE_PARALLEL_CHUNKED(guided)
PP_OMP_DECLARE_PARALLEL_CHUNKED(nonmonotonic_dynamic)
PP_OMP_DECLARE_PARALLEL_CHUNKED(nonmonotonic_guided)
PP_OMP_DECLARE_PARALLEL_RUNTIME(runtime)
PP_OMP_DECLARE_PARALLEL_RUNTIME(nonmonotonic_runtime)
PP_OMP_DECLARE_PARALLEL_RUNTIME(maybe_nonmonotonic_runtime)

/* The thread leaves the loop: with a barrier; in a construct that may be cancelled; without a barrier. */
PP_OMP_API void GOMP_loop_end(void);
PP_OMP_API bool GOMP_loop_end_cancel(void);
PP_OMP_API void GOMP_loop_end_nowait(void);

PP_OMP_API void GOMP_ordered_start(void);
PP_OMP_API void GOMP_ordered_end(void);

/* Loops with ordered(n): counts are the iterations of each of the `loops`, which are numbered from 0; the outermost one
 * is divided, by 1. `_post` and `_wait` take an iteration's numbers, one for each loop. */
#define PP_OMP_DECLARE_DOACROSS(name)                                                                                  \
  PP_OMP_API bool GOMP_loop_doacross_##name##_start(unsigned loops, long *counts, long chunk, long *begin, long *end); \
  PP_OMP_API bool GOMP_loop_ull_doacross_##name##_start(unsigned loops, unsigned long long *counts,                    \
                                                        unsigned long long chunk, unsigned long long *begin,           \
                                                        unsigned long long *end);
PP_OMP_DECLARE_DOACROSS(static)
PP_OMP_DECLARE_DOACROSS(dynamic)
PP_OMP_DECLARE_DOACROSS(guided)
PP_OMP_API bool GOMP_loop_doacross_runtime_start(unsigned loops, long *counts, long *begin, long *end);
PP_OMP_API bool GOMP_loop_ull_doacross_runtime_start(unsigned loops, unsigned long long *counts,
                                                     unsigned long long *begin, unsigned long long *end);
PP_OMP_API bool GOMP_loop_doacross_start(unsigned loops, long *counts, long kind, long chunk, long *begin, long *end,
                                         uintptr_t *reductions, void **memory);
PP_OMP_API bool GOMP_loop_ull_doacross_start(unsigned loops, unsigned long long *counts, long kind,
                                             unsigned long long chunk, unsigned long long *begin,
                                             unsigned long long *end, uintptr_t *reductions, void **memory);
PP_OMP_API void GOMP_doacross_post(long *iteration);
PP_OMP_API void GOMP_doacross_wait(long outermost, ...);
PP_OMP_API void GOMP_doacross_ull_post(unsigned long long *iteration);
PP_OMP_API void GOMP_doacross_ull_wait(unsigned long long outermost, ...);

/* --- Sections, singles, barriers, cancellation ------------------------------------------------------------ */

/* The number of the section that the thread is to run, from 1; 0: none. */
PP_OMP_API unsigned GOMP_sections_start(unsigned count);
PP_OMP_API unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions, void **memory);
PP_OMP_API unsigned GOMP_sections_next(void);
PP_OMP_API void GOMP_sections_end(void);
PP_OMP_API void GOMP_sections_end_nowait(void);
PP_OMP_API bool GOMP_sections_end_cancel(void);

/* A scope with reductions over tasks. */
PP_OMP_API void GOMP_scope_start(uintptr_t *reductions);

PP_OMP_API bool GOMP_single_start(void);
PP_OMP_API void *GOMP_single_copy_start(void);
PP_OMP_API void GOMP_single_copy_end(void *values);

PP_OMP_API void GOMP_barrier(void);
PP_OMP_API bool GOMP_barrier_cancel(void);

PP_OMP_API bool GOMP_cancel(int which, bool do_cancel);
PP_OMP_API bool GOMP_cancellation_point(int which);

/* --- Task groups and reductions over tasks ---------------------------------------------------------------- */

PP_OMP_API void GOMP_taskgroup_start(void);
PP_OMP_API void GOMP_taskgroup_end(void);
PP_OMP_API void GOMP_taskgroup_reduction_register(uintptr_t *data);
PP_OMP_API void GOMP_taskgroup_reduction_unregister(uintptr_t *data);
PP_OMP_API void GOMP_task_reduction_remap(size_t count, size_t originals, void **pointers);
PP_OMP_API void GOMP_workshare_task_reduction_unregister(bool canceled);

/* --- Tasks ------------------------------------------------------------------------------------------------ */

/* Makes a task that runs function(copy of *data), or runs it at once. flags: task.h; depend: depend.c; event: where the
 * handle of detach's event goes. */
PP_OMP_API void GOMP_task(void (*function)(void *), void *data, void (*copy)(void *, void *), long size, long alignment,
                          bool if_clause, unsigned flags, void **depend, int priority, void *event);
PP_OMP_API void GOMP_taskwait(void);
PP_OMP_API void GOMP_taskwait_depend(void **depend);
PP_OMP_API void GOMP_taskwait_depend_nowait(void **depend);
PP_OMP_API void GOMP_taskyield(void);

/* Makes tasks of a loop's iterations. tasks: how many, or with a flag the iterations of one. */
PP_OMP_API void GOMP_taskloop(void (*function)(void *), void *data, void (*copy)(void *, void *), long size,
                              long alignment, unsigned flags, unsigned long tasks, int priority, long begin, long end,
                              long step);
PP_OMP_API void GOMP_taskloop_ull(void (*function)(void *), void *data, void (*copy)(void *, void *), long size,
                                  long alignment, unsigned flags, unsigned long tasks, int priority,
                                  unsigned long long begin, unsigned long long end, unsigned long long step);

/* --- Devices (target.c, interop.c) ------------------------------------------------------------------------ */

/* `addresses`, `sizes` and `kinds` are arrays of `count`: where the construct's data are, of what size, and how they
 * are mapped. */
PP_OMP_API void GOMP_target(int device, void (*function)(void *), const void *unused, size_t count, void **addresses,
                            size_t *sizes, unsigned char *kinds);
PP_OMP_API void GOMP_target_ext(int device, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                                unsigned short *kinds, unsigned flags, void **depend, void **words);
PP_OMP_API void GOMP_target_data(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                                 unsigned char *kinds);
PP_OMP_API void GOMP_target_data_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds);
PP_OMP_API void GOMP_target_end_data(void);
PP_OMP_API void GOMP_target_update(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                                   unsigned char *kinds);
PP_OMP_API void GOMP_target_update_ext(int device, size_t count, void **addresses, size_t *sizes, unsigned short *kinds,
                                       unsigned flags, void **depend);
PP_OMP_API void GOMP_target_enter_exit_data(int device, size_t count, void **addresses, size_t *sizes,
                                            unsigned short *kinds, unsigned flags, void **depend);
PP_OMP_API void GOMP_offload_register(const void *host, int type, const void *code);
PP_OMP_API void GOMP_offload_register_ver(unsigned version, const void *host, int type, const void *code);
PP_OMP_API void GOMP_offload_unregister(const void *host, int type, const void *code);
PP_OMP_API void GOMP_offload_unregister_ver(unsigned version, const void *host, int type, const void *code);
PP_OMP_API void *GOMP_target_map_indirect_ptr(void *pointer);
PP_OMP_API void GOMP_interop(int device, int made, uintptr_t **make, const void *kinds, const void *wishes, int used,
                             uintptr_t **use, int dropped, uintptr_t **drop, unsigned flags, void **depend);

/* --- Leagues of teams (teams.c) --------------------------------------------------------------------------- */

PP_OMP_API void GOMP_teams_reg(void (*function)(void *), void *arg, unsigned teams, unsigned thread_limit,
                               unsigned flags);
PP_OMP_API bool GOMP_teams4(unsigned least, unsigned most, unsigned thread_limit, bool first);
PP_OMP_API void GOMP_teams(unsigned teams, unsigned thread_limit);

/* --- The directive error ---------------------------------------------------------------------------------- */

PP_OMP_API void GOMP_warning(const char *message, size_t length);
PP_OMP_API void GOMP_error(const char *message, size_t length);
/* --- Critical sections (critical.c) ------------------------------------------------------------------------------ */

/* The beginning and the end of a `critical` without a name. */
PP_OMP_API void GOMP_critical_start(void);
PP_OMP_API void GOMP_critical_end(void);

/* The same with a name, for which compilers make a variable that is NULL at first. */
PP_OMP_API void GOMP_critical_name_start(void **variable);
PP_OMP_API void GOMP_critical_name_end(void **variable);

/* Around an `atomic` that the processor has no instruction for. */
PP_OMP_API void GOMP_atomic_start(void);
PP_OMP_API void GOMP_atomic_end(void);

/* --- Memory (alloc.c, known.c) ----------------------------------------------------------------------------------- */

/* The memory of a variable with an `allocate` clause or directive; no memory ends the program. And its end. */
PP_OMP_API void *GOMP_alloc(size_t alignment, size_t size, uintptr_t handle);
PP_OMP_API void GOMP_free(void *block, uintptr_t handle);

/* A Fortran program's allocatable variable has got this memory from GOMP_alloc. */
PP_OMP_API void GOMP_add_alloc(void *block);

/* Whether this memory is such a variable's; it is about to be freed or moved, and is known as such no more. */
PP_OMP_API bool GOMP_is_alloc(void *block);

#endif
