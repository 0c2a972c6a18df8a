/* SPDX-License-Identifier: MIT */
/* stage.h: pranges whose work is shared among a team: dynamic, auto, guided.
 *
 * Each such prange of a region has a stage: a record (record.h) whose slots are the team's threads. The stages of a region
 * are a chain; every thread walks along it at its own pace. The first thread that comes to the end of the chain appends a
 * stage that it has prepared: one compare-and-swap, and whoever loses keeps its own for later. A thread thus may be any number
 * of pranges ahead of another.
 *
 * A stage is used again by the thread that appended it, once no thread can look at it any more:
 *   T1  all threads have walked on from it, as passed says (counted in pranges without closing barrier alone); or
 *   T2  a later stage's prange had a closing barrier: all threads had walked on to that one before it; or
 *   T3  its region is over.
 *
 *   T4  All who walk on to a stage come to the same prange. Until a region is cancelled all its threads meet the same
 *       constructs, in the same order. A thread leaves that order only when it knows of the cancellation: it cancelled the region
 *       itself, or it has read the team's word canceled (in a construct that let it go, or by asking), or it has seen what a
 *       thread that knew had released after that. Before it opens a prange it reads the word again, which cannot have
 *       become 0, and then opens nothing: it neither appends a stage nor walks on to one. So whoever appends or walks on did not know
 *       when it came to its prange, and was still in the common order. The same holds for singles, sections, the turns of
 *       ordered iterations and the values that threads show each other: each is counted by its place in the common order, and a
 *       thread that knows takes no part in any of them.
 *
 * Orderings: follow's swap (release) pairs with the walkers' load (acquire): the stage is seen as it was prepared; passed's
 * addition (release) with the load (acquire) before it is used again.
 * Cost: one swap per prange for all threads, one atomic or per thread for its own part. */
#ifndef PP_TEAM_STAGE_H
#define PP_TEAM_STAGE_H

#include "loop/member.h"

struct ppar_team;

typedef struct pp_stage {
  _Atomic(struct pp_stage *) follow;
  pp_atomic_u32 passed;
  bool nowait;
  uint32_t region; /* epoch */
  uint64_t index;  /* in the region's chain, from 1 */
  pp_record *record;
  struct pp_stage *younger; /* among those that one thread has appended */
} pp_stage;

enum { PP_PACES = 8 }; /* pranges whose pace a thread remembers */

typedef enum pp_pulling { PP_PULL_NOTHING, PP_PULL_BLOCK, PP_PULL_CHUNKS, PP_PULL_RANGE, PP_PULL_COUNTER } pp_pulling;

/* A thread's present prange, and its place in the chain. */
typedef struct pp_puller {
  pp_pulling kind;
  bool strided; /* static,1: all chunks of the thread are one piece */
  pp_space space;
  uint64_t chunk, left, next; /* static: chunk size, how many chunks are left, which is next */
  uint64_t first, past;       /* block: what is left; range: the present batch from its next iteration on */
  pp_span batch;
  uint32_t burst; /* units in a piece */
  uint32_t timed_from;
  uint64_t start; /* of the batch's timing; 0: not timed */
  pp_pace *pace;
  struct {
    uint64_t first, past;
  } cut;            /* the rest of a piece that was too large to hand out at once */
  const void *site; /* of an auto prange; NULL: of another one */
  uint64_t opened;  /* when; 0: not timed */
  uint32_t opens;   /* pranges so far */
  pp_member member;
  pp_stage *stage;             /* the last one that the thread came to */
  uint64_t settled;            /* stages below this index are nobody's any more (T2) */
  pp_stage *oldest, *youngest; /* appended by this thread, or prepared for it */
  pp_pace paces[PP_PACES];
} pp_puller;

/* A region begins. */
void pp_pull_enter(struct ppar_team *seat);

/* Opens the prange loop, whose slots are the team's; site tells one prange of the program from another. False: no memory. */
bool pp_pull_open(struct ppar_team *seat, const pp_loop *loop, const void *site);

/* Opens a static one: puller->space is set. chunk: 0 for blocks. */
void pp_pull_open_static(struct ppar_team *seat, uint64_t chunk);

/* Whether `count` iterations of the auto prange at the site should take less time than sharing them costs, by what they took
 * lately. All threads of the team get the same answer (pp_lesson). */
bool pp_pull_is_short(struct ppar_team *seat, const void *site, uint64_t count);

/* Whether asking for another piece may bring one. */
bool pp_pull_has_more(const struct ppar_team *seat);

/* The next piece, iterations *first ... *past - 1; false: there is no more for this thread. */
bool pp_pull_next(struct ppar_team *seat, uint64_t *first, uint64_t *past);

/* The thread leaves the prange, perhaps in the middle of a piece. */
void pp_pull_close(struct ppar_team *seat);

/* After the closing barrier. */
void pp_pull_settle(struct ppar_team *seat);

/* What thread 0 tells the team about the auto prange at a site, for pranges of even and of odd numbers: up to how many
 * iterations it is short. Each is read between two barriers in which it is not written:
 *   L1  Thread 0 writes number k's after the closing barrier of prange k, in the order of its number: all threads have opened
 *       k by then.
 *   L2  It is read where prange k + 2 (or a later one of the same parity) is opened, and only where the prange before that
 *       one had a closing barrier: thread 0 came to that one after it had written. The threads' answers are the same. */
typedef struct pp_lesson {
  PP_LINE_ALIGNED _Atomic(const void *) site[2];
  pp_atomic_u64 most[2];
} pp_lesson;

/* Walks on to the next stage, appending one for the loop if nobody has. False: no memory. */
bool pp_stage_walk_on(struct ppar_team *seat, const pp_loop *loop);

void pp_stages_free(pp_stage *oldest);

#endif
