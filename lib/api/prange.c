/* SPDX-License-Identifier: MIT */
/* prange.c: loops divided among the threads of a team.
 *
 * Static schedules are arithmetic alone: nothing is shared but the closing barrier. Most of them never come here: the
 * macros open them (prange.h). The others go through a stage (team/stage.h). A thread has its share of a prange in
 * its seat; a team of one has it in the cursor, and runs the loop serially, whatever the schedule. */
#include "api/prange.h"

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "api/meet.h"
#include "api/plan.h"
#include "api/shake_team.h"
#include "settings/environment.h"
#include "team/check.h"
#include "team/ordered.h"
#include "team/team.h"
#include "trace/construct.h"

/* Iterations in a piece: the macro's loops count rows down in an int64_t, and end where an index is reached that may
 * not be the first one again (2^64 / |step| iterations would be). */
#define PP_MOST_AT_ONCE (UINT64_C(1) << 62)

static uint64_t at_once(uint64_t count, int64_t step) {
  if (count > PP_MOST_AT_ONCE) count = PP_MOST_AT_ONCE;
  return count * (uint64_t)step == 0 && count != 0 ? count - 1 : count;
}

/* static,1 as a single strided run: just where ppar_prange_hop_ hops by the team's size. */
static bool is_strided(const ppar_options *options, bool hops) {
  return hops && options->schedule.kind == PPAR_SCHEDULE_STATIC && options->schedule.chunk == 1 && !options->ordered;
}

static bool is_plainly_static(const ppar_options *options) { return options->schedule.kind == PPAR_SCHEDULE_STATIC; }

static void open_serial(ppar_cursor_ *cursor, pp_seat *seat, int status, const pp_space *space) {
  cursor->team = seat;
  cursor->left.begin = space->begin;
  cursor->left.count = status == PPAR_OK ? space->count : 0;
  cursor->step = space->step;
  if (seat != NULL && status != PPAR_OK) ppar_cancel_region(seat, status);
}

/* Schedules that are not static by their name. By slot and by counter a thread's pieces rise, so that the loop's last
 * iteration is in the last one of its thread in any case. */
static int open_planned(pp_seat *seat, const pp_space *space, const ppar_options *options, bool last_is_last,
                        const void *site) {
  pp_division division;
  ppar_schedule schedule;
  pp_plan_prange(&division, &schedule, options);
  division.space = *space;
  division.slots = seat->head.size;
  if (pp_mode_is_on(PP_MODE_SHAKE)) {
    schedule = pp_shake_prange(seat, space->count, options);
  } else if (schedule.kind == PPAR_SCHEDULE_AUTO && !options->ordered && pp_lesson_is_short(seat, site, space->count)) {
    schedule = ppar_static(0);
  }
  pp_plan_prange_schedule(&division, schedule, options->ordered);
  if (last_is_last && division.sharing == PP_BY_RANGE) pp_division_set_apart(&division);
  return pp_pull_open(seat, &division, options->name, site) ? PPAR_OK : PPAR_ENOMEM;
}

static void open_shared(ppar_cursor_ *cursor, pp_seat *seat, int status, const pp_space *space,
                        const ppar_options *options, bool hops, bool last_is_last, const void *site) {
  seat->nowait = options->nowait;
  seat->ordered = options->ordered;
  seat->careful = options->ordered || pp_trace_is_on() || pp_mode_is_on(PP_MODE_SHAKE);
  pp_ordered_leave(seat);
  seat->head.pranges++;
  seat->turn_of = seat->head.pranges;
  seat->turn.turns = NULL;
  seat->turn.first = seat->turn.past = 0;
  cursor->team = seat;
  pp_pull_begin(&seat->puller, space);
  /* A thread that knows of a cancellation opens nothing: it may be at another construct than the others (stage.h,
   * T4). */
  if (status == PPAR_OK && space->count != 0 && !pp_seat_is_canceled(seat)) {
    if (is_plainly_static(options)) {
      bool in_series = is_strided(options, hops);
      if (pp_mode_is_on(PP_MODE_SHAKE)) {
        (void)pp_shake_prange(seat, space->count, options);
        in_series = false; /* Iterations come one by one. */
      }
      pp_pull_open_static(seat, (uint64_t)options->schedule.chunk, in_series);
    } else {
      status = open_planned(seat, space, options, last_is_last, site);
    }
  }
  if (status != PPAR_OK) ppar_cancel_region(seat, status);
}

/* Tells of a prange that has been opened. knows_end: that there is nothing to wait for at its end if the options say
 * so; else that comes by pp_traced_prange_is_nowait. */
static void tell(const ppar_cursor_ *cursor, const pp_space *space, const ppar_options *options, int status,
                 const void *site, bool knows_end) {
  const pp_seat *seat = cursor->team;
  bool is_shared = seat != NULL && seat->head.size > 1;
  pp_trace_what what = {.kind = PP_CONSTRUCT_PRANGE,
                        .address = site,
                        .name = options->name,
                        .slots = is_shared ? seat->head.size : 1,
                        .schedule = pp_plan_resolved(options->schedule),
                        .count = status == PPAR_OK ? space->count : 0,
                        .index = space->begin,
                        .step = space->step};
  if (options->nowait && knows_end) what.how |= PP_HOW_NOWAIT;
  if (options->ordered) what.how |= PP_HOW_ORDERED;
  if (is_shared && seat->puller.claimer.kind == PP_CLAIM_COUNTER) what.how |= PP_HOW_BY_COUNTER;
  if (is_shared && seat->puller.claimer.kind == PP_CLAIM_RANGE) what.how |= PP_HOW_BY_RANGE;
  what.asked = what.slots;
  pp_traced_open_prange(is_shared ? seat : NULL, is_shared ? seat->head.pranges : 0, &what);
}

/* cells: the prange is a collapsed one; its end is then below 0 where its bounds are refused. hops: whoever runs it
 * knows that under static,1 a thread's iterations are one piece with others between them. last_is_last: see prange.h.
 * shown: the indices that pictures and reports have; NULL: those that the prange has. */
static void open_any(ppar_cursor_ *cursor, pp_seat *seat, int64_t begin, int64_t end, const ppar_options *options,
                     bool cells, bool hops, bool last_is_last, const pp_space *shown, const void *site) {
  int saved_errno = errno, status;
  unsigned takes = cells ? PP_TAKES_TEAM : PP_TAKES_TEAM | PP_TAKES_STEP;
  pp_call call = {cells ? "ppar_prange_2d or ppar_prange_3d" : "ppar_prange", site};
  ppar_options room;
  pp_space space;
  seat = pp_seat_or_current(seat);
  status = pp_options_read(&options, &room, seat != NULL ? takes | PP_IN_REGION : takes, call);
  if (cells && end < 0 && status == PPAR_OK)
    status = pp_refuse(call, seat != NULL ? PP_REGION_CANCELED : PP_NOTHING_RUN, "bounds", PP_REFUSED_CELLS, 0);
  (void)pp_space_make(&space, begin, end, pp_options_step(options));
  if (seat != NULL) {
    if (shown != NULL) {
      pp_check_meets(seat, PP_CHECKED_LOOP, (uint64_t)shown->begin, shown->count, (uint64_t)shown->step);
    } else {
      pp_check_meets(seat, PP_CHECKED_PRANGE, (uint64_t)begin, (uint64_t)end, (uint64_t)space.step);
    }
    pp_check_opens(seat);
  }
  if (seat == NULL || seat->head.size == 1) {
    open_serial(cursor, seat, status, &space);
  } else {
    open_shared(cursor, seat, status, &space, options, hops, last_is_last, site);
  }
  if (pp_trace_is_on()) tell(cursor, shown != NULL ? shown : &space, options, status, site, shown == NULL);
  errno = saved_errno;
}

void pp_prange_open(ppar_cursor_ *cursor, ppar_team *seat, int64_t begin, int64_t end, const ppar_options *options,
                    bool last_is_last, const pp_space *shown, const void *site) {
  open_any(cursor, seat, begin, end, options, false, false, last_is_last, shown, site);
}

void ppar_prange_open_(ppar_cursor_ *cursor, ppar_team *seat, int64_t begin, int64_t end, const ppar_options *options) {
  open_any(cursor, seat, begin, end, options, false, true, false, NULL, __builtin_return_address(0));
}

void ppar_prange_open_cells_(ppar_cursor_ *cursor, ppar_team *seat, int64_t cells, const ppar_options *options) {
  open_any(cursor, seat, 0, cells, options, true, false, false, NULL, __builtin_return_address(0));
}

static ppar_part_ next_serial(ppar_cursor_ *cursor) {
  ppar_part_ part = cursor->left;
  part.count = at_once(part.count, cursor->step);
  cursor->left.count -= part.count;
  cursor->left.begin = (int64_t)((uint64_t)part.begin + part.count * (uint64_t)cursor->step);
  cursor->more = cursor->left.count != 0;
  if (cursor->team != NULL && pp_seat_is_canceled(cursor->team)) part.count = 0;
  if (pp_trace_is_on()) {
    pp_traced_end_piece();
    pp_traced_piece(PP_TRACED_NEXT, part.count, false);
  }
  return part;
}

/* The latest piece's iterations; of a strided one as many as may be handed out at once. */
static PPAR_ALWAYS_INLINE ppar_part_ take(pp_seat *seat, const pp_piece *piece) {
  pp_puller *puller = &seat->puller;
  int64_t step = puller->division.space.step;
  ppar_part_ part = {pp_space_index(&puller->division.space, piece->first), 0};
  if (puller->claimer.in_series) {
    uint64_t chunks = pp_piece_chunks(piece);
    part.count = at_once(chunks, ppar_static_hop_(step, seat->head.size));
    if (part.count < chunks) pp_claim_return(&puller->claimer, piece, chunks - part.count);
  } else {
    part.count = at_once(piece->past - piece->first, step);
    puller->cut.first = piece->first + part.count;
    puller->cut.past = piece->past;
  }
  seat->turn.has = false;
  seat->turn.first = piece->first;
  seat->turn.past = piece->first + part.count;
  return part;
}

/* The piece before has been run, or left. */
static __attribute__((noinline)) void end_piece(pp_seat *seat) {
  if (pp_trace_is_on()) pp_traced_end_piece();
  if (seat->ordered) pp_ordered_pass_rest(seat);
}

/* The same, where the prange is shaken or recorded: each chunk of a train is then to be told of. */
static __attribute__((noinline)) ppar_part_ take_carefully(pp_seat *seat, pp_piece piece) {
  pp_puller *puller = &seat->puller;
  ppar_part_ part;
  if (pp_mode_is_on(PP_MODE_SHAKE)) {
    uint64_t past = pp_shake_piece(seat, &piece);
    part = take(seat, &piece);
    puller->cut.past = past;
    pp_pull_keep(puller);
  } else {
    part = take(seat, &piece);
  }
  if (pp_trace_is_on()) {
    pp_pull_keep(puller);
    pp_traced_piece(piece.first, part.count, puller->claimer.in_series);
  }
  return part;
}

/* The next chunk of those that all threads take from one counter, where nobody looks at the pieces: the less there is
 * between two of a thread's claims, the more of them it makes before the counter's line goes to the next thread. */
static PPAR_ALWAYS_INLINE ppar_part_ next_of_counter(pp_seat *seat) {
  pp_piece piece;
  if (!pp_claim_from_counter(&seat->puller.claimer, &piece)) return (ppar_part_){0, 0};
  return take(seat, &piece);
}

ppar_part_ ppar_prange_next_(ppar_cursor_ *cursor) {
  pp_seat *seat = cursor->team;
  pp_puller *puller;
  pp_piece piece;
  ppar_part_ part = {0, 0};
  if (seat == NULL || seat->head.size == 1) return next_serial(cursor);
  if (pp_team_is_canceled(seat->team)) return part;
  pp_ordered_leave(seat);
  if (seat->careful) end_piece(seat);
  puller = &seat->puller;
  piece.first = puller->cut.first;
  piece.past = puller->cut.past;
  if (puller->claimer.kind == PP_CLAIM_COUNTER && piece.first == piece.past && !seat->careful) {
    part = next_of_counter(seat);
    if (puller->cut.first < puller->cut.past) pp_pull_keep(puller);
    cursor->more = true;
    return part;
  }
  if (piece.first == piece.past && !pp_pull_next(seat, &piece)) return part;
  part = seat->careful ? take_carefully(seat, piece) : take(seat, &piece);
  if (puller->cut.first < puller->cut.past) pp_pull_keep(puller);
  if (puller->train.shared != 0) {
    cursor->nowait = true;
    cursor->left.begin = (int64_t)(uintptr_t)&puller->train;
  }
  cursor->more = puller->cut.first < puller->cut.past || pp_claim_has_more(&puller->claimer);
  return part;
}

static void end(ppar_cursor_ *cursor) {
  pp_seat *seat = cursor->team;
  cursor->open = false;
  if (seat == NULL) return;
  pp_check_closes(seat);
  if (seat->head.size == 1) return;
  pp_ordered_leave(seat);
  if (seat->ordered) pp_ordered_pass_rest(seat);
  if (seat->ordered &&
      seat->puller.claimer.kind == PP_CLAIM_CHUNKS) { /* left by break: the later chunks are nobody else's */
    while (ppar_prange_next_(cursor).count != 0) continue;
  }
  pp_pull_close(seat);
  seat->head.closed_before = !seat->nowait;
  if (seat->nowait) return;
  if (pp_meet(seat)) {
    pp_check_together(seat);
    pp_pull_settle(seat);
    seat->settled = (uint32_t)seat->head.pranges;
  }
}

void ppar_prange_end_(ppar_cursor_ *cursor) {
  if (pp_trace_is_on()) pp_traced_end_piece();
  end(cursor);
  if (pp_trace_is_on()) pp_traced_close_prange();
}

void ppar_prange_meet_(ppar_team *seat) {
  if (seat->head.size == 1) return;
  pp_ordered_leave(seat);
  if (pp_meet(seat)) seat->settled = (uint32_t)seat->head.pranges;
}
