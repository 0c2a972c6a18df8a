// SPDX-License-Identifier: MIT
// copies.cpp: objects of classes in the clauses that copy: each is made and destroyed once, by the right function.
#include <malloc.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "program.h"

namespace {

int alive;  // objects

class number {
 public:
  explicit number(int of = -1) : text(std::to_string(of)), value(of) { count(1); }
  number(const number &other) : text(other.text), value(other.value) { count(1); }
  number &operator=(const number &other) {
    text = other.text;
    value = other.value;
    return *this;
  }
  ~number() {
    value = -99;
    count(-1);
  }
  number &operator+=(const number &other) { return *this = number(value + other.value); }
  int get() const {
    EXPECT(this == self);
    EXPECT(text == std::to_string(value));
    return value;
  }

 private:
  static void count(int by) { __atomic_add_fetch(&alive, by, __ATOMIC_RELAXED); }
  const number *self = this;  // an object that was copied as bytes is found out
  std::string text;
  int value;
};

#pragma omp declare reduction(+ : number : omp_out += omp_in) initializer(omp_priv = number(0))

// It is made before the program runs. (GCC 12 makes other ones when a thread first uses its own, which may be after it
// got a copy.)
struct constant {
  int value, assigned;
  constexpr explicit constant(int of) : value(of), assigned(0) {}
  constant(const constant &) = default;
  constant &operator=(const constant &other) {
    value = other.value;
    assigned++;
    return *this;
  }
};

extern constant kept;
#pragma omp threadprivate(kept)
constant kept(5);

// Its thread is slow to destroy it, unless that is the first one.
class slow {
 public:
  slow() {
    for (int &value : values) value = 7;
  }
  ~slow() {
    if (omp_get_thread_num() != 0) usleep(500);
    for (int value : values) EXPECT_EQ(value, 7);
  }
  slow &operator+=(const slow &) { return *this; }

 private:
  int values[16];
};

#pragma omp declare reduction(+ : slow : omp_out += omp_in)

}  // namespace

PROGRAM(copies_firstprivate) {
  {
    number first(7);
#pragma omp parallel firstprivate(first)
    {
      EXPECT_EQ(first.get(), 7);
      first = number(omp_get_thread_num());
      EXPECT_EQ(first.get(), omp_get_thread_num());
    }
    EXPECT_EQ(first.get(), 7);
    number made(3);
#pragma omp parallel private(made)
    EXPECT_EQ(made.get(), -1);
  }
  EXPECT_EQ(alive, 0);
}

PROGRAM(copies_lastprivate) {
  number last;
#pragma omp parallel for lastprivate(last) schedule(dynamic, 3)
  for (int i = 0; i < 100; i++) last = number(i);
  EXPECT_EQ(last.get(), 99);
#pragma omp parallel for lastprivate(last) firstprivate(last) schedule(static)
  for (int i = 0; i < 100; i++) last = number(2 * i);
  EXPECT_EQ(last.get(), 198);
#pragma omp parallel sections lastprivate(last)
  {
#pragma omp section
    last = number(1);
#pragma omp section
    last = number(2);
  }
  EXPECT_EQ(last.get(), 2);
}

PROGRAM(copies_copyprivate) {
#pragma omp parallel
  for (int round = 0; round < 20; round++) {
    number mine;
    std::vector<int> values;
#pragma omp single copyprivate(mine, values)
    {
      mine = number(round);
      values.assign(100, round);
    }
    EXPECT_EQ(mine.get(), round);
    EXPECT_EQ(values.size(), 100);
    EXPECT_EQ(values[99], round);
  }
}

PROGRAM(copies_copyin) {
  for (int round = 0; round < 5; round++) {
    kept.value = round;
#pragma omp parallel copyin(kept)
    {
      EXPECT_EQ(kept.value, round);
      EXPECT_EQ(kept.assigned, omp_get_thread_num() ? round + 1 : 0);
    }
  }
}

PROGRAM(copies_reduction) {
  number sum(1000);
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 2)
  for (int i = 0; i < 100; i++) sum += number(i);
  EXPECT_EQ(sum.get(), 1000 + 4950);
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup task_reduction(+ : sum)
    for (int i = 0; i < 100; i++) {
#pragma omp task in_reduction(+ : sum)
      sum += number(i);
    }
  }
  EXPECT_EQ(sum.get(), 1000 + 2 * 4950);
}

// Tasks have copies by the copy constructor, and what was copied may be gone when they run.
PROGRAM(copies_of_tasks) {
  int before = alive, wrong = 0;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < 100; i++) {
      number here(i);
      std::string text(50, static_cast<char>('a' + i % 26));
#pragma omp task firstprivate(here, text) shared(wrong)
      {
        if (here.get() != i || text != std::string(50, static_cast<char>('a' + i % 26))) {
#pragma omp atomic
          wrong++;
        }
        here = number(-i);
      }
    }
#pragma omp taskwait
#pragma omp taskloop firstprivate(wrong) grainsize(3)
    for (int i = 0; i < 30; i++) wrong += i;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(alive, before);
}

PROGRAM(copies_of_taskloops) {
  int before = alive, sum = 0;
  {
    number first(4), last;
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskloop firstprivate(first) lastprivate(last) reduction(+ : sum) num_tasks(7)
      for (int i = 0; i < 100; i++) {
        sum += first.get();
        last = number(i);
      }
    }
    EXPECT_EQ(last.get(), 99);
  }
  EXPECT_EQ(sum, 400);
  EXPECT_EQ(alive, before);
}

// A task that is cancelled before it has begun destroys what was copied for it.
PROGRAM(copies_of_canceled_tasks) {
  int before = alive;
#pragma omp parallel
#pragma omp single
#pragma omp taskgroup
  for (int i = 0; i < 50; i++) {
    number here(i);
#pragma omp task firstprivate(here)
    {
      here = number(-i);
#pragma omp cancel taskgroup if (i % 10 == 3)
    }
  }
  EXPECT_EQ(alive, before);
}

// Where a region was cancelled, threads leave a loop that reduces over tasks without waiting for each other, and each
// destroys a copy, which must still be there. (GCC's library has freed it; the C library overwrites that.) The code of
// gcc 12 makes all of them destroy the first thread's copy, so the region is cancelled when all copies have been made.
PROGRAM_OF_OURS(copies_of_reductions_in_canceled_regions) {
  mallopt(M_PERTURB, 0xa5);
  for (int round = 0; round < 10; round++) {
    slow all;
    int others_inside = 0;
#pragma omp parallel
    {
      int others = omp_get_num_threads() - 1;
      if (omp_get_thread_num() == others) {
        for (int inside = 0; inside < others;) {
#pragma omp atomic read acquire
          inside = others_inside;
          usleep(100);
        }
#pragma omp cancel parallel
      }
#pragma omp for schedule(static, 1) reduction(task, + : all)
      for (int i = 0; i < 50; i++) {
        if (i < others) {
#pragma omp atomic update release
          others_inside++;
        }
#pragma omp task in_reduction(+ : all)
        all += slow();
#pragma omp cancel for if (i < 0)
      }
    }
  }
}

// Whatever is cancelled, each object that was made is destroyed.
PROGRAM(copies_in_canceled_constructs) {
  int before = alive;
  for (int round = 0; round < 10; round++) {
    number first(1), second(2);
    int last = 0, sum = 0;
#pragma omp parallel firstprivate(first)
    {
      for (int k = 0; k < 6; k++) {
        number inside(k);
#pragma omp for firstprivate(second) lastprivate(last) schedule(dynamic) reduction(+ : sum)
        for (int i = 0; i < 40; i++) {
          number here(i);
          sum += here.get();
          last = i;
#pragma omp task firstprivate(here)
          here = number(0);
#pragma omp cancel for if (i == 20 && k % 2)
        }
#pragma omp sections firstprivate(second)
        {
#pragma omp section
          {
            number copy(second);
#pragma omp cancel sections if (k % 3 == 0)
          }
#pragma omp section
          {
            number copy(second);
#pragma omp cancellation point sections
          }
        }
      }
#pragma omp cancel parallel if (omp_get_thread_num() == 0 && round % 2)
#pragma omp barrier
#pragma omp task firstprivate(first)
      first = number(0);
    }
    EXPECT(last >= 0 && last < 40);
  }
  EXPECT_EQ(alive, before);
}

// In a cancelled region, too, all threads have values of a single, whenever they come. (GCC's library waits there for
// the thread that has left.)
PROGRAM_OF_OURS(copies_copyprivate_in_canceled_regions) {
  int before = alive;
  for (int round = 0; round < 20; round++) {
#pragma omp parallel
    {
      int thread = omp_get_thread_num();
      for (int k = 0; k < 4; k++) {
        number mine;
        std::vector<std::string> texts;
        if (k == 1 && thread == round % omp_get_num_threads()) {
#pragma omp cancel parallel
        }
        if (k == 2) usleep(50 * ((thread + round) % 4));
#pragma omp single copyprivate(mine, texts)
        {
          mine = number(k);
          texts.assign(20, std::string(40, static_cast<char>('a' + k)));
        }
        EXPECT_EQ(mine.get(), k);
        EXPECT_EQ(texts.size(), 20);
        EXPECT(texts[19] == std::string(40, static_cast<char>('a' + k)));
      }
    }
  }
  EXPECT_EQ(alive, before);
}
