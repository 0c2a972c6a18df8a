/* SPDX-License-Identifier: MIT */
/* no_exceptions.cpp: with -fno-exceptions: statuses are returned, and what cannot be told ends the program. */
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include <ppar/ppar.hpp>

#include "tap.hpp"

#if defined(__cpp_exceptions)
#error "this test is about -fno-exceptions"
#endif

namespace {

TEST(statuses_are_returned) {
  std::vector<int> x(1000);
  const auto nothing = [](auto) {};
  CHECK(ppar::for_each_index(0, 1000, [&](int i) { x[std::size_t(i)] = i; }) == PPAR_OK);
  CHECK(ppar::for_each(x, [](int &one) { one++; }) == PPAR_OK && x[999] == 1000);
  CHECK(ppar::for_each_index(0, 10, nothing, ppar::options().threads(-1)) == PPAR_EINVAL);
  CHECK(ppar::for_each_index(-1, std::size_t(10), nothing) == PPAR_EINVAL);
  CHECK(ppar::for_each(x, nothing, ppar::options().step(-1)) == PPAR_EINVAL);
  CHECK(ppar::for_each_chunk(0, 100, [](const ppar_chunk &chunk) { ppar_cancel(&chunk, 3); }) == 3);
  CHECK(ppar::for_each_index_2d({0, 5}, {0, 5}, [](auto, auto) {}) == PPAR_OK);
  CHECK(ppar::for_each_index_3d(
            {0, 5}, {0, 5}, {0, 5}, [](auto, auto, auto) {}, ppar::options().step(2)) == PPAR_EINVAL);
}

TEST(values_are_returned) {
  CHECK(ppar::reduce(0, 1000, 0, std::plus<>(), [](int i) { return i; }) == 499500);
  CHECK(ppar::reduce(0, 3, std::string(), std::plus<>(), [](int i) { return std::to_string(i); }) == "012");
}

TEST(regions) {
  std::atomic<int> sum{0};
  CHECK(ppar::region(
            [&](ppar::team &team) {
              team.prange(0, 100, [&](int) { sum++; });
              CHECK(team.reduce(1, std::plus<>()) == 3);
              CHECK(team.single([] { return 5; }) == 5);
            },
            ppar::options().threads(3)) == PPAR_OK);
  CHECK(sum == 100);
  CHECK(ppar::region(
            [&](ppar::team &team) {
              if (team.thread() == 1) team.cancel(8);
              team.barrier();
              CHECK(team.is_canceled());
            },
            ppar::options().threads(3)) == 8);
  CHECK(ppar::region([&](ppar::team &team) {
          team.prange(
              0, 9, [](int) {}, ppar::options().threads(-1));
        }) == PPAR_EINVAL);
}

/* Nobody waits for anybody then: each has its own value. */
TEST(reductions_in_a_region_that_was_cancelled) {
  for (int repeat = 0; repeat < 100; repeat++) {
    const auto cancelled = [&](ppar::team &team) {
      if (team.thread() == repeat % 4) team.cancel(9);
      const std::string own(100, char('a' + team.thread()));
      const std::string text = team.reduce(own, std::plus<>());
      const long number = team.reduce(7L, std::plus<>());
      CHECK(text == own || text.size() == 400);
      CHECK(number == 7 || number == 28);
    };
    CHECK(ppar::region(cancelled, ppar::options().threads(4)) == 9);
  }
}

TEST(tasks) {
  std::atomic<int> sum{0};
  ppar::task_group group;
  for (int i = 0; i < 100; i++) CHECK(group.run([&] { sum++; }) == PPAR_OK);
  ppar::future<int> value = group.spawn([] { return 4; });
  CHECK(group.wait() == PPAR_OK && sum == 100 && value.get() == 4);
}

TEST(pools) {
  const ppar::pool none(-1);
  CHECK(none.c() == nullptr && none.status() == PPAR_EINVAL);
}

/* In a child of its own, which must end by abort. */
template <typename body>
bool ends_the_program(const body &f) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    f();
    _exit(0);
  }
  return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

TEST(what_cannot_be_told_ends_the_program) {
  CHECK(ends_the_program([] {
    (void)ppar::reduce(
        0, 9, 0, std::plus<>(), [](int) { return 1; }, ppar::options().threads(-1));
  }));
  CHECK(ends_the_program([] { (void)ppar::reduce(-1, 9U, 0, std::plus<>(), [](auto) { return 1; }); }));
  CHECK(ends_the_program([] { ppar::task_group group(ppar::options().threads(-1)); }));
}

}  // namespace
