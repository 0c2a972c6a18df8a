/* SPDX-License-Identifier: MIT */
/* pieces.h: an algorithm's loops over a few pieces of work, each of them long. They are calls of ppar_parallel_for with
 * the options that the algorithm itself was called with. */
#ifndef PP_ALGORITHM_PIECES_H
#define PP_ALGORITHM_PIECES_H

#include <stdint.h>

#include <ppar/loop.h>
#include <ppar/options.h>

#include "settings/options.h"

/* What all loops of one call have in common. */
typedef struct pp_pieces {
  ppar_options options; /* of the loops */
  int64_t step;         /* what the caller's options have; never 0 */
  const void *place;    /* of the call in the program */
} pp_pieces;

/* Reads a caller's options, which may be NULL; takes: see settings/options.h. PPAR_OK; PPAR_EINVAL, and the
 * program has been told. Nothing is allocated, and nothing of the program's is called. */
int pp_pieces_prepare(pp_pieces *pieces, const ppar_options *options, unsigned takes, pp_call call);

/* T. It takes as long as a loop of one iteration, so whoever has work for one thread alone does not ask. */
uint32_t pp_pieces_slots(const pp_pieces *pieces);

/* Runs body over 0 ... count - 1, one piece a chunk, any of which any thread may take. Returns as ppar_parallel_for. */
int pp_pieces_run(const pp_pieces *pieces, uint64_t count, ppar_body *body, void *arg);

#endif
