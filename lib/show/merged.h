/* SPDX-License-Identifier: MIT */
/* merged.h: spans that are too short to be seen become one with those of their kind beside them, so that a picture of a
 * loop of millions of chunks has a bounded number of things in it. */
#ifndef PP_SHOW_MERGED_H
#define PP_SHOW_MERGED_H

#include "show/run.h"

/* One span, or several of a thread's that have one kind. */
typedef struct pp_merged {
  uint64_t begin, end;
  uint64_t ns;          /* In the spans, without what is between them. */
  uint64_t spans;       /* So many they are. */
  uint64_t first, past; /* Of chunks: the least iteration, and past the greatest one. Else the first one's `first`. */
  uint64_t count;       /* All counts: of chunks iterations. */
  uint32_t thread;
  uint16_t slot;
  uint8_t kind;      /* pp_event_kind */
  uint8_t flags;     /* Of all of them. */
  bool is_elsewhere; /* A chunk or a task of another construct. */
} pp_merged;

/* What is told of each, in the order of threads; those of one thread need not be in the order of time. */
typedef void pp_merged_take(const pp_merged *merged, void *context);

/* Tells of all spans, those of a thread and kind merged as long as they take less than `least` ns from the first one's
 * begin to the last one's end. Returns how many spans were merged with another. */
uint64_t pp_merge(const pp_construct *construct, const pp_run_spans *spans, uint64_t least, pp_merged_take *take,
                  void *context);

#endif
