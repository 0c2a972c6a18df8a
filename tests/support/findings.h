/* SPDX-License-Identifier: MIT */
/* findings.h: expectations that any thread may state. A body notes what it finds wrong; the test's own
 * thread asserts at the end that nothing was found. */
#ifndef TESTS_FINDINGS_H
#define TESTS_FINDINGS_H

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stddef.h>

struct findings {
  _Atomic unsigned long count;
  _Atomic(const char *) first;
};

static inline void findings_add(struct findings *found, const char *what) {
  const char *none = NULL;
  atomic_compare_exchange_strong(&found->first, &none, what);
  atomic_fetch_add(&found->count, 1);
}

#define FINDINGS_TEXT_(text) #text
#define FINDINGS_LINE_(line) FINDINGS_TEXT_(line)

/* Notes a condition that does not hold; for any thread, and goes on. */
#define EXPECT(found, condition) \
  ((condition) ? (void)0 : findings_add((found), __FILE__ ":" FINDINGS_LINE_(__LINE__) ": expected " #condition))

/* Ends the test when something was found; for the test's own thread. The text says in which case. */
#define ASSERT_CLEAN(found, text)                                                                                   \
  do {                                                                                                              \
    if (atomic_load(&(found)->count) != 0)                                                                          \
      cr_assert_fail("%s (%lu times), in: %s", atomic_load(&(found)->first), atomic_load(&(found)->count), (text)); \
  } while (0)

#endif
