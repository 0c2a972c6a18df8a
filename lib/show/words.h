/* SPDX-License-Identifier: MIT */
/* words.h: what is to be seen in a construct's rows, as one sentence or two. */
#ifndef PP_SHOW_WORDS_H
#define PP_SHOW_WORDS_H

#include "show/output.h"
#include "show/rows.h"

/* "static: thread 1 waited 38 % of the loop for thread 0; iterations differ 40x."
 *
 * Per cent are of the construct's time T, or where it says so of all threads' time, rows times T. The first rule that
 * holds speaks, and what it says is all:
 *
 *   W1  It has not ended: what threads were in the middle of (three of them at most).
 *   W2  Events of it were replaced: that there is no judging.
 *   W3  It was run alone by choice: that it is too short to share.
 *   W4  One thread was to run it: why, where that is known.
 *
 * Else each of these speaks where it holds, but just the two that cost most thread time, the costliest first:
 *
 *   W5  A thread waited at least 10 % after its last piece: which one longest, and for whom: the one whose last piece
 *       ended last. If iterations differ by W12 it adds so; else, if that thread's last piece alone took at least half
 *       as long as the wait, and the threads had more than one each, that this chunk is long. Where the construct
 *       ended at least 10 % after the last piece, that is told apart: nobody waits for that thread then.
 *   W6  A thread's first piece began after at least 10 %.
 *   W7  A thread waited at least 10 % for critical sections, W8 at barriers, W9 for its turn, W10 for what was begun
 *       inside, that is waiting or asleep between its first piece and its last one.
 *   W11 All threads' time between pieces of work is at least 10 % of all threads' time. Recording is a part of it where
 *       pieces take less than half a microsecond.
 *   W12 Iterations differ: one of the slowest tenth takes at least twice as long as one of the quickest (costs.h):
 *       each is taken to cost what its chunk's do on average.
 *   W13 A thread worked elsewhere for at least 10 %.
 *   W14 Fewer threads came than there were slots; their slots' work is the others'. Not of task groups.
 *
 *   W15 None of them holds: it was balanced; how long the thread that worked least worked. */
void pp_put_words(pp_output *out, const pp_rows *rows);

#endif
