/* SPDX-License-Identifier: MIT */
/* nqueens.c: in how many ways n queens stand on an n by n board without attacking each other; a task for each square
 * of the first rows. */
#include <inttypes.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

enum { SPAWNING_ROWS = 4, MOST = 18 };

/* The rows from `row` on; bit c of a mask: column c is attacked, straight or along a diagonal. */
struct board {
  int n, row;
  uint32_t straight, left, right;
  ppar_pool *pool;
  int64_t ways;
};

static struct board with_queen(const struct board *b, uint32_t column) {
  struct board next = *b;
  next.row = b->row + 1;
  next.straight = b->straight | column;
  next.left = (b->left | column) << 1;
  next.right = (b->right | column) >> 1;
  next.ways = 0;
  return next;
}

static int64_t count_serially(const struct board *b) {
  if (b->row == b->n) return 1;
  int64_t ways = 0;
  const uint32_t all = (UINT32_C(1) << b->n) - 1;
  for (uint32_t open = all & ~(b->straight | b->left | b->right); open != 0; open &= open - 1) {
    const struct board next = with_queen(b, open & (0 - open));
    ways += count_serially(&next);
  }
  return ways;
}

static void count(void *arg) {
  struct board *b = arg;
  if (b->row >= SPAWNING_ROWS || b->row == b->n) {
    b->ways = count_serially(b);
    return;
  }
  const ppar_options options = PPAR_OPTIONS_INIT(.pool = b->pool);
  const uint32_t all = (UINT32_C(1) << b->n) - 1;
  struct board next[MOST];
  int tries = 0;
  ppar_task_group group;
  ppar_task_group_begin(&group, &options);
  for (uint32_t open = all & ~(b->straight | b->left | b->right); open != 0; open &= open - 1) {
    next[tries] = with_queen(b, open & (0 - open));
    ppar_task_spawn(&group, count, &next[tries]);
    tries++;
  }
  ppar_task_group_wait(&group);
  for (int t = 0; t < tries; t++) b->ways += next[t].ways;
}

int main(int argc, char **argv) {
  int64_t n = 12, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, MOST, "queens"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "ways to place n queens", arguments, ARGUMENT_COUNT(arguments));
  ppar_pool *pool;
  if (ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = (int)threads)) != PPAR_OK) {
    fprintf(stderr, "nqueens: no pool of %d threads\n", (int)threads);
    return 1;
  }

  struct board b = {.n = (int)n, .pool = pool};
  const double start = seconds();
  count(&b);
  const double time = seconds() - start;

  const struct board empty = {.n = (int)n};
  const bool good = b.ways == count_serially(&empty);
  printf("%" PRId64 " queens: %" PRId64 " ways: %s\n", n, b.ways, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s\n", time);
  ppar_pool_destroy(pool);
  return good ? 0 : 1;
}
