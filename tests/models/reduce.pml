/* SPDX-License-Identifier: MIT */
/* reduce.pml: reductions of small values in a team of up to eight threads, into one result of all threads or into one
 * of each thread's own (lib/team/values.c, lib/team/barrier.c).
 *
 * Three threads meet in the same constructs, whatever these are: reductions of both kinds, and barriers.
 *
 *     values, where   what a thread shows before it arrives, in one of two places in turn: its value, and where its
 *                     result is
 *     arrival         the latest barrier that it has come to; how threads wait for it is barrier.pml's
 *     told            thread 0's: whether the result is one, found when it came after all others (reduce_with_first)
 *
 * Checked, on every interleaving of single accesses under sequential consistency (each wait for an arrival is an
 * acquire that pairs with its release; what follows from several of them in a row is seen, too):
 *   R1  every reduction has the sum of the values that belong to it, when it returns, on every thread;
 *   R2  nobody waits for ever: no invalid end state.
 *
 * Mutants: 1 an arrival that is two barriers ahead stands for a shared result; 2 thread 0 arrives before it shows its
 * value; 3 one place for values; 4 thread 0 does not wait for the others; 5 it arrives before the shared result is
 * there; 6 the others do not count the barrier at which thread 0 alone arrives; 7 the others take what thread 0 told
 * the last time. */
#define MUTANTS 7
#ifndef MUTANT
#define MUTANT 0
#endif

#define THREADS 3
#define STEPS 5

#define BARRIER 0
#define INTO_ONE 1
#define INTO_OWN 2

#if MUTANT == 3
#define PLACE(thread) ((thread) * 2)
#else
#define PLACE(thread) ((thread) * 2 + parity)
#endif
#define VALUE(thread, step) ((thread) + 1 + 4 * (step))
#define SUM(step) (6 + 12 * (step))

byte kind[STEPS];
byte values[THREADS * 2];
byte where[THREADS * 2];
byte arrival[THREADS];
byte result[STEPS]; /* shared ones */
bool told;

inline show_value() {
  values[PLACE(me)] = VALUE(me, step);
  where[PLACE(me)] = (kind[step] == INTO_ONE -> THREADS : me)
}

inline arrive() {
  epoch++;
  arrival[me] = epoch
}

inline await_others(target) {
  other = 0;
  do
  :: other < THREADS -> other == me || arrival[other] >= target; other++
  :: else -> break
  od;
  other = 0
}

inline combine() {
  total = 0;
  do
  :: other < THREADS -> total = total + values[PLACE(other)]; other++
  :: else -> break
  od;
  other = 0
}

inline reduce_of_few() {
  show_value();
  arrive();
  await_others(epoch);
  shared = where[PLACE(0)] == where[PLACE(1)];
  shared_before = shared;
  if
  :: !shared || me == 0 -> combine()
  :: else
  fi;
  if
  :: shared && me == 0 -> result[step] = total; arrive()
  :: shared && me != 0 -> epoch++; arrival[0] >= epoch
  :: else
  fi
}

inline reduce_with_first() {
  if
  :: me == 0 ->
#if MUTANT != 4
    await_others(epoch + 1);
#endif
#if MUTANT == 2
    arrive();
#endif
    show_value();
    told = where[PLACE(0)] == where[PLACE(1)];
    shared = told;
    combine();
#if MUTANT != 5
    if
    :: shared -> result[step] = total
    :: else
    fi;
#endif
    if
    :: shared -> epoch++
    :: else
    fi;
#if MUTANT != 2
    arrive();
#endif
#if MUTANT == 5
    if
    :: shared -> result[step] = total
    :: else
    fi;
#endif
  :: else ->
    show_value();
#if MUTANT == 7
    shared = told;
#endif
    arrive();
    arrival[0] >= epoch;
#if MUTANT == 1
    shared = arrival[0] > epoch;
#elif MUTANT != 7
    shared = told;
#endif
    if
    :: shared ->
#if MUTANT == 6
      skip
#else
      epoch++
#endif
    :: else -> combine()
    fi
  fi;
  shared_before = shared
}

proctype thread(byte me) {
  byte epoch, step, other, total;
  bit parity;
  bool shared, shared_before;
  do
  :: step < STEPS ->
    if
    :: kind[step] == BARRIER -> arrive(); await_others(epoch)
    :: else ->
      if
      :: shared_before -> reduce_with_first()
      :: else -> reduce_of_few()
      fi;
      parity = 1 - parity;
      assert((kind[step] == INTO_ONE -> result[step] : total) == SUM(step));
      total = 0
    fi;
    step++
  :: else -> break
  od
}

init {
  byte s;
  atomic {
    do
    :: s < STEPS ->
      if
      :: kind[s] = BARRIER
      :: kind[s] = INTO_ONE
      :: kind[s] = INTO_OWN
      fi;
      s++
    :: else -> break
    od;
    run thread(0);
    run thread(1);
    run thread(2)
  }
}
