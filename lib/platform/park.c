/* SPDX-License-Identifier: MIT */
/* park.c: parking by futex, or by a table of condition variables where there is none (or PP_PARK_CONDVAR). */
#include "platform/park.h"

#include <errno.h>
#include <stddef.h>

#include "platform/delay.h"

#if defined(__linux__) && !defined(PP_PARK_CONDVAR)

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* 32-bit systems younger than 2038's fix have the new call alone; without a timeout both are the same. */
#if !defined(SYS_futex)
#define SYS_futex SYS_futex_time64
#endif

_Static_assert(sizeof(pp_atomic_u32) == 4, "the kernel compares 32 bits");

static void futex(pp_atomic_u32 *word, int operation, uint32_t value) {
  int saved = errno;
  (void)syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
  errno = saved;
}

void pp_park(pp_atomic_u32 *word, uint32_t expected) {
  pp_delay_seldom(PP_DELAY_PARK_EVERY);
  futex(word, FUTEX_WAIT_PRIVATE, expected);
}

void pp_unpark_one(pp_atomic_u32 *word) { futex(word, FUTEX_WAKE_PRIVATE, 1); }

void pp_unpark_all(pp_atomic_u32 *word) { futex(word, FUTEX_WAKE_PRIVATE, INT_MAX); }

#else

#include <pthread.h>

#include "platform/at_load.h"
#include "platform/cache_line.h"

/* Words share a bucket by their address. A sleeper compares its word under the bucket's mutex and gives the
 * mutex up only as it falls asleep. A waker takes the mutex after it changed the word: either before the
 * comparison, which then sees the change, or after it, and the broadcast finds the sleeper. */
typedef struct bucket {
  PP_LINE_ALIGNED pthread_mutex_t mutex;
  pthread_cond_t changed;
} bucket;

#define BUCKET \
  { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER }
#define BUCKETS_4 BUCKET, BUCKET, BUCKET, BUCKET
#define BUCKETS_16 BUCKETS_4, BUCKETS_4, BUCKETS_4, BUCKETS_4

enum { BUCKET_BITS = 6, BUCKET_COUNT = 1 << BUCKET_BITS };

static bucket buckets[BUCKET_COUNT] = {BUCKETS_16, BUCKETS_16, BUCKETS_16, BUCKETS_16};

/* Fibonacci hashing: the upper bits of the product depend on all bits of the address. */
static bucket *bucket_of(const pp_atomic_u32 *word) {
  uint32_t hash = (uint32_t)((uintptr_t)word >> 2) * 2654435769u;
  return &buckets[hash >> (32 - BUCKET_BITS)];
}

/* In a forked child no other thread is left to give a mutex back or to be woken. */
static void forget_all(void) {
  static const bucket empty = BUCKET;
  for (int i = 0; i < BUCKET_COUNT; i++) buckets[i] = empty;
}

/* Before any mutex is taken, and so that this handler runs before those of the pool. */
PP_AT_LOAD(PP_LOAD_PLATFORM) static void register_fork_handler(void) { (void)pthread_atfork(NULL, NULL, forget_all); }

void pp_park(pp_atomic_u32 *word, uint32_t expected) {
  bucket *b = bucket_of(word);
  int saved = errno, cancel_state;
  pp_delay_seldom(PP_DELAY_PARK_EVERY);
  /* A wait is a cancellation point, and one that ended here would keep the mutex. */
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
  (void)pthread_mutex_lock(&b->mutex);
  if (pp_load_relaxed(word) == expected) (void)pthread_cond_wait(&b->changed, &b->mutex);
  (void)pthread_mutex_unlock(&b->mutex);
  (void)pthread_setcancelstate(cancel_state, &cancel_state);
  errno = saved;
}

void pp_unpark_all(pp_atomic_u32 *word) {
  bucket *b = bucket_of(word);
  int saved = errno;
  (void)pthread_mutex_lock(&b->mutex);
  (void)pthread_cond_broadcast(&b->changed);
  (void)pthread_mutex_unlock(&b->mutex);
  errno = saved;
}

/* Waking only one could wake a sleeper on another word of the bucket, and lose the wake. */
void pp_unpark_one(pp_atomic_u32 *word) { pp_unpark_all(word); }

#endif
