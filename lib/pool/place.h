/* SPDX-License-Identifier: MIT */
/* place.h: what the library keeps for each thread that ever came by. */
#ifndef PP_POOL_PLACE_H
#define PP_POOL_PLACE_H

#include <stdbool.h>

#include "pool/scope.h"

struct pp_record;
struct pp_task_group;
struct pp_tasks;
struct pp_worker;
struct ppar_team;

/* Where in the nest of loops, regions and tasks a thread is. Saved and restored as a whole by whatever it enters. */
typedef struct pp_place {
  int thread_num;              /* of the innermost loop or region */
  int num_threads;             /* of the innermost loop or region; 0 outside */
  int depth;                   /* how many loops and regions it is inside */
  int active;                  /* how many of these have more than one thread */
  const pp_scope *scope;       /* NULL outside */
  struct ppar_team *seat;      /* of the innermost region; NULL outside, and in a loop's body */
  struct pp_tasks *tasks;      /* the deque that it spawns on (tasks.h); NULL: its own first one */
  struct pp_task_group *group; /* whose task it runs; NULL: none's */
} pp_place;

typedef struct pp_self {
  pp_place place;
  bool leaves;               /* its records are given back when it ends */
  struct pp_record *records; /* those it owns (record.h) */
  struct pp_tasks *tasks;    /* those it owns (tasks.h) */
  struct pp_worker *worker;  /* NULL: not a pool's thread */
} pp_self;

/* The initial-exec model makes an access one instruction; the few bytes fit what the C library keeps for
 * libraries that are loaded late. Not under gcc's sanitizers: gcc 12's check for NULL misreads such an address. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define PP_TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define PP_TLS_MODEL
#endif

extern _Thread_local pp_self pp_self_of_thread PP_TLS_MODEL;

static inline pp_self *pp_self_get(void) { return &pp_self_of_thread; }

#endif
