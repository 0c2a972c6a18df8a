/* SPDX-License-Identifier: MIT */
/* share_claimer_shared.c: how threads come to their pieces by counter and by range, on one thread: every iteration
 * comes once, in chunks that are as long as they should be; what is returned comes again; and no count overflows. */
#include "../support/scale.h"
#include "platform/clock.h"
#include "share/batch.h"
#include "share_reader.h"

TestSuite(share_claimer_shared, .timeout = SCALE_TIMEOUT);

/* --- By counter ----------------------------------------------------------------------------------------------- */

typedef struct counted {
  pp_division division;
  pp_counter counter;
  pp_share share;
  pp_claimer claimers[SLOTS_MOST];
} counted;

static void begin_counted(counted *c, uint64_t count, uint32_t slots, uint64_t size, bool guided) {
  c->division = division_of(count, slots);
  c->division.sharing = PP_BY_COUNTER;
  c->division.guided = guided;
  c->division.chunk = size;
  c->share = (pp_share){.division = &c->division, .counter = &c->counter};
  pp_store_relaxed(&c->counter.next, 0);
  for (uint32_t t = 0; t < slots; t++) {
    pp_claim_enter(&c->claimers[t], &c->division, &c->share, t, NULL);
    c->claimers[t].kind = PP_CLAIM_COUNTER;
  }
}

/* Guided: the T-th part of what remains, rounded up, but no less than size; both: never more than remains. */
static uint64_t expected_chunk(uint64_t remaining, uint32_t slots, uint64_t size, bool guided) {
  uint64_t part = remaining / slots + (remaining % slots != 0);
  uint64_t length = guided && part > size ? part : size;
  return length < remaining ? length : remaining;
}

/* Whoever comes gets the next chunk; when there is none left nobody gets one. */
static void check_counted(uint64_t count, uint32_t slots, uint64_t size, bool guided) {
  static counted c;
  uint64_t next = 0;
  begin_counted(&c, count, slots, size, guided);
  for (uint32_t k = 0; next < count; k++) {
    pp_claimer *claimer = &c.claimers[k * 5 % slots];
    pp_piece piece = {0};
    cr_assert(pp_claim_has_more(claimer));
    cr_assert(pp_claim_next(claimer, &piece));
    check_piece(claimer, &piece);
    cr_assert_eq(piece.first, next);
    cr_assert_eq(piece.past - next, expected_chunk(count - next, slots, size, guided));
    cr_assert_eq(pp_piece_chunks(&piece), 1);
    cr_assert_eq(piece.size, piece.past - piece.first);
    next = piece.past;
  }
  cr_assert_eq(next, count);
  for (uint32_t t = 0; t < slots; t++) {
    pp_piece piece;
    cr_assert_not(pp_claim_next(&c.claimers[t], &piece));
    cr_assert_not(pp_claim_next(&c.claimers[t], &piece));
  }
  cr_assert(pp_counter_is_used_up(&c.counter, count));
}

Test(share_claimer_shared, the_counter_gives_rising_chunks) {
  uint64_t sample = 0;
  for (uint32_t count = 0; count <= COUNT_MOST; count++) {
    for (int t = 0; t < ALL_SLOTS; t++) {
      for (uint32_t size = 1; size <= count + 1; size++) {
        if (!scale_keeps(&sample)) continue;
        check_counted(count, all_slots[t], size, false);
        check_counted(count, all_slots[t], size, true);
      }
    }
  }
}

Test(share_claimer_shared, the_counter_of_the_longest_loops_does_not_wrap) {
  for (int n = 0; n < LONG_COUNTS; n++) {
    uint64_t count = long_counts[n];
    const uint64_t sizes[] = {count, count - 1, count / 2 + 1, count / 3, count / 100, UINT64_MAX, INT64_MAX};
    for (int t = 0; t < ALL_SLOTS; t++) {
      check_counted(count, all_slots[t], 1, true);
      for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        check_counted(count, all_slots[t], sizes[s], true);
        if (sizes[s] >= count / 100) check_counted(count, all_slots[t], sizes[s], false);
      }
    }
  }
}

/* --- By range ------------------------------------------------------------------------------------------------- */

/* One thread in a slot of a loop whose others never come: it gets all parts, one after the other. */
typedef struct ranged {
  pp_division division;
  pp_slot slots[SLOTS_MOST];
  pp_share share;
  reader r;
  uint32_t offers;
} ranged;

static ranged *ranged_of(pp_share *share) {
  return (ranged *)(void *)((unsigned char *)share - offsetof(ranged, share));
}

static void count_offer(pp_share *share) { ranged_of(share)->offers++; }

typedef struct way {
  bool adaptive, by_burst, spared, timed;
  uint64_t pace;  /* Iterations that are a full batch; 0: not known. */
  uint32_t keeps; /* See reader. */
} way;

/* As api/plan.c makes them; with few units, too, as for pranges. */
static void begin_ranged(ranged *g, uint64_t count, uint32_t slots, uint64_t size, const way *w) {
  memset(g, 0, sizeof *g);
  g->division = division_of(count, slots);
  g->division.sharing = PP_BY_RANGE;
  g->division.adaptive = w->adaptive;
  g->division.timed = w->timed;
  g->division.chunk = w->adaptive ? 0 : size;
  g->division.units = pp_units_make(count, w->adaptive ? 1 : size);
  g->division.parts = g->division.units.count < slots ? g->division.units.count : slots;
  g->share = (pp_share){.division = &g->division, .slots = g->slots, .offer = count_offer};
  pp_claim_enter(&g->r.claimer, &g->division, &g->share, 0, &g->slots[0].alert);
  pp_claim_enter_range(&g->r.claimer, w->by_burst, w->spared);
  g->r.keeps = w->keeps;
}

/* The chunks come in order, without a gap, and each of a chunk's length but the last of the loop; adaptive ones are
 * of any length. */
static void check_range_chunk(const ranged *g, chunk c, uint64_t next) {
  uint64_t size = g->division.chunk;
  cr_assert_eq(c.first, next);
  cr_assert(c.past > c.first && c.past <= g->division.space.count);
  if (!g->division.adaptive) cr_assert(c.past - c.first == size || c.past == g->division.space.count);
}

static void check_ranged(uint64_t count, uint32_t slots, uint64_t size, const way *w) {
  static ranged g;
  uint64_t next = 0;
  begin_ranged(&g, count, slots, size, w);
  for (uint32_t part = 0; part < g.division.parts; part++) {
    chunk c;
    pp_claim_own(&g.r.claimer, pp_division_parts(&g.division, part, 1));
    if (g.r.claimer.full == 0) pp_batch_start(&g.r.claimer, w->pace);
    cr_assert(pp_claim_has_more(&g.r.claimer));
    while (read_chunk(&g.r, &c)) {
      check_range_chunk(&g, c, next);
      next = c.past;
    }
    cr_assert_eq(pp_span_length(pp_range_peek(&g.slots[0].range)), 0);
    cr_assert_not(pp_claim_has_rest(&g.r.claimer));
  }
  cr_assert_eq(next, count);
  cr_assert_eq(g.r.claimer.done, g.division.units.count, "all units are counted as finished");
}

static const way all_ways[] = {
    {.adaptive = false},
    {.adaptive = true, .by_burst = true},
    {.adaptive = false, .by_burst = true},
    {.adaptive = false, .pace = 10, .timed = true},
    {.adaptive = true, .by_burst = true, .pace = 3},
    {.adaptive = true, .by_burst = true, .pace = UINT64_MAX},
    {.adaptive = false, .pace = UINT64_MAX},
    {.adaptive = false, .spared = true, .pace = 1000},
    {.adaptive = true, .by_burst = true, .spared = true, .pace = 1000},
    {.adaptive = false, .keeps = 1, .pace = 100},
    {.adaptive = false, .by_burst = true, .keeps = 2},
    {.adaptive = false, .spared = true, .keeps = 1, .pace = 1},
};
enum { ALL_WAYS = sizeof all_ways / sizeof all_ways[0] };

Test(share_claimer_shared, a_range_comes_whole_and_in_order) {
  uint64_t sample = 0;
  pp_clock_init();
  for (uint32_t count = 1; count <= COUNT_MOST; count++) {
    for (int t = 0; t < ALL_SLOTS; t++) {
      for (uint32_t size = 1; size <= count; size += 1 + size / 4) {
        for (int w = 0; w < ALL_WAYS; w++) {
          if (scale_keeps(&sample)) check_ranged(count, all_slots[t], size, &all_ways[w]);
        }
      }
    }
  }
}

/* Pieces of whole chunks, however many: of long loops only a piece's ends are looked at. */
static void check_long_range(uint64_t count, uint32_t slots, uint64_t size, const way *w) {
  static ranged g;
  uint64_t next = 0;
  begin_ranged(&g, count, slots, size, w);
  for (uint32_t part = 0; part < g.division.parts; part++) {
    pp_claim_own(&g.r.claimer, pp_division_parts(&g.division, part, 1));
    if (g.r.claimer.full == 0) pp_batch_start(&g.r.claimer, w->pace);
    while (pp_claim_next(&g.r.claimer, &g.r.piece)) {
      const pp_piece *piece = &g.r.piece;
      check_piece(&g.r.claimer, piece);
      cr_assert_eq(piece->first, next);
      cr_assert_eq(piece->hop, piece->size);
      if (!w->adaptive) {
        cr_assert_eq(piece->size, size);
        cr_assert_eq(piece->first % size, 0);
        cr_assert(piece->past % size == 0 || piece->past == count);
      }
      next = piece->past;
      if (w->keeps != 0 && pp_piece_chunks(piece) > 1) {
        uint64_t left = (pp_piece_chunks(piece) + 1) / 2;
        pp_claim_return(&g.r.claimer, piece, left);
        next = piece->first + (pp_piece_chunks(piece) - left) * size;
      }
    }
  }
  cr_assert_eq(next, count);
  cr_assert_eq(g.r.claimer.done, g.division.units.count);
}

Test(share_claimer_shared, ranges_of_the_longest_loops_do_not_wrap) {
  uint64_t sample = 0;
  pp_clock_init();
  for (int n = 0; n < LONG_COUNTS; n++) {
    uint64_t count = long_counts[n];
    const uint64_t sizes[] = {1, 7, 64, count / 1000 + 1, count / 3, count / 2 + 1, count - 1, count};
    for (int t = 1; t < ALL_SLOTS; t++) {
      for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        for (int w = 0; w < ALL_WAYS; w++) {
          if (all_ways[w].pace != 0 && all_ways[w].pace < 1000) continue; /* batches so small take too long */
          if (all_ways[w].adaptive && s != 0) continue;
          if (scale_keeps(&sample)) check_long_range(count, all_slots[t], sizes[s], &all_ways[w]);
        }
      }
    }
  }
}
