/* SPDX-License-Identifier: MIT */
/* chunk.hpp: what the library calls for a chunk: the callable for each index, inlined, and its exceptions kept. It
 * serves the headers; programs need none of it. */
#ifndef PPAR_CXX_CHUNK_HPP
#define PPAR_CXX_CHUNK_HPP

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <ppar/cxx/error.hpp>
#include <ppar/cxx/options.hpp>

PPAR_CXX_BEGIN
namespace detail {

/* Callables are called as const objects, since all threads share one. They may take the thread's number, too. */
template <typename callable, typename... arguments>
constexpr bool takes = std::is_invocable_v<const callable &, arguments...>;
template <typename callable, typename... arguments>
constexpr bool takes_any = takes<callable, arguments...> || takes<callable, arguments..., int>;

template <typename callable, typename... arguments>
constexpr bool never_throws() {
#if PPAR_CXX_EXCEPTIONS
  if constexpr (takes<callable, arguments...>) {
    return std::is_nothrow_invocable_v<const callable &, arguments...>;
  } else {
    return std::is_nothrow_invocable_v<const callable &, arguments..., int>;
  }
#else
  return true;
#endif
}

template <typename callable, typename... arguments>
PPAR_ALWAYS_INLINE decltype(auto) call(const callable &f, int thread, arguments &&...with) {
  if constexpr (takes<callable, arguments...>) {
    (void)thread;
    return std::invoke(f, std::forward<arguments>(with)...);
  } else {
    return std::invoke(f, std::forward<arguments>(with)..., thread);
  }
}

/* Small plain callables are copied for each chunk, as PPAR_BODY copies its arg: what is stored through what they point
 * to does not change the copy, so compilers keep captured values in registers and vectorise the loop. */
template <typename callable>
constexpr bool is_copied = std::is_trivially_copyable_v<callable> &&std::is_copy_constructible_v<callable> &&
                           sizeof(callable) <= PPAR_COPY_MOST;

template <typename callable, typename runner>
PPAR_ALWAYS_INLINE void with_callable(const callable &f, const runner &run) {
  if constexpr (is_copied<callable>) {
    const callable copy = f;
    run(copy);
  } else {
    run(f);
  }
}

/* The number, among the loop's iterations, of the one that is `at` in the call's chunk or a chunk of its train, as
 * ppar_cancel orders failures. In loops without trains a chunk's first iteration stands for all of it. */
inline std::uint64_t number_of(const ppar_chunk *chunk, std::int64_t at) {
  const std::uint64_t up = static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(chunk->begin);
  const std::uint64_t step = static_cast<std::uint64_t>(chunk->step);
  if (chunk->train_ == nullptr) return chunk->first_;
  return chunk->first_ + (chunk->step > 0 ? up / step : (0 - up) / (0 - step));
}

/* The failure of the iteration `at`, from within its handler: what comes after it is skipped. The library reads the
 * copy's number (docs/abi.md). */
#if PPAR_CXX_EXCEPTIONS
inline void keep(failure &failed, const ppar_chunk *chunk, std::int64_t at) noexcept {
  ppar_chunk failing = *chunk;
  failing.first_ = number_of(chunk, at);
  failed.keep({0, failing.first_});
  ::ppar_cancel(&failing, thrown);
}
inline void keep(no_failure, const ppar_chunk *, std::int64_t) noexcept {}
#endif

/* Calls one(i) for the chunk's indices, and for those of its train, as PPAR_BODY does. There are two calls: the first
 * for the loop that compilers vectorise. The second has both indices at a distance and chunks of one iteration that
 * other threads may take meanwhile; a third copy of a long callable would keep compilers from inlining any. */
template <typename index, typename action>
PPAR_ALWAYS_INLINE void for_each_of_run(ppar_run_ &run, index &i, const action &one) {
  do {
    if (run.step == 1 && (run.shared == nullptr || run.count != 1)) {
      const index end = static_cast<index>(run.end);
      for (i = static_cast<index>(run.begin); i < end; ++i) one(i);
    } else {
      const bool is_shared = run.shared != nullptr && run.count == 1;
      const std::int64_t step = is_shared ? run.hop : run.step;
      std::int64_t at = run.begin;
      std::uint64_t left = run.count;
      do {
        i = static_cast<index>(at);
        one(i);
        at = ::ppar_index_add_(at, step);
      } while (is_shared ? ::ppar_run_goes_on_(&run) : --left != 0);
      if (is_shared) return; /* The next one was not begun: asking again would say that it was. */
    }
  } while (::ppar_run_next_(&run));
}

template <bool no_throw, typename index, typename failure_type, typename action>
PPAR_ALWAYS_INLINE void for_each_of_chunk(const ppar_chunk *chunk, failure_type &failed, const action &one) {
  ppar_run_ run = ::ppar_run_take_(chunk);
  index i = static_cast<index>(run.begin);
  if constexpr (no_throw) {
    (void)failed;
    for_each_of_run(run, i, one);
  } else {
    PPAR_CXX_TRY { for_each_of_run(run, i, one); }
    PPAR_CXX_CATCH({ keep(failed, chunk, static_cast<std::int64_t>(i)); })
  }
  if (run.shared != nullptr) run.shared->shared = run.runs;
}

/* A call's callable, and its failure. */
template <typename callable, bool no_throw>
struct job {
  const callable *f;
  std::conditional_t<no_throw, no_failure, failure> failed;
};

template <typename index, typename callable>
void run_indices(const ppar_chunk *chunk, void *arg) {
  constexpr bool no_throw = never_throws<callable, index>();
  auto *mine = static_cast<job<callable, no_throw> *>(arg);
  with_callable(
      *mine->f, [&](const callable &f) __attribute__((always_inline)) {
        for_each_of_chunk<no_throw, index>(
            chunk, mine->failed, [&](index i) __attribute__((always_inline)) {
              static_cast<void>(call(f, chunk->thread, static_cast<index>(i)));
            });
      });
}

}  // namespace detail
PPAR_CXX_END

#endif
