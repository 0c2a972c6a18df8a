/* SPDX-License-Identifier: MIT */
/* sources.h: the kinds of work that a pool's threads look for, as a table. Each kind is made by a floor above this
 * one, which says here how a worker finds it and how a waiting thread takes part in it. A pool gets the table when it
 * is made. */
#ifndef PP_POOL_SOURCES_H
#define PP_POOL_SOURCES_H

#include "pool/waiting.h"

struct pp_worker;

/* In the order in which a worker looks. */
typedef enum pp_work_kind { PP_WORK_REGIONS, PP_WORK_LOOPS, PP_WORK_TASKS, PP_WORK_KINDS } pp_work_kind;

typedef struct pp_work_source {
  /* A worker: whether there may be such work for it. It asks at each look, and a last time after it has said that it
   * is about to sleep: what is read here is read by seq_cst, or the source's posting wakes whoever has said so. */
  bool (*is_there)(struct pp_worker *worker);
  /* A worker: does such work. False: there was none for it. */
  bool (*work)(struct pp_worker *worker);
  /* A waiting thread: does such work that was begun inside of what it waits for. False: there was none. NULL: waiting
   * threads leave it to others. */
  bool (*help)(pp_waiting *waiting);
  /* A waiting thread that is about to sleep, has registered and is counted in task_waiters: whether there is such
   * work, as it looks a last time. NULL: whoever posts such work rings the bell, which the thread would have noticed
   * (waiters.h). */
  bool (*may_help)(pp_waiting *waiting);
  /* A worker that has said that it is about to sleep says so here as well, where the source wakes workers by itself.
   * False: it is not to sleep. NULL: there is nothing to say. */
  bool (*may_sleep)(struct pp_worker *worker);
  /* An idle extra worker wants to end; the pool's lock is held. True: nobody counts on it from now on. */
  bool (*may_leave)(struct pp_worker *worker);
  /* A worker comes back from work of another kind. NULL: that is no matter. */
  void (*is_back)(struct pp_worker *worker);
} pp_work_source;

#endif
