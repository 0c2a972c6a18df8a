/* SPDX-License-Identifier: MIT */
/* mutex.pml: a lock of the program's, whose word says who holds it (lib/claim/mutex.h), and the wait for it
 * (lib/pool/mutex_wait.c).
 *
 * Three threads take the lock and give it up, each as often as it likes up to twice. Each has a number of its own.
 *
 *     take     pp_mutex_try, and then pp_mutex_wait: how often a thread tries before it sleeps is left open, after a
 *              sleep too; the load before a try decides nothing
 *     mark     pp_mutex_mark
 *     give_up  pp_mutex_give_up
 *     park, unpark  park.h's contract: comparing the word and falling asleep are one step; any one of those who sleep
 *                   is woken
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency:
 *   X1  one thread at a time has the lock;
 *   X2  nobody sleeps for ever: no invalid end state;
 *   X3  whoever has the lock finds its own number in the word, and nobody else finds its own there.
 *
 * Mutants: 1 a thread that has slept takes the lock with the even value; 2 it does not mark a lock that it finds held
 * after it has slept; 3 giving up is a load and a store; 4 who gives up wakes nobody; 5 taking is a load and a store; 6
 * who gives up wakes before it has freed the lock; 7 marking is a load and a store; 8 marking puts the sleeper's number
 * into the word; 9 whoever marks a lock that is free by then sleeps all the same, as long as it is free. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define TIMES 2

#define FREE 0
#define NUMBER (me + 1)
#define ODD(word) ((word) % 2)

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

/* Sets taken. */
inline try(awaited) {
#if MUTANT == 5
  if
  :: word == FREE -> word = 2 * NUMBER + awaited; taken = true
  :: else
  fi
#else
  atomic {
    assert(word / 2 != NUMBER); /* X3 */
    if
    :: word == FREE -> word = 2 * NUMBER + awaited; taken = true
    :: else
    fi
  }
#endif
}

/* Sets marked. */
inline mark() {
  marked = word;
  do
  :: marked == FREE || ODD(marked) -> break
  :: else ->
#if MUTANT == 7
    word = marked + 1;
    marked = marked + 1;
    break
#else
    atomic {
      if
#if MUTANT == 8
      :: word == marked -> word = 2 * NUMBER + 1; marked = word; break
#else
      :: word == marked -> word = marked + 1; marked = word; break
#endif
      :: else -> marked = word
      fi
    }
#endif
  od
}

inline park() {
  atomic {
    if
    :: word == marked -> asleep[me] = true
    :: else
    fi;
    marked = FREE
  };
  !asleep[me]
}

#if MUTANT == 1
#define SLEPT 0
#else
#define SLEPT slept
#endif

inline take() {
  try(0);
  do
  :: taken -> break
  :: !taken -> try(SLEPT) /* it spins */
  :: !taken ->
#if MUTANT == 2
    if
    :: slept -> marked = word
    :: else -> mark()
    fi;
#else
    mark();
#endif
    slept = true;
    if
#if MUTANT != 9
    :: marked == FREE -> try(SLEPT)
#endif
    :: else -> park()
    fi
  od;
  slept = false;
  taken = false
}

inline give_up() {
#if MUTANT == 3
  marked = word;
  word = FREE;
#elif MUTANT == 6
  marked = word;
  if
  :: ODD(marked) -> unpark_one()
  :: else
  fi;
  atomic { word = FREE; marked = FREE };
#else
  atomic { marked = word; word = FREE };
#endif
#if MUTANT != 4
  if
  :: ODD(marked) -> unpark_one()
  :: else
  fi;
#endif
  marked = FREE
}

proctype thread(byte me) {
  byte marked, times;
  bool taken, slept;
  do
  :: times < TIMES ->
    times++;
    take();
    inside++;
    assert(inside == 1);         /* X1 */
    assert(word / 2 == NUMBER);  /* X3 */
    inside--;
    give_up()
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
