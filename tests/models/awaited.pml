/* SPDX-License-Identifier: MIT */
/* awaited.pml: tasks that a thread takes as it waits at a barrier, and who wakes it for them (lib/task/queue.h, A4, W1
 * and W5; lib/task/steal.c, lib/pool/waiting.c).
 *
 * One thread of a region, the owner, has a deque of tasks; the other one, the waiter, has come to a barrier. Before the
 * owner comes there, it either begins a group that it waits for after the barrier, with one task; or one of two tasks
 * that it waits for at once. The task of these that it runs first ends only when the waiter has run the other: no
 * program may rely on that, but here a lost wake so becomes a state without an end. After the barrier it waits for the
 * group that it has left open, and then begins one in the memory of the second kind, with two tasks, and waits for it.
 *
 *     push         pp_entry_push: the oldest entry is told of (pp_tasks_tell)
 *     pop          pp_deque_pop, whose store of bottom is a seq_cst exchange
 *     wait_for     pp_task_group_wait and run_own of group.c: awaited, a pop, pp_tasks_tell_awaited
 *     look         may_take of steal.c: the deque, the entry, its group's flag, the waiter's own wait
 *     waiter       is_over, help, park of waiting.c
 *
 * Checked, on every interleaving under sequential consistency: what the waiter takes is of a group that the owner waits
 * for before the barrier, and no invalid end state: the waiter is woken for that, and for the barrier's end.
 *
 * Mutants: 1 the flag is not read; 2 the waiter asks whether its wait is over before it looks at the deque; 3 the owner
 * tells of nothing as it begins to wait; 4 the waiter looks before it is registered; 5 the flag is set after
 * that. */
#define MUTANTS 5
#ifndef MUTANT
#define MUTANT 0
#endif

#define LATER 0 /* the group that is waited for after the barrier */
#define MEMORY 1 /* of the group before the barrier, and then of the one after it */

byte top, bottom, entry[8];
bit awaited[2];
byte left[2];      /* tasks of the group that have not ended */
bit over;          /* the owner has come to the barrier */
bit helped;        /* the waiter has run a task */
bit marked, woken; /* the waiter is registered; it is woken, now or as it parks */

inline wake_if(may) {
  if
  :: atomic { marked && (may) -> woken = 1 }
  :: else
  fi
}

inline push(group) {
  left[group]++;
  entry[bottom] = group;
  bottom++;
  if
  :: top == bottom - 1 -> wake_if(top < bottom && awaited[entry[top]])
  :: else
  fi
}

/* got: whether there was one */
inline pop() {
  bottom--;
  if
  :: bottom < top -> bottom++; got = 0
  :: bottom > top -> got = 1
  :: bottom == top -> /* the last one */
    atomic { got = (top == bottom); top = (got -> top + 1 : top) };
    bottom++
  fi
}

inline wait_for(group, needs_help) {
#if MUTANT != 5
  awaited[group] = 1;
#endif
  pop();
#if MUTANT != 3
  wake_if(top < bottom && awaited[entry[top]]);
#endif
#if MUTANT == 5
  awaited[group] = 1;
#endif
  do
  :: got ->
    if
    :: needs_help -> helped
    :: else
    fi;
    left[group]--;
    pop()
  :: else -> break
  od;
  left[group] == 0
}

inline begin(group) { awaited[group] = 0 }

active proctype owner() {
  bit got, later;
  if
  :: later = 1; begin(LATER); push(LATER)
  :: begin(MEMORY); push(MEMORY); push(MEMORY); wait_for(MEMORY, 1)
  fi;
  over = 1;
  wake_if(true);
  if
  :: later -> wait_for(LATER, 0)
  :: else
  fi;
  begin(MEMORY);
  push(MEMORY);
  push(MEMORY);
  wait_for(MEMORY, 0)
}

/* found: there is a task that it may take, at index `at` */
inline look() {
  found = 0;
#if MUTANT == 2
  gone = over;
#endif
  at = top;
  if
  :: bottom > at ->
    group = entry[at];
#if MUTANT == 1
    found = 1;
#else
    found = awaited[group];
#endif
#if MUTANT != 2
    gone = over;
#endif
    found = found && !gone
  :: else
  fi
}

active proctype waiter() {
  byte at, group;
  bit found, gone;
  do
  :: over -> break
  :: else ->
    look();
    if
    :: found ->
      if
      :: atomic {
           top == at -> top++;
           assert(!over && entry[at] == MEMORY && awaited[MEMORY])
         };
         helped = 1;
         left[MEMORY]--
      :: else
      fi
    :: else ->
#if MUTANT == 4
      look();
      marked = 1;
#else
      marked = 1;
      look();
#endif
      if
      :: !found && !over -> woken
      :: else
      fi;
      d_step { marked = 0; woken = 0 }
    fi
  od
}
