/* SPDX-License-Identifier: MIT */
/* joiner.c: a loop from the side of a thread that joins it: a worker, or one that waits for something around it. What that
 * moves is counted in execute.c. */
#include "loop/execute.h"
#include "loop/member.h"
#include "platform/clock.h"

/* Whether another worker could take a slot. */
static bool has_room(pp_record *record) {
  uint32_t groups = pp_groups_for(record->loop.parts);
  int shift = record->loop.sharing == PP_BY_SLOT ? PP_TAKEN_SHIFT : PP_JOINED_SHIFT;
  for (uint32_t g = 0; g < groups; g++) {
    if (pp_group_field(pp_load_relaxed(&record->groups[g].word), shift) != PP_GROUP_MASK) return true;
  }
  return false;
}

/* The caller wakes one worker, each woken worker two more while there is room: log T steps for T workers. */
static void pass_on_waking(ppar_pool *pool, pp_record *record) {
  for (int i = 0; i < 2; i++) {
    if (pp_bell_sleeper(pp_load_relaxed(&pool->bell.word)) == 0 || !has_room(record)) return;
    pp_pool_ring(pool, record);
  }
}

static void work_by_range(pp_member *member, bool part) {
  if (part) {
    pp_member_own(member, pp_loop_parts(member->loop, member->number, 1));
    pp_member_run_range(member);
  }
  while (pp_member_find_work(member)) pp_member_run_range(member);
  pp_member_beg(member);
}

static void work(pp_member *member, bool part) {
  uint64_t start = pp_clock_ticks();
  switch (member->loop->sharing) {
    case PP_BY_SLOT:
      pp_member_run_part(member);
      member->done = 1;
      break;
    case PP_BY_RANGE: work_by_range(member, part); return; /* its batches are timed */
    case PP_BY_COUNTER: pp_member_run_counter(member); break;
  }
  member->worked = pp_clock_ticks() - start;
}

/* The caller has just written these lines: fetched one after the other they would take half a microsecond and more. */
static void fetch_descriptor(const pp_record *record, uint32_t slot) {
  const unsigned char *loop = (const unsigned char *)&record->loop;
  for (size_t line = 0; line < sizeof record->loop; line += 64) __builtin_prefetch(loop + line);
  __builtin_prefetch(&record->control.cancel);
  __builtin_prefetch(&record->slots[slot], 1);
}

void pp_execute_expect(const pp_record *record, uint32_t preferred) {
  uint32_t slot = preferred < record->capacity ? preferred : 0;
  __builtin_prefetch(&record->groups[slot / PP_GROUP_SLOTS].word, 1);
  fetch_descriptor(record, slot);
}

static pp_visit run_as_worker(ppar_pool *pool, pp_record *record, uint32_t slot, pp_join join, uint64_t *worked) {
  const pp_loop *loop = &record->loop;
  pp_member member;
  pp_visit visit;
  pp_fp_state own = pp_fp_state_get();
  bool foreign = !pp_fp_state_equal(own, loop->fp_state);
  if (foreign) pp_fp_state_set(loop->fp_state);
  pp_member_enter(&member, loop, &record->control, pp_self_get());
  member.alert = &record->slots[slot].alert;
  pp_member_use_slot(&member, slot, join.anew);
  if (loop->parts > 2) pass_on_waking(pool, record);
  work(&member, join.part);
  pp_member_exit(&member);
  if (foreign) pp_fp_state_set(own);
  visit = loop->sharing == PP_BY_RANGE && member.done == 0 ? PP_VISIT_IDLE : PP_VISIT_WORKED;
  *worked = member.worked;
  /* The leave is the last that this loop hears of us: all that is needed after it has been read before. */
  if (pp_group_leave(&record->groups[slot / PP_GROUP_SLOTS], slot % PP_GROUP_SLOTS, member.done,
                     join.anew && !member.anew)) {
    pp_record_wake(record);
  }
  return visit;
}

/* Looks for a slot, from the preferred one's group on: with a part, then for stealing without. */
static pp_join join_record(pp_record *record, uint32_t preferred, uint32_t *group) {
  uint32_t groups = pp_load_relaxed(&record->open_groups);
  uint32_t own = preferred / PP_GROUP_SLOTS;
  pp_join join = {-1, false, false};
  for (int as_thief = 0; as_thief < 2; as_thief++) {
    if (as_thief != 0 && pp_load_relaxed(&record->active) == 0) break;
    for (uint32_t k = 0; k < groups; k++) {
      *group = (own + k) % groups;
      join = pp_group_join(&record->groups[*group], preferred % PP_GROUP_SLOTS, as_thief != 0);
      if (join.slot >= 0) return join;
    }
  }
  return join;
}

static bool belongs(const pp_record *record, const pp_awaited *within) {
  if (!pp_scope_is_within(&record->scope, within->ancestor)) return false;
  return within->is_over == NULL || !within->is_over(within->arg);
}

pp_visit pp_execute_visit(ppar_pool *pool, uint32_t preferred, const pp_awaited *within, pp_record *record,
                          uint64_t *worked_ticks) {
  uint32_t group = 0;
  pp_join join = join_record(record, preferred, &group);
  if (join.slot < 0) return PP_VISIT_SHUT;
  /* Only a member can rely on what the record says: another loop may have begun since the look at its marks. */
  if (within != NULL && !belongs(record, within)) {
    if (pp_group_withdraw(&record->groups[group], (uint32_t)join.slot, join.part)) pp_record_wake(record);
    return PP_VISIT_SHUT;
  }
  fetch_descriptor(record, group * PP_GROUP_SLOTS + (uint32_t)join.slot);
  return run_as_worker(pool, record, group * PP_GROUP_SLOTS + (uint32_t)join.slot, join, worked_ticks);
}
