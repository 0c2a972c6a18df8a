/* SPDX-License-Identifier: MIT */
/* 08_false_sharing.c: threads count the rolls of a die, each in a table of its own; where the tables lie decides how
 * long that takes.
 *
 *     08_false_sharing          all ways, in turns, and their times
 *     08_false_sharing WAY      one of them, once: for pictures and for counters of the processor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

enum { ROLLS = 10000000, FACES = 6, ROUNDS = 5 };

static unsigned char roll[ROLLS]; /* 0 ... 5 */

struct table {
  int32_t of[FACES];
};

/* [side] */
static _Alignas(128) struct table tables[PPAR_MAX_THREADS]; /* 24 bytes each, one behind the other */

static void count_side_by_side(const ppar_chunk *chunk, void *arg) {
  struct table *mine = &tables[chunk->thread];
  (void)arg;
  ppar_for_each_index(i, chunk) {
    mine->of[roll[i]]++;
  }
}
/* [/side] */

/* [padded] */
struct padded {
  _Alignas(128) struct table table; /* so that the next one begins 128 bytes later */
};
static struct padded padded_tables[PPAR_MAX_THREADS];

static void count_padded(const ppar_chunk *chunk, void *arg) {
  struct table *mine = &padded_tables[chunk->thread].table;
  (void)arg;
  ppar_for_each_index(i, chunk) {
    mine->of[roll[i]]++;
  }
}
/* [/padded] */

/* [per-thread] */
static void count_per_thread(const ppar_chunk *chunk, void *arg) {
  struct table *mine = ppar_per_thread_at(arg, chunk->thread); /* the library has placed it */
  ppar_for_each_index(i, chunk) {
    mine->of[roll[i]]++;
  }
}
/* [/per-thread] */

/* [local] */
static void count_locally(const ppar_chunk *chunk, void *arg) {
  struct table local = {{0}};
  (void)arg;
  ppar_for_each_index(i, chunk) {
    local.of[roll[i]]++;
  }
  for (int face = 0; face < FACES; face++) tables[chunk->thread].of[face] += local.of[face]; /* once a chunk */
}
/* [/local] */

static void clear(ppar_per_thread *values) {
  memset(tables, 0, sizeof tables);
  memset(padded_tables, 0, sizeof padded_tables);
  for (int t = 0; t < ppar_per_thread_count(values); t++)
    memset(ppar_per_thread_at(values, t), 0, sizeof(struct table));
}

/* All threads' counts together are the number of rolls, whatever the way. */
static int64_t counted(ppar_per_thread *values) {
  int64_t sum = 0;
  for (int t = 0; t < ppar_per_thread_count(values); t++) {
    const struct table *placed = ppar_per_thread_at(values, t);
    for (int face = 0; face < FACES; face++)
      sum += tables[t].of[face] + padded_tables[t].table.of[face] + placed->of[face];
  }
  return sum;
}

static const struct way {
  const char *name;
  ppar_body *body;
  int threads; /* 0: all */
} ways[] = {
    {"one-thread", count_side_by_side, 1}, {"side-by-side", count_side_by_side, 0},
    {"padded", count_padded, 0},           {"per-thread", count_per_thread, 0},
    {"local", count_locally, 0},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* Milliseconds. Each thread has one contiguous part of the rolls, the same in all ways. */
static double run(const struct way *way, ppar_per_thread *values) {
  clear(values);
  double begin = ppar_wtime();
  ppar_parallel_for(0, ROLLS, way->body, values,
                    PPAR_OPTIONS(.schedule = ppar_static(0), .threads = way->threads, .name = way->name));
  double time = (ppar_wtime() - begin) * 1e3;
  if (counted(values) != ROLLS) printf("%s: WRONG, %lld rolls\n", way->name, (long long)counted(values));
  return time;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  for (int i = 0; i < ROLLS; i++) roll[i] = (unsigned char)(((uint32_t)i * 2654435761u >> 16) % FACES);
  ppar_per_thread *values;
  if (ppar_per_thread_create(&values, 0, sizeof(struct table), NULL) != PPAR_OK) return 1;

  if (argc > 1) {
    for (int w = 0; w < WAYS; w++)
      if (strcmp(argv[1], ways[w].name) == 0) printf("%s %.1f ms\n", ways[w].name, run(&ways[w], values));
  } else {
    static double times[WAYS][ROUNDS];
    for (int round = 0; round < ROUNDS; round++)
      for (int w = 0; w < WAYS; w++) times[w][round] = run(&ways[w], values);
    printf("%d rolls, %d threads; ms, the median of %d rounds\n", ROLLS, ppar_max_threads(NULL), ROUNDS);
    for (int w = 0; w < WAYS; w++) {
      qsort(times[w], ROUNDS, sizeof times[w][0], by_value);
      printf("%-12s %6.1f\n", ways[w].name, times[w][ROUNDS / 2]);
    }
  }
  ppar_per_thread_free(values);
  return 0;
}
