/* SPDX-License-Identifier: MIT */
/* ordered.c: the ordered parts of a prange's iterations. A piece waits for the turn of its first iteration, and has the turn until
 * its last one is through (claim/order.h). */
#include "api/ordered.h"

#include <ppar/status.h>

#include "pool/pool.h"
#include "pool/wait.h"
#include "schedule/static_schedule.h"

/* Waits for the turn of iteration: spins, then sleeps. False: the region was cancelled. */
static bool await_turn(ppar_team *team, uint64_t iteration) {
  pp_crew *crew = team->crew;
  bool crowded = pp_load_relaxed(&crew->crowded) != 0;
  pp_order *order = team->turn.order;
  pp_wait wait;
  if (order == NULL) order = team->turn.order = pp_crew_order(team);
  if (order == NULL) {
    pp_team_cancel(team, PPAR_ENOMEM);
    return false;
  }
  if (pp_order_is_next(order, iteration)) return true;
  wait = pp_wait_start(crew->spin_ticks);
  while (!pp_order_is_next(order, iteration)) {
    uint32_t beat;
    if (pp_crew_is_canceled(crew)) return false;
    if (pp_wait_on(&wait, crowded)) continue;
    for (uint32_t t = 1; t < team->head.size; t++) pp_crew_substitute(&crew->seats[t], team->fork_epoch);
    beat = pp_pulse_prepare(&order->pulse);
    if (!pp_order_is_next(order, iteration) && !pp_crew_is_canceled(crew)) pp_pulse_park(&order->pulse, beat);
    pp_pulse_done(&order->pulse);
    wait = pp_wait_start(crew->spin_ticks);
  }
  return true;
}

void pp_ordered_pass_rest(ppar_team *team) {
  pp_order_turn *turn = &team->turn;
  if (turn->first >= turn->past) return;
  if (turn->has || await_turn(team, turn->first)) pp_order_pass(turn->order, turn->past);
  turn->first = turn->past = 0;
}

static uint64_t iteration_of(const ppar_team *team, int64_t index) {
  const pp_space *space = &team->puller.space;
  if (space->step > 0) return ((uint64_t)index - (uint64_t)space->begin) / (uint64_t)space->step;
  return ((uint64_t)space->begin - (uint64_t)index) / (0 - (uint64_t)space->step);
}

/* A prange that a macro opened, at its first ordered part on this thread. */
static void adopt(ppar_team *team) {
  const ppar_team_head_ *head = &team->head;
  pp_puller *puller = &team->puller;
  team->turn_of = head->pranges;
  team->turn = (pp_order_turn){.order = NULL};
  (void)pp_space_make(&puller->space, head->begin, head->end, head->step);
  puller->strided = head->chunk == 1;
  if (!puller->strided)
    pp_static_block(puller->space.count, head->size, head->thread, &team->turn.first, &team->turn.past);
}

/* A piece's first iteration waits for its turn; the turn then is the piece's until its last iteration has had it. */
void ppar_ordered_begin(ppar_team *team, int64_t i) {
  team = pp_team_or_current(team);
  if (team == NULL || team->head.size == 1) return;
  if (team->turn_of != team->head.pranges) adopt(team);
  if (team->puller.strided) {
    team->turn.has = await_turn(team, iteration_of(team, i));
  } else if (!team->turn.has) {
    team->turn.has = await_turn(team, team->turn.first);
  }
}

void ppar_ordered_end(ppar_team *team, int64_t i) {
  uint64_t iteration;
  team = pp_team_or_current(team);
  if (team == NULL || team->head.size == 1 || !team->turn.has) return;
  iteration = iteration_of(team, i);
  if (!team->puller.strided && iteration + 1 != team->turn.past) return;
  team->turn.has = false;
  team->turn.first = team->turn.past;
  pp_order_pass(team->turn.order, iteration + 1);
}
