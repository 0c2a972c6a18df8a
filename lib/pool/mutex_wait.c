/* SPDX-License-Identifier: MIT */
/* mutex_wait.c: the wait for a lock of the program's own.
 *
 * Whoever finds it held looks again after a pause that doubles, as for critical sections (team/critical.c): meanwhile
 * the holder gives it up and takes it again with the line in its cache. A thread that was woken does the same before it
 * marks the lock again. As long as it is on its way the holder wakes nobody else, so that a lock for which many threads
 * sleep costs a call of the system now and then, and not each time that it is given up. */
#include "pool/mutex_wait.h"

#include "platform/clock.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "pool/waiting.h"
#include "schedule/tuning.h"

typedef struct taking {
  pp_waiting waiting;
  pp_atomic_u32 *mutex;
  uint64_t pause, first, most, looked; /* Ticks. */
  uint32_t holder, marked;
  bool slept, taken;
} taking;

static taking *of(pp_waiting *waiting) { return PP_OWNER_OF(taking, waiting, waiting); }

/* The last look before the thread sleeps: either it takes the lock, or it has marked it. */
static bool take_or_mark(taking *t) {
  do {
    t->taken = pp_mutex_is_free(t->mutex) && pp_mutex_try(t->mutex, t->holder, true);
    if (t->taken) return true;
    t->marked = pp_mutex_mark(t->mutex);
  } while (t->marked == PP_MUTEX_FREE);
  return false;
}

static bool take_now_and_then(taking *t) {
  if (t->waiting.spin.last - t->looked < t->pause) return false;
  t->looked = t->waiting.spin.last;
  if (t->pause < t->most) t->pause *= 2;
  t->taken = pp_mutex_is_free(t->mutex) && pp_mutex_try(t->mutex, t->holder, t->slept);
  return t->taken;
}

static bool is_taken(pp_waiting *waiting) {
  taking *t = of(waiting);
  if (t->taken) return true;
  return waiting->thorough ? take_or_mark(t) : take_now_and_then(t);
}

static bool prepare(pp_waiting *waiting) {
  of(waiting)->slept = true;
  return true;
}

static void sleep_on_mutex(pp_waiting *waiting) { pp_mutex_sleep(of(waiting)->mutex, of(waiting)->marked); }

/* The first look after a sleep comes at once. */
static void rise(pp_waiting *waiting) {
  taking *t = of(waiting);
  t->pause = t->first;
  t->looked = pp_clock_ticks() - t->pause;
}

static const pp_wait_kind mutex_wait = {
    .own_time = true, .is_over = is_taken, .prepare = prepare, .sleep = sleep_on_mutex, .rise = rise};

void pp_mutex_wait(pp_atomic_u32 *mutex, uint32_t holder) {
  struct ppar_pool *pool = pp_self_get()->place.pool;
  taking t;
  pp_clock_init(); /* The program need not have a pool. */
  t = (taking){.waiting = pp_waiting_make(&mutex_wait, pool, NULL), .mutex = mutex, .holder = holder};
  if (pool == NULL) t.waiting.spin_ticks = pp_ticks_from_ns(PP_CRITICAL_SPIN_NS);
  t.first = t.pause = pp_ticks_from_ns(PP_CRITICAL_FIRST_PAUSE_NS);
  t.most = pp_ticks_from_ns(PP_CRITICAL_LONGEST_PAUSE_NS);
  t.looked = pp_clock_ticks();
  pp_wait(&t.waiting);
}
