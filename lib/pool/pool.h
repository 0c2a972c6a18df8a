/* SPDX-License-Identifier: MIT */
/* pool.h: a pool: its workers, its bell, the board of loops, and what threads own on it. */
#ifndef PP_POOL_POOL_H
#define PP_POOL_POOL_H

#include <pthread.h>

#include <ppar/pool.h>

#include "claim/bell.h"
#include "platform/shared.h"
#include "pool/board.h"
#include "pool/owned.h"
#include "pool/worker.h"
#include "settings/places.h"

#define PP_POOL_MAGIC 0x70706172u

/* What a pool is made from: options with every default filled in. */
typedef struct pp_pool_config {
  int threads;
  int most_threads;  /* That pp_pool_resize may ask for; less than threads: threads. */
  size_t stack_size; /* 0: the system's */
  ppar_wait_policy wait;
  uint64_t spin_ns; /* How long to spin where that is PPAR_WAIT_DEFAULT; 0: see tuning.h. */
  ppar_bind_policy bind;
  const char *places; /* NULL: cores; read only where bind asks for it */
  const char *name;
  int thread_limit; /* of all its threads, the extra ones for regions and a caller included */
  int reuse_limit;  /* with so many, those that idle in other teams are taken before new ones start; 0: thread_limit */
  bool destroyable;
  bool checks;                          /* the threads of regions (team/check.h) */
  const pp_work_source *const *sources; /* What its threads have to do (sources.h). */
} pp_pool_config;

static inline bool pp_pool_binds(const pp_pool_config *config) {
  return config->bind != PPAR_BIND_DEFAULT && config->bind != PPAR_BIND_FALSE;
}

/* What becomes of a pool's workers once they have done what they are at. */
enum {
  PP_GOES_ON = 0, /* They wait for more. */
  PP_STOPS = 1,   /* Their threads end, and the destructors of their thread-local objects and keys run. */
  PP_RESTS = 2    /* They sleep until the process is gone: nothing of the program's runs on them any more. */
};

struct ppar_pool {
  pp_bell bell; /* A line of its own: polled by idle workers, rung by callers. */

  /* Read by all, written rarely. */
  PP_LINE_ALIGNED const pp_work_source *const *sources; /* PP_WORK_KINDS of them: what its threads have to do. */
  pp_owned_list owned[PP_OWNED_KINDS];                  /* What threads own on it. */
  pp_atomic_u64 task_marks;                             /* What parked threads wait for that take tasks (waiters.h). */
  pp_atomic_u32 worker_count;                           /* Started. */
  pp_atomic_u32 worker_goal;   /* Wanted so far; more than are started: some are on their way. */
  pp_atomic_u32 stopping;      /* PP_GOES_ON, PP_STOPS or PP_RESTS. */
  pp_atomic_u32 magic;         /* PP_POOL_MAGIC while the pool is usable. */
  bool destroyable;            /* Not the default pool. */
  bool checks;                 /* The threads of regions. */
  uint64_t spin_ticks;         /* How long the idle and the waiting spin before they park. */
  uint64_t longest_spin_ticks; /* The same at most (idle_spin.h, waiting.c). */
  pp_atomic_u32 worker_limit;  /* P - 1. Workers beyond it, after P has shrunk, serve regions alone. */
  uint32_t worker_capacity;    /* The most that P - 1 may grow to. */
  uint32_t thread_limit, reuse_limit;
  pp_atomic_u32 cpus;           /* In the process's affinity mask. */
  pp_atomic_u32 region_threads; /* In regions under DYNAMIC, their callers included. */
  pp_worker *workers;
  pp_places *places; /* NULL: not bound. */
  ppar_bind_policy bind;
  size_t stack_size;
  char name[12];
  pp_board board;

  pthread_mutex_t lock;      /* What follows, and appending to the lists and to the board. */
  pp_atomic_u64 retry_ticks; /* After a failed start: not before then. */
  pp_atomic_u32 refused;     /* The system's error when it last gave no thread, or no memory for a team; 0: never. */
  bool closing;              /* No worker takes a seat any more (pp_pool_close). */
  pp_atomic_u32 pauses;      /* Begun and ended ones (pp_pool_pause): odd while there is one. Written under the lock. */
  pp_worker *extras;         /* The extra workers. */
  pp_atomic_u32 extra_count; /* Written under the lock. */
  pp_worker *left;  /* The latest one that has ended by itself: the next one to do so, or the pool's end, joins it. */
  pp_worker *spare; /* Those that have been joined. Teams may look at them, so they are used again, and not freed. */

  pp_atomic_u32 waiters_lock; /* claim/lock.h */
  pp_waiter *waiters;
  uint32_t task_waiters[PP_SCOPE_MARKS]; /* those that take tasks, by the mark of what they wait for */
  pp_atomic_u32 waiter_count;            /* Under no lock: see waiters.h. */
  struct ppar_pool *next;                /* In the list of all pools (pool.c). */
};

/* Fills in an all-zero pool that its owner has storage for. PPAR_OK; PPAR_EINVAL for bad places; PPAR_ENOMEM, and it is
 * usable as a pool of one thread, or, where it was places that there was no memory for, as it was. */
int pp_pool_init(ppar_pool *pool, const pp_pool_config *config);

/* Whether a loop, a region or a task group uses it. */
bool pp_pool_is_busy(ppar_pool *pool);

/* Sees to it that no region starts on the pool's workers any more; those that callers begin are of one thread. False,
 * and nothing has changed: the pool is busy. */
bool pp_pool_close(ppar_pool *pool);

/* Ends the workers of a pool that is closed, or that nobody uses, for good: loops on the pool then run on their
 * callers alone. */
void pp_pool_stop(ppar_pool *pool);

/* The same as the process exits, without an end of their threads and without waiting for them (PP_RESTS). The program's
 * static objects are gone by then, and destructors that run as a thread ends may use them. */
void pp_pool_rest(ppar_pool *pool);

/* Forgets the extra workers, whose threads have ended. */
void pp_pool_forget_extras(ppar_pool *pool);

/* Ends the workers and frees what pp_pool_init and loops allocated; the pool is not busy. */
void pp_pool_finish(ppar_pool *pool);

/* Ends all its threads, and gives back what pp_pool_trim does; loops and regions that come later start new ones. Loops
 * that come meanwhile run on their callers alone; regions wait, since their threads may wait for each other. False, and
 * nothing has changed: the pool is busy, or ends. */
bool pp_pool_pause(ppar_pool *pool) PP_SHARED;

/* For a region that finds too few threads: pauses is what pool->pauses was before it looked for them. Where the pool
 * has been paused meanwhile this waits until it goes on. False: it has not, and there is no use in looking again; or
 * the calling thread is one of those that the pause ends, which must not wait for it. */
bool pp_pool_await_pause(ppar_pool *pool, uint32_t pauses);

/* In a forked child: the thread that has paused the pool, and was about to go on with it, is not there. */
void pp_pool_forget_pause(ppar_pool *pool);

/* Starts workers until there are `count`, one after the other. PPAR_OK, or PPAR_EAGAIN and some. */
int pp_pool_start_workers(ppar_pool *pool, uint32_t count);

/* The lock is held. Starts one more regular worker; false: there are as many as may be, or the system refuses. */
bool pp_pool_start_worker(ppar_pool *pool);

/* How many threads there are, a caller and regular workers that may still be started included. */
static inline uint32_t pp_pool_size(const ppar_pool *pool) {
  return 1 + pp_load_relaxed(&pool->worker_limit) + pp_load_relaxed(&pool->extra_count);
}

/* There are as many threads as may be, so that no extra worker can be started. */
static inline bool pp_pool_is_full(const ppar_pool *pool) { return pp_pool_size(pool) >= pool->thread_limit; }

/* There are so many threads that those which idle are to be used before another one is started. */
static inline bool pp_pool_reuses(const ppar_pool *pool) { return pp_pool_size(pool) >= pool->reuse_limit; }

/* The lock is held. Starts an extra worker in this seat, which is that of this thread of a team, instead of another
 * worker (NULL: of none). NULL: there are as many as may be, or the system refuses. */
pp_worker *pp_pool_start_extra(ppar_pool *pool, struct ppar_team *seat, uint32_t thread, pp_worker *instead);

/* An extra worker ends by itself, if nobody counts on it. The next one that does so buries it: so there is at most one
 * thread that has ended and is not joined. */
bool pp_pool_leave(pp_worker *worker);
void pp_pool_bury(pp_worker *worker);

/* Gives back what idle threads keep: extra ones end, and memory goes that is nobody's, or the calling thread's. */
void pp_pool_trim(ppar_pool *pool);

/* Sees to it that `count` workers are there soon: starts two, and each worker that starts does so too. */
void pp_pool_want_workers(ppar_pool *pool, uint32_t count);

/* The pool's threads, the caller included. */
static inline int pp_pool_threads(const ppar_pool *pool) { return (int)pp_load_relaxed(&pool->worker_limit) + 1; }

/* The pool has this many threads from now on; as many as its capacity allows. */
void pp_pool_resize(ppar_pool *pool, uint32_t threads);

/* Tells workers of the loop posted under this number on the board, and wakes one if any sleeps. */
void pp_pool_ring(ppar_pool *pool, uint32_t post);

/* Wakes a worker if any sleeps; for those who are awake the latest loop stays the latest. False: none slept. */
bool pp_pool_wake(ppar_pool *pool);

/* A waiting thread does some work of this kind (sources.h). False: there was none for it. */
static inline bool pp_pool_help(ppar_pool *pool, pp_waiting *waiting, pp_work_kind kind) {
  const pp_work_source *source = pool->sources[kind];
  return source->help != NULL && source->help(waiting);
}

/* Acquire: pairs with the release in pp_pool_init, so the pool is seen whole. */
static inline bool pp_pool_is_usable(ppar_pool *pool) { return pp_load_acquire(&pool->magic) == PP_POOL_MAGIC; }

/* Guards every pool's existence against threads that end and processes that fork. */
extern pthread_mutex_t pp_pools_lock;

/* The list of all pools; the lock is held. */
ppar_pool *pp_pools_first(void);

#endif
