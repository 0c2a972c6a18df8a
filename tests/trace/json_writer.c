/* SPDX-License-Identifier: MIT */
/* json_writer.c: writes a run that was made by hand as trace events, for check_json.py to look at.
 *
 *   json_writer empty|loops|teams|moments|crossing|names|lost|wide
 *   json_writer chunks NUMBER      a loop of so many chunks */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/runs.h"
#include "show/json.h"

static uint64_t rising(uint64_t i) { return 20 + 7 * i; }

static void threads(struct runs *made, int32_t workers) {
  runs_thread(made, "main", -1);
  for (int32_t w = 0; w < workers; w++) {
    static const char *const names[] = {"ppar-1", "ppar-2", "ppar-3"};
    runs_thread(made, names[w], w);
  }
}

/* Loops with forward and backward steps, one after the other, under each schedule. */
static void loops(struct runs *made) {
  uint64_t begin = 1000;
  threads(made, 2);
  for (ppar_schedule_kind kind = PPAR_SCHEDULE_AUTO; kind <= PPAR_SCHEDULE_GUIDED; kind++) {
    for (int64_t step = -3; step <= 2; step += 5) {
      uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
      (void)runs_loop(made, &(runs_shared){.site = site,
                                           .slots = 3,
                                           .schedule = {.kind = kind, .chunk = kind == PPAR_SCHEDULE_DYNAMIC ? 4 : 0},
                                           .count = 100,
                                           .index = 10,
                                           .step = step,
                                           .cost = rising,
                                           .begin = begin,
                                           .late = 50,
                                           .take = 5,
                                           .how = PP_HOW_BY_RANGE});
      begin += 100000;
    }
  }
}

/* A region with a prange of static,1 pieces, a barrier, a critical section and ordered turns. */
static void teams(struct runs *made) {
  uint32_t region, prange, site, inner;
  threads(made, 1);
  site = runs_site(made, PP_CONSTRUCT_REGION, "heat.c:7 in step", NULL);
  inner = runs_site(made, PP_CONSTRUCT_PRANGE, "heat.c:9 in rows", NULL);
  region = runs_construct(made, site, 0, (pp_construct){.slots = 2, .begin = 100, .end = 10000});
  prange = runs_construct(made, inner, 0,
                          (pp_construct){.slots = 2,
                                         .begin = 200,
                                         .end = 5000,
                                         .count = 4,
                                         .step = 1,
                                         .chunk = 1,
                                         .schedule_kind = PPAR_SCHEDULE_STATIC});
  for (uint32_t t = 0; t < 2; t++) {
    runs_event(made, t,
               (pp_event){.begin = 300,
                          .end = 900 + t,
                          .first = t,
                          .count = 2,
                          .construct = prange,
                          .slot = (uint16_t)t,
                          .kind = PP_EVENT_CHUNK,
                          .flags = PP_EVENT_STRIDED});
    runs_span(made, t, prange, t, PP_EVENT_ORDERED_WAIT, 400, 500);
    runs_span(made, t, prange, t, PP_EVENT_ORDERED, 500, 600);
    runs_span(made, t, prange, t, PP_EVENT_BARRIER, 901, 5000);
    runs_span(made, t, prange, t, PP_EVENT_MEMBER, 200, 5000);
    runs_span(made, t, region, t, PP_EVENT_CRITICAL_WAIT, 6000, 6000 + 500 * t);
    runs_span(made, t, region, t, PP_EVENT_CRITICAL, 6000 + 500 * t, 6500 + 500 * t);
    runs_span(made, t, region, t, PP_EVENT_MEMBER, 110, 9000);
  }
  runs_span(made, 0, region, 0, PP_EVENT_WAIT, 9000, 9900);
}

/* Thefts, wakes, and all else that happens at once; tasks; a thread that is in the middle of things. */
static void moments(struct runs *made) {
  uint32_t site, loop, group;
  threads(made, 3);
  site = runs_site(made, PP_CONSTRUCT_LOOP, "work.c:1 in main", "my loop");
  loop = runs_construct(made, site, 0, (pp_construct){.slots = 3, .begin = 500, .end = 9000, .count = 90, .step = 1});
  runs_event(made, 0, (pp_event){.begin = 600, .end = 600, .kind = PP_EVENT_WAKE, .first = 0, .construct = loop});
  runs_event(made, 0, (pp_event){.begin = 610, .end = 610, .kind = PP_EVENT_WAKE, .first = 1, .construct = loop});
  runs_span(made, 1, 0, 0, PP_EVENT_PARK, 10, 700);
  runs_span(made, 2, 0, 0, PP_EVENT_PARK, 20, 800);
  runs_chunk(made, 0, loop, 0, 650, 4000, 0, 30);
  runs_chunk(made, 0, loop, 0, 4000, 8900, 30, 10);
  runs_event(made, 0, (pp_event){.begin = 620, .end = 8950, .kind = PP_EVENT_MEMBER, .construct = loop});
  for (uint32_t t = 1; t < 3; t++) {
    runs_event(made, t,
               (pp_event){.begin = 3000 * t,
                          .end = 3000 * t,
                          .kind = PP_EVENT_STEAL,
                          .first = 0,
                          .count = 10,
                          .construct = loop,
                          .slot = (uint16_t)t});
    runs_chunk(made, t, loop, t, 3000 * t + 50, 3000 * t + 1000, 20 * t, 20);
    runs_event(
        made, t,
        (pp_event){.begin = 800 + t, .end = 8000, .kind = PP_EVENT_MEMBER, .construct = loop, .slot = (uint16_t)t});
  }
  /* Nobody is known to work in slot 7, and worker 9 is not known. */
  runs_event(made, 1, (pp_event){.begin = 5000, .end = 5000, .kind = PP_EVENT_STEAL, .first = 7, .construct = loop});
  runs_event(made, 1, (pp_event){.begin = 5100, .end = 5100, .kind = PP_EVENT_WAKE, .first = 9, .construct = loop});
  runs_event(made, 1, (pp_event){.begin = 5200, .end = 5200, .kind = PP_EVENT_HAND_BACK, .count = 3});
  runs_event(made, 1, (pp_event){.begin = 5300, .end = 5300, .kind = PP_EVENT_SPARED});
  runs_event(made, 1, (pp_event){.begin = 5400, .end = 5400, .kind = PP_EVENT_CANCEL, .first = (uint64_t)-3});
  runs_event(made, 1, (pp_event){.begin = 5500, .end = 5500, .kind = PP_EVENT_SINGLE, .first = 2});
  site = runs_site(made, PP_CONSTRUCT_TASKS, "fib.c:5 in fib", NULL);
  group = runs_construct(made, site, 0, (pp_construct){.slots = 4, .begin = 20000, .end = 0, .count = 2});
  runs_event(made, 0, (pp_event){.begin = 20100, .end = 20100, .kind = PP_EVENT_SPAWN, .first = 0x1234, .count = 1});
  runs_event(made, 3,
             (pp_event){.begin = 20200,
                        .end = 20900,
                        .kind = PP_EVENT_TASK,
                        .first = 0x1234,
                        .construct = group,
                        .flags = PP_EVENT_STOLEN});
  runs_event(made, 0, (pp_event){.begin = 20300, .kind = PP_EVENT_TASK, .construct = group, .flags = PP_EVENT_OPEN});
}

/* Sections that are entered and left in one order, hand over hand, and groups that end out of order. */
static void crossing(struct runs *made) {
  uint32_t site, group[3], loop;
  threads(made, 0);
  site = runs_site(made, PP_CONSTRUCT_LOOP, "list.c:1 in walk", NULL);
  loop = runs_construct(made, site, 0, (pp_construct){.slots = 1, .begin = 0, .end = 1000, .count = 1, .step = 1});
  runs_chunk(made, 0, loop, 0, 0, 1000, 0, 1);
  for (uint64_t k = 0; k < 5; k++) runs_span(made, 0, loop, 0, PP_EVENT_CRITICAL, 100 * k, 100 * k + 150);
  runs_span(made, 0, loop, 0, PP_EVENT_MEMBER, 0, 1000);
  site = runs_site(made, PP_CONSTRUCT_TASKS, "list.c:9 in futures", NULL);
  for (uint64_t k = 0; k < 3; k++)
    group[k] = runs_construct(made, site, 0, (pp_construct){.slots = 1, .begin = 2000 + 10 * k, .end = 3000 + 100 * k});
  runs_event(made, 0, (pp_event){.begin = 2990, .end = 3050, .kind = PP_EVENT_TASK, .construct = group[1]});
}

static void names(struct runs *made) {
  static const char odd[] = "a \"quoted\\ name\"\n\t\x01 <b>&'; \xc3\xa9 \xff";
  uint32_t site;
  runs_thread(made, odd, -1);
  site = runs_site(made, PP_CONSTRUCT_LOOP, odd, odd);
  (void)runs_loop(made, &(runs_shared){.site = site, .slots = 1, .count = 3, .cost = rising});
}

static void lost(struct runs *made) {
  threads(made, 1);
  runs_chunk(made, 1, 77, 1, 500, 900, 8, 4); /* of a loop that is not known any more */
  runs_span(made, 1, 77, 1, PP_EVENT_MEMBER, 500, 950);
  made->threads[1].lost = 123;
  made->run.lost_constructs = 5;
  made->run.lost_threads = 2;
  made->run.signal = 15;
}

/* Iterations up to the ends of what 64 bits hold. */
static void wide(struct runs *made) {
  uint32_t site, loop;
  threads(made, 0);
  site = runs_site(made, PP_CONSTRUCT_LOOP, "wide.c:1 in main", NULL);
  loop = runs_construct(
      made, site, 0,
      (pp_construct){.slots = 1, .begin = 0, .end = 1000, .count = UINT64_MAX, .index = INT64_MIN, .step = 1});
  runs_chunk(made, 0, loop, 0, 0, 400, 0, (uint64_t)1 << 63);
  runs_chunk(made, 0, loop, 0, 400, 800, (uint64_t)1 << 63, ((uint64_t)1 << 63) - 1);
  loop = runs_construct(
      made, site, 0,
      (pp_construct){.slots = 1, .begin = 1000, .end = 2000, .count = 3, .index = INT64_MIN + 4, .step = -2});
  runs_chunk(made, 0, loop, 0, 1000, 1400, 0, 3);
}

static void chunks(struct runs *made, uint64_t number) {
  uint32_t site, loop;
  threads(made, 1);
  site = runs_site(made, PP_CONSTRUCT_LOOP, "many.c:1 in main", NULL);
  loop = runs_construct(made, site, 0,
                        (pp_construct){.slots = 2, .begin = 0, .end = 150 * number, .count = 100 * number, .step = 1});
  for (uint64_t k = 0; k < number; k++) runs_chunk(made, k % 2, loop, k % 2, 150 * k, 150 * k + 280, 100 * k, 100);
  for (uint32_t t = 0; t < 2; t++) runs_span(made, t, loop, t, PP_EVENT_MEMBER, 0, 150 * number + 280);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*make)(struct runs *made);
  } cases[] = {{"loops", loops}, {"teams", teams}, {"moments", moments}, {"crossing", crossing},
               {"names", names}, {"lost", lost},   {"wide", wide}};
  static char buffer[1 << 16];
  struct runs *made = runs_new();
  const char *wanted = argc > 1 ? argv[1] : "empty";
  pp_output out = pp_output_to(1, buffer, sizeof buffer);
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    if (strcmp(cases[c].name, wanted) == 0) cases[c].make(made);
  }
  if (strcmp(wanted, "chunks") == 0) chunks(made, argc > 2 ? strtoull(argv[2], NULL, 10) : 1000);
  pp_json_write(runs_finish(made), &out);
  if (!pp_output_end(&out)) return EXIT_FAILURE;
  runs_free(made);
  return EXIT_SUCCESS;
}
