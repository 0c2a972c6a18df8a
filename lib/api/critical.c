/* SPDX-License-Identifier: MIT */
/* critical.c: critical sections as users name them. */
#include <ppar/team.h>

#include "pool/worker.h"
#include "team/critical.h"
#include "team/team.h"

/* The pool that the thread's loops are most likely on. */
static ppar_pool *pool_of(ppar_team *seat) {
  const pp_worker *worker = pp_self_get()->worker;
  seat = pp_seat_or_current(seat);
  if (seat != NULL && seat->team != NULL) return seat->team->pool;
  return worker != NULL ? worker->pool : NULL;
}

void ppar_critical_begin(ppar_team *seat, const char *name) { pp_critical_begin(pool_of(seat), name); }

void ppar_critical_end(ppar_team *seat, const char *name) {
  (void)seat;
  pp_critical_end(name);
}
