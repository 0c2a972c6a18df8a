/* SPDX-License-Identifier: MIT */
/* code.h: which function of which program or shared object lies at an address. */
#ifndef PP_PLATFORM_CODE_H
#define PP_PLATFORM_CODE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pp_code {
  const char *image;    /* Its path; NULL: it is not known. Stays as long as that is loaded, and so does the other. */
  const char *function; /* NULL: the image does not tell. */
  uint64_t offset;      /* From the function's begin; without one from the image's. */
} pp_code;

/* False: nothing is known of the address. The dynamic linker is asked, and so not from a signal's handler. */
bool pp_code_find(const void *address, pp_code *code);

#endif
