// SPDX-License-Identifier: MIT
// target.c: target regions and data on a machine without devices: the host runs them, on its own data.
#include <stdint.h>
#include <string.h>

#include "program.h"

enum { N = 100 };

struct big {
  int values[400];
  char last;
};

static int global = 5;
#pragma omp declare target(global)

PROGRAM(target_firstprivate_is_a_copy) {
  int whole = 1, array[10] = {1, 2, 3}, *pointer = array, count = 7;
  int variable[count];
  char letter = 2;
  double real = 3;
  long double longer = 4;
  struct big big = {{0}, 3};
  _Alignas(64) char aligned[70] = {9};
  int seen = 0;
  for (int i = 0; i < count; i++) variable[i] = i;
  big.values[399] = 8;
#pragma omp target firstprivate(whole, letter, real, longer, big, array, pointer, variable, aligned) map(tofrom : seen)
  {
    seen = whole == 1 && letter == 2 && real == 3 && longer == 4 && big.values[399] == 8 && big.last == 3 &&
           array[2] == 3 && pointer[1] == 2 && variable[6] == 6 && aligned[0] == 9 && ((uintptr_t)aligned & 63) == 0;
    whole = 10, letter = 11, real = 12, longer = 13, array[0] = 14, variable[6] = 15, big.values[399] = 16;
    big.last = 17, aligned[0] = 18;
    pointer[1] = 19;  // the copy points to the same array
  }
  EXPECT(seen);
  EXPECT(whole == 1 && letter == 2 && real == 3 && longer == 4);
  EXPECT_EQ(array[0], 1);
  EXPECT_EQ(array[1], 19);
  EXPECT_EQ(variable[6], 6);
  EXPECT_EQ(big.values[399], 8);
  EXPECT_EQ(big.last, 3);
  EXPECT_EQ(aligned[0], 9);
}

// Copies that no stack frame has room for.
PROGRAM(target_firstprivate_of_many_bytes) {
  enum { MANY = 100000 };
  static int data[MANY];
  int copy_ok = 1;
  int(*array)[MANY] = &data;
  for (int i = 0; i < MANY; i++) data[i] = i;
#pragma omp target firstprivate(data) map(tofrom : copy_ok)
  for (int i = 0; i < MANY; i++) {
    if (data[i] != i) copy_ok = 0;
    data[i] = -1;
  }
  EXPECT(copy_ok);
  for (int i = 0; i < MANY; i++) EXPECT_EQ((*array)[i], i);
}

PROGRAM(target_map_is_the_data) {
  int one = 1, array[N], *pointer = array, *nothing = NULL;
  struct {
    int *data;
    int count;
  } view = {array, N};
  for (int i = 0; i < N; i++) array[i] = i;
#pragma omp target map(tofrom : one) map(array)
  {
    one++;
    array[N - 1] = -1;
  }
  EXPECT_EQ(one, 2);
  EXPECT_EQ(array[N - 1], -1);
#pragma omp target map(pointer[:N])
  pointer[0] = 40;
  EXPECT_EQ(array[0], 40);
#pragma omp target map(view.data[:view.count], view.count)
  view.data[1] = view.count;
  EXPECT_EQ(array[1], N);
#pragma omp target map(nothing[:0])
  if (nothing != NULL) global = -1;
#pragma omp target
  global++;
  EXPECT_EQ(global, 6);
#pragma omp target  // arrays are mapped, and numbers are firstprivate, where nothing is said
  {
    array[2] = 41;
    one = 50;
  }
  EXPECT_EQ(array[2], 41);
  EXPECT_EQ(one, 2);
}

PROGRAM(target_data_does_nothing) {
  int one = 1, array[N] = {0}, *pointer = array;
#pragma omp target data map(one, array) use_device_addr(array)
  {
#pragma omp target map(one) has_device_addr(array)
    {
      one++;
      array[0] = 2;
    }
#pragma omp target update from(one)
    EXPECT_EQ(one, 2);
    EXPECT_EQ(array[0], 2);
  }
#pragma omp target data map(pointer[:N]) use_device_ptr(pointer)
  {
    EXPECT(pointer == array);
#pragma omp target is_device_ptr(pointer)
    pointer[1]++;
  }
  EXPECT_EQ(array[1], 1);
#pragma omp target enter data map(to : array)
#pragma omp target update to(array [0:2])
#pragma omp target exit data map(from : array)
  EXPECT_EQ(array[0], 2);
}

PROGRAM(target_with_clauses_on_the_device) {
  int ran = 0;
#pragma omp target if (ran > 100) map(ran)
  ran++;
#pragma omp target device(omp_get_initial_device()) map(ran)
  ran++;
#pragma omp target device(3) map(ran)  // there is none: the host runs it
  ran++;
#pragma omp target data if (ran == 0) device(7) map(ran)
  ran++;
  EXPECT_EQ(ran, 4);
}

// A target region begins a data environment of its own.
PROGRAM(target_is_an_initial_task) {
  int threads = omp_get_max_threads();
  omp_set_num_threads(threads + 3);
  omp_set_max_active_levels(4);
#pragma omp parallel num_threads(2)
#pragma omp single
  {
    int limit_around = omp_get_thread_limit();
#pragma omp target thread_limit(5)
    {
      EXPECT_EQ(omp_get_level(), 0);
      EXPECT_EQ(omp_in_parallel(), 0);
      EXPECT_EQ(omp_get_thread_num(), 0);
      EXPECT_EQ(omp_get_num_threads(), 1);
      EXPECT_EQ(omp_get_team_num(), 0);
      EXPECT_EQ(omp_get_num_teams(), 1);
      EXPECT_EQ(omp_get_thread_limit(), 5);
      EXPECT_EQ(omp_is_initial_device(), 1);
      omp_set_num_threads(3);
      int inner = 0;
#pragma omp parallel reduction(+ : inner)
      inner += omp_get_num_threads() == 3 && omp_get_level() == 1;
      EXPECT_EQ(inner, 3);
    }
    EXPECT_EQ(omp_get_thread_limit(), limit_around);
    EXPECT_EQ(omp_get_level(), 1);
    EXPECT_EQ(omp_get_max_threads(), threads + 3);
  }
  EXPECT_EQ(omp_get_max_threads(), threads + 3);
}

static void share_out(int *hits) {
#pragma omp for schedule(dynamic, 3) nowait
  for (int i = 0; i < N; i++) hits[i]++;
#pragma omp for
  for (int i = 0; i < N; i++) hits[i]++;
#pragma omp single
  hits[0] += 10;
#pragma omp barrier
#pragma omp sections
  {
    hits[1] += 10;
#pragma omp section
    hits[2] += 10;
  }
}

// Worksharing and barriers that bind to no region inside are not the team's around the target region: one thread alone
// comes to them.
PROGRAM(target_has_no_team_around) {
  int hits[N] = {0};
#pragma omp parallel num_threads(3)
#pragma omp single nowait
#pragma omp target map(hits)
  share_out(hits);
  for (int i = 3; i < N; i++) EXPECT_EQ(hits[i], 2);
  for (int i = 0; i < 3; i++) EXPECT_EQ(hits[i], 12);
}

PROGRAM(target_by_all_threads_at_once) {
  int counts[16] = {0};
#pragma omp parallel num_threads(4)
  for (int round = 0; round < 100; round++) {
    int mine = omp_get_thread_num();
#pragma omp target firstprivate(mine)
    {
      counts[mine]++;
      mine = -1;
    }
    EXPECT_EQ(omp_get_thread_num(), mine);
  }
  for (int i = 0; i < 4; i++) EXPECT_EQ(counts[i], 100);
}

PROGRAM(target_nowait) {
  int order[8] = {0}, next = 0, value = 0;
  struct big big = {{0}, 7};
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp target nowait depend(out : value) map(value, next, order)
    order[0] = ++next, value = 10;
#pragma omp target update to(value) nowait depend(inout : value)
#pragma omp target nowait depend(in : value) map(value, next, order) firstprivate(big)
    order[1] = ++next, value += big.last, big.last = 0;
    big.last = 100;  // the copy was made before this
#pragma omp target enter data map(to : order) nowait depend(inout : value)
#pragma omp task depend(inout : value) shared(value, next, order)
    order[2] = ++next, value *= 2;
#pragma omp target depend(inout : value) map(value, next, order)
    order[3] = ++next, value += 1;
    EXPECT_EQ(value, 35);
#pragma omp target nowait map(order)
    order[4] = 1;
#pragma omp taskwait
    EXPECT_EQ(order[4], 1);
  }
  for (int i = 0; i < 4; i++) EXPECT_EQ(order[i], i + 1);
    // In serial code, too.
#pragma omp target nowait map(value)
  value = 77;
#pragma omp taskwait
  EXPECT_EQ(value, 77);
}

// A region that comes after a task whose event is awaited stands back until then, in serial code and in regions.
PROGRAM(target_nowait_after_an_event) {
  for (int threads = 0; threads <= 2; threads++) {
    omp_event_handle_t event;
    int value = 0, seen = -1;
#pragma omp parallel num_threads(threads ? threads : 1) if (threads > 0)
#pragma omp single
    {
#pragma omp task detach(event) depend(out : value) shared(value)
      value = 1;
#pragma omp target nowait depend(inout : value) map(value)
      value *= 10;
#pragma omp target update to(value) nowait depend(inout : value)
#pragma omp task depend(inout : value) shared(value, seen)
      seen = value;
      EXPECT_EQ(seen, -1);
      omp_fulfill_event(event);
#pragma omp taskwait
      EXPECT_EQ(seen, 10);
    }
  }
}

// So does a task in a target region, which ends with its tasks. GCC's library waits there for ever.
PROGRAM_OF_OURS(target_ends_with_its_tasks) {
  int value = 0;
#pragma omp target map(value)
  {
    omp_event_handle_t event;
#pragma omp task detach(event) depend(out : value) shared(value)
    value = 1;
#pragma omp task depend(inout : value) shared(value)
    value *= 10;
    omp_fulfill_event(event);
  }
  EXPECT_EQ(value, 10);
}

PROGRAM(target_in_reduction) {
  int sum = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
#pragma omp taskgroup task_reduction(+ : sum)
  for (int i = 1; i <= 10; i++) {
#pragma omp target in_reduction(+ : sum) firstprivate(i)
    sum += i;
  }
  EXPECT_EQ(sum, 55);
}

PROGRAM(target_combined) {
  int sum = 0, hits[N] = {0}, threads = 0;
#pragma omp target teams distribute parallel for reduction(+ : sum) map(hits) num_teams(3) thread_limit(4)
  for (int i = 0; i < N; i++) {
    sum += i;
    hits[i]++;
  }
  EXPECT_EQ(sum, N * (N - 1) / 2);
#pragma omp target parallel for reduction(+ : sum) map(hits)
  for (int i = 0; i < N; i++) {
    sum++;
    hits[i]++;
  }
  EXPECT_EQ(sum, N * (N - 1) / 2 + N);
  for (int i = 0; i < N; i++) EXPECT_EQ(hits[i], 2);
#pragma omp target parallel num_threads(3) map(threads)
#pragma omp atomic
  threads++;
  EXPECT_EQ(threads, 3);
#pragma omp target simd map(hits)
  for (int i = 0; i < N; i++) hits[i] = 0;
#pragma omp target parallel loop map(hits)
  for (int i = 0; i < N; i++) hits[i] += i;
  for (int i = 0; i < N; i++) EXPECT_EQ(hits[i], i);
}

// A final task's target region has an initial task of its own, which is not final.
static int count_target_regions(void) {
  int regions = 0;
  EXPECT(omp_in_final());
#pragma omp target map(tofrom : regions)
  regions += !omp_in_final();
  EXPECT(omp_in_final());
#pragma omp target nowait map(tofrom : regions)
  regions += !omp_in_final();
  EXPECT(omp_in_final());
#pragma omp taskwait
  return regions;
}

PROGRAM(target_in_a_final_task) {
  int regions = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
#pragma omp task final(1) shared(regions)
  {
#pragma omp task shared(regions)
    regions = count_target_regions();
#pragma omp taskyield
  }
  EXPECT_EQ(regions, 2);
}
