/* SPDX-License-Identifier: MIT */
/* spans.h: recording what the calling thread does, from when to when.
 *
 * What a thread is in the middle of is a stack: what is begun later ends earlier. As something ends its event is put
 * into the thread's ring, and what it says of time is added to what it was inside of: a chunk's work to its loop's
 * member, a wait to the chunk or the region that it delays. Work that is done during a wait is not waiting.
 *
 * Off: pp_trace_is_on is a load of a line that nobody writes. On: something that lasts costs two readings of the clock,
 * some fifteen stores on lines of the thread's own, and no locked operation. */
#ifndef PP_TRACE_SPANS_H
#define PP_TRACE_SPANS_H

#include <ppar/base.h>

#include "platform/shared.h"
#include "trace/tracer.h"

/* How deep in the stack the thread is. */
typedef uint32_t pp_trace_mark;

typedef struct pp_trace_config {
  size_t bytes;      /* For each thread's rings (pp_tracers_size); 0: no events, sums alone */
  const char *names; /* Whose events are recorded (pp_sites_want); NULL: all */
  uint64_t limit;    /* So many calls of each place by each thread have their events recorded; 0: all */
} pp_trace_config;

extern pp_atomic_u32 pp_trace_on_ PP_SHARED;

/* Whether anything is to be recorded. */
#ifndef PP_NO_TRACING
static inline bool pp_trace_is_on(void) { return PPAR_SELDOM_(pp_load_relaxed(&pp_trace_on_) != 0); }
#else
static inline bool pp_trace_is_on(void) { return false; }
#endif

/* From here on everything is. Once in a process, before there are loops. */
void pp_trace_start(const pp_trace_config *config);
/* From here on nothing is, but what threads are in the middle of recording. */
void pp_trace_stop(void);
/* In a forked child: all begins anew. */
void pp_trace_restart(void);
/* When it was started, in ticks. */
uint64_t pp_trace_began(void);
/* Whether those of the thread's call number `calls` at the place are. */
bool pp_trace_wants(uint32_t site, uint64_t calls);

/* What follows is to be called while it is on; where it has been switched off since, or there is no tracer, nothing
 * happens. */

/* Something begins that belongs to what the thread is in the middle of. */
pp_trace_mark pp_trace_begin(pp_event_kind kind, uint64_t first, uint64_t count) PP_SHARED;
/* The same, of an event that is told of in other fields, too; `begin` is set here. part: of a member; NULL: it is
 * none. */
pp_trace_mark pp_trace_begin_as(const pp_open *open, const pp_part *part);
/* A wait begins, unless the thread is in the middle of one. */
pp_trace_mark pp_trace_begin_wait(pp_event_kind kind, uint64_t first);
/* Nothing begins: where the thread is. */
pp_trace_mark pp_trace_here(void);
/* All ends that was begun since. */
void pp_trace_end(pp_trace_mark mark) PP_SHARED;
/* What of this kind was begun last ends, if there is any. What was begun after it goes on. */
void pp_trace_end_latest(pp_event_kind kind) PP_SHARED;
/* Something happens at once. */
void pp_trace_tell(pp_event_kind kind, uint64_t first, uint64_t count);

/* The thread's part in the work, if that is what it is in the middle of but for waits; NULL: it is not. */
pp_open *pp_trace_member(const void *work);
/* The innermost member whose kind of construct is this; NULL: none. */
pp_open *pp_trace_member_of(pp_construct_kind kind);
/* The construct that the thread is in; 0: none. */
uint32_t pp_trace_inside(void);

#endif
