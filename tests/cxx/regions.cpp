/* SPDX-License-Identifier: MIT */
/* regions.cpp: what a team does together, and where exceptions of its threads go. */
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

constexpr int count = 300;

TEST(all_threads_run_it) {
  for (int threads : {1, 2, 5}) {
    std::vector<std::atomic<int>> seen(static_cast<std::size_t>(threads));
    ppar::region(
        [&](ppar::team &team) {
          seen[std::size_t(team.thread())]++;
          CHECK(team.size() == threads && !team.is_canceled());
          CHECK(ppar::thread_num() == team.thread() && ppar::num_threads() == threads);
          team.barrier();
          for (const auto &one : seen) CHECK(one == 1);
        },
        ppar::options().threads(threads));
  }
}

TEST(pranges) {
  for (const ppar::options &how : all_options()) {
    const ppar::options team_of = ppar::options().threads(how.c()->threads);
    ppar::options loop = ppar::options().schedule(how.c()->schedule), free = loop;
    std::vector<int> x(count), y(count), z(count);
    ppar::region(
        [&](ppar::team &team) {
          team.prange(
              0, count, [&](int i) { x[std::size_t(i)] = i; }, loop);
          team.prange(
              std::size_t(0), x.size(), [&](std::size_t i) { y[i] = x[x.size() - 1 - i] + 1; }, loop);
          team.prange(
              0, count, [&](int i) noexcept { z[std::size_t(i)]++; }, ppar::options(free).nowait());
          team.prange(
              0, count, [&, mine = 0](int) mutable { mine++; }, loop);
        },
        team_of);
    for (int i = 0; i < count; i++) CHECK(y[std::size_t(i)] == count - i && z[std::size_t(i)] == 1);
  }
}

TEST(singles_masters_and_values) {
  std::atomic<int> singles{0}, givers{0}, masters{0}, free{0}, guarded{0};
  ppar::region(
      [&](ppar::team &team) {
        team.single([&] { singles++; });
        CHECK(singles == 1);
        const std::string text = team.single([&] {
          givers++;
          return std::string("a text that is longer than any short string");
        });
        CHECK(text.size() == 43);
        if (team.single()) free++;
        if (team.master()) masters++;
        if (team.masked(2)) masters++;
        const ppar::critical guard = team.only_one("name");
        guarded = guarded + 1; /* no addition gets lost, though it is no single step */
      },
      ppar::options().threads(4));
  CHECK(singles == 1 && givers == 1 && free == 1 && masters == 2 && guarded == 4);
}

TEST(reductions) {
  for (int threads : {1, 2, 5}) {
    ppar::region(
        [&](ppar::team &team) {
          for (int repeat = 0; repeat < 20; repeat++) {
            CHECK(team.reduce(1L << team.thread(), std::plus<>()) == (1L << threads) - 1);
            CHECK(team.reduce(double(team.thread()), ppar::maximum()) == threads - 1);
            const std::string all = team.reduce(std::string(1, char('a' + team.thread())), std::plus<>());
            CHECK(all == std::string("abcde").substr(0, std::size_t(threads)));
          }
        },
        ppar::options().threads(threads));
  }
}

/* Callables and values of the program may have operators of all kinds. */
struct without_address {
  int number = 1;
  void operator&() const = delete;
  void operator()(int) const {}
  void operator()(long, long) const {}
  void operator()(ppar::team &team) const {
    const auto sum = [](without_address a, const without_address &b) {
      a.number += b.number;
      return a;
    };
    CHECK(team.reduce(without_address(), sum).number == team.size());
    CHECK(team.single([] { return without_address(); }).number == 1);
  }
};

TEST(callables_and_values_whose_address_is_not_to_be_had) {
  ppar::region(without_address(), ppar::options().threads(3));
  ppar::for_each_index(0, 10, without_address());
  ppar::for_each_index_2d({0, 3}, {0, 3}, without_address());
}

TEST(sections) {
  for (int threads : {1, 2, 4}) {
    std::atomic<int> seen[3] = {};
    ppar::region(
        [&](ppar::team &team) {
          team.sections([&] { seen[0]++; }, [&] { seen[1]++; }, [&] { seen[2]++; });
          for (const auto &one : seen) CHECK(one == 1);
        },
        ppar::options().threads(threads));
  }
}

TEST(ordered_parts) {
  for (const ppar::options &how : all_options()) {
    std::string text, expected;
    for (int i = 0; i < count; i++) expected += std::to_string(i);
    ppar::region(
        [&](ppar::team &team) {
          team.prange(
              0, count, [&](int i) { team.ordered(i, [&] { text += std::to_string(i); }); },
              ppar::options().schedule(how.c()->schedule).ordered());
        },
        ppar::options().threads(how.c()->threads));
    CHECK(text == expected);
  }
}

/* --- Exceptions -------------------------------------------------------------------------------------------------- */

template <typename body>
int thrown_by(const body &f, int threads) {
  try {
    ppar::region(f, ppar::options().threads(threads));
  } catch (int what) {
    return what;
  } catch (const ppar::error &error) {
    return error.status();
  }
  return -1000;
}

/* Who waits is let go, and leaves the region. */
TEST(a_thread_that_throws_lets_the_others_go) {
  for (int repeat = 0; repeat < tap::times(50); repeat++) {
    std::atomic<int> beyond{0};
    CHECK(thrown_by(
              [&](ppar::team &team) {
                if (team.thread() == 2) throw 42;
                team.barrier();
                beyond++;
              },
              4) == 42);
    CHECK(beyond == 0);
  }
}

TEST(the_lowest_thread_wins) {
  for (int repeat = 0; repeat < tap::times(50); repeat++) {
    CHECK(thrown_by([](ppar::team &team) { throw team.thread() + 1; }, 4) == 1);
  }
}

TEST(a_region_of_one_throws) {
  CHECK(thrown_by(
            [](ppar::team &team) {
              team.prange(0, 10, [](int i) {
                if (i > 4) throw i;
              });
            },
            1) == 5);
}

TEST(the_lowest_iteration_of_a_prange_wins) {
  for (const ppar::options &how : all_options()) {
    for (int repeat = 0; repeat < tap::times(8); repeat++) {
      std::vector<int> seen(count);
      std::atomic<int> beyond{0};
      const int got = thrown_by(
          [&](ppar::team &team) {
            team.prange(
                0, count,
                [&](int i) {
                  seen[std::size_t(i)]++;
                  if (i % 50 == 37) throw i;
                },
                ppar::options().schedule(how.c()->schedule));
            beyond++;
          },
          how.c()->threads);
      CHECK(got == 37 && beyond == 0);
      for (int i = 0; i <= 37; i++) CHECK(seen[std::size_t(i)] == 1);
    }
  }
}

TEST(a_prange_with_a_step_and_without_a_barrier) {
  for (const ppar::options &how : all_options()) {
    const int got = thrown_by(
        [&](ppar::team &team) {
          team.prange(
              count, 0,
              [](int i) {
                if (i == 100 || i == 200) throw i;
              },
              ppar::options().schedule(how.c()->schedule).step(-2).nowait());
          team.barrier();
        },
        how.c()->threads);
    CHECK(got == 200 || (got == 100 && how.c()->threads > 1)); /* Whoever fails first lets the others go. */
  }
}

TEST(ordered_parts_end_at_the_failed_one) {
  for (const ppar::options &how : all_options()) {
    std::vector<int> order;
    const int got = thrown_by(
        [&](ppar::team &team) {
          team.prange(
              0, count,
              [&](int i) {
                if (i == 60) throw i;
                team.ordered(i, [&] {
                  order.push_back(i);
                  if (i == 40) throw i;
                });
              },
              ppar::options().schedule(how.c()->schedule).ordered());
        },
        how.c()->threads);
    CHECK(got == 40 && order.size() == 41);
    for (std::size_t i = 0; i < order.size(); i++) CHECK(order[i] == int(i));
  }
}

TEST(ordered_without_the_option_is_refused) {
  CHECK(thrown_by([](ppar::team &team) { team.prange(0, 10, [&](int i) { team.ordered(i, [] {}); }); }, 2) ==
        PPAR_EINVAL);
}

TEST(singles_and_sections_that_throw) {
  for (int repeat = 0; repeat < tap::times(20); repeat++) {
    CHECK(thrown_by([](ppar::team &team) { team.single([] { throw 3; }); }, 3) == 3);
    CHECK(thrown_by([](ppar::team &team) { (void)team.single([]() -> int { throw 4; }); }, 3) == 4);
    CHECK(thrown_by([](ppar::team &team) { team.sections([] {}, [] { throw 5; }, [] { throw 6; }); }, 3) == 5);
  }
}

TEST(operators_that_throw) {
  CHECK(thrown_by(
            [](ppar::team &team) {
              (void)team.reduce(std::string("x"), [](std::string a, const std::string &) -> std::string {
                if (!a.empty()) throw 8;
                return a;
              });
            },
            3) == 8);
}

/* Says whether it still lives, and takes some time to be copied. The copy of that number throws. */
struct shown_value {
  static std::atomic<int> copies, dead;
  static int throws_at;
  int lives = 0x1234;
  shown_value() = default;
  shown_value(shown_value &&) noexcept {}
  shown_value &operator=(shown_value &&) = default;
  shown_value(const shown_value &other) {
    const int number = copies++;
    if (number == throws_at) throw 9;
    usleep(1000 * unsigned(1 + number % 3));
    if (other.lives != 0x1234) dead++;
  }
  ~shown_value() { lives = 0; }
};
std::atomic<int> shown_value::copies{0}, shown_value::dead{0};
int shown_value::throws_at = 0;

/* The thread whose value it is must not leave while others copy it. */
TEST(values_that_throw_when_they_are_copied) {
  for (int repeat = 0; repeat < tap::times(16); repeat++) {
    shown_value::throws_at = repeat % 4;
    shown_value::copies = 0;
    CHECK(thrown_by([](ppar::team &team) { (void)team.single([] { return shown_value(); }); }, 4) == 9);
    shown_value::copies = 0;
    CHECK(thrown_by(
              [](ppar::team &team) {
                (void)team.reduce(shown_value(), [](shown_value a, const shown_value &) { return a; });
              },
              4) == 9);
  }
  CHECK(shown_value::dead == 0);
}

/* Values of threads that a cancelled region lets go are not read any more. */
TEST(operators_that_cancel) {
  for (int repeat = 0; repeat < tap::times(16); repeat++) {
    shown_value::throws_at = -1;
    CHECK(thrown_by(
              [](ppar::team &team) {
                (void)team.reduce(shown_value(), [&](shown_value a, const shown_value &) {
                  team.cancel(23);
                  return a;
                });
              },
              4) == 23);
  }
  CHECK(shown_value::dead == 0);
}

TEST(a_region_that_is_cancelled) {
  CHECK(thrown_by(
            [](ppar::team &team) {
              if (team.thread() == 1) team.cancel(17);
              team.barrier();
              CHECK(false);
            },
            3) == 17);
}

TEST(options_of_pranges_are_checked) {
  CHECK(thrown_by(
            [](ppar::team &team) {
              team.prange(
                  0, 9, [](int) {}, ppar::options().threads(-3));
            },
            2) == PPAR_EINVAL);
  CHECK(thrown_by([](ppar::team &team) { team.prange(-1, std::size_t(4), [](auto) {}); }, 2) == PPAR_EINVAL);
  CHECK(thrown_by([](ppar::team &) {}, -1) == PPAR_EINVAL);
}

TEST(loops_in_regions_throw) {
  CHECK(thrown_by(
            [](ppar::team &team) {
              if (team.thread() == 1)
                ppar::for_each_index(0, 100, [](int i) {
                  if (i >= 9) throw i;
                });
              team.barrier();
            },
            3) == 9);
}

TEST(what_threads_hold_is_destroyed) {
  const auto shared = std::make_shared<int>(1);
  CHECK(thrown_by(
            [&](ppar::team &team) {
              const auto mine = shared;
              if (team.thread() == 1) throw 1;
              team.barrier();
            },
            4) == 1);
  CHECK(shared.use_count() == 1);
}

}  // namespace
