/* SPDX-License-Identifier: MIT */
/* values.c: copyprivate, reductions and scans over the threads of a team, checked. */
#include <ppar/team.h>

#include <string.h>

#include <ppar/status.h>

#include <ppar/reduce.h>
#include "team/check.h"
#include "team/values.h"

void ppar_copyprivate(ppar_team *seat, void *value, size_t size) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_values_copy(seat, value, size);
}

/* False, and the region is cancelled: an argument is out of range. */
static bool is_valid(pp_seat *seat, const void *mine, const void *result, const ppar_reduction *reduction) {
  if (mine != NULL && result != NULL && ppar_reduction_is_valid_(reduction)) return true;
  ppar_cancel_region(seat, PPAR_EINVAL);
  return false;
}

void ppar_team_reduce(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  seat = pp_seat_or_current(seat);
  if (!is_valid(seat, mine, result, reduction)) return;
  if (seat != NULL) pp_check_meets(seat, "team reduce", reduction->size, 0, 0);
  if (seat == NULL || seat->head.size == 1) {
    pp_values_reduce_alone(seat, mine, result, reduction);
  } else {
    pp_values_reduce(seat, mine, result, reduction);
  }
}

static void scan(pp_seat *seat, const char *construct, const void *mine, void *result, const ppar_reduction *reduction,
                 bool inclusive) {
  seat = pp_seat_or_current(seat);
  if (!is_valid(seat, mine, result, reduction)) return;
  if (seat != NULL) pp_check_meets(seat, construct, reduction->size, 0, 0);
  if (seat != NULL && seat->head.size > 1) {
    pp_values_scan(seat, mine, result, reduction, inclusive);
  } else if (!inclusive) {
    ppar_reduction_start_(reduction, result);
  } else if (result != mine) {
    memcpy(result, mine, reduction->size);
  }
}

void ppar_team_scan(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(seat, "team scan", mine, result, reduction, true);
}

void ppar_team_exscan(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(seat, "team exscan", mine, result, reduction, false);
}
