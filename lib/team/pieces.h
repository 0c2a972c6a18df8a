/* SPDX-License-Identifier: MIT */
/* pieces.h: the present prange of a team's thread, and how it comes to its pieces of that.
 *
 * The counterpart of loop/member.c, which calls a body with what its thread claims: here the thread's own code runs
 * between one piece and the next. */
#ifndef PP_TEAM_PIECES_H
#define PP_TEAM_PIECES_H

#include <stddef.h>

#include <ppar/loop.h>

#include "platform/hash.h"
#include "schedule/tuning.h"
#include "share/claimer.h"

struct pp_stage;
struct ppar_team;

/* How fast the prange at a place in the program ran lately. */
typedef struct pp_site_pace {
  const void *site;
  uint64_t batch; /* Iterations that took about as long as a batch should. */
  pp_call_cost call;
  bool doubts; /* What a call costs is to be found out anew. */
} pp_site_pace;

/* A thread's present prange, and its place in the chain of stages. */
typedef struct pp_puller {
  pp_claimer claimer;
  pp_division division; /* Of the present prange: its space, and what a static one is divided by. */
  struct {
    uint64_t first, past;
  } cut;             /* The rest of a piece that was too large to hand out at once. */
  ppar_train_ train; /* By range, chunks that follow the present one, and that the macro begins by itself. */
  pp_piece series;   /* The present chunk, those of the train, and `behind` more. */
  uint64_t behind;
  struct {
    uint64_t run, given; /* How many iterations are given out at once at first; how many times so far. */
  } shaken;              /* Under PPAR_SHAKE (api/shake_team.h). */
  const void *site;      /* Of an auto prange; NULL: of another one. */
  uint64_t opened;       /* When; 0: not timed. */
  uint32_t opens;        /* Pranges so far. */
  pp_site_pace *pace;
  struct pp_stage *stage;             /* The last one that the thread came to. */
  uint64_t settled;                   /* Stages below this index are nobody's any more (stage.h, T2). */
  struct pp_stage *oldest, *youngest; /* Appended by this thread, or prepared for it. */
  uint32_t made;                      /* So many are on that list between regions. */
  pp_site_pace paces[PP_PACES];
} pp_puller;

/* Which of PP_PACES places the prange at a site of the program is remembered in. */
static inline uint32_t pp_site_place(const void *site) { return (uint32_t)(pp_hash_address(site) >> 61); }
_Static_assert(PP_PACES == 1 << (64 - 61), "pp_site_place");

/* A region begins. */
void pp_pull_enter(struct ppar_team *seat);

/* A prange begins that hands out nothing so far. */
static inline void pp_pull_begin(pp_puller *puller, const pp_space *space) {
  puller->division.space = *space;
  puller->claimer.kind = PP_CLAIM_NOTHING;
  puller->claimer.first = puller->claimer.past = 0;
  puller->claimer.in_series = false;
  puller->cut.first = puller->cut.past = 0;
  puller->train.shared = puller->behind = 0;
  puller->site = NULL;
}

/* Opens a static one. chunk: 0 for blocks. in_series: all chunks of the thread are one piece. */
void pp_pull_open_static(struct ppar_team *seat, uint64_t chunk, bool in_series);

/* Opens any, as the division says, whose slots are the team's; site tells one prange of the program from another.
 * False: no memory. */
bool pp_pull_open(struct ppar_team *seat, const pp_division *division, const char *name, const void *site);

/* The next piece; false: there is no more for this thread. By range it may be followed by chunks of its size in
 * puller->train. */
bool pp_pull_next(struct ppar_team *seat, pp_piece *piece);

/* The macro begins none of the train by itself after all. */
static inline void pp_pull_keep(pp_puller *puller) {
  puller->behind += puller->train.shared;
  puller->train.shared = 0;
}

/* The thread leaves the prange, perhaps in the middle of a piece. */
void pp_pull_close(struct ppar_team *seat);

/* After the closing barrier. */
void pp_pull_settle(struct ppar_team *seat);

#endif
