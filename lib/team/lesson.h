/* SPDX-License-Identifier: MIT */
/* lesson.h: what thread 0 tells its team about the auto prange at a place in the program, for pranges of even and of
 * odd numbers: up to how many iterations it is short. Each lesson is read between two barriers in which it is not
 * written:
 *
 *   L1  Thread 0 writes number k's after the closing barrier of prange k, in the order of its number: all threads
 *       have opened k by then.
 *   L2  It is read where prange k + 2 (or a later one of the same parity) is opened, and only where the prange before
 *       that one had a closing barrier: thread 0 came to that one after it had written. The threads' answers are the
 *       same. */
#ifndef PP_TEAM_LESSON_H
#define PP_TEAM_LESSON_H

#include "platform/atomics.h"
#include "platform/cache_line.h"

struct ppar_team;

typedef struct pp_lesson {
  PP_LINE_ALIGNED _Atomic(const void *) site[2];
  pp_atomic_u64 most[2];
} pp_lesson;

/* Whether `count` iterations of the auto prange at the site should take less time than sharing them costs, by what
 * they took lately. All threads of the team get the same answer. */
bool pp_lesson_is_short(struct ppar_team *seat, const void *site, uint64_t count);

/* Thread 0, after the closing barrier of an auto prange (L1). */
void pp_lesson_learn(struct ppar_team *seat);

#endif
