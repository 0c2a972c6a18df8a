/* SPDX-License-Identifier: MIT */
/* storage.c: blocks of groups, and groups that nobody waits for. */
#include "task/storage.h"

#include <stdio.h>

#include "schedule/tuning.h"
#include "task/run.h"

/* A queue's blocks, the latest first. */
typedef struct pp_group_block {
  struct pp_group_block *older;
  pp_stored_group groups[PP_GROUPS_AT_ONCE];
} pp_group_block;

bool pp_storage_grow(pp_queue *queue) {
  pp_group_block *block = pp_memory_zalloc(sizeof *block);
  if (block == NULL) return false;
  block->older = queue->group_blocks;
  queue->group_blocks = block;
  for (int g = PP_GROUPS_AT_ONCE; g-- > 0;) {
    block->groups[g].next = queue->free_groups;
    queue->free_groups = &block->groups[g];
  }
  return true;
}

void pp_storage_free(pp_queue *queue) {
  pp_group_block *block = queue->group_blocks;
  while (block != NULL) {
    pp_group_block *older = block->older;
    pp_memory_free(block);
    block = older;
  }
}

static bool is_open(const pp_stored_group *stored) { return stored->number % 2 != 0; }

static void tell(const pp_stored_group *stored) {
  const char *name = stored->name;
  fprintf(stderr,
          "ppar: task group%s%s%s begun at %p: nobody waits for it; its tasks that have not started are dropped\n",
          name != NULL ? " \"" : "", name != NULL ? name : "", name != NULL ? "\"" : "", stored->place);
}

void pp_storage_tell(pp_queue *queue) {
  for (const pp_group_block *block = queue->group_blocks; block != NULL; block = block->older) {
    for (int g = 0; g < PP_GROUPS_AT_ONCE; g++) {
      if (is_open(&block->groups[g])) tell(&block->groups[g]);
    }
  }
}

void pp_storage_abandon(pp_queue *queue, bool tells) {
  pp_entry dropped;
  while (pp_deque_pop(&queue->deque, &dropped)) pp_entry_drop(&dropped);
  if (tells) pp_storage_tell(queue);
  for (pp_group_block *block = queue->group_blocks; block != NULL; block = block->older) {
    for (int g = 0; g < PP_GROUPS_AT_ONCE; g++) {
      if (is_open(&block->groups[g])) block->groups[g].number++;
    }
  }
  queue->open = 0;
  queue->retired = true;
}
