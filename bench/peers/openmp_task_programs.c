/* SPDX-License-Identifier: MIT */
/* openmp_task_programs.c: programs that are trees of OpenMP's tasks: with tasks down to the leaves, and with the small
 * ones left to plain calls. */
#include <stdlib.h>
#include <string.h>

#include "peers/serve.h"

static __attribute__((noinline)) int64_t fib_plain(int64_t n) {
  return n < 2 ? n : fib_plain(n - 1) + fib_plain(n - 2);
}

enum { FIB_CUTOFF = 16 };

static int64_t fib_of(int64_t n) {
  int64_t a, b;
  if (n <= FIB_CUTOFF) return fib_plain(n);
#pragma omp task shared(a)
  a = fib_of(n - 1);
#pragma omp task shared(b)
  b = fib_of(n - 2);
#pragma omp taskwait
  return a + b;
}

static void fib_cutoff(bench_job *job) {
  int64_t value = 0;
#pragma omp parallel
#pragma omp single
  value = fib_of(job->n);
  job->check = (double)value;
}

/* How the queens of the rows so far stand. */
enum { QUEENS_MAX = 16 };
typedef struct board {
  int columns[QUEENS_MAX];
} board;

static int is_free(const board *b, int row, int column) {
  for (int r = 0; r < row; r++)
    if (b->columns[r] == column || abs(b->columns[r] - column) == row - r) return 0;
  return 1;
}

static int64_t queens_plain(board *b, int n, int row) {
  int64_t sum = 0;
  if (row == n) return 1;
  for (int column = 0; column < n; column++) {
    if (!is_free(b, row, column)) continue;
    b->columns[row] = column;
    sum += queens_plain(b, n, row + 1);
  }
  return sum;
}

/* A task for each place that is free, down to the row where plain calls begin. */
static int64_t queens_of(board b, int n, int row, int plain_from) {
  int64_t counts[QUEENS_MAX] = {0}, sum = 0;
  if (row == n) return 1;
  if (row >= plain_from) return queens_plain(&b, n, row);
  for (int column = 0; column < n; column++) {
    if (!is_free(&b, row, column)) continue;
    b.columns[row] = column;
#pragma omp task shared(counts) firstprivate(b, column)
    counts[column] = queens_of(b, n, row + 1, plain_from);
  }
#pragma omp taskwait
  for (int column = 0; column < n; column++) sum += counts[column];
  return sum;
}

static void queens_from(bench_job *job, int plain_from) {
  board empty = {{0}};
  int64_t value = 0;
#pragma omp parallel
#pragma omp single
  value = queens_of(empty, (int)job->n, 0, plain_from);
  job->check = (double)value;
}
static void queens(bench_job *job) { queens_from(job, QUEENS_MAX); }
static void queens_cutoff(bench_job *job) { queens_from(job, 3); }

enum { MERGE_CUTOFF = 2048, SORT_CUTOFF = 2048 };

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static int64_t first_not_below(const double *x, int64_t n, double value) {
  int64_t low = 0, high = n;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (x[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void merge_plain(const double *a, int64_t na, const double *b, int64_t nb, double *out) {
  int64_t i = 0, j = 0, k = 0;
  while (i < na && j < nb) out[k++] = b[j] < a[i] ? b[j++] : a[i++];
  while (i < na) out[k++] = a[i++];
  while (j < nb) out[k++] = b[j++];
}

/* The longer one is cut in the middle, the other where the middle's value belongs. */
static void merge(const double *a, int64_t na, const double *b, int64_t nb, double *out) {
  int64_t i, j;
  if (na < nb) {
    merge(b, nb, a, na, out);
    return;
  }
  if (na + nb <= MERGE_CUTOFF) {
    merge_plain(a, na, b, nb, out);
    return;
  }
  i = na / 2;
  j = first_not_below(b, nb, a[i]);
#pragma omp task
  merge(a, i, b, j, out);
  merge(a + i, na - i, b + j, nb - j, out + i + j);
#pragma omp taskwait
}

/* Sorts x with the help of room for as many. */
static void sort_part(double *x, double *room, int64_t n) {
  int64_t half = n / 2;
  if (n <= SORT_CUTOFF) {
    qsort(x, (size_t)n, sizeof *x, by_value);
    return;
  }
#pragma omp task
  sort_part(x, room, half);
  sort_part(x + half, room + half, n - half);
#pragma omp taskwait
  merge(x, half, x + half, n - half, room);
  memcpy(x, room, (size_t)n * sizeof *x);
}

static void merge_sort(bench_job *job) {
  int64_t n = job->n, unsorted = 0;
  double *x = job->data.y, *room = job->data.z;
  memcpy(x, job->data.x, (size_t)n * sizeof *x);
#pragma omp parallel
#pragma omp single
  sort_part(x, room, n);
  for (int64_t i = 1; i < n; i++) unsorted += x[i] < x[i - 1];
  job->check = x[n / 2] + (double)unsorted;
}

/* Which of the things, each of a weight and a value, are worth most and weigh no more than half of all: a search that
 * leaves branches that cannot be better than the best so far. How many it leaves depends on who is first. */
enum { THINGS_MAX = 32, SEARCH_CUTOFF = 14 };
typedef struct thing {
  int weight, value;
} thing;

static thing things[THINGS_MAX];
static int thing_count, best_value;

static void search_from(int next, int room, int value, int left) {
  int best;
#pragma omp atomic read
  best = best_value;
  if (value + left <= best) return;
  if (next == thing_count) {
#pragma omp critical(search)
    if (value > best_value) {
#pragma omp atomic write
      best_value = value;
    }
    return;
  }
  left -= things[next].value;
  if (next < SEARCH_CUTOFF) {
    if (things[next].weight <= room) {
#pragma omp task
      search_from(next + 1, room - things[next].weight, value + things[next].value, left);
    }
    search_from(next + 1, room, value, left);
#pragma omp taskwait
  } else {
    if (things[next].weight <= room)
      search_from(next + 1, room - things[next].weight, value + things[next].value, left);
    search_from(next + 1, room, value, left);
  }
}

static void search(bench_job *job) {
  unsigned state = 12345;
  int weights = 0, values = 0;
  thing_count = job->n < THINGS_MAX ? (int)job->n : THINGS_MAX;
  best_value = 0;
  for (int t = 0; t < thing_count; t++) {
    state = state * 1664525u + 1013904223u;
    things[t].weight = 50 + (int)(state >> 16) % 100;
    state = state * 1664525u + 1013904223u;
    things[t].value = things[t].weight + (int)(state >> 16) % 25;
    weights += things[t].weight;
    values += things[t].value;
  }
#pragma omp parallel
#pragma omp single
  search_from(0, weights / 2, 0, values);
  job->check = best_value;
}

/* The best alignment of each pair of some sequences of letters: a task a pair, made in a loop that threads share. */
enum { SEQUENCES = 24, LETTERS = 160, GAP = -2, EQUAL = 3, UNEQUAL = -1 };
static char letters[SEQUENCES][LETTERS];

static int align(const char *a, int na, const char *b, int nb) {
  int row[LETTERS + 1];
  for (int j = 0; j <= nb; j++) row[j] = GAP * j;
  for (int i = 1; i <= na; i++) {
    int diagonal = row[0];
    row[0] = GAP * i;
    for (int j = 1; j <= nb; j++) {
      int best = diagonal + (a[i - 1] == b[j - 1] ? EQUAL : UNEQUAL);
      if (row[j] + GAP > best) best = row[j] + GAP;
      if (row[j - 1] + GAP > best) best = row[j - 1] + GAP;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[nb];
}

static void alignment(bench_job *job) {
  static int scores[SEQUENCES][SEQUENCES];
  unsigned state = 1;
  double sum = 0;
  for (int s = 0; s < SEQUENCES; s++)
    for (int k = 0; k < LETTERS; k++) letters[s][k] = "ACGT"[(state = state * 1664525u + 1013904223u) >> 30];
#pragma omp parallel
#pragma omp for schedule(dynamic)
  for (int a = 0; a < SEQUENCES; a++) {
    for (int b = a + 1; b < SEQUENCES; b++) {
#pragma omp task
      scores[a][b] = align(letters[a], LETTERS - 3 * a, letters[b], LETTERS - 2 * b);
    }
  }
  for (int a = 0; a < SEQUENCES; a++)
    for (int b = a + 1; b < SEQUENCES; b++) sum += scores[a][b];
  job->check = sum;
}

static const bench_kernel kernels[] = {
    {.name = "fib_cutoff", .run = fib_cutoff},
    {.name = "queens", .run = queens},
    {.name = "queens_cutoff", .run = queens_cutoff},
    {.name = "merge_sort", .run = merge_sort},
    {.name = "search", .run = search},
    {.name = "alignment", .run = alignment},
};

const bench_kernel_list bench_task_program_kernels = {kernels, sizeof kernels / sizeof *kernels};
