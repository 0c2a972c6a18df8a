/* SPDX-License-Identifier: MIT */
/* team.h: a team, the threads that a caller's regions run on, and a seat, one thread's membership in it.
 *
 * A team belongs to a loop record (record.h), and so to one calling thread and one pool; it keeps its threads from region to
 * region. Its members are workers of the pool, as far as these serve no other team, and then extra threads, which serve no
 * loops. Seat i is thread i of every region of the team with more than i threads; seat 0 is the caller's.
 *
 * Threads start, meet and end along a tree of radix 8 over the thread numbers. Node (k, g) serves thread g * 8^(k+1), its
 * writer, and its children g * 8^(k+1) + j * 8^k, j = 1 ... 7. With up to eight threads there is one node: the caller
 * writes one line and reads T - 1. Numbers follow the machine's topology where threads are bound, so subtrees are
 * neighbours there.
 *
 * Where a thread waits for another it takes part in what was begun inside the region (help.h), and before it parks it
 * sees to it that the other is not one that never comes (region.c, substitution). */
#ifndef PP_TEAM_TEAM_H
#define PP_TEAM_TEAM_H

#include <ppar/team.h>

#include <stddef.h>

#include "claim/cancel.h"
#include "claim/fork.h"
#include "claim/signal.h"
#include "claim/turns.h"
#include "platform/fp_state.h"
#include "pool/place.h"
#include "pool/scope.h"
#include "team/stage.h"

struct pp_worker;
struct ppar_pool;

/* What users hold of a team is their thread's seat. */
typedef struct ppar_team pp_seat;

#define PP_TREE_LEVELS 4u /* 8^4 is PPAR_MAX_THREADS */

_Static_assert(1u << (3 * PP_TREE_LEVELS) >= PPAR_MAX_THREADS, "the tree has room for every thread");

enum {
  PP_SMALL_VALUE = 8, /* in the same 64 bytes as the arrival */
  PP_WIDE_VALUE = 32  /* in the line pair */
};

/* A value that others see, or where it is. */
typedef union pp_wide {
  _Alignas(PP_WIDE_VALUE) unsigned char value[PP_WIDE_VALUE];
  const void *large;
} pp_wide;

/* Node (k, g): up to 48 bytes in one line. */
typedef struct pp_node {
  PP_LINE_ALIGNED pp_atomic_u64 fork; /* claim/fork.h; what follows describes the region (F3) */
  ppar_region *region;
  void *arg;
  pp_fp_state fp_state;
  uint32_t epoch;    /* of barriers, where the region begins */
  pp_signal release; /* of barriers in teams of more than eight */
  pp_signal end;     /* of thread 1's part in a team of two (pp_team_end) */
} pp_node;

/* What a thread has met in the region (check.h). */
typedef struct pp_shown_meeting {
  pp_atomic_u64 hash, pranges;
  _Atomic(const char *) construct;
} pp_shown_meeting;

typedef struct pp_meeting {
  uint64_t hash, pranges; /* of all constructs, and of pranges alone */
  const char *construct;  /* the latest */
  bool in_prange;
  uint32_t barriers;         /* of all threads */
  pp_atomic_u32 left;        /* the epoch of the latest region that the thread has ended */
  pp_shown_meeting shown[2]; /* as the values */
} pp_meeting;

struct ppar_team {
  /* The thread's own, from what the macros know (prange.h) on. */
  PP_LINE_ALIGNED ppar_team_head_ head;
  struct pp_team *team;       /* NULL: a team of one */
  pp_node *home;              /* where the thread is started and released */
  pp_atomic_u32 claimed;      /* the epoch of the latest region that somebody runs under this seat */
  uint32_t levels;            /* nodes (0 ... levels - 1, ...) are the thread's to write */
  uint32_t epoch;             /* barriers passed, in steps of PP_SIGNAL_STEP */
  uint32_t fork_epoch;        /* of the present region */
  uint32_t shows;             /* values shown in the region */
  uint64_t singles, sections; /* met in the region */
  uint32_t settled;           /* the latest prange that had a closing barrier */
  uint32_t status;            /* team of one: what the region was cancelled with */
  bool shared_before;         /* the latest reduction's result was one for all */
  bool won_single;            /* of the latest single */
  bool nowait, ordered;       /* the present prange's */
#ifndef NDEBUG
  pp_meeting meeting;
#endif
  void *scratch; /* for large values of reductions */
  size_t scratch_size;
  uint64_t turn_of; /* the number of the prange that turn and puller.space are of */
  pp_turn turn;     /* ordered iterations of the present prange */
  pp_puller puller; /* the present prange, where it shares */

  /* Written by the seat's thread, read by those who wait for it: one line of 64 bytes. In a team of two seat 1's is written by
   * both threads (pp_team_arrival): a line that goes to and fro moves twice, two lines four times. */
  PP_LINE_ALIGNED pp_signal arrival; /* at barriers */
  pp_signal partner;                 /* seat 1's: thread 0's arrival in a team of two */
  pp_atomic_u64 pair_singles;        /* seat 1's: given in a team of two (pp_team_singles) */
  /* What a thread shows the others: two of each, since it may be one barrier ahead of them. */
  unsigned char small_value[2][PP_SMALL_VALUE];
  void *result[2];
  bool shared;   /* where thread 0's arrival is: what it found out about a reduction's result */
  pp_signal end; /* of the thread's part in the region, in teams of more than two: the fork word's epoch */
  pp_wide wide[2];

  /* Who has the seat: written when that changes, read by whoever starts the thread. */
  PP_LINE_ALIGNED pp_atomic_u32 joined_at; /* the epoch when the member came: older regions are not its */
  _Atomic(struct pp_worker *) worker;      /* NULL: the caller, or nobody yet */
};

_Static_assert(offsetof(struct ppar_team, head) == 0, "as prange.h says");
_Static_assert(sizeof(pp_atomic_u32) == sizeof(uint32_t), "a team's head points to one");

typedef struct pp_team {
  /* Read by all, written where a region differs from the one before. */
  PP_LINE_ALIGNED struct ppar_pool *pool;
  pp_seat *seats;
  uint32_t capacity; /* seats */
  uint32_t cpus;     /* more threads than these are crowded */
  uint64_t spin_ticks;
  int depth, active; /* see pp_place */
  struct pp_task_group *group;
  pp_atomic_u32 crowded;  /* T > cpus; read by idle members, too */
  pp_atomic_u32 canceled; /* the present region */
  pp_scope scope;
  pp_node *nodes[PP_TREE_LEVELS];

  /* The caller's. */
  PP_LINE_ALIGNED uint32_t manned; /* seats that have a thread, the caller's included */
  uint32_t threads;                /* T of the latest region */
  uint32_t epoch;                  /* its */
  bool torn;                       /* it was cancelled: its threads may have passed different numbers of barriers */
  struct pp_team *older;           /* smaller ones of the same record, whose nodes members may still poll */

  pp_cancel cancel; /* lowest: the lowest-numbered thread that cancelled */
  PP_LINE_ALIGNED pp_atomic_u64 singles;
  PP_LINE_ALIGNED pp_atomic_u64 sections; /* [ construct : 32 | next section : 32 ] */
  pp_turns turns;                         /* the first of the chain; the others come from the heap */
  pp_atomic_u32 turns_lock;               /* only to give an order its prange */
  pp_lesson lessons[PP_PACES];
  pp_pulse hungry;               /* threads without work in a prange */
  PP_LINE_ALIGNED pp_stage root; /* where each thread's way through the stages begins */
} pp_team;

static inline pp_node *pp_team_node(const pp_team *team, uint32_t level, uint32_t writer) {
  return &team->nodes[level][writer >> 3 * (level + 1)];
}

/* The threads that the writer's node serves at a level: first, first + distance, ... below past. */
static inline uint32_t pp_tree_distance(uint32_t level) { return 1u << 3 * level; }
static inline uint32_t pp_tree_past(uint32_t writer, uint32_t level, uint32_t threads) {
  uint32_t past = writer + (1u << 3 * (level + 1));
  return past < threads ? past : threads;
}

/* Where a thread tells the end of its part. Nothing of a seat is read but that: its thread writes the rest. */
static inline pp_signal *pp_team_end(pp_team *team, uint32_t thread, uint32_t threads) {
  return threads == 2 ? &team->nodes[0][0].end : &team->seats[thread].end;
}

/* Where a thread tells its arrival at a barrier, and where a team counts the singles that it has given. */
static inline pp_signal *pp_team_arrival(pp_team *team, uint32_t thread, uint32_t threads) {
  return threads == 2 && thread == 0 ? &team->seats[1].partner : &team->seats[thread].arrival;
}
static inline pp_atomic_u64 *pp_team_singles(pp_team *team, uint32_t threads) {
  return threads == 2 ? &team->seats[1].pair_singles : &team->singles;
}

/* Calls action for each child of the thread in a team of `threads`, lower levels first. */
#define PP_FOR_EACH_CHILD(child, level, seat, threads)                                 \
  for (uint32_t level = 0; level < (seat)->levels; level++)                            \
    for (uint32_t child = (seat)->head.thread + pp_tree_distance(level),               \
                  child##_past_ = pp_tree_past((seat)->head.thread, level, (threads)); \
         child < child##_past_; child += pp_tree_distance(level))

/* Makes record->team fit for `threads`, recruiting members as needed. Returns how many it has, at most `threads`; at least 1,
 * and with 1 there need not be a team. */
struct pp_record;
uint32_t pp_team_fit(struct pp_record *record, uint32_t threads);

/* Gives a seat whose thread is busy with something foreign to a new thread, if the system gives one, which runs the present
 * region under it. */
void pp_team_substitute(pp_seat *seat, uint32_t epoch);

/* No region starts any more; and starts again. The pool's lock is held. */
void pp_team_close(pp_team *team);
void pp_team_reopen(pp_team *team);

/* The pool has no threads any more, or the process is a forked child: the teams' memory goes; its members are gone. */
void pp_team_free(pp_team *team);
void pp_team_forget_members(pp_team *team, bool in_region);

/* The order of the thread's present prange; NULL: no memory (order.c). */
pp_turns *pp_team_turns(pp_seat *seat);

/* Wakes all who sleep for a turn, after a cancellation has been made visible. */
void pp_team_wake_turns(pp_team *team);

/* Whether the region was cancelled; size > 1. */
static inline bool pp_team_is_canceled(pp_team *team) { return pp_load_acquire(&team->canceled) != 0; }

/* Waits for the signal to come to the target; awaited: whose it is, or NULL. stubborn: a cancellation changes nothing.
 * False: the region was cancelled. */
bool pp_await_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn);

static inline bool pp_await(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn) {
  return pp_signal_has(signal, target) || pp_await_slowly(seat, signal, target, awaited, stubborn);
}

/* A barrier of the whole team (barrier.c); false: cancelled. Does nothing in a team of one. */
bool pp_seat_barrier(pp_seat *seat);

/* Its steps, in teams of more than eight: waits for the children below the thread in the tree to arrive, and calls action, if
 * there is one, for each, in thread order; arrives; waits for the release and hands it on. */
typedef void pp_child_action(pp_seat *child, void *arg);
bool pp_seat_gather_each(pp_seat *seat, pp_child_action *action, void *arg);
void pp_seat_arrive(pp_seat *seat);
bool pp_seat_release(pp_seat *seat);

/* Parts of barriers, in teams of up to eight: waits until all others have arrived at the one of this epoch; until thread 0
 * has at the latest one; counts one at which thread 0 alone arrives, or all do together with the next. */
bool pp_seat_await_others(pp_seat *seat, uint32_t epoch);
bool pp_seat_await_first(pp_seat *seat);
static inline void pp_seat_count(pp_seat *seat) { seat->epoch += PP_SIGNAL_STEP; }

void pp_seat_cancel(pp_seat *seat, int status);

static inline bool pp_seat_is_canceled(const pp_seat *seat) {
  return seat->team != NULL ? pp_team_is_canceled(seat->team) : seat->status != 0;
}

/* The team that a construct acts on: the one given, else the thread's innermost; NULL: a team of one without a region. */
static inline pp_seat *pp_seat_or_current(pp_seat *seat) { return seat != NULL ? seat : pp_self_get()->place.seat; }

#endif
