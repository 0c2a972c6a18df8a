/* SPDX-License-Identifier: MIT */
/* 06_schedules_solution.c: the chunks of each schedule for two threads: how many, and how much of all work the largest
 * one is, with the rows from top to bottom and from bottom to top. */
#include <stdio.h>

#include <ppar/ppar.h>

enum { WIDTH = 600, HEIGHT = 240, MOST = 500 };

static double work[HEIGHT]; /* of each row: its steps */
static bool begins[HEIGHT]; /* whether a chunk begins with this iteration */

static double steps_of(double x, double y) {
  double re = 0, im = 0;
  int k = 0;
  while (k < MOST && re * re + im * im <= 4) {
    double next = re * re - im * im + x;
    im = 2 * re * im + y;
    re = next;
    k++;
  }
  return k;
}

PPAR_BODY_GLOBAL(count_steps, i) {
  for (int j = 0; j < WIDTH; j++)
    work[i] += steps_of(-2.2 + 3.0 * (j + 0.5) / WIDTH, 1.2 * (1 - ((double)i + 0.5) / HEIGHT));
}

/* [look] */
/* A body as the library calls it: once for each chunk. */
static void note(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  begins[chunk->begin] = true;
}

static void look(const char *name, ppar_schedule schedule, double all) {
  for (int i = 0; i < HEIGHT; i++) begins[i] = false;
  ppar_parallel_for(0, HEIGHT, note, NULL, PPAR_OPTIONS(.schedule = schedule, .threads = 2));
  int chunks = 0;
  double largest[2] = {0, 0}, sum[2] = {0, 0};
  for (int i = 0; i < HEIGHT; i++) {
    if (begins[i]) {
      chunks++;
      sum[0] = sum[1] = 0;
    }
    sum[0] += work[i];
    sum[1] += work[HEIGHT - 1 - i];
    for (int k = 0; k < 2; k++) {
      if (sum[k] > largest[k]) largest[k] = sum[k];
    }
  }
  printf("%-11s %3d chunks; the largest is %2.0f %% of all work, and upside down %2.0f %%\n", name, chunks,
         100 * largest[0] / all, 100 * largest[1] / all);
}
/* [/look] */

int main(void) {
  ppar_parallel_for(0, HEIGHT, count_steps, NULL, NULL);
  double all = 0;
  for (int i = 0; i < HEIGHT; i++) all += work[i];
  look("static", ppar_static(0), all);
  look("static,10", ppar_static(10), all);
  look("dynamic,10", ppar_dynamic(10), all);
  look("dynamic,1", ppar_dynamic(1), all);
  look("guided", ppar_guided(0), all);
  return 0;
}
