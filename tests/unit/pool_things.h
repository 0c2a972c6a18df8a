/* SPDX-License-Identifier: MIT */
/* pool_things.h: a type of things that threads own on pools, for the tests of pool/owned.h; with pools and threads that
 * have some. */
#ifndef TESTS_POOL_THINGS_H
#define TESTS_POOL_THINGS_H

#include <errno.h>
#include <pthread.h>

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "platform/memory.h"
#include "pool/owned.h"
#include "pool/pool.h"
#include "pool/self.h"

/* --- A type of things ----------------------------------------------------------------------------------------- */

typedef struct thing {
  pp_owned owned;
  uint32_t size;
  bool quiet; /* Fits nobody while it is not. */
  uint32_t closings, reopenings, renewals;
  bool renewed_own, renewed_torn; /* What the latest renewal was told. */
} thing;

static pp_atomic_u32 things_made, things_freed;
static bool memory_is_short;

static inline thing *thing_of(pp_owned *owned) { return owned != NULL ? PP_OWNER_OF(thing, owned, owned) : NULL; }

static inline pp_owned *thing_make(ppar_pool *pool, uint32_t size) {
  thing *made;
  (void)pool;
  errno = ENOMEM;
  if (memory_is_short) return NULL;
  made = pp_memory_zalloc(sizeof *made);
  cr_assert_not_null(made);
  made->size = size;
  made->quiet = true;
  pp_add_relaxed(&things_made, 1);
  return &made->owned;
}

static inline bool thing_fits(pp_owned *owned, uint32_t size) {
  return thing_of(owned)->quiet && thing_of(owned)->size >= size;
}

static inline void thing_free(pp_owned *owned) {
  pp_add_relaxed(&things_freed, 1);
  pp_memory_free(thing_of(owned));
}

static inline void thing_renew(pp_owned *owned, bool own, bool torn) {
  thing_of(owned)->renewals++;
  thing_of(owned)->renewed_own = own;
  thing_of(owned)->renewed_torn = torn;
}

static inline void thing_close(pp_owned *owned) { thing_of(owned)->closings++; }
static inline void thing_reopen(pp_owned *owned) { thing_of(owned)->reopenings++; }

static const pp_owned_type things = {.kind = PP_OWNED_QUEUE,
                                     .make = thing_make,
                                     .fits = thing_fits,
                                     .free = thing_free,
                                     .renew = thing_renew,
                                     .close = thing_close,
                                     .reopen = thing_reopen};

/* Things that no region starts on. */
static __attribute__((unused)) const pp_owned_type others = {
    .kind = PP_OWNED_RECORD, .make = thing_make, .fits = thing_fits, .free = thing_free, .renew = thing_renew};

/* --- Pools and threads ---------------------------------------------------------------------------------------- */

/* Of one thread: no worker ever starts. */
static inline void begin_pool(ppar_pool *pool) {
  pp_pool_config config = {.threads = 1, .name = "test", .destroyable = true};
  memset(pool, 0, sizeof *pool);
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
}

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline, unused)) pp_self *this_thread(void) { return pp_self_get(); }

static inline thing *take_for(ppar_pool *pool, pp_self *self, uint32_t size) {
  return thing_of(pp_owned_take(pool, self, &things, size));
}

static inline thing *take(ppar_pool *pool, uint32_t size) { return take_for(pool, this_thread(), size); }

static inline thing *unowned(const ppar_pool *pool) { return thing_of(pool->owned[things.kind].unowned); }

static inline uint32_t count_listed(const pp_owned *owned) {
  uint32_t count = 0;
  for (; owned != NULL; owned = owned->next) count++;
  return count;
}

static inline uint32_t count_owned(const pp_owned *owned) {
  uint32_t count = 0;
  for (; owned != NULL; owned = owned->next_owned) count++;
  return count;
}

static inline uint32_t count_of_thread(void) { return count_owned(this_thread()->owned[things.kind]); }

typedef struct visitor {
  ppar_pool *pool;
  uint32_t size;
  thing *got;
} visitor;

static inline void *take_and_end(void *arg) {
  visitor *v = arg;
  v->got = take(v->pool, v->size);
  return NULL;
}

/* What a thread got that has ended since. */
static inline thing *thing_of_an_ended_thread(ppar_pool *pool, uint32_t size) {
  pthread_t thread;
  visitor v = {pool, size, NULL};
  cr_assert_eq(pthread_create(&thread, NULL, take_and_end, &v), 0);
  pthread_join(thread, NULL);
  cr_assert_not_null(v.got);
  return v.got;
}

/* A thread that has one, and ends when it is told to. */
typedef struct survivor {
  ppar_pool *pools;
  pthread_barrier_t barrier;
} survivor;

static inline void *take_and_wait(void *arg) {
  survivor *s = arg;
  thing *t = take(&s->pools[0], 1);
  (void)pthread_barrier_wait(&s->barrier);
  (void)pthread_barrier_wait(&s->barrier);
  return t;
}

#endif
