/* SPDX-License-Identifier: MIT */
/* event.h: what is recorded of a program's loops, regions and tasks while tracing is on (trace.h).
 *
 * Three kinds of records, all of the thread that writes them: events, one for each thing that the thread has done, from
 * when to when; constructs, one for each loop, region, prange or task group that it has begun; and sums, one set for
 * each place of the program, which are complete however many events are lost. Times are ticks (platform/clock.h). */
#ifndef PP_TRACE_EVENT_H
#define PP_TRACE_EVENT_H

#include "platform/atomics.h"

typedef enum pp_event_kind {
  PP_EVENT_NONE = 0,

  /* What lasts. */
  PP_EVENT_CHUNK,         /* A call of a body, or a prange's piece: `count` iterations from number `first` on. With
                             PP_EVENT_STRIDED each is T iterations after the one before. */
  PP_EVENT_MEMBER,        /* The thread takes part in a construct: `first` chunks of `count` iterations in all. */
  PP_EVENT_TASK,          /* A task, of the function `first`; a part of a range of tasks runs `count` iterations. */
  PP_EVENT_BARRIER,       /* Waits for all threads of the team. */
  PP_EVENT_CRITICAL_WAIT, /* Waits for a critical section; */
  PP_EVENT_CRITICAL,      /* is in it. */
  PP_EVENT_ORDERED_WAIT,  /* Waits for iteration `first`'s turn; */
  PP_EVENT_ORDERED,       /* has it. */
  PP_EVENT_WAIT,          /* Waits for the end of a loop, of a region's threads or of a group's tasks. */
  PP_EVENT_PARK,          /* Sleeps in the system. */

  /* What happens at one moment. */
  PP_EVENT_STEAL,     /* Has taken `count` units that were slot `first`'s, or tasks, of PP_TRACE_UNKNOWN. */
  PP_EVENT_HAND_BACK, /* Has given up `count` units that it had claimed, for others to take. */
  PP_EVENT_WAKE,      /* Has woken the pool's worker number `first`. */
  PP_EVENT_SPAWN,     /* Has spawned a task of the function `first`, in `count` pieces. */
  PP_EVENT_SPARED,    /* Wakes nobody for its loop, which should be too short for that. */
  PP_EVENT_CANCEL,    /* Has cancelled the construct with status `first`. */
  PP_EVENT_SINGLE,    /* Has got the region's single number `first`. */
  PP_EVENT_KINDS
} pp_event_kind;

/* Whose tasks were is known by their group. */
#define PP_TRACE_UNKNOWN UINT64_MAX

/* Flags of an event. */
enum {
  PP_EVENT_STRIDED = 1, /* See PP_EVENT_CHUNK. */
  PP_EVENT_STOLEN = 2,  /* A task that another thread has spawned. */
  PP_EVENT_AT_ONCE = 8, /* A task that its maker has run at once, so that nobody else could have. */
  PP_EVENT_OPEN = 4,    /* It has not ended: `end` is when the program did, or when it was looked at. */
};

/* 40 bytes. In a ring it is five words, each stored for itself: whoever reads a ring that is being written may find
 * words of two events, and drops those (tracer.h). */
typedef struct pp_event {
  uint64_t begin, end;
  uint64_t first, count;
  uint32_t construct; /* The number of the construct that it is about; 0: of none. */
  uint16_t slot;      /* The thread's number in that, or in the pool. */
  uint8_t kind, flags;
} pp_event;
enum { PP_EVENT_WORDS = 5 };
_Static_assert(sizeof(pp_event) == PP_EVENT_WORDS * sizeof(uint64_t), "pp_event: what is documented");

typedef enum pp_construct_kind {
  PP_CONSTRUCT_LOOP = 1, /* ppar_parallel_for and what is made of it */
  PP_CONSTRUCT_REDUCE,   /* ppar_parallel_reduce */
  PP_CONSTRUCT_REGION,   /* ppar_parallel */
  PP_CONSTRUCT_PRANGE,   /* ppar_prange */
  PP_CONSTRUCT_TASKS,    /* a task group */
  PP_CONSTRUCT_TASK,     /* Of sites alone: a task of OpenMP's, which is of no group; each one is a call. */
} pp_construct_kind;

/* How a construct was run. */
enum {
  PP_HOW_ALONE = 1,         /* On its caller alone, since it should take less time than others need to come. */
  PP_HOW_BLOCKS = 2,        /* An auto loop in one block a slot, since it is too short for stealing. */
  PP_HOW_BY_RANGE = 4,      /* Each slot has a range, from which others may steal. */
  PP_HOW_BY_COUNTER = 8,    /* All take their chunks from one counter. */
  PP_HOW_NOWAIT = 16,       /* A prange without a barrier at its end. */
  PP_HOW_ORDERED = 32,      /* A prange with ordered parts. */
  PP_HOW_ADAPTIVE = 64,     /* Chunks are sized by time (auto). */
  PP_HOW_LEVEL_LIMIT = 128, /* A region of one thread, since it is inside of as many as MAX_ACTIVE_LEVELS allows. */
  PP_HOW_FEWER = 256,       /* There were fewer threads than asked for. */
  PP_HOW_ONE_PART = 512,    /* There was no more than one part for anybody. */
};

typedef struct pp_construct {
  uint32_t number; /* 1 and up, each in the process once; they rise along one thread, and not among several. */
  uint32_t site;   /* Where in the program: an index of sites.h. */
  uint32_t inside; /* The construct that the calling thread was in; 0: in none. */
  uint16_t slots;  /* T, as bodies see it; of task groups the pool's threads. */
  uint16_t asked;  /* T, as the program asks for it or by default. */
  uint8_t kind;
  uint8_t schedule_kind, schedule_order; /* As asked for; never runtime. Of loops, reduces and pranges. */
  uint8_t team;                          /* 1: of more than one thread. */
  uint32_t how;                          /* PP_HOW_... */
  uint64_t chunk;                        /* The schedule's. */
  uint64_t begin, end;                   /* When; end is 0 until it has ended. */
  uint64_t count;                        /* Iterations; of task groups tasks. */
  int64_t index, step;                   /* The first iteration's index, and the distance to the next one's. */
  uint32_t had;                          /* Threads that have run some of it. */
  int32_t status;
} pp_construct;

/* What one thread adds up for each place. Ticks, but for the counts. */
typedef enum pp_sum {
  /* By whoever begins the construct; of pranges by thread 0. */
  PP_SUM_CALLS,
  PP_SUM_ITERATIONS,
  PP_SUM_WALL, /* From begin to end; of pranges those of thread 0, for which show/run_sites.c takes the mean of all. */
  PP_SUM_CAPACITY, /* T times that; of pranges each thread adds its own time. */
  PP_SUM_SLOTS,    /* T of all calls. */
  PP_SUM_ASKED,    /* T asked for, of all calls. */
  PP_SUM_HAD,      /* Threads that came, of all calls. */
  PP_SUM_ALONE,    /* Calls that were run alone. */
  PP_SUM_LEVEL,    /* Calls that ran on one thread because of the level limit. */
  PP_SUM_FEWER,    /* Calls with fewer threads than asked for, for another reason. */
  PP_SUM_ALL_WALL, /* The wall time of each call times the threads that came. */
  PP_SUM_INSIDE,   /* The wall time of calls that were begun inside of another construct. */

  /* By each thread that takes part. */
  PP_SUM_MEMBERS, /* How often one took part. */
  PP_SUM_CHUNKS,
  PP_SUM_STEALS,
  PP_SUM_AT_ONCE,     /* Of tasks: how many their makers have run at once. */
  PP_SUM_START,       /* From the construct's begin to the thread's first chunk. */
  PP_SUM_BUSY,        /* In chunks or tasks, but for what is counted as waiting. */
  PP_SUM_WAITED,      /* Inside chunks or a region: at barriers, critical sections, turns and for tasks. */
  PP_SUM_AT_BARRIER,  /* The part of that at barriers; */
  PP_SUM_AT_CRITICAL, /* for critical sections; */
  PP_SUM_AT_TURN,     /* for turns. */
  PP_SUM_ENDING,      /* After its last chunk, waiting for the others. */
  PP_SUM_THERE,       /* From the construct's begin to when the thread left it. */
  PP_SUMS
} pp_sum;

/* Sums of a place, and what else is to be known of all of its calls. */
typedef struct pp_sums {
  pp_atomic_u64 sum[PP_SUMS];
  pp_atomic_u64 schedule; /* That of the latest call: 1 + its kind + 16 times its order; 0: there is none. */
  pp_atomic_u64 chunk;    /* Its chunk. */
  pp_atomic_u64 differs;  /* 1: an earlier call had another schedule. */
  pp_atomic_u64 how;      /* PP_HOW_..., of any call. */
  uint64_t open_groups;   /* Task groups that the thread has begun and not ended. */
  pp_atomic_u64 shortest_call, longest_call; /* Of the construct, in ticks; shortest_call is 0 before the first. */
} pp_sums;

#endif
