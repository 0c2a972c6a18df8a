/* SPDX-License-Identifier: MIT */
/* batches.h: how many units a thread takes from its range at once. Batches are sized by time, so that what each costs (a
 * locked operation, two clock readings, the calls of its bursts: some 200 ns) is 0.3 % of it. */
#ifndef PP_SCHEDULE_BATCHES_H
#define PP_SCHEDULE_BATCHES_H

#include <stdint.h>

enum {
  /* How long a batch should take. Longer ones gain little, and hold more of a loop's end when their thread loses its CPU. */
  PP_BATCH_NS = 64000,
  /* In loops that give each slot few full batches it is at most this part of what each slot has on average ... */
  PP_PART_TAKES = 16,
  /* ... but at least this part of a full one: what a batch costs then matters less than that all end together. */
  PP_LEAST_PART = 4,
  /* Bursts of a batch, where the body does not make more of them: a wrong estimate costs one burst. */
  PP_BURSTS = 8,
  /* A steal costs the thief and the victim about 300 ns each: less than this is not divided. */
  PP_DIVIDE_NS = 2000,
  /* What an owner keeps rather than hand back: waking a thief takes a few microseconds. */
  PP_KEEP_NS = 4000,
  /* A batch too short to measure: it may raise the estimate, not lower it. */
  PP_SHORT_NS = 1000,
  /* The estimate may grow by this factor from batch to batch. */
  PP_GROWTH = 8,
  /* The first batch of an unknown body, whose iterations may be slow: this part of the range, and no more units. */
  PP_FIRST_PART = 32,
  PP_FIRST_UNITS = 64,
  /* Where units are so short that a batch has many of them, bursts begin at multiples of so many: a body's vectors then lie
   * in cache lines as they do in the whole loop. In lines that they straddle, a loop in memory takes 2-6 % longer. */
  PP_EVEN_UNITS = 64,
  PP_EVEN_BATCH = 16 * PP_EVEN_UNITS
};

/* Of a range of so many units; at least 1. */
static inline uint64_t pp_batch_first(uint64_t length) {
  uint64_t part = length / PP_FIRST_PART;
  return part == 0 ? 1 : part < PP_FIRST_UNITS ? part : PP_FIRST_UNITS;
}

/* So few units are not divided, where a full batch has so many. */
static inline uint64_t pp_batch_undivided(uint64_t full) { return full * PP_DIVIDE_NS / PP_BATCH_NS; }

/* The next batch, where a full one has so many units, of a loop of `units` units in `parts` parts. */
static inline uint64_t pp_batch_next(uint64_t full, uint64_t units, uint64_t parts) {
  uint64_t part = units / parts / PP_PART_TAKES, least = full / PP_LEAST_PART + 1, most = part > least ? part : least;
  return full < most ? full : most;
}

/* The same for a batch that begins at unit `first`: it ends at an even place. */
static inline uint64_t pp_batch_even(uint64_t first, uint64_t length) {
  return length < PP_EVEN_BATCH ? length : length - (first + length) % PP_EVEN_UNITS;
}

/* A burst of a batch of `length` units, which may be several parts'. */
static inline uint64_t pp_batch_burst(uint64_t length, uint64_t units, uint64_t parts) {
  uint64_t burst = (length + PP_BURSTS - 1) / PP_BURSTS, most = units / parts / PP_BURSTS + 1;
  if (burst > most) burst = most;
  return burst < PP_EVEN_BATCH / PP_BURSTS ? burst : (burst + PP_EVEN_UNITS - 1) / PP_EVEN_UNITS * PP_EVEN_UNITS;
}

#endif
