/* SPDX-License-Identifier: MIT */
/* prange.h: loops divided among the threads of a team (OpenMP's for), inside a region (team.h). */
#ifndef PPAR_PRANGE_H
#define PPAR_PRANGE_H

#include <ppar/base.h>
#include <ppar/loop.h>
#include <ppar/loop_nd.h>
#include <ppar/options.h>
#include <ppar/static_.h>

PPAR_BEGIN_DECLS

/* A thread's membership in a team (team.h). Valid on that thread alone, while its region runs. */
typedef struct ppar_team ppar_team;
PPAR_API int ppar_team_size(const ppar_team *team);

/* ppar_prange(team, i, begin, end, options): divides a loop among the threads of the team, by the options' schedule.
 * The loop is `for (i = begin; i < end; i++)`, or has options->step:
 *
 *     ppar_prange (team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_dynamic(16), .nowait = true)) { work(i); }
 *
 * A for statement with int64_t i: continue works; break ends the thread's part: its present chunk, and what it would
 * have taken afterwards, which other threads may run instead where the schedule shares. Leaving by return or goto is
 * not allowed, and neither is a prange inside of another one, or of sections: C compilers refuse it where they see
 * both. All threads wait at the end, unless options->nowait: threads may then run on into later pranges, any
 * number of them. The thread that runs an iteration is as for ppar_parallel_for; static schedules map iterations to
 * threads in the same way in every prange of the same bounds, so that nowait may rely on it.
 *
 * Of the options schedule, step, nowait, ordered and name count; an option out of range, as a failure of memory,
 * cancels the region (PPAR_EINVAL, PPAR_ENOMEM).
 * OpenMP: #pragma omp for schedule(...) nowait */
#define ppar_prange(team, i, from, past, ...)                                                                        \
  PPAR_PRANGE_(i, i##_piece_,                                                                                        \
               ppar_prange_begin_(&i##_cursor_, (team), (from), (past), (__VA_ARGS__), PPAR_EXTENT_((__VA_ARGS__)))) \
  for (int64_t i = i##_piece_.begin; i != i##_piece_.end_ || (i##_piece_.whole = true, false);                       \
       i = ppar_index_add_(i, i##_piece_.step))

/* Tells, inside a prange over i, whether this is the last iteration of the serial loop (not of the thread). Of a
 * collapsed prange i is the innermost index, and the last iteration that of all its loops.
 *
 *     ppar_prange (team, i, 0, n, NULL) { double x = f(i); if (ppar_is_last(i)) last = x; }
 *
 * OpenMP: lastprivate(x) */
#define ppar_is_last(i) (PPAR_ASSERT_INNERMOST_(i##_piece_), (i) == i##_piece_.last)

/* ppar_prange_2d(team, i, j, i_bounds, j_bounds, options), ppar_prange_3d(team, i, j, k, i_bounds, j_bounds, k_bounds,
 * options): divide loops in loops among the threads, collapsed into one; the innermost index runs fastest. i, j and k
 * take the bounds of PPAR_BOUNDS or PPAR_BOUNDS_STEP; options->step must be 0. break ends the thread's part. More than
 * 2^63 - 1 iterations in all, and steps of 0, cancel the region with PPAR_EINVAL.
 * OpenMP: #pragma omp for collapse(2), collapse(3) */
#define ppar_prange_2d(team, i, j, i_bounds, j_bounds, ...)                                                 \
  PPAR_PRANGE_ND_(team, 2, j, ppar_grid_make_(2, (i_bounds), (j_bounds), PPAR_BOUNDS(0, 1)), (__VA_ARGS__), \
                  PPAR_OUTER_(i))                                                                           \
  for (int64_t i PPAR_UNUSED_ = j##_piece_.at_[0], j = j##_piece_.at_[1],                                   \
                 j##_left_ = PPAR_CAST_(int64_t, j##_piece_.count);                                         \
       PPAR_ROW_GOES_ON_(j); j = ppar_index_add_(j, j##_piece_.step), j##_left_--)
#define ppar_prange_3d(team, i, j, k, i_bounds, j_bounds, k_bounds, ...)                                             \
  PPAR_PRANGE_ND_(team, 3, k, ppar_grid_make_(3, (i_bounds), (j_bounds), (k_bounds)), (__VA_ARGS__), PPAR_OUTER_(i), \
                  PPAR_OUTER_(j))                                                                                    \
  for (int64_t i PPAR_UNUSED_ = k##_piece_.at_[0], j PPAR_UNUSED_ = k##_piece_.at_[1], k = k##_piece_.at_[2],        \
                 k##_left_ = PPAR_CAST_(int64_t, k##_piece_.count);                                                  \
       PPAR_ROW_GOES_ON_(k); k = ppar_index_add_(k, k##_piece_.step), k##_left_--)

/* Begin and end the part of iteration i that runs in the order of the serial loop. Between the two calls no other
 * iteration of the innermost prange is between its own. Every iteration must come here once; with options->ordered
 * iterations may leave it out. i is the prange's index. Not for collapsed pranges. No iteration may wait for a later
 * one, whatever the schedule: who has run an iteration waits for the turns before it. A thread that waits for its turn
 * may meanwhile run chunks of loops that are begun between begin and end by whoever has the turn, and of no others. On
 * a thread that knows that its region is cancelled both do nothing. OpenMP: #pragma omp ordered */
PPAR_API void ppar_ordered_begin(ppar_team *team, int64_t i);
PPAR_API void ppar_ordered_end(ppar_team *team, int64_t i);

/* What follows serves the macros. Programs are compiled with ppar_part_, ppar_cursor_ and ppar_team_head_ as they
 * are here, and share objects of them with whichever release of the library they run on: these three never change
 * (docs/abi.md). */

/* A run of iterations of one thread. */
typedef struct ppar_part_ {
  int64_t begin;
  uint64_t count; /* 0: there is no more; count * step, the loop's or the hop, is not 0 modulo 2^64 */
} ppar_part_;

/* One prange on one thread. */
typedef struct ppar_cursor_ {
  ppar_team *team; /* NULL: none; in a team of one what is left is the rest */
  ppar_part_ left;
  int64_t step;
  bool open;
  bool more;     /* after the present part there may be another one */
  bool by_macro; /* the library has not opened it ... */
  bool nowait;   /* ... and there is no barrier at its end */
} ppar_cursor_;

/* What macros know of a team: a ppar_team * points to this, and what comes after it is the library's own. */
typedef struct ppar_team_head_ {
  /* The library writes these, and macros read them. */
  uint32_t thread, size;    /* the thread's number, and T */
  const uint32_t *canceled; /* not 0: the region was cancelled */
  uint32_t by_macro;        /* how macros may open static pranges without the library: bits (PPAR_BY_MACRO_) */

  /* A macro that opens a prange writes these, and the library reads them at the prange's ordered parts and later. */
  bool closed_before;       /* the prange before, if any, had a closing barrier */
  uint64_t pranges;         /* met in the region */
  int64_t begin, end, step; /* of the latest one that a macro opened */
  int64_t chunk;            /* of its schedule: 0 or 1 */
} ppar_team_head_;

/* The way of this header's macros. Later headers may have further ones. A library opens all pranges of macros whose
 * bit it does not set: under PPAR_CHECK=1 it sets none, since the checks follow the pranges. */
#define PPAR_BY_MACRO_ UINT32_C(1)

/* options of a collapsed prange have no step; cells is then -1 where the bounds are refused. */
PPAR_API void ppar_prange_open_(ppar_cursor_ *cursor, ppar_team *team, int64_t begin, int64_t end,
                                const ppar_options *options);
PPAR_API void ppar_prange_open_cells_(ppar_cursor_ *cursor, ppar_team *team, int64_t cells,
                                      const ppar_options *options);
PPAR_API ppar_part_ ppar_prange_next_(ppar_cursor_ *cursor);
PPAR_API void ppar_prange_end_(ppar_cursor_ *cursor);

/* The closing barrier of a prange that a macro opened. */
PPAR_API void ppar_prange_meet_(ppar_team *team);

/* Unlike the cursor it never escapes to the library, so that compilers keep it in registers and vectorise the loop. */
typedef struct ppar_piece_ {
  int64_t begin, end_, step; /* end_ is begin + count * step; not `past`, which is the macro's own word */
  int64_t last;              /* the loop's last index */
  uint64_t count;
  bool whole;         /* the loop over it ran to its end: not left by break */
  ppar_train_ *train; /* chunks follow that the thread begins here and now; NULL: none do */
  uint64_t shared;    /* the train's, and its unit, until it is left */
  uint32_t unit;
} ppar_piece_;

static inline void ppar_piece_set_(ppar_piece_ *piece, ppar_part_ part) {
  piece->begin = part.begin;
  piece->end_ = (int64_t)((uint64_t)part.begin + part.count * (uint64_t)piece->step);
  piece->count = part.count;
  piece->whole = false;
}

/* The last index of a loop that has one. */
static inline int64_t ppar_last_index_(int64_t begin, int64_t end, int64_t step) {
  const uint64_t up = (uint64_t)end - (uint64_t)begin, size = (uint64_t)step;
  if (step > 0) return (int64_t)((uint64_t)begin + (up - 1) / size * size);
  return (int64_t)((uint64_t)begin - (0 - up - 1) / (0 - size) * (0 - size));
}

static inline ppar_team_head_ *ppar_team_head_of_(ppar_team *team) { return (ppar_team_head_ *)(void *)team; }

/* Under static,1 a thread's iterations are one piece, with the other threads' between them. */
static inline int64_t ppar_prange_hop_(ppar_team *team, int64_t step, const ppar_options *options) {
  if (options == NULL || options->schedule.kind != PPAR_SCHEDULE_STATIC) return step;
  if (options->schedule.chunk != 1 || options->ordered) return step;
  const uint32_t threads = team != NULL ? ppar_team_head_of_(team)->size : (uint32_t)ppar_team_size(NULL);
  return ppar_static_hop_(step, threads);
}

/* Static pranges of blocks or single iterations, and of sizes that 32 bits hold: arithmetic that compilers may as
 * well do on the spot, as OpenMP's do, and hoist out of the loops around it. Others are the library's. */
static PPAR_ALWAYS_INLINE bool ppar_prange_is_plain_(ppar_team *team, int64_t step, const ppar_options *options) {
  if (team == NULL || options == NULL || options->schedule.kind != PPAR_SCHEDULE_STATIC) return false;
  if (!ppar_options_are_whole_(options)) return false; /* another header's: the library knows what to make of them */
  if (options->schedule.chunk < 0 || options->schedule.chunk > 1 || options->schedule.order != PPAR_ORDER_DEFAULT)
    return false;
  if (options->ordered || options->threads != 0 || (options->tile[0] | options->tile[1] | options->tile[2]) != 0)
    return false;
  return step >= INT32_MIN && step <= INT32_MAX && (ppar_team_head_of_(team)->by_macro & PPAR_BY_MACRO_) != 0;
}

/* Opens one for the thread: *piece becomes its only one. False: it is too large. */
static PPAR_ALWAYS_INLINE bool ppar_prange_take_(ppar_piece_ *piece, ppar_cursor_ *cursor, ppar_team *team,
                                                 ppar_bounds bounds, const ppar_options *options) {
  ppar_team_head_ *const head = ppar_team_head_of_(team);
  const uint64_t whole = ppar_bounds_count(bounds);
  const uint32_t thread = head->thread, size = head->size, count = (uint32_t)whole;
  ppar_part_ part = {0, 0};
  uint32_t first = thread, mine;
  if (whole > UINT32_MAX) return false;
  if (options->schedule.chunk == 0) {
    const ppar_block_32_ block = ppar_static_block_32_(ppar_static_cut_32_(count, size), thread);
    first = block.first;
    mine = block.count;
  } else {
    mine = ppar_static_dealt_32_(count, size, thread);
  }
  head->pranges++;
  head->closed_before = !options->nowait;
  head->begin = bounds.begin;
  head->end = bounds.end;
  head->step = bounds.step;
  head->chunk = options->schedule.chunk;
  cursor->team = team;
  cursor->more = false;
  cursor->by_macro = true;
  cursor->nowait = options->nowait;
  if (__atomic_load_n(head->canceled, __ATOMIC_ACQUIRE) != 0) mine = 0;
  part.begin = (int64_t)((uint64_t)bounds.begin + (uint64_t)first * (uint64_t)bounds.step);
  part.count = mine;
  ppar_piece_set_(piece, part);
  return true;
}

/* How long the compiler knows an object to be, SIZE_MAX where it does not. Clang knows it where a macro is written,
 * gcc after inlining too. */
#define PPAR_EXTENT_(object) __builtin_object_size((object), 0)

/* Options are mostly written on the spot. Compilers see through them as long as their address goes nowhere, and then
 * what is constant in them takes neither memory nor a branch: so the library gets the address of a copy. It is made
 * member by member, since gcc makes the options in memory for a copy of the whole, which takes 18 ns. The library gets
 * the address of the options themselves where they are of another header, and so shorter or longer than a copy made
 * here. An object that the compiler knows to be just as long as a copy cannot be one of those; asking for its size all
 * the same would cost the benefit, since compilers look at the branch before they know what the size is. */
PPAR_STATIC_ASSERT_(sizeof(ppar_options) == PPAR_OPTIONS_FIRST_, "ppar_prange_ask_ copies every field of ppar_options");
static PPAR_ALWAYS_INLINE void ppar_prange_ask_(ppar_cursor_ *cursor, ppar_team *team, int64_t begin, int64_t end,
                                                const ppar_options *options, size_t extent) {
  const bool is_ours = extent == sizeof *options || PPAR_EXTENT_(options) == sizeof *options;
  if (options == NULL) {
    ppar_prange_open_(cursor, team, begin, end, NULL);
  } else if (!is_ours && !ppar_options_are_whole_(options)) {
    ppar_prange_open_(cursor, team, begin, end, options);
  } else {
    ppar_options copy;
    copy.size = options->size;
    copy.schedule.kind = options->schedule.kind;
    copy.schedule.order = options->schedule.order;
    copy.schedule.chunk = options->schedule.chunk;
    copy.threads = options->threads;
    copy.reproducible = options->reproducible;
    copy.nowait = options->nowait;
    copy.ordered = options->ordered;
    copy.pool = options->pool;
    copy.step = options->step;
    copy.name = options->name;
    for (int d = 0; d < 3; d++) copy.tile[d] = options->tile[d];
    ppar_prange_open_(cursor, team, begin, end, &copy);
  }
}

/* The library's next piece. Of its train the library tells in what it does not need of a cursor that it has opened
 * itself for a team of several threads: in nowait that there is one, and in left where. */
static PPAR_ALWAYS_INLINE void ppar_piece_get_(ppar_piece_ *piece, ppar_cursor_ *cursor) {
  ppar_piece_set_(piece, ppar_prange_next_(cursor));
  if (!cursor->nowait) return;
  piece->train = (ppar_train_ *)(uintptr_t)cursor->left.begin;
  piece->shared = piece->train->shared;
  piece->unit = piece->train->unit;
}

static PPAR_ALWAYS_INLINE ppar_piece_ ppar_prange_begin_(ppar_cursor_ *cursor, ppar_team *team, int64_t begin,
                                                         int64_t end, const ppar_options *options, size_t extent) {
  const int64_t step = options != NULL && options->step != 0 ? options->step : 1;
  const int64_t hop = ppar_prange_hop_(team, step, options), last = ppar_last_index_(begin, end, step);
  ppar_piece_ piece = {0, 0, hop, last, 0, false, NULL, 0, 0};
  const ppar_bounds bounds = {begin, end, step};
  if (ppar_prange_is_plain_(team, step, options) && ppar_prange_take_(&piece, cursor, team, bounds, options))
    return piece;
  ppar_prange_ask_(cursor, team, begin, end, options, extent);
  ppar_piece_get_(&piece, cursor);
  return piece;
}

/* Whether a chunk follows the piece that the thread begins here and now; *piece then becomes that. */
static PPAR_ALWAYS_INLINE bool ppar_prange_goes_on_(ppar_piece_ *piece, ppar_cursor_ *cursor) {
  if (piece->shared == 0) return false;
  if (__atomic_load_n(ppar_team_head_of_(cursor->team)->canceled, __ATOMIC_RELAXED) != 0) return false;
  __atomic_store_n(piece->train->begun, ++piece->unit, __ATOMIC_RELAXED); /* see ppar_run_goes_on_ */
  if (__atomic_load_n(piece->train->alert, __ATOMIC_RELAXED) != 0) return false;
  piece->shared--;
  piece->begin = ppar_index_add_(piece->begin, piece->train->distance);
  piece->end_ = ppar_index_add_(piece->end_, piece->train->distance);
  piece->whole = false;
  return true;
}

static PPAR_ALWAYS_INLINE void ppar_piece_step_(ppar_piece_ *piece, ppar_cursor_ *cursor) {
  const ppar_part_ none = {0, 0};
  if (PPAR_SELDOM_(piece->whole && cursor->more)) {
    if (ppar_prange_goes_on_(piece, cursor)) return;
    if (piece->train != NULL) piece->train->shared = piece->shared;
    ppar_piece_get_(piece, cursor);
    return;
  }
  if (PPAR_SELDOM_(piece->train != NULL)) piece->train->shared = piece->shared;
  ppar_piece_set_(piece, none);
}

static PPAR_ALWAYS_INLINE void ppar_prange_close_(ppar_cursor_ *cursor) {
  if (!cursor->by_macro) {
    ppar_prange_end_(cursor);
  } else {
    cursor->open = false;
    if (!cursor->nowait) ppar_prange_meet_(cursor->team);
  }
}

static inline ppar_cursor_ ppar_cursor_new_(void) {
  ppar_cursor_ cursor = {NULL, {0, 0}, 1, true, true, false, false};
  return cursor;
}

/* A prange's cursor and its present piece. */
#define PPAR_PRANGE_(i, piece, first_piece)                                                                        \
  for (ppar_cursor_ i##_cursor_ = (PPAR_ASSERT_NOT_INSIDE_, ppar_cursor_new_())PPAR_AND_INSIDE_; i##_cursor_.open; \
       ppar_prange_close_(&i##_cursor_))                                                                           \
    for (ppar_piece_ piece = first_piece; piece.count != 0; ppar_piece_step_(&piece, &i##_cursor_))

/* Up to three dimensions as one line of cells. */
typedef struct ppar_grid_ {
  ppar_bounds dim[3];
  uint64_t count[3]; /* of each dimension; 1 for one that is not there */
  int64_t cells;     /* -1: not a grid */
} ppar_grid_;

static inline ppar_grid_ ppar_grid_make_(int rank, ppar_bounds i, ppar_bounds j, ppar_bounds k) {
  ppar_grid_ grid = {{i, j, k}, {1, 1, 1}, 1};
  bool fits = true;
  for (int d = 0; d < rank; d++) {
    fits = fits && grid.dim[d].step != 0;
    grid.count[d] = grid.dim[d].step != 0 ? ppar_bounds_count(grid.dim[d]) : 0;
  }
  if (fits && (grid.count[0] == 0 || grid.count[1] == 0 || grid.count[2] == 0)) {
    grid.cells = 0;
    return grid;
  }
  for (int d = 0; d < rank && fits; d++) {
    fits = grid.count[d] <= (uint64_t)(INT64_MAX / grid.cells);
    if (fits) grid.cells *= (int64_t)grid.count[d];
  }
  if (!fits) grid.cells = -1;
  return grid;
}

/* Part of an innermost row. */
typedef struct ppar_row_ {
  int64_t at_[3]; /* the first indices; not i, j, k, which are the macros' own words */
  int64_t step;
  uint64_t count;    /* 0: the piece is done */
  uint64_t at, left; /* cells: the row's first, and how many of the piece come after it */
  int64_t last;      /* the loop's last innermost index, if it is in this part; else one that is not */
  bool whole;        /* as in ppar_piece_ */
} ppar_row_;

/* Where the part is not the loop's last: the index after it for a step of 1 or -1, and for others the next but one to
 * the first, which is between two indices. */
static inline int64_t ppar_row_last_(int64_t first, uint64_t count, int64_t step, bool is_last) {
  if (is_last) count--;
  if (is_last || step == 1 || step == -1) return ppar_index_add_(first, (int64_t)(count * (uint64_t)step));
  return ppar_index_add_(first, 1);
}

static inline ppar_row_ ppar_row_at_(const ppar_grid_ *grid, int rank, uint64_t at, uint64_t left) {
  const uint64_t length = grid->count[rank - 1];
  ppar_row_ row = {{0, 0, 0}, grid->dim[rank - 1].step, 0, at, 0, 0, false};
  uint64_t index[3] = {0, 0, 0}, line = at;
  if (left == 0) return row;
  for (int d = rank - 1; d >= 0; d--) {
    index[d] = line % grid->count[d];
    line /= grid->count[d];
  }
  row.count = length - index[rank - 1] < left ? length - index[rank - 1] : left;
  row.left = left - row.count;
  row.at_[0] = ppar_index_add_(grid->dim[0].begin, (int64_t)(index[0] * (uint64_t)grid->dim[0].step));
  row.at_[1] = ppar_index_add_(grid->dim[1].begin, (int64_t)(index[1] * (uint64_t)grid->dim[1].step));
  row.at_[2] = ppar_index_add_(grid->dim[2].begin, (int64_t)(index[2] * (uint64_t)grid->dim[2].step));
  row.last = ppar_row_last_(row.at_[rank - 1], row.count, row.step, at + row.count == (uint64_t)grid->cells);
  return row;
}

static inline void ppar_row_step_(ppar_row_ *row, const ppar_grid_ *grid, int rank) {
  const bool whole = row->whole;
  *row = ppar_row_at_(grid, rank, row->at + row->count, whole ? row->left : 0);
  if (row->count == 0) row->whole = whole; /* for the piece */
}

static PPAR_ALWAYS_INLINE ppar_piece_ ppar_prange_over_(ppar_cursor_ *cursor, ppar_team *team, const ppar_grid_ *grid,
                                                        const ppar_options *options) {
  const ppar_bounds cells = {0, grid->cells, 1};
  ppar_piece_ piece = {0, 0, 1, grid->cells - 1, 0, false, NULL, 0, 0}; /* rows: no strided pieces of cells */
  if (ppar_prange_is_plain_(team, 1, options) && options->schedule.chunk == 0 && options->step == 0 &&
      grid->cells >= 0 && ppar_prange_take_(&piece, cursor, team, cells, options))
    return piece;
  ppar_prange_open_cells_(cursor, team, grid->cells, options);
  ppar_piece_get_(&piece, cursor);
  return piece;
}

/* Named by the innermost index, as are its row and what the row is a part of. The others are given as ppar_is_last
 * finds them. */
#define PPAR_PRANGE_ND_(team, rank, j, grid, options, ...)                                           \
  for (ppar_grid_ j##_grid_ = grid, *j##_once_ = &j##_grid_, __VA_ARGS__; j##_once_ != PPAR_NULL_;   \
       j##_once_ = PPAR_NULL_)                                                                       \
    PPAR_PRANGE_(j, j##_cells_, ppar_prange_over_(&j##_cursor_, (team), &j##_grid_, options))        \
  for (ppar_row_ j##_piece_ =                                                                        \
           ppar_row_at_(&j##_grid_, rank, PPAR_CAST_(uint64_t, j##_cells_.begin), j##_cells_.count); \
       j##_piece_.count != 0 || (j##_cells_.whole = j##_piece_.whole, false);                        \
       ppar_row_step_(&j##_piece_, &j##_grid_, rank))

#define PPAR_OUTER_(i) *i##_piece_ PPAR_UNUSED_ = PPAR_NULL_

#define PPAR_ROW_GOES_ON_(j) j##_left_ != 0 || (j##_piece_.whole = true, false)

#ifndef __cplusplus
#define PPAR_ASSERT_INNERMOST_(piece)                                                \
  PPAR_ASSERT_(PPAR_IS_TYPE_(piece, ppar_piece_) || PPAR_IS_TYPE_(piece, ppar_row_), \
               "ppar_is_last: takes the innermost index of a collapsed prange")
#else
#define PPAR_ASSERT_INNERMOST_(piece) ((void)0)
#endif

PPAR_END_DECLS

#endif
