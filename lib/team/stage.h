/* SPDX-License-Identifier: MIT */
/* stage.h: pranges whose work is shared among a team: dynamic, auto, guided.
 *
 * Each such prange of a region has a stage: the words through which the team's threads share its iterations
 * (share/share.h); its slots are the threads. The stages of a region are a chain; every thread walks along it at its
 * own pace. The first thread that comes to the end of the chain appends a stage that it has prepared: one
 * compare-and-swap, and whoever loses keeps its own for later. A thread thus may be any number of pranges ahead of
 * another.
 *
 * A stage is used again by the thread that appended it, once no thread can look at it any more:
 *   T1  all threads have walked on from it, as passed says (counted in pranges without closing barrier alone); or
 *   T2  a later stage's prange had a closing barrier: all threads had walked on to that one before it; or
 *   T3  its region is over.
 *
 *   T4  All who walk on to a stage come to the same prange. Until a region is cancelled all its threads meet the same
 *       constructs, in the same order. A thread leaves that order only when it knows of the cancellation: it
 *       cancelled the region itself, or it has read the team's word canceled (in a construct that let it go, or by
 *       asking), or it has seen what a thread that knew had released after that. Before it opens a prange it reads
 *       the word again, which cannot have become 0, and then opens nothing: it neither appends a stage nor walks on
 *       to one. So whoever appends or walks on did not know when it came to its prange, and was still in the common
 *       order. The same holds for singles, sections, the turns of ordered iterations and the values that threads show
 *       each other: each is counted by its place in the common order, and a thread that knows takes no part in any of
 *       them.
 *
 * Orderings: follow's swap (release) pairs with the walkers' load (acquire): the stage is seen as it was prepared;
 * passed's addition (release) with the load (acquire) before it is used again.
 * Cost: one swap per prange for all threads, one atomic or per thread for its own part. */
#ifndef PP_TEAM_STAGE_H
#define PP_TEAM_STAGE_H

#include "share/share.h"

struct pp_team;
struct ppar_team;
struct pp_puller;

typedef struct pp_stage {
  _Atomic(struct pp_stage *) follow;
  pp_atomic_u32 passed;
  bool nowait;
  uint32_t region;          /* Its epoch. */
  uint32_t capacity;        /* Slots. */
  uint64_t index;           /* In the region's chain, from 1. */
  struct pp_stage *younger; /* Among those that one thread has appended. */
  struct pp_team *team;
  const char *name; /* The options'; NULL: none. */

  /* Read by all who share the prange: apart from follow, which is written as somebody goes on to the next one. */
  PP_LINE_ALIGNED pp_division division;
  pp_share share;
  pp_counter counter;
} pp_stage;

/* Walks on to the next stage, appending one for the prange if nobody has. False: no memory. */
bool pp_stage_walk_on(struct ppar_team *seat, const pp_division *division, const char *name);

/* By range: the thread shows its slot to the others, empty and in order. True: the slot's part is this thread's to
 * own. */
bool pp_stage_join(pp_stage *stage, uint32_t thread);

/* By range: whether all units are finished. */
bool pp_stage_is_complete(pp_stage *stage);

void pp_stages_free(pp_stage *oldest);

/* Between regions: frees what a thread has beyond PP_KEPT_STAGES. */
void pp_stages_trim(struct pp_puller *puller);

#endif
