/* SPDX-License-Identifier: MIT */
/* team.h: a team: the threads that one caller's regions run on, kept from one region to the next.
 *
 * A team belongs to one calling thread and one pool (lead.h). Its threads are workers of the pool, as far as these
 * serve no other team, and then extra threads, which serve no loops.
 *
 * Threads start, meet and end along a tree of radix 8 over the thread numbers. Node (k, g) serves thread g * 8^(k+1),
 * its writer, and its children g * 8^(k+1) + j * 8^k, j = 1 ... 7. With up to eight threads there is one node: the
 * caller writes one line and reads T - 1. Numbers follow the machine's topology where threads are bound, so subtrees
 * are neighbours there.
 *
 * Where a thread waits for another it takes part in what was begun inside the region (await.h), and before it parks
 * it sees to it that the other is not one that never comes (region.c, substitution). */
#ifndef PP_TEAM_TEAM_H
#define PP_TEAM_TEAM_H

#include "claim/cancel.h"
#include "claim/fork.h"
#include "platform/fp_state.h"
#include "team/lesson.h"
#include "team/seat.h"
#include "team/stage.h"

struct ppar_pool;

#define PP_TREE_LEVELS 4u /* 8^4 is PPAR_MAX_THREADS */

_Static_assert(1u << (3 * PP_TREE_LEVELS) >= PPAR_MAX_THREADS, "the tree has room for every thread");

/* Some seats' threads have left, and no region starts until they have been looked for (recruit.c). */
#define PP_SEATS_LEFT 1u

/* Node (k, g): up to 56 bytes in one line. */
typedef struct pp_node {
  PP_LINE_ALIGNED pp_atomic_u64 fork; /* claim/fork.h; what follows describes the region (F3) */
  ppar_region *region;
  void *arg;
  const void *wrapped; /* what is read next; NULL: nothing is known of that (PP_REGION_WRAPS) */
  pp_fp_state fp_state;
  uint32_t epoch;    /* of barriers, where the region begins */
  pp_signal release; /* of barriers in teams of more than eight */
  pp_signal end;     /* of thread 1's part in a team of two (pp_team_end) */
} pp_node;

typedef bool pp_team_work(bool only_look, bool thorough);

typedef struct pp_team {
  /* Read by all, written where a region differs from the one before. */
  PP_LINE_ALIGNED struct ppar_pool *pool;
  pp_seat *seats;
  uint32_t capacity;   /* seats */
  pp_atomic_int depth; /* see pp_place; read by those who look for idle threads, too (recruit.c) */
  int active;
  bool binds; /* the present region's threads bind themselves (PP_REGION_BINDS) */
  struct pp_task_group *group;
  const char *name;       /* the present region's options'; NULL: none */
  pp_atomic_u32 crowded;  /* T > the pool's CPUs; read by idle workers, too */
  pp_atomic_u32 canceled; /* the present region */
  pp_atomic_u32 vacant;   /* 0, PP_SEATS_LEFT, or the lowest seat without a thread that no region has needed since */
  pp_atomic_u32 swollen;  /* some thread has got more memory than is kept after the region (pp_team_trim) */
  /* Work of the front end's that threads do as they wait at barriers; NULL: there is none. only_look: whether there is
   * some; thorough: the answer decides, and where it does not, not every look need be one. Who makes such work wakes
   * them by pp_waiters_tell. */
  _Atomic(pp_team_work *) work;
  pp_scope scope;
  pp_node *nodes[PP_TREE_LEVELS];

  /* The caller's. */
  PP_LINE_ALIGNED uint32_t manned; /* seats that have a thread, the caller's included */
  uint32_t threads;                /* T of the latest region */
  uint32_t epoch;                  /* its */
  bool torn;                       /* it was cancelled: its threads may have passed different numbers of barriers */
  pp_atomic_u32 *busy;             /* the lead's; NULL: it has none */
  struct pp_team *older;           /* smaller ones of the same lead, whose nodes workers may still poll */

  pp_cancel cancel; /* lowest: the lowest-numbered thread that cancelled */
  PP_LINE_ALIGNED pp_atomic_u64 singles;
  PP_LINE_ALIGNED pp_atomic_u64 sections; /* [ construct : 32 | next section : 32 ] */
  pp_turns turns;                         /* the first of the chain; the others come from the heap */
  pp_atomic_u32 turns_lock;               /* only to give turns to a prange */
  uint32_t turns_made;                    /* from the heap; under the lock, as what follows */
  uint64_t turns_newest;                  /* the tag of the latest prange that has got any; */
  pp_turns *turns_taken;                  /* those that were given last: of turns_newest's region */
  pp_lesson lessons[PP_PACES];
  pp_pulse hungry;                /* threads without work in a prange */
  pp_pulse posts[PP_POST_PULSES]; /* threads that wait for others' posts (posts.h) */
  PP_LINE_ALIGNED pp_stage root;  /* where each thread's way through the stages begins */
} pp_team;

static inline pp_node *pp_team_node(const pp_team *team, uint32_t level, uint32_t writer) {
  return &team->nodes[level][writer >> 3 * (level + 1)];
}

/* Where thread 0 releases others from a barrier, first of all. */
static inline pp_signal *pp_team_first_release(const pp_team *team) {
  return &pp_team_node(team, team->seats[0].levels - 1, 0)->release;
}

/* The threads that the writer's node serves at a level: first, first + distance, ... below past. */
static inline uint32_t pp_tree_distance(uint32_t level) { return 1u << 3 * level; }
static inline uint32_t pp_tree_past(uint32_t writer, uint32_t level, uint32_t threads) {
  uint32_t past = writer + (1u << 3 * (level + 1));
  return past < threads ? past : threads;
}

/* Calls action for each child of the thread in a team of `threads`, lower levels first. */
#define PP_FOR_EACH_CHILD(child, level, seat, threads)                                 \
  for (uint32_t level = 0; level < (seat)->levels; level++)                            \
    for (uint32_t child = (seat)->head.thread + pp_tree_distance(level),               \
                  child##_past_ = pp_tree_past((seat)->head.thread, level, (threads)); \
         child < child##_past_; child += pp_tree_distance(level))

/* A team of so many seats whose only thread is the caller; NULL: no memory. */
pp_team *pp_team_make(struct ppar_pool *pool, uint32_t capacity);

/* The pool has no threads any more: the memory goes, that of the older ones too. */
void pp_team_free(pp_team *team);

/* The caller, after a region in which `swollen` was set: large copies of values go, and what threads needed to run far
 * ahead of each other with nowait. */
void pp_team_trim(pp_team *team);

/* In a forked child: the threads are gone. torn: they may have been in the middle of anything, so what they alone
 * held is left to the process's end. */
void pp_team_forget_threads(pp_team *team, bool torn);

/* No region starts any more; and starts again, unless threads have left (PP_SEATS_LEFT). The pool's lock is held. */
void pp_team_close(pp_team *team);
void pp_team_reopen(pp_team *team);

/* All its threads have ended: the next region looks for others. It is closed, and the pool's lock is held. */
void pp_team_vacate(pp_team *team);

/* Makes all seats' signals comparable before a region of so many threads. */
void pp_team_catch_up(pp_team *team, uint32_t threads);

/* Whether the region was cancelled; size > 1. */
static inline bool pp_team_is_canceled(pp_team *team) { return pp_load_acquire(&team->canceled) != 0; }

/* The same in a team of any size: the word that the macros read (prange.h). */
static inline bool pp_seat_is_canceled(const pp_seat *seat) {
  return __atomic_load_n(seat->head.canceled, __ATOMIC_ACQUIRE) != 0;
}

#endif
