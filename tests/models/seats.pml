/* SPDX-License-Identifier: MIT */
/* seats.pml: a member that is in the middle of something foreign when its region starts, and the thread that takes
 * its seat (lib/team/region.c, lib/team/recruit.c, lib/pool/worker.c).
 *
 * A caller runs three regions of two threads. The worker that has the seat may go into a loop's body, which comes
 * back at once, or only when no region runs: it wants something that the region's caller holds. Before the caller
 * parks it looks whether it should give the seat to a new thread. Another team wants workers, too, and takes the
 * worker once it has no seat.
 *
 *     serve       pp_region_serve, claim
 *     stand_up    pp_region_stand_up
 *     worker      pp_worker_main with pp_region_is_called, find_work and do_work; sleeping is fork.pml's
 *     substitute  pp_seat_substitute, by pp_await_slowly; its lock keeps other waiters out, so there is one here
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in the files and watched by ThreadSanitizer):
 *   Q1  one thread runs the seat in each region, during the region, and none does at another time;
 *   Q2  no invalid end state: every region ends;
 *   Q3  a worker that another team has taken does not serve here any more;
 *   Q4  nor does one whose seat was given away in an earlier region.
 *
 * Mutants: 1 a seat is claimed by an exchange, whatever it held; 2 the claim is read last; 3 the claim is read and then
 * written; 4 who substitutes takes the worker's seat from it; 5 a worker is occupied only after its last look; 6 the
 * new thread takes the present region for an old one; 7 nobody is substituted; 8 who fails to claim the seat takes it
 * for claimed; 9 the worker does not look whether it still has the seat. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define REGIONS 3
#define WORKER 0
#define EXTRA 1

byte fork_word; /* the epoch */
byte ended;     /* the epoch of the latest part that has ended */
byte claimed;
byte joined_at;
byte seat_worker = WORKER;
bool seated = true; /* the worker's view */
bool taken;         /* by another team */
byte given;         /* in which region the seat was given away */
bool occupied;
bool in_region; /* the caller is, and holds what a body may want */

byte ran; /* times in this region */

inline serve() {
  do
  :: true ->
#if MUTANT != 2
    claim = claimed;
#endif
    epoch = fork_word;
    served = epoch;
#if MUTANT != 9
    if
    :: me == WORKER && seat_worker != WORKER -> break
    :: else
    fi;
#endif
#if MUTANT == 2
    claim = claimed;
#endif
#if MUTANT == 1
    atomic { won = (claimed != epoch); claimed = epoch };
    break
#elif MUTANT == 3
    won = (claim != epoch && claimed == claim);
    claimed = (won -> epoch : claimed);
    break
#else
    if
    :: claim == epoch -> break
    :: else
    fi;
    atomic {
      won = (claimed == claim);
      claimed = (won -> epoch : claimed)
    };
    if
    :: won -> break
    :: else
#if MUTANT == 8
      -> break
#endif
    fi
#endif
  od;
  claim = 0;
  if
  :: won ->
    d_step {
      assert(in_region && fork_word == epoch && ran == 0);  /* Q1 */
      assert(me != WORKER || given == 0 || given == epoch); /* Q4 */
      ran++;
      won = false
    };
    atomic {
      assert(in_region && fork_word == epoch);      /* Q1 */
      assert(me != WORKER || !taken);               /* Q3 */
      ended = epoch
    }
  :: else
  fi;
  epoch = 0
}

#if MUTANT == 4
#define STANDS false
#else
#define STANDS (seated && seat_worker != WORKER)
#endif

proctype worker() {
  byte served, claim, epoch;
  bool won;
  byte me = WORKER;
end_idle:
  do
  :: seated && fork_word != served -> serve()
  :: STANDS -> seated = false
  :: true -> /* find_work */
#if MUTANT == 5
    if
    :: seated && fork_word != served -> goto end_idle
    :: else
    fi;
    occupied = true;
#else
    occupied = true;
    if
    :: seated && fork_word != served -> occupied = false; goto end_idle
    :: else
    fi;
#endif
    if
    :: true
    :: true -> !in_region
    fi;
    occupied = false
  od
}

proctype extra() {
  byte served = joined_at, claim, epoch;
  bool won;
  byte me = EXTRA;
end_idle:
  do
  :: fork_word != served -> serve()
  od
}

inline substitute() {
  if
  :: seat_worker != WORKER
  :: else ->
    if
    :: claimed == epoch
    :: else ->
      if
      :: occupied ->
#if MUTANT == 6
        joined_at = epoch;
#else
        joined_at = epoch - 1;
#endif
#if MUTANT != 7
        given = epoch;
        run extra();
        seat_worker = EXTRA;
#endif
#if MUTANT == 4
        seated = false
#endif
      :: else
      fi
    fi
  fi
}

proctype other_team() {
end_idle:
  atomic { !seated -> taken = true }
}

init {
  byte epoch;
  atomic {
    run worker();
    run other_team()
  };
  do
  :: epoch < REGIONS ->
    atomic {
      assert(epoch == 0 || ran == 1); /* Q1 */
      epoch++;
      ran = 0;
      in_region = true
    };
    fork_word = epoch;
    if
    :: ended == epoch
    :: true -> substitute(); ended == epoch
    fi;
    in_region = false
  :: else -> break
  od
}
