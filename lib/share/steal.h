/* SPDX-License-Identifier: MIT */
/* steal.h: where a thread whose own range is empty finds more: parts of slots that nobody has taken, the ranges of
 * others, and what others have not begun of their batches where they have been asked for it and do not answer. */
#ifndef PP_SHARE_STEAL_H
#define PP_SHARE_STEAL_H

#include "share/claimer.h"

/* Fills the claimer's empty range: with parts that nobody has taken, with half of another slot's range, or with half
 * of what another slot's thread has not begun of its batch and does not hand back. After false claimer->pending says
 * that somebody is in the middle of a batch, and should be asked for some of it (pp_claim_beg): whoever finds no work
 * looks again before it sleeps, or leaves for good. Nobody else may be there to run what is stuck behind a long
 * iteration. */
bool pp_claim_find(pp_claimer *claimer);

/* Waits for a moment, for whoever looks again; times: that often after each other. */
void pp_claim_linger(uint32_t times);

/* Asks threads that may hold large batches to hand some of them back; a few at most, and all of them where the program
 * has chosen the chunks. */
void pp_claim_beg(pp_claimer *claimer);

/* Asks them, and looks a last time where the program has chosen the chunks. False: the thread may leave or sleep; it is
 * told of what comes into reach later. */
bool pp_claim_find_at_last(pp_claimer *claimer);

/* The same for a thread that is told of nothing later. After false it may leave if claimer->pending is false, too;
 * else units may be on their way from one place to another, and it has to look again. */
bool pp_claim_find_for_good(pp_claimer *claimer);

#endif
