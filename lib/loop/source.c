/* SPDX-License-Identifier: MIT */
/* source.c: how workers and waiting threads find loops. */
#include "loop/source.h"

#include "loop/joiner.h"
#include "pool/pool.h"

/* Whether the pool has had any work that is rung for: loops, or task groups. */
static bool has_had_work(ppar_pool *pool) {
  return pp_board_count(&pool->board) != 0 || pp_load_acquire(&pool->owned[PP_OWNED_QUEUE].first) != NULL;
}

/* Somebody has rung since the worker last looked, or it found a loop then, or has asked for some of one. Where there
 * has been nothing to ring for, as in programs that have regions alone, it need not go and look: as it does so it
 * counts as occupied (pool/worker.c), and a region that cannot wait for it would give its seat to another thread. What
 * a ring that is heard here was for is on the board, or in a queue, already. */
static bool is_there(pp_worker *worker) {
  const pp_waiting *waiting = &worker->waiting;
  uint32_t epoch = pp_bell_epoch(pp_load_seq_cst(&worker->pool->bell.word));
  if (!has_had_work(worker->pool)) {
    worker->heard = epoch;
    worker->look_again = false;
    return false;
  }
  if (worker->look_again && (!worker->pending || waiting->spin.last - worker->begged >= waiting->ask_ticks))
    return true;
  return epoch != worker->heard;
}

/* Works in one posted loop: the latest, or the next after it on the board; each worker starts at another one there,
 * so that they spread over many callers. False: none had work to do; worker->pending says whether one may soon. */
static bool visit_records(pp_worker *worker, uint64_t bell, bool rung) {
  ppar_pool *pool = worker->pool;
  uint32_t count = pp_board_count(&pool->board), latest = pp_bell_post(bell);
  worker->pending = false;
  for (uint32_t k = 0; k <= count && count != 0; k++) {
    uint64_t worked;
    pp_visit visit;
    uint32_t number = k == 0 ? latest % count : (latest + worker->number + k) % count;
    pp_record *record = pp_board_at(&pool->board, number);
    if (k == 0 && rung && worker->polling.gap == 0) pp_loop_expect(record, worker->number + 1);
    visit = pp_loop_visit(pool, worker->number + 1, NULL, record, &worked);
    if (visit == PP_VISIT_PENDING) worker->pending = true;
    if (visit != PP_VISIT_WORKED) continue;
    worker->pending = false;
    pp_worker_came_for(worker, worked);
    return true;
  }
  return false;
}

static bool work(pp_worker *worker) {
  uint64_t bell = pp_bell_look(&worker->pool->bell);
  bool rung = !worker->look_again;
  worker->heard = pp_bell_epoch(bell);
  worker->look_again = visit_records(worker, bell, rung);
  if (!worker->pending) return worker->look_again;
  worker->look_again = true;
  worker->begged = pp_clock_ticks();
  return false;
}

static bool help(pp_waiting *waiting) {
  ppar_pool *pool = waiting->pool;
  uint32_t count = pp_board_count(&pool->board);
  uint64_t mark = pp_scope_mark(waiting->ancestor), worked;
  pp_self *self = pp_self_get();
  uint32_t preferred = self->worker != NULL ? self->worker->number + 1 : 0;
  bool pending = false;
  for (uint32_t number = 0; number < count; number++) {
    pp_record *record = pp_board_at(&pool->board, number);
    if ((pp_load_relaxed(&record->marks) & mark) == 0 || pp_load_relaxed(&record->active) == 0) continue;
    switch (pp_loop_visit(pool, preferred, waiting, record, &worked)) {
      case PP_VISIT_SHUT:
      case PP_VISIT_IDLE: continue;
      case PP_VISIT_PENDING: pending = true; continue;
      case PP_VISIT_WORKED: return true;
    }
  }
  return pending; /* It is not to sleep: the next look may find some. */
}

const pp_work_source pp_loop_source = {.is_there = is_there, .work = work, .help = help};
