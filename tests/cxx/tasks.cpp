/* SPDX-License-Identifier: MIT */
/* tasks.cpp: groups of callables, their values and their exceptions. */
#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <ppar/ppar.hpp>

#include "tap.hpp"

namespace {

TEST(all_tasks_run) {
  std::atomic<int> sum{0};
  {
    ppar::task_group group;
    for (int i = 0; i < 5000; i++) group.run([&sum, i] { sum += i; });
    group.wait();
    CHECK(sum == 12497500);
    group.run([&sum] { sum = 1; });
    group.wait();
    CHECK(sum == 1);
    group.run([&sum] { sum = 2; });
  }
  CHECK(sum == 2); /* The destructor has waited. */
}

long fib(int n) {
  if (n < 2) return n;
  ppar::task_group group;
  ppar::future<long> a = group.spawn([n] { return fib(n - 1); });
  const long b = fib(n - 2);
  return a.get() + b;
}

TEST(values) {
  CHECK(fib(18) == 2584);
  ppar::task_group group;
  ppar::future<std::string> text = group.spawn([] { return std::string("text"); });
  ppar::future<std::unique_ptr<int>> owned = group.spawn([] { return std::make_unique<int>(3); });
  ppar::future<void> nothing = group.spawn([] {});
  ppar::future<std::string> moved = std::move(text);
  CHECK(!text.valid() && moved.valid() && moved.get() == "text" && !moved.valid());
  nothing.get();
  CHECK(*owned.get() == 3);
}

TEST(futures_outlive_their_group) {
  ppar::future<int> kept, dropped;
  {
    ppar::task_group group;
    kept = group.spawn([] { return 5; });
    dropped = group.spawn([] { return 6; });
  }
  int elsewhere = 0;
  std::thread([&] { elsewhere = kept.get(); }).join();
  CHECK(elsewhere == 5);
}

TEST(callables_that_only_move) {
  std::atomic<int> sum{0};
  ppar::task_group group;
  group.run([&sum, owned = std::make_unique<int>(4)] { sum += *owned; });
  std::function<void()> function = [&sum] { sum++; };
  group.run(function);
  group.run([&sum, n = 0]() mutable { sum += ++n; });
  group.wait();
  CHECK(sum == 6);
}

TEST(callables_are_destroyed_once) {
  const auto shared = std::make_shared<int>(0);
  {
    ppar::task_group group;
    for (int i = 0; i < 1000; i++) {
      group.run([shared, i] {
        if (i % 10 == 5) throw i;
      });
      (void)group.spawn([shared] { return shared; });
    }
    try {
      group.wait();
      CHECK(false);
    } catch (int i) {
      CHECK(i == 5);
    }
  }
  CHECK(shared.use_count() == 1);
}

void grow(ppar::task_group &group, std::atomic<int> &ran, int depth) {
  ran++;
  for (int child = 0; child < 2 && depth > 0; child++) {
    group.run([&group, &ran, depth] { grow(group, ran, depth - 1); });
  }
}

TEST(tasks_run_more_in_their_group) {
  for (int repeat = 0; repeat < tap::times(20); repeat++) {
    std::atomic<int> ran{0};
    ppar::task_group group(ppar::options().threads(repeat % 4 + 1));
    group.run([&] { grow(group, ran, 9); });
    group.wait();
    CHECK(ran == 1023);
    group.run([&] { group.run([] { throw 3; }); });
    int got = 0;
    try {
      group.wait();
    } catch (int thrown) {
      got = thrown;
    }
    CHECK(got == 3);
  }
}

TEST(the_first_spawned_wins) {
  for (int repeat = 0; repeat < tap::times(100); repeat++) {
    std::vector<std::atomic<int>> seen(100);
    ppar::task_group group;
    for (int i = 0; i < 100; i++) {
      group.run([&seen, i] {
        seen[std::size_t(i)]++;
        if (i % 20 == 13) throw i;
      });
    }
    int got = -1;
    try {
      group.wait();
    } catch (int i) {
      got = i;
    }
    CHECK(got == 13);
    for (int i = 0; i <= 13; i++) CHECK(seen[std::size_t(i)] == 1);
    group.run([&got] { got = 0; }); /* The group goes on. */
    group.wait();
    CHECK(got == 0);
  }
}

TEST(exceptions_of_values) {
  ppar::task_group group;
  ppar::future<int> bad = group.spawn([]() -> int { throw std::runtime_error("bad"); });
  ppar::future<int> good = group.spawn([] { return 1; });
  group.wait();
  std::string text;
  try {
    (void)bad.get();
  } catch (const std::runtime_error &error) {
    text = error.what();
  }
  CHECK(text == "bad" && good.get() == 1);
  int status = 0;
  try {
    (void)good.get();
  } catch (const ppar::error &error) {
    status = error.status();
  }
  CHECK(status == PPAR_EINVAL);
}

TEST(the_destructor_throws_what_nobody_waited_for) {
  int got = 0;
  try {
    ppar::task_group group;
    group.run([] { throw 9; });
  } catch (int what) {
    got = what;
  }
  CHECK(got == 9);
}

TEST(while_the_stack_is_unwound_it_waits_alone) {
  std::atomic<int> sum{0};
  std::string text;
  try {
    ppar::task_group group;
    for (int i = 0; i < 100; i++) group.run([&sum] { sum++; });
    group.run([] { throw 9; });
    throw std::runtime_error("first");
  } catch (const std::runtime_error &error) {
    text = error.what();
  }
  CHECK(text == "first" && sum == 100);
}

TEST(another_threads_group) {
  ppar::task_group group;
  int status = 0;
  std::thread([&] {
    try {
      group.run([] {});
    } catch (const ppar::error &error) {
      status = error.status();
    }
  }).join();
  CHECK(status == PPAR_EINVAL);
}

TEST(groups_in_loops_and_tasks) {
  std::atomic<int> sum{0};
  ppar::for_each_index(
      0, 50,
      [&](int) {
        ppar::task_group group(ppar::options().name("inner"));
        for (int k = 0; k < 10; k++) {
          group.run([&sum] {
            ppar::task_group further;
            further.run([&sum] { sum++; });
            sum++;
          });
        }
      },
      ppar::options().threads(3));
  CHECK(sum == 1000);
}

TEST(an_exception_through_many_groups) {
  int got = 0;
  std::function<void(int)> down = [&](int depth) {
    ppar::task_group group;
    if (depth == 0) throw 11;
    group.run([&down, depth] { down(depth - 1); });
    group.wait();
  };
  try {
    down(20);
  } catch (int what) {
    got = what;
  }
  CHECK(got == 11);
}

}  // namespace
