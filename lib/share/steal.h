/* SPDX-License-Identifier: MIT */
/* steal.h: where a thread whose own range is empty finds more: parts of slots that nobody has taken, and the ranges
 * of others. */
#ifndef PP_SHARE_STEAL_H
#define PP_SHARE_STEAL_H

#include "share/claimer.h"

/* Fills the claimer's empty range: with parts that nobody has taken, else with half of another slot's range. */
bool pp_claim_find(pp_claimer *claimer);

/* Asks threads that may hold large batches to hand some of them back; a few at most. */
void pp_claim_beg(pp_claimer *claimer);

#endif
