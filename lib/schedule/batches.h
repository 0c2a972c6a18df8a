/* SPDX-License-Identifier: MIT */
/* batches.h: how many units a thread takes from its range at once. Batches are sized by time, PP_BATCH_NS, so
 * that what each of them costs is a small part of it. */
#ifndef PP_SCHEDULE_BATCHES_H
#define PP_SCHEDULE_BATCHES_H

#include <stdint.h>

#include "schedule/tuning.h"

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

/* What a call costs beside its units, in ticks, where one of few units and one of many, on average, took so many ticks.
 * Where the smaller one took longer nearly all of the larger one may be its cost. */
static inline uint64_t pp_batch_call_cost(double few, double ticks_of_few, double many, double ticks_of_many) {
  double work;
  if (ticks_of_few >= ticks_of_many) return (uint64_t)(ticks_of_many - ticks_of_many / PP_LEAST_WORK);
  work = (ticks_of_many - ticks_of_few) * few / (many - few); /* of the few */
  return work < ticks_of_few ? (uint64_t)(ticks_of_few - work) : 0;
}

/* So few units are not worth a call that costs so many ticks, where a full batch has `full` units and takes `ticks`. */
static inline uint64_t pp_batch_grain(uint64_t full, uint64_t call, uint64_t ticks) {
  const uint64_t most = UINT64_C(1) << 31; /* so that the product fits: some 0.5 s */
  const uint64_t worth = call < most / PP_CALL_PART ? call * PP_CALL_PART : most;
  return full * worth / ticks;
}

/* A batch in pieces of equal length, none of which is much shorter than the grain. */
static inline uint64_t pp_batch_even_pieces(uint64_t length, uint64_t grain) {
  const uint64_t pieces = length / grain;
  return pieces <= 1 ? length : (length + pieces - 1) / pieces;
}

/* A burst of a batch of `length` units, which may be several parts'. */
static inline uint64_t pp_batch_burst(uint64_t length, uint64_t units, uint64_t parts) {
  uint64_t burst = (length + PP_BURSTS - 1) / PP_BURSTS, most = units / parts / PP_BURSTS + 1;
  if (burst > most) burst = most;
  return burst < PP_EVEN_BATCH / PP_BURSTS ? burst : (burst + PP_EVEN_UNITS - 1) / PP_EVEN_UNITS * PP_EVEN_UNITS;
}

#endif
