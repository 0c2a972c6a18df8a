/* SPDX-License-Identifier: MIT */
/* share_claimer.c: how threads come to their pieces where nothing is shared, static and serial: every iteration comes
 * once, to whom the schedule gives it, in chunks that are as long as they should be; what is returned comes again;
 * and no count overflows. Ranges and counters are in share_claimer_shared.c. */
#include "../support/scale.h"
#include "share_reader.h"

TestSuite(share_claimer, .timeout = SCALE_TIMEOUT);

/* --- Static: blocks and chunks -------------------------------------------------------------------------------- */

static void begin_static(reader *r, const pp_division *division, uint32_t slot, uint64_t size, bool in_series) {
  *r = (reader){.left = 0};
  pp_claim_enter(&r->claimer, division, NULL, slot, NULL);
  r->claimer.in_series = in_series;
  pp_claim_static(&r->claimer, division->space.count, division->slots, slot, size);
}

/* OpenMP's map: under static,c iteration i is of thread i / c mod T. */
static void check_chunks(uint32_t count, uint32_t slots, uint64_t size, bool in_series, uint32_t keeps) {
  pp_division division = division_of(count, slots);
  uint32_t runs[COUNT_MOST] = {0};
  for (uint32_t slot = 0; slot < slots; slot++) {
    reader r;
    chunk c;
    uint64_t next = 0;
    begin_static(&r, &division, slot, size, in_series);
    r.keeps = keeps;
    while (read_chunk(&r, &c)) {
      cr_assert(c.first >= next && c.past > c.first, "in rising order");
      cr_assert_eq(c.first % size, 0);
      cr_assert_eq(c.past - c.first, c.first + size <= count ? size : count - c.first);
      cr_assert_eq(c.first / size % slots, slot);
      for (uint64_t i = c.first; i < c.past; i++) runs[i]++;
      next = c.past;
    }
    cr_assert_not(pp_claim_has_more(&r.claimer));
    cr_assert_not(pp_claim_next(&r.claimer, &r.piece), "and there is no more afterwards");
    if (in_series && keeps == 0) cr_assert_leq(r.pieces, 1);
  }
  for (uint32_t i = 0; i < count; i++) cr_assert_eq(runs[i], 1);
}

Test(share_claimer, chunks_are_dealt_out_in_turn) {
  uint64_t sample = 0;
  for (uint32_t count = 1; count <= COUNT_MOST; count++) {
    for (int t = 0; t < ALL_SLOTS; t++) {
      for (uint32_t size = 1; size <= count + 1; size++) {
        if (!scale_keeps(&sample)) continue;
        for (uint32_t keeps = 0; keeps < 4; keeps++) {
          check_chunks(count, all_slots[t], size < count ? size : count, false, keeps);
          check_chunks(count, all_slots[t], size < count ? size : count, true, keeps);
        }
      }
    }
  }
}

Test(share_claimer, a_chunk_that_is_longer_than_the_loop_is_the_loop) {
  static const uint64_t sizes[] = {41, 1000, INT64_MAX, UINT64_MAX};
  for (uint32_t count = 1; count <= COUNT_MOST; count++) {
    for (int s = 0; s < 4; s++) {
      pp_division division = division_of(count, 3);
      for (uint32_t slot = 0; slot < 3; slot++) {
        reader r;
        chunk c;
        begin_static(&r, &division, slot, sizes[s], s % 2 != 0);
        cr_assert_eq(read_chunk(&r, &c), slot == 0);
        if (slot == 0) cr_assert(c.first == 0 && c.past == count);
        cr_assert_not(read_chunk(&r, &c));
      }
    }
  }
}

/* Sizes differ by at most one, the larger blocks come first, and a block is one piece. */
Test(share_claimer, blocks_are_even_and_in_slot_order) {
  for (uint32_t count = 0; count <= COUNT_MOST; count++) {
    for (int t = 0; t < ALL_SLOTS; t++) {
      uint32_t slots = all_slots[t];
      pp_division division = division_of(count, slots);
      uint64_t next = 0;
      for (uint32_t slot = 0; slot < slots; slot++) {
        uint64_t length = count / slots + (slot < count % slots);
        reader r;
        chunk c;
        begin_static(&r, &division, slot, 0, false);
        cr_assert_eq(pp_claim_has_more(&r.claimer), length != 0);
        cr_assert_eq(read_chunk(&r, &c), length != 0);
        if (length != 0) cr_assert(c.first == next && c.past == next + length);
        cr_assert_not(read_chunk(&r, &c));
        cr_assert_not(pp_claim_has_more(&r.claimer));
        next += length;
      }
      cr_assert_eq(next, count);
    }
  }
}

/* As loops on one thread alone take them. */
static void check_block(uint64_t first, uint64_t past, uint64_t size, uint32_t keeps) {
  pp_division division = division_of(past, 1);
  reader r = {.keeps = keeps};
  chunk c;
  uint64_t next = first;
  pp_claim_enter(&r.claimer, &division, NULL, 0, NULL);
  cr_assert_not(pp_claim_has_more(&r.claimer), "nothing is claimed at the beginning");
  cr_assert_not(pp_claim_next(&r.claimer, &r.piece));
  pp_claim_block(&r.claimer, first, past, size);
  cr_assert_eq(pp_claim_is_one_chunk(&r.claimer), size == 0 && first < past);
  while (read_chunk(&r, &c)) {
    uint64_t length = size != 0 && size < past - next ? size : past - next;
    cr_assert(c.first == next && c.past == next + length);
    if (r.left == 0) cr_assert_eq(pp_claim_has_rest(&r.claimer), c.past < past);
    next = c.past;
  }
  cr_assert_eq(next, past);
  cr_assert_not(pp_claim_has_more(&r.claimer));
}

Test(share_claimer, a_block_comes_chunk_by_chunk) {
  for (uint32_t first = 0; first <= 20; first += 4) {
    for (uint32_t past = first; past <= COUNT_MOST; past++) {
      for (uint32_t size = 0; size <= past - first + 1; size++) {
        check_block(first, past, size, 0);
        if (size != 0) check_block(first, past, size, 1 + size % 3);
      }
    }
  }
}

/* --- Returning ------------------------------------------------------------------------------------------------ */

/* The chunks that are left, at most `most`; returns how many. */
static uint32_t read_all(reader *r, chunk *chunks, uint32_t most) {
  uint32_t count = 0;
  while (count < most && read_chunk(r, &chunks[count])) count++;
  return count;
}

/* However many chunks of the first piece are returned, the very same chunks follow. */
static void check_every_return(const reader *start) {
  chunk all[COUNT_MOST], again[COUNT_MOST];
  reader whole = *start;
  uint32_t count = read_all(&whole, all, COUNT_MOST);
  reader first = *start;
  uint64_t chunks;
  if (!pp_claim_next(&first.claimer, &first.piece)) return;
  chunks = pp_piece_chunks(&first.piece);
  for (uint64_t left = 1; left <= chunks; left++) {
    reader r = first;
    pp_claim_return(&r.claimer, &first.piece, left);
    cr_assert(pp_claim_has_more(&r.claimer));
    cr_assert_eq(read_all(&r, again, COUNT_MOST), count - (chunks - left));
    for (uint32_t k = 0; k < count - (chunks - left); k++) {
      const chunk *expected = &all[chunks - left + k];
      cr_assert(again[k].first == expected->first && again[k].past == expected->past);
    }
  }
}

Test(share_claimer, any_number_of_chunks_may_be_returned) {
  uint64_t sample = 0;
  for (uint32_t count = 1; count <= COUNT_MOST; count++) {
    for (uint32_t size = 1; size <= count; size++) {
      for (uint32_t slots = 1; slots <= 9; slots++) {
        pp_division division = division_of(count, slots);
        reader r;
        if (!scale_keeps(&sample)) continue;
        for (uint32_t slot = 0; slot < slots; slot++) {
          begin_static(&r, &division, slot, size, true);
          check_every_return(&r);
          begin_static(&r, &division, slot, size, false);
          check_every_return(&r);
        }
        pp_claim_block(&r.claimer, 0, count, size);
        check_every_return(&r);
      }
    }
  }
}

/* --- By slot: the parts --------------------------------------------------------------------------------------- */

Test(share_claimer, a_slots_part_is_its_unit_or_what_static_gives_it) {
  for (uint32_t count = 1; count <= COUNT_MOST; count++) {
    for (uint32_t size = 1; size <= count; size++) {
      uint32_t units = (count - 1) / size + 1;
      pp_division division = division_of(count, units + count % 3), plain = division;
      division.units = pp_units_make(count, size);
      division.chunk = plain.chunk = size;
      for (uint32_t slot = 0; slot < units; slot++) {
        pp_claimer by_unit, by_chunk;
        pp_piece unit = {0}, own = {0};
        pp_claim_enter(&by_unit, &division, NULL, slot, NULL);
        pp_claim_part(&by_unit);
        cr_assert(pp_claim_next(&by_unit, &unit));
        cr_assert_eq(unit.first, (uint64_t)slot * size);
        cr_assert_eq(unit.past, (slot + 1) * size < count ? (slot + 1) * size : count);
        cr_assert_eq(pp_piece_chunks(&unit), 1);
        pp_claim_enter(&by_chunk, &plain, NULL, slot, NULL);
        pp_claim_part(&by_chunk);
        cr_assert(pp_claim_next(&by_chunk, &own));
        cr_assert(own.first == unit.first && own.past == unit.past);
        cr_assert_not(pp_claim_has_more(&by_unit));
        cr_assert_not(pp_claim_has_more(&by_chunk));
      }
    }
  }
}

/* --- Long loops under static ---------------------------------------------------------------------------------- */

Test(share_claimer, blocks_of_the_longest_loops_tile_them) {
  for (int n = 0; n < LONG_COUNTS; n++) {
    for (int t = 0; t < ALL_SLOTS; t++) {
      pp_division division = division_of(long_counts[n], all_slots[t]);
      uint64_t next = 0, shortest = long_counts[n] / all_slots[t];
      for (uint32_t slot = 0; slot < all_slots[t]; slot++) {
        reader r;
        chunk c;
        begin_static(&r, &division, slot, 0, false);
        cr_assert(read_chunk(&r, &c));
        cr_assert_eq(c.first, next);
        cr_assert(c.past - c.first == shortest || c.past - c.first == shortest + 1);
        next = c.past;
      }
      cr_assert_eq(next, long_counts[n]);
    }
  }
}

/* a * b + c; false: that is more than 64 bits hold. */
static bool product(uint64_t a, uint64_t b, uint64_t c, uint64_t *out) {
  return !__builtin_mul_overflow(a, b, out) && !__builtin_add_overflow(*out, c, out);
}

/* Every slot's j-th chunk is the loop's (slot + j * T)-th, as long as there is such a one. */
static void check_long_chunks(uint64_t count, uint32_t slots, uint64_t size, bool in_series, uint32_t keeps) {
  pp_division division = division_of(count, slots);
  uint64_t sum = 0;
  for (uint32_t slot = 0; slot < slots; slot++) {
    uint64_t first, j = 0;
    reader r;
    chunk c;
    begin_static(&r, &division, slot, size, in_series);
    r.keeps = keeps;
    for (; read_chunk(&r, &c); j++) {
      cr_assert(product(slot + j * slots, size, 0, &first));
      cr_assert_eq(c.first, first);
      cr_assert_eq(c.past, size < count - first ? first + size : count);
      sum += c.past - c.first;
    }
    cr_assert(!product(slot + j * slots, size, 0, &first) || first >= count, "there would have been another");
    cr_assert_not(pp_claim_has_more(&r.claimer));
  }
  cr_assert_eq(sum, count);
}

Test(share_claimer, chunks_of_the_longest_loops_do_not_wrap) {
  for (int n = 0; n < LONG_COUNTS; n++) {
    uint64_t count = long_counts[n];
    for (int t = 0; t < ALL_SLOTS; t++) {
      uint64_t slots = all_slots[t];
      const uint64_t sizes[] = {count,      count - 1,     count / 2,         count / 2 + 1,
                                count / 3,  count / slots, count / slots + 1, count / (2 * slots) + 1,
                                count / 200};
      for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        if (sizes[s] == 0) continue; /* wrapped */
        check_long_chunks(count, all_slots[t], sizes[s], false, 0);
        check_long_chunks(count, all_slots[t], sizes[s], true, 0);
        check_long_chunks(count, all_slots[t], sizes[s], true, 2);
      }
    }
  }
}

/* All at once: no chunk is looked at but the first and the last. */
Test(share_claimer, a_long_series_is_one_piece_with_its_true_ends) {
  for (int n = 0; n < LONG_COUNTS; n++) {
    uint64_t count = long_counts[n];
    for (uint32_t slots = 1; slots <= 9; slots++) {
      pp_division division = division_of(count, slots);
      uint64_t chunks = 0;
      for (uint32_t slot = 0; slot < slots; slot++) {
        reader r;
        begin_static(&r, &division, slot, 1, true);
        cr_assert(pp_claim_next(&r.claimer, &r.piece));
        cr_assert_eq(r.piece.first, slot);
        cr_assert_eq(r.piece.size, 1);
        cr_assert_eq(r.piece.hop, slots);
        cr_assert_eq((r.piece.past - 1 - slot) % slots, 0);
        cr_assert_geq(r.piece.past, count < slots ? count : count - slots + 1, "the last of the slot's");
        chunks += pp_piece_chunks(&r.piece);
        pp_claim_return(&r.claimer, &r.piece, 1);
        cr_assert(pp_claim_next(&r.claimer, &r.piece));
        cr_assert_eq(pp_piece_chunks(&r.piece), 1);
        cr_assert_not(pp_claim_has_more(&r.claimer));
      }
      cr_assert_eq(chunks, count);
    }
  }
}

Test(share_claimer, long_blocks_of_chunks_do_not_wrap) {
  for (int n = 0; n < LONG_COUNTS; n++) {
    uint64_t count = long_counts[n];
    const uint64_t sizes[] = {0, count, count - 1, count / 2 + 1, count / 2, count / 3, UINT64_MAX, count / 100};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
      check_block(0, count, sizes[s], 0);
      check_block(count / 7, count, sizes[s], 0);
      if (sizes[s] != 0) check_block(0, count, sizes[s], 1);
    }
  }
}
