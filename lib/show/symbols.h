/* SPDX-License-Identifier: MIT */
/* symbols.h: what an address of the program's code means to people. */
#ifndef PP_SHOW_SYMBOLS_H
#define PP_SHOW_SYMBOLS_H

#include "show/arena.h"

typedef struct pp_symbols pp_symbols;

typedef struct pp_symbol {
  const char *function; /* NULL: it is not known. */
  const char *file;     /* Its last part, "sum.c"; NULL: there is no information on lines. */
  int line;
  const char *image; /* The program or shared object, its last part; NULL: it is not known. */
  uint64_t offset;   /* From the function's begin; without one from the image's. */
} pp_symbol;

/* Begins to look at the process; one at a time. careful: in a signal's handler, where the dynamic linker and libraries
 * that find lines may not be used: images and offsets are all that is known then, from the system's table of what is
 * mapped. So it is where the thread has too little stack left for them. */
pp_symbols *pp_symbols_open(pp_arena *arena, bool careful);

/* What is at the address that a call returns to: the call itself, which ends one byte before. As much as can be found
 * out: the line and the function (platform/lines.h), the exported function, the image. */
pp_symbol pp_symbols_find(pp_symbols *symbols, const void *address);

/* The same, of a construct whose code is a function that begins at `inside` (trace/sites.h): with that one's line. */
pp_symbol pp_symbols_find_inside(pp_symbols *symbols, const void *address, const void *inside);

/* "sum.c:42 in main", "main+0x4f in prog", "prog+0x1234", "0x55d0c0de" */
const char *pp_symbol_text(pp_arena *arena, const pp_symbol *symbol, const void *address);

void pp_symbols_close(pp_symbols *symbols);

#endif
