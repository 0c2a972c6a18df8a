/* SPDX-License-Identifier: MIT */
/* taken.pml: idle threads are taken out of their seats by the callers of other teams (lib/team/recruit.c,
 * lib/team/region.c, lib/claim/fork.h F5).
 *
 * Two callers run regions of two threads on a team each, and there are two workers, which are extra ones. Before a
 * region a caller may let its worker go, since it has no use for it; a caller whose seat is vacant takes a worker that
 * has no seat, or one out of the other team's seat while that team is idle. Where there is none it does without.
 *
 *     take      find_idle, with pp_team_leave, and sit_down
 *     release   release_rest
 *     caller    start_on with pp_team_fit, start and is_closing, and the region's end
 *     worker    pp_region_is_called, pp_region_serve, claim; sleeping is fork.pml's
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency:
 *   T1  a region's part is run once, while the region runs, and by the thread whose seat it is;
 *   T2  no invalid end state: every region that starts ends.
 *
 * Mutants: 1 who takes a worker looks whether the other lead is busy before it closes the word; 2 it does not look; 3 a
 * worker claims the part without a look whether the seat is still its own; 4 who takes a worker opens the other team
 * again although its seat is vacant. */
#define MUTANTS 4
#ifndef MUTANT
#define MUTANT 0
#endif

#define REGIONS 3
#define NONE 2

bool lock;
bool busy[2], closed[2], vacant[2], running[2];
byte fork_word[2], claimed[2], ended[2], ran[2], joined_at[2];
byte seat_of[2]; /* of each worker */

inline take_lock() { atomic { !lock -> lock = true } }

inline sit_down(w) {
  joined_at[me] = fork_word[me];
  seat_of[w] = me;
  mine = w
}

/* The lock is held. */
inline take(w) {
  if
  :: mine != NONE || seat_of[w] == me
  :: else ->
    if
    :: seat_of[w] == NONE -> sit_down(w)
    :: else ->
#if MUTANT == 1
      was_busy = busy[1 - me];
      closed[1 - me] = true;
#else
      closed[1 - me] = true;
      was_busy = busy[1 - me];
#endif
#if MUTANT == 2
      was_busy = false;
#endif
      if
      :: was_busy ->
        if
        :: !vacant[1 - me] -> closed[1 - me] = false
        :: else
        fi
      :: else ->
        vacant[1 - me] = true;
#if MUTANT == 4
        closed[1 - me] = false;
#endif
        seat_of[w] = NONE;
        sit_down(w)
      fi;
      was_busy = false
    fi
  fi
}

proctype caller(byte me) {
  byte regions, mine = me;
  bool started, was_busy;
  do
  :: regions < REGIONS ->
    regions++;
    busy[me] = true;
    if
    :: true ->
      take_lock(); /* release */
      if
      :: mine != NONE && seat_of[mine] == me -> seat_of[mine] = NONE; mine = NONE
      :: else
      fi;
      lock = false
    :: true
    fi;
    do
    :: if
      :: vacant[me] || mine == NONE ->
        take_lock();
        if
        :: mine != NONE && seat_of[mine] != me -> mine = NONE
        :: else
        fi;
        take(0);
        take(1);
        vacant[me] = false;
        closed[me] = false;
        lock = false
      :: else
      fi;
      if
      :: mine == NONE -> break
      :: else
      fi;
      atomic {
        if
        :: !closed[me] ->
          started = true;
          ran[me] = 0;
          running[me] = true;
          fork_word[me]++
        :: else
        fi
      };
      if
      :: started -> break
      :: else -> take_lock(); lock = false
      fi
    od;
    if
    :: started ->
      ended[me] == fork_word[me];
      atomic {
        assert(ran[me] == 1); /* T1 */
        running[me] = false;
        started = false
      }
    :: else
    fi;
    busy[me] = false
  :: else -> break
  od
}

proctype worker(byte me) {
  byte known = me, served, seat, claim, epoch;
  bool won;
  do
  :: seat = seat_of[me];
    if
    :: seat == NONE ->
      seat = 0;
end_none:
      seat_of[me] != NONE
    :: else ->
      if
      :: seat != known -> known = seat; served = joined_at[seat]
      :: else
      fi;
      if
      :: fork_word[seat] == served ->
end_served:
        fork_word[seat] != served || seat_of[me] != seat
      :: else ->
        do
        :: true ->
          claim = claimed[seat];
          epoch = fork_word[seat];
          served = epoch;
          if
          :: claim == epoch -> break
#if MUTANT != 3
          :: claim != epoch && seat_of[me] != seat -> break
#endif
          :: else
          fi;
          atomic {
            won = (claimed[seat] == claim);
            claimed[seat] = (won -> epoch : claimed[seat])
          };
          if
          :: won -> break
          :: else
          fi
        od;
        if
        :: won ->
          atomic {
            assert(running[seat] && fork_word[seat] == epoch && seat_of[me] == seat); /* T1 */
            ran[seat]++;
            won = false
          };
          atomic {
            assert(running[seat] && seat_of[me] == seat); /* T1 */
            ended[seat] = epoch
          }
        :: else
        fi;
        claim = 0;
        epoch = 0
      fi
    fi
  od
}

init {
  atomic {
    seat_of[0] = 0;
    seat_of[1] = 1;
    run worker(0);
    run worker(1);
    run caller(0);
    run caller(1)
  }
}
