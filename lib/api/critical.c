/* SPDX-License-Identifier: MIT */
/* critical.c: critical sections as users name them. A thread that waits for one helps on the pool that its own work
 * is on. */
#include <ppar/team.h>

#include "pool/self.h"
#include "team/critical.h"

void ppar_critical_begin(ppar_team *seat, const char *name) {
  (void)seat;
  pp_critical_begin(pp_self_get()->place.pool, name, PP_CALL("ppar_critical_begin"));
}

void ppar_critical_end(ppar_team *seat, const char *name) {
  (void)seat;
  pp_critical_end(name, PP_CALL("ppar_critical_end"));
}
