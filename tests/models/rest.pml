/* SPDX-License-Identifier: MIT */
/* rest.pml: an owner runs two batches, and thieves take from what it has not begun of them (lib/claim/rest.h,
 * lib/share/batch.c, lib/share/steal.c).
 *
 * The owner's plain stores wait in a buffer, in order, until the processor gets around to them, while the owner reads
 * on. A read-modify-write of the owner's waits until the buffer is empty, and so does a thief's barrier. Everything
 * else is sequentially consistent.
 *
 *     batch()   pp_batch_piece and run_shared: opens the rest, begins one unit after the other (pp_rest_begin), answers
 *               where alert is up (pp_rest_close), ends (pp_rest_end)
 *     thief     pp_rest_steal
 *
 * The system's barrier may cease to be there at any time (there); what stands in for it then is a barrier here, too. An
 * owner that is not hurried waits for its buffer before it looks at alert, and its thieves make no barrier (H7).
 *
 * The second batch lies before the first one, so that a thief that mixes up what it has seen of both takes units that
 * are nobody's. Checked: each unit is run once, by the owner or by one thief (H1); and in the end all have been.
 *
 * Mutants: 1 no barrier; 2 the barrier comes before alert is raised; 3 the claim comes after that; 4 an owner that has
 * lowered alert does not close; 5 a take that does not compare; 6 all thieves claim under one number; 7 the second
 * batch's begun is written before the first one's end; 8 a thief goes by whether the barrier is there now, and not by
 * what the rest says; 9 an owner that is not hurried does not wait for its buffer. */
#define MUTANTS 9
#ifndef MUTANT
#define MUTANT 0
#endif

#define UNITS 6
#define TRIES 2

#define END(word) ((word) & 15)
#define CLAIMANT(word) ((word) >> 4 & 3)
#define HURRIED(word) ((word) >> 6)
#define PACK(hurried, claimant, end) ((hurried) << 6 | (claimant) << 4 | (end))

#define BEGUN 0
#define WORD 1

chan stores = [4] of { bit, byte };
byte word;
byte begun;
bit alert;
bit there = 1;
byte runs[UNITS];
byte ended;

#define RUN(u) assert(runs[u] == 0); runs[u] = 1 /* H1 */

proctype processor() {
  bit where;
  byte value;
end_idle:
  do
  :: atomic {
      stores ? where, value;
      if
      :: where == BEGUN -> begun = value
      :: else -> word = value
      fi;
      where = 0;
      value = 0
    }
  od
}

proctype system() { there = 0 }

/* Unit `at` counts as begun. */
inline open() {
  if
  :: at + 1 < end -> hurried = there; stores ! BEGUN, at + 1; stores ! WORD, PACK(hurried, 0, end)
  :: else
  fi
}

inline batch(first, past) {
  at = first;
  end = past;
  open();
  RUN(at);
  at++;
  do
  :: at == end -> break
  :: at < end ->
    stores ! BEGUN, at + 1;
#if MUTANT != 9
    if
    :: hurried
    :: !hurried -> empty(stores)
    fi;
#endif
    if
    :: alert == 0 -> RUN(at); at++
    :: alert == 1 ->
      atomic { empty(stores) -> alert = 0 };
#if MUTANT != 4
      atomic {
        empty(stores) ->
        if
        :: word != 0 -> end = END(word)
        :: else
        fi;
        word = 0
      };
      if
      :: at < end -> open(); RUN(at); at++
      :: else
      fi
#endif
    fi
  od;
#if MUTANT == 7
  if
  :: first != 0 -> stores ! BEGUN, 1
  :: else
  fi;
#endif
  stores ! WORD, 0
}

proctype owner() {
  byte at, end;
  bit hurried;
  batch(3, 6);
  batch(0, 3);
  ended++
}

#if MUTANT == 8
#define BARRIER if :: there -> empty(stores) :: else fi
#else
#define BARRIER if :: HURRIED(seen) -> empty(stores) :: else fi
#endif

#if MUTANT == 6
#define ME 1
#else
#define ME me
#endif

inline claim() {
  atomic {
    if
    :: word == seen -> word = PACK(HURRIED(seen), ME, END(seen)); won = true
    :: else
    fi
  }
}

proctype thief(byte me) {
  byte seen, from, middle, tries;
  bool won;
  do
  :: tries == TRIES -> break
  :: tries < TRIES ->
    tries++;
    seen = word;
    if
    :: seen == 0 || CLAIMANT(seen) != 0
    :: else ->
#if MUTANT == 3
      alert = 1;
      BARRIER;
      from = begun;
      claim();
#else
      claim();
#endif
      if
      :: won ->
        won = false;
#if MUTANT == 2
        BARRIER;
#endif
#if MUTANT != 3
        alert = 1;
#if MUTANT != 1 && MUTANT != 2
        BARRIER;
#endif
        from = begun;
#endif
        middle = (from < END(seen) -> from + (END(seen) - from) / 2 : END(seen));
        atomic {
          if
#if MUTANT == 5
          :: true ->
#else
          :: word == PACK(HURRIED(seen), ME, END(seen)) ->
#endif
            word = PACK(HURRIED(seen), 0, middle);
            do
            :: middle < END(seen) -> RUN(middle); middle++
            :: else -> break
            od
          :: else
          fi
        }
      :: else
      fi
    fi;
    seen = 0;
    from = 0;
    middle = 0
  od;
  ended++
}

init {
  byte u;
  atomic {
    run processor();
    run system();
    run owner();
    run thief(1);
    run thief(2)
  };
  ended == 3;
  for (u : 0 .. UNITS - 1) { assert(runs[u] == 1) }
}
