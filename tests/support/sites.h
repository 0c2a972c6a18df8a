/* SPDX-License-Identifier: MIT */
/* sites.h: sums of places made by hand, for tests of reports. All times are milliseconds, of all calls. */
#ifndef TESTS_SITES_H
#define TESTS_SITES_H

#include <ppar/schedule.h>

#include "show/run.h"

struct sums {
  pp_construct_kind kind;
  const char *where, *name;
  uint64_t calls, iterations, threads, chunks;
  double wall, work;
  double start, ending, waited; /* Thread time: what is left of it is overhead. */
  double inside;
  double at_barrier, at_critical, at_turn;
  uint64_t had, asked; /* A call; 0: all threads */
  uint64_t alone, level, fewer;
  uint64_t at_once;
  int schedule; /* -1: none */
  uint64_t chunk;
};

static inline uint64_t ns_of_ms(double ms) { return (uint64_t)(ms * 1e6 + 0.5); }

/* A place whose threads all stay to the end of each call. */
static inline pp_run_site site_of(uint32_t number, struct sums made) {
  uint64_t had = made.had != 0 ? made.had : made.threads, asked = made.asked != 0 ? made.asked : made.threads;
  pp_run_site site = {.number = number, .kind = made.kind, .where = made.where};
  site.title = made.name != NULL ? made.name : made.where;
  site.sum[PP_SUM_CALLS] = made.calls;
  site.sum[PP_SUM_ITERATIONS] = made.iterations;
  site.sum[PP_SUM_WALL] = ns_of_ms(made.wall);
  site.sum[PP_SUM_CAPACITY] = made.threads * ns_of_ms(made.wall);
  site.sum[PP_SUM_SLOTS] = made.threads * made.calls;
  site.sum[PP_SUM_ASKED] = asked * made.calls;
  site.sum[PP_SUM_HAD] = had * made.calls;
  site.sum[PP_SUM_ALONE] = made.alone;
  site.sum[PP_SUM_LEVEL] = made.level;
  site.sum[PP_SUM_FEWER] = made.fewer;
  site.sum[PP_SUM_ALL_WALL] = had * ns_of_ms(made.wall);
  site.sum[PP_SUM_INSIDE] = ns_of_ms(made.inside);
  site.sum[PP_SUM_MEMBERS] = had * made.calls;
  site.sum[PP_SUM_CHUNKS] = made.chunks;
  site.sum[PP_SUM_AT_ONCE] = made.at_once;
  site.sum[PP_SUM_START] = ns_of_ms(made.start);
  site.sum[PP_SUM_BUSY] = ns_of_ms(made.work);
  site.sum[PP_SUM_WAITED] = ns_of_ms(made.waited);
  site.sum[PP_SUM_AT_BARRIER] = ns_of_ms(made.at_barrier);
  site.sum[PP_SUM_AT_CRITICAL] = ns_of_ms(made.at_critical);
  site.sum[PP_SUM_AT_TURN] = ns_of_ms(made.at_turn);
  site.sum[PP_SUM_ENDING] = ns_of_ms(made.ending);
  site.sum[PP_SUM_THERE] = had * ns_of_ms(made.wall);
  site.has_schedule = made.schedule >= 0;
  site.schedule_kind = made.schedule >= 0 ? (uint8_t)made.schedule : 0;
  site.chunk = made.chunk;
  return site;
}

#endif
