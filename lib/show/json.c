/* SPDX-License-Identifier: MIT */
/* json.c: the order of the file: names, threads, the counter, what is missing. */
#include "show/json.h"

#include "platform/forks.h"
#include "platform/program.h"
#include "show/json_events.h"
#include "show/sort.h"

enum { COUNTED_PARTS = 2000 /* of the time: about as many as a screen has columns */ };

static void write_meta(pp_json *json, int64_t thread, const char *what, const char *name) {
  pp_json_thread(json, thread);
  pp_json_open(json, 'M', 0);
  pp_json_name(json, what);
  pp_json_string(json, "name", name);
  pp_json_close(json);
}

static void write_names(pp_json_run *state) {
  const pp_run *run = state->run;
  write_meta(&state->json, run->thread_count != 0 ? run->threads[0].id : 0, "process_name", pp_program_name());
  for (uint32_t t = 0; t < run->thread_count; t++) {
    write_meta(&state->json, run->threads[t].id, "thread_name", run->threads[t].name);
    pp_json_open(&state->json, 'M', 0);
    pp_json_name(&state->json, "thread_sort_index");
    pp_json_number(&state->json, "sort_index", t);
    pp_json_close(&state->json);
  }
}

static bool comes_before(const void *left, const void *right) {
  const pp_run_construct *a = *(const pp_run_construct *const *)left, *b = *(const pp_run_construct *const *)right;
  if (a->thread != b->thread) return a->thread < b->thread;
  if (a->what.end != b->what.end) return a->what.end > b->what.end;
  return a->what.number < b->what.number;
}

/* Pranges are left out: each thread's part in one says it all. */
static void sort_constructs(pp_json_run *state) {
  const pp_run *run = state->run;
  state->constructs = pp_arena_array(run->arena, run->construct_count, sizeof *state->constructs);
  for (uint64_t k = run->construct_count; k-- > 0;) {
    if (run->constructs[k].what.kind == PP_CONSTRUCT_PRANGE) continue;
    if (state->constructs != NULL) {
      state->constructs[state->construct_count++] = &run->constructs[k];
    } else {
      state->undrawn++;
    }
  }
  pp_sort(state->constructs, state->construct_count, sizeof *state->constructs, comes_before);
}

static void write_counter(pp_json_run *state) {
  pp_json *json = &state->json;
  uint64_t last = UINT64_MAX;
  int64_t whole = 0;
  for (uint32_t part = 0; part < state->busy.count; part++) {
    double mean = pp_busy_mean(&state->busy, part, &whole);
    uint64_t hundredths = mean > 0 ? (uint64_t)(mean * 100 + 0.5) : 0;
    if (hundredths == last) continue;
    pp_json_open(json, 'C', part * state->busy.width);
    pp_json_name(json, "threads at work");
    pp_json_hundredths(json, "threads", hundredths);
    pp_json_close(json);
    last = hundredths;
  }
}

static bool is_anything_missing(const pp_json_run *state) {
  const pp_run *run = state->run;
  return run->lost_events != 0 || run->lost_constructs != 0 || run->lost_threads != 0 || state->undrawn != 0;
}

/* Once where it is seen, and once where programs look. */
static void write_missing(pp_json_run *state) {
  const pp_run *run = state->run;
  pp_json *json = &state->json;
  if (!is_anything_missing(state)) return;
  pp_json_open(json, 'i', 0);
  pp_json_field(json, "s", "\"g\"");
  pp_json_name(json, "something is missing in this trace");
  pp_json_category(json, "missing");
  pp_json_number(json, "lost_events", run->lost_events);
  pp_json_number(json, "lost_constructs", run->lost_constructs);
  pp_json_number(json, "lost_threads", run->lost_threads);
  pp_json_number(json, "undrawn", state->undrawn);
  pp_json_close(json);
}

static void write_other(const pp_json_run *state) {
  const pp_run *run = state->run;
  pp_output *out = state->json.out;
  pp_put(out, "\n],\n\"otherData\":{\"writer\":\"ppar\",\"program\":\"");
  pp_put_json(out, pp_program_name());
  pp_putf(out, "\",\"events\":%llu,\"lost_events\":%llu,\"lost_constructs\":%llu,\"lost_threads\":%u,\"undrawn\":%llu",
          (unsigned long long)state->json.events, (unsigned long long)run->lost_events,
          (unsigned long long)run->lost_constructs, run->lost_threads, (unsigned long long)state->undrawn);
  if (run->signal != 0) pp_putf(out, ",\"signal\":%d", run->signal);
  pp_put(out, "}}\n");
}

void pp_json_write(const pp_run *run, pp_output *out) {
  pp_json_run *state = pp_arena_take(run->arena, sizeof *state);
  pp_put(out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
  if (state == NULL) {
    pp_put(out, "],\"otherData\":{\"writer\":\"ppar\",\"error\":\"there was no memory to write the trace\"}}\n");
    return;
  }
  state->run = run;
  state->json = pp_json_begin(out, pp_process_id());
  state->links = pp_links_find(run);
  state->busy = pp_busy_begin(run->arena, run->end, COUNTED_PARTS);
  state->symbols = pp_symbols_open(run->arena, run->signal != 0);
  write_names(state);
  sort_constructs(state);
  for (uint32_t t = 0; t < run->thread_count; t++) pp_json_write_thread(state, t);
  pp_json_thread(&state->json, run->thread_count != 0 ? run->threads[0].id : 0);
  write_counter(state);
  write_missing(state);
  write_other(state);
  if (state->symbols != NULL) pp_symbols_close(state->symbols);
}
