/* SPDX-License-Identifier: MIT */
/* options.hpp: options by chained setters, schedules, and pools that end with their scope. */
#ifndef PPAR_CXX_OPTIONS_HPP
#define PPAR_CXX_OPTIONS_HPP

#include <utility>

#include <ppar/cxx/error.hpp>

PPAR_CXX_BEGIN

/* How iterations are divided; schedule.h has what each does. static_ has its name since static is a word of C++. */
using schedule = ::ppar_schedule;
inline schedule static_(std::int64_t chunk = 0) noexcept { return ::ppar_static(chunk); }
inline schedule dynamic(std::int64_t chunk = 0) noexcept { return ::ppar_dynamic(chunk); }
inline schedule guided(std::int64_t chunk = 0) noexcept { return ::ppar_guided(chunk); }
inline schedule automatic() noexcept { return ::ppar_auto(); }
inline schedule runtime() noexcept { return ::ppar_runtime(); }
inline schedule monotonic(schedule how) noexcept { return ::ppar_monotonic(how); }
inline schedule nonmonotonic(schedule how) noexcept { return ::ppar_nonmonotonic(how); }

/* The options of a pool (ppar_pool_options in pool.h):
 *
 *     ppar::pool io(ppar::pool_options().threads(8).name("io"));
 */
class pool_options {
 public:
  pool_options() noexcept : c_(::ppar_pool_options_init_()) {}
  pool_options &threads(int count) noexcept { return c_.threads = count, *this; }
  pool_options &stack_size(std::size_t bytes) noexcept { return c_.stack_size = bytes, *this; }
  pool_options &wait(::ppar_wait_policy policy) noexcept { return c_.wait = policy, *this; }
  pool_options &bind(::ppar_bind_policy policy) noexcept { return c_.bind = policy, *this; }
  pool_options &places(const char *text) noexcept { return c_.places = text, *this; }
  pool_options &name(const char *text) noexcept { return c_.name = text, *this; }
  const ::ppar_pool_options *c() const noexcept { return &c_; }

 private:
  ::ppar_pool_options c_;
};

/* Threads for loops that name the pool in their options. The workers start with it and end with it. It can be moved,
 * and not copied. The constructor throws ppar::error where the system does not give the threads; with -fno-exceptions
 * the pool is then empty (c() is null), and status() says why. Ending it while a loop runs on it ends the program. */
class pool {
 public:
  explicit pool(const pool_options &how = pool_options()) : status_(::ppar_pool_create(&c_, how.c())) {
#if PPAR_CXX_EXCEPTIONS
    if (status_ != PPAR_OK) throw error(status_, "ppar::pool");
#endif
  }
  explicit pool(int threads) : pool(pool_options().threads(threads)) {}
  pool(pool &&other) noexcept : c_(std::exchange(other.c_, nullptr)), status_(other.status_) {}
  pool &operator=(pool &&other) noexcept {
    std::swap(c_, other.c_);
    std::swap(status_, other.status_);
    return *this;
  }
  ~pool() {
    const int status = ::ppar_pool_destroy(c_);
    if (status != PPAR_OK) detail::give_up("ppar::pool: its end", status);
  }

  int status() const noexcept { return status_; }
  ::ppar_pool *c() const noexcept { return c_; }

  /* The number of slots of loops on it that ask for none (ppar_max_threads). */
  int threads() const noexcept { return ::ppar_max_threads(c_); }

 private:
  ::ppar_pool *c_ = nullptr;
  int status_;
};

/* The options of a loop, a reduction, a region or a group, as the last argument of a call:
 *
 *     ppar::for_each_index(0, n, f, ppar::options().schedule(ppar::dynamic(16)).threads(4));
 *
 * Each setter is a field of ppar_options (options.h), and what is not set has its default. */
class options {
 public:
  options() noexcept : c_(::ppar_options_init_()) {}
  options &schedule(::ppar_schedule how) noexcept { return c_.schedule = how, *this; }
  options &threads(int count) noexcept { return c_.threads = count, *this; }
  options &reproducible(bool on = true) noexcept { return c_.reproducible = on, *this; }
  options &nowait(bool on = true) noexcept { return c_.nowait = on, *this; }
  options &ordered(bool on = true) noexcept { return c_.ordered = on, *this; }
  options &pool(::ppar_pool *where) noexcept { return c_.pool = where, *this; }
  options &pool(const class pool &where) noexcept { return c_.pool = where.c(), *this; }
  options &step(std::int64_t increment) noexcept { return c_.step = increment, *this; }
  options &name(const char *text) noexcept { return c_.name = text, *this; } /* must live as long as the options */
  options &tile(std::int64_t i, std::int64_t j, std::int64_t k = 0) noexcept {
    c_.tile[0] = i;
    c_.tile[1] = j;
    c_.tile[2] = k;
    return *this;
  }
  const ::ppar_options *c() const noexcept { return &c_; }

 private:
  ::ppar_options c_;
};

/* What functions take: ppar::options, the C library's ppar_options, or nothing. It refers to what it was made of. */
class given_options {
 public:
  given_options() noexcept = default;
  given_options(const options &how) noexcept : c_(how.c()) {}
  given_options(const ::ppar_options &how) noexcept : c_(&how) {}
  const ::ppar_options *c() const noexcept { return c_; }

 private:
  const ::ppar_options *c_ = nullptr;
};

/* The calling thread's number in the innermost loop or region, the number of threads there, and how many a loop that is
 * started here has (pool.h). */
inline int thread_num() noexcept { return ::ppar_thread_num(); }
inline int num_threads() noexcept { return ::ppar_num_threads(); }
inline int max_threads() noexcept { return ::ppar_max_threads(nullptr); }

/* One thread at a time, of the whole process, has a critical of the same name; it lasts until the end of its scope, by
 * an exception too:
 *
 *     ppar::critical only_one("totals");
 *
 * OpenMP: #pragma omp critical(totals) */
class [[nodiscard]] critical {
 public:
  explicit critical(const char *name = nullptr) noexcept : name_(name) { ::ppar_critical_begin(nullptr, name_); }
  ~critical() { ::ppar_critical_end(nullptr, name_); }
  critical(const critical &) = delete;
  critical &operator=(const critical &) = delete;

 private:
  const char *name_;
};

PPAR_CXX_END

#endif
