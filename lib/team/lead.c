/* SPDX-License-Identifier: MIT */
/* lead.c: making and finding leads. */
#include "team/lead.h"

#include "platform/memory.h"
#include "pool/pool.h"
#include "team/team.h"

static pp_lead *lead_of(pp_owned *owned) { return PP_OWNER_OF(pp_lead, owned, owned); }

static pp_owned *lead_make(struct ppar_pool *pool, uint32_t threads) {
  pp_lead *lead = pp_memory_zalloc(sizeof *lead);
  (void)pool, (void)threads;
  return lead != NULL ? &lead->owned : NULL;
}

static bool lead_fits(pp_owned *owned, uint32_t threads) {
  (void)owned, (void)threads;
  return true;
}

static void lead_free(pp_owned *owned) {
  pp_lead *lead = lead_of(owned);
  if (lead->team != NULL) pp_team_free(lead->team);
  pp_memory_free(lead);
}

static void lead_renew(pp_owned *owned, bool own, bool torn) {
  pp_lead *lead = lead_of(owned);
  pp_team *team = lead->team;
  bool busy = pp_load_relaxed(&owned->busy) != 0;
  lead->counted = 0;
  if (team == NULL) return;
  team->seats[0].is_parents = own && busy;
  pp_team_forget_threads(team, torn || busy);
  if (torn) pp_cancel_reset(&team->cancel);
}

static void lead_close(pp_owned *owned) {
  if (lead_of(owned)->team != NULL) pp_team_close(lead_of(owned)->team);
}

static void lead_reopen(pp_owned *owned) {
  if (lead_of(owned)->team != NULL) pp_team_reopen(lead_of(owned)->team);
}

static void lead_vacate(pp_owned *owned) {
  if (lead_of(owned)->team != NULL) pp_team_vacate(lead_of(owned)->team);
}

static const pp_owned_type lead_type = {.kind = PP_OWNED_LEAD,
                                        .make = lead_make,
                                        .fits = lead_fits,
                                        .free = lead_free,
                                        .renew = lead_renew,
                                        .vacate = lead_vacate,
                                        .close = lead_close,
                                        .reopen = lead_reopen};

pp_lead *pp_lead_acquire(struct ppar_pool *pool, pp_self *self, uint32_t threads) {
  pp_owned *found = NULL;
  for (pp_owned *owned = self->owned[PP_OWNED_LEAD]; owned != NULL; owned = owned->next_owned) {
    const pp_team *team = lead_of(owned)->team;
    if (pp_load_relaxed(&owned->pool) != pool || pp_load_relaxed(&owned->busy) != 0) continue;
    if (found == NULL || team != NULL) found = owned;
    if (team != NULL && team->capacity >= threads) break;
  }
  if (found == NULL) found = pp_owned_take(pool, self, &lead_type, threads);
  if (found == NULL) return NULL;
  pp_store_relaxed(&found->busy, 1);
  return lead_of(found);
}

uint32_t pp_lead_adjust(struct ppar_pool *pool, uint32_t threads) {
  uint32_t busy = pp_load_relaxed(&pool->region_threads);
  uint32_t cpus = pp_load_relaxed(&pool->cpus), free = busy < cpus ? cpus - busy : 1;
  return threads < free ? threads : free;
}

void pp_lead_count(pp_lead *lead, uint32_t threads) {
  lead->counted = threads;
  (void)pp_add_relaxed(&pp_load_relaxed(&lead->owned.pool)->region_threads, threads);
}

void pp_lead_uncount(pp_lead *lead) {
  (void)pp_add_relaxed(&pp_load_relaxed(&lead->owned.pool)->region_threads, 0 - lead->counted);
  lead->counted = 0;
}
