/* SPDX-License-Identifier: MIT */
/* critical.pml: the lock of a critical section, and the sleep of those who wait for it (lib/team/critical.c,
 * lib/claim/pulse.h, P1; lib/pool/waiting.c, lib/pool/waiters.h, V1).
 *
 * Three threads enter and leave a section, two of them twice. In one of its sections thread 0 may begin a nested
 * loop. Then it runs that itself, or waits until one of those who wait for the lock does, as long as there is any.
 * (The library's threads never wait so, but thus a wake that is lost shows as a deadlock.)
 *
 *     enter     pp_critical_begin, enter_slowly, and pp_wait with lock_wait: has_entered, help, park; how long it
 *               spins and how often it looks for nested loops are left open
 *     enter_free, enter_contended  critical.c's; the load before enter_free's swap decides nothing
 *     help      help of waiting.c; the look at the bell and the one at the loop are one step, as registering is (the
 *               steps are parking.pml's)
 *     park      park and sleep_registered of waiting.c: prepare with pp_pulse_prepare, has_entered, pp_waiters_add,
 *               pp_pulse_park, pp_waiters_remove, rise with pp_pulse_done
 *     leave     pp_critical_end
 *     wake_one, wake_all  pp_pulse_wake_one, pp_pulse_wake; a beat is told by which threads have read an older one
 *     post      post of lib/loop/caller.c, for a loop inside of the section: the bell is rung, and then
 *               pp_waiters_tell wakes those who are registered
 *     pp_park, unpark_one  park.h's contract: comparing the beat and falling asleep are one step; any one of those
 *                          who sleep is woken
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in pulse.h's table and watched by ThreadSanitizer):
 *   L1  one thread at a time is in the section;
 *   L2  nobody sleeps for ever while the lock is free, nor while a nested loop wants threads (V1): no invalid end
 *       state.
 *
 * Mutants: 1 a thread that has slept takes the lock as held; 2 it does not mark a lock that it finds held; 3 entering
 * is a load and a store; 4 so is leaving; 5 so is entering after sleep; 6 who leaves wakes nobody when another thread
 * waits awake; 7 who leaves looks for sleepers before it frees the lock; 8 a wake does not let the pulse beat; 9 a
 * sleeper does not look again after it has counted itself; 10 it reads the beat after that look; 11 it is not
 * registered for nested loops; 12 who leaves a contended lock wakes nobody. */
#define MUTANTS 12
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define TIMES (me == 2 -> 1 : 2)

#define FREE 0
#define HELD 1
#define CONTENDED 2

#define UNREAD 0
#define SAME 1 /* the pulse has not beaten since */
#define OLD 2

byte word = FREE;
byte sleepers;
byte beat[THREADS];   /* as each thread has read it: */
bool kernel[THREADS]; /* the thread sleeps */

byte bell, waiters; /* the bell's epoch; registered waiters */
bool vacant;        /* the nested loop has room */

byte inside;  /* the section */
byte waiting; /* for the lock */

inline unpark_all() { d_step { kernel[0] = false; kernel[1] = false; kernel[2] = false } }

inline unpark_one() {
  atomic {
    if
    :: kernel[0] -> kernel[0] = false
    :: kernel[1] -> kernel[1] = false
    :: kernel[2] -> kernel[2] = false
    :: else
    fi
  }
}

inline let_beat() {
#if MUTANT == 8
  skip
#else
  d_step {
    beat[0] = (beat[0] == SAME -> OLD : beat[0]);
    beat[1] = (beat[1] == SAME -> OLD : beat[1]);
    beat[2] = (beat[2] == SAME -> OLD : beat[2])
  }
#endif
}

inline wake_one() {
#if MUTANT != 7
  some = (sleepers != 0);
#endif
  if
#if MUTANT == 6
  :: some && sleepers == waiting ->
#else
  :: some ->
#endif
    some = false;
    let_beat();
    unpark_one()
  :: else -> some = false
  fi
}

inline wake_all() {
  if
  :: sleepers != 0 ->
    let_beat();
    unpark_all()
  :: else
  fi
}

inline leave() {
  d_step { assert(inside == 1); inside = 0 }; /* L1 */
#if MUTANT == 7
  some = (sleepers != 0);
#endif
#if MUTANT == 4
  was = word;
  word = FREE;
#else
  atomic { was = word; word = FREE };
#endif
  if
#if MUTANT == 12
  :: false
#else
  :: was == CONTENDED -> was = FREE; wake_one()
#endif
  :: else -> was = FREE
  fi
}

/* Sets entered. */
inline enter_free() {
#if MUTANT == 3
  if
  :: word == FREE -> word = HELD; entered = true
  :: else
  fi
#else
  atomic {
    if
    :: word == FREE -> word = HELD; entered = true
    :: else
    fi
  }
#endif
}

inline enter_contended() {
#if MUTANT == 5
  entered = (word == FREE);
  word = CONTENDED
#else
  atomic {
    if
#if MUTANT == 1
    :: word == FREE -> word = HELD; entered = true
#else
    :: word == FREE -> word = CONTENDED; entered = true
#endif
#if MUTANT == 2
    :: else
#else
    :: else -> word = CONTENDED
#endif
    fi
  }
#endif
}

inline help() {
  atomic {
    if
    :: heard == bell + 1
    :: heard != bell + 1 && vacant -> vacant = false; heard = 0
    :: heard != bell + 1 && !vacant -> heard = bell + 1
    fi
  }
}

inline sleep_registered() {
#if MUTANT == 11
  rung = false;
#else
  waiters++;
  rung = (heard != bell + 1);
#endif
  if
  :: !rung ->
    atomic { kernel[me] = (beat[me] == SAME) }; /* pp_park */
    !kernel[me]
  :: else -> rung = false
  fi;
#if MUTANT != 11
  waiters--
#endif
}

inline park() {
  slept = true;
  sleepers++;
#if MUTANT != 10
  beat[me] = SAME;
#endif
#if MUTANT != 9
  enter_contended();
#endif
#if MUTANT == 10
  beat[me] = SAME;
#endif
  if
  :: entered
  :: else -> sleep_registered()
  fi;
  atomic { sleepers--; beat[me] = UNREAD }
}

inline enter() {
  enter_free();
  if
  :: entered
  :: else ->
    waiting++;
    do
    :: entered -> break
    :: !entered && !slept -> enter_free()
    :: !entered && slept -> enter_contended();
      if
      :: entered
      :: else -> help()
      fi
    :: !entered -> help()
    :: !entered -> park()
    od;
    atomic { waiting--; slept = false; heard = 0 }
  fi;
  entered = false;
  d_step { assert(inside == 0); inside = 1 } /* L1 */
}

inline post() {
  atomic { vacant = true; bell++ };
  if
  :: waiters != 0 -> wake_all()
  :: else
  fi;
  if
  :: atomic { vacant -> vacant = false }
  :: true -> atomic { !vacant || waiting == 0 -> vacant = false }
  fi
}

proctype thread(byte me) {
  byte times, was, heard;
  bool slept, entered, rung, some;
  do
  :: times < TIMES ->
    enter();
    times++;
    if
    :: me == 0 && bell == 0 -> post()
    :: true
    fi;
    leave()
  :: else -> break
  od
}

init {
  atomic {
    run thread(0);
    run thread(1);
    run thread(2)
  }
}
