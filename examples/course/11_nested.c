/* SPDX-License-Identifier: MIT */
/* 11_nested.c: three planes of a picture, each of a few hundred rows: which of the two loops is to be parallel?
 *
 *     11_nested          all ways, in turns, and their times
 *     11_nested WAY      one of them, as often: for a picture, which shows the middle one */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

enum { PLANES = 3, ROWS = 400, COLUMNS = 300, ROUNDS = 5 };

static float picture[PLANES][ROWS][COLUMNS];

static void paint(int64_t plane, int64_t r) {
  for (int64_t c = 0; c < COLUMNS; c++)
    picture[plane][r][c] = (float)sin((double)(r * c)) * (float)exp(-1e-3 * (double)(plane + c));
}

/* [outer] */
PPAR_BODY_GLOBAL(plane_in_order, p) {
  for (int64_t r = 0; r < ROWS; r++) paint(p, r);
}
static void outer(void) {
  ppar_parallel_for(0, PLANES, plane_in_order, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .name = "planes"));
}
/* [/outer] */

/* [inner] */
struct plane {
  int64_t number;
};
PPAR_BODY(row, r, struct plane, plane) { paint(plane->number, r); }
static void inner(void) {
  for (int64_t p = 0; p < PLANES; p++)
    ppar_parallel_for(0, ROWS, row, &(struct plane){p}, PPAR_OPTIONS(.name = "rows"));
}
/* [/inner] */

/* [nested] */
PPAR_BODY_GLOBAL(plane_in_parallel, p) {
  ppar_parallel_for(0, ROWS, row, &(struct plane){p}, PPAR_OPTIONS(.name = "rows"));
}
static void nested(void) {
  ppar_parallel_for(0, PLANES, plane_in_parallel, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .name = "planes"));
}
/* [/nested] */

/* [both] */
PPAR_BODY_2D_GLOBAL(cell, p, r) { paint(p, r); }
static void both(void) {
  ppar_parallel_for_2d(PPAR_BOUNDS(0, PLANES), PPAR_BOUNDS(0, ROWS), cell, NULL, PPAR_OPTIONS(.name = "rows"));
}
/* [/both] */

static void serial(void) {
  for (int64_t p = 0; p < PLANES; p++)
    for (int64_t r = 0; r < ROWS; r++) paint(p, r);
}

static const struct {
  const char *name;
  void (*run)(void);
} ways[] = {{"serial", serial}, {"outer", outer}, {"inner", inner}, {"nested", nested}, {"both", both}};
enum { WAYS = sizeof ways / sizeof *ways };

/* Milliseconds. The last pixel of each row is looked at afterwards: all rows must have been painted. */
static double run(int way) {
  memset(picture, 0, sizeof picture);
  double begin = ppar_wtime();
  ways[way].run();
  double time = (ppar_wtime() - begin) * 1e3;
  for (int p = 0; p < PLANES; p++)
    for (int r = 1; r < ROWS; r++)
      if (picture[p][r][COLUMNS - 1] == 0) printf("%s: WRONG, row %d of plane %d\n", ways[way].name, r, p);
  return time;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    for (int round = 0; round < ROUNDS; round++)
      for (int way = 0; way < WAYS; way++)
        if (strcmp(argv[1], ways[way].name) == 0) printf("%s %.1f ms\n", ways[way].name, run(way));
    return 0;
  }
  double times[WAYS][ROUNDS];
  for (int round = 0; round < ROUNDS; round++)
    for (int way = 0; way < WAYS; way++) times[way][round] = run(way);
  printf("%d planes of %d rows, %d threads; ms, the median of %d rounds\n", PLANES, ROWS, ppar_max_threads(NULL),
         ROUNDS);
  for (int way = 0; way < WAYS; way++) {
    qsort(times[way], ROUNDS, sizeof times[way][0], by_value);
    printf("%-8s %6.1f\n", ways[way].name, times[way][ROUNDS / 2]);
  }
  return 0;
}
