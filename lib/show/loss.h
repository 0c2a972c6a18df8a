/* SPDX-License-Identifier: MIT */
/* loss.h: what the time of a place's calls went into.
 *
 * T threads have T times the wall time of a call. What is not work in a chunk or a task is lost:
 *
 *   start       From the call's begin to a thread's first chunk; for slots that nobody came for, all of it.
 *   waiting     Inside of chunks and regions: at barriers, for critical sections, turns, tasks and inner loops.
 *   imbalance   After a thread's last chunk, until the last thread is done. Of a task group: all that is neither work
 *               nor waiting, since threads had none of its tasks to run.
 *   overhead    The rest: between chunks.
 *
 *   L1  work + T * (start + imbalance + waiting + overhead) = T * wall
 *
 * so the four, which are wall time, add up to what a perfect division of the same work would gain. */
#ifndef PP_SHOW_LOSS_H
#define PP_SHOW_LOSS_H

#include "show/run.h"

typedef struct pp_loss {
  const pp_run_site *site;
  double calls, iterations, chunks, steals;
  double at_once; /* Tasks that their makers have run at once. */
  double timed;   /* Calls that `wall` is of: those of task groups that are not within one of the same place. */
  double asked, threads, had; /* T asked for, T as bodies saw it, threads that came: of a mean call. */
  double alone, level, fewer; /* Calls (pp_sum). */
  int cpus;                   /* That the process may use; 0: not known. For whoever knows to set. */
  double inside;              /* The part of the wall time that is inside of other constructs: 0 to 1. */
  /* Nanoseconds of all calls. */
  double wall; /* From begin to end. */
  double work; /* Of all threads: about what the serial loops would take. */
  double start, imbalance, waiting, overhead;
  double gain;                             /* The sum of these. */
  double at_barrier, at_critical, at_turn; /* Parts of `waiting`. */
} pp_loss;

/* False: no call of it has ended. */
bool pp_loss_of(const pp_run_site *site, pp_loss *loss);

/* How much faster the calls were than their work by one thread. */
static inline double pp_loss_speedup(const pp_loss *loss) { return loss->wall > 0 ? loss->work / loss->wall : 0; }

/* What could be gained of the time of the whole program: what is inside of others is theirs. */
static inline double pp_loss_outer(const pp_loss *loss) { return loss->gain * (1 - loss->inside); }

/* By this places are put into order. A prange's own is told of, too, though it is a part of its region's. */
static inline double pp_loss_matters(const pp_loss *loss) {
  return loss->site->kind == PP_CONSTRUCT_PRANGE ? loss->gain : pp_loss_outer(loss);
}

/* All places that had calls, those first that lose most; of equal ones those that take most time. */
typedef struct pp_losses {
  pp_loss *loss;
  uint32_t count;
  double wall; /* Of calls that are not inside of others. */
  double gain; /* Of that. */
} pp_losses;

/* None, where there is no memory. */
pp_losses pp_losses_of(const pp_run *run);

#endif
