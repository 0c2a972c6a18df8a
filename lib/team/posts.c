/* SPDX-License-Identifier: MIT */
/* posts.c: waiting for a post. */
#include "team/posts.h"

#include "pool/pool.h"
#include "schedule/tuning.h"
#include "team/recruit.h"

typedef struct awaiting_post {
  pp_waiting waiting;
  pp_seat *seat;
  pp_atomic_u64 *word;
  uint64_t place;
  pp_pulse *pulse;
  uint32_t beat; /* The pulse, as it was when the thread prepared to sleep. */
} awaiting_post;

static awaiting_post *of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting_post, waiting, waiting); }

static bool is_posted(const awaiting_post *a) { return pp_load_seq_cst(a->word) >= a->place; }

static bool is_over(pp_waiting *waiting) {
  return is_posted(of(waiting)) || pp_team_is_canceled(of(waiting)->seat->team);
}

/* It is not known who runs the iteration, or waits itself for somebody who does not come. */
static void substitute(pp_waiting *waiting) {
  pp_seat *seat = of(waiting)->seat;
  for (uint32_t t = 1; t < seat->head.size; t++) pp_seat_substitute(&seat->team->seats[t], seat->fork_epoch);
}

static bool prepare(pp_waiting *waiting) {
  of(waiting)->beat = pp_pulse_prepare(of(waiting)->pulse);
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) { pp_pulse_park(of(waiting)->pulse, of(waiting)->beat); }
static void rise(pp_waiting *waiting) { pp_pulse_done(of(waiting)->pulse); }

/* It helps with nothing: what is begun in the awaited iteration may want what this one holds. */
static const pp_wait_kind post_wait = {
    .is_over = is_over, .substitute = substitute, .prepare = prepare, .sleep = sleep_on_pulse, .rise = rise};

void pp_post_wake(pp_pulse *pulse) { pp_pulse_wake(pulse); }

bool pp_post_await_slowly(pp_seat *seat, pp_atomic_u64 *word, uint64_t number, uint64_t place) {
  pp_team *team = seat->team;
  awaiting_post a;
  bool crowded = pp_load_relaxed(&team->crowded) != 0;
  for (int k = 0; k < PP_QUICK_LOOKS && !crowded; k++) {
    if (pp_load_seq_cst(word) >= place) return true;
    pp_pause();
  }
  a.waiting = pp_waiting_make(&post_wait, team->pool, NULL);
  a.waiting.crowded = &team->crowded;
  a.seat = seat;
  a.word = word;
  a.place = place;
  a.pulse = pp_post_pulse(team, number);
  pp_wait(&a.waiting);
  return is_posted(&a);
}
