/* SPDX-License-Identifier: MIT */
/* pool.h: the threads that loops run on.
 *
 * A pool of P threads is P - 1 workers and whoever calls: the thread that starts a loop always works
 * too. Programs need no pool of their own: the default pool starts its workers at the first loop that
 * can use them. Idle workers sleep in the kernel.
 *
 * The number of threads of a loop is the call's .threads, else the pool's: for the default pool
 * PPAR_NUM_THREADS, else OMP_NUM_THREADS, else min(CPUs in the process's affinity mask, cgroup CPU quota rounded
 * up). A loop may have more slots than its pool has threads; it then runs no more than P at once.
 *
 * Whose CPUs. The process's mask is its main thread's, whichever thread asks, and so are the scheduling policy and the
 * nice value that workers start with. Where threads are not bound to places, the default pool follows that mask: a loop
 * that starts a second after a change, or later, has the new number of threads, but never more than ppar_max_threads
 * has told last. A program that binds the workers itself is left alone, and the number stays.
 *
 * Signals. A program's handlers run on its own threads: workers block all signals but those that are about the thread
 * itself (SIGSEGV SIGBUS SIGFPE SIGILL SIGTRAP SIGABRT SIGSYS SIGPIPE SIGXFSZ), job control (SIGTSTP SIGTTIN SIGTTOU
 * SIGCONT) and profilers' timers (SIGPROF SIGVTALRM); these are as in the thread that started the workers. Whoever
 * catches one of them may be called on a worker, and calls of the system in bodies may then fail with EINTR.
 *   - A child that a body forks has the mask of that thread, not the worker's.
 *   - A program that a body starts by posix_spawn, system, popen, vfork or _Fork has the worker's mask: SIGINT,
 *     SIGTERM, SIGHUP, SIGCHLD and others are blocked there from the start. Set the mask with POSIX_SPAWN_SETSIGMASK,
 *     or call pthread_sigmask before and after.
 *   - A handler that may have interrupted a call of the library does not call it, and does not call fork, which takes
 *     the library's locks. It may call _Fork, if the child then uses no loops, and execve.
 *   - A signal that is sent to one thread (pthread_kill, SIGEV_THREAD_ID, perf's F_SETOWN_EX) stays pending where that
 *     thread is a worker and blocks it.
 *
 * The end. When the process exits, idle workers of the default pool end with it, and what bodies have left on them
 * (thread-local objects of C++, pthread keys) is not destroyed. Where a pool is destroyed it is. A process whose main
 * thread calls pthread_exit ends when the last of the program's own threads does, whatever workers there are. */
#ifndef PPAR_POOL_H
#define PPAR_POOL_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* The most threads that a pool may have and a loop may ask for. */
#define PPAR_MAX_THREADS 4096

/* A pool of threads, made by ppar_pool_create, or the default one (ppar_pool_default). */
typedef struct ppar_pool ppar_pool;

/* What a worker does while there is nothing to do (OMP_WAIT_POLICY). */
typedef enum ppar_wait_policy {
  PPAR_WAIT_DEFAULT = 0, /* PPAR_WAIT_POLICY, else OMP_WAIT_POLICY, else spin briefly, then sleep */
  PPAR_WAIT_ACTIVE,      /* spin for long */
  PPAR_WAIT_PASSIVE      /* sleep at once */
} ppar_wait_policy;

/* Where workers run (OMP_PROC_BIND). The calling thread is never bound. */
typedef enum ppar_bind_policy {
  PPAR_BIND_DEFAULT = 0, /* PPAR_PROC_BIND, else OMP_PROC_BIND, else true where PPAR_PLACES or OMP_PLACES is set */
  PPAR_BIND_FALSE,       /* wherever the system puts them */
  PPAR_BIND_TRUE,        /* as close */
  PPAR_BIND_PRIMARY,     /* all in the first place */
  PPAR_BIND_CLOSE,       /* in neighbouring places */
  PPAR_BIND_SPREAD       /* in places as far apart as can be */
} ppar_bind_policy;

/* What a new pool is to be like. Every zero field is that field's default. The struct may grow at its end in later
 * releases; its size is to it what ppar_options' is (options.h). */
typedef struct ppar_pool_options {
  size_t size;           /* sizeof(ppar_pool_options), set by the macros below; 0: the fields of release 0.2 */
  int threads;           /* P, the caller included; PPAR_THREAD_LIMIT if that is less; 0: as for the default pool */
  size_t stack_size;     /* of each worker, in bytes; 0: PPAR_STACKSIZE, else OMP_STACKSIZE, else the system's
                          * (glibc: ulimit -s; other C libraries: at least 1 MB) */
  ppar_wait_policy wait; /* see ppar_wait_policy above */
  ppar_bind_policy bind; /* see ppar_bind_policy above */
  const char *places;    /* OMP_PLACES's grammar; for bound workers; NULL: PPAR_PLACES, else OMP_PLACES, else cores */
  const char *name;      /* of the workers, "NAME/1", at most 10 characters used; NULL: "ppar" */
} ppar_pool_options;

/* Make a pool's options for one call, and the initialiser of a variable:
 *
 *     ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 4, .name = "io"));
 *
 *     ppar_pool_options options = PPAR_POOL_OPTIONS_INIT(.threads = 4);
 *
 * The fields that are not named are zero. C++ has the second alone, and without fields: set those afterwards. */
#ifndef __cplusplus
#define PPAR_POOL_OPTIONS(...) (&(const ppar_pool_options)PPAR_POOL_OPTIONS_INIT(__VA_ARGS__))
#define PPAR_POOL_OPTIONS_INIT(...) \
  { .size = sizeof(ppar_pool_options), __VA_ARGS__ }
#else
#define PPAR_POOL_OPTIONS_INIT() ppar_pool_options_init_()
static inline ppar_pool_options ppar_pool_options_init_(void) {
  ppar_pool_options options = ppar_pool_options();
  options.size = sizeof options;
  return options;
}
#endif

/* Makes a pool and starts its workers. NULL options: all defaults. Any thread, any time.
 *
 * Returns PPAR_OK; PPAR_EINVAL: out is NULL or a field is out of range; PPAR_ENOMEM, PPAR_EAGAIN: the system would not
 * give the memory or all the threads. On an error nothing stays behind and *out is as it was. */
PPAR_API int ppar_pool_create(ppar_pool **out, const ppar_pool_options *options);

/* Ends the pool's workers and frees it. NULL is fine. The caller sees to it that no other thread starts a loop on the
 * pool at the same time.
 *
 * Returns PPAR_OK; PPAR_EBUSY, and nothing done, while a loop runs on it; PPAR_EINVAL for the default pool, which lives
 * as long as the process. */
PPAR_API int ppar_pool_destroy(ppar_pool *pool);

/* Gives back at once what the pool keeps for later and does not use just now; NULL: the default pool. By itself the
 * pool gives back the following, and needs no call:
 *   - an extra thread, which it has started since regions asked for more threads than its own P, as those of many user
 *     threads at once do: after 2 seconds without a region. One that the program has bound to other CPUs than the
 *     process's stays, since the thread of this number in its regions is to run there;
 *   - memory for more than 16384 waiting tasks: as the group of them is waited for, unless the same thread has given
 *     such memory back in the 2 seconds before, and so seems to need it again and again;
 *   - copies of large values (more than 1 MiB) of reductions, scans and copyprivate: with the loop or region.
 * With the call all such extra threads end that serve no region just now, and memory goes that tasks and reductions may
 * need again, if it is the calling thread's or of a thread that has ended; other threads' own stays theirs. The pool's
 * own P - 1 workers stay, asleep. Returns PPAR_OK; PPAR_EINVAL if it is no pool. Any thread, any time.
 * OpenMP: like omp_pause_resource(omp_pause_soft), but the workers stay. */
PPAR_API int ppar_pool_trim(ppar_pool *pool);

/* The pool of loops that name none. Made at the first call; lives as long as the process. Any thread, any time.
 * Returns the pool, never NULL. */
PPAR_API ppar_pool *ppar_pool_default(void);

/* The number of slots that a loop started here on this pool has when it asks for none; NULL: the default pool,
 * where it may differ with the nesting level (PPAR_NUM_THREADS=4,2), and change with the process's CPUs.
 *
 * An array of this many elements is large enough for ppar_thread_num in loops that are started at this nesting level,
 * on this pool, without .threads. It stays so until the next call of this function on the default pool, from anywhere
 * in the program: the default number never grows beyond what the program was told last.
 * OpenMP: omp_get_max_threads. */
PPAR_API int ppar_max_threads(const ppar_pool *pool);

/* The calling thread's number, 0 ... T-1, in the innermost loop or region that it runs a part of: its
 * slot. 0 outside. OpenMP: omp_get_thread_num. */
PPAR_API int ppar_thread_num(void);

/* The number T of threads of that loop or region; 1 outside. OpenMP: omp_get_num_threads. */
PPAR_API int ppar_num_threads(void);

PPAR_END_DECLS

#endif
