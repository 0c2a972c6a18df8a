/* SPDX-License-Identifier: MIT */
/* ordered.c: the ordered parts of a prange's iterations. A piece waits for the turn of its first iteration, and has
 * the turn until its last one is through (claim/turns.h). */
#include "team/ordered.h"

#include <ppar/status.h>

#include "platform/race_checker.h"
#include "pool/pool.h"
#include "schedule/static_schedule.h"
#include "team/cancel.h"
#include "team/recruit.h"
#include "team/turns.h"

/* --- Waiting for a turn ----------------------------------------------------------------------------------- */

typedef struct awaiting_turn {
  pp_waiting waiting;
  pp_seat *seat;
  pp_turns *turns;
  uint64_t iteration;
  uint32_t beat; /* The pulse, as it was when the thread prepared to sleep. */
} awaiting_turn;

static awaiting_turn *of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting_turn, waiting, waiting); }
static pp_pulse *pulse_of(pp_waiting *waiting) { return &of(waiting)->turns->pulse; }

static bool is_over(pp_waiting *waiting) {
  return pp_turns_are_at(of(waiting)->turns, of(waiting)->iteration) || pp_team_is_canceled(of(waiting)->seat->team);
}

/* It is not known who has the turn, or will have it before this thread. */
static void substitute(pp_waiting *waiting) {
  pp_seat *seat = of(waiting)->seat;
  for (uint32_t t = 1; t < seat->head.size; t++) pp_seat_substitute(&seat->team->seats[t], seat->fork_epoch);
}

static bool prepare(pp_waiting *waiting) {
  of(waiting)->beat = pp_pulse_prepare(pulse_of(waiting));
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) { pp_pulse_park(pulse_of(waiting), of(waiting)->beat); }
static void rise(pp_waiting *waiting) { pp_pulse_done(pulse_of(waiting)); }
static void wake(void *waiting) { pp_pulse_wake(pulse_of(waiting)); }

static const pp_wait_kind turn_wait = {.is_over = is_over,
                                       .substitute = substitute,
                                       .prepare = prepare,
                                       .sleep = sleep_on_pulse,
                                       .rise = rise,
                                       .wake = wake,
                                       .size = sizeof(awaiting_turn)};

/* Waits for the turn of the iteration. Meanwhile the thread takes part in loops that are begun inside the ordered
 * part of whoever has the turn, and in no others: it may hold what an iteration that comes later wants. False: the
 * region was cancelled. A thread that knows of that looks for no turn: the prange that it takes for its present one
 * may have another number on the other threads (stage.h, T4). */
static bool await_turn_before_edge(pp_seat *seat, uint64_t iteration) {
  pp_team *team = seat->team;
  pp_turns *turns = seat->turn.turns;
  awaiting_turn a;
  if (pp_team_is_canceled(team)) return false;
  if (turns == NULL) turns = seat->turn.turns = pp_team_turns(seat);
  if (turns == NULL) {
    pp_seat_cancel(seat, PPAR_ENOMEM);
    return false;
  }
  if (pp_turns_are_at(turns, iteration)) return true;
  if (pp_turns_are_past(turns, iteration)) return false; /* The prange is over; that is the program's mistake. */
  a.waiting = pp_waiting_make(&turn_wait, team->pool, turns);
  a.waiting.crowded = &team->crowded;
  a.seat = seat;
  a.turns = turns;
  a.iteration = iteration;
  pp_wait(&a.waiting);
  return pp_turns_are_at(turns, iteration);
}

/* From all ordered parts before this one: none of a later iteration has begun, so none is in the edge. Iterations that
 * leave theirs out only pass the turn on. */
static bool await_turn(pp_seat *seat, uint64_t iteration) {
  if (!await_turn_before_edge(seat, iteration)) return false;
  pp_edge_acquire(seat->turn.turns);
  return true;
}

/* --- Turns ------------------------------------------------------------------------------------------------ */

void pp_ordered_leave_slowly(pp_seat *seat) {
  seat->turn.inside = false;
  pp_edge_release(seat->turn.turns); /* To the ordered parts of later iterations. */
  pp_self_let_go(pp_self_get(), seat->turn.turns);
}

void pp_ordered_pass_rest(pp_seat *seat) {
  pp_turn *turn = &seat->turn;
  if (turn->first >= turn->past) return;
  if (turn->has || await_turn(seat, turn->first)) pp_turns_pass(turn->turns, turn->past);
  turn->first = turn->past = 0;
}

static uint64_t iteration_of(const pp_seat *seat, int64_t index) {
  const pp_space *space = &seat->puller.division.space;
  if (space->step > 0) return ((uint64_t)index - (uint64_t)space->begin) / (uint64_t)space->step;
  return ((uint64_t)space->begin - (uint64_t)index) / (0 - (uint64_t)space->step);
}

/* A prange that a macro opened, at its first ordered part on this thread. */
static void adopt(pp_seat *seat) {
  const ppar_team_head_ *head = &seat->head;
  pp_puller *puller = &seat->puller;
  seat->turn_of = head->pranges;
  seat->turn = (pp_turn){.turns = NULL};
  (void)pp_space_make(&puller->division.space, head->begin, head->end, head->step);
  puller->claimer.in_series = head->chunk == 1;
  if (!puller->claimer.in_series)
    pp_static_block(puller->division.space.count, head->size, head->thread, &seat->turn.first, &seat->turn.past);
}

/* The macro has gone on to a further chunk of a train, of which only the first one was handed out as a piece: the turn
 * is that chunk's. */
static void follow_train(pp_seat *seat, uint64_t iteration) {
  const pp_claimer *claimer = &seat->puller.claimer;
  uint64_t count = seat->puller.division.space.count;
  if (claimer->kind != PP_CLAIM_RANGE || claimer->chunk == 0 || iteration < seat->turn.past) return;
  seat->turn.first = iteration - iteration % claimer->chunk;
  seat->turn.past = pp_static_chunk_past(count, claimer->chunk, seat->turn.first);
}

/* A piece's first iteration waits for its turn; the turn then is the piece's until its last iteration has had it. */
void pp_ordered_begin(pp_seat *seat, int64_t i) {
  pp_ordered_leave(seat); /* Of an earlier iteration, by continue or break. */
  if (seat->head.pranges == 0) {
    seat->turn.has = false; /* The program has written it outside of a prange: there is no space, and no turn. */
    return;
  }
  if (seat->turn_of != seat->head.pranges) adopt(seat);
  if (seat->puller.claimer.in_series) {
    seat->turn.has = await_turn(seat, iteration_of(seat, i));
  } else if (!seat->turn.has) {
    follow_train(seat, iteration_of(seat, i));
    seat->turn.has = await_turn(seat, seat->turn.first);
  }
  if (!seat->turn.has) return;
  pp_self_hold(pp_self_get(), seat->turn.turns);
  seat->turn.inside = true;
}

void pp_ordered_end(pp_seat *seat, int64_t i) {
  uint64_t iteration;
  if (!seat->turn.has) return;
  pp_ordered_leave(seat);
  iteration = iteration_of(seat, i);
  if (!seat->puller.claimer.in_series && iteration + 1 != seat->turn.past) return;
  seat->turn.has = false;
  seat->turn.first = seat->turn.past;
  pp_turns_pass(seat->turn.turns, iteration + 1);
}
