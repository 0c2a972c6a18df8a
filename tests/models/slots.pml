/* SPDX-License-Identifier: MIT */
/* slots.pml: joining, adopting, leaving, closing, and one record's word over two loops (lib/claim/slots.h).
 *
 * A caller runs two loops of any of the three ways of sharing on one record of one group, the second with one slot
 * less. Two workers come and go as they like; each may be delayed between any two of its operations, so also between
 * the load and the compare-and-swap of a join, into the second loop. The group has three slots, each part is one
 * unit.
 *
 *     join        pp_group_join, the slot preferred being any
 *     adopt       pp_group_adopt, with `most` any
 *     leave       pp_group_leave
 *     withdraw    pp_group_withdraw, by a worker that finds the loop to be none of its business
 *     seize, open  pp_group_seize, pp_group_open (lib/loop/record.c: seize_all, pp_record_open); where the caller's
 *                  seize fails it would take another record, here it tries again
 *     close       pp_group_close
 *     worker, init  pp_loop_visit with run_as_joiner (lib/loop/joiner.c); execute_on with run_as_caller
 *                   (lib/loop/caller.c) and pp_partials_combine
 *
 * A slot's range, or the loop's counter, is a number of units taken one by one: range.pml has the protocol. Sleeping
 * is completion.pml's.
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in slots.h's table and watched by ThreadSanitizer):
 *   S1  nobody joins a slot that is in use;
 *   S2  each part has one taker that runs it;
 *   S3  by slot, a part runs under its own slot's number, which its taker alone uses; joined implies taken;
 *   S4  when the caller returns each unit has been run once, and is in a partial value that is combined;
 *   S5  from the seizing to the opening the word does not change;
 *   S6  all the time that a thread is a member, the descriptor is the one that it joined.
 * No invalid end state: the caller gets through both loops whatever the workers do.
 *
 * Mutants: 1 join ignores closed; 2 join does not compare the word; 3 seize ignores those who are in; 4 adopt does
 * not compare the word; 5 leave gives the slot up before it adds its units; 6 open without seizing; 7 leave adds
 * units without the worked bit; 8 each user of a slot begins its partial value anew; 9 withdraw gives up a part that
 * it did not bring; 10 by counter the caller goes when there is nothing left to take. */
#define MUTANTS 10
#ifndef MUTANT
#define MUTANT 0
#endif

#define SLOTS 3
#define ALL 7
#define LOOPS 2

#define BY_SLOT 0
#define BY_RANGE 1
#define BY_COUNTER 2

#define DONE(word) ((word) & 7)
#define JOINED(word) ((word) >> 3 & ALL)
#define TAKEN(word) ((word) >> 6 & ALL)
#define WORKED(word) ((word) >> 9 & ALL)
#define JOINED_BIT(slot) (1 << (slot) << 3)
#define TAKEN_BIT(slot) (1 << (slot) << 6)
#define WORKED_BIT(slot) (1 << (slot) << 9)
#define SHARING (1 << 12)
#define CLOSED (1 << 13)

#define GARBAGE 100 /* what partial values begin with before anyone begins them */

short word = CLOSED; /* reset of record.c */
byte preset;         /* the joined bits that stand for no worker */

byte descriptor;    /* the number of the loop that it describes; 0: it is being written */
byte sharing;
byte units;
byte pile[SLOTS];   /* units in a slot's range; by counter: in slot 0, for all */
byte value[SLOTS];  /* how many units were folded into the slot's partial value */

byte user[SLOTS]; /* who uses the slot's number: 0 nobody, else a member's number plus one */
byte takers[SLOTS];
byte ran;
byte withdrawals = 1;
short quiet; /* the word when it was seized */

#define IS_QUIET(w)                                                                                     \
  (((w) & CLOSED || (!((w) & SHARING) && TAKEN(w) == ALL)) && JOINED(w) == preset)

#if MUTANT == 2
#define JOIN_COMPARES false
#else
#define JOIN_COMPARES true
#endif

#if MUTANT == 4
#define ADOPT_COMPARES false
#else
#define ADOPT_COMPARES true
#endif

/* One unit under a slot's number. */
inline run_unit(s) {
  d_step {
    assert(descriptor == mine); /* S6 */
    assert(user[s] == me + 1);  /* S1, S3 */
    value[s]++;
    ran++;
    told++
  }
}

/* Takes a unit from a pile that has one: the member's own, or another's. */
inline take_unit(p) {
  d_step { /* pp_range_take, pp_range_steal, pp_counter_take */
    pile[p] > 0;
    pile[p]--
  };
#if MUTANT != 8
  if
  :: anew -> value[slot] = 0; anew = false; begun = true /* pp_member_start_value */
  :: else
  fi;
#else
  if
  :: !begun -> value[slot] = 0; anew = false; begun = true
  :: else
  fi;
#endif
  run_unit(slot)
}

/* pp_group_adopt: a run of neighbouring parts from the first free one on. `adopted`: their mask; 0: none. */
inline adopt(most) {
  seen = word;
  do
  :: (seen & CLOSED) || TAKEN(seen) == ALL -> adopted = 0; break
  :: else ->
    d_step {
      adopted = ~TAKEN(seen) & ALL;
      adopted = adopted & -adopted;
      if
      :: most > 1 && !(TAKEN(seen) & adopted << 1) -> adopted = (adopted | adopted << 1) & ALL
      :: else
      fi
    };
    d_step {
      if
      :: word == seen || !ADOPT_COMPARES ->
        word = word | adopted << 6;
        assert((JOINED(word) & ~TAKEN(word)) == 0); /* S3 */
        i = 0;
        do
        :: i < SLOTS ->
          if
          :: adopted >> i & 1 -> takers[i]++; assert(takers[i] == 1) /* S2 */
          :: else
          fi;
          i++
        :: else -> i = 0; break
        od;
        seen = 0;
        won = true
      :: else -> seen = word; won = false
      fi
    };
    if
    :: won -> won = false; break
    :: else -> adopted = 0
    fi
  od
}

/* pp_claim_find, by range: parts, then other members' units; with what follows. */
inline find_work_and_run() {
  if
  :: adopt(2)
  :: adopt(1)
  fi;
  if
  :: adopted != 0 ->
    d_step {
      assert(descriptor == mine); /* S6 */
      assert(pile[slot] == 0);
      pile[slot] = (adopted & 1) + (adopted >> 1 & 1) + (adopted >> 2 & 1);
      adopted = 0
    };
    do
    :: take_unit(slot)
    :: pile[slot] == 0 -> break
    od
  :: else ->
    if
    :: take_unit(0)
    :: take_unit(1)
    :: take_unit(2)
    :: pile[0] + pile[1] + pile[2] == 0
    fi
  fi
}

/* The caller's, by slot: each under its own number. */
inline run_spare_parts() {
  do
  :: true ->
    adopt(1);
    if
    :: adopted == 0 -> break
    :: else ->
      atomic {
        slot = (adopted == 2 -> 1 : 2);
        adopted = 0;
        assert(user[slot] == 0); /* S1, S3 */
        user[slot] = me + 1;
        value[slot] = 0
      };
      run_unit(slot);
      atomic { user[slot] = 0; slot = 0 }
    fi
  od
}

proctype worker(byte me) {
  short seen;
  byte slot, adopted, told, mine, i;
  bool won, as_thief, part, anew, begun;
end_idle:
  do
  :: seen = word; /* join_record and pp_group_join */
    do
#if MUTANT != 1
    :: seen & CLOSED -> break
    :: !(seen & CLOSED) &&
#else
    :: true &&
#endif
        TAKEN(seen) == ALL && (!(seen & SHARING) || JOINED(seen) == ALL) -> break
#if MUTANT != 1
    :: !(seen & CLOSED) &&
#else
    :: true &&
#endif
        (TAKEN(seen) != ALL || (seen & SHARING && JOINED(seen) != ALL)) ->
      if
      :: TAKEN(seen) == ALL -> adopted = ~JOINED(seen) & ALL
      :: else -> adopted = ~TAKEN(seen) & ALL
      fi;
      if
      :: adopted & 1 -> slot = 0
      :: adopted & 2 -> slot = 1
      :: adopted & 4 -> slot = 2
      fi;
      adopted = 0;
      atomic {
        if
        :: word == seen || !JOIN_COMPARES ->
          word = word | JOINED_BIT(slot) | TAKEN_BIT(slot);
          assert((JOINED(word) & ~TAKEN(word)) == 0);
          part = !(TAKEN(seen) >> slot & 1);
          anew = !(WORKED(seen) >> slot & 1);
          if
          :: part -> takers[slot]++; assert(takers[slot] == 1) /* S2 */
          :: else -> assert(sharing != BY_SLOT) /* S3 */
          fi;
          assert(user[slot] == 0); /* S1 */
          user[slot] = me + 1;
          mine = descriptor;
          assert(mine != 0); /* S6 */
          seen = 0;
          won = true
        :: else -> seen = word; slot = 0; won = false
        fi
      };
      if
      :: won -> break
      :: else
      fi
    od;
    if
    :: won && withdrawals != 0 && me == 1 && mine == 1 ->
      atomic { /* pp_group_withdraw */
        withdrawals--;
        word = word - JOINED_BIT(slot);
        user[slot] = 0;
        if
#if MUTANT == 9
        :: true ->
#else
        :: part ->
#endif
          word = word & ~TAKEN_BIT(slot);
          takers[slot]--
        :: else
        fi;
        won = false; part = false; anew = false; slot = 0; mine = 0
      }
    :: won -> /* run_as_joiner */
      if
      :: sharing == BY_SLOT ->
        value[slot] = 0;
        begun = true;
        run_unit(slot)
      :: sharing == BY_RANGE ->
        if
        :: part -> assert(pile[slot] == 0); pile[slot] = 1
        :: else
        fi;
        do
        :: take_unit(slot)
        :: pile[slot] == 0 -> break
        od;
        do
        :: find_work_and_run()
        :: break
        od
      :: sharing == BY_COUNTER ->
        do
        :: take_unit(0)
        :: pile[0] == 0 -> break
        od
      fi;
#if MUTANT == 5
      atomic { word = word - JOINED_BIT(slot); user[slot] = 0 };
#endif
      atomic { /* pp_group_leave */
        assert(descriptor == mine); /* S6 */
#if MUTANT != 5
        word = word - JOINED_BIT(slot);
        user[slot] = 0;
#endif
        word = word + told;
        if
#if MUTANT != 7
        :: begun && !(WORKED(word) >> slot & 1) -> word = word + WORKED_BIT(slot)
#endif
        :: else
        fi;
        won = false; part = false; anew = false; begun = false;
        slot = 0; told = 0; mine = 0
      }
    :: else -> seen = 0
    fi
  od
}

init {
  short seen;
  byte me, slot, adopted, told, mine, i;
  bool won, anew, begun;
  atomic {
    run worker(1);
    run worker(2)
  };
  do
  :: mine < LOOPS ->
#if MUTANT != 6
    seen = word; /* pp_group_seize */
    do
    :: IS_QUIET(seen) -> break
#if MUTANT != 3
    :: !IS_QUIET(seen) && JOINED(seen) != preset -> JOINED(word) == preset; seen = word
    :: !IS_QUIET(seen) && JOINED(seen) == preset ->
#else
    :: !IS_QUIET(seen) ->
#endif
      d_step {
        if
        :: word == seen -> word = word | CLOSED; seen = CLOSED | preset << 3
        :: else -> seen = word
        fi
      }
    od;
#endif
    atomic { quiet = word; descriptor = 0 };
    atomic { /* prepare */
      mine++;
      units = SLOTS + 1 - mine;
      if
      :: sharing = BY_SLOT
      :: sharing = BY_RANGE
      :: sharing = BY_COUNTER
      fi;
      for (i : 0 .. SLOTS - 1) {
        value[i] = GARBAGE;
        takers[i] = (i < units -> 0 : 1);
        assert(pile[i] == 0) /* R4 */
      }
      i = 0;
      ran = 0;
      told = 0;
      takers[0] = 1;
      user[0] = me + 1;
      pile[0] = (sharing == BY_COUNTER -> units : 0);
      descriptor = mine
    };
    atomic { /* pp_group_open */
      assert(word == quiet); /* S5 */
      quiet = 0;
      preset = ALL & ~((1 << units) - 1);
      word = (sharing == BY_COUNTER -> ALL : preset | 1) << 6 | WORKED_BIT(0);
      if
      :: sharing == BY_SLOT
      :: else -> preset = preset | 1; word = word | SHARING
      fi;
      word = word | preset << 3
    };
    atomic { value[0] = 0; begun = true; slot = 0 };
    if
    :: sharing == BY_SLOT ->
      run_unit(0);
      run_spare_parts()
    :: sharing == BY_RANGE ->
      pile[0] = 1;
      do
      :: take_unit(0)
      :: pile[0] == 0 -> break
      od
    :: sharing == BY_COUNTER ->
      do
      :: take_unit(0)
      :: pile[0] == 0 -> break
      od;
      word = word | CLOSED /* pp_group_close */
    fi;
    do /* wait_for_others */
    :: DONE(word) + told == units -> break /* whoever else is in holds nothing */
#if MUTANT == 10
    :: sharing == BY_COUNTER && pile[0] == 0 -> break
#endif
    :: sharing == BY_SLOT && TAKEN(word) != ALL -> run_spare_parts() /* somebody has withdrawn */
    :: sharing == BY_RANGE && DONE(word) + told < units &&
        (TAKEN(word) != ALL || pile[1] + pile[2] != 0) -> find_work_and_run()
    od;
    atomic { /* pp_partials_combine */
      assert(ran == units); /* S4 */
      ran = 0;
      for (i : 0 .. SLOTS - 1) {
        if
        :: i < units && (sharing == BY_SLOT || WORKED(word) >> i & 1) -> ran = ran + value[i]
        :: else
        fi
      }
      i = 0;
      assert(ran == units); /* S4 */
      ran = 0;
      user[0] = 0
    }
  :: else -> break
  od
}
