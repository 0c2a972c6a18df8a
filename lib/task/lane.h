/* SPDX-License-Identifier: MIT */
/* lane.h: what one thread of an OpenMP region has of the region's tasks (gomp/tasks.h): a deque on which those wait
 * that it has made, which it runs from the newest on and others steal from the oldest on (claim/deque.h); how many it
 * has made and ended; memory for more; and how often it looks for those of others.
 *
 * An entry is {task, the record that the task counts in, its task group}: whoever steals looks at the last two, which
 * are in blocks (task/blocks.h, K2), before the task is its own. */
#ifndef PP_TASK_LANE_H
#define PP_TASK_LANE_H

#include "claim/deque.h"
#include "pool/owned.h"
#include "schedule/tuning.h"
#include "task/blocks.h"
#include "task/thief.h"

/* Tasks made and ended. Both only grow, modulo 2^32; each is written by one thread. */
typedef struct pp_count {
  pp_atomic_u32 made, ended;
} pp_count;

/* Only its thread. Release: whoever sees that a task has ended sees what it has made, and what it has written. */
static inline void pp_count_up(pp_atomic_u32 *count) { pp_store_release(count, pp_load_relaxed(count) + 1); }

/* What a block of these kinds begins with. */
typedef struct pp_lane_block {
  pp_block block;
  uint32_t home; /* the number of its thread */
} pp_lane_block;

/* Of a block that is in no stock, but was made by itself and is to be freed. */
#define PP_NO_LANE UINT32_MAX

typedef enum pp_lane_kind { PP_LANE_TASK, PP_LANE_CHILDREN, PP_LANE_GROUP, PP_LANE_KINDS } pp_lane_kind;

enum { PP_LANE_ENTRY_TASK, PP_LANE_ENTRY_CHILDREN, PP_LANE_ENTRY_GROUP, PP_LANE_ENTRY_WORDS };

typedef struct pp_lane {
  pp_deque deque; /* without rings before the first push */
  PP_LINE_ALIGNED pp_count count[2];
  uint32_t number;
  uint32_t victim;   /* where it found something the last time */
  uint32_t idle;     /* looks at barriers that found nothing, in a row */
  uint32_t yields;   /* looks of tasks that yield that found nothing, since the latest thorough one */
  uint32_t yielding; /* tasks that yield, and run another one meanwhile, beneath each other */
  bool has_ring;
  bool has_stolen; /* the task that it has just taken, and not begun */
  pp_thief thief;
  pp_stock stock[PP_LANE_KINDS];
  PP_LINE_ALIGNED pp_brought brought[PP_LANE_KINDS];
} pp_lane;

/* Its thread: a block, which is zero where it is new and as it was left where it is not. NULL: no memory. */
static inline void *pp_lane_take(pp_lane *lane, pp_lane_kind kind, size_t size) {
  pp_stock *stock = &lane->stock[kind];
  pp_block *block = pp_block_take(stock);
  if (block == NULL) {
    stock->free = pp_block_fetch(&lane->brought[kind]);
    if (stock->free == NULL && !pp_stock_grow(stock, size, size < PP_LANE_SLAB ? PP_LANE_SLAB / size : 1)) return NULL;
    block = pp_block_take(stock);
  }
  PP_OWNER_OF(pp_lane_block, block, block)->home = lane->number;
  return block;
}

/* A block goes back to its home, another thread's lane or the calling thread's own, which is NULL for a thread that is
 * none of the region's. */
static inline void pp_lane_give(pp_lane *own, pp_lane *home, pp_lane_kind kind, pp_lane_block *block) {
  if (own == home) {
    pp_block_give(&home->stock[kind], &block->block);
  } else {
    pp_block_bring(&home->brought[kind], &block->block);
  }
}

/* How many of its tasks wait. Its thread. */
static inline uint64_t pp_lane_length(pp_lane *lane) {
  return pp_deque_length(pp_load_relaxed(&lane->deque.top), pp_load_relaxed(&lane->deque.bottom));
}

/* Where the next one is pushed: what is below was there before. */
static inline uint64_t pp_lane_mark(pp_lane *lane) { return pp_load_relaxed(&lane->deque.bottom); }

#endif
