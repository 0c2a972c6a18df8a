/* SPDX-License-Identifier: MIT */
/* numba_layer.c: the functions that Numba's parallel code calls, on ppar's loops.
 *
 * Numba compiles a parallel loop into a kernel, and a call that divides the loop into boxes of iterations
 * (do_scheduling_*) and has the kernel run for each of them (parallel_for). @vectorize and @guvectorize call
 * parallel_for with one iteration for each element. A kernel may be given several in a row: it counts by its first
 * dimension.
 *
 * A reduction's kernel adds to an element of an array that get_thread_id names, and the array has as many elements as
 * get_num_threads said before. So the id is the slot, which no two threads have at a time. Everything else that Numba
 * asks per thread is a setting of the user's thread; while a worker runs a part of a loop it has the loop's settings,
 * and afterwards its own again, since it may run a part of another user's loop next. */
#include "kernels.h"

typedef void kernel(char **args, size_t *dimensions, size_t *steps, void *data);

typedef struct settings {
  int threads; /* the mask; 0: not set yet */
  int id;
  size_t chunk_size; /* 0: one division for each thread */
} settings;

static int threads_at_start = 1; /* written once, before there are parallel functions */
static _Thread_local settings mine;

KERNEL void ppk_numba_launch_threads(int count) { threads_at_start = count < 1 ? 1 : count; }
KERNEL void ppk_numba_synchronize(void) {}
KERNEL void ppk_numba_ready(void) {}
KERNEL void ppk_numba_set_num_threads(int count) { mine.threads = count; }
/* Compiled code takes the answer for 64 bits wide. */
KERNEL intptr_t ppk_numba_get_num_threads(void) {
  if (mine.threads == 0) mine.threads = threads_at_start;
  return mine.threads;
}
KERNEL intptr_t ppk_numba_get_thread_id(void) { return mine.id; }
KERNEL size_t ppk_numba_get_parallel_chunksize(void) { return mine.chunk_size; }
KERNEL size_t ppk_numba_set_parallel_chunksize(size_t size) {
  const size_t before = mine.chunk_size;
  mine.chunk_size = size;
  return before;
}

/* ---- parallel_for */

typedef struct call {
  kernel *function;
  char **args;
  const size_t *dimensions;
  size_t *steps;
  void *data;
  size_t dimension_count, arg_count;
  int threads;
  size_t *scratch; /* a row for each slot, which holds what the kernel is given for a part of the iterations */
  size_t row;      /* its length, in words */
} call;

static void run_part(const ppar_chunk *chunk, void *arg) {
  const call *all = arg;
  size_t *dimensions = all->scratch + (size_t)chunk->thread * all->row;
  char **args = (char **)(void *)(dimensions + all->dimension_count);
  dimensions[0] = (size_t)chunk->count;
  for (size_t d = 1; d < all->dimension_count; d++) dimensions[d] = all->dimensions[d];
  for (size_t a = 0; a < all->arg_count; a++) {
    args[a] = all->args[a] == NULL ? NULL : all->args[a] + (size_t)chunk->begin * all->steps[a];
  }
  const settings before = mine;
  mine = (settings){all->threads, chunk->thread, 0};
  all->function(args, dimensions, all->steps, all->data);
  mine = before;
}

static void run_alone(const call *all) {
  size_t *dimensions = (size_t *)(uintptr_t)all->dimensions; /* kernels only read them */
  const settings before = mine;
  mine = (settings){all->threads, 0, 0};
  all->function(all->args, dimensions, all->steps, all->data);
  mine = before;
}

/* inner_dimensions: those after the first one. */
KERNEL void ppk_numba_parallel_for(kernel *function, char **args, size_t *dimensions, size_t *steps, void *data,
                                   size_t inner_dimensions, size_t arg_count, intptr_t threads) {
  call all = {function, args, dimensions, steps, data, inner_dimensions + 1, arg_count, (int)threads, NULL, 0};
  const size_t count = dimensions[0];
  if (count == 0) return;
  if (count > 1 && threads > 1) {
    const size_t line = 128 / sizeof(size_t); /* rows share no cache line: ppar_alloc's distance */
    all.row = (all.dimension_count + arg_count + line - 1) / line * line;
    all.scratch = ppar_alloc((size_t)threads * all.row * sizeof(size_t));
  }
  if (all.scratch == NULL) { /* nothing to divide, or no memory for it */
    run_alone(&all);
    return;
  }
  /* As many divisions as threads: one each, the same in every run, so that sums have the same bits. More of them, as
   * elements are or what a chunk size asks for: whoever is free takes the next ones. */
  const int most = all.threads < PPAR_MAX_THREADS ? all.threads : PPAR_MAX_THREADS; /* Numba has no such limit */
  const ppar_options options = PPAR_OPTIONS_INIT(.threads = most, .name = "numba",
                                                 .schedule = count <= (size_t)threads ? ppar_static(1) : ppar_auto());
  if (ppar_parallel_for(0, (int64_t)count, run_part, &all, &options) != PPAR_OK) run_alone(&all);
  ppar_free(all.scratch);
}

/* ---- The division of a loop into boxes. starts and ends are inclusive, and so are a box's. */

typedef struct division {
  size_t dimensions;
  uint64_t *boxes; /* of each box the starts, then the ends */
} division;

static void put_nothing(const division *all, size_t box) {
  for (size_t d = 0; d < all->dimensions; d++) {
    all->boxes[box * 2 * all->dimensions + d] = 1;
    all->boxes[(box * 2 + 1) * all->dimensions + d] = 0;
  }
}

/* length * part / parts, without an overflow: part is at most parts, which is far below 2^32. */
static uint64_t share_of(uint64_t length, size_t part, size_t parts) {
  return length / parts * part + length % parts * part / parts;
}

/* The dimension to cut: the outermost one that has several iterations for each part, since what is inside of it then
 * stays whole, and its memory in one piece; else the longest. */
static size_t dimension_to_cut(const division *all, const uint64_t *starts, const uint64_t *ends, size_t parts) {
  size_t longest = 0;
  for (size_t d = 0; d < all->dimensions; d++) {
    if (ends[d] - starts[d] + 1 >= 8 * parts) return d;
    if (ends[d] - starts[d] > ends[longest] - starts[longest]) longest = d;
  }
  return longest;
}

/* Writes boxes first ... first + parts - 1, which cover starts ... ends, a box that is not empty. It cuts the box where
 * the first half of the parts has its share, and calls itself for both. The bounds are as before when it returns. */
static void divide(const division *all, uint64_t *starts, uint64_t *ends, size_t first, size_t parts) {
  const size_t cut = dimension_to_cut(all, starts, ends, parts);
  const uint64_t start = starts[cut], end = ends[cut], length = end - start + 1;
  if (parts == 1 || length == 1) {
    for (size_t d = 0; d < all->dimensions; d++) {
      all->boxes[first * 2 * all->dimensions + d] = starts[d];
      all->boxes[(first * 2 + 1) * all->dimensions + d] = ends[d];
    }
    for (size_t box = first + 1; box < first + parts; box++) put_nothing(all, box);
    return;
  }
  const size_t left = parts / 2;
  uint64_t before = share_of(length, left, parts);
  if (before == 0) before = 1;
  ends[cut] = start + before - 1;
  divide(all, starts, ends, first, left);
  ends[cut] = end;
  starts[cut] = start + before;
  divide(all, starts, ends, first + left, parts - left);
  starts[cut] = start;
}

/* starts and ends are Numba's, on the stack of the calling function, which needs them no more: they are cut to and
 * fro, and come back as they were. */
static void divide_all(size_t dimensions, uint64_t *starts, uint64_t *ends, size_t parts, uint64_t *boxes, bool empty) {
  const division all = {dimensions, boxes};
  if (!empty && parts > 0) {
    divide(&all, starts, ends, 0, parts);
    return;
  }
  for (size_t box = 0; box < parts; box++) put_nothing(&all, box);
}

KERNEL void *ppk_numba_do_scheduling_signed(size_t dimensions, int64_t *starts, int64_t *ends, size_t parts,
                                            int64_t *boxes, intptr_t debug) {
  (void)debug;
  bool empty = false;
  for (size_t d = 0; d < dimensions; d++) empty |= ends[d] < starts[d];
  divide_all(dimensions, (uint64_t *)starts, (uint64_t *)ends, parts, (uint64_t *)boxes, empty);
  return boxes;
}

/* An unsigned loop that ends at 0 has an inclusive end of -1: Numba does not tell these from others, so the bounds are
 * compared as signed here, too. */
KERNEL void *ppk_numba_do_scheduling_unsigned(size_t dimensions, uint64_t *starts, uint64_t *ends, size_t parts,
                                              uint64_t *boxes, intptr_t debug) {
  return ppk_numba_do_scheduling_signed(dimensions, (int64_t *)starts, (int64_t *)ends, parts, (int64_t *)boxes, debug);
}

/* How many boxes: one for each thread, or as many as the chunk size gives, if those are more. */
KERNEL size_t ppk_numba_get_sched_size(size_t threads, size_t dimensions, const int64_t *starts, const int64_t *ends) {
  if (mine.chunk_size == 0) return threads;
  uint64_t iterations = 1;
  for (size_t d = 0; d < dimensions; d++) {
    const uint64_t length = ends[d] < starts[d] ? 0 : (uint64_t)ends[d] - (uint64_t)starts[d] + 1;
    if (__builtin_mul_overflow(iterations, length, &iterations)) iterations = UINT64_MAX;
  }
  const uint64_t boxes = iterations / mine.chunk_size;
  return boxes > threads ? (size_t)boxes : threads;
}

/* Since Numba 0.57 the boxes are kept in memory of the layer's. */
KERNEL void *ppk_numba_allocate_sched(size_t words) { return ppar_alloc(words * sizeof(size_t)); }
KERNEL void ppk_numba_deallocate_sched(void *boxes) { ppar_free(boxes); }
