/* SPDX-License-Identifier: MIT */
/* A process that has ThreadSanitizer's functions is told of edges: here the test has them. */
#include "platform/race_checker.h"

#include <criterion/criterion.h>

#include <stdatomic.h>

#include <ppar/ppar.h>

#include "platform/memory.h"

#if !defined(PP_RACE_CHECKER_SEES_ALL)

static atomic_int releases, acquires, pauses, most_pauses;
static _Atomic(const void *) latest_release, latest_acquire;

void __tsan_release(void *edge) {
  atomic_fetch_add(&releases, 1);
  atomic_store(&latest_release, edge);
}
void __tsan_acquire(void *edge) {
  atomic_fetch_add(&acquires, 1);
  atomic_store(&latest_acquire, edge);
}

static void pause_checks(void) {
  int now = atomic_fetch_add(&pauses, 1) + 1;
  if (now > atomic_load(&most_pauses)) atomic_store(&most_pauses, now);
}
void AnnotateIgnoreReadsBegin(const char *file, int line) { (void)file, (void)line, pause_checks(); }
void AnnotateIgnoreReadsEnd(const char *file, int line) { (void)file, (void)line, atomic_fetch_sub(&pauses, 1); }
void AnnotateIgnoreWritesBegin(const char *file, int line) { (void)file, (void)line, pause_checks(); }
void AnnotateIgnoreWritesEnd(const char *file, int line) { (void)file, (void)line, atomic_fetch_sub(&pauses, 1); }
void AnnotateIgnoreSyncBegin(const char *file, int line) { (void)file, (void)line, pause_checks(); }
void AnnotateIgnoreSyncEnd(const char *file, int line) { (void)file, (void)line, atomic_fetch_sub(&pauses, 1); }

Test(platform_race_checker, is_found_as_the_library_loads) {
  cr_assert_eq(pp_race_checker_there, PP_THREAD_SANITIZER);
  cr_assert(pp_race_checker_listens());
}

Test(platform_race_checker, is_told_which_edge) {
  const char edges[2] = {0, 0};
  pp_edge_release(&edges[0]);
  pp_edge_acquire(&edges[1]);
  cr_assert_eq(atomic_load(&latest_release), &edges[0]);
  cr_assert_eq(atomic_load(&latest_acquire), &edges[1]);
}

Test(platform_race_checker, does_not_look_at_the_library_making_its_own_memory) {
  int before = atomic_load(&pauses);
  void *block = pp_memory_zalloc(100);
  cr_assert_eq(atomic_load(&pauses), before);
  cr_assert_eq(atomic_load(&most_pauses), 3, "reads, writes and locks");
  pp_memory_free(block);
}

/* A critical section has one edge, whose two ends are the same. */
Test(platform_race_checker, is_told_of_a_critical_section) {
  const void *entered;
  int before = atomic_load(&acquires) + atomic_load(&releases);
  ppar_critical_begin(NULL, "section");
  entered = atomic_load(&latest_acquire);
  ppar_critical_end(NULL, "section");
  cr_assert_eq(atomic_load(&acquires) + atomic_load(&releases), before + 2);
  cr_assert_eq(atomic_load(&latest_release), entered);
}

enum { CHUNKS = 100000 };

static void nothing(const ppar_chunk *chunk, void *arg) { (void)chunk, (void)arg; }

/* How many chunks there are makes no difference: the chunks of a loop are in no order. */
Test(platform_race_checker, is_not_told_of_chunks) {
  const ppar_schedule schedules[] = {ppar_dynamic(1), ppar_guided(1), ppar_static(1), ppar_monotonic(ppar_dynamic(1))};
  for (int s = 0; s < 4; s++) {
    int before = atomic_load(&acquires) + atomic_load(&releases);
    (void)ppar_parallel_for(0, CHUNKS, nothing, NULL, PPAR_OPTIONS(.schedule = schedules[s], .threads = 2));
    cr_assert_leq(atomic_load(&acquires) + atomic_load(&releases) - before, CHUNKS / 100, "schedule %d", s);
  }
}

#else

Test(platform_race_checker, sees_the_library_itself) { cr_assert_not(pp_race_checker_listens()); }

#endif
