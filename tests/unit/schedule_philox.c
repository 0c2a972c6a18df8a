/* SPDX-License-Identifier: MIT */
/* Random bits: the published known answers; numbers made four blocks at a time are those made block by block; further
 * bits never repeat. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/philox.h"

/* The known answers of Philox4x32 with 10 rounds that its authors publish with it (Random123, kat_vectors). */
static const struct known {
  uint32_t counter[4], key[2], out[4];
} knowns[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, /* pi's digits */
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

Test(philox, gives_the_known_answers) {
  for (size_t k = 0; k < sizeof knowns / sizeof *knowns; k++) {
    uint32_t out[4];
    pp_philox_block(knowns[k].counter, knowns[k].key, out);
    cr_assert(memcmp(out, knowns[k].out, sizeof out) == 0, "answer %zu", k);
    memcpy(out, knowns[k].counter, sizeof out);
    pp_philox_block(out, knowns[k].key, out);
    cr_assert(memcmp(out, knowns[k].out, sizeof out) == 0, "answer %zu in the counter's place", k);
  }
}

static const uint64_t words[] = {0, 1, 0xffffffff, 0x100000000, 0xfedcba9876543210, UINT64_MAX};
static const uint64_t groups[] = {0, 1, 0x3fffffff, 0x40000000, ((uint64_t)1 << 53) - 2, (uint64_t)1 << 60};
enum { WORDS = sizeof words / sizeof *words, GROUPS = sizeof groups / sizeof *groups };

Test(philox, makes_the_same_groups_in_both_ways) {
  enum { AT_ONCE = 5 };
  for (size_t k = 0; k < WORDS * WORDS * GROUPS; k++) {
    const uint64_t seed = words[k % WORDS], stream = words[k / WORDS % WORDS], group = groups[k / (WORDS * WORDS)];
    uint64_t plain[AT_ONCE * PP_PHILOX_GROUP], fast[AT_ONCE * PP_PHILOX_GROUP];
    pp_philox_groups_plain(seed, stream, group, AT_ONCE, plain);
    pp_philox_groups(seed, stream, group, AT_ONCE, fast);
    cr_assert(memcmp(plain, fast, sizeof plain) == 0, "seed %zu, stream %zu, group %zu", k % WORDS, k / WORDS % WORDS,
              k / (WORDS * WORDS));
  }
}

Test(philox, a_stream_begins_again_at_its_end) {
  const uint64_t last = ((uint64_t)1 << PP_STREAM_BITS) / PP_PHILOX_GROUP - 1;
  uint64_t around[2 * PP_PHILOX_GROUP], first[PP_PHILOX_GROUP];
  pp_philox_groups(7, 8, last, 2, around);
  pp_philox_groups(7, 8, 0, 1, first);
  cr_assert(memcmp(around + PP_PHILOX_GROUP, first, sizeof first) == 0);
  cr_assert(memcmp(around, first, sizeof first) != 0);
}

static int compare(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

/* All of one number's, its neighbour's, the stream's own, and what comes after the last block. */
Test(philox, further_bits_are_a_numbers_own) {
  enum { BITS = 2 * PP_FURTHER_BLOCKS_MOST, MORE = 100 };
  static uint64_t all[2 * BITS + 2 * PP_PHILOX_GROUP + MORE];
  pp_further of_last = pp_further_of(1, 2, ((uint64_t)1 << PP_STREAM_BITS) - 2), of_first = pp_further_of(1, 2, 0);
  pp_further again = of_first, after = of_last;
  size_t count = 0;
  for (int k = 0; k < BITS; k++) {
    all[count++] = pp_further_next(&of_first);
    all[count++] = pp_further_next(&of_last);
    cr_assert_eq(pp_further_next(&again), all[count - 2]);
    (void)pp_further_next(&after);
  }
  for (int k = 0; k < MORE; k++) all[count++] = pp_further_next(&after);
  pp_philox_groups(1, 2, 0, 2, all + count);
  count += 2 * PP_PHILOX_GROUP;
  qsort(all, count, sizeof *all, compare);
  for (size_t k = 1; k < count; k++) cr_assert_neq(all[k - 1], all[k]);
}
