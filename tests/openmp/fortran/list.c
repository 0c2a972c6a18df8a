// SPDX-License-Identifier: MIT
// list.c: the programs that are written in Fortran, in the list that main() starts programs from.
#include <string.h>

#include "ending.h"
#include "program.h"

#define IN_FORTRAN(name)     \
  void fortran_##name(void); \
  PROGRAM(fortran_##name) { fortran_##name(); }

IN_FORTRAN(loops)
IN_FORTRAN(loops_of_8_bytes)
IN_FORTRAN(collapse)
IN_FORTRAN(ordered)
IN_FORTRAN(reductions)
IN_FORTRAN(workshare)
IN_FORTRAN(sections)
IN_FORTRAN(exclusive)
IN_FORTRAN(privates)
IN_FORTRAN(scan)
IN_FORTRAN(conditional)
IN_FORTRAN(common_blocks)
IN_FORTRAN(routines)
IN_FORTRAN(routines_of_8_bytes)
IN_FORTRAN(locks)
IN_FORTRAN(tasks)
IN_FORTRAN(depend)
IN_FORTRAN(taskloop)
IN_FORTRAN(task_arguments)
IN_FORTRAN(detach)
IN_FORTRAN(detach_chains)
IN_FORTRAN(detach_arguments)
IN_FORTRAN(cancel)
IN_FORTRAN(target)
IN_FORTRAN(devices)

void fortran_errors(void);

static void come_to_errors(void *arg) {
  (void)arg;
  fortran_errors();
}

// The messages are variables of Fortran's, which end with no zero.
PROGRAM(fortran_directive_error) {
  char text[ENDING_TEXT];
  EXPECT_EQ(ending_run(come_to_errors, NULL, text), 1);
  EXPECT_EQ(strcmp(text,
                   "\nlibgomp: error directive encountered: with blanks  \n"
                   "\nlibgomp: error directive encountered: blank\n"
                   "\nlibgomp: fatal error: error directive encountered\n"),
            0);
}

// What Fortran calls when something is wrong: the line's number, and what was expected.
void expect(_Bool holds, int line);
void expect(_Bool holds, int line) {
  if (!holds) program_wrong("fortran", line, "a condition", 0, 1);
}
