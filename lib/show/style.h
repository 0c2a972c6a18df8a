/* SPDX-License-Identifier: MIT */
/* style.h: what text for people is written on. */
#ifndef PP_SHOW_STYLE_H
#define PP_SHOW_STYLE_H

#include <stdbool.h>

typedef struct pp_show_style {
  int columns; /* So many characters fit into a line. */
  bool colors; /* It is a terminal that shows colours. */
} pp_show_style;

#endif
