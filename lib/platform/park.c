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

/* 32-bit systems younger than 2038's fix have the new call alone. The time is what the call takes, which need not be
 * what the C library has. */
#if defined(SYS_futex)
typedef __kernel_long_t futex_long;
#else
#define SYS_futex SYS_futex_time64
typedef int64_t futex_long;
#endif

typedef struct futex_time {
  futex_long seconds, nanoseconds;
} futex_time;

_Static_assert(sizeof(pp_atomic_u32) == 4, "the kernel compares 32 bits");

/* False: it has timed out. */
static bool futex(pp_atomic_u32 *word, int operation, uint32_t value, const futex_time *timeout) {
  int saved = errno;
  bool timed_out = syscall(SYS_futex, word, operation, value, timeout, NULL, 0) != 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

void pp_park(pp_atomic_u32 *word, uint32_t expected) {
  pp_delay_seldom(PP_DELAY_PARK_EVERY);
  (void)futex(word, FUTEX_WAIT_PRIVATE, expected, NULL);
}

bool pp_park_for(pp_atomic_u32 *word, uint32_t expected, uint64_t ns) {
  const futex_time timeout = {(futex_long)(ns / 1000000000), (futex_long)(ns % 1000000000)};
  pp_delay_seldom(PP_DELAY_PARK_EVERY);
  return futex(word, FUTEX_WAIT_PRIVATE, expected, &timeout);
}

void pp_unpark_one(pp_atomic_u32 *word) { (void)futex(word, FUTEX_WAKE_PRIVATE, 1, NULL); }

void pp_unpark_all(pp_atomic_u32 *word) { (void)futex(word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL); }

#else

#include <pthread.h>
#include <time.h>

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

/* until: NULL, or when to give up. False: that has come. */
static bool park(pp_atomic_u32 *word, uint32_t expected, const struct timespec *until) {
  bucket *b = bucket_of(word);
  int saved = errno, cancel_state, status = 0;
  pp_delay_seldom(PP_DELAY_PARK_EVERY);
  /* A wait is a cancellation point, and one that ended here would keep the mutex. */
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
  (void)pthread_mutex_lock(&b->mutex);
  if (pp_load_relaxed(word) == expected) {
    status = until != NULL ? pthread_cond_timedwait(&b->changed, &b->mutex, until)
                           : pthread_cond_wait(&b->changed, &b->mutex);
  }
  (void)pthread_mutex_unlock(&b->mutex);
  (void)pthread_setcancelstate(cancel_state, &cancel_state);
  errno = saved;
  return status != ETIMEDOUT;
}

void pp_park(pp_atomic_u32 *word, uint32_t expected) { (void)park(word, expected, NULL); }

bool pp_park_for(pp_atomic_u32 *word, uint32_t expected, uint64_t ns) {
  struct timespec until;
  (void)clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += (time_t)(ns / 1000000000);
  until.tv_nsec += (long)(ns % 1000000000);
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000;
  }
  return park(word, expected, &until);
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
