/* SPDX-License-Identifier: MIT */
/* check.c: see check.h.
 *
 * Each thread keeps a number that depends on all constructs that it has met in the region. Before it arrives at a
 * barrier it shows the number, and the latest construct; after the barrier it compares with thread 0's. */
#include "team/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "team/pair.h"

static _Noreturn void die(const pp_seat *seat, const char *construct, const char *complaint) {
  fprintf(stderr, "ppar: thread %u of %u: %s: %s\n", (unsigned)seat->head.thread, (unsigned)seat->head.size, construct,
          complaint);
  abort();
}

static bool is(const char *construct, const char *name) { return strcmp(construct, name) == 0; }

static bool is_divided(const char *construct) {
  return is(construct, PP_CHECKED_PRANGE) || is(construct, PP_CHECKED_LOOP);
}

/* In the program's own words. */
static _Noreturn void die_inside(const pp_seat *seat, const char *construct) {
  bool is_prange = is(seat->meeting->divided, PP_CHECKED_PRANGE);
  die(seat, construct, is_prange ? "inside a prange, or after a return out of one" : "inside of a loop");
}

static _Noreturn void die_divided(const pp_seat *seat) {
  bool is_prange = is(seat->meeting->divided, PP_CHECKED_PRANGE);
  die(seat, seat->meeting->divided,
      is_prange ? "thread 0 has met other pranges, or with other bounds"
                : "thread 0 has met other loops, or with other bounds");
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

/* For the next barrier of all threads. */
static void show(pp_seat *seat) { /* release: see pp_check_together */
  pp_meeting *meeting = seat->meeting;
  pp_shown_meeting *next = &meeting->shown[meeting->barriers % 2];
  pp_store_release(&next->hash, meeting->hash);
  pp_store_release(&next->pranges, meeting->pranges);
  pp_store_release(&next->construct, meeting->construct);
}

void pp_check_begin_slowly(pp_seat *seat) {
  pp_meeting *meeting = seat->meeting;
  meeting->hash = meeting->pranges = 0;
  meeting->construct = "region";
  meeting->divided = PP_CHECKED_PRANGE;
  meeting->in_prange = false;
  meeting->barriers = 0;
  if (seat->team != NULL) show(seat);
}

void pp_check_end_slowly(pp_seat *seat, bool holds) {
  if (seat->meeting->in_prange) die(seat, seat->meeting->divided, "left by return, goto or an exception");
  if (holds) die(seat, "critical or ordered", "begun, and not ended before the end of the region");
  if (seat->team == NULL) return;
  pp_store_release(&seat->meeting->left, seat->fork_epoch);
  /* whoever sleeps there looks again; canceled is a cancellation's own (G4) */
  pp_signal_nudge(pp_team_arrival(seat->team, seat->head.thread, seat->head.size));
}

void pp_check_meets_slowly(pp_seat *seat, const char *construct, uint64_t a, uint64_t b, uint64_t c) {
  pp_meeting *meeting = seat->meeting;
  uint64_t kind = 0;
  for (const char *letter = construct; *letter != '\0'; letter++) kind = mix(kind, (unsigned char)*letter);
  if (meeting->in_prange) die_inside(seat, construct);
  meeting->hash = mix(mix(mix(mix(meeting->hash, kind), a), b), c);
  if (is_divided(construct)) {
    meeting->divided = construct;
    meeting->pranges = mix(mix(mix(meeting->pranges, a), b), c);
  }
  if (!is(construct, "barrier") || !is(meeting->construct, PP_CHECKED_END)) meeting->construct = construct;
  if (seat->team != NULL) show(seat);
}

/* A macro that opens pranges without the library, as it does where it has been told that it may, is not seen. */
void pp_check_inside_slowly(pp_seat *seat, const char *construct) {
  if (seat->head.by_macro == 0 && !seat->meeting->in_prange) die(seat, construct, "outside of a prange");
}

void pp_check_together_slowly(pp_seat *seat) {
  uint32_t parity = seat->meeting->barriers++ % 2;
  pp_shown_meeting *mine = &seat->meeting->shown[parity], *first;
  uint64_t pranges, hash;
  if (seat->head.size == 1) return;
  show(seat);
  if (seat->head.thread == 0) return;
  first = &seat->team->seats[0].meeting->shown[parity];
  pranges = pp_load_acquire(&first->pranges);
  hash = pp_load_acquire(&first->hash);
  /* A thread 0 that a cancellation let go shows here what it met after this barrier; then the cancellation is seen,
   * too. */
  if (pp_team_is_canceled(seat->team)) return;
  if (pp_load_relaxed(&mine->pranges) != pranges) die_divided(seat);
  if (pp_load_relaxed(&mine->hash) == hash) return;
  fprintf(stderr, "ppar: thread 0 has come to %s\n", pp_load_relaxed(&first->construct));
  die(seat, pp_load_relaxed(&mine->construct), "thread 0 has met other constructs, or with other arguments");
}

void pp_check_awaited_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited) {
  if (pp_load_acquire(&awaited->meeting->left) != seat->fork_epoch || pp_signal_has(signal, target)) return;
  if (pp_team_is_canceled(seat->team)) return;
  fprintf(stderr, "ppar: thread %u has left the region\n", (unsigned)awaited->head.thread);
  die(seat, seat->meeting->construct, "waits for a thread that does not come");
}
