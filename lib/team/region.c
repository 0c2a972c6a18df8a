/* SPDX-License-Identifier: MIT */
/* region.c: the course of a region.
 *
 * What moves in a region of two threads that is like the one before: the node's line, to thread 1, which polls it,
 * and back to the caller with the end of thread 1's part: one round trip; one locked operation on the caller's
 * side, two on thread 1's. The description is written only where it differs, since writing it takes the line from
 * the poller once more. In larger teams each thread tells its end in a line of its own.
 *
 * Substitution. A seat's thread is a worker. When a region starts, that worker may be in the middle of a loop's body
 * or of a task, which may take long, or wait for something that the region's caller holds. So a thread of the region
 * that is about to park for such a worker gives the worker's seat to a new thread (pp_seat_substitute).
 *
 *   Who is asked to step aside? The worker sets `occupied` before it looks a last time whether a region calls it, and
 *   only then goes into a loop or a task (pool/worker.c). A waiting thread reads `occupied` after the region has been
 *   started. So either the worker sees the call and comes, or the waiting thread sees that it is occupied.
 *
 *   Who runs the part? The new thread and the worker, should it come back before the seat names the new one, both try
 *   to swap the region's epoch into seat->claimed. One of them succeeds. Later regions are the new thread's.
 *
 *   What is the new thread? All that the program has made of the one before: before its first part in the seat it takes
 *   over the other one's CPUs, policy and nice value (pool/cpus.h). The other one has run its last part there by then.
 *
 * Where the system has no new thread to give, a region must still come to its end: no two regions may wait for
 * threads that each other holds up. Nobody but its own caller waits for a region that is inside of nothing, so it
 * is in no circle. A region that is begun inside a loop, a region or a stolen task takes no seat whose thread is
 * occupied just then (recruit.c, man_seats). So whatever keeps a thread of that region from coming was taken up
 * after the region began. If it waits for another region, that one began later still. In a circle of such waits
 * each region would have begun after the one before it, which cannot be. */
#include "team/region.h"

#include <ppar/status.h>

#include "platform/boundary.h"
#include "platform/race_checker.h"
#include "pool/cpus.h"
#include "pool/home.h"
#include "pool/left.h"
#include "pool/pool.h"
#include "team/await.h"
#include "team/check.h"
#include "team/pair.h"
#include "team/recruit.h"
#include "team/shortage.h"
#include "trace/spans.h"

static void describe(pp_node *node, const pp_node *from) {
  if (node->region != from->region) node->region = from->region;
  if (node->arg != from->arg) node->arg = from->arg;
  if (node->wrapped != from->wrapped) node->wrapped = from->wrapped;
  if (node->epoch != from->epoch) node->epoch = from->epoch;
  if (!pp_fp_state_equal(node->fp_state, from->fp_state)) node->fp_state = from->fp_state;
}

/* Starts the threads below the seat's on the region. False, for the caller: the pool is closed, and nothing has
 * started. */
static bool start_children(pp_seat *seat, const pp_node *description) {
  pp_team *team = seat->team;
  bool started = seat->head.thread != 0;
  for (uint32_t level = seat->levels; level-- > 0;) {
    pp_node *node = pp_team_node(team, level, seat->head.thread);
    uint32_t distance = pp_tree_distance(level), past = pp_tree_past(seat->head.thread, level, seat->head.size);
    bool others = pp_tree_past(seat->head.thread, level, team->capacity) > past, wake;
    uint64_t word = pp_fork_word(seat->fork_epoch, seat->head.size, others);
    if (seat->head.thread + distance >= past) continue;
    if (node != description) describe(node, description);
    if (started) {
      wake = pp_fork_start(&node->fork, word);
    } else if (!pp_fork_try(&node->fork, word, &wake)) {
      return false;
    }
    started = true;
    if (!wake) continue;
    for (uint32_t child = seat->head.thread + distance; child < past; child += distance) {
      pp_worker *worker = pp_load_seq_cst(&team->seats[child].worker);
      if (!pp_fork_wakes(&worker->sleeper)) continue;
      if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_WAKE, worker->number, 0);
      pp_bell_rouse(&worker->sleeper);
    }
  }
  return true;
}

static void await_children(pp_seat *seat) {
  PP_FOR_EACH_CHILD(child, level, seat, seat->head.size) {
    pp_seat *other = &seat->team->seats[child];
    (void)pp_await(seat, pp_team_end(seat->team, child, seat->head.size), seat->fork_epoch * PP_SIGNAL_STEP, other,
                   true);
  }
}

/* What every thread of a team does: before its part of the region, */
static inline void enter_part(pp_presence *part, pp_seat *seat, uint32_t epoch) {
  pp_team *team = seat->team;
  pp_self *self = pp_self_get();
  part->seat = seat;
  part->saved = self->place;
  pp_seat_tell_cpu(seat);
  seat->epoch = epoch;
  seat->head.canceled = (const uint32_t *)(const void *)&team->canceled;
  seat->head.by_macro = !pp_check_is_on(seat);
  seat->head.closed_before = true;
  seat->turn_of = 0;
  seat->turn.inside = false;
  seat->head.pranges = seat->singles = seat->singles_given = seat->sections = 0;
  seat->shows = seat->settled = 0;
  seat->won_single = seat->shared_before = seat->is_parents = seat->ends = false;
  pp_check_begin(seat);
  pp_pull_enter(seat);
  self->place.thread_num = (int)seat->head.thread;
  self->place.num_threads = (int)seat->head.size;
  self->place.frame = part;
  self->place.depth = pp_load_relaxed(&team->depth);
  self->place.active = team->active;
  self->place.scope = &team->scope;
  self->place.held_from = self->held_count; /* The scope has the others. */
  self->place.pool = team->pool;
  pp_place_sit(&self->place, seat, (int)seat->head.thread);
  self->place.group = team->group;
  self->place.omp = NULL;
}

/* and after it. */
static inline void leave_part(const pp_presence *part) {
  pp_self *self = pp_self_get();
  pp_seat_tell_cpu(part->seat);
  pp_check_end(part->seat, self->held_count > self->place.held_from);
  self->held_count = self->place.held_from; /* Whatever the program has not given up. */
  self->place = part->saved;
}

/* Not inlined: where the program's function ends with a call of the library, it is this function that is seen to have
 * made the call, and a call that is refused is told of once for each place (settings/refusal.h). */
static __attribute__((noinline)) void run_part(pp_seat *seat, uint32_t epoch, ppar_region *region, void *arg) {
  pp_presence part;
  enter_part(&part, seat, epoch);
  region(seat, arg);
  PP_BOUNDARY();
  leave_part(&part);
}

/* --- The caller ------------------------------------------------------------------------------------------- */

static inline void enter_alone(pp_presence *part, pp_seat *seat, pp_meeting *meeting, const char *name) {
  pp_self *self = pp_self_get();
  part->seat = seat;
  part->saved = self->place;
  part->held = self->held_count;
  seat->team = NULL;
  seat->head.thread = 0;
  seat->head.size = 1;
  seat->head.canceled = (const uint32_t *)(const void *)&seat->status;
  seat->meeting = meeting;
  seat->name = name;
  seat->head.by_macro = !pp_check_is_on(seat);
  seat->head.pranges = 0;
  pp_store_relaxed(&seat->status, 0);
  seat->won_single = seat->is_parents = seat->ends = false;
  pp_check_begin(seat);
  self->place.thread_num = 0;
  self->place.num_threads = 1;
  self->place.frame = part;
  self->place.depth++;
  pp_place_sit(&self->place, seat, 0);
  self->place.omp = NULL;
}

static inline int leave_alone(const pp_presence *part) {
  pp_self *self = pp_self_get();
  pp_check_end(part->seat, self->held_count > part->held);
  self->held_count = part->held;
  self->place = part->saved;
  return (int)pp_load_relaxed(&part->seat->status);
}

static PPAR_ALWAYS_INLINE int run_alone_with(pp_meeting *meeting, ppar_region *region, void *arg, const char *name) {
  pp_presence part;
  PP_LINE_ALIGNED pp_seat seat;
  enter_alone(&part, &seat, meeting, name);
  region(&seat, arg);
  PP_BOUNDARY();
  return leave_alone(&part);
}

static __attribute__((noinline)) int run_alone_checked(ppar_region *region, void *arg, const char *name) {
  return run_alone_with(&(pp_meeting){0}, region, arg, name);
}

/* Programs may have many such regions inside of each other, so that what each has on the stack counts. */
static int run_alone(const ppar_pool *pool, ppar_region *region, void *arg, const char *name) {
  return pool->checks ? run_alone_checked(region, arg, name) : run_alone_with(NULL, region, arg, name);
}

/* What the threads of the region read of the team, and what the region begins with. */
static void prepare(pp_team *team, const pp_self *self, uint32_t how, const char *name) {
  bool binds = (how & PP_REGION_BINDS) != 0;
  pp_atomic_u64 *singles = pp_team_singles(team, team->threads);
  int depth = self->place.depth + 1, active = self->place.active + 1;
  if (pp_load_relaxed(&team->depth) != depth) pp_store_relaxed(&team->depth, depth);
  if (team->active != active) team->active = active;
  /* A stolen task's depth is its group's, which may be 0; what it is inside of is not. */
  if (pp_self_is_inside_something(self) || team->scope.depth != 1) pp_self_enter_scope(self, &team->scope, team);
  if (team->group != self->place.group) team->group = self->place.group;
  if (team->name != name) team->name = name;
  if (team->binds != binds) team->binds = binds;
  team->epoch++;
  if (pp_load_relaxed(&team->canceled) != 0) {
    pp_store_relaxed(&team->canceled, 0);
    pp_cancel_reset(&team->cancel);
  }
  if (pp_load_relaxed(singles) != 0) pp_store_relaxed(singles, 0);
  if (pp_load_relaxed(&team->sections) != 0) pp_store_relaxed(&team->sections, 0);
  if (pp_load_relaxed(&team->root.follow) != NULL) pp_store_relaxed(&team->root.follow, NULL);
}

/* False: the team or the pool is closed, and nothing has started. */
static bool start(pp_team *team, pp_node *description, uint32_t threads, uint32_t how, const char *name) {
  pp_seat *seat = &team->seats[0];
  prepare(team, pp_self_get(), how, name);
  description->epoch = seat->epoch;
  seat->head.size = threads;
  seat->fork_epoch = team->epoch;
  pp_edge_release(&team->epoch); /* What comes before the region comes before its threads' parts. */
  return start_children(seat, description);
}

static bool is_closing(ppar_pool *pool) {
  bool closing;
  pthread_mutex_lock(&pool->lock);
  closing = pool->closing;
  pthread_mutex_unlock(&pool->lock);
  return closing;
}

/* Starts the region on up to `threads` threads, the caller included. Returns how many; 1: it is the caller's alone.
 * Where a thread of the team has left since the team was looked at, others are found, and it is started anew; whoever
 * leaves holds the pool's lock as the team is closed. Where all have left, since the pool is paused, new ones are found
 * when it goes on: the region's threads may wait for each other, and one alone might wait for ever. */
static uint32_t start_on(pp_lead *lead, pp_node *description, uint32_t threads, uint32_t how, const char *name) {
  ppar_pool *pool = pp_load_relaxed(&lead->owned.pool);
  for (;;) {
    uint32_t pauses = pp_load_relaxed(&pool->pauses), found = pp_team_fit(lead, threads);
    if (found > 1 && start(lead->team, description, found, how, name)) return found;
    if (pp_pool_await_pause(pool, pauses)) continue;
    if (found == 1 || is_closing(pool)) return 1;
  }
}

/* The caller's part has ended: waits for the others, but for those that are in another process. Returns the region's
 * status. */
static int await_end(pp_team *team, uint32_t threads) {
  pp_seat *seat = &team->seats[0];
  int status = PPAR_OK;
  if (!seat->is_parents) await_children(seat);
  pp_edge_acquire(&team->threads); /* All parts have ended. */
  if (pp_load_relaxed(&team->swollen) != 0) pp_team_trim(team);
  if (pp_team_is_canceled(team)) {
    status = team->cancel.status;
    team->torn = true;
    for (uint32_t t = 1; t < threads; t++) { /* none of them is behind this from here on */
      if ((int32_t)(team->seats[t].epoch - seat->epoch) > 0) seat->epoch = team->seats[t].epoch;
    }
  }
  return status;
}

/* Finds threads for the region and starts them; *lead becomes what the caller owns for it, or NULL. Returns how many
 * threads it has, the caller included. */
static uint32_t start_region(pp_lead **lead, ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads,
                             uint32_t how, const char *name) {
  pp_node description;
  bool dynamic = (how & PP_REGION_DYNAMIC) != 0;
  uint32_t found = 1;
  pp_left_check(pp_self_get());
  *lead = NULL;
  if (dynamic) threads = pp_lead_adjust(pool, threads);
  /* A team of one needs no lead, but one shows ppar_pool_destroy that the pool is in use. */
  if (threads > 1 || pool->destroyable) *lead = pp_lead_acquire(pool, pp_self_get(), threads);
  if (threads == 1) return 1;
  description.region = region;
  description.arg = arg;
  description.wrapped = (how & PP_REGION_WRAPS) != 0 ? ((const pp_wrapped *)arg)->arg : NULL;
  description.fp_state = pp_fp_state_get();
  if (*lead != NULL) found = start_on(*lead, &description, threads, how, name);
  if (PPAR_SELDOM_(found < threads)) pp_shortage_tell(pool, *lead != NULL, found, threads);
  if (dynamic && found > 1) pp_lead_count(*lead, found);
  return found;
}

static int end_region(pp_lead *lead, uint32_t threads) {
  int status = await_end(lead->team, threads);
  if (lead->counted != 0) pp_lead_uncount(lead);
  return status;
}

int pp_region_run(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, uint32_t how, const char *name) {
  pp_lead *lead;
  int status;
  threads = start_region(&lead, pool, region, arg, threads, how, name);
  if (threads > 1) {
    pp_seat *seat = &lead->team->seats[0];
    run_part(seat, seat->epoch, region, arg);
    status = end_region(lead, threads);
  } else {
    status = run_alone(pool, region, arg, name);
  }
  if (lead != NULL) pp_lead_release(lead);
  return status;
}

pp_seat *pp_region_begin(pp_open_region *open, ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads,
                         uint32_t how) {
  open->threads = start_region(&open->lead, pool, region, arg, threads, how, NULL);
  if (open->threads > 1) {
    enter_part(&open->part, &open->lead->team->seats[0], open->lead->team->seats[0].epoch);
  } else {
    enter_alone(&open->part, &open->seat, pool->checks ? &open->meeting : NULL, NULL);
  }
  return open->part.seat;
}

int pp_region_end(pp_open_region *open) {
  int status;
  if (open->threads > 1) {
    leave_part(&open->part);
    status = end_region(open->lead, open->threads);
  } else {
    status = leave_alone(&open->part);
  }
  if (open->lead != NULL) pp_lead_release(open->lead);
  return status;
}

/* --- A worker --------------------------------------------------------------------------------------------- */

bool pp_region_is_called(pp_worker *worker) {
  pp_seat *seat = pp_load_seq_cst(&worker->seat); /* seq_cst: see substitution, and pp_fork_announce */
  if (seat == NULL) return false;
  if (seat != worker->known_seat) {
    worker->known_seat = seat;
    worker->waiting.crowded = &seat->team->crowded;
    worker->served = pp_load_relaxed(&seat->joined_at);
  }
  return pp_fork_epoch(pp_load_seq_cst(&seat->home->fork)) != worker->served;
}

void pp_region_stand_up(pp_worker *worker) {
  pp_seat *seat = pp_load_relaxed(&worker->seat);
  if (worker->extra) return; /* it is the substitute, and there before its seat says so */
  if (seat != NULL && seat == worker->known_seat && pp_load_acquire(&seat->worker) != worker)
    pp_store_seq_cst(&worker->seat, NULL);
}

/* Takes the seat's part in the present region. False: a substitute has it, or the region does not take this seat.
 * The worker reads `claimed` before it reads the fork word, and swaps from that value. So if it is delayed in
 * between, until the region and perhaps the next are over, the swap fails, and it does not run a part that somebody
 * has run.
 *
 * A worker that has lost the seat leaves the part to the substitute, which is there. Without that look the two could
 * run the parts of later regions by turns: the program would have bound one of them, say, and find the other. Where the
 * seat is given away just now the worker may still see its own name. Whoever gives it is a thread of the region, or
 * starts it, so by the next one, whose fork word the worker has then acquired, the new name is there to see. The look
 * reads a line that is written only where a seat changes hands.
 *
 * So does a worker that was taken into another team between its look at where it sits and this one: whoever took it had
 * closed its former team, under the pool's lock, and that team's next region was begun by a thread that has held the
 * lock since. The worker has acquired that region's word, and sees its new seat. */
static bool claim(pp_worker *worker, pp_seat *seat, uint64_t *word) {
  uint32_t claimed;
  do {
    claimed = pp_load_acquire(&seat->claimed);
    *word = pp_load_acquire(&seat->home->fork);
    worker->served = pp_fork_epoch(*word);
    if (seat->head.thread >= pp_fork_threads(*word) || claimed == worker->served) return false;
    if (pp_load_relaxed(&worker->seat) != seat) return false;
    if (!worker->extra && pp_load_relaxed(&seat->worker) != worker) return false;
  } while (!pp_cas_acq_rel(&seat->claimed, &claimed, worker->served));
  return true;
}

void pp_region_serve(pp_worker *worker) {
  pp_seat *seat = worker->known_seat;
  pp_node *node = seat->home;
  uint64_t word;
  pp_fp_switch fp;
  if (!claim(worker, seat, &word)) return;
  __builtin_prefetch(node->arg);
  __builtin_prefetch(node->wrapped);
  if (worker->instead != NULL) pp_worker_take_after(worker);
  pp_edge_acquire(&seat->team->epoch);
  seat->head.size = pp_fork_threads(word);
  seat->fork_epoch = worker->served;
  (void)start_children(seat, node);
  if (!seat->team->binds) pp_worker_go_home(worker);
  fp = pp_fp_switch_to(node->fp_state);
  run_part(seat, node->epoch, node->region, node->arg);
  pp_fp_switch_back(&fp);
  await_children(seat);
  pp_edge_release(&seat->team->threads);
  pp_signal_advance(pp_team_end(seat->team, seat->head.thread, seat->head.size), seat->fork_epoch * PP_SIGNAL_STEP);
}
