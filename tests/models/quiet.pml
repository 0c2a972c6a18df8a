/* SPDX-License-Identifier: MIT */
/* quiet.pml: how the threads of a region learn that all tasks before a barrier have ended, and who wakes those that
 * sleep until then (lib/gomp/tasks.h, X4 and X5; lib/task/lane.h, lib/gomp/tasks_await.c, lib/claim/pulse.h).
 *
 * Three threads have come to the barrier, and one has made a task before. A task makes another one or not, up to three
 * in all. A thread that finds nothing to run counts itself among the sleepers, looks a last time for the end and for
 * tasks, and sleeps. Each thread reads the others' counts one after the other.
 *
 *     run_one      pp_omp_task_run: its function makes a task; then count_ended of tasks.c
 *     make         pp_omp_tasks_add: count_made, then the push, and if the task is the oldest of its deque
 *                  pp_omp_tasks_tell. A deque is a number of tasks here: a push and a theft are one step (deque.pml),
 *                  and so is a look at all deques
 *     look         have_ended: the counts of ended ones, and then those of made ones
 *     wait         await_barrier: who has seen the end looks for sleepers
 *
 * Checked, on every interleaving under sequential consistency: a thread that has seen the end is right, and no invalid
 * end state: all threads see it.
 *
 * Mutants: 1 the made ones are read first; 2 a task is counted as made after its push; 3 a task is counted as ended
 * before its function has run; 4 who has seen the end wakes nobody; 5 a sleeper looks before it is counted. */
#define MUTANTS 5
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define TASKS 3

byte made[THREADS], ended[THREADS], deque[THREADS];
byte all_made = 1, unfinished = 1; /* the truth */
bit counted[THREADS], woken[THREADS];

/* A sleeper that is counted is woken, now or as it parks (pulse.h). */
inline wake() {
  d_step {
    woken[0] = woken[0] | counted[0];
    woken[1] = woken[1] | counted[1];
    woken[2] = woken[2] | counted[2]
  }
}

inline make() {
  unfinished++;
#if MUTANT == 2
  deque[me]++;
  made[me]++;
#else
  made[me]++;
  deque[me]++;
#endif
  wake()
}

/* It has been taken off a deque. */
inline run_one() {
#if MUTANT == 3
  ended[me]++;
#endif
  if
  :: atomic { all_made < TASKS -> all_made++ }; make()
  :: true
  fi;
  unfinished--;
#if MUTANT != 3
  ended[me]++
#else
  skip
#endif
}

inline take() {
  d_step {
    found = 0;
    from = 0;
    do
    :: from < THREADS && deque[from] > 0 -> deque[from]--; found = 1; break
    :: from < THREADS && deque[from] == 0 -> from++
    :: from == THREADS -> break
    od;
    from = 0
  }
}

#define ADD_UP(counts, sign)                                       \
  from = 0;                                                        \
  do                                                               \
  :: from < THREADS -> sum = sum + sign * counts[from]; from++     \
  :: else -> from = 0; break                                       \
  od

inline look() {
  sum = 0;
#if MUTANT == 1
  ADD_UP(made, 1);
  ADD_UP(ended, -1);
#else
  ADD_UP(ended, -1);
  ADD_UP(made, 1);
#endif
  over = sum == 0;
  sum = 0
}

proctype thread(byte me) {
  byte from;
  short sum;
  bit found, over;
  do
  :: true ->
    look();
    if
    :: over -> break
    :: else
    fi;
    take();
    if
    :: found -> run_one()
    :: else ->
#if MUTANT == 5
      look();
      counted[me] = 1;
#else
      counted[me] = 1;
      take();
      if
      :: !found -> look()
      :: else
      fi;
#endif
      if
      :: found || over
      :: else -> woken[me]
      fi;
      d_step { counted[me] = 0; woken[me] = 0 };
      if
      :: found -> run_one()
      :: else
      fi
    fi
  od;
  assert(unfinished == 0);
#if MUTANT != 4
  wake()
#endif
}

init {
  atomic {
    made[0] = 1;
    deque[0] = 1;
    run thread(0);
    run thread(1);
    run thread(2)
  }
}
