/* SPDX-License-Identifier: MIT */
/* order.c: finding a prange's order. Threads that come after the first one find it without a lock. */
#include "claim/lock.h"
#include "platform/memory.h"
#include "pool/team.h"

/* A free order, or a new one at the chain's end. The lock is held. */
static pp_order *take_free(ppar_team *seat) {
  pp_order *order = &seat->crew->orders, *follow;
  while (!pp_order_is_free(order, seat->fork_epoch, seat->settled)) {
    follow = pp_load_relaxed(&order->follow);
    if (follow == NULL) {
      follow = pp_memory_zalloc(sizeof *follow);
      if (follow == NULL) return NULL;
      pp_store_release(&order->follow, follow);
      return follow;
    }
    order = follow;
  }
  return order;
}

pp_order *pp_crew_order(ppar_team *seat) {
  pp_crew *crew = seat->crew;
  uint64_t tag = pp_order_tag(seat->fork_epoch, (uint32_t)seat->head.pranges);
  pp_order *order = pp_order_find(&crew->orders, tag);
  if (order != NULL) return order;
  pp_lock(&crew->orders_lock);
  order = pp_order_find(&crew->orders, tag);
  if (order == NULL) {
    order = take_free(seat);
    if (order != NULL) pp_order_open(order, tag);
  }
  pp_unlock(&crew->orders_lock);
  return order;
}

/* Under the lock: an order that is opened later is opened by a thread that sees the cancellation, and so do all who find it. */
void pp_crew_wake_orders(pp_crew *crew) {
  pp_lock(&crew->orders_lock);
  for (pp_order *order = &crew->orders; order != NULL; order = pp_load_relaxed(&order->follow))
    pp_pulse_wake(&order->pulse);
  pp_unlock(&crew->orders_lock);
}
