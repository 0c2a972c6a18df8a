/* SPDX-License-Identifier: MIT */
/* cancel.c: cancelling a region. The thread that is first to cancel says so in one word of the team, and then wakes
 * whoever sleeps in any of the team's waits: each looks at that word before it sleeps again. */
#include "team/cancel.h"

#include "team/pair.h"
#include "team/turns.h"

void pp_seat_cancel(pp_seat *seat, int status) {
  pp_team *team = seat->team;
  if (team == NULL) {
    uint32_t none = 0;
    /* A loop's body inside may do this on any thread, and several at once: the first one counts. The release pairs with
     * the acquire of pp_seat_is_canceled. */
    (void)pp_cas_acq_rel(&seat->status, &none, (uint32_t)status);
    return;
  }
  pp_cancel_lower(&team->cancel, seat->head.thread, status);
  if (pp_exchange_acq_rel(&team->canceled, 1) != 0) return; /* whoever was first wakes all */
  for (uint32_t t = 0; t < seat->head.size; t++) {
    pp_seat *other = &team->seats[t];
    pp_signal_cancel(pp_team_arrival(team, t, seat->head.size));
    for (uint32_t level = 0; level < other->levels; level++) pp_signal_cancel(&pp_team_node(team, level, t)->release);
  }
  pp_team_wake_turns(team);
  pp_pulse_wake(&team->hungry);
  for (int p = 0; p < PP_POST_PULSES; p++) pp_pulse_wake(&team->posts[p]);
}
