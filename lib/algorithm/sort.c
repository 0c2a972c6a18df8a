/* SPDX-License-Identifier: MIT */
/* sort.c: a parallel merge sort. Runs are sorted one a thread; then levels of merges double the runs' lengths until
 * one is left. Every level, the last one too, is cut into as many merges of equal length as there were runs at first,
 * so that all threads have work (Odeh, Green, Mwassi, Shmueli and Birk, "Merge path", 2012). */
#include <ppar/sort.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "algorithm/pieces.h"
#include "algorithm/sort_kernels.h"
#include "platform/boundary.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "schedule/static_schedule.h"
#include "schedule/tuning.h"

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct sort {
  pp_sort_order order;
  const pp_sort_kernels *kernels;
  size_t count, size;   /* items: the elements, or pointers to them */
  unsigned char *x, *y; /* the items, and as much scratch; exchanged at every level */
  size_t runs;          /* at first, and merges at each level: a power of two */
  size_t merges;        /* that make one run of the present level */
  size_t *splits;       /* how many items of its left run come before merge m */
  bool into_y;          /* where the runs are to be sorted to */
};

/* Where the items of runs (or merges) first ... past - 1 of the first level are. */
static size_t run_first(const struct sort *sort, size_t run) {
  uint64_t first = sort->count, ignored;
  if (run < sort->runs) pp_static_block(sort->count, sort->runs, run, &first, &ignored);
  return (size_t)first;
}

/* --- Runs --------------------------------------------------------------------------------------------------- */

/* Fails where an item, the next run's first one included, comes before the one that it follows. */
static void check_run(const ppar_chunk *piece, void *argument) {
  const struct sort *sort = argument;
  size_t first = run_first(sort, (size_t)piece->begin), past = run_first(sort, (size_t)piece->begin + 1);
  if (past == sort->count) past--;
  if (!sort->kernels->rises(&sort->order, sort->x + first * sort->size, past - first, sort->size)) {
    ppar_cancel(piece, PPAR_ECANCELED);
  }
}

static void sort_run(const ppar_chunk *piece, void *argument) {
  const struct sort *sort = argument;
  size_t first = run_first(sort, (size_t)piece->begin), past = run_first(sort, (size_t)piece->begin + 1);
  sort->kernels->sort(&sort->order, sort->x + first * sort->size, sort->y + first * sort->size, past - first,
                      sort->size, sort->into_y);
}

/* --- A level of merges --------------------------------------------------------------------------------------- */

/* Two runs of x that become one of y. */
struct pair {
  size_t first, middle, past; /* items */
  size_t number;              /* of the merge in question, among the pair's */
};

static struct pair pair_of(const struct sort *sort, size_t merge) {
  size_t number = merge % sort->merges, run = merge - number;
  return (struct pair){run_first(sort, run), run_first(sort, run + sort->merges / 2),
                       run_first(sort, run + sort->merges), number};
}

/* Before merge `number` of the pair's, so many items of the outcome have been taken. */
static size_t taken_before(const struct sort *sort, const struct pair *pair, size_t number) {
  uint64_t first = pair->past - pair->first, ignored;
  if (number < sort->merges) pp_static_block(pair->past - pair->first, sort->merges, number, &first, &ignored);
  return (size_t)first;
}

static void split_merge(const ppar_chunk *piece, void *argument) {
  const struct sort *sort = argument;
  struct pair pair = pair_of(sort, (size_t)piece->begin);
  sort->splits[piece->begin] = sort->kernels->split(
      &sort->order, sort->x + pair.first * sort->size, pair.middle - pair.first, sort->x + pair.middle * sort->size,
      pair.past - pair.middle, taken_before(sort, &pair, pair.number), sort->size);
}

/* With a consistent compare neither run's splits ever fall, and this changes nothing. With any other it makes that so:
 * merges then share no item and leave none out. */
static void straighten_splits(const struct sort *sort) {
  for (size_t m = 1; m < sort->runs; m++) {
    struct pair pair = pair_of(sort, m);
    size_t least, most;
    if (pair.number == 0) continue;
    least = sort->splits[m - 1];
    most = least + taken_before(sort, &pair, pair.number) - taken_before(sort, &pair, pair.number - 1);
    if (sort->splits[m] < least) sort->splits[m] = least;
    if (sort->splits[m] > most) sort->splits[m] = most;
  }
}

static void merge_part(const ppar_chunk *piece, void *argument) {
  const struct sort *sort = argument;
  size_t m = (size_t)piece->begin, size = sort->size;
  struct pair pair = pair_of(sort, m);
  size_t taken = taken_before(sort, &pair, pair.number), past = taken_before(sort, &pair, pair.number + 1);
  size_t a = sort->splits[m], b = taken - a;
  size_t a_past = pair.number + 1 < sort->merges ? sort->splits[m + 1] : pair.middle - pair.first;
  const unsigned char *left = sort->x + pair.first * size, *right = sort->x + pair.middle * size;
  sort->kernels->merge(&sort->order, left + a * size, a_past - a, right + b * size, past - a_past - b,
                       sort->y + (pair.first + taken) * size, size);
}

/* --- Sorting items ------------------------------------------------------------------------------------------- */

/* Whether count elements in so many runs leave each of them long enough. */
static bool are_long(size_t count, size_t runs) { return count / runs >= PP_SORT_RUN_LEAST; }

static size_t runs_for(size_t count, const pp_pieces *pieces) {
  size_t runs = 1, slots;
  if (!are_long(count, 2)) return 1;
  slots = pp_pieces_slots(pieces);
  while (slots != 1 && runs < slots * PP_PIECES_PER_SLOT && are_long(count, 2 * runs)) runs *= 2;
  return runs;
}

/* Sorts sort->count items at sort->x, whose scratch and splits are there; they end up at x. */
static void sort_items(struct sort *sort, const pp_pieces *pieces) {
  unsigned char *items = sort->x, *scratch = sort->y;
  if (sort->runs > 1 && pp_pieces_run(pieces, sort->runs, check_run, sort) == PPAR_OK) return;
  sort->into_y = false;
  for (size_t r = sort->runs; r > 1; r /= 2) sort->into_y = !sort->into_y;
  (void)pp_pieces_run(pieces, sort->runs, sort_run, sort);
  if (sort->into_y) {
    sort->x = scratch;
    sort->y = items;
  }
  for (sort->merges = 2; sort->merges <= sort->runs; sort->merges *= 2) {
    unsigned char *merged = sort->y;
    (void)pp_pieces_run(pieces, sort->runs, split_merge, sort);
    straighten_splits(sort);
    (void)pp_pieces_run(pieces, sort->runs, merge_part, sort);
    sort->y = sort->x;
    sort->x = merged;
  }
}

/* --- Large elements ------------------------------------------------------------------------------------------ */

/* Elements that are sorted by pointers, and moved twice. */
struct elements {
  unsigned char *base, *scratch;
  const unsigned char **pointers;
  size_t count, size;
  size_t pieces;
};

static void point(const ppar_chunk *piece, void *argument) {
  const struct elements *e = argument;
  uint64_t first, past;
  pp_static_block(e->count, e->pieces, (uint64_t)piece->begin, &first, &past);
  for (size_t i = (size_t)first; i < past; i++) e->pointers[i] = e->base + i * e->size;
}

static void gather(const ppar_chunk *piece, void *argument) {
  const struct elements *e = argument;
  uint64_t first, past;
  pp_static_block(e->count, e->pieces, (uint64_t)piece->begin, &first, &past);
  for (size_t i = (size_t)first; i < past; i++) memcpy(e->scratch + i * e->size, e->pointers[i], e->size);
}

static void put_back(const ppar_chunk *piece, void *argument) {
  const struct elements *e = argument;
  uint64_t first, past;
  pp_static_block(e->count, e->pieces, (uint64_t)piece->begin, &first, &past);
  memcpy(e->base + first * e->size, e->scratch + first * e->size, (size_t)(past - first) * e->size);
}

static void sort_by_pointers(struct sort *sort, const pp_pieces *pieces, unsigned char *base, unsigned char *scratch,
                             size_t size) {
  struct elements e = {base, scratch, (const unsigned char **)(void *)sort->x, sort->count, size, 0};
  e.pieces = (size_t)pp_pieces_slots(pieces) * PP_PIECES_PER_SLOT;
  if (e.pieces > e.count) e.pieces = e.count;
  (void)pp_pieces_run(pieces, e.pieces, point, &e);
  sort_items(sort, pieces);
  (void)pp_pieces_run(pieces, e.pieces, gather, &e);
  (void)pp_pieces_run(pieces, e.pieces, put_back, &e);
}

/* --- Calls --------------------------------------------------------------------------------------------------- */

/* Takes the next bytes of a block that is still to be allocated, from a line on. False: no block is so large. */
static bool take_bytes(size_t *total, size_t count, size_t size, size_t *offset) {
  size_t bytes;
  *offset = *total;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX) return false;
  *total += (bytes + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  return *total <= PTRDIFF_MAX;
}

static int sort_elements(struct sort *sort, const pp_pieces *pieces, void *base, size_t size) {
  bool by_pointer = size > PP_SORT_MOVED_MOST;
  size_t total = 0, scratch, splits, pointers = 0, more_pointers = 0;
  unsigned char *block;
  bool fits;
  sort->size = by_pointer ? sizeof(void *) : size;
  sort->kernels = pp_sort_kernels_for(sort->size, by_pointer);
  sort->runs = runs_for(sort->count, pieces);
  fits = take_bytes(&total, sort->count, size, &scratch) && take_bytes(&total, sort->runs, sizeof(size_t), &splits);
  if (by_pointer) {
    fits = fits && take_bytes(&total, sort->count, sizeof(void *), &pointers) &&
           take_bytes(&total, sort->count, sizeof(void *), &more_pointers);
  }
  block = fits ? pp_memory_alloc(total) : NULL;
  if (block == NULL) return PPAR_ENOMEM;
  sort->splits = (size_t *)(void *)(block + splits);
  if (by_pointer) {
    sort->x = block + pointers;
    sort->y = block + more_pointers;
    sort_by_pointers(sort, pieces, base, block + scratch, size);
  } else {
    sort->x = base;
    sort->y = block + scratch;
    sort_items(sort, pieces);
  }
  pp_memory_free(block);
  return PPAR_OK;
}

static int sort_by(pp_call call, pp_sort_order order, void *base, size_t count, size_t size,
                   const ppar_options *options) {
  struct sort sort = {.order = order, .count = count};
  pp_pieces pieces;
  size_t bytes;
  int status, saved_errno = errno;
  if (order.plain == NULL && order.with == NULL) return pp_refuse(call, PP_NOTHING_DONE, "compare", PP_REFUSED_NULL, 0);
  if (size == 0) return pp_refuse(call, PP_NOTHING_DONE, "size", PP_REFUSED_ZERO, 0);
  if (count != 0 && base == NULL) return pp_refuse(call, PP_NOTHING_DONE, "base", PP_REFUSED_NULL, 0);
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
    return pp_refuse(call, PP_NOTHING_DONE, "count", PP_REFUSED_BYTES, 0);
  status = pp_pieces_prepare(&pieces, options, PP_TAKES_STEP, call);
  if (status != PPAR_OK || count < 2) return status;
  status = sort_elements(&sort, &pieces, base, size);
  PP_BOUNDARY();
  errno = saved_errno;
  return status;
}

int ppar_sort(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b),
              const ppar_options *options) {
  return sort_by(PP_CALL("ppar_sort"), (pp_sort_order){compare, NULL, NULL}, base, count, size, options);
}

int ppar_sort_with(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b, void *arg),
                   void *arg, const ppar_options *options) {
  return sort_by(PP_CALL("ppar_sort_with"), (pp_sort_order){NULL, compare, arg}, base, count, size, options);
}
