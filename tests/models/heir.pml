/* SPDX-License-Identifier: MIT */
/* heir.pml: a seat that is given to a new thread, by one that waits for the seat's part (for a turn of ordered
 * iterations) while the seat's parent in the tree has yet to start it (lib/team/recruit.c, lib/team/region.c,
 * lib/team/source.c, lib/pool/worker.c, lib/claim/fork.h).
 *
 * The old thread is in a foreign body until the region is over. The parent starts the seat once; the other member
 * wants its part to run. Each looks before it parks whether it should give the seat away.
 *
 *     substitute  pp_seat_substitute and give_seat, under the pool's lock
 *     start       start_children with pp_fork_start and pp_fork_wakes
 *     heir        pp_worker_main of an extra thread: pp_region_is_called, is_about_to_sleep, sleep_until_woken with
 *                 may_sleep and pp_fork_announce, is_up
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency, which the accesses to
 * seat->worker and to the word have here: no invalid end state, so that the part is run (F1).
 *
 * Mutants: 1 the heir announces although the seat does not name it yet; 2 a start looks who has the seat before it
 * writes the word; 3 announce does not compare the epoch; 4 the heir announces before it has set asleep. */
#define MUTANTS 4
#ifndef MUTANT
#define MUTANT 0
#endif

#define AWAKE 0
#define ASLEEP 1
#define AWAY 2

#define OLD 0
#define HEIR 1

/* [ epoch | sleepers : 1 ] */
#define BIT 1
byte fork_word;
byte seat_worker = OLD;
byte asleep = AWAKE; /* the heir */
bool locked, ended;

inline substitute() {
  if
  :: seat_worker == OLD ->
    atomic { !locked -> locked = true };
    if
    :: seat_worker == OLD ->
      run heir();
      seat_worker = HEIR
    :: else
    fi;
    locked = false
  :: else
  fi
}

proctype parent() {
  bool sleepers;
  byte sitting;
#if MUTANT == 2
  sitting = seat_worker;
#endif
  atomic { sleepers = fork_word & BIT; fork_word = 1 << 1 };
#if MUTANT != 2
  sitting = seat_worker;
#endif
  if
  :: sleepers && sitting == HEIR ->
    atomic {
      if
      :: asleep == ASLEEP -> asleep = AWAY
      :: else
      fi
    }
  :: else
  fi;
  substitute();
  ended
}

proctype member() {
  substitute();
  ended
}

proctype heir() {
  byte word;
  bool ready;
  do
  :: fork_word >> 1 != 0 -> break
  :: else ->
    ready = true;
#if MUTANT != 4
    asleep = ASLEEP;
#endif
#if MUTANT != 1
    if
    :: seat_worker != HEIR -> ready = false
    :: else
    fi;
#endif
    word = fork_word;
    do
    :: !ready -> break
#if MUTANT == 3
    :: ready -> fork_word = fork_word | BIT; break
#else
    :: ready && word >> 1 != 0 -> ready = false
    :: ready && word >> 1 == 0 ->
      if
      :: word & BIT -> break
      :: else ->
        atomic {
          if
          :: fork_word == word -> fork_word = word | BIT; word = word | BIT
          :: else -> word = fork_word
          fi
        }
      fi
#endif
    od;
#if MUTANT == 4
    asleep = ASLEEP;
#endif
    if
    :: ready -> asleep != ASLEEP
    :: else
    fi;
    asleep = AWAKE
  od;
  ended = true
}

init {
  if /* some other thread of the node may have slept before */
  :: fork_word = BIT
  :: true
  fi;
  atomic {
    run parent();
    run member()
  }
}
