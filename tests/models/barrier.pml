/* SPDX-License-Identifier: MIT */
/* barrier.pml: a team of up to eight threads meets at barriers, and one cancels the region (lib/claim/signal.h,
 * lib/team/barrier.c, lib/team/await.c, lib/team/cancel.c).
 *
 * Three threads pass three barriers. Each may cancel the region before any of them, once in all; who has cancelled
 * it, or finds it cancelled, may leave at once or go on to the next barrier, as a user's code does.
 *
 *     advance  pp_signal_advance: an exchange, then the unpark
 *     await    pp_await_slowly, by pp_wait (lib/pool/waiting.c) with pp_signal_sleep and pp_signal_park: spinning is
 *              left out, since it ends in a look or a sleep whenever it likes; so are loops to take part in
 *              (parking.pml)
 *     cancel   pp_seat_cancel
 *     park, unpark_all  park.h's contract: comparing the word and falling asleep are one step
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in signal.h's table and watched by ThreadSanitizer):
 *   E1  who comes through a barrier finds that all have arrived at it;
 *   G2, G3, G4  no lost wake, no lost cancellation: no invalid end state;
 *   E2  a barrier fails only in a region that is cancelled.
 *
 * Mutants: 1 a waiter does not set sleepers; 2 advance reads sleepers before it writes; 3 a waiter sets sleepers in
 * any word; 4 canceled is set after the signals' bits; 5 a waiter does not look whether it is cancelled after its
 * swap; 6 cancel wakes nobody; 7 each waits for the next thread alone; 8 advance keeps sleepers and wakes nobody; 9
 * canceled is set in the words before anybody cancels. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define BARRIERS 3

#define SLEEPERS 1
#define CANCELED 2
#define STEP 4
#define PAST(w, epoch) ((w) / STEP >= (epoch))

#if MUTANT == 9
byte word[THREADS] = CANCELED;
#else
byte word[THREADS];
#endif
byte arrived[THREADS];
byte kernel[THREADS]; /* whose word the thread sleeps on, plus one */
bool canceled;
bool tried; /* somebody cancels */

inline unpark_all(whose) {
  d_step {
    if
    :: kernel[0] == whose + 1 -> kernel[0] = 0
    :: else
    fi;
    if
    :: kernel[1] == whose + 1 -> kernel[1] = 0
    :: else
    fi;
    if
    :: kernel[2] == whose + 1 -> kernel[2] = 0
    :: else
    fi
  }
}

inline advance() {
#if MUTANT == 2
  seen = word[me];
  atomic { arrived[me] = epoch; word[me] = epoch * STEP };
#elif MUTANT == 8
  atomic { arrived[me] = epoch; word[me] = epoch * STEP | word[me] & SLEEPERS };
#else
  atomic { arrived[me] = epoch; seen = word[me]; word[me] = epoch * STEP };
#endif
  if
  :: seen & SLEEPERS -> seen = 0; unpark_all(me)
  :: else -> seen = 0
  fi
}

/* Sets let_go, or returns with the epoch there. */
inline await() {
  do
  :: true ->
    if
    :: PAST(word[other], epoch) -> break
    :: else
    fi;
    if
    :: canceled -> let_go = true; break
    :: else
    fi;
    seen = word[other]; /* pp_signal_sleep */
    do
#if MUTANT == 3
    :: true ->
      d_step { word[other] = word[other] | SLEEPERS; seen = word[other] };
      break
#else
    :: PAST(seen, epoch) -> slept = false; break
    :: !PAST(seen, epoch) ->
#if MUTANT == 1
      break
#else
      d_step {
        if
        :: word[other] == seen -> word[other] = seen | SLEEPERS; seen = word[other]; slept = true
        :: else -> seen = word[other]
        fi
      };
      if
      :: slept -> break
      :: else
      fi
#endif
#endif
    od;
#if MUTANT == 1 || MUTANT == 3
    slept = true;
#endif
    if
    :: slept ->
      slept = false;
#if MUTANT != 5
      if
      :: canceled -> let_go = true; break
      :: else
      fi;
#endif
      atomic { /* pp_park */
        if
        :: word[other] == seen -> kernel[me] = other + 1
        :: else
        fi;
        seen = 0
      };
      kernel[me] == 0
    :: else -> break
    fi
  od;
  seen = 0
}

inline cancel() {
  tried = true;
#if MUTANT != 4
  canceled = true;
#endif
  other = 0;
  do
  :: other < THREADS ->
    word[other] = word[other] | CANCELED;
#if MUTANT != 6
    unpark_all(other);
#endif
    other++
  :: else -> break
  od;
#if MUTANT == 4
  canceled = true;
#endif
  other = 0
}

proctype thread(byte me) {
  byte epoch, seen, other;
  bool slept, let_go;
  do
  :: epoch < BARRIERS ->
    if
    :: atomic { !tried -> tried = true };
      cancel();
      if
      :: break
      :: true
      fi
    :: true
    fi;
    epoch++;
    advance();
    other = (me + 1) % THREADS;
    do
    :: other != me ->
      await();
      if
      :: let_go -> break
      :: else -> assert(arrived[other] >= epoch) /* E1 */
      fi;
#if MUTANT == 7
      break
#endif
      other = (other + 1) % THREADS
    :: else -> break
    od;
    other = 0;
    if
    :: let_go ->
      assert(canceled); /* E2 */
      let_go = false;
      if
      :: break
      :: true
      fi
    :: else ->
      d_step { assert(arrived[0] >= epoch && arrived[1] >= epoch && arrived[2] >= epoch) } /* E1 */
    fi
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
