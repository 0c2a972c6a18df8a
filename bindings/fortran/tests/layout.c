/* SPDX-License-Identifier: MIT */
/* layout.c: the structs of the C headers in numbers, for layout.f90 to compare the module's with. */
#include <ppar/ppar.h>

int64_t layout_options(int32_t field);
int64_t layout_chunk(int32_t field);
int64_t layout_others(int32_t which);
double layout_random(int64_t seed, int64_t stream, int32_t kind);

/* Where the options' field of this number is, and behind the last field how long they are. */
int64_t layout_options(int32_t field) {
  static const size_t at[] = {
      offsetof(ppar_options, size),
      offsetof(ppar_options, schedule),
      offsetof(ppar_options, threads),
      offsetof(ppar_options, reproducible),
      offsetof(ppar_options, nowait),
      offsetof(ppar_options, ordered),
      offsetof(ppar_options, pool),
      offsetof(ppar_options, step),
      offsetof(ppar_options, name),
      offsetof(ppar_options, tile),
      sizeof(ppar_options),
  };
  return (int64_t)at[field];
}

int64_t layout_chunk(int32_t field) {
  static const size_t at[] = {
      offsetof(ppar_chunk, begin), offsetof(ppar_chunk, end),    offsetof(ppar_chunk, step),
      offsetof(ppar_chunk, count), offsetof(ppar_chunk, thread),
  };
  return (int64_t)at[field];
}

/* Values and sizes that the module has in numbers of its own. */
int64_t layout_others(int32_t which) {
  const int64_t values[] = {
      PPAR_SCHEDULE_AUTO,
      PPAR_SCHEDULE_STATIC,
      PPAR_SCHEDULE_DYNAMIC,
      PPAR_SCHEDULE_GUIDED,
      PPAR_SCHEDULE_RUNTIME,
      PPAR_ORDER_MONOTONIC,
      PPAR_ORDER_NONMONOTONIC,
      PPAR_EINVAL,
      PPAR_ENOMEM,
      PPAR_EAGAIN,
      PPAR_EBUSY,
      PPAR_ECANCELED,
      (int64_t)sizeof(ppar_schedule),
      PPAR_MAX_THREADS,
      (int64_t)sizeof(ppar_rng),
  };
  return values[which];
}

/* Some numbers of a stream, to be compared with the module's. */
double layout_random(int64_t seed, int64_t stream, int32_t kind) {
  ppar_rng rng = ppar_rng_stream((uint64_t)seed, (uint64_t)stream);
  ppar_rng_skip(&rng, 5);
  if (kind == 0) return ppar_rng_f64(&rng);
  if (kind == 1) return ppar_rng_f32(&rng);
  if (kind == 2) return (double)ppar_rng_below(&rng, 1000);
  return kind == 3 ? ppar_rng_normal_f64(&rng) : ppar_rng_exponential_f64(&rng);
}
