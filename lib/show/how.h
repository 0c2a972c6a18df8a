/* SPDX-License-Identifier: MIT */
/* how.h: how a construct was run, in words. */
#ifndef PP_SHOW_HOW_H
#define PP_SHOW_HOW_H

#include <stdint.h>

enum { PP_HOW_SIZE = 160 };

/* The flags PP_HOW_... as "ranges, sized by time"; "" for none. */
const char *pp_how_text(uint64_t how, char text[PP_HOW_SIZE]);

#endif
