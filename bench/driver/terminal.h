/* SPDX-License-Identifier: MIT */
/* terminal.h: how wide the text may be, and words that are broken into lines of that width. */
#ifndef BENCH_TERMINAL_H
#define BENCH_TERMINAL_H

#include <stddef.h>

enum { BENCH_COLUMNS_MIN = 80, BENCH_COLUMNS_DEFAULT = 100, BENCH_COLUMNS_MAX = 200 };

/* What COLUMNS says, else the terminal on standard output, else BENCH_COLUMNS_DEFAULT; at least BENCH_COLUMNS_MIN, at
 * most BENCH_COLUMNS_MAX: beyond that, eyes lose the line. */
size_t bench_columns(void);

/* Prints the label, unless it is NULL, and the text's words. Where they do not fit, they go on in the lines below,
 * after `indent` blanks; the label has so many columns, or more where it is longer. */
void bench_print_wrapped(const char *label, int indent, const char *text);

/* "±" where the locale's characters are UTF-8, else "+-". */
const char *bench_plus_minus(void);

#endif
