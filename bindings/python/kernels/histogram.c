/* SPDX-License-Identifier: MIT */
/* histogram.c: how many elements there are between each edge and the next. */
#include "kernels.h"

typedef struct histogram {
  array from;
  const double *edges; /* bins + 1, not falling */
  int64_t bins;
  double scale; /* bins for each unit; 0: the edges are not equally far from each other */
  ppar_per_thread *counts;
} histogram;

/* The bin of x: the last edge that is not above it; -1 for none. The last bin holds the last edge, too. */
static int64_t bin_of(const histogram *all, double x) {
  const double *edges = all->edges;
  if (!(x >= edges[0] && x <= edges[all->bins])) return -1; /* NaN, too */
  int64_t bin;
  if (all->scale > 0) {
    /* Rounding may lead to a neighbour: the edges themselves decide. */
    const double place = (x - edges[0]) * all->scale;
    bin = place < (double)all->bins ? (int64_t)place : all->bins - 1;
    while (bin > 0 && x < edges[bin]) bin--;
    while (bin < all->bins - 1 && x >= edges[bin + 1]) bin++;
  } else {
    int64_t low = 0, high = all->bins; /* edges[low] <= x, and x < edges[high] or high is the last edge */
    while (high - low > 1) {
      const int64_t middle = low + (high - low) / 2;
      if (x < edges[middle]) {
        high = middle;
      } else {
        low = middle;
      }
    }
    bin = low;
  }
  return bin;
}

/* Each slot has counts of its own, which are added up when the loop is over. */
#define DEFINE_HISTOGRAM(name, type)                                                                                  \
  static void histogram_##name(const ppar_chunk *chunk, void *arg) {                                                  \
    const histogram *all = arg;                                                                                       \
    int64_t *counts = ppar_per_thread_at(all->counts, chunk->thread);                                                 \
    for (int64_t i = chunk->begin; i < chunk->end; i++) {                                                             \
      const int64_t bin = bin_of(all, (double)*(const type *)(all->from.data + i * all->from.stride));                \
      if (bin >= 0) counts[bin]++;                                                                                    \
    }                                                                                                                 \
  }                                                                                                                   \
  KERNEL int ppk_histogram_##name(const void *data, int64_t stride, int64_t count, const double *edges, int64_t bins, \
                                  double scale, int64_t *counts, const ppar_options *options) {                       \
    histogram all = {{data, stride}, edges, bins, scale, NULL};                                                       \
    return run(&all, count, histogram_##name, counts, options);                                                       \
  }

static int run(histogram *all, int64_t count, ppar_body *body, int64_t *counts, const ppar_options *options) {
  const int threads = options != NULL && options->threads > 0
                          ? options->threads
                          : ppar_max_threads(options != NULL ? options->pool : NULL);
  int status = ppar_per_thread_create(&all->counts, threads, (size_t)all->bins * sizeof(int64_t), NULL);
  if (status != PPAR_OK) return status;
  status = ppar_parallel_for(0, count, body, all, options);
  for (int64_t bin = 0; bin < all->bins; bin++) counts[bin] = 0;
  for (int t = 0; t < threads; t++) {
    const int64_t *mine = ppar_per_thread_at(all->counts, t);
    for (int64_t bin = 0; bin < all->bins; bin++) counts[bin] += mine[bin];
  }
  ppar_per_thread_free(all->counts);
  return status;
}

FOR_ALL(DEFINE_HISTOGRAM)
