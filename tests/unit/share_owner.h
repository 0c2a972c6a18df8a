/* SPDX-License-Identifier: MIT */
/* share_owner.h: slots that share units by range, some of which claimers of the test use, for the tests of batches
 * and of stealing. */
#ifndef TESTS_SHARE_OWNER_H
#define TESTS_SHARE_OWNER_H

#include <string.h>

#include <criterion/criterion.h>

#include "share/batch.h"
#include "share/steal.h"

enum { OWNER_SLOTS = 24, OWNER_GROUPS = OWNER_SLOTS / PP_GROUP_SLOTS };

typedef struct shared {
  pp_division division;
  pp_group groups[OWNER_GROUPS];
  pp_slot slots[OWNER_SLOTS];
  pp_share share;
  uint32_t offers;
} shared;

static inline void count_offer(pp_share *share) {
  ((shared *)(void *)((unsigned char *)share - offsetof(shared, share)))->offers++;
}

/* So many units in so many parts, whose slots nobody has joined. Chunks are units, or adaptive. */
static inline void begin_shared(shared *s, uint64_t iterations, uint64_t size, uint32_t parts, bool adaptive) {
  memset(s, 0, sizeof *s);
  s->division = (pp_division){.space = {.step = 1, .count = iterations},
                              .sharing = PP_BY_RANGE,
                              .adaptive = adaptive,
                              .chunk = adaptive ? 0 : size,
                              .slots = parts,
                              .parts = parts};
  s->division.units = pp_units_make(iterations, size);
  s->share = (pp_share){.division = &s->division, .groups = s->groups, .slots = s->slots, .offer = count_offer};
  for (uint32_t g = 0; g < pp_groups_for(parts); g++)
    pp_group_open(&s->groups[g], pp_group_slots(parts, g), false, true, false);
}

/* A claimer in the slot, without work. */
static inline pp_claimer claimer_in(shared *s, uint32_t slot, bool by_burst, bool spared) {
  pp_claimer claimer;
  pp_claim_enter(&claimer, &s->division, &s->share, slot, &s->slots[slot].alert);
  pp_claim_enter_range(&claimer, by_burst, spared);
  return claimer;
}

static inline pp_span range_of_slot(shared *s, uint32_t slot) { return pp_range_peek(&s->slots[slot].range); }

static inline bool is_span(pp_span span, uint32_t first, uint32_t past) {
  return span.first == first && span.past == past;
}

#endif
