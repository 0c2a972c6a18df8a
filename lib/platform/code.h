/* SPDX-License-Identifier: MIT */
/* code.h: which function of which program or shared object lies at an address. */
#ifndef PP_PLATFORM_CODE_H
#define PP_PLATFORM_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pp_code {
  const char *image;    /* Its path; NULL: it is not known. Stays as long as that is loaded, and so does the other. */
  const char *function; /* NULL: the image does not tell. */
  uint64_t offset;      /* From the function's begin; without one from the image's. */
} pp_code;

/* False: nothing is known of the address. The dynamic linker is asked, and so not from a signal's handler. Functions
 * that the image does not export are not found. */
bool pp_code_find(const void *address, pp_code *code);

/* The image alone, from the system's table of what is mapped: also in a signal's handler. Its path is written into
 * `path`, without its beginning where that is longer than `size` bytes, and code->image is that. */
bool pp_code_find_mapped(const void *address, char *path, size_t size, pp_code *code);

#endif
