// SPDX-License-Identifier: MIT
// lock_versions.c: the locks of programs that were linked before OpenMP 3.0, and of Fortran: the names of both versions
// are called by hand.
#include <dlfcn.h>
#include <stdint.h>

#include "program.h"

enum { ROUNDS = 1000 };

// A lock as a program of that time has it: as long as it was then, and no longer.
typedef struct old_nest_lock {
  int before, words[2], behind;
} old_nest_lock;

typedef struct functions {
  void (*init)(void *), (*destroy)(void *), (*set)(void *), (*unset)(void *);
  int (*test)(void *);
} functions;

static void *find(const char *name, const char *version) {
  void *found = dlvsym(RTLD_DEFAULT, name, version);
  EXPECT(found != NULL);
  return found;
}

static functions simple(const char *version, int fortran) {
  return (functions){(void (*)(void *))find(fortran ? "omp_init_lock_" : "omp_init_lock", version),
                     (void (*)(void *))find(fortran ? "omp_destroy_lock_" : "omp_destroy_lock", version),
                     (void (*)(void *))find(fortran ? "omp_set_lock_" : "omp_set_lock", version),
                     (void (*)(void *))find(fortran ? "omp_unset_lock_" : "omp_unset_lock", version),
                     (int (*)(void *))find(fortran ? "omp_test_lock_" : "omp_test_lock", version)};
}

static functions nestable(const char *version, int fortran) {
  return (functions){(void (*)(void *))find(fortran ? "omp_init_nest_lock_" : "omp_init_nest_lock", version),
                     (void (*)(void *))find(fortran ? "omp_destroy_nest_lock_" : "omp_destroy_nest_lock", version),
                     (void (*)(void *))find(fortran ? "omp_set_nest_lock_" : "omp_set_nest_lock", version),
                     (void (*)(void *))find(fortran ? "omp_unset_nest_lock_" : "omp_unset_nest_lock", version),
                     (int (*)(void *))find(fortran ? "omp_test_nest_lock_" : "omp_test_nest_lock", version)};
}

static void use_simple(functions f) {
  struct {
    int before, lock, behind;
  } room = {17, -1, 18};
  long guarded = 0;
  f.init(&room.lock);
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
    f.set(&room.lock);
    guarded++;
    f.unset(&room.lock);
  }
  EXPECT_EQ(guarded, (long)ROUNDS * program_threads());
  EXPECT_EQ(f.test(&room.lock), 1);
  EXPECT_EQ(f.test(&room.lock), 0);
  f.unset(&room.lock);
  f.destroy(&room.lock);
  EXPECT_EQ(room.before, 17);
  EXPECT_EQ(room.behind, 18);
}

PROGRAM(old_lock) { use_simple(simple("OMP_1.0", 0)); }
PROGRAM(old_lock_of_fortran) { use_simple(simple("OMP_1.0", 1)); }
PROGRAM(present_lock) { use_simple(simple("OMP_3.0", 0)); }
PROGRAM(present_lock_of_fortran) { use_simple(simple("OMP_3.0", 1)); }

// `by_task`: who sets it again in a task of its own.
static void use_nestable(functions f, void *lock, int by_task) {
  long guarded = 0;
  f.init(lock);
#pragma omp parallel
  for (int round = 0; round < ROUNDS; round++) {
    f.set(lock);
    EXPECT_EQ(f.test(lock), 2);
    guarded++;
    f.unset(lock);
    f.unset(lock);
  }
  EXPECT_EQ(guarded, (long)ROUNDS * program_threads());
  f.set(lock);
#pragma omp parallel
  if (omp_get_thread_num() != 0) EXPECT_EQ(f.test(lock), 0);
#pragma omp task if (0)
  {
    int count = f.test(lock);
    EXPECT_EQ(count, by_task ? 2 : 0);
    if (count != 0) f.unset(lock);
  }
  f.unset(lock);
  int got = 0;
#pragma omp parallel reduction(+ : got)
  got += f.test(lock);
  EXPECT_EQ(got, 1);
  f.destroy(lock);
}

static void use_old_nestable(int fortran) {
  old_nest_lock room = {17, {-1, -1}, 18};
  use_nestable(nestable("OMP_1.0", fortran), room.words, 1);
  EXPECT_EQ(room.before, 17);
  EXPECT_EQ(room.behind, 18);
}

PROGRAM(old_nest_lock_is_a_threads) { use_old_nestable(0); }
PROGRAM(old_nest_lock_of_fortran) { use_old_nestable(1); }

PROGRAM(present_nest_lock_is_a_tasks) {
  struct {
    int64_t before;
    omp_nest_lock_t lock;
    int64_t behind;
  } room = {.before = 17, .behind = 18};
  use_nestable(nestable("OMP_3.0", 0), &room.lock, 0);
  EXPECT_EQ(room.before, 17);
  EXPECT_EQ(room.behind, 18);
}

// Of the size of omp_nest_lock_kind.
PROGRAM(present_nest_lock_of_fortran) {
  int64_t room[3] = {17, -1, 18};
  use_nestable(nestable("OMP_3.0", 1), &room[1], 0);
  EXPECT_EQ(room[0], 17);
  EXPECT_EQ(room[2], 18);
}
