/* SPDX-License-Identifier: MIT */
/* completion.pml: how a loop's caller learns that all is done, and sleeps meanwhile (lib/claim/slots.h,
 * lib/claim/parking.h, lib/loop/caller.c, lib/pool/waiting.c). What else may wake the caller is parking.pml's.
 *
 * A caller runs two loops on one record of two groups; in each loop one worker joins each group. There are three
 * workers, so one that has left the first loop may be delayed before it wakes its caller, into the second loop. A
 * worker has a batch of two units and, begged or not, may hand the second back; one may withdraw instead, and then
 * the batch is the caller's.
 *
 *     is_complete      caller.c's: reads the groups' words one after the other
 *     park_caller      park of waiting.c: prepare_to_park exchanges parked (parking.h's word), then sets the waiter
 *                      bits; then come the looks at what was missed, find's and is_over's; the sleep; and rise
 *     wait_for_others  caller.c's, by pp_wait, with pp_claim_find and find_spare_part; how long it spins is left open
 *     leave            run_as_joiner's (lib/loop/joiner.c): pp_group_leave, then pp_parking_wake if the waiter bit
 *                      was set
 *     withdraw         pp_loop_visit's: pp_group_withdraw, then the same
 *     wake             pp_parking_wake: an exchange of parked, then the unpark
 *     hand_back        of lib/share/batch.c: pp_range_put, then offer of lib/loop/record.c: pp_parking_wake
 *     park, unpark     park.h's contract: comparing the word and falling asleep are one step
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in slots.h's table and watched by ThreadSanitizer):
 *   S4  when the caller returns from a loop, each unit has been run once;
 *   W1  no lost wake: no invalid end state, so the caller always comes through both loops;
 *   W2  when a hand-back is through and its units are still there, the caller does not sleep on, or a wake is already
 *       on its way.
 *
 * Mutants: 1 the caller does not look for work after it has set parked; 2 it sets parked after its last looks; 3 it
 * sets one group's waiter bit; 4 it looks for completion before it sets the waiter bits; 5 leave reads the waiter bit
 * before it adds its units; 6 wake unparks without changing parked; 7 the caller takes any wake for completion; 8
 * withdraw wakes nobody. */
#define MUTANTS 8
#ifndef MUTANT
#define MUTANT 0
#endif

#define GROUPS 2
#define WORKERS 3
#define LOOPS 2
#define BATCH 2
#define UNITS 4

/* Of the groups' words: each is read and changed together. */
byte done[GROUPS];
bool waiter[GROUPS];
byte members;

bool vacant[GROUPS]; /* a worker may join */
bool spare[GROUPS]; /* it has withdrawn, and nobody else comes */
bool parked;
byte withdrawals = 1;
bool asleep; /* the caller is, in the kernel */
byte range[GROUPS];
byte ran;

inline wake() {
#if MUTANT == 6
  atomic { was = parked };
#else
  atomic { was = parked; parked = false };
#endif
  if
  :: was -> asleep = false; was = false /* unpark */
  :: else
  fi
}

inline hand_back() {
  atomic { assert(range[g] == 0); range[g] = 1; batch-- };
  wake();
  assert(range[g] == 0 || !asleep || !parked) /* W2 */
}

proctype worker() {
  byte g, batch, told;
  bool was;
end_idle:
  do
  :: atomic {
      if
      :: vacant[0] -> g = 0
      :: vacant[1] -> g = 1
      fi;
      vacant[g] = false;
      members++
    };
    if
    :: withdrawals != 0 && g == 0 ->
      atomic { withdrawals--; was = waiter[g]; spare[g] = true; members--; g = 0 };
#if MUTANT != 8
      if
      :: was -> wake()
      :: else
      fi
#else
      was = false
#endif
      ; goto end_idle
    :: true -> batch = BATCH
    fi;
    atomic { ran++; told++; batch-- };
    if
    :: hand_back()
    :: true
    fi;
    do
    :: batch != 0 -> atomic { ran++; told++; batch-- }
    :: batch == 0 ->
      atomic { /* pp_range_take */
        if
        :: range[g] != 0 -> range[g]--; batch = 1
        :: else -> break
        fi
      }
    od;
#if MUTANT == 5
    was = waiter[g];
    atomic { done[g] = done[g] + told; told = 0; members-- };
#else
    atomic { was = waiter[g]; done[g] = done[g] + told; told = 0; members-- };
#endif
    if
    :: was -> wake()
    :: else
    fi;
    g = 0
  od
}

inline is_complete() {
  sum = told + done[0];
  sum = sum + done[1]
}

/* A part that nobody has. */
inline adopt(h) {
  atomic {
    if
    :: spare[h] -> spare[h] = false; found = true; ran = ran + BATCH; told = told + BATCH
    :: else
    fi
  }
}

/* find and run of caller.c, where there is something to steal; found tells whether there was. */
inline find_work() {
  found = false;
  atomic {
    if
    :: range[0] != 0 -> range[0]--; found = true
    :: else
    fi
  };
  if
  :: found
  :: else ->
    atomic {
      if
      :: range[1] != 0 -> range[1]--; found = true
      :: else
      fi
    }
  fi;
  if
  :: found -> atomic { ran++; told++ }
  :: else -> adopt(0)
  fi
}

inline park_caller() {
#if MUTANT != 2
  parked = true; /* an exchange */
#endif
#if MUTANT == 4
  is_complete();
#endif
  waiter[0] = true;
#if MUTANT != 3
  waiter[1] = true;
#endif
#if MUTANT != 1
  find_work();
#endif
#if MUTANT != 4
  is_complete();
#endif
#if MUTANT == 2
  parked = true;
#endif
  if
  :: found || sum == UNITS
  :: else ->
    atomic { asleep = parked }; /* park */
    !asleep
  fi;
  parked = false
}

init {
  byte round, sum, told;
  bool found;
  atomic {
    run worker();
    run worker();
    run worker()
  };
  do
  :: round < LOOPS ->
    atomic { /* quiet, and opened */
      members == 0;
      round++;
      done[0] = 0; waiter[0] = false; vacant[0] = true;
      done[1] = 0; waiter[1] = false; vacant[1] = true;
      ran = 0;
      told = 0
    };
    do /* wait_for_others */
    :: true ->
      is_complete();
      if
      :: sum == UNITS -> break
      :: else
      fi;
      find_work();
      if
      :: found
      :: else ->
        if
        :: park_caller()
#if MUTANT == 7
           ; break
#endif
        :: true /* it spins on */
        fi
      fi;
      found = false;
      sum = 0
    od;
    atomic {
      assert(ran == UNITS); /* S4 */
      assert(range[0] + range[1] == 0);
      sum = 0; found = false
    }
  :: else -> break
  od
}
