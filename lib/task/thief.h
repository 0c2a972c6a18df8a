/* SPDX-License-Identifier: MIT */
/* thief.h: how often a thread that has nothing of its own to do looks for other threads' tasks. In ticks.
 *
 * A theft costs the thief and the thread that has made the task some 100 ns each, as their lines move from cache to
 * cache and back. A stolen task that takes less was not worth coming, for either: its maker would have had it done
 * sooner. So whoever has stolen a short one waits a while before it steals again, at first for as long as a theft
 * takes, and after each further one for twice as long, up to a limit: meanwhile its maker runs what it makes. After one
 * that was worth it the thief looks all the time again. It reads the clock only where it waits, and around stolen
 * tasks. Who touches it: its thread. */
#ifndef PP_TASK_THIEF_H
#define PP_TASK_THIEF_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pp_thief {
  uint64_t gap;  /* From the end of the latest stolen task to the next look; 0: it looks all the time. */
  uint64_t last; /* That end. */
} pp_thief;

static inline bool pp_thief_waits(const pp_thief *thief, uint64_t now) { return now - thief->last < thief->gap; }

/* It has run a stolen task. theft: what a theft costs; most: the longest gap. */
static inline void pp_thief_ran(pp_thief *thief, uint64_t began, uint64_t now, uint64_t theft, uint64_t most) {
  thief->last = now;
  if (now - began >= theft) {
    thief->gap = 0;
  } else {
    thief->gap = thief->gap == 0 ? theft : thief->gap * 2;
    if (thief->gap > most) thief->gap = most;
  }
}

#endif
