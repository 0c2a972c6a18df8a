/* SPDX-License-Identifier: MIT */
/* atomic.c: additions of several threads to one variable are all there, and each sees what was there before. */
#include <math.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(atomic, .timeout = SCALE_TIMEOUT);

enum { CELLS = 7, THREADS = 4 };

struct sums {
  double f64[CELLS];
  float f32[CELLS];
  int64_t i64[CELLS];
  int32_t i32[CELLS];
};

struct scatter {
  struct sums *sums;
};

PPAR_BODY(scatter, i, struct scatter, s) {
  const int cell = (int)(work_hash(i) % CELLS);
  ppar_atomic_add_f64(&s->sums->f64[cell], (double)(i % 5) - 0.5);
  ppar_atomic_add_f32(&s->sums->f32[cell], (float)(i % 3));
  ppar_atomic_add_i64(&s->sums->i64[cell], i << 32);
  ppar_atomic_add_i32(&s->sums->i32[cell], (int32_t)i - 100);
}

Test(atomic, no_addition_is_lost) {
  const int64_t n = 1000 + (int64_t)scaled(50000);
  struct sums sums, expected;
  memset(&sums, 0, sizeof sums);
  memset(&expected, 0, sizeof expected);
  for (int64_t i = 0; i < n; i++) {
    const int cell = (int)(work_hash(i) % CELLS);
    expected.f64[cell] += (double)(i % 5) - 0.5; /* exact, as all of these */
    expected.f32[cell] += (float)(i % 3);
    expected.i64[cell] += i << 32;
    expected.i32[cell] += (int32_t)i - 100;
  }
  cr_assert_eq(
      PPAR_FOR(0, n, scatter, &(struct scatter){&sums}, PPAR_OPTIONS(.threads = THREADS, .schedule = ppar_dynamic(10))),
      PPAR_OK);
  for (int c = 0; c < CELLS; c++) {
    cr_assert(sums.f64[c] == expected.f64[c] && sums.f32[c] == expected.f32[c], "%d", c);
    cr_assert(sums.i64[c] == expected.i64[c] && sums.i32[c] == expected.i32[c], "%d", c);
  }
}

/* Tickets: what each addition of 1 finds is a number that no other one finds. */
struct tickets {
  double *next;
  _Atomic int *taken;
  struct findings *found;
};

PPAR_BODY(take_ticket, i, struct tickets, t) {
  const double ticket = ppar_atomic_add_f64(t->next, 1);
  EXPECT(t->found, ticket >= 0 && ticket < 5000 && ticket == floor(ticket));
  EXPECT(t->found, atomic_fetch_add(&t->taken[(int)ticket % 5000], 1) == 0);
}

Test(atomic, additions_return_what_was_there_before) {
  static _Atomic int taken[5000];
  struct findings found = {0, NULL};
  double next = 0;
  float f32 = 1.5f;
  int32_t i32 = INT32_MAX;
  int64_t i64 = INT64_MAX;
  cr_assert_eq(PPAR_FOR(0, 5000, take_ticket, &(struct tickets){&next, taken, &found},
                        PPAR_OPTIONS(.threads = THREADS, .schedule = ppar_dynamic(1))),
               PPAR_OK);
  ASSERT_CLEAN(&found, "tickets");
  cr_assert(next == 5000);
  cr_assert(ppar_atomic_add_f32(&f32, 2) == 1.5f && f32 == 3.5f);
  cr_assert(ppar_atomic_add_i32(&i32, 1) == INT32_MAX && i32 == INT32_MIN);
  cr_assert(ppar_atomic_add_i64(&i64, 1) == INT64_MAX && i64 == INT64_MIN);
}

/* A NaN equals nothing, itself included, and two zeros that differ are equal: the swap goes by the bits. */
Test(atomic, values_that_comparisons_mistake_are_added_to) {
  double value = NAN;
  cr_assert(isnan(ppar_atomic_add_f64(&value, 1)) && isnan(value));
  value = -0.0;
  cr_assert(signbit(ppar_atomic_add_f64(&value, 2)) && value == 2);
}
