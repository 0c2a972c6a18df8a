/* SPDX-License-Identifier: MIT */
/* display.h: what OMP_DISPLAY_ENV and omp_display_env write. */
#ifndef PP_GOMP_DISPLAY_H
#define PP_GOMP_DISPLAY_H

#include <stdbool.h>

/* Writes OpenMP's settings, as the environment has them, to stderr between the two lines that OpenMP prescribes.
 * verbose: GCC's variables and ppar's, too. */
void pp_omp_display(bool verbose);

#endif
