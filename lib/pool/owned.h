/* SPDX-License-Identifier: MIT */
/* owned.h: what a thread owns on a pool, and uses for one loop, region or task group after another: records of loops,
 * leads of teams, queues of tasks.
 *
 * Life. A thread that needs one takes one of its own that is not busy; else one that has no owner on the pool; else a
 * new one is made. The pool lists all of them until it ends, so that other threads may look at one at any time. When
 * a thread ends, what it owns stays on the pool without an owner. When a pool ends, those without an owner are freed;
 * the others are freed by their owners, when they next look through what they own, or end. In a forked child all are
 * without an owner but the calling thread's. Those of them that were busy are not used again there: the thread may be
 * inside of the loop, region or task that they belong to, and go on with it after others that it begins.
 *
 * Locks. The pool's lock guards the owners and the lists of the unowned; pp_pools_lock guards that a pool exists
 * while a thread ends. A thread's own list is its own. The list of all grows at the front, with a seq_cst store that
 * pairs with seq_cst and acquire loads: whoever sees an entry sees it whole. */
#ifndef PP_POOL_OWNED_H
#define PP_POOL_OWNED_H

#include "platform/atomics.h"

struct ppar_pool;
struct pp_self;

typedef enum pp_owned_kind { PP_OWNED_RECORD, PP_OWNED_LEAD, PP_OWNED_QUEUE, PP_OWNED_KINDS } pp_owned_kind;

typedef struct pp_owned {
  const struct pp_owned_type *type;
  struct pp_self *owner;
  struct pp_owned *next_owned;      /* In the owner's list, or in the pool's list of those without owner. */
  struct pp_owned *next;            /* In the pool's list of all; constant. */
  _Atomic(struct ppar_pool *) pool; /* NULL: the pool is gone. */
  pp_atomic_u32 busy;               /* In use; ppar_pool_destroy reads it. */
} pp_owned;

/* What each kind does in its own way. The pool's lock is held but for free. */
typedef struct pp_owned_type {
  pp_owned_kind kind;
  /* A new one that is large enough for `size`; NULL: no memory. */
  pp_owned *(*make)(struct ppar_pool *pool, uint32_t size);
  /* Whether one that is not busy will do, and is quiet. */
  bool (*fits)(pp_owned *owned, uint32_t size);
  void (*free)(pp_owned *owned);
  /* In a forked child. own: it is the calling thread's. torn: it belongs to a thread that is gone, and its pages may
   * have been copied while that thread was changing it. */
  void (*renew)(pp_owned *owned, bool own, bool torn);
  /* Its owner ends, and it is still on a pool; NULL: that is no matter. */
  void (*leave)(pp_owned *owned);
  /* Gives memory back that it may need again. It is not busy, and nobody's or the calling thread's. NULL: it keeps
   * none. */
  void (*trim)(pp_owned *owned);
  /* The pool's threads have ended, and are found anew where they are needed; it is closed. NULL: it has none. */
  void (*vacate)(pp_owned *owned);
  /* No region starts here any more, or again; NULL: none ever does. */
  void (*close)(pp_owned *owned);
  void (*reopen)(pp_owned *owned);
} pp_owned_type;

/* A pool's part, for each kind. */
typedef struct pp_owned_list {
  _Atomic(pp_owned *) first; /* All, the latest first. */
  pp_owned *unowned;
} pp_owned_list;

/* For a thread none of whose own will do: one of the pool's that has no owner, or else a new one. NULL: no memory.
 * errno stays as it was. */
pp_owned *pp_owned_take(struct ppar_pool *pool, struct pp_self *self, const pp_owned_type *type, uint32_t size);

/* Whether any of the pool's is busy. */
bool pp_owned_are_busy(struct ppar_pool *pool);

/* Closes, or reopens, all of the pool's. Its lock is held. */
void pp_owned_close(struct ppar_pool *pool);
void pp_owned_reopen(struct ppar_pool *pool);

/* The threads of all teams of the pool have ended (pp_pool_pause). Its lock is held. */
void pp_owned_vacate(struct ppar_pool *pool);

/* Trims what of the pool's is nobody's, or the calling thread's. The pool's lock is held. */
void pp_owned_trim(struct ppar_pool *pool);

/* In a forked child. */
void pp_owned_renew(struct ppar_pool *pool);

/* The pool ends, and is not busy; pp_pools_lock is held. */
void pp_owned_release(struct ppar_pool *pool);

/* Frees what the calling thread has of pools that are gone, and forgets threads that end from now on: the library may
 * be about to be unloaded. */
void pp_owned_end(struct pp_self *self);

#define PP_OWNER_OF(type, member, pointer) ((type *)(void *)((unsigned char *)(pointer)-offsetof(type, member)))

#endif
