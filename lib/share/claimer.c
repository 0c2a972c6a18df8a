/* SPDX-License-Identifier: MIT */
/* claimer.c: the next piece, by each way of sharing. */
#include "share/claimer.h"

#include "share/batch.h"

static bool next_chunks(pp_claimer *claimer, pp_piece *piece) {
  const pp_division *division = claimer->division;
  uint64_t count = claimer->in_series ? claimer->left : 1, last;
  if (claimer->left == 0) return false;
  piece->first = pp_static_chunk_first(claimer->chunk, division->slots, claimer->number, claimer->next);
  last = pp_static_chunk_first(claimer->chunk, division->slots, claimer->number, claimer->next + count - 1);
  piece->past = pp_static_chunk_past(division->space.count, claimer->chunk, last);
  piece->size = claimer->chunk;
  /* Where several are left the product is less than the loop's iterations; of a single one it could be more than 64
   * bits hold. */
  piece->hop = count == 1 ? claimer->chunk : claimer->chunk * division->slots;
  piece->train = UINT64_MAX;
  claimer->left -= count;
  claimer->next += count;
  return true;
}

bool pp_claim_more(pp_claimer *claimer, pp_piece *piece) {
  switch (claimer->kind) {
    case PP_CLAIM_NOTHING:
    case PP_CLAIM_BLOCK: return false;
    case PP_CLAIM_CHUNKS: return next_chunks(claimer, piece);
    case PP_CLAIM_RANGE: return pp_batch_piece(claimer, piece);
    case PP_CLAIM_COUNTER: return pp_claim_from_counter(claimer, piece);
  }
  return false;
}

bool pp_claim_has_more(const pp_claimer *claimer) {
  switch (claimer->kind) {
    case PP_CLAIM_NOTHING: return false;
    case PP_CLAIM_BLOCK: return claimer->first < claimer->past;
    case PP_CLAIM_CHUNKS: return claimer->left != 0;
    case PP_CLAIM_RANGE:
    case PP_CLAIM_COUNTER: break;
  }
  return true;
}
