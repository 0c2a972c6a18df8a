/* SPDX-License-Identifier: MIT */
/* schedule.h: how a loop's iterations are divided among its slots (OpenMP's schedule clause).
 *
 * Below, n is the number of iterations and T the number of slots; all numbers are in iterations.
 *
 *   ppar_static(0)   slot t gets one contiguous block; sizes differ by at most one, the larger first.
 *   ppar_static(c)   chunk k of c iterations goes to slot k mod T.
 *   ppar_dynamic(c)  chunks of c (1 if 0), taken by whichever slot is free. An iteration may wait for
 *                    others: chunks that nobody has begun stay open to every thread that is free, so
 *                    the loop ends as long as one thread is free. Only the later iterations of its own
 *                    chunk have to wait with it.
 *   ppar_guided(c)   chunks of max(ceil(remaining / T), c); only the last may be smaller than c.
 *   ppar_auto()      the library chooses: static's blocks, from which idle slots steal, in pieces
 *                    sized by measured time, long enough for what each call of the body costs. The
 *                    default, and the one to start with. A loop that should take less than a
 *                    microsecond is run by its caller alone. An iteration must not wait for another one.
 *   ppar_runtime()   PPAR_SCHEDULE, else OMP_SCHEDULE, else auto.
 *
 * Static schedules give the same map of iterations to slots whenever bounds, step, T and chunk are
 * the same: code may rely on it from one loop to the next. */
#ifndef PPAR_SCHEDULE_H
#define PPAR_SCHEDULE_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* OpenMP's kinds of schedule, as the functions below have them. */
typedef enum ppar_schedule_kind {
  PPAR_SCHEDULE_AUTO = 0,
  PPAR_SCHEDULE_STATIC,
  PPAR_SCHEDULE_DYNAMIC,
  PPAR_SCHEDULE_GUIDED,
  PPAR_SCHEDULE_RUNTIME
} ppar_schedule_kind;

/* OpenMP 5's modifiers. Monotonic: each slot's chunks have rising starts; auto then gives static's
 * blocks, without stealing. Nonmonotonic, the default of dynamic and auto, lets slots own ranges and
 * steal. Guided and static are monotonic in any case. */
typedef enum ppar_schedule_order {
  PPAR_ORDER_DEFAULT = 0,
  PPAR_ORDER_MONOTONIC,
  PPAR_ORDER_NONMONOTONIC
} ppar_schedule_order;

/* How iterations are divided among slots. All-zero means auto. Made by the functions below; the fields may also be set
 * by hand. */
typedef struct ppar_schedule {
  ppar_schedule_kind kind;
  ppar_schedule_order order;
  int64_t chunk; /* iterations; 0: the kind's default. Loops refuse (PPAR_EINVAL) a negative one, and any with auto
                    or runtime */
} ppar_schedule;

static inline ppar_schedule ppar_schedule_make_(ppar_schedule_kind kind, int64_t chunk) {
  ppar_schedule schedule = {kind, PPAR_ORDER_DEFAULT, 0};
  schedule.chunk = chunk;
  return schedule;
}

/* The schedules, for options->schedule: the top of this header says how each of them divides a loop. chunk counts
 * iterations; 0 is OpenMP's clause without a chunk. A negative one is refused by the loop.
 * OpenMP: schedule(auto), schedule(static, chunk), schedule(dynamic, chunk), schedule(guided, chunk),
 * schedule(runtime) */
static inline ppar_schedule ppar_auto(void) { return ppar_schedule_make_(PPAR_SCHEDULE_AUTO, 0); }
static inline ppar_schedule ppar_static(int64_t chunk) { return ppar_schedule_make_(PPAR_SCHEDULE_STATIC, chunk); }
static inline ppar_schedule ppar_dynamic(int64_t chunk) { return ppar_schedule_make_(PPAR_SCHEDULE_DYNAMIC, chunk); }
static inline ppar_schedule ppar_guided(int64_t chunk) { return ppar_schedule_make_(PPAR_SCHEDULE_GUIDED, chunk); }
static inline ppar_schedule ppar_runtime(void) { return ppar_schedule_make_(PPAR_SCHEDULE_RUNTIME, 0); }

/* The given schedule with a modifier (ppar_schedule_order).
 * OpenMP: schedule(monotonic: ...) and schedule(nonmonotonic: ...) */
static inline ppar_schedule ppar_monotonic(ppar_schedule schedule) {
  schedule.order = PPAR_ORDER_MONOTONIC;
  return schedule;
}
static inline ppar_schedule ppar_nonmonotonic(ppar_schedule schedule) {
  schedule.order = PPAR_ORDER_NONMONOTONIC;
  return schedule;
}

/* Reads a schedule from text. The grammar is "[monotonic:|nonmonotonic:]kind[,chunk]": kind is static, dynamic, guided
 * or auto; case does not matter; white space may surround every part; chunk is 1 to INT64_MAX. In OMP_SCHEDULE and
 * PPAR_SCHEDULE the same text means the same. These variables also take two kinds of text that are refused here: a
 * chunk of 0, which means none there ("dynamic,0"), and a chunk of auto, which they ignore ("auto,4"). Any thread, any
 * time. Returns PPAR_OK; PPAR_EINVAL for any other text or a NULL argument; *out is then as it was. */
PPAR_API int ppar_schedule_parse(const char *text, ppar_schedule *out);

/* Writes the text that ppar_schedule_parse reads back, always terminated when size > 0. Any thread, any time. Returns
 * the text's length without the terminator, which may be more than fits (as snprintf does), or PPAR_EINVAL for an
 * invalid schedule. A runtime schedule reads "runtime", which ppar_schedule_parse refuses. */
PPAR_API int ppar_schedule_format(ppar_schedule schedule, char *buffer, size_t size);

PPAR_END_DECLS

#endif
