/* SPDX-License-Identifier: MIT */
/* loop_combine.c: the partial values of a loop's reduction: where they are, what happens without memory, and which of
 * them are combined, in which order. */
#include "loop/combine.h"

#include "../support/scale.h"
#include "loop_records.h"

TestSuite(loop_combine, .timeout = SCALE_TIMEOUT);

static void combine_nothing(void *into, const void *from) { (void)into, (void)from; }

/* Prepares a loop of so many parts, whose reduction has values of this size. */
static bool prepare(pp_record *record, pp_loop *loop, uint32_t parts, size_t size) {
  static ppar_reduction reduction;
  reduction = (ppar_reduction){.size = size, .combine = combine_nothing};
  *loop = (pp_loop){.reduction = &reduction, .division = {.parts = parts, .slots = parts}};
  return pp_partials_prepare(record, loop);
}

Test(loop_combine, partial_values_stand_on_lines_of_their_own) {
  static const size_t sizes[] = {1, 8, 127, 128, 129, 5000};
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *record = acquire(&pool, 4);
  for (uint32_t count = 1; count < 70; count += 23) {
    for (int i = 0; i < 6; i++) {
      pp_loop loop;
      cr_assert(prepare(record, &loop, count, sizes[i]));
      cr_assert_not_null(loop.partials);
      cr_expect_eq((uintptr_t)loop.partials % PP_CACHE_LINE, 0);
      cr_expect_eq(loop.stride % PP_CACHE_LINE, 0);
      cr_expect_geq(loop.stride, sizes[i]);
      for (uint32_t s = 0; s < count; s++) memset(loop.partials + s * loop.stride, 1, sizes[i]);
    }
  }
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_combine, impossible_partial_values_are_refused_and_possible_ones_follow) {
  static ppar_pool pool;
  pp_loop loop;
  begin_pool(&pool, 4);
  pp_record *record = acquire(&pool, 4);
  cr_assert(prepare(record, &loop, 4, 8));
  cr_expect_not(prepare(record, &loop, 4, SIZE_MAX));
  cr_expect_not(prepare(record, &loop, 4, SIZE_MAX - PP_CACHE_LINE));
  cr_expect_not(prepare(record, &loop, 4096, SIZE_MAX / 4096));
  cr_expect_not(prepare(record, &loop, 4, SIZE_MAX / 8));
  cr_assert(prepare(record, &loop, 4, 8));
  memset(loop.partials, 1, 4 * loop.stride);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_combine, large_blocks_are_given_back_and_small_ones_kept) {
  static ppar_pool pool;
  pp_loop loop;
  begin_pool(&pool, 4);
  pp_record *record = acquire(&pool, 4);
  cr_assert(prepare(record, &loop, 4, 8));
  pp_partials_trim(record);
  cr_expect_not_null(record->partials_block);
  cr_assert(prepare(record, &loop, 4, (size_t)1 << 20));
  pp_partials_trim(record);
  cr_expect_null(record->partials_block);
  cr_expect_eq(record->partials_size, 0);
  cr_assert(prepare(record, &loop, 4, 8));
  memset(loop.partials, 1, 4 * loop.stride);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

/* Appends a digit: not commutative, so that the order shows. */
static void append(void *into, const void *from) {
  *(uint64_t *)into = *(uint64_t *)into * 10 + *(const uint64_t *)from;
}

/* Slots s, with the value s + 1, of which those in `worked` have some: each worker that leaves says so. */
static uint64_t combined(pp_record *record, pp_sharing sharing, uint32_t worked) {
  enum { PARTS = 8 };
  static const ppar_reduction reduction = {.size = sizeof(uint64_t), .combine = append};
  uint64_t result = 0;
  open_loop(record, sharing, PARTS);
  record->loop.reduction = &reduction;
  cr_assert(pp_partials_prepare(record, &record->loop));
  for (uint32_t s = 0; s < PARTS; s++) {
    uint64_t value = s + 1;
    memcpy(record->loop.partials + s * record->loop.stride, &value, sizeof value);
    if (s == 0) continue; /* the caller's own */
    cr_assert_eq(pp_group_join(&record->share.groups[0], s, true).slot, (int)s);
    (void)pp_group_leave(&record->share.groups[0], s, 1, (worked >> s & 1) != 0);
  }
  pp_partials_combine(record, &result);
  return result;
}

Test(loop_combine, values_of_slots_that_have_worked_are_combined_in_slot_order) {
  static ppar_pool pool;
  begin_pool(&pool, 8);
  pp_record *record = acquire(&pool, 8);
  cr_expect_eq(combined(record, PP_BY_RANGE, 0xff), 12345678);
  pp_record_release(record);
  cr_assert_eq(acquire(&pool, 8), record);
  cr_expect_eq(combined(record, PP_BY_RANGE, 0xb2), 12568, "slots 1, 4, 5, 7 and the caller's");
  pp_record_release(record);
  cr_assert_eq(acquire(&pool, 8), record);
  cr_expect_eq(combined(record, PP_BY_COUNTER, 0x80), 18);
  pp_record_release(record);
  cr_assert_eq(acquire(&pool, 8), record);
  cr_expect_eq(combined(record, PP_BY_SLOT, 0), 12345678, "by slot each part is somebody's, whoever ran it");
  pp_record_release(record);
  pp_pool_finish(&pool);
}
