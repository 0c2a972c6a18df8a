/* SPDX-License-Identifier: MIT */
/* lines.h: which line of which source file an address of code was made from, if the program has that information
 * (-g), and which function, exported or not.
 *
 * The information is read by libdw, of elfutils, which is loaded when it is first needed: libppar does not depend on
 * it. It asks the C library for memory, takes locks and reads files, and so is not for a signal's handler. */
#ifndef PP_PLATFORM_LINES_H
#define PP_PLATFORM_LINES_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pp_line {
  const char *image;    /* The program or shared object; NULL: it is not known. */
  const char *file;     /* NULL: there is no information on lines. */
  const char *function; /* NULL: it is not known. */
  uint64_t offset;      /* From the begin of the function that has the code; without one from the image's. */
  int number;           /* The line's. */
} pp_line;

/* Looks at what the process has loaded. False: there is no libdw, or it cannot be loaded here. Not again before it is
 * closed. */
bool pp_lines_open(void);

/* What the code is that has the address. Of code that was put into another function it is the innermost one; but not
 * one that is marked as artificial, as those are that ppar's headers pass calls on by, nor one whose name begins with
 * ppar_, or that is in C++'s namespace ppar: then it is the line that calls it. False: nothing is known.
 * Texts stay until pp_lines_close. */
bool pp_lines_find(const void *address, pp_line *line);

void pp_lines_close(void);

#endif
