/* SPDX-License-Identifier: MIT */
/* wrap.h: sentences in lines that are no longer than a terminal is wide. */
#ifndef PP_SHOW_WRAP_H
#define PP_SHOW_WRAP_H

#include "show/output.h"

/* How many columns a terminal needs for a text of UTF-8, where none of it is wider than one. */
size_t pp_wrap_width(const char *text);

/* The text, on lines of at most `columns` columns, each ended; the second line and those after it begin with `indent`
 * spaces. Lines are broken at spaces, and within words only where one is longer than a line. What would move a
 * terminal's cursor or change its colours is written as '?'. */
void pp_put_wrapped(pp_output *out, const char *text, int columns, int indent);

#endif
