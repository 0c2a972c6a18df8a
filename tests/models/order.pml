/* SPDX-License-Identifier: MIT */
/* order.pml: ordered parts of pranges that follow each other, each with an order of its own out of a chain
 * (lib/claim/order.h, lib/claim/pulse.h, lib/pool/order.c, lib/api/ordered.c).
 *
 * Three threads run three pranges with ordered parts: the first nowait, the second with a closing barrier, the third
 * nowait. Any thread may have any iteration, so that some have none in the first prange and come to the second early.
 * The chain begins with an order that an earlier region was cancelled in, and has room for one more: the third prange
 * must take one again. In some runs a thread cancels the region where it should have run a prange.
 *
 *     find        pp_order_find
 *     order_of    pp_crew_order with take_free; memory never ends
 *     await_turn  await_turn of ordered.c with pp_pulse_prepare, pp_pulse_park and pp_pulse_done; spinning is left
 *                 out, since it ends in a look or a sleep whenever it likes
 *     pass        pp_order_pass
 *     wake        pp_pulse_wake
 *     cancel      the wakes of a cancelled region's sleepers (lib/pool/barrier.c)
 *     park        park.h's contract: comparing the beat and falling asleep are one step
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in order.h's and pulse.h's tables and watched by ThreadSanitizer):
 *   O1, O3  iterations have their turns in order, in each prange; no invalid end state: all have them, or end by the
 *           cancellation;
 *   O2  a chain holds a tag once, and an order gets another one only when all threads have arrived at the barrier
 *       after its prange; the chain does not grow where an order is free;
 *   O4, P1  no lost wake: as O3.
 *
 * Mutants: 1 an order is free when the thread itself is through with its prange; 2 nothing is ever settled; 3 who
 * comes to the barrier takes it for passed; 4 an order is opened without the lock; 5 nobody looks again under the
 * lock; 6 the tag is there before next; 7 open leaves next as it was; 8 find does not compare the regions; 9 pass
 * wakes nobody; 10 a sleeper does not look again after it has counted itself; 11 it reads beat after its last look; 12
 * pass looks for sleepers before the change; 13 wake does not let the pulse beat; 14 a cancellation wakes the sleepers
 * of the first order alone. */
#define MUTANTS 14
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define PRANGES 3
#define CLOSED 2 /* the prange with the closing barrier */
#define ITERATIONS 5
#define TURNS(prange) ((prange) == 2 -> 1 : 2)
#define PLACE(prange) ((prange) == 1 -> 0 : (prange)) /* of its first iteration among all */

#define ORDERS 2
#define EPOCH 8 /* this region's; the earlier one's is 0 */
#define NUMBER(tag) ((tag) & 7)
#define NONE ORDERS

byte tag[ORDERS], next[ORDERS];
byte sleepers[ORDERS], beat[ORDERS];
byte chain = 1; /* orders in it */
bool lock, canceled;
bool kernel[THREADS]; /* the thread sleeps */
byte parked[THREADS]; /* on which beat */
byte owner[ITERATIONS];
byte canceller;

byte turns[PRANGES + 1]; /* had */
byte arrived;            /* at the barrier */

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

/* Sets order. */
inline find() {
  order = 0;
  do
#if MUTANT == 8
  :: NUMBER(tag[order]) == prange -> break
  :: NUMBER(tag[order]) != prange ->
#else
  :: tag[order] == EPOCH + prange -> break
  :: tag[order] != EPOCH + prange ->
#endif
    order++;
    if
    :: order < chain
    :: order >= chain -> order = NONE; break
    fi
  od
}

#if MUTANT == 1
#define IS_FREE (tag[order] < EPOCH || NUMBER(tag[order]) < prange)
#else
#define IS_FREE (tag[order] < EPOCH || NUMBER(tag[order]) <= settled)
#endif

inline open() {
  d_step {
    assert(tag[order] < EPOCH || NUMBER(tag[order]) <= CLOSED && arrived == THREADS); /* O2 */
    for (k : 0 .. ORDERS - 1) {
      assert(tag[k] != EPOCH + prange)
    }
    k = 0
  };
#if MUTANT == 6
  tag[order] = EPOCH + prange;
  next[order] = 0
#else
#if MUTANT != 7
  next[order] = 0;
#endif
  tag[order] = EPOCH + prange
#endif
}

inline order_of() {
  find();
  if
  :: order == NONE ->
#if MUTANT != 4
    atomic { !lock -> lock = true };
#endif
#if MUTANT != 5
    find();
#endif
    if
    :: order == NONE ->
      order = 0;
      do
      :: IS_FREE -> break
      :: else ->
        order++;
        if
        :: order < chain
        :: else -> assert(chain < ORDERS); chain++; break /* O2 */
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
  :: next[order] == turn -> holds = true
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
    sleepers[order]++;
#if MUTANT != 11
    seen = beat[order];
#endif
#if MUTANT != 10
    look();
#endif
#if MUTANT == 11
    seen = beat[order];
#endif
    if
    :: holds || ends
    :: else ->
      atomic { /* pp_park */
        if
        :: beat[order] == seen -> kernel[me] = true; parked[me] = order
        :: else
        fi;
        seen = 0
      };
      atomic { !kernel[me] -> parked[me] = NONE }
    fi;
    seen = 0;
    sleepers[order]--;
    if
    :: holds || ends -> break /* the next look would say so */
    :: else
    fi
  od
}

inline pass() {
#if MUTANT == 12
  if
  :: sleepers[order] != 0 -> next[order] = turn + 1; wake(order)
  :: else -> next[order] = turn + 1
  fi
#else
  next[order] = turn + 1;
#if MUTANT != 9
  wake(order)
#endif
#endif
}

inline cancel() {
  canceled = true;
  order = 0;
  do
  :: order < chain ->
    wake(order);
    order++
#if MUTANT == 14
    ;
    break
#endif
  :: order >= chain -> break
  od;
  order = NONE
}

proctype thread(byte me) {
  byte prange = 1, turn, order = NONE, seen, settled, k;
  bool holds, ends;
  do
  :: prange <= PRANGES && !ends ->
    if
    :: owner[PLACE(prange) + turn] == me && canceller == me -> cancel(); ends = true
    :: owner[PLACE(prange) + turn] == me && canceller != me ->
      if
      :: order == NONE -> order_of()
      :: else
      fi;
      await_turn();
      if
      :: holds ->
        d_step {
          assert(tag[order] == EPOCH + prange && turns[prange] == turn); /* O1, O2 */
          turns[prange]++;
          holds = false
        };
        pass()
      :: else
      fi
    :: else
    fi;
    if
    :: !ends && turn + 1 == TURNS(prange) ->
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
      d_step { prange++; turn = 0; order = NONE }
    :: !ends && turn + 1 < TURNS(prange) -> turn++
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
