/* SPDX-License-Identifier: MIT */
/* range.pml: owners take, thieves steal, owners hand back (lib/claim/range.h, lib/share/batch.c, lib/share/steal.c,
 * lib/loop/joiner.c, lib/loop/caller.c).
 *
 * Three members share two loops, one after the other, over the same ranges. Member 0 is the caller: it returns from a
 * loop as soon as all units are told, whoever is still a member, and starts the next one when all have left.
 *
 *     take()     pp_range_take: a load, then compare-and-swaps on the whole word until one succeeds
 *     steal()    pp_range_steal: the same, by a member that may be delayed between the two for as long as it likes
 *     put()      pp_range_put: a plain store, by the owner
 *     run_batch  pp_member_run over pp_batch_take's batch; hand_back (batch.c) may, begged or not, give half of the
 *                rest back in the middle
 *     worker     run_as_joiner: steal, run, ..., leave (pp_group_leave)
 *     init       run_as_caller and wait_for_others
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in range.h's table and watched by ThreadSanitizer):
 *   R1  a range's ends are in order whenever it is written;
 *   R2  a unit is claimed once, run once, and in one place: whoever claims it finds it unclaimed;
 *   R3  put finds the range empty;
 *   R4  when the caller returns all units have been run once, and then all ranges are empty, so that the next loop
 *       finds them so;
 *   S4  a member begins its slot's partial value while the loop is not complete, since after that the value's memory
 *       may be gone; and a complete loop has the values of all that ran a unit.
 * No invalid end state: every member gets out, and the caller through both loops.
 *
 * Mutants: 1 take by a plain store; 2 steal compares the word's upper end alone; 3 a hand-back into a range that is
 * not empty; 4 a hand-back that keeps the units in the batch; 5 steal by a plain store; 6 the caller returns when the
 * ranges are empty; 7 a partial value begun when units are put into the range, and not when a batch has left it. */
#define MUTANTS 7
#ifndef MUTANT
#define MUTANT 0
#endif

#define MEMBERS 3
#define UNITS 3
#define LOOPS 2
#define UNITS_OF(loop) (UNITS - ((loop) - 1)) /* one less in the second loop */

#define PACK(first, past) ((past) << 4 | (first))
#define FIRST(word) ((word) & 15)
#define PAST(word) ((word) >> 4)
#define LENGTH(word) (PAST(word) - FIRST(word))

#define UNCLAIMED 0
#define CLAIMED 1
#define RUN 2

byte range[MEMBERS];
byte unit[UNITS]; /* what has become of it in this loop */
byte done;        /* units told: the groups' words in one */
byte loop;        /* the loop that is open; 0: none */
byte members;     /* workers in it */
bool returned;    /* its caller is through with it */
bool wrote[MEMBERS]; /* a unit was run into the slot's partial value */
bool worked[MEMBERS];
byte u; /* a ghost's index, used within one step */

#define CLAIM(from, to)                                          \
  u = from;                                                      \
  do                                                             \
  :: u < (to) -> assert(unit[u] == UNCLAIMED); unit[u] = CLAIMED; u++ /* R2 */ \
  :: else -> u = 0; break                                        \
  od

#define UNCLAIM(from, to)                                        \
  u = from;                                                      \
  do                                                             \
  :: u < (to) -> assert(unit[u] == CLAIMED); unit[u] = UNCLAIMED; u++ \
  :: else -> u = 0; break                                        \
  od

#if MUTANT == 1
#define TAKE_COMPARES(word, seen) true
#else
#define TAKE_COMPARES(word, seen) ((word) == (seen))
#endif

#if MUTANT == 2
#define STEAL_COMPARES(word, seen) (PAST(word) == PAST(seen))
#elif MUTANT == 5
#define STEAL_COMPARES(word, seen) true
#else
#define STEAL_COMPARES(word, seen) ((word) == (seen))
#endif

/* pp_range_put; the units were this member's. */
inline put(first, past) {
  d_step {
#if MUTANT != 3
    assert(LENGTH(range[me]) == 0); /* R3 */
#endif
    assert(first <= past); /* R1 */
    UNCLAIM(first, past);
    range[me] = PACK(first, past)
  }
}

/* pp_range_take, with sizes of every kind: one, most, all. The batch is [at, end). */
inline take() {
  seen = range[me];
  do
  :: LENGTH(seen) == 0 -> at = 0; end = 0; break
  :: LENGTH(seen) != 0 ->
    at = FIRST(seen);
    if
    :: end = at + 1
    :: LENGTH(seen) == 3 -> end = at + 2
    :: LENGTH(seen) >= 2 -> end = PAST(seen)
    fi;
    d_step {
      if
      :: TAKE_COMPARES(range[me], seen) ->
        range[me] = PACK(end, PAST(seen));
        assert(FIRST(range[me]) <= PAST(range[me])); /* R1 */
        CLAIM(at, end);
        seen = 0;
        won = true
      :: else -> seen = range[me]; won = false
      fi
    };
    if
    :: won -> won = false; break
    :: else -> at = 0; end = 0
    fi
  od
}

/* pp_range_steal from victim; [at, end) is what it brought. */
inline steal() {
  seen = range[victim];
  do
  :: LENGTH(seen) == 0 -> at = 0; end = 0; break
  :: LENGTH(seen) != 0 ->
    d_step {
      at = FIRST(seen) + LENGTH(seen) / 2;
      end = PAST(seen);
      if
      :: STEAL_COMPARES(range[victim], seen) ->
        range[victim] = PACK(FIRST(seen), at);
        assert(FIRST(range[victim]) <= PAST(range[victim])); /* R1 */
        CLAIM(at, end);
        seen = 0;
        won = true
      :: else -> seen = range[victim]; won = false; at = 0; end = 0
      fi
    };
    if
    :: won -> won = false; break
    :: else
    fi
  od
}

/* pp_member_start_value, if the slot has no value yet. */
inline start_value() {
  d_step {
    if
    :: !begun -> assert(!returned); begun = true /* S4 */
    :: else
    fi
  }
}

/* hand_back of batch.c before unit `at`: the latter half of what is left of the batch, down to a single unit. */
inline hand_back() {
  if
#if MUTANT == 3
  :: end - at >= 1 ->
#else
  :: end - at >= 1 && LENGTH(range[me]) == 0 ->
#endif
    seen = at + (end - at) / 2;
    put(seen, end);
#if MUTANT != 4
    end = seen;
#endif
    seen = 0
  :: else
  fi
}

inline run_units(past) {
  d_step {
    u = past;
    do
    :: at < u ->
      assert(unit[at] == CLAIMED); /* R2: not run before, and nobody else's to claim */
      unit[at] = RUN;
      mine++;
      at++
    :: else -> u = 0; break
    od;
    wrote[me] = true
  }
}

/* Nobody sees a unit run before it is told, so the steps that matter are the first unit, the hand-back, the rest. */
inline run_batch() {
  run_units(at + 1);
  if
  :: end - at >= 1 -> hand_back()
  :: true
  fi;
  if
  :: at < end -> run_units(end)
  :: else
  fi;
  at = 0;
  end = 0
}

/* pp_member_run */
inline run_range() {
  do
  :: true ->
    take();
    if
    :: end == 0 -> break
    :: else
    fi;
    start_value();
    run_batch()
  od
}

/* pp_claim_find and what follows: any victim, in any order. */
inline steal_and_run() {
  if
  :: victim = (me + 1) % MEMBERS
  :: victim = (me + 2) % MEMBERS
  fi;
  steal();
  if
  :: end != 0 ->
#if MUTANT == 7
    seen = at;
    victim = end;
    at = 0;
    end = 0;
    put(seen, victim);
    victim = 0;
    seen = 0;
    start_value();
#else
    put(at, end);
    at = 0;
    end = 0;
#endif
    victim = 0;
    run_range()
  :: else -> victim = 0
  fi
}

proctype worker(byte me) {
  byte seen, at, end, victim, mine, joined;
  bool won, begun;
end_idle: /* it may come never, or not again */
  do
  :: atomic { /* pp_group_join as a thief; the slot's protocol is slots.pml's */
      loop > joined -> joined = loop; members++; begun = worked[me]
    };
    do
    :: steal_and_run()
    :: break
    od;
    atomic { /* pp_group_leave */
      assert(begun || mine == 0);
      assert(LENGTH(range[me]) == 0);
      if
      :: begun && !worked[me] -> worked[me] = true
      :: else
      fi;
      done = done + mine;
      mine = 0;
      begun = false;
      members--
    }
  od
}

init {
  byte me, seen, at, end, victim, mine, round;
  bool won, begun;
  byte i;
  atomic {
    run worker(1);
    run worker(2)
  };
  do
  :: round < LOOPS ->
    round++;
    atomic { /* prepare and pp_record_open: everyone has left, and no range is touched (R4) */
      members == 0;
      for (i : 0 .. UNITS - 1) { unit[i] = (i < UNITS_OF(round) -> CLAIMED : RUN) }
      for (i : 0 .. MEMBERS - 1) {
        assert(LENGTH(range[i]) == 0);
        wrote[i] = false;
        worked[i] = false
      }
      i = 0;
      done = 0;
      returned = false;
      begun = true;
      loop = round
    };
    put(0, UNITS_OF(round));
    run_range();
    do
#if MUTANT == 6
    :: LENGTH(range[0]) + LENGTH(range[1]) + LENGTH(range[2]) == 0 -> break
#else
    :: done + mine == UNITS_OF(round) -> break
#endif
    :: done + mine < UNITS_OF(round) && LENGTH(range[1]) + LENGTH(range[2]) != 0 -> steal_and_run()
    od;
    atomic {
      worked[0] = true;
      loop = 0;
      returned = true;
      for (i : 0 .. UNITS - 1) { assert(unit[i] == RUN) }
      for (i : 0 .. MEMBERS - 1) {
        assert(LENGTH(range[i]) == 0); /* R4 */
        assert(!wrote[i] || worked[i]) /* S4 */
      }
      i = 0;
      mine = 0
    }
  :: else -> break
  od
}
