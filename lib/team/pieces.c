/* SPDX-License-Identifier: MIT */
/* pieces.c: handing out a prange's iterations, piece by piece, to a thread that asks for them.
 *
 * The counterpart of share.c, which calls a body with them: the same batches sized by time, handing back, adopting and
 * stealing, but the thread's own code runs between one piece and the next. */
#include "platform/clock.h"
#include "pool/help.h"
#include "pool/spin.h"
#include "schedule/static_schedule.h"
#include "team/stage.h"
#include "team/team.h"

enum {
  PP_HUNGRY_NS = 2000, /* between two alerts of a thread without work: each costs its victim a line */
  PP_STATIC_NS = 3000, /* a loop that takes so long on one thread: sharing it would cost 0.4 us more than dividing it */
  PP_LONG_NS = 6000,   /* it was not short: with its barrier it takes half a microsecond or so */
  PP_TIMED_OPENS = 8,  /* of so many divided loops one is timed: the clock can take 20 ns */
  PP_TEAM_POLL_NS = 5000 /* between two looks at all slots, in teams of many groups */
};

/* --- By range --------------------------------------------------------------------------------------------- */

/* Others see the slot from the moment when its joined bit is set; all of it is in order by then. */
static void join(pp_seat *seat) {
  pp_member *member = &seat->puller.member;
  pp_record *record = seat->puller.stage->record;
  pp_slot *slot = &record->slots[seat->head.thread];
  uint32_t bit = 1u << seat->head.thread % PP_GROUP_SLOTS;
  uint64_t before;
  pp_range_put(&slot->range, (pp_span){0, 0});
  pp_store_relaxed(&slot->alert, 0);
  pp_store_relaxed(&slot->done, 0);
  before = pp_or_acq_rel(&record->groups[seat->head.thread / PP_GROUP_SLOTS].word,
                         pp_group_bits(bit, PP_JOINED_SHIFT) | pp_group_bits(bit, PP_TAKEN_SHIFT));
  member->loop = &record->loop;
  member->control = &record->control;
  member->record = record;
  member->alert = &slot->alert;
  member->number = seat->head.thread;
  member->done = 0;
  member->worked = 0;
  member->spared = false;
  member->all_below = 0;
  if ((pp_group_field(before, PP_TAKEN_SHIFT) & bit) == 0)
    pp_member_own(member, pp_loop_parts(member->loop, seat->head.thread, 1));
  pp_member_first_batch(member, seat->puller.pace->batch);
}

/* All units finished. A slot that has not joined has none. */
static bool is_complete(pp_record *record) {
  const pp_loop *loop = &record->loop;
  uint64_t done = 0;
  for (uint32_t g = 0; g < pp_groups_for(loop->parts); g++) {
    uint32_t left = loop->parts - g * PP_GROUP_SLOTS;
    uint32_t joined = pp_group_field(pp_load_seq_cst(&record->groups[g].word), PP_JOINED_SHIFT);
    if (left < PP_GROUP_SLOTS) joined &= (1u << left) - 1u;
    for (; joined != 0; joined &= joined - 1) {
      done += pp_load_seq_cst(&record->slots[g * PP_GROUP_SLOTS + (uint32_t)__builtin_ctz(joined)].done);
    }
  }
  return done == loop->units.count;
}

/* Tells how much the thread has finished, now that it has no more: whoever waits may be waiting for just that. */
static void tell(pp_seat *seat) {
  pp_member *member = &seat->puller.member;
  pp_store_seq_cst(&member->record->slots[member->number].done, member->done);
  if (pp_pulse_has_sleepers(&seat->team->hungry)) pp_pulse_wake(&seat->team->hungry);
}

static bool is_over(void *arg) {
  pp_seat *seat = arg;
  return pp_team_is_canceled(seat->team) || is_complete(seat->puller.member.record);
}

/* The thread's own work is done and nothing is to be stolen: waits until there is, or all is done. */
static bool wait_for_work(pp_seat *seat) {
  pp_member *member = &seat->puller.member;
  pp_team *team = seat->team;
  pp_awaited inside = {team, is_over, seat};
  uint64_t hungry = pp_ticks_from_ns(seat->head.size > PP_GROUP_SLOTS ? PP_TEAM_POLL_NS : PP_HUNGRY_NS), begged;
  pp_wait wait;
  if (is_over(seat)) return false;
  wait = pp_wait_start(team->spin_ticks);
  begged = wait.start - hungry;
  for (;;) {
    bool goes_on;
    if (seat->head.size <= PP_GROUP_SLOTS || wait.last - begged >= hungry) {
      if (pp_member_find_work(member)) return true;
      if (is_over(seat)) return false;
    }
    if (wait.last - begged >= hungry) {
      begged = wait.last;
      pp_member_beg(member);
      if (pp_help(team->pool, &inside)) wait = pp_wait_start(team->spin_ticks);
    }
    goes_on = pp_wait_on(&wait, pp_load_relaxed(&team->crowded) != 0);
    if (!goes_on) {
      uint32_t beat = pp_pulse_prepare(&team->hungry);
      bool found = pp_member_find_work(member), over = !found && is_over(seat);
      if (!found && !over) pp_pulse_park(&team->hungry, beat);
      pp_pulse_done(&team->hungry);
      if (found || over) return found;
      wait = pp_wait_start(team->spin_ticks);
    }
  }
}

static void begin_batch(pp_puller *puller, pp_span batch) {
  const pp_units *units = &puller->member.loop->units;
  uint32_t length = pp_span_length(batch);
  puller->batch = batch;
  puller->first = pp_units_first(units, batch.first);
  puller->past = pp_units_past(units, batch.past - 1);
  puller->burst = (uint32_t)pp_batch_burst(length, units->count, puller->member.loop->parts);
  puller->timed_from = batch.first;
  puller->start = length > puller->member.all_below ? pp_clock_ticks() : 0;
}

static void end_batch(pp_puller *puller) {
  uint32_t length = pp_span_length(puller->batch), timed = puller->batch.past - puller->timed_from;
  puller->member.done += length;
  if (puller->start != 0 && timed != 0) pp_member_adapt(&puller->member, timed, pp_clock_ticks() - puller->start);
  puller->batch.first = puller->batch.past = 0;
}

/* Between two pieces of a batch, with the alert raised: somebody is hungry. */
static void heed(pp_puller *puller) {
  pp_member *member = &puller->member;
  uint32_t next = (uint32_t)(puller->first / member->loop->units.size);
  (void)pp_exchange_acquire(member->alert, 0);
  if (puller->start == 0) { /* its pace shows from here to the next look */
    puller->start = pp_clock_ticks();
    puller->timed_from = next;
    (void)pp_exchange_acq_rel(member->alert, 1);
  } else if (next > puller->timed_from && next < puller->batch.past) {
    pp_member_hand_back(member, &puller->batch, next, next - puller->timed_from, pp_clock_ticks() - puller->start);
    puller->past = pp_units_past(&member->loop->units, puller->batch.past - 1);
  }
}

static bool next_in_range(pp_seat *seat, uint64_t *first, uint64_t *past) {
  pp_puller *puller = &seat->puller;
  pp_member *member = &puller->member;
  for (;;) {
    pp_span batch;
    if (puller->first < puller->past) {
      uint64_t size;
      if (pp_load_relaxed(member->alert) != 0) heed(puller);
      size = member->loop->units.size * puller->burst;
      *first = puller->first;
      puller->first = *past = puller->past - *first < size ? puller->past : *first + size;
      return true;
    }
    if (pp_span_length(puller->batch) != 0) end_batch(puller);
    batch = pp_member_take(member, &member->record->slots[member->number].range);
    if (pp_span_length(batch) != 0) {
      begin_batch(puller, batch);
      continue;
    }
    tell(seat);
    if (pp_member_find_work(member)) continue;
    if (seat->nowait) {
      pp_member_beg(member); /* whoever hands something back runs it itself, if nobody comes */
      return false;
    }
    if (!wait_for_work(seat)) return false;
  }
}

/* Left by break: what is left of the batch goes back to the front of the range that it came from. */
static void put_back(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_member *member = &puller->member;
  const pp_units *units = &member->loop->units;
  pp_span left = puller->batch;
  if (puller->first < puller->past) {
    left.first = (uint32_t)(puller->first / units->size);
    puller->batch.past = left.first;
    pp_range_return(&member->record->slots[member->number].range, left);
  }
  member->done += pp_span_length(puller->batch);
  tell(seat);
}

/* --- All kinds -------------------------------------------------------------------------------------------- */

void pp_pull_enter(pp_seat *seat) {
  seat->puller.stage = &seat->team->root;
  seat->puller.settled = 0;
}

static uint32_t place_of(const void *site) {
  return (uint32_t)((uint64_t)(uintptr_t)site * UINT64_C(0x9e3779b97f4a7c15) >> 61);
}

_Static_assert(PP_PACES == 1 << (64 - 61), "place_of");

static pp_pace *pace_of(pp_puller *puller, const void *site) {
  pp_pace *pace = &puller->paces[place_of(site)];
  if (pace->site != site) *pace = (pp_pace){.site = site};
  return pace;
}

bool pp_pull_is_short(pp_seat *seat, const void *site, uint64_t count) {
  pp_puller *puller = &seat->puller;
  pp_lesson *lesson = &seat->team->lessons[place_of(site)];
  uint32_t parity = seat->head.pranges % 2;
  puller->site = site;
  puller->opened = 0;
  if (!seat->head.closed_before || pp_load_relaxed(&lesson->site[parity]) != site ||
      count > pp_load_relaxed(&lesson->most[parity]))
    return false;
  if (seat->head.thread == 0 && puller->opens++ % PP_TIMED_OPENS == 0) puller->opened = pp_clock_ticks();
  return true;
}

/* Thread 0, after the closing barrier of an auto prange (L1). */
static void learn(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_lesson *lesson = &seat->team->lessons[place_of(puller->site)];
  uint32_t parity = seat->head.pranges % 2;
  uint64_t most;
  if (puller->kind == PP_PULL_RANGE) {
    most = puller->pace->batch / (PP_BATCH_NS / PP_STATIC_NS);
  } else if (puller->opened != 0 && pp_clock_ticks() - puller->opened > pp_ticks_from_ns(PP_LONG_NS)) {
    most = 0;
  } else {
    return;
  }
  if (pp_load_relaxed(&lesson->site[parity]) != puller->site) pp_store_relaxed(&lesson->site[parity], puller->site);
  if (pp_load_relaxed(&lesson->most[parity]) != most) pp_store_relaxed(&lesson->most[parity], most);
}

void pp_pull_open_static(pp_seat *seat, uint64_t chunk) {
  pp_puller *puller = &seat->puller;
  uint64_t count = puller->space.count;
  if (chunk == 0) {
    puller->kind = PP_PULL_BLOCK;
    pp_static_block(count, seat->head.size, seat->head.thread, &puller->first, &puller->past);
  } else {
    puller->kind = PP_PULL_CHUNKS;
    puller->chunk = chunk < count ? chunk : count;
    puller->left = pp_static_chunks(count, puller->chunk, seat->head.size, seat->head.thread);
    puller->next = 0;
  }
}

bool pp_pull_open(pp_seat *seat, const pp_loop *loop, const void *site) {
  pp_puller *puller = &seat->puller;
  if (loop->sharing == PP_BY_SLOT) {
    pp_pull_open_static(seat, loop->chunk);
    return true;
  }
  puller->kind = loop->sharing == PP_BY_RANGE ? PP_PULL_RANGE : PP_PULL_COUNTER;
  if (!pp_stage_walk_on(seat, loop)) {
    puller->kind = PP_PULL_NOTHING;
    return false;
  }
  puller->first = puller->past = 0;
  puller->batch = (pp_span){0, 0};
  puller->pace = pace_of(puller, site);
  if (puller->kind == PP_PULL_RANGE) join(seat);
  return true;
}

bool pp_pull_has_more(const pp_seat *seat) {
  const pp_puller *puller = &seat->puller;
  switch (puller->kind) {
    case PP_PULL_NOTHING: return false;
    case PP_PULL_BLOCK: return puller->first < puller->past;
    case PP_PULL_CHUNKS: return puller->left != 0;
    case PP_PULL_RANGE:
    case PP_PULL_COUNTER: break;
  }
  return true;
}

static bool next_in_counter(pp_seat *seat, uint64_t *first, uint64_t *past) {
  pp_record *record = seat->puller.stage->record;
  const pp_loop *loop = &record->loop;
  uint64_t taken = loop->guided
                       ? pp_counter_take_guided(&record->counter, loop->space.count, loop->slots, loop->chunk, first)
                       : pp_counter_take(&record->counter, loop->space.count, loop->chunk, first);
  *past = *first + taken;
  return taken != 0;
}

bool pp_pull_next(pp_seat *seat, uint64_t *first, uint64_t *past) {
  pp_puller *puller = &seat->puller;
  switch (puller->kind) {
    case PP_PULL_NOTHING: return false;
    case PP_PULL_BLOCK:
      *first = puller->first;
      *past = puller->past;
      puller->first = puller->past;
      return *first < *past;
    case PP_PULL_CHUNKS:
      if (puller->left == 0) return false;
      puller->left--;
      *first = pp_static_chunk_first(puller->chunk, seat->head.size, seat->head.thread, puller->next++);
      *past = pp_static_chunk_past(puller->space.count, puller->chunk, *first);
      return true;
    case PP_PULL_RANGE: return next_in_range(seat, first, past);
    case PP_PULL_COUNTER: return next_in_counter(seat, first, past);
  }
  return false;
}

void pp_pull_close(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  if (puller->kind != PP_PULL_RANGE) return;
  if (pp_span_length(puller->batch) != 0) put_back(seat);
  puller->pace->batch = pp_member_pace(&puller->member);
}

void pp_pull_settle(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  if (puller->kind == PP_PULL_RANGE || puller->kind == PP_PULL_COUNTER) puller->settled = puller->stage->index;
  if (seat->head.thread == 0 && puller->site != NULL) learn(seat);
}
