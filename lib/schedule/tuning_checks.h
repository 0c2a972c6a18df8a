/* SPDX-License-Identifier: MIT */
/* tuning_checks.h: the numbers that were chosen for what shows that a program is wrong, as tuning.h has the others. */
#ifndef PP_SCHEDULE_TUNING_CHECKS_H
#define PP_SCHEDULE_TUNING_CHECKS_H

/* --- PPAR_SHAKE (shuffle.h, api/shaker.h) ----------------------------------------------------------------------- */

enum {
  /* Chunks of one iteration in a loop, and, in one loop of three, so few, which leaves time for what long chunks show.
   * Two threads that add to a sum in chunks of one iteration lose one addition in ten or so: hundreds in a window. */
  PP_SHAKE_WINDOW = 4096,
  PP_SHAKE_SHORT_WINDOW = 256,
  /* The others come in so many blocks for each slot at most. */
  PP_SHAKE_BLOCKS = 8,
  /* Runs of a prange's iterations that are given out before they become twice as long. */
  PP_SHAKE_RUNS = 1024,
  /* Chunks of a loop, or runs of a thread in a prange, before which threads wait for each other. */
  PP_SHAKE_MEETINGS = 512,
  /* Slots that are held up late are so after this many of them. */
  PP_SHAKE_LATE = 32,
  /* One loop in so many runs on its caller alone; in one, a slot is held up before its first chunk. Both hide some
   * races as they show others, so they are rare. */
  PP_SHAKE_ALONE_EVERY = 128,
  PP_SHAKE_STARVED_EVERY = 128,
  /* In one of so many a slot is held up later. */
  PP_SHAKE_LATE_EVERY = 4,

  /* How long a thread waits for another one to begin a chunk with: at most and at first, so that a worker can start,
   * and at least. A wait in vain takes a quarter off, and one that is not doubles it. */
  PP_SHAKE_FIRST_PATIENCE_NS = 16000000,
  PP_SHAKE_LEAST_PATIENCE_NS = 4000,
  /* It spins for so long, and then sleeps for so long, in turns, where the process has more CPUs than one. */
  PP_SHAKE_SPIN_NS = 100000,
  PP_SHAKE_REST_NS = 20000,
  /* One that calls another one waits for its answer without sleeping for so long. */
  PP_SHAKE_ANSWER_NS = 5000,
  /* Two that have met begin so much later, both at once: a line moves between two CPUs in a part of it. */
  PP_SHAKE_START_NS = 600,
  /* And one of four then begins later by less than this. */
  PP_SHAKE_SKEW_NS = 150,

  /* A delay spins for less than this, or sleeps for less than that, at least a quarter of it. */
  PP_SHAKE_SHORT_NS = 20000,
  PP_SHAKE_LONG_NS = 300000,
  /* A slot or a thread that is held up in earnest sleeps for so long. */
  PP_SHAKE_STARVE_NS = 1500000,
  /* All threads together spend no more than this, and half of the time that has gone by, on delays and waits. A program
   * takes two or three times as long, and not for ever. */
  PP_SHAKE_FREE_NS = 400000000
};

/* --- PPAR_CHECK=results (algorithm/results.h) ------------------------------------------------------------------ */

enum {
  /* Iterations whose values are summed up to say how large rounding may be. Of a longer loop it is every k-th one. */
  PP_RESULTS_SAMPLES = 1 << 20,
  /* Places of an auto loop that each thread gets, and one more: so that the last one is not the last thread's. */
  PP_RESULTS_PLACES = 3,
  /* Parts that a loop is folded in to find out why its values differ: enough for two on each side and one between. */
  PP_RESULTS_PARTS = 5
};

#endif
