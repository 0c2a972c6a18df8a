/* SPDX-License-Identifier: MIT */
/* share_reader.h: a claimer's pieces, chunk by chunk, for the tests of claimers. */
#ifndef TESTS_SHARE_READER_H
#define TESTS_SHARE_READER_H

#include <criterion/criterion.h>

#include "share/claimer.h"

enum { COUNT_MOST = 40, SLOTS_MOST = 64 };

static const uint32_t all_slots[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 64};
enum { ALL_SLOTS = sizeof all_slots / sizeof all_slots[0] };

/* Counts at which sums and products wrap, if they do. */
static const uint64_t long_counts[] = {((uint64_t)1 << 31) - 1, (uint64_t)1 << 31, ((uint64_t)1 << 31) + 1,
                                       ((uint64_t)1 << 32) + 5, INT64_MAX,         (uint64_t)1 << 63,
                                       ((uint64_t)1 << 63) + 1, UINT64_MAX - 1,    UINT64_MAX};
enum { LONG_COUNTS = sizeof long_counts / sizeof long_counts[0] };

typedef struct chunk {
  uint64_t first, past;
} chunk;

/* A claimer whose pieces are taken apart into chunks. Of each piece it may keep the first chunks alone, and return the
 * others, which then have to come again. */
typedef struct reader {
  pp_claimer claimer;
  pp_piece piece;
  uint64_t at, left; /* The next chunk of the piece, and how many are left. */
  uint32_t keeps;    /* So many chunks of each piece are kept; 0: all. */
  uint64_t pieces;
} reader;

static inline void check_piece(const pp_claimer *claimer, const pp_piece *piece) {
  cr_assert(piece->first < piece->past && piece->past <= claimer->division->space.count);
  cr_assert(piece->size >= 1 && piece->hop >= piece->size);
  cr_assert_geq(piece->train, 1);
}

/* The next chunk; false: there is no more. */
static inline bool read_chunk(reader *r, chunk *c) {
  uint64_t rest;
  if (r->left == 0) {
    bool more = pp_claim_has_more(&r->claimer);
    if (!pp_claim_next(&r->claimer, &r->piece)) return false;
    cr_assert(more, "has_more says no, and there is more");
    check_piece(&r->claimer, &r->piece);
    r->pieces++;
    r->at = r->piece.first;
    r->left = pp_piece_chunks(&r->piece);
    if (r->keeps != 0 && r->left > r->keeps) {
      pp_claim_return(&r->claimer, &r->piece, r->left - r->keeps);
      cr_assert(pp_claim_has_more(&r->claimer), "what was returned is there");
      r->left = r->keeps;
    }
  }
  rest = r->piece.past - r->at;
  *c = (chunk){r->at, rest < r->piece.size ? r->piece.past : r->at + r->piece.size};
  if (--r->left != 0) r->at += r->piece.hop;
  return true;
}

static inline pp_division division_of(uint64_t count, uint32_t slots) {
  pp_division division = {.space = {.begin = 0, .end = 0, .step = 1, .count = count}, .slots = slots};
  division.parts = count < slots ? (uint32_t)count : slots;
  return division;
}

#endif
