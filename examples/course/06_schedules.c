/* SPDX-License-Identifier: MIT */
/* 06_schedules.c: the upper half of the Mandelbrot set, a row for each iteration of a parallel loop.
 *
 *   06_schedules SCHEDULE [FILE.png [threads]]      with "threads" the picture is coloured by who computed which row */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

enum { WIDTH = 600, HEIGHT = 240, MOST = 500 };

/* [rows] */
struct picture {
  int (*steps)[WIDTH]; /* for each row and point: how many until the point runs away */
  int *who;            /* for each row: the thread */
};

/* How often z = z * z + c can be done before |z| is more than 2. Far from the set the answer is 2 or 3, near it any
 * number, and in it MOST. */
static int steps_of(double x, double y) {
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

PPAR_BODY(row, i, struct picture, p) {
  double y =
      1.2 * (1 - ((double)i + 0.5) / HEIGHT); /* from the top, 1.2, where there is little to do, to the middle, 0 */
  for (int j = 0; j < WIDTH; j++) p->steps[i][j] = steps_of(-2.2 + 3.0 * (j + 0.5) / WIDTH, y);
  p->who[i] = ppar_thread_num();
}
/* [/rows] */

/* [png] */
static bool write_png(const char *file, const struct picture *p, bool by_thread) {
  static const double colours[4][3] = {{0.3, 0.6, 1}, {1, 0.6, 0.2}, {0.4, 0.9, 0.4}, {0.9, 0.4, 0.9}};
  static unsigned char pixels[HEIGHT][WIDTH][3];
  for (int i = 0; i < HEIGHT; i++) {
    for (int j = 0; j < WIDTH; j++) {
      int steps = p->steps[i][j], grey = steps == MOST ? 0 : 70 + 185 * (steps % 16) / 16;
      for (int c = 0; c < 3; c++) {
        double part = by_thread ? colours[p->who[i] % 4][c] : 1;
        pixels[i][j][c] = (unsigned char)(grey * part + (by_thread && steps == MOST ? 60 * part : 0));
      }
    }
  }
  png_image image = {.version = PNG_IMAGE_VERSION, .width = WIDTH, .height = HEIGHT, .format = PNG_FORMAT_RGB};
  return png_image_write_to_file(&image, file, 0, pixels, 0, NULL) != 0;
}
/* [/png] */

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "auto";
  ppar_schedule schedule;
  if (ppar_schedule_parse(name, &schedule) != PPAR_OK) {
    fprintf(stderr, "06_schedules: no such schedule: %s; static, dynamic, guided or auto, or with a chunk: static,4\n",
            name);
    return 2;
  }
  static int steps[HEIGHT][WIDTH], who[HEIGHT];
  struct picture p = {steps, who};

  /* [loop] */
  double begin = ppar_wtime();
  ppar_parallel_for(0, HEIGHT, row, &p, PPAR_OPTIONS(.schedule = schedule, .name = "mandelbrot"));
  double time = ppar_wtime() - begin;
  /* [/loop] */

  double all = 0;
  static double of_thread[PPAR_MAX_THREADS];
  for (int i = 0; i < HEIGHT; i++) {
    for (int j = 0; j < WIDTH; j++) of_thread[who[i]] += steps[i][j];
  }
  int threads = ppar_max_threads(NULL);
  for (int t = 0; t < threads; t++) all += of_thread[t];
  printf("%-10s %6.1f ms; the threads' parts of all steps:", name, 1e3 * time);
  for (int t = 0; t < threads; t++) printf(" %.0f %%", 100 * of_thread[t] / all);
  printf("\n");
  if (argc > 2 && !write_png(argv[2], &p, argc > 3 && strcmp(argv[3], "threads") == 0)) {
    fprintf(stderr, "06_schedules: %s could not be written\n", argv[2]);
    return 1;
  }
  return 0;
}
