/* SPDX-License-Identifier: MIT */
/* tracer.h: what one thread records, in memory of its own that no other thread writes.
 *
 * It has a ring of events and one of constructs, in which the latest replace the oldest; a stack of what the thread is
 * in the middle of; and the sums of each place. Nothing of it is freed before the process ends, since it is shown then:
 * also what a thread has recorded that ended long ago.
 *
 *   P1  Only its thread writes a tracer; at any time another thread may read it.
 *   P2  An event's words are stored before `told` counts it. Pairs: the release store of `told` in pp_tracer_put with
 *       the acquire load of it in pp_tracer_copy. Of constructs the same.
 *   P3  A reader that has copied an entry loads the count afterwards. If it has read a word of a later event in the
 *       place of the entry, it sees a count by which the ring has come round to that place, and drops the copy: each
 *       word's release store comes after the counts before, and pairs with the acquire load of the word. So an entry
 *       counts as replaced from when its thread may be writing the next one there. A construct is copied as a whole,
 *       and one that is copied while its thread replaces it, in the moment of the process's end, may be a mixture. */
#ifndef PP_TRACE_TRACER_H
#define PP_TRACE_TRACER_H

#include <stddef.h>

#include "schedule/tuning.h"
#include "trace/event.h"

/* Something that the thread is in the middle of. */
typedef struct pp_open {
  uint64_t begin;
  uint64_t first, count; /* As the event's. */
  uint64_t waited;       /* Ticks of waits inside of it, but for those of constructs that were begun there. */
  uint64_t inner;        /* Of a wait, and of a task: ticks of work that was done in it and is not its own. */
  uint32_t construct;
  uint32_t site; /* Of tasks and members. */
  uint16_t slot;
  uint8_t kind, flags;
  bool is_detailed; /* Its event is recorded. */
  bool is_call;     /* A task that is a call of its place by itself. */
} pp_open;

/* What is added up of a member: what the thread does in a construct. */
typedef struct pp_part {
  const void *work;          /* Which construct (construct.c). */
  uint64_t from;             /* When that began; of a prange: when the thread came to it. */
  uint64_t earliest, latest; /* Its first chunk's begin, and its latest chunk's end; 0: it has had none. */
  uint64_t busy, delayed;    /* Its chunks' ticks of work, and of waiting. */
  uint64_t chunks, iterations, steals;
  uint64_t which; /* Of a prange that the thread has told of: its record. */
  uint64_t total; /* The prange's iterations. */
  uint32_t how;   /* PP_HOW_... */
  uint32_t slots, asked;
  uint8_t kind; /* pp_construct_kind */
} pp_part;

typedef struct pp_tracer {
  pp_atomic_u64 told;            /* Events so far; the ring has the latest of them. */
  pp_atomic_u64 constructs_told; /* Constructs so far. */
  pp_atomic_u32 depth;           /* So many entries of `open` are in use ... */
  uint32_t beyond;               /* ... and so many more things were begun than there is room for. */
  uint64_t event_mask, construct_mask;
  pp_atomic_u64 *events;    /* (event_mask + 1) * PP_EVENT_WORDS */
  pp_construct *constructs; /* construct_mask + 1 */
  pp_sums *sums;            /* PP_SITES; pages that are not used are not there */
  uint32_t left;            /* The construct that the thread was a member of lately, */
  uint64_t left_at;         /* and when it left that. */
  const void *caller;       /* The place of a call that loops of the library's own serve; NULL: none does. */
  const void *blocks;       /* What the next loop's iterations are: a pp_trace_blocks; NULL: iterations. */
  uint32_t paused;          /* What the thread begins is not recorded; so many times it was asked for. */
  uint32_t steals;          /* So many since it last began a chunk; */
  pp_event stolen;          /* the latest of them. */
  uint32_t next_number;     /* Of the next construct; numbers are taken in blocks. */
  int64_t thread;           /* The system's number of the thread. */
  char name[16];            /* Its name, as the system has it. */
  pp_atomic_int worker;     /* Its number among its pool's workers; -1: it is none. */
  uint32_t index;           /* Its own number: 0, 1, 2 ... in the order in which threads came. */
  pp_open open[PP_TRACE_DEPTH];
  pp_part part[PP_TRACE_DEPTH]; /* Of those of `open` that are members. */
} pp_tracer;

/* The calling thread's; NULL: there is no memory for it, or there are too many. */
pp_tracer *pp_tracer_get(void);

/* The calling thread is a pool's worker of that number. */
void pp_tracer_set_worker(int32_t number);

/* Tracers by index; NULL: there are no more. Any thread. */
pp_tracer *pp_tracer_at(uint32_t index);

/* How many threads have no tracer. */
uint32_t pp_tracers_missing(void);

/* How much memory each thread's rings have, in bytes; 0: they have next to none, and just the sums are of use. To be
 * called before there are tracers. */
void pp_tracers_size(size_t bytes);

/* In a forked child: nothing has been recorded, and the other threads are not there. */
void pp_tracers_forget(void);

void pp_tracer_put(pp_tracer *tracer, const pp_event *event);

/* A number for a construct. */
uint32_t pp_tracer_number(pp_tracer *tracer);
/* Tells of a construct; returns which it is among the thread's. */
uint64_t pp_tracer_put_construct(pp_tracer *tracer, const pp_construct *construct);
/* The record of one that the calling thread has told of; NULL: it has been replaced. */
pp_construct *pp_tracer_recall(pp_tracer *tracer, uint64_t which);

/* Copies the event, or the construct, that was told as number `which`. False: it has been replaced. Any thread. */
bool pp_tracer_copy(const pp_tracer *tracer, uint64_t which, pp_event *event);
bool pp_tracer_copy_construct(const pp_tracer *tracer, uint64_t which, pp_construct *construct);

/* Copies what the thread is in the middle of at this depth. Where it goes on meanwhile, that may be a mixture. */
void pp_tracer_copy_open(const pp_tracer *tracer, uint32_t depth, pp_open *open);

/* The lowest number that such a copy may succeed for. */
static inline uint64_t pp_tracer_oldest(const pp_tracer *tracer) {
  uint64_t told = pp_load_acquire(&tracer->told);
  return told > tracer->event_mask ? told - tracer->event_mask : 0;
}
static inline uint64_t pp_tracer_oldest_construct(const pp_tracer *tracer) {
  uint64_t told = pp_load_acquire(&tracer->constructs_told);
  return told > tracer->construct_mask ? told - tracer->construct_mask : 0;
}

static inline void pp_sum_add(pp_tracer *tracer, uint32_t site, pp_sum sum, uint64_t value) {
  pp_atomic_u64 *word = &tracer->sums[site].sum[sum];
  pp_store_relaxed(word, pp_load_relaxed(word) + value);
}

/* A call has taken so many ticks. */
static inline void pp_sum_note_length(pp_sums *sums, uint64_t ticks) {
  uint64_t shortest = pp_load_relaxed(&sums->shortest_call);
  if (shortest == 0 || ticks < shortest) pp_store_relaxed(&sums->shortest_call, ticks != 0 ? ticks : 1);
  if (ticks > pp_load_relaxed(&sums->longest_call)) pp_store_relaxed(&sums->longest_call, ticks);
}

static inline pp_part *pp_part_of(pp_tracer *tracer, const pp_open *member) {
  return &tracer->part[member - tracer->open];
}

#endif
