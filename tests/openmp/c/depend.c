// SPDX-License-Identifier: MIT
// depend.c: tasks that wait for others by what they read and write.
#include <stdint.h>
#include <string.h>

#include "program.h"

enum { N = 100 };

static int chain_value, copies[N];

PROGRAM(depend_chain) {
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < N; i++) {
#pragma omp task depend(inout : chain_value) firstprivate(i)
      {
        EXPECT_EQ(chain_value, i);
        chain_value = i + 1;
      }
    }
#pragma omp task depend(in : chain_value)
    EXPECT_EQ(chain_value, N);
  }
  EXPECT_EQ(chain_value, N);
}

// One writes, many read, the next one writes.
PROGRAM(depend_readers) {
  static int value, readers;
#pragma omp parallel
#pragma omp single
  for (int round = 1; round <= 20; round++) {
#pragma omp task depend(out : value)
    {
      EXPECT_EQ(readers, 5 * (round - 1));
      value = round;
    }
    for (int i = 0; i < 5; i++) {
#pragma omp task depend(in : value)
      {
        EXPECT_EQ(value, round);
#pragma omp atomic
        readers++;
      }
    }
  }
  EXPECT_EQ(readers, 100);
}

// A wave over a grid: each block after the one above it and the one to its left.
PROGRAM(depend_wave) {
  enum { ROWS = 12, COLUMNS = 9 };
  static long cells[ROWS + 1][COLUMNS + 1];
  for (int i = 0; i <= ROWS; i++) cells[i][0] = 1;
  for (int j = 0; j <= COLUMNS; j++) cells[0][j] = 1;
#pragma omp parallel
#pragma omp single
  for (int i = 1; i <= ROWS; i++) {
    for (int j = 1; j <= COLUMNS; j++) {
#pragma omp task depend(in : cells[i - 1][j], cells[i][j - 1]) depend(out : cells[i][j])
      cells[i][j] = cells[i - 1][j] + cells[i][j - 1];
    }
  }
  EXPECT_EQ(cells[ROWS][COLUMNS], 293930);  // 21 over 9
}

PROGRAM(depend_mutexinoutset) {
  static long sum;
  static int inside, first;
#pragma omp parallel
#pragma omp single
  {
#pragma omp task depend(out : sum)
    first = 1;
    for (int i = 0; i < N; i++) {
#pragma omp task depend(mutexinoutset : sum)
      {
        EXPECT_EQ(first, 1);
        EXPECT_EQ(__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED), 1);
        sum += i;
        __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
      }
    }
#pragma omp task depend(in : sum)
    EXPECT_EQ(sum, N * (N - 1) / 2);
  }
}

PROGRAM(depend_iterator) {
  static int done[N], all;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < N; i++) {
#pragma omp task depend(out : done[i])
      done[i] = 1;
    }
#pragma omp task depend(iterator(i = 0 : N), in : done[i]) shared(all)
    {
      for (int i = 0; i < N; i++) all += done[i];
    }
#pragma omp task depend(iterator(i = 0 : N : 2, j = 0 : 1), inout : done[i + j]) depend(in : done[1])
    done[0] = 2;
#pragma omp taskwait
  }
  EXPECT_EQ(all, N);
  EXPECT_EQ(done[0], 2);
}

PROGRAM(depend_depobj) {
  static int value;
  omp_depend_t object;
#pragma omp depobj(object) depend(inout : value)
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < N; i++) {
#pragma omp task depend(depobj : object)
    {
      EXPECT_EQ(value, i);
      value = i + 1;
    }
  }
  EXPECT_EQ(value, N);
#pragma omp depobj(object) update(in)
#pragma omp parallel
#pragma omp single
  {
#pragma omp task depend(out : value)
    value = 7;
    for (int i = 0; i < 10; i++) {
#pragma omp task depend(depobj : object)
      EXPECT_EQ(value, 7);
    }
  }
#pragma omp depobj(object) destroy
}

// taskwait with depend waits for some alone; what the others do is not known then.
PROGRAM(depend_taskwait) {
  static int needed, other;
#pragma omp parallel
#pragma omp single
  for (int round = 1; round <= 20; round++) {
#pragma omp task depend(out : needed)
    needed = round;
#pragma omp task depend(inout : other)
    other++;
#pragma omp taskwait depend(in : needed)
    EXPECT_EQ(needed, round);
  }
  EXPECT_EQ(other, 20);
}

// A task that is not deferred still waits for those that it depends on.
PROGRAM(depend_undeferred) {
  static int value;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 50; i++) {
#pragma omp task depend(out : value)
    value = i;
#pragma omp task if (0) depend(inout : value)
    {
      EXPECT_EQ(value, i);
      value = -i;
    }
    EXPECT_EQ(value, -i);
  }
}

// Only siblings depend on each other; each task's children are a world of their own.
PROGRAM(depend_siblings) {
  static int sums[8];
#pragma omp parallel
#pragma omp single
  for (int t = 0; t < 8; t++) {
#pragma omp task
    {
      int local = 0;
      for (int i = 0; i < 20; i++) {
#pragma omp task depend(inout : local) shared(local)
        {
          EXPECT_EQ(local, i);
          local = i + 1;
        }
      }
#pragma omp taskwait
      sums[t] = local;
    }
  }
  for (int t = 0; t < 8; t++) EXPECT_EQ(sums[t], 20);
}

// More than one dependence each, in all ways that they come.
PROGRAM(depend_many) {
  static int a, b, c;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 40; i++) {
#pragma omp task depend(out : a, b)
    a = b = i;
#pragma omp task depend(in : a) depend(out : c)
    c = a + 1;
#pragma omp task depend(in : a, b, c)
    {
      EXPECT_EQ(a, i);
      EXPECT_EQ(b, i);
      EXPECT_EQ(c, i + 1);
      copies[i] = c;
    }
  }
  for (int i = 0; i < 40; i++) EXPECT_EQ(copies[i], i + 1);
}

#if __GNUC__ >= 13
PROGRAM(depend_all_memory) {
  static int x, y, sum;
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 30; i++) {
#pragma omp task depend(out : x)
    x = i;
#pragma omp task depend(out : y)
    y = i;
#pragma omp task depend(out : omp_all_memory)
    sum += x + y;
#pragma omp task depend(inoutset : x)
    EXPECT_EQ(x, i);
  }
  EXPECT_EQ(sum, 30 * 29);
}
#endif

// Tasks of a chain do not pile up behind the thread that makes them, if that is the only one.
PROGRAM_OF_OURS(depend_chain_is_run_on_the_way) {
  enum { MANY = 20000, FEW = 1000 };
  int ran = 0, most = 0;
#pragma omp parallel num_threads(1)
  for (int i = 0; i < MANY; i++) {
    if (i - ran > most) most = i - ran;
#pragma omp task depend(inout : ran) shared(ran)
    ran++;
  }
  EXPECT_EQ(ran, MANY);
  EXPECT(most < FEW);
}

// What later compilers make of inoutset and omp_all_memory: depend objects have an address and a kind.
enum { OUT = 2, INOUT = 3, INOUTSET = 5 };

static omp_depend_t set, all[2];

static void fill_in(omp_depend_t *object, void *address, intptr_t kind) {
  void *words[2] = {address, (void *)kind};
  memcpy(object, words, sizeof words);
}

PROGRAM_OF_OURS(depend_inoutset_of_later_compilers) {
  for (int round = 1; round <= 10; round++) {
    static int value, parts[8];
    fill_in(&set, &value, INOUTSET);
#pragma omp parallel
#pragma omp single
    {
#pragma omp task depend(out : value)
      value = round;
      for (int i = 0; i < 4; i++) {
#pragma omp task depend(depobj : set)
        {
          EXPECT_EQ(value, round);
          parts[i] = round + i;
        }
      }
      for (int i = 0; i < 4; i++) {
#pragma omp task depend(in : value)
        {
          for (int k = 0; k < 4; k++) EXPECT_EQ(parts[k], round + k);
          parts[4 + i] = round - i;
        }
      }
#pragma omp task depend(depobj : set)
      {
        for (int k = 0; k < 4; k++) EXPECT_EQ(parts[4 + k], round - k);
        value = -round;
      }
#pragma omp task depend(mutexinoutset : value)
      EXPECT_EQ(value--, -round);
#pragma omp task depend(depobj : set)
      EXPECT_EQ(value, -round - 1);
    }
  }
}

PROGRAM_OF_OURS(depend_all_memory_of_later_compilers) {
  for (int deferred = 0; deferred < 2; deferred++) {
    static int values[6];
    int apart = 0;
    fill_in(&all[0], NULL, INOUT);
    fill_in(&all[1], NULL, OUT);
    fill_in(&set, &values[3], INOUTSET);
#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 10; round++) {
#pragma omp task depend(in : values[0])
      values[0] = round;
#pragma omp task depend(out : values[1])
      values[1] = round;
#pragma omp task depend(mutexinoutset : values[2])
      values[2] = round;
#pragma omp task depend(depobj : set)
      values[3] = round;
#pragma omp task shared(apart)
      {
#pragma omp atomic
        apart++;
      }
#pragma omp task depend(depobj : *(all + round % 2)) depend(inout : values[5]) if (deferred)
      {
        for (int i = 0; i < 4; i++) EXPECT_EQ(values[i], round);
        values[4] = values[5] = round;
      }
#pragma omp task depend(in : values[4])
      EXPECT_EQ(values[4], round);
#pragma omp taskwait depend(depobj : *all)
    }
    EXPECT_EQ(apart, 10);
  }
}
