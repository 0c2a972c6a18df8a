/* SPDX-License-Identifier: MIT */
/* trace_text.h: the grammar of PPAR_TRACE and PPAR_REPORT: what is to be shown of a program, and where.
 *
 *   PPAR_TRACE    a list of MODE or MODE:FILE with commas between them; the modes are picture, svg, json and html. A
 *                 picture goes to standard error where there is no file; the others need one. True: picture; false:
 *                 nothing.
 *   PPAR_REPORT   true: on standard error; FILE; json or json:FILE: for programs to read; false: none. What goes before
 *                 may be "1:". A FILE has no colon before its first slash: there a word stands that is misspelt.
 *
 * In a file's name %p stands for the process's number, and %% for %. */
#ifndef PP_SETTINGS_TRACE_TEXT_H
#define PP_SETTINGS_TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum pp_shown {
  PP_SHOWN_PICTURE,
  PP_SHOWN_SVG,
  PP_SHOWN_JSON,
  PP_SHOWN_HTML,
  PP_SHOWN_REPORT,
  PP_SHOWN_REPORT_JSON,
  PP_SHOWN_KINDS
} pp_shown;

/* One thing to show. */
typedef struct pp_show_item {
  pp_shown what;
  const char *file; /* Part of the text, `length` bytes; NULL: standard error. */
  size_t length;
} pp_show_item;

enum { PP_SHOW_ITEMS = 8 /* of one variable, at most */ };

/* Reads the text into items. Returns how many there are; negative: it is not of that grammar, and *complaint says what
 * is. */
int pp_trace_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint);
int pp_report_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint);

#endif
