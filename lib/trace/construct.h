/* SPDX-License-Identifier: MIT */
/* construct.h: recording loops, reduces, regions, pranges and task groups.
 *
 * Loops and regions cost nothing for each chunk while tracing is off, since they are not asked whether it is on: where
 * it is, the body (the region's function) that the library is given to run is one of those below, which records
 * itself and calls the program's. What it needs for that lies on the stack of the caller, who returns last. */
#ifndef PP_TRACE_CONSTRUCT_H
#define PP_TRACE_CONSTRUCT_H

#include <ppar/loop.h>
#include <ppar/reduce.h>
#include <ppar/team.h>

#include "schedule/blocks.h"
#include "schedule/space.h"
#include "trace/spans.h"

/* What there is to say of a construct as it begins. */
typedef struct pp_trace_what {
  pp_construct_kind kind;
  const void *address; /* Where the program's call returns to. */
  const char *name;    /* The options'; NULL: none. */
  uint32_t slots, asked;
  ppar_schedule schedule;
  uint32_t how;
  uint64_t count;
  int64_t index, step;
} pp_trace_what;

/* One that has begun, in the memory of whoever has begun it. */
typedef struct pp_traced {
  uint32_t number; /* 0: there is no tracer, and nothing is recorded. */
  uint32_t site, slots, asked;
  uint64_t which; /* The record (pp_tracer_recall). */
  uint64_t begin;
  pp_atomic_u64 spawned; /* Of a task group. */
  const void *caller;    /* See pp_tracer. */
  pp_construct_kind kind;
  bool is_detailed;
  bool is_inside;       /* It was begun inside of another construct. */
  bool is_inner;        /* A task group inside of another one of its place, whose time its own is part of. */
  pp_atomic_u32 joined; /* Threads that have run some of it. */
} pp_traced;

void pp_traced_begin(pp_traced *traced, const pp_trace_what *what);
/* how: what has turned out since. slots: T, where that has turned out to be another number; 0: it has not. */
void pp_traced_end(pp_traced *traced, uint32_t how, uint32_t slots, uint64_t count, int status);

/* --- Loops and reduces -------------------------------------------------------------------------------------- */

typedef struct pp_traced_loop {
  pp_traced traced;
  ppar_body *body;
  ppar_fold *fold;
  void *arg;
  int64_t index, step;     /* To number iterations by: chunks of what is left of a loop are numbered anew. */
  const pp_blocks *blocks; /* Those that it is a loop over; NULL: it is one over iterations. */
} pp_traced_loop;

/* What a traced loop runs; arg is a pp_traced_loop. */
void pp_traced_body(const ppar_chunk *chunk, void *arg);
void pp_traced_fold(const ppar_chunk *chunk, void *accumulator, void *arg);

/* What these begin of a thread's part ends as the thread leaves the loop, by pp_trace_end of where it was before. */

/* --- Regions and pranges ------------------------------------------------------------------------------------ */

/* A region's threads count pranges, so an ordinal says which one is meant; threads may be that far apart. */
enum { PP_TRACED_PRANGES = 64 };

typedef struct pp_traced_region {
  pp_traced traced;
  ppar_region *region;
  void *arg;
  pp_atomic_u64 pranges[PP_TRACED_PRANGES]; /* Each the ordinal in the upper half, and the construct's number. */
} pp_traced_region;

/* What a traced region runs; arg is a pp_traced_region. */
void pp_traced_part(ppar_team *team, void *arg);

/* The calling thread opens a prange. Of a team of several threads (team is not NULL) they all do; by the ordinal they
 * know which one it is. */
void pp_traced_open_prange(const ppar_team *team, uint64_t ordinal, const pp_trace_what *what);
/* It begins a piece; count is 0: there is none. PP_TRACED_NEXT: of the iterations behind those of the pieces before. */
#define PP_TRACED_NEXT UINT64_MAX
void pp_traced_piece(uint64_t first, uint64_t count, bool is_strided);
void pp_traced_end_piece(void);
/* The prange that the thread is in has no barrier at its end. */
void pp_traced_prange_is_nowait(void) PP_SHARED;
/* It leaves the prange, and has waited for the others. */
void pp_traced_close_prange(void);

/* --- Tasks -------------------------------------------------------------------------------------------------- */

/* A task is spawned into the group, in so many pieces. */
void pp_traced_spawn(pp_traced *group, const void *function, uint64_t pieces);

/* A task of the group begins on the calling thread, which has this number in the pool: `count` iterations of a range,
 * else 0. The group may be gone when the task ends. */
pp_trace_mark pp_traced_begin_task(const pp_traced *group, const void *function, uint64_t count, bool is_stolen,
                                   int thread);

/* A task that is of no group begins, inside of what the thread is in: one of OpenMP's. Its place is its function.
 * flags: PP_EVENT_STOLEN, PP_EVENT_AT_ONCE. */
pp_trace_mark pp_traced_begin_lone_task(void (*function)(void *), uint8_t flags) PP_SHARED;

#endif
