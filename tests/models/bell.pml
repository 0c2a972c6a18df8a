/* SPDX-License-Identifier: MIT */
/* bell.pml: ringing, looking, sleeping, waking, and the end of the workers (lib/claim/bell.h, lib/pool/worker.c,
 * lib/pool/waiting.c, lib/pool/pool.c).
 *
 * Two callers run a loop each, with a single slot for a worker. Sometimes the caller takes that slot itself,
 * sometimes it waits for a worker to take it: the library's loops never do, but so a wake that is lost, or is given
 * to nobody, shows as a deadlock. Two workers look, sleep and are woken. In the end somebody stops them. Workers that
 * ring (pass_on_waking, and offer for hand_back) do it as callers do. A region may start for the first worker
 * (fork.pml): it is woken, but stays on the stack, and comes back at once, or only when the callers are through.
 *
 *     ring     pp_bell_ring, and pp_pool_ring's waking of the sleeper that it took off the stack (pp_bell_wake)
 *     doze     is_about_to_sleep with pp_bell_sleep, sleep_until_woken's parking, and is_up; unparking always follows
 *              the store to asleep, so park is waiting for that store (park.h); who finds something to do after all
 *              (a region's may_sleep, or the last look of waiting.c) stays awake
 *     starter  pp_fork_wakes
 *     worker   pp_worker_main's pp_wait, with visit_records (lib/loop/source.c); spinning is left out, since it ends
 *              in a look or a sleep whenever it likes
 *     caller   post of lib/loop/caller.c: pp_record_open, pp_record_ring
 *     init     pp_pool_stop, and its joining of the threads
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in bell.h's table and watched by ThreadSanitizer):
 *   B1  a worker puts itself on the stack when it is not there, a ring takes off one that is there, and it is woken,
 *       or found away, once for each time that it was taken;
 *   B2  no lost wake: no invalid end state, so every slot that a caller leaves to the workers is taken, and no worker
 *       sleeps when it has been stopped;
 *   B3  what a ring makes the top is on the stack, and nothing else falls off it.
 *
 * Mutants: 1 a ring does not change the epoch; 2 sleep does not compare the epoch; 3 a worker compares with a word
 * that it read after it had looked; 4 a ring compares the top alone; 5 asleep is set after the worker is on the
 * stack; 6 a caller rings before it opens its loop; 7 stopping is set after the rings; 8 a ring takes two sleepers
 * and wakes one; 9 a ring is content with a sleeper that is away; 10 a worker that was woken by a region sleeps as if
 * it were off the stack; 11 who stays awake after all says that it is off the stack. */
#define MUTANTS 11
#ifndef MUTANT
#define MUTANT 0
#endif

#define WORKERS 2
#define CALLERS 2
#define LOOPS 1 /* each caller */

#define AWAKE 0
#define ASLEEP 1
#define AWAY 2

#define EPOCH(word) ((word) >> 2)
#define SLEEPER(word) ((word) & 3) /* number plus one */

byte bell;
byte below[WORKERS];
byte asleep[WORKERS];
bool vacant[CALLERS]; /* the record's loop has a slot for a worker */
bool stopping;
byte callers = CALLERS; /* still at work */
byte workers = WORKERS; /* threads */
byte starts = 1; /* of regions, or of other things that keep a worker from its sleep */

bool on_stack[WORKERS];
bool owed[WORKERS]; /* taken off and not yet woken */

#if MUTANT == 1
#define RUNG(seen, next) (EPOCH(seen) << 2 | (next))
#else
#define RUNG(seen, next) (EPOCH(seen) + 1 << 2 | (next))
#endif

#if MUTANT == 4
#define RING_COMPARES(seen) (SLEEPER(bell) == SLEEPER(seen))
#else
#define RING_COMPARES(seen) (bell == (seen))
#endif

inline ring_once() {
  word = bell;
  do
  :: true ->
    if
    :: SLEEPER(word) != 0 -> next = below[SLEEPER(word) - 1]
    :: else -> next = 0
    fi;
#if MUTANT == 8
    if
    :: next != 0 -> next = below[next - 1]
    :: else
    fi;
#endif
    d_step {
      if
      :: RING_COMPARES(word) ->
        top = SLEEPER(word);
        bell = RUNG(bell, next);
        if
        :: top != 0 ->
          assert(on_stack[top - 1] && !owed[top - 1]); /* B1 */
          on_stack[top - 1] = false;
          owed[top - 1] = true
        :: else
        fi;
        assert(next == 0 || on_stack[next - 1]);                   /* B3 */
        assert(next != 0 || !on_stack[0] && !on_stack[1]);         /* B3 */
        word = 0;
        won = true
      :: else -> word = bell
      fi;
      next = 0
    };
    if
    :: won -> won = false; break
    :: else
    fi
  od;
  if
  :: top != 0 ->
    d_step {
      assert(owed[top - 1] && asleep[top - 1] != AWAKE); /* B1 */
      owed[top - 1] = false;
      again = (asleep[top - 1] == AWAY);
      asleep[top - 1] = AWAKE;
      top = 0
    }
  :: else
  fi
}

inline ring() {
  do
  :: true ->
    ring_once();
#if MUTANT == 9
    again = false;
#endif
    if
    :: again -> again = false
    :: else -> break
    fi
  od
}

proctype caller(byte me) {
  byte word, next, top, loops;
  bool won, again;
  do
  :: loops < LOOPS ->
    loops++;
#if MUTANT == 6
    ring();
#endif
    vacant[me] = true; /* pp_record_open */
#if MUTANT != 6
    ring();
#endif
    if
    :: true -> vacant[me] = false /* pp_group_adopt, by the caller itself */
    :: true -> !vacant[me]
    fi
  :: else -> break
  od;
  callers--
}

inline stay_awake() {
  d_step {
    if
    :: asleep[me] == ASLEEP ->
#if MUTANT == 11
      asleep[me] = AWAKE
#else
      asleep[me] = AWAY
#endif
    :: else
    fi
  }
}

/* Sets won: the worker may park. */
inline lie_down() {
#if MUTANT != 10
  atomic {
    if
    :: asleep[me] == AWAY -> asleep[me] = ASLEEP; won = true
    :: else
    fi
  };
#endif
  if
  :: won ->
    if
    :: EPOCH(bell) != EPOCH(seen) -> stay_awake(); won = false
    :: else
    fi
  :: else ->
#if MUTANT == 5
    word = bell;
#else
    word = bell;
    asleep[me] = ASLEEP;
#endif
    do
#if MUTANT == 2
    :: true ->
#else
    :: EPOCH(word) != EPOCH(seen) -> asleep[me] = AWAKE; break
    :: EPOCH(word) == EPOCH(seen) ->
#endif
      below[me] = SLEEPER(word);
      d_step {
        if
        :: bell == word ->
          assert(!on_stack[me] && !owed[me]); /* B1 */
          on_stack[me] = true;
          bell = EPOCH(word) << 2 | me + 1;
          won = true
        :: else -> word = bell
        fi
      };
      if
      :: won ->
#if MUTANT == 5
        asleep[me] = ASLEEP;
#endif
        break
      :: else
      fi
    od
  fi;
  word = 0;
  seen = 0
}

inline doze() {
  lie_down();
  if
  :: won ->
    won = false;
    if
    :: asleep[me] != ASLEEP
    :: atomic { starts != 0 -> starts-- }; stay_awake()
    fi
  :: else
  fi
}

proctype starter() {
end_idle:
  do
  :: atomic { starts != 0 && asleep[0] == ASLEEP -> starts--; asleep[0] = AWAY }
  od
}

proctype worker(byte me) {
  byte seen, word;
  bool won, joined;
  do
  :: true ->
    seen = bell; /* pp_bell_look */
    if
    :: stopping -> break
    :: else
    fi;
    atomic { /* pp_group_join: the loop posted last first, so in either order */
      if
      :: vacant[0] -> vacant[0] = false; joined = true
      :: else
      fi
    };
    if
    :: joined
    :: else ->
      atomic {
        if
        :: vacant[1] -> vacant[1] = false; joined = true
        :: else
        fi
      }
    fi;
    if
    :: joined ->
      joined = false
    :: else ->
#if MUTANT == 3
      seen = bell;
#endif
      doze();
      if
      :: me == 0 && asleep[0] == AWAY -> callers == 0 /* in the region */
      :: true
      fi
    fi;
    seen = 0
  od;
  workers--
}

init { /* pp_pool_stop */
  byte word, next, top;
  bool won, again;
  atomic {
    run worker(0);
    run worker(1);
    run caller(0);
    run caller(1);
    run starter()
  };
  callers == 0;
#if MUTANT != 7
  stopping = true;
#endif
  do
  :: true ->
    ring();
    if
    :: SLEEPER(bell) == 0 -> break
    :: else
    fi
  od;
#if MUTANT == 7
  stopping = true;
#endif
  workers == 0 /* pthread_join */
}
