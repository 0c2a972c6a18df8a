/* SPDX-License-Identifier: MIT */
/* construct.c: what is recorded as constructs begin and end, and as their chunks do. */
#include "trace/construct.h"

#include "platform/clock.h"
#include "trace/sites.h"

static uint16_t narrow(uint32_t count) { return count < UINT16_MAX ? (uint16_t)count : (uint16_t)UINT16_MAX; }

static uint64_t tell(pp_tracer *tracer, uint32_t number, uint32_t site, uint64_t begin, const pp_trace_what *what) {
  return pp_tracer_put_construct(tracer, &(pp_construct){.number = number,
                                                         .site = site,
                                                         .inside = pp_trace_inside(),
                                                         .slots = narrow(what->slots),
                                                         .asked = narrow(what->asked),
                                                         .kind = (uint8_t)what->kind,
                                                         .schedule_kind = (uint8_t)what->schedule.kind,
                                                         .schedule_order = (uint8_t)what->schedule.order,
                                                         .how = what->how,
                                                         .chunk = (uint64_t)what->schedule.chunk,
                                                         .begin = begin,
                                                         .count = what->count,
                                                         .index = what->index,
                                                         .step = what->step});
}

static void note_schedule(pp_tracer *tracer, uint32_t site, const pp_trace_what *what) {
  pp_sums *sums = &tracer->sums[site];
  uint64_t schedule = 1 + (uint64_t)what->schedule.kind + 16 * (uint64_t)what->schedule.order;
  uint64_t chunk = (uint64_t)what->schedule.chunk, before = pp_load_relaxed(&sums->schedule);
  if (before == schedule && pp_load_relaxed(&sums->chunk) == chunk) return;
  if (before != 0) pp_store_relaxed(&sums->differs, 1);
  pp_store_relaxed(&sums->schedule, schedule);
  pp_store_relaxed(&sums->chunk, chunk);
}

static void note_how(pp_tracer *tracer, uint32_t site, uint32_t how) {
  pp_atomic_u64 *word = &tracer->sums[site].how;
  if ((pp_load_relaxed(word) & how) != how) pp_store_relaxed(word, pp_load_relaxed(word) | how);
}

/* Whether the thread is in a task of the place. */
static bool is_inside(pp_tracer *tracer, uint32_t site) {
  for (uint32_t d = pp_load_relaxed(&tracer->depth); d-- > 0;) {
    if (tracer->open[d].kind == PP_EVENT_TASK && tracer->open[d].site == site) return true;
  }
  return false;
}

void pp_traced_begin(pp_traced *traced, const pp_trace_what *what) {
  pp_tracer *tracer = pp_tracer_get();
  traced->number = 0;
  traced->site = PP_SITE_OTHERS; /* Other threads may record, and a group's storage is used again. */
  traced->is_detailed = false;
  if (tracer == NULL) return;
  traced->number = pp_tracer_number(tracer);
  traced->caller = tracer->caller;
  tracer->caller = NULL;
  traced->site = pp_site_number(what->kind, traced->caller != NULL ? traced->caller : what->address, what->name);
  traced->slots = what->slots;
  traced->asked = what->asked;
  traced->kind = what->kind;
  pp_store_relaxed(&traced->spawned, 0);
  traced->is_inside = pp_trace_inside() != 0;
  note_schedule(tracer, traced->site, what);
  note_how(tracer, traced->site, what->how);
  traced->is_inner = what->kind == PP_CONSTRUCT_TASKS &&
                     (tracer->sums[traced->site].open_groups++ != 0 || is_inside(tracer, traced->site));
  traced->is_detailed = pp_trace_wants(traced->site, pp_load_relaxed(&tracer->sums[traced->site].sum[PP_SUM_CALLS]));
  pp_store_relaxed(&traced->joined, 0);
  traced->begin = pp_clock_ticks();
  if (traced->is_detailed) traced->which = tell(tracer, traced->number, traced->site, traced->begin, what);
}

/* Threads that have run some of it. One that has come back after it was in another construct was counted again. */
static uint32_t threads_of(const pp_traced *traced) {
  uint32_t joined = pp_load_relaxed(&traced->joined);
  return joined < traced->slots ? joined : traced->slots;
}

/* What whoever has begun it adds up. */
static void add_up(pp_tracer *tracer, const pp_traced *traced, uint64_t wall, uint64_t count, uint32_t how) {
  uint32_t site = traced->site, had = threads_of(traced);
  pp_sum_add(tracer, site, PP_SUM_CALLS, 1);
  pp_sum_add(tracer, site, PP_SUM_ITERATIONS, count);
  note_how(tracer, site, how);
  if (traced->is_inner) return;
  pp_sum_add(tracer, site, PP_SUM_WALL, wall);
  if (traced->is_inside) pp_sum_add(tracer, site, PP_SUM_INSIDE, wall);
  pp_sum_add(tracer, site, PP_SUM_SLOTS, traced->slots);
  pp_sum_add(tracer, site, PP_SUM_ASKED, traced->asked);
  pp_sum_add(tracer, site, PP_SUM_HAD, had);
  pp_sum_add(tracer, site, PP_SUM_ALONE, (how & PP_HOW_ALONE) != 0);
  pp_sum_add(tracer, site, PP_SUM_LEVEL, (how & PP_HOW_LEVEL_LIMIT) != 0);
  pp_sum_add(tracer, site, PP_SUM_FEWER, (how & PP_HOW_FEWER) != 0);
  pp_sum_add(tracer, site, PP_SUM_ALL_WALL, wall * had);
  if (traced->kind != PP_CONSTRUCT_PRANGE) pp_sum_add(tracer, site, PP_SUM_CAPACITY, wall * traced->slots);
  pp_sum_note_length(&tracer->sums[site], wall);
}

void pp_traced_end(pp_traced *traced, uint32_t how, uint32_t slots, uint64_t count, int status) {
  pp_tracer *tracer = pp_tracer_get();
  pp_construct *construct;
  uint64_t now;
  if (tracer == NULL || traced->number == 0) return;
  tracer->caller = traced->caller;
  if (traced->kind == PP_CONSTRUCT_TASKS && tracer->sums[traced->site].open_groups != 0)
    tracer->sums[traced->site].open_groups--;
  if (slots != 0) traced->slots = slots;
  now = pp_clock_ticks();
  if (now < traced->begin) now = traced->begin; /* platform/clock.h */
  add_up(tracer, traced, now - traced->begin, count, how);
  construct = traced->is_detailed ? pp_tracer_recall(tracer, traced->which) : NULL;
  if (construct == NULL || construct->number != traced->number) return; /* This is a forked child. */
  construct->slots = narrow(traced->slots);
  construct->had = threads_of(traced);
  construct->how |= how;
  construct->count = count;
  construct->status = status;
  construct->end = now;
}

/* The thread takes part in it from here on. One that has left it, and comes back, has been counted, and its time up to
 * then, too. */
static pp_trace_mark begin_member(pp_traced *traced, const void *work, int slot) {
  const pp_tracer *tracer = pp_tracer_get();
  bool is_back = tracer != NULL && tracer->left == traced->number;
  if (!is_back) (void)pp_add_relaxed(&traced->joined, 1);
  return pp_trace_begin_as(
      &(pp_open){.kind = PP_EVENT_MEMBER,
                 .construct = traced->number,
                 .slot = narrow((uint32_t)slot),
                 .is_detailed = traced->is_detailed,
                 .site = traced->site},
      &(pp_part){.work = work, .from = is_back ? tracer->left_at : traced->begin, .kind = (uint8_t)traced->kind});
}

/* --- Loops and reduces -------------------------------------------------------------------------------------- */

static uint64_t number_of(const pp_traced_loop *loop, int64_t index) {
  uint64_t distance = (uint64_t)index - (uint64_t)loop->index;
  if (loop->step == 1) return distance;
  return loop->step > 0 ? distance / (uint64_t)loop->step : (0 - distance) / (0 - (uint64_t)loop->step);
}

/* From the chunk's first iteration on; of a chunk of blocks those of all of them. */
static void find_iterations(const pp_traced_loop *loop, const ppar_chunk *chunk, uint64_t *first, uint64_t *count) {
  uint64_t unused, past;
  *first = number_of(loop, chunk->begin);
  *count = chunk->count;
  if (loop->blocks == NULL) return;
  pp_blocks_bounds(loop->blocks, *first + *count - 1, &unused, &past);
  pp_blocks_bounds(loop->blocks, *first, first, &unused);
  *count = past - *first;
}

static pp_trace_mark begin_chunk(pp_traced_loop *loop, const ppar_chunk *chunk) {
  uint64_t first, count;
  find_iterations(loop, chunk, &first, &count);
  if (pp_trace_member(loop) == NULL) (void)begin_member(&loop->traced, loop, chunk->thread);
  return pp_trace_begin_as(&(pp_open){.kind = PP_EVENT_CHUNK,
                                      .construct = loop->traced.number,
                                      .slot = narrow((uint32_t)chunk->thread),
                                      .is_detailed = loop->traced.is_detailed,
                                      .first = first,
                                      .count = count},
                           NULL);
}

/* Each chunk of a train is to be told of: the body gets one at a time. */
void pp_traced_body(const ppar_chunk *chunk, void *arg) {
  pp_traced_loop *loop = arg;
  ppar_chunk own = *chunk;
  pp_trace_mark mark = begin_chunk(loop, chunk);
  own.train_ = NULL;
  loop->body(&own, loop->arg);
  pp_trace_end(mark);
}

void pp_traced_fold(const ppar_chunk *chunk, void *accumulator, void *arg) {
  pp_traced_loop *loop = arg;
  ppar_chunk own = *chunk;
  pp_trace_mark mark = begin_chunk(loop, chunk);
  own.train_ = NULL;
  loop->fold(&own, accumulator, loop->arg);
  pp_trace_end(mark);
}

/* --- Regions and pranges ------------------------------------------------------------------------------------ */

void pp_traced_part(ppar_team *team, void *arg) {
  pp_traced_region *region = arg;
  ppar_team_head_ *head = (ppar_team_head_ *)(void *)team;
  pp_trace_mark mark;
  head->by_macro = 0; /* The library opens all pranges, and so learns of their pieces. */
  mark = begin_member(&region->traced, region, (int)head->thread);
  region->region(team, region->arg);
  pp_trace_end(mark);
}

/* The number that the region's threads have agreed on for the prange. Who comes first says which. */
static uint32_t agree(pp_traced_region *region, uint64_t ordinal, pp_tracer *tracer, bool *is_first) {
  pp_atomic_u64 *word = &region->pranges[ordinal % PP_TRACED_PRANGES];
  uint64_t seen = pp_load_relaxed(word), own = 0;
  *is_first = false;
  while ((uint32_t)(seen >> 32) != (uint32_t)ordinal || (uint32_t)seen == 0) {
    if (own == 0) own = (uint64_t)(uint32_t)ordinal << 32 | pp_tracer_number(tracer);
    if (!pp_cas_relaxed(word, &seen, own)) continue;
    *is_first = true;
    return (uint32_t)own;
  }
  return (uint32_t)seen;
}

static pp_part prange_part(const pp_trace_what *what) {
  return (pp_part){.from = pp_clock_ticks(),
                   .which = UINT64_MAX,
                   .total = what->count,
                   .how = what->how,
                   .slots = what->slots,
                   .asked = what->asked,
                   .kind = PP_CONSTRUCT_PRANGE};
}

/* The region whose function the thread is in the midst of; NULL: it is in none, or in a chunk or a task within one. */
static const pp_traced *region_here(pp_tracer *tracer) {
  for (uint32_t d = pp_load_relaxed(&tracer->depth); d-- > 0;) {
    const pp_open *open = &tracer->open[d];
    const pp_part *part = pp_part_of(tracer, open);
    if (open->kind == PP_EVENT_TASK || open->kind == PP_EVENT_CHUNK) return NULL;
    if (open->kind != PP_EVENT_MEMBER) continue;
    if (part->kind != PP_CONSTRUCT_REGION) return NULL;
    return &((const pp_traced_region *)part->work)->traced;
  }
  return NULL;
}

/* A prange has the threads of its region: how many were asked for is the region's, and why there are fewer. */
static pp_trace_what as_in_region(pp_tracer *tracer, const pp_trace_what *what) {
  const pp_traced *region = region_here(tracer);
  pp_trace_what told = *what;
  if (region == NULL || region->asked <= what->slots) return told;
  told.asked = region->asked;
  told.how |= region->slots < region->asked ? PP_HOW_LEVEL_LIMIT : PP_HOW_FEWER;
  return told;
}

/* The first thread that comes tells of the prange; thread 0 adds it up (pp_traced_close_prange). */
void pp_traced_open_prange(const ppar_team *team, uint64_t ordinal, const pp_trace_what *given) {
  pp_tracer *tracer = pp_tracer_get();
  pp_open *outer = team != NULL ? pp_trace_member_of(PP_CONSTRUCT_REGION) : NULL, member = {.kind = PP_EVENT_MEMBER};
  pp_trace_what told = tracer != NULL ? as_in_region(tracer, given) : *given, *what = &told;
  pp_part part = prange_part(what);
  bool is_first = true;
  if (tracer == NULL) return;
  member.site = pp_site_number(what->kind, what->address, what->name);
  note_schedule(tracer, member.site, what);
  member.is_detailed = pp_trace_wants(member.site, pp_load_relaxed(&tracer->sums[member.site].sum[PP_SUM_MEMBERS]));
  member.slot = team != NULL ? narrow(((const ppar_team_head_ *)(const void *)team)->thread) : 0;
  if (outer != NULL) {
    /* A region's argument is its caller's, and not this thread's; but it stays as long as the region runs. */
    pp_traced_region *region = (pp_traced_region *)(uintptr_t)pp_part_of(tracer, outer)->work;
    member.construct = agree(region, ordinal, tracer, &is_first);
  } else {
    member.construct = pp_tracer_number(tracer);
  }
  if (is_first && member.is_detailed) part.which = tell(tracer, member.construct, member.site, part.from, what);
  (void)pp_trace_begin_as(&member, &part);
}

/* The prange that the thread is in; NULL: none, or there was no room for it, as deep as it is. */
static pp_open *prange_of(pp_tracer *tracer) {
  return tracer != NULL && tracer->beyond == 0 ? pp_trace_member_of(PP_CONSTRUCT_PRANGE) : NULL;
}

/* Ends the piece that the thread is in the middle of. */
static pp_open *end_piece(pp_tracer *tracer) {
  pp_open *member = prange_of(tracer);
  if (member != NULL) pp_trace_end((pp_trace_mark)(member - tracer->open) + 1);
  return member;
}

void pp_traced_end_piece(void) {
  pp_tracer *tracer = pp_tracer_get();
  if (tracer != NULL) (void)end_piece(tracer);
}

void pp_traced_piece(uint64_t first, uint64_t count, bool is_strided) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *member = prange_of(tracer);
  if (member == NULL || count == 0 || pp_load_relaxed(&tracer->depth) == PP_TRACE_DEPTH) return;
  if (first == PP_TRACED_NEXT) first = pp_part_of(tracer, member)->iterations;
  (void)pp_trace_begin_as(&(pp_open){.kind = PP_EVENT_CHUNK,
                                     .construct = member->construct,
                                     .slot = member->slot,
                                     .is_detailed = member->is_detailed,
                                     .first = first,
                                     .count = count,
                                     .flags = is_strided ? PP_EVENT_STRIDED : 0},
                          NULL);
}

void pp_traced_prange_is_nowait(void) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_open *member = prange_of(tracer);
  if (member != NULL) pp_part_of(tracer, member)->how |= PP_HOW_NOWAIT;
}

void pp_traced_close_prange(void) {
  pp_tracer *tracer = pp_tracer_get();
  pp_open *member = tracer != NULL ? end_piece(tracer) : NULL;
  if (tracer != NULL && tracer->beyond != 0) tracer->beyond--; /* There was no room for it. */
  pp_construct *construct;
  pp_traced traced;
  pp_part *part;
  uint64_t now;
  if (member == NULL) return;
  part = pp_part_of(tracer, member);
  now = pp_clock_ticks();
  if (now < part->from) now = part->from;
  construct = part->which != UINT64_MAX ? pp_tracer_recall(tracer, part->which) : NULL;
  if (construct != NULL) {
    construct->end = now;
    construct->had = part->slots;
    construct->how |= part->how;
  }
  if (member->slot == 0) {
    traced = (pp_traced){.site = member->site, .slots = part->slots, .asked = part->asked, .kind = PP_CONSTRUCT_PRANGE};
    traced.is_inside = member != tracer->open;
    pp_store_relaxed(&traced.joined, part->slots);
    add_up(tracer, &traced, now - part->from, part->total, part->how);
  }
  pp_trace_end((pp_trace_mark)(member - tracer->open));
}

/* --- Tasks -------------------------------------------------------------------------------------------------- */

void pp_traced_spawn(pp_traced *group, const void *function, uint64_t pieces) {
  (void)pp_add_relaxed(&group->spawned, pieces);
  pp_trace_tell(PP_EVENT_SPAWN, (uint64_t)(uintptr_t)function, pieces);
}

pp_trace_mark pp_traced_begin_task(const pp_traced *group, const void *function, uint64_t count, bool is_stolen,
                                   int thread) {
  return pp_trace_begin_as(&(pp_open){.kind = PP_EVENT_TASK,
                                      .construct = group->number,
                                      .slot = narrow((uint32_t)thread),
                                      .is_detailed = group->is_detailed,
                                      .site = group->site,
                                      .first = (uint64_t)(uintptr_t)function,
                                      .count = count,
                                      .flags = is_stolen ? PP_EVENT_STOLEN : 0},
                           NULL);
}

/* A place's address is where a call returns to: behind the function's begin here. */
pp_trace_mark pp_traced_begin_lone_task(void (*function)(void *), uint8_t flags) {
  uintptr_t address = (uintptr_t)function;
  pp_tracer *tracer = pp_tracer_get();
  pp_open task = {.kind = PP_EVENT_TASK, .is_call = true, .first = address, .flags = flags};
  uint32_t depth = tracer != NULL ? pp_load_relaxed(&tracer->depth) : 0;
  if (tracer == NULL) return 0;
  task.site = pp_site_number(PP_CONSTRUCT_TASK, (const void *)(address + 1), NULL);
  task.is_detailed = pp_trace_wants(task.site, pp_load_relaxed(&tracer->sums[task.site].sum[PP_SUM_CALLS]));
  if (depth != 0) {
    task.construct = tracer->open[depth - 1].construct;
    task.slot = tracer->open[depth - 1].slot;
  }
  return pp_trace_begin_as(&task, NULL);
}
