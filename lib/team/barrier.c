/* SPDX-License-Identifier: MIT */
/* barrier.c: all threads of a team wait for each other.
 *
 * Two threads: each writes its own word of one line and reads the other's. A line that goes to and fro takes a third
 * of the time of two that change hands (docs/performance.md). Up to eight: each writes its own line and reads the
 * others': nobody writes a line that another one writes, and the last to arrive does not wait. More threads: arrivals
 * are gathered along the tree, each thread reading at most seven lines per level and writing one, and releases go
 * down the same way: 2 log8 T line transfers in a row.
 *
 * A barrier's epoch is seat->epoch after it; all seats of a region have the same before and after. In a cancelled
 * region threads that were let go run ahead with their epochs. Whoever sees such an arrival then also sees the
 * cancellation, and so looks for it after each. */
#include "team/barrier.h"

#include "team/await.h"
#include "team/pair.h"

bool pp_seat_gather_each(pp_seat *seat, pp_child_action *action, void *arg) {
  uint32_t epoch = seat->epoch + PP_SIGNAL_STEP;
  PP_FOR_EACH_CHILD(child, level, seat, seat->head.size) {
    pp_seat *other = &seat->team->seats[child];
    if (!pp_await(seat, &other->arrival, epoch, other, false) || pp_team_is_canceled(seat->team)) return false;
    pp_edge_acquire(pp_arrival_edge(seat, child, epoch));
    if (action != NULL) action(other, arg);
  }
  return true;
}

void pp_seat_arrive(pp_seat *seat) {
  pp_seat_tell_cpu(seat);
  pp_seat_count(seat);
  pp_edge_release(pp_arrival_edge(seat, seat->head.thread, seat->epoch));
  pp_signal_advance(pp_team_arrival(seat->team, seat->head.thread, seat->head.size), seat->epoch);
}

static bool await_thread(pp_seat *seat, uint32_t thread, uint32_t epoch) {
  pp_team *team = seat->team;
  if (!pp_await(seat, pp_team_arrival(team, thread, seat->head.size), epoch, &team->seats[thread], false)) return false;
  pp_edge_acquire(pp_arrival_edge(seat, thread, epoch));
  return true;
}

bool pp_seat_await_others(pp_seat *seat, uint32_t epoch) {
  for (uint32_t k = 1; k < seat->head.size; k++) {
    uint32_t t =
        seat->head.thread + k < seat->head.size ? seat->head.thread + k : seat->head.thread + k - seat->head.size;
    if (!await_thread(seat, t, epoch)) return false;
  }
  return !pp_team_is_canceled(seat->team);
}

bool pp_seat_await_first(pp_seat *seat) {
  return await_thread(seat, 0, seat->epoch) && !pp_team_is_canceled(seat->team);
}

bool pp_seat_release(pp_seat *seat) {
  if (seat->head.thread != 0 && !pp_await(seat, &seat->home->release, seat->epoch, NULL, false)) return false;
  if (seat->head.thread != 0) pp_edge_acquire(pp_signal_edge(&seat->home->release, seat->epoch));
  for (uint32_t level = seat->levels; level-- > 0;) {
    pp_signal *release = &pp_team_node(seat->team, level, seat->head.thread)->release;
    pp_edge_release(pp_signal_edge(release, seat->epoch));
    pp_signal_advance(release, seat->epoch);
  }
  return !pp_team_is_canceled(seat->team);
}

bool pp_seat_barrier(pp_seat *seat) {
  if (seat->head.size == 1) return pp_load_relaxed(&seat->status) == 0;
  if (seat->head.size > PP_FORK_CHILDREN) {
    if (!pp_seat_gather_each(seat, NULL, NULL)) return false;
    pp_seat_arrive(seat);
    return pp_seat_release(seat);
  }
  /* The others' lines may be here by the time that this one's is gone. */
  for (uint32_t t = 0; t < seat->head.size && pp_team_has_other_lines(seat->head.size); t++)
    __builtin_prefetch(&seat->team->seats[t].arrival);
  pp_seat_arrive(seat);
  return pp_seat_await_others(seat, seat->epoch);
}
