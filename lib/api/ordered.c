/* SPDX-License-Identifier: MIT */
/* ordered.c: the ordered parts of a prange's iterations. A piece waits for the turn of its first iteration, and has the turn until
 * its last one is through (claim/turns.h). */
#include "api/ordered.h"

#include <ppar/status.h>

#include "pool/pool.h"
#include "pool/spin.h"
#include "schedule/static_schedule.h"

/* Waits for the turn of iteration: spins, then sleeps. False: the region was cancelled. A thread that knows of that looks for no
 * turn: the prange that it takes for its present one may have another number on the other threads (stage.h, T4). */
static bool await_turn(pp_seat *seat, uint64_t iteration) {
  pp_team *team = seat->team;
  bool crowded = pp_load_relaxed(&team->crowded) != 0;
  pp_turns *turns = seat->turn.turns;
  pp_wait wait;
  if (pp_team_is_canceled(team)) return false;
  if (turns == NULL) turns = seat->turn.turns = pp_team_turns(seat);
  if (turns == NULL) {
    pp_seat_cancel(seat, PPAR_ENOMEM);
    return false;
  }
  if (pp_turns_are_at(turns, iteration)) return true;
  wait = pp_wait_start(team->spin_ticks);
  while (!pp_turns_are_at(turns, iteration)) {
    uint32_t beat;
    if (pp_team_is_canceled(team)) return false;
    if (pp_wait_on(&wait, crowded)) continue;
    for (uint32_t t = 1; t < seat->head.size; t++) pp_team_substitute(&team->seats[t], seat->fork_epoch);
    beat = pp_pulse_prepare(&turns->pulse);
    if (!pp_turns_are_at(turns, iteration) && !pp_team_is_canceled(team)) pp_pulse_park(&turns->pulse, beat);
    pp_pulse_done(&turns->pulse);
    wait = pp_wait_start(team->spin_ticks);
  }
  return true;
}

void pp_ordered_pass_rest(ppar_team *seat) {
  pp_turn *turn = &seat->turn;
  if (turn->first >= turn->past) return;
  if (turn->has || await_turn(seat, turn->first)) pp_turns_pass(turn->turns, turn->past);
  turn->first = turn->past = 0;
}

static uint64_t iteration_of(const pp_seat *seat, int64_t index) {
  const pp_space *space = &seat->puller.space;
  if (space->step > 0) return ((uint64_t)index - (uint64_t)space->begin) / (uint64_t)space->step;
  return ((uint64_t)space->begin - (uint64_t)index) / (0 - (uint64_t)space->step);
}

/* A prange that a macro opened, at its first ordered part on this thread. */
static void adopt(pp_seat *seat) {
  const ppar_team_head_ *head = &seat->head;
  pp_puller *puller = &seat->puller;
  seat->turn_of = head->pranges;
  seat->turn = (pp_turn){.turns = NULL};
  (void)pp_space_make(&puller->space, head->begin, head->end, head->step);
  puller->strided = head->chunk == 1;
  if (!puller->strided)
    pp_static_block(puller->space.count, head->size, head->thread, &seat->turn.first, &seat->turn.past);
}

/* A piece's first iteration waits for its turn; the turn then is the piece's until its last iteration has had it. */
void ppar_ordered_begin(ppar_team *seat, int64_t i) {
  seat = pp_seat_or_current(seat);
  if (seat == NULL || seat->head.size == 1) return;
  if (seat->turn_of != seat->head.pranges) adopt(seat);
  if (seat->puller.strided) {
    seat->turn.has = await_turn(seat, iteration_of(seat, i));
  } else if (!seat->turn.has) {
    seat->turn.has = await_turn(seat, seat->turn.first);
  }
}

void ppar_ordered_end(ppar_team *seat, int64_t i) {
  uint64_t iteration;
  seat = pp_seat_or_current(seat);
  if (seat == NULL || seat->head.size == 1 || !seat->turn.has) return;
  iteration = iteration_of(seat, i);
  if (!seat->puller.strided && iteration + 1 != seat->turn.past) return;
  seat->turn.has = false;
  seat->turn.first = seat->turn.past;
  pp_turns_pass(seat->turn.turns, iteration + 1);
}
