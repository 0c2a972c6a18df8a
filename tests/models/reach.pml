/* SPDX-License-Identifier: MIT */
/* reach.pml: one unit waits for all others to have begun, whichever it is, and threads that find nothing sleep, or
 * leave for good (lib/share/share.h, lib/share/steal.c, lib/share/batch.c, lib/team/pieces.c).
 *
 * Two threads have a slot each, and there is a third slot whose thread does not come. In reach_late.pml three do, of
 * whom the first has just taken a batch. The units of a slot's part, a range and a rest are sets of bits. What is one
 * read-modify-write there is one step here; so is the beginning of a piece, and a theft from a rest whose slot's alert
 * is up (rest.pml), and the wake of all sleepers (parking.pml). Who takes takes all, or takes or leaves the first one:
 * sizes are a matter of time, which is not modelled. Memory is sequentially consistent: all of these are, but for the
 * stores to moves, for which share.h has the reason.
 *
 *     own()      pp_claim_own: put, then look at alert, and tell sleepers
 *     run_own()  pp_batch_piece: take a batch, open its rest, begin one unit after the other, answer
 *     find()     pp_claim_find: parts, ranges, then rests
 *     sleep      hungry_wait of pieces.c: prepare, raise all alerts, look, sleep
 *     leave      pp_claim_find_for_good: raise all alerts, read moves, look, read moves
 *
 * A slot's moves is a bit that says whether the number is odd, and for each thread what it knows of it: whether it has
 * read the number, and whether that has changed since.
 *
 * Checked: no invalid end state. Units that wait would be one, where all who could run the others sleep or have left.
 * And no unit is begun twice (E1, E2).
 *
 * Mutants: 1 own looks at alert, then puts; 2 an opened rest is not told of where alert is up; 3 alerts are raised
 * after the last look; 4 an owner that answers tells nobody of the rest; 5 a sleeper prepares after the last look.
 * Of those who leave for good: 6 moves is not read before the look; 7 nor after it; 8 it is read, but compared with
 * nothing; 9 a move ends before its put; 10 it begins after its taking; 11 a batch is no move; 12 nor an answer; 13
 * nor a join; 14 nor an adoption; 15 nor a theft; 16 nor a theft from a rest. In reach_late.pml: 17 who has joined
 * without a part does not tell of its first units; 18 a slot that has joined since the first reading counts as
 * unchanged. */
#ifndef THREADS
#define MUTANTS 16
#define THREADS 2
#endif
#ifndef MUTANT
#define MUTANT 0
#endif

#define PARTS 3
#if THREADS == 3
#define ALL 7
#define TAKES_LESS false
#else
#define TAKES_LESS true
#define ALL 15
#endif
#define FIRST(set) ((set) & -(set))
#define IS_SINGLE(set) ((set) == FIRST(set))

byte range[THREADS], rest[THREADS];
byte part[PARTS];
bit taken[PARTS], joined[THREADS], alert[THREADS];
bit odd[THREADS];
byte look[THREADS * THREADS]; /* of each thread at each slot's moves */
bit prepared[THREADS], woken[THREADS];
byte begun, waiters;
bit nowait;

#define NOT_READ 0
#define READ 1
#define CHANGED 2
#define TELL(thread)                                                        \
  if                                                                        \
  :: look[thread * THREADS + me] == READ -> look[thread * THREADS + me] = CHANGED \
  :: else                                                                   \
  fi

inline count() {
  d_step {
    if
    :: nowait ->
      odd[me] = 1 - odd[me];
#if THREADS == 3
      TELL(2);
#endif
      TELL(0);
      TELL(1)
    :: else
    fi
  }
}

inline offer() {
  d_step {
    woken[0] = woken[0] | prepared[0];
    woken[1] = woken[1] | prepared[1]
#if THREADS == 3
    ;
    woken[2] = woken[2] | prepared[2]
#endif
  }
}

#define MOVES(mutant) (MUTANT != mutant || !nowait)

/* What was taken into `got`. */
inline own(mutant) {
  if
  :: got == 0
  :: got != 0 ->
#if MUTANT == 10
    if
    :: MOVES(mutant) -> count()
    :: else
    fi;
#endif
#if MUTANT == 9
    count();
#endif
    assert(range[me] == 0);
#if MUTANT == 1
    told = alert[me] | unheard;
    range[me] = got;
#else
    range[me] = got;
    told = alert[me] | unheard;
#endif
    if
    :: IS_SINGLE(got)
    :: !IS_SINGLE(got) ->
      if
      :: told -> offer()
      :: else
      fi;
      unheard = 0
    fi;
    told = 0
  fi
}

#if MUTANT == 10
#define BEGIN(mutant)
#define END(mutant) if :: got != 0 && MOVES(mutant) -> count() :: else fi
#elif MUTANT == 9
#define BEGIN(mutant) count()
#define END(mutant) if :: got == 0 -> count() :: else fi
#else
#define BEGIN(mutant) if :: MOVES(mutant) -> count() :: else fi
#define END(mutant) if :: MOVES(mutant) -> count() :: else fi
#endif

inline run_unit(unit) {
  atomic { assert((begun & unit) == 0); begun = begun | unit };
  if
  :: (unit & waiters) != 0 -> (begun | waiters) == ALL
  :: else
  fi
}

/* Of `batch` the first is the next piece, and what is left a rest. */
inline open_rest(hungry) {
  first = FIRST(batch);
  batch = batch & ~first;
  if
  :: batch == 0
  :: batch != 0 ->
    rest[me] = batch;
    batch = 0;
#if MUTANT == 2
    if
    :: hungry -> offer()
    :: else
    fi
#else
    if
    :: hungry || alert[me] -> offer()
    :: else
    fi
#endif
  fi
}

inline answer() {
  alert[me] = 0;
  if :: MOVES(12) -> count() :: else fi;
  atomic { batch = rest[me]; rest[me] = 0 };
  if
  :: batch == 0 -> first = 0
  :: batch != 0 ->
    if
    :: !IS_SINGLE(batch) && range[me] == 0 -> /* hand_back */
      got = batch & ~FIRST(batch);
      batch = FIRST(batch);
      range[me] = got;
      got = 0;
      offer();
      open_rest(false)
    :: true ->
#if MUTANT == 4
      open_rest(false)
#else
      open_rest(true)
#endif
    fi
  fi;
  if :: MOVES(12) -> count() :: else fi
}

/* Until the own rest is empty. */
inline run_pieces() {
  do
  :: first == 0 -> break
  :: first != 0 ->
    run_unit(first);
    first = 0;
    atomic {
      if
      :: rest[me] == 0
      :: rest[me] != 0 && !alert[me] -> first = FIRST(rest[me]); rest[me] = rest[me] & ~first
      :: rest[me] != 0 && alert[me] -> first = ALL
      fi
    };
    if
    :: first == ALL -> answer()
    :: else
    fi
  od
}

/* Until the own range is empty. */
inline run_own() {
  do
  :: range[me] == 0 -> break
  :: range[me] != 0 ->
    if :: MOVES(11) -> count() :: else fi;
    atomic {
      if
      :: batch = range[me]
      :: TAKES_LESS -> batch = FIRST(range[me])
      fi;
      range[me] = range[me] & ~batch
    };
    if
    :: batch != 0 -> open_rest(false)
    :: else
    fi;
    if :: MOVES(11) -> count() :: else fi;
    run_pieces()
  od
}

inline take_from(set) {
  atomic {
    if
    :: got = set
    :: TAKES_LESS && !IS_SINGLE(set) -> got = set & ~FIRST(set)
    fi;
    set = set & ~got
  }
}

/* The slot after v that has joined and is not the thread's own; THREADS: there is none. */
#define NEXT_SLOT                                              \
  do                                                           \
  :: v < THREADS && (v == me || !joined[v]) -> v++             \
  :: else -> break                                             \
  od

/* Parts are looked at all at once: what is taken stays so. */
inline find() {
  atomic {
    pending = 0;
    v = 0;
    do
    :: v < PARTS && taken[v] -> v++
    :: else -> break
    od
  };
  if
  :: v == PARTS
  :: v < PARTS ->
    BEGIN(14);
    atomic {
      if
      :: !taken[v] -> taken[v] = 1; got = part[v]
      :: else
      fi
    };
    own(14);
    END(14)
  fi;
  atomic { v = 0; NEXT_SLOT };
  do
  :: v == THREADS || got != 0 -> break
  :: v < THREADS && got == 0 ->
    if
    :: range[v] != 0 ->
      BEGIN(15);
      take_from(range[v]);
      own(15);
      END(15)
    :: else
    fi;
    atomic {
      if
      :: rest[v] != 0 -> pending = 1
      :: else
      fi;
      v++;
      NEXT_SLOT
    }
  od;
  if
  :: got != 0 || !pending
  :: got == 0 && pending ->
    atomic { pending = 0; v = 0; NEXT_SLOT };
    do
    :: v == THREADS || got != 0 -> break
    :: v < THREADS && got == 0 ->
      if
      :: rest[v] == 0
      :: rest[v] != 0 && (!alert[v] || range[v] != 0) -> pending = 1
      :: rest[v] != 0 && alert[v] && range[v] == 0 ->
        BEGIN(16);
        atomic {
          if
          :: alert[v] -> take_from(rest[v])
          :: else
          fi
        };
        own(16);
        END(16);
        pending = (got == 0)
      fi;
      atomic { v++; NEXT_SLOT }
    od
  fi;
  v = 0
}

inline raise_all() {
  atomic { v = 0; NEXT_SLOT };
  do
  :: v == THREADS -> break
  :: v < THREADS -> atomic { alert[v] = 1; v++; NEXT_SLOT }
  od;
  v = 0
}

/* The first time. */
inline read_moves() {
  atomic { v = 0; NEXT_SLOT };
  do
  :: v == THREADS -> break
  :: v < THREADS ->
    atomic { look[me * THREADS + v] = READ; moving = moving | odd[v]; v++; NEXT_SLOT }
  od;
  v = 0
}

inline read_again() {
  atomic { v = 0; NEXT_SLOT };
  do
  :: v == THREADS -> break
  :: v < THREADS ->
    atomic {
      moving = moving | odd[v];
#if MUTANT == 18
      moving = moving | (look[me * THREADS + v] == CHANGED);
#elif MUTANT != 6 && MUTANT != 8
      moving = moving | (look[me * THREADS + v] != READ);
#endif
      look[me * THREADS + v] = NOT_READ;
      v++;
      NEXT_SLOT
    }
  od;
  v = 0
}

#if THREADS == 3
#define FORGET look[me * 3] = 0; look[me * 3 + 1] = 0; look[me * 3 + 2] = 0
#else
#define FORGET look[me * 2] = 0; look[me * 2 + 1] = 0
#endif

proctype member(byte me) {
  byte got, batch, first, v;
  bit unheard, told, pending, moving;
  if :: MOVES(13) && MUTANT != 10 -> count() :: else fi;
  atomic {
    joined[me] = 1;
    if
    :: !taken[me] -> taken[me] = 1; got = part[me]
    :: else -> unheard = (MUTANT != 17)
    fi
  };
  own(13);
  if
#if MUTANT == 9
  :: got != 0
#endif
#if MUTANT == 10
  :: got == 0
  :: got != 0 -> count()
#else
  :: MOVES(13) && (MUTANT != 9 || got == 0) -> count()
  :: !MOVES(13)
#endif
  fi;
  got = 0;
again:
  run_own();
  find();
  if
  :: got != 0 -> got = 0; goto again
  :: got == 0 && begun == ALL -> goto out
  :: else
  fi;
  if
  :: !nowait ->
#if MUTANT != 5
    d_step { prepared[me] = 1; woken[me] = 0 };
#endif
#if MUTANT != 3
    raise_all();
#endif
    find();
#if MUTANT == 3
    raise_all();
#endif
#if MUTANT == 5
    d_step { prepared[me] = 1; woken[me] = 0 };
#endif
    if
    :: got != 0 || pending
    :: got == 0 && !pending -> woken[me] || begun == ALL
    fi;
    d_step { prepared[me] = 0; woken[me] = 0; got = 0; pending = 0 }
  :: nowait ->
    raise_all();
#if MUTANT != 6
    read_moves();
#endif
    find();
    if
    :: got != 0 -> atomic { got = 0; moving = 0; FORGET }
    :: got == 0 ->
#if MUTANT != 7
      read_again();
#endif
      if
      :: !pending && !moving -> goto out
      :: else -> pending = 0; moving = 0
      fi
    fi
  fi;
  goto again;
out:
  skip
}

#if THREADS == 3
/* It opens the rest of its first batch, and finds nothing later. */
proctype owner(byte me) {
  byte got, batch, first;
  batch = ALL;
  open_rest(false);
  count();
  run_pieces()
}
#endif

init {
  atomic {
#if (MUTANT > 0 && MUTANT <= 5) || MUTANT == 17
    nowait = 0;
#elif MUTANT != 0
    nowait = 1;
#else
    if
    :: nowait = 0
    :: nowait = 1
    fi;
#endif
#if THREADS == 3
    joined[0] = 1;
    odd[0] = nowait;
    taken[0] = 1;
    taken[1] = 1;
    taken[2] = 1;
    waiters = 3;
#else
    if
    :: part[0] = 1; part[1] = 2; part[2] = 12
    :: part[0] = 1; part[1] = 6; part[2] = 8
    :: part[0] = 7; part[1] = 8; taken[2] = 1
    fi;
    if
    :: waiters = 1
    :: waiters = 2
    :: waiters = 4
    :: waiters = 8
    fi;
#endif
#if THREADS == 3
    run owner(0);
    run member(2);
#else
    run member(0);
#endif
    run member(1)
  }
}
