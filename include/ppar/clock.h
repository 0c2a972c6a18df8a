/* SPDX-License-Identifier: MIT */
/* clock.h: a clock to time loops with.
 *
 *     double begin = ppar_wtime();
 *     ppar_parallel_for(0, n, body, &args, NULL);
 *     printf("%f ms\n", (ppar_wtime() - begin) * 1e3);
 */
#ifndef PPAR_CLOCK_H
#define PPAR_CLOCK_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* Now, in seconds since some moment that stays the same while the process lives: only differences mean something. The
 * clock never goes back and does not follow changes of the date; it is the same for all threads, so a difference may
 * be taken between two of them. It goes on while a thread waits or sleeps. Any thread, any time.
 * OpenMP: omp_get_wtime; CLOCK_MONOTONIC. */
PPAR_API double ppar_wtime(void);

/* The clock's resolution: the seconds from one of its ticks to the next, greater than 0.
 * OpenMP: omp_get_wtick. */
PPAR_API double ppar_wtick(void);

PPAR_END_DECLS

#endif
