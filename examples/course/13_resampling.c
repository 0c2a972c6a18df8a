/* SPDX-License-Identifier: MIT */
/* 13_resampling.c: how wide a window smooths best, by leaving each point out once; and how sure a median is, by drawing
 * the sample again and again.
 *
 *     13_resampling                both, and the times of four schedules
 *     13_resampling SCHEDULE       one pass of the first under static, dynamic,16 ...: for a picture */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>
#include <ppar/rng.h>

enum { POINTS = 8000, WIDTHS = 8, REPLICATES = 2000, ROUNDS = 3, SEED = 20 };

static double x[POINTS], y[POINTS]; /* x rises; most points lie close to 0 */

static void make_points(void) {
  ppar_rng rng = ppar_rng_stream(SEED, 0);
  for (int i = 0; i < POINTS; i++) {
    x[i] = pow((i + 0.5) / POINTS, 3);
    y[i] = sin(6 * x[i]) + 0.3 * ppar_rng_normal_f64(&rng);
  }
}

/* [leave-one-out] */
struct window {
  double width;
};

/* What the neighbours of point i say of it, without itself: their mean, the near ones counted more. Its cost is the
 * number of points in the window: thousands where they are dense, a few where they are not. */
PPAR_FOLD(leave_one_out, double, error, i, struct window, w) {
  double sum = 0, weights = 0;
  for (int64_t j = i - 1; j >= 0 && x[i] - x[j] < w->width; j--) {
    double d = (x[i] - x[j]) / w->width, weight = 1 - d * d;
    sum += weight * y[j];
    weights += weight;
  }
  for (int64_t j = i + 1; j < POINTS && x[j] - x[i] < w->width; j++) {
    double d = (x[j] - x[i]) / w->width, weight = 1 - d * d;
    sum += weight * y[j];
    weights += weight;
  }
  double miss = y[i] - (weights > 0 ? sum / weights : 0);
  *error += miss * miss / POINTS;
}

static double error_of(double width, ppar_schedule schedule, int threads) {
  double error = 0;
  PPAR_REDUCE(0, POINTS, leave_one_out, &(struct window){width}, PPAR_SUM(&error), &error,
              PPAR_OPTIONS(.schedule = schedule, .threads = threads, .name = "leave one out"));
  return error;
}
/* [/leave-one-out] */

static double width_of(int k) { return 0.002 * pow(2, k); }

/* [bootstrap] */
struct bootstrap {
  ppar_per_thread *samples; /* room for one sample on each thread */
  double *medians;          /* one for each replicate */
};

static int by_value(const void *a, const void *b) {
  const double p = *(const double *)a, q = *(const double *)b;
  return (p > q) - (p < q);
}

static void draw_again(const ppar_chunk *chunk, void *arg) {
  const struct bootstrap *b = arg;
  double *sample = ppar_per_thread_at(b->samples, chunk->thread);
  ppar_for_each_index(r, chunk) {
    ppar_rng rng = ppar_rng_stream(SEED + 1, (uint64_t)r); /* the replicate's own numbers, whoever runs it */
    for (int k = 0; k < 400; k++) sample[k] = y[ppar_rng_below(&rng, 400) * (POINTS / 400)];
    qsort(sample, 400, sizeof *sample, by_value);
    b->medians[r] = (sample[199] + sample[200]) / 2;
  }
}
/* [/bootstrap] */

static int bootstrap(int threads, double *low, double *high) {
  static double medians[REPLICATES];
  struct bootstrap b = {NULL, medians};
  if (ppar_per_thread_create(&b.samples, threads, 400 * sizeof(double), NULL) != PPAR_OK) return 1;
  ppar_parallel_for(0, REPLICATES, draw_again, &b, PPAR_OPTIONS(.threads = threads, .name = "bootstrap"));
  ppar_per_thread_free(b.samples);
  qsort(medians, REPLICATES, sizeof *medians, by_value);
  *low = medians[REPLICATES * 25 / 1000];
  *high = medians[REPLICATES * 975 / 1000];
  return 0;
}

int main(int argc, char **argv) {
  make_points();
  ppar_schedule schedule;
  if (argc > 1) {
    if (ppar_schedule_parse(argv[1], &schedule) != PPAR_OK) return 2;
    printf("error %.6f\n", error_of(width_of(5), schedule, 0));
    return 0;
  }

  int best = 0;
  double errors[WIDTHS];
  for (int k = 0; k < WIDTHS; k++) {
    errors[k] = error_of(width_of(k), ppar_auto(), 0);
    if (errors[k] < errors[best]) best = k;
  }
  for (int k = 0; k < WIDTHS; k++) printf("width %.3f: error %.6f%s\n", width_of(k), errors[k], k == best ? " *" : "");

  static const struct {
    const char *name, *schedule;
    int threads; /* 0: all */
  } ways[] = {{"one thread", "static", 1},
              {"static", "static", 0},
              {"static,16", "static,16", 0},
              {"dynamic,16", "dynamic,16", 0},
              {"auto", "auto", 0}};
  enum { WAYS = sizeof ways / sizeof *ways };
  double times[WAYS] = {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY};
  for (int round = 0; round < ROUNDS; round++) {
    for (int w = 0; w < WAYS; w++) {
      ppar_schedule_parse(ways[w].schedule, &schedule);
      double begin = ppar_wtime();
      error_of(width_of(5), schedule, ways[w].threads);
      times[w] = fmin(times[w], (ppar_wtime() - begin) * 1e3);
    }
  }
  printf("%d threads; ms for width %.3f, the least of %d rounds\n", ppar_max_threads(NULL), width_of(5), ROUNDS);
  for (int w = 0; w < WAYS; w++) printf("%-12s %6.1f\n", ways[w].name, times[w]);

  for (int threads = 1; threads <= 4; threads++) {
    double low, high;
    if (bootstrap(threads, &low, &high) != 0) return 1;
    printf("the median lies in [%.6f, %.6f] with 95 %% (.threads = %d)\n", low, high, threads);
  }
  return 0;
}
