// SPDX-License-Identifier: MIT
// exclusive.c: critical sections, atomic operations and locks: nothing is lost, and only one thread is inside.
#include "program.h"

enum { ROUNDS = 300 };

static long plain;  // what a critical section guards
static int inside;

static void enter(void) {
  EXPECT_EQ(__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED), 1);
  plain++;
  __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
}

PROGRAM(exclusive_critical) {
#pragma omp parallel
  for (int i = 0; i < ROUNDS; i++) {
#pragma omp critical
    enter();
  }
  EXPECT_EQ(plain, (long)ROUNDS * program_threads());
}

PROGRAM(exclusive_critical_named) {
  static long other;
#pragma omp parallel
  for (int i = 0; i < ROUNDS; i++) {
#pragma omp critical(first)
    enter();
#pragma omp critical(second) hint(omp_sync_hint_contended)
    {
      other++;
#pragma omp critical(third)
      other++;  // a section within one of another name
    }
  }
  EXPECT_EQ(plain, (long)ROUNDS * program_threads());
  EXPECT_EQ(other, 2L * ROUNDS * program_threads());
}

// The same name, in another function and within loops and tasks.
static void elsewhere(void) {
#pragma omp critical(first)
  enter();
}

PROGRAM(exclusive_critical_everywhere) {
#pragma omp parallel
  {
#pragma omp for schedule(dynamic) nowait
    for (int i = 0; i < ROUNDS; i++) elsewhere();
#pragma omp task
    elsewhere();
#pragma omp critical(first)
    enter();
  }
  EXPECT_EQ(plain, ROUNDS + 2 * program_threads());
}

PROGRAM(exclusive_atomic) {
  static char c;
  static short s;
  static int i;
  static long l;
  static unsigned long long u = 1;
  static float f;
  static double d, halved = 1;
  static _Bool any;
  long threads = program_threads();
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
#pragma omp atomic
    c++;
#pragma omp atomic
    s += 3;
#pragma omp atomic update
    i = i - 2;
#pragma omp atomic
    l ^= 1L << (round % 40);
#pragma omp atomic
    u |= 1ULL << (round % 64);
#pragma omp atomic
    f += 1;
#pragma omp atomic
    d = d + 0.5;
#pragma omp atomic write
    any = 1;
    if (round < 2) {
#pragma omp atomic
      halved /= 2;
    }
  }
  EXPECT_EQ(c, (char)(ROUNDS * threads));
  EXPECT_EQ(s, 3 * ROUNDS * threads);
  EXPECT_EQ(i, -2 * ROUNDS * threads);
  long parity = 0;
  for (int round = 0; round < ROUNDS; round++) parity ^= threads % 2 ? 1L << (round % 40) : 0;
  EXPECT_EQ(l, parity);
  EXPECT(u == ~0ULL);
  EXPECT(f == (float)(ROUNDS * threads));
  EXPECT(d == 0.5 * (double)(ROUNDS * threads));
  EXPECT(halved == 1.0 / (double)(1UL << (2 * threads)));
  EXPECT(any);
}

PROGRAM(exclusive_atomic_capture) {
  static int tickets, seen[9 * ROUNDS + 1];
  static long highest = -1;
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
    int mine, now;
    long before;
#pragma omp atomic capture
    mine = tickets++;
    __atomic_add_fetch(&seen[mine], 1, __ATOMIC_RELAXED);
#pragma omp atomic read
    now = tickets;
    EXPECT(now > mine);
#pragma omp atomic capture
    {
      before = highest;
      highest = mine > highest ? mine : highest;
    }
    EXPECT(before >= -1);
  }
  EXPECT_EQ(tickets, ROUNDS * program_threads());
  for (int i = 0; i < tickets; i++) EXPECT_EQ(seen[i], 1);
  EXPECT_EQ(highest, tickets - 1);
}

// Types that GCC has no operations of the processor for: the library has the lock.
PROGRAM(exclusive_atomic_of_wide_types) {
  static long double l;
  static __int128 i;
  static _Float128 f;
  long threads = program_threads();
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
    long double got;
    __int128 mine;
#pragma omp atomic
    l += 1;
#pragma omp atomic capture
    mine = i += (__int128)1 << 64;
    EXPECT((long)(mine >> 64) >= round + 1);
#pragma omp atomic
    f = f - 2;
#pragma omp atomic read
    got = l;
    EXPECT(got >= round + 1);
  }
  EXPECT(l == (long double)(ROUNDS * threads));
  EXPECT_EQ(i >> 64, ROUNDS * threads);
  EXPECT_EQ((unsigned long)i, 0);
  EXPECT(f == (_Float128)(-2 * ROUNDS * threads));
}

PROGRAM(exclusive_locks) {
  omp_lock_t lock;
  omp_nest_lock_t nested;
  omp_init_lock(&lock);
  omp_init_nest_lock(&nested);
  static long by_nested, tries;
#pragma omp parallel
  for (int i = 0; i < ROUNDS; i++) {
    omp_set_lock(&lock);
    enter();
    omp_unset_lock(&lock);
    omp_set_nest_lock(&nested);
    EXPECT_EQ(omp_test_nest_lock(&nested), 2);
    by_nested++;
    omp_unset_nest_lock(&nested);
    omp_unset_nest_lock(&nested);
    if (omp_test_lock(&lock)) {
      tries++;
      omp_unset_lock(&lock);
    }
  }
  EXPECT_EQ(plain, (long)ROUNDS * program_threads());
  EXPECT_EQ(by_nested, (long)ROUNDS * program_threads());
  EXPECT(tries > 0);
  omp_destroy_nest_lock(&nested);
  omp_destroy_lock(&lock);
}
