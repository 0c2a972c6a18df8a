/* SPDX-License-Identifier: MIT */
/* storage.c: groups that nobody waits for. */
#include "task/storage.h"

#include <stdio.h>

#include "platform/image.h"
#include "schedule/tuning.h"
#include "task/run.h"

static bool is_open(const pp_stored_group *stored) { return stored->number % 2 != 0; }

static void tell(const pp_stored_group *stored) {
  const char *name = stored->name;
  fprintf(stderr, "ppar: task group%s%s%s (%s): nobody waits for it; its tasks that have not started are dropped\n",
          name != NULL ? " \"" : "", name != NULL ? name : "", name != NULL ? "\"" : "",
          pp_image_name_call(stored->place).text);
}

void pp_storage_tell(pp_queue *queue) {
  for (pp_slab *slab = queue->stored_groups.slabs; slab != NULL; slab = slab->older) {
    for (size_t g = 0; g < slab->count; g++) {
      const pp_stored_group *stored = pp_slab_block(slab, g);
      if (is_open(stored)) tell(stored);
    }
  }
}

void pp_storage_abandon(pp_queue *queue, bool tells) {
  pp_entry dropped;
  while (pp_deque_pop(&queue->deque, &dropped)) pp_entry_drop(&dropped);
  if (tells) pp_storage_tell(queue);
  for (pp_slab *slab = queue->stored_groups.slabs; slab != NULL; slab = slab->older) {
    for (size_t g = 0; g < slab->count; g++) {
      pp_stored_group *stored = pp_slab_block(slab, g);
      if (is_open(stored)) stored->number++;
    }
  }
  queue->open = 0;
  queue->retired = true;
}
