/* SPDX-License-Identifier: MIT */
/* bars.h: rows and maps as characters between two bars, in colour or not. */
#ifndef PP_SHOW_BARS_H
#define PP_SHOW_BARS_H

#include "show/output.h"
#include "show/rows.h"

/* Where rows stand on a page. */
typedef struct pp_page {
  pp_output *out;
  int columns; /* Of the terminal. */
  int label;   /* Columns in front of the bars, */
  int cells;   /* between them, */
  int margin;  /* and behind them. */
  bool colors;
  uint32_t used; /* Which characters were used: 1 << pp_sign. */
} pp_page;

/* Characters that are to be explained. */
typedef enum pp_sign {
  PP_SIGN_WORK = PP_DOINGS, /* The first PP_DOINGS are what threads do. */
  PP_SIGN_FINE,
  PP_SIGN_STEAL,
  PP_SIGN_MAP_MIXED,
  PP_SIGN_MAP_NONE,
  PP_SIGN_MAP_LETTERS,
  PP_SIGN_MAP_HIGH,
} pp_sign;

/* The row's slices. */
void pp_put_bar(pp_page *page, const pp_row *row);

/* `count` of the map's cells from `first` on, each `width` columns. */
void pp_put_map(pp_page *page, const pp_map *map, uint32_t first, uint32_t count, int width);

/* What the characters mean that were used. */
void pp_put_legend(const pp_page *page);

#endif
