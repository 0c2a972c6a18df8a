/* SPDX-License-Identifier: MIT */
/* critical.c: one lock for each name, of the whole process.
 *
 * Locks are found by name, in a hash table whose lists only grow, under a mutex, until the library is unloaded. A
 * thread remembers the one it used last. A lock is one word: free; held; or held, and somebody sleeps or is about to
 * (Drepper, "Futexes Are Tricky", 2011). Entering a free one and leaving it is one locked operation each. Who sleeps
 * does so on the lock's pulse (claim/pulse.h), so that it can be woken for something else than the lock, too.
 *
 * Who finds it held looks again after a pause that doubles, up to 12 us (Anderson, "The performance of spin lock
 * alternatives", 1990): meanwhile the others enter and leave with the line in their cache, which is ten times as fast
 * as passing it to and fro for each section.
 *
 * In a forked child a section that another thread was in is free, since that thread is not there to leave it. The
 * thread that has called fork is still in those that it was in. So a lock says who holds it: two plain stores, on the
 * line that the holder has just written anyway. */
#include "team/critical.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "claim/pulse.h"
#include "platform/at_load.h"
#include "platform/clock.h"
#include "platform/memory.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "schedule/tuning.h"

enum {
  FREE = 0,
  HELD = 1,
  CONTENDED = 2,
};

typedef struct critical {
  PP_LINE_ALIGNED pp_atomic_u32 word;
  _Atomic(pp_self *) holder; /* NULL: it is free, or about to be, or has just been taken. */
  pp_pulse pulse;
  struct critical *next; /* constant once published */
  char name[];
} critical;

static _Atomic(critical *) table[PP_CRITICAL_BUCKETS];
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER; /* For making a list longer. */
static critical unnamed;
PP_CHECKS_LEAVE_OUT(table)
PP_CHECKS_LEAVE_OUT(unnamed)
static _Thread_local critical *latest; /* of those with a name */

static uint32_t bucket_of(const char *name) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (; *name != '\0'; name++) hash = (hash ^ (unsigned char)*name) * 16777619u;
  return hash % PP_CRITICAL_BUCKETS;
}

static critical *search(critical *list, const char *name) {
  for (; list != NULL; list = list->next) {
    if (strcmp(list->name, name) == 0) return list;
  }
  return NULL;
}

/* A section cannot do without its lock, and cannot borrow another section's: a thread that is in that one already
 * would then wait for itself. So the thread waits until there is memory. */
static critical *make(const char *name) {
  const struct timespec pause = {0, PP_CRITICAL_RETRY_NS};
  size_t length = strlen(name);
  for (bool told = false;; told = true) {
    critical *fresh = pp_memory_zalloc(sizeof *fresh + length + 1);
    if (fresh != NULL) {
      memcpy(fresh->name, name, length + 1);
      return fresh;
    }
    if (!told)
      fprintf(stderr, "ppar: critical section \"%s\": no memory for its lock; it waits until there is some\n", name);
    (void)nanosleep(&pause, NULL);
  }
}

/* The lists' heads are stored with release, and read with acquire: an entry is seen whole. */
static critical *find(const char *name) {
  _Atomic(critical *) *bucket = &table[bucket_of(name)];
  critical *found = search(pp_load_acquire(bucket), name), *fresh;
  if (found != NULL) return found;
  fresh = make(name);
  (void)pthread_mutex_lock(&table_lock);
  found = search(pp_load_relaxed(bucket), name);
  if (found == NULL) {
    fresh->next = pp_load_relaxed(bucket);
    pp_store_release(bucket, fresh);
  }
  (void)pthread_mutex_unlock(&table_lock);
  if (found == NULL) return fresh;
  pp_memory_free(fresh);
  return found;
}

/* Names are short, and a call of strcmp takes as long as half of an empty section. */
static inline bool is_same(const char *a, const char *b) {
  for (; *a == *b; a++, b++) {
    if (*a == '\0') return true;
  }
  return false;
}

/* Names are compared and copied by the C library, whose accesses ThreadSanitizer sees. */
static __attribute__((noinline)) critical *find_anew(const char *name) {
  pp_checks_pause();
  latest = find(name);
  pp_checks_go_on();
  return latest;
}

static critical *critical_of(const char *name) {
  critical *lock = latest;
  if (name == NULL) return &unnamed;
  return lock != NULL && is_same(lock->name, name) ? lock : find_anew(name);
}

/* --- Waiting for a lock ----------------------------------------------------------------------------------- */

typedef struct entering {
  pp_waiting waiting;
  critical *lock;
  uint64_t pause, most, looked; /* Ticks. */
  uint32_t beat;                /* The pulse, as it was when the thread prepared to sleep. */
  bool slept, entered;
} entering;

static entering *of(pp_waiting *waiting) { return PP_OWNER_OF(entering, waiting, waiting); }

/* A thread that has slept does not know whether others still do: it holds the lock as contended. */
static bool enter_contended(entering *e) {
  e->entered = pp_exchange_acquire(&e->lock->word, CONTENDED) == FREE;
  return e->entered;
}

static bool enter_free(entering *e) {
  uint32_t word = FREE;
  if (e->waiting.spin.last - e->looked < e->pause) return false;
  e->looked = e->waiting.spin.last;
  if (e->pause < e->most) e->pause *= 2;
  e->entered = pp_load_relaxed(&e->lock->word) == FREE && pp_cas_acquire(&e->lock->word, &word, HELD);
  return e->entered;
}

/* Ends the wait by entering. */
static bool has_entered(pp_waiting *waiting) {
  entering *e = of(waiting);
  if (e->entered) return true;
  return e->slept || waiting->thorough ? enter_contended(e) : enter_free(e);
}

static bool prepare(pp_waiting *waiting) {
  of(waiting)->slept = true;
  waiting->spin_ticks = 0;
  of(waiting)->beat = pp_pulse_prepare(&of(waiting)->lock->pulse);
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) { pp_pulse_park(&of(waiting)->lock->pulse, of(waiting)->beat); }
static void rise(pp_waiting *waiting) { pp_pulse_done(&of(waiting)->lock->pulse); }
static void wake(void *waiting) { pp_pulse_wake(&of(waiting)->lock->pulse); }

static const pp_wait_kind lock_wait = {
    .own_time = true,
    .is_over = has_entered,
    .prepare = prepare,
    .sleep = sleep_on_pulse,
    .rise = rise,
    .wake = wake,
    .size = sizeof(entering),
};

/* Meanwhile the thread takes part in loops that the holder begins inside the section, and in no others: what it holds
 * itself may be wanted there. */
static void enter_slowly(ppar_pool *pool, critical *lock) {
  entering e;
  pp_clock_init(); /* The program need not have a pool. */
  e = (entering){.waiting = pp_waiting_make(&lock_wait, pool, pool != NULL ? lock : NULL), .lock = lock};
  e.waiting.spin_ticks = pp_ticks_from_ns(PP_CRITICAL_SPIN_NS);
  e.pause = pp_ticks_from_ns(PP_CRITICAL_FIRST_PAUSE_NS);
  e.most = pp_ticks_from_ns(PP_CRITICAL_LONGEST_PAUSE_NS);
  e.looked = pp_clock_ticks();
  pp_wait(&e.waiting);
}

/* --- Sections --------------------------------------------------------------------------------------------- */

void pp_critical_begin(ppar_pool *pool, const char *name, pp_call call) {
  critical *lock = critical_of(name);
  uint32_t word = FREE;
  pp_self *self = pp_self_get();
  if (!pp_cas_acquire(&lock->word, &word, HELD)) {
    if (pp_load_relaxed(&lock->holder) == self) (void)pp_refuse(call, PP_WAITS_FOR_EVER, "name", PP_REFUSED_INSIDE, 0);
    enter_slowly(pool, lock);
  }
  pp_edge_acquire(lock); /* From the section of this name before. */
  pp_store_relaxed(&lock->holder, self);
  pp_self_hold(self, lock);
}

/* The acquire half is for the wake alone, and costs nothing here. Whoever is woken holds the lock as contended, and
 * so wakes the next one. */
void pp_critical_end(const char *name, pp_call call) {
  critical *lock = critical_of(name);
  pp_self *self = pp_self_get();
  if (PPAR_SELDOM_(pp_load_relaxed(&lock->holder) != self)) {
    (void)pp_refuse(call, PP_NOTHING_DONE, "name", PP_REFUSED_NOT_INSIDE, 0);
    return;
  }
  pp_self_let_go(self, lock);
  pp_store_relaxed(&lock->holder, NULL);
  pp_edge_release(lock);
  if (pp_exchange_acq_rel(&lock->word, FREE) == CONTENDED) pp_pulse_wake_one(&lock->pulse);
}

void pp_critical_forget(void) {
  latest = NULL;
  for (size_t b = 0; b < PP_CRITICAL_BUCKETS; b++) {
    critical *lock = pp_load_relaxed(&table[b]);
    pp_store_relaxed(&table[b], NULL);
    while (lock != NULL) {
      critical *next = lock->next;
      pp_memory_free(lock);
      lock = next;
    }
  }
}

/* --- Forked children -------------------------------------------------------------------------------------- */

/* Nobody else is there, to hold the lock or to sleep on its pulse. */
static void renew(critical *lock) {
  if (pp_load_relaxed(&lock->holder) != pp_self_get()) {
    pp_store_relaxed(&lock->holder, NULL);
    pp_store_relaxed(&lock->word, FREE);
  }
  pp_store_relaxed(&lock->pulse.sleepers, 0);
}

static void renew_all(void) {
  renew(&unnamed);
  for (size_t b = 0; b < PP_CRITICAL_BUCKETS; b++) {
    for (critical *lock = pp_load_relaxed(&table[b]); lock != NULL; lock = lock->next) renew(lock);
  }
  (void)pthread_mutex_unlock(&table_lock);
}

static void hold_table(void) { (void)pthread_mutex_lock(&table_lock); }
static void release_table(void) { (void)pthread_mutex_unlock(&table_lock); }

PP_AT_LOAD(PP_LOAD_TEAM) static void watch_forks(void) { (void)pthread_atfork(hold_table, release_table, renew_all); }
