/* SPDX-License-Identifier: MIT */
/* chosen.h: which of a run's many loops a picture is made of. */
#ifndef PP_SHOW_CHOSEN_H
#define PP_SHOW_CHOSEN_H

#include "show/run.h"

typedef struct pp_chosen {
  const pp_run_construct **construct; /* By begin. */
  uint32_t count;
  uint32_t left_out; /* Places of which none is among them. */
} pp_chosen;

/* Of each place the call that took the middle time of all that are there as a whole, of at most `most` places: those
 * that took most time. Of task groups that are inside of each other it is the longest. Regions are left out where
 * pranges of theirs are among them. */
pp_chosen pp_run_choose(const pp_run *run, uint32_t most);

#endif
