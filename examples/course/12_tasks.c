/* SPDX-License-Identifier: MIT */
/* 12_tasks.c: recursion in parallel: Fibonacci numbers, whose calls are tiny, and the sum over a lopsided tree.
 *
 *     12_tasks           both, with several cut-offs, and their times
 *     12_tasks tree      the tree once, with a cut-off that leaves enough tasks: for a picture */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { N = 32, NODES = 200000, ROUNDS = 3 };

/* [serial] */
static int64_t fib_serially(int64_t n) { return n < 2 ? n : fib_serially(n - 1) + fib_serially(n - 2); }
/* [/serial] */

/* [fib] */
struct fib {
  int64_t n, cutoff, value;
};

static void fib(void *arg) {
  struct fib *f = arg;
  if (f->n < 2 || f->n <= f->cutoff) { /* too little to be worth a task */
    f->value = fib_serially(f->n);
    return;
  }
  struct fib a = {f->n - 1, f->cutoff, 0}, b = {f->n - 2, f->cutoff, 0};
  ppar_task_group group;
  ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "fib"));
  ppar_task_spawn(&group, fib, &a); /* may run at the same time as what follows */
  fib(&b);
  ppar_task_group_wait(&group); /* a.value is there now, and not before */
  f->value = a.value + b.value;
}
/* [/fib] */

/* What the recursion is made of: all calls, and those on the longest way from the first call to a last one. */
static int64_t fib_work(int64_t n) { return n < 2 ? 1 : 1 + fib_work(n - 1) + fib_work(n - 2); }
static int64_t fib_span(int64_t n) { return n < 2 ? 1 : 1 + fib_span(n - 1); }

/* [tree] */
struct node {
  struct node *left, *right;
  double value;
};
struct visit {
  struct node *node;
  int spawns; /* how many levels below this one still make tasks */
  double sum;
};

static double look_at(const struct node *node) {
  double value = node->value;
  for (int k = 0; k < 40; k++) value = sqrt(value + k);
  return value;
}

static double sum_serially(const struct node *node) {
  return node == NULL ? 0 : look_at(node) + sum_serially(node->left) + sum_serially(node->right);
}

static void sum(void *arg) {
  struct visit *v = arg;
  if (v->node == NULL || v->spawns == 0) {
    v->sum = sum_serially(v->node);
    return;
  }
  struct visit left = {v->node->left, v->spawns - 1, 0}, right = {v->node->right, v->spawns - 1, 0};
  ppar_task_group group;
  ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "tree"));
  ppar_task_spawn(&group, sum, &left);
  sum(&right);
  ppar_task_group_wait(&group);
  v->sum = look_at(v->node) + left.sum + right.sum;
}
/* [/tree] */

/* A tree of the count nodes from here on. The left one gets a ninth to eight ninths of them. */
static struct node *grow(struct node *nodes, int64_t count, uint64_t seed) {
  if (count == 0) return NULL;
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  int64_t left = (count - 1) * (int64_t)(1 + (seed >> 60) % 8) / 9;
  nodes->value = (double)(seed >> 32);
  nodes->left = grow(nodes + 1, left, seed);
  nodes->right = grow(nodes + 1 + left, count - 1 - left, seed + 1);
  return nodes;
}

static int64_t depth(const struct node *node) {
  if (node == NULL) return 0;
  int64_t left = depth(node->left), right = depth(node->right);
  return 1 + (left > right ? left : right);
}

static double run_fib(int64_t cutoff) {
  struct fib f = {N, cutoff, 0};
  double begin = ppar_wtime();
  fib(&f);
  double time = (ppar_wtime() - begin) * 1e3;
  if (f.value != 2178309) printf("WRONG: fib(%d) = %" PRId64 "\n", N, f.value);
  return time;
}

static double run_tree(struct node *root, int spawns) {
  struct visit visit = {root, spawns, 0};
  double begin = ppar_wtime();
  sum(&visit);
  double time = (ppar_wtime() - begin) * 1e3, right = sum_serially(root);
  if (fabs(visit.sum - right) > 1e-9 * right) printf("WRONG: %.17g, not %.17g\n", visit.sum, right);
  return time;
}

int main(int argc, char **argv) {
  static const int cutoffs[] = {N, 0, 10, 20}, levels[] = {0, 1, 4, 12};
  double fib_times[4], tree_times[4];
  struct node *nodes = calloc(NODES, sizeof *nodes), *root = nodes == NULL ? NULL : grow(nodes, NODES, 4);
  if (root == NULL) return 1;
  (void)argv;
  if (argc > 1) {
    run_fib(20); /* the library's threads start; not in the picture, which is of the tree */
    printf("tree, 4 levels of tasks: %.1f ms\n", run_tree(root, 4));
    free(nodes);
    return 0;
  }
  for (int k = 0; k < 4; k++) fib_times[k] = tree_times[k] = INFINITY;
  for (int round = 0; round < ROUNDS; round++) {
    for (int k = 0; k < 4; k++) {
      fib_times[k] = fmin(fib_times[k], run_fib(cutoffs[k]));
      tree_times[k] = fmin(tree_times[k], run_tree(root, levels[k]));
    }
  }
  printf("%d threads; ms, the least of %d rounds\n", ppar_max_threads(NULL), ROUNDS);
  printf("fib(%d), no tasks %24.1f\n", N, fib_times[0]);
  for (int k = 1; k < 4; k++) printf("fib(%d), no tasks up to fib(%2d) %10.1f\n", N, cutoffs[k], fib_times[k]);
  printf("  work %" PRId64 " calls, span %" PRId64 ", parallelism %.0f\n", fib_work(N), fib_span(N),
         (double)fib_work(N) / (double)fib_span(N));
  printf("tree, no tasks %27.1f\n", tree_times[0]);
  for (int k = 1; k < 4; k++) printf("tree, %2d levels of tasks %17.1f\n", levels[k], tree_times[k]);
  printf("  work %d nodes, span %" PRId64 ", parallelism %.0f\n", NODES, depth(root),
         (double)NODES / (double)depth(root));
  free(nodes);
  return 0;
}
