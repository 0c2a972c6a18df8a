/* SPDX-License-Identifier: MIT */
/* children.pml: the record of a task's children (lib/task/children.h), and who frees it.
 *
 * A parent makes three children, one of which its own thread ends, now or after the parent has ended; two thieves end
 * one each. The parent waits for all of them, or ends without that. What is plain in the library, its thread's alone,
 * is so here.
 *
 *     end_one     pp_children_end_one, and then count_ended of lib/gomp/tasks.c, which frees the record
 *     leave       pp_children_leave, and then pp_omp_tasks_leave_slowly
 *     is_over     pp_children_unfinished
 *
 * Checked, on every interleaving under sequential consistency:
 *   F1, F2  the record is freed once, when the parent and all children have ended; nobody reads or writes it after
 *   that;
 *   F2      a parent that has waited has seen all children end.
 *
 * Mutants: 1 a parent that ends with children left does not say so to its own thread; 2 it adds what it has made, and
 * not what is left; 3 who counts down frees at what was 0, and not 1; 4 a parent that ends frees whatever is left; 5
 * the parent compares what it has made with what it has ended. */
#define MUTANTS 5
#ifndef MUTANT
#define MUTANT 0
#endif

#define CHILDREN 3

byte made, ended;
bit left;
short elsewhere;
bit freed, parent_ended;
byte really_ended; /* children whose functions have returned */
bit stolen[2];     /* thieves have a child to run */

#define TOUCH assert(!freed)

inline free_record() {
  atomic {
    assert(!freed && parent_ended && really_ended == CHILDREN);
    freed = 1
  }
}

/* was: a local of the process. */
inline count_down(was) {
  atomic {
    TOUCH;
    was = elsewhere;
    elsewhere = elsewhere - 1
  };
  if
#if MUTANT == 3
  :: was == 0 -> free_record()
#else
  :: was == 1 -> free_record()
#endif
  :: else
  fi
}

inline end_here(was) {
  really_ended++;
  TOUCH;
  if
  :: !left -> ended++
  :: else -> count_down(was)
  fi
}

#if MUTANT == 5
#define IS_OVER (made == ended)
#else
#define IS_OVER (made - ended + elsewhere == 0)
#endif

inline leave(was) {
  parent_ended = 1;
#if MUTANT == 2
  rest = made;
#else
  rest = made - ended;
#endif
  atomic { TOUCH; was = elsewhere };
  if
#if MUTANT == 4
  :: true -> free_record()
#else
  :: rest + was == 0 -> free_record()
#endif
  :: else ->
#if MUTANT != 1
    left = 1;
#endif
    atomic {
      TOUCH;
      elsewhere = elsewhere + rest;
      was = elsewhere
    };
    if
    :: was == 0 -> free_record()
    :: else
    fi
  fi
}

active proctype owner() {
  short was, rest;
  bit waits, ends_late;
  made++;
  stolen[0] = 1;
  made++;
  stolen[1] = 1;
  made++;
  if
  :: waits = 1
  :: true
  fi;
  if
  :: !waits -> ends_late = 1 /* The last child waits on its deque as the parent ends. */
  :: true -> end_here(was)
  fi;
  if
  :: waits ->
    do
    :: atomic { TOUCH; IS_OVER -> break }
    od;
    assert(really_ended == CHILDREN)
  :: else
  fi;
  leave(was);
  if
  :: ends_late -> end_here(was)
  :: else
  fi;
  made == CHILDREN && really_ended == CHILDREN
}

proctype thief(byte me) {
  short was;
  stolen[me] == 1;
  really_ended++;
  count_down(was)
}

init {
  atomic { run thief(0); run thief(1) };
  /* In the end nobody has lost it. */
  timeout -> assert(freed)
}
