/* SPDX-License-Identifier: MIT */
/* pieces.c: handing out a prange's iterations, piece by piece, to a thread that asks for them. */
#include "team/pieces.h"

#include "pool/pool.h"
#include "schedule/tuning.h"
#include "share/batch.h"
#include "share/steal.h"
#include "team/team.h"

/* --- Waiting for work ------------------------------------------------------------------------------------- */

/* A thread without work: it waits until there is some to steal, or all is done. */
typedef struct hungry {
  pp_waiting waiting;
  pp_seat *seat;
  uint64_t looked;
  uint32_t beat; /* The pulse, as it was when the thread prepared to sleep. */
  bool found;
} hungry;

static hungry *of(pp_waiting *waiting) { return PP_OWNER_OF(hungry, waiting, waiting); }
static pp_pulse *pulse_of(pp_waiting *waiting) { return &of(waiting)->seat->team->hungry; }
static pp_claimer *claimer_of(pp_waiting *waiting) { return &of(waiting)->seat->puller.claimer; }

static bool is_due(const hungry *h) {
  return h->seat->head.size <= PP_GROUP_SLOTS || h->waiting.thorough ||
         h->waiting.spin.last - h->looked >= pp_ticks_from_ns(PP_TEAM_POLL_NS);
}

static bool ends(const hungry *h, bool looks_at_all) {
  if (h->found || pp_team_is_canceled(h->seat->team)) return true;
  return looks_at_all && pp_stage_is_complete(h->seat->puller.stage);
}

static bool is_over(pp_waiting *waiting) { return ends(of(waiting), is_due(of(waiting))); }
static bool has_gone_on(pp_waiting *waiting) { return ends(of(waiting), true); }

static bool find(pp_waiting *waiting) {
  hungry *h = of(waiting);
  if (!is_due(h)) return false;
  h->looked = waiting->spin.last;
  return pp_claim_find(claimer_of(waiting));
}

static void run(pp_waiting *waiting) { of(waiting)->found = true; }
static void ask(pp_waiting *waiting) { pp_claim_beg(claimer_of(waiting)); }

static bool prepare(pp_waiting *waiting) {
  of(waiting)->beat = pp_pulse_prepare(pulse_of(waiting));
  ask(waiting); /* The last look comes after that (pp_claim_own). */
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) {
  if (!claimer_of(waiting)->pending) pp_pulse_park(pulse_of(waiting), of(waiting)->beat);
}
static void rise(pp_waiting *waiting) { pp_pulse_done(pulse_of(waiting)); }
static void wake(void *waiting) { pp_pulse_wake(pulse_of(waiting)); }

static const pp_wait_kind hungry_wait = {
    .is_over = is_over,
    .find = find,
    .run = run,
    .ask = ask,
    .prepare = prepare,
    .sleep = sleep_on_pulse,
    .rise = rise,
    .wake = wake,
    .size = sizeof(hungry),
    .has_gone_on = has_gone_on,
    .takes_tasks = true,
};

static bool wait_for_work(pp_seat *seat) {
  pp_team *team = seat->team;
  hungry h = {.waiting = pp_waiting_make(&hungry_wait, team->pool, team), .seat = seat};
  h.waiting.crowded = &team->crowded;
  if (is_over(&h.waiting)) return false;
  pp_wait(&h.waiting);
  return h.found;
}

/* --- By range --------------------------------------------------------------------------------------------- */

/* Tells how much the thread has finished, now that it has no more: whoever waits may be waiting for just that. */
static void tell(pp_seat *seat) {
  const pp_claimer *claimer = &seat->puller.claimer;
  pp_store_seq_cst(&claimer->share->slots[claimer->number].done, claimer->done);
  if (pp_pulse_has_sleepers(&seat->team->hungry)) pp_pulse_wake(&seat->team->hungry);
}

/* What the macro has not begun of the train, and what is behind it, is the claimer's again. */
static void end_train(pp_puller *puller) {
  uint64_t left = puller->train.shared + puller->behind;
  puller->train.shared = puller->behind = 0;
  if (left != 0) pp_claim_return(&puller->claimer, &puller->series, left);
}

/* Chunks are handed out one by one, so that thieves can take what one of them is in the way of: *piece is the first of
 * several, and becomes a single one. The others follow in the train where the macro may begin them: where they are
 * units, none of them is the loop's last chunk, which may be shorter, and thieves see to the order. */
static void begin_train(pp_puller *puller, pp_piece *piece) {
  const pp_claimer *claimer = &puller->claimer;
  const pp_division *division = claimer->division;
  uint64_t chunks = pp_piece_chunks(piece);
  uint64_t whole = piece->past == division->space.count ? chunks - 1 : chunks;
  bool in_train = claimer->hurried && division->units.size == piece->size;
  if (chunks == 1) return;
  puller->series = *piece;
  piece->past = piece->first + piece->size;
  puller->train.shared = in_train ? whole - 1 : 0;
  puller->train.unit = claimer->begun;
  puller->behind = chunks - 1 - puller->train.shared;
}

/* The thread has found nothing else for good: it gets what is kept apart, if nobody has. Most come after that, and
 * leave the counter's line where it is. */
static bool take_apart(pp_puller *puller, pp_piece *piece) {
  const pp_division *division = puller->claimer.division;
  uint64_t count = pp_division_apart(division), first;
  pp_counter *counter = puller->claimer.share->counter;
  if (count == 0 || pp_counter_is_used_up(counter, count)) return false;
  if (pp_counter_take(counter, count, count, &first) == 0) return false;
  piece->first = division->units.count_iterations;
  piece->past = division->space.count;
  piece->size = piece->hop = count;
  piece->train = 1;
  return true;
}

static bool next_in_range(pp_seat *seat, pp_piece *piece) {
  pp_claimer *claimer = &seat->puller.claimer;
  uint32_t lingered = 0;
  end_train(&seat->puller);
  for (;;) {
    if (pp_claim_next(claimer, piece)) {
      begin_train(&seat->puller, piece);
      return true;
    }
    tell(seat);
    /* The last to come is mostly this thread, or one that has just told so too: then there is nothing to look for. */
    if (seat->head.size <= PP_GROUP_SLOTS && pp_stage_is_complete(seat->puller.stage))
      return take_apart(&seat->puller, piece);
    if (pp_claim_find(claimer)) continue;
    if (seat->nowait) {
      if (pp_claim_find_for_good(claimer)) continue;
      if (pp_team_is_canceled(seat->team)) return false;
      if (!claimer->pending) return take_apart(&seat->puller, piece);
      pp_claim_linger(++lingered);
      continue;
    }
    if (!wait_for_work(seat)) return !pp_team_is_canceled(seat->team) && take_apart(&seat->puller, piece);
  }
}

static pp_site_pace *pace_of(pp_puller *puller, const void *site) {
  pp_site_pace *pace = &puller->paces[pp_site_place(site)];
  if (pace->site != site) *pace = (pp_site_pace){.site = site};
  return pace;
}

static void join(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_stage *stage = puller->stage;
  uint32_t number = seat->head.thread;
  pp_claim_enter(&puller->claimer, &stage->division, &stage->share, number, &stage->share.slots[number].alert);
  puller->claimer.in_series = false;
  pp_claim_enter_range(&puller->claimer, stage->division.adaptive, false);
  puller->train.hop = 0;
  puller->train.distance = (int64_t)(stage->division.chunk * (uint64_t)stage->division.space.step);
  puller->train.begun = (volatile uint32_t *)(void *)&stage->share.slots[number].begun;
  puller->train.alert = (const volatile uint32_t *)(void *)puller->claimer.alert;
  pp_move_begin(&stage->share.slots[number]);
  if (pp_stage_join(stage, number)) {
    pp_claim_own(&puller->claimer, pp_division_parts(&stage->division, number, 1));
  } else {
    puller->claimer.unheard_of = true;
  }
  pp_move_end(&stage->share.slots[number]);
  if (puller->pace->batch != 0)
    pp_batch_remember(&puller->claimer, puller->pace->call,
                      puller->pace->doubts || seat->head.pranges % PP_DOUBTED_LOOPS == 0);
  pp_batch_start(&puller->claimer, puller->pace->batch);
}

/* --- All kinds -------------------------------------------------------------------------------------------- */

void pp_pull_enter(pp_seat *seat) {
  seat->puller.stage = &seat->team->root;
  seat->puller.settled = 0;
}

void pp_pull_open_static(pp_seat *seat, uint64_t chunk, bool in_series) {
  pp_puller *puller = &seat->puller;
  puller->division.slots = seat->head.size;
  puller->claimer.division = &puller->division;
  puller->claimer.number = seat->head.thread;
  puller->claimer.in_series = in_series;
  pp_claim_static(&puller->claimer, puller->division.space.count, seat->head.size, seat->head.thread, chunk);
}

bool pp_pull_open(pp_seat *seat, const pp_division *division, const char *name, const void *site) {
  pp_puller *puller = &seat->puller;
  if (division->sharing == PP_BY_SLOT) {
    pp_pull_open_static(seat, division->chunk, false);
    return true;
  }
  if (!pp_stage_walk_on(seat, division, name)) return false;
  puller->pace = pace_of(puller, site);
  if (division->sharing == PP_BY_RANGE) {
    join(seat);
  } else {
    pp_claim_enter(&puller->claimer, &puller->stage->division, &puller->stage->share, seat->head.thread, NULL);
    puller->claimer.in_series = false;
    puller->claimer.kind = PP_CLAIM_COUNTER;
  }
  return true;
}

bool pp_pull_next(pp_seat *seat, pp_piece *piece) {
  if (seat->puller.claimer.kind == PP_CLAIM_RANGE) return next_in_range(seat, piece);
  return pp_claim_next(&seat->puller.claimer, piece);
}

/* Left by break: what is left of the batch goes back to the front of the range that it came from. */
void pp_pull_close(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  pp_claimer *claimer = &puller->claimer;
  if (claimer->kind != PP_CLAIM_RANGE) return;
  end_train(puller);
  if (pp_span_length(claimer->batch) != 0) {
    pp_batch_put_back(claimer);
    tell(seat);
  }
  puller->pace->call = puller->pace->batch != 0 ? pp_batch_learned(claimer, puller->pace->call) : claimer->call;
  puller->pace->batch = pp_batch_pace(claimer);
  puller->pace->doubts = claimer->doubts;
}

void pp_pull_settle(pp_seat *seat) {
  pp_puller *puller = &seat->puller;
  if (puller->claimer.kind == PP_CLAIM_RANGE || puller->claimer.kind == PP_CLAIM_COUNTER)
    puller->settled = puller->stage->index;
  if (seat->head.thread == 0 && puller->site != NULL) pp_lesson_learn(seat);
}
