/* SPDX-License-Identifier: MIT */
/* rows.c: each thread's events from the latest to the earliest, with a stack of what contains the present moment. */
#include "show/rows.h"

#include "show/backward.h"
#include "show/sort.h"

/* More steals in a row than one for so many slices are not marked, since they would hide the rest. */
enum { SLICES_A_STEAL = 6 };

/* Something that contains the present moment. */
typedef struct frame {
  uint64_t begin, end;
  uint64_t count, worked; /* Of a chunk: its iterations, and how long the thread worked in it. */
  uint64_t piece;         /* Of work: which of the thread's pieces, counted from the last one. */
  uint32_t owner;         /* Of work: the depth of the frame that is its piece. */
  uint8_t doing;          /* pp_doing */
  uint8_t kind;
  bool is_piece; /* A chunk or a task of the construct. */
  bool is_open;
} frame;

typedef struct painter {
  const pp_run *run;
  const pp_construct *what;
  pp_rows *rows;
  pp_row *row;
  pp_map *maps;
  uint32_t map_count;
  uint64_t begin, end; /* The construct's. */
  uint64_t now;        /* What is later has been painted. */
  uint64_t seen;       /* Pieces so far. */
  uint32_t depth;
  frame *frames; /* PP_TRACE_DEPTH; what is deeper counts as what it is in. */
  pp_slices slices;
  pp_event *open;
  uint64_t *by_slot; /* Iterations of each slot; */
  uint32_t *whose;   /* and of which thread, plus 1. */
  uint32_t asked;    /* is_inner's latest question, */
  bool answer;       /* and what the answer was. */
  pp_costs costs;
} painter;

/* Whether the construct with that number is a task group of the same place, begun in one of the group's own tasks. One
 * that is not known any more is taken to be. */
static bool is_inner(painter *p, uint32_t number) {
  if (p->asked != number || p->asked == 0) {
    const pp_run_construct *found = pp_run_find(p->run, number);
    p->asked = number;
    p->answer = found == NULL || found->what.site == p->what->site;
  }
  return p->answer;
}

/* The wait for a task group's end says which group's; what else waits is in what it waits for. */
static uint32_t construct_of(const painter *p, const pp_event *event) {
  bool is_for_tasks = p->what->kind == PP_CONSTRUCT_TASKS && event->kind == PP_EVENT_WAIT && event->first != 0;
  return is_for_tasks ? (uint32_t)event->first : event->construct;
}

static bool is_own(painter *p, const pp_event *event) {
  uint32_t number = construct_of(p, event);
  if (number == p->what->number) return true;
  return p->rows->groups > 1 && number != 0 && is_inner(p, number);
}

/* Whether the thread has begun the task group: what it does then, outside of tasks, is work, until it waits. */
static bool is_owner(const painter *p) {
  return p->what->kind == PP_CONSTRUCT_TASKS && p->row->thread == p->rows->construct->thread;
}

static bool is_region(const painter *p) { return p->what->kind == PP_CONSTRUCT_REGION; }

/* Whether the event is a piece of the construct's work, as it is counted. */
static bool is_piece(painter *p, const pp_event *event) {
  if (!is_own(p, event)) return false;
  if (is_region(p)) return event->kind == PP_EVENT_MEMBER;
  return event->kind == PP_EVENT_CHUNK || event->kind == PP_EVENT_TASK;
}

static bool lasts(uint8_t kind) { return kind >= PP_EVENT_CHUNK && kind <= PP_EVENT_PARK; }

/* --- First: whether the thread took part, and from when to when ---------------------------------------------- */

static void count_slot(painter *p, const pp_event *event) {
  pp_row *row = p->row;
  if (event->slot >= p->what->slots) return;
  if (p->whose[event->slot] != row->thread + 1) {
    p->whose[event->slot] = row->thread + 1;
    p->by_slot[event->slot] = 0;
    row->slots++;
  }
  p->by_slot[event->slot] += event->count + 1;
  if (row->slots == 1 || p->by_slot[event->slot] > p->by_slot[row->number] ||
      (p->by_slot[event->slot] == p->by_slot[row->number] && event->slot < row->number))
    row->number = event->slot;
}

static void count_piece(painter *p, const pp_event *event) {
  pp_row *row = p->row;
  uint64_t begin = event->begin > p->begin ? event->begin : p->begin, end = event->end < p->end ? event->end : p->end;
  if (row->pieces == 0 || begin < row->first) row->first = begin;
  if (row->pieces == 0 || end > row->last) {
    row->last = end;
    row->longest_last = end - begin;
  }
  row->pieces++;
  row->iterations += event->count;
  row->stolen += (event->flags & PP_EVENT_STOLEN) != 0;
  count_slot(p, event);
  for (uint32_t m = 0; m < p->map_count; m++) {
    if (event->kind == PP_EVENT_CHUNK) pp_map_add(&p->maps[m], event);
  }
}

/* What a thread waits for says more than that it sleeps meanwhile. */
static bool sleeps_in(const pp_event *event, const pp_event *around) {
  return event->kind == PP_EVENT_PARK && around->kind >= PP_EVENT_BARRIER && around->kind <= PP_EVENT_WAIT;
}

/* Returns whether it took part. */
static bool survey(painter *p, uint32_t thread) {
  pp_backward backward = pp_backward_begin(p->run, thread, p->open);
  pp_event event;
  bool is_member = false;
  uint64_t came = p->end, ready = 0;
  *p->row = (pp_row){.thread = thread};
  while (pp_backward_next(&backward, &event) && event.end >= p->begin) {
    if (event.begin > p->end || !is_own(p, &event)) continue;
    if ((event.flags & PP_EVENT_OPEN) != 0 && !sleeps_in(&event, &p->row->at)) p->row->at = event;
    if (event.kind == PP_EVENT_STEAL) p->row->steals++;
    if (event.kind == PP_EVENT_WAIT && event.first == p->what->number && ready == 0) ready = event.begin;
    if (event.kind == PP_EVENT_MEMBER && !is_member && p->row->slots == 0) p->row->number = event.slot;
    if (event.kind == PP_EVENT_MEMBER) is_member = true;
    if (event.kind == PP_EVENT_MEMBER) came = event.begin > p->begin ? event.begin : p->begin;
    if (is_piece(p, &event)) count_piece(p, &event);
  }
  if (is_owner(p)) {
    p->row->first = p->begin;
    if (ready > p->row->last) p->row->last = ready;
  } else if (p->row->pieces == 0) {
    p->row->first = p->row->last = came;
  }
  for (uint32_t m = 0; m < p->map_count; m++) pp_map_end_thread(&p->maps[m], p->row->number);
  return is_member || is_owner(p) || p->row->pieces != 0;
}

/* --- Then: what it did ---------------------------------------------------------------------------------------- */

/* What the thread does where nothing that was recorded says so. */
static pp_doing doing_between(const painter *p, uint64_t from) {
  if (from < p->row->first) return PP_DOING_NOT_HERE;
  return from >= p->row->last ? PP_DOING_WAITING : PP_DOING_LOOKING;
}

/* From..to lies before the thread's work, between its begin and its end, or after it. */
static void paint_part(painter *p, uint64_t from, uint64_t to) {
  pp_row *row = p->row;
  frame *top = p->depth != 0 ? &p->frames[p->depth - 1] : NULL;
  pp_doing doing = top != NULL ? (pp_doing)top->doing : PP_DOING_NOT_HERE;
  if (doing == PP_DOING_NOT_HERE || (doing == PP_DOING_LOOKING && from >= row->last)) doing = doing_between(p, from);
  if (doing == PP_DOING_WORK) p->frames[top->owner].worked += to - from;
  if (doing == PP_DOING_ELSEWHERE || (from >= row->first && from < row->last)) {
    row->spent[doing] += to - from;
  } else if (from >= row->last) {
    row->after += to - from;
  } else {
    row->before += to - from;
  }
  pp_slices_add(&p->slices, from, to, doing, top != NULL ? top->piece : 0);
}

/* All that is later than `from` was painted, and what is not was what the top frame says. */
static void paint_to(painter *p, uint64_t from) {
  const uint64_t borders[] = {p->row->last, p->row->first, p->begin};
  if (from < p->begin) from = p->begin;
  for (int b = 0; b < 3 && p->now > from; b++) {
    uint64_t to = borders[b] > from ? borders[b] : from;
    if (to >= p->now) continue;
    paint_part(p, to, p->now);
    p->now = to;
  }
}

static void pop(painter *p) {
  frame *top = &p->frames[p->depth - 1];
  paint_to(p, top->begin);
  if (top->is_piece) pp_slices_end_piece(&p->slices, top->begin, top->end, top->piece);
  if (top->is_piece && top->kind == PP_EVENT_CHUNK && !top->is_open) pp_costs_add(&p->costs, top->worked, top->count);
  p->depth--;
}

/* What a wait is, inside of what the thread is doing otherwise. */
static pp_doing waiting_as(uint8_t kind, pp_doing around) {
  bool is_known = around == PP_DOING_CRITICAL || around == PP_DOING_BARRIER || around == PP_DOING_TURN;
  if (around == PP_DOING_ELSEWHERE || is_known) return around;
  switch (kind) {
    case PP_EVENT_BARRIER: return PP_DOING_BARRIER;
    case PP_EVENT_CRITICAL_WAIT: return PP_DOING_CRITICAL;
    case PP_EVENT_ORDERED_WAIT: return PP_DOING_TURN;
    case PP_EVENT_PARK: return PP_DOING_ASLEEP;
    default: return PP_DOING_WAITING;
  }
}

static bool is_work(uint8_t kind) { return kind == PP_EVENT_CHUNK || kind == PP_EVENT_TASK || kind == PP_EVENT_MEMBER; }

/* Whether the shown construct was begun inside of that one, as a prange inside of its region. */
static bool is_around(const painter *p, uint32_t number) {
  uint32_t inside = p->what->inside;
  for (int levels = 0; inside != 0 && levels < PP_TRACE_DEPTH; levels++) {
    const pp_run_construct *outer = pp_run_find(p->run, inside);
    if (inside == number) return true;
    inside = outer != NULL ? outer->what.inside : 0;
  }
  return false;
}

/* What the thread is doing from the event's end back to its begin. */
static pp_doing doing_of(painter *p, const pp_event *event, pp_doing around) {
  if (is_piece(p, event) || (event->kind == PP_EVENT_TASK && is_own(p, event))) return PP_DOING_WORK;
  if (event->kind == PP_EVENT_MEMBER && is_own(p, event)) return PP_DOING_LOOKING;
  if (event->kind == PP_EVENT_PARK || is_own(p, event)) return waiting_as(event->kind, around);
  /* Another construct's. */
  if (event->begin <= p->begin && event->end >= p->end) return around;
  if (event->kind == PP_EVENT_MEMBER && is_around(p, event->construct)) return around;
  if (is_work(event->kind)) return around == PP_DOING_WORK ? PP_DOING_WORK : PP_DOING_ELSEWHERE;
  return around == PP_DOING_NOT_HERE ? around : waiting_as(event->kind, around);
}

static void push(painter *p, const pp_event *event) {
  const frame *top;
  frame *next;
  pp_doing around;
  while (p->depth != 0 && p->frames[p->depth - 1].begin >= event->end) pop(p);
  paint_to(p, event->end);
  if (p->depth == PP_TRACE_DEPTH) return;
  top = p->depth != 0 ? &p->frames[p->depth - 1] : NULL;
  next = &p->frames[p->depth];
  around = top != NULL ? (pp_doing)top->doing : PP_DOING_NOT_HERE;
  *next = (frame){.begin = event->begin,
                  .end = event->end,
                  .count = event->count,
                  .doing = (uint8_t)doing_of(p, event, around),
                  .kind = event->kind,
                  .is_piece = is_piece(p, event),
                  .is_open = (event->flags & PP_EVENT_OPEN) != 0};
  if (top != NULL && next->begin < top->begin) next->begin = top->begin;
  if (next->is_piece) {
    next->owner = p->depth;
    next->piece = p->seen++;
  } else if (top != NULL) {
    next->owner = top->owner;
    next->piece = top->piece;
  }
  p->depth++;
}

/* A region is in one piece; each barrier divides it, so that what lies between two of them is seen. */
static void pass_barrier(painter *p, const pp_event *event) {
  if (!is_region(p) || event->kind != PP_EVENT_BARRIER) return;
  p->seen++;
  for (uint32_t d = 0; d < p->depth; d++) p->frames[d].piece++;
}

static void read_slices(const painter *p) {
  bool with_steals = p->row->steals <= p->slices.count / SLICES_A_STEAL;
  pp_slices_read(&p->slices, is_owner(p) ? p->row->pieces : p->seen - 1, with_steals, !is_region(p), p->row->slice);
}

static void paint(painter *p) {
  pp_backward backward = pp_backward_begin(p->run, p->row->thread, p->open);
  pp_event event;
  p->now = p->end;
  p->depth = 0;
  p->seen = 0;
  if (is_owner(p)) {
    p->frames[p->depth++] = (frame){.begin = p->begin, .end = p->end, .doing = PP_DOING_WORK, .piece = p->row->pieces};
  }
  pp_slices_clear(&p->slices);
  while (pp_backward_next(&backward, &event) && event.end >= p->begin) {
    if (event.begin >= p->end || event.end == p->begin) continue;
    if (event.kind == PP_EVENT_STEAL && is_own(p, &event)) pp_slices_steal(&p->slices, event.begin);
    /* What holds a critical section or a turn works. */
    if (!lasts(event.kind) || event.kind == PP_EVENT_CRITICAL || event.kind == PP_EVENT_ORDERED) continue;
    push(p, &event);
    pass_barrier(p, &event);
  }
  while (p->depth != 0) pop(p);
  paint_to(p, p->begin);
  read_slices(p);
}

/* --- All threads ---------------------------------------------------------------------------------------------- */

static bool is_lower(const void *left, const void *right) {
  const pp_row *a = left, *b = right;
  return a->number != b->number ? a->number < b->number : a->thread < b->thread;
}

/* How many task groups there are at the place in the construct's time, if any is inside of it; else 1. */
static uint64_t count_groups(const pp_run *run, const pp_run_construct *construct) {
  uint64_t count = 1;
  bool has_inner = false;
  if (construct->what.kind != PP_CONSTRUCT_TASKS) return 1;
  for (uint64_t k = (uint64_t)(construct - run->constructs) + 1; k < run->construct_count; k++) {
    const pp_construct *other = &run->constructs[k].what;
    if (other->begin > construct->what.end) break;
    if (other->site != construct->what.site) continue;
    if (other->inside == construct->what.number) has_inner = true;
    count++;
  }
  return has_inner ? count : 1;
}

static bool prepare(painter *p) {
  pp_arena *arena = p->run->arena;
  p->frames = pp_arena_array(arena, PP_TRACE_DEPTH, sizeof *p->frames);
  p->open = pp_arena_array(arena, PP_TRACE_DEPTH, sizeof *p->open);
  p->by_slot = pp_arena_array(arena, p->what->slots, sizeof *p->by_slot);
  p->whose = pp_arena_array(arena, p->what->slots, sizeof *p->whose);
  p->rows->row = pp_arena_array(arena, p->run->thread_count, sizeof *p->rows->row);
  return p->frames != NULL && p->open != NULL && pp_slices_make(&p->slices, arena, p->rows->slices, p->begin, p->end) &&
         p->by_slot != NULL && p->whose != NULL && p->rows->row != NULL;
}

bool pp_rows_make(pp_rows *rows, const pp_run *run, const pp_run_construct *construct, uint32_t slices, pp_map *maps,
                  uint32_t map_count) {
  painter *p = pp_arena_take(run->arena, sizeof *p);
  *rows = (pp_rows){.construct = construct, .slices = slices, .groups = count_groups(run, construct)};
  if (p == NULL) return false;
  *p = (painter){.run = run,
                 .what = &construct->what,
                 .rows = rows,
                 .maps = maps,
                 .map_count = map_count,
                 .begin = construct->what.begin,
                 .end = construct->what.end > construct->what.begin ? construct->what.end : construct->what.begin + 1};
  if (!prepare(p)) return false;
  for (uint32_t t = 0; t < run->thread_count; t++) {
    p->row = &rows->row[rows->count];
    if (!survey(p, t)) continue;
    p->row->slice = pp_arena_array(run->arena, slices, sizeof *p->row->slice);
    if (p->row->slice == NULL) return false;
    paint(p);
    rows->work += p->row->spent[PP_DOING_WORK];
    rows->pieces += p->row->pieces;
    rows->iterations += p->row->iterations;
    rows->count++;
  }
  rows->differ = pp_costs_ratio(&p->costs);
  pp_sort(rows->row, rows->count, sizeof *rows->row, is_lower);
  return true;
}
