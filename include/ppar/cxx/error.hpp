/* SPDX-License-Identifier: MIT */
/* error.hpp: how the C++ functions fail: exceptions of callables carried to the caller, and ppar::error for the rest.
 *
 * In a program with exceptions, functions that have no value return nothing. They throw the exception of a callable, or
 * ppar::error for any status but PPAR_OK. With -fno-exceptions the same functions return the status, as the C functions
 * do, and functions that have a value to return print a line and abort where they cannot. The two kinds have names of
 * their own (an inline namespace), so that files compiled in both ways can be linked together. */
#ifndef PPAR_CXX_ERROR_HPP
#define PPAR_CXX_ERROR_HPP

#include <sched.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <ppar/ppar.h>

/* Whether the program is compiled with exceptions (1), or with -fno-exceptions (0). PPAR_CXX_BEGIN and PPAR_CXX_END
 * stand around the declarations of these headers: what is compiled in either way has names of its own for the
 * linker. */
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#define PPAR_CXX_EXCEPTIONS 1
#include <exception>
#include <string>
#include <system_error>
#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#endif
#define PPAR_CXX_BEGIN \
  namespace ppar {     \
  inline namespace throwing {
#else
#define PPAR_CXX_EXCEPTIONS 0
#define PPAR_CXX_BEGIN \
  namespace ppar {     \
  inline namespace returning {
#endif
#define PPAR_CXX_END \
  }                  \
  }

/* PPAR_CXX_TRY { ... } PPAR_CXX_CATCH({ ... }): the second block runs where something was thrown. pthread_exit and a
 * cancelled thread unwind the stack, too. Nobody may stop them, so they go on to the library, which ends the program
 * with a line that says so (ppar_body in loop.h). */
#if PPAR_CXX_EXCEPTIONS
#ifdef _CXXABI_FORCED_H
#define PPAR_CXX_CATCH_FORCED_       \
  catch (::abi::__forced_unwind &) { \
    throw;                           \
  }
#else
#define PPAR_CXX_CATCH_FORCED_
#endif
#define PPAR_CXX_TRY try
#define PPAR_CXX_CATCH(...) PPAR_CXX_CATCH_FORCED_ catch (...) __VA_ARGS__
#else
#define PPAR_CXX_TRY
#define PPAR_CXX_CATCH(...)
#endif

PPAR_CXX_BEGIN

#if PPAR_CXX_EXCEPTIONS

/* The category of the library's statuses: message(status) is ppar_strerror(status). */
inline const std::error_category &category() noexcept {
  class statuses final : public std::error_category {
    const char *name() const noexcept override { return "ppar"; }
    std::string message(int status) const override { return ppar_strerror(status); }
  };
  static const statuses instance;
  return instance;
}

/* A function of the library did not return PPAR_OK. code().value() is the status: one of the library's own (PPAR_EINVAL
 * and its likes), or the positive one that a chunk's function gave to ppar_cancel. what() names the function. Where an
 * argument was refused, the library has also printed a line on stderr that says which, as for the C functions. */
class error : public std::system_error {
 public:
  error(int status, const char *function) : std::system_error(status, category(), function) {}
  int status() const noexcept { return code().value(); }
};

/* What functions return that have no value: nothing here, the status with -fno-exceptions. */
using outcome = void;

#else

using outcome = int;

#endif

/* What follows serves the headers. */
namespace detail {

/* The status of what an exception has ended. The program can have no such status by itself. */
constexpr int thrown = -0x70707863;

/* Nothing can be returned, and nothing thrown. */
[[noreturn]] inline void give_up(const char *function, int status) {
  std::fprintf(stderr, "ppar: %s: %s; without exceptions the program cannot be told, and ends here\n", function,
               ppar_strerror(status));
  std::abort();
}

/* Where in the serial program something is: in which loop of a region, and at which iteration or thread. */
struct place {
  std::uint64_t loop, number;
  friend bool operator<(place a, place b) { return a.loop != b.loop ? a.loop < b.loop : a.number < b.number; }
};

#if PPAR_CXX_EXCEPTIONS

/* Of the exceptions that several threads throw, keeps the one that the serial program would have thrown: that of the
 * lowest place. Only who throws takes the lock, so a program in which nobody does pays for three stores. */
class failure {
 public:
  failure() = default;
  failure(const failure &) = delete;
  failure &operator=(const failure &) = delete;

  /* Called where the exception is caught. */
  void keep(place where) noexcept {
    std::exception_ptr what = std::current_exception(); /* Whatever leaves the lock in it is destroyed without it. */
    lock();
    if (!what_ || where < where_) {
      where_ = where;
      what_.swap(what);
    }
    is_set_.store(true, std::memory_order_relaxed);
    unlock();
  }

  /* Whether something was thrown at a place before this one. Others' may show a moment later. */
  bool is_before(place where) noexcept {
    if (!is_set_.load(std::memory_order_relaxed)) return false;
    lock();
    const bool before = where_ < where;
    unlock();
    return before;
  }

  bool is_set() const noexcept { return is_set_.load(std::memory_order_relaxed); }

  /* When all threads are done: nobody else uses it. */
  [[noreturn]] void rethrow() {
    std::exception_ptr what;
    what.swap(what_);
    is_set_.store(false, std::memory_order_relaxed);
    std::rethrow_exception(std::move(what));
  }

 private:
  /* acquire and release: the holders are one after the other, and each sees what the one before has written. */
  void lock() noexcept {
    while (busy_.exchange(true, std::memory_order_acquire)) sched_yield();
  }
  void unlock() noexcept { busy_.store(false, std::memory_order_release); }

  std::atomic<bool> busy_{false}, is_set_{false};
  place where_{0, 0};
  std::exception_ptr what_;
};

/* In the place of a failure, where nothing can be thrown. */
struct no_failure {};

[[noreturn]] inline void fail(int status, failure &failed, const char *function) {
  if (status == thrown) failed.rethrow();
  throw error(status, function);
}
[[noreturn]] inline void fail(int status, no_failure, const char *function) { throw error(status, function); }

template <typename failure_type>
inline void conclude(int status, failure_type &failed, const char *function) {
  if (PPAR_SELDOM_(status != PPAR_OK)) fail(status, failed, function);
}

template <typename failure_type>
inline void conclude_value(int status, failure_type &failed, const char *function) {
  conclude(status, failed, function);
}

/* An argument that the library does not get to see is refused in the same way. */
[[noreturn]] inline void refuse(const char *text) { throw error(PPAR_EINVAL, text); }

#else

struct failure {};
struct no_failure {};

template <typename failure_type>
[[nodiscard]] inline int conclude(int status, failure_type &, const char *) {
  return status;
}

template <typename failure_type>
inline void conclude_value(int status, failure_type &, const char *function) {
  if (PPAR_SELDOM_(status != PPAR_OK)) give_up(function, status);
}

inline int refuse(const char *text) {
  std::fprintf(stderr, "ppar: %s\n", text);
  return PPAR_EINVAL;
}

#endif

}  // namespace detail

PPAR_CXX_END

#endif
