/* SPDX-License-Identifier: MIT */
/* run.h: what was recorded of the process, as pictures and reports read it: times in nanoseconds from when tracing
 * began, places with their names, threads in a fixed order.
 *
 * It is read at the process's end, or in the handler of a signal that ends it. So nothing here, and nothing that is
 * made of it, takes a lock, asks the C library for memory or uses its streams: memory comes from an arena (arena.h),
 * and text goes out by output.h. */
#ifndef PP_SHOW_RUN_H
#define PP_SHOW_RUN_H

#include "show/arena.h"
#include "trace/tracer.h"

/* A place of the program. */
typedef struct pp_run_site {
  uint32_t number;
  pp_construct_kind kind;
  const char *title;     /* What to call it, in one line: the options' name, else the function and line. */
  const char *where;     /* "sum.c:42 in main", "main+0x4f in prog", "0x55d0c0de" */
  uint64_t sum[PP_SUMS]; /* Of all threads: nanoseconds, and counts. */
  uint64_t shortest_call, longest_call;
  bool has_schedule;
  bool schedules_differ; /* Among its calls; those that follow are one's of the latest. */
  uint8_t schedule_kind, schedule_order;
  uint64_t chunk;
  uint64_t how; /* PP_HOW_..., of any call. */
} pp_run_site;

/* A thread of the system. */
typedef struct pp_run_thread {
  const pp_tracer *tracer; /* NULL: what follows is a test's. */
  const pp_event *given;   /* The events of such a one, already in nanoseconds, */
  uint64_t given_count;    /* in the order of their ends. */
  const char *name;        /* "main", "ppar-3" */
  int64_t id;              /* The system's number. */
  int32_t worker;          /* Its number among the pool's workers; -1: it is none. */
  uint64_t events;         /* So many are still there, */
  uint64_t lost;           /* and so many older ones were replaced. */
} pp_run_thread;

/* A loop, region, prange or task group. `begin` and `end` are nanoseconds, and `end` is always set. */
typedef struct pp_run_construct {
  pp_construct what;
  uint32_t thread; /* Index of the thread that began it. */
  const pp_run_site *site;
  bool has_ended;   /* Else `end` is the run's. */
  bool is_complete; /* No event of it can have been replaced. */
} pp_run_construct;

typedef struct pp_run {
  pp_arena *arena;
  uint64_t end; /* When it was read. */
  pp_run_site *sites;
  uint32_t site_count;
  pp_run_thread *threads; /* The main thread first, then the pool's workers by number, then others. */
  uint32_t thread_count;
  pp_run_construct *constructs; /* By begin. */
  uint64_t construct_count;
  const pp_run_construct **by_number;
  uint64_t lost_events, lost_constructs; /* Replaced by later ones, for want of room. */
  uint32_t lost_threads;                 /* Too many, or without memory: nothing is known of them. */
  int signal;                            /* That ends the process; 0: it exits. */
} pp_run;

/* Reads what was recorded so far; it is best to stop recording first. NULL: no memory. */
pp_run *pp_run_read(pp_arena *arena, int signal);

/* Puts the constructs into their order, and makes by_number. pp_run_read has done so; only who has made a run by hand
 * does it. False: no memory. */
bool pp_run_sort(pp_run *run);

/* A thread's events, one after the other, in the order of their ends; times are nanoseconds. What has not ended comes
 * last, the innermost first, with PP_EVENT_OPEN. */
typedef struct pp_run_cursor {
  const pp_run *run;
  const pp_run_thread *thread;
  uint64_t next, past;
  uint32_t open;
  uint32_t seen; /* Of pp_run_previous: so many open ones have been. */
} pp_run_cursor;

pp_run_cursor pp_run_events(const pp_run *run, uint32_t thread);
bool pp_run_next(pp_run_cursor *cursor, pp_event *event);
/* The same events from the last to the first, so that what contains others comes before them. A cursor is for the one
 * direction or for the other. */
bool pp_run_previous(pp_run_cursor *cursor, pp_event *event);

/* Constructs by number. NULL: it is not known. */
const pp_run_construct *pp_run_find(const pp_run *run, uint32_t number);

/* What threads did of one construct, in the construct's own time. */
typedef struct pp_run_span {
  pp_event event;  /* Times from the run's begin. */
  uint32_t thread; /* Index. */
} pp_run_span;

typedef struct pp_run_spans {
  pp_run_span *span; /* By thread, and then by begin; what contains another span comes before it. */
  uint64_t count;
} pp_run_spans;

/* All events from `begin` to `end`, of all threads, that lie in that time as a whole or in part; those that are about
 * another construct than `number` only if `others`. Constructs and waits that contain the whole time are left out. */
pp_run_spans pp_run_collect(const pp_run *run, uint32_t number, bool others, uint64_t begin, uint64_t end);

/* "loop", "reduce", "region", "prange", "task group" */
const char *pp_run_kind_text(pp_construct_kind kind);
/* The schedule that was asked for, as "dynamic,4" into a text of PP_RUN_SCHEDULE bytes. */
enum { PP_RUN_SCHEDULE = 48 };
const char *pp_run_schedule_text(const pp_construct *construct, char text[PP_RUN_SCHEDULE]);

#endif
