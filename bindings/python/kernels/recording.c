/* SPDX-License-Identifier: MIT */
/* recording.c: a loop that notes which slot ran which chunk, and when, for pictures of schedules. */
#include "kernels.h"

#include <time.h>

typedef struct event {
  double begun, ended; /* ppar_wtime's seconds */
  int64_t begin, step, count;
  int64_t thread; /* the slot */
} event;

typedef struct recording {
  ppar_body *body;
  void *arg;
  event *events;
  int64_t capacity;
  int64_t count; /* of all chunks, also of those for which there was no room */
} recording;

static void record_chunk(const ppar_chunk *chunk, void *arg) {
  recording *all = arg;
  /* What the body calls ppar_cancel with has to be this chunk. */
  const double begun = ppar_wtime();
  all->body(chunk, all->arg);
  const double ended = ppar_wtime();
  const int64_t place = __atomic_fetch_add(&all->count, 1, __ATOMIC_RELAXED); /* each event has a place of its own */
  if (place < all->capacity) {
    event noted = {begun, ended, chunk->begin, chunk->step, (int64_t)chunk->count, chunk->thread};
    all->events[place] = noted;
  }
}

/* Runs the loop, and leaves in *count how many chunks there were; events has those that were noted first. */
KERNEL int ppk_record(int64_t begin, int64_t end, ppar_body *body, void *arg, event *events, int64_t capacity,
                      int64_t *count, const ppar_options *options) {
  recording all = {body, arg, events, capacity, 0};
  const int status = ppar_parallel_for(begin, end, record_chunk, &all, options);
  *count = all.count;
  return status;
}

/* Sleeping threads are woken about so much too late, in seconds (on Linux 50 microseconds of timer slack, and a
 * switch). */
#define WAKING 100e-6

/* A body whose iteration i takes so many seconds. It sleeps, and asks the clock at the end: more threads than there are
 * processors can do that at a time. */
KERNEL void ppk_wait(const ppar_chunk *chunk, void *arg) {
  const double *seconds = arg;
  ppar_for_each_index(i, chunk) {
    const double end = ppar_wtime() + seconds[i];
    const double sleep = seconds[i] - WAKING;
    if (sleep > 0) {
      struct timespec time = {(time_t)sleep, (long)((sleep - (double)(time_t)sleep) * 1e9)};
      nanosleep(&time, NULL);
    }
    while (ppar_wtime() < end) {
    }
  }
}
