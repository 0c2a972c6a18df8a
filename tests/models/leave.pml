/* SPDX-License-Identifier: MIT */
/* leave.pml: idle threads of a team end by themselves while its caller may be about to begin a region
 * (lib/claim/fork.h, F5; lib/team/recruit.c, lib/team/region.c, lib/pool/pool.c).
 *
 * A caller runs regions of three threads, which it starts by one word. Two threads sit in its team; each may leave once
 * between regions, and another one sits down in its place as the caller fills the seat. A thread that has left may sit
 * down in another team, which is what its struct being used again comes to: it no longer says that the seat is its own.
 * Another thread closes the pool, tries whether it is busy, and opens it again, once.
 *
 *     leave    pp_pool_leave with pp_team_leave
 *     region   pp_lead_acquire, start_on with pp_team_fit, fill, start and is_closing, and the region's end
 *     close    pp_pool_close, of a pool that stays open
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (F4 and F5 say what carries
 * it where orderings are weaker):
 *   F5  whoever has a seat in a region that has started is there until its end;
 *   a region is never run by its caller alone.
 *
 * Mutants: 1 who leaves looks whether the lead is busy before it closes the word; 2 it opens the word again when it
 * has left; 3 the caller opens the team again and does not fill its seats; 4 who opens the pool again opens teams
 * with vacant seats, too; 5 the caller whose start fails does not wait for the lock, and takes the pool for closed; 6 a
 * lead is busy only after the start. */
#define MUTANTS 6
#ifndef MUTANT
#define MUTANT 0
#endif

#define REGIONS 2
#define SEATS 2

bool lock, closed, vacant, busy, closing;
bool there[SEATS] = true; /* the seat's thread says that the seat is its own */
bool running;

inline take_lock() { atomic { !lock -> lock = true } }

inline reopen() {
#if MUTANT != 4
  if
  :: !vacant -> closed = false
  :: else
  fi
#else
  closed = false
#endif
}

proctype member(byte me) {
  bool was_busy, leaves;
  do
  :: there[me] ->
    take_lock();
    if
    :: closing || !there[me]
    :: else ->
#if MUTANT == 1
      was_busy = busy;
      closed = true;
#else
      closed = true;
      was_busy = busy;
#endif
      if
      :: was_busy -> reopen()
      :: else ->
        vacant = true;
        there[me] = false;
        leaves = true;
        assert(!running); /* F5 */
#if MUTANT == 2
        closed = false
#endif
      fi
    fi;
    lock = false;
    if
    :: leaves -> break
    :: else
    fi
  :: true -> break
  od
}

/* Leaves the lead fit, or the pool for closed. */
inline fit() {
  if
  :: vacant ->
    take_lock();
    if
    :: closing
    :: else ->
#if MUTANT != 3
      there[0] = true;
      there[1] = true;
#endif
      vacant = false;
      closed = false
    fi;
    lock = false
  :: else
  fi
}

proctype caller() {
  byte regions;
  bool started, alone;
  do
  :: regions < REGIONS ->
    regions++;
#if MUTANT != 6
    busy = true;
#endif
    do
    :: fit();
      atomic {
        if
        :: !closed -> started = true; running = true
        :: else -> started = false
        fi
      };
      if
      :: started -> break
      :: else ->
#if MUTANT != 5
        take_lock();
        alone = closing;
        lock = false;
#else
        alone = !vacant;
#endif
        assert(!alone)
      fi
    od;
#if MUTANT == 6
    busy = true;
#endif
    assert(there[0] && there[1]); /* F5 */
    atomic { running = false; started = false };
    busy = false
  :: else -> break
  od
}

/* It finds the pool busy. */
proctype closer() {
  take_lock();
  closing = true;
  closed = true;
  closing = false;
  reopen();
  lock = false
}

init {
  atomic {
    run member(0);
    run member(1);
    run caller();
    run closer()
  }
}
