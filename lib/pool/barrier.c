/* SPDX-License-Identifier: MIT */
/* barrier.c: all threads of a team wait for each other.
 *
 * Two threads: each writes its own word of one line and reads the other's. A line that goes to and fro takes a third of the
 * time of two that change hands (docs/performance.md). Up to eight: each writes its own line and reads the others': nobody
 * writes a line that another one writes, and the last to arrive does not wait. More threads: arrivals are gathered along the
 * tree, each thread reading at most seven lines per level and writing one, and releases go down the same way: 2 log8 T line
 * transfers in a row.
 *
 * A barrier's epoch is seat->epoch after it; all seats of a region have the same before and after. In a cancelled region
 * threads that were let go run ahead with their epochs. Whoever sees such an arrival then also sees the cancellation, and
 * so looks for it after each. */
#include "pool/check.h"
#include "pool/team.h"

bool pp_team_gather_each(ppar_team *seat, pp_child_action *action, void *arg) {
  uint32_t epoch = seat->epoch + PP_SIGNAL_STEP;
  PP_FOR_EACH_CHILD(child, level, seat, seat->head.size) {
    ppar_team *other = &seat->crew->seats[child];
    if (!pp_await(seat, &other->arrival, epoch, other, false) || pp_crew_is_canceled(seat->crew)) return false;
    if (action != NULL) action(other, arg);
  }
  return true;
}

void pp_team_arrive(ppar_team *seat) {
  pp_team_count(seat);
  pp_signal_advance(pp_crew_arrival(seat->crew, seat->head.thread, seat->head.size), seat->epoch);
}

static bool await_thread(ppar_team *seat, uint32_t thread, uint32_t epoch) {
  pp_crew *crew = seat->crew;
  return pp_await(seat, pp_crew_arrival(crew, thread, seat->head.size), epoch, &crew->seats[thread], false);
}

bool pp_team_await_others(ppar_team *seat, uint32_t epoch) {
  for (uint32_t k = 1; k < seat->head.size; k++) {
    uint32_t t =
        seat->head.thread + k < seat->head.size ? seat->head.thread + k : seat->head.thread + k - seat->head.size;
    if (!await_thread(seat, t, epoch)) return false;
  }
  return !pp_crew_is_canceled(seat->crew);
}

bool pp_team_await_first(ppar_team *seat) {
  return await_thread(seat, 0, seat->epoch) && !pp_crew_is_canceled(seat->crew);
}

bool pp_team_release(ppar_team *seat) {
  if (seat->head.thread != 0 && !pp_await(seat, &seat->home->release, seat->epoch, NULL, false)) return false;
  for (uint32_t level = seat->levels; level-- > 0;)
    pp_signal_advance(&pp_crew_node(seat->crew, level, seat->head.thread)->release, seat->epoch);
  return !pp_crew_is_canceled(seat->crew);
}

bool pp_team_barrier(ppar_team *seat) {
  if (seat->head.size == 1) return seat->status == 0;
  if (seat->head.size > PP_FORK_CHILDREN) {
    if (!pp_team_gather_each(seat, NULL, NULL)) return false;
    pp_team_arrive(seat);
    return pp_team_release(seat);
  }
  /* The others' lines may be here by the time that this one's is gone. */
  for (uint32_t t = 0; t < seat->head.size && seat->head.size > 2; t++)
    __builtin_prefetch(&seat->crew->seats[t].arrival);
  pp_team_arrive(seat);
  return pp_team_await_others(seat, seat->epoch);
}

void pp_team_cancel(ppar_team *seat, int status) {
  pp_crew *crew = seat->crew;
  if (crew == NULL) {
    if (seat->status == 0) seat->status = (uint32_t)status;
    return;
  }
  pp_cancel_lower(&crew->cancel, seat->head.thread, status);
  if (pp_exchange_acq_rel(&crew->canceled, 1) != 0) return; /* whoever was first wakes all */
  for (uint32_t t = 0; t < seat->head.size; t++) {
    ppar_team *other = &crew->seats[t];
    pp_signal_cancel(pp_crew_arrival(crew, t, seat->head.size));
    for (uint32_t level = 0; level < other->levels; level++) pp_signal_cancel(&pp_crew_node(crew, level, t)->release);
  }
  pp_crew_wake_orders(crew);
  pp_pulse_wake(&crew->hungry);
}
