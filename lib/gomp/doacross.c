/* SPDX-License-Identifier: MIT */
/* doacross.c: loops with ordered(n). */
#include "gomp/doacross.h"

#include "gomp/message.h"
#include "gomp/shared.h"
#include "schedule/static_schedule.h"
#include "team/posts.h"

/* What the threads share: memory of shared.h, made once for each such loop. A team of one has none. */
typedef struct doacross {
  uint32_t loops;
  uint64_t chunk;   /* outermost iterations in a piece; 0: pieces are static blocks */
  ppar_cut_64_ cut; /* their cut */
  uint64_t lines;   /* that the words are in */
  pp_atomic_u64 *words;
  uint64_t counts[];
} doacross;

enum { WORDS_A_LINE = PP_CACHE_LINE / sizeof(pp_atomic_u64), LINES_OF_ONE_WORD = 1024 };

static size_t align_line(size_t bytes) { return (bytes + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE; }

static size_t head_size(uint32_t loops) { return align_line(sizeof(doacross) + loops * sizeof(uint64_t)); }

/* --- Pieces ----------------------------------------------------------------------------------------------- */

/* Under guided the pieces are known only as they are taken: each iteration has a word of its own. */
static uint64_t chunk_of(const ppar_schedule *schedule) {
  if (schedule->kind == PPAR_SCHEDULE_GUIDED) return 1;
  if (schedule->kind == PPAR_SCHEDULE_DYNAMIC && schedule->chunk == 0) return 1;
  return (uint64_t)schedule->chunk;
}

/* As long as there are few pieces, each has a line. */
static uint64_t lines_for(uint64_t pieces) {
  return pieces <= LINES_OF_ONE_WORD ? pieces : LINES_OF_ONE_WORD + (pieces - LINES_OF_ONE_WORD) / WORDS_A_LINE + 1;
}

/* Which piece the outermost iteration is in, and which one is its first. */
static uint64_t piece_of(const doacross *d, uint64_t outermost, uint64_t *first) {
  uint64_t piece;
  if (d->chunk == 1) return *first = outermost;
  if (d->chunk == 0) {
    piece = pp_static_slot_of(d->cut, outermost);
    *first = ppar_static_block_64_(d->cut, piece).first;
  } else {
    piece = outermost / d->chunk;
    *first = piece * d->chunk;
  }
  return piece;
}

static pp_atomic_u64 *word_of(const doacross *d, uint64_t piece) {
  return &d->words[piece % d->lines * WORDS_A_LINE + piece / d->lines];
}

/* How much is posted where this iteration is. No thread comes as far as 2^64 - 1 iterations in a piece. */
static uint64_t place_of(const doacross *d, const uint64_t *iteration, uint64_t first) {
  uint64_t place = iteration[0] - first;
  for (uint32_t l = 1; l < d->loops; l++) {
    if (__builtin_mul_overflow(place, d->counts[l], &place) || __builtin_add_overflow(place, iteration[l], &place))
      return UINT64_MAX;
  }
  return place != UINT64_MAX ? place + 1 : place;
}

/* --- What the threads share ------------------------------------------------------------------------------- */

typedef struct making {
  const pp_omp_doacross_plan *plan;
  uint64_t chunk, lines;
  uint32_t threads;
} making;

static void make(void *memory, const void *from) {
  doacross *d = memory;
  const making *m = from;
  d->loops = m->plan->loops;
  d->chunk = m->chunk;
  d->cut = ppar_static_cut_64_(m->plan->counts[0], m->threads);
  d->lines = m->lines;
  d->words = (pp_atomic_u64 *)(void *)((unsigned char *)memory + head_size(d->loops));
  for (uint32_t l = 0; l < d->loops; l++) d->counts[l] = m->plan->counts[l];
}

static const doacross *come(pp_omp_data *here, const pp_omp_doacross_plan *plan, const ppar_schedule *schedule) {
  making m = {.plan = plan, .chunk = chunk_of(schedule), .threads = (uint32_t)here->team_size};
  uint64_t pieces = m.chunk == 0 ? m.threads : pp_divide_up(plan->counts[0], m.chunk);
  size_t bytes;
  m.lines = lines_for(pieces);
  if (__builtin_mul_overflow((size_t)m.lines, (size_t)PP_CACHE_LINE, &bytes) ||
      __builtin_add_overflow(bytes, head_size(plan->loops), &bytes))
    pp_omp_no_memory("a loop with ordered(n)");
  return pp_omp_shared_get(here, bytes, make, &m);
}

void pp_omp_doacross_open(pp_omp_data *here, const pp_omp_doacross_plan *plan, const void *site) {
  pp_omp_plan outermost = {.schedule = plan->schedule};
  ppar_schedule *schedule = &outermost.schedule;
  if (schedule->kind == PPAR_SCHEDULE_AUTO) *schedule = ppar_static(0);
  if (schedule->kind != PPAR_SCHEDULE_STATIC) *schedule = ppar_monotonic(*schedule); /* D2 */
  outermost.end = outermost.count = plan->counts[0];
  outermost.step = 1;
  pp_omp_loop_open(here, &outermost, site);
  /* Where the outermost loop is empty, compiled code need not have counted the others. */
  if (here->team_size > 1 && !pp_omp_is_deferred(here) && plan->counts[0] != 0)
    here->loop.doacross = come(here, plan, schedule);
}

/* --- Posting and waiting ---------------------------------------------------------------------------------- */

uint32_t pp_omp_doacross_loops(const pp_omp_data *here) {
  const doacross *d = here->loop.doacross;
  return d != NULL ? d->loops : 0;
}

static bool is_inside(const doacross *d, const uint64_t *iteration) {
  for (uint32_t l = 0; l < d->loops; l++) {
    if (iteration[l] >= d->counts[l]) return false;
  }
  return true;
}

void pp_omp_doacross_post(pp_omp_data *here, const uint64_t *iteration) {
  const doacross *d = here->loop.doacross;
  uint64_t piece, first;
  if (d == NULL || !is_inside(d, iteration)) return;
  piece = piece_of(d, iteration[0], &first);
  pp_post(here->seat, word_of(d, piece), piece, place_of(d, iteration, first));
}

void pp_omp_doacross_wait(pp_omp_data *here, const uint64_t *iteration) {
  const doacross *d = here->loop.doacross;
  uint64_t piece, first;
  if (d == NULL || !is_inside(d, iteration)) return;
  piece = piece_of(d, iteration[0], &first);
  (void)pp_post_await(here->seat, word_of(d, piece), piece, place_of(d, iteration, first));
}
