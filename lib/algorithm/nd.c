/* SPDX-License-Identifier: MIT */
/* nd.c: loops of two to six dimensions: a flat loop over a grid's cells, whose chunks reach the
 * body box by box. */
#include <ppar/loop_nd.h>

#include <ppar/status.h>

#include "schedule/boxes.h"
#include "settings/options.h"
#include "trace/serves.h"

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct nd_loop {
  pp_grid grid;
  ppar_body_nd *body;
  void *arg;
};

static inline ppar_bounds *along(ppar_tile *tile, int d) { return d < 3 ? &tile->dim[d] : &tile->more[d - 3]; }

/* The boxes of what is left of the walk. False: one of them cancelled, and those after it are skipped, as later chunks
 * are. */
static PPAR_ALWAYS_INLINE bool run_walk(int rank, pp_box_walk *walk, ppar_tile *tile, const struct nd_loop *loop) {
  const pp_grid *grid = &loop->grid;
  while (pp_box_walk_next(walk, grid)) {
    for (int d = 0; d < rank; d++) {
      const pp_edge edge = pp_box_edge(walk, grid, d);
      ppar_bounds *bounds = along(tile, d);
      bounds->begin = edge.begin;
      bounds->end = edge.end;
    }
    loop->body(tile, loop->arg);
    if (walk->left != 0 && ppar_is_canceled(tile->chunk)) return false;
  }
  return true;
}

/* A chunk, and those of its train that nobody else has taken when it comes to them: the walk goes on from one to the
 * next, where chunk by chunk it would begin with divisions each time. */
static PPAR_ALWAYS_INLINE void run_boxes(int rank, const ppar_chunk *first, const struct nd_loop *loop) {
  ppar_chunk chunk = *first; /* the one that bodies see */
  ppar_tile tile = {.dim[2] = {0, 1, 1}, .thread = chunk.thread, .chunk = &chunk};
  pp_box_walk walk = pp_box_walk_from(&loop->grid, rank, (uint64_t)chunk.begin - (uint64_t)INT64_MIN, chunk.count);
  ppar_run_ run = {.shared = NULL};
  if (chunk.train_ != NULL && chunk.train_->hop == 0) run = ppar_run_take_(&chunk);
  chunk.train_ = NULL;
  for (int d = 0; d < rank; d++) along(&tile, d)->step = loop->grid.axis[d].space.step;
  while (run_walk(rank, &walk, &tile, loop) && run.shared != NULL && ppar_run_goes_on_(&run)) {
    chunk.begin = chunk.end;
    chunk.end = ppar_index_add_(chunk.end, run.hop);
    chunk.first_ += chunk.count;
    walk.left = chunk.count;
  }
  if (run.shared != NULL) run.shared->shared = run.runs;
}

/* One for each rank, which is then a constant in it. */
static void run_boxes_2d(const ppar_chunk *chunk, void *loop) { run_boxes(2, chunk, loop); }
static void run_boxes_3d(const ppar_chunk *chunk, void *loop) { run_boxes(3, chunk, loop); }
static void run_boxes_4d(const ppar_chunk *chunk, void *loop) { run_boxes(4, chunk, loop); }
static void run_boxes_5d(const ppar_chunk *chunk, void *loop) { run_boxes(5, chunk, loop); }
static void run_boxes_6d(const ppar_chunk *chunk, void *loop) { run_boxes(6, chunk, loop); }

static ppar_body *const run_boxes_of[PP_DIMENSIONS_MOST + 1] = {NULL,         NULL,         run_boxes_2d, run_boxes_3d,
                                                                run_boxes_4d, run_boxes_5d, run_boxes_6d};

static int run_nd(pp_call call, int rank, const ppar_bounds *bounds, ppar_body_nd *body, void *arg,
                  const ppar_options *options) {
  static const char *const dimensions[] = {"bounds i", "bounds j", "bounds k", "bounds l", "bounds m", "bounds o"};
  struct nd_loop loop = {.body = body, .arg = arg};
  ppar_options room, flat;
  pp_space spaces[PP_DIMENSIONS_MOST];
  int64_t tile[PP_TILED_MOST];
  const void *serves;
  int status;
  if (body == NULL) return pp_refuse(call, PP_NOTHING_RUN, "body", PP_REFUSED_NULL, 0);
  if (pp_options_read(&options, &room, PP_TAKES_TILE, call) != PPAR_OK) return PPAR_EINVAL;
  flat = *options;
  for (int d = 0; d < PP_TILED_MOST; d++) {
    tile[d] = options->tile[d];
    flat.tile[d] = 0;
    if (tile[d] != 0 && d >= rank)
      return pp_refuse(call, PP_NOTHING_RUN, "options->tile[2]", PP_REFUSED_DIMENSION, tile[d]);
  }
  for (int d = 0; d < rank; d++) {
    if (!pp_space_make(&spaces[d], bounds[d].begin, bounds[d].end, bounds[d].step))
      return pp_refuse(call, PP_NOTHING_RUN, dimensions[d], PP_REFUSED_ZERO_STEP, 0);
  }
  if (!pp_grid_make(&loop.grid, rank, spaces, tile))
    return pp_refuse(call, PP_NOTHING_RUN, "bounds", PP_REFUSED_BOUNDS, 0);

  /* From INT64_MIN on, 2^64 - 1 cells have indices. The flat loop checks the other options, of an empty
   * grid too. */
  serves = pp_trace_serves(call.place);
  status =
      ppar_parallel_for(INT64_MIN, (int64_t)((uint64_t)INT64_MIN + loop.grid.cells), run_boxes_of[rank], &loop, &flat);
  pp_trace_served(serves);
  return status;
}

int ppar_parallel_for_2d(ppar_bounds i, ppar_bounds j, ppar_body_nd *body, void *arg, const ppar_options *options) {
  return run_nd(PP_CALL("ppar_parallel_for_2d"), 2, (const ppar_bounds[]){i, j}, body, arg, options);
}

int ppar_parallel_for_3d(ppar_bounds i, ppar_bounds j, ppar_bounds k, ppar_body_nd *body, void *arg,
                         const ppar_options *options) {
  return run_nd(PP_CALL("ppar_parallel_for_3d"), 3, (const ppar_bounds[]){i, j, k}, body, arg, options);
}

int ppar_parallel_for_nd(int dimensions, const ppar_bounds *bounds, ppar_body_nd *body, void *arg,
                         const ppar_options *options) {
  pp_call call = PP_CALL("ppar_parallel_for_nd");
  if (dimensions < 2 || dimensions > PP_DIMENSIONS_MOST)
    return pp_refuse(call, PP_NOTHING_RUN, "dimensions", PP_REFUSED_DIMENSIONS, dimensions);
  if (bounds == NULL) return pp_refuse(call, PP_NOTHING_RUN, "bounds", PP_REFUSED_NULL, 0);
  return run_nd(call, dimensions, bounds, body, arg, options);
}
