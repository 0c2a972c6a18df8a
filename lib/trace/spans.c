/* SPDX-License-Identifier: MIT */
/* spans.c: the stack of what a thread is in the middle of, and what the end of each adds to the one around it. */
#include "trace/spans.h"

#include "platform/clock.h"
#include "platform/race_checker.h"
#include "trace/sites.h"

pp_atomic_u32 pp_trace_on_;
PP_CHECKS_LEAVE_OUT(pp_trace_on_)

static uint64_t began, call_limit;
static bool has_events;
PP_CHECKS_LEAVE_OUT(began)
PP_CHECKS_LEAVE_OUT(call_limit)
PP_CHECKS_LEAVE_OUT(has_events)

void pp_trace_start(const pp_trace_config *config) {
  pp_clock_init();
  pp_tracers_size(config->bytes);
  pp_sites_want(config->names);
  call_limit = config->limit;
  has_events = config->bytes != 0;
  began = pp_clock_ticks();
  pp_store_release(&pp_trace_on_, 1); /* nobody relies on it: threads see it with the pool that they work for */
}

void pp_trace_stop(void) { pp_store_relaxed(&pp_trace_on_, 0); }

void pp_trace_restart(void) {
  pp_tracers_forget();
  began = pp_clock_ticks();
}

uint64_t pp_trace_began(void) { return began; }

bool pp_trace_wants(uint32_t site, uint64_t calls) {
  const pp_site *found = pp_site_get(site);
  return has_events && (call_limit == 0 || calls < call_limit) && found != NULL && found->is_wanted;
}

static bool is_wait(uint8_t kind) {
  return kind == PP_EVENT_BARRIER || kind == PP_EVENT_CRITICAL_WAIT || kind == PP_EVENT_ORDERED_WAIT ||
         kind == PP_EVENT_WAIT;
}

/* NULL: the stack is empty. */
static pp_open *top_of(pp_tracer *tracer) {
  uint32_t depth = pp_load_relaxed(&tracer->depth);
  return depth != 0 ? &tracer->open[depth - 1] : NULL;
}

static pp_open *around(pp_tracer *tracer, const pp_open *open) {
  return open != tracer->open ? &tracer->open[open - tracer->open - 1] : NULL;
}

/* The member whose chunk it is. */
static pp_open *member_of(pp_tracer *tracer, const pp_open *chunk) {
  pp_open *member = around(tracer, chunk);
  while (member != NULL && member->kind != PP_EVENT_MEMBER) member = around(tracer, member);
  return member;
}

/* --- Begins ------------------------------------------------------------------------------------------------- */

/* A thread may steal from a loop before it is a member of it, in the midst of something else. What it runs next is what
 * it has stolen: so the steal is told of, and counted, as it begins a chunk. */
static void tell_of_steal(pp_tracer *tracer, const pp_open *chunk) {
  const pp_open *member = member_of(tracer, chunk);
  if (member != NULL) pp_part_of(tracer, member)->steals += tracer->steals;
  tracer->steals = 0;
  tracer->stolen.construct = chunk->construct;
  tracer->stolen.slot = chunk->slot;
  if (chunk->is_detailed) pp_tracer_put(tracer, &tracer->stolen);
}

pp_trace_mark pp_trace_begin_as(const pp_open *open, const pp_part *part) {
  pp_tracer *tracer = pp_tracer_get();
  uint32_t depth;
  if (tracer == NULL) return 0;
  depth = pp_load_relaxed(&tracer->depth);
  if (depth == PP_TRACE_DEPTH) {
    tracer->beyond++;
    return depth + tracer->beyond - 1;
  }
  tracer->open[depth] = *open;
  if (part != NULL) tracer->part[depth] = *part;
  tracer->open[depth].begin = pp_clock_ticks();
  if (open->kind == PP_EVENT_CHUNK && tracer->steals != 0) tell_of_steal(tracer, &tracer->open[depth]);
  pp_store_release(&tracer->depth, depth + 1); /* for who looks at what has not ended (show/run.h) */
  return depth;
}

pp_trace_mark pp_trace_begin(pp_event_kind kind, uint64_t first, uint64_t count) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *outer = tracer != NULL ? top_of(tracer) : NULL;
  return pp_trace_begin_as(&(pp_open){.kind = (uint8_t)kind,
                                      .first = first,
                                      .count = count,
                                      .construct = outer != NULL ? outer->construct : 0,
                                      .slot = outer != NULL ? outer->slot : 0,
                                      .is_detailed = outer != NULL ? outer->is_detailed : has_events},
                           NULL);
}

pp_trace_mark pp_trace_begin_wait(pp_event_kind kind, uint64_t first) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *outer = tracer != NULL ? top_of(tracer) : NULL;
  if (outer != NULL && is_wait(outer->kind)) return pp_load_relaxed(&tracer->depth) + tracer->beyond;
  return pp_trace_begin(kind, first, 0);
}

pp_trace_mark pp_trace_here(void) {
  const pp_tracer *tracer = pp_tracer_get();
  return tracer != NULL ? pp_load_relaxed(&tracer->depth) + tracer->beyond : 0;
}

/* --- Ends --------------------------------------------------------------------------------------------------- */

static void put(pp_tracer *tracer, const pp_open *open, uint64_t now) {
  if (!open->is_detailed) return;
  pp_tracer_put(tracer, &(pp_event){.begin = open->begin,
                                    .end = now > open->begin ? now : open->begin,
                                    .first = open->first,
                                    .count = open->count,
                                    .construct = open->construct,
                                    .slot = open->slot,
                                    .kind = open->kind,
                                    .flags = open->flags});
}

/* What is left of the ticks. The parts were added up from other readings of a clock that may run backwards. */
static uint64_t without(uint64_t ticks, uint64_t part) { return ticks > part ? ticks - part : 0; }

static void end_member(pp_tracer *tracer, pp_open *member, pp_open *outer, uint64_t now) {
  pp_part *part = pp_part_of(tracer, member);
  uint64_t start = 0, ending = 0;
  if (part->kind == PP_CONSTRUCT_REGION) {
    start = pp_ticks_between(part->from, member->begin);
    part->busy = without(pp_ticks_between(member->begin, now), member->waited);
    part->delayed = member->waited;
  } else if (part->earliest == 0) {
    ending = pp_ticks_between(part->from, now);
  } else {
    start = pp_ticks_between(part->from, part->earliest);
    ending = pp_ticks_between(part->latest, now);
  }
  pp_sum_add(tracer, member->site, PP_SUM_MEMBERS, 1);
  pp_sum_add(tracer, member->site, PP_SUM_CHUNKS, part->chunks);
  pp_sum_add(tracer, member->site, PP_SUM_STEALS, part->steals);
  pp_sum_add(tracer, member->site, PP_SUM_START, start);
  pp_sum_add(tracer, member->site, PP_SUM_BUSY, part->busy);
  pp_sum_add(tracer, member->site, PP_SUM_WAITED, part->delayed);
  pp_sum_add(tracer, member->site, PP_SUM_ENDING, ending);
  pp_sum_add(tracer, member->site, PP_SUM_THERE, pp_ticks_between(part->from, now));
  if (part->kind == PP_CONSTRUCT_PRANGE) {
    pp_sum_add(tracer, member->site, PP_SUM_CAPACITY, pp_ticks_between(part->from, now));
    if (outer != NULL) outer->waited += member->waited + part->delayed;
  }
  tracer->left = member->construct;
  tracer->left_at = now;
  member->first = part->chunks;
  member->count = part->iterations;
}

/* `inner` ticks of a thing have passed outside of `outer`'s own: it was work that is not outer's. */
static void end_work(pp_open *outer, uint64_t ticks) {
  if (outer == NULL) return;
  if (is_wait(outer->kind) || outer->kind == PP_EVENT_TASK) outer->inner += ticks;
}

static void end_chunk(pp_tracer *tracer, const pp_open *chunk, uint64_t now) {
  const pp_open *member = member_of(tracer, chunk);
  uint64_t ticks = pp_ticks_between(chunk->begin, now);
  pp_part *part;
  if (member == NULL) return;
  part = pp_part_of(tracer, member);
  if (part->earliest == 0) part->earliest = chunk->begin;
  part->latest = now;
  part->busy += without(ticks, chunk->waited);
  part->delayed += chunk->waited;
  part->chunks++;
  part->iterations += chunk->count;
  end_work(around(tracer, chunk), ticks);
}

/* A task that is a call of its place, on one thread, inside of what that does: for as long as it works and waits, but
 * for other tasks that are run meanwhile. */
static void add_call(pp_tracer *tracer, uint32_t site, uint64_t ticks, bool is_inside) {
  static const pp_sum ones[] = {PP_SUM_CALLS, PP_SUM_ITERATIONS, PP_SUM_SLOTS, PP_SUM_ASKED, PP_SUM_HAD};
  static const pp_sum times[] = {PP_SUM_WALL, PP_SUM_CAPACITY, PP_SUM_ALL_WALL};
  for (size_t s = 0; s < sizeof ones / sizeof ones[0]; s++) pp_sum_add(tracer, site, ones[s], 1);
  for (size_t s = 0; s < sizeof times / sizeof times[0]; s++) pp_sum_add(tracer, site, times[s], ticks);
  if (is_inside) pp_sum_add(tracer, site, PP_SUM_INSIDE, ticks);
  pp_sum_note_length(&tracer->sums[site], ticks);
}

static void end_task(pp_tracer *tracer, const pp_open *task, uint64_t now) {
  uint64_t ticks = pp_ticks_between(task->begin, now);
  if (task->is_call) add_call(tracer, task->site, without(ticks, task->inner), task != tracer->open);
  pp_sum_add(tracer, task->site, PP_SUM_CHUNKS, 1);
  pp_sum_add(tracer, task->site, PP_SUM_STEALS, (task->flags & PP_EVENT_STOLEN) != 0);
  pp_sum_add(tracer, task->site, PP_SUM_AT_ONCE, (task->flags & PP_EVENT_AT_ONCE) != 0);
  pp_sum_add(tracer, task->site, PP_SUM_BUSY, without(ticks, task->waited + task->inner));
  pp_sum_add(tracer, task->site, PP_SUM_WAITED, task->waited);
  end_work(around(tracer, task), ticks);
}

/* Waiting for others is told apart by what for. What a prange's thread waits for its region's thread does, too; but a
 * prange has no barrier inside, just one at its end. */
static void end_wait(pp_tracer *tracer, pp_open *outer, uint8_t kind, uint64_t ticks) {
  pp_sum sum = kind == PP_EVENT_BARRIER         ? PP_SUM_AT_BARRIER
               : kind == PP_EVENT_CRITICAL_WAIT ? PP_SUM_AT_CRITICAL
                                                : PP_SUM_AT_TURN;
  if (kind == PP_EVENT_WAIT) return;
  for (; outer != NULL; outer = around(tracer, outer)) {
    bool is_prange = outer->kind == PP_EVENT_MEMBER && pp_part_of(tracer, outer)->kind == PP_CONSTRUCT_PRANGE;
    if (outer->kind != PP_EVENT_MEMBER && outer->kind != PP_EVENT_TASK) continue;
    if (!is_prange || kind != PP_EVENT_BARRIER) pp_sum_add(tracer, outer->site, sum, ticks);
    if (!is_prange) return;
  }
}

/* What the end of something adds to what is around it. */
static void account(pp_tracer *tracer, pp_open *open, uint64_t now) {
  pp_open *outer = around(tracer, open);
  uint64_t ticks = pp_ticks_between(open->begin, now);
  switch (open->kind) {
    case PP_EVENT_CHUNK: end_chunk(tracer, open, now); break;
    case PP_EVENT_TASK: end_task(tracer, open, now); break;
    case PP_EVENT_MEMBER:
      end_member(tracer, open, outer, now);
      end_work(outer, ticks);
      break;
    case PP_EVENT_CRITICAL:
    case PP_EVENT_ORDERED:
      if (outer != NULL) {
        outer->waited += open->waited;
        outer->inner += open->inner;
      }
      break;
    case PP_EVENT_PARK: break;
    default: /* a wait */
      if (outer != NULL) {
        outer->waited += without(ticks, open->inner);
        end_wait(tracer, outer, open->kind, without(ticks, open->inner));
        end_work(outer, open->inner);
      }
  }
}

static void end(pp_tracer *tracer, pp_open *open, uint64_t now) {
  account(tracer, open, now);
  put(tracer, open, now);
}

/* The top entry ends. */
static void end_top(pp_tracer *tracer, uint64_t now) {
  uint32_t depth = pp_load_relaxed(&tracer->depth);
  end(tracer, &tracer->open[depth - 1], now);
  pp_store_release(&tracer->depth, depth - 1);
}

void pp_trace_end(pp_trace_mark mark) {
  pp_tracer *tracer = pp_tracer_get();
  uint64_t now;
  if (tracer == NULL) return;
  if (mark >= PP_TRACE_DEPTH) {
    tracer->beyond = mark - PP_TRACE_DEPTH;
    return;
  }
  tracer->beyond = 0;
  if (pp_load_relaxed(&tracer->depth) <= mark) return;
  now = pp_clock_ticks();
  while (pp_load_relaxed(&tracer->depth) > mark) end_top(tracer, now);
}

void pp_trace_end_latest(pp_event_kind kind) {
  pp_tracer *tracer = pp_tracer_get();
  uint32_t depth = tracer != NULL ? pp_load_relaxed(&tracer->depth) : 0, place = depth;
  while (place != 0 && tracer->open[place - 1].kind != kind) place--;
  if (place == 0) return;
  end(tracer, &tracer->open[place - 1], pp_clock_ticks());
  for (; place < depth; place++) {
    tracer->open[place - 1] = tracer->open[place];
    tracer->part[place - 1] = tracer->part[place];
  }
  pp_store_release(&tracer->depth, depth - 1);
}

void pp_trace_tell(pp_event_kind kind, uint64_t first, uint64_t count) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *outer = tracer != NULL ? top_of(tracer) : NULL;
  uint64_t now;
  if (tracer == NULL) return;
  if (kind == PP_EVENT_STEAL && first != PP_TRACE_UNKNOWN) { /* Tasks tell of themselves. */
    now = pp_clock_ticks();
    tracer->steals++;
    tracer->stolen = (pp_event){.begin = now, .end = now, .first = first, .count = count, .kind = PP_EVENT_STEAL};
    return;
  }
  if (outer != NULL ? !outer->is_detailed : !has_events) return;
  now = pp_clock_ticks();
  pp_tracer_put(tracer, &(pp_event){.begin = now,
                                    .end = now,
                                    .first = first,
                                    .count = count,
                                    .construct = outer != NULL ? outer->construct : 0,
                                    .slot = outer != NULL ? outer->slot : 0,
                                    .kind = (uint8_t)kind});
}

/* --- What the thread is in ---------------------------------------------------------------------------------- */

pp_open *pp_trace_member(const void *work) {
  pp_tracer *tracer = pp_tracer_get();
  pp_open *open = tracer != NULL ? top_of(tracer) : NULL;
  while (open != NULL && (is_wait(open->kind) || open->kind == PP_EVENT_PARK)) open = around(tracer, open);
  return open != NULL && open->kind == PP_EVENT_MEMBER && pp_part_of(tracer, open)->work == work ? open : NULL;
}

pp_open *pp_trace_member_of(pp_construct_kind kind) {
  pp_tracer *tracer = pp_tracer_get();
  pp_open *open = tracer != NULL ? top_of(tracer) : NULL;
  while (open != NULL && !(open->kind == PP_EVENT_MEMBER && pp_part_of(tracer, open)->kind == kind))
    open = around(tracer, open);
  return open;
}

uint32_t pp_trace_inside(void) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *open = tracer != NULL ? top_of(tracer) : NULL;
  return open != NULL ? open->construct : 0;
}
