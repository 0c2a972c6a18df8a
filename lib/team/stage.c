/* SPDX-License-Identifier: MIT */
/* stage.c: the chain of stages that the threads of a team walk along. */
#include "team/stage.h"

#include "platform/memory.h"
#include "schedule/tuning.h"
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

void pp_stages_free(pp_stage *oldest) {
  while (oldest != NULL) {
    pp_stage *stage = oldest;
    oldest = stage->younger;
    pp_memory_free(stage);
  }
}

void pp_stages_trim(pp_puller *puller) {
  pp_stage *last = puller->oldest;
  if (puller->made <= PP_KEPT_STAGES) return;
  puller->made = 1;
  for (; puller->made < PP_KEPT_STAGES && last->younger != NULL; puller->made++) last = last->younger;
  pp_stages_free(last->younger);
  last->younger = NULL;
  puller->youngest = last;
}

static void offer(pp_share *share) { pp_pulse_wake(&PP_OWNER_OF(pp_stage, share, share)->team->hungry); }

static pp_stage *stage_make(pp_seat *seat) {
  pp_team *team = seat->team;
  uint32_t slots = seat->head.size;
  pp_stage *stage = pp_memory_zalloc(pp_share_bytes(sizeof *stage, slots));
  if (stage == NULL) return NULL;
  if (++seat->puller.made > PP_KEPT_STAGES) pp_store_relaxed(&team->swollen, 1);
  stage->capacity = pp_groups_for(slots) * PP_GROUP_SLOTS;
  stage->team = team;
  pp_share_place(&stage->share, stage, sizeof *stage, slots);
  stage->share.division = &stage->division;
  stage->share.counter = &stage->counter;
  stage->share.offer = offer;
  return stage;
}

/* A stage that nobody looks at, with slots for the team; NULL: no memory. */
static pp_stage *take_free(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_stage *stage = puller->oldest;
  if (stage == NULL || !is_free(seat, stage)) return stage_make(seat);
  puller->oldest = stage->younger;
  if (puller->oldest == NULL) puller->youngest = NULL;
  if (stage->capacity >= seat->head.size) return stage;
  pp_memory_free(stage);
  puller->made--;
  return stage_make(seat);
}

static void prepare(pp_seat *seat, pp_stage *stage, const pp_division *division, const char *name) {
  uint32_t groups = pp_groups_for(seat->head.size);
  pp_division_describe(&stage->division, division);
  if (stage->name != name) stage->name = name;
  if (division->sharing == PP_BY_COUNTER || pp_division_apart(division) != 0) pp_store_relaxed(&stage->counter.next, 0);
  if (division->sharing == PP_BY_RANGE) {
    for (uint32_t g = 0; g < groups; g++)
      pp_group_open(&stage->share.groups[g], pp_group_slots(seat->head.size, g), false, true, false);
  }
  stage->nowait = seat->nowait;
  stage->region = seat->fork_epoch;
  stage->index = seat->puller.stage->index + 1;
  pp_store_relaxed(&stage->passed, 0);
  pp_store_relaxed(&stage->follow, NULL);
}

bool pp_stage_walk_on(pp_seat *seat, const pp_division *division, const char *name) {
  pp_puller *puller = &seat->puller;
  pp_stage *stage = puller->stage, *next = pp_load_acquire(&stage->follow);
  if (next == NULL) {
    pp_stage *mine = take_free(seat);
    if (mine == NULL) return false;
    prepare(seat, mine, division, name);
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

/* Others see the slot from the moment when its joined bit is set; all of it is in order by then. */
bool pp_stage_join(pp_stage *stage, uint32_t thread) {
  pp_slot *slot = &stage->share.slots[thread];
  uint32_t bit = 1u << thread % PP_GROUP_SLOTS;
  uint64_t before;
  pp_slot_clear(slot);
  before = pp_or_acq_rel(&stage->share.groups[thread / PP_GROUP_SLOTS].word,
                         pp_group_bits(bit, PP_JOINED_SHIFT) | pp_group_bits(bit, PP_TAKEN_SHIFT));
  return (pp_group_field(before, PP_TAKEN_SHIFT) & bit) == 0;
}

/* A slot that has not joined has finished none. */
bool pp_stage_is_complete(pp_stage *stage) {
  const pp_division *division = &stage->division;
  uint64_t done = 0;
  for (uint32_t g = 0; g < pp_groups_for(division->parts); g++) {
    uint32_t joined = pp_group_field(pp_load_seq_cst(&stage->share.groups[g].word), PP_JOINED_SHIFT);
    joined &= (1u << pp_group_slots(division->parts, g)) - 1u;
    for (; joined != 0; joined &= joined - 1) {
      done += pp_load_seq_cst(&stage->share.slots[g * PP_GROUP_SLOTS + (uint32_t)__builtin_ctz(joined)].done);
    }
  }
  return done == division->units.count;
}
