/* SPDX-License-Identifier: MIT */
/* stage.pml: threads walk along the chain of a region's stages, append to it, and use stages again (lib/team/stage.h,
 * lib/team/stage.c).
 *
 * Two threads run two regions of three pranges each; any of these may have a closing barrier or none, and each thread
 * has its own pace. Every stage has a number, from 1; 0 is the root.
 *
 *     walk_on   pp_stage_walk_on with take_free, is_free, prepare, keep_for_later and keep_as_youngest; a new stage
 *               is made where none is free
 *     settle    pp_pull_settle (lib/team/pieces.c), after the closing barrier, which is one counter here
 *               (barrier.pml)
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in stage.h's table and watched by ThreadSanitizer):
 *   T1, T2, T3  a stage is prepared while no thread is at it, or on the way to it;
 *   C1  the n-th prange of every thread has one stage, prepared for just this prange;
 *   no invalid end state.
 *
 * Mutants: 1 passed counts a thread before it has read follow; 2 a stage is free when all but one have passed; 3 a
 * stage is appended by a plain store; 4 a closing barrier settles its own stage; 5 a thread settles where there is no
 * barrier; 6 passed is not reset; 7 follow is not reset; 8 whoever finds a stage appended before its own does not
 * walk on to that one. */
#define MUTANTS 8
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 2
#define PRANGES 3
#define REGIONS 2
#define OWN 3    /* stages that a thread ever makes, at most */
#define STAGES 7 /* all, and the root */
#define NOWHERE 15
#define NO_REGION 15

byte follow[STAGES];
byte passed[STAGES];
byte indices[STAGES]; /* which of the region's pranges it was prepared for */

bool nowait[PRANGES + 1];
byte region;             /* the present one's */
byte at[THREADS], towards[THREADS]; /* the stages that the thread may look at */
byte of_prange[PRANGES + 1];
byte met, home;

inline prepare() {
  d_step {
    assert(at[0] != mine && at[1] != mine && towards[0] != mine && towards[1] != mine); /* T1-T3 */
    indices[mine] = prange;
#if MUTANT != 6
    passed[mine] = 0;
#endif
#if MUTANT != 7
    follow[mine] = 0
#endif
  }
}

/* The thread's queue of stages, oldest first, is own[0] ... own[kept - 1]; made: how many it has made. */
inline take_free() {
  mine = own[0];
  free = false;
  if
  :: kept == 0
  :: else ->
    if
    :: regions[mine - me * OWN - 1] != region || indices[mine] < settled -> free = true
    :: else ->
#if MUTANT == 2
      free = (nowait[indices[mine]] && passed[mine] >= THREADS - 1)
#else
      free = (nowait[indices[mine]] && passed[mine] == THREADS)
#endif
    fi
  fi;
  d_step {
    if
    :: free ->
      free = false;
      own[0] = own[1]; own[1] = own[2]; own[2] = 0;
      kept--
    :: else ->
      assert(made < OWN);
      made++;
      mine = me * OWN + made
    fi
  }
}

inline walk_on() {
#if MUTANT == 1
  if
  :: at[me] != 0 && nowait[prange - 1] -> passed[at[me]]++
  :: else
  fi;
#endif
  atomic { next = follow[at[me]]; towards[me] = (next != 0 -> next : NOWHERE) };
  if
  :: next == 0 ->
    take_free();
    prepare();
#if MUTANT == 3
    if
    :: true
#else
    atomic {
      if
      :: follow[at[me]] == 0
#endif
      ->
        follow[at[me]] = mine;
        towards[me] = mine;
        own[kept] = mine;
        kept++;
        regions[mine - me * OWN - 1] = region;
        next = mine
      :: else ->
#if MUTANT == 8
        next = mine;
#else
        next = follow[at[me]];
#endif
        towards[me] = next;
        own[2] = own[1]; own[1] = own[0]; own[0] = mine;
        kept++;
        regions[mine - me * OWN - 1] = NO_REGION
      fi;
      mine = 0
#if MUTANT != 3
    }
#endif
  :: else
  fi;
  atomic { /* the last that the thread does to the stage behind it */
#if MUTANT != 1
    if
    :: at[me] != 0 && nowait[prange - 1] -> passed[at[me]]++
    :: else
    fi;
#endif
    at[me] = next;
    towards[me] = NOWHERE;
    next = 0
  };
  d_step {
    if
    :: of_prange[prange] == 0 -> of_prange[prange] = at[me]
    :: else
    fi;
    assert(of_prange[prange] == at[me] && indices[at[me]] == prange) /* C1 */
  }
}

proctype thread(byte me) {
  byte prange, barriers, settled, kept, made, mine, next, i;
  byte own[OWN], regions[OWN];
  bool free;
  do
  :: i < REGIONS ->
    region == i;
    do
    :: prange < PRANGES ->
      prange++;
      walk_on();
      if
      :: nowait[prange]
#if MUTANT == 5
         -> settled = prange
#endif
      :: else ->
        barriers++;
        met++;
        met >= THREADS * barriers;
#if MUTANT == 4
        settled = prange + 1
#else
        settled = prange
#endif
      fi
    :: else -> break
    od;
    atomic { prange = 0; settled = 0; barriers = 0; i++; at[me] = 0; home++ }
  :: else -> break
  od
}

init {
  byte p;
  atomic {
    for (p : 1 .. PRANGES) {
      if
      :: nowait[p] = true
      :: nowait[p] = false
      fi
    }
    p = 0;
    towards[0] = NOWHERE;
    towards[1] = NOWHERE;
    run thread(0);
    run thread(1)
  };
  do
  :: atomic { home == THREADS -> /* the caller's prepare() */
      home = 0;
      met = 0;
      region++;
      follow[0] = 0;
      for (p : 1 .. PRANGES) { of_prange[p] = 0 }
      p = 0
    };
    if
    :: region == REGIONS -> break
    :: else
    fi
  od
}
