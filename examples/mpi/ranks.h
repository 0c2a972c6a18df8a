/* SPDX-License-Identifier: MIT */
/* ranks.h: what the MPI examples have in common: processes ("ranks") that each run ppar loops on their own CPUs. */
#ifndef RANKS_H
#define RANKS_H

#include <stdint.h>

#include "../arguments.h"

struct ranks {
  int rank, count; /* this process's number, 0 ... count-1, and how many there are */
};

/* Starts MPI, and sees to its end where the program exits. Between these two the main thread alone calls MPI
 * (MPI_THREAD_FUNNELED): it does so outside of ppar's loops, whose bodies run on other threads. Rank 0 alone prints:
 * what the others write to standard output is dropped. */
struct ranks ranks_begin(int *argc, char ***argv);

/* arguments_read for all ranks, which have the same command line: rank 0 alone says what is wrong with it. */
void ranks_arguments(struct ranks ranks, int argc, char **argv, const char *purpose, const struct argument *arguments,
                     size_t count);

/* Where a status is none that a rank can go on with: says so, and ends all ranks. They cannot go on either, since they
 * would wait for this one. */
void ranks_need(struct ranks ranks, int status, const char *what);

/* Whether all ranks have true. */
bool ranks_agree(bool mine);

/* n things in `parts` parts, whose sizes differ by one at most: the first of part `part`. Part `parts` begins at n. It
 * depends on nothing else. */
static inline int64_t ranks_first(int64_t n, int64_t parts, int64_t part) {
  const int64_t larger = n % parts;
  return n / parts * part + (part < larger ? part : larger);
}

/* Prints how many ranks there are, and how many threads each has: a rank that mpirun has bound to one core has one. */
void ranks_print(struct ranks ranks, int threads);

#endif
