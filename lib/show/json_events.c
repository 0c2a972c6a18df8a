/* SPDX-License-Identifier: MIT */
/* json_events.c: a thread's events from the last to the first, and with them the constructs that it has begun. */
#include "show/json_events.h"

#include "show/how.h"

enum { WAKE_NS = 1 /* An arrow needs something that lasts to begin at. */ };

/* What came later on the thread, as its events are gone through from the last one. */
typedef struct later {
  struct {
    uint32_t construct;
    uint64_t begin;
  } chunk[PP_JSON_KNOWN]; /* The next chunk of a construct, by its number. */
  uint64_t earliest;      /* The begin of what was seen last. */
} later;

static const pp_run_construct *find(pp_json_run *state, uint32_t number) {
  const pp_run_construct **known = &state->known[number % PP_JSON_KNOWN];
  if (number == 0) return NULL;
  if (*known == NULL || (*known)->what.number != number) *known = pp_run_find(state->run, number);
  return *known;
}

static const char *title_of(const pp_run_construct *construct) {
  return construct != NULL ? construct->site->title : "(unknown)";
}

/* --- Iterations --------------------------------------------------------------------------------------------- */

/* The index of iteration `number`; one behind the last may be no index of 64 bits, and then is the nearest. */
static int64_t index_of(const pp_construct *what, uint64_t number) {
  int64_t step = what->step != 0 ? what->step : 1, distance, index;
  if (number > INT64_MAX || __builtin_mul_overflow((int64_t)number, step, &distance) ||
      __builtin_add_overflow(what->index, distance, &index)) {
    index = (int64_t)((uint64_t)what->index + number * (uint64_t)step);
    if ((index < what->index) == (step > 0)) index = step > 0 ? INT64_MAX : INT64_MIN;
  }
  return index;
}

static void put_range(pp_json_run *state, const pp_construct *what, uint64_t first, uint64_t count, uint64_t stride) {
  pp_json *json = &state->json;
  int64_t step = (int64_t)((uint64_t)(what->step != 0 ? what->step : 1) * stride);
  pp_json_signed(json, "begin", index_of(what, first));
  pp_json_signed(json, "end", index_of(what, count != 0 ? first + (count - 1) * stride + 1 : first));
  if (step == 1) return;
  pp_json_signed(json, "step", step);
  pp_json_number(json, "count", count);
}

/* --- Things that last --------------------------------------------------------------------------------------- */

static bool is_open(const pp_event *event) { return (event->flags & PP_EVENT_OPEN) != 0; }

/* Begins an event; false: it cannot be drawn. *cut: when it ended in truth, if that is not what is drawn; else 0. */
static bool open_span(pp_json_run *state, uint64_t begin, uint64_t end, pp_is_work work, uint64_t *cut) {
  uint64_t ended = end < state->run->end ? end : state->run->end;
  int change;
  end = ended;
  if (!pp_nesting_place(&state->nesting, &begin, &end, work, &change)) {
    state->undrawn++;
    return false;
  }
  pp_busy_add(&state->busy, begin, end, change);
  pp_json_open(&state->json, 'X', begin);
  pp_json_duration(&state->json, end - begin);
  *cut = end < ended ? ended : 0;
  return true;
}

static void close_span(pp_json_run *state, uint64_t cut, bool has_ended) {
  if (cut != 0) pp_json_us(&state->json, "until_us", cut);
  if (!has_ended) pp_json_bool(&state->json, "has_ended", false);
  pp_json_close(&state->json);
}

static bool has_iterations(const pp_construct *what) {
  return what->kind != PP_CONSTRUCT_REGION && what->kind != PP_CONSTRUCT_TASKS;
}

/* All that is known of a construct. */
static void put_construct(pp_json_run *state, const pp_run_construct *construct) {
  pp_json *json = &state->json;
  const pp_construct *what = &construct->what;
  char schedule[PP_RUN_SCHEDULE], how[PP_HOW_SIZE];
  uint64_t thefts = pp_links_thefts(&state->links, what->number);
  pp_json_number(json, "construct", what->number);
  pp_json_string(json, "where", construct->site->where);
  if (has_iterations(what)) {
    pp_json_string(json, "schedule", pp_run_schedule_text(what, schedule));
    put_range(state, what, 0, what->count, 1);
  }
  if (what->kind == PP_CONSTRUCT_TASKS) pp_json_number(json, "tasks", what->count);
  if (what->how != 0) pp_json_string(json, "how", pp_how_text(what->how, how));
  pp_json_number(json, "threads", what->slots);
  pp_json_number(json, "threads_asked", what->asked);
  if (what->kind != PP_CONSTRUCT_TASKS) pp_json_number(json, "threads_had", what->had);
  if (thefts != 0) pp_json_number(json, "steals", thefts);
  if (what->status != 0) pp_json_signed(json, "status", what->status);
  if (!construct->is_complete) pp_json_bool(json, "is_complete", false);
}

static void write_construct(pp_json_run *state, const pp_run_construct *construct) {
  uint64_t cut;
  if (!open_span(state, construct->what.begin, construct->what.end, PP_IS_AS_AROUND, &cut)) return;
  pp_json_names(&state->json, pp_run_kind_text((pp_construct_kind)construct->what.kind), construct->site->title);
  pp_json_category(&state->json, "construct");
  put_construct(state, construct);
  close_span(state, cut, construct->has_ended);
}

static void write_chunk(pp_json_run *state, const pp_event *event, later *after) {
  const pp_run_construct *construct = find(state, event->construct);
  uint64_t stride = 1, cut;
  if (!open_span(state, event->begin, event->end, PP_IS_WORK, &cut)) return;
  if (construct != NULL) {
    if ((event->flags & PP_EVENT_STRIDED) != 0 && construct->what.slots != 0) stride = construct->what.slots;
    pp_json_name_range(&state->json, index_of(&construct->what, event->first),
                       index_of(&construct->what, event->first + (event->count != 0 ? event->count - 1 : 0) * stride));
    pp_json_category(&state->json, "chunk");
    put_range(state, &construct->what, event->first, event->count, stride);
  } else {
    pp_json_name(&state->json, "chunk");
    pp_json_category(&state->json, "chunk");
    pp_json_number(&state->json, "iteration", event->first);
    pp_json_number(&state->json, "count", event->count);
  }
  close_span(state, cut, !is_open(event));
  after->chunk[event->construct % PP_JSON_KNOWN].construct = event->construct;
  after->chunk[event->construct % PP_JSON_KNOWN].begin = event->begin;
}

static void write_member(pp_json_run *state, const pp_event *event) {
  const pp_run_construct *construct = find(state, event->construct);
  uint8_t kind = construct != NULL ? construct->what.kind : 0;
  bool is_of_team = kind == PP_CONSTRUCT_REGION || kind == PP_CONSTRUCT_PRANGE;
  char name[24];
  pp_output out = pp_output_to(-1, name, sizeof name);
  uint64_t cut;
  if (!open_span(state, event->begin, event->end, kind == PP_CONSTRUCT_REGION ? PP_IS_WORK : PP_IS_NO_WORK, &cut))
    return;
  pp_putf(&out, "%s %d", is_of_team ? "thread" : "slot", (int)event->slot);
  (void)pp_output_end(&out);
  pp_json_names(&state->json, name, title_of(construct));
  pp_json_category(&state->json, "part");
  pp_json_number(&state->json, "slot", event->slot);
  if (kind == PP_CONSTRUCT_PRANGE) {
    put_construct(state, construct);
  } else {
    pp_json_number(&state->json, "construct", event->construct);
  }
  if (kind != PP_CONSTRUCT_REGION && !is_open(event)) {
    pp_json_number(&state->json, "chunks", event->first);
    pp_json_number(&state->json, "iterations", event->count);
  }
  close_span(state, cut, !is_open(event));
}

static void write_end_of_arrow(pp_json_run *state, char phase, uint32_t thread, uint64_t at, const char *name,
                               bool binds_to_around) {
  pp_json_thread(&state->json, state->run->threads[thread].id);
  pp_json_open(&state->json, phase, at);
  pp_json_name(&state->json, name);
  pp_json_category(&state->json, name);
  pp_json_field_number(&state->json, "id", state->arrows);
  if (binds_to_around) pp_json_field(&state->json, "bp", "\"e\"");
  pp_json_close(&state->json);
}

static void write_arrow(pp_json_run *state, uint32_t from, uint64_t begin, uint32_t to, uint64_t end, const char *name,
                        bool binds_to_around) {
  state->arrows++;
  write_end_of_arrow(state, 's', from, begin, name, false);
  write_end_of_arrow(state, 'f', to, end, name, binds_to_around);
}

static const char *function_name(pp_json_run *state, uint64_t function) {
  uint32_t place = (uint32_t)(function >> 4) % PP_JSON_FUNCTIONS;
  if (state->function_name[place] == NULL || state->function[place] != function) {
    const void *behind = (const char *)(uintptr_t)function + 1; /* where a call of one byte would return to */
    pp_symbol symbol = {0};
    if (state->symbols != NULL) symbol = pp_symbols_find(state->symbols, behind);
    state->function[place] = function;
    state->function_name[place] = symbol.function != NULL
                                      ? symbol.function
                                      : pp_symbol_text(state->run->arena, &symbol, (const char *)behind - 1);
  }
  return state->function_name[place];
}

/* A task of OpenMP's is of none. Where the construct is not known any more, it is taken for one. */
static bool is_group(const pp_run_construct *construct) {
  return construct == NULL || construct->what.kind == PP_CONSTRUCT_TASKS;
}

static void write_task(pp_json_run *state, const pp_event *event, uint32_t thread) {
  const pp_run_construct *construct = find(state, event->construct);
  bool is_stolen = (event->flags & PP_EVENT_STOLEN) != 0;
  uint64_t cut;
  if (!open_span(state, event->begin, event->end, PP_IS_WORK, &cut)) return;
  pp_json_names(&state->json, "task", function_name(state, event->first));
  pp_json_category(&state->json, "task");
  if (is_group(construct)) pp_json_string(&state->json, "group", title_of(construct));
  pp_json_number(&state->json, "construct", event->construct);
  if (event->count != 0) pp_json_number(&state->json, "count", event->count);
  if (is_stolen) pp_json_bool(&state->json, "stolen", true);
  close_span(state, cut, !is_open(event));
  /* Tasks are spawned by the group's owner, who is inside of the group until all have been run. */
  if (!is_stolen || construct == NULL || !is_group(construct) || construct->thread == thread) return;
  write_arrow(state, construct->thread, event->begin, thread, event->begin, "steal", true);
  pp_json_thread(&state->json, state->run->threads[thread].id);
}

static void write_wait(pp_json_run *state, const pp_event *event, const char *name, const char *category,
                       pp_is_work work) {
  const pp_run_construct *construct = find(state, event->construct);
  uint64_t cut;
  if (!open_span(state, event->begin, event->end, work, &cut)) return;
  pp_json_name(&state->json, name);
  pp_json_category(&state->json, category);
  if ((event->kind == PP_EVENT_ORDERED || event->kind == PP_EVENT_ORDERED_WAIT) && construct != NULL)
    pp_json_signed(&state->json, "iteration", index_of(&construct->what, event->first));
  close_span(state, cut, !is_open(event));
}

/* --- Moments and arrows ------------------------------------------------------------------------------------- */

static void open_instant(pp_json_run *state, const pp_event *event, const char *name, const char *more,
                         const char *category) {
  pp_json_open(&state->json, 'i', event->begin);
  pp_json_field(&state->json, "s", "\"t\"");
  pp_json_names(&state->json, name, more);
  pp_json_category(&state->json, category);
}

/* The arrow goes to what the thief does next of it: that is what it has stolen. */
static void write_steal(pp_json_run *state, const pp_event *event, uint32_t thread, const later *after) {
  const pp_link *link = pp_links_of(&state->links, thread, event);
  uint32_t place = event->construct % PP_JSON_KNOWN;
  uint64_t next = after->chunk[place].construct == event->construct ? after->chunk[place].begin : 0;
  open_instant(state, event, "steals", "", "steal");
  if (event->first != PP_TRACE_UNKNOWN) pp_json_number(&state->json, "from_slot", event->first);
  pp_json_number(&state->json, "units", event->count);
  if (link != NULL && link->other != PP_LINK_NOBODY)
    pp_json_string(&state->json, "from_thread", state->run->threads[link->other].name);
  pp_json_close(&state->json);
  if (link == NULL || link->other == PP_LINK_NOBODY) return;
  write_arrow(state, link->other, event->begin, thread, next >= event->begin ? next : event->begin, "steal", true);
  pp_json_thread(&state->json, state->run->threads[thread].id);
}

/* The arrow goes to what the worker does once it is awake, whatever that is. */
static void write_wake(pp_json_run *state, const pp_event *event, uint32_t thread) {
  const pp_link *link = pp_links_of(&state->links, thread, event);
  bool is_known = link != NULL && link->other != PP_LINK_NOBODY;
  uint64_t cut;
  if (!open_span(state, event->begin, event->begin + WAKE_NS, PP_IS_AS_AROUND, &cut)) return;
  pp_json_names(&state->json, "wakes", is_known ? state->run->threads[link->other].name : "");
  pp_json_category(&state->json, "wake");
  pp_json_number(&state->json, "worker", event->first + 1);
  close_span(state, 0, true);
  if (!is_known) return;
  write_arrow(state, thread, event->begin, link->other, link->awake, "wake", false);
  pp_json_thread(&state->json, state->run->threads[thread].id);
}

static void write_moment(pp_json_run *state, const pp_event *event, uint32_t thread, const later *after) {
  pp_json *json = &state->json;
  switch (event->kind) {
    case PP_EVENT_STEAL: write_steal(state, event, thread, after); return;
    case PP_EVENT_WAKE: write_wake(state, event, thread); return;
    case PP_EVENT_HAND_BACK:
      open_instant(state, event, "hands back", "", "steal");
      pp_json_number(json, "units", event->count);
      break;
    case PP_EVENT_SPAWN:
      open_instant(state, event, "spawns", function_name(state, event->first), "task");
      pp_json_number(json, "pieces", event->count);
      break;
    case PP_EVENT_SPARED: open_instant(state, event, "wakes nobody: short loop", "", "wake"); break;
    case PP_EVENT_CANCEL:
      open_instant(state, event, "cancels", "", "cancel");
      pp_json_signed(json, "status", (int32_t)event->first);
      break;
    case PP_EVENT_SINGLE:
      open_instant(state, event, "single", "", "single");
      pp_json_number(json, "number", event->first);
      break;
    default: return;
  }
  pp_json_close(json);
}

/* --- A thread ----------------------------------------------------------------------------------------------- */

static void write_event(pp_json_run *state, const pp_event *event, uint32_t thread, later *after) {
  switch (event->kind) {
    case PP_EVENT_CHUNK: write_chunk(state, event, after); break;
    case PP_EVENT_MEMBER: write_member(state, event); break;
    case PP_EVENT_TASK: write_task(state, event, thread); break;
    case PP_EVENT_BARRIER: write_wait(state, event, "waits: barrier", "wait", PP_IS_NO_WORK); break;
    case PP_EVENT_CRITICAL_WAIT: write_wait(state, event, "waits: critical", "wait", PP_IS_NO_WORK); break;
    case PP_EVENT_CRITICAL: write_wait(state, event, "critical", "critical", PP_IS_AS_AROUND); break;
    case PP_EVENT_ORDERED_WAIT: write_wait(state, event, "waits: its turn", "wait", PP_IS_NO_WORK); break;
    case PP_EVENT_ORDERED: write_wait(state, event, "ordered", "ordered", PP_IS_AS_AROUND); break;
    case PP_EVENT_WAIT: write_wait(state, event, "waits: end", "wait", PP_IS_NO_WORK); break;
    case PP_EVENT_PARK: write_wait(state, event, "sleeps", "sleep", PP_IS_NO_WORK); break;
    default: write_moment(state, event, thread, after);
  }
  if (event->begin < after->earliest) after->earliest = event->begin;
}

/* The thread's next construct, if that comes before the event; has_event: there is one. */
static const pp_run_construct *next_construct(const pp_json_run *state, uint32_t thread, bool has_event,
                                              const pp_event *event) {
  const pp_run_construct *next;
  if (state->next_construct == state->construct_count) return NULL;
  next = state->constructs[state->next_construct];
  if (next->thread != thread) return NULL;
  if (!has_event || next->what.end > event->end) return next;
  return next->what.end == event->end && next->what.begin <= event->begin ? next : NULL;
}

static void write_lost(pp_json_run *state, const pp_run_thread *thread, uint64_t at) {
  pp_json_open(&state->json, 'i', at);
  pp_json_field(&state->json, "s", "\"t\"");
  pp_json_name(&state->json, "what came before on this thread was replaced");
  pp_json_category(&state->json, "missing");
  pp_json_number(&state->json, "lost_events", thread->lost);
  pp_json_close(&state->json);
}

void pp_json_write_thread(pp_json_run *state, uint32_t thread) {
  const pp_run_thread *of = &state->run->threads[thread];
  pp_run_cursor cursor = pp_run_events(state->run, thread);
  later after = {.earliest = state->run->end};
  pp_event event;
  bool has_event = pp_run_previous(&cursor, &event);
  pp_json_thread(&state->json, of->id);
  pp_nesting_begin(&state->nesting);
  for (;;) {
    const pp_run_construct *construct = next_construct(state, thread, has_event, &event);
    if (construct != NULL) {
      state->next_construct++;
      write_construct(state, construct);
    } else if (has_event) {
      write_event(state, &event, thread, &after);
      has_event = pp_run_previous(&cursor, &event);
    } else {
      break;
    }
  }
  if (of->lost != 0) write_lost(state, of, after.earliest);
}
