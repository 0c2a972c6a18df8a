/* SPDX-License-Identifier: MIT */
/* fork.pml: starting a team's threads, of which some also serve loops; their sleep and their wakes (lib/claim/fork.h,
 * lib/claim/bell.h, lib/team/region.c, lib/team/recruit.c, lib/team/source.c, lib/pool/worker.c).
 *
 * A caller runs two regions, each on two or three threads. Thread 1 serves regions alone; thread 2 is a regular
 * worker, which the caller recruits before the first region of three threads, and which serves the loops of another
 * caller, too. That one posts a loop and waits for the worker to take it: so a wake that is lost shows as a deadlock.
 *
 *     start    start_children with pp_fork_start and pp_fork_wakes
 *     recruit  sit_down
 *     member   pp_worker_main's pp_wait: pp_region_is_called and pp_region_serve, the look for loops; to sleep
 *              (waiting.c), is_about_to_sleep with pp_bell_sleep, sleep_until_woken with may_sleep, here announce,
 *              and pp_fork_announce, is_up with pp_bell_stay_awake; spinning is left out, since it ends in a look or
 *              a sleep whenever it likes
 *     ring     pp_bell_ring and pp_bell_wake, until one is woken or nobody is on the stack
 *     init     pp_pool_stop
 *
 * Parking is waiting for the word to change, since an unpark always follows the change (park.h). bell.pml has several
 * sleepers on the stack.
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in fork.h's and bell.h's tables and watched by ThreadSanitizer):
 *   F1  no lost start, B2 no lost ring: no invalid end state;
 *   F3  a thread finds the description of the region that it was started for, from its start to its end;
 *   B1  the worker is put on the stack when it is not there, and who took it off finds it not awake.
 *
 * Mutants: 1 announce does not compare the epoch; 2 a thread announces before it has set asleep; 3 start looks for
 * sleepers before it writes the word; 4 start forgets sleepers that the region does not take; 5 start writes the
 * description after the word; 6 a fork takes a sleeper for one that is off the stack; 7 a recruit's node does not
 * count it as a sleeper; 8 a recruit has its seat only after the start; 9 a fork makes any sleeper away, also one
 * that a ring has woken. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define REGIONS 2
#define RINGS 1

#define AWAKE 0
#define ASLEEP 1
#define AWAY 2

#define REGULAR 1 /* member 0 is the extra thread: thread numbers less one */

/* [ epoch | three : 1 | sleepers : 1 ] */
#define EPOCH(w) ((w) >> 2)
#define THREE(w) ((w) >> 1 & 1)
#define BIT 1

#if MUTANT == 7
byte fork_word = 0;
#else
byte fork_word = BIT;
#endif
byte described; /* the region's epoch */
byte ended[2];
byte asleep[2];
bool seated; /* the regular worker is */
byte joined_at;

byte bell; /* [ epoch | the worker is on the stack : 1 ] */
bool vacant;
bool stopping;
byte callers = 2;
byte members = 2;

inline wake_child(child) {
#if MUTANT == 6
  atomic {
    if
    :: asleep[child] == ASLEEP -> asleep[child] = AWAKE
    :: else
    fi
  }
#elif MUTANT == 9
  if
  :: asleep[child] == ASLEEP -> asleep[child] = AWAY
  :: else
  fi
#else
  atomic { /* a swap; the load before it decides nothing */
    if
    :: asleep[child] == ASLEEP -> asleep[child] = AWAY
    :: else
    fi
  }
#endif
}

inline ring() {
  do
  :: true ->
    atomic {
      top = bell & 1;
      bell = (bell & 254) + 2
    };
    if
    :: top ->
      atomic {
        top = 0;
        assert(asleep[REGULAR] != AWAKE); /* B1 */
        was = asleep[REGULAR];
        asleep[REGULAR] = AWAKE
      };
      if
      :: was == ASLEEP -> was = 0; break
      :: else -> was = 0
      fi
    :: else -> break
    fi
  od
}

inline recruit() {
  if
  :: three && !seated ->
    joined_at = epoch - 1;
    seated = true
  :: else
  fi
}

proctype caller() {
  byte epoch;
  bool three, sleepers;
  do
  :: epoch < REGIONS ->
    epoch++;
    if
    :: three = true
    :: three = false
    fi;
#if MUTANT != 8
    recruit();
#endif
#if MUTANT != 5
    described = epoch;
#endif
#if MUTANT == 3
    sleepers = fork_word & BIT;
    fork_word = epoch << 2 | three << 1 | (three -> 0 : BIT);
#elif MUTANT == 4
    atomic { sleepers = fork_word & BIT; fork_word = epoch << 2 | three << 1 };
#else
    atomic { sleepers = fork_word & BIT; fork_word = epoch << 2 | three << 1 | (three -> 0 : BIT) };
#endif
#if MUTANT == 5
    described = epoch;
#endif
    if
    :: sleepers ->
      sleepers = false;
      wake_child(0);
      if
      :: three -> wake_child(1)
      :: else
      fi
    :: else
    fi;
#if MUTANT == 8
    recruit();
#endif
    ended[0] == epoch;
    if
    :: three -> ended[1] == epoch
    :: else
    fi
  :: else -> break
  od;
  callers--
}

proctype ringer() {
  byte rings, was;
  bool top;
  do
  :: rings < RINGS ->
    rings++;
    vacant = true;
    ring();
    !vacant
  :: else -> break
  od;
  callers--
}

/* Sets ready: the thread may park, if it announces that. */
inline lie_down() {
#if MUTANT == 2
  ready = true
#else
  if
  :: me != REGULAR -> asleep[me] = ASLEEP; ready = true
  :: me == REGULAR ->
    atomic {
      if
      :: asleep[me] == AWAY -> asleep[me] = ASLEEP; ready = true
      :: else
      fi
    };
    if
    :: ready ->
      if
      :: bell >> 1 != seen >> 1 -> stay_awake(); ready = false
      :: else
      fi
    :: else ->
      word = bell;
      asleep[me] = ASLEEP;
      do
      :: word >> 1 != seen >> 1 -> asleep[me] = AWAKE; break
      :: word >> 1 == seen >> 1 ->
        d_step {
          if
          :: bell == word ->
            assert(!(bell & 1)); /* B1 */
            bell = bell | 1;
            ready = true
          :: else -> word = bell
          fi
        };
        if
        :: ready -> break
        :: else
        fi
      od
    fi
  fi;
  word = 0
#endif
}

inline stay_awake() {
  atomic {
    if
    :: asleep[me] == ASLEEP -> asleep[me] = AWAY
    :: else
    fi
  }
}

/* Keeps ready if there is nothing to do. */
inline announce() {
  if
  :: me != REGULAR && stopping -> ready = false
  :: else ->
    if
    :: me == REGULAR && !seated
    :: me == REGULAR && seated && !known -> ready = false
    :: else ->
      word = fork_word;
      do
#if MUTANT == 1
      :: true -> fork_word = fork_word | BIT; break
#else
      :: EPOCH(word) != served -> ready = false; break
      :: EPOCH(word) == served ->
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
      word = 0
    fi
  fi
}

proctype member(byte me) {
  byte seen, word, served;
  bool known = (me != REGULAR), called, ready;
  do
  :: true ->
    if
    :: me == REGULAR -> seen = bell
    :: else
    fi;
    if
    :: stopping -> break
    :: else
    fi;
    atomic { /* once seated, joined_at stays */
      if
      :: me == REGULAR && seated && !known -> known = true; served = joined_at
      :: else
      fi
    };
    atomic {
      if
      :: known && EPOCH(fork_word) != served ->
        served = EPOCH(fork_word);
        called = (me != REGULAR || THREE(fork_word))
      :: else
      fi
    };
    if
    :: called ->
      assert(described == served); /* F3 */
      atomic { assert(described == served); called = false; ended[me] = served }
    :: else
    fi;
    atomic {
      if
      :: me == REGULAR && vacant -> vacant = false; ready = true
      :: else
      fi
    };
    if
    :: ready -> ready = false /* it has worked, and looks again */
    :: else ->
      lie_down();
      if
      :: ready ->
        announce();
#if MUTANT == 2
        if
        :: ready && me != REGULAR -> asleep[me] = ASLEEP
        :: ready && me == REGULAR ->
          atomic {
            if
            :: asleep[me] == AWAY -> asleep[me] = ASLEEP
            :: else -> asleep[me] = ASLEEP; bell = bell | 1
            fi
          }
        :: else
        fi;
#endif
        if
        :: ready -> asleep[me] != ASLEEP; ready = false
        :: else -> stay_awake()
        fi
      :: else
      fi;
      if
      :: me != REGULAR -> asleep[me] = AWAKE
      :: else
      fi
    fi;
    seen = 0
  od;
  members--
}

init {
  byte was;
  bool top;
  atomic {
    run member(0);
    run member(1);
    run caller();
    run ringer()
  };
  callers == 0;
  stopping = true;
  do
  :: true ->
    ring();
    if
    :: !(bell & 1) -> break
    :: else
    fi
  od;
  asleep[0] = AWAKE;
  members == 0 /* pthread_join */
}
