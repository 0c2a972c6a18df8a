/* SPDX-License-Identifier: MIT */
/* lock.pml: a short lock, and the sleep of those who find it held (lib/claim/lock.h).
 *
 * Three threads take the lock and give it up, each as often as it likes up to twice.
 *
 *     take     pp_lock
 *     give_up  pp_unlock
 *     park, unpark  park.h's contract: comparing the word and falling asleep are one step; any one of those who sleep
 *                   is woken
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency:
 *   M1  one thread at a time has the lock;
 *   M2  nobody sleeps for ever: no invalid end state.
 *
 * Mutants: 1 a thread that has slept takes the lock as held; 2 it does not mark a lock that it finds held; 3 giving up
 * is a load and a store; 4 who gives up wakes nobody; 5 taking is a load and a store; 6 who gives up wakes before it
 * has freed the lock. */
#define MUTANTS 6
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define TIMES 2

#define FREE 0
#define HELD 1
#define AWAITED 2

byte word = FREE;
bool asleep[THREADS];
byte inside; /* threads that have the lock */

inline unpark_one() {
  atomic {
    if
    :: asleep[0] -> asleep[0] = false
    :: asleep[1] -> asleep[1] = false
    :: asleep[2] -> asleep[2] = false
    :: !asleep[0] && !asleep[1] && !asleep[2]
    fi
  }
}

inline exchange(value) {
  atomic { was = word; word = value }
}

inline take() {
#if MUTANT == 5
  was = word;
  if
  :: was == FREE -> word = HELD
  :: else
  fi;
#else
  atomic {
    was = word;
    if
    :: was == FREE -> word = HELD
    :: else
    fi
  };
#endif
  do
  :: was == FREE -> break
  :: else ->
#if MUTANT == 1
    atomic { was = word; word = (was == FREE -> HELD : AWAITED) };
#elif MUTANT == 2
    atomic { was = word; word = (was == FREE -> AWAITED : was) };
#else
    exchange(AWAITED);
#endif
    if
    :: was != FREE ->
      atomic { /* pp_park */
#if MUTANT == 2
        if
        :: word == was -> asleep[me] = true
        :: else
        fi
#else
        if
        :: word == AWAITED -> asleep[me] = true
        :: else
        fi
#endif
      };
      !asleep[me]
    :: else
    fi
  od
}

inline give_up() {
#if MUTANT == 3
  was = word;
  word = FREE;
#elif MUTANT == 6
  was = word;
  if
  :: was == AWAITED -> unpark_one()
  :: else
  fi;
  exchange(FREE);
  was = FREE;
#else
  exchange(FREE);
#endif
#if MUTANT != 4
  if
  :: was == AWAITED -> unpark_one()
  :: else
  fi
#endif
}

proctype thread(byte me) {
  byte was, times;
  do
  :: times < TIMES ->
    times++;
    take();
    inside++;
    assert(inside == 1); /* M1 */
    inside--;
    give_up();
    was = 0
  :: break
  od
}

init {
  atomic {
    run thread(0);
    run thread(1);
    run thread(2)
  }
}
