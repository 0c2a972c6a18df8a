/* SPDX-License-Identifier: MIT */
/* advice.h: one sentence on each place of a report: what its time is lost to, and what could be tried.
 *
 * The sentence is that of the first rule that holds. W is the wall time, and lost what could be gained of it;
 * docs/report.md has the same table for users.
 *
 *   rule              holds where
 *   inside            more than half of W is inside of other constructs, T > 1, and hardly anybody came to help; not
 *                     for pranges
 *   level-limit       half of the calls or more ran on one thread because of the level limit
 *   no-more-threads   T is 1, since half of the calls or more got fewer threads than they asked for
 *   one-thread        T is 1
 *   too-short         half of the calls or more ran alone since they are short; or W / calls < PP_REPORT_SHORT_CALL and
 *                     more than PP_REPORT_FINE percent are lost
 *   fine              PP_REPORT_FINE percent or less are lost
 *   too-many-threads  T is larger than the number of CPUs that the process may use
 *
 *   small-tasks       a task group, whose tasks are shorter than PP_REPORT_SHORT_CHUNK; OpenMP's tasks, first of all,
 *                     if those that their makers do not run at once are, with those inside of them
 *
 * and then by the largest of the four losses:
 *
 *   critical, ordered, barrier   waiting, of which half or more is for critical sections, turns, barriers
 *   waiting                      waiting for anything else
 *   few-iterations               imbalance; fewer than PP_REPORT_FEW_CHUNKS iterations a thread
 *   static                       imbalance; the schedule is static
 *   large-chunks                 imbalance; fewer than PP_REPORT_FEW_CHUNKS chunks a thread
 *   few-tasks                    imbalance of a task group
 *   uneven-region                imbalance of a region
 *   imbalance                    other imbalance
 *   held-up                      start, of more than PP_REPORT_LATE a call
 *   start                        start of less
 *   small-chunks                 overhead; chunks shorter than PP_REPORT_SHORT_CHUNK
 *   overhead                     other overhead
 *
 * Whether memory is the limit, or two threads share a line, cannot be told from times: nothing is said of it. */
#ifndef PP_SHOW_ADVICE_H
#define PP_SHOW_ADVICE_H

#include "show/loss.h"
#include "show/output.h"

/* Writes the sentence; returns the rule's name. */
const char *pp_advice_put(pp_output *out, const pp_loss *loss);

#endif
