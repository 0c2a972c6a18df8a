/* SPDX-License-Identifier: MIT */
/* pace.c: learning. */
#include "loop/pace.h"

#include "platform/clock.h"

/* A slow loop may have lost its CPU for a while, so the estimate falls to the half only, unless the loop was far too
 * slow for that to matter. Nothing makes a loop quicker than it is. */
static uint64_t next_most(uint64_t most, uint64_t seen, bool far_off) {
  return seen >= most || far_off ? seen : most - (most - seen) / 2;
}

/* Many quick loops make up for having been misled. */
static void note_quick(pp_known *known) {
  if (known->doubts != 0) {
    known->doubts--;
  } else if (known->caution != 0 && ++known->quick >= (uint64_t)known->caution * PP_DOUBTS_FIRST) {
    known->caution /= 2;
    known->quick = 0;
  }
}

static void note_misled(pp_known *known) {
  uint32_t next = known->caution * 2;
  if (next < PP_DOUBTS_FIRST) next = PP_DOUBTS_FIRST;
  if (next > PP_DOUBTS_MOST) next = PP_DOUBTS_MOST;
  known->caution = known->doubts = next;
  known->quick = 0;
}

void pp_known_init(pp_known_table *table) {
  table->limit = pp_ticks_from_ns(PP_ALONE_NS);
  if (table->limit == 0) table->limit = 1;
}

void pp_known_learn(pp_known_table *table, const void *code, const void *site, uint64_t count, uint64_t ticks,
                    bool misled) {
  pp_known *known = &table->entry[pp_known_place(code, site)];
  uint64_t limit = table->limit, seen;
  bool far_off = ticks / PP_FAR_OFF > limit;
  if (ticks == 0) ticks = 1;
  seen = count > UINT64_MAX / limit ? UINT64_MAX / ticks : count * limit / ticks;
  if (known->code != code || known->site != site) *known = (pp_known){code, site, seen, 0, 0, 0};
  if (misled && far_off) {
    note_misled(known);
  } else if (seen >= count) {
    note_quick(known);
  }
  known->most = next_most(known->most, seen, far_off);
}
