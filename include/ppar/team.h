/* SPDX-License-Identifier: MIT */
/* team.h: regions: one function run by a team of threads (OpenMP's parallel), and what a team does together in it.
 *
 *     struct smooth { double *x, *y; int64_t n; };
 *
 *     static void smooth(ppar_team *team, void *arg) {
 *       struct smooth *s = arg;
 *       ppar_prange (team, i, 1, s->n - 1, NULL) { s->y[i] = (s->x[i - 1] + s->x[i] + s->x[i + 1]) / 3; }
 *       ppar_prange (team, i, 1, s->n - 1, NULL) { s->x[i] = s->y[i]; }
 *     }
 *
 *     ppar_parallel(smooth, &s, NULL);
 *
 * equals the two loops one after the other. The prange, single, sections, barrier, reductions and scans below are
 * worksharing constructs: all threads of the team must come to them, in the same order and with the same arguments.
 * They take the team that the region was given; NULL stands for the team of the calling thread's innermost region.
 * Outside of regions, and with NULL in the body of a loop or a task, a construct acts on a team of one (OpenMP's orphaned
 * constructs). In debug builds of the library, worksharing that some threads do not meet, a prange whose bounds
 * differ among the threads, a barrier inside a prange, and leaving a prange by return end the program with a line
 * that names the construct and the thread. */
#ifndef PPAR_TEAM_H
#define PPAR_TEAM_H

#include <ppar/base.h>
#include <ppar/loop_nd.h>
#include <ppar/options.h>
#include <ppar/reduce.h>

PPAR_BEGIN_DECLS

/* One thread's membership in a team. Valid on that thread alone, while its region runs. */
typedef struct ppar_team ppar_team;

/* What every thread of a team runs. */
typedef void ppar_region(ppar_team *team, void *arg);

/* Runs region(team, arg) on T threads at the same time, the caller being thread 0; returns when all have returned. Equals
 * the serial call for T = 1. The threads are real: they may wait for each other, also where T exceeds the CPUs. Thread i is
 * the same system thread from one region to the caller's next of the same size; threads beyond the pool's own are started
 * when first needed and kept.
 *
 * Of the options, threads, pool and name count. T is options->threads, else as for loops; at most the thread limit
 * (PPAR_THREAD_LIMIT). With PPAR_DYNAMIC=true T is at most the CPUs that other regions leave free. A region inside
 * PPAR_MAX_ACTIVE_LEVELS regions or loops of more than one thread (default 1, or no limit where PPAR_NUM_THREADS or PPAR_PROC_BIND is a list) has a team of one, as OpenMP's have. Where
 * the system refuses threads the team is smaller. ppar_team_size says what it came to.
 *
 * Returns PPAR_OK; PPAR_EINVAL for a NULL region or an option out of range, nothing run; or the status that the region was
 * cancelled with (ppar_cancel_region). Writes before the call are seen by all threads, and theirs by the caller afterwards.
 * The threads run with the caller's floating-point control state; errno stays as it was. Any thread may call it at any
 * time, from bodies, tasks and other regions too.
 *
 * OpenMP: #pragma omp parallel num_threads(options->threads) */
PPAR_API int ppar_parallel(ppar_region *region, void *arg, const ppar_options *options);

/* The thread's number, 0 ... T-1, and T. OpenMP: omp_get_thread_num, omp_get_num_threads. */
PPAR_API int ppar_team_thread(const ppar_team *team);
PPAR_API int ppar_team_size(const ppar_team *team);

/* The team of the innermost region that the calling thread runs; NULL outside, and in bodies of loops and tasks. */
PPAR_API ppar_team *ppar_team_current(void);

/* How many regions and loops of more than one thread the caller is inside of. OpenMP: omp_get_active_level. */
PPAR_API int ppar_active_level(void);

/* Waits until all threads of the team have come. What they wrote before is seen by all afterwards.
 * OpenMP: #pragma omp barrier */
PPAR_API void ppar_barrier(ppar_team *team);

/* Cancels the region: barriers and the other constructs that wait let go at once, and wait no more; pranges hand out nothing
 * further. Threads go on until they return, and should look at ppar_region_is_canceled after what may have been let go. ppar_parallel
 * returns the status of the lowest-numbered thread that cancelled (0 counts as PPAR_ECANCELED).
 * OpenMP: #pragma omp cancel parallel; cancellation point parallel */
PPAR_API void ppar_cancel_region(ppar_team *team, int status);
PPAR_API bool ppar_region_is_canceled(const ppar_team *team);

/* True on thread 0 (on thread `thread`) alone. No barrier. OpenMP: #pragma omp master, masked filter(thread) */
PPAR_API bool ppar_master(ppar_team *team);
PPAR_API bool ppar_masked(ppar_team *team, int thread);

/* True on the first thread that comes, false on the others, which do not wait:
 *
 *     if (ppar_single(team)) read_input(&input);
 *     ppar_barrier(team);
 *
 * OpenMP: #pragma omp single nowait */
PPAR_API bool ppar_single(ppar_team *team);

/* After a single: gives the value of the thread that had it to all, and waits as a barrier does:
 *
 *     double tolerance;
 *     if (ppar_single(team)) tolerance = read_tolerance();
 *     ppar_copyprivate(team, &tolerance, sizeof tolerance);
 *
 * OpenMP: #pragma omp single copyprivate(tolerance) */
PPAR_API void ppar_copyprivate(ppar_team *team, void *value, size_t size);

/* One thread at a time, of the whole process, is between begin and end of the same name. NULL is a name of its own, for
 * sections that need none. Names are compared as texts; different names never wait for each other. Not recursive.
 * OpenMP: #pragma omp critical(name) */
PPAR_API void ppar_critical_begin(ppar_team *team, const char *name);
PPAR_API void ppar_critical_end(ppar_team *team, const char *name);

/* Sections: each is run by one thread, whichever comes first to it.
 *
 *     ppar_sections (team) {
 *       ppar_section { read_left(); }
 *       ppar_section { read_right(); }
 *     }
 *
 * Waits at the end as a barrier does, ppar_sections_nowait does not. break, inside a section too, leaves the construct: the
 * thread runs no further section.
 * OpenMP: #pragma omp sections, section */
#define ppar_sections(team) PPAR_SECTIONS_(team, false)
#define ppar_sections_nowait(team) PPAR_SECTIONS_(team, true)
#define ppar_section if (ppar_sections_here_(&ppar_sections_))

/* ppar_prange(team, i, begin, end, options): the loop `for (i = begin; i < end; i++)`, or with options->step, divided among the threads of the team by the
 * options' schedule:
 *
 *     ppar_prange (team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_dynamic(16), .nowait = true)) { work(i); }
 *
 * A for statement with int64_t i: continue works; break ends the thread's part: its present chunk, and what it would have
 * taken afterwards, which other threads may run instead where the schedule shares. Leaving by return or goto is not
 * allowed. All threads wait at the end, unless options->nowait: threads may then run on into later pranges, any number of
 * them. The thread that runs an iteration is as for ppar_parallel_for; static schedules map iterations to threads in the
 * same way in every prange of the same bounds, so that nowait may rely on it.
 *
 * Of the options schedule, step, nowait, ordered and name count; a schedule or step out of range, as a failure of memory,
 * cancels the region (PPAR_EINVAL, PPAR_ENOMEM). Do not name the index ppar_sections_.
 * OpenMP: #pragma omp for schedule(...) nowait */
#define ppar_prange(team, i, from, past, options)                                              \
  PPAR_PRANGE_(i, ppar_prange_begin_(&i##_cursor_, (team), (from), (past), (options)))         \
  for (int64_t i = i##_piece_.begin; i != i##_piece_.end_ || (i##_piece_.whole = true, false); \
       i = ppar_index_add_(i, i##_piece_.step))

/* Inside a prange over i: whether this is the last iteration of the serial loop (not of the thread).
 *
 *     ppar_prange (team, i, 0, n, NULL) { double x = f(i); if (ppar_is_last(i)) last = x; }
 *
 * Not for collapsed pranges. OpenMP: lastprivate(x) */
#define ppar_is_last(i) ((i) == i##_piece_.last)

/* Loops in loops, collapsed into one that is divided among the threads; the innermost index runs fastest. i and j
 * take the bounds of PPAR_BOUNDS or PPAR_BOUNDS_STEP; options->step must be 0. break ends the thread's part. More than
 * 2^63 - 1 iterations in all, and steps of 0, cancel the region with PPAR_EINVAL.
 * OpenMP: #pragma omp for collapse(2), collapse(3) */
#define ppar_prange_2d(team, i, j, i_bounds, j_bounds, options)                                                        \
  PPAR_PRANGE_ND_(team, 2, j, ppar_grid_make_(2, (i_bounds), (j_bounds), PPAR_BOUNDS(0, 1)), options)                  \
  for (int64_t i PPAR_UNUSED_ = j##_row_.i, j = j##_row_.j, j##_left_ = (int64_t)j##_row_.count; PPAR_ROW_GOES_ON_(j); \
       j = ppar_index_add_(j, j##_row_.step), j##_left_--)
#define ppar_prange_3d(team, i, j, k, i_bounds, j_bounds, k_bounds, options)                   \
  PPAR_PRANGE_ND_(team, 3, k, ppar_grid_make_(3, (i_bounds), (j_bounds), (k_bounds)), options) \
  for (int64_t i PPAR_UNUSED_ = k##_row_.i, j PPAR_UNUSED_ = k##_row_.j, k = k##_row_.k,       \
                 k##_left_ = (int64_t)k##_row_.count;                                          \
       PPAR_ROW_GOES_ON_(k); k = ppar_index_add_(k, k##_row_.step), k##_left_--)

/* Between begin and end of iteration i no other iteration of the innermost prange is, and iterations come in the order of the
 * serial loop. Every iteration must come here once; with options->ordered iterations may leave it out.
 * i is the prange's index. Not for collapsed pranges.
 * OpenMP: #pragma omp ordered */
PPAR_API void ppar_ordered_begin(ppar_team *team, int64_t i);
PPAR_API void ppar_ordered_end(ppar_team *team, int64_t i);

/* Combines the threads' values *mine in thread order and folds the outcome into *result, on every thread; waits as a barrier
 * does. result may be the same variable for all threads or one each: a shared one is folded into once, and its value seen by
 * all afterwards. *mine is as it was; mine may be result where each thread has its own, which then holds what it had, combined
 * with all. NULL or an invalid reduction cancels the region with PPAR_EINVAL, lack of memory with PPAR_ENOMEM.
 * The bits are the same in every run with the same T.
 * OpenMP: the reduction clause of a worksharing construct; MPI_Allreduce. */
PPAR_API void ppar_team_reduce(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);

/* Prefixes over the threads: *result on thread t becomes what *mine of threads 0 ... t (exscan: 0 ... t-1; the identity on
 * thread 0) combine to, in thread order. result is each thread's own and may be mine. Waits as a barrier does. Errors as above.
 * MPI_Scan, MPI_Exscan. */
PPAR_API void ppar_team_scan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);
PPAR_API void ppar_team_exscan(ppar_team *team, const void *mine, void *result, const ppar_reduction *reduction);

/* What follows serves the macros. */

/* A run of iterations of one thread. */
typedef struct ppar_part_ {
  int64_t begin;
  uint64_t count; /* 0: there is no more; count * step, the loop's or the hop, is not 0 modulo 2^64 */
} ppar_part_;

/* The library's, of one prange on one thread. */
typedef struct ppar_cursor_ {
  ppar_team *team; /* NULL: a team of one, and what is left is the rest */
  ppar_part_ left;
  int64_t step;
  bool open;
  bool more; /* after the present part there may be another one */
} ppar_cursor_;

/* options of a collapsed prange have no step; cells is then -1 where the bounds are refused. */
PPAR_API void ppar_prange_open_(ppar_cursor_ *cursor, ppar_team *team, int64_t begin, int64_t end,
                                const ppar_options *options);
PPAR_API void ppar_prange_open_cells_(ppar_cursor_ *cursor, ppar_team *team, int64_t cells,
                                      const ppar_options *options);
PPAR_API ppar_part_ ppar_prange_next_(ppar_cursor_ *cursor);
PPAR_API void ppar_prange_end_(ppar_cursor_ *cursor);

/* Unlike the cursor it never escapes to the library, so that compilers keep it in registers and vectorise the loop. */
typedef struct ppar_piece_ {
  int64_t begin, end_, step; /* end_ is begin + count * step; not `past`, which is the macro's own word */
  int64_t last;              /* the loop's last index */
  uint64_t count;
  bool whole; /* the loop over it ran to its end: not left by break */
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

static inline ppar_piece_ ppar_piece_first_(ppar_cursor_ *cursor, int64_t step, int64_t last) {
  ppar_piece_ piece = {0, 0, step, last, 0, false};
  ppar_piece_set_(&piece, ppar_prange_next_(cursor));
  return piece;
}

/* Under static,1 a thread's iterations are one piece, with the other threads' between them. */
static inline int64_t ppar_prange_hop_(const ppar_team *team, int64_t step, const ppar_options *options) {
  if (options == NULL || options->schedule.kind != PPAR_SCHEDULE_STATIC) return step;
  if (options->schedule.chunk != 1 || options->ordered) return step;
  const int64_t hop = (int64_t)((uint64_t)step * (uint64_t)ppar_team_size(team));
  return hop != 0 ? hop : step; /* 0 modulo 2^64: a thread has one iteration at most */
}

static inline ppar_piece_ ppar_prange_begin_(ppar_cursor_ *cursor, ppar_team *team, int64_t begin, int64_t end,
                                             const ppar_options *options) {
  const int64_t step = options != NULL && options->step != 0 ? options->step : 1;
  const int64_t hop = ppar_prange_hop_(team, step, options);
  ppar_prange_open_(cursor, team, begin, end, options);
  return ppar_piece_first_(cursor, hop, ppar_last_index_(begin, end, step));
}

static inline void ppar_piece_step_(ppar_piece_ *piece, ppar_cursor_ *cursor) {
  ppar_part_ part = {0, 0};
  if (PPAR_SELDOM_(piece->whole && cursor->more)) part = ppar_prange_next_(cursor);
  ppar_piece_set_(piece, part);
}

static inline ppar_cursor_ ppar_cursor_new_(void) {
  ppar_cursor_ cursor = {NULL, {0, 0}, 1, true, true};
  return cursor;
}

#define PPAR_PRANGE_(i, first_piece)                                                                    \
  for (ppar_cursor_ i##_cursor_ = ppar_cursor_new_(); i##_cursor_.open; ppar_prange_end_(&i##_cursor_)) \
    for (ppar_piece_ i##_piece_ = first_piece; i##_piece_.count != 0; ppar_piece_step_(&i##_piece_, &i##_cursor_))

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
  int64_t i, j, k, step;
  uint64_t count;    /* 0: the piece is done */
  uint64_t at, left; /* cells: the row's first, and how many of the piece come after it */
  bool whole;        /* as in ppar_piece_ */
} ppar_row_;

static inline ppar_row_ ppar_row_at_(const ppar_grid_ *grid, int rank, uint64_t at, uint64_t left) {
  const uint64_t length = grid->count[rank - 1];
  ppar_row_ row = {0, 0, 0, grid->dim[rank - 1].step, 0, at, 0, false};
  uint64_t index[3] = {0, 0, 0}, line = at;
  if (left == 0) return row;
  for (int d = rank - 1; d >= 0; d--) {
    index[d] = line % grid->count[d];
    line /= grid->count[d];
  }
  row.count = length - index[rank - 1] < left ? length - index[rank - 1] : left;
  row.left = left - row.count;
  row.i = ppar_index_add_(grid->dim[0].begin, (int64_t)(index[0] * (uint64_t)grid->dim[0].step));
  row.j = ppar_index_add_(grid->dim[1].begin, (int64_t)(index[1] * (uint64_t)grid->dim[1].step));
  row.k = ppar_index_add_(grid->dim[2].begin, (int64_t)(index[2] * (uint64_t)grid->dim[2].step));
  return row;
}

static inline void ppar_row_step_(ppar_row_ *row, const ppar_grid_ *grid, int rank) {
  const bool whole = row->whole;
  *row = ppar_row_at_(grid, rank, row->at + row->count, whole ? row->left : 0);
  if (row->count == 0) row->whole = whole; /* for the piece */
}

static inline ppar_piece_ ppar_prange_over_(ppar_cursor_ *cursor, ppar_team *team, const ppar_grid_ *grid,
                                            const ppar_options *options) {
  const int64_t last = grid->cells - 1;
  ppar_prange_open_cells_(cursor, team, grid->cells, options);
  return ppar_piece_first_(cursor, 1, last); /* rows: the library gives no strided pieces of cells */
}

/* named by the innermost index */
#define PPAR_PRANGE_ND_(team, rank, j, grid, options)                                                     \
  for (ppar_grid_ j##_grid_ = grid, *j##_once_ = &j##_grid_; j##_once_ != NULL; j##_once_ = NULL)         \
    PPAR_PRANGE_(j, ppar_prange_over_(&j##_cursor_, (team), &j##_grid_, (options)))                       \
  for (ppar_row_ j##_row_ = ppar_row_at_(&j##_grid_, rank, (uint64_t)j##_piece_.begin, j##_piece_.count); \
       j##_row_.count != 0 || (j##_piece_.whole = j##_row_.whole, false); ppar_row_step_(&j##_row_, &j##_grid_, rank))

#define PPAR_ROW_GOES_ON_(j) j##_left_ != 0 || (j##_row_.whole = true, false)

typedef struct ppar_sections_state_ {
  ppar_team *team;
  uint64_t claimed; /* the section to run; those before it are others' */
  uint64_t here;    /* the sections come by so far */
  bool claims;      /* one is to be claimed */
  bool open, nowait;
} ppar_sections_state_;

PPAR_API ppar_sections_state_ ppar_sections_begin_(ppar_team *team, bool nowait);
PPAR_API uint64_t ppar_sections_claim_(const ppar_sections_state_ *sections);
PPAR_API void ppar_sections_end_(ppar_sections_state_ *sections);

/* Claims only when it comes to a section, since others may run the one behind a long one. A claim is never less than
 * here: all sections come by so far were claimed, by this thread or others. */
static inline bool ppar_sections_here_(ppar_sections_state_ *sections) {
  if (sections->claims) sections->claimed = ppar_sections_claim_(sections);
  sections->claims = sections->here++ == sections->claimed;
  return sections->claims;
}

#define PPAR_SECTIONS_(team, nowait)                                                                      \
  for (ppar_sections_state_ ppar_sections_ = ppar_sections_begin_((team), (nowait)); ppar_sections_.open; \
       ppar_sections_end_(&ppar_sections_))                                                               \
    for (bool ppar_once_ = true; ppar_once_; ppar_once_ = false)

PPAR_END_DECLS

#endif
