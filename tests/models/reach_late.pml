/* SPDX-License-Identifier: MIT */
/* reach_late.pml: the model of reach.pml with three threads, two of which join without a part and as late as they like,
 * while the first one's rest is on its way to be opened. Two units wait, for the third one. Who takes takes all: so it
 * is small enough to be searched whole.
 *
 * Mutants: 17 and 18 of reach.pml. */
#define MUTANTS 2
#if MUTANT == 1
#undef MUTANT
#define MUTANT 17
#elif MUTANT == 2
#undef MUTANT
#define MUTANT 18
#endif
#define THREADS 3
#include "reach.pml"
