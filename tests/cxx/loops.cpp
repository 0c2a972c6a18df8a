/* SPDX-License-Identifier: MIT */
/* loops.cpp: each element once, for all kinds of indices, iterators, ranges, callables and options. */
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>
#if __has_include(<ranges>) && __cplusplus >= 202002L
#include <ranges>
#endif

#include <ppar/ppar.hpp>

#include "schedules.hpp"
#include "tap.hpp"

namespace {

constexpr int count = 1000;

template <typename index>
std::vector<int> visits(index begin, index end, std::int64_t base, const ppar::options &how) {
  std::vector<int> seen(count + 1);
  ppar::for_each_index(
      begin, end, [&](index i) { seen[static_cast<std::size_t>(std::int64_t(i) - base)]++; }, how);
  return seen;
}

bool each_once(const std::vector<int> &seen, std::size_t from, std::size_t past, std::size_t step = 1) {
  for (std::size_t i = 0; i < seen.size(); i++) {
    const int expected = i >= from && i < past && (i - from) % step == 0;
    if (seen[i] != expected) return false;
  }
  return true;
}

TEST(each_index_once) {
  for (const ppar::options &how : all_options()) {
    CHECK(each_once(visits<int>(0, count, 0, how), 0, count));
    CHECK(each_once(visits<std::size_t>(3, count, 0, how), 3, count));
  }
}

TEST(all_types_of_indices) {
  const ppar::options how = ppar::options().threads(3).schedule(ppar::dynamic(2));
  CHECK(each_once(visits<short>(-500, 500, -500, how), 0, count));
  CHECK(each_once(visits<unsigned short>(0, 1000, 0, how), 0, count));
  CHECK(each_once(visits<unsigned char>(5, 255, 0, how), 5, 255));
  CHECK(each_once(visits<signed char>(-128, 127, -128, how), 0, 255));
  CHECK(each_once(visits<unsigned>(0, 1000, 0, how), 0, count));
  CHECK(each_once(visits<long long>(0, 1000, 0, how), 0, count));
  CHECK(each_once(visits<unsigned long long>(0, 1000, 0, how), 0, count));
  const int top = std::numeric_limits<int>::max();
  CHECK(each_once(visits<int>(top - 900, top, top - 900, how), 0, 900));
  const std::int64_t end = std::numeric_limits<std::int64_t>::max();
  CHECK(each_once(visits<std::int64_t>(end - 1000, end, end - 1000, how), 0, count));
  CHECK(each_once(visits<std::uint64_t>(std::uint64_t(end) - 1000, std::uint64_t(end), end - 1000, how), 0, count));
  CHECK(each_once(visits<std::int64_t>(-end - 1, -end + 999, -end - 1, how), 0, count));
}

TEST(bounds_of_two_types) {
  std::atomic<std::size_t> sum{0};
  const std::size_t end = 100;
  ppar::for_each_index(0, end, [&](auto i) {
    static_assert(std::is_same_v<decltype(i), std::size_t>);
    sum += i;
  });
  CHECK(sum == 4950);
}

TEST(steps) {
  for (ppar::options how : all_options()) {
    std::vector<int> seen(count + 1);
    ppar::for_each_index(
        2, count, [&](int i) { seen[std::size_t(i)]++; }, how.step(3));
    CHECK(each_once(seen, 2, count, 3));
    std::fill(seen.begin(), seen.end(), 0);
    ppar::for_each_index(
        count, 0, [&](int i) { seen[std::size_t(i)]++; }, how.step(-5));
    CHECK(each_once(seen, 5, count + 1, 5));
  }
}

TEST(empty_loops) {
  ppar::for_each_index(5, 5, [](int) { tap::fail(__FILE__, __LINE__, "called"); });
  ppar::for_each_index(5, -5, [](int) { tap::fail(__FILE__, __LINE__, "called"); });
  ppar::for_each(std::vector<int>(), [](int) { tap::fail(__FILE__, __LINE__, "called"); });
  ppar::for_each_index_2d({0, 5}, {5, 5}, [](auto, auto) { tap::fail(__FILE__, __LINE__, "called"); });
}

TEST(bounds_that_do_not_fit_are_refused) {
  int refused = 0;
  const auto refuses = [&](auto begin, auto end) {
    try {
      ppar::for_each_index(begin, end, [](auto) { tap::fail(__FILE__, __LINE__, "called"); });
    } catch (const ppar::error &error) {
      refused += error.status() == PPAR_EINVAL;
    }
  };
  refuses(std::uint64_t(0), std::numeric_limits<std::uint64_t>::max());
  refuses(std::uint64_t(1) << 63, std::uint64_t(5));
  refuses(-1, std::size_t(5));
  refuses(std::size_t(0), -1);
  CHECK(refused == 4);
}

TEST(options_out_of_range_are_refused) {
  std::vector<int> x(3);
  int refused = 0;
  const auto refuses = [&](const ppar::options &how) {
    try {
      ppar::for_each(
          x, [](int) { tap::fail(__FILE__, __LINE__, "called"); }, how);
    } catch (const ppar::error &error) {
      refused += error.status() == PPAR_EINVAL && error.code().category() == ppar::category();
    }
  };
  refuses(ppar::options().threads(-1));
  refuses(ppar::options().schedule(ppar::dynamic(-1)));
  refuses(ppar::options().tile(1, 1));
  refuses(ppar::options().nowait());
  refuses(ppar::options().ordered());
  refuses(ppar::options().step(-1)); /* of elements */
  CHECK(refused == 6);
}

TEST(the_threads_number) {
  std::array<std::atomic<int>, 4> seen{};
  ppar::for_each_index(
      0, count, [&](int, int thread) { seen[std::size_t(thread)]++; },
      ppar::options().threads(4).schedule(ppar::static_()));
  for (const auto &one : seen) CHECK(one == count / 4);
}

TEST(elements_of_ranges) {
  for (const ppar::options &how : all_options()) {
    std::vector<int> vector(count);
    std::deque<long> deque(count);
    int array[count] = {};
    std::vector<bool> bits(64);
    ppar::for_each(
        vector, [](int &x) { x++; }, how);
    ppar::for_each(
        deque.begin() + 1, deque.end(), [](long &x, int) { x++; }, how);
    ppar::for_each(
        array, [](int &x) noexcept { x++; }, how);
    ppar::for_each(
        bits, [](std::vector<bool>::reference bit) { bit = true; }, ppar::options().threads(1));
    CHECK(std::accumulate(vector.begin(), vector.end(), 0) == count);
    CHECK(std::accumulate(deque.begin(), deque.end(), 0L) == count - 1);
    CHECK(std::accumulate(std::begin(array), std::end(array), 0) == count);
    CHECK(std::count(bits.begin(), bits.end(), true) == 64);
  }
}

/* Clang 14 does not compile the views of libstdc++. */
#if defined(__cpp_lib_ranges) && (!defined(__clang__) || __clang_major__ >= 16)
TEST(elements_of_views) {
  std::vector<int> x(100);
  ppar::for_each(std::views::iota(0, 100), [&](int i) { x[std::size_t(i)] = i; });
  for (int i = 0; i < 100; i++) CHECK(x[std::size_t(i)] == i);
  CHECK(ppar::reduce(std::views::iota(0L, 100L), 0L, std::plus<>()) == 4950);
  CHECK(ppar::reduce(x | std::views::transform([](int i) { return 2 * i; }), 0, std::plus<>()) == 9900);
  ppar::for_each(x | std::views::drop(50) | std::views::reverse, [](int &one) { one = 0; });
  CHECK(ppar::reduce(x, 0, std::plus<>()) == 1225);
}
#endif

TEST(every_second_element) {
  std::vector<int> x(101);
  ppar::for_each(
      x, [](int &one) { one++; }, ppar::options().step(2).threads(3));
  CHECK(std::accumulate(x.begin(), x.end(), 0) == 51 && x[100] == 1 && x[99] == 0);
}

std::atomic<int> calls{0};
void function(int) { calls++; }
void quiet_function(int) noexcept { calls++; }

struct member {
  int calls = 0;
  void count() { calls++; }
};

struct pinned {
  std::atomic<int> *calls;
  explicit pinned(std::atomic<int> *of) : calls(of) {}
  pinned(const pinned &) = delete;
  pinned(pinned &&) = delete;
  void operator()(int) const { ++*calls; }
};

struct large {
  std::atomic<int> *calls;
  char padding[1000];
  void operator()(int) const noexcept { ++*calls; }
};

TEST(all_kinds_of_callables) {
  calls = 0;
  ppar::for_each_index(0, count, function);
  ppar::for_each_index(0, count, &function);
  ppar::for_each_index(0, count, quiet_function);
  CHECK(calls == 3 * count);
  ppar::for_each_index(0, count, std::function<void(int)>(function));
  CHECK(calls == 4 * count);

  std::atomic<int> mine{0};
  const pinned stays(&mine);
  ppar::for_each_index(0, count, stays);
  CHECK(mine == count);
  ppar::for_each_index(0, count, pinned(&mine));
  CHECK(mine == 2 * count);
  ppar::for_each_index(0, count, large{&mine, {}});
  CHECK(mine == 3 * count);

  const auto owned = std::make_unique<int>(1);
  ppar::for_each_index(0, count, [&mine, one = std::make_unique<int>(1)](int) { mine += *one; });
  CHECK(mine == 4 * count);

  std::vector<member> members(count);
  ppar::for_each(members, &member::count);
  for (const member &one : members) CHECK(one.calls == 1);
}

TEST(values_that_callables_return_are_dropped) {
  ppar::for_each_index(0, 10, [](int i) { return i; });
  ppar::for_each_index(0, 10, [](int i) noexcept { return std::make_unique<int>(i); });
}

TEST(chunks) {
  for (const ppar::options &how : all_options()) {
    std::vector<int> seen(count);
    ppar::for_each_chunk(
        0, count,
        [&](const ppar_chunk &chunk) {
          ppar_for_each_index(i, &chunk) seen[std::size_t(i)]++;
        },
        how);
    CHECK(each_once(seen, 0, count));
  }
}

TEST(a_chunk_that_cancels) {
  try {
    ppar::for_each_chunk(
        0, count,
        [](const ppar_chunk &chunk) {
          if (chunk.begin >= 400) ppar_cancel(&chunk, 7);
        },
        ppar::options().schedule(ppar::dynamic(10)).threads(3));
    CHECK(false);
  } catch (const ppar::error &error) {
    CHECK(error.status() == 7);
  }
}

TEST(two_and_three_dimensions) {
  for (int threads : {1, 3}) {
    for (int tile : {0, 4}) {
      std::vector<int> seen(20 * 30 + 1), all(5 * 6 * 7 + 1);
      ppar::options how = ppar::options().threads(threads);
      if (tile != 0) how.tile(tile, tile);
      ppar::for_each_index_2d(
          {0, 20}, {0, 30}, [&](auto i, auto j) { seen[std::size_t(i * 30 + j)]++; }, how);
      CHECK(each_once(seen, 0, 600));
      ppar::for_each_index_2d(
          PPAR_BOUNDS(0, 20), ppar::bounds(29, -1, -1),
          [&](std::int64_t i, std::int64_t j, int) noexcept { seen[std::size_t(i * 30 + j)]--; }, how);
      CHECK(each_once(seen, 0, 0));
      ppar::for_each_index_3d(
          {0, 5}, {0, 6}, {0, 7}, [&](auto i, auto j, auto k) { all[std::size_t((i * 6 + j) * 7 + k)]++; }, how);
      CHECK(each_once(all, 0, 210));
    }
  }
}

TEST(loops_in_loops) {
  std::atomic<int> sum{0};
  ppar::for_each_index(
      0, 20,
      [&](int) {
        ppar::for_each_index(
            0, 50, [&](int) { sum++; }, ppar::options().schedule(ppar::dynamic()));
      },
      ppar::options().threads(3));
  CHECK(sum == 1000);
}

TEST(pools) {
  ppar::pool io(ppar::pool_options().threads(3).name("io").wait(PPAR_WAIT_PASSIVE));
  ppar::pool moved(std::move(io));
  CHECK(io.c() == nullptr && moved.threads() == 3 && moved.status() == PPAR_OK);
  std::atomic<int> sum{0};
  ppar::for_each_index(
      0, count, [&](int) { sum++; }, ppar::options().pool(moved).name("loop"));
  CHECK(sum == count);
  moved = ppar::pool(2);
  CHECK(moved.threads() == 2);
  int refused = 0;
  try {
    ppar::pool none(-1);
  } catch (const ppar::error &error) {
    refused = error.status() == PPAR_EINVAL;
  }
  CHECK(refused == 1);
}

TEST(options_of_c) {
  ppar_options how = PPAR_OPTIONS_INIT();
  std::atomic<int> sum{0};
  how.threads = 2;
  how.step = 2;
  ppar::for_each_index(
      0, count, [&](int) { sum++; }, how);
  CHECK(sum == count / 2);
}

}  // namespace
