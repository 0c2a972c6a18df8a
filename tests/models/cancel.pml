/* SPDX-License-Identifier: MIT */
/* cancel.pml: a region is cancelled, and who knows of that takes part in no construct of the others
 * (lib/team/stage.h, T4; lib/api/prange.c, lib/api/team.c, lib/team/ordered.c, lib/team/values.c, lib/team/cancel.c,
 * lib/team/barrier.c).
 *
 * The threads of a team come to a chain of constructs, all in the same order. Thread 0 may cancel the region at any
 * moment; which thread it is makes no difference here, and a second cancellation only lets its thread know. Whoever
 * knows of the cancellation goes on with constructs of its own in place of the chain's. It may tell the others by a
 * word of the program's, so that one of them knows without having read the team's.
 *
 * In each run the constructs are of two kinds, in any order: what one kind counts is disturbed by a thread that
 * leaves one out, or has one more, and pranges share a number with pranges with ordered parts, values with barriers.
 * Three threads come to two constructs, or two threads to three: each is needed for some of the mutants.
 *
 *     cancel    pp_seat_cancel's exchange of the team's word canceled; its wakes are barrier.pml's and turns.pml's
 *     look      pp_seat_is_canceled and pp_team_is_canceled, where the code has them; most kinds begin with one
 *     walk      pp_stage_walk_on, by open_shared of prange.c: follow is read, and swapped where it is NULL; stage.pml
 *               has what becomes of the stages
 *     single    pp_single_claim, by ppar_single
 *     claim     pp_section_claim, by ppar_sections_claim_, in a construct of two sections
 *     ORDERED   await_turn of ordered.c with pp_team_turns: turns are found, or opened, by the prange's number;
 *               turns.pml has the waiting
 *     values    pp_values_copy, pp_values_reduce and pp_values_scan: a value is shown in one of two places in turn,
 *               and read by the others after the barrier (reduce.pml)
 *     barrier   pp_seat_barrier with pp_seat_arrive and pp_seat_await_others; sleeping is barrier.pml's
 *
 * A construct has a name: its place in the chain, or the number of the thread whose own it is. Each stage, number of
 * singles, number of sections constructs, tag of turns and value remembers whose it is.
 *
 * Checked, on every interleaving of single accesses under sequential consistency (what T4 needs of weaker orderings,
 * that whoever sees what was released after a cancellation sees this as well, is mutant 4):
 *   T4  nobody walks on to a stage of another construct than its own, nor takes a single, a section, turns or a value
 *       from one; no invalid end state: all threads come to their ends.
 *
 * Mutants: 1 a prange opens without a look; 2 it looks when it has walked on; 3 only who is to append a stage looks;
 * 4 the word canceled may be seen later than what the canceller writes after it; 5 singles are taken without a look;
 * 6 sections are; 7 turns are; 8 values are shown without a look; 9 who has seen all arrive at a barrier does not
 * look. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3 /* at most */
#define STEPS 3   /* constructs that a thread comes to, at most */

#define BARRIER 0
#define ORDERED 1
#define SECTIONS 2
#define SINGLE 3
#define PRANGE 4
#define VALUES 5

#define OTHER 8 /* names of constructs that are not the chain's */

byte threads, steps;
byte one, two; /* the kinds of constructs in this run */
byte kinds[STEPS];
bool canceled, told;

byte stage_of[STEPS + 1]; /* whose the stages of the chain are; 0: this one is not there yet */
byte given;               /* singles */
byte single_of[STEPS];
byte construct, next; /* the team's word of sections */
byte section_of[STEPS + 1];
byte turns_of[STEPS + 1]; /* by their tag */
byte arrival[THREADS];
byte value[THREADS * 2];

#if MUTANT == 4
bool written; /* thread 0 has written canceled, and nobody else may see that yet */
#define SEEN (canceled || me == 0 && written)
#else
#define SEEN canceled
#endif

#if MUTANT == 1 || MUTANT == 2 || MUTANT == 3
#define BLIND PRANGE
#elif MUTANT == 5
#define BLIND SINGLE
#elif MUTANT == 6
#define BLIND SECTIONS
#elif MUTANT == 7
#define BLIND ORDERED
#elif MUTANT == 8
#define BLIND VALUES
#else
#define BLIND BARRIER
#endif
#define LOOKS (kind != BARRIER && kind != BLIND) /* a barrier looks when the thread has arrived */

/* Sets stops: what the word says decides, and not how the thread knows. */
inline look() {
  stops = SEEN;
  knows = knows || stops
}

inline own(whose) {
  if
  :: whose == 0 -> whose = name
  :: else -> assert(whose == name) /* T4 */
  fi
}

inline walk() {
  atomic {
    if
    :: stage_of[stage + 1] == 0 -> appends = true
    :: else -> own(stage_of[stage + 1]); stage++
    fi
  };
#if MUTANT == 3
  if
  :: appends -> look(); appends = !stops
  :: else
  fi;
#endif
  if
  :: atomic { appends -> appends = false; own(stage_of[stage + 1]); stage++ }
  :: !appends
  fi;
#if MUTANT == 2
  look()
#endif
}

inline single() {
  d_step {
    own(single_of[singles]);
    if
    :: given == singles -> given++
    :: else
    fi;
    singles++
  }
}

inline claim() {
  d_step {
    own(section_of[sections]);
    if
    :: construct > sections
    :: construct == sections -> next++
    :: construct < sections -> construct = sections; next = 1
    fi
  }
}

#define HAVE_ARRIVED (arrival[0] >= epoch && arrival[1] >= epoch && (threads == 2 || arrival[2] >= epoch))

/* Sets stops where it fails. */
inline barrier() {
  atomic { epoch++; arrival[me] = epoch };
  atomic {
    if
    :: HAVE_ARRIVED
    :: !(HAVE_ARRIVED) && SEEN -> look()
    fi
  };
#if MUTANT != 9
  atomic { look() }
#endif
}

inline values() {
  value[me * 2 + shows % 2] = name;
  barrier();
  atomic {
    if
    :: stops
    :: else ->
      do
      :: other < threads -> assert(value[other * 2 + shows % 2] == name); other++ /* T4; as late as may be */
      :: else -> break
      od
    fi;
    shows++;
    other = 0
  }
}

proctype thread(byte me) {
  byte step, kind, name, stage, singles, sections, pranges, epoch, shows, other;
  bool knows, stops, appends;
again:
  if
  :: atomic { me == 0 && !knows ->
#if MUTANT == 4
      written = true;
#else
      canceled = true;
#endif
      knows = true
    }
  :: atomic { knows && !told -> told = true }
  :: atomic { step < steps ->
      if
      :: !knows && told -> knows = true
      :: true
      fi;
      if
      :: !knows -> kind = kinds[step]; name = step + 1
      :: else ->
        name = OTHER + me;
        if
        :: kind = one
        :: kind = two
        fi
      fi;
      step++;
      pranges = pranges + (kind == PRANGE || kind == ORDERED -> 1 : 0);
      sections = sections + (kind == SECTIONS -> 1 : 0);
      if
      :: LOOKS -> look()
      :: else
      fi;
      if
      :: stops -> stops = false; kind = 0; name = 0; goto again
      :: else
      fi
    };
    if
    :: kind == PRANGE -> walk()
    :: kind == SINGLE -> single()
    :: kind == SECTIONS ->
      claim();
      atomic {
        if
        :: LOOKS -> look()
        :: else
        fi
      };
      if
      :: !stops -> claim()
      :: else
      fi
    :: kind == ORDERED -> atomic { own(turns_of[pranges]) }
    :: kind == VALUES -> values()
    :: kind == BARRIER -> barrier()
    fi;
    atomic { stops = false; kind = 0; name = 0 }
  :: step == steps -> goto ends
  fi;
  goto again;
ends:
  skip
}

#if MUTANT == 4
active proctype memory() {
end_idle:
  written -> canceled = true
}
#endif

init {
  byte i;
  atomic {
    select(two : ORDERED .. VALUES);
    select(one : BARRIER .. two - 1);
    if
    :: threads = 2; steps = 3
    :: threads = 3; steps = 2
    fi;
    for (i : 0 .. steps - 1) {
      if
      :: kinds[i] = one
      :: kinds[i] = two
      fi
    }
    i = 0;
    run thread(0);
    run thread(1);
    if
    :: threads == 3 -> run thread(2)
    :: else
    fi
  }
}
