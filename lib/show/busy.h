/* SPDX-License-Identifier: MIT */
/* busy.h: how many threads are at work, over the time of a run: the mean of each of some equal parts of it. What is
 * added may come in any order, and costs the same however long it lasts. */
#ifndef PP_SHOW_BUSY_H
#define PP_SHOW_BUSY_H

#include "show/arena.h"

typedef struct pp_busy {
  uint64_t width; /* Nanoseconds of a part. */
  uint32_t count; /* Parts; 0: there is no memory, and nothing is counted. */
  int64_t *some;  /* Nanoseconds of threads that work in a piece of the part; */
  int64_t *more;  /* and so many more threads work in all of it than in all of the part before. */
} pp_busy;

/* For a run of `length` nanoseconds, in at most `most` parts. */
pp_busy pp_busy_begin(pp_arena *arena, uint64_t length, uint32_t most);

/* From `begin` to `end` the number is higher by `change`. */
void pp_busy_add(pp_busy *busy, uint64_t begin, uint64_t end, int change);

/* The mean number in each part, once all is added: *whole is that of threads that work in all of the parts so far; 0 at
 * first. Parts are to be asked for one after the other. */
double pp_busy_mean(const pp_busy *busy, uint32_t part, int64_t *whole);

#endif
