/* SPDX-License-Identifier: MIT */
/* refusal.h: what a program is told whose call is refused: one line for each place of the program, however often it is
 * come to. PPAR_CHECK=0 silences all of them. The status that the call returns says the same. And what it is told of a
 * call whose result is wrong (algorithm/results.h). */
#ifndef PP_SETTINGS_REFUSAL_H
#define PP_SETTINGS_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include <ppar/reduce.h>

/* A call of a public function: its name, and where in the program it returns to, which tells places apart. */
typedef struct pp_call {
  const char *function;
  const void *place;
} pp_call;

/* For public functions themselves: whatever they call gets it from them. */
#define PP_CALL(function) ((pp_call){(function), __builtin_return_address(0)})

/* What is wrong with an argument, or with a field of one. Texts with a number show the value. */
typedef enum pp_refusal {
  PP_REFUSED_NULL,
  PP_REFUSED_THREADS,  /* the number */
  PP_REFUSED_NEGATIVE, /* the number */
  PP_REFUSED_ZERO,     /* a size of 0 */
  PP_REFUSED_ZERO_STEP,
  PP_REFUSED_KIND,         /* of a schedule: the number */
  PP_REFUSED_ORDER,        /* of a schedule: the number */
  PP_REFUSED_CHUNK,        /* of a schedule, negative: the number */
  PP_REFUSED_AUTO_CHUNK,   /* of a schedule that has none: the number */
  PP_REFUSED_NOWAIT,       /* nowait or ordered, of a function that is no prange */
  PP_REFUSED_STEP,         /* of a function that takes none: the number */
  PP_REFUSED_TILE,         /* of a function that takes none: the number */
  PP_REFUSED_DIMENSION,    /* a tile in a dimension that the loop does not have: the number */
  PP_REFUSED_SIZE,         /* of options: the number */
  PP_REFUSED_UNKNOWN,      /* options have a field that is of a later release */
  PP_REFUSED_POOL,         /* one that is no pool, or not any more */
  PP_REFUSED_DEFAULT_POOL, /* it cannot be destroyed */
  PP_REFUSED_WAIT,         /* a pool's wait policy: the number */
  PP_REFUSED_BIND,         /* a pool's binding policy: the number */
  PP_REFUSED_PLACES,       /* a pool's */
  PP_REFUSED_DIMENSIONS,   /* the number of them */
  PP_REFUSED_BOUNDS,       /* more iterations than can be counted */
  PP_REFUSED_CELLS,        /* of a collapsed prange */
  PP_REFUSED_PIECES,       /* of a range of tasks: too many */
  PP_REFUSED_OWNER,        /* of a task group */
  PP_REFUSED_SPAWNER,      /* into a task group */
  PP_REFUSED_BYTES,        /* more than an array may have */
  PP_REFUSED_OTHER_SIZE,   /* a reduction's, other than the values': the number */
  PP_REFUSED_NOT_INSIDE,   /* the name of a section that the thread has not begun */
  PP_REFUSED_INSIDE,       /* the name of one that it has */
  PP_REFUSALS
} pp_refusal;

/* What comes of it. */
#define PP_NOTHING_RUN "nothing was run"
#define PP_NOTHING_DONE "nothing was done"
#define PP_REGION_CANCELED "the region is cancelled"
#define PP_WAITS_FOR_EVER "it waits for itself, for ever"

/* Tells of it, if the place has not been told yet:
 *
 *     ppar_parallel_for: options->threads: -1 (0 to 4096 allowed); nothing was run
 *
 * Returns PPAR_EINVAL. Any thread; errno stays as it was. */
int pp_refuse(pp_call call, const char *outcome, const char *argument, pp_refusal refusal, int64_t value)
    __attribute__((cold));

/* The same of a reduction that cannot be used. */
int pp_refuse_reduction(pp_call call, const char *outcome, const ppar_reduction *reduction) __attribute__((cold));

/* Whether the place has not been told yet that its result is wrong; it counts as told from here on. */
bool pp_results_are_news(const void *place) __attribute__((cold));

/* Tells what was found, of a call with this name, or NULL:
 *
 *     ppar_parallel_reduce "norm" (a.out+0x1234): in parallel 3, serially 4: ...
 */
void pp_tell_results(pp_call call, const char *name, const char *found) __attribute__((cold));

#endif
