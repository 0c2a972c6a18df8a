/* SPDX-License-Identifier: MIT */
/* axis.c: which numbers stand where. */
#include "show/axis.h"

#include <string.h>

enum { LABEL_SIZE = 32, TIME_COLUMNS = 8, GAP = 2 };

/* 1, 2, 5, 10 ...: the least of them that is no less. */
static double round_up(double value) {
  double power = 1;
  while (power * 10 <= value) power *= 10;
  while (power > value) power /= 10;
  return value <= power ? power : value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
}

/* A hair decides where a processor's rounding would. */
static int nearest(double column) { return (int)(column + 0.5 + 1e-9); }

/* Writes the label at the column, if it fits in there; *used: columns that were written. */
static void put_at(pp_output *out, const char *label, int column, int columns, int *used) {
  int length = (int)strlen(label);
  if (column < *used + (*used != 0 ? 1 : 0) || column + length > columns) return;
  pp_put_repeated(out, ' ', (size_t)(column - *used));
  pp_put(out, label);
  *used = column + length;
}

void pp_put_time_axis(pp_output *out, uint64_t ns, int columns) {
  static const struct {
    double size;
    const char *name;
  } units[] = {{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}};
  size_t unit = 0;
  double all, step;
  int digits = 0, used = 0;
  while (unit < 3 && (double)ns >= units[unit + 1].size) unit++;
  all = (double)ns / units[unit].size;
  if (all <= 0) all = 1;
  step = round_up(all * TIME_COLUMNS / (double)columns);
  for (double size = step; size < 0.9 && digits < 3; size *= 10) digits++;
  for (int k = 0; (double)k * step <= all; k++) {
    char label[LABEL_SIZE];
    pp_output text = pp_output_to(-1, label, sizeof label);
    pp_put_real(&text, (double)k * step, k != 0 ? digits : 0);
    if (k == 0) pp_put(&text, units[unit].name);
    (void)pp_output_end(&text);
    put_at(out, label, nearest((double)k * step / all * (double)columns), columns, &used);
  }
}

static int put_index(char label[LABEL_SIZE], int64_t index, int64_t step, uint64_t iteration) {
  pp_output text = pp_output_to(-1, label, LABEL_SIZE);
  pp_put_signed(&text, (int64_t)((uint64_t)index + iteration * (uint64_t)step));
  (void)pp_output_end(&text);
  return (int)strlen(label);
}

void pp_put_index_axis(pp_output *out, int64_t index, int64_t step, uint64_t count, int columns) {
  char first[LABEL_SIZE], last[LABEL_SIZE];
  double cell = (double)columns / (double)count, distance;
  int longest = put_index(last, index, step, count - 1), used = 0, at = columns - longest;
  if (put_index(first, index, step, 0) > longest) longest = (int)strlen(first);
  distance = round_up((double)(longest + GAP) / cell < 1 ? 1 : (double)(longest + GAP) / cell);
  if ((int)((double)(count - 1) * cell) < at) at = (int)((double)(count - 1) * cell);
  for (double i = 0; i < (double)count - 1; i += distance) {
    char label[LABEL_SIZE];
    int length = put_index(label, index, step, (uint64_t)i), column = nearest(i * cell);
    if (i > 0 && column + length + 1 > at) break;
    put_at(out, label, column, columns, &used);
  }
  put_at(out, last, at, columns, &used);
}
