/* SPDX-License-Identifier: MIT */
/* lesson.c: reading and writing lessons. */
#include "team/lesson.h"

#include "platform/clock.h"
#include "schedule/tuning.h"
#include "share/batch.h"
#include "team/team.h"

bool pp_lesson_is_short(pp_seat *seat, const void *site, uint64_t count) {
  pp_puller *puller = &seat->puller;
  pp_lesson *lesson = &seat->team->lessons[pp_site_place(site)];
  uint32_t parity = seat->head.pranges % 2;
  puller->site = site;
  puller->opened = 0;
  if (!seat->head.closed_before || pp_load_relaxed(&lesson->site[parity]) != site ||
      count > pp_load_relaxed(&lesson->most[parity]))
    return false;
  if (seat->head.thread == 0 && puller->opens++ % PP_TIMED_LOOPS == 0) puller->opened = pp_clock_ticks();
  return true;
}

void pp_lesson_learn(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_lesson *lesson = &seat->team->lessons[pp_site_place(puller->site)];
  uint32_t parity = seat->head.pranges % 2;
  uint64_t most;
  if (puller->claimer.kind == PP_CLAIM_RANGE) {
    most = puller->pace->batch / (PP_BATCH_NS / PP_STATIC_NS);
  } else if (puller->opened != 0 && pp_clock_ticks() - puller->opened > pp_ticks_from_ns(PP_LONG_NS)) {
    most = 0;
  } else {
    return;
  }
  if (pp_load_relaxed(&lesson->site[parity]) != puller->site) pp_store_relaxed(&lesson->site[parity], puller->site);
  if (pp_load_relaxed(&lesson->most[parity]) != most) pp_store_relaxed(&lesson->most[parity], most);
}
