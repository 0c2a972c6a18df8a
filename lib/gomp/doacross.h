/* SPDX-License-Identifier: MIT */
/* doacross.h: loops with ordered(n), whose iterations wait for certain earlier ones: depend(sink:), depend(source).
 *
 * Compiled code numbers the iterations of each of the n loops from 0, and calls an iteration by these numbers. The
 * outermost loop is divided among the threads; its iterations are cut into pieces, each with a word that says how far
 * its thread has come in it (team/posts.h): one more than the place of the latest iteration that was posted, counted
 * in the order of the serial loop from the piece's beginning.
 *
 *   D1  A piece is run by one thread, in the order of the serial loop. So what was posted covers what comes before it
 *       in the piece.
 *   D2  No thread takes a piece before one that it has had: schedules are monotonic here. So the first of the pieces
 *       that are not done is in the hands of a thread that waits for none of the others, and the loop goes on.
 *
 * The words of neighbouring pieces are in different lines. Where there are many pieces, those far apart share one. */
#ifndef PP_GOMP_DOACROSS_H
#define PP_GOMP_DOACROSS_H

#include "gomp/loop.h"

/* What a thread comes to such a loop with. */
typedef struct pp_omp_doacross_plan {
  uint32_t loops;
  const uint64_t *counts; /* iterations of each loop, the outermost first */
  ppar_schedule schedule; /* of the outermost one */
} pp_omp_doacross_plan;

void pp_omp_doacross_open(pp_omp_data *here, const pp_omp_doacross_plan *plan, const void *site);

/* The iteration of these numbers, which the thread is in, is so far that others may go on that wait for it. */
void pp_omp_doacross_post(pp_omp_data *here, const uint64_t *iteration);

/* Waits for that of the iteration of these numbers. What is outside of the loops is not waited for. */
void pp_omp_doacross_wait(pp_omp_data *here, const uint64_t *iteration);

/* How many numbers an iteration of the present loop has; 0: it has nobody to wait for. */
uint32_t pp_omp_doacross_loops(const pp_omp_data *here);

#endif
