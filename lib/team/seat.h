/* SPDX-License-Identifier: MIT */
/* seat.h: one thread's membership in a team. Seat i is thread i of every region of the team with more than i threads;
 * seat 0 is the caller's. Users hold their thread's seat as a ppar_team. */
#ifndef PP_TEAM_SEAT_H
#define PP_TEAM_SEAT_H

#include <ppar/team.h>

#include <stddef.h>

#include "claim/signal.h"
#include "claim/turns.h"
#include "pool/moves.h"
#include "pool/self.h"
#include "team/pieces.h"

struct pp_node;
struct pp_team;
struct pp_worker;

/* What users hold of a team is their thread's seat. */
typedef struct ppar_team pp_seat;

enum {
  PP_SMALL_VALUE = 8, /* in the same 64 bytes as the arrival */
  PP_WIDE_VALUE = 32  /* in the line pair */
};

/* A value that others see, or where it is. */
typedef union pp_wide {
  _Alignas(PP_WIDE_VALUE) unsigned char value[PP_WIDE_VALUE];
  const void *large;
} pp_wide;

/* What a thread has met in the region (check.h). With the team's memory, where threads are checked. */
typedef struct pp_shown_meeting {
  pp_atomic_u64 hash, pranges;
  _Atomic(const char *) construct;
} pp_shown_meeting;

typedef struct pp_meeting {
  PP_LINE_ALIGNED uint64_t hash, pranges; /* of all constructs, and of pranges alone */
  const char *construct;                  /* the latest */
  const char *divided;                    /* what the program calls its loops: check.h */
  bool in_prange;
  uint32_t barriers;         /* of all threads */
  pp_atomic_u32 left;        /* the epoch of the latest region that the thread has ended */
  pp_shown_meeting shown[2]; /* as the values */
} pp_meeting;

struct ppar_team {
  /* The thread's own, from what the macros know (prange.h) on. */
  PP_LINE_ALIGNED ppar_team_head_ head;
  struct pp_team *team;       /* NULL: a team of one */
  struct pp_node *home;       /* where the thread is started and released */
  pp_atomic_u32 claimed;      /* the epoch of the latest region that somebody runs under this seat */
  pp_atomic_u32 cpu;          /* on which the thread was lately (await.h) */
  uint32_t levels;            /* nodes (0 ... levels - 1, ...) are the thread's to write */
  uint32_t epoch;             /* barriers passed, in steps of PP_SIGNAL_STEP */
  uint32_t fork_epoch;        /* of the present region */
  uint32_t shows;             /* values shown in the region */
  uint64_t waited;            /* ticks: when its latest wait for another thread ended */
  uint64_t singles, sections; /* met in the region */
  uint64_t singles_given;     /* of them at least so many have been given, to whoever came first */
  uint32_t settled;           /* the latest prange that had a closing barrier */
  pp_atomic_u32 status;       /* team of one: what the region was cancelled with ... */
  const char *name;           /* ... and the options' name; NULL: none */
  bool shared_before;         /* the latest reduction's result was one for all */
  bool won_single;            /* of the latest single */
  bool nowait, ordered;       /* the present prange's */
  bool careful;               /* it is ordered, recorded or shaken: its pieces' ends are of interest */
  bool is_parents;            /* seat 0's, in a forked child: the region's other threads are the parent process's */
  bool ends;                  /* in an OpenMP program: its thread has come to the region's end */
  pp_meeting *meeting;        /* NULL: threads are not checked (check.h) */
  void *scratch;              /* for large values of reductions */
  size_t scratch_size;
  uint64_t turn_of;            /* the number of the prange that turn and puller.division are of */
  pp_turn turn;                /* ordered iterations of the present prange */
  pp_turns *turns_before;      /* those that the thread came to last, */
  uint32_t turns_before_epoch; /* in the region of this epoch */
  uint32_t shared_waits;       /* waits in a row for a thread that was on the same CPU then */
  pp_moves moves;              /* when one of those two was moved */
  pp_puller puller;            /* the present prange, where it shares */

  /* Written by the seat's thread, read by those who wait for it: one line of 64 bytes. In a team of two seat 1's is
   * written by both threads (pp_team_arrival): a line that goes to and fro moves twice, two lines four times. */
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
  PP_LINE_ALIGNED pp_atomic_u32 joined_at; /* the epoch when the worker came: older regions are not its */
  _Atomic(struct pp_worker *) worker;      /* NULL: the caller, or nobody yet */
};

_Static_assert(offsetof(struct ppar_team, head) == 0, "as prange.h says");
_Static_assert(sizeof(pp_atomic_u32) == sizeof(uint32_t), "a team's head points to one");

/* The seat whose construct it is: the one given, else the thread's in its innermost region; NULL: a team of one
 * without a region. */
static inline pp_seat *pp_seat_or_current(pp_seat *seat) { return seat != NULL ? seat : pp_self_get()->place.seat; }

#endif
