/* SPDX-License-Identifier: MIT */
/* owned.c: finding, giving back and ending what threads own on pools. */
#include "pool/owned.h"

#include <errno.h>
#include <pthread.h>

#include "platform/race_checker.h"
#include "pool/ending.h"
#include "pool/left.h"
#include "pool/pool.h"
#include "pool/self.h"

static pthread_key_t leave_key;
static pthread_once_t leave_once = PTHREAD_ONCE_INIT;
static bool leave_works;
PP_CHECKS_LEAVE_OUT(leave_key)
PP_CHECKS_LEAVE_OUT(leave_works)

/* Others may take it from here on. */
static void list_unowned(struct ppar_pool *pool, pp_owned *owned) {
  pp_owned_list *list = &pool->owned[owned->type->kind];
  owned->next_owned = list->unowned;
  list->unowned = owned;
}

/* A thread ends: what it owns goes back to the pools. */
static void leave(void *thread) {
  pp_self *self = thread;
  pp_left_look_at_end(self);
  pthread_mutex_lock(&pp_pools_lock);
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    while (self->owned[kind] != NULL) {
      pp_owned *owned = self->owned[kind];
      struct ppar_pool *pool = pp_load_acquire(&owned->pool);
      self->owned[kind] = owned->next_owned;
      if (pool == NULL) {
        owned->type->free(owned);
      } else {
        pthread_mutex_lock(&pool->lock);
        if (owned->type->leave != NULL) owned->type->leave(owned);
        owned->owner = NULL;
        list_unowned(pool, owned);
        pthread_mutex_unlock(&pool->lock);
      }
    }
  }
  self->leaves = false;
  pthread_mutex_unlock(&pp_pools_lock);
  pp_ending_thread_leaves();
}

static void make_leave_key(void) { leave_works = pthread_key_create(&leave_key, leave) == 0; }

/* Sees to it that what the thread owns is given back when it ends. */
static void watch(pp_self *self) {
  if (self->leaves) return;
  pp_ending_know_main();
  pthread_once(&leave_once, make_leave_key);
  self->leaves = leave_works && pthread_setspecific(leave_key, self) == 0;
}

/* Frees what is of pools that are gone. */
static void drop_orphans(pp_owned **link) {
  pp_owned *owned;
  while ((owned = *link) != NULL) {
    if (pp_load_acquire(&owned->pool) == NULL) {
      *link = owned->next_owned;
      owned->type->free(owned);
    } else {
      link = &owned->next_owned;
    }
  }
}

static pp_owned *take_unowned(pp_owned_list *list, const pp_owned_type *type, uint32_t size) {
  pp_owned *owned;
  for (pp_owned **link = &list->unowned; (owned = *link) != NULL; link = &owned->next_owned) {
    /* Busy: its thread ended in the midst of a region, whose other threads may go on. */
    if (pp_load_relaxed(&owned->busy) != 0 || !type->fits(owned, size)) continue;
    *link = owned->next_owned;
    return owned;
  }
  return NULL;
}

static pp_owned *make(struct ppar_pool *pool, const pp_owned_type *type, uint32_t size) {
  pp_owned_list *list = &pool->owned[type->kind];
  pp_owned *owned = type->make(pool, size);
  if (owned == NULL) return NULL;
  owned->type = type;
  pp_store_relaxed(&owned->pool, pool);
  owned->next = pp_load_relaxed(&list->first);
  pp_store_seq_cst(&list->first, owned);
  return owned;
}

pp_owned *pp_owned_take(struct ppar_pool *pool, pp_self *self, const pp_owned_type *type, uint32_t size) {
  int saved_errno = errno;
  pp_owned *owned;
  drop_orphans(&self->owned[type->kind]);
  watch(self);
  pthread_mutex_lock(&pool->lock);
  owned = take_unowned(&pool->owned[type->kind], type, size);
  if (owned == NULL) owned = make(pool, type, size);
  if (owned != NULL) { /* Under the lock: a process that forks finds it with its owner. */
    owned->owner = self;
    owned->next_owned = self->owned[type->kind];
    self->owned[type->kind] = owned;
  }
  pthread_mutex_unlock(&pool->lock);
  errno = saved_errno;
  return owned;
}

bool pp_owned_are_busy(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_acquire(&pool->owned[kind].first);
    for (; owned != NULL; owned = owned->next) {
      if (pp_load_acquire(&owned->busy) != 0) return true;
    }
  }
  return false;
}

void pp_owned_close(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first);
    for (; owned != NULL && owned->type->close != NULL; owned = owned->next) owned->type->close(owned);
  }
}

void pp_owned_reopen(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first);
    for (; owned != NULL && owned->type->reopen != NULL; owned = owned->next) owned->type->reopen(owned);
  }
}

void pp_owned_vacate(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first);
    for (; owned != NULL && owned->type->vacate != NULL; owned = owned->next) owned->type->vacate(owned);
  }
}

void pp_owned_trim(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first);
    for (; owned != NULL && owned->type->trim != NULL; owned = owned->next) {
      bool reachable = owned->owner == NULL || owned->owner == pp_self_get();
      if (reachable && pp_load_acquire(&owned->busy) == 0) owned->type->trim(owned);
    }
  }
}

void pp_owned_renew(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    for (pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first); owned != NULL; owned = owned->next) {
      bool own = owned->owner == pp_self_get(), torn = owned->owner != NULL && !own;
      owned->type->renew(owned, own, torn);
      if (!torn) continue;
      owned->owner = NULL;
      if (pp_load_relaxed(&owned->busy) == 0) list_unowned(pool, owned);
      pp_store_relaxed(&owned->busy, 0);
    }
  }
}

void pp_owned_release(struct ppar_pool *pool) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) {
    pp_owned *owned = pp_load_relaxed(&pool->owned[kind].first), *next;
    for (; owned != NULL; owned = next) {
      next = owned->next;
      if (owned->owner == NULL) {
        owned->type->free(owned);
      } else {
        pp_store_release(&owned->pool, NULL);
      }
    }
    pp_store_relaxed(&pool->owned[kind].first, NULL);
    pool->owned[kind].unowned = NULL;
  }
}

void pp_owned_end(pp_self *self) {
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) drop_orphans(&self->owned[kind]);
  if (leave_works) (void)pthread_key_delete(leave_key);
  leave_works = false;
}
