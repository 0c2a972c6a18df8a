/* SPDX-License-Identifier: MIT */
/* reductions.cpp: the value of the serial loop, for all operators and types; and what becomes of partial values. */
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <ppar/ppar.hpp>

#include "schedules.hpp"
#include "tap.hpp"

namespace {

constexpr int count = 1000;

TEST(sums_of_all_number_types) {
  for (const ppar::options &how : all_options()) {
    CHECK(ppar::reduce(
              0, count, 10, std::plus<>(), [](int i) { return i; }, how) == 499510);
    CHECK(ppar::reduce(
              0, count, 10U, std::plus<unsigned>(), [](int i) { return i; }, how) == 499510U);
    CHECK(ppar::reduce(
              0, count, 10L, std::plus<>(), [](int i) noexcept { return i; }, how) == 499510L);
    CHECK(ppar::reduce(
              0U, 1000U, std::uint64_t(10), std::plus<>(), [](unsigned i) { return i; }, how) == 499510U);
    CHECK(ppar::reduce(
              0, count, 10.0F, std::plus<>(), [](int) { return 1.0F; }, how) == 1010.0F);
    CHECK(ppar::reduce(
              0, count, 10.0, std::plus<>(), [](int i) { return i; }, how) == 499510.0);
    CHECK(ppar::reduce(
              0, count, 10.0L, std::plus<>(), [](int i) { return i; }, how) == 499510.0L);
    CHECK(ppar::reduce(
              0, count, short(1), std::plus<>(), [](int) { return short(1); }, how) == 1001);
  }
}

TEST(other_known_operators) {
  for (const ppar::options &how : all_options()) {
    CHECK(ppar::reduce(
              1, 21, 1.0, std::multiplies<>(), [](int i) { return i; }, how) == 2432902008176640000.0);
    CHECK(ppar::reduce(
              0, count, 5, ppar::minimum(), [](int i) { return i - 300; }, how) == -300);
    CHECK(ppar::reduce(
              0, count, 5, ppar::maximum(), [](int i) { return i; }, how) == 999);
    CHECK(ppar::reduce(
              0, count, 5000, ppar::maximum(), [](int i) { return i; }, how) == 5000);
    CHECK(ppar::reduce(
              0, count, -1.0, ppar::maximum(), [](int i) { return -2.0 - i; }, how) == -1.0);
    CHECK(ppar::reduce(
              0, count, ~0, std::bit_and<>(), [](int i) { return i | 6; }, how) == 6);
    CHECK(ppar::reduce(
              0, count, 0U, std::bit_or<>(), [](int i) { return unsigned(i); }, how) == 1023);
    CHECK(ppar::reduce(
              0, count, 0, std::bit_xor<>(), [](int i) { return i; }, how) == 0);
    CHECK(ppar::reduce(
        0, count, true, std::logical_and<>(), [](int i) { return i < count; }, how));
    CHECK(!ppar::reduce(
        0, count, false, std::logical_or<>(), [](int i) { return i > count; }, how));
  }
}

TEST(integers_wrap) {
  const int most = std::numeric_limits<int>::max();
  CHECK(ppar::reduce(0, 2, most, std::plus<>(), [](int) { return 1; }) == std::numeric_limits<int>::min() + 1);
  CHECK(ppar::reduce(0, 64, 1, std::multiplies<>(), [](int) { return 3; }) ==
        int(ppar::reduce(0, 64, 1U, std::multiplies<>(), [](int) { return 3U; })));
}

TEST(signs_of_zero_and_nans) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::signbit(ppar::reduce(0, count, -0.0, std::plus<>(), [](int) { return -0.0; })));
  CHECK(std::isnan(ppar::reduce(0, count, 0.0, ppar::minimum(), [=](int i) { return i == 500 ? none : i; })));
  CHECK(std::isnan(ppar::reduce(0, count, 0.0, ppar::maximum(), [=](int i) { return i == 500 ? none : i; })));
  CHECK(std::isnan(ppar::minimum()(none, 1.0)) && std::isnan(ppar::minimum()(1.0, none)));
  CHECK(ppar::minimum()(std::string("b"), std::string("a")) == "a");
}

TEST(empty_ones_are_init) {
  CHECK(ppar::reduce(5, 5, 7, std::plus<>(), [](int) { return 1; }) == 7);
  CHECK(ppar::reduce(5, 5, std::string("init"), std::plus<>(), [](int) { return "x"; }) == "init");
}

/* Joining texts is associative and not commutative, and has an identity that nobody is told of. */
TEST(texts_are_joined_in_order) {
  std::string expected = "begin:";
  for (int i = 0; i < count; i++) expected += std::to_string(i) + ",";
  for (const ppar::options &how : all_options()) {
    const std::string joined = ppar::reduce(
        0, count, std::string("begin:"), std::plus<>(), [](int i) { return std::to_string(i) + ","; }, how);
    CHECK(joined == expected);
  }
  const std::string few = ppar::reduce(
      9, 0, std::string(), std::plus<>(), [](int i) { return std::to_string(i); }, ppar::options().step(-2).threads(3));
  CHECK(few == "97531");
}

/* The maps x -> a x + b, one after the other: neither commutative nor in need of an identity. */
struct affine {
  unsigned a, b;
};

TEST(operators_of_the_program) {
  const auto after = [](affine f, affine g) { return affine{f.a * g.a, f.b * g.a + g.b}; };
  const auto of = [](int i) { return affine{unsigned(i) * 2 + 1, unsigned(i)}; };
  affine expected = {3, 5};
  for (int i = 0; i < count; i++) expected = after(expected, of(i));
  for (const ppar::options &how : all_options()) {
    const affine got = ppar::reduce(0, count, affine{3, 5}, after, of, how);
    CHECK(got.a == expected.a && got.b == expected.b);
  }
}

TEST(first_and_last) {
  const auto first = [](int a, int) { return a; };
  const auto last = [](int, int b) { return b; };
  for (const ppar::options &how : all_options()) {
    CHECK(ppar::reduce(
              0, count, -1, first, [](int i) { return i; }, how) == -1);
    CHECK(ppar::reduce(
              0, count, -1, last, [](int i) { return i; }, how) == count - 1);
  }
}

/* Values that only move. */
TEST(values_that_cannot_be_copied) {
  using owned = std::unique_ptr<long>;
  const auto add = [](owned a, owned b) {
    *a += *b;
    return a;
  };
  for (const ppar::options &how : all_options()) {
    const owned sum = ppar::reduce(
        0, count, std::make_unique<long>(1), add, [](int i) { return std::make_unique<long>(i); }, how);
    CHECK(*sum == 499501);
  }
}

TEST(large_values) {
  using histogram = std::array<long, 500>;
  const auto add = [](histogram a, const histogram &b) {
    for (std::size_t k = 0; k < a.size(); k++) a[k] += b[k];
    return a;
  };
  const histogram counts = ppar::reduce(0, count, histogram{}, add, [](int i) {
    histogram one{};
    one[std::size_t(i) % 500]++;
    return one;
  });
  for (long one : counts) CHECK(one == 2);
}

TEST(ranges_and_iterators) {
  std::vector<double> x(count);
  std::iota(x.begin(), x.end(), 0.0);
  CHECK(ppar::reduce(x, 0.0, std::plus<>()) == 499500.0);
  CHECK(ppar::reduce(x, 0.0, std::plus<>(), ppar::options().threads(2)) == 499500.0);
  CHECK(ppar::reduce(x, 0.0, std::plus<>(), [](double one) { return 2 * one; }) == 999000.0);
  CHECK(ppar::reduce(
            x, 0.0, std::plus<>(), [](double one, int) { return one; }, ppar::options()) == 499500.0);
  CHECK(ppar::reduce(x.begin() + 1, x.end(), 0.0, ppar::maximum(), [](double one) { return -one; }) == 0.0);
  std::vector<std::string> words = {"a", "b", "c"};
  CHECK(ppar::reduce(words, std::string(), std::plus<>(), ppar::options().threads(3)) == "abc");
  std::vector<bool> bits(100, true);
  CHECK(ppar::reduce(bits, true, std::logical_and<>()));
}

TEST(reproducible_bits) {
  const auto of = [](int i) { return std::sin(i) * 1e10; };
  const double one = ppar::reduce(0, 100000, 0.0, std::plus<>(), of, ppar::options().threads(1).reproducible());
  const auto add = [](double a, double b) { return a + b; };
  const double other = ppar::reduce(0, 100000, 0.0, add, of, ppar::options().threads(1));
  for (ppar::options how : all_options()) {
    CHECK(ppar::reduce(0, 100000, 0.0, std::plus<>(), of, how.reproducible()) == one);
    CHECK(ppar::reduce(0, 100000, 0.0, add, of, how) == other);
  }
}

/* --- Lifetimes --------------------------------------------------------------------------------------------------- */

/* Counts what there is of it, and throws at the copy or move that a test asks for. */
struct counted {
  static std::atomic<int> alive, until_throw;
  int value;
  counted *self;
  explicit counted(int v) : value(v), self(this) { alive++; }
  counted(const counted &other) : value(other.value), self(this) {
    other.check();
    may_throw();
    alive++;
  }
  counted(counted &&other) : value(other.value), self(this) {
    other.check();
    may_throw();
    alive++;
  }
  counted &operator=(const counted &other) {
    other.check();
    check();
    may_throw();
    value = other.value;
    return *this;
  }
  ~counted() {
    check();
    self = nullptr;
    alive--;
  }
  void check() const {
    if (self != this) tap::fail(__FILE__, __LINE__, "an object that is not there was used");
  }
  static void may_throw() {
    if (until_throw.fetch_sub(1) == 0) throw std::runtime_error("copy");
  }
};
std::atomic<int> counted::alive{0}, counted::until_throw{-1};

counted add_counted(const counted &a, const counted &b) {
  a.check();
  b.check();
  return counted(a.value + b.value);
}

TEST(partial_values_are_destroyed_once) {
  counted::until_throw = std::numeric_limits<int>::max();
  for (const ppar::options &how : all_options()) {
    CHECK(ppar::reduce(
              0, count, counted(1), add_counted, [](int i) { return counted(i); }, how)
              .value == 499501);
    CHECK(counted::alive == 0);
  }
}

TEST(partial_values_are_destroyed_after_exceptions) {
  counted::until_throw = std::numeric_limits<int>::max();
  for (const ppar::options &how : all_options()) {
    try {
      (void)ppar::reduce(
          0, count, counted(0), add_counted,
          [](int i) {
            if (i % 100 == 77) throw i;
            return counted(i);
          },
          how);
      CHECK(false);
    } catch (int i) {
      CHECK(i == 77);
    }
    CHECK(counted::alive == 0);
  }
}

TEST(copies_that_throw) {
  for (int after = 0; after < 600; after += 7) {
    counted::until_throw = after;
    try {
      (void)ppar::reduce(
          0, 300, counted(0), add_counted, [](int i) { return counted(i); },
          ppar::options().threads(3).schedule(ppar::dynamic(1)));
    } catch (const std::runtime_error &) {
    }
    CHECK(counted::alive == 0);
  }
  counted::until_throw = std::numeric_limits<int>::max();
}

}  // namespace
