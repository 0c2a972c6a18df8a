/* SPDX-License-Identifier: MIT */
/* serves.h: loops that the library begins for a call of the program, and that are shown as that call, or not at all. */
#ifndef PP_TRACE_SERVES_H
#define PP_TRACE_SERVES_H

#include <ppar/schedule.h>

#include "schedule/blocks.h"
#include "schedule/space.h"
#include "trace/spans.h"

/* A reduction that is run as a loop over blocks of its iterations. */
typedef struct pp_trace_blocks {
  pp_blocks blocks;
  pp_space space;         /* The reduction's iterations. */
  ppar_schedule schedule; /* As asked for, of these. */
} pp_trace_blocks;

const void *pp_trace_serves_(const void *place);
void pp_trace_served_(const void *before);

/* Loops that the calling thread begins from here on serve a call that returns to `place`, and count as begun there;
 * what their bodies begin does not. An outer call of that kind goes before. Returns what pp_trace_served takes. */
static inline const void *pp_trace_serves(const void *place) {
  return pp_trace_is_on() ? pp_trace_serves_(place) : NULL;
}

/* Within that: the next loop is one over these blocks, and is shown as the reduction. It has to stay until the call
 * ends. */
void pp_trace_serves_blocks_(const pp_trace_blocks *blocks);
static inline void pp_trace_serves_blocks(const pp_trace_blocks *blocks) {
  if (pp_trace_is_on()) pp_trace_serves_blocks_(blocks);
}

/* The loop that is about to begin: its blocks; NULL: it is over iterations. Further loops are. */
const pp_trace_blocks *pp_trace_take_blocks(void);

/* The call ends. */
static inline void pp_trace_served(const void *before) {
  if (pp_trace_is_on()) pp_trace_served_(before);
}

/* Loops and regions that the calling thread begins from here on are none that the program has begun, and are not
 * recorded; until it goes on. They nest. */
void pp_trace_pause(void);
void pp_trace_go_on(void);
bool pp_trace_is_paused(void);

#endif
