/* SPDX-License-Identifier: MIT */
/* stage.c: the chain of stages that the threads of a team walk along. */
#include "team/stage.h"

#include "platform/memory.h"
#include "team/team.h"

static bool is_free(const pp_seat *seat, pp_stage *stage) {
  if (stage->region != seat->fork_epoch || stage->index < seat->puller.settled) return true; /* T3, T2 */
  return stage->nowait && pp_load_acquire(&stage->passed) == seat->head.size;                /* T1 */
}

static void keep_for_later(pp_puller *puller, pp_stage *stage) {
  stage->younger = puller->oldest;
  puller->oldest = stage;
  if (puller->youngest == NULL) puller->youngest = stage;
}

static void keep_as_youngest(pp_puller *puller, pp_stage *stage) {
  stage->younger = NULL;
  if (puller->youngest != NULL) {
    puller->youngest->younger = stage;
  } else {
    puller->oldest = stage;
  }
  puller->youngest = stage;
}

static void stage_free(pp_stage *stage) {
  if (stage->record != NULL) pp_record_free(stage->record);
  pp_memory_free(stage);
}

void pp_stages_free(pp_stage *oldest) {
  while (oldest != NULL) {
    pp_stage *stage = oldest;
    oldest = stage->younger;
    stage_free(stage);
  }
}

/* A stage that nobody looks at, with a record for the team; NULL: no memory. */
static pp_stage *take_free(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_stage *stage = puller->oldest;
  if (stage != NULL && is_free(seat, stage)) {
    puller->oldest = stage->younger;
    if (puller->oldest == NULL) puller->youngest = NULL;
  } else {
    stage = pp_memory_zalloc(sizeof *stage);
    if (stage == NULL) return NULL;
  }
  if (stage->record == NULL || stage->record->capacity < seat->head.size) {
    if (stage->record != NULL) pp_record_free(stage->record);
    stage->record = pp_record_make(seat->head.size);
    if (stage->record == NULL) {
      pp_memory_free(stage);
      return NULL;
    }
    stage->record->pulse = &seat->team->hungry;
  }
  return stage;
}

static void prepare(pp_seat *seat, pp_stage *stage, const pp_loop *loop) {
  pp_record *record = stage->record;
  uint32_t groups = pp_groups_for(seat->head.size);
  pp_record_describe(record, loop);
  if (loop->sharing == PP_BY_COUNTER) {
    pp_store_relaxed(&record->counter.next, 0);
  } else {
    for (uint32_t g = 0; g < groups; g++) {
      uint32_t left = seat->head.size - g * PP_GROUP_SLOTS;
      pp_group_open(&record->groups[g], left < PP_GROUP_SLOTS ? left : PP_GROUP_SLOTS, false, true, false);
    }
  }
  stage->nowait = seat->nowait;
  stage->region = seat->fork_epoch;
  stage->index = seat->puller.stage->index + 1;
  pp_store_relaxed(&stage->passed, 0);
  pp_store_relaxed(&stage->follow, NULL);
}

bool pp_stage_walk_on(pp_seat *seat, const pp_loop *loop) {
  pp_puller *puller = &seat->puller;
  pp_stage *stage = puller->stage, *next = pp_load_acquire(&stage->follow);
  if (next == NULL) {
    pp_stage *mine = take_free(seat);
    if (mine == NULL) return false;
    prepare(seat, mine, loop);
    if (pp_cas_acq_rel(&stage->follow, &next, mine)) {
      next = mine;
      keep_as_youngest(puller, mine);
    } else {
      mine->region = seat->fork_epoch - 1;
      keep_for_later(puller, mine);
    }
  }
  if (stage->nowait) (void)pp_add_release(&stage->passed, 1);
  puller->stage = next;
  return true;
}
