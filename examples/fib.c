/* SPDX-License-Identifier: MIT */
/* fib.c: Fibonacci numbers by recursion, a task for every other call: what spawning costs. */
#include <inttypes.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct fib {
  int64_t n, value;
  ppar_pool *pool;
};

static void fib(void *arg) {
  struct fib *f = arg;
  if (f->n < 2) {
    f->value = f->n;
    return;
  }
  struct fib a = {f->n - 1, 0, f->pool}, b = {f->n - 2, 0, f->pool};
  const ppar_options options = PPAR_OPTIONS_INIT(.pool = f->pool);
  ppar_task_group group;
  ppar_task_group_begin(&group, &options);
  ppar_task_spawn(&group, fib, &a);
  fib(&b);
  ppar_task_group_wait(&group);
  f->value = a.value + b.value;
}

int main(int argc, char **argv) {
  int64_t n = 30, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 45, "which number"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "a Fibonacci number by recursion", arguments, ARGUMENT_COUNT(arguments));
  ppar_pool *pool;
  if (ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = (int)threads)) != PPAR_OK) {
    fprintf(stderr, "fib: no pool of %d threads\n", (int)threads);
    return 1;
  }

  struct fib f = {n, 0, pool};
  const double start = seconds();
  fib(&f);
  const double time = seconds() - start;

  int64_t value = 0, next = 1;
  for (int64_t i = 0; i < n; i++) {
    const int64_t sum = value + next;
    value = next;
    next = sum;
  }
  const int64_t spawned = next > 1 ? next - 1 : 1; /* fib(n + 1) - 1 calls have n > 1 */
  const bool good = f.value == value;
  printf("fib(%" PRId64 ") = %" PRId64 ": %s\n", n, f.value, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, %.1f ns a task\n", time, 1e9 * time / (double)spawned);
  ppar_pool_destroy(pool);
  return good ? 0 : 1;
}
