/* SPDX-License-Identifier: MIT */
/* joiner.c: joining a loop, working in it, leaving. What that moves is counted in caller.c. */
#include "loop/joiner.h"

#include "loop/member.h"
#include "platform/boundary.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "share/steal.h"
#include "trace/spans.h"

/* Whether another worker could take a slot. */
static bool has_room(pp_record *record) {
  const pp_division *division = &record->loop.division;
  uint32_t groups = pp_groups_for(division->parts);
  int shift = division->sharing == PP_BY_SLOT ? PP_TAKEN_SHIFT : PP_JOINED_SHIFT;
  for (uint32_t g = 0; g < groups; g++) {
    if (pp_group_field(pp_load_relaxed(&record->share.groups[g].word), shift) != PP_GROUP_MASK) return true;
  }
  return false;
}

/* The caller wakes one worker, each woken worker two more while there is room: log T steps for T workers. */
static void pass_on_waking(ppar_pool *pool, pp_record *record) {
  for (int i = 0; i < 2; i++) {
    if (pp_bell_sleeper(pp_load_relaxed(&pool->bell.word)) == 0 || !has_room(record)) return;
    pp_record_ring(record);
  }
}

static void work_by_range(pp_member *member, bool part) {
  pp_claimer *claimer = &member->claimer;
  pp_claim_enter_range(claimer, member->loop->division.adaptive, false);
  if (part) {
    pp_claim_own(claimer, pp_division_parts(&member->loop->division, claimer->number, 1));
    pp_loop_teach(member->loop, claimer);
    pp_member_run(member);
  } else {
    claimer->unheard_of = true;
  }
  while (pp_claim_find(claimer) || pp_claim_find_at_last(claimer)) {
    if (claimer->full == 0) pp_loop_teach(member->loop, claimer);
    pp_member_run(member);
  }
}

static void work(pp_member *member, bool part) {
  uint64_t start = pp_clock_ticks();
  switch (member->loop->division.sharing) {
    case PP_BY_SLOT:
      pp_member_run_part(member);
      member->claimer.done = 1;
      break;
    case PP_BY_RANGE: work_by_range(member, part); return; /* Its batches are timed. */
    case PP_BY_COUNTER:
      member->claimer.kind = PP_CLAIM_COUNTER;
      pp_member_run(member);
      break;
  }
  member->claimer.worked = pp_clock_ticks() - start;
}

/* The caller has just written these lines: fetched one after the other they would take half a microsecond and more. */
static void fetch_descriptor(const pp_record *record, uint32_t slot) {
  const unsigned char *loop = (const unsigned char *)&record->loop;
  for (size_t line = 0; line < sizeof record->loop; line += 64) __builtin_prefetch(loop + line);
  __builtin_prefetch(&record->control.cancel);
  __builtin_prefetch(&record->share.slots[slot], 1);
}

void pp_loop_expect(const pp_record *record, uint32_t preferred) {
  uint32_t slot = preferred < record->capacity ? preferred : 0;
  __builtin_prefetch(&record->share.groups[slot / PP_GROUP_SLOTS].word, 1);
  fetch_descriptor(record, slot);
}

static pp_visit run_as_joiner(ppar_pool *pool, pp_record *record, uint32_t slot, pp_join join, uint64_t *worked) {
  const pp_loop *loop = &record->loop;
  pp_group *group = &record->share.groups[slot / PP_GROUP_SLOTS];
  pp_member member;
  uint64_t done;
  bool is_traced = pp_trace_is_on();
  pp_trace_mark before = is_traced ? pp_trace_here() : 0;
  pp_fp_switch fp = pp_fp_switch_to(loop->fp_state);
  pp_member_enter(&member, loop, &record->control, pp_self_get(), &record->scope, pool);
  pp_claim_enter(&member.claimer, &loop->division, &record->share, slot, &record->share.slots[slot].alert);
  pp_member_use_slot(&member, slot, join.anew);
  pp_edge_acquire(loop);                       /* Released by the post. */
  pp_edge_acquire(&record->share.slots[slot]); /* What is kept for the slot goes on from the thread before. */
  if (loop->division.parts > 2) pass_on_waking(pool, record);
  work(&member, join.part);
  PP_BOUNDARY();
  if (is_traced) pp_trace_end(before);
  pp_member_exit(&member);
  pp_fp_switch_back(&fp);
  *worked = member.claimer.worked;
  done = pp_division_is_told(&loop->division) ? member.claimer.done : 0;
  /* Who has run nothing has nothing to do with this loop, but perhaps with others. */
  if (member.claimer.done != 0) pp_edge_release(&record->share.slots[slot]);
  /* The leave is the last that this loop hears of this thread: all that is needed after it has been read before. */
  if (pp_group_leave(group, slot % PP_GROUP_SLOTS, done, join.anew && !member.anew)) pp_parking_wake(&record->parking);
  if (member.claimer.done != 0) return PP_VISIT_WORKED;
  return member.claimer.pending ? PP_VISIT_PENDING : PP_VISIT_IDLE;
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
      join = pp_group_join(&record->share.groups[*group], preferred % PP_GROUP_SLOTS, as_thief != 0);
      if (join.slot >= 0) return join;
    }
  }
  return join;
}

pp_visit pp_loop_visit(ppar_pool *pool, uint32_t preferred, pp_waiting *waiting, pp_record *record, uint64_t *worked) {
  uint32_t group = 0;
  pp_join join = join_record(record, preferred, &group);
  if (join.slot < 0) return PP_VISIT_SHUT;
  /* Only a member can rely on what the record says: another loop may have begun since the look at its marks. */
  if (waiting != NULL && !pp_waiting_allows(waiting, &record->scope)) {
    bool missed = join.part && record->loop.division.sharing == PP_BY_RANGE && !record->loop.division.adaptive;
    if (pp_group_withdraw(&record->share.groups[group], (uint32_t)join.slot, join.part))
      pp_parking_wake(&record->parking);
    if (missed) pp_record_ring(record); /* Others may have looked while the part was nobody's (pp_claim_own). */
    return PP_VISIT_SHUT;
  }
  fetch_descriptor(record, group * PP_GROUP_SLOTS + (uint32_t)join.slot);
  return run_as_joiner(pool, record, group * PP_GROUP_SLOTS + (uint32_t)join.slot, join, worked);
}
