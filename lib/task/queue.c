/* SPDX-License-Identifier: MIT */
/* queue.c: making and finding queues, and what is on them. */
#include "task/queue.h"

#include "platform/clock.h"
#include "pool/pool.h"
#include "task/run.h"
#include "task/storage.h"

/* Where it is inside of nothing, and was before, nothing is to be written. */
void pp_queue_activate(pp_queue *queue) {
  uint64_t generation = pp_load_relaxed(&queue->generation), marks = 0;
  if (queue->scope.depth == 0 && pp_load_relaxed(&queue->depth) == 0) return;
  pp_store_relaxed(&queue->generation, generation + 1);
  pp_store_release(&queue->depth, queue->scope.depth);
  for (uint32_t d = 0; d < queue->scope.depth; d++) {
    pp_store_release(&queue->inside[d], queue->scope.inside[d]);
    marks |= pp_scope_mark(queue->scope.inside[d]);
  }
  pp_store_release(&queue->groups, queue->scope.groups);
  pp_store_relaxed(&queue->marks, marks);
  pp_store_seq_cst(&queue->generation, generation + 2);
}

/* Whoever needs as much again and again would have the system give it again each time. */
void pp_queue_give_back(pp_queue *queue) {
  uint64_t now = pp_clock_ticks();
  if (queue->given != 0 && now - queue->given < pp_ticks_from_ns(PP_GIVE_BACK_NS)) return;
  queue->given = now;
  pp_deque_shrink(&queue->deque);
}

static pp_owned *queue_make(struct ppar_pool *pool, uint32_t size) {
  pp_queue *queue = pp_memory_zalloc(sizeof *queue);
  (void)pool, (void)size;
  if (queue == NULL) return NULL;
  if (pp_deque_init(&queue->deque, PP_DEQUE_FIRST_SIZE)) return &queue->owned;
  pp_memory_free(queue);
  return NULL;
}

static bool queue_fits(pp_owned *owned, uint32_t size) {
  const pp_queue *queue = PP_OWNER_OF(pp_queue, owned, owned);
  (void)size;
  return queue->open == 0 && !queue->stolen && !queue->retired;
}

static void queue_free(pp_owned *owned) {
  pp_stock_free(&PP_OWNER_OF(pp_queue, owned, owned)->stored_groups);
  pp_deque_free(&PP_OWNER_OF(pp_queue, owned, owned)->deque);
  pp_memory_free(PP_OWNER_OF(pp_queue, owned, owned));
}

/* Parts of a stolen range, and what a stolen task has spawned into its group, are of a group whose owner is gone, and
 * so may be what their arg points to: the owner's stack. */
static void drop_stolen_parts(pp_queue *queue) {
  pp_ring *ring = pp_load_relaxed(&queue->deque.ring);
  uint64_t count = 0, index;
  while (pp_deque_pop(&queue->deque, &ring->aside[count])) count++;
  while (count-- > 0) {
    const pp_entry *entry = &ring->aside[count];
    if (pp_entry_group(entry)->queue != queue) continue;
    (void)pp_entry_push(queue, entry, &index); /* there is room */
    pp_group_has_pushed(pp_entry_group(entry), index);
  }
}

/* A group that the forking thread has open stays open: the tasks of it that nobody had started are the child's to
 * run, too. */
static void queue_renew(pp_owned *owned, bool own, bool torn) {
  pp_queue *queue = PP_OWNER_OF(pp_queue, owned, owned);
  if (own && queue->stolen) drop_stolen_parts(queue);
  if (!torn) return;
  pp_deque_forget(&queue->deque);
  pp_store_relaxed(&queue->generation, (pp_load_relaxed(&queue->generation) + 1) & ~UINT64_C(1));
  pp_parking_reset(&queue->parking);
  /* The blocks may be torn, too: they are left to the process's end. */
  queue->stored_groups = (pp_stock){.free = NULL};
  queue->open = 0;
  queue->stolen = false;
}

/* Its owner ends. Nobody can wait for what it has left open, and what its stack held is gone. */
static void queue_leave(pp_owned *owned) {
  pp_queue *queue = PP_OWNER_OF(pp_queue, owned, owned);
  struct ppar_pool *pool = pp_load_relaxed(&owned->pool);
  if (queue->open != 0) pp_storage_abandon(queue, pool->checks);
  queue->stolen = false;
  pp_store_release(&owned->busy, 0);
}

static void queue_trim(pp_owned *owned) {
  if (queue_fits(owned, 0)) pp_deque_shrink(&PP_OWNER_OF(pp_queue, owned, owned)->deque);
}

static const pp_owned_type queue_type = {.kind = PP_OWNED_QUEUE,
                                         .make = queue_make,
                                         .fits = queue_fits,
                                         .free = queue_free,
                                         .renew = queue_renew,
                                         .leave = queue_leave,
                                         .trim = queue_trim};

pp_queue *pp_queue_first(struct ppar_pool *pool) {
  return pp_queue_of(pp_load_seq_cst(&pool->owned[PP_OWNED_QUEUE].first));
}

pp_queue *pp_queue_for_theft(struct ppar_pool *pool, pp_self *self) {
  for (pp_owned *owned = self->owned[PP_OWNED_QUEUE]; owned != NULL; owned = owned->next_owned) {
    if (pp_load_relaxed(&owned->pool) == pool && queue_fits(owned, 0)) return pp_queue_of(owned);
  }
  return pp_queue_of(pp_owned_take(pool, self, &queue_type, 0));
}

/* One with open groups will do from anywhere on this thread: whatever is begun now is inside what these were begun
 * in. Those of stolen tasks are found through the place alone. */
pp_queue *pp_queue_for_group(struct ppar_pool *pool, pp_self *self) {
  pp_queue *queue = self->place.queue;
  if (queue != NULL && pp_queue_pool(queue) == pool) return queue;
  for (pp_owned *owned = self->owned[PP_OWNED_QUEUE]; owned != NULL; owned = owned->next_owned) {
    queue = pp_queue_of(owned);
    if (pp_load_relaxed(&owned->pool) == pool && queue->open != 0 && !queue->stolen) return queue;
  }
  queue = pp_queue_for_theft(pool, self);
  if (queue == NULL) return NULL;
  queue->scope.depth = queue->scope.groups = 0;
  if (self->place.scope != NULL) queue->scope = *self->place.scope;
  pp_queue_activate(queue);
  return queue;
}

bool pp_queue_is_inside(pp_queue *queue, const void *ancestor) {
  uint32_t depth = pp_load_acquire(&queue->depth);
  for (uint32_t d = 0; d < depth; d++) {
    if (pp_load_acquire(&queue->inside[d]) == ancestor) return true;
  }
  return false;
}

bool pp_queue_read_scope(pp_queue *queue, pp_scope *scope) {
  uint64_t generation = pp_load_acquire(&queue->generation);
  scope->depth = pp_load_acquire(&queue->depth);
  scope->groups = pp_load_acquire(&queue->groups);
  for (uint32_t d = 0; d < scope->depth; d++) scope->inside[d] = pp_load_acquire(&queue->inside[d]);
  return (generation & 1) == 0 && pp_load_relaxed(&queue->generation) == generation;
}

bool pp_queue_look_inside(pp_queue *queue, const void *ancestor, uint64_t *top) {
  uint64_t generation = pp_load_seq_cst(&queue->generation);
  return (generation & 1) == 0 && pp_queue_is_inside(queue, ancestor) && pp_deque_look(&queue->deque, top) &&
         pp_load_relaxed(&queue->generation) == generation;
}
