/* SPDX-License-Identifier: MIT */
/* group.pml: how a task group counts (lib/task/queue.h, lib/task/group.c, lib/task/steal.c): its owner's tasks, and
 * those that a thief spawns from inside of one.
 *
 * The owner spawns two tasks, one of which spawns two more if a thief runs it. Two thieves steal from the owner's queue
 * and from each other's; the owner waits, and then begins the next group in the same memory, in which nobody may touch
 * anything any more.
 *
 *     spawn         pp_task_group_spawn: owed is the owner's alone
 *     spawn_inside  pp_task_group_spawn_inside
 *     run_stolen    of steal.c: the task, then what is left on the thief's own queue, then pp_task_group_count
 *     wait          pp_task_group_wait: run_own, then await_thieves
 *
 * Checked, on every interleaving under sequential consistency: when the wait is over every task has been run, and no
 * thief touches the group afterwards; and the wait ends.
 *
 * Mutants: 1 a thief counts what it spawns after it has pushed it; 2 it does not count it; 3 it adds its own task
 * before that has spawned; 4 it counts what nobody has stolen as run, and leaves it. */
#define MUTANTS 4
#ifndef MUTANT
#define MUTANT 0
#endif

#define THIEVES 2
#define FURTHER 2 /* tasks that the first one spawns */

/* Of a queue: plain tasks, and those that spawn. Queue 0 is the owner's. */
byte plain[THIEVES + 1], parents[THIEVES + 1];
short finished, owed;
byte ran;
byte made;
bit over;

inline touch() { assert(!over) }

inline run_task(is_parent, queue) {
  if
  :: is_parent ->
    further = 0;
    do
    :: further < FURTHER ->
      made++;
#if MUTANT != 1 && MUTANT != 2
      atomic { touch(); finished-- };
#endif
      plain[queue]++;
#if MUTANT == 1
      atomic { touch(); finished-- };
#endif
      further++
    :: else -> break
    od
  :: else
  fi;
  ran++
}

proctype thief(byte me) {
  byte further, victim, count;
  bit parent;
  do
  :: over -> break
  :: else ->
    /* from the owner's queue, or the other thief's */
    if
    :: victim = 0
    :: victim = THIEVES + 1 - me
    fi;
    count = 0;
    atomic {
      if
      :: parents[victim] > 0 -> parents[victim]--; parent = 1; count = 1
      :: plain[victim] > 0 -> plain[victim]--; parent = 0; count = 1
      :: else
      fi
    };
    if
    :: count == 0
    :: else ->
#if MUTANT == 3
      atomic { touch(); finished++ };
#endif
      run_task(parent, me);
#if MUTANT == 4
      count = count + plain[me];
#else
      do
      :: atomic { plain[me] > 0 -> plain[me]-- }; ran++; count++
      :: plain[me] == 0 -> break
      od;
#endif
#if MUTANT == 3
      count--;
      if
      :: count > 0 -> atomic { touch(); finished = finished + count }
      :: else
      fi
#else
      atomic { touch(); finished = finished + count }
#endif
    fi
  od
}

/* What the owner runs itself spawns by the owner's own count, which is not of interest here. */
active proctype owner() {
  atomic { run thief(1); run thief(2) };
  owed++;
  made++;
  parents[0]++;
  owed++;
  made++;
  plain[0]++;
  do
  :: atomic { plain[0] > 0 -> plain[0]-- }; ran++; owed--
  :: atomic { parents[0] > 0 -> parents[0]-- }; ran++; owed--
  :: plain[0] == 0 && parents[0] == 0 -> break
  od;
  finished == owed;
  assert(ran == made);
  over = 1
}
