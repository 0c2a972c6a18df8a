/* SPDX-License-Identifier: MIT */
/* aside.pml: workers that stand aside while a pool has fewer threads than it had (lib/pool/worker.c, lib/pool/pool.c,
 * lib/claim/bell.h, B4).
 *
 * The limit may shrink and grow again twice, so that worker 0 comes to be beyond it and within it. A caller runs a loop
 * with a single slot for a worker, and waits until one takes it: the library's loops never do, but so a wake that is
 * lost shows as a deadlock. Worker 1 is within the limit, and sleeps on the stack until a ring takes it off. Or there
 * is none, and the loop begins when the limit has grown again: then worker 0 must come. In the end they are stopped.
 *
 *     worker   pp_wait with worker_wait: has_ended, find_work, is_about_to_sleep, sleep_until_woken, is_up
 *     ring     pp_pool_ring; pushing on the stack and ringing are one step each, of which bell.pml has the parts
 *     resizer  pp_pool_resize, with pp_bell_disturb
 *     init     pp_pool_stop
 *
 * Checked, on every interleaving of these steps under sequential consistency:
 *   B1  a worker puts itself on the stack when it is not there;
 *   B4  no worker within the limit sleeps off the stack, and a ring that takes off one beyond it goes on to another:
 *       no invalid end state.
 *
 * Mutants: 1 a growing limit wakes nobody; 2 it is stored after the wakes; 3 a worker aside does not look at the limit
 * again; 4 one that is on the stack stands aside as if it were off it; 5 a worker beyond the limit keeps its ring; 6 a
 * worker that stood aside says that it is on the stack; 7 the pool's end leaves those aside asleep. */
#define MUTANTS 7
#ifndef MUTANT
#define MUTANT 0
#endif

#define AWAKE 0
#define ASLEEP 1
#define AWAY 2

#define NOBODY 2

byte epoch;
byte stack[2];
byte height;
byte asleep[2];
bool on_stack[2];
bool beyond;
bool vacant, stopping;
byte changes = 4; /* of the limit */
byte threads = 2;
bool alone; /* there is no worker 1 */
bool called;

#define IS_REGULAR (!beyond)

#if MUTANT == 3
#define LAST_LOOK_FINDS (stopping || IS_REGULAR && vacant)
#else
#define LAST_LOOK_FINDS (stopping || IS_REGULAR && (vacant || aside))
#endif

inline disturb(w) { d_step { if :: asleep[w] == ASLEEP -> asleep[w] = AWAY :: else fi } }

inline ring() {
  do
  :: true ->
    d_step {
      epoch++;
      woken = NOBODY;
      if
      :: height != 0 -> height--; woken = stack[height]; on_stack[woken] = false
      :: else
      fi
    };
    if
    :: woken == NOBODY -> break
    :: else ->
      d_step { again = (asleep[woken] == AWAY); asleep[woken] = AWAKE; woken = NOBODY };
      if
      :: again -> again = false
      :: else -> break
      fi
    fi
  od
}

#define me 0
proctype worker() {
  byte heard, woken = NOBODY;
  bool aside, ready, again, stacked, regular;
  do
  :: stopping -> break
  :: else ->
    regular = IS_REGULAR;
#if MUTANT != 5
    if
    :: !regular && stacked && asleep[me] == AWAKE -> stacked = false; ring() /* leave_bell */
    :: else
    fi;
#endif
    heard = epoch;
    if
    :: atomic { regular && vacant -> vacant = false }
    :: else ->
      /* is_about_to_sleep */
#if MUTANT == 4
      if :: !IS_REGULAR -> aside = true :: else fi;
#else
      if :: !IS_REGULAR && !stacked -> aside = true :: else fi;
#endif
      if
      :: aside -> asleep[me] = ASLEEP; ready = true
#if MUTANT != 5
      :: !aside && stacked && !IS_REGULAR && asleep[me] == AWAKE /* is_taken_off */
      :: !aside && !(stacked && !IS_REGULAR && asleep[me] == AWAKE) ->
#else
      :: else ->
#endif
        if
        :: atomic { asleep[me] == AWAY -> asleep[me] = ASLEEP };
          if
          :: epoch == heard -> ready = true
          :: else -> d_step { if :: asleep[me] == ASLEEP -> asleep[me] = AWAY :: else fi }
          fi
        :: else ->
          d_step {
            if
            :: epoch == heard && asleep[me] == AWAKE ->
              assert(!on_stack[me]); /* B1 */
              asleep[me] = ASLEEP;
              on_stack[me] = true;
              stack[height] = me;
              height++;
              stacked = true;
              ready = true
            :: else
            fi
          }
        fi
      fi;
      if
      :: ready ->
        if
        :: LAST_LOOK_FINDS
        :: else -> asleep[me] != ASLEEP
        fi;
        if
#if MUTANT == 6
        :: aside -> asleep[me] = AWAY
#else
        :: aside -> asleep[me] = AWAKE
#endif
        :: else -> d_step { if :: asleep[me] == ASLEEP -> asleep[me] = AWAY :: else fi }
        fi
      :: else
      fi
    fi;
    d_step { heard = 0; ready = false; aside = false; regular = false }
  od;
  threads--
}

#undef me

proctype other() {
  asleep[1] != ASLEEP || stopping;
  do
  :: atomic { vacant -> vacant = false }
  :: stopping -> break
  od;
  threads--
}

proctype resizer() {
  do
  :: changes != 0 ->
    if
    :: !beyond -> beyond = true
    :: else ->
#if MUTANT == 1
      beyond = false
#elif MUTANT == 2
      disturb(0);
      beyond = false
#else
      beyond = false;
      disturb(0)
#endif
    fi;
    changes--
  :: !alone || !beyond -> changes = 0; break /* it stays as it is */
  od
}

proctype caller() {
  byte woken = NOBODY;
  bool again;
  if
  :: alone -> changes == 0 && !beyond
  :: else
  fi;
  vacant = true;
  ring();
  !vacant;
  called = true
}

init {
  byte woken = NOBODY;
  bool again;
  atomic {
    if
    :: on_stack[1] = true; asleep[1] = ASLEEP; stack[0] = 1; height = 1; run other()
    :: alone = true; threads = 1
    fi;
    run worker();
    run resizer();
    run caller()
  };
  called;
  stopping = true;
  do
  :: height != 0 -> ring()
  :: else -> break
  od;
#if MUTANT != 7
  disturb(0);
#endif
  threads == 0
}
