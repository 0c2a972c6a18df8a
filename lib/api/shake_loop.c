/* SPDX-License-Identifier: MIT */
/* shake_loop.c: a loop whose body is called by way of another one, which comes to the chunks in its own order.
 *
 * Under auto the loop that is run is one over places (shuffle.h). A body of it, run_places, finds the chunk of each
 * place and calls the program's body with that. Cancellation is by iterations, and the loop over places knows none: so
 * chunks carry a control of the loop's own, and what was cancelled there is skipped here. Under the other schedules
 * chunks are passed on as they come. Those of dynamic might come in any order, too; but where iterations wait for
 * earlier ones, another order could make all threads wait. */
#include "api/shake_loop.h"

#include <ppar/status.h>

#include "api/shaker.h"
#include "loop/caller.h"
#include "schedule/tuning_checks.h"
#include "share/control.h"

/* Lives on the caller's stack: only bodies use it, and none runs after its loop has returned. */
typedef struct pp_shaken_loop {
  pp_space space;
  ppar_body *body; /* NULL: fold is what runs. */
  ppar_fold *fold;
  void *arg;
  const ppar_reduction *reduction;
  uint64_t identity;
  pp_shuffle shuffle;
  int held_up_slot;       /* -1: none is. */
  uint32_t held_up_after; /* So many chunks. */
  bool was_held_up;       /* That slot's thread's own. */
  pp_control control;     /* Where chunks are shuffled. */
  pp_rendezvous rendezvous;
} pp_shaken_loop;

/* What becomes of the thread before it runs a chunk of the slot. */
static void come_to_chunk(pp_shaken_loop *loop, pp_shaker *shaker, int slot) {
  pp_dice dice = {shaker->place.identity};
  uint32_t before;
  bool meets = pp_rendezvous_counts(&loop->rendezvous, PP_SHAKE_MEETINGS, &before);
  if (slot == loop->held_up_slot && !loop->was_held_up && before >= loop->held_up_after) {
    loop->was_held_up = true;
    pp_shaker_hold_up(shaker, PP_SHAKE_STARVE_NS);
  } else if (meets) {
    pp_shaker_meet(shaker, &loop->rendezvous, &dice);
  } else if (pp_dice_roll(&dice, PP_SHAKE_LATE) == 0) {
    pp_shaker_perhaps(shaker, &dice);
  }
}

static void run(pp_shaken_loop *loop, const ppar_chunk *chunk, void *accumulator) {
  pp_shaker *shaker = pp_shaker_get();
  pp_shaken_place before = pp_shaker_enter(shaker, pp_dice_mix(loop->identity, chunk->first_), NULL);
  come_to_chunk(loop, shaker, chunk->thread);
  if (loop->body != NULL) {
    loop->body(chunk, loop->arg);
  } else {
    loop->fold(chunk, accumulator, loop->arg);
  }
  shaker->place = before;
}

/* As it comes, and no others behind it. */
static void pass_on(const ppar_chunk *given, void *accumulator, void *loop) {
  ppar_chunk chunk = *given;
  chunk.train_ = NULL;
  run(loop, &chunk, accumulator);
}

static void run_places(const ppar_chunk *places, void *accumulator, void *shaken) {
  pp_shaken_loop *loop = shaken;
  for (uint64_t k = 0; k < places->count; k++) {
    uint64_t first, past;
    pp_shuffle_bounds(&loop->shuffle, places->first_ + k, &first, &past);
    if (pp_cancel_skips(&loop->control.cancel, first)) continue;
    ppar_chunk chunk = {.begin = pp_space_index(&loop->space, first),
                        .end = pp_space_end(&loop->space, past),
                        .step = loop->space.step,
                        .count = past - first,
                        .thread = places->thread,
                        .first_ = first,
                        .loop_ = &loop->control};
    run(loop, &chunk, accumulator);
  }
}

static void pass_on_body(const ppar_chunk *chunk, void *loop) { pass_on(chunk, NULL, loop); }
static void run_places_body(const ppar_chunk *places, void *loop) { run_places(places, NULL, loop); }

static bool has_failed(pp_shaken_loop *loop) { return pp_control_is_canceled(&loop->control); }

/* The loop over places does not know that it was cancelled, and would combine. The caller's thread does that, and by
 * then the innermost loop that it has begun is this one again. */
static void combine_unless_failed(void *into, const void *from) {
  pp_shaken_loop *loop = pp_shaker_get()->combining;
  if (!has_failed(loop)) loop->reduction->combine(into, from);
}

/* False: the schedule says in which order chunks come. */
static bool shuffle(pp_shaken_loop *loop, pp_plan *plan, pp_dice *dice) {
  pp_alone *alone = &plan->alone;
  bool is_alone = pp_dice_roll(dice, PP_SHAKE_ALONE_EVERY) == 0;
  if (plan->schedule.kind != PPAR_SCHEDULE_AUTO || plan->schedule.order == PPAR_ORDER_MONOTONIC) return false;
  loop->shuffle = pp_shuffle_make(alone->space.count, alone->slots, dice);
  plan->schedule = ppar_static(is_alone ? (int64_t)loop->shuffle.chunks : 1);
  pp_control_reset(&loop->control);
  loop->control.share = NULL;
  alone->space = (pp_space){0, (int64_t)loop->shuffle.chunks, 1, loop->shuffle.chunks};
  return true;
}

/* Which slot is held up, and when. */
static void choose_slot(pp_shaken_loop *loop, uint32_t slots, pp_dice *dice) {
  bool at_once = pp_dice_roll(dice, PP_SHAKE_STARVED_EVERY) == 0;
  bool late = pp_dice_roll(dice, PP_SHAKE_LATE_EVERY) == 0;
  int slot = (int)pp_dice_roll(dice, slots);
  loop->held_up_slot = at_once || late ? slot : -1;
  loop->held_up_after = at_once ? 0 : PP_SHAKE_LATE;
  loop->was_held_up = false;
}

int pp_shake_loop(pp_plan *plan, void *result) {
  pp_alone *alone = &plan->alone;
  pp_shaker *shaker = pp_shaker_get();
  pp_dice dice = pp_shaker_decide(shaker);
  pp_shaken_loop loop = {.space = alone->space,
                         .body = alone->body,
                         .fold = alone->fold,
                         .arg = alone->arg,
                         .reduction = alone->reduction,
                         .identity = dice.state};
  struct pp_shaken_loop *outer = shaker->combining;
  ppar_reduction guarded;
  int status;
  pp_checks_leave_out(&loop, sizeof loop);
  pp_rendezvous_reset(&loop.rendezvous);
  choose_slot(&loop, alone->slots, &dice);
  bool is_shuffled = shuffle(&loop, plan, &dice);
  if (alone->body != NULL) alone->body = is_shuffled ? run_places_body : pass_on_body;
  if (alone->fold != NULL) alone->fold = is_shuffled ? run_places : pass_on;
  if (is_shuffled && alone->reduction != NULL) {
    guarded = (ppar_reduction){loop.reduction->size, loop.reduction->identity, combine_unless_failed};
    alone->reduction = &guarded;
  }
  alone->arg = &loop;
  pp_plan_loop(plan);
  shaker->combining = &loop;
  status = pp_loop_run(plan->pool, &plan->loop, result);
  shaker->combining = outer;
  if (is_shuffled && has_failed(&loop)) status = loop.control.cancel.status;
  return status;
}
