/* SPDX-License-Identifier: MIT */
/* shake_team.c: a region whose function is called by way of another one; how its pranges are given out. */
#include "api/shake_team.h"

#include "api/plan.h"
#include "api/shaker.h"
#include "schedule/tuning_checks.h"
#include "settings/environment.h"
#include "team/team.h"

/* Lives on the caller's stack: no thread uses it after its part of the region. */
typedef struct shaken_region {
  ppar_region *region;
  void *arg;
  uint64_t identity;
  uint64_t held_up; /* The thread that is; PPAR_MAX_THREADS or more: none. */
  pp_rendezvous rendezvous;
} shaken_region;

enum { ONE_REGION_IN = 8 }; /* has a thread that is held up */

static void run_part(ppar_team *seat, void *arg) {
  shaken_region *shaken = arg;
  pp_shaker *shaker = pp_shaker_get();
  pp_dice dice = {pp_dice_mix(shaken->identity, seat->head.thread)};
  pp_shaken_place before = pp_shaker_enter(shaker, dice.state, &shaken->rendezvous);
  seat->head.by_macro = 0; /* Every prange is the library's to give out. */
  if (seat->head.thread == shaken->held_up) pp_shaker_hold_up(shaker, PP_SHAKE_STARVE_NS);
  if (seat->head.size > 1) pp_shaker_meet(shaker, &shaken->rendezvous, &dice);
  shaken->region(seat, shaken->arg);
  pp_shaker_perhaps(shaker, &dice);
  shaker->place = before;
}

int pp_shake_region(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, uint32_t how, const char *name) {
  pp_dice dice = pp_shaker_decide(pp_shaker_get());
  shaken_region shaken = {.region = region, .arg = arg, .identity = dice.state, .held_up = PPAR_MAX_THREADS};
  if (pp_dice_roll(&dice, ONE_REGION_IN) == 0) shaken.held_up = pp_dice_roll(&dice, threads);
  pp_checks_leave_out(&shaken, sizeof shaken);
  pp_rendezvous_reset(&shaken.rendezvous);
  return pp_region_run(pool, run_part, &shaken, threads, how, name);
}

/* auto leaves all of them to the library. Chunks of one iteration, unless there are very many. */
static ppar_schedule instead_of_auto(uint64_t count, pp_dice *dice) {
  switch (pp_dice_roll(dice, 5)) {
    case 0: return ppar_dynamic((int64_t)(1 + (count >> 16)));
    case 1: return ppar_dynamic((int64_t)(1 + pp_dice_roll(dice, 64) + (count >> 16)));
    case 2: return ppar_guided(0);
    case 3: return ppar_static(0);
    default: return ppar_auto();
  }
}

ppar_schedule pp_shake_prange(pp_seat *seat, uint64_t count, const ppar_options *options) {
  pp_puller *puller = &seat->puller;
  ppar_schedule schedule = pp_plan_resolved(options->schedule);
  pp_dice dice = {pp_dice_mix(pp_environment_get()->shake, (uint64_t)seat->fork_epoch << 32 ^ seat->head.pranges)};
  puller->shaken.given = 0;
  puller->shaken.run = pp_dice_roll(&dice, 4) != 0 ? 1 : 1 + pp_dice_roll(&dice, 64);
  if (options->ordered || schedule.kind != PPAR_SCHEDULE_AUTO || schedule.order == PPAR_ORDER_MONOTONIC)
    return schedule;
  return instead_of_auto(count, &dice);
}

uint64_t pp_shake_piece(pp_seat *seat, pp_piece *piece) {
  pp_puller *puller = &seat->puller;
  pp_shaker *shaker = pp_shaker_get();
  uint64_t past = piece->past, given = puller->shaken.given++, most = pp_shuffle_run(puller->shaken.run, given);
  pp_dice dice = {pp_dice_mix(shaker->place.identity, given)};
  if (given >= PP_SHAKE_MEETINGS) {
    if (pp_dice_roll(&dice, PP_SHAKE_LATE) == 0) pp_shaker_perhaps(shaker, &dice);
  } else if (shaker->place.rendezvous != NULL) {
    pp_shaker_meet(shaker, shaker->place.rendezvous, &dice);
  }
  if (!seat->ordered && past - piece->first > most) piece->past = piece->first + most;
  return past;
}
