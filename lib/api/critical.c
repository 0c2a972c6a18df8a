/* SPDX-License-Identifier: MIT */
/* critical.c: one lock for each name, of the whole process.
 *
 * Locks are found by name, in a hash table whose lists only grow; a thread remembers the one it used last. A lock is one
 * word: 0 free, 1 held, 2 held and somebody sleeps or is about to (Drepper, "Futexes Are Tricky", 2011). Entering a free one
 * and leaving it is one locked operation each.
 *
 * Who finds it held looks again after a pause that doubles, up to 12 us (Anderson, "The performance of spin lock
 * alternatives", 1990): meanwhile the others enter and leave with the line in their cache, which is ten times as fast as
 * passing it to and fro for each section. */
#include <ppar/team.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "platform/cache_line.h"
#include "platform/clock.h"
#include "platform/memory.h"
#include "platform/park.h"
#include "pool/spin.h"

enum {
  FREE = 0,
  HELD = 1,
  CONTENDED = 2,
  BUCKETS = 64,
  FIRST_PAUSE_NS = 400,
  LONGEST_PAUSE_NS = 12000,
  SPIN_NS = 100000 /* waking a sleeper costs whoever leaves more than most sections take */
};

typedef struct critical {
  PP_LINE_ALIGNED pp_atomic_u32 word;
  uint32_t length;
  struct critical *next; /* constant once published */
  char name[];
} critical;

static _Atomic(critical *) table[BUCKETS];
static critical unnamed;
static _Thread_local critical *latest; /* of those with a name */

static uint32_t bucket_of(const char *name) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (; *name != '\0'; name++) hash = (hash ^ (unsigned char)*name) * 16777619u;
  return hash % BUCKETS;
}

static critical *search(critical *list, const critical *past, const char *name) {
  for (; list != past; list = list->next) {
    if (strcmp(list->name, name) == 0) return list;
  }
  return NULL;
}

/* Without memory there is no lock that would not be some other section's, too, and could not wait for itself: so the thread waits
 * for memory. */
static critical *make(const char *name) {
  const struct timespec pause = {0, 1000 * 1000};
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

/* The lists' heads are swapped with release, and read with acquire: an entry is seen whole. */
static critical *find(const char *name) {
  _Atomic(critical *) *bucket = &table[bucket_of(name)];
  critical *head = pp_load_acquire(bucket), *found = search(head, NULL, name), *fresh;
  if (found != NULL) return found;
  fresh = make(name);
  for (;;) {
    critical *seen = head;
    fresh->next = head;
    if (pp_cas_acq_rel(bucket, &head, fresh)) return fresh;
    found = search(head, seen, name);
    if (found != NULL) {
      pp_memory_free(fresh);
      return found;
    }
  }
}

static critical *critical_of(const char *name) {
  if (name == NULL) return &unnamed;
  if (latest == NULL || strcmp(latest->name, name) != 0) latest = find(name);
  return latest;
}

static void lock_slowly(critical *lock) {
  pp_wait wait = pp_wait_start(pp_ticks_from_ns(SPIN_NS));
  uint64_t pause = pp_ticks_from_ns(FIRST_PAUSE_NS), most = pp_ticks_from_ns(LONGEST_PAUSE_NS), looked = wait.start;
  while (pp_wait_spin(&wait)) {
    uint32_t word = FREE;
    if (wait.last - looked < pause) continue;
    if (pp_load_relaxed(&lock->word) == FREE && pp_cas_acquire(&lock->word, &word, HELD)) return;
    looked = wait.last;
    if (pause < most) pause *= 2;
  }
  while (pp_exchange_acquire(&lock->word, CONTENDED) != FREE) pp_park(&lock->word, CONTENDED);
}

void ppar_critical_begin(ppar_team *seat, const char *name) {
  critical *lock = critical_of(name);
  uint32_t word = FREE;
  (void)seat;
  if (!pp_cas_acquire(&lock->word, &word, HELD)) lock_slowly(lock);
}

/* The acquire half is for the unpark alone, and costs nothing here. */
void ppar_critical_end(ppar_team *seat, const char *name) {
  critical *lock = critical_of(name);
  (void)seat;
  if (pp_exchange_acq_rel(&lock->word, FREE) == CONTENDED) pp_unpark_one(&lock->word);
}
