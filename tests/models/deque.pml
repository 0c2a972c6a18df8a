/* SPDX-License-Identifier: MIT */
/* deque.pml: an owner pushes and pops, thieves steal (lib/claim/deque.h), one of them only what was pushed in the
 * first of two activations (lib/task/queue.h); who may sleep is woken for each oldest entry.
 *
 * The owner pushes PUSHES entries in all, in a ring of two cells, and pops when it likes. Between its two activations
 * it empties the deque, as a wait for all of its tasks does, and the cells lose what is in them.
 *
 *     push()    pp_deque_push: top is read, the cell written, bottom, and top read again, each a step of its own
 *     pop()     pp_deque_pop
 *     forget()  pp_deque_shrink: that what comes next is in another ring is not here
 *     peek()    pp_deque_look and pp_deque_peek
 *     steal()   pp_deque_look and pp_deque_steal, by a thief that may be delayed anywhere
 *     thief     is_there and work of lib/task/steal.c, by a worker: finding nothing it registers as a sleeper, looks
 *               once more, and sleeps (lib/pool/waiting.c); and pp_queue_look_inside, by a waiter: generation, look,
 *               generation, steal
 *
 * Checked, on every interleaving of single atomic operations under sequential consistency (weaker orderings are
 * argued in deque.h's table and watched by ThreadSanitizer):
 *   D2  an entry is taken once, and what is taken is what was pushed;
 *   D4  a cell that is overwritten while a thief reads it is not taken by that thief;
 *   D6  nor is one that has lost its contents;
 *   A2  the waiter gets entries of the first activation alone;
 *   W1, W2  when the owner does nothing more, and every worker that has a task is busy with it for good, no worker
 *           sleeps while an entry is there.
 *   D7  what is read of an entry that is still at the top is that entry.
 * And when the deque is empty at the end, everything was taken.
 *
 * Mutants: 1 pop takes the last entry without the swap; 2 pop reads top before it lowers bottom; 3 steal by a plain
 * store; 4 push writes bottom before the cell; 5 push does not look whether the ring is full; 6 the waiter does not
 * read the generation again; 7 the worker sleeps without a last look; 8 push tells before it has pushed; 9 a thief
 * that leaves entries behind tells nobody; 10 cells lose what is in them while an entry is there; 11 what was
 * read is used without another look at top. */
#define MUTANTS 11
#ifndef MUTANT
#define MUTANT 0
#endif

#define PUSHES 4
#define FIRST_PUSHES 1 /* in the first activation */
#define CELLS 2

byte top = 1, bottom = 1;
byte cell[CELLS]; /* the number of the entry, from 1 */
bool taken[PUSHES + 1];
byte generation;
bool asleep[2]; /* the worker is registered */

inline take(number) {
  d_step {
    assert(number != 0 && !taken[number]); /* D2, D4 */
    taken[number] = true
  }
}

/* pp_tasks_tell */
inline tell() {
  d_step {
    if
    :: asleep[0] -> asleep[0] = false
    :: !asleep[0] && asleep[1] -> asleep[1] = false
    :: else
    fi
  }
}

/* After a theft (W2). */
inline tell_next() {
#if MUTANT != 9
  seen = top;
  b = bottom;
  if
  :: seen < b -> tell()
  :: else
  fi
#else
  skip
#endif
}

inline push() {
#if MUTANT == 8
  d_step { seen = top; t = bottom }
  if
  :: seen == t -> tell()
  :: else
  fi;
#endif
#if MUTANT == 5
  lacks = false;
#else
  lacks = (bottom - top >= CELLS);
#endif
  if
  :: lacks
  :: else ->
    pushed++;
#if MUTANT == 4
    bottom = bottom + 1;
    cell[(bottom - 1) % CELLS] = pushed;
#else
    cell[bottom % CELLS] = pushed;
    bottom = bottom + 1;
#endif
#if MUTANT != 8
    seen = top;
    if
    :: seen == bottom - 1 -> tell()
    :: else
    fi
#endif
  fi;
  seen = 0;
  lacks = false
}

/* Sets `none` when nothing was left. */
inline pop() {
#if MUTANT == 2
  seen = top;
  bottom = bottom - 1;
#else
  bottom = bottom - 1;
  seen = top;
#endif
  if
  :: bottom + 1 <= seen -> bottom = bottom + 1; none = true
  :: bottom + 1 > seen ->
    t = cell[bottom % CELLS];
    none = false;
    if
    :: bottom == seen ->
#if MUTANT == 1
      top = seen + 1; take(t);
#else
      atomic {
        if
        :: top == seen -> top = seen + 1; take(t)
        :: else -> none = true
        fi
      };
#endif
      bottom = bottom + 1
    :: else -> take(t)
    fi
  fi;
  seen = 0;
  t = 0
}

inline forget() {
  cell[0] = 0;
  cell[1] = 0
}

/* After a look that has set seen < bottom: won, if it got the entry. */
inline steal() {
  t = cell[seen % CELLS];
#if MUTANT == 3
  atomic { top = seen + 1; won = true; take(t) }
#else
  atomic {
    if
    :: top == seen -> top = seen + 1; won = true; take(t)
    :: else -> won = false
    fi
  }
#endif
}

/* After the same look: reads the entry without taking it. */
inline peek() {
  t = cell[seen % CELLS];
  atomic {
    if
#if MUTANT == 11
    :: true -> assert(t != 0 && !taken[t])
#else
    :: top == seen -> assert(t != 0 && !taken[t]) /* D7 */
    :: top != seen
#endif
    fi
  };
  won = false
}

/* Thief 1 may look as a waiter does, who takes only what is of the first activation, or as a worker. */
proctype thief(byte me) {
  byte seen, t, b;
  bool won, scoped, lost;
  do
  :: if
    :: true
    :: me == 1 && generation == 1 -> scoped = true
    fi;
    seen = top;
    b = bottom;
#if MUTANT != 6
    if
    :: scoped -> lost = (generation != 1)
    :: else
    fi;
#endif
    if
    :: lost
    :: !lost && seen < b ->
      b = 0;
      if
      :: me == 1 && !scoped -> peek()
      :: steal()
      fi;
      if
      :: won ->
        assert(!scoped || t <= FIRST_PUSHES); /* A2 */
        t = 0;
        tell_next();
        if
        :: true
        :: seen = 0; b = 0; scoped = false; won = false;
end_busy:
          false /* its task never ends */
        fi
      :: else
      fi;
      won = false;
      t = 0
    :: !lost && seen >= b && !scoped ->
      asleep[me] = true;
#if MUTANT != 7
      seen = top;
      b = bottom;
#endif
      if
      :: seen < b -> asleep[me] = false
      :: else
      fi;
      seen = 0;
      b = 0;
end_parked:
      !asleep[me]
    :: !lost && seen >= b && scoped
    fi;
    d_step { seen = 0; b = 0; scoped = false; lost = false }
  od
}

active proctype owner() {
  byte seen, t, pushed;
  bool none, lacks;
  generation = 1;
  run thief(0);
  run thief(1);
  do
  :: pushed < FIRST_PUSHES -> push()
  :: pushed != 0 -> pop()
  :: pushed == FIRST_PUSHES -> break
  od;
  none = false;
  do
  :: !none -> pop()
  :: none -> break
  od;
  forget();
  generation = 2;
  do
  :: pushed < PUSHES -> push()
#if MUTANT == 10
  :: forget()
#endif
  :: pop()
  :: pushed == PUSHES -> break
  od;
  none = false;
  /* It does nothing more: what is left is for those who steal, unless none of them is idle. */
end_busy:
  top == bottom;
  d_step {
    for (t : 1 .. PUSHES) { assert(taken[t]) }
  }
}

/* W1, W2: nobody can move any more, and a worker sleeps beside an entry. */
active proctype watch() {
end_watch:
  timeout;
  assert(top >= bottom || !(asleep[0] || asleep[1]))
}
