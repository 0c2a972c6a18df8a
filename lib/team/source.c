/* SPDX-License-Identifier: MIT */
/* source.c: how workers find regions. Waiting threads take no part in regions of others: each region has its own
 * threads. */
#include "team/source.h"

#include "team/recruit.h"
#include "team/region.h"

static bool work(pp_worker *worker) {
  pp_region_serve(worker);
  pp_region_stand_up(worker);
  return true;
}

/* A worker that sleeps where regions begin announces that there (F1). A start wakes the thread that the seat names,
 * so an extra worker that is to have the seat sleeps only once the seat names it. */
static bool may_sleep(pp_worker *worker) {
  pp_seat *seat;
  pp_region_stand_up(worker);
  seat = pp_load_seq_cst(&worker->seat);
  if (seat == NULL) return true;
  if (worker->extra && pp_load_seq_cst(&seat->worker) != worker) return false;
  return seat == worker->known_seat && pp_fork_announce(&seat->home->fork, worker->served);
}

const pp_work_source pp_region_source = {.is_there = pp_region_is_called,
                                         .work = work,
                                         .may_sleep = may_sleep,
                                         .may_leave = pp_team_leave,
                                         .is_back = pp_region_stand_up};
