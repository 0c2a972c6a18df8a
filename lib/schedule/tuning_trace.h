/* SPDX-License-Identifier: MIT */
/* tuning_trace.h: tuning.h's numbers for recording, and for what is made of it. */
#ifndef PP_SCHEDULE_TUNING_TRACE_H
#define PP_SCHEDULE_TUNING_TRACE_H

#include <stdint.h>

/* --- Tracing (trace/, show/) ----------------------------------------------------------------------------------- */

enum {
  /* Bytes of each thread's rings where PPAR_TRACE_SIZE does not say: 350000 events, and pages that are not written take
   * no memory. */
  PP_TRACE_BYTES = 16 << 20,
  /* Rings of less would hold a short loop or two. */
  PP_TRACE_LEAST_BYTES = 64 << 10,
  /* Rings are no shorter than this, however little they are given. Powers of two. */
  PP_TRACE_LEAST_EVENTS = 64,
  PP_TRACE_LEAST_CONSTRUCTS = 16,
  /* So many things may a thread be in the middle of, one in the other; further ones are not told of. */
  PP_TRACE_DEPTH = 128,
  /* So many threads are recorded: more than a pool's most, since threads end and others come. */
  PP_TRACERS = 8192,
  /* So many places of a program are told apart. Programs have some dozens. */
  PP_SITES = 1024,
  PP_SITE_NAME_SIZE = 48, /* bytes of a name, its end included */
  /* Numbers of constructs that a thread takes at once from the counter that all share. */
  PP_TRACE_NUMBERS = 64,
  /* Bytes of stack that finding lines may need: libdw used less than 64 KB for a small program. */
  PP_LINES_STACK = 256 << 10,
};

/* --- Reports (show/advice.c, show/report.c) ----------------------------------------------------------------------- */

enum {
  /* Percent of the wall time that may be lost and the place be called fine: less is seldom worth the work. */
  PP_REPORT_FINE = 15,
  /* Nanoseconds: shorter calls are over about when a thread that sleeps has come, which takes 5 to 50 us. */
  PP_REPORT_SHORT_CALL = 10000,
  /* Nanoseconds: shorter chunks and tasks cost a tenth of their time and more. To take one costs 20 to 200 ns. */
  PP_REPORT_SHORT_CHUNK = 2000,
  /* Nanoseconds: to wake a thread that sleeps takes 5 to 50 us, and to start one less than this, too. */
  PP_REPORT_LATE = 300000,
  /* Of fewer chunks a thread the last one is a large part of its time. */
  PP_REPORT_FEW_CHUNKS = 4,
  /* Percent of all wall time, and of all that is lost: places below both are summed up in a line. */
  PP_REPORT_LITTLE = 1,
  /* Places that are told of, at most. */
  PP_REPORT_PLACES = 40,
};

/* More than this is taken for a mistake. */
#define PP_TRACE_MOST_BYTES (UINT64_C(64) << 30)
/* --- The page (show/html.h) ------------------------------------------------------------------------------------ */

enum {
  /* Loops that the page shows over time: who looks through more of them wants other means. */
  PP_HTML_LOOPS = 24,
  /* A loop of more spans has them merged to some so many in all: twice as many as a screen has columns for each of a
   * few threads, and 300 KB of a page. */
  PP_HTML_SPANS = 6000,
  /* Bins of iterations whose times and owners are told: as many as a wide screen has columns. */
  PP_HTML_BINS = 2048,
};

#endif
