/* SPDX-License-Identifier: MIT */
/* title.h: what a construct is, in words. */
#ifndef PP_SHOW_TITLE_H
#define PP_SHOW_TITLE_H

#include "show/output.h"
#include "show/rows.h"

/* "3 places", "1 place" */
void pp_put_counted(pp_output *out, uint64_t count, const char *noun);

/* loop "sum" at sum.c:42 in main */
void pp_put_title(pp_output *out, const pp_run_construct *construct);

/* static,4: 1000 iterations, 4 threads, 12.3 ms; call 7 of 10 here: the one of middle length */
void pp_put_subtitle(pp_output *out, const pp_run *run, const pp_rows *rows);

#endif
