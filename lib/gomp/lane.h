/* SPDX-License-Identifier: MIT */
/* lane.h: what one thread of a region has of the region's tasks: a deque on which those wait that it has made, which it
 * runs from the newest on and others steal from the oldest on (claim/deque.h); how many it has made and ended; and
 * memory for more.
 *
 * An entry is {task, the record that the task counts in, its task group}: whoever steals looks at the last two, which
 * are in blocks (task/blocks.h, K2), before the task is its own. */
#ifndef PP_GOMP_LANE_H
#define PP_GOMP_LANE_H

#include "claim/deque.h"
#include "task/blocks.h"

/* Tasks made and ended. Both only grow, modulo 2^32; each is written by one thread. */
typedef struct pp_omp_count {
  pp_atomic_u32 made, ended;
} pp_omp_count;

/* Only its thread. Release: whoever sees that a task has ended sees what it has made, and what it has written. */
static inline void pp_omp_count_up(pp_atomic_u32 *count) { pp_store_release(count, pp_load_relaxed(count) + 1); }

/* What a block of these kinds begins with. */
typedef struct pp_omp_block {
  pp_block block;
  uint32_t home; /* the number of its thread */
} pp_omp_block;

/* Of a block that is in no stock, but was made by itself and is to be freed. */
#define PP_OMP_NO_HOME UINT32_MAX

typedef enum pp_omp_block_kind {
  PP_OMP_BLOCK_TASK,
  PP_OMP_BLOCK_CHILDREN,
  PP_OMP_BLOCK_GROUP,
  PP_OMP_BLOCK_KINDS
} pp_omp_block_kind;

enum { PP_OMP_ENTRY_TASK, PP_OMP_ENTRY_CHILDREN, PP_OMP_ENTRY_GROUP, PP_OMP_ENTRY_WORDS };

typedef struct pp_omp_lane {
  pp_deque deque; /* without rings before the first push */
  PP_LINE_ALIGNED pp_omp_count count[2];
  uint32_t number;
  uint32_t victim;   /* where it found something the last time */
  uint32_t idle;     /* looks at barriers that found nothing, in a row */
  uint32_t yields;   /* looks of tasks that yield that found nothing, since the latest thorough one */
  uint32_t yielding; /* tasks that yield, and run another one meanwhile, beneath each other */
  bool has_ring;
  pp_stock stock[PP_OMP_BLOCK_KINDS];
  PP_LINE_ALIGNED pp_brought brought[PP_OMP_BLOCK_KINDS];
} pp_omp_lane;

/* How many of its tasks wait. Its thread. */
static inline uint64_t pp_omp_lane_length(pp_omp_lane *lane) {
  return pp_deque_length(pp_load_relaxed(&lane->deque.top), pp_load_relaxed(&lane->deque.bottom));
}

/* Where the next one is pushed: what is below was there before. */
static inline uint64_t pp_omp_lane_mark(pp_omp_lane *lane) { return pp_load_relaxed(&lane->deque.bottom); }

#endif
