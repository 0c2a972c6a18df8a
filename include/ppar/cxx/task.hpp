/* SPDX-License-Identifier: MIT */
/* task.hpp: groups of tasks that are callables, with values. */
#ifndef PPAR_CXX_TASK_HPP
#define PPAR_CXX_TASK_HPP

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <ppar/cxx/error.hpp>
#include <ppar/cxx/options.hpp>

PPAR_CXX_BEGIN
namespace detail {

/* A task with a value, that its future and its group know. It is a group of one: so it can be waited for alone. */
class promised_base {
 public:
  promised_base() = default;
  promised_base(const promised_base &) = delete;
  promised_base &operator=(const promised_base &) = delete;
  virtual ~promised_base() = default;

  /* Returns once the task has ended; on the thread that spawned it. Another thread's call before that is refused. */
  int wait() noexcept {
    if (!is_open) return PPAR_OK;
    const int status = ::ppar_task_group_wait(&own);
    if (status != PPAR_EINVAL) is_open = false;
    return status;
  }

  ::ppar_task_group own;
  bool is_open = false;
  std::shared_ptr<promised_base> next; /* of the group's */
};

/* In the place of a value of void. */
struct no_value {};

template <typename value>
class promised_value : public promised_base {
 public:
  std::optional<std::conditional_t<std::is_void_v<value>, no_value, value>> result;
  failure failed;
};

template <typename value, typename callable>
class promised final : public promised_value<value> {
 public:
  template <typename given>
  explicit promised(given &&f) : f_(std::forward<given>(f)) {}

  static void run(void *arg) {
    promised *const mine = static_cast<promised *>(arg);
    PPAR_CXX_TRY {
      if constexpr (std::is_void_v<value>) {
        std::invoke(std::move(mine->f_));
        mine->result.emplace();
      } else {
        mine->result.emplace(std::invoke(std::move(mine->f_)));
      }
    }
    PPAR_CXX_CATCH({ mine->failed.keep({0, 0}); })
  }

 private:
  callable f_;
};

}  // namespace detail

/* The value of a task, once. It can be moved, and outlive its group. */
template <typename value>
class [[nodiscard]] future {
 public:
  future() = default;
  explicit future(std::shared_ptr<detail::promised_value<value>> from) noexcept : from_(std::move(from)) {}

  /* Whether get() has a value to give. */
  bool valid() const noexcept { return from_ != nullptr; }

  /* Waits for the task, which it runs if nobody has begun it, and gives its value, or throws its exception. Afterwards
   * the future is no longer valid. Before the group's wait it is for the thread that spawned the task. ppar::error with
   * PPAR_EINVAL: the future is not valid, or another thread asks too early; with -fno-exceptions the program ends. */
  value get() {
    detail::no_failure nothing;
    detail::conclude_value(from_ != nullptr ? from_->wait() : PPAR_EINVAL, nothing, "ppar::future::get");
    const std::shared_ptr<detail::promised_value<value>> from = std::move(from_);
#if PPAR_CXX_EXCEPTIONS
    if (from->failed.is_set()) from->failed.rethrow();
#endif
    if (!from->result) detail::conclude_value(PPAR_ECANCELED, nothing, "ppar::future::get");
    if constexpr (!std::is_void_v<value>) return std::move(*from->result);
  }

 private:
  std::shared_ptr<detail::promised_value<value>> from_;
};

/* Independent pieces of work, that may run on any thread of the pool until wait() returns (task.h):
 *
 *     long fib(int n) {
 *       if (n < 2) return n;
 *       ppar::task_group group;
 *       ppar::future<long> a = group.spawn([n] { return fib(n - 1); });
 *       const long b = fib(n - 2);
 *       return a.get() + b;
 *     }
 *
 * equals the same program with every task called where it is spawned. A group is for the thread that made it; its tasks
 * may run() more in it, whichever thread they are on, and make groups of their own. The callables are moved or copied
 * into memory of the group.
 *
 * Exceptions: run()'s come out of wait(), of several that of the task that was spawned first. Tasks that were spawned
 * after it and have not begun are dropped; those before it all run. spawn()'s come out of get() alone.
 *
 * The destructor waits for all tasks. If wait() has not, it also throws their exception; while another exception
 * unwinds the stack it throws nothing, and theirs is lost. OpenMP: #pragma omp taskgroup, task */
class task_group {
 public:
  PPAR_PASS_ON_ explicit task_group(given_options how = {}) {
    const int status = ::ppar_task_group_begin(&c_, how.c());
    detail::no_failure nothing;
    detail::conclude_value(status, nothing, "ppar::task_group");
    how_ = ::ppar_options_init_();
    if (how.c() != nullptr) static_cast<void>(::ppar_options_copy(&how_, how.c()));
  }
  task_group(const task_group &) = delete;
  task_group &operator=(const task_group &) = delete;

#if PPAR_CXX_EXCEPTIONS
  ~task_group() noexcept(false) {
    const int status = end();
    if (!failed_.is_set() && (status == PPAR_OK || status == PPAR_ECANCELED)) return;
    if (std::uncaught_exceptions() != unwinding_) return;
    detail::conclude(failed_.is_set() ? detail::thrown : status, failed_, "ppar::task_group: its end");
  }
#else
  ~task_group() {
    const int status = end();
    if (status != PPAR_OK && status != PPAR_ECANCELED) detail::give_up("ppar::task_group: its end", status);
  }
#endif

  /* Makes f() ready to run. Where memory is lacking for it std::bad_alloc is thrown. ppar::error with PPAR_EINVAL: the
   * thread is neither the group's nor in one of its tasks. In a task of a cancelled group it is dropped. */
  template <typename callable>
  outcome run(callable &&f) {
    using object = std::decay_t<callable>;
    static_assert(std::is_invocable_v<object &&>, "ppar::task_group::run calls f() once, as a thing that it may move");
    const std::uint64_t number = spawned_.load(std::memory_order_relaxed);
    std::unique_ptr<task_of<object>> mine(new task_of<object>(std::forward<callable>(f), this, number));
    const int status = ::ppar_task_spawn(&c_, run_task<object>, mine.get());
    if (PPAR_SELDOM_(status != PPAR_OK)) {
      if (status == PPAR_ECANCELED) is_canceled_.store(true, std::memory_order_relaxed);
      return detail::conclude(status == PPAR_ECANCELED ? PPAR_OK : status, failed_, "ppar::task_group::run");
    }
    static_cast<void>(mine.release());                     /* The task frees it. */
    spawned_.store(number + 1, std::memory_order_relaxed); /* Tasks may spawn at once: then some have one number. */
    return detail::conclude(PPAR_OK, failed_, "");
  }

  /* The same for a callable whose value is wanted. */
  template <typename callable>
  PPAR_PASS_ON_ auto spawn(callable &&f) -> future<std::decay_t<std::invoke_result_t<std::decay_t<callable> &&>>> {
    using object = std::decay_t<callable>;
    using value = std::decay_t<std::invoke_result_t<object &&>>;
    auto mine = std::make_shared<detail::promised<value, object>>(std::forward<callable>(f));
    detail::no_failure nothing;
    detail::conclude_value(::ppar_task_group_begin(&mine->own, &how_), nothing, "ppar::task_group::spawn");
    mine->is_open = true;
    mine->next = std::move(futures_);
    futures_ = mine;
    static_cast<void>(::ppar_task_spawn(&mine->own, detail::promised<value, object>::run, mine.get()));
    return future<value>(std::move(mine));
  }

  /* Runs tasks of the group until all have ended, and throws the exception of the one that was spawned first, if any
   * has failed. ppar::error with PPAR_ECANCELED: tasks were dropped, since the task around the group was cancelled.
   * Afterwards the group may get further tasks. */
  PPAR_PASS_ON_ outcome wait() {
    int status = end();
#if PPAR_CXX_EXCEPTIONS
    if (failed_.is_set()) status = detail::thrown;
#endif
    if (status == PPAR_OK && is_canceled_.load(std::memory_order_relaxed)) status = PPAR_ECANCELED;
    const int again = ::ppar_task_group_begin(&c_, &how_);
    if (again == PPAR_OK) {
      is_open_ = true;
    } else if (status == PPAR_OK) {
      status = again;
    }
    return detail::conclude(status, failed_, "ppar::task_group::wait");
  }

 private:
  template <typename callable>
  struct task_of {
    template <typename given>
    task_of(given &&callee, task_group *of, std::uint64_t index)
        : f(std::forward<given>(callee)), group(of), number(index) {}
    callable f;
    task_group *group;
    std::uint64_t number;
  };

  template <typename callable>
  static void run_task(void *arg) {
    task_of<callable> *const given = static_cast<task_of<callable> *>(arg);
    task_group *const group = given->group;
    const std::uint64_t number = given->number;
    PPAR_CXX_TRY {
      const std::unique_ptr<task_of<callable>> mine(given);
#if PPAR_CXX_EXCEPTIONS
      if (PPAR_SELDOM_(group->failed_.is_before({0, number}))) return;
#endif
      std::invoke(std::move(mine->f));
    }
    PPAR_CXX_CATCH({ group->failed_.keep({0, number}); })
    static_cast<void>(group);
    static_cast<void>(number);
  }

  /* All tasks have ended then. */
  int end() noexcept {
    int status = PPAR_OK;
    for (std::shared_ptr<detail::promised_base> one = std::move(futures_); one != nullptr; one = std::move(one->next)) {
      static_cast<void>(one->wait());
    }
    if (is_open_) status = ::ppar_task_group_wait(&c_);
    if (status != PPAR_EINVAL) is_open_ = false;
    return status;
  }

  ::ppar_task_group c_;
  ::ppar_options how_;
  detail::failure failed_;
  std::shared_ptr<detail::promised_base> futures_;
  std::atomic<std::uint64_t> spawned_{0};
  std::atomic<bool> is_canceled_{false};
  bool is_open_ = true;
#if PPAR_CXX_EXCEPTIONS
  const int unwinding_ = std::uncaught_exceptions();
#endif
};

PPAR_CXX_END

#endif
