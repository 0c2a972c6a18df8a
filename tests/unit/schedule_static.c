/* SPDX-License-Identifier: MIT */
/* static and static,c against dealing the iterations out one by one; beyond that, against what they must come to. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "schedule/static_schedule.h"

enum { COUNTS = 70, SLOTS = 13, CHUNKS = 16 };

static const uint64_t large[] = {1,
                                 2,
                                 3,
                                 7,
                                 64,
                                 1000003,
                                 INT32_MAX,
                                 (uint64_t)1 << 32,
                                 INT64_MAX,
                                 (uint64_t)1 << 63,
                                 UINT64_MAX / 3,
                                 UINT64_MAX - 1,
                                 UINT64_MAX};
enum { LARGE = sizeof large / sizeof large[0] };

Test(schedule_static, blocks_are_what_dealing_one_by_one_gives_each_slot) {
  for (uint64_t count = 0; count <= COUNTS; count++) {
    for (uint64_t slots = 1; slots <= SLOTS; slots++) {
      uint64_t sizes[SLOTS] = {0}, expected = 0;
      for (uint64_t i = 0; i < count; i++) sizes[i % slots]++;
      for (uint64_t slot = 0; slot < slots; slot++) {
        uint64_t first, past;
        pp_static_block(count, slots, slot, &first, &past);
        for (uint64_t i = first; i < past; i++) {
          cr_assert_eq(pp_static_slot_of(ppar_static_cut_64_(count, slots), i), slot);
        }
        if (first != expected || past != expected + sizes[slot]) {
          cr_assert_fail("%" PRIu64 " over %" PRIu64 ", slot %" PRIu64 ": [%" PRIu64 ", %" PRIu64 ")", count, slots,
                         slot, first, past);
        }
        expected = past;
      }
      if (expected != count) cr_assert_fail("%" PRIu64 " over %" PRIu64, count, slots);
    }
  }
}

static uint64_t rounded_up(uint64_t dividend, uint64_t divisor) {
  return dividend / divisor + (dividend % divisor != 0);
}

Test(schedule_static, blocks_of_huge_spaces_join_up_without_overflow) {
  for (int c = 0; c < LARGE; c++) {
    for (int s = 0; s < LARGE; s++) {
      const uint64_t count = large[c], slots = large[s];
      const uint64_t some[] = {0, slots / 3, slots / 2, slots - 1, count % slots, (count % slots + slots - 1) % slots};
      for (int t = 0; t < 6; t++) {
        const uint64_t slot = some[t];
        uint64_t first, past, next;
        pp_static_block(count, slots, slot, &first, &past);
        if (past - first != (slot < count ? rounded_up(count - slot, slots) : 0)) {
          cr_assert_fail("size of %" PRIu64 " of %" PRIu64, slot, slots);
        }
        if (slot == 0 && first != 0) cr_assert_fail("the first block starts at %" PRIu64, first);
        if (slot == slots - 1) {
          if (past != count) cr_assert_fail("the last block ends at %" PRIu64, past);
        } else {
          pp_static_block(count, slots, slot + 1, &next, &first);
          if (next != past) cr_assert_fail("a gap after slot %" PRIu64 " of %" PRIu64, slot, slots);
        }
      }
    }
  }
}

/* The slot's iterations by walking its chunks, and by asking of every iteration whose it is. */
static void check_chunks(uint64_t count, uint64_t chunk, uint64_t slots, uint64_t slot) {
  const uint64_t chunks = pp_static_chunks(count, chunk, slots, slot);
  uint64_t j = 0, i = 0;
  for (; j < chunks; j++) {
    const uint64_t first = pp_static_chunk_first(chunk, slots, slot, j);
    const uint64_t past = pp_static_chunk_past(count, chunk, first);
    while (i < count && i / chunk % slots != slot) i++;
    if (first != i || past <= first || past - first > chunk ||
        past - first != pp_static_chunk_length(count, chunk, first)) {
      break;
    }
    while (i < count && i / chunk % slots == slot && i < first + chunk) i++;
    if (past != i) break;
  }
  while (i < count && i / chunk % slots != slot) i++;
  if (j != chunks || i != count) {
    cr_assert_fail("%" PRIu64 " by %" PRIu64 " over %" PRIu64 ", slot %" PRIu64 ": chunk %" PRIu64 " of %" PRIu64,
                   count, chunk, slots, slot, j, chunks);
  }
}

Test(schedule_static, chunk_k_goes_to_slot_k_mod_slots) {
  for (uint64_t count = 0; count <= COUNTS; count++) {
    for (uint64_t chunk = 1; chunk <= CHUNKS; chunk++) {
      for (uint64_t slots = 1; slots <= SLOTS; slots++) {
        for (uint64_t slot = 0; slot < slots; slot++) check_chunks(count, chunk, slots, slot);
      }
    }
  }
}

Test(schedule_static, chunks_longer_than_the_loop_are_slot_zeros) {
  cr_assert_eq(pp_static_chunks(5, UINT64_MAX, 4, 0), 1);
  cr_assert_eq(pp_static_chunks(5, UINT64_MAX, 4, 1), 0);
  cr_assert_eq(pp_static_chunk_past(5, UINT64_MAX, 0), 5);
}

Test(schedule_static, chunks_of_huge_spaces_do_not_overflow) {
  for (int c = 0; c < LARGE; c++) {
    for (int h = 0; h < LARGE; h++) {
      for (int s = 0; s < LARGE; s++) {
        const uint64_t count = large[c], chunk = large[h], slots = large[s];
        const uint64_t all = rounded_up(count, chunk);
        const uint64_t some[] = {0, slots / 2, slots - 1, (all - 1) % slots};
        for (int t = 0; t < 4; t++) {
          const uint64_t slot = some[t];
          const uint64_t chunks = pp_static_chunks(count, chunk, slots, slot);
          if (chunks != (slot < all ? rounded_up(all - slot, slots) : 0)) cr_assert_fail("%" PRIu64 " chunks", chunks);
          if (chunks == 0) continue;
          for (int last = 0; last <= 1; last++) {
            const uint64_t j = last ? chunks - 1 : 0;
            const uint64_t first = (slot + j * slots) * chunk; /* below count, as the slot has this chunk */
            const uint64_t past = chunk < count - first ? first + chunk : count;
            if (pp_static_chunk_first(chunk, slots, slot, j) != first) cr_assert_fail("first of chunk %" PRIu64, j);
            if (pp_static_chunk_past(count, chunk, first) != past) cr_assert_fail("past chunk %" PRIu64, j);
          }
        }
      }
    }
  }
}

/* The macros of prange.h divide by 32 bits where the numbers fit. */
Test(schedule_static, divisions_of_32_bits_are_those_of_64) {
  static const uint32_t some[] = {0,         1, 2, 3, 7, 64, 1000003, 4096, INT32_MAX, UINT32_MAX / 3, UINT32_MAX - 1,
                                  UINT32_MAX};
  enum { SOME = sizeof some / sizeof some[0] };
  for (int c = 0; c < SOME; c++) {
    for (int s = 1; s < SOME; s++) {
      const uint32_t count = some[c], slots = some[s];
      const uint32_t tried[] = {0, slots / 2, slots - 1, count % slots, (count % slots + slots - 1) % slots};
      for (int t = 0; t < 5; t++) {
        const ppar_block_32_ narrow = ppar_static_block_32_(ppar_static_cut_32_(count, slots), tried[t]);
        const ppar_block_64_ block = ppar_static_block_64_(ppar_static_cut_64_(count, slots), tried[t]);
        cr_assert_eq(narrow.first, block.first);
        cr_assert_eq(narrow.count, block.count);
        cr_assert_eq(ppar_static_dealt_32_(count, slots, tried[t]), ppar_static_dealt_64_(count, slots, tried[t]));
      }
    }
  }
}

Test(schedule_static, a_strided_run_never_stands_still) {
  cr_expect_eq(ppar_static_hop_(1, 1), 1);
  cr_expect_eq(ppar_static_hop_(3, 5), 15);
  cr_expect_eq(ppar_static_hop_(-2, 4), -8);
  cr_expect_eq(ppar_static_hop_(INT64_MIN, 2), INT64_MIN);
  cr_expect_eq(ppar_static_hop_((int64_t)1 << 62, 4), (int64_t)1 << 62);
  cr_expect_eq(ppar_static_hop_(INT64_MAX, 3), (int64_t)((uint64_t)INT64_MAX * 3));
}
