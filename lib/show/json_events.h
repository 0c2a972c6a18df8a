/* SPDX-License-Identifier: MIT */
/* json_events.h: what one thread did, as trace events (json.h). */
#ifndef PP_SHOW_JSON_EVENTS_H
#define PP_SHOW_JSON_EVENTS_H

#include "show/busy.h"
#include "show/json_text.h"
#include "show/links.h"
#include "show/nesting.h"
#include "show/run.h"
#include "show/symbols.h"

enum {
  PP_JSON_KNOWN = 64,    /* Constructs that are found without a search: chunks come many in a row. */
  PP_JSON_FUNCTIONS = 64 /* Functions of tasks whose names are kept. */
};

typedef struct pp_json_run {
  const pp_run *run;
  pp_json json;
  pp_links links;
  pp_busy busy;
  pp_symbols *symbols;
  const pp_run_construct **constructs; /* Those that are drawn, by thread, then as pp_nesting wants them. */
  uint64_t construct_count;
  uint64_t next_construct;
  uint64_t arrows; /* So far; each has a number. */
  uint64_t undrawn;
  const pp_run_construct *known[PP_JSON_KNOWN];
  uint64_t function[PP_JSON_FUNCTIONS];
  const char *function_name[PP_JSON_FUNCTIONS];
  pp_nesting nesting;
} pp_json_run;

/* All of one thread. Threads are to be written one after the other, by index. */
void pp_json_write_thread(pp_json_run *state, uint32_t thread);

#endif
