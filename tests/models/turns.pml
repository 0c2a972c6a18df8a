/* SPDX-License-Identifier: MIT */
/* turns.pml: ordered parts of pranges that follow each other, each with turns of its own out of a chain
 * (lib/claim/turns.h, lib/claim/pulse.h, lib/team/turns.c, lib/team/ordered.c).
 *
 * Three threads run three pranges with ordered parts: the first nowait, the second with a closing barrier, the third
 * nowait. Any thread may have any iteration, so that some have none in the first prange and come to the second early.
 * The chain begins with turns that an earlier region was cancelled in, and has room for one more: the third prange
 * must take some again. In some runs a thread cancels the region where it should have run a prange.
 *
 *     find        pp_turns_find
 *     turns_of    pp_team_turns with take_free, pp_turns_is_free and pp_turns_open; memory never ends
 *     await_turn  await_turn of ordered.c, with pp_wait's order of prepare, last look, sleep and rise
 *                 (lib/pool/waiting.c): pp_pulse_prepare, is_over, pp_pulse_park, pp_pulse_done; spinning is left
 *                 out, since it ends in a look or a sleep whenever it likes
 *     pass        pp_turns_pass
 *     wake        pp_pulse_wake
 *     cancel      pp_seat_cancel with pp_team_wake_turns (lib/team/cancel.c, lib/team/turns.c)
 *     park        park.h's contract: comparing the beat and falling asleep are one step
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in turns.h's and pulse.h's tables and watched by ThreadSanitizer):
 *   O1, O3  iterations have their turns in order, in each prange; no invalid end state: all have them, or end by the
 *           cancellation;
 *   O2  a chain holds a tag once, and turns get another one only when all threads have arrived at the barrier after
 *       their prange; the chain does not grow where turns are free;
 *   O4, P1  no lost wake: as O3.
 *
 * Mutants: 1 turns are free when the thread itself is through with their prange; 2 nothing is ever settled; 3 who
 * comes to the barrier takes it for passed; 4 turns are opened without the lock; 5 nobody looks again under the lock;
 * 6 the tag is there before next; 7 open leaves next as it was; 8 find does not compare the regions; 9 pass wakes
 * nobody; 10 a sleeper does not look again after it has counted itself; 11 it reads beat after its last look; 12 pass
 * looks for sleepers before the change; 13 wake does not let the pulse beat; 14 a cancellation wakes the sleepers of
 * the chain's first turns alone. */
#define MUTANTS 14
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define PRANGES 3
#define CLOSED 2 /* the prange with the closing barrier */
#define ITERATIONS 5
#define ITERATIONS_OF(prange) ((prange) == 2 -> 1 : 2)
#define PLACE(prange) ((prange) == 1 -> 0 : (prange)) /* of its first iteration among all */

#define CHAIN_MOST 2
#define EPOCH 8 /* this region's; the earlier one's is 0 */
#define NUMBER(tag) ((tag) & 7)
#define NONE CHAIN_MOST

byte tag[CHAIN_MOST], next[CHAIN_MOST];
byte sleepers[CHAIN_MOST], beat[CHAIN_MOST];
byte chain = 1; /* so many are in it */
bool lock, canceled;
bool kernel[THREADS]; /* the thread sleeps */
byte parked[THREADS]; /* on whose beat */
byte owner[ITERATIONS];
byte canceller;

byte had[PRANGES + 1]; /* turns, so far */
byte arrived;          /* at the barrier */

inline wake(which) {
  if
  :: sleepers[which] != 0 ->
    d_step {
#if MUTANT != 13
      beat[which]++;
#endif
      for (k : 0 .. THREADS - 1) {
        if
        :: parked[k] == which -> kernel[k] = false
        :: else
        fi
      }
      k = 0
    }
  :: else
  fi
}

/* Sets turns. */
inline find() {
  turns = 0;
  do
#if MUTANT == 8
  :: NUMBER(tag[turns]) == prange -> break
  :: NUMBER(tag[turns]) != prange ->
#else
  :: tag[turns] == EPOCH + prange -> break
  :: tag[turns] != EPOCH + prange ->
#endif
    turns++;
    if
    :: turns < chain
    :: turns >= chain -> turns = NONE; break
    fi
  od
}

#if MUTANT == 1
#define IS_FREE (tag[turns] < EPOCH || NUMBER(tag[turns]) < prange)
#else
#define IS_FREE (tag[turns] < EPOCH || NUMBER(tag[turns]) <= settled)
#endif

inline open() {
  d_step {
    assert(tag[turns] < EPOCH || NUMBER(tag[turns]) <= CLOSED && arrived == THREADS); /* O2 */
    for (k : 0 .. CHAIN_MOST - 1) {
      assert(tag[k] != EPOCH + prange)
    }
    k = 0
  };
#if MUTANT == 6
  tag[turns] = EPOCH + prange;
  next[turns] = 0
#else
#if MUTANT != 7
  next[turns] = 0;
#endif
  tag[turns] = EPOCH + prange
#endif
}

inline turns_of() {
  find();
  if
  :: turns == NONE ->
#if MUTANT != 4
    atomic { !lock -> lock = true };
#endif
#if MUTANT != 5
    find();
#endif
    if
    :: turns == NONE ->
      turns = 0;
      do
      :: IS_FREE -> break
      :: else ->
        turns++;
        if
        :: turns < chain
        :: else -> assert(chain < CHAIN_MOST); chain++; break /* O2 */
        fi
      od;
      open()
    :: else
    fi;
    lock = false
  :: else
  fi
}

inline look() {
  if
  :: next[turns] == turn -> holds = true
  :: else -> skip
  fi;
  if
  :: !holds -> ends = canceled
  :: else
  fi
}

inline await_turn() {
  do
  :: true ->
    look();
    if
    :: holds || ends -> break
    :: else
    fi;
    sleepers[turns]++;
#if MUTANT != 11
    seen = beat[turns];
#endif
#if MUTANT != 10
    look();
#endif
#if MUTANT == 11
    seen = beat[turns];
#endif
    if
    :: holds || ends
    :: else ->
      atomic { /* pp_park */
        if
        :: beat[turns] == seen -> kernel[me] = true; parked[me] = turns
        :: else
        fi;
        seen = 0
      };
      atomic { !kernel[me] -> parked[me] = NONE }
    fi;
    seen = 0;
    sleepers[turns]--;
    if
    :: holds || ends -> break /* the next look would say so */
    :: else
    fi
  od
}

inline pass() {
#if MUTANT == 12
  if
  :: sleepers[turns] != 0 -> next[turns] = turn + 1; wake(turns)
  :: else -> next[turns] = turn + 1
  fi
#else
  next[turns] = turn + 1;
#if MUTANT != 9
  wake(turns)
#endif
#endif
}

inline cancel() {
  canceled = true;
  turns = 0;
  do
  :: turns < chain ->
    wake(turns);
    turns++
#if MUTANT == 14
    ;
    break
#endif
  :: turns >= chain -> break
  od;
  turns = NONE
}

proctype thread(byte me) {
  byte prange = 1, turn, turns = NONE, seen, settled, k;
  bool holds, ends;
  do
  :: prange <= PRANGES && !ends ->
    if
    :: owner[PLACE(prange) + turn] == me && canceller == me -> cancel(); ends = true
    :: owner[PLACE(prange) + turn] == me && canceller != me ->
      ends = canceled;
      if
      :: ends
      :: !ends && turns == NONE -> turns_of()
      :: !ends && turns != NONE
      fi;
      if
      :: !ends -> await_turn()
      :: else
      fi;
      if
      :: holds ->
        d_step {
          assert(tag[turns] == EPOCH + prange && had[prange] == turn); /* O1, O2 */
          had[prange]++;
          holds = false
        };
        pass()
      :: else
      fi
    :: else
    fi;
    if
    :: !ends && turn + 1 == ITERATIONS_OF(prange) ->
      if
      :: prange == CLOSED ->
        arrived++;
#if MUTANT == 3
        settled = prange
#else
        (arrived == THREADS || canceled);
        if
        :: arrived == THREADS ->
#if MUTANT != 2
          settled = prange
#endif
        :: else -> ends = true
        fi
#endif
      :: else
      fi;
      d_step { prange++; turn = 0; turns = NONE }
    :: !ends && turn + 1 < ITERATIONS_OF(prange) -> turn++
    :: ends
    fi
  :: else -> break
  od
}

init {
  byte i, known = 1; /* which of the threads that have no iteration yet is next does not matter */
  atomic {
    tag[0] = 1; /* as the first prange's number, in another region */
    next[0] = 1;
    for (i : 0 .. THREADS - 1) {
      parked[i] = NONE
    }
    for (i : 1 .. ITERATIONS - 1) {
      if
      :: owner[i] = 0
      :: known > 1 -> owner[i] = 1
      :: known > 2 -> owner[i] = 2
      :: known < THREADS -> owner[i] = known; known++
      fi
    }
    if
    :: canceller = THREADS
    :: canceller = 0
    :: canceller = 1
    :: canceller = 2
    fi;
    i = 0;
    known = 0;
    run thread(0);
    run thread(1);
    run thread(2)
  }
}
