/* SPDX-License-Identifier: MIT */
/* 13_resampling_solution.c: all windows of the cross-validation at once: which of the two loops is to be parallel?
 * Prints the best window, and the times of the inner loop alone, the outer one alone, and both. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>
#include <ppar/rng.h>

enum { POINTS = 5000, WIDTHS = 8, ROUNDS = 3 };

static double x[POINTS], y[POINTS], errors[WIDTHS];

static double width_of(int64_t k) { return 0.002 * pow(2, (double)k); }

struct window {
  double width;
};

static double miss(int64_t i, double width) {
  double sum = 0, weights = 0;
  for (int64_t j = i - 1; j >= 0 && x[i] - x[j] < width; j--) {
    double d = (x[i] - x[j]) / width;
    sum += (1 - d * d) * y[j];
    weights += 1 - d * d;
  }
  for (int64_t j = i + 1; j < POINTS && x[j] - x[i] < width; j++) {
    double d = (x[j] - x[i]) / width;
    sum += (1 - d * d) * y[j];
    weights += 1 - d * d;
  }
  double value = y[i] - (weights > 0 ? sum / weights : 0);
  return value * value / POINTS;
}

PPAR_FOLD(add_point, double, error, i, struct window, w) { *error += miss(i, w->width); }

/* [ways] */
/* reproducible: the same digits in all three ways, and so surely the same best window */
static void one_width(int64_t k, int threads) {
  errors[k] = 0;
  PPAR_REDUCE(0, POINTS, add_point, &(struct window){width_of(k)}, PPAR_SUM(&errors[k]), &errors[k],
              PPAR_OPTIONS(.threads = threads, .reproducible = true, .name = "points"));
}

PPAR_BODY_GLOBAL(width_serially, k) { one_width(k, 1); }
PPAR_BODY_GLOBAL(width_in_parallel, k) { one_width(k, 0); }

static void inner(void) {
  for (int64_t k = 0; k < WIDTHS; k++) one_width(k, 0);
}
static void outer(void) {
  ppar_parallel_for(0, WIDTHS, width_serially, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .name = "widths"));
}
static void both(void) {
  ppar_parallel_for(0, WIDTHS, width_in_parallel, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1), .name = "widths"));
}
/* [/ways] */

int main(void) {
  static const struct {
    const char *name;
    void (*run)(void);
  } ways[] = {{"inner", inner}, {"outer", outer}, {"both", both}};
  double times[3] = {INFINITY, INFINITY, INFINITY};
  ppar_rng rng = ppar_rng_stream(20, 0);
  for (int i = 0; i < POINTS; i++) {
    x[i] = pow((i + 0.5) / POINTS, 3);
    y[i] = sin(6 * x[i]) + 0.3 * ppar_rng_normal_f64(&rng);
  }
  for (int round = 0; round < ROUNDS; round++) {
    for (int w = 0; w < 3; w++) {
      double begin = ppar_wtime();
      ways[w].run();
      times[w] = fmin(times[w], (ppar_wtime() - begin) * 1e3);
    }
  }
  for (int w = 0; w < 3; w++) {
    ways[w].run();
    int best = 0;
    for (int k = 1; k < WIDTHS; k++)
      if (errors[k] < errors[best]) best = k;
    printf("%-6s %6.1f ms, best width %.3f, error %.17g\n", ways[w].name, times[w], width_of(best), errors[best]);
  }
  return 0;
}
