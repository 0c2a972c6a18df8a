/* SPDX-License-Identifier: MIT */
/* exceptions.cpp: the exception of the lowest iteration comes out, whatever else is thrown, and nothing is lost. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <ppar/ppar.hpp>

#include "schedules.hpp"
#include "tap.hpp"

namespace {

constexpr int count = 500;

struct thrown_at {
  long index;
};

/* What the loop throws; -1: nothing. */
template <typename loop>
long index_of(const loop &run) {
  try {
    run();
  } catch (const thrown_at &thrown) {
    return thrown.index;
  }
  return -1;
}

/* Iterations that fail, in many patterns: alone, many, all, the first, the last. */
bool fails(int pattern, long i) {
  switch (pattern) {
    case 0: return i == count - 1;
    case 1: return i % 7 == 3;
    case 2: return i >= 250;
    case 3: return true;
    case 4: return i == 123 || i == 124 || i == 499;
    default: return (i * 37) % 101 == pattern;
  }
}
constexpr int patterns = 9;

long lowest(int pattern, long begin, long end, long step) {
  for (long i = begin; step > 0 ? i < end : i > end; i += step) {
    if (fails(pattern, i)) return i;
  }
  return -1;
}

TEST(the_lowest_iteration_wins) {
  for (const ppar::options &how : all_options()) {
    for (int pattern = 0; pattern < patterns; pattern++) {
      const long expected = lowest(pattern, 0, count, 1);
      for (int repeat = 0; repeat < tap::times(5); repeat++) {
        std::vector<int> seen(count);
        const long got = index_of([&] {
          ppar::for_each_index(
              0, count,
              [&](int i) {
                seen[std::size_t(i)]++;
                if (fails(pattern, i)) throw thrown_at{i};
              },
              how);
        });
        CHECK(got == expected);
        /* As in the serial loop all iterations before it have been run, and none twice. */
        for (long i = 0; i < count; i++) {
          CHECK(seen[std::size_t(i)] <= 1 && (i > got || seen[std::size_t(i)] == 1));
        }
      }
    }
  }
}

TEST(with_steps) {
  for (ppar::options how : all_options()) {
    for (int pattern = 0; pattern < patterns; pattern++) {
      const auto throws = [pattern](int i) {
        if (fails(pattern, i)) throw thrown_at{i};
      };
      CHECK(index_of([&] { ppar::for_each_index(1, count, throws, how.step(3)); }) == lowest(pattern, 1, count, 3));
      CHECK(index_of([&] { ppar::for_each_index(count, -1, throws, how.step(-2)); }) == lowest(pattern, count, -1, -2));
    }
  }
}

TEST(of_elements) {
  std::vector<long> x(count);
  for (long i = 0; i < count; i++) x[std::size_t(i)] = i;
  for (const ppar::options &how : all_options()) {
    CHECK(index_of([&] {
            ppar::for_each(
                x,
                [](long i) {
                  if (fails(1, i)) throw thrown_at{i};
                },
                how);
          }) == 3);
  }
}

TEST(of_reductions) {
  for (const ppar::options &how : all_options()) {
    for (int pattern = 0; pattern < patterns; pattern++) {
      const auto of = [pattern](int i) {
        if (fails(pattern, i)) throw thrown_at{i};
        return 1;
      };
      const long expected = lowest(pattern, 0, count, 1);
      ppar::options same = how;
      long sum = 0;
      std::string text;
      CHECK(index_of([&] { sum = ppar::reduce(0, count, 0L, std::plus<>(), of, how); }) == expected);
      CHECK(index_of([&] { sum = ppar::reduce(0, count, 0L, std::plus<>(), of, same.reproducible()); }) == expected);
      CHECK(index_of([&] {
              text = ppar::reduce(
                  0, count, std::string(), std::plus<>(), [&](int i) { return std::to_string(of(i)); }, how);
            }) == expected);
      CHECK(sum == (expected < 0 ? count : 0));
    }
  }
}

/* Block by block the operator fails in the order of the iterations, too. */
TEST(of_operators) {
  const auto add = [](long a, long b) {
    if (b == 17 || b == 300) throw thrown_at{b};
    return a + b;
  };
  for (const ppar::options &how : all_options()) {
    long sum = 0;
    CHECK(index_of([&] {
            sum = ppar::reduce(
                0, count, 0L, add, [](int i) { return i; }, how);
          }) == 17);
  }
}

TEST(of_two_and_three_dimensions) {
  for (const ppar::options &how : all_options()) {
    CHECK(index_of([&] {
            ppar::for_each_index_2d(
                {0, 20}, {0, 25},
                [](auto i, auto j) {
                  if (fails(1, i * 25 + j)) throw thrown_at{i * 25 + j};
                },
                how);
          }) == 3);
    CHECK(index_of([&] {
            ppar::for_each_index_3d(
                {0, 5}, {0, 10}, {0, 10},
                [](auto i, auto j, auto k) {
                  if (fails(2, (i * 10 + j) * 10 + k)) throw thrown_at{(i * 10 + j) * 10 + k};
                },
                how);
          }) == 250);
  }
}

TEST(of_tiles_in_their_order) {
  for (ppar::options how : all_options()) {
    CHECK(index_of([&] {
            ppar::for_each_index_2d(
                {0, 20}, {0, 20},
                [](auto i, auto j) {
                  if ((i == 1 && j == 8) || (i == 3 && j == 2)) throw thrown_at{i};
                },
                how.tile(4, 4));
          }) == 3);
  }
}

TEST(of_chunks) {
  for (const ppar::options &how : all_options()) {
    CHECK(index_of([&] {
            ppar::for_each_chunk(
                0, count,
                [](const ppar_chunk &chunk) {
                  ppar_for_each_index(i, &chunk) {
                    if (fails(4, i)) throw thrown_at{long(i)};
                  }
                },
                how);
          }) == 123);
  }
}

TEST(out_of_loops_in_loops) {
  for (int repeat = 0; repeat < tap::times(20); repeat++) {
    CHECK(index_of([&] {
            ppar::for_each_index(
                0, 30,
                [](int i) {
                  ppar::for_each_index(
                      0, 30,
                      [i](int j) {
                        if ((i * 30 + j) % 50 == 45) throw thrown_at{i * 30 + j};
                      },
                      ppar::options().threads(3).schedule(ppar::dynamic(1)));
                },
                ppar::options().threads(3).schedule(ppar::dynamic(1)));
          }) == 45);
  }
}

TEST(caught_in_the_iteration) {
  std::atomic<int> caught{0};
  ppar::for_each_index(
      0, count,
      [&](int i) {
        try {
          ppar::for_each_index(0, 10, [i](int j) {
            if (j == 5) throw i;
          });
        } catch (int got) {
          caught += got == i;
        }
      },
      ppar::options().threads(3));
  CHECK(caught == count);
}

/* What stands around the call of a callable that is noexcept may throw all the same: an iterator, a conversion, and the
 * end of what is returned. */
struct failing_elements {
  using iterator_category = std::random_access_iterator_tag;
  using value_type = int;
  using difference_type = long;
  using pointer = const int *;
  using reference = int;
  long at;
  int operator*() const { return (*this)[0]; }
  int operator[](long i) const {
    if (at + i == 77) throw thrown_at{at + i};
    return int(at + i);
  }
  failing_elements operator+(long i) const { return {at + i}; }
  long operator-(const failing_elements &other) const { return at - other.at; }
};
struct failing_number {
  int i;
  operator double() const {
    if (i == 50) throw thrown_at{i};
    return i;
  }
};
struct failing_end {
  int i;
  ~failing_end() noexcept(false) {
    if (i == 33) throw thrown_at{i};
  }
};

TEST(around_calls_that_do_not_throw) {
  for (const ppar::options &how : all_options()) {
    const failing_elements first{0}, last{100};
    CHECK(index_of([&] {
            ppar::for_each(
                first, last, [](int) noexcept {}, how);
          }) == 77);
    CHECK(index_of([&] {
            (void)ppar::reduce(
                first, last, 0, std::plus<>(), [](int i) noexcept { return i; }, how);
          }) == 77);
    CHECK(index_of([&] {
            (void)ppar::reduce(
                0, 100, 0.0, std::plus<>(), [](int i) noexcept { return failing_number{i}; }, how);
          }) == 50);
    CHECK(index_of([&] {
            ppar::for_each_index(
                0, 100, [](int i) noexcept { return failing_end{i}; }, how);
          }) == 33);
  }
}

struct base {
  virtual ~base() = default;
  std::string text = "base";
};
struct derived : base {
  derived() { text = "derived"; }
};

TEST(of_any_type) {
  const auto throws = [](const auto &what) {
    ppar::for_each_index(
        0, count,
        [&](int i) {
          if (i == 200) throw what;
        },
        ppar::options().threads(3));
  };
  int seen = 0;
  try {
    throws(42);
  } catch (int v) {
    seen += v == 42;
  }
  try {
    throws("text");
  } catch (const char *v) {
    seen += std::string(v) == "text";
  }
  try {
    throws(derived());
  } catch (const base &v) {
    seen += v.text == "derived";
  }
  try {
    throws(std::runtime_error("why"));
  } catch (const std::exception &v) {
    seen += std::string(v.what()) == "why";
  }
  try {
    throws(std::make_shared<int>(7));
  } catch (const std::shared_ptr<int> &v) {
    seen += *v == 7;
  }
  CHECK(seen == 5);
}

struct counted {
  static std::atomic<int> alive;
  counted() { alive++; }
  counted(const counted &) { alive++; }
  ~counted() { alive--; }
};
std::atomic<int> counted::alive{0};

TEST(exceptions_are_destroyed) {
  for (const ppar::options &how : all_options()) {
    bool caught = false;
    try {
      ppar::for_each_index(
          0, count, [](int) { throw counted(); }, how);
    } catch (const counted &) {
      caught = true;
    }
    CHECK(caught && counted::alive == 0);
  }
}

/* Sanitizers have a pthread_exit of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

#ifndef HAS_SANITIZER
/* The stack is unwound by that, too, but no handler may stop it: the library ends the program, as it does in C. */
TEST(pthread_exit_is_no_exception) {
  int status = 0, lines[2] = {-1, -1};
  char text[4096] = "";
  CHECK(pipe(lines) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(lines[1], STDERR_FILENO);
    ppar::for_each_index(
        0, 10, [](int) { pthread_exit(nullptr); }, ppar::options().threads(1));
    _exit(0);
  }
  close(lines[1]);
  for (ssize_t got = 0, length = 0; (got = read(lines[0], text + length, sizeof text - 1 - std::size_t(length))) > 0;)
    length += got;
  close(lines[0]);
  CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  CHECK(std::string(text).find("would leave a function that the program gave to the library") != std::string::npos);
}

#endif

TEST(a_loop_after_a_failed_one) {
  for (int repeat = 0; repeat < tap::times(200); repeat++) {
    std::atomic<int> sum{0};
    CHECK(index_of([&] {
            ppar::for_each_index(
                0, 50, [](int i) { throw thrown_at{i}; }, ppar::options().threads(3));
          }) == 0);
    ppar::for_each_index(
        0, 50, [&](int) { sum++; }, ppar::options().threads(3));
    CHECK(sum == 50);
  }
}

}  // namespace
