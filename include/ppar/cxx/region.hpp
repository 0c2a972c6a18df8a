/* SPDX-License-Identifier: MIT */
/* region.hpp: regions: one callable run by all threads of a team, and what they do together in it. */
#ifndef PPAR_CXX_REGION_HPP
#define PPAR_CXX_REGION_HPP

#include <optional>
#include <tuple>
#include <vector>

#include <ppar/cxx/chunk.hpp>
#include <ppar/cxx/index.hpp>
#include <ppar/cxx/operators.hpp>

PPAR_CXX_BEGIN

#if PPAR_CXX_EXCEPTIONS
/* Thrown on a thread of a team that waits, or should, in a region that another thread has cancelled: by an exception,
 * or by team::cancel. It brings the thread to the end of the region, which does not let it out. A program has no need
 * to catch it; catch (...) lets it go on by throw. */
class region_canceled {};
#endif

namespace detail {

/* Values that threads show each other lie on the stacks of their threads, which leave only when the others have read
 * them. A barrier sees to that, but not in a region that somebody cancels meanwhile, by an exception of the value's own
 * copy constructor, say. So readers count themselves, and a thread that leaves early lets nobody begin to read any
 * more, and waits for those who have begun. Of a reader and a leaver one sees what the other has written, since all
 * four accesses are in one order (sequentially consistent). */
class shown_values {
 public:
  bool begin_reading() noexcept {
    readers_.fetch_add(1);
    if (PPAR_SELDOM_(is_over_.load())) {
      end_reading();
      return false;
    }
    return true;
  }
  /* release: pairs with leave_early, which ends the value. */
  void end_reading() noexcept { readers_.fetch_sub(1, std::memory_order_release); }
  void leave_early() noexcept {
    is_over_.store(true);
    while (readers_.load() != 0) sched_yield();
  }

 private:
  std::atomic<int> readers_{0};
  std::atomic<bool> is_over_{false};
};

/* While it lives, what others show may be read, if is_allowed. */
class reading {
 public:
  explicit reading(shown_values &of) noexcept : is_allowed(of.begin_reading()), of_(of) {}
  ~reading() {
    if (is_allowed) of_.end_reading();
  }
  reading(const reading &) = delete;
  reading &operator=(const reading &) = delete;
  const bool is_allowed;

 private:
  shown_values &of_;
};

/* Stands behind a value that is shown, and thus ends before it does. What lets its thread leave early is an exception,
 * or a region that was cancelled; the region is cancelled before readers are turned away. */
class showing {
 public:
  showing(::ppar_team *team, shown_values &of) noexcept : team_(team), of_(of) {}
  ~showing() {
    if (PPAR_SELDOM_(!all_have_read)) {
      if (!::ppar_region_is_canceled(team_)) ::ppar_cancel_region(team_, thrown);
      of_.leave_early();
    }
  }
  showing(const showing &) = delete;
  showing &operator=(const showing &) = delete;
  bool all_have_read = false;

 private:
  ::ppar_team *team_;
  shown_values &of_;
};

/* What a region's threads share. Lives on its caller's stack, and all threads have returned before that. */
struct region_state {
  failure failed;
  shown_values shown;
  std::vector<const void *> mine; /* of a reduction of the team: where each thread's value is */
};

/* The places of failures in a region: pranges in the order in which threads come to them, then all that is outside of
 * them, by thread. */
constexpr std::uint64_t outside_of_pranges = UINT64_MAX;

}  // namespace detail

/* One thread's membership in a team: the argument of a region's callable. It is that thread's own and ends with the
 * region; it cannot be copied. All threads of the team must come to prange, sections, single, barrier and reduce, in
 * the same order and with the same arguments. */
class team {
 public:
  team(::ppar_team *c, detail::region_state *shared) noexcept : c_(c), shared_(shared) {}
  team(const team &) = delete;
  team &operator=(const team &) = delete;

  /* The thread's number, 0 ... size() - 1. */
  int thread() const noexcept { return ::ppar_team_thread(c_); }
  int size() const noexcept { return ::ppar_team_size(c_); }
  ::ppar_team *c() const noexcept { return c_; }

  /* Waits until all threads have come. In a region that was cancelled it throws region_canceled; with -fno-exceptions
   * it returns, and is_canceled() tells. OpenMP: #pragma omp barrier */
  void barrier() {
    ::ppar_barrier(c_);
    leave_if_canceled();
  }

  /* Cancels the region with the status: ppar::region throws ppar::error of it. The thread itself goes on.
   * OpenMP: #pragma omp cancel parallel */
  void cancel(int status = PPAR_ECANCELED) noexcept { ::ppar_cancel_region(c_, status); }
  bool is_canceled() const noexcept { return ::ppar_region_is_canceled(c_); }

  /* True on thread 0, or on `thread`, alone. OpenMP: #pragma omp masked */
  bool master() const noexcept { return ::ppar_master(c_); }
  bool masked(int thread) const noexcept { return ::ppar_masked(c_, thread); }

  /* True on the first thread that comes; nobody waits. OpenMP: #pragma omp single nowait */
  bool single() noexcept { return ::ppar_single(c_); }

  /* The first thread that comes calls f(), and all wait for it. What f returns, all get: a copy each.
   * OpenMP: #pragma omp single copyprivate(...) */
  template <typename callable>
  auto single(callable &&f) -> std::decay_t<std::invoke_result_t<callable &>>;

  /* The loop over f(i) for i = begin ... before end, divided among the threads of the team, which all wait at its end
   * unless options().nowait() is given. An exception of f is kept; the thread then calls f for no later iteration, and
   * the others finish what they have. At the end of the prange all threads leave the region, and ppar::region throws
   * the exception of the lowest iteration: that of the serial loop. With nowait nobody waits for the others' parts: the
   * thread cancels the region, and the exception of the lowest iteration that has been kept by then comes out.
   * f may be mutable, if each thread has its own. OpenMP: #pragma omp for */
  template <typename begin_type, typename end_type, typename callable>
  void prange(begin_type begin, end_type end, callable &&f, given_options how = {});

  /* Inside an iteration i of a prange with options().ordered(): f() is called for the iterations that come here one
   * after the other, in the order of the serial loop. Where an earlier iteration has failed f is not called, and the
   * iteration ends here. Without that option the region fails with PPAR_EINVAL. OpenMP: #pragma omp ordered */
  template <typename callable>
  void ordered(std::int64_t i, callable &&f);

  /* Each of the callables is called once, by whichever thread comes first to it; all wait at the end.
   * OpenMP: #pragma omp sections */
  template <typename... callables>
  void sections(callables &&...f);

  /* One thread of the whole process at a time has the guard, until the end of its scope. */
  [[nodiscard]] critical only_one(const char *name = nullptr) noexcept { return critical(name); }

  /* All threads' values combined, in the order of the threads, on each of them. Waits as a barrier does. op needs to be
   * associative alone, as for ppar::reduce. With -fno-exceptions each thread gets its own value back where the region
   * was cancelled. OpenMP: reduction(op : ...) of a worksharing construct */
  template <typename value, typename operation>
  [[nodiscard]] value reduce(const value &mine, operation &&op);

 private:
  void leave_if_canceled() {
#if PPAR_CXX_EXCEPTIONS
    if (PPAR_SELDOM_(::ppar_region_is_canceled(c_))) throw region_canceled();
#endif
  }

  /* Waits as a barrier does. False: the region was cancelled, and others may be anywhere; only without exceptions. */
  bool meets() {
    barrier();
#if PPAR_CXX_EXCEPTIONS
    return true;
#else
    return !is_canceled();
#endif
  }

  /* A copy of what another thread shows. Where that is no longer to be had: of `otherwise`, without exceptions. */
  template <typename value>
  value copy_of(const value *shown, const value *otherwise) {
    const detail::reading now(shared_->shown);
    if (PPAR_SELDOM_(!now.is_allowed)) {
#if PPAR_CXX_EXCEPTIONS
      throw region_canceled();
#else
      if (otherwise == nullptr) detail::give_up("team::single", PPAR_ECANCELED);
      return *otherwise;
#endif
    }
    static_cast<void>(otherwise);
    return *shown;
  }

  template <typename value, typename operation>
  value reduce_shown(const value &mine, operation &op);

  /* The prange that the thread is in. */
  struct place_in_prange {
    std::uint64_t number;
    std::int64_t begin, step;
    bool is_ordered;
    std::uint64_t of(std::int64_t i) const noexcept {
      const std::uint64_t up = static_cast<std::uint64_t>(i) - static_cast<std::uint64_t>(begin);
      return step > 0 ? up / static_cast<std::uint64_t>(step) : (0 - up) / (0 - static_cast<std::uint64_t>(step));
    }
  };

  template <bool no_throw, typename index, typename callable>
  bool run_prange(std::int64_t begin, std::int64_t end, callable &f, const ::ppar_options &how);

  ::ppar_team *c_;
  detail::region_state *shared_;
  place_in_prange in_ = {0, 0, 1, false};
};

/* Runs f(team) on the threads of a team at the same time, the caller being thread 0. OpenMP: #pragma omp parallel
 *
 *     ppar::region([&](ppar::team &team) {
 *       team.prange(0, n, [&](int i) { y[i] = f(x[i]); });
 *       team.prange(0, n, [&](int i) { x[i] = g(y, i); });
 *     });
 *
 * f is shared by all threads and called as const. An exception that leaves it cancels the region: the other threads
 * leave it where they next wait for the team, by ppar::region_canceled. Of several exceptions the first prange's comes
 * out, of its lowest iteration, else the one of the lowest thread. Everything else is as for ppar_parallel. */
template <typename callable>
PPAR_PASS_ON_ outcome region(callable &&f, given_options how = {}) {
  using object = std::decay_t<callable>;
  static_assert(detail::takes<object, team &>,
                "ppar::region calls f(ppar::team &), and it calls a const f, since all threads share it: a lambda must "
                "not be mutable");
  struct call {
    const object *f;
    detail::region_state shared;
  };
  const object &shared_f = f;
  call mine{std::addressof(shared_f), {}};
  const auto run = [](::ppar_team *c, void *arg) {
    call *const given = static_cast<call *>(arg);
    team here(c, &given->shared);
#if PPAR_CXX_EXCEPTIONS
    try {
      std::invoke(*given->f, here);
    } catch (const region_canceled &) {
    }
    PPAR_CXX_CATCH({
      given->shared.failed.keep({detail::outside_of_pranges, static_cast<std::uint64_t>(here.thread())});
      ::ppar_cancel_region(c, detail::thrown);
    })
#else
    std::invoke(*given->f, here);
#endif
  };
  int status = ::ppar_parallel(run, &mine, how.c());
#if PPAR_CXX_EXCEPTIONS
  if (PPAR_SELDOM_(mine.shared.failed.is_set())) mine.shared.failed.rethrow();
#endif
  if (PPAR_SELDOM_(status == detail::thrown)) status = PPAR_ECANCELED; /* f has caught it, and not let it go on */
  return detail::conclude(status, mine.shared.failed, "ppar::region");
}

/* --- How the members do it --------------------------------------------------------------------------------------- */

/* False: an iteration failed on this thread. */
template <bool no_throw, typename index, typename callable>
PPAR_PASS_ON_ bool team::run_prange(std::int64_t begin, std::int64_t end, callable &f, const ::ppar_options &how) {
  if constexpr (no_throw) {
    ppar_prange(c_, i, begin, end, &how) static_cast<void>(std::invoke(f, static_cast<index>(i)));
    return true;
  } else {
    const std::int64_t step = in_.step;
    bool has_failed = false;
    std::int64_t at = 0; /* the lowest failed iteration of the thread: it still runs those before it, if it gets any */
    ppar_prange(c_, i, begin, end, &how) {
      if (PPAR_SELDOM_(has_failed) && (step > 0 ? i > at : i < at)) continue;
#if PPAR_CXX_EXCEPTIONS
      try {
        static_cast<void>(std::invoke(f, static_cast<index>(i)));
      } catch (const region_canceled &) { /* of an ordered part, after an iteration that has failed */
      }
      PPAR_CXX_CATCH({
        shared_->failed.keep({in_.number, in_.of(i)});
        has_failed = true;
        at = i;
      })
#endif
    }
    return !has_failed;
  }
}

template <typename begin_type, typename end_type, typename callable>
PPAR_PASS_ON_ void team::prange(begin_type begin, end_type end, callable &&f, given_options how) {
  using index = detail::index_type<begin_type, end_type>;
  static_assert(std::is_invocable_v<callable &, index>, "team::prange calls f(i), with i of the bounds' type");
  constexpr bool no_throw = !PPAR_CXX_EXCEPTIONS || std::is_nothrow_invocable_v<callable &, index>;
  const bool fits = detail::is_in_range<index>(begin) && detail::is_in_range<index>(end);
  ::ppar_options mine = ::ppar_options_init_();
  bool well;
  if (!fits || (how.c() != nullptr && ::ppar_options_copy(&mine, how.c()) != PPAR_OK)) {
    ::ppar_cancel_region(c_, PPAR_EINVAL); /* All threads come to this. */
    leave_if_canceled();
    return;
  }
  in_ = {in_.number + 1, static_cast<std::int64_t>(begin), mine.step != 0 ? mine.step : 1, mine.ordered};
  well = run_prange<no_throw, index>(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end), f, mine);
  in_.is_ordered = false;
#if PPAR_CXX_EXCEPTIONS
  if (!well || (!mine.nowait && shared_->failed.is_set())) {
    ::ppar_cancel_region(c_, detail::thrown);
    throw region_canceled();
  }
  leave_if_canceled();
#else
  (void)well;
#endif
}

template <typename callable>
void team::ordered(std::int64_t i, callable &&f) {
  if (!in_.is_ordered) {
    ::ppar_cancel_region(c_, PPAR_EINVAL);
    leave_if_canceled();
    return;
  }
  struct turn {
    ::ppar_team *c;
    std::int64_t i;
    turn(::ppar_team *team, std::int64_t index) : c(team), i(index) { ::ppar_ordered_begin(c, i); }
    ~turn() { ::ppar_ordered_end(c, i); }
  } mine(c_, i);
#if PPAR_CXX_EXCEPTIONS
  if (shared_->failed.is_before({in_.number, in_.of(i)}) || is_canceled()) throw region_canceled();
  try {
    std::invoke(f);
  }
  PPAR_CXX_CATCH({ /* Kept before the next iteration has its turn. */
                   shared_->failed.keep({in_.number, in_.of(i)});
                   throw;
  })
#else
  std::invoke(f);
#endif
}

template <typename... callables>
PPAR_PASS_ON_ void team::sections(callables &&...f) {
  const auto all = std::tie(f...);
  prange(
      0, static_cast<int>(sizeof...(f)),
      [&all](int number) {
        std::apply(
            [number](auto &...one) {
              int k = 0;
              (static_cast<void>(k++ == number ? (static_cast<void>(std::invoke(one)), 0) : 0), ...);
            },
            all);
      },
      options().schedule(dynamic(1)));
}

template <typename callable>
auto team::single(callable &&f) -> std::decay_t<std::invoke_result_t<callable &>> {
  using value = std::decay_t<std::invoke_result_t<callable &>>;
  if constexpr (std::is_void_v<value>) {
    if (::ppar_single(c_)) std::invoke(f);
    barrier();
  } else {
    std::optional<value> own;
    const value *whose = nullptr;
    if (::ppar_single(c_)) whose = std::addressof(own.emplace(std::invoke(f)));
    detail::showing until(c_, shared_->shown);
    ::ppar_copyprivate(c_, &whose, sizeof whose);
    leave_if_canceled();
    if (whose == nullptr) detail::give_up("team::single", PPAR_ECANCELED); /* only without exceptions */
    value mine = copy_of<value>(whose, nullptr);
    until.all_have_read = meets();
    return mine;
  }
}

template <typename value, typename operation>
value team::reduce(const value &mine, operation &&op) {
  using known = detail::known_operation<value, std::decay_t<operation>>;
  if constexpr (!std::is_void_v<known>) {
    value result = known::identity();
    ::ppar_team_reduce(c_, &mine, &result, &detail::known_reduction<value, known>);
    leave_if_canceled();
    return is_canceled() ? mine : result;
  } else {
    static_assert(std::is_invocable_r_v<value, operation &, value, value>,
                  "team::reduce calls op(a, b) for two values of one type, and expects one of that type");
    return reduce_shown(mine, op);
  }
}

/* Thread 0 combines the values that all show, and shows the outcome. */
template <typename value, typename operation>
value team::reduce_shown(const value &mine, operation &op) {
  const std::size_t here = static_cast<std::size_t>(thread());
  const value *const own = std::addressof(mine);
  const auto of = [this](std::size_t t) { return static_cast<const value *>(shared_->mine[t]); };
  leave_if_canceled();
  if (is_canceled()) return mine; /* Somebody may still look at the pointers. */
  if (here == 0) shared_->mine.assign(static_cast<std::size_t>(size()), nullptr);
  if (!meets()) return mine;
  std::optional<value> all;
  detail::showing until(c_, shared_->shown);
  shared_->mine[here] = own;
  if (!meets()) return mine;
  if (here == 0) {
    all.emplace(copy_of(of(0), own));
    for (std::size_t t = 1; t < shared_->mine.size(); t++) {
      *all = static_cast<value>(std::invoke(op, std::move(*all), copy_of(of(t), own)));
    }
    shared_->mine[0] = std::addressof(*all);
  }
  if (!meets()) return mine;
  value result = copy_of(of(0), own);
  until.all_have_read = meets();
  return result;
}

PPAR_CXX_END

#endif
