/* SPDX-License-Identifier: MIT */
/* json.h: a run as Chrome's trace events, which Perfetto (ui.perfetto.dev) and chrome://tracing open: the JSON object
 * format of "Trace Event Format".
 *
 * Each thread of the program has a track. On it lie, properly within each other, the loops and regions that it has
 * begun, its parts in constructs, chunks, tasks, waits, sections and sleeps; thefts and the like are instants. Arrows
 * go from whoever was stolen from to what the thief did next, and from whoever woke a worker to what that did next. A
 * counter shows how many threads are at work. What is not known, since it was replaced by what came later, is said in
 * "otherData" and on the tracks.
 *
 * docs/trace-json.md names all fields. */
#ifndef PP_SHOW_JSON_H
#define PP_SHOW_JSON_H

#include "show/output.h"
#include "show/run.h"

/* Writes it, event by event: 10^7 chunks take about 1.5 GB and some seconds. */
void pp_json_write(const pp_run *run, pp_output *out);

#endif
