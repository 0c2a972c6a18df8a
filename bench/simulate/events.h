/* SPDX-License-Identifier: MIT */
/* events.h: which thread acts next: a heap of at most one moment for each thread. */
#ifndef BENCH_EVENTS_H
#define BENCH_EVENTS_H

#include <stdint.h>

typedef struct bench_event {
  double time;
  uint32_t thread;
} bench_event;

typedef struct bench_events {
  bench_event *heap; /* the least first; room for one of each thread */
  uint32_t count;
} bench_events;

static inline void bench_events_add(bench_events *events, double time, uint32_t thread);

/* The earliest, of equal ones the lowest thread's: the outcome is the same every time. There must be one. */
static inline bench_event bench_events_next(bench_events *events);

static inline int bench_event_is_before(bench_event a, bench_event b) {
  return a.time < b.time || (a.time == b.time && a.thread < b.thread);
}

static inline void bench_events_add(bench_events *events, double time, uint32_t thread) {
  bench_event added = {time, thread};
  uint32_t at = events->count++;
  while (at > 0 && bench_event_is_before(added, events->heap[(at - 1) / 2])) {
    events->heap[at] = events->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  events->heap[at] = added;
}

static inline bench_event bench_events_next(bench_events *events) {
  bench_event first = events->heap[0], last = events->heap[--events->count];
  uint32_t at = 0;
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= events->count) break;
    if (child + 1 < events->count && bench_event_is_before(events->heap[child + 1], events->heap[child])) child++;
    if (!bench_event_is_before(events->heap[child], last)) break;
    events->heap[at] = events->heap[child];
    at = child;
  }
  events->heap[at] = last;
  return first;
}

#endif
