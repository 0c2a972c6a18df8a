// SPDX-License-Identifier: MIT
// constructs.c: OpenACC's constructs on a machine without devices: the host runs them, on its own data.
#include <openacc.h>
#include <pthread.h>

#include "program.h"

enum { N = 1000 };

struct view {
  int *data;
  int count;
};

PROGRAM(acc_compute) {
  int data[N], sum = 0, on_host = 0, on_other = 0;
#pragma acc parallel loop copyout(data) num_gangs(8) vector_length(32)
  for (int i = 0; i < N; i++) data[i] = i;
  for (int i = 0; i < N; i++) EXPECT_EQ(data[i], i);
#pragma acc parallel loop reduction(+ : sum) copyin(data)
  for (int i = 0; i < N; i++) sum += data[i];
  EXPECT_EQ(sum, N * (N - 1) / 2);
#pragma acc kernels copy(data)
  for (int i = 0; i < N; i++) data[i] *= 2;
  EXPECT_EQ(data[N - 1], 2 * (N - 1));
#pragma acc serial copy(data)
  data[0] = 7;
  EXPECT_EQ(data[0], 7);
#pragma acc parallel copyout(on_host, on_other)
  {
    on_host = acc_on_device(acc_device_host);
    on_other = acc_on_device(acc_device_not_host);
  }
  EXPECT(on_host != 0);
  EXPECT_EQ(on_other, 0);
}

PROGRAM(acc_firstprivate_is_a_copy) {
  int one = 1, data[N] = {1}, seen = 0;
#pragma acc parallel firstprivate(one, data) copy(seen)
  {
    seen = one == 1 && data[0] == 1;
    one = data[0] = 9;
  }
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(one, 1);
  EXPECT_EQ(data[0], 1);
}

PROGRAM(acc_data) {
  int data[N] = {0}, *pointer = data;
  struct view view = {data, N};
#pragma acc data copy(data)
  {
#pragma acc parallel present(data)
    data[0] = 1;
#pragma acc update self(data [0:1])
    EXPECT_EQ(data[0], 1);
#pragma acc update device(data) async(2) wait(1)
#pragma acc host_data use_device(data)
    pointer = data;
    EXPECT(pointer == data);
  }
#pragma acc enter data copyin(data [0:N]) create(view) async(1)
#pragma acc exit data copyout(data [0:N]) delete (view)async(1)
#pragma acc data deviceptr(pointer)
#pragma acc parallel deviceptr(pointer)
  pointer[1] = 5;
  EXPECT_EQ(data[1], 5);
#pragma acc enter data copyin(view, view.data [0:N])
#pragma acc parallel present(view)
  view.data[2] = view.count;
#pragma acc exit data delete (view)
  EXPECT_EQ(data[2], N);
#pragma acc declare create(data)
  EXPECT_EQ(data[2], N);
}

PROGRAM(acc_if_and_queues) {
  int value = 0;
  for (int round = 0; round < 2; round++) {
#pragma acc parallel if (round) copy(value) async(round)
    value++;
#pragma acc data copy(value) if (round)
    value++;
#pragma acc update self(value) if (round)
#pragma acc wait(round) async(3)
#pragma acc kernels copy(value) async(4) wait(3)
    value++;
#pragma acc wait
  }
  EXPECT_EQ(value, 6);
  EXPECT(acc_async_test(4) != 0);
  EXPECT(acc_async_test_all() != 0);
}

static void *compute(void *arg) {
  int value = 0;
  for (int i = 0; i < 100; i++) {
#pragma acc parallel copy(value) async(i)
    value += i;
#pragma acc wait
  }
  *(int *)arg = value;
  return NULL;
}

// Threads of the program's own, and of regions.
PROGRAM(acc_by_several_threads) {
  enum { THREADS = 4 };
  pthread_t threads[THREADS];
  int values[THREADS] = {0};
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, compute, &values[i]);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < THREADS; i++) EXPECT_EQ(values[i], 4950);
#pragma omp parallel num_threads(THREADS)
  compute(&values[omp_get_thread_num()]);
  for (int i = 0; i < THREADS; i++) EXPECT_EQ(values[i], 4950);
}

// --- Called by hand -----------------------------------------------------------------------------------------

void GOACC_parallel(int flags, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                    unsigned short *kinds, int gangs, int workers, int length, int async, int waits, ...);
void GOACC_enter_exit_data(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds, int async,
                           int waits, ...);
void GOACC_declare(int flags, size_t count, void **addresses, size_t *sizes, unsigned short *kinds);
int GOACC_get_num_threads(void), GOACC_get_thread_num(void);

static void add_one(void *arg) { ++**(int **)arg; }

// What compilers before GCC 6 and 12 call, and what none does.
PROGRAM_OF_OURS(acc_entry_points_of_old) {
  int value = 0;
  void *addresses[] = {&value};
  size_t sizes[] = {sizeof value};
  unsigned short enter[] = {0x81}, leave[] = {0x82}, map[] = {3};
  GOACC_enter_exit_data(-1, 1, addresses, sizes, enter, acc_async_sync, 0);
  GOACC_parallel(-1, add_one, 1, addresses, sizes, map, 1, 1, 1, 3, 2, 1, 2);
  GOACC_enter_exit_data(-1, 1, addresses, sizes, leave, 1, 1, 3);
  GOACC_declare(-1, 1, addresses, sizes, enter);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(GOACC_get_num_threads(), 1);
  EXPECT_EQ(GOACC_get_thread_num(), 0);
}
