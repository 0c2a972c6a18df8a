/* SPDX-License-Identifier: MIT */
/* pace.c: learning. */
#include "loop/pace.h"

#include <stdbool.h>

#include "platform/clock.h"

/* A quick loop may have been lucky, so the estimate grows by PP_GROWTH at most. A slow one may have lost its CPU for a
 * while, so it falls to the half only, unless the loop was far too slow for that to matter. */
static uint64_t next_most(uint64_t most, uint64_t seen, bool far_off) {
  if (seen > most) return seen / PP_GROWTH > most ? most * PP_GROWTH : seen;
  return far_off ? seen : most - (most - seen) / 2;
}

void pp_known_learn(pp_known_table *table, const void *code, const void *site, uint64_t count, uint64_t ticks) {
  pp_known *known = &table->entry[pp_known_place(code, site)];
  uint64_t limit = pp_ticks_from_ns(PP_ALONE_NS), seen;
  if (ticks == 0) ticks = 1;
  seen = count > UINT64_MAX / limit ? UINT64_MAX / ticks : count * limit / ticks;
  if (known->code != code || known->site != site) *known = (pp_known){code, site, count};
  known->most = next_most(known->most == 0 ? 1 : known->most, seen, ticks / 8 > limit);
}
