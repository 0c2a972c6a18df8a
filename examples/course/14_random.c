/* SPDX-License-Identifier: MIT */
/* 14_random.c: pi by darts thrown at a square, in parallel: where the random numbers come from decides whether more
 * darts are of any use. Each way is tried 200 times with another seed: how far do its results scatter?
 *
 *     14_random            16 parts of 4000 darts
 *     14_random PARTS */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>
#include <ppar/rng.h>

enum { DARTS = 4000 /* of each part */, TRIALS = 200, MOST_THREADS = 4 };

static int64_t parts = 16; /* unless the command line says another number */

/* [dart] */
static int64_t throw_darts(ppar_rng *rng, int64_t darts) {
  int64_t hits = 0;
  for (int64_t k = 0; k < darts; k++) {
    double x = ppar_rng_f64(rng), y = ppar_rng_f64(rng);
    hits += x * x + y * y < 1;
  }
  return hits;
}
/* [/dart] */

struct generator {
  _Alignas(128) ppar_rng rng; /* apart from the next one: lesson 8 */
};
struct game {
  uint64_t seed;
  struct generator *of_thread;
};

/* [same] */
PPAR_FOLD(same_seed, int64_t, hits, part, struct game, game) {
  ppar_rng rng = ppar_rng_stream(game->seed, 0); /* wrong: every part throws the same darts */
  *hits += throw_darts(&rng, DARTS);
}
/* [/same] */

/* [thread] */
PPAR_FOLD(thread_stream, int64_t, hits, part, struct game, game) {
  /* a generator for each thread: other parts, other darts */
  *hits += throw_darts(&game->of_thread[ppar_thread_num()].rng, DARTS);
}
/* [/thread] */

/* [part] */
PPAR_FOLD(part_stream, int64_t, hits, part, struct game, game) {
  ppar_rng rng = ppar_rng_stream(game->seed, (uint64_t)part); /* a stream for each part of the work */
  *hits += throw_darts(&rng, DARTS);
}
/* [/part] */

/* [skip] */
PPAR_FOLD(skip_ahead, int64_t, hits, part, struct game, game) {
  ppar_rng rng = ppar_rng_stream(game->seed, 0);   /* the serial program's one stream ... */
  ppar_rng_skip(&rng, (uint64_t)part * 2 * DARTS); /* ... from where the parts before will have come to */
  *hits += throw_darts(&rng, DARTS);
}
/* [/skip] */

/* The estimate of pi; fold is NULL for the serial loop. */
static double play(ppar_fold *fold, uint64_t seed, int threads) {
  static struct generator generators[MOST_THREADS];
  struct game game = {seed, generators};
  int64_t hits = 0;
  if (fold == NULL) {
    ppar_rng rng = ppar_rng_stream(seed, 0);
    hits = throw_darts(&rng, parts * DARTS);
  } else {
    for (int t = 0; t < MOST_THREADS; t++) generators[t].rng = ppar_rng_stream(seed, (uint64_t)t);
    ppar_parallel_reduce(0, parts, fold, &game, &ppar_sum_i64, &hits,
                         PPAR_OPTIONS(.threads = threads, .schedule = ppar_static(0)));
  }
  return 4.0 * (double)hits / (double)(parts * DARTS);
}

int main(int argc, char **argv) {
  if (argc > 1) parts = atoi(argv[1]);
  if (parts < 1) return 2;
  static const struct {
    const char *name;
    ppar_fold *fold;
  } ways[] = {{"serial", NULL},
              {"same seed", same_seed},
              {"thread's stream", thread_stream},
              {"part's stream", part_stream},
              {"skip ahead", skip_ahead}};
  const double p = M_PI / 4, expected = 4 * sqrt(p * (1 - p) / (double)(parts * DARTS));
  printf("%" PRId64 " darts a trial, %d trials: results should scatter by %.5f\n", parts * DARTS, TRIALS, expected);
  for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
    double squares = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double error = play(ways[w].fold, 1000 + (uint64_t)trial, 2) - M_PI;
      squares += error * error;
    }
    double scatter = sqrt(squares / TRIALS);
    printf("%-16s %.5f, %.1f times that; seed 7: %.6f, on %d threads %.6f\n", ways[w].name, scatter, scatter / expected,
           play(ways[w].fold, 7, 1), MOST_THREADS, play(ways[w].fold, 7, MOST_THREADS));
  }
  return 0;
}
