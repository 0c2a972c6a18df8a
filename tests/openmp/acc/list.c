// SPDX-License-Identifier: MIT
// list.c: OpenACC's programs that are written in Fortran, and what they call when something is wrong.
#include "program.h"

void fortran_openacc(void);
PROGRAM(fortran_openacc) { fortran_openacc(); }

void expect(_Bool holds, int line);
void expect(_Bool holds, int line) {
  if (!holds) program_wrong("fortran.F90", line, "a condition", 0, 1);
}
