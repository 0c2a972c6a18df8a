/* SPDX-License-Identifier: MIT */
/* loop.hpp: parallel loops of one dimension over indices, iterators and ranges. */
#ifndef PPAR_CXX_LOOP_HPP
#define PPAR_CXX_LOOP_HPP

#include <ppar/cxx/chunk.hpp>
#include <ppar/cxx/index.hpp>

PPAR_CXX_BEGIN
namespace detail {

/* The loop over [begin, end), for a callable that is an object. */
template <typename index, typename callable>
PPAR_PASS_ON_ outcome run_loop(std::int64_t begin, std::int64_t end, const callable &f, const ::ppar_options *how,
                               const char *function) {
  job<callable, never_throws<callable, index>()> mine{std::addressof(f), {}};
  return conclude(::ppar_parallel_for(begin, end, run_indices<index, callable>, &mine, how), mine.failed, function);
}

/* A callable of elements as one of their numbers. Small callables are a part of it, and copied with it. */
template <typename iterator, typename callable>
struct of_elements {
  using difference = typename std::iterator_traits<iterator>::difference_type;
  using element = decltype(std::declval<const iterator &>()[std::declval<difference>()]);
  iterator first;
  std::conditional_t<is_copied<callable>, callable, const callable &> f;
  PPAR_ALWAYS_INLINE decltype(auto) operator()(difference i, int thread) const
      noexcept(noexcept(std::declval<const iterator &>()[i]) && never_throws<callable, element>()) {
    return call<callable>(f, thread, first[i]);
  }
};

template <typename iterator, typename callable>
PPAR_PASS_ON_ outcome run_elements(iterator first, std::int64_t count, const callable &f, const ::ppar_options *how) {
  using difference = typename std::iterator_traits<iterator>::difference_type;
  if (how != nullptr && how->step < 0) {
    return refuse("ppar::for_each: the step is negative, and nothing is before the first element; nothing was run");
  }
  return run_loop<difference>(0, count, of_elements<iterator, callable>{first, f}, how, "ppar::for_each");
}

}  // namespace detail

/* Calls f(i), or f(i, thread) for a callable that takes two, for i = begin, begin + 1, ... before end, divided among
 * threads; with a step among the options, every step-th. Equals
 *
 *     for (index i = begin; i < end; i++) f(i);
 *
 * where index is the type of begin and end, or of begin + end where they differ. thread is 0 ... T-1, never in use by
 * two threads at once. f is shared by all threads and is called as const; small callables without a copy constructor of
 * their own are copied for each chunk.
 *
 * An exception that f throws comes out of the call: of several the one of the lowest iteration, which is the one that
 * the serial loop throws. All iterations before it have been run then, and some after it may have been.
 *
 * ppar::error with PPAR_EINVAL, and nothing run: an option out of its range, and bounds that are unsigned and beyond
 * INT64_MAX, or of which one is negative and the other one unsigned. Everything else is as for ppar_parallel_for, which
 * it costs as much as.
 *
 * OpenMP: #pragma omp parallel for */
template <typename begin_type, typename end_type, typename callable>
PPAR_PASS_ON_ outcome for_each_index(begin_type begin, end_type end, callable &&f, given_options how = {}) {
  using index = detail::index_type<begin_type, end_type>;
  using object = std::decay_t<callable>;
  static_assert(
      detail::takes_any<object, index>,
      "ppar::for_each_index calls f(i) or f(i, thread), with i of the bounds' type and an int, and it calls a "
      "const f, since all threads share it: a lambda must not be mutable");
  if (PPAR_SELDOM_(!detail::is_in_range<index>(begin) || !detail::is_in_range<index>(end))) {
    return detail::refuse(
        "ppar::for_each_index: a bound is beyond INT64_MAX, or negative where the other one is unsigned; nothing was "
        "run");
  }
  const object &shared = f; /* a function becomes a pointer to it */
  return detail::run_loop<index>(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end), shared, how.c(),
                                 "ppar::for_each_index");
}

/* Calls f(*it), or f(*it, thread), for each iterator from first on before last. Equals std::for_each(first, last, f),
 * which does not call a const f. With a step among the options, every step-th; it is not negative. */
template <typename iterator, typename callable,
          typename = std::enable_if_t<!std::is_convertible_v<callable, given_options>>>
PPAR_PASS_ON_ outcome for_each(iterator first, iterator last, callable &&f, given_options how = {}) {
  using object = std::decay_t<callable>;
  static_assert(
      detail::is_random_access<iterator>,
      "ppar::for_each takes random-access iterators, as those of arrays, std::vector and std::deque: the loop "
      "is divided by numbers of elements");
  static_assert(detail::takes_any<object, decltype(*first)>,
                "ppar::for_each calls f(*it) or f(*it, thread), and it calls a const f, since all threads share it: a "
                "lambda must not be mutable");
  const object &shared = f;
  return detail::run_elements(first, static_cast<std::int64_t>(last - first), shared, how.c());
}

/* The same for each element of a range: an array, a container, a span, a view with random access. Equals
 *
 *     for (auto &&element : range) f(element);
 *
 * Elements of std::vector<bool> share words of memory: they can be read by several threads, and not written to. */
template <typename range_type, typename callable,
          typename = std::enable_if_t<!std::is_convertible_v<callable, given_options>>>
PPAR_PASS_ON_ outcome for_each(range_type &&range, callable &&f, given_options how = {}) {
  static_assert(detail::is_range<range_type>, "ppar::for_each takes two iterators, or a range with begin and end");
  return for_each(detail::lookup::first_of(range), detail::lookup::last_of(range), std::forward<callable>(f), how);
}

/* Calls f(chunk) for each chunk of the loop, on several threads at once: for bodies that prepare something for a chunk,
 * or stop early. chunk is the C library's (loop.h): ppar_for_each_index(i, &chunk) { ... } is the loop over its
 * indices, and ppar_cancel(&chunk, status) ends the loop with ppar::error of that status as soon as all chunks before
 * it are done. Exceptions come out as from for_each_index; what counts for a chunk is what it did first. */
template <typename callable>
PPAR_PASS_ON_ outcome for_each_chunk(std::int64_t begin, std::int64_t end, callable &&f, given_options how = {}) {
  using object = std::decay_t<callable>;
  static_assert(detail::takes<object, const ::ppar_chunk &>,
                "ppar::for_each_chunk calls f(const ppar_chunk &), and it calls a const f, since all threads share it: "
                "a lambda must not be mutable");
  constexpr bool no_throw = detail::never_throws<object, const ::ppar_chunk &>();
  using job = detail::job<object, no_throw>;
  const object &shared = f;
  job mine{std::addressof(shared), {}};
  const auto run = [](const ::ppar_chunk *chunk, void *arg) {
    job *const given = static_cast<job *>(arg);
    if constexpr (no_throw) {
      std::invoke(*given->f, *chunk);
    } else {
      PPAR_CXX_TRY {
        ::ppar_chunk alone = *chunk;
        alone.train_ = nullptr;
        std::invoke(*given->f, static_cast<const ::ppar_chunk &>(alone));
      }
      PPAR_CXX_CATCH({ detail::keep(given->failed, chunk, chunk->begin); })
    }
  };
  return detail::conclude(::ppar_parallel_for(begin, end, run, &mine, how.c()), mine.failed, "ppar::for_each_chunk");
}

PPAR_CXX_END

#endif
