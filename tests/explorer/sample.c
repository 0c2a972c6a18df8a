/* SPDX-License-Identifier: MIT */
/* sample.c: writes the page of a run that is made by hand, for page.py to look at: sample FILE */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../support/runs.h"
#include "show/html.h"

enum { THREADS = 4 };

static uint64_t rising(uint64_t i) { return 50 + 30 * i; }
static uint64_t tiny(uint64_t i) { return 20 + i % 7; }
static uint64_t ragged(uint64_t i) { return 1000 + (i * 2654435761u) % 9000; }

static runs_shared loop_at(struct runs *made, const char *where, const char *name, ppar_schedule schedule) {
  return (runs_shared){.site = runs_site(made, PP_CONSTRUCT_LOOP, where, name),
                       .slots = THREADS,
                       .schedule = schedule,
                       .late = 1500,
                       .take = 120};
}

/* Waits for a lock inside of chunks, a steal, and threads that sleep. */
static uint64_t add_contest(struct runs *made, uint64_t begin) {
  uint32_t site = runs_site(made, PP_CONSTRUCT_REDUCE, "lock.c:9 in main", "</script><b>contest</b>");
  uint32_t loop = runs_construct(made, site, 0,
                                 (pp_construct){.slots = 2,
                                                .asked = 4,
                                                .schedule_kind = PPAR_SCHEDULE_DYNAMIC,
                                                .chunk = 10,
                                                .count = 40,
                                                .step = 1,
                                                .begin = begin,
                                                .end = begin + 40000});
  for (uint64_t k = 0; k < 2; k++) {
    uint64_t at = begin + 1000 + k * 18000;
    for (uint32_t t = 0; t < 2; t++) runs_chunk(made, t, loop, t, at, at + 16000, (2 * k + t) * 10, 10);
    runs_span(made, 1, loop, 1, PP_EVENT_CRITICAL_WAIT, at + 2000, at + 6000);
    runs_span(made, 0, loop, 0, PP_EVENT_CRITICAL, at + 2000, at + 6000);
    runs_span(made, 1, loop, 1, PP_EVENT_CRITICAL, at + 6000, at + 9000);
  }
  runs_span(made, 1, loop, 1, PP_EVENT_STEAL, begin + 18500, begin + 18500);
  runs_span(made, 1, loop, 1, PP_EVENT_MEMBER, begin + 900, begin + 35500);
  runs_span(made, 1, 0, 1, PP_EVENT_PARK, begin + 36000, begin + 39000);
  runs_span(made, 0, loop, 0, PP_EVENT_WAIT, begin + 35000, begin + 40000);
  made->sites[site].sum[PP_SUM_CALLS] = 1;
  made->sites[site].sum[PP_SUM_SLOTS] = 2;
  made->sites[site].sum[PP_SUM_WALL] = 40000;
  made->sites[site].sum[PP_SUM_CAPACITY] = 80000;
  made->sites[site].sum[PP_SUM_BUSY] = 56000;
  return begin + 40000;
}

static uint64_t run(struct runs *made, runs_shared shared, uint64_t count, uint64_t (*cost)(uint64_t), uint64_t begin) {
  uint32_t number;
  shared.count = count;
  shared.cost = cost;
  shared.begin = begin;
  number = runs_loop(made, &shared);
  return made->run.constructs[number - 1].what.end + 10000;
}

int main(int argc, char **argv) {
  struct runs *made = runs_new();
  uint64_t at = 1000;
  char buffer[4096];
  pp_output out;
  int file = argc == 2 ? open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
  if (file < 0) {
    fprintf(stderr, "sample FILE\n");
    return 2;
  }
  (void)runs_thread(made, "main", -1);
  for (int t = 1; t < THREADS; t++) (void)runs_thread(made, t == 1 ? "ppar-1" : t == 2 ? "ppar-2" : "ppar-3", t - 1);
  at = run(made, loop_at(made, "rows.c:12 in triangle", NULL, ppar_static(0)), 400, rising, at);
  at = run(made, loop_at(made, "rows.c:20 in triangle", "in turn", ppar_static(4)), 400, rising, at);
  at = run(made, loop_at(made, "rows.c:31 in cells", "ragged cells", ppar_guided(1)), 300, ragged, at);
  at = run(made, loop_at(made, "rows.c:40 in all", "tiny chunks", ppar_dynamic(1)), 20000, tiny, at);
  at = add_contest(made, at);
  made->threads[2].lost = 17;
  out = pp_output_to(file, buffer, sizeof buffer);
  pp_html_write(runs_finish(made), &out);
  runs_free(made);
  return pp_output_end(&out) && close(file) == 0 ? 0 : 1;
}
